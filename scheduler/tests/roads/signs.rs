//! One-way streets, turn restrictions, turning round, lights: each on a map that shows only that.

use crate::maps::{Map, STREET};

const ONE_WAY: [(&str, &str); 2] = [("highway", "residential"), ("oneway", "yes")];

/// Two blocks side by side, with roads out of town at which cars can turn round.
///
/// ```text
/// x a b c y
///   d e f
/// ```
fn blocks() -> (Map, [i64; 5]) {
    let mut map = Map::new(&["x a b c y", "         ", "  d e f  "]);
    for nodes in ["xa", "cy", "ef", "cf"] {
        map.street(nodes);
    }
    let ways =
        [map.street("ab"), map.street("de"), map.street("ad"), map.street("be"), map.street("bc")];
    (map, ways)
}

#[test]
fn a_one_way_street_is_driven_one_way() {
    let mut map = Map::new(&["a b", "   ", "c d"]);
    map.way("ab", &ONE_WAY);
    map.street("bd");
    map.street("dc");
    map.street("ca");
    let map = map.drawn();
    assert_eq!(map.along('a', 'b'), "ab");
    assert_eq!(map.along('b', 'a'), "bdca");
}

#[test]
fn minus_one_turns_a_one_way_street_round() {
    let mut map = Map::new(&["a b", "   ", "c d"]);
    map.way("ab", &[("highway", "residential"), ("oneway", "-1")]);
    for nodes in ["bd", "dc", "ca"] {
        map.street(nodes);
    }
    let map = map.drawn();
    assert_eq!((map.along('b', 'a').as_str(), map.along('a', 'b').as_str()), ("ba", "acdb"));
}

#[test]
fn roundabouts_and_motorways_are_one_way_without_saying_so() {
    for tags in [
        [("highway", "primary"), ("junction", "roundabout")],
        [("highway", "motorway"), ("maxspeed", "50")],
    ] {
        let mut map = Map::new(&["x a b y", "       ", "  d c  "]);
        map.way("abcda", &tags);
        map.street("xa");
        map.street("by");
        let map = map.drawn();
        assert_eq!(map.along('x', 'y'), "xaby");
        assert_eq!(map.along('y', 'x'), "ybcdax");
    }
}

#[test]
fn a_forbidden_turn_costs_the_way_round() {
    let (map, _) = blocks();
    let map = map.drawn();
    assert_eq!(map.drive(map.between('a', 'b', 0.5), map.between('b', 'e', 0.5)).0, "b");
    let (mut map, ways) = blocks();
    map.forbid(ways[0], 'b', ways[3], &[("restriction", "no_right_turn")]);
    map.forbid(ways[2], 'd', ways[1], &[("restriction", "no_left_turn")]);
    let map = map.drawn();
    // From before a, both short ways round the block are barred.
    let (passed, _) = map.drive(map.between('a', 'b', 0.5), map.between('b', 'e', 0.5));
    assert!(["bcfe", "adefcb"].contains(&passed.as_str()), "{passed}");
}

#[test]
fn a_restriction_that_spares_cars_or_is_meant_for_lorries_does_not_hold() {
    for tags in [
        [("restriction", "no_right_turn"), ("except", "bicycle;motorcar")],
        [("restriction:hgv", "no_right_turn"), ("note", "lorries")],
    ] {
        let (mut map, ways) = blocks();
        map.forbid(ways[0], 'b', ways[3], &tags);
        let map = map.drawn();
        let (passed, _) = map.drive(map.between('a', 'b', 0.5), map.between('b', 'e', 0.5));
        assert_eq!(passed, "b");
    }
}

#[test]
fn where_only_straight_on_is_allowed_nobody_turns() {
    let (mut map, ways) = blocks();
    let only = [("restriction", "only_straight_on")];
    map.forbid(ways[0], 'b', ways[4], &only);
    let map = map.drawn();
    let (passed, _) = map.drive(map.between('a', 'b', 0.9), map.between('b', 'e', 0.1));
    assert!(["bcfe", "ade"].contains(&passed.as_str()), "{passed}");
    let (passed, _) = map.drive(map.between('d', 'e', 0.9), map.between('e', 'b', 0.1));
    assert_eq!(passed, "e", "it holds for those on that way only");
}

#[test]
fn a_turn_may_be_forbidden_across_a_way_for_those_who_come_from_one_side_only() {
    let draw = |restriction: Option<&'static str>| {
        let mut map = Map::new(&["p   q", "a b c", "     ", "d e f"]);
        let from = map.street("ab");
        let via = map.street("be");
        let to = map.street("ef");
        for nodes in ["bc", "cf", "ed", "da", "pb", "pa", "qc"] {
            map.street(nodes);
        }
        if let Some(what) = restriction {
            map.forbid_across(from, &[via], to, &[("restriction", what)]);
        }
        map.drawn()
    };
    let drive = |map: &crate::maps::Drawn, from: (char, char), to: (char, char)| {
        map.drive(map.between(from.0, from.1, 0.9), map.between(to.0, to.1, 0.1)).0
    };
    let free = draw(None);
    assert_eq!(drive(&free, ('a', 'b'), ('e', 'f')), "be");
    let no = draw(Some("no_left_turn"));
    assert_eq!(drive(&no, ('a', 'b'), ('e', 'f')), "bcf");
    assert_eq!(drive(&no, ('p', 'b'), ('e', 'f')), "be", "from elsewhere it is allowed");
    assert_eq!(drive(&no, ('a', 'b'), ('e', 'd')), "be", "and to elsewhere");
    assert_eq!(drive(&no, ('a', 'b'), ('b', 'e')), "b", "and to the way between");
    let only = draw(Some("only_left_turn"));
    assert_eq!(drive(&only, ('a', 'b'), ('e', 'f')), "be");
    assert_ne!(drive(&only, ('a', 'b'), ('e', 'd')), "be");
    assert_eq!(drive(&only, ('p', 'b'), ('e', 'd')), "be");
}

#[test]
fn a_restriction_that_names_what_is_not_there_changes_nothing() {
    let (mut map, ways) = blocks();
    map.forbid(ways[0], 'b', 999, &[("restriction", "only_right_turn")]);
    map.forbid(999, 'b', ways[3], &[("restriction", "no_right_turn")]);
    map.forbid_across(ways[0], &[998, 997], ways[1], &[("restriction", "no_left_turn")]);
    map.forbid(ways[0], 'z', ways[1], &[("restriction", "no_entry")]);
    let map = map.drawn();
    assert_eq!(map.drive(map.between('a', 'b', 0.5), map.between('b', 'e', 0.5)).0, "b");
}

#[test]
fn a_car_turns_round_where_the_road_ends_and_nowhere_else() {
    let mut map = Map::new(&["a b c d", "       ", "  e    "]);
    map.street("abcd");
    map.street("be");
    let map = map.drawn();
    // Eastwards on b-c, back to the west: to the end of the road and round.
    let one_way = {
        let mut map = Map::new(&["a b c d", "       ", "  e f  "]);
        map.street("ab");
        map.way("bc", &ONE_WAY);
        map.street("cd");
        map.way("cfeb", &ONE_WAY);
        map.drawn()
    };
    let (passed, seconds) =
        one_way.drive(one_way.between('b', 'c', 0.5), one_way.between('b', 'c', 0.2));
    assert_eq!(passed, "cfeb");
    assert!(seconds > 40);
    let there = map.seconds('a', 'd');
    assert!(map.drive(map.between('c', 'd', 0.5), map.at('a')).1 < there);
}

#[test]
fn lights_stop_signs_and_gates_take_time() {
    let plain = |sign: Option<[(&'static str, &'static str); 1]>| {
        let mut map = Map::new(&["a b c", "     ", "  d  "]);
        map.street("abc");
        map.street("bd");
        if let Some(tags) = sign {
            map.sign('b', &tags);
        }
        map.drawn().seconds('a', 'c')
    };
    let free = plain(None);
    assert!(plain(Some([("highway", "traffic_signals")])) > free);
    assert!(plain(Some([("highway", "stop")])) > free);
    assert!(plain(Some([("barrier", "gate")])) > free + 10);
    assert_eq!(plain(Some([("highway", "street_lamp")])), free);
}

#[test]
fn a_sign_between_junctions_holds_for_those_who_drive_towards_it() {
    let mut map = Map::new(&["a  s b", "      ", "     c"]);
    map.way("asb", &STREET);
    map.street("bc");
    map.sign('s', &[("highway", "stop"), ("direction", "forward")]);
    let map = map.drawn();
    assert!(map.seconds('a', 'b') > map.seconds('b', 'a'));
}
