//! The times of a route whose order is given, with the fewest seconds outside of windows.
//!
//! Exact: times move along a chain, each at least a fixed gap after the one before, and what it costs to miss a
//! window is a straight line between the windows' ends. So an optimum exists in which everything, counted back to the
//! start of the route, sits on some window's end; those are tried, element by element.

use crate::day::Span;

/// More work than this is refused: a route of a thousand tasks with ten windows each.
const MOST_CELLS: usize = 20_000_000;

/// Never.
pub(super) const FAR_S: i64 = i64::MAX / 8;

/// One element of the chain.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Wished; every second outside costs. Empty: any time.
    pub windows: Vec<Span>,
    /// Demanded, both ends included.
    pub hard: Span,
    /// At least so long after the element before.
    pub gap_s: i64,
}

/// Seconds by which `at_s` misses the nearest window: too early negative, too late positive.
pub(super) fn missed(windows: &[Span], at_s: i64) -> i64 {
    let by = |window: &Span| {
        if at_s < window.start_s { at_s - window.start_s } else { (at_s - window.end_s).max(0) }
    };
    windows.iter().map(by).min_by_key(|by| by.abs()).unwrap_or(0)
}

/// Why there are no times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoTimes {
    /// What is demanded cannot be had.
    Infeasible,
    TooLong,
}

/// When each element takes place: fewest seconds outside of windows, then the earliest end, then the latest start.
pub(super) fn times(chain: &[Link]) -> Result<Vec<i64>, NoTimes> {
    let mut before_s = 0;
    let gaps: Vec<i64> = chain
        .iter()
        .map(|link| {
            before_s += link.gap_s;
            before_s
        })
        .collect();
    let ends = chain.iter().zip(&gaps).flat_map(|(link, gap_s)| {
        let all = link.windows.iter().chain(std::iter::once(&link.hard));
        all.flat_map(|span| [span.start_s, span.end_s])
            .filter(|end_s| end_s.abs() < FAR_S)
            .map(move |end_s| end_s - gap_s)
    });
    let mut places: Vec<i64> = ends.collect();
    places.push(0);
    places.sort_unstable();
    places.dedup();
    if places.len().saturating_mul(chain.len()) > MOST_CELLS {
        return Err(NoTimes::TooLong);
    }
    let mut best = vec![0_i64; places.len()];
    let mut from: Vec<Vec<u32>> = Vec::with_capacity(chain.len());
    for (link, gap_s) in chain.iter().zip(&gaps) {
        let (mut least, mut least_at) = (FAR_S, 0);
        let mut row = Vec::with_capacity(places.len());
        for (index, place) in places.iter().enumerate() {
            if best[index] <= least {
                (least, least_at) = (best[index], index as u32);
            }
            let at_s = place + gap_s;
            let meets = link.hard.start_s <= at_s && at_s <= link.hard.end_s;
            best[index] = if meets && least < FAR_S {
                least + missed(&link.windows, at_s).abs()
            } else {
                FAR_S
            };
            row.push(least_at);
        }
        from.push(row);
    }
    let last = best.iter().enumerate().min_by_key(|(_, cost)| **cost).map(|(index, _)| index);
    let Some(mut at) = last.filter(|index| best[*index] < FAR_S) else {
        return Err(NoTimes::Infeasible);
    };
    let mut times = vec![0; chain.len()];
    for index in (0..chain.len()).rev() {
        times[index] = places[at] + gaps[index];
        at = from[index][at] as usize;
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(windows: &[(i64, i64)], gap_s: i64) -> Link {
        let windows = windows.iter().map(|(from, until)| Span::new(*from, *until)).collect();
        Link { windows, hard: Span::new(0, FAR_S), gap_s }
    }

    fn cost(chain: &[Link], times: &[i64]) -> i64 {
        chain.iter().zip(times).map(|(link, at_s)| missed(&link.windows, *at_s).abs()).sum()
    }

    #[test]
    fn a_route_that_can_be_met_is_met_with_the_latest_start() {
        let chain = [link(&[(0, 1000)], 0), link(&[(100, 110)], 20), link(&[], 30)];
        assert_eq!(times(&chain).unwrap(), [80, 100, 130]);
    }

    #[test]
    fn one_comes_a_little_early_so_that_two_are_not_late() {
        let chain = [link(&[(100, 200)], 0), link(&[(0, 140)], 50), link(&[(0, 190)], 50)];
        let found = times(&chain).unwrap();
        assert_eq!((found.clone(), cost(&chain, &found)), (vec![90, 140, 190], 10));
    }

    #[test]
    fn no_other_times_on_a_grid_miss_less() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..300 {
            let chain: Vec<Link> = (0..3)
                .map(|_| {
                    let mut windows = Vec::new();
                    for _ in 0..rng.usize(1..3) {
                        let from = rng.i64(0..20);
                        windows.push((from, from + rng.i64(0..4)));
                    }
                    link(&windows, rng.i64(0..8))
                })
                .collect();
            let found = times(&chain).unwrap();
            let mut least = i64::MAX;
            for a in 0..45 {
                for b in a + chain[1].gap_s..45 {
                    for c in b + chain[2].gap_s..45 {
                        least = least.min(cost(&chain, &[a, b, c]));
                    }
                }
            }
            assert_eq!(cost(&chain, &found), least, "{chain:?} {found:?}");
        }
    }

    #[test]
    fn what_is_demanded_and_impossible_has_no_times() {
        let mut chain = [link(&[], 0), link(&[], 50)];
        chain[0].hard = Span::new(10, 10);
        chain[1].hard = Span::new(0, 59);
        assert_eq!(times(&chain), Err(NoTimes::Infeasible));
    }
}
