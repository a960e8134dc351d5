//! Which stretches lie near a place: a grid of cells of some 140 metres, each with the stretches that pass it.

use super::assemble::Spot;

/// Height and width of a cell, ten-millionths of a degree.
const ROW_E7: i32 = 12_500;
const COLUMN_E7: i32 = 17_500;
/// Metres of one ten-millionth of a degree of latitude.
const METRES_PER_E7: f64 = 0.011_119_5;

/// Cells that hold something, in order, with their stretches one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// Row and column of each cell.
    pub cells: Vec<[i32; 2]>,
    /// Where each cell's list begins, and the end of the last.
    pub first: Vec<u32>,
    pub stretches: Vec<u32>,
}

impl Grid {
    /// A grid over lines, each a stretch by its number.
    pub fn over<'a>(lines: impl Iterator<Item = (u32, &'a [Spot])>) -> Self {
        let mut all: Vec<([i32; 2], u32)> = Vec::new();
        for (number, line) in lines {
            let begun = all.len();
            for two in line.windows(2) {
                along(two[0], two[1], |cell| all.push((cell, number)));
            }
            all[begun..].sort_unstable();
            let mut kept = begun;
            for at in begun..all.len() {
                if at == begun || all[at] != all[kept - 1] {
                    all[kept] = all[at];
                    kept += 1;
                }
            }
            all.truncate(kept);
        }
        all.sort_unstable();
        let mut grid = Self { cells: vec![], first: vec![0], stretches: vec![] };
        for (cell, number) in all {
            if grid.cells.last() != Some(&cell) {
                grid.cells.push(cell);
                grid.first.push(0);
            }
            grid.stretches.push(number);
            if let Some(end) = grid.first.last_mut() {
                *end = grid.stretches.len() as u32;
            }
        }
        grid
    }

    /// Tells stretches near a place, ring by ring outwards, until `near` answers that nothing beyond this many metres
    /// is of interest. A stretch may be told more than once.
    pub fn around(&self, place: Spot, limit_m: f64, mut near: impl FnMut(u32) -> f64) {
        let [row, column] = cell(place);
        let width_m = width_m(place[0]);
        let height_m = f64::from(ROW_E7) * METRES_PER_E7;
        let edge_m = edge_m(place, width_m);
        let step_m = width_m.min(height_m).max(1.0);
        let rings = ((limit_m / step_m) as i32).clamp(0, 200) + 1;
        let mut wanted_m = limit_m;
        for ring in 0..=rings {
            if ring > 0 && f64::from(ring - 1) * step_m + edge_m > wanted_m {
                return;
            }
            for dy in -ring..=ring {
                let side = dy.abs() == ring;
                let step = if side || ring == 0 { 1 } else { 2 * ring as usize };
                for dx in (-ring..=ring).step_by(step) {
                    for stretch in self.of([row.saturating_add(dy), column.saturating_add(dx)]) {
                        wanted_m = wanted_m.min(near(*stretch));
                    }
                }
            }
        }
    }

    fn of(&self, cell: [i32; 2]) -> &[u32] {
        match self.cells.binary_search(&cell) {
            Ok(at) => &self.stretches[self.first[at] as usize..self.first[at + 1] as usize],
            Err(_) => &[],
        }
    }
}

const fn cell(place: Spot) -> [i32; 2] {
    [place[0].div_euclid(ROW_E7), place[1].div_euclid(COLUMN_E7)]
}

/// Metres of a cell's width at a latitude.
fn width_m(lat_e7: i32) -> f64 {
    let narrowing = (f64::from(lat_e7) / 1e7).to_radians().cos().max(0.01);
    f64::from(COLUMN_E7) * METRES_PER_E7 * narrowing
}

/// Metres from a place to the nearest border of its own cell.
fn edge_m(place: Spot, width_m: f64) -> f64 {
    let part = |value: i32, of: i32| f64::from(value.rem_euclid(of)) / f64::from(of);
    let (up, right) = (part(place[0], ROW_E7), part(place[1], COLUMN_E7));
    let height_m = f64::from(ROW_E7) * METRES_PER_E7;
    (up.min(1.0 - up) * height_m).min(right.min(1.0 - right) * width_m)
}

/// The cells that a line passes, with a little more than that: it is followed in steps of half a cell.
fn along(a: Spot, b: Spot, mut told: impl FnMut([i32; 2])) {
    let (dy, dx) = (i64::from(b[0]) - i64::from(a[0]), i64::from(b[1]) - i64::from(a[1]));
    let steps = (dy.abs() / i64::from(ROW_E7 / 2)).max(dx.abs() / i64::from(COLUMN_E7 / 2)) + 1;
    let at = |step: i64| {
        [(i64::from(a[0]) + dy * step / steps) as i32, (i64::from(a[1]) + dx * step / steps) as i32]
    };
    for step in 0..steps {
        let (from, to) = (cell(at(step)), cell(at(step + 1)));
        for row in from[0].min(to[0])..=from[0].max(to[0]) {
            for column in from[1].min(to[1])..=from[1].max(to[1]) {
                told([row, column]);
            }
        }
    }
}
