//! A technician's day, lived against a fixed route.

use super::{Act, Roads, Roster, Status, Stop, Workday};
use crate::demo::dice::Dice;

const EIGHT_S: i64 = 1_795_438_800;

fn roster(roads: &Roads) -> Roster {
    let home = roads.house(0, 7_000.0, &mut Dice::new(1)).point;
    let shift = Some((EIGHT_S, EIGHT_S + 8 * 3_600));
    Roster { who: 3, seed: 1, home, shift, sick_at_s: None, pace: 1.0 }
}

fn route(roads: &Roads) -> Vec<Stop> {
    let mut dice = Dice::new(77);
    (0..4)
        .map(|place| Stop {
            job_id: format!("job_{place}").into(),
            point: roads.house(place % 3, 7_000.0, &mut dice).point,
            start_s: EIGHT_S + 1_800 + place as i64 * 5_400,
            duration_s: 2_700,
        })
        .collect()
}

fn live(day: &mut Workday, roads: &Roads, route: &[Stop], step_s: i64) -> Vec<Act> {
    let mut acts = Vec::new();
    let mut now_s = EIGHT_S - 3_600;
    while now_s < EIGHT_S + 12 * 3_600 {
        now_s += step_s;
        day.advance(roads, route, now_s, 5, &mut acts);
    }
    acts
}

#[test]
fn each_visit_is_driven_to_reached_and_finished_in_the_boards_order() {
    let roads = Roads::new(1);
    let acts = live(&mut Workday::new(roster(&roads)), &roads, &route(&roads), 60);
    let told: Vec<(String, Status)> = acts
        .iter()
        .filter_map(|act| match act {
            Act::Report { job_id, status, .. } => Some((job_id.to_string(), *status)),
            _ => None,
        })
        .collect();
    assert_eq!(told.len(), 12);
    for (place, three) in told.chunks(3).enumerate() {
        assert!(three.iter().all(|(job, _)| *job == format!("job_{place}")));
        assert_eq!((three[0].1, three[1].1), (Status::EnRoute, Status::OnSite));
        assert!(matches!(three[2].1, Status::Done | Status::NoAccess));
    }
}

#[test]
fn the_same_day_is_lived_whether_in_steps_of_a_second_or_of_minutes() {
    let roads = Roads::new(1);
    let one = live(&mut Workday::new(roster(&roads)), &roads, &route(&roads), 1);
    let many = live(&mut Workday::new(roster(&roads)), &roads, &route(&roads), 240);
    assert!(one.len() > 1_000);
    assert_eq!(one, many);
}

#[test]
fn fixes_come_in_order_and_never_jump() {
    let roads = Roads::new(1);
    let acts = live(&mut Workday::new(roster(&roads)), &roads, &route(&roads), 30);
    let fixes: Vec<_> = acts
        .iter()
        .filter_map(|act| if let Act::Fix(fix) = act { Some(fix) } else { None })
        .collect();
    for pair in fixes.windows(2) {
        let seconds = pair[1].at_s - pair[0].at_s;
        assert!(seconds > 0, "{:?}", pair);
        let metres = pair[0].point.metres_to(pair[1].point);
        assert!(metres < 28.0 * seconds as f64 + 40.0, "{metres} m in {seconds} s");
    }
    assert!(fixes.iter().all(|fix| fix.at_s >= EIGHT_S - 600));
}

#[test]
fn a_visit_taken_away_on_the_board_is_driven_to_no_longer() {
    let roads = Roads::new(1);
    let mut day = Workday::new(roster(&roads));
    let mut route = route(&roads);
    let mut acts = Vec::new();
    while !acts.iter().any(|act| matches!(act, Act::Report { status: Status::EnRoute, .. })) {
        let next_s = day.lived_to_s.max(EIGHT_S) + 1;
        day.advance(&roads, &route, next_s, 5, &mut acts);
    }
    route.remove(0);
    acts.clear();
    day.advance(&roads, &route, EIGHT_S + 12 * 3_600, 5, &mut acts);
    assert!(
        acts.iter()
            .all(|act| !matches!(act, Act::Report { job_id, .. } if job_id.as_ref() == "job_0"))
    );
    assert!(
        acts.iter()
            .any(|act| matches!(act, Act::Report { job_id, .. } if job_id.as_ref() == "job_1"))
    );
}

#[test]
fn whoever_falls_ill_finishes_the_visit_says_so_once_and_is_gone() {
    let roads = Roads::new(1);
    let sick_at_s = Some(EIGHT_S + 2_400);
    let mut day = Workday::new(Roster { sick_at_s, ..roster(&roads) });
    let acts = live(&mut day, &roads, &route(&roads), 10);
    let calls = acts.iter().filter(|act| matches!(act, Act::CallInSick { .. })).count();
    assert_eq!(calls, 1);
    assert!(matches!(acts.last(), Some(Act::CallInSick { .. })) && day.is_over());
}
