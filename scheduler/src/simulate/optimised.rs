//! The optimiser as a policy: the whole day in the morning, and a gentle plan for the rest of it at every event.
//!
//! Visits under way are not part of the problem: their technicians begin where and when those will be over.

use std::sync::atomic::{AtomicU64, Ordering};

use super::today::{Ahead, Stage, Today};
use super::{LATE_AT_MOST_S, OVERTIME_AT_MOST_S};
use crate::day::{Priority, Span};
use crate::optimise::{
    Current, Doing, Priced, Problem, Profile, Run, Shift, Solution, Technician, Visit, refuse,
    solve, verify,
};
use crate::stop::Budget;

/// How much searching.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effort {
    /// From nothing: steps, and the threads that share them.
    Morning { steps: u64, threads: usize },
    /// From the plan in force: how often the search looks at its budget, every 32 steps. One thread, so that looks come in one order.
    Gently { looks: u64 },
}

/// Plans what is not under way, and puts it into force.
pub(super) fn plan(today: &mut Today<'_>, now_s: i64, (seed, effort): (u64, Effort)) {
    let hands: Vec<usize> = (0..today.hands.len())
        .filter(|hand| {
            shift(today, *hand, now_s)
                .is_some_and(|shift| !today.hands[*hand].gone && shift.start_s < shift.end_s)
        })
        .collect();
    let jobs: Vec<usize> = (0..today.stages.len())
        .filter(|job| matches!(today.stages[*job], Stage::Open | Stage::Planned(_)))
        .filter(|job| today.drawn.tasks[*job].window.end_s + LATE_AT_MOST_S > now_s)
        .collect();
    let problem = problem(today, &hands, &jobs, now_s);
    let tables = vec![Priced { table: today.table, costs: None }];
    let looked = AtomicU64::new(0);
    let spent = || spent(&looked, effort);
    let (threads, budget) = match effort {
        Effort::Morning { steps, threads } => (threads, Budget::Steps(steps)),
        Effort::Gently { .. } => (1, Budget::Share(&spent)),
    };
    let gently = matches!(effort, Effort::Gently { .. });
    let run = Run { seed, threads, budget, gently, most_moves: None, tell: None };
    today.counts.plans += 1;
    if refuse(&problem, &tables).is_err() {
        today.counts.faults += 1;
        return;
    }
    let solution = solve(&problem, &tables, &run);
    if verify(&problem, &tables, &solution).is_err() {
        today.counts.faults += 1;
        return;
    }
    today.put_into_force(by_hand(today.hands.len(), &hands, &jobs, &solution));
}

/// A budget that is spent all at once after its looks. A budget of steps is cut into many rounds, each of which costs
/// more than a change of plan by day is worth.
fn spent(looked: &AtomicU64, effort: Effort) -> f64 {
    let Effort::Gently { looks } = effort else {
        return 1.0;
    };
    // One look is taken before the search begins, and one before its first step.
    if looked.fetch_add(1, Ordering::Relaxed) < looks + 1 { 0.0 } else { 1.0 }
}

/// What is left of a technician's shift.
fn shift(today: &Today<'_>, hand: usize, now_s: i64) -> Option<Span> {
    let shift = today.drawn.shifts[hand]?;
    Some(Span::new(today.free_s(hand, now_s).max(shift.start_s), shift.end_s))
}

fn problem(today: &Today<'_>, hands: &[usize], jobs: &[usize], now_s: i64) -> Problem {
    let technician = |&hand: &usize| {
        let member = &today.company.members[hand];
        let span = shift(today, hand, now_s).unwrap_or(Span::new(now_s, now_s));
        Technician {
            id: member.id.clone(),
            start: Some(today.hands[hand].place),
            end: Some(hand),
            skills: member.skills.clone(),
            shifts: vec![Shift { span, overtime_s: OVERTIME_AT_MOST_S }],
            speed_permille: 1000,
            ..Technician::default()
        }
    };
    Problem {
        technicians: hands.iter().map(technician).collect(),
        visits: jobs.iter().map(|job| visit(today, *job)).collect(),
        profile: profile(),
        now_s: Some(now_s),
        ..Problem::default()
    }
}

/// The field's weights, with more for a visit that stays out: a customer who waits all day is worse than one who
/// waits an hour longer.
fn profile() -> Profile {
    Profile { waiting_per_min: 0, promise_broken_per_min: 240, ..Profile::field() }
}

fn visit(today: &Today<'_>, job: usize) -> Visit {
    let task = &today.drawn.tasks[job];
    let window = task.window;
    let last_s = (window.end_s - MARGIN_S).max(window.start_s);
    let current = today.hands.iter().enumerate().find_map(|(hand, one)| {
        let ahead = one.ahead.iter().find(|ahead| ahead.job == job)?;
        let technician = today.company.members[hand].id.clone();
        Some(Current { technician, start_s: ahead.start_s, started: false })
    });
    Visit {
        id: task.wanted.id.clone(),
        place: today.place(job),
        service_s: task.wanted.duration_s() * PADDING_PERMILLE / 1000,
        windows: vec![Span::new(window.start_s, last_s)],
        lateness_s: window.end_s - last_s + LATE_AT_MOST_S,
        needs: task.wanted.skills.clone(),
        priority: match task.wanted.priority {
            Priority::Low => 10,
            Priority::Normal => 20,
            Priority::High => 30,
            Priority::Urgent => 40,
        },
        current,
        ..Visit::default()
    }
}

/// A plan aims at this much before the end of a promise, because days run late.
const MARGIN_S: i64 = 25 * 60;

/// Work is planned to take a little longer than it should.
const PADDING_PERMILLE: i64 = 1_050;

fn by_hand(all: usize, hands: &[usize], jobs: &[usize], solution: &Solution) -> Vec<Vec<Ahead>> {
    let mut plan = vec![Vec::new(); all];
    for route in &solution.routes {
        for stop in &route.stops {
            if let Doing::Visit(visit) = stop.doing {
                plan[hands[route.technician]]
                    .push(Ahead { job: jobs[visit], start_s: stop.start_s });
            }
        }
    }
    plan
}
