//! What an extract says about roads for cars, collected element by element, in two passes: ways and relations first,
//! then the nodes they turned out to need. Judges each by the profile, keeps nothing else.

use std::collections::BTreeMap;

use super::profile::{self, Crossing, Road};
use super::tags::Tags;

/// What a relation's member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    Node,
    Way,
    Other,
}

/// A member of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    pub kind: MemberKind,
    pub id: i64,
    pub role: &'a str,
}

/// A way for cars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyedWay {
    pub id: i64,
    pub road: Road,
    pub nodes: Vec<i64>,
}

/// Where a node lies and what it holds against a car.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurveyedNode {
    /// Ten-millionths of a degree.
    pub lat_e7: i32,
    pub lon_e7: i32,
    pub crossing: Crossing,
}

/// A turn that signs forbid, or the only one they allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// `only_*` instead of `no_*`.
    pub only: bool,
    pub from: Vec<i64>,
    pub via: Via,
    pub to: Vec<i64>,
}

/// Where a restriction happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    Node(i64),
    Ways(Vec<i64>),
}

/// Everything collected so far.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    pub(crate) ways: Vec<SurveyedWay>,
    /// Wanted nodes; their place is nothing until the second pass tells it.
    pub(crate) nodes: BTreeMap<i64, Option<SurveyedNode>>,
    pub(crate) restrictions: Vec<Restriction>,
}

impl Survey {
    /// First pass: takes a way, if a car can use it.
    pub fn way(&mut self, id: i64, tags: &Tags, nodes: impl IntoIterator<Item = i64>) {
        let Some(road) = profile::road(tags) else { return };
        let mut nodes: Vec<i64> = nodes.into_iter().collect();
        nodes.dedup();
        if nodes.len() < 2 {
            return;
        }
        self.nodes.extend(nodes.iter().map(|node| (*node, None)));
        self.ways.push(SurveyedWay { id, road, nodes });
    }

    /// First pass: takes a relation, if it is a turn restriction that holds for cars.
    pub fn relation<'a>(&mut self, tags: &Tags, members: impl IntoIterator<Item = Member<'a>>) {
        if !tags.get("type").is_some_and(|kind| kind.starts_with("restriction")) {
            return;
        }
        let keys = ["restriction:motorcar", "restriction:motor_vehicle", "restriction"];
        let Some(what) = tags.first(&keys) else { return };
        let spared = tags.get("except").unwrap_or_default();
        if spared.split(';').any(|who| matches!(who.trim(), "motorcar" | "motor_vehicle")) {
            return;
        }
        let only = what.starts_with("only_");
        if !only && !what.starts_with("no_") {
            return;
        }
        let (mut from, mut to, mut nodes, mut ways) = (vec![], vec![], vec![], vec![]);
        for member in members {
            match (member.role, member.kind) {
                ("from", MemberKind::Way) => from.push(member.id),
                ("to", MemberKind::Way) => to.push(member.id),
                ("via", MemberKind::Node) => nodes.push(member.id),
                ("via", MemberKind::Way) => ways.push(member.id),
                _ => {}
            }
        }
        let via = match (nodes.as_slice(), ways.is_empty()) {
            ([node], true) => Via::Node(*node),
            ([], false) => Via::Ways(ways),
            _ => return,
        };
        if !from.is_empty() && !to.is_empty() {
            self.restrictions.push(Restriction { only, from, via, to });
        }
    }

    /// Whether a node is needed in the second pass.
    pub fn wants(&self, node: i64) -> bool {
        self.nodes.contains_key(&node)
    }

    /// Second pass: takes a node that was wanted. Coordinates in ten-millionths of a degree.
    pub fn node(&mut self, id: i64, lat_e7: i32, lon_e7: i32, tags: &Tags) {
        let on_earth =
            lat_e7.unsigned_abs() <= 900_000_000 && lon_e7.unsigned_abs() <= 1_800_000_000;
        if let Some(place) = self.nodes.get_mut(&id).filter(|_| on_earth) {
            let crossing =
                if tags.is_empty() { Crossing::default() } else { profile::crossing(tags) };
            *place = Some(SurveyedNode { lat_e7, lon_e7, crossing });
        }
    }

    /// How many ways, wanted nodes and restrictions were found.
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.ways.len(), self.nodes.len(), self.restrictions.len())
    }
}
