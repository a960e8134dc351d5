//! Technicians' shifts become lanes; drives become one table per kind of driver.

use std::collections::BTreeMap;

use crate::matrix::UNREACHABLE;
use crate::optimise::model::{Lane, Leg, Legs, MAX_PAUSES, Model, NEVER, NONE, Pause};
use crate::optimise::problem::{Problem, Rates, Technician};
use crate::optimise::solution::Doing;
use crate::optimise::travel_tables::Tables;

use super::seconds;

/// Adds lanes and drives, technicians by id, shifts by time.
pub(crate) fn add(model: &mut Model, problem: &Problem, tables: &Tables<'_>) {
    let mut order: Vec<usize> = (0..problem.technicians.len()).collect();
    order.sort_by(|a, b| problem.technicians[*a].id.cmp(&problem.technicians[*b].id));
    let mut classes: BTreeMap<(usize, u32, [i64; 2]), u32> = BTreeMap::new();
    let mut kinds: BTreeMap<Option<&str>, u32> = BTreeMap::new();
    model.has_metres = problem.technicians.iter().any(|one| one.max_metres.is_some());
    for index in order {
        let technician = &problem.technicians[index];
        let rates = technician.rates.unwrap_or(Rates {
            fixed: problem.profile.route,
            per_hour: problem.profile.driving_per_s * 3600,
            per_task_hour: 0,
            per_km: problem.profile.distance_per_km,
        });
        let key = (technician.table, technician.speed_permille, [rates.per_hour, rates.per_km]);
        let class = *classes.entry(key).or_insert_with(|| {
            model.legs.push(legs(tables, key, model.has_metres));
            model.legs.len() as u32 - 1
        });
        let known = kinds.len() as u32;
        let kind = *kinds.entry(technician.kind.as_deref()).or_insert(known);
        let mut shifts: Vec<usize> = (0..technician.shifts.len()).collect();
        shifts.sort_by_key(|shift| technician.shifts[*shift].span);
        for shift in shifts {
            let lane = lane(model, problem, (index, shift), (class, kind), &rates);
            model.lanes.push(lane);
        }
    }
    model.durations = vec![Default::default(); kinds.len()];
}

/// The table with a technician's speed and prices applied.
fn legs(tables: &Tables<'_>, key: (usize, u32, [i64; 2]), with_metres: bool) -> Legs {
    let (table, speed_permille, [per_hour, per_km]) = key;
    let table = &tables[table];
    let places = table.table.n();
    let (all_s, all_metres) = (table.table.all_seconds(), table.table.all_metres());
    let speed = u64::from(speed_permille.max(1));
    let cells = places * places;
    let leg = |cell: usize| {
        let (raw_s, metres) = (all_s[cell], all_metres[cell]);
        if raw_s == UNREACHABLE {
            return Leg { s: NEVER, cost: i32::MAX / 2 };
        }
        let s = match speed {
            1000 => u64::from(raw_s),
            speed => (u64::from(raw_s) * 1000 + speed / 2) / speed,
        };
        let cost = match table.costs {
            Some(costs) => i64::from(costs[cell]),
            // Metres at a price per kilometre are hundredths of a 3600th of it.
            None => (s as i64 * per_hour * 10 + i64::from(metres) * per_km * 36 + 18_000) / 36_000,
        };
        Leg { s: seconds(s as i64), cost: cost.clamp(0, i64::from(i32::MAX / 2)) as i32 }
    };
    let legs: Vec<Leg> = (0..cells).map(leg).collect();
    let back = (0..places)
        .flat_map(|to| (0..places).map(move |from| from * places + to))
        .map(|cell| legs[cell])
        .collect();
    Legs { places, legs, back, metres: if with_metres { all_metres.to_vec() } else { Vec::new() } }
}

fn lane(
    model: &Model,
    problem: &Problem,
    (index, number): (usize, usize),
    (class, kind): (u32, u32),
    rates: &Rates,
) -> Lane {
    let technician = &problem.technicians[index];
    let shift = technician.shifts[number];
    let place = |place: Option<usize>| place.map_or(NONE, |place| place as u32);
    // Whoever is under way has set out already.
    let out = problem.visits.iter().any(|visit| {
        let whom = visit.current.as_ref().map(|current| &current.technician);
        whom == Some(&technician.id) && super::is_frozen(problem, visit)
    });
    let now = if out { i64::MIN } else { problem.now_s.unwrap_or(i64::MIN) };
    let end = model.at(shift.span.end_s);
    Lane {
        technician: index as u32,
        shift: number as u32,
        class,
        kind,
        start: place(technician.start),
        end: place(technician.end),
        open: model.at(shift.span.start_s.max(now)),
        close: end.saturating_add(seconds(shift.overtime_s)),
        overtime_from: end,
        pauses: pauses(model, technician, number),
        max_driving: technician.max_driving_s.map_or(NEVER, seconds),
        max_metres: technician.max_metres.unwrap_or(i64::MAX / 2),
        max_nodes: technician.max_visits.unwrap_or(usize::MAX),
        capacity: technician.capacity.clone(),
        fixed: rates.fixed,
        per_task_hour: rates.per_task_hour,
        kin: 0,
        stiff: false,
    }
}

/// Breaks and absences of a shift, in the order in which they are taken.
fn pauses(model: &Model, technician: &Technician, number: usize) -> Vec<Pause> {
    let span = technician.shifts[number].span;
    let (open, close) = (model.at(span.start_s), model.at(span.end_s));
    let mut pauses: Vec<Pause> = Vec::new();
    for (index, own) in technician.breaks.iter().enumerate() {
        let mut windows: Vec<(i32, i32)> = own
            .windows
            .iter()
            .map(|window| (model.at(window.start_s), model.at(window.end_s)))
            .filter(|(first, last)| *first <= close && *last >= open)
            .collect();
        windows.sort_unstable();
        if own.windows.is_empty() {
            windows.push((open, close));
        }
        if !windows.is_empty() {
            let (doing, duration) = (Doing::Break(index), seconds(own.duration_s));
            pauses.push(Pause { doing, windows, duration });
        }
    }
    for (index, absence) in technician.absences.iter().enumerate() {
        let (from, until) =
            (model.at(absence.start_s).max(open), model.at(absence.end_s).min(close));
        if from < until {
            let (doing, duration) = (Doing::Absence(index), until - from);
            pauses.push(Pause { doing, windows: vec![(from, from)], duration });
        }
    }
    pauses.sort_by_key(|pause| (pause.windows[0], pause.windows.last().copied()));
    pauses.truncate(MAX_PAUSES);
    pauses
}

/// Gives lanes that nothing tells apart one number.
pub(crate) fn find_kin(model: &mut Model) {
    let words = model.nodes.len().div_ceil(64);
    let count = model.nodes.len();
    let mut kin: BTreeMap<String, u32> = BTreeMap::new();
    for index in 0..model.lanes.len() {
        let mut plain = model.lanes[index].clone();
        (plain.technician, plain.shift, plain.kin) = (0, 0, 0);
        for pause in &mut plain.pauses {
            pause.doing = Doing::Break(0);
        }
        let allowed = &model.allowed[index * words..][..words];
        let choice =
            if model.choice.is_empty() { &[][..] } else { &model.choice[index * count..][..count] };
        let known = kin.len() as u32;
        let key = format!("{plain:?}{allowed:x?}{choice:?}");
        model.lanes[index].kin = *kin.entry(key).or_insert(known);
    }
}
