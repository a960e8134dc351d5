//! Placing visits whose times depend on each other: leads with assistants, dependencies, carries.
//!
//! While such visits stand in the plan, their starts are held at one instant each, so that every tour can still be
//! judged by itself. Ruin takes them out together; here they are put back together, at the first start that suits
//! all of them, or not at all.

use fastrand::Rng;

use super::fit::Spot;
use super::model::{Bond, NEVER, Window, earliest_in};
use super::plan::Plan;

/// Spots of the first node that are tried before the unit is given up.
const TRIES: usize = 6;

/// Puts all nodes of a unit in, or none.
pub(crate) fn put_unit(plan: &mut Plan<'_>, rng: &mut Rng, unit: u32) -> bool {
    let nodes = plan.model.units[unit as usize].nodes.clone();
    if nodes.iter().any(|node| plan.lane_of[*node as usize] != super::model::NONE) {
        return false;
    }
    let mut firsts = spots(plan, nodes[0], None, &[]);
    firsts.truncate(TRIES);
    if firsts.len() > 1 && rng.u8(..) < 8 {
        firsts.remove(0);
    }
    let before = plan.felt;
    for (lane, spot) in firsts {
        if place_all(plan, unit, &nodes, (lane, spot)) && plan.felt < before {
            return true;
        }
        for node in &nodes {
            plan.take_out_one(*node);
        }
    }
    false
}

/// Places the first node at a spot and every other where it then costs least.
fn place_all(plan: &mut Plan<'_>, unit: u32, nodes: &[u32], first: (u32, Spot)) -> bool {
    let model = plan.model;
    let bonds = &model.units[unit as usize].bonds;
    for (index, &node) in nodes.iter().enumerate() {
        let placed = &nodes[..index];
        let found = if index == 0 {
            Some(first)
        } else {
            window_for(plan, bonds, node, placed).and_then(|window| {
                spots(plan, node, Some(window), &others(plan, bonds, node)).into_iter().next()
            })
        };
        let Some((lane, spot)) = found else {
            return false;
        };
        if !settle(plan, bonds, node, (lane, spot), placed) {
            return false;
        }
    }
    true
}

/// Puts a node in and holds it, and those that start with it, at one instant.
fn settle(
    plan: &mut Plan<'_>,
    bonds: &[Bond],
    node: u32,
    (lane, spot): (u32, Spot),
    placed: &[u32],
) -> bool {
    if let Some(window) = window_for(plan, bonds, node, placed) {
        plan.hold(node, window);
    }
    let leeway = plan.tours[lane as usize].leeway(plan.view(), lane, node, spot.position as usize);
    let Some((start, _)) = leeway else {
        plan.hold(node, (NEVER, NEVER));
        return false;
    };
    plan.hold(node, (start, start));
    let mut fits = plan.put(node, lane, spot.position);
    for &other in placed {
        let together = bonds.iter().any(|bond| {
            matches!(*bond, Bond::Together { a, b } if (a, b) == (node, other) || (b, a) == (node, other))
        });
        if together {
            // Its latest start lies in a window; what lies between need not.
            let open = &plan.model.nodes[other as usize].windows;
            fits &= earliest_in(open, start) == start;
            plan.hold(other, (start, start));
            let lane = plan.lane_of[other as usize];
            fits &= plan.rechecked(lane);
        }
    }
    fits
}

/// When a node may start, given those of its unit that stand already; none where that is never.
fn window_for(plan: &Plan<'_>, bonds: &[Bond], node: u32, placed: &[u32]) -> Option<Window> {
    let model = plan.model;
    let (mut first, mut last) = (i32::MIN / 4, i32::MAX / 4);
    for bond in bonds {
        match *bond {
            Bond::Together { a, b } => {
                let other = if a == node { b } else { a };
                if (a == node || b == node) && placed.contains(&other) {
                    let (from, until) = leeway_of(plan, other)?;
                    (first, last) = (first.max(from), last.min(until));
                }
            }
            Bond::After { first: before, second, min, max } if second == node => {
                if placed.contains(&before) {
                    let end = start_of(plan, before)? + on_site(plan, before);
                    (first, last) = (first.max(end + min), last.min(end.saturating_add(max)));
                }
            }
            Bond::After { first: before, second, min, max } if before == node => {
                if placed.contains(&second) {
                    let start = start_of(plan, second)? - on_site_at_least(plan, node);
                    (first, last) = (first.max(start - max), last.min(start - min));
                }
            }
            Bond::After { .. } | Bond::Carry { .. } => {}
        }
    }
    // Inside the node's own windows, the first stretch that is open.
    let own = model.nodes[node as usize].windows.iter();
    own.map(|(open, close)| (first.max(*open), last.min(*close)))
        .find(|(open, close)| open <= close)
}

fn start_of(plan: &Plan<'_>, node: u32) -> Option<i32> {
    plan.view().windows(node).first().map(|window| window.0)
}

fn on_site(plan: &Plan<'_>, node: u32) -> i32 {
    let lane = &plan.model.lanes[plan.lane_of[node as usize] as usize];
    let tour = &plan.tours[plan.lane_of[node as usize] as usize].nodes;
    let at = tour.iter().position(|other| *other == node).unwrap_or(0);
    let from = match at {
        0 => lane.start,
        at => plan.model.nodes[tour[at - 1] as usize].place,
    };
    plan.model.duration(lane.kind, node, from)
}

fn on_site_at_least(plan: &Plan<'_>, node: u32) -> i32 {
    let kinds = plan.model.durations.iter();
    kinds.map(|durations| durations.service[node as usize]).max().unwrap_or(0)
}

/// How far a node that stands could still be shifted.
fn leeway_of(plan: &Plan<'_>, node: u32) -> Option<Window> {
    let lane = plan.lane_of[node as usize];
    let nodes = &plan.tours[lane as usize].nodes;
    let at = nodes.iter().position(|other| *other == node)?;
    let held = plan.view().windows(node).first().copied()?;
    // From its own start on: everything before it has been placed for that start.
    let last = plan.tours[lane as usize].latest_start(
        plan.model,
        lane,
        at,
        &plan.model.nodes[node as usize].windows,
    );
    Some((held.0, last.max(held.0)))
}

/// Technicians who are at the visit already, in another part.
fn others(plan: &Plan<'_>, bonds: &[Bond], node: u32) -> Vec<u32> {
    let mut taken = Vec::new();
    for bond in bonds {
        if let Bond::Together { a, b } = *bond
            && (a == node || b == node)
        {
            let other = plan.lane_of[if a == node { b } else { a } as usize];
            if other != super::model::NONE {
                taken.push(plan.model.lanes[other as usize].technician);
            }
        }
    }
    taken
}

/// Every spot for a node, the cheapest first.
fn spots(
    plan: &mut Plan<'_>,
    node: u32,
    window: Option<Window>,
    taken: &[u32],
) -> Vec<(u32, Spot)> {
    let model = plan.model;
    if let Some(window) = window {
        plan.hold(node, window);
    }
    let carry = carried_with(plan, node);
    let mut all = Vec::new();
    for &lane in &plan.share.lanes {
        let own = &model.lanes[lane as usize];
        if !model.allows(lane, node) || own.stiff || taken.contains(&own.technician) {
            continue;
        }
        let from = match carry {
            Some((with, position)) if with == lane => position,
            Some(_) => continue,
            None => 0,
        };
        let tour = &plan.tours[lane as usize];
        tour.spots(plan.view(), lane, node, i64::MAX, |spot| {
            if spot.position as usize >= from {
                all.push((lane, spot));
            }
            i64::MAX
        });
    }
    plan.hold(node, (NEVER, NEVER));
    all.sort_by_key(|(lane, spot)| (spot.delta, *lane, spot.position));
    all
}

/// The lane, and the position from which on, a carry's second end may go.
fn carried_with(plan: &Plan<'_>, node: u32) -> Option<(u32, usize)> {
    let unit = plan.model.unit_of[node as usize];
    let bonds = &plan.model.units[unit as usize].bonds;
    bonds.iter().find_map(|bond| match *bond {
        Bond::Carry { first, second } if second == node => {
            let lane = plan.lane_of[first as usize];
            let nodes = plan.tours.get(lane as usize).map(|tour| &tour.nodes)?;
            let at = nodes.iter().position(|other| *other == first)?;
            Some((lane, at + 1))
        }
        _ => None,
    })
}
