//! The board: what it lets happen, what it refuses, and with which words.

use actors::board::Board;
use actors::board::protocol::{
    BoardEvent, BoardRefusal, Command, Drafting, Former, Placement, Publication, VisitStatus,
};
use actors::customers::protocol::Location;
use actors::engine::journal::Expect;
use actors::engine::refusal::{Language, RefusalKind, Refused};
use actors::event::Event;
use actors::ids::AbsenceId;
use actors::technicians::protocol::Absence;

use crate::world::{ask, ask_at, at, job, names, placement, span, technician};

fn assign(placement: Placement) -> Command {
    Command::Assign { placement: Box::new(placement), draft: None }
}

fn draft(placement: Placement) -> Command {
    Command::Assign {
        placement: Box::new(placement),
        draft: Some(Drafting { name: "demain".into(), by: "Bea".into() }),
    }
}

fn status(job_id: &str, status: VisitStatus) -> Command {
    Command::SetStatus { job: Box::new(job(job_id)), job_version: None, status, note: None }
}

/// A board on which Ana has job_a at 10:00.
fn with_a_visit() -> Board {
    let mut board = Board::default();
    ask(&mut board, &assign(placement(job("job_a"), technician("Ana", 3), "10:00"))).unwrap();
    board
}

#[test]
fn an_assignment_plans_a_visit_against_the_versions_that_were_seen() {
    let mut board = Board::default();
    let decision =
        ask(&mut board, &assign(placement(job("job_a"), technician("Ana", 3), "10:00"))).unwrap();
    assert_eq!(names(&decision), ["visit_planned"]);
    let visit = &board.visits[&"job_a".into()];
    assert_eq!((visit.start, visit.end, visit.pinned), (at("10:00"), at("11:00"), true));
    assert_eq!(
        decision.expects,
        [
            Expect { entity: "job_a".into(), version: 7 },
            Expect { entity: "tech_ana".into(), version: 5 },
        ]
    );
}

#[test]
fn the_same_assignment_again_is_nothing_and_another_time_is_a_move() {
    let mut board = with_a_visit();
    let again = placement(job("job_a"), technician("Ana", 3), "10:00");
    assert!(ask(&mut board, &assign(again)).unwrap().is_nothing());
    let later = placement(job("job_a"), technician("Ana", 3), "13:00");
    let decision = ask(&mut board, &assign(later)).unwrap();
    let Event::Board(BoardEvent::VisitMoved { before, after, .. }) = &decision.events[0] else {
        panic!("{decision:?}");
    };
    assert_eq!((before.start, after.start), (at("10:00"), at("13:00")));
    assert_eq!(before.id, after.id, "a moved visit stays the same visit");
}

#[test]
fn two_visits_of_one_technician_never_overlap_even_by_a_minute() {
    let mut board = with_a_visit();
    let refused = ask(&mut board, &assign(placement(job("job_b"), technician("Ana", 3), "10:59")));
    let refusal = refused.unwrap_err();
    assert_eq!((refusal.code(), refusal.kind()), ("board.overlap", RefusalKind::Conflict));
    assert_eq!(refusal.detail(Language::Fr), "Ana a déjà une visite de 10 h 00 à 11 h 00.");
    assert_eq!(refusal.detail(Language::En), "Ana already has a visit from 10:00 to 11:00.");
    ask(&mut board, &assign(placement(job("job_b"), technician("Ana", 3), "11:00"))).unwrap();
    ask(&mut board, &assign(placement(job("job_c"), technician("Marc", 3), "10:30"))).unwrap();
}

#[test]
fn a_missing_skill_a_shift_that_is_over_and_an_absence_are_refused_by_name() {
    let mut board = Board::default();
    let low = ask(&mut board, &assign(placement(job("job_a"), technician("Ana", 1), "10:00")));
    assert_eq!(
        low.unwrap_err().detail(Language::Fr),
        "Ana a le niveau 1 en Fibre ; le niveau 2 est exigé."
    );
    let late = ask(&mut board, &assign(placement(job("job_a"), technician("Ana", 3), "15:30")));
    assert_eq!(late.unwrap_err().code(), "board.outside_shift");
    let mut ill = technician("Ana", 3);
    ill.absences.push(Absence {
        id: AbsenceId::from_text("abs_1"),
        start: at("09:00"),
        end: at("12:00"),
        reason: Some("grippe".to_owned()),
    });
    let away = ask(&mut board, &assign(placement(job("job_a"), ill, "10:00")));
    assert_eq!(away.unwrap_err().detail(Language::Fr), "Ana est absent : grippe.");
    assert!(board.visits.is_empty());
}

#[test]
fn a_dispatcher_may_insist_and_it_is_recorded_with_the_visit() {
    let mut board = Board::default();
    let mut insisting = placement(job("job_a"), technician("Ana", 1), "10:00");
    insisting.overrides = vec!["skill".to_owned(), "shift".to_owned()];
    ask(&mut board, &assign(insisting)).unwrap();
    // What was not broken is not recorded as overridden.
    assert_eq!(board.visits[&"job_a".into()].overrides, ["skill"]);
}

#[test]
fn several_at_once_are_all_or_none_and_see_each_other() {
    let mut board = Board::default();
    let both = |second: &str| Command::AssignAll {
        placements: vec![
            placement(job("job_a"), technician("Ana", 3), "10:00"),
            placement(job("job_b"), technician("Ana", 3), second),
        ],
    };
    assert!(matches!(ask(&mut board, &both("10:30")), Err(BoardRefusal::Overlap { .. })));
    assert!(board.visits.is_empty());
    assert_eq!(
        names(&ask(&mut board, &both("11:00")).unwrap()),
        ["visit_planned", "visit_planned"]
    );
}

#[test]
fn two_visits_may_change_places_in_one_batch_and_a_third_stays_in_the_way() {
    let put = |job_id: &str, start: &str| placement(job(job_id), technician("Ana", 3), start);
    let mut board = Board::default();
    for (job_id, start) in [("job_a", "10:00"), ("job_b", "11:00"), ("job_c", "13:00")] {
        ask(&mut board, &assign(put(job_id, start))).unwrap();
    }
    let both = |a: &str, b: &str| Command::AssignAll {
        placements: vec![put("job_a", a), put("job_b", b)],
    };
    for blocked in [both("11:00", "11:30"), both("13:00", "10:00"), both("11:00", "12:30")] {
        let refused = ask(&mut board, &blocked);
        assert!(matches!(refused, Err(BoardRefusal::Overlap { .. })), "{refused:?}");
    }
    let swapped = ask(&mut board, &both("11:00", "10:00")).unwrap();
    assert_eq!(names(&swapped), ["visit_moved", "visit_moved"]);
    let start = |job_id: &str| board.visits[&job_id.into()].start;
    assert_eq!((start("job_a"), start("job_b")), (at("11:00"), at("10:00")));
    // What stays where it is counts as much as what moves.
    let stays = ask(&mut board, &both("11:00", "11:30"));
    assert!(matches!(stays, Err(BoardRefusal::Overlap { .. })), "{stays:?}");
}

#[test]
fn a_plan_goes_back_as_one_even_where_the_pool_takes_the_place_of_what_returns() {
    let put =
        |job_id: &str, who: &str, start: &str| placement(job(job_id), technician(who, 3), start);
    let mut board = Board::default();
    // Moved by the plan from Ana at 10:00 to Bob; job_b came from the pool into its place.
    ask(&mut board, &assign(put("job_a", "Bob", "10:00"))).unwrap();
    ask(&mut board, &assign(put("job_b", "Ana", "10:00"))).unwrap();
    let back = |start: &str| {
        Command::TakeBack(Box::new(Former {
            placements: vec![put("job_a", "Ana", start)],
            into_pool: vec![(Box::new(job("job_b")), 1)],
            ..Former::default()
        }))
    };
    let undone = ask(&mut board, &back("10:00")).unwrap();
    assert_eq!(names(&undone), ["visit_removed", "visit_moved"]);
    assert_eq!(board.visits.len(), 1);
    assert_eq!(board.visits[&"job_a".into()].start, at("10:00"));
    // What is in the pool already cannot go there again, and then nothing moves.
    let refused = ask(&mut board, &back("11:00"));
    assert_eq!(refused.unwrap_err(), BoardRefusal::NoVisit);
    assert_eq!(board.visits[&"job_a".into()].start, at("10:00"));
}

#[test]
fn a_draft_takes_its_time_but_makes_no_visit_before_it_is_published() {
    let mut board = Board::default();
    let entry = || placement(job("job_a"), technician("Ana", 3), "10:00");
    assert_eq!(names(&ask(&mut board, &draft(entry())).unwrap()), ["visit_drafted"]);
    assert!(board.visits.is_empty());
    let into_it = assign(placement(job("job_b"), technician("Ana", 3), "10:30"));
    assert!(matches!(ask(&mut board, &into_it), Err(BoardRefusal::Overlap { .. })));
    let publish = |placements: Vec<Placement>| {
        let day = span("00:00", "23:59");
        let people = vec![(technician("Ana", 3), "msg_1".into())];
        let what = Publication { placements, removals: Vec::new(), people, day };
        Command::Publish(Box::new(what))
    };
    let published = ask(&mut board, &publish(vec![entry()])).unwrap();
    assert_eq!(names(&published), ["visit_planned", "draft_entry_gone", "draft_published"]);
    assert!(board.drafts.is_empty());
    let empty = ask(&mut board, &publish(Vec::new()));
    assert_eq!(empty.unwrap_err(), BoardRefusal::NothingToPublish);
}

#[test]
fn a_visit_goes_on_in_order_and_a_second_tap_changes_nothing() {
    let mut board = with_a_visit();
    let wrong = ask(&mut board, &status("job_a", VisitStatus::Done)).unwrap_err();
    assert_eq!(
        wrong,
        BoardRefusal::WrongOrder { from: VisitStatus::Planned, to: VisitStatus::Done }
    );
    assert_eq!(wrong.pointer(), Some("/status"));
    ask_at(&mut board, &status("job_a", VisitStatus::EnRoute), at("09:40")).unwrap();
    let again = ask(&mut board, &status("job_a", VisitStatus::EnRoute)).unwrap();
    assert!(again.is_nothing());
    ask_at(&mut board, &status("job_a", VisitStatus::OnSite), at("10:04")).unwrap();
    let visit = &board.visits[&"job_a".into()];
    assert_eq!((visit.en_route_at, visit.on_site_at), (Some(at("09:40")), Some(at("10:04"))));
    ask(&mut board, &status("job_a", VisitStatus::Done)).unwrap();
    assert!(board.visits.is_empty(), "what is over is not the board's any more");
    let after = ask(&mut board, &status("job_a", VisitStatus::EnRoute));
    assert_eq!(after.unwrap_err(), BoardRefusal::NoVisit);
}

#[test]
fn a_visit_that_has_begun_is_neither_moved_nor_taken_off() {
    let mut board = with_a_visit();
    ask(&mut board, &status("job_a", VisitStatus::EnRoute)).unwrap();
    let refused = BoardRefusal::NotAssignable(VisitStatus::EnRoute);
    let moved = assign(placement(job("job_a"), technician("Ana", 3), "13:00"));
    assert_eq!(ask(&mut board, &moved).unwrap_err(), refused);
    let off = Command::Unassign { job: Box::new(job("job_a")), job_version: Some(7), breaks: None };
    assert_eq!(ask(&mut board, &off).unwrap_err(), refused);
}

#[test]
fn taking_a_visit_off_asks_for_the_version_that_was_seen() {
    let mut board = with_a_visit();
    let off = Command::Unassign { job: Box::new(job("job_a")), job_version: Some(7), breaks: None };
    let decision = ask(&mut board, &off).unwrap();
    assert_eq!(names(&decision), ["visit_removed"]);
    assert_eq!(decision.expects, [Expect { entity: "job_a".into(), version: 7 }]);
    assert_eq!(ask(&mut board, &off).unwrap_err(), BoardRefusal::NoVisit);
}

#[test]
fn an_absence_frees_what_is_planned_then_and_leaves_what_has_begun() {
    let mut board = with_a_visit();
    for (name, start) in [("job_b", "11:00"), ("job_c", "14:00")] {
        ask(&mut board, &assign(placement(job(name), technician("Ana", 3), start))).unwrap();
    }
    ask(&mut board, &status("job_a", VisitStatus::EnRoute)).unwrap();
    let ill = Command::FreeAbsent {
        technician_id: "tech_ana".into(),
        span: span("09:30", "12:00"),
        reason: Some("grippe".to_owned()),
    };
    let decision = ask(&mut board, &ill).unwrap();
    let Event::Board(BoardEvent::VisitRemoved { before, reason, .. }) = &decision.events[0] else {
        panic!("{decision:?}");
    };
    assert_eq!((before.job_id.as_str(), reason.as_deref()), ("job_b", Some("grippe")));
    assert_eq!(decision.events.len(), 1);
    assert!(ask(&mut board, &ill).unwrap().is_nothing(), "a second time there is nothing to free");
}

#[test]
fn a_longer_job_takes_its_visit_along_unless_the_next_one_is_in_the_way() {
    let mut board = with_a_visit();
    let mut longer = job("job_a");
    longer.duration_min = 90;
    let command = Command::JobChanged { job: Box::new(longer.clone()) };
    assert_eq!(names(&ask(&mut board, &command).unwrap()), ["visit_moved"]);
    assert_eq!(board.visits[&"job_a".into()].end, at("11:30"));
    ask(&mut board, &assign(placement(job("job_b"), technician("Ana", 3), "11:30"))).unwrap();
    longer.duration_min = 120;
    let command = Command::JobChanged { job: Box::new(longer) };
    assert!(ask(&mut board, &command).unwrap().is_nothing());
    assert_eq!(board.visits[&"job_a".into()].end, at("11:30"));
}

#[test]
fn a_place_that_is_elsewhere_takes_its_open_visits_along() {
    let mut board = with_a_visit();
    let mut place = Location {
        id: board.jobs[&"job_a".into()].location_id.clone(),
        external_id: None,
        customer_id: "cust_ruiz".into(),
        address: "12, rang Double".to_owned(),
        lat: 45.2,
        lon: -73.7,
        notes: None,
    };
    let command = Command::PlaceChanged { place: Box::new(place.clone()) };
    assert_eq!(names(&ask(&mut board, &command).unwrap()), ["visit_moved"]);
    let visit = &board.visits[&"job_a".into()];
    assert_eq!((visit.lat, visit.lon, visit.start), (45.2, -73.7, at("10:00")));
    assert!(ask(&mut board, &command).unwrap().is_nothing(), "they are there already");
    place.id = "loc_elsewhere".into();
    place.lat = 46.0;
    let command = Command::PlaceChanged { place: Box::new(place) };
    assert!(ask(&mut board, &command).unwrap().is_nothing(), "nobody goes there");
}
