//! Vehicles as technicians with one shift each.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::input::{Costs, Input, Vehicle};
use super::places::{CAR, Spread};
use super::tasks::{span, tag, windows};
use super::{Instance, OwnTable, VroomError};
use crate::day::{Skill, Span};
use crate::optimise::{Break, Rates, Shift, Technician};

/// Adds all vehicles; `horizon` is when those without hours of their own are out.
pub(super) fn add(
    instance: &mut Instance,
    input: &Input,
    spread: &Spread,
    tables: &[(String, OwnTable)],
    horizon: Span,
) -> Result<(), VroomError> {
    let mut seen = BTreeSet::new();
    for vehicle in &input.vehicles.0 {
        if !seen.insert(vehicle.id) {
            return Err(VroomError::input(format!("Duplicate vehicle id: {}.", vehicle.id)));
        }
        let one = technician(vehicle, spread, tables, horizon, instance.dimensions)?;
        instance.problem.technicians.push(one);
    }
    Ok(())
}

fn technician(
    vehicle: &Vehicle,
    spread: &Spread,
    tables: &[(String, OwnTable)],
    horizon: Span,
    dimensions: usize,
) -> Result<Technician, VroomError> {
    let what = format!("vehicle {}", vehicle.id);
    let wrong = |said: &str| VroomError::input(format!("{said} for {what}."));
    let start = spread.place(vehicle.start, vehicle.start_index);
    let end = spread.place(vehicle.end, vehicle.end_index);
    if start.is_none() && end.is_none() {
        return Err(wrong("No start or end specified"));
    }
    let profile = vehicle.profile.as_deref().unwrap_or(CAR);
    let table = tables.iter().position(|(name, _)| name == profile).unwrap_or(0);
    let own = &tables[table].1;
    let speed = vehicle.speed_factor.unwrap_or(1.0);
    // Two decimals count, as in VROOM.
    let hundredths = (speed * 100.0).round();
    if !(1.0..=500.0).contains(&hundredths) {
        return Err(wrong("Invalid speed factor"));
    }
    let costs = &vehicle.costs;
    let drives = |price: Option<u32>, plain: u32| price.is_some_and(|price| price != plain);
    if own.costs.is_some() && (drives(costs.per_hour, 3600) || drives(costs.per_km, 0)) {
        return Err(wrong("Custom costs are incompatible with a costs matrix"));
    }
    let asks_metres = vehicle.max_distance.is_some() || drives(costs.per_km, 0);
    if asks_metres && !own.has_distances {
        return Err(wrong("Missing distances in matrices, which max_distance or per_km needs,"));
    }
    let shift = match vehicle.time_window {
        None => horizon,
        Some(given) => {
            let own = span(given, &what)?;
            Span::new(own.start_s, own.end_s.min(horizon.end_s))
        }
    };
    let breaks = breaks(vehicle, &what)?;
    let meets = |own: &Break| {
        let within = |one: &Span| one.start_s <= shift.end_s && one.end_s >= shift.start_s;
        own.windows.is_empty() || own.windows.iter().any(within)
    };
    // A vehicle that cannot take its breaks stays at home.
    let out = breaks.iter().all(meets);
    Ok(Technician {
        id: Arc::from(format!("{:020}", vehicle.id)),
        start,
        end,
        skills: skills(vehicle),
        shifts: if out { vec![Shift { span: shift, overtime_s: 0 }] } else { Vec::new() },
        breaks,
        max_driving_s: vehicle.max_travel_time.map(i64::from),
        max_metres: vehicle.max_distance.map(i64::from),
        max_visits: vehicle.max_tasks,
        speed_permille: hundredths as u32 * 10,
        capacity: vehicle
            .capacity
            .as_ref()
            .map_or_else(|| vec![0; dimensions], |own| own.0.clone()),
        kind: vehicle.kind.as_deref().map(Arc::from),
        table,
        rates: rates(costs),
        ..Technician::default()
    })
}

/// Own prices; none where the file has none.
fn rates(costs: &Costs) -> Option<Rates> {
    let given = [costs.fixed, costs.per_hour, costs.per_task_hour, costs.per_km];
    let price = |price: Option<u32>, plain: u32| i64::from(price.unwrap_or(plain));
    given.iter().any(Option::is_some).then(|| Rates {
        fixed: price(costs.fixed, 0),
        per_hour: price(costs.per_hour, 3600),
        per_task_hour: price(costs.per_task_hour, 0),
        per_km: price(costs.per_km, 0),
    })
}

fn skills(vehicle: &Vehicle) -> Vec<Skill> {
    let plain = vehicle.skills.iter().map(|skill| (tag(*skill), 1));
    let named = vehicle.skill_levels.iter().map(|(name, level)| (Arc::from(name.as_str()), *level));
    plain.chain(named).map(|(tag, level)| Skill { tag, level, expires_s: None }).collect()
}

fn breaks(vehicle: &Vehicle, what: &str) -> Result<Vec<Break>, VroomError> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::with_capacity(vehicle.breaks.len());
    for own in &vehicle.breaks {
        if !seen.insert(own.id) {
            return Err(VroomError::input(format!("Duplicate break id: {} for {what}.", own.id)));
        }
        let windows = windows(own.time_windows.as_ref(), &format!("break {} of {what}", own.id))?;
        all.push(Break { id: own.id, windows, duration_s: i64::from(own.service) });
    }
    Ok(all)
}
