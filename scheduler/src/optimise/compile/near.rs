//! Who is near whom, in space and in time: the drive, a share of the waiting it brings, and the lateness.
//!
//! The measure is that of Vidal and others (Computers & Operations Research 40, 2013) for granular neighbourhoods.

use crate::optimise::model::Model;

/// Neighbours kept by node.
const KEPT: usize = 100;

/// Fills the lists of neighbours.
pub(crate) fn add(model: &mut Model) {
    let count = model.nodes.len();
    if model.legs.is_empty() || model.durations.is_empty() {
        // Nobody drives: nobody is near.
        model.near = vec![Vec::new(); count];
        return;
    }
    let kept = KEPT.min(count.saturating_sub(1));
    let mut near = Vec::with_capacity(count);
    let mut row: Vec<(i64, u32)> = Vec::with_capacity(count);
    for node in 0..count as u32 {
        row.clear();
        let others = (0..count as u32).filter(|other| *other != node);
        row.extend(
            others.map(|other| {
                (distance(model, node, other).min(distance(model, other, node)), other)
            }),
        );
        if kept > 0 && kept < row.len() {
            row.select_nth_unstable(kept - 1);
            row.truncate(kept);
        }
        row.sort_unstable();
        near.push(row.iter().map(|(_, other)| *other).collect());
    }
    model.near = near;
}

/// How far `to` is when it follows `from`.
fn distance(model: &Model, from: u32, to: u32) -> i64 {
    let (before, after) = (&model.nodes[from as usize], &model.nodes[to as usize]);
    let leg = model.leg(0, before.place, after.place);
    let service = i64::from(model.durations[0].service[from as usize]);
    let drive = service + i64::from(leg.s);
    let bounds =
        |windows: &[(i32, i32)]| (i64::from(windows[0].0), i64::from(windows[windows.len() - 1].1));
    let ((opens, closes), (next_opens, next_closes)) =
        (bounds(&before.windows), bounds(&after.windows));
    let waiting = (next_opens - closes - drive).max(0);
    let lateness = (opens + drive - next_closes).max(0);
    i64::from(leg.cost) + waiting / 5 + lateness
}
