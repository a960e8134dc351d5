//! Places beside roads: where they are snapped, what is left of the road, tables and lines.

use std::sync::Arc;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use scheduler::matrix::UNREACHABLE;
use scheduler::roads::Roads;
use scheduler::{LearnedTravel, Matrices, Point, Travel, Ways};

use crate::maps::{Drawn, Map};

/// Tuesday, 24 November 2026, 15:00 UTC: no rush in UTC.
const NOON_S: i64 = 1_795_532_400;

fn town() -> Drawn {
    let mut map = Map::new(&["a b c d", "       ", "e f g h", "       ", "i j k l"]);
    for nodes in ["abcd", "efgh", "ijkl", "aei", "bfj", "cgk", "dhl"] {
        map.street(nodes);
    }
    map.way("fc", &[("highway", "primary"), ("oneway", "yes")]);
    map.drawn()
}

fn roads(map: &Drawn) -> Roads {
    Roads::new(Arc::new(map.network.clone()))
}

fn travel(map: &Drawn) -> LearnedTravel {
    LearnedTravel::new(TimeZone::UTC, Some(Arc::new(roads(map))))
}

#[test]
fn half_a_street_takes_half_the_time() {
    let map = town();
    let roads = roads(&map);
    let whole = roads.drive(map.at('a'), map.at('b')).unwrap();
    let half = roads.drive(map.at('a'), map.between('a', 'b', 0.5)).unwrap();
    assert!((199..=201).contains(&whole.metres) && (99..=101).contains(&half.metres));
    assert!((whole.seconds - half.seconds * 2).abs() <= 1);
    let beside = map.between('a', 'b', 0.5);
    let off = Point::new(beside.lat + 0.000_3, beside.lon);
    assert_eq!(roads.drive(map.at('a'), off), Some(half), "a house beside the road");
}

#[test]
fn a_place_far_from_every_road_is_left_to_the_estimate() {
    let map = town();
    let (roads, travel) = (roads(&map), travel(&map));
    let far = Point::new(map.at('a').lat + 0.03, map.at('a').lon);
    assert_eq!(roads.drive(map.at('a'), far), None);
    let leg = travel.leg(map.at('a'), far, NOON_S);
    assert!(leg.metres > 3_000 && leg.seconds > 100);
    let near = Point::new(map.at('a').lat + 0.015, map.at('a').lon);
    assert!(roads.drive(near, map.at('l')).is_some(), "1.7 km is near enough");
    for odd in [Point::new(f64::NAN, 0.0), Point::new(91.0, 0.0), Point::new(0.0, f64::INFINITY)] {
        assert_eq!(roads.drive(odd, far), None);
        assert!(travel.leg(odd, map.at('a'), NOON_S).seconds >= 0);
    }
}

#[test]
fn rush_hours_stretch_the_roads_too() {
    let map = town();
    let travel = travel(&map);
    let rush_s = NOON_S + 3_600;
    let far = |depart_s| travel.leg(map.at('a'), map.at('l'), depart_s).seconds;
    assert!(far(rush_s) > far(NOON_S));
}

#[test]
fn backwards_on_a_one_way_street_is_once_round_the_block() {
    let map = town();
    let (passed, _) = map.drive(map.between('f', 'c', 0.5), map.between('f', 'c', 0.4));
    assert!(passed.starts_with('c') && passed.ends_with('f'), "{passed}");
    let (passed, seconds) = map.drive(map.between('f', 'c', 0.4), map.between('f', 'c', 0.5));
    assert_eq!((passed.as_str(), seconds < 5), ("", true));
}

#[test]
fn what_nobody_can_reach_is_not_snapped_to() {
    let mut map = Map::new(&["a b c", "     ", "x y  "]);
    map.street("abc");
    map.street("xy");
    let map = map.drawn();
    let roads = roads(&map);
    let there = roads.drive(map.at('c'), map.at('x')).unwrap();
    assert_eq!(Some(there), roads.drive(map.at('c'), map.at('a')));
}

#[test]
fn a_line_leads_along_the_roads_from_the_start_to_the_end() {
    let map = town();
    let (from, to) = (map.between('a', 'b', 0.25), map.between('k', 'l', 0.75));
    let places = (map.network.place(from).unwrap(), map.network.place(to).unwrap());
    let way = map.network.way(&places.0, &places.1, &mut Default::default()).unwrap();
    assert!(way.line[0].crow_m(from) <= 1 && way.line[way.line.len() - 1].crow_m(to) <= 1);
    let drawn_m: i64 = way.line.windows(2).map(|two| two[0].crow_m(two[1])).sum();
    assert!((drawn_m - i64::from(way.metres)).abs() <= 8, "{drawn_m} and {}", way.metres);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_table_says_of_any_places_what_single_ways_say(
        spots in prop::collection::vec((-0.002..0.005_f64, -0.002..0.006_f64), 1..9),
    ) {
        let map = town();
        let travel = travel(&map);
        let corner = map.at('i');
        let mut points: Vec<Point> =
            spots.iter().map(|(dy, dx)| Point::new(corner.lat + dy, corner.lon + dx)).collect();
        points.push(Point::new(corner.lat + 1.0, corner.lon));
        let table = travel.table(&points, NOON_S).unwrap();
        for (i, from) in points.iter().enumerate() {
            for (j, to) in points.iter().enumerate() {
                prop_assert_ne!(table.seconds(i, j), UNREACHABLE);
                if i == j {
                    prop_assert_eq!(table.seconds(i, j), 0);
                    continue;
                }
                let leg = travel.leg(*from, *to, NOON_S);
                prop_assert_eq!(i64::from(table.seconds(i, j)), leg.seconds);
                let around = i64::from(table.metres(i, j)) - leg.metres;
                prop_assert!(around.abs() <= 500, "equally fast, but not of another length");
            }
        }
    }
}
