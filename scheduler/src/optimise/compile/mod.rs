//! Turns a problem into rows of numbers: sorts by id, resolves names, and settles once what never changes.
//!
//! Sorting makes the answer independent of the order of the input. Expects a problem that [`mod@super::refuse`] let in.

mod bonds;
mod choice;
mod lanes;
mod near;
mod nodes;

pub(crate) use choice::{areas, may, meets};
pub(crate) use nodes::{is_frozen, times};

use super::model::{Clocked, Model, NONE};
use super::plan::Kept;
use super::problem::Problem;
use super::solution::{Doing, Solution};
use super::travel_tables::Tables;

/// A model, and the plan in force as a place to start from.
pub(crate) struct Compiled {
    pub model: Model,
    pub current: Kept,
    pub nodes_of: NodesOf,
}

impl Compiled {
    /// A plan of the problem as a place to start from; fixed visits stand where they are fixed.
    pub(crate) fn start(&self, plan: &Solution) -> Kept {
        let model = &self.model;
        let mut kept = no_tours(model);
        let mut seen = vec![false; model.nodes.len()];
        for (lane, nodes) in self.current.tours.iter().enumerate() {
            let fixed = nodes.iter().filter(|node| model.fixed[**node as usize].is_some());
            kept.tours[lane].extend(fixed.clone());
            fixed.for_each(|node| seen[*node as usize] = true);
        }
        for route in &plan.routes {
            let lane = model.lanes.iter().position(|lane| {
                (lane.technician as usize, lane.shift as usize) == (route.technician, route.shift)
            });
            let Some(lane) = lane else { continue };
            for stop in &route.stops {
                let node = match stop.doing {
                    Doing::Visit(visit) => self.nodes_of[visit][0],
                    Doing::Assist(visit, number) => self.nodes_of[visit][number + 1],
                    Doing::Break(_) | Doing::Absence(_) => continue,
                };
                if !std::mem::replace(&mut seen[node as usize], true) {
                    kept.tours[lane].push(node);
                    if model.unit_of[node as usize] != NONE {
                        kept.held.push((node, model.at(stop.start_s)));
                    }
                }
            }
        }
        kept
    }
}

/// Compiles `problem`.
pub(crate) fn compile(problem: &Problem, tables: &Tables<'_>) -> Compiled {
    let mut model = Model { base_s: base_s(problem), ..Model::default() };
    let profile = &problem.profile;
    model.clocked = Clocked {
        promise_broken: profile.promise_broken_per_min,
        sla_late: profile.sla_late_per_min,
        overtime: profile.overtime_per_min,
        waiting: profile.waiting_per_min,
        moved_promise: profile.moved_promise,
        unfair: profile.unfair_per_min,
        even_share: 0,
    };
    lanes::add(&mut model, problem, tables);
    let nodes_of = nodes::add(&mut model, problem);
    bonds::add(&mut model, problem, &nodes_of);
    choice::add(&mut model, problem);
    lanes::find_kin(&mut model);
    even_share(&mut model);
    model.has_clocked = has_clocked(&model);
    let loads = || model.nodes.iter().map(|node| &node.load);
    model.only_delivers = loads().all(|load| load.pickup.is_empty() && load.carry.is_empty());
    model.plain = !model.has_clocked
        && !model.has_metres
        && (!model.has_loads || model.only_delivers)
        && model.durations.iter().all(|durations| durations.setup.is_empty());
    near::add(&mut model);
    let current = nodes::current(&mut model, problem, &nodes_of);
    Compiled { model, current, nodes_of }
}

/// Node indices by visit: its own (or its bundle's) first, then its assistants'.
pub(crate) type NodesOf = Vec<Vec<u32>>;

/// The earliest instant that matters.
fn base_s(problem: &Problem) -> i64 {
    let shifts = problem.technicians.iter().flat_map(|technician| &technician.shifts);
    shifts.map(|shift| shift.span.start_s).min().unwrap_or(0)
}

impl Model {
    /// An instant as the model counts it; what is too far away to matter is brought near.
    pub(crate) fn at(&self, instant_s: i64) -> i32 {
        let far = i64::from(i32::MAX / 4);
        instant_s.saturating_sub(self.base_s).clamp(-far, far) as i32
    }
}

/// A span of seconds as the model counts it.
pub(crate) fn seconds(span_s: i64) -> i32 {
    span_s.clamp(0, i64::from(i32::MAX / 4)) as i32
}

fn even_share(model: &mut Model) {
    if model.clocked.unfair == 0 || model.durations.is_empty() || model.lanes.is_empty() {
        return;
    }
    let on_site: i64 = model.durations[0].service.iter().map(|service| i64::from(*service)).sum();
    model.clocked.even_share = seconds(on_site / model.lanes.len() as i64);
}

fn has_clocked(model: &Model) -> bool {
    let prices = model.clocked;
    prices.waiting > 0
        || prices.unfair > 0
        || prices.promise_broken > 0 && model.nodes.iter().any(|node| !node.promised.is_empty())
        || prices.sla_late > 0 && model.nodes.iter().any(|node| node.due < super::model::NEVER)
        || prices.moved_promise > 0 && model.nodes.iter().any(|node| node.told.is_some())
        || prices.overtime > 0 && model.lanes.iter().any(|lane| lane.overtime_from < lane.close)
}

/// Where a lane's list of nodes is put for [`Kept`].
fn no_tours(model: &Model) -> Kept {
    Kept { tours: vec![Vec::new(); model.lanes.len()], held: Vec::new(), cost: i64::MAX }
}

/// Every node a unit of its own.
fn alone(model: &mut Model) {
    model.unit_of = vec![NONE; model.nodes.len()];
}
