//! The independent checker: recomputes a plan from the problem and the travel tables, and trusts nobody.
//!
//! Shares no code with the search. Every plan of every test goes through it, and every plan before it is applied.

mod area;
mod bound;
mod loads;
mod route;

use super::problem::{Problem, Technician, Visit};
use super::profile::Cost;
use super::solution::{Doing, Solution};
use super::travel_tables::Tables;
use crate::day::Need;

/// A rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("route {route}, stop {stop}: {what}")]
    Stop { route: usize, stop: usize, what: &'static str },
    #[error("route {route}: {what}")]
    Route { route: usize, what: &'static str },
    #[error("visit {visit}: {what}")]
    Visit { visit: usize, what: &'static str },
    #[error("link {link}: {what}")]
    Link { link: usize, what: &'static str },
}

/// Where and when a visit takes place, as found in the plan.
#[derive(Clone, Copy, Debug)]
struct Found {
    route: usize,
    technician: usize,
    start_s: i64,
    end_s: i64,
    /// How manieth work stop of the route.
    position: usize,
}

/// Recomputes everything: the cost term by term, or every broken rule.
///
/// # Errors
/// The broken rules, in the order of routes, visits and links.
pub fn verify(problem: &Problem, tables: &Tables<'_>, plan: &Solution) -> Result<Cost, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut cost = Cost::default();
    for index in 0..plan.routes.len() {
        route::check(problem, tables, plan, index, &mut cost, &mut faults);
    }
    let found = found(problem, plan, &mut faults);
    for (index, visit) in problem.visits.iter().enumerate() {
        let left_out = plan.unserved.iter().any(|unserved| unserved.visit == index);
        match (&found[index], left_out) {
            (None, false) => faults.push(Fault::Visit { visit: index, what: "is nowhere" }),
            (Some(_), true) => {
                faults.push(Fault::Visit { visit: index, what: "is both in and out" })
            }
            (None, true) => cost.unserved += problem.profile.unserved_cost(visit.priority),
            (Some(found), false) => {
                choice_cost(problem, visit, found, &mut cost);
                bound::held(problem, index, found, &mut faults);
            }
        }
    }
    bound::assistants(problem, plan, &found, &mut faults);
    bound::links(problem, &found, &mut faults);
    if faults.is_empty() { Ok(cost) } else { Err(faults) }
}

/// Every visit's place in the plan; one that is there twice is a fault.
fn found(problem: &Problem, plan: &Solution, faults: &mut Vec<Fault>) -> Vec<Option<Found>> {
    let mut found: Vec<Option<Found>> = vec![None; problem.visits.len()];
    for (index, route) in plan.routes.iter().enumerate() {
        let mut position = 0;
        for (number, stop) in route.stops.iter().enumerate() {
            let Doing::Visit(visit) = stop.doing else {
                continue;
            };
            position += 1;
            match found.get_mut(visit) {
                None => {
                    faults.push(Fault::Stop { route: index, stop: number, what: "is no visit" });
                }
                Some(Some(_)) => faults.push(Fault::Visit { visit, what: "is planned twice" }),
                Some(place) => {
                    *place = Some(Found {
                        route: index,
                        technician: route.technician,
                        start_s: stop.start_s,
                        end_s: stop.end_s,
                        position,
                    });
                }
            }
        }
    }
    found
}

/// What the choice of technician and start costs, drives aside.
fn choice_cost(problem: &Problem, visit: &Visit, found: &Found, cost: &mut Cost) {
    let profile = &problem.profile;
    let Some(technician) = problem.technicians.get(found.technician) else {
        return;
    };
    needs_cost(problem, technician, &visit.needs, found.start_s, cost);
    if !visit.preferred.is_empty() && !visit.preferred.contains(&technician.id) {
        cost.not_preferred += profile.not_preferred;
    }
    if visit.current.as_ref().is_some_and(|current| current.technician != technician.id) {
        cost.moved += profile.moved_technician;
    }
    let told = visit.promised;
    if told.is_some_and(|told| found.start_s < told.start_s || found.start_s > told.end_s) {
        cost.moved += profile.moved_promise;
    }
    if visit.lateness_s > 0 {
        let opened = visit.windows.iter().filter(|window| window.start_s <= found.start_s);
        let late_s = opened.map(|window| found.start_s - window.end_s).min().unwrap_or(0);
        cost.promise_broken += late_s.max(0) * profile.promise_broken_per_min / 60;
    }
    if let Some(due_s) = visit.due_s {
        cost.sla_late += (found.end_s - due_s).max(0) * profile.sla_late_per_min / 60;
    }
}

fn needs_cost(
    problem: &Problem,
    technician: &Technician,
    needs: &[Need],
    at_s: i64,
    cost: &mut Cost,
) {
    for need in needs {
        let level = level(technician, &need.tag, at_s);
        if need.required {
            let above = i64::from(level.saturating_sub(need.level));
            cost.overqualified += problem.profile.overqualified_per_level * above;
        } else if level < need.level {
            cost.not_preferred += problem.profile.not_preferred;
        }
    }
}

/// The highest level of a skill that counts at an instant; 0 without it.
fn level(technician: &Technician, tag: &str, at_s: i64) -> u8 {
    let valid = technician.skills.iter().filter(|skill| {
        skill.tag.eq_ignore_ascii_case(tag) && skill.expires_s.is_none_or(|until_s| at_s < until_s)
    });
    valid.map(|skill| skill.level).max().unwrap_or(0)
}
