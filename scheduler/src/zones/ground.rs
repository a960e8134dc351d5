//! The ground that a zone covers: a polygon with holes, on the flat map of degrees. Knows what makes a polygon sound, and
//! whether a point lies on it. Knows nothing of rules or dates.

use geo::algorithm::Validation;
use geo::algorithm::validation::{InvalidPolygon, RingRole};
use geo::{BoundingRect, Intersects, LineString, Polygon, Rect};

use crate::travel::Point;

/// Corners of all rings together, at most.
pub const CORNERS_MAX: usize = 1000;
/// Rings, at most: the border and its holes.
pub const RINGS_MAX: usize = 20;
/// How far a zone may reach, degrees of latitude and of longitude.
pub const REACH_MAX: f64 = 10.0;

/// Why a polygon makes no ground. Rings are counted from 0, the border first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    /// No ring at all, or too many.
    #[error("a zone has 1 to {RINGS_MAX} rings")]
    Rings,
    /// Too many corners.
    #[error("a zone has at most {CORNERS_MAX} corners")]
    Corners,
    /// Fewer than three corners in a ring.
    #[error("a ring has at least 3 different corners")]
    TooFew { ring: usize },
    /// A ring does not end where it began.
    #[error("a ring ends where it begins")]
    Open { ring: usize },
    /// A corner that is nowhere on earth.
    #[error("a corner has a latitude from -85 to 85 and a longitude from -180 to 180")]
    Nowhere { ring: usize },
    /// A ring crosses or touches itself.
    #[error("a ring must not cross or touch itself")]
    Crosses { ring: usize },
    /// A hole is not inside the border, or meets another hole.
    #[error("a hole lies inside the border and apart from other holes")]
    Hole { ring: usize },
    /// Larger than any zone of a company.
    #[error("a zone reaches over at most {REACH_MAX} degrees")]
    TooLarge,
}

/// A sound polygon.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    polygon: Polygon<f64>,
    bounds: Rect<f64>,
}

impl Ground {
    /// The ground inside the first of these closed rings and outside the others.
    ///
    /// # Errors
    /// The first [`Unsound`] found.
    pub fn of(rings: &[Vec<Point>]) -> Result<Self, Unsound> {
        if rings.is_empty() || rings.len() > RINGS_MAX {
            return Err(Unsound::Rings);
        }
        if rings.iter().map(Vec::len).sum::<usize>() > CORNERS_MAX {
            return Err(Unsound::Corners);
        }
        for (ring, corners) in rings.iter().enumerate() {
            let somewhere = |at: &Point| at.lat.abs() <= 85.0 && at.lon.abs() <= 180.0;
            if !corners.iter().all(somewhere) {
                return Err(Unsound::Nowhere { ring });
            }
            if corners.len() < 3 {
                return Err(Unsound::TooFew { ring });
            }
            if corners.first() != corners.last() {
                return Err(Unsound::Open { ring });
            }
            if corners.len() < 4 {
                return Err(Unsound::TooFew { ring });
            }
        }
        let line = |corners: &Vec<Point>| {
            LineString::from(corners.iter().map(|at| (at.lon, at.lat)).collect::<Vec<_>>())
        };
        let mut lines = rings.iter().map(line);
        let border = lines.next().ok_or(Unsound::Rings)?;
        let polygon = Polygon::new(border, lines.collect());
        polygon.check_validation().map_err(|wrong| unsound(&wrong))?;
        let bounds = polygon.bounding_rect().ok_or(Unsound::TooFew { ring: 0 })?;
        if bounds.width() > REACH_MAX || bounds.height() > REACH_MAX {
            return Err(Unsound::TooLarge);
        }
        Ok(Self { polygon, bounds })
    }

    /// Whether a point lies on it; its border belongs to it.
    pub fn holds(&self, at: Point) -> bool {
        let at = geo::Point::new(at.lon, at.lat);
        self.bounds.intersects(&at) && self.polygon.intersects(&at)
    }
}

fn unsound(wrong: &InvalidPolygon) -> Unsound {
    let number = |ring: &RingRole| match ring {
        RingRole::Exterior => 0,
        RingRole::Interior(hole) => hole + 1,
    };
    match wrong {
        InvalidPolygon::TooFewPointsInRing(ring) => Unsound::TooFew { ring: number(ring) },
        InvalidPolygon::SelfIntersection(ring) => Unsound::Crosses { ring: number(ring) },
        InvalidPolygon::NonFiniteCoord(ring, _) => Unsound::Nowhere { ring: number(ring) },
        InvalidPolygon::InteriorRingNotContainedInExteriorRing(ring)
        | InvalidPolygon::IntersectingRingsOnALine(_, ring)
        | InvalidPolygon::IntersectingRingsOnAnArea(_, ring) => {
            Unsound::Hole { ring: number(ring) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(corners: &[(f64, f64)]) -> Vec<Point> {
        corners.iter().map(|(lat, lon)| Point { lat: *lat, lon: *lon }).collect()
    }

    fn square(from: f64, to: f64) -> Vec<Point> {
        ring(&[(from, from), (from, to), (to, to), (to, from), (from, from)])
    }

    #[test]
    fn a_point_lies_inside_on_the_border_in_a_hole_or_outside() {
        let ground = Ground::of(&[square(0.0, 4.0), square(1.0, 2.0)]).unwrap();
        for (lat, lon, holds) in [
            (3.0, 3.0, true),
            (0.0, 2.0, true),
            (4.0, 4.0, true),
            (1.5, 1.5, false),
            (5.0, 1.0, false),
            (-0.1, 2.0, false),
        ] {
            assert_eq!(ground.holds(Point { lat, lon }), holds, "{lat} {lon}");
        }
    }

    #[test]
    fn what_is_no_polygon_is_refused_with_its_reason() {
        let cases = [
            (vec![], Unsound::Rings),
            (vec![ring(&[(0.0, 0.0), (1.0, 1.0)])], Unsound::TooFew { ring: 0 }),
            (vec![ring(&[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)])], Unsound::Open { ring: 0 }),
            (vec![ring(&[(0.0, 0.0), (0.0, 1.0), (0.0, 0.0)])], Unsound::TooFew { ring: 0 }),
            (
                vec![ring(&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)])],
                Unsound::Crosses { ring: 0 },
            ),
            (
                vec![ring(&[(0.0, 0.0), (91.0, 0.0), (1.0, 1.0), (0.0, 0.0)])],
                Unsound::Nowhere { ring: 0 },
            ),
            (
                vec![ring(&[(0.0, 0.0), (f64::NAN, 0.0), (1.0, 1.0), (0.0, 0.0)])],
                Unsound::Nowhere { ring: 0 },
            ),
            (vec![square(0.0, 4.0), square(5.0, 6.0)], Unsound::Hole { ring: 1 }),
            (vec![square(0.0, 12.0)], Unsound::TooLarge),
            (vec![square(0.0, 1.0); RINGS_MAX + 1], Unsound::Rings),
            (vec![vec![Point { lat: 0.0, lon: 0.0 }; CORNERS_MAX + 1]], Unsound::Corners),
        ];
        for (rings, why) in cases {
            assert_eq!(Ground::of(&rings), Err(why));
        }
    }
}
