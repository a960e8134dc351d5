//! The line of a way on the map, from stretches and the vertices a search went over.

use super::assemble::{Spot, between_dm};
use super::hierarchy::climb::{Climb, trace};
use super::network::{NONE, Network, Place};
use super::snap::Snapped;

impl Network {
    /// The line of the way whose climbs met at the vertex `met`.
    pub(super) fn drawn(
        &self,
        from: &Place,
        to: &Place,
        climbs: &(Climb, Climb),
        met: u32,
    ) -> Vec<Spot> {
        let arcs = trace(&self.hierarchy, climbs, met);
        let mut line = Vec::new();
        let (Some(first), Some(last)) = (arcs.first(), arcs.last()) else { return line };
        let at_start = from.0.iter().find(|s| self.arcs[*first as usize].0 / 2 == s.stretch);
        if let Some(start) = at_start {
            line.extend(self.part(*first, start.along_dm, None));
        }
        for arc in &arcs[1..] {
            line.extend(self.part(*arc, NONE, None));
        }
        let reached = climbs.1.cost(*last);
        let arrivals = self.arrivals(to).filter(|(seed, _, _)| *seed == (*last, reached));
        if let Some((_, arc, end)) = arrivals.min_by_key(|(_, arc, _)| *arc) {
            line.extend(self.part(arc, NONE, Some(end.along_dm)));
        }
        line.dedup();
        line
    }

    /// The points of an arc in driving order, from `from_dm` along its stretch (all of it for [`NONE`]) to `to_dm`.
    fn part(&self, arc: u32, from_dm: u32, to_dm: Option<u32>) -> Vec<Spot> {
        let (direction, cost) = self.arcs[arc as usize];
        let against = direction % 2 == 1;
        let edge = |at_start: bool| if at_start == against { cost.dm } else { 0 };
        let from_dm = if from_dm == NONE { edge(true) } else { from_dm };
        let to_dm = to_dm.unwrap_or_else(|| edge(false));
        self.cut(direction / 2, from_dm, to_dm)
    }

    /// The line along one stretch.
    pub(super) fn between(&self, start: Snapped, end: Snapped) -> Vec<Spot> {
        self.cut(start.stretch, start.along_dm, end.along_dm)
    }

    /// A stretch's points between two distances along it, in that order.
    fn cut(&self, stretch: u32, from_dm: u32, to_dm: u32) -> Vec<Spot> {
        let (low, high) = (from_dm.min(to_dm), from_dm.max(to_dm));
        let line = self.line(stretch);
        let mut cut = Vec::new();
        let mut at_dm = 0;
        for two in line.windows(2) {
            let next_dm = at_dm + between_dm(two[0], two[1]);
            let part = |dm: u32| along(two[0], two[1], dm - at_dm, next_dm - at_dm);
            if (at_dm..=next_dm).contains(&low) {
                cut.push(part(low));
            }
            if next_dm > low && next_dm < high {
                cut.push(two[1]);
            }
            if (at_dm..=next_dm).contains(&high) {
                cut.push(part(high));
                break;
            }
            at_dm = next_dm;
        }
        if from_dm > to_dm {
            cut.reverse();
        }
        cut.dedup();
        cut
    }
}

fn along(a: Spot, b: Spot, part: u32, of: u32) -> Spot {
    let at = |a: i32, b: i32| {
        let step = (i64::from(b) - i64::from(a)) * i64::from(part) / i64::from(of.max(1));
        (i64::from(a) + step) as i32
    };
    [at(a[0], b[0]), at(a[1], b[1])]
}
