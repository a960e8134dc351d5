//! The house rule by example: who goes first, who is sent, when, and what never happens. Every plan is checked.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod monday;

use monday::{Ruler, at, job, minutes_away, stop, technician};
use scheduler::check::{Wrong, check};
use scheduler::{
    Absence, Assigned, Day, DayTechnician, Fix, HouseRule, Leg, Need, Plan, Planner, Point,
    Priority, Search, Skill, Span, Travel, Wanted, slot_for, suggest,
};

fn plan_at(now: &str, technicians: Vec<DayTechnician>, jobs: Vec<Wanted>) -> Plan {
    let range = Span::new(at("00:00"), at("24:00"));
    let day = Day { range, now_s: at(now), technicians, jobs };
    let plan = HouseRule.plan(&day, &Ruler, &|| false);
    assert_eq!(check(&day, &plan, &Ruler), vec![]);
    plan
}

fn plan(technicians: Vec<DayTechnician>, jobs: Vec<Wanted>) -> Plan {
    plan_at("07:00", technicians, jobs)
}

fn told(plan: &Plan) -> Vec<(&str, &str, String)> {
    let clock = |at_s: i64| {
        let minutes = (at_s - monday::MIDNIGHT_S) / 60;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    plan.assigned.iter().map(|a| (&*a.job_id, &*a.technician_id, clock(a.slot.start_s))).collect()
}

fn fibre(level: u8) -> Skill {
    Skill { tag: "Fibre".into(), level, expires_s: None }
}

fn asks(mut job: Wanted, level: u8) -> Wanted {
    job.skills.push(Need { tag: "Fibre".into(), level, required: true });
    job
}

fn window(mut job: Wanted, start: &str, end: &str) -> Wanted {
    job.window = Some(Span::new(at(start), at(end)));
    job
}

fn ana() -> DayTechnician {
    technician("tech_ana", "Ana")
}

#[test]
fn urgent_jobs_go_first_then_early_windows_then_ids() {
    let urgent = Wanted { priority: Priority::Urgent, ..job("job_z", 0, 60) };
    let jobs = vec![
        job("job_b", 0, 60),
        job("job_a", 0, 60),
        window(job("job_d", 0, 60), "13:00", "14:00"),
        window(job("job_c", 0, 60), "11:00", "12:00"),
        urgent,
    ];
    let plan = plan(vec![ana()], jobs);
    let order: Vec<&str> = told(&plan).iter().map(|(job, ..)| *job).collect();
    assert_eq!(order, ["job_z", "job_c", "job_d", "job_a", "job_b"]);
}

#[test]
fn the_expert_stays_free_for_what_only_an_expert_can_do() {
    let expert = DayTechnician { skills: vec![fibre(5)], ..technician("tech_a", "Expert") };
    let novice = DayTechnician {
        skills: vec![fibre(2)],
        home: minutes_away(-60),
        ..technician("tech_b", "Novice")
    };
    let easy = asks(window(job("job_1", 5, 120), "10:00", "10:00"), 1);
    let hard = asks(window(job("job_2", 5, 120), "10:00", "10:00"), 5);
    let plan = plan(vec![expert, novice], vec![easy, hard]);
    let expected = [("job_1", "tech_b"), ("job_2", "tech_a")];
    assert_eq!(told(&plan), expected.map(|(job, who)| (job, who, "10:00".to_owned())));
}

#[test]
fn of_equals_the_one_who_drives_less_is_sent_and_then_the_first_id() {
    let near = DayTechnician { home: minutes_away(9), ..technician("tech_c", "Near") };
    let (one, two) = (technician("tech_a", "One"), technician("tech_b", "Two"));
    let plan_three = plan(vec![one.clone(), two.clone(), near], vec![job("job_1", 10, 60)]);
    assert_eq!(told(&plan_three)[0].1, "tech_c");
    let plan_two = plan(vec![two, one], vec![job("job_1", 10, 60)]);
    assert_eq!(told(&plan_two)[0].1, "tech_a");
}

#[test]
fn a_start_leaves_time_to_drive_in_and_out_and_falls_on_five_minutes() {
    let mut ana = ana();
    ana.stops = vec![stop("v1", 0, "08:00", "09:01"), stop("v2", 30, "11:00", "16:00")];
    // Free from 09:01, 12 minutes there: 09:13, so 09:15; 80 minutes of work; 18 minutes on to the next.
    let fits = plan(vec![ana.clone()], vec![job("job_1", 12, 80)]);
    assert_eq!(told(&fits), [("job_1", "tech_ana", "09:15".to_owned())]);
    let too_long = plan(vec![ana], vec![job("job_1", 12, 90)]);
    assert_eq!(told(&too_long), []);
}

#[test]
fn nothing_starts_in_the_past_and_a_fresh_position_counts() {
    let mut ana = ana();
    assert_eq!(told(&plan_at("09:58", vec![ana.clone()], vec![job("j", 20, 60)]))[0].2, "10:20");
    ana.position = Some(Fix { point: minutes_away(19), at_s: at("09:55") });
    assert_eq!(told(&plan_at("09:58", vec![ana.clone()], vec![job("j", 20, 60)]))[0].2, "10:00");
    ana.position = Some(Fix { point: minutes_away(19), at_s: at("09:30") });
    assert_eq!(told(&plan_at("09:58", vec![ana], vec![job("j", 20, 60)]))[0].2, "10:20");
}

#[test]
fn an_arrival_window_holds_the_start_and_not_the_end() {
    let last = window(job("job_1", 0, 180), "10:00", "10:30");
    assert_eq!(told(&plan(vec![ana()], vec![last]))[0].2, "10:00");
    let mut busy = ana();
    busy.stops = vec![stop("v1", 0, "09:00", "10:30")];
    let at_the_end = window(job("job_1", 0, 60), "10:00", "10:30");
    assert_eq!(told(&plan(vec![busy.clone()], vec![at_the_end]))[0].2, "10:30");
    let too_late = window(job("job_1", 5, 60), "10:00", "10:30");
    assert_eq!(told(&plan(vec![busy], vec![too_late])), []);
}

#[test]
fn a_window_between_two_grid_points_is_met_to_the_second() {
    let narrow = window(job("job_1", 0, 60), "10:02", "10:03");
    assert_eq!(told(&plan(vec![ana()], vec![narrow]))[0].2, "10:02");
}

#[test]
fn a_lunch_break_neither_holds_work_nor_driving() {
    let mut ana = ana();
    ana.shifts = vec![Span::new(at("08:00"), at("12:00")), Span::new(at("13:00"), at("17:00"))];
    ana.stops = vec![stop("v1", 40, "10:00", "11:50")];
    // Ten of the twenty minutes of driving fit before lunch, ten are left after it.
    assert_eq!(
        told(&plan(vec![ana], vec![job("job_1", 60, 60)])),
        [("job_1", "tech_ana", "13:10".to_owned())]
    );
}

#[test]
fn an_absence_in_the_middle_of_the_day_is_driven_around() {
    let mut ana = ana();
    ana.absences = vec![Absence {
        span: Span::new(at("08:05"), at("10:00")),
        reason: Some("dentiste".into()),
        busy: false,
    }];
    assert_eq!(told(&plan(vec![ana], vec![job("job_1", 15, 60)]))[0].2, "10:10");
}

#[test]
fn a_certificate_that_ends_at_noon_serves_the_morning_alone() {
    let mut ana = ana();
    ana.skills = vec![Skill { expires_s: Some(at("12:00")), ..fibre(3) }];
    let morning = asks(window(job("job_1", 0, 30), "11:55", "13:00"), 3);
    let afternoon = asks(window(job("job_2", 0, 30), "12:00", "13:00"), 3);
    let plan = plan(vec![ana], vec![morning, afternoon]);
    assert_eq!(told(&plan), [("job_1", "tech_ana", "11:55".to_owned())]);
}

#[test]
fn a_preferred_skill_decides_nothing() {
    let mut with = technician("tech_b", "With");
    with.skills = vec![fibre(5)];
    let mut wanted = asks(job("job_1", 10, 60), 3);
    wanted.skills[0].required = false;
    assert_eq!(
        told(&plan(vec![with, technician("tech_a", "Without")], vec![wanted]))[0].1,
        "tech_a"
    );
}

#[test]
fn a_placed_job_is_a_stop_for_the_next_one() {
    let jobs = vec![job("job_1", 20, 60), job("job_2", 20, 60), job("job_3", 20, 600)];
    let plan = plan(vec![ana()], jobs);
    assert_eq!(
        told(&plan),
        [("job_1", "tech_ana", "08:20".to_owned()), ("job_2", "tech_ana", "09:20".to_owned())]
    );
    assert_eq!(&*plan.unassigned[0].job_id, "job_3");
}

#[test]
fn a_job_that_moves_does_not_stand_in_its_own_way() {
    let mut ana = ana();
    let mut own = stop("v1", 10, "08:10", "16:30");
    own.job_id = "job_1".into();
    ana.stops = vec![own];
    let range = Span::new(at("00:00"), at("24:00"));
    let search = Search { range, now_s: at("07:00"), limit: 5 };
    let slot = slot_for(&job("job_1", 10, 60), &ana, search, &Ruler).unwrap();
    assert_eq!(slot.start_s, at("08:10"));
    assert!(slot_for(&job("job_2", 10, 60), &ana, search, &Ruler).is_err());
}

#[test]
fn suggestions_reach_over_several_days_and_start_each_from_home() {
    let mut ana = ana();
    ana.shifts.push(Span::new(at("32:00"), at("40:30")));
    ana.stops = vec![stop("v1", 90, "10:00", "16:00")];
    let range = Span::new(at("00:00"), at("48:00"));
    let search = Search { range, now_s: at("09:00"), limit: 5 };
    let found = suggest(&job("job_1", 20, 60), &[ana], search, &Ruler);
    let starts: Vec<i64> = found.offers.iter().map(|offer| offer.slot.start_s).collect();
    // Today no gap is left; tomorrow he leaves from home, not from today's last stop.
    assert_eq!(starts, [at("32:20")]);
    assert_eq!(found.offers[0].slot.added_travel_min, 40);
}

#[test]
fn a_day_without_technicians_leaves_every_job_in_the_pool() {
    let plan = plan(vec![], vec![job("job_1", 0, 60)]);
    assert!(plan.assigned.is_empty() && plan.unassigned[0].not_possible.is_empty());
}

/// Twenty minutes anywhere before 09:30, five from then on.
struct Rush;

impl Travel for Rush {
    fn leg(&self, _from: Point, _to: Point, depart_s: i64) -> Leg {
        Leg { seconds: if depart_s < at("09:30") { 1200 } else { 300 }, metres: 5000 }
    }
}

#[test]
fn a_later_start_is_tried_where_it_drives_out_of_the_rush_hour() {
    let mut ana = ana();
    ana.stops = vec![stop("v1", 0, "08:00", "08:30"), stop("v2", 0, "09:40", "16:30")];
    let range = Span::new(at("00:00"), at("24:00"));
    let search = Search { range, now_s: at("07:00"), limit: 5 };
    // Done at 09:25 is too late for the rush; done at 09:30 has the road to himself.
    let job = window(job("job_1", 5, 30), "08:55", "09:10");
    assert_eq!(slot_for(&job, &ana, search, &Rush).unwrap().start_s, at("09:00"));
}

#[test]
fn the_checker_names_what_is_wrong() {
    let skilled = DayTechnician { skills: vec![fibre(3)], ..ana() };
    let mut away = DayTechnician { id: "tech_bob".into(), skills: vec![], ..ana() };
    away.absences =
        vec![Absence { span: Span::new(at("12:00"), at("13:00")), reason: None, busy: false }];
    away.stops = vec![stop("v1", 0, "14:00", "15:00")];
    let range = Span::new(at("00:00"), at("24:00"));
    let wanted = window(asks(job("job_1", 0, 30), 2), "08:00", "16:30");
    let technicians = vec![skilled, away];
    let day = Day { range, now_s: at("09:00"), technicians, jobs: vec![wanted] };
    let good = HouseRule.plan(&day, &Ruler, &|| false);
    assert_eq!(check(&day, &good, &Ruler), vec![]);
    let wrong = |change: &dyn Fn(&mut Assigned)| {
        let mut plan = good.clone();
        change(&mut plan.assigned[0]);
        check(&day, &plan, &Ruler)
    };
    let moved = |who: &str, start: &str| {
        wrong(&|assigned| {
            let start_s = at(start);
            assigned.technician_id = who.into();
            (assigned.slot.start_s, assigned.slot.end_s) = (start_s, start_s + 1800);
        })
    };
    let job: scheduler::Id = "job_1".into();
    assert!(moved("tech_ana", "08:30").contains(&Wrong::Start { job: job.clone() }));
    assert!(matches!(moved("tech_ana", "16:15")[..], [Wrong::Shift { .. }]));
    assert!(matches!(moved("tech_bob", "10:00")[0], Wrong::Skill { .. }));
    assert!(moved("tech_bob", "12:45").iter().any(|w| matches!(w, Wrong::Absent { .. })));
    assert!(moved("tech_bob", "14:15").iter().any(|w| matches!(w, Wrong::Overlap { .. })));
    assert!(matches!(moved("tech_eve", "10:00")[..], [Wrong::UnknownTechnician(_)]));
    let surplus = wrong(&|assigned| assigned.slot.overqualification = 0);
    assert_eq!(surplus, [Wrong::Surplus { job: job.clone(), real: 1, stated: 0 }]);
    let short = wrong(&|assigned| assigned.slot.end_s -= 60);
    assert_eq!(short, [Wrong::Duration { job: job.clone() }]);
    let silent = wrong(&|assigned| assigned.rejected.clear());
    assert_eq!(silent, [Wrong::Unaccounted { job: job.clone(), real: 1, stated: 0 }]);
    let unknown = wrong(&|assigned| assigned.job_id = "job_x".into());
    assert_eq!(unknown, [Wrong::UnknownJob("job_x".into()), Wrong::NotOnce { job, times: 0 }]);
}
