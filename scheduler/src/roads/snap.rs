//! Which road a place lies at: the nearest stretch, and how far along it.

use geo::{ClosestPoint, Distance, Euclidean, Line, Point as Flat};

use super::assemble::{Spot, between_dm};
use super::grid::Grid;
use crate::travel::Point;

/// A place farther than this from every road is not on the network, metres.
pub const REACH_M: f64 = 2_000.0;
/// Stretches this much farther than the nearest count too: a place at a junction lies at all of its roads.
const TIE_M: f64 = 0.5;
/// At most so many of them.
const TIES_MAX: usize = 8;

/// A place on a stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapped {
    pub stretch: u32,
    /// Decimetres from the stretch's first point.
    pub along_dm: u32,
    /// Metres from the place to the road.
    pub off_m: f64,
}

/// A point as a network keeps it; nothing for coordinates that are none.
pub fn spot(point: Point) -> Option<Spot> {
    let fits = point.lat.abs() <= 90.0 && point.lon.abs() <= 180.0;
    fits.then(|| [(point.lat * 1e7).round() as i32, (point.lon * 1e7).round() as i32])
}

/// The nearest stretches to a place, nearest first; none beyond [`REACH_M`].
pub fn snap<'a>(grid: &Grid, line: impl Fn(u32) -> &'a [Spot], place: Spot) -> Vec<Snapped> {
    let mut found: Vec<Snapped> = Vec::new();
    let mut best_m = REACH_M;
    let plane = Plane::at(place);
    grid.around(place, REACH_M, |stretch| {
        if !found.iter().any(|known| known.stretch == stretch)
            && let Some(snapped) = onto(stretch, line(stretch), &plane, best_m + TIE_M)
        {
            best_m = best_m.min(snapped.off_m);
            found.push(snapped);
        }
        best_m + TIE_M
    });
    found.retain(|snapped| snapped.off_m <= best_m + TIE_M && snapped.off_m <= REACH_M);
    found.sort_by(|a, b| a.off_m.total_cmp(&b.off_m).then(a.stretch.cmp(&b.stretch)));
    found.truncate(TIES_MAX);
    found
}

/// Metres east and north of a place: flat enough for some kilometres.
struct Plane {
    origin: Spot,
    east_m: f64,
    north_m: f64,
}

impl Plane {
    fn at(origin: Spot) -> Self {
        let north_m = 0.011_119_5;
        let narrowing = (f64::from(origin[0]) / 1e7).to_radians().cos();
        Self { origin, east_m: north_m * narrowing, north_m }
    }

    fn flat(&self, spot: Spot) -> Flat {
        let part = |a: i32, b: i32| (i64::from(a) - i64::from(b)) as f64;
        Flat::new(
            part(spot[1], self.origin[1]) * self.east_m,
            part(spot[0], self.origin[0]) * self.north_m,
        )
    }
}

fn onto(stretch: u32, line: &[Spot], plane: &Plane, within_m: f64) -> Option<Snapped> {
    let here = Flat::new(0.0, 0.0);
    let mut nearest: Option<(f64, usize, f64)> = None;
    for (at, two) in line.windows(2).enumerate() {
        let (a, b) = (plane.flat(two[0]), plane.flat(two[1]));
        // Most lines are far off; their box tells so without more arithmetic.
        let wanted_m = nearest.map_or(within_m, |found| found.0);
        let outside = |a: f64, b: f64| a.min(b) > wanted_m || a.max(b) < -wanted_m;
        if outside(a.x(), b.x()) || outside(a.y(), b.y()) {
            continue;
        }
        let closest = match Line::new(a, b).closest_point(&here) {
            geo::Closest::Intersection(point) | geo::Closest::SinglePoint(point) => point,
            geo::Closest::Indeterminate => a,
        };
        let off_m = Euclidean.distance(here, closest);
        if off_m <= wanted_m && nearest.is_none_or(|found| off_m < found.0) {
            let whole_m = Euclidean.distance(a, b);
            let part = if whole_m > 0.0 { Euclidean.distance(a, closest) / whole_m } else { 0.0 };
            nearest = Some((off_m, at, part));
        }
    }
    nearest.map(|(off_m, at, part)| {
        let before: u32 = line[..=at].windows(2).map(|two| between_dm(two[0], two[1])).sum();
        let piece = f64::from(between_dm(line[at], line[at + 1]));
        Snapped { stretch, along_dm: before + (piece * part).round() as u32, off_m }
    })
}
