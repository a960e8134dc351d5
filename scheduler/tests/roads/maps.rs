//! Small maps, drawn as text: a letter is a node, a column and a row are a hundred metres each.

use std::collections::BTreeMap;

use scheduler::Point;
use scheduler::roads::{Member, MemberKind, Network, Scratch, Survey, Tags};

/// The north-west corner.
const NORTH: f64 = 45.1;
const WEST: f64 = -73.6;
/// A hundred metres, in degrees.
const ROW: f64 = 0.000_899_3;
const COLUMN: f64 = 0.001_273_5;

/// Tags of an ordinary street.
pub const STREET: [(&str, &str); 1] = [("highway", "residential")];

/// A map that is being drawn.
pub struct Map {
    nodes: BTreeMap<char, Point>,
    node_tags: BTreeMap<char, Vec<(&'static str, &'static str)>>,
    survey: Survey,
    ways: i64,
}

/// A map that can be driven on.
pub struct Drawn {
    nodes: BTreeMap<char, Point>,
    pub network: Network,
}

impl Map {
    pub fn new(rows: &[&str]) -> Self {
        let mut nodes = BTreeMap::new();
        for (row, line) in rows.iter().enumerate() {
            for (column, letter) in line.chars().enumerate().filter(|(_, letter)| *letter != ' ') {
                let lat = NORTH - row as f64 * ROW;
                nodes.insert(letter, Point::new(lat, WEST + column as f64 * COLUMN));
            }
        }
        let survey = Survey::default();
        Self { nodes, node_tags: BTreeMap::new(), survey, ways: 0 }
    }

    /// A way along these nodes; its number counts from 1.
    pub fn way(&mut self, nodes: &str, tags: &[(&str, &str)]) -> i64 {
        self.ways += 1;
        let tags: Tags = tags.iter().copied().collect();
        self.survey.way(self.ways, &tags, nodes.chars().map(|letter| i64::from(letter as u32)));
        self.ways
    }

    /// An ordinary street.
    pub fn street(&mut self, nodes: &str) -> i64 {
        self.way(nodes, &STREET)
    }

    pub fn sign(&mut self, node: char, tags: &[(&'static str, &'static str)]) {
        self.node_tags.insert(node, tags.to_vec());
    }

    /// A turn restriction; `via` names a node.
    pub fn forbid(&mut self, from: i64, via: char, to: i64, tags: &[(&str, &str)]) {
        let via = Member { kind: MemberKind::Node, id: i64::from(via as u32), role: "via" };
        self.restrict(from, &[via], to, tags);
    }

    /// A turn restriction across ways.
    pub fn forbid_across(&mut self, from: i64, via: &[i64], to: i64, tags: &[(&str, &str)]) {
        let via: Vec<Member> =
            via.iter().map(|id| Member { kind: MemberKind::Way, id: *id, role: "via" }).collect();
        self.restrict(from, &via, to, tags);
    }

    fn restrict(&mut self, from: i64, via: &[Member<'_>], to: i64, tags: &[(&str, &str)]) {
        let mut members = vec![Member { kind: MemberKind::Way, id: from, role: "from" }];
        members.extend(via);
        members.push(Member { kind: MemberKind::Way, id: to, role: "to" });
        let tags: Tags = tags.iter().copied().chain([("type", "restriction")]).collect();
        self.survey.relation(&tags, members);
    }

    pub fn drawn(mut self) -> Drawn {
        for (letter, place) in &self.nodes {
            let e7 = |degrees: f64| (degrees * 1e7).round() as i32;
            let tags = self.node_tags.get(letter).into_iter().flatten().copied().collect();
            self.survey.node(i64::from(*letter as u32), e7(place.lat), e7(place.lon), &tags);
        }
        let network = Network::build(&self.survey, &mut |_| {}).unwrap();
        Drawn { nodes: self.nodes, network }
    }
}

impl Drawn {
    pub fn at(&self, node: char) -> Point {
        self.nodes[&node]
    }

    /// Somewhere between two nodes.
    pub fn between(&self, a: char, b: char, part: f64) -> Point {
        let (a, b) = (self.at(a), self.at(b));
        Point::new(a.lat + (b.lat - a.lat) * part, a.lon + (b.lon - a.lon) * part)
    }

    /// The nodes along the best way, and its seconds.
    pub fn drive(&self, from: Point, to: Point) -> (String, u32) {
        let (from, to) = (self.network.place(from).unwrap(), self.network.place(to).unwrap());
        let way = self.network.way(&from, &to, &mut Scratch::default()).unwrap();
        let mut passed = String::new();
        for point in &way.line {
            let here = self.nodes.iter().find(|(_, place)| point.crow_m(**place) < 1);
            if let Some((letter, _)) = here.filter(|(letter, _)| !passed.ends_with(**letter)) {
                passed.push(*letter);
            }
        }
        (passed, way.seconds)
    }

    /// The nodes along the best way between two nodes.
    pub fn along(&self, from: char, to: char) -> String {
        self.drive(self.at(from), self.at(to)).0
    }

    pub fn seconds(&self, from: char, to: char) -> u32 {
        self.drive(self.at(from), self.at(to)).1
    }
}
