//! Keeps visits at the hour they have where the new plan leaves room for it. A timetable is as early as possible, and
//! would move every visit of a day with some slack by a few minutes for nothing. Moves nothing between routes.

use super::compile::Compiled;
use super::model::{Lane, NEVER, NONE, Window, earliest_in};
use super::plan::Kept;
use super::problem::Problem;
use super::solution::Doing;
use super::timetable::{What, harm, timetable};
use super::tour::View;

/// Adds to `held` (a window of one instant by node; [`NEVER`] where a node is not held) what stays at its hour.
///
/// Only waiting may grow by it: no promise is broken, no visit later than is due, nobody works longer.
pub(crate) fn stay(problem: &Problem, compiled: &Compiled, kept: &Kept, held: &mut Vec<Window>) {
    let model = &compiled.model;
    if problem.visits.iter().all(|visit| visit.current.is_none()) {
        return;
    }
    if held.is_empty() {
        held.resize(model.nodes.len(), (NEVER, NEVER));
    }
    for (lane, nodes) in model.lanes.iter().zip(&kept.tours) {
        if lane.stiff || nodes.is_empty() {
            continue;
        }
        let Some(mut lines) = timetable(View { model, held, stretch: 0 }, lane, nodes) else {
            continue;
        };
        let most = harm(model, lane, &lines);
        for &node in nodes {
            let Some(hour) = hour(problem, compiled, lane, node) else { continue };
            let now = lines.iter().find(|line| line.what == What::Node(node));
            let view = View { model, held, stretch: 0 };
            let fits = earliest_in(view.windows(node), hour) == hour;
            if !fits || now.is_none_or(|line| line.start >= hour) {
                continue;
            }
            let before = std::mem::replace(&mut held[node as usize], (hour, hour));
            let view = View { model, held, stretch: 0 };
            let later = timetable(view, lane, nodes).filter(|lines| {
                let over = lines.last().is_none_or(|line| line.end > lane.close);
                !over && harm(model, lane, lines) <= most
            });
            match later {
                Some(later) => lines = later,
                None => held[node as usize] = before,
            }
        }
    }
}

/// When a visit that stays with its technician begins in the plan in force; none for those whose times depend on others.
fn hour(problem: &Problem, compiled: &Compiled, lane: &Lane, node: u32) -> Option<i32> {
    let model = &compiled.model;
    let index = node as usize;
    if model.unit_of[index] != NONE
        || model.fixed[index].is_some()
        || model.home[index] != lane.technician
    {
        return None;
    }
    let [part] = model.nodes[index].parts.as_slice() else { return None };
    let Doing::Visit(visit) = part.doing else { return None };
    problem.visits[visit].current.as_ref().map(|current| model.at(current.start_s))
}
