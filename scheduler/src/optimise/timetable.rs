//! The times of a route: when each node and each pause begins, and what depends on that.
//!
//! As early as possible, pauses where they let the route end first. Used for the costs that look at the clock and
//! for the answer; [`mod@super::verify`] computes the same anew and shares nothing with this.

use super::gap::{UNREACHED, arrivals};
use super::model::{Lane, MAX_PAUSES, Model, NEVER, Window, earliest_in};
use super::tour::{View, served, setting_out};

/// One line of a timetable. All times are seconds since the model's base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub what: What,
    /// Leaving the node before.
    pub left: i32,
    pub drive: i32,
    pub start: i32,
    pub end: i32,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Node(u32),
    /// Index into the lane's pauses.
    Pause(usize),
    /// Arriving at the end of the route.
    End,
}

/// Labels and where each came from, node by node and for the end.
struct Step {
    leave: [i32; MAX_PAUSES + 1],
    arrive: [i32; MAX_PAUSES + 1],
    parent: [usize; MAX_PAUSES + 1],
    drive: i32,
}

/// The timetable of `nodes`, or none where they cannot be done in this order.
pub(crate) fn timetable(view: View<'_>, lane: &Lane, nodes: &[u32]) -> Option<Vec<Line>> {
    let model = view.model;
    let labels = lane.pauses.len() + 1;
    let mut steps: Vec<Step> = Vec::with_capacity(nodes.len() + 1);
    let (mut leave, mut from) = (setting_out(lane), lane.start);
    for &node in nodes {
        let place = model.nodes[node as usize].place;
        let mut step = crossed(lane, &leave, model.leg(lane.class, from, place).s);
        let duration = model.duration(lane.kind, node, from);
        step.leave = served(view.windows(node), &step.arrive, duration, labels);
        leave = step.leave;
        from = place;
        steps.push(step);
    }
    let end = crossed(lane, &leave, model.leg(lane.class, from, lane.end).s);
    let last = lane.pauses.len();
    if end.arrive[last] >= NEVER {
        return None;
    }
    steps.push(end);
    Some(written(view, lane, nodes, &steps))
}

/// Crosses a gap and remembers from which label each arrival came.
fn crossed(lane: &Lane, leave: &[i32; MAX_PAUSES + 1], drive: i32) -> Step {
    let mut step = Step { leave: UNREACHED, arrive: UNREACHED, parent: [0; MAX_PAUSES + 1], drive };
    for taken in 0..=lane.pauses.len() {
        let mut only = UNREACHED;
        only[taken] = leave[taken];
        let arrive = arrivals(&lane.pauses, &only, drive);
        for (later, at) in arrive.iter().enumerate().skip(taken) {
            if *at < step.arrive[later] {
                (step.arrive[later], step.parent[later]) = (*at, taken);
            }
        }
    }
    step
}

/// Walks back from the end and writes the lines in order.
fn written(view: View<'_>, lane: &Lane, nodes: &[u32], steps: &[Step]) -> Vec<Line> {
    let mut taken = lane.pauses.len();
    let mut chosen = vec![taken; steps.len()];
    for (index, step) in steps.iter().enumerate().rev() {
        chosen[index] = taken;
        taken = step.parent[taken];
    }
    let mut lines = Vec::with_capacity(steps.len() + lane.pauses.len());
    let mut left = lane.open;
    let mut before = 0;
    for (index, step) in steps.iter().enumerate() {
        let now = chosen[index];
        let mut at = left;
        for (pause_index, pause) in lane.pauses.iter().enumerate().take(now).skip(before) {
            let last = pause_index + 1 == now;
            let start = earliest_in(&pause.windows, at);
            let free = if last { at.saturating_add(step.drive) } else { at };
            lines.push(Line {
                what: What::Pause(pause_index),
                left: at,
                drive: if last { step.drive.min(start - at) } else { 0 },
                start,
                end: start + pause.duration,
            });
            at = if last { free.max(start) + pause.duration } else { start + pause.duration };
        }
        let arrive = step.arrive[now];
        let (what, start, end) = match nodes.get(index) {
            Some(&node) => {
                let start = earliest_in(view.windows(node), arrive);
                (What::Node(node), start, step.leave[now])
            }
            None => (What::End, arrive, arrive),
        };
        lines.push(Line { what, left, drive: step.drive, start, end });
        (left, before) = (end, now);
    }
    lines
}

/// What the times of a route cost: broken promises, lateness, overtime, waiting.
pub(crate) fn clocked_cost(
    view: View<'_>,
    lane: &Lane,
    nodes: impl Iterator<Item = u32> + Clone,
) -> i64 {
    if nodes.clone().next().is_none() {
        return 0;
    }
    if lane.pauses.is_empty() {
        return unbroken_cost(view, lane, nodes);
    }
    let nodes: Vec<u32> = nodes.collect();
    let Some(lines) = timetable(view, lane, &nodes) else {
        return 0;
    };
    let prices = view.model.clocked;
    let mut cost = 0;
    let mut paused = 0;
    let (mut first, mut on_site) = (true, 0);
    for line in &lines {
        match line.what {
            What::Pause(pause) => paused += lane.pauses[pause].duration,
            What::Node(node) => {
                if !first {
                    let idle = line.start - line.left - line.drive - paused;
                    cost += per_min(idle, prices.waiting);
                }
                cost += node_cost(view.model, node, line.start, line.end);
                (first, paused) = (false, 0);
                on_site += line.end - line.start;
            }
            What::End => cost += per_min(line.end - lane.overtime_from, prices.overtime),
        }
    }
    cost + per_min(on_site - prices.even_share, prices.unfair)
}

/// What the times of a route do to others: broken promises, lateness, overtime. Waiting harms nobody.
pub(crate) fn harm(model: &Model, lane: &Lane, lines: &[Line]) -> i64 {
    let cost = |line: &Line| match line.what {
        What::Pause(_) => 0,
        What::Node(node) => node_cost(model, node, line.start, line.end),
        What::End => per_min(line.end - lane.overtime_from, model.clocked.overtime),
    };
    lines.iter().map(cost).sum()
}

/// The same for a route without pauses, in one pass.
fn unbroken_cost(view: View<'_>, lane: &Lane, nodes: impl Iterator<Item = u32>) -> i64 {
    let model = view.model;
    let prices = model.clocked;
    let (mut at, mut from, mut first) = (lane.open, lane.start, true);
    let (mut cost, mut on_site) = (0, 0);
    for node in nodes {
        let place = model.nodes[node as usize].place;
        let arrive = at.saturating_add(model.leg(lane.class, from, place).s);
        let start = earliest_in(view.windows(node), arrive);
        let end = start + model.duration(lane.kind, node, from);
        if !first {
            cost += per_min(start - arrive, prices.waiting);
        }
        cost += node_cost(model, node, start, end);
        on_site += end - start;
        (at, from, first) = (end, place, false);
    }
    let home = at.saturating_add(model.leg(lane.class, from, lane.end).s);
    cost + per_min(home - lane.overtime_from, prices.overtime)
        + per_min(on_site - prices.even_share, prices.unfair)
}

fn node_cost(model: &Model, node: u32, start: i32, end: i32) -> i64 {
    let prices = model.clocked;
    let node = &model.nodes[node as usize];
    per_min(outside(&node.promised, start), prices.promise_broken)
        + per_min(end.saturating_sub(node.due), prices.sla_late)
        + node
            .told
            .filter(|told| start < told.0 || start > told.1)
            .map_or(0, |_| prices.moved_promise)
}

/// Seconds by which a start misses the nearest window that opened before it.
pub(crate) fn outside(windows: &[Window], start: i32) -> i32 {
    let behind = windows.iter().filter(|(open, _)| *open <= start).map(|(_, close)| start - close);
    behind.min().unwrap_or(0).max(0)
}

/// Points for seconds at a price per minute; nothing for less than none.
pub(crate) fn per_min(seconds: i32, price: i64) -> i64 {
    i64::from(seconds.max(0)) * price / 60
}
