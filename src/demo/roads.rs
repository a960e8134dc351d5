//! The invented road network: ranges, climbs, one motorway and village streets, and the quickest way between two points on it.
//! It owns the geometry only: `way.rs` says where someone is along a way at a moment. Not a map of the real roads, and never used for
//! anything but the demonstration; the villages alone stand where they really are.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::dice::Dice;
use super::names::VILLAGES;
use super::way::Way;

/// A point on the earth, WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub lat: f64,
    pub lon: f64,
}

/// A point on the plane around the headquarters: metres east and north of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flat {
    pub x: f64,
    pub y: f64,
}

const ORIGIN: Point = Point { lat: 45.05, lon: -73.58 };
const METRES_PER_LAT: f64 = 111_132.0;
const METRES_PER_LON: f64 = 78_630.0;
impl Point {
    pub fn flat(self) -> Flat {
        Flat {
            x: (self.lon - ORIGIN.lon) * METRES_PER_LON,
            y: (self.lat - ORIGIN.lat) * METRES_PER_LAT,
        }
    }

    pub fn metres_to(self, other: Point) -> f64 {
        self.flat().metres_to(other.flat())
    }
}

impl Flat {
    pub fn point(self) -> Point {
        Point {
            lat: ORIGIN.lat + self.y / METRES_PER_LAT,
            lon: ORIGIN.lon + self.x / METRES_PER_LON,
        }
    }

    pub fn metres_to(self, other: Flat) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    pub fn towards(self, other: Flat, share: f64) -> Flat {
        Flat { x: self.x + (other.x - self.x) * share, y: self.y + (other.y - self.y) * share }
    }
}

/// One road between two crossings.
#[derive(Debug, Clone)]
pub(super) struct Road {
    pub(super) ends: [usize; 2],
    pub(super) name: &'static str,
    /// What one drives here when nothing is in the way.
    pub(super) speed_ms: f64,
    pub(super) line: Vec<Flat>,
    pub(super) length_m: f64,
    pub(super) village: Option<usize>,
}

/// Where a point meets the network.
#[derive(Debug, Clone, Copy)]
struct Gate {
    road: usize,
    piece: usize,
    at: Flat,
    along_m: f64,
    away_m: f64,
}

/// A house: its point, a little off the road, and what to write on an envelope.
#[derive(Debug, Clone)]
pub struct House {
    pub point: Point,
    pub address: String,
}

#[derive(Debug)]
pub struct Roads {
    pub(super) crossings: Vec<Flat>,
    pub(super) roads: Vec<Road>,
    /// The roads that meet at each crossing.
    pub(super) leaving: Vec<Vec<usize>>,
}

impl Roads {
    /// A house of its own near `village`: one in three in its streets, the others out in the ranges within `reach_m` metres.
    pub fn house(&self, village: usize, reach_m: f64, dice: &mut Dice) -> House {
        let (village_name, lat, lon, _) = VILLAGES[village];
        let centre = Point { lat, lon }.flat();
        let in_streets = dice.chance(0.34);
        let candidates: Vec<&Road> = self
            .roads
            .iter()
            .filter(|road| match road.village {
                Some(here) => in_streets && here == village,
                None => {
                    !in_streets
                        && road.speed_ms < 25.0
                        && self.crossings[road.ends[0]].metres_to(centre) < reach_m
                }
            })
            .collect();
        let Some(road) = candidates.get(dice.index(candidates.len())) else {
            return House {
                point: Point { lat, lon },
                address: format!("1, rue Principale, {village_name}"),
            };
        };
        let piece = dice.index(road.line.len() - 1);
        let (a, b) = (road.line[piece], road.line[piece + 1]);
        let at = a.towards(b, dice.unit());
        let setback_m = if in_streets { dice.between(9.0, 18.0) } else { dice.between(18.0, 75.0) };
        let side = if dice.chance(0.5) { setback_m } else { -setback_m };
        let length_m = a.metres_to(b).max(1.0);
        let door = Flat {
            x: at.x - (b.y - a.y) / length_m * side,
            y: at.y + (b.x - a.x) / length_m * side,
        };
        let number = if in_streets { dice.whole(20, 640) } else { dice.whole(140, 3_980) };
        House { point: door.point(), address: format!("{number}, {}, {village_name}", road.name) }
    }

    /// The quickest way between two points, wherever they are: out to the nearest road, along it, and up to the door.
    pub fn way(&self, from: Point, to: Point) -> Way {
        let (start, goal) = (from.flat(), to.flat());
        let Some((leave, enter)) = self.gate(start).zip(self.gate(goal)) else {
            return Way::new(&[(start, 15.0), (goal, 15.0)]);
        };
        let mut line = vec![(start, 5.0), (leave.at, 5.0)];
        if leave.road == enter.road {
            let road = &self.roads[leave.road];
            let (low, high) = (leave.piece.min(enter.piece), leave.piece.max(enter.piece));
            let mut between: Vec<Flat> = road.line[low + 1..=high].to_vec();
            if leave.piece > enter.piece {
                between.reverse();
            }
            line.extend(between.into_iter().map(|at| (at, road.speed_ms)));
            line.push((enter.at, road.speed_ms));
        } else {
            for (road, first) in self.route(leave, enter) {
                self.follow(&mut line, road, first, leave, enter);
            }
        }
        line.push((goal, 5.0));
        Way::new(&line)
    }

    /// Appends what is driven of `road`, entered at its end `first` (or, on the first road, left towards it).
    fn follow(
        &self,
        line: &mut Vec<(Flat, f64)>,
        road: usize,
        first: usize,
        leave: Gate,
        enter: Gate,
    ) {
        let Road { ends, line: shape, speed_ms, .. } = &self.roads[road];
        let forward = if road == leave.road { ends[1] == first } else { ends[0] == first };
        let span = if road == leave.road {
            if forward { leave.piece + 1..shape.len() } else { 0..leave.piece + 1 }
        } else if road == enter.road {
            if forward { 0..enter.piece + 1 } else { enter.piece + 1..shape.len() }
        } else {
            0..shape.len()
        };
        let mut part: Vec<Flat> = shape[span].to_vec();
        if !forward {
            part.reverse();
        }
        line.extend(part.into_iter().map(|at| (at, *speed_ms)));
        if road == enter.road {
            line.push((enter.at, *speed_ms));
        }
    }

    /// The roads to take, each with the crossing it is left towards (the first) or entered at (the others).
    fn route(&self, leave: Gate, enter: Gate) -> Vec<(usize, usize)> {
        let mut best = vec![u64::MAX; self.crossings.len()];
        let mut came: Vec<Option<(usize, usize)>> = vec![None; self.crossings.len()];
        let mut queue = BinaryHeap::new();
        let first = &self.roads[leave.road];
        let costs = [leave.along_m, first.length_m - leave.along_m];
        for (end, metres) in first.ends.into_iter().zip(costs) {
            let cost = (metres / first.speed_ms * 1_000.0) as u64;
            if cost < best[end] {
                best[end] = cost;
                queue.push(Reverse((cost, end)));
            }
        }
        let last = &self.roads[enter.road];
        let tails = [enter.along_m, last.length_m - enter.along_m];
        let (mut found, mut goal) = (u64::MAX, None);
        while let Some(Reverse((cost, here))) = queue.pop() {
            if cost > best[here] {
                continue;
            }
            if cost >= found {
                break;
            }
            for (end, metres) in last.ends.into_iter().zip(tails) {
                let total = cost + (metres / last.speed_ms * 1_000.0) as u64;
                if end == here && total < found {
                    (found, goal) = (total, Some(here));
                }
            }
            for road in &self.leaving[here] {
                let Road { ends, length_m, speed_ms, .. } = &self.roads[*road];
                let next = if ends[0] == here { ends[1] } else { ends[0] };
                let through = cost + (length_m / speed_ms * 1_000.0) as u64 + 4_000;
                if through < best[next] {
                    best[next] = through;
                    came[next] = Some((*road, here));
                    queue.push(Reverse((through, next)));
                }
            }
        }
        let Some(mut here) = goal else { return Vec::new() };
        let mut route = vec![(enter.road, here)];
        while let Some((road, before)) = came[here] {
            route.push((road, before));
            here = before;
        }
        route.push((leave.road, here));
        route.reverse();
        route
    }

    /// Where `at` meets the nearest road.
    fn gate(&self, at: Flat) -> Option<Gate> {
        let mut nearest: Option<Gate> = None;
        for (road, shape) in self.roads.iter().enumerate() {
            let mut along_m = 0.0;
            for (piece, pair) in shape.line.windows(2).enumerate() {
                let (dx, dy) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
                let squared = (dx * dx + dy * dy).max(1e-9);
                let share = ((at.x - pair[0].x) * dx + (at.y - pair[0].y) * dy) / squared;
                let share = share.clamp(0.0, 1.0);
                let foot = pair[0].towards(pair[1], share);
                let away_m = foot.metres_to(at);
                let length_m = squared.sqrt();
                if nearest.is_none_or(|best| away_m < best.away_m) {
                    nearest = Some(Gate {
                        road,
                        piece,
                        at: foot,
                        along_m: along_m + share * length_m,
                        away_m,
                    });
                }
                along_m += length_m;
            }
        }
        nearest
    }
}
