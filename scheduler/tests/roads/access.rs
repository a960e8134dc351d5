//! Who may drive where, and how fast: private roads, barriers, ferries, limits, surfaces.

use scheduler::roads::profile::{Class, road};
use scheduler::roads::{Survey, Tags};

use crate::maps::Map;

fn open(tags: &[(&str, &str)]) -> (bool, bool) {
    let tags: Tags = tags.iter().copied().chain([("highway", "residential")]).collect();
    road(&tags).map_or((false, false), |road| (road.forward.is_some(), road.backward.is_some()))
}

fn kmh(tags: &[(&str, &str)]) -> (u32, u32) {
    let tags: Tags = tags.iter().copied().collect();
    let road = road(&tags).unwrap();
    let kmh = |pace: Option<scheduler::roads::profile::Pace>| {
        pace.map_or(0, |pace| (pace.country_mm_s * 36).div_ceil(10_000))
    };
    (kmh(road.forward), kmh(road.backward))
}

#[test]
fn the_narrowest_tag_about_cars_decides() {
    assert_eq!(open(&[]), (true, true));
    assert_eq!(open(&[("access", "no")]), (false, false));
    assert_eq!(open(&[("access", "no"), ("motor_vehicle", "yes")]), (true, true));
    assert_eq!(open(&[("motor_vehicle", "yes"), ("motorcar", "no")]), (false, false));
    assert_eq!(open(&[("vehicle", "no"), ("motorcar", "designated")]), (true, true));
    assert_eq!(open(&[("motor_vehicle", "agricultural")]), (false, false));
    assert_eq!(open(&[("motor_vehicle", "agricultural;destination")]), (true, true));
    assert_eq!(open(&[("motor_vehicle:backward", "no")]), (true, false));
    assert_eq!(open(&[("access", "private")]), (true, true));
}

#[test]
fn one_way_for_cars_is_read_in_all_its_forms() {
    assert_eq!(open(&[("oneway", "yes")]), (true, false));
    assert_eq!(open(&[("oneway", "-1")]), (false, true));
    assert_eq!(open(&[("oneway", "yes"), ("oneway:motorcar", "no")]), (true, true));
    assert_eq!(open(&[("oneway", "reversible")]), (false, false));
    assert_eq!(open(&[("oneway", "alternating")]), (true, true));
    assert_eq!(open(&[("junction", "roundabout")]), (true, false));
    assert_eq!(open(&[("junction", "roundabout"), ("oneway", "no")]), (true, true));
}

#[test]
fn what_is_not_for_cars_is_no_road() {
    for tags in [
        vec![("highway", "footway")],
        vec![("highway", "cycleway"), ("motor_vehicle", "no")],
        vec![("highway", "pedestrian")],
        vec![("highway", "construction")],
        vec![("highway", "residential"), ("area", "yes")],
        vec![("highway", "service"), ("service", "bus")],
        vec![("railway", "rail")],
        vec![],
    ] {
        assert_eq!(road(&tags.iter().copied().collect()), None, "{tags:?}");
    }
    let street = [("highway", "pedestrian"), ("motor_vehicle", "destination")];
    assert!(road(&Tags::from(street)).is_some_and(|road| road.guarded));
}

#[test]
fn limits_hold_by_direction_and_the_ground_has_a_say() {
    assert_eq!(kmh(&[("highway", "secondary"), ("maxspeed", "80")]), (80, 80));
    let two = [("highway", "secondary"), ("maxspeed:forward", "30 mph"), ("maxspeed", "60")];
    assert_eq!(kmh(&two), (48, 60));
    assert_eq!(kmh(&[("highway", "tertiary"), ("maxspeed", "FR:rural")]), (80, 80));
    assert_eq!(kmh(&[("highway", "tertiary"), ("maxspeed:type", "FR:urban")]), (50, 50));
    let gravel = [("highway", "secondary"), ("maxspeed", "80"), ("surface", "gravel")];
    assert_eq!(kmh(&gravel), (50, 50));
    assert_eq!(kmh(&[("highway", "track"), ("maxspeed", "80")]).0, 15, "nobody does 80 there");
    let bend = [("highway", "motorway_link"), ("maxspeed:advisory", "40")];
    assert_eq!(kmh(&bend), (40, 40));
}

#[test]
fn nobody_drives_through_a_private_road_but_to_it() {
    let draw = |private: bool| {
        let mut map = Map::new(&["xa b", "    ", "    ", " c d"]);
        let open = [("highway", "residential"), ("access", "yes")];
        let closed = [("highway", "residential"), ("access", "private")];
        map.street("xa");
        map.way("ab", if private { &closed } else { &open });
        map.street("ac");
        map.street("cd");
        map.street("db");
        map.drawn()
    };
    let open = draw(false);
    assert_eq!(open.drive(open.between('c', 'a', 0.8), open.between('b', 'd', 0.1)).0, "ab");
    let map = draw(true);
    // The stretch is shorter that way, yet it is not taken to somewhere else ...
    let (passed, _) = map.drive(map.between('c', 'a', 0.8), map.between('b', 'd', 0.1));
    assert_eq!(passed, "cd");
    // ... but to somebody who lives on it, at once, and without a penalty in the time.
    let (passed, seconds) = map.drive(map.between('c', 'a', 0.8), map.between('a', 'b', 0.5));
    assert_eq!(passed, "a");
    assert!(seconds < 40, "{seconds}");
}

#[test]
fn a_bollard_stops_cars_and_a_gate_lets_them_through() {
    let draw = |tags: &[(&'static str, &'static str)]| {
        let mut map = Map::new(&["a x b", "     ", "c   d"]);
        map.street("axb");
        for nodes in ["ac", "cd", "db"] {
            map.street(nodes);
        }
        map.sign('x', tags);
        map.drawn()
    };
    assert_eq!(draw(&[]).along('a', 'b'), "axb");
    assert_eq!(draw(&[("barrier", "bollard")]).along('a', 'b'), "acdb");
    let raised = [("barrier", "bollard"), ("motor_vehicle", "yes")];
    assert_eq!(draw(&raised).along('a', 'b'), "axb");
    assert_eq!(draw(&[("barrier", "lift_gate")]).along('a', 'b'), "axb");
    assert_eq!(draw(&[("barrier", "gate"), ("access", "no")]).along('a', 'b'), "acdb");
    assert_eq!(draw(&[("barrier", "something_new")]).along('a', 'b'), "acdb");
    // One can still be served on either side of it, and turns round there.
    let map = draw(&[("barrier", "bollard")]);
    let (passed, _) = map.drive(map.between('a', 'x', 0.8), map.between('x', 'b', 0.2));
    assert_eq!(passed.chars().filter(|node| *node != 'x').collect::<String>(), "acdb");
}

#[test]
fn a_ferry_takes_the_time_it_says_and_nobody_is_at_home_on_it() {
    let draw = |duration: &'static str| {
        let mut map = Map::new(&["a b                   c d"]);
        map.street("ab");
        map.way("bc", &[("route", "ferry"), ("duration", duration)]);
        map.street("cd");
        map.drawn()
    };
    let (short, long) = (draw("00:10").seconds('a', 'd'), draw("PT30M").seconds('a', 'd'));
    assert_eq!(long - short, 20 * 60);
    assert!((900..1_000).contains(&short), "boarding and ten minutes: {short}");
    let map = draw("00:10");
    let (_, seconds) = map.drive(map.at('a'), map.between('b', 'c', 0.4));
    assert!(seconds < 60, "the nearer shore: {seconds}");
    assert_eq!(road(&Tags::from([("route", "ferry")])).map(|road| road.class), Some(Class::Ferry));
}

#[test]
fn a_survey_without_roads_or_without_its_nodes_is_no_network() {
    use scheduler::roads::{BuildError, Network};
    let mut survey = Survey::default();
    assert_eq!(Network::build(&survey, &mut |_| {}), Err(BuildError::NoRoads));
    survey.way(1, &Tags::from([("highway", "primary")]), [1, 2, 3]);
    survey.way(2, &Tags::from([("highway", "primary")]), [7]);
    assert_eq!(Network::build(&survey, &mut |_| {}), Err(BuildError::NoRoads));
    for (node, at) in [(1, 0), (2, 10_000), (3, i32::MAX)] {
        survey.node(node, 450_000_000 + at % 20_000, at, &Tags::default());
    }
    let network = Network::build(&survey, &mut |_| {}).unwrap();
    assert_eq!(network.counts().0, 1, "what lies off the earth is left out");
}
