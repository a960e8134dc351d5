//! One route, stop by stop: drives, times, breaks, limits, who may do what, and what it costs.

use super::{Fault, level, needs_cost};
use crate::day::{Need, Span};
use crate::matrix::UNREACHABLE;
use crate::optimise::problem::{Problem, Shift, Technician, Visit};
use crate::optimise::profile::Cost;
use crate::optimise::solution::{Doing, Route, RouteStop, Solution};
use crate::optimise::travel_tables::Tables;

/// What is known while walking along a route.
struct Walk {
    place: Option<usize>,
    /// When the last work was over, or the route began.
    left_s: i64,
    /// Pauses since then.
    paused_s: i64,
    /// The end of the last stop of any sort.
    busy_until_s: i64,
    driving_s: i64,
    metres: i64,
    on_site_s: i64,
    visits: usize,
    first: bool,
}

/// Whose route it is, and what it rests on.
#[derive(Clone, Copy)]
struct Case<'a> {
    problem: &'a Problem,
    tables: &'a Tables<'a>,
    technician: &'a Technician,
}

/// Checks route `index` and adds its cost. Where every visit is held, times are facts and no plan's fault.
pub(super) fn check(
    problem: &Problem,
    tables: &Tables<'_>,
    plan: &Solution,
    index: usize,
    cost: &mut Cost,
    faults: &mut Vec<Fault>,
) {
    let mut found = Vec::new();
    walk(problem, tables, plan, index, cost, &mut found);
    let mut visits = plan.routes[index].stops.iter().filter_map(|stop| match stop.doing {
        Doing::Visit(visit) | Doing::Assist(visit, _) => problem.visits.get(visit),
        Doing::Break(_) | Doing::Absence(_) => None,
    });
    if !visits.all(|visit| is_held(problem, visit)) {
        faults.extend(found);
    }
}

/// Whether a visit is under way or frozen.
fn is_held(problem: &Problem, visit: &Visit) -> bool {
    visit.current.as_ref().is_some_and(|current| {
        current.started || problem.frozen_until_s.is_some_and(|until_s| current.start_s < until_s)
    })
}

fn walk(
    problem: &Problem,
    tables: &Tables<'_>,
    plan: &Solution,
    index: usize,
    cost: &mut Cost,
    faults: &mut Vec<Fault>,
) {
    let route = &plan.routes[index];
    let mut fault = |what| faults.push(Fault::Route { route: index, what });
    let Some(technician) = problem.technicians.get(route.technician) else {
        return fault("is driven by nobody");
    };
    let Some(shift) = technician.shifts.get(route.shift) else {
        return fault("lies in no shift");
    };
    let same = |other: &&Route| (other.technician, other.shift) == (route.technician, route.shift);
    if plan.routes.iter().filter(same).count() > 1 {
        fault("shares its shift with another route");
    }
    let own =
        |visit: &&Visit| visit.current.as_ref().map(|now| &now.technician) == Some(&technician.id);
    let out = problem.visits.iter().filter(own).any(|visit| is_held(problem, visit));
    let now_s = problem.now_s.filter(|_| !out).unwrap_or(i64::MIN);
    let soonest_s = shift.span.start_s.max(now_s);
    if route.start_s < soonest_s {
        fault("begins before its shift");
    }
    let case = Case { problem, tables, technician };
    let mut walk = Walk {
        place: technician.start,
        left_s: route.start_s,
        paused_s: 0,
        busy_until_s: route.start_s,
        driving_s: 0,
        metres: 0,
        on_site_s: 0,
        visits: 0,
        first: true,
    };
    for (number, stop) in route.stops.iter().enumerate() {
        let mut fault = |what| faults.push(Fault::Stop { route: index, stop: number, what });
        if stop.end_s < stop.start_s || stop.start_s < stop.arrive_s {
            fault("ends before it starts, or starts before it is reached");
        }
        if stop.start_s < walk.busy_until_s {
            fault("starts while the stop before it goes on");
        }
        match stop.doing {
            Doing::Break(_) | Doing::Absence(_) => pause(technician, stop, &mut walk, &mut fault),
            Doing::Visit(visit) | Doing::Assist(visit, _) => match problem.visits.get(visit) {
                Some(visit) => {
                    work(case, (visit, stop), &mut walk, cost, &mut fault);
                }
                None => fault("is no visit"),
            },
        }
        walk.busy_until_s = stop.end_s;
    }
    finish(case, (route, shift), &mut walk, cost, |what| {
        faults.push(Fault::Route { route: index, what });
    });
    pauses_taken(technician, shift, route, |what| faults.push(Fault::Route { route: index, what }));
}

fn pause(
    technician: &Technician,
    stop: &RouteStop,
    walk: &mut Walk,
    fault: &mut impl FnMut(&'static str),
) {
    walk.paused_s += stop.end_s - stop.start_s;
    match stop.doing {
        Doing::Break(number) => match technician.breaks.get(number) {
            None => fault("is no break of this technician"),
            Some(own) => {
                let inside =
                    |window: &Span| (window.start_s..=window.end_s).contains(&stop.start_s);
                if !own.windows.is_empty() && !own.windows.iter().any(inside) {
                    fault("is a break outside its windows");
                }
                if stop.end_s - stop.start_s != own.duration_s {
                    fault("is a break of another length");
                }
            }
        },
        Doing::Absence(number) => {
            let within = technician.absences.get(number);
            if within.is_none_or(|own| stop.start_s < own.start_s || stop.end_s > own.end_s) {
                fault("is an absence that does not exist");
            }
        }
        Doing::Visit(_) | Doing::Assist(..) => {}
    }
}

fn work(
    case: Case<'_>,
    (visit, stop): (&Visit, &RouteStop),
    walk: &mut Walk,
    cost: &mut Cost,
    fault: &mut impl FnMut(&'static str),
) {
    let Case { problem, technician, .. } = case;
    let moved = walk.place != Some(visit.place);
    let drive = case.drive(walk.place, Some(visit.place));
    let Some((drive_s, metres)) = drive else {
        return fault("cannot be reached");
    };
    if stop.driving_s != drive_s {
        fault("states another drive than the table");
    }
    if stop.start_s < walk.left_s + walk.paused_s + drive_s {
        fault("starts before it can be reached");
    }
    let by_kind =
        visit.durations_by_kind.iter().find(|(kind, _, _)| Some(kind) == technician.kind.as_ref());
    let (setup_s, service_s) = by_kind
        .map_or((visit.setup_s, visit.service_s), |(_, setup_s, service_s)| (*setup_s, *service_s));
    if stop.end_s - stop.start_s != service_s + if moved { setup_s } else { 0 } {
        fault("takes another time than it should");
    }
    case.price((walk.place, visit.place), cost);
    if !walk.first {
        let idle_s = stop.start_s - walk.left_s - walk.paused_s - drive_s;
        cost.waiting += idle_s.max(0) * problem.profile.waiting_per_min / 60;
    }
    let lead = matches!(stop.doing, Doing::Visit(_));
    let needs: &[Need] = match stop.doing {
        Doing::Assist(_, number) => visit.assistants.get(number).map_or(&[], Vec::as_slice),
        _ => &visit.needs,
    };
    if !is_held(problem, visit) {
        allowed(technician, visit, (lead, needs), stop, fault);
    }
    if !lead {
        needs_cost(problem, technician, needs, stop.start_s, cost);
    }
    walk.place = Some(visit.place);
    walk.left_s = stop.end_s;
    walk.paused_s = 0;
    walk.driving_s += drive_s;
    walk.metres += metres;
    walk.on_site_s += stop.end_s - stop.start_s;
    walk.visits += usize::from(moved || walk.first);
    walk.first = false;
}

fn allowed(
    technician: &Technician,
    visit: &Visit,
    (lead, needs): (bool, &[Need]),
    stop: &RouteStop,
    fault: &mut impl FnMut(&'static str),
) {
    let lacks =
        |need: &Need| need.required && level(technician, &need.tag, stop.start_s) < need.level;
    if needs.iter().any(lacks) {
        fault("asks for a skill that the technician lacks");
    }
    if visit.forbidden.contains(&technician.id) {
        fault("may not be done by this technician");
    }
    if lead && visit.parts.iter().any(|part| !technician.parts.contains(part)) {
        fault("needs a part that is not on the van");
    }
    let within = |window: &Span| {
        (window.start_s..=window.end_s.saturating_add(visit.lateness_s)).contains(&stop.start_s)
    };
    if visit.pin.start_s.is_none() && !visit.windows.is_empty() && !visit.windows.iter().any(within)
    {
        fault("starts outside its windows");
    }
    if !technician.territory.is_empty()
        && !visit.point.is_some_and(|at| super::area::inside(technician, at))
    {
        fault("lies outside the territory");
    }
}

impl Case<'_> {
    /// Seconds and metres between two places; none where there is no way.
    fn drive(self, from: Option<usize>, to: Option<usize>) -> Option<(i64, i64)> {
        let (Some(from), Some(to)) = (from, to) else {
            return Some((0, 0));
        };
        let Case { tables, technician, .. } = self;
        let table = tables.get(technician.table)?.table;
        let seconds = table.seconds(from, to);
        if seconds == UNREACHABLE {
            return None;
        }
        let speed = i64::from(technician.speed_permille);
        let scaled = (i64::from(seconds) * 1000 + speed / 2) / speed;
        let seconds = if speed == 1000 { i64::from(seconds) } else { scaled };
        Some((seconds, i64::from(table.metres(from, to))))
    }

    /// What a drive costs.
    fn price(self, (from, to): (Option<usize>, usize), cost: &mut Cost) {
        let Case { problem, tables, technician } = self;
        let Some(from) = from else {
            return;
        };
        let priced = &tables[technician.table];
        if let Some(costs) = priced.costs {
            cost.driving += i64::from(costs[from * priced.table.n() + to]);
            return;
        }
        let Some((seconds, metres)) = self.drive(Some(from), Some(to)) else {
            return;
        };
        let rates = technician.rates;
        let per_hour = rates.map_or(problem.profile.driving_per_s * 3600, |rates| rates.per_hour);
        let per_km = rates.map_or(problem.profile.distance_per_km, |rates| rates.per_km);
        // Rounded once for both terms, so that the sum is what the search pays.
        let both = (seconds * per_hour * 10 + metres * per_km * 36 + 18_000) / 36_000;
        let road = (metres * per_km + 500) / 1000;
        cost.distance += road;
        cost.driving += both - road;
    }
}

/// The way to the end, limits of the whole route, and what they cost.
fn finish(
    case: Case<'_>,
    (route, shift): (&Route, &Shift),
    walk: &mut Walk,
    cost: &mut Cost,
    mut fault: impl FnMut(&'static str),
) {
    let Case { problem, technician, .. } = case;
    let Some((home_s, metres)) = case.drive(walk.place, technician.end) else {
        return fault("cannot reach its end");
    };
    if let Some(end) = technician.end {
        case.price((walk.place, end), cost);
    }
    if route.home_driving_s != home_s {
        fault("states another way to its end than the table");
    }
    if route.end_s < walk.left_s + walk.paused_s + home_s {
        fault("ends before its end can be reached");
    }
    if route.end_s > shift.span.end_s.saturating_add(shift.overtime_s) {
        fault("ends after its shift");
    }
    walk.driving_s += home_s;
    walk.metres += metres;
    if technician.max_driving_s.is_some_and(|most| walk.driving_s > most) {
        fault("drives longer than allowed");
    }
    if technician.max_metres.is_some_and(|most| walk.metres > most) {
        fault("drives farther than allowed");
    }
    if technician.max_visits.is_some_and(|most| walk.visits > most) {
        fault("has more visits than allowed");
    }
    if route.driving_s != walk.driving_s {
        fault("states another time of driving");
    }
    super::loads::check(problem, technician, route, fault);
    let profile = &problem.profile;
    cost.overtime += (route.end_s - shift.span.end_s).max(0) * profile.overtime_per_min / 60;
    cost.routes += technician.rates.map_or(profile.route, |rates| rates.fixed);
    let per_task_hour = technician.rates.map_or(0, |rates| rates.per_task_hour);
    cost.routes += walk.on_site_s * per_task_hour / 3600;
    if profile.unfair_per_min > 0 {
        let all: i64 = problem.visits.iter().map(|visit| visit.service_s).sum();
        let shifts: usize = problem.technicians.iter().map(|one| one.shifts.len()).sum();
        let above = walk.on_site_s - all / (shifts.max(1) as i64);
        cost.unfair += above.max(0) * profile.unfair_per_min / 60;
    }
}

/// Every break and absence that meets the shift is taken, once.
fn pauses_taken(
    technician: &Technician,
    shift: &Shift,
    route: &Route,
    mut fault: impl FnMut(&'static str),
) {
    let count = |doing: Doing| route.stops.iter().filter(|stop| stop.doing == doing).count();
    let meets =
        |window: &Span| window.start_s <= shift.span.end_s && window.end_s >= shift.span.start_s;
    for (number, own) in technician.breaks.iter().enumerate() {
        let due = own.windows.is_empty() || own.windows.iter().any(meets);
        if count(Doing::Break(number)) != usize::from(due) {
            fault("leaves a break out, or takes it twice");
        }
    }
    for (number, absence) in technician.absences.iter().enumerate() {
        let due = absence.overlaps(shift.span);
        let covered = route.stops.iter().any(|stop| {
            stop.doing == Doing::Absence(number)
                && stop.start_s <= absence.start_s.max(shift.span.start_s)
                && stop.end_s >= absence.end_s.min(shift.span.end_s)
        });
        if due && !covered {
            fault("works through an absence");
        }
    }
}
