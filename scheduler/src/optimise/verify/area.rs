//! Whether a point lies in a territory, by counting crossings: not the way the search does it.

use crate::optimise::problem::Technician;
use crate::travel::Point;

/// Whether a point lies in one of the territory's polygons, by counting crossings.
pub(super) fn inside(technician: &Technician, at: Point) -> bool {
    technician.territory.iter().any(|ring| {
        let mut odd = false;
        for (index, one) in ring.iter().enumerate() {
            let other = ring[(index + 1) % ring.len()];
            let between = (one.lat > at.lat) != (other.lat > at.lat);
            if between {
                let share = (at.lat - one.lat) / (other.lat - one.lat);
                odd ^= at.lon < one.lon + share * (other.lon - one.lon);
            }
        }
        odd
    })
}
