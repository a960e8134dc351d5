//! The demonstration's day rehearsed without a server: the scheduler's house rule places the jobs, the company lives the day.
//! It keeps the invented company believable: enough work, little lateness, and ways that take about as long as the house expects.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use scheduler::day::{
    Day as Wall, DayTechnician, Need, Plan, Priority as Rank, Skill, Span, Wanted,
};
use scheduler::travel::{Estimate, Point as Place, Travel};

use super::day::{Act, Date, Day, Status};
use super::roads::Point;
use super::work::{Job, Priority, SKILLS};
use super::workday::Stop;
use super::world::World;

/// Tuesday, 24 November 2026, midnight in Montréal.
const DATE: Date = Date { number: 0, midnight_s: 1_795_496_400, weekday: 1 };
const HOUR_S: i64 = 3_600;

fn place(point: Point) -> Place {
    Place { lat: point.lat, lon: point.lon }
}

fn estimate() -> Estimate {
    Estimate::new(TimeZone::get("America/Toronto").unwrap())
}

fn wanted(world: &World, number: usize, job: &Job) -> Wanted {
    let at = |minute: i64| DATE.midnight_s + minute * 60;
    Wanted {
        id: format!("job_{number:04}").into(),
        title: job.title.into(),
        point: place(world.customers[job.customer].house.point),
        duration_s: job.duration_min * 60,
        window: job.window.map(|(start, end)| Span::new(at(start), at(end))),
        skills: job
            .skills
            .iter()
            .map(|(skill, level)| Need {
                tag: SKILLS[*skill].0.into(),
                level: *level,
                required: true,
            })
            .collect(),
        priority: match job.priority {
            Priority::Low => Rank::Low,
            Priority::Normal => Rank::Normal,
            Priority::High => Rank::High,
            Priority::Urgent => Rank::Urgent,
        },
        zones: Vec::new(),
    }
}

fn plan(world: &World, day: &Day) -> Plan {
    let at = |minute: i64| DATE.midnight_s + minute * 60;
    let technicians = world.technicians.iter().enumerate().map(|(who, one)| DayTechnician {
        id: format!("tech_{who:03}").into(),
        name: one.name.as_str().into(),
        home: place(one.home.point),
        skills: one
            .skills
            .iter()
            .map(|(skill, level)| Skill {
                tag: SKILLS[*skill].0.into(),
                level: *level,
                expires_s: None,
            })
            .collect(),
        shifts: one.week[DATE.weekday].map(|(a, b)| Span::new(at(a), at(b))).into_iter().collect(),
        absences: Vec::new(),
        stops: Vec::new(),
        position: None,
    });
    let morning = day.jobs[..day.morning()].iter().enumerate().filter(|(_, job)| !job.held);
    let wall = Wall {
        range: Span::new(DATE.midnight_s, at(24 * 60)),
        now_s: at(390),
        technicians: technicians.collect(),
        jobs: morning.map(|(number, job)| wanted(world, number, job)).collect(),
    };
    scheduler::house_rule::auto_assign(&wall, &estimate())
}

fn routes(world: &World, day: &Day, plan: &Plan) -> Vec<Vec<Stop>> {
    let mut routes = vec![Vec::new(); world.technicians.len()];
    for visit in &plan.assigned {
        let who: usize = visit.technician_id["tech_".len()..].parse().unwrap();
        let number: usize = visit.job_id["job_".len()..].parse().unwrap();
        let job = &day.jobs[number];
        routes[who].push(Stop {
            job_id: Arc::clone(&visit.job_id),
            point: world.customers[job.customer].house.point,
            start_s: visit.slot.start_s,
            duration_s: job.duration_min * 60,
        });
    }
    routes
}

/// A day that was lived: what found no place, planned starts, and every report (job, status, second).
struct Lived {
    unplaced: usize,
    starts: BTreeMap<Arc<str>, i64>,
    told: Vec<(Arc<str>, Status, i64)>,
}

fn rehearse(seed: u64) -> Lived {
    let world = World::new(seed, 46, 260);
    let mut day = Day::new(&world, seed, DATE, 260);
    let plan = plan(&world, &day);
    let routes = routes(&world, &day, &plan);
    let starts =
        routes.iter().flatten().map(|stop| (Arc::clone(&stop.job_id), stop.start_s)).collect();
    day.learn(routes);
    let mut told = Vec::new();
    let mut now_s = DATE.midnight_s + 6 * HOUR_S;
    while !day.is_over(now_s) {
        now_s += 60;
        for act in day.step(&world, now_s, 600) {
            if let Act::Report { job_id, status, at_s, .. } = act {
                told.push((job_id, status, at_s));
            }
        }
    }
    Lived { unplaced: plan.unassigned.len(), starts, told }
}

#[test]
fn nearly_every_job_finds_a_place_and_nearly_every_placed_one_is_done() {
    for seed in [1, 2, 3] {
        let Lived { unplaced, starts, told } = rehearse(seed);
        let done = told.iter().filter(|one| one.1 == Status::Done).count();
        assert!(unplaced <= 28, "seed {seed}: {unplaced} of 260 find no place");
        assert!(done * 100 >= starts.len() * 88, "seed {seed}: {done} of {} done", starts.len());
    }
}

#[test]
fn some_run_late_but_most_arrive_about_when_they_should() {
    for seed in [1, 2, 3] {
        let Lived { starts, told, .. } = rehearse(seed);
        let arrived: Vec<i64> = told
            .iter()
            .filter(|one| one.1 == Status::OnSite)
            .map(|(job, _, at_s)| at_s - starts[job])
            .collect();
        let share = |late_s: i64| {
            let late = arrived.iter().filter(|by_s| **by_s > late_s).count();
            late as f64 / arrived.len() as f64
        };
        assert!((0.02..0.30).contains(&share(900)), "seed {seed}: {} late by 15 min", share(900));
        assert!(share(3_600) < 0.06, "seed {seed}: {} late by an hour", share(3_600));
    }
}

#[test]
fn the_board_is_alive_at_twenty_to_ten() {
    let Lived { told, .. } = rehearse(1);
    let now_s = DATE.midnight_s + 9 * HOUR_S + 2_400;
    let mut latest: BTreeMap<&str, Status> = BTreeMap::new();
    for (job, status, at_s) in &told {
        if *at_s <= now_s {
            latest.insert(job, *status);
        }
    }
    let count = |status: Status| latest.values().filter(|one| **one == status).count();
    let counts = (count(Status::EnRoute), count(Status::OnSite), count(Status::Done));
    assert!(counts.0 >= 4 && counts.1 >= 12 && counts.2 >= 15, "{counts:?}");
}

#[test]
fn ways_take_about_as_long_as_the_house_expects() {
    let world = World::new(1, 46, 260);
    let (mut driven_s, mut expected_s) = (0, 0);
    for pair in world.customers.windows(2).take(150) {
        let (from, to) = (pair[0].house.point, pair[1].house.point);
        driven_s += world.roads.way(from, to).seconds();
        expected_s += estimate().leg(place(from), place(to), DATE.midnight_s + 10 * HOUR_S).seconds;
    }
    let ratio = driven_s as f64 / expected_s as f64;
    assert!((0.8..1.2).contains(&ratio), "driven {driven_s} s, expected {expected_s} s");
}
