//! The words of VROOM's output, and a plan put into them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::input::Location;
use super::walk::{Line, Trip, What, place};
use super::{ComputingTimes, Instance};
use crate::optimise::{NotAllowed, Reason, Solution};

/// The whole answer.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    pub code: u8,
    pub summary: Summary,
    pub unassigned: Vec<Unassigned>,
    pub routes: Vec<Route>,
}

impl Answer {
    /// As VROOM prints it, on one line.
    pub fn json(&self) -> String {
        // Nothing in it can fail: keys are words, numbers are whole or finite.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Sums over all routes. Times in seconds, distances in metres.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    pub cost: i64,
    pub routes: usize,
    pub unassigned: usize,
    #[serde(flatten)]
    pub goods: Goods,
    pub setup: i64,
    pub service: i64,
    pub duration: i64,
    pub waiting_time: i64,
    pub priority: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<i64>,
    pub violations: Vec<Violation>,
    pub computing_times: Times,
}

/// Milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Times {
    pub loading: u64,
    pub solving: u64,
    pub routing: u64,
}

/// What was brought and fetched; absent where nobody carries anything.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Goods {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Vec<i64>>,
    /// Deprecated: the same as `delivery`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pickup: Option<Vec<i64>>,
}

/// A task that stays out.
#[derive(Clone, Debug, Serialize)]
pub struct Unassigned {
    pub id: u64,
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_index: Option<usize>,
    /// Ours: why, with `options.reasons`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Vec<Why>>,
}

/// Why some vehicles cannot take a task.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// `skill`, `capacity`, `pinned`, `not_allowed`, `not_working`, `out_of_reach` or `full`.
    pub rule: &'static str,
    /// Their ids.
    pub vehicles: Vec<u64>,
    /// The skill that is missing; VROOM's own with a `#`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// Seconds that the fullest lacks at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lacks_s: Option<i64>,
}

/// One vehicle's route.
#[derive(Clone, Debug, Serialize)]
pub struct Route {
    pub vehicle: u64,
    pub cost: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(flatten)]
    pub goods: Goods,
    pub setup: i64,
    pub service: i64,
    pub duration: i64,
    pub waiting_time: i64,
    pub priority: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<i64>,
    pub steps: Vec<Step>,
    pub violations: Vec<Violation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geometry: Option<String>,
}

/// One step of a route.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Deprecated: the same as `id`, of jobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<u64>,
    pub setup: i64,
    pub service: i64,
    pub waiting_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load: Option<Vec<i64>>,
    pub arrival: i64,
    pub duration: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<i64>,
    pub violations: Vec<Violation>,
}

/// A rule that a given route breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Violation {
    pub cause: Cause,
    /// Seconds, for those that have a length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
}

/// Which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    LeadTime,
    Delay,
    Load,
    MaxTasks,
    Skills,
    Precedence,
    MissingBreak,
    MaxTravelTime,
    MaxDistance,
    MaxLoad,
}

/// One violation per cause, lengths added up.
fn merged<'a>(all: impl Iterator<Item = &'a Violation>) -> Vec<Violation> {
    let mut by_cause = std::collections::BTreeMap::new();
    for violation in all {
        let sum = by_cause.entry(violation.cause).or_insert(None);
        if let Some(duration) = violation.duration {
            *sum = Some(sum.unwrap_or(0) + duration);
        }
    }
    by_cause.into_iter().map(|(cause, duration)| Violation { cause, duration }).collect()
}

/// Puts routes into words; what is in none of them is unassigned.
pub(super) fn answer(
    instance: &Instance,
    trips: Vec<Trip>,
    solution: Option<&Solution>,
    times: ComputingTimes,
) -> Answer {
    let served: BTreeSet<usize> = trips.iter().flat_map(Trip::tasks).collect();
    let with_distance = |vehicle: usize| {
        let own = &instance.tables[instance.problem.technicians[vehicle].table];
        own.has_distances && (instance.options.g || own_matrix(instance, vehicle))
    };
    let routes: Vec<Route> =
        trips.iter().map(|trip| route(instance, trip, with_distance(trip.vehicle))).collect();
    let left = (0..instance.tasks.len()).filter(|task| !served.contains(task));
    let unassigned: Vec<Unassigned> = left.map(|task| left_out(instance, task, solution)).collect();
    let sum = |of: fn(&Route) -> i64| routes.iter().map(of).sum();
    let goods = |of: fn(&Goods) -> &Option<Vec<i64>>| {
        added(routes.iter().map(|one| of(&one.goods)), instance.dimensions)
    };
    let distances: Option<Vec<i64>> = routes.iter().map(|route| route.distance).collect();
    let summary = Summary {
        cost: sum(|route| route.cost),
        routes: routes.len(),
        unassigned: unassigned.len(),
        goods: Goods {
            delivery: goods(|goods| &goods.delivery),
            amount: goods(|goods| &goods.amount),
            pickup: goods(|goods| &goods.pickup),
        },
        setup: sum(|route| route.setup),
        service: sum(|route| route.service),
        duration: sum(|route| route.duration),
        waiting_time: sum(|route| route.waiting_time),
        priority: routes.iter().map(|route| route.priority).sum(),
        distance: distances.filter(|all| !all.is_empty()).map(|all| all.iter().sum()),
        violations: merged(routes.iter().flat_map(|route| &route.violations)),
        computing_times: Times {
            loading: times.loading,
            solving: times.solving,
            routing: times.routing,
        },
    };
    Answer { code: 0, summary, unassigned, routes }
}

/// Whether distances came with the input.
fn own_matrix(instance: &Instance, vehicle: usize) -> bool {
    instance.tables[instance.problem.technicians[vehicle].table].is_given
}

fn added<'a>(
    all: impl Iterator<Item = &'a Option<Vec<i64>>>,
    dimensions: usize,
) -> Option<Vec<i64>> {
    if dimensions == 0 {
        return None;
    }
    let mut sum = vec![0; dimensions];
    for amounts in all.flatten() {
        for (sum, amount) in sum.iter_mut().zip(amounts) {
            *sum += amount;
        }
    }
    Some(sum)
}

fn route(instance: &Instance, trip: &Trip, with_distance: bool) -> Route {
    let vehicle = &instance.vehicles[trip.vehicle];
    let sum = |of: fn(&Line) -> i64| trip.lines.iter().map(of).sum();
    let visits = || trip.tasks().map(|task| &instance.problem.visits[task]);
    let carried = |of: fn(&crate::optimise::Visit) -> &Vec<i64>| {
        (instance.dimensions > 0).then(|| {
            let mut sum = vec![0; instance.dimensions];
            for visit in visits() {
                for (sum, amount) in sum.iter_mut().zip(of(visit)) {
                    *sum += amount;
                }
            }
            sum
        })
    };
    let delivery = carried(|visit| &visit.delivery);
    let goods =
        Goods { amount: delivery.clone(), delivery, pickup: carried(|visit| &visit.pickup) };
    let steps: Vec<Step> =
        trip.lines.iter().map(|line| step(instance, trip.vehicle, line, with_distance)).collect();
    let points: Option<Vec<Location>> =
        steps.iter().filter(|step| step.kind != "break").map(|step| step.location).collect();
    Route {
        vehicle: vehicle.id,
        cost: trip.cost,
        description: vehicle.description.clone(),
        goods,
        setup: sum(|line| line.setup_s),
        service: sum(|line| line.service_s),
        duration: trip.lines.last().map_or(0, |line| line.driven_s),
        waiting_time: sum(|line| line.wait_s),
        priority: trip.tasks().map(|task| u64::from(instance.tasks[task].priority)).sum(),
        distance: with_distance.then(|| trip.lines.last().map_or(0, |line| line.metres)),
        violations: merged(
            trip.violations.iter().chain(trip.lines.iter().flat_map(|line| &line.violations)),
        ),
        geometry: points
            .filter(|_| instance.options.g)
            .map(|points| super::polyline::encoded(&points)),
        steps,
    }
}

fn step(instance: &Instance, vehicle: usize, line: &Line, with_distance: bool) -> Step {
    let own = &instance.vehicles[vehicle];
    let mut step = Step {
        kind: "start",
        description: None,
        location: None,
        location_index: None,
        id: None,
        job: None,
        setup: line.setup_s,
        service: line.service_s,
        waiting_time: line.wait_s,
        load: (instance.dimensions > 0).then(|| line.load.clone()),
        arrival: line.arrive_s,
        duration: line.driven_s,
        distance: with_distance.then_some(line.metres),
        violations: line.violations.clone(),
    };
    match line.what {
        What::Start => (step.location, step.location_index) = (own.start, own.start_index),
        What::End => {
            step.kind = "end";
            (step.location, step.location_index) = (own.end, own.end_index);
        }
        What::Break(index) => {
            step.kind = "break";
            step.id = Some(own.breaks[index].id);
            step.description.clone_from(&own.breaks[index].description);
        }
        What::Task(index) => {
            let task = &instance.tasks[index];
            step.kind = task.kind.code();
            step.id = Some(task.id);
            step.job = (step.kind == "job").then_some(task.id);
            step.description.clone_from(&task.description);
            (step.location, step.location_index) = (task.location, task.location_index);
        }
    }
    debug_assert!(
        matches!(line.what, What::Break(_)) || place(instance, vehicle, line.what).is_some()
    );
    step
}

fn left_out(instance: &Instance, index: usize, solution: Option<&Solution>) -> Unassigned {
    let task = &instance.tasks[index];
    let why = solution
        .filter(|_| instance.options.reasons)
        .and_then(|solution| solution.unserved.iter().find(|one| one.visit == index))
        .map(|unserved| unserved.reasons.iter().map(|reason| why(instance, reason)).collect());
    Unassigned {
        id: task.id,
        kind: task.kind.code(),
        description: task.description.clone(),
        location: task.location,
        location_index: task.location_index,
        reasons: why,
    }
}

fn why(instance: &Instance, reason: &Reason) -> Why {
    let ids = |all: &[usize]| all.iter().map(|index| instance.vehicles[*index].id).collect();
    let (rule, technicians, skill, lacks_s) = match reason {
        Reason::Skill { technicians, tag, .. } => {
            ("skill", technicians, Some(tag.to_string()), None)
        }
        Reason::NotAllowed { technicians, what } => {
            let rule = match what {
                NotAllowed::Capacity => "capacity",
                NotAllowed::Pinned => "pinned",
                NotAllowed::Territory | NotAllowed::Forbidden | NotAllowed::Part => "not_allowed",
            };
            (rule, technicians, None, None)
        }
        Reason::NotWorking { technicians, .. } => ("not_working", technicians, None, None),
        Reason::OutOfReach { technicians } => ("out_of_reach", technicians, None, None),
        Reason::Full { technicians, least_s } => ("full", technicians, None, Some(*least_s)),
    };
    Why { rule, vehicles: ids(technicians), skill, lacks_s }
}
