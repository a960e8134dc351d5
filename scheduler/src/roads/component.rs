//! Keeps the arcs from which every other kept arc can be reached: the largest strongly connected component.
//!
//! What lies outside of it (car parks behind a fence, ends of roads beyond the extract's border) can be reached from
//! nowhere or leads nowhere; a place there is snapped to the nearest road that does.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::turns::Turn;

/// Which arcs to keep; among equally large components the one with the lowest arc.
pub fn largest(turns: &[Vec<Turn>]) -> Vec<bool> {
    let mut graph: DiGraph<(), (), u32> = DiGraph::with_capacity(turns.len(), turns.len() * 3);
    let vertices: Vec<_> = turns.iter().map(|_| graph.add_node(())).collect();
    for (from, onto) in turns.iter().enumerate() {
        for turn in onto {
            graph.add_edge(vertices[from], vertices[turn.to as usize], ());
        }
    }
    let mut kept = vec![false; turns.len()];
    let lowest = |component: &Vec<petgraph::graph::NodeIndex>| {
        std::cmp::Reverse(component.iter().map(|vertex| vertex.index()).min())
    };
    let largest = kosaraju_scc(&graph).into_iter().max_by_key(|found| (found.len(), lowest(found)));
    for vertex in largest.into_iter().flatten() {
        kept[vertex.index()] = true;
    }
    kept
}
