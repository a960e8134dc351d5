//! The plan in the problem's own terms: routes with times, and what each term costs.

use super::calm::stay;
use super::compile::{Compiled, times};
use super::model::{Lane, Model, NONE, Part};
use super::plan::Kept;
use super::problem::Problem;
use super::reasons::reasons;
use super::solution::{Doing, Route, RouteStop, Solution, Unserved};
use super::timetable::{Line, What, timetable};
use super::tour::View;

/// Words the plan.
pub(crate) fn answer(problem: &Problem, compiled: &Compiled, kept: &Kept, steps: u64) -> Solution {
    let model = &compiled.model;
    let mut held = Vec::new();
    if !kept.held.is_empty() {
        held = vec![(super::model::NEVER, super::model::NEVER); model.nodes.len()];
        for &(node, start) in &kept.held {
            held[node as usize] = (start, start);
        }
    }
    stay(problem, compiled, kept, &mut held);
    let view = View { model, held: &held, stretch: 0 };
    let mut solution = Solution { steps, ..Solution::default() };
    let mut served = vec![false; problem.visits.len()];
    for (lane, nodes) in kept.tours.iter().enumerate() {
        if nodes.is_empty() {
            continue;
        }
        let own = &model.lanes[lane];
        let lines =
            if own.stiff { as_it_stands(model, own, nodes) } else { timetable(view, own, nodes) };
        let Some(lines) = lines else {
            continue;
        };
        let route = route(problem, model, lane, &lines);
        for stop in &route.stops {
            if let Doing::Visit(visit) = stop.doing {
                served[visit] = true;
            }
        }
        solution.routes.push(route);
    }
    solution.routes.sort_by_key(|route| (route.technician, route.shift));
    let left = served.iter().enumerate().filter(|(_, served)| !**served);
    for (visit, _) in left {
        let node = compiled.nodes_of[visit][0];
        let (reasons, change) = reasons(problem, model, kept, (visit, node));
        solution.unserved.push(Unserved { visit, reasons, change });
    }
    solution
}

/// Lines of a lane whose fixed nodes cannot all be met in time: each at the start it has.
fn as_it_stands(model: &Model, lane: &Lane, nodes: &[u32]) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    let (mut left, mut from) = (lane.open, lane.start);
    for &node in nodes {
        let (place, start) = (model.nodes[node as usize].place, model.fixed[node as usize]?.start);
        let end = start + model.duration(lane.kind, node, from);
        let drive = model.leg(lane.class, from, place).s;
        lines.push(Line { what: What::Node(node), left, drive, start, end });
        (left, from) = (end, place);
    }
    let drive = model.leg(lane.class, from, lane.end).s;
    let end = left.saturating_add(drive);
    lines.push(Line { what: What::End, left, drive, start: end, end });
    Some(lines)
}

fn route(problem: &Problem, model: &Model, lane_index: usize, lines: &[Line]) -> Route {
    let lane = &model.lanes[lane_index];
    let at = |instant: i32| model.base_s + i64::from(instant);
    let mut route = Route {
        technician: lane.technician as usize,
        shift: lane.shift as usize,
        ..Route::default()
    };
    let mut place = lane.start;
    let mut leaving: Option<i32> = None;
    let mut paused = 0;
    for line in lines {
        match line.what {
            What::Pause(pause) => {
                paused += line.end - line.start;
                route.stops.push(RouteStop {
                    doing: lane.pauses[pause].doing,
                    arrive_s: at(line.start),
                    start_s: at(line.start),
                    end_s: at(line.end),
                    driving_s: 0,
                    metres: 0,
                });
            }
            What::Node(node) => {
                let node = &model.nodes[node as usize];
                let driven = line.left + line.drive + paused;
                let arrive = if leaving.is_none() && paused == 0 {
                    line.start
                } else {
                    driven.min(line.start)
                };
                if leaving.is_none() {
                    leaving = Some(if paused == 0 { line.start - line.drive } else { line.left });
                }
                push_parts(&mut route, (problem, model), line, node, (arrive, place), lane.class);
                (place, paused) = (node.place, 0);
            }
            What::End => {
                route.end_s = at(line.end);
                route.home_driving_s = i64::from(line.drive);
                route.home_metres = model.metres(lane.class, place, lane.end);
            }
        }
    }
    let leaving = leaving.unwrap_or(lane.open);
    route.start_s = at(leaving);
    if place == NONE {
        route.home_driving_s = 0;
    }
    route.driving_s =
        route.stops.iter().map(|stop| stop.driving_s).sum::<i64>() + route.home_driving_s;
    route.metres = route.stops.iter().map(|stop| stop.metres).sum::<i64>() + route.home_metres;
    route
}

/// One stop for each piece of work at a node; the drive belongs to the first.
fn push_parts(
    route: &mut Route,
    (problem, model): (&Problem, &Model),
    line: &Line,
    node: &super::model::Node,
    (arrive, from): (i32, u32),
    class: u32,
) {
    let at = |instant: i32| model.base_s + i64::from(instant);
    let kind = problem.technicians[route.technician].kind.as_deref();
    let own = |part: &Part| match part.doing {
        Doing::Visit(visit) | Doing::Assist(visit, _) => times(&problem.visits[visit], kind).1,
        Doing::Break(_) | Doing::Absence(_) => 0,
    };
    // Setup comes on top of the parts' own durations and belongs to the first.
    let all: i64 = node.parts.iter().map(own).sum();
    let setup = i64::from(line.end - line.start) - all;
    let mut begins = at(line.start);
    for (index, part) in node.parts.iter().enumerate() {
        let ends = begins + own(part) + if index == 0 { setup } else { 0 };
        let first = index == 0;
        route.stops.push(RouteStop {
            doing: part.doing,
            arrive_s: if first { at(arrive) } else { begins },
            start_s: begins,
            end_s: ends,
            driving_s: if first { i64::from(line.drive) } else { 0 },
            metres: if first { model.metres(class, from, node.place) } else { 0 },
        });
        begins = ends;
    }
}
