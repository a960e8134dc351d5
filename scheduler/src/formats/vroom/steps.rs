//! Routes that were given: where the search starts, what it may not change, and plan mode.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::clock::{self, FAR_S, NoTimes};
use super::input::{Locked, Step, StepType};
use super::output::Cause;
use super::walk::{Trip, What, can, drive, on_site, place, trip};
use super::{Instance, VroomError};
use crate::day::Span;
use crate::optimise::{Current, Link, Pin};

/// A given route: what, and the step it was read from.
type Given = Vec<(What, Option<Step>)>;

/// Plan mode: every given route in its order.
pub(super) fn planned(instance: &Instance) -> Result<Vec<Trip>, VroomError> {
    let given = read(instance)?;
    let busy = given.into_iter().filter(|(_, route)| {
        route.iter().any(|(what, _)| matches!(what, What::Task(_) | What::Break(_)))
    });
    busy.map(|(vehicle, route)| timed(instance, vehicle, &route, true)).collect()
}

/// Default mode: given routes become the plan in force, locked steps become pins.
pub(super) fn take(instance: &mut Instance) -> Result<(), VroomError> {
    for (vehicle, route) in read(instance)? {
        let id = instance.vehicles[vehicle].id;
        let infeasible = || VroomError::input(format!("Infeasible route for vehicle {id}."));
        for (what, _) in &route {
            if let What::Task(task) = what
                && !can(&instance.problem.technicians[vehicle], &instance.problem.visits[*task])
            {
                let (kind, number) = (instance.tasks[*task].kind.code(), instance.tasks[*task].id);
                let said = format!(
                    "Missing skill or step out of reach for vehicle {id} and {kind} {number}."
                );
                return Err(VroomError::input(said));
            }
        }
        let trip = timed(instance, vehicle, &route, false)?;
        let breaks_aside =
            trip.violations.iter().all(|violation| violation.cause == Cause::MissingBreak);
        if !breaks_aside || trip.lines.iter().any(|line| !line.violations.is_empty()) {
            return Err(infeasible());
        }
        let technician = Arc::clone(&instance.problem.technicians[vehicle].id);
        for line in &trip.lines {
            if let What::Task(task) = line.what {
                instance.problem.visits[task].current = Some(Current {
                    technician: Arc::clone(&technician),
                    start_s: line.arrive_s + line.wait_s,
                    started: false,
                });
            }
        }
        lock(instance, &technician, &route)?;
    }
    Ok(())
}

/// Pins what is locked.
fn lock(
    instance: &mut Instance,
    technician: &Arc<str>,
    route: &[(What, Option<Step>)],
) -> Result<(), VroomError> {
    let mut before: Option<usize> = None;
    for (what, step) in route {
        let (What::Task(task), Some(step)) = (what, step) else {
            if step.as_ref().is_some_and(|step| step.pinned || step.locked.is_some()) {
                return Err(VroomError::input("Only jobs, pickups and deliveries can be locked."));
            }
            continue;
        };
        let locked = step.locked.or(step.pinned.then_some(Locked::Vehicle));
        let Some(locked) = locked else {
            continue;
        };
        let start_s = match (locked, step.service_at) {
            (Locked::Time, Some(at)) => Some(i64::try_from(at).unwrap_or(FAR_S)),
            (Locked::Time, None) => {
                let task = &instance.tasks[*task];
                let (kind, id) = (task.kind.code(), task.id);
                let said =
                    format!("Missing service_at for {kind} {id}, which is locked to a time.");
                return Err(VroomError::input(said));
            }
            _ => None,
        };
        let pin = Pin { technician: Some(Arc::clone(technician)), start_s };
        instance.problem.visits[*task].pin = pin;
        if locked == Locked::Order {
            if let Some(first) = before {
                let link = Link::Order { first, second: *task, min_gap_s: 0, max_gap_s: None };
                instance.problem.links.push(link);
            }
            before = Some(*task);
        }
    }
    Ok(())
}

/// Reads all given routes; every task once, the start first, the end last.
fn read(instance: &Instance) -> Result<Vec<(usize, Given)>, VroomError> {
    let tasks: BTreeMap<(StepType, u64), usize> = instance
        .tasks
        .iter()
        .enumerate()
        .map(|(index, task)| ((task.kind, task.id), index))
        .collect();
    let mut used = BTreeSet::new();
    let mut all = Vec::new();
    for (vehicle, own) in instance.vehicles.iter().enumerate() {
        let Some(steps) = &own.steps else {
            continue;
        };
        let wrong = |said: &str| VroomError::input(format!("{said} for vehicle {}.", own.id));
        let mut route: Given = Vec::with_capacity(steps.len() + 2);
        let mut taken = BTreeSet::new();
        for (index, step) in steps.iter().enumerate() {
            let what = match (step.kind, step.id) {
                (StepType::Start, _) if index == 0 => What::Start,
                (StepType::Start, _) => return Err(wrong("A start step that is not the first")),
                (StepType::End, _) if index + 1 == steps.len() => What::End,
                (StepType::End, _) => return Err(wrong("An end step that is not the last")),
                (_, None) => return Err(wrong("Missing id in a step")),
                (StepType::Break, Some(id)) => {
                    let known = own.breaks.iter().position(|own| own.id == id);
                    match known.filter(|index| taken.insert(*index)) {
                        Some(index) => What::Break(index),
                        None => return Err(wrong(&format!("Invalid break id {id} in steps"))),
                    }
                }
                (kind, Some(id)) => match tasks.get(&(kind, id)) {
                    Some(task) if used.insert(*task) => What::Task(*task),
                    Some(_) => {
                        return Err(wrong(&format!("Duplicate {} {id} in steps", kind.code())));
                    }
                    None => {
                        return Err(wrong(&format!("Invalid {} id {id} in steps", kind.code())));
                    }
                },
            };
            route.push((what, Some(step.clone())));
        }
        if route.first().is_none_or(|(what, _)| *what != What::Start) {
            route.insert(0, (What::Start, None));
        }
        if route.last().is_none_or(|(what, _)| *what != What::End) {
            route.push((What::End, None));
        }
        all.push((vehicle, route));
    }
    Ok(all)
}

/// A given order with its times; `forced` looks at the steps' hard times too.
pub(super) fn timed(
    instance: &Instance,
    vehicle: usize,
    route: &[(What, Option<Step>)],
    forced: bool,
) -> Result<Trip, VroomError> {
    let id = instance.vehicles[vehicle].id;
    let out_of_reach = || VroomError::input(format!("Step out of reach for vehicle {id}."));
    let order: Vec<What> = route.iter().map(|(what, _)| *what).collect();
    let mut chain = chain(instance, vehicle, &order).ok_or_else(out_of_reach)?;
    if forced {
        for (link, (_, step)) in chain.iter_mut().zip(route) {
            let Some(step) = step else { continue };
            let at = |instant: u64| i64::try_from(instant).unwrap_or(FAR_S).min(FAR_S);
            let after = step.service_after.into_iter().chain(step.service_at).map(at).max();
            let before = step.service_before.into_iter().chain(step.service_at).map(at).min();
            link.link.hard = Span::new(
                after.unwrap_or(0),
                before.map_or(FAR_S, |before| before.saturating_add(link.drive_s)),
            );
        }
    }
    let times = chain_times(&chain).map_err(|no| match no {
        NoTimes::Infeasible => VroomError::input(format!("Infeasible route for vehicle {id}.")),
        NoTimes::TooLong => {
            VroomError::input(format!("Too many steps and time windows for vehicle {id}."))
        }
    })?;
    let stops: Vec<(What, i64)> = order.into_iter().zip(times).collect();
    trip(instance, vehicle, &stops).ok_or_else(out_of_reach)
}

/// The same route that sets out as late as its end allows, as VROOM's do, without waiting that leaves no trace.
pub(super) fn later(instance: &Instance, trip: Trip) -> Trip {
    let held = |task: usize| instance.problem.visits[task].pin.start_s.is_some();
    if trip.tasks().any(held) {
        return trip;
    }
    let order: Vec<What> = trip.lines.iter().map(|line| line.what).collect();
    let again = timed(instance, trip.vehicle, &with_ends(&order), false);
    match again {
        Ok(again) if again.is_sound() => again,
        _ => trip,
    }
}

/// An order with its start and its end, whether the vehicle has such places or not.
pub(super) fn with_ends(order: &[What]) -> Vec<(What, Option<Step>)> {
    let mut route: Vec<_> = order.iter().map(|what| (*what, None)).collect();
    if order.first() != Some(&What::Start) {
        route.insert(0, (What::Start, None));
    }
    if order.last() != Some(&What::End) {
        route.push((What::End, None));
    }
    route
}

/// An element of the chain; a break may lie inside the drive of `drive_s` seconds that ends with it.
struct Chained {
    link: clock::Link,
    drive_s: i64,
    windows: Vec<Span>,
}

/// What must lie how long after what, and when it is wished. None where there is no way.
fn chain(instance: &Instance, vehicle: usize, order: &[What]) -> Option<Vec<Chained>> {
    let technician = &instance.problem.technicians[vehicle];
    let shift = technician.shifts.first().map(|shift| shift.span);
    let mut chain: Vec<Chained> = Vec::with_capacity(order.len());
    let mut at = technician.start;
    let mut busy_s = 0;
    for (index, what) in order.iter().enumerate() {
        // The whole drive goes before the last of the breaks in it: a break overlaps with driving as it likes.
        let next = order[index..].iter().find(|what| !matches!(what, What::Break(_)));
        let to = next.and_then(|what| place(instance, vehicle, *what));
        let is_break = matches!(what, What::Break(_));
        let was_break = index > 0 && matches!(order[index - 1], What::Break(_));
        let goes_on = order.get(index + 1).is_some_and(|next| matches!(next, What::Break(_)));
        let drive_s = match (is_break, was_break) {
            (true, _) if goes_on => 0,
            (true, _) | (false, false) => drive(instance, vehicle, at, to)?.0,
            (false, true) => 0,
        };
        let windows = match what {
            What::Start => shift.map(|own| Span::new(own.start_s, FAR_S)).into_iter().collect(),
            What::End => shift.map(|own| Span::new(-FAR_S, own.end_s)).into_iter().collect(),
            What::Break(own) => technician.breaks[*own].windows.clone(),
            What::Task(task) => instance.problem.visits[*task].windows.clone(),
        };
        let own_drive_s = if is_break { drive_s } else { 0 };
        let widened =
            windows.iter().map(|own| Span::new(own.start_s, own.end_s.saturating_add(own_drive_s)));
        chain.push(Chained {
            link: clock::Link {
                windows: widened.collect(),
                hard: Span::new(0, FAR_S),
                gap_s: busy_s + drive_s,
            },
            drive_s: own_drive_s,
            windows,
        });
        busy_s = match what {
            What::Break(own) => technician.breaks[*own].duration_s,
            What::Task(task) => {
                let (setup_s, service_s) = on_site(instance, vehicle, *task, at);
                setup_s + service_s
            }
            What::Start | What::End => 0,
        };
        if !is_break {
            at = place(instance, vehicle, *what).or(at);
        }
    }
    Some(chain)
}

/// The times; a break's is moved from the end of its drive back into its window.
fn chain_times(chain: &[Chained]) -> Result<Vec<i64>, NoTimes> {
    let links: Vec<clock::Link> = chain.iter().map(|own| own.link.clone()).collect();
    let mut times = clock::times(&links)?;
    for (at_s, own) in times.iter_mut().zip(chain) {
        let (first_s, last_s) = (*at_s - own.drive_s, *at_s);
        if own.drive_s > 0 {
            let near = own
                .windows
                .iter()
                .map(|window| window.start_s.clamp(first_s, last_s).max(window.end_s.min(first_s)));
            let free = near.min_by_key(|at_s| clock::missed(&own.windows, *at_s).abs());
            let hard = own.link.hard;
            let latest_s = hard.end_s.saturating_sub(own.drive_s).max(hard.start_s);
            *at_s = free
                .unwrap_or(first_s)
                .clamp(hard.start_s.min(latest_s), latest_s)
                .clamp(first_s, last_s);
        }
    }
    Ok(times)
}
