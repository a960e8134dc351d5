//! Who may do what, and what the choice of a technician costs by itself.

use geo::{Contains, LineString, Polygon};

use crate::day::{Need, Skill};
use crate::optimise::model::Model;
use crate::optimise::problem::{Problem, Technician, Visit};
use crate::optimise::solution::Doing;

/// Fills in what every lane may take and what taking it costs.
pub(crate) fn add(model: &mut Model, problem: &Problem) {
    let (count, words) = (model.nodes.len(), model.nodes.len().div_ceil(64));
    model.allowed = vec![0; model.lanes.len() * words];
    let mut choice = vec![0_i32; model.lanes.len() * count];
    let areas: Vec<Vec<Polygon>> = problem.technicians.iter().map(areas).collect();
    for (lane_index, lane) in model.lanes.iter().enumerate() {
        let technician = &problem.technicians[lane.technician as usize];
        let last_s = model.base_s + i64::from(lane.close);
        for (index, node) in model.nodes.iter().enumerate() {
            let mut allowed = true;
            let mut cost = 0_i64;
            for part in &node.parts {
                let (visit, needs) = match part.doing {
                    Doing::Visit(visit) => (visit, &problem.visits[visit].needs),
                    Doing::Assist(visit, number) => {
                        (visit, &problem.visits[visit].assistants[number])
                    }
                    Doing::Break(_) | Doing::Absence(_) => continue,
                };
                let visit = &problem.visits[visit];
                let lead = matches!(part.doing, Doing::Visit(_));
                allowed &= may(technician, visit, lead, &areas[lane.technician as usize])
                    && needs.iter().all(|need| !need.required || meets(technician, need, last_s));
                cost += price(problem, technician, visit, needs, lead, last_s);
            }
            let on_site = model.durations[lane.kind as usize].service[index];
            cost += i64::from(on_site) * lane.per_task_hour / 3600;
            if allowed {
                model.allowed[lane_index * words + index / 64] |= 1 << (index % 64);
            }
            choice[lane_index * count + index] = cost.min(i64::from(i32::MAX / 2)) as i32;
        }
    }
    if choice.iter().any(|cost| *cost != 0) {
        model.choice = choice;
    }
}

/// A technician's territory as polygons.
pub(crate) fn areas(technician: &Technician) -> Vec<Polygon> {
    let ring = |points: &Vec<crate::travel::Point>| {
        let line = LineString::from(points.iter().map(|at| (at.lon, at.lat)).collect::<Vec<_>>());
        Polygon::new(line, Vec::new())
    };
    technician.territory.iter().map(ring).collect()
}

/// Whether a technician may be sent, skills aside. The one definition; reasons are worded from it elsewhere.
pub(crate) fn may(technician: &Technician, visit: &Visit, lead: bool, areas: &[Polygon]) -> bool {
    let held = visit.pin.technician.as_ref().filter(|_| lead);
    let inside = areas.is_empty()
        || visit.point.is_some_and(|at| {
            areas.iter().any(|area| area.contains(&geo::Point::new(at.lon, at.lat)))
        });
    held.is_none_or(|held| *held == technician.id)
        && !visit.forbidden.contains(&technician.id)
        && (!lead || visit.parts.iter().all(|part| technician.parts.contains(part)))
        && inside
}

/// The entry that counts for a need at an instant.
fn held<'a>(technician: &'a Technician, need: &Need, at_s: i64) -> Option<&'a Skill> {
    technician
        .skills
        .iter()
        .filter(|skill| skill.tag.eq_ignore_ascii_case(&need.tag))
        .filter(|skill| skill.expires_s.is_none_or(|expires_s| expires_s > at_s))
        .max_by_key(|skill| skill.level)
}

/// Whether a technician has what is needed until the end of the shift.
pub(crate) fn meets(technician: &Technician, need: &Need, last_s: i64) -> bool {
    held(technician, need, last_s).is_some_and(|skill| skill.level >= need.level)
}

fn price(
    problem: &Problem,
    technician: &Technician,
    visit: &Visit,
    needs: &[Need],
    lead: bool,
    last_s: i64,
) -> i64 {
    let profile = &problem.profile;
    let mut cost = 0;
    for need in needs {
        let level = held(technician, need, last_s).map_or(0, |skill| skill.level);
        if need.required {
            cost += profile.overqualified_per_level * i64::from(level.saturating_sub(need.level));
        } else if level < need.level {
            cost += profile.not_preferred;
        }
    }
    if lead && !visit.preferred.is_empty() && !visit.preferred.contains(&technician.id) {
        cost += profile.not_preferred;
    }
    let moved = visit.current.as_ref().is_some_and(|current| current.technician != technician.id);
    if lead && moved {
        cost += profile.moved_technician;
    }
    cost
}
