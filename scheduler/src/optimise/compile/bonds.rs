//! What binds visits becomes units: nodes that come and go together.

use crate::optimise::model::{Bond, Model, Unit};
use crate::optimise::problem::{Link, Problem};

use super::{NodesOf, seconds};

/// Adds units; visits bound in a chain share one.
pub(crate) fn add(model: &mut Model, problem: &Problem, nodes_of: &NodesOf) {
    let mut bonds: Vec<Bond> = Vec::new();
    for nodes in nodes_of {
        let assistants = nodes.iter().skip(1);
        bonds.extend(assistants.map(|node| Bond::Together { a: nodes[0], b: *node }));
    }
    for link in &problem.links {
        match *link {
            Link::Order { first, second, min_gap_s, max_gap_s } => bonds.push(Bond::After {
                first: nodes_of[first][0],
                second: nodes_of[second][0],
                min: seconds(min_gap_s),
                max: max_gap_s.map_or(i32::MAX / 4, seconds),
            }),
            Link::SameTime { a, b } => {
                bonds.push(Bond::Together { a: nodes_of[a][0], b: nodes_of[b][0] });
            }
            Link::Carry { pickup, delivery } => {
                let (first, second) = (nodes_of[pickup][0], nodes_of[delivery][0]);
                carry(model, first, second);
                bonds.push(Bond::Carry { first, second });
            }
            Link::Bundle(_) => {}
        }
    }
    join(model, bonds);
}

/// The pickup's goods stay on the van until the delivery.
fn carry(model: &mut Model, first: u32, second: u32) {
    let load = std::mem::take(&mut model.nodes[first as usize].load.pickup);
    let back = std::mem::take(&mut model.nodes[second as usize].load.delivery);
    let goods = if load.is_empty() { back } else { load };
    model.nodes[second as usize].load.carry = goods.iter().map(|amount| -amount).collect();
    model.nodes[first as usize].load.carry = goods;
    model.has_loads = true;
}

/// Nodes that are bound, directly or through others, become one unit; whatever comes first comes first in it.
fn join(model: &mut Model, bonds: Vec<Bond>) {
    let mut graph = petgraph::unionfind::UnionFind::<u32>::new(model.nodes.len());
    for bond in &bonds {
        let (a, b) = ends(*bond);
        graph.union(a, b);
    }
    let mut unit_of_root = std::collections::BTreeMap::new();
    for bond in bonds {
        let root = graph.find(ends(bond).0);
        let unit = *unit_of_root.entry(root).or_insert_with(|| {
            model.units.push(Unit::default());
            model.units.len() - 1
        });
        model.units[unit].bonds.push(bond);
    }
    for (index, unit) in model.units.iter_mut().enumerate() {
        unit.nodes = in_order(&unit.bonds);
        for node in &unit.nodes {
            model.unit_of[*node as usize] = index as u32;
        }
    }
}

const fn ends(bond: Bond) -> (u32, u32) {
    match bond {
        Bond::Together { a, b } => (a, b),
        Bond::After { first, second, .. } | Bond::Carry { first, second } => (first, second),
    }
}

/// The unit's nodes so that whatever must be over before another comes before it.
fn in_order(bonds: &[Bond]) -> Vec<u32> {
    let mut graph = petgraph::graphmap::DiGraphMap::<u32, ()>::new();
    for bond in bonds {
        let (first, second) = ends(*bond);
        graph.add_edge(first, second, ());
    }
    // A circle was refused at the door; were there one, the bonds themselves refuse every place.
    petgraph::algo::toposort(&graph, None).unwrap_or_else(|_| {
        let mut nodes: Vec<u32> = graph.nodes().collect();
        nodes.sort_unstable();
        nodes
    })
}
