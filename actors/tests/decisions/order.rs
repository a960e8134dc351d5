//! Jobs that wait for others, as a table: what stands, what is asked, what comes of it.

use actors::board::Board;
use actors::board::protocol::{Command, Placement};
use actors::engine::refusal::{Language, Refused};
use actors::jobs::protocol::Job;

use crate::world::{ask, job, placement, technician};

/// Pulling the cable; an hour.
fn cable() -> Job {
    Job { title: "Tirer le câble".to_owned(), ..job("job_cable") }
}

/// The connection, half an hour after the cable at the earliest.
fn connection() -> Job {
    let title = "Brancher".to_owned();
    Job { title, depends_on: vec!["job_cable".into()], lag_min: 30, ..job("job_connection") }
}

fn put(job: Job, who: &str, start: &str) -> Placement {
    placement(job, technician(who, 3), start)
}

/// What `placements` are answered with on a board where `standing` was put by somebody who insisted.
fn answer(standing: &[(&str, &str)], placements: Vec<Placement>) -> &'static str {
    let mut board = Board::default();
    for (which, start) in standing {
        let mut one = match *which {
            "cable" => put(cable(), "Ana", start),
            _ => put(connection(), "Marc", start),
        };
        one.over.push("job_cable".into());
        ask(&mut board, &Command::AssignAll { placements: vec![one] }).unwrap();
    }
    match ask(&mut board, &Command::AssignAll { placements }) {
        Ok(_) => "done",
        Err(refusal) => refusal.code(),
    }
}

#[test]
fn what_waits_begins_after_what_it_waits_for_has_ended_and_its_pause_is_over() {
    let then = |start: &str| vec![put(connection(), "Marc", start)];
    assert_eq!(answer(&[], then("12:00")), "board.waits_for_unplanned");
    for (start, wanted) in [
        ("09:00", "board.too_soon_after"),
        ("11:29", "board.too_soon_after"),
        ("11:30", "done"),
        ("14:00", "done"),
    ] {
        assert_eq!(answer(&[("cable", "10:00")], then(start)), wanted, "then {start}");
    }
    // What is over already is waited for no longer.
    let mut after = put(connection(), "Marc", "09:00");
    after.over.push("job_cable".into());
    assert_eq!(answer(&[], vec![after]), "done");
}

#[test]
fn nothing_is_moved_past_what_waits_for_it_unless_both_move() {
    let both = [("cable", "10:00"), ("connection", "12:00")];
    let first = |start: &str| vec![put(cable(), "Ana", start)];
    for (start, wanted) in [
        ("09:00", "done"),
        ("10:30", "done"),
        ("10:31", "board.breaks_order"),
        ("13:00", "board.breaks_order"),
    ] {
        assert_eq!(answer(&both, first(start)), wanted, "the cable at {start}");
    }
    let together =
        |one: &str, two: &str| vec![put(cable(), "Ana", one), put(connection(), "Marc", two)];
    assert_eq!(answer(&both, together("13:00", "14:30")), "done");
    assert_eq!(answer(&both, together("13:00", "14:29")), "board.too_soon_after");
    // The order in which a batch names them makes no difference.
    let turned = together("13:00", "14:30").into_iter().rev().collect();
    assert_eq!(answer(&both, turned), "done");
}

#[test]
fn who_insists_may_and_what_was_insisted_on_stands_in_nobody_s_way() {
    let insists = |mut one: Placement| {
        one.overrides = vec!["order".to_owned()];
        vec![one]
    };
    let both = [("cable", "10:00"), ("connection", "12:00")];
    assert_eq!(answer(&both, insists(put(cable(), "Ana", "13:00"))), "done");
    assert_eq!(answer(&[], insists(put(connection(), "Marc", "09:00"))), "done");

    let mut board = Board::default();
    let early = insists(put(connection(), "Marc", "09:00"));
    ask(&mut board, &Command::AssignAll { placements: early }).unwrap();
    assert_eq!(board.visits[&"job_connection".into()].overrides, ["order"], "it is recorded");
    ask(&mut board, &Command::AssignAll { placements: vec![put(cable(), "Ana", "13:00")] })
        .unwrap();
}

#[test]
fn a_refusal_names_both_jobs_and_the_first_moment_that_would_do() {
    let mut board = Board::default();
    ask(&mut board, &Command::AssignAll { placements: vec![put(cable(), "Ana", "10:00")] })
        .unwrap();
    let early = Command::AssignAll { placements: vec![put(connection(), "Marc", "11:00")] };
    let refusal = ask(&mut board, &early).unwrap_err();
    for (language, hour) in [(Language::Fr, "11 h 30"), (Language::En, "11:30")] {
        let words = refusal.detail(language);
        for part in ["Tirer le câble", hour] {
            assert!(words.contains(part), "{words} lacks {part}");
        }
    }
}
