//! Makes the hierarchy: vertices are taken out one by one, the least important first, and a shortcut is put in
//! wherever the shortest way between two neighbours led over the vertex that went.
//!
//! Deterministic: equal importance is decided by number. Knows no roads, only vertices and costs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::super::Cost;
use super::{Edge, Hierarchy, Lists};

/// Vertices that a search for a way around settles at most. More makes fewer shortcuts and takes longer.
const SETTLED_MAX: usize = 120;
/// The same while importance is only guessed.
const GUESS_SETTLED_MAX: usize = 40;

#[derive(Clone, Copy, Debug)]
struct Link {
    other: u32,
    cost: Cost,
    middle: u32,
    /// Edges of the graph under it.
    hops: u32,
}

/// A hierarchy over `edges` (`from`, `to`, cost) between `n` vertices, and for every vertex its rank.
/// `told` hears now and then how many vertices are done.
pub fn contract(
    n: usize,
    edges: impl Iterator<Item = (u32, u32, Cost)>,
    told: &mut dyn FnMut(usize),
) -> (Hierarchy, Vec<u32>) {
    let mut work = Contraction::new(n);
    for (from, to, cost) in edges.filter(|(from, to, _)| from != to) {
        let link = Link { other: to, cost, middle: Edge::REAL, hops: 1 };
        work.put(from, link);
    }
    work.run(told);
    work.finish()
}

struct Contraction {
    out: Vec<Vec<Link>>,
    into: Vec<Vec<Link>>,
    level: Vec<u32>,
    rank: Vec<u32>,
    around: Around,
}

/// A vertex's shortcuts, were it taken out now.
struct Shortcut {
    from: u32,
    link: Link,
}

impl Contraction {
    fn new(n: usize) -> Self {
        Self {
            out: vec![Vec::new(); n],
            into: vec![Vec::new(); n],
            level: vec![0; n],
            rank: vec![u32::MAX; n],
            around: Around::new(n),
        }
    }

    /// Puts an edge in, or makes a worse one between the same two better.
    fn put(&mut self, from: u32, link: Link) {
        better(&mut self.out[from as usize], link);
        better(&mut self.into[link.other as usize], Link { other: from, ..link });
    }

    fn run(&mut self, told: &mut dyn FnMut(usize)) {
        let n = self.out.len();
        let mut queue: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::with_capacity(n);
        for vertex in 0..n as u32 {
            let importance = self.importance(vertex);
            queue.push(Reverse((importance, vertex)));
        }
        let mut done = 0;
        while let Some(Reverse((_, vertex))) = queue.pop() {
            if self.rank[vertex as usize] != u32::MAX {
                continue;
            }
            // Its neighbours may have gone since it was queued.
            let importance = self.importance(vertex);
            if queue.peek().is_some_and(|next| next.0 < (importance, vertex)) {
                queue.push(Reverse((importance, vertex)));
                continue;
            }
            self.take_out(vertex, done as u32);
            done += 1;
            if done % 4_096 == 0 {
                told(done);
            }
        }
        told(done);
    }

    fn importance(&mut self, vertex: u32) -> u64 {
        let shortcuts = self.shortcuts(vertex, GUESS_SETTLED_MAX);
        let at = vertex as usize;
        let removed = self.out[at].len() + self.into[at].len();
        let hops_removed: u64 =
            self.out[at].iter().chain(&self.into[at]).map(|link| u64::from(link.hops)).sum();
        let hops_added: u64 = shortcuts.iter().map(|shortcut| u64::from(shortcut.link.hops)).sum();
        let share = |added: u64, removed: u64| 1_000 * added / removed.max(1);
        500 * u64::from(self.level[at])
            + share(shortcuts.len() as u64, removed as u64)
            + share(hops_added, hops_removed)
    }

    fn shortcuts(&mut self, vertex: u32, settled_max: usize) -> Vec<Shortcut> {
        let at = vertex as usize;
        let mut found = Vec::new();
        for first in &self.into[at] {
            let ends: Vec<&Link> =
                self.out[at].iter().filter(|last| last.other != first.other).collect();
            let Some(limit) = ends.iter().map(|last| first.cost.plus(last.cost).key()).max() else {
                continue;
            };
            self.around.wanted.clear();
            self.around.wanted.extend(ends.iter().map(|end| end.other));
            self.around.search(&self.out, first.other, vertex, limit, settled_max);
            for last in ends {
                let cost = first.cost.plus(last.cost);
                if self.around.key(last.other) > cost.key() {
                    let hops = first.hops.saturating_add(last.hops);
                    let link = Link { other: last.other, cost, middle: vertex, hops };
                    found.push(Shortcut { from: first.other, link });
                }
            }
        }
        found
    }

    fn take_out(&mut self, vertex: u32, rank: u32) {
        let shortcuts = self.shortcuts(vertex, SETTLED_MAX);
        let at = vertex as usize;
        self.rank[at] = rank;
        let level = self.level[at] + 1;
        let neighbours: Vec<u32> =
            self.out[at].iter().chain(&self.into[at]).map(|link| link.other).collect();
        for neighbour in neighbours {
            let beside = neighbour as usize;
            self.out[beside].retain(|link| link.other != vertex);
            self.into[beside].retain(|link| link.other != vertex);
            self.level[beside] = self.level[beside].max(level);
        }
        for shortcut in shortcuts {
            self.put(shortcut.from, shortcut.link);
        }
    }

    fn finish(self) -> (Hierarchy, Vec<u32>) {
        let mut by_rank: Vec<u32> = (0..self.rank.len() as u32).collect();
        by_rank.sort_unstable_by_key(|vertex| self.rank[*vertex as usize]);
        let rank = &self.rank;
        let renumber = |middle: u32| match middle {
            Edge::REAL => Edge::REAL,
            vertex => rank[vertex as usize],
        };
        let lists = |of: &[Vec<Link>]| {
            Lists::from_each(by_rank.iter().map(|vertex| {
                let mut edges: Vec<Edge> = of[*vertex as usize]
                    .iter()
                    .map(|link| Edge {
                        other: rank[link.other as usize],
                        cost: link.cost,
                        middle: renumber(link.middle),
                    })
                    .collect();
                edges.sort_unstable_by_key(|edge| edge.other);
                edges
            }))
        };
        let hierarchy = Hierarchy { up: lists(&self.out), down: lists(&self.into) };
        (hierarchy, self.rank)
    }
}

fn better(list: &mut Vec<Link>, link: Link) {
    match list.iter_mut().find(|known| known.other == link.other) {
        Some(known) if link.cost.key() < known.cost.key() => *known = link,
        Some(_) => {}
        None => list.push(link),
    }
}

/// The search for a way around a vertex. Keys of costs add up like costs do.
struct Around {
    keys: Vec<u64>,
    touched: Vec<u32>,
    queue: BinaryHeap<Reverse<(u64, u32)>>,
    /// The search may end when it has been at all of these.
    wanted: Vec<u32>,
}

impl Around {
    fn new(n: usize) -> Self {
        Self {
            keys: vec![u64::MAX; n],
            touched: Vec::new(),
            queue: BinaryHeap::new(),
            wanted: Vec::new(),
        }
    }

    /// The length of a way to a vertex that the last search found, not always the shortest; `u64::MAX` for none.
    fn key(&self, vertex: u32) -> u64 {
        self.keys[vertex as usize]
    }

    fn search(
        &mut self,
        out: &[Vec<Link>],
        from: u32,
        without: u32,
        limit: u64,
        settled_max: usize,
    ) {
        for vertex in self.touched.drain(..) {
            self.keys[vertex as usize] = u64::MAX;
        }
        self.queue.clear();
        self.reach(from, 0);
        let mut settled = 0;
        while let Some(Reverse((key, vertex))) = self.queue.pop() {
            if key > self.keys[vertex as usize] {
                continue;
            }
            settled += 1;
            if let Some(at) = self.wanted.iter().position(|wanted| *wanted == vertex) {
                self.wanted.swap_remove(at);
            }
            if key > limit || settled > settled_max || self.wanted.is_empty() {
                break;
            }
            for link in out[vertex as usize].iter().filter(|link| link.other != without) {
                let next = key.saturating_add(link.cost.key());
                if next <= limit && next < self.keys[link.other as usize] {
                    self.reach(link.other, next);
                }
            }
        }
    }

    fn reach(&mut self, vertex: u32, key: u64) {
        if self.keys[vertex as usize] == u64::MAX {
            self.touched.push(vertex);
        }
        self.keys[vertex as usize] = key;
        self.queue.push(Reverse((key, vertex)));
    }
}
