//! Three ways to let an urgent job in, by example: who makes room, whose promise breaks, and what never moves.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod monday;

use monday::{Ruler, at, job, stop, technician};
use scheduler::urgent::{Movable, ThreeWays, UrgentPlan, three_ways};
use scheduler::{DayTechnician, Search, Span, Wanted};

fn search() -> Search {
    Search { range: Span::new(at("00:00"), at("24:00")), now_s: at("10:00"), limit: 1 }
}

fn busy(id: &'static str, stops: &[(&'static str, &str, &str)]) -> DayTechnician {
    let stops = stops
        .iter()
        .map(|(job, start, end)| {
            let mut one = stop(job, 0, start, end);
            one.job_id = (*job).into();
            one
        })
        .collect();
    DayTechnician { stops, ..technician(id, id) }
}

fn movable(
    id: &'static str,
    who: &str,
    start: &str,
    minutes: i64,
    told: Option<(&str, &str)>,
) -> Movable {
    Movable {
        wanted: job(id, 0, minutes),
        technician: who.into(),
        start_s: at(start),
        told: told.map(|(from, to)| Span::new(at(from), at(to))),
    }
}

fn ways(technicians: &[DayTechnician], movable: &[Movable], urgent: &Wanted) -> ThreeWays {
    three_ways(urgent, technicians, movable, search(), &Ruler)
}

fn start(plan: &Option<UrgentPlan>) -> i64 {
    plan.as_ref().unwrap().slot.start_s
}

#[test]
fn soonest_takes_the_hour_of_a_promise_and_fewest_broken_waits() {
    // Nobody else could take Roy's promise in time: whoever comes at once breaks it.
    let ana = busy("tech_ana", &[("job_roy", "10:15", "12:15"), ("job_now", "12:15", "15:00")]);
    let roy = movable("job_roy", "tech_ana", "10:15", 120, Some(("10:00", "10:30")));
    let found = ways(&[ana], &[roy], &job("job_fire", 0, 60));
    assert!(start(&found.soonest) < start(&found.fewest_broken));
    assert_eq!(found.soonest.as_ref().unwrap().broken(), 1);
    let calm = found.fewest_broken.unwrap();
    assert_eq!((calm.broken(), calm.moved.len()), (0, 0));
}

#[test]
fn a_promise_that_somebody_else_can_keep_is_not_broken() {
    let ana = busy("tech_ana", &[("job_roy", "10:30", "12:30"), ("job_now", "12:30", "16:00")]);
    let bob = busy("tech_bob", &[("job_early", "08:00", "10:45")]);
    let roy = movable("job_roy", "tech_ana", "10:30", 120, Some(("10:00", "12:00")));
    let skilled = scheduler::Skill { tag: "Fibre".into(), level: 3, expires_s: None };
    let ana = DayTechnician { skills: vec![skilled], ..ana };
    let mut fire = job("job_fire", 0, 60);
    fire.skills.push(scheduler::Need { tag: "Fibre".into(), level: 3, required: true });
    let found = ways(&[ana, bob], &[roy], &fire);
    let plan = found.soonest.unwrap();
    assert_eq!(&*plan.technician, "tech_ana", "only she can");
    assert_eq!((plan.broken(), plan.moved.len()), (0, 1));
    assert_eq!(&*plan.moved[0].to.as_ref().unwrap().0, "tech_bob");
}

#[test]
fn what_is_not_movable_never_moves() {
    let ana =
        busy("tech_ana", &[("job_begun", "09:30", "11:00"), ("job_pinned", "11:00", "16:00")]);
    let found = ways(&[ana], &[], &job("job_fire", 0, 45));
    for plan in [&found.soonest, &found.fewest_broken, &found.cheapest].into_iter().flatten() {
        assert!(plan.moved.is_empty());
    }
}

#[test]
fn the_cheapest_never_saves_a_drive_by_leaving_somebody_out() {
    let far = DayTechnician {
        stops: vec![{
            let mut one = stop("job_far", 60, "11:30", "12:30");
            one.job_id = "job_far".into();
            one
        }],
        ..technician("tech_ana", "Ana")
    };
    let away = Movable {
        wanted: Wanted { point: monday::minutes_away(60), ..job("job_far", 60, 60) },
        technician: "tech_ana".into(),
        start_s: at("11:30"),
        told: None,
    };
    let found = ways(&[far], &[away], &job("job_fire", 0, 60));
    assert_eq!(found.cheapest.unwrap().left_out(), 0);
}

#[test]
fn the_answer_does_not_depend_on_the_order_of_the_lists() {
    let crew: Vec<DayTechnician> = vec![
        busy("tech_a", &[("job_1", "10:15", "11:15"), ("job_2", "11:30", "12:30")]),
        busy("tech_b", &[("job_3", "10:30", "12:00"), ("job_4", "13:00", "14:00")]),
        busy("tech_c", &[("job_5", "10:00", "15:00")]),
    ];
    let movable = vec![
        movable("job_1", "tech_a", "10:15", 60, Some(("10:00", "11:00"))),
        movable("job_2", "tech_a", "11:30", 60, None),
        movable("job_3", "tech_b", "10:30", 90, Some(("10:30", "11:30"))),
        movable("job_4", "tech_b", "13:00", 60, None),
    ];
    let fire = job("job_fire", 5, 45);
    let one = ways(&crew, &movable, &fire);
    let (mut crew, mut movable) = (crew, movable);
    crew.reverse();
    movable.reverse();
    assert_eq!(one, ways(&crew, &movable, &fire));
    assert!(start(&one.soonest) <= start(&one.fewest_broken));
}
