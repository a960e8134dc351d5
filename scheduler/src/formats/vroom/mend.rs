//! Breaks with a `max_load`, which the search knows nothing of: afterwards they are moved to where the van is empty
//! enough, and where there is no such moment, tasks are left out, the least important first.

use super::Instance;
use super::output::Cause;
use super::steps::{timed, with_ends};
use super::walk::{Trip, What};

/// The route with every break at a load that allows it; none when nothing is left of it.
pub(super) fn mend(instance: &Instance, trip: Trip) -> Option<Trip> {
    let mut trip = trip;
    loop {
        if trip.is_sound() {
            return Some(trip);
        }
        let order: Vec<What> = trip.lines.iter().map(|line| line.what).collect();
        if let Some(better) = moved(instance, &trip, &order) {
            trip = better;
            continue;
        }
        let least = trip.tasks().min_by_key(|task| (instance.tasks[*task].priority, *task))?;
        let goes = |what: &What| match what {
            What::Task(task) => *task == least || instance.tasks[least].other == Some(*task),
            _ => false,
        };
        let left: Vec<What> = order.into_iter().filter(|what| !goes(what)).collect();
        if !left.iter().any(|what| matches!(what, What::Task(_))) {
            return None;
        }
        trip = again(instance, trip.vehicle, &left)?;
    }
}

/// How many things are broken.
fn broken(trip: &Trip) -> usize {
    trip.violations.len() + trip.lines.iter().map(|line| line.violations.len()).sum::<usize>()
}

/// The route with one break elsewhere and less broken, if there is such a place.
fn moved(instance: &Instance, trip: &Trip, order: &[What]) -> Option<Trip> {
    let heavy = trip.lines.iter().position(|line| {
        line.violations.iter().any(|violation| violation.cause == Cause::MaxLoad)
    })?;
    let mut rest = order.to_vec();
    let own = rest.remove(heavy);
    (0..=rest.len())
        .filter(|at| *at != heavy)
        .filter(|at| *at > 0 || rest.first() != Some(&What::Start))
        .filter(|at| *at < rest.len() || rest.last() != Some(&What::End))
        .filter_map(|at| {
            let mut tried = rest.clone();
            tried.insert(at, own);
            again(instance, trip.vehicle, &tried)
        })
        .filter(|tried| broken(tried) < broken(trip))
        .min_by_key(broken)
}

fn again(instance: &Instance, vehicle: usize, order: &[What]) -> Option<Trip> {
    timed(instance, vehicle, &with_ends(order), false).ok()
}
