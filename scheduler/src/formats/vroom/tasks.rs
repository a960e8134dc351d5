//! Jobs and shipments as visits. A skill is a tag; VROOM's numbers are at level 1, our names at theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::input::{Amounts, Input, Location, PerType, StepType, Window};
use super::places::Spread;
use super::{Instance, Task, VroomError};
use crate::day::{Need, Span};
use crate::optimise::{Link, Visit};

/// The tag of one of VROOM's skills; a name can never be the same.
pub(super) fn tag(skill: u32) -> Arc<str> {
    Arc::from(format!("#{skill}"))
}

/// The needs of a task.
fn needs(skills: &[u32], levels: &BTreeMap<String, u8>) -> Vec<Need> {
    let plain: BTreeSet<u32> = skills.iter().copied().collect();
    let plain = plain.into_iter().map(|skill| Need { tag: tag(skill), level: 1, required: true });
    let named = levels.iter().filter(|(_, level)| **level > 0);
    let named = named.map(|(name, level)| Need {
        tag: Arc::from(name.as_str()),
        level: *level,
        required: true,
    });
    plain.chain(named).collect()
}

/// Windows of `what`, checked.
pub(super) fn windows(given: Option<&Vec<Window>>, what: &str) -> Result<Vec<Span>, VroomError> {
    let Some(given) = given else {
        return Ok(Vec::new());
    };
    if given.is_empty() {
        return Err(VroomError::input(format!("Empty time_windows for {what}.")));
    }
    given.iter().map(|window| span(*window, what)).collect()
}

/// One window of `what`, checked.
pub(super) fn span([start, end]: Window, what: &str) -> Result<Span, VroomError> {
    if end < start {
        let said =
            format!("Invalid time window for {what}: [{start}, {end}] ends before it starts.");
        return Err(VroomError::input(said));
    }
    // Later than any clock can tell is as good as never.
    let at = |instant: u64| i64::try_from(instant).unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    Ok(Span::new(at(start), at(end)))
}

/// What jobs and the ends of shipments have in common.
struct Work<'a> {
    kind: StepType,
    id: u64,
    description: Option<&'a String>,
    location: Option<Location>,
    location_index: Option<usize>,
    setup: u32,
    service: u32,
    setup_per_type: &'a PerType,
    service_per_type: &'a PerType,
    time_windows: Option<&'a Vec<Window>>,
    priority: u32,
    needs: Vec<Need>,
}

/// The same fields, whatever holds them.
macro_rules! work {
    ($kind:expr, $from:expr, $asks:expr) => {
        Work {
            kind: $kind,
            id: $from.id,
            description: $from.description.as_ref(),
            location: $from.location,
            location_index: $from.location_index,
            setup: $from.setup,
            service: $from.service,
            setup_per_type: &$from.setup_per_type,
            service_per_type: &$from.service_per_type,
            time_windows: $from.time_windows.as_ref(),
            priority: $asks.priority,
            needs: needs(&$asks.skills, &$asks.skill_levels),
        }
    };
}

/// Adds all tasks.
pub(super) fn add(
    instance: &mut Instance,
    input: &Input,
    spread: &Spread,
) -> Result<(), VroomError> {
    let mut seen = BTreeSet::new();
    for job in &input.jobs.0 {
        let task = visit(instance, &mut seen, spread, work!(StepType::Job, job, job))?;
        if job.amount.is_some() && (job.delivery.is_some() || job.pickup.is_some()) {
            let said = format!("Both amount and delivery or pickup for job {}.", job.id);
            return Err(VroomError::input(said));
        }
        let visit = &mut instance.problem.visits[task];
        visit.delivery = amounts(job.delivery.as_ref().or(job.amount.as_ref()));
        visit.pickup = amounts(job.pickup.as_ref());
    }
    for shipment in &input.shipments.0 {
        let work = work!(StepType::Pickup, shipment.pickup, shipment);
        let pickup = visit(instance, &mut seen, spread, work)?;
        let work = work!(StepType::Delivery, shipment.delivery, shipment);
        let delivery = visit(instance, &mut seen, spread, work)?;
        let amount = amounts(shipment.amount.as_ref());
        instance.problem.visits[pickup].pickup.clone_from(&amount);
        instance.problem.visits[delivery].delivery.clone_from(&amount);
        instance.problem.links.push(Link::Carry { pickup, delivery });
        instance.tasks[pickup].amount.clone_from(&amount);
        instance.tasks[delivery].amount = amount;
        instance.tasks[pickup].other = Some(delivery);
        instance.tasks[delivery].other = Some(pickup);
    }
    Ok(())
}

fn amounts(given: Option<&Amounts>) -> Vec<i64> {
    given.map(|given| given.0.clone()).unwrap_or_default()
}

fn visit(
    instance: &mut Instance,
    seen: &mut BTreeSet<(StepType, u64)>,
    spread: &Spread,
    work: Work<'_>,
) -> Result<usize, VroomError> {
    let what = format!("{} {}", work.kind.code(), work.id);
    if !seen.insert((work.kind, work.id)) {
        let said = format!("Duplicate {} id: {}.", work.kind.code(), work.id);
        return Err(VroomError::input(said));
    }
    if seen.len() > super::input::MOST_TASKS {
        let said = format!("More than {} tasks.", super::input::MOST_TASKS);
        return Err(VroomError::input(said));
    }
    if work.priority > 100 {
        return Err(VroomError::input(format!("Invalid priority value for {what}.")));
    }
    let Some(place) = spread.place(work.location, work.location_index) else {
        return Err(VroomError::input(format!("Invalid location for {what}.")));
    };
    let kinds: BTreeSet<&String> =
        work.setup_per_type.keys().chain(work.service_per_type.keys()).collect();
    let by_kind = kinds.into_iter().map(|kind| {
        let of = |per: &PerType, plain| i64::from(per.get(kind).copied().unwrap_or(plain));
        let setup_s = of(work.setup_per_type, work.setup);
        (Arc::from(kind.as_str()), setup_s, of(work.service_per_type, work.service))
    });
    instance.problem.visits.push(Visit {
        id: Arc::from(format!("{} {:020}", work.kind.code(), work.id)),
        place,
        point: work.location.map(|[lon, lat]| crate::travel::Point::new(lat, lon)),
        setup_s: i64::from(work.setup),
        service_s: i64::from(work.service),
        durations_by_kind: by_kind.collect(),
        windows: windows(work.time_windows, &what)?,
        needs: work.needs,
        priority: work.priority,
        ..Visit::default()
    });
    instance.tasks.push(Task {
        kind: work.kind,
        id: work.id,
        description: work.description.cloned(),
        location: work.location,
        location_index: work.location_index,
        priority: work.priority,
        amount: Vec::new(),
        other: None,
    });
    Ok(instance.tasks.len() - 1)
}
