//! Arrival times: live, planned, late, stale. One minute of longitude is one minute of driving here.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use scheduler::eta::{OVERDUE_S, etas, moved};
use scheduler::{
    Ahead, AsPlanned, Durations, Eta, Etas, Fix, LearnedDurations, Leg, Point, Progress, Route,
    Source, Travel,
};

/// 60 seconds for each thousandth of a degree of longitude.
struct Ruler;

impl Travel for Ruler {
    fn leg(&self, from: Point, to: Point, _depart_s: i64) -> Leg {
        let seconds = ((from.lon - to.lon).abs() * 60_000.0).round() as i64;
        Leg { seconds, metres: seconds * 15 }
    }
}

/// A place so many minutes east of home.
fn minutes_away(minutes: i32) -> Point {
    Point::new(45.05, -73.58 + f64::from(minutes) / 1000.0)
}

fn at(clock: &str) -> i64 {
    let (hour, minute) = clock.split_once(':').unwrap();
    hour.parse::<i64>().unwrap() * 3600 + minute.parse::<i64>().unwrap() * 60
}

fn visit(id: &str, minutes: i32, start: &str, duration_min: i64, progress: Progress) -> Ahead {
    Ahead {
        visit_id: id.into(),
        point: minutes_away(minutes),
        start_s: at(start),
        duration_s: duration_min * 60,
        progress,
        kind: Some("panne".into()),
    }
}

fn answer(now: &str, fix: Option<(i32, &str)>, ahead: &[Ahead]) -> Etas {
    let fix = fix.map(|(minutes, when)| Fix { point: minutes_away(minutes), at_s: at(when) });
    let route = Route { now_s: at(now), fix, origin: minutes_away(0), ahead };
    let found = etas(&route, &Ruler, &AsPlanned);
    for eta in &found.visits {
        assert!(eta.low_s <= eta.at_s && eta.at_s <= eta.high_s && eta.low_s >= at(now), "{eta:?}");
    }
    found
}

fn clock(at_s: i64) -> String {
    format!("{:02}:{:02}", at_s / 3600, at_s / 60 % 60)
}

fn clocks(found: &Etas) -> Vec<String> {
    found.visits.iter().map(|eta| clock(eta.at_s)).collect()
}

#[test]
fn a_fix_55_minutes_away_at_09_50_arrives_at_10_45() {
    let ahead = [
        visit("a", 60, "10:00", 60, Progress::EnRoute { since_s: at("09:40") }),
        visit("b", 70, "11:30", 30, Progress::Planned),
    ];
    let found = answer("09:50", Some((5, "09:50")), &ahead);
    assert_eq!(clocks(&found), ["10:45", "11:55"]);
    assert!(found.visits.iter().all(|eta| eta.source == Source::Live));
}

#[test]
fn the_same_fix_says_the_same_before_the_technician_pressed_a_button() {
    let ahead = [visit("a", 60, "10:00", 60, Progress::Planned)];
    assert_eq!(clocks(&answer("09:50", Some((5, "09:50")), &ahead)), ["10:45"]);
}

#[test]
fn nobody_is_expected_before_the_planned_time_unless_under_way() {
    let planned = [visit("a", 10, "10:00", 60, Progress::Planned)];
    assert_eq!(clocks(&answer("09:00", Some((5, "09:00")), &planned)), ["10:00"]);
    let driving = [visit("a", 10, "10:00", 60, Progress::EnRoute { since_s: at("08:58") })];
    assert_eq!(clocks(&answer("09:00", Some((5, "09:00")), &driving)), ["09:05"]);
}

#[test]
fn between_two_fixes_the_arrival_of_someone_under_way_stands_still() {
    let ahead = [visit("a", 60, "10:00", 60, Progress::EnRoute { since_s: at("09:40") })];
    for now in ["09:50", "09:53", "10:00"] {
        assert_eq!(clocks(&answer(now, Some((5, "09:50")), &ahead)), ["10:45"]);
    }
    let width = |now| {
        let eta = &answer(now, Some((5, "09:50")), &ahead).visits[0];
        eta.high_s - eta.low_s
    };
    assert!(width("09:50") < width("09:59"), "an older fix is worth less");
}

#[test]
fn a_range_widens_with_the_distance() {
    let sides = |minutes| {
        let driving =
            [visit("a", minutes, "09:00", 60, Progress::EnRoute { since_s: at("09:00") })];
        let eta = &answer("09:00", Some((0, "09:00")), &driving).visits[0];
        (eta.at_s - eta.low_s, eta.high_s - eta.at_s)
    };
    let (near, middle, far) = (sides(5), sides(30), sides(90));
    assert!(near.0 < middle.0 && middle.0 < far.0, "early: {near:?} {middle:?} {far:?}");
    assert!(near.1 < middle.1 && middle.1 < far.1, "late: {near:?} {middle:?} {far:?}");
    assert!(far.1 > far.0 && far.1 < 40 * 60, "roads delay more often than they hurry");
}

#[test]
fn a_stale_fix_gives_way_to_the_plan_and_says_so() {
    let driving = [visit("a", 30, "10:00", 60, Progress::EnRoute { since_s: at("09:20") })];
    let found = answer("09:45", Some((25, "09:34")), &driving);
    assert_eq!(clocks(&found), ["09:50"], "departure plus the drive from where the plan starts");
    assert_eq!(found.visits[0].source, Source::Plan);
    let overdue = answer("10:30", Some((25, "09:34")), &driving);
    assert_eq!(clocks(&overdue), ["10:30"], "never before now");
}

#[test]
fn without_a_tracker_the_plan_speaks() {
    let ahead = [
        visit("a", 30, "10:00", 60, Progress::Planned),
        visit("b", 40, "12:00", 60, Progress::Planned),
    ];
    let found = answer("09:00", None, &ahead);
    assert_eq!(clocks(&found), ["10:00", "12:00"]);
    assert!(found.visits.iter().all(|eta| eta.source == Source::Plan));
    assert_eq!(clocks(&answer("10:20", None, &ahead)), ["10:20", "12:00"]);
    assert_eq!(clocks(&answer("11:40", None, &ahead)), ["11:40", "12:50"]);
}

#[test]
fn work_on_site_ends_as_planned_and_five_minutes_from_now_once_overdue() {
    let ahead = [
        visit("a", 30, "10:00", 60, Progress::OnSite { since_s: at("10:10") }),
        visit("b", 45, "11:20", 60, Progress::Planned),
    ];
    let found = answer("10:30", Some((30, "10:30")), &ahead);
    assert_eq!(found.finish_s, Some(at("11:10")));
    assert_eq!(clocks(&found), ["11:25"], "the visit on site has been reached and is not listed");
    let overdue = answer("11:30", Some((30, "11:30")), &ahead);
    assert_eq!(overdue.finish_s, Some(at("11:30") + OVERDUE_S));
    assert_eq!(clocks(&overdue), ["11:50"]);
}

#[test]
fn a_technician_who_takes_the_second_visit_first_is_followed() {
    let ahead = [
        visit("a", 30, "10:00", 60, Progress::Planned),
        visit("b", 10, "12:00", 30, Progress::EnRoute { since_s: at("09:50") }),
    ];
    let found = answer("09:55", Some((5, "09:55")), &ahead);
    let ids: Vec<&str> = found.visits.iter().map(|eta| &*eta.visit_id).collect();
    assert_eq!((ids, clocks(&found)), (vec!["b", "a"], vec!["10:00".into(), "10:50".into()]));
}

#[test]
fn learned_durations_move_the_visits_that_follow() {
    let mut learned = LearnedDurations::default();
    for _ in 0..60 {
        assert!(learned.learn("panne", 3600, 5400));
    }
    assert!(!learned.learn("panne", 3600, 90_000), "a forgotten button teaches nothing");
    assert!((5200..5400).contains(&learned.typical_s(Some("panne"), 3600)));
    assert_eq!(learned.typical_s(Some("unknown"), 3600), 3600);
    let ahead = [
        visit("a", 10, "10:00", 60, Progress::Planned),
        visit("b", 20, "11:10", 60, Progress::Planned),
    ];
    let route = Route { now_s: at("09:30"), fix: None, origin: minutes_away(0), ahead: &ahead };
    let found = etas(&route, &Ruler, &learned);
    assert!(found.visits[1].at_s > at("11:30"), "{}", clock(found.visits[1].at_s));
}

#[test]
fn only_a_move_of_the_threshold_or_more_is_told() {
    let eta =
        |at_s| Eta { visit_id: "a".into(), at_s, low_s: at_s, high_s: at_s, source: Source::Live };
    assert!(moved(&[eta(1000)], &[eta(1119)], 120).is_empty());
    assert_eq!(moved(&[eta(1000)], &[eta(1120)], 120).len(), 1);
    assert_eq!(moved(&[eta(1120)], &[eta(1000)], 120).len(), 1);
    assert_eq!(moved(&[], &[eta(1000)], 120).len(), 1, "a new visit has never been told");
}
