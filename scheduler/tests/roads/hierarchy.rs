//! The hierarchy finds what plain Dijkstra finds, on any graph, and its shortcuts come apart into real edges.

use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use proptest::prelude::*;
use scheduler::roads::Cost;
use scheduler::roads::hierarchy::climb::{Climb, meet, trace};
use scheduler::roads::hierarchy::contract::contract;
use scheduler::roads::hierarchy::many::many;

type Edges = Vec<(u32, u32, Cost)>;

fn graphs() -> impl Strategy<Value = (usize, Edges)> {
    (2..40_usize).prop_flat_map(|n| {
        let cost = (1..60_u32, 1..50_u32, 0..1_000_u32).prop_map(|(weight, ms, dm)| Cost {
            weight,
            ms,
            dm,
        });
        let edge = (0..n as u32, 0..n as u32, cost);
        (Just(n), prop::collection::vec(edge, 0..n * 4))
    })
}

fn plain(n: usize, edges: &Edges) -> DiGraph<(), u64> {
    let mut graph = DiGraph::new();
    (0..n).for_each(|_| {
        graph.add_node(());
    });
    for (from, to, cost) in edges {
        graph.add_edge(NodeIndex::new(*from as usize), NodeIndex::new(*to as usize), cost.key());
    }
    graph
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_pair_costs_what_plain_dijkstra_says((n, edges) in graphs()) {
        let (hierarchy, rank) = contract(n, edges.iter().copied(), &mut |_| {});
        let graph = plain(n, &edges);
        let seeds: Vec<_> = rank.iter().map(|rank| vec![(*rank, Cost::default())]).collect();
        let table = many(&hierarchy, &seeds, &seeds, &mut Climb::default());
        let mut climbs = (Climb::default(), Climb::default());
        for from in 0..n {
            let truth = dijkstra(&graph, NodeIndex::new(from), None, |edge| *edge.weight());
            for to in 0..n {
                let expected = truth.get(&NodeIndex::new(to)).copied();
                let met = meet(&hierarchy, &seeds[from], &seeds[to], &mut climbs);
                prop_assert_eq!(met.map(|(cost, _)| cost.key()), expected);
                let cell = table[from * n + to];
                prop_assert_eq!((cell != Cost::NEVER).then(|| cell.key()), expected);
                let Some((cost, vertex)) = met else { continue };
                let along = trace(&hierarchy, &climbs, vertex);
                prop_assert_eq!((along[0], along[along.len() - 1]), (rank[from], rank[to]));
                let steps = along.windows(2).map(|two| {
                    let between = edges.iter().filter(|(a, b, _)| {
                        rank[*a as usize] == two[0] && rank[*b as usize] == two[1]
                    });
                    between.map(|(_, _, cost)| cost.key()).min().unwrap()
                });
                prop_assert_eq!(steps.sum::<u64>(), cost.key());
            }
        }
    }

    #[test]
    fn the_best_of_several_starts_and_ends_is_found(
        (n, edges) in graphs(),
        ends in prop::collection::vec((any::<prop::sample::Index>(), 0..40_u32), 2..8),
    ) {
        let (hierarchy, rank) = contract(n, edges.iter().copied(), &mut |_| {});
        let graph = plain(n, &edges);
        let placed: Vec<(usize, Cost)> = ends
            .iter()
            .map(|(at, ms)| (at.index(n), Cost { weight: *ms, ms: *ms, dm: 0 }))
            .collect();
        let (from, to) = placed.split_at(placed.len() / 2);
        let seeds = |ends: &[(usize, Cost)]| {
            ends.iter().map(|(at, cost)| (rank[*at], *cost)).collect::<Vec<_>>()
        };
        let met = meet(&hierarchy, &seeds(from), &seeds(to), &mut Default::default());
        let expected = from.iter().flat_map(|(start, before)| {
            let truth = dijkstra(&graph, NodeIndex::new(*start), None, |edge| *edge.weight());
            to.iter()
                .filter_map(|(end, after)| {
                    Some(truth.get(&NodeIndex::new(*end))? + before.key() + after.key())
                })
                .collect::<Vec<u64>>()
        });
        prop_assert_eq!(met.map(|(cost, _)| cost.key()), expected.min());
    }

    #[test]
    fn the_same_graph_makes_the_same_hierarchy((n, edges) in graphs()) {
        let mut shuffled = edges.clone();
        shuffled.reverse();
        let made = |edges: &Edges| contract(n, edges.iter().copied(), &mut |_| {});
        prop_assert_eq!(made(&edges), made(&edges));
        let lengths = |edges: &Edges| made(edges).0.edges() > 0;
        prop_assert_eq!(lengths(&edges), lengths(&shuffled));
    }
}
