//! What holds along a route: travel, waiting, goods on board, and what is broken.
//!
//! Recomputed from the input and the travel table alone, for plans that were searched for and for plans that were
//! given.

use std::collections::BTreeSet;

use super::clock::missed;
use super::output::{Cause, Violation};
use super::{Instance, input::StepType};
use crate::matrix::UNREACHABLE;
use crate::optimise::{Doing, Solution};

/// What happens at a line of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Start,
    /// Index into the tasks.
    Task(usize),
    /// Index into the vehicle's breaks.
    Break(usize),
    End,
}

/// One line of a route. Sums run from its start.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub what: What,
    pub arrive_s: i64,
    pub wait_s: i64,
    pub setup_s: i64,
    pub service_s: i64,
    pub driven_s: i64,
    pub metres: i64,
    pub load: Vec<i64>,
    pub violations: Vec<Violation>,
}

/// A route with everything that is said about it.
#[derive(Clone, Debug)]
pub(super) struct Trip {
    /// Index into the vehicles.
    pub vehicle: usize,
    pub lines: Vec<Line>,
    /// Of the route as a whole, beyond those of its lines.
    pub violations: Vec<Violation>,
    pub cost: i64,
}

impl Trip {
    /// Whether nothing is broken.
    pub fn is_sound(&self) -> bool {
        self.violations.is_empty() && self.lines.iter().all(|line| line.violations.is_empty())
    }

    /// The tasks, in order.
    pub fn tasks(&self) -> impl Iterator<Item = usize> {
        self.lines.iter().filter_map(|line| match line.what {
            What::Task(task) => Some(task),
            _ => None,
        })
    }
}

/// The drive between two places for a vehicle: seconds, metres, cost in 36,000ths of a unit. None without a way.
pub(super) fn drive(
    instance: &Instance,
    vehicle: usize,
    from: Option<usize>,
    to: Option<usize>,
) -> Option<(i64, i64, i64)> {
    let (Some(from), Some(to)) = (from, to) else {
        return Some((0, 0, 0));
    };
    let technician = &instance.problem.technicians[vehicle];
    let own = &instance.tables[technician.table];
    let (raw, metres) = (own.table.seconds(from, to), own.table.metres(from, to));
    if raw == UNREACHABLE {
        return None;
    }
    let speed = i64::from(technician.speed_permille);
    let seconds = (i64::from(raw) * 1000 + speed / 2) / speed;
    let cost = match (&own.costs, technician.rates) {
        (Some(costs), _) => i64::from(costs[from * own.table.n() + to]),
        (None, None) => seconds,
        (None, Some(rates)) => {
            (seconds * rates.per_hour * 10 + i64::from(metres) * rates.per_km * 36 + 18_000)
                / 36_000
        }
    };
    Some((seconds, i64::from(metres), cost))
}

/// Where a line takes place; a break is nowhere.
pub(super) fn place(instance: &Instance, vehicle: usize, what: What) -> Option<usize> {
    match what {
        What::Start => instance.problem.technicians[vehicle].start,
        What::Task(task) => Some(instance.problem.visits[task].place),
        What::End => instance.problem.technicians[vehicle].end,
        What::Break(_) => None,
    }
}

/// Setup and service of a task by a vehicle that comes from `from`.
pub(super) fn on_site(
    instance: &Instance,
    vehicle: usize,
    task: usize,
    from: Option<usize>,
) -> (i64, i64) {
    let visit = &instance.problem.visits[task];
    let kind = instance.problem.technicians[vehicle].kind.as_ref();
    let own = visit.durations_by_kind.iter().find(|(name, _, _)| Some(name) == kind);
    let (setup_s, service_s) = own
        .map_or((visit.setup_s, visit.service_s), |(_, setup_s, service_s)| (*setup_s, *service_s));
    (if from == Some(visit.place) { 0 } else { setup_s }, service_s)
}

/// Walks along a route: `stops` with the instant at which each begins, the start first and the end last, whether the
/// vehicle has such places or not. None where there is no way.
pub(super) fn trip(instance: &Instance, vehicle: usize, stops: &[(What, i64)]) -> Option<Trip> {
    let technician = &instance.problem.technicians[vehicle];
    let mut lines: Vec<Line> = Vec::with_capacity(stops.len());
    let mut now_s = stops.first().map_or(0, |(_, start_s)| *start_s);
    let (mut driven_s, mut metres, mut cost, mut working_s) = (0, 0, 0, 0);
    let mut at = technician.start;
    let mut left: Option<(i64, i64)> = None;
    let rates = technician.rates;
    for (index, (what, start_s)) in stops.iter().enumerate() {
        if left.is_none() {
            // One drive may have breaks in it: it is begun here and ended at the next place.
            let next = stops[index..].iter().find(|(what, _)| !matches!(what, What::Break(_)));
            let to = next.and_then(|(what, _)| place(instance, vehicle, *what));
            let (seconds, road, price) = drive(instance, vehicle, at, to)?;
            cost += price;
            left = Some((seconds, road));
        }
        let (to_drive_s, to_go) = left.unwrap_or((0, 0));
        let (mut setup_s, mut service_s) = (0, 0);
        let drives_s = match what {
            What::Break(own) => {
                service_s = technician.breaks[*own].duration_s;
                to_drive_s.min((start_s - now_s).max(0))
            }
            _ => to_drive_s,
        };
        let goes =
            if drives_s == to_drive_s { to_go } else { to_go * drives_s / to_drive_s.max(1) };
        driven_s += drives_s;
        metres += goes;
        left = Some((to_drive_s - drives_s, to_go - goes));
        if let What::Task(task) = what {
            (setup_s, service_s) = on_site(instance, vehicle, *task, at);
            working_s += setup_s + service_s;
        }
        if !matches!(what, What::Break(_)) {
            left = None;
            at = place(instance, vehicle, *what).or(at);
        }
        let arrive_s = now_s + drives_s;
        let wait_s = (start_s - arrive_s).max(0);
        now_s = arrive_s + wait_s + setup_s + service_s;
        lines.push(Line {
            what: *what,
            arrive_s,
            wait_s: if *what == What::End { 0 } else { wait_s },
            setup_s,
            service_s,
            driven_s,
            metres,
            load: Vec::new(),
            violations: Vec::new(),
        });
    }
    cost += rates.map_or(0, |rates| rates.fixed + working_s * rates.per_task_hour / 3600);
    let mut trip = Trip { vehicle, lines, violations: Vec::new(), cost };
    loads(instance, &mut trip);
    judge(instance, &mut trip);
    // The places that a vehicle does not have are nowhere to be read.
    if technician.start.is_none() {
        let first = trip.lines.remove(0);
        trip.violations.extend(first.violations);
    }
    if technician.end.is_none()
        && let Some(last) = trip.lines.pop()
    {
        trip.violations.extend(last.violations);
    }
    Some(trip)
}

/// What is on board after every line.
fn loads(instance: &Instance, trip: &mut Trip) {
    let of = |amounts: &[i64], dimension: usize| amounts.get(dimension).copied().unwrap_or(0);
    let mut aboard: Vec<i64> = (0..instance.dimensions)
        .map(|dimension| {
            let jobs = trip.tasks().filter(|task| instance.tasks[*task].kind == StepType::Job);
            jobs.map(|task| of(&instance.problem.visits[task].delivery, dimension)).sum()
        })
        .collect();
    for line in &mut trip.lines {
        if let What::Task(task) = line.what {
            let visit = &instance.problem.visits[task];
            for (dimension, amount) in aboard.iter_mut().enumerate() {
                *amount += of(&visit.pickup, dimension) - of(&visit.delivery, dimension);
            }
        }
        line.load.clone_from(&aboard);
    }
}

/// Writes down what is broken.
fn judge(instance: &Instance, trip: &mut Trip) {
    let technician = &instance.problem.technicians[trip.vehicle];
    let vehicle = &instance.vehicles[trip.vehicle];
    let shift = technician.shifts.first().map(|shift| shift.span);
    let (mut tasks, mut picked) = (0, BTreeSet::new());
    let mut taken = BTreeSet::new();
    let after: BTreeSet<usize> = trip.tasks().collect();
    for line in &mut trip.lines {
        let mut broken = |cause| line.violations.push(Violation { cause, duration: None });
        let start_s = line.arrive_s + line.wait_s;
        let over =
            |load: &[i64], most: &[i64]| load.iter().zip(most).any(|(load, most)| load > most);
        let windows = match line.what {
            What::Start => {
                shift.map(|shift| super::Span::new(shift.start_s, i64::MAX)).into_iter().collect()
            }
            What::End => {
                shift.map(|shift| super::Span::new(i64::MIN / 4, shift.end_s)).into_iter().collect()
            }
            What::Break(own) => {
                taken.insert(own);
                let most = vehicle.breaks[own].max_load.as_ref();
                if most.is_some_and(|most| over(&line.load, &most.0)) {
                    broken(Cause::MaxLoad);
                }
                technician.breaks[own].windows.clone()
            }
            What::Task(task) => {
                tasks += 1;
                let visit = &instance.problem.visits[task];
                if !can(technician, visit) {
                    broken(Cause::Skills);
                }
                if technician.max_visits.is_some_and(|most| tasks > most) {
                    broken(Cause::MaxTasks);
                }
                if let Some(other) = instance.tasks[task].other {
                    let is_delivery = instance.tasks[task].kind == StepType::Delivery;
                    if is_delivery && !picked.contains(&other) || !after.contains(&other) {
                        broken(Cause::Precedence);
                    }
                    picked.insert(task);
                }
                visit.windows.clone()
            }
        };
        if over(&line.load, &technician.capacity) {
            broken(Cause::Load);
        }
        if technician.max_driving_s.is_some_and(|most| line.driven_s > most) {
            broken(Cause::MaxTravelTime);
        }
        if technician.max_metres.is_some_and(|most| line.metres > most) {
            broken(Cause::MaxDistance);
        }
        let by_s = missed(&windows, start_s);
        if by_s != 0 {
            let cause = if by_s < 0 { Cause::LeadTime } else { Cause::Delay };
            line.violations.push(Violation { cause, duration: Some(by_s.unsigned_abs()) });
        }
    }
    if taken.len() < technician.breaks.len() {
        trip.violations.push(Violation { cause: Cause::MissingBreak, duration: None });
    }
}

/// Whether a technician has every skill that a visit needs.
pub(super) fn can(
    technician: &crate::optimise::Technician,
    visit: &crate::optimise::Visit,
) -> bool {
    visit.needs.iter().all(|need| {
        let own =
            technician.skills.iter().filter(|skill| skill.tag.eq_ignore_ascii_case(&need.tag));
        own.map(|skill| skill.level).max().unwrap_or(0) >= need.level
    })
}

/// The routes of a plan that was searched for.
pub(super) fn solved(instance: &Instance, solution: &Solution) -> Vec<Trip> {
    let trips = solution.routes.iter().filter_map(|route| {
        let mut stops = vec![(What::Start, route.start_s)];
        for stop in &route.stops {
            match stop.doing {
                Doing::Visit(visit) => stops.push((What::Task(visit), stop.start_s)),
                Doing::Break(own) => stops.push((What::Break(own), stop.start_s)),
                // There are neither in VROOM.
                Doing::Assist(..) | Doing::Absence(_) => {}
            }
        }
        stops.push((What::End, route.end_s));
        trip(instance, route.technician, &stops)
    });
    trips.collect()
}
