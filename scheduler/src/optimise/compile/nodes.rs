//! Visits become nodes: bundles one node, assistants a node each; pins and what is frozen are settled here.

use std::sync::Arc;

use crate::optimise::model::{
    Durations, Fixed, Load, MAX_PAUSES, Model, NEVER, NONE, Node, Part, Window,
};
use crate::optimise::plan::Kept;
use crate::optimise::problem::{Link, Problem, Visit};
use crate::optimise::solution::Doing;
use crate::optimise::tour::{Tour, View};

use super::{NodesOf, seconds};

/// What leaving out a pinned visit costs: more than all others together.
const PINNED_LOSS: i64 = 100_000_000_000_000;

/// Adds nodes, visits by id; says which nodes each visit became.
pub(crate) fn add(model: &mut Model, problem: &Problem) -> NodesOf {
    let mut nodes_of: NodesOf = vec![Vec::new(); problem.visits.len()];
    let mut order: Vec<usize> = (0..problem.visits.len()).collect();
    order.sort_by(|a, b| problem.visits[*a].id.cmp(&problem.visits[*b].id));
    let bundles = bundles(problem);
    let kinds = kinds(problem);
    model.durations = vec![Durations::default(); kinds.len()];
    for index in order {
        let members = match &bundles[index] {
            Some(members) if members[0] != index => continue,
            Some(members) => members.clone(),
            None => vec![index],
        };
        let node = push(model, problem, &kinds, &members);
        for member in &members {
            nodes_of[*member].push(node);
        }
        for number in 0..problem.visits[index].assistants.len() {
            let node = push_assistant(model, problem, &kinds, (index, number));
            nodes_of[index].push(node);
        }
    }
    if model.durations.iter().all(|durations| durations.setup.iter().all(|setup| *setup == 0)) {
        for durations in &mut model.durations {
            durations.setup.clear();
        }
    }
    model.has_loads = model.nodes.iter().any(|node| node.load != Load::default());
    super::alone(model);
    model.fixed = vec![None; model.nodes.len()];
    model.home = vec![NONE; model.nodes.len()];
    for (visit, nodes) in problem.visits.iter().zip(&nodes_of) {
        let whom = visit.current.as_ref().map(|current| &current.technician);
        let home = problem.technicians.iter().position(|one| Some(&one.id) == whom);
        if let (Some(home), Some(&node)) = (home, nodes.first()) {
            model.home[node as usize] = home as u32;
        }
    }
    nodes_of
}

/// Kinds of technicians in the order in which lanes were numbered by them.
fn kinds(problem: &Problem) -> Vec<Option<Arc<str>>> {
    let mut order: Vec<usize> = (0..problem.technicians.len()).collect();
    order.sort_by(|a, b| problem.technicians[*a].id.cmp(&problem.technicians[*b].id));
    let mut kinds: Vec<Option<Arc<str>>> = Vec::new();
    for index in order {
        let kind = &problem.technicians[index].kind;
        if !kinds.contains(kind) {
            kinds.push(kind.clone());
        }
    }
    kinds
}

/// The bundle each visit belongs to.
fn bundles(problem: &Problem) -> Vec<Option<Vec<usize>>> {
    let mut of = vec![None; problem.visits.len()];
    for link in &problem.links {
        if let Link::Bundle(members) = link {
            for member in members {
                of[*member] = Some(members.clone());
            }
        }
    }
    of
}

fn push(
    model: &mut Model,
    problem: &Problem,
    kinds: &[Option<Arc<str>>],
    members: &[usize],
) -> u32 {
    let first = &problem.visits[members[0]];
    let mut node = base_node(model, problem, first);
    for (position, member) in members.iter().enumerate() {
        let visit = &problem.visits[*member];
        node.parts.push(Part { doing: Doing::Visit(*member) });
        if position > 0 {
            node.unserved = node.unserved.saturating_add(loss(problem, visit));
            node.due = node.due.min(visit.due_s.map_or(NEVER, |due_s| model.at(due_s)));
            add_amounts(&mut node.load.delivery, &visit.delivery);
            add_amounts(&mut node.load.pickup, &visit.pickup);
            let own = windows(model, problem, visit, visit.lateness_s);
            for after in offsets(problem, kinds, &members[..position]) {
                node.windows = intersection(&node.windows, &own, after);
            }
        }
    }
    for (kind, durations) in kinds.iter().zip(&mut model.durations) {
        let (setup_s, _) = times(first, kind.as_deref());
        durations.setup.push(seconds(setup_s));
        let service = members.iter().map(|one| times(&problem.visits[*one], kind.as_deref()).1);
        durations.service.push(seconds(service.sum()));
    }
    model.nodes.push(node);
    model.nodes.len() as u32 - 1
}

fn push_assistant(
    model: &mut Model,
    problem: &Problem,
    kinds: &[Option<Arc<str>>],
    (index, number): (usize, usize),
) -> u32 {
    let visit = &problem.visits[index];
    let mut node = base_node(model, problem, visit);
    node.unserved = 0;
    (node.promised, node.told, node.due) = (Vec::new(), None, NEVER);
    node.load = Load::default();
    node.parts.push(Part { doing: Doing::Assist(index, number) });
    for (kind, durations) in kinds.iter().zip(&mut model.durations) {
        let (setup_s, service_s) = times(visit, kind.as_deref());
        durations.setup.push(seconds(setup_s));
        durations.service.push(seconds(service_s));
    }
    model.nodes.push(node);
    model.nodes.len() as u32 - 1
}

fn base_node(model: &Model, problem: &Problem, visit: &Visit) -> Node {
    let late = problem.profile.promise_broken_per_min > 0 && visit.lateness_s > 0;
    let told = visit.promised.map(|span| (model.at(span.start_s), model.at(span.end_s)));
    Node {
        place: visit.place as u32,
        windows: windows(model, problem, visit, visit.lateness_s),
        promised: if late { windows(model, problem, visit, 0) } else { Vec::new() },
        told: told.filter(|_| problem.profile.moved_promise > 0),
        due: visit.due_s.map_or(NEVER, |due_s| model.at(due_s)),
        unserved: loss(problem, visit),
        parts: Vec::new(),
        load: Load {
            delivery: visit.delivery.clone(),
            pickup: visit.pickup.clone(),
            carry: Vec::new(),
        },
    }
}

/// What leaving a visit out costs.
fn loss(problem: &Problem, visit: &Visit) -> i64 {
    let own = problem.profile.unserved_cost(visit.priority);
    let stays = !visit.pin.is_free() || is_frozen(problem, visit);
    if stays { own.saturating_add(PINNED_LOSS) } else { own }
}

/// Whether a visit stays as it stands: under way, or about to be.
pub(crate) fn is_frozen(problem: &Problem, visit: &Visit) -> bool {
    visit.current.as_ref().is_some_and(|current| {
        let frozen = problem.frozen_until_s.is_some_and(|until_s| current.start_s < until_s);
        current.started || frozen
    })
}

/// How long after a bundle's start a member may begin, whoever comes, with and without the setup before it.
fn offsets(problem: &Problem, kinds: &[Option<Arc<str>>], before: &[usize]) -> Vec<i32> {
    let by_kind = kinds.iter().flat_map(|kind| {
        let service_s: i64 =
            before.iter().map(|one| times(&problem.visits[*one], kind.as_deref()).1).sum();
        let setup_s = times(&problem.visits[before[0]], kind.as_deref()).0;
        [seconds(service_s), seconds(service_s + setup_s)]
    });
    by_kind.collect()
}

/// Setup and service of a visit by a kind of technician.
pub(crate) fn times(visit: &Visit, kind: Option<&str>) -> (i64, i64) {
    let own = visit.durations_by_kind.iter().find(|(name, _, _)| Some(&**name) == kind);
    own.map_or((visit.setup_s, visit.service_s), |(_, setup_s, service_s)| (*setup_s, *service_s))
}

/// When service may start: by time, none touching another.
fn windows(model: &Model, problem: &Problem, visit: &Visit, lateness_s: i64) -> Vec<Window> {
    if let Some(current) = visit.current.as_ref().filter(|_| is_frozen(problem, visit)) {
        let at = model.at(current.start_s);
        return vec![(at, at)];
    }
    if let Some(start_s) = visit.pin.start_s {
        return vec![(model.at(start_s), model.at(start_s))];
    }
    let soonest = problem.now_s.map_or(i32::MIN / 4, |now_s| model.at(now_s));
    let mut all: Vec<Window> = visit
        .windows
        .iter()
        .map(|window| (model.at(window.start_s), model.at(window.end_s.saturating_add(lateness_s))))
        .collect();
    if all.is_empty() {
        all.push((i32::MIN / 4, i32::MAX / 4));
    }
    all.sort_unstable();
    let mut merged: Vec<Window> = Vec::with_capacity(all.len());
    for (open, close) in all {
        let open = open.max(soonest);
        if open > close {
            continue;
        }
        match merged.last_mut() {
            Some(last) if open <= last.1 => last.1 = last.1.max(close),
            _ => merged.push((open, close)),
        }
    }
    if merged.is_empty() {
        // All over: an instant that no route reaches.
        merged.push((i32::MIN / 4, i32::MIN / 4));
    }
    merged
}

/// Starts of a bundle at which its next member, `after` seconds later, is still in its own window.
fn intersection(bundle: &[Window], own: &[Window], after: i32) -> Vec<Window> {
    let mut both = Vec::new();
    for (open, close) in bundle {
        for (own_open, own_close) in own {
            let first = (*open).max(own_open.saturating_sub(after));
            let last = (*close).min(own_close.saturating_sub(after));
            if first <= last {
                both.push((first, last));
            }
        }
    }
    both.sort_unstable();
    if both.is_empty() {
        both.push((i32::MIN / 4, i32::MIN / 4));
    }
    both
}

fn add_amounts(sum: &mut Vec<i64>, amounts: &[i64]) {
    if sum.len() < amounts.len() {
        sum.resize(amounts.len(), 0);
    }
    for (sum, amount) in sum.iter_mut().zip(amounts) {
        *sum = sum.saturating_add(*amount);
    }
}

/// The plan in force; what is frozen or pinned to a time is marked as fixed, and lanes that cannot hold it as stiff.
pub(crate) fn current(model: &mut Model, problem: &Problem, nodes_of: &NodesOf) -> Kept {
    let mut kept = super::no_tours(model);
    let mut starts: Vec<Vec<(i32, u32)>> = vec![Vec::new(); model.lanes.len()];
    for (index, visit) in problem.visits.iter().enumerate() {
        let (Some(current), Some(&node)) = (&visit.current, nodes_of[index].first()) else {
            continue;
        };
        let at = model.at(current.start_s);
        let lane = model.lanes.iter().position(|lane| {
            problem.technicians[lane.technician as usize].id == current.technician
                && lane.open.min(at) == lane.open
                && at <= lane.close
        });
        let frozen = is_frozen(problem, visit);
        let lane = lane.or_else(|| frozen.then(|| any_lane(model, problem, current)).flatten());
        let bundled = starts.iter().flatten().any(|(_, other)| *other == node);
        let (Some(lane), false) = (lane, bundled) else {
            continue;
        };
        // A visit whose times depend on others is placed anew with them, unless it is frozen.
        if frozen {
            model.fixed[node as usize] = Some(Fixed { lane: lane as u32, start: at });
            let words = model.nodes.len().div_ceil(64);
            model.allowed[lane * words + node as usize / 64] |= 1 << (node % 64);
        } else if model.unit_of[node as usize] != NONE {
            continue;
        }
        if frozen || model.allows(lane as u32, node) {
            starts[lane].push((at, node));
        }
    }
    for (lane, mut nodes) in starts.into_iter().enumerate() {
        nodes.sort_unstable();
        kept.tours[lane] = nodes.into_iter().map(|(_, node)| node).collect();
        settle_lane(model, lane, &mut kept.tours[lane]);
    }
    kept
}

/// Drops what cannot be met in time; where even fixed nodes cannot, the lane stays as it stands.
fn settle_lane(model: &mut Model, lane: usize, nodes: &mut Vec<u32>) {
    let possible = |model: &Model, nodes: &[u32]| {
        let view = View { model, held: &[], stretch: 0 };
        let mut tour = Tour::default();
        tour.nodes.extend(nodes);
        tour.refresh(view, lane as u32, 1)
    };
    if possible(model, nodes) {
        return;
    }
    let all = std::mem::take(nodes);
    nodes.extend(all.iter().filter(|node| model.fixed[**node as usize].is_some()));
    if !possible(model, nodes) {
        model.lanes[lane].stiff = true;
        return;
    }
    for (index, node) in all.iter().enumerate() {
        if model.fixed[*node as usize].is_none() {
            let before = all[..index].iter().filter(|other| nodes.contains(other)).count();
            nodes.insert(before, *node);
            if !possible(model, nodes) {
                nodes.remove(before);
            }
        }
    }
}

fn any_lane(
    model: &Model,
    problem: &Problem,
    current: &crate::optimise::problem::Current,
) -> Option<usize> {
    let own = |lane: &crate::optimise::model::Lane| {
        problem.technicians[lane.technician as usize].id == current.technician
    };
    let at = model.at(current.start_s);
    let away = |lane: &crate::optimise::model::Lane| (lane.open - at).max(at - lane.close).max(0);
    let lanes = model.lanes.iter().enumerate().filter(|(_, lane)| own(lane));
    lanes.min_by_key(|(_, lane)| away(lane)).map(|(index, _)| index)
}

const _: () = assert!(MAX_PAUSES < 8, "labels fit one cache line");
