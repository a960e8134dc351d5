//! Lays the invented road network: a warped grid of ranges and climbs, a motorway, and a few streets per village. Only builds it; `roads.rs` drives on it.

use super::dice::Dice;
use super::names::{CLIMBS, RANGES, STREETS, VILLAGES};
use super::roads::{Flat, Point, Road, Roads};

/// Distance between two ranges, and between two climbs.
const RANGE_STEP_M: f64 = 1_900.0;
const CLIMB_STEP_M: f64 = 2_100.0;
const WEST_M: f64 = -47_500.0;
/// Just north of the border.
const SOUTH_M: f64 = -3_600.0;
const VILLAGE_BLOCK_M: f64 = 170.0;
/// Straight pieces per road.
const PIECES: usize = 6;

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
                    let speed_ms = if row % 5 == 2 { 22.0 } else { 18.5 };
                    planned.push((here, east, name, speed_ms));
                }
                if let (Some(here), Some(Some(north))) = (here, north) {
                    // The motorway to the border runs east of the headquarters.
                    let (name, speed_ms) = if column == 27 {
                        ("autoroute de l'Acadie", 27.5)
                    } else {
                        (CLIMBS[column % CLIMBS.len()], if column % 6 == 1 { 22.0 } else { 18.5 })
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
