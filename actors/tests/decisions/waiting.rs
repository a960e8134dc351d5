//! What waits on the board for a person: proposals and held slots, and how each of them ends.

use actors::board::Board;
use actors::board::holds::{Hold, LAPSE};
use actors::board::proposal::{Before, Cause, Change, DayPlan, Ended, Figures, Proposal, Why};
use actors::board::protocol::{BoardRefusal, Command, Reasons, VisitStatus};
use actors::engine::journal::{AlarmChange, Expect};

use crate::world::{ask, ask_at, at, job, names, placement, technician};

fn change(job_id: &str, to: &str, start: &str, before: Option<(&str, &str)>) -> Change {
    Change {
        job_id: job_id.into(),
        title: "Pas d'Internet".to_owned(),
        job_version: 7,
        technician_id: to.into(),
        technician_name: to.to_owned(),
        technician_version: 5,
        start: at(start),
        end: at(start),
        travel_min: 10,
        before: before.map(|(who, start)| Before {
            technician_id: who.into(),
            technician_name: who.to_owned(),
            start: at(start),
            end: at(start),
        }),
        reasons: Reasons::default(),
    }
}

fn proposal(id: &str, changes: Vec<Change>) -> Command {
    let plan = DayPlan {
        id: id.into(),
        date: "2026-11-23".parse().unwrap(),
        based_on: 9,
        changes,
        unassigned: Vec::new(),
        set_aside: Vec::new(),
        before: Figures::default(),
        after: Figures::default(),
    };
    let why = Why { kind: Cause::Urgent, job_ids: Vec::new(), technician_ids: Vec::new() };
    let reasons = Reasons::default();
    Command::Propose { proposal: Box::new(Proposal { plan, made_at: at("09:00"), why, reasons }) }
}

fn assign(job_id: &str, to: &str, start: &str) -> Command {
    let placement = placement(job(job_id), technician(to, 3), start);
    Command::Assign { placement: Box::new(placement), draft: None }
}

fn hold(id: &str, job_id: Option<&str>, start: &str, until: &str) -> Command {
    let placement = placement(job(job_id.unwrap_or("job_imagined")), technician("Ana", 3), start);
    let hold = Hold {
        id: id.into(),
        job_id: job_id.map(Into::into),
        technician_id: "tech_ana".into(),
        start: at(start),
        end: at(start),
        until: at(until),
        by: "Mia".to_owned(),
        lat: 45.08,
        lon: -73.61,
    };
    Command::Hold { hold: Box::new(hold), placement: Box::new(placement) }
}

fn rings(decision: &actors::engine::component::Decision) -> Vec<AlarmChange> {
    decision.alarms.clone()
}

fn at_lapse(time: &str) -> Vec<AlarmChange> {
    vec![AlarmChange::Set { name: LAPSE.into(), due_at: at(time) }]
}

#[test]
fn a_proposal_is_put_up_against_the_versions_it_was_made_for_and_takes_the_old_one_s_place() {
    let mut board = Board::default();
    let first =
        ask(&mut board, &proposal("plan_1", vec![change("job_a", "tech_ana", "10:00", None)]));
    let first = first.unwrap();
    assert_eq!(names(&first), ["plan_proposed"]);
    let expected = [
        Expect { entity: "job_a".into(), version: 7 },
        Expect { entity: "tech_ana".into(), version: 5 },
    ];
    assert_eq!(first.expects, expected);
    assert_eq!(rings(&first), at_lapse("10:00"), "it is over when it would begin");
    assert!(board.visits.is_empty(), "it moves nothing");
    let second = proposal("plan_2", vec![change("job_a", "tech_ana", "11:00", None)]);
    assert_eq!(names(&ask(&mut board, &second).unwrap()), ["proposal_gone", "plan_proposed"]);
    assert_eq!(board.proposals.len(), 1);
}

#[test]
fn a_proposal_for_another_board_than_this_is_no_event() {
    let mut board = Board::default();
    ask(&mut board, &assign("job_a", "Ana", "10:00")).unwrap();
    for before in [None, Some(("tech_ana", "10:30")), Some(("tech_luc", "10:00"))] {
        let late = proposal("plan_1", vec![change("job_a", "tech_luc", "12:00", before)]);
        assert!(ask(&mut board, &late).unwrap().is_nothing());
    }
    let before = Some(("tech_ana", "10:00"));
    let fits = proposal("plan_1", vec![change("job_a", "tech_luc", "12:00", before)]);
    assert_eq!(names(&ask(&mut board, &fits).unwrap()), ["plan_proposed"]);
    let status = VisitStatus::EnRoute;
    let begun =
        Command::SetStatus { job: Box::new(job("job_a")), job_version: None, status, note: None };
    assert_eq!(names(&ask(&mut board, &begun).unwrap()), ["visit_status_changed", "proposal_gone"]);
    assert!(ask(&mut board, &fits).unwrap().is_nothing(), "what has begun is moved by nobody");
}

#[test]
fn whatever_makes_a_proposal_untrue_ends_it_in_the_same_commit() {
    let up = || {
        let mut board = Board::default();
        let changes = vec![change("job_a", "tech_ana", "10:00", None)];
        ask(&mut board, &proposal("plan_1", changes)).unwrap();
        board
    };
    let spoils = [
        assign("job_a", "Luc", "12:00"),
        assign("job_b", "Ana", "14:00"),
        hold("hold_1", None, "13:00", "09:15"),
        Command::JobChanged { job: Box::new(job("job_a")) },
        Command::DropDraft { job_id: "job_a".into() },
    ];
    for command in spoils {
        let decision = ask(&mut up(), &command).unwrap();
        assert_eq!(names(&decision).last().unwrap(), "proposal_gone", "{command:?}");
    }
    let mut board = up();
    let elsewhere = ask(&mut board, &assign("job_b", "Luc", "10:00")).unwrap();
    assert_eq!(names(&elsewhere), ["visit_planned"], "what has nothing to do with it leaves it");
    assert_eq!(
        names(&ask_at(&mut board, &Command::Lapse, at("10:00")).unwrap()),
        ["proposal_gone"]
    );
}

#[test]
fn a_person_s_word_ends_a_proposal_once() {
    let mut board = Board::default();
    let changes = vec![change("job_a", "tech_ana", "10:00", None)];
    ask(&mut board, &proposal("plan_1", changes)).unwrap();
    let placements = vec![placement(job("job_a"), technician("Ana", 3), "10:00")];
    let accept = Command::Accept { plan_id: "plan_1".into(), placements };
    assert_eq!(names(&ask(&mut board, &accept).unwrap()), ["visit_planned", "proposal_gone"]);
    assert_eq!(ask(&mut board, &accept).unwrap_err(), BoardRefusal::NoProposal);
    let dismiss = Command::Dismiss { plan_id: "plan_1".into(), how: Ended::Dismissed };
    assert_eq!(ask(&mut board, &dismiss).unwrap_err(), BoardRefusal::NoProposal);
}

#[test]
fn the_timer_rings_for_the_first_slot_and_then_for_the_next() {
    let mut board = Board::default();
    let first = ask(&mut board, &hold("hold_1", Some("job_a"), "10:00", "09:20")).unwrap();
    assert_eq!((names(&first), rings(&first)), (vec!["slot_held".to_owned()], at_lapse("09:20")));
    let second = ask(&mut board, &hold("hold_2", None, "12:00", "09:10")).unwrap();
    assert_eq!(rings(&second), at_lapse("09:10"));
    let early = ask_at(&mut board, &Command::Lapse, at("09:05")).unwrap();
    assert_eq!((early.events.len(), rings(&early)), (0, at_lapse("09:10")));
    let rung = ask_at(&mut board, &Command::Lapse, at("09:10")).unwrap();
    assert_eq!((names(&rung), rings(&rung)), (vec!["hold_gone".to_owned()], at_lapse("09:20")));
    assert!(board.holds.contains_key(&"hold_1".into()));
    let last = ask_at(&mut board, &Command::Lapse, at("09:30")).unwrap();
    assert_eq!((names(&last), rings(&last)), (vec!["hold_gone".to_owned()], vec![]));
}

#[test]
fn a_held_slot_is_taken_for_others_and_used_by_its_own_job() {
    let mut board = Board::default();
    ask(&mut board, &hold("hold_1", Some("job_a"), "10:00", "09:20")).unwrap();
    let refusal = ask(&mut board, &assign("job_b", "Ana", "10:30")).unwrap_err();
    assert!(matches!(&refusal, BoardRefusal::Held { by, .. } if by == "Mia"), "{refusal:?}");
    assert_eq!(
        names(&ask(&mut board, &assign("job_b", "Ana", "11:00")).unwrap()),
        ["visit_planned"]
    );
    let own = ask(&mut board, &assign("job_a", "Ana", "10:00")).unwrap();
    assert_eq!(names(&own), ["visit_planned", "hold_gone"]);
    let nothing = Command::Release { hold_id: "hold_1".into() };
    assert_eq!(ask(&mut board, &nothing).unwrap_err(), BoardRefusal::NoHold);
}
