//! The invented road network: ranges, climbs, one motorway and village streets, and the quickest way between two points on it.
//! It owns the geometry only: `way.rs` says where someone is along a way at a moment. Not a map of the real roads, and never used for
//! anything but the demonstration; the villages alone stand where they really are.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::dice::Dice;
use super::names::{CLIMBS, RANGES, STREETS, VILLAGES};
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
/// Distance between two ranges, and between two climbs.
const RANGE_STEP_M: f64 = 1_900.0;
const CLIMB_STEP_M: f64 = 2_100.0;
const WEST_M: f64 = -47_500.0;
/// Just north of the border.
const SOUTH_M: f64 = -3_600.0;
const VILLAGE_BLOCK_M: f64 = 170.0;
/// Straight pieces per road.
const PIECES: usize = 6;

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
struct Road {
    ends: [usize; 2],
    name: &'static str,
    /// What one drives here when nothing is in the way.
    speed_ms: f64,
    line: Vec<Flat>,
    length_m: f64,
    village: Option<usize>,
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
    crossings: Vec<Flat>,
    roads: Vec<Road>,
    leaving: Vec<Vec<usize>>,
}

/// North-west of this line is the Saint Lawrence.
fn is_river(at: Flat) -> bool {
    at.y > 19_000.0 + (at.x + 46_000.0) * 0.53
}

impl Roads {
    /// The network of a seed; about 900 crossings.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::named(seed, "roads");
        let mut network = Self { crossings: Vec::new(), roads: Vec::new(), leaving: Vec::new() };
        let grid = network.lay_country(&mut dice);
        for village in 0..VILLAGES.len() {
            network.lay_village(village, &grid, &mut dice);
        }
        network.leaving = vec![Vec::new(); network.crossings.len()];
        for (index, road) in network.roads.iter().enumerate() {
            for end in road.ends {
                network.leaving[end].push(index);
            }
        }
        network
    }

    /// A warped grid of ranges and climbs with some roads missing, but never in two parts.
    fn lay_country(&mut self, dice: &mut Dice) -> Vec<usize> {
        const COLUMNS: usize = 32;
        const ROWS: usize = 16;
        let mut at_cell = vec![None; COLUMNS * ROWS];
        let mut grid = Vec::new();
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let x = WEST_M + column as f64 * CLIMB_STEP_M;
                let y = SOUTH_M + row as f64 * RANGE_STEP_M;
                let sway = 420.0 * (x / 9_000.0 + y / 14_000.0).sin();
                let at = Flat {
                    x: x + sway * 0.6 + dice.between(-330.0, 330.0),
                    y: y + if row == 0 { 0.0 } else { sway } + dice.between(-260.0, 260.0),
                };
                if !is_river(at) {
                    at_cell[row * COLUMNS + column] = Some(self.crossings.len());
                    grid.push(self.crossings.len());
                    self.crossings.push(at);
                }
            }
        }
        let mut planned = Vec::new();
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let here = at_cell[row * COLUMNS + column];
                let east = (column + 1 < COLUMNS).then(|| at_cell[row * COLUMNS + column + 1]);
                let north = (row + 1 < ROWS).then(|| at_cell[(row + 1) * COLUMNS + column]);
                if let (Some(here), Some(Some(east))) = (here, east) {
                    // A range keeps its name for half the county, then takes the next one.
                    let name = RANGES[(row * 2 + column / 16) % RANGES.len()];
                    let speed_ms = if row % 5 == 2 { 23.5 } else { 20.5 };
                    planned.push((here, east, name, speed_ms));
                }
                if let (Some(here), Some(Some(north))) = (here, north) {
                    // The motorway to the border runs east of the headquarters.
                    let (name, speed_ms) = if column == 27 {
                        ("autoroute de l'Acadie", 27.5)
                    } else {
                        (CLIMBS[column % CLIMBS.len()], if column % 6 == 1 { 23.5 } else { 20.5 })
                    };
                    planned.push((here, north, name, speed_ms));
                }
            }
        }
        let mut groups: Vec<usize> = (0..self.crossings.len()).collect();
        let mut missing = Vec::new();
        for road in planned {
            if dice.chance(0.86) {
                join(&mut groups, road.0, road.1);
                self.pave(road.0, road.1, road.2, road.3, None, dice);
            } else {
                missing.push(road);
            }
        }
        for road in missing {
            if join(&mut groups, road.0, road.1) {
                self.pave(road.0, road.1, road.2, road.3, None, dice);
            }
        }
        grid
    }

    /// A small turned grid of streets, tied to the nearest country crossings.
    fn lay_village(&mut self, village: usize, grid: &[usize], dice: &mut Dice) {
        const ACROSS: usize = 5;
        const ALONG: usize = 4;
        let (_, lat, lon, _) = VILLAGES[village];
        let centre = Point { lat, lon }.flat();
        let (sin, cos) = dice.between(-0.5, 0.5).sin_cos();
        let first = self.crossings.len();
        for row in 0..ALONG {
            for column in 0..ACROSS {
                let u = (column as f64 - 2.0) * VILLAGE_BLOCK_M + dice.between(-25.0, 25.0);
                let v = (row as f64 - 1.5) * VILLAGE_BLOCK_M + dice.between(-25.0, 25.0);
                self.crossings.push(Flat {
                    x: centre.x + u * cos - v * sin,
                    y: centre.y + u * sin + v * cos,
                });
            }
        }
        for row in 0..ALONG {
            for column in 0..ACROSS {
                let here = first + row * ACROSS + column;
                if column + 1 < ACROSS {
                    let name = STREETS[(village + row) % 9];
                    self.pave(here, here + 1, name, 11.5, Some(village), dice);
                }
                if row + 1 < ALONG {
                    let name = STREETS[9 + (village + column) % 7];
                    self.pave(here, here + ACROSS, name, 11.5, Some(village), dice);
                }
            }
        }
        let corners = [0, ACROSS - 1, (ALONG - 1) * ACROSS, ALONG * ACROSS - 1];
        for corner in corners {
            let corner = first + corner;
            let at = self.crossings[corner];
            let near = grid.iter().copied().min_by(|a, b| {
                self.crossings[*a].metres_to(at).total_cmp(&self.crossings[*b].metres_to(at))
            });
            if let Some(near) = near {
                let name = STREETS[village % 9];
                self.pave(corner, near, name, 17.0, None, dice);
            }
        }
    }

    /// Lays one gently bent road.
    fn pave(
        &mut self,
        from: usize,
        to: usize,
        name: &'static str,
        speed_ms: f64,
        village: Option<usize>,
        dice: &mut Dice,
    ) {
        let (a, b) = (self.crossings[from], self.crossings[to]);
        let bend = if village.is_some() { 0.01 } else { 0.09 } * dice.between(-1.0, 1.0);
        let wave = if village.is_some() { 0.0 } else { 0.03 } * dice.between(-1.0, 1.0);
        let line: Vec<Flat> = (0..=PIECES)
            .map(|piece| {
                let share = piece as f64 / PIECES as f64;
                let straight = a.towards(b, share);
                // Zero at both ends, so that crossings stay where they are.
                let aside = bend * 4.0 * share * (1.0 - share)
                    + wave * (share * std::f64::consts::TAU).sin();
                Flat { x: straight.x - (b.y - a.y) * aside, y: straight.y + (b.x - a.x) * aside }
            })
            .collect();
        let length_m = line.windows(2).map(|pair| pair[0].metres_to(pair[1])).sum();
        self.roads.push(Road { ends: [from, to], name, speed_ms, line, length_m, village });
    }

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

/// Joins two groups; false when they were one already.
fn join(groups: &mut [usize], a: usize, b: usize) -> bool {
    fn root(groups: &mut [usize], mut here: usize) -> usize {
        while groups[here] != here {
            groups[here] = groups[groups[here]];
            here = groups[here];
        }
        here
    }
    let (a, b) = (root(groups, a), root(groups, b));
    groups[a] = b;
    a != b
}
