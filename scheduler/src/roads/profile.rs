//! What a car may do on a way, how fast it goes there, and what a node holds against it. One profile for every map.
//!
//! Speeds are those of an ordinary car on an empty road. Untagged roads have two, for towns and for the country; which
//! of them holds is decided by how dense the junctions lie ([`super::assemble`]).

use super::speed::{duration_s, limit_kmh, mm_s};
use super::tags::Tags;

/// How important a road is; the smaller, the more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    Motorway,
    Trunk,
    Primary,
    Secondary,
    Tertiary,
    Unclassified,
    Residential,
    /// Driveways, alleys, car parks.
    Service,
    /// Field and forest ways.
    Track,
    Ferry,
}

/// A way as a car sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Road {
    pub class: Class,
    /// In the direction in which the way is drawn, in the country.
    pub forward: Option<Pace>,
    /// Against it.
    pub backward: Option<Pace>,
    /// A slip road.
    pub link: bool,
    pub roundabout: bool,
    /// For those who have business there only: nobody drives through.
    pub guarded: bool,
    /// How long the whole way takes, seconds, where that is told (ferries).
    pub duration_s: Option<u32>,
}

/// Speeds in one direction, mm/s, never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub country_mm_s: u32,
    pub town_mm_s: u32,
}

/// What a node holds against a car.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crossing {
    /// Nothing passes.
    pub blocked: bool,
    /// Traffic lights.
    pub signals: bool,
    /// A stop sign, or having to give way.
    pub stop: bool,
    /// Which way drawn direction the sign holds for: 1 forward, -1 backward, 0 not told.
    pub direction: i8,
    /// A delay for everybody, seconds: a gate, a toll booth, a border.
    pub delay_s: u32,
    /// Beyond it only those with business there drive on.
    pub guarded: bool,
}

impl Crossing {
    /// Whether it changes anything.
    pub fn matters(&self) -> bool {
        *self != Self::default()
    }
}

/// Speeds by class in km/h: in the country, in town, as a slip road.
const KMH: [(Class, u32, u32, u32); 9] = [
    (Class::Motorway, 105, 89, 70),
    (Class::Trunk, 90, 73, 60),
    (Class::Primary, 75, 57, 50),
    (Class::Secondary, 60, 49, 45),
    (Class::Tertiary, 50, 45, 40),
    (Class::Unclassified, 45, 40, 35),
    (Class::Residential, 35, 33, 30),
    (Class::Service, 25, 20, 20),
    (Class::Track, 15, 15, 15),
];

/// What a way is to a car; nothing when it is nothing.
pub fn road(tags: &Tags) -> Option<Road> {
    if tags.is("area", "yes") {
        return None;
    }
    let (class, link) = match tags.get("highway") {
        Some(highway) => class_of(highway, tags)?,
        None if matches!(tags.get("route"), Some("ferry" | "shuttle_train")) => {
            (Class::Ferry, false)
        }
        None => return None,
    };
    let (forward_access, backward_access) = (access(tags, "forward"), access(tags, "backward"));
    let one_way = one_way(tags, class);
    let pace = |direction: &str| pace(tags, class, link, direction);
    let forward = (one_way != OneWay::Against && forward_access.is_some()).then(|| pace("forward"));
    let backward =
        (one_way != OneWay::Along && backward_access.is_some()).then(|| pace("backward"));
    let (forward, backward) = match one_way {
        // Which way it is open depends on the hour, which a map does not tell.
        OneWay::Reversible => (None, None),
        _ => (forward, backward),
    };
    if forward.is_none() && backward.is_none() {
        return None;
    }
    let guarded = [forward_access, backward_access].contains(&Some(Access::Guarded));
    Some(Road {
        class,
        forward,
        backward,
        link,
        roundabout: matches!(tags.get("junction"), Some("roundabout" | "circular")),
        guarded: guarded || class == Class::Track || is_driveway(tags),
        duration_s: tags.get("duration").and_then(duration_s).filter(|_| class == Class::Ferry),
    })
}

fn is_driveway(tags: &Tags) -> bool {
    matches!(tags.get("service"), Some("driveway" | "parking_aisle" | "drive-through"))
}

fn class_of(highway: &str, tags: &Tags) -> Option<(Class, bool)> {
    let (name, link) = match highway.strip_suffix("_link") {
        Some(name) => (name, true),
        None => (highway, false),
    };
    let class = match name {
        "motorway" => Class::Motorway,
        "trunk" => Class::Trunk,
        "primary" => Class::Primary,
        "secondary" => Class::Secondary,
        "tertiary" => Class::Tertiary,
        "unclassified" | "road" => Class::Unclassified,
        "residential" | "living_street" => Class::Residential,
        "service" => match tags.get("service") {
            Some("emergency_access" | "bus") => return None,
            _ => Class::Service,
        },
        "track" => Class::Track,
        // Streets for people, where some cars are let in.
        "pedestrian" if explicit_access(tags) => Class::Service,
        _ => return None,
    };
    Some((class, link))
}

fn explicit_access(tags: &Tags) -> bool {
    matches!(
        tags.first(&["motorcar", "motor_vehicle"]),
        Some("yes" | "permissive" | "designated" | "destination")
    )
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Open,
    /// Destination, private, customers: one may drive there, not through.
    Guarded,
}

/// The narrowest tag that speaks of cars decides; nothing when it says no.
fn access(tags: &Tags, direction: &str) -> Option<Access> {
    let said = ["motorcar", "motor_vehicle", "vehicle", "access"].into_iter().find_map(|key| {
        let directed = format!("{key}:{direction}");
        tags.get(&directed).or_else(|| tags.get(key))
    });
    judge(said.unwrap_or("yes"))
}

fn judge(value: &str) -> Option<Access> {
    // Several values: the most open one counts.
    let each = value.split(';').map(|one| match one.trim() {
        "no" | "agricultural" | "forestry" | "emergency" | "psv" | "bus" | "military"
        | "use_sidepath" | "official" | "restricted" => None,
        "destination" | "private" | "customers" | "delivery" | "permit" | "residents"
        | "resident" | "designated_only" => Some(Access::Guarded),
        _ => Some(Access::Open),
    });
    let found: Vec<Option<Access>> = each.collect();
    [Some(Access::Open), Some(Access::Guarded)]
        .into_iter()
        .find(|access| found.contains(access))
        .flatten()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OneWay {
    No,
    Along,
    Against,
    Reversible,
}

fn one_way(tags: &Tags, class: Class) -> OneWay {
    match tags.first(&["oneway:motorcar", "oneway:motor_vehicle", "oneway"]) {
        Some("yes" | "true" | "1") => OneWay::Along,
        Some("-1" | "reverse") => OneWay::Against,
        Some("reversible") => OneWay::Reversible,
        Some("no" | "false" | "0" | "alternating") => OneWay::No,
        _ => {
            let round = matches!(tags.get("junction"), Some("roundabout" | "circular"));
            let motorway = class == Class::Motorway && !tags.is("highway", "motorway_link");
            if round || motorway { OneWay::Along } else { OneWay::No }
        }
    }
}

/// How fast: the limit where one is told, else what is usual there; never faster than the ground allows.
fn pace(tags: &Tags, class: Class, link: bool, direction: &str) -> Pace {
    if class == Class::Ferry {
        return Pace { country_mm_s: mm_s(15), town_mm_s: mm_s(15) };
    }
    let usual = KMH
        .iter()
        .find(|row| row.0 == class)
        .map_or((30, 30), |row| if link { (row.3, row.3) } else { (row.1, row.2) });
    let usual = match tags.get("highway") {
        Some("living_street" | "pedestrian") => (10, 10),
        _ => match tags.get("service") {
            Some("driveway" | "drive-through") => (12, 12),
            Some("parking_aisle") => (12, 12),
            Some("alley") => (15, 15),
            _ => usual,
        },
    };
    let told = |key: &str| {
        tags.get(&format!("{key}:{direction}")).or_else(|| tags.get(key)).and_then(limit_kmh)
    };
    let limit = told("maxspeed")
        .or_else(|| told("zone:maxspeed"))
        .or_else(|| told("maxspeed:type"))
        .or_else(|| told("source:maxspeed"));
    // A limit says what is allowed; nobody drives a field way at the limit of its country.
    let (country, town) = match limit {
        Some(limit) if class < Class::Service => (limit, limit),
        Some(limit) => (usual.0.min(limit), usual.1.min(limit)),
        None => usual,
    };
    let ground = ground_kmh(tags).min(told("maxspeed:advisory").unwrap_or(u32::MAX));
    let capped = |kmh: u32| mm_s(kmh.min(ground).max(4));
    Pace { country_mm_s: capped(country), town_mm_s: capped(town) }
}

/// The speed above which the ground shakes a car too much, km/h.
fn ground_kmh(tags: &Tags) -> u32 {
    let surface = match tags.get("surface").unwrap_or_default() {
        "compacted" | "fine_gravel" => 70,
        "paving_stones" => 60,
        "gravel" | "unpaved" | "sett" | "metal" | "wood" => 50,
        "cobblestone" | "unhewn_cobblestone" | "grass_paver" | "pebblestone" | "dirt" => 35,
        "ground" | "earth" | "sand" | "grass" => 25,
        "mud" => 12,
        _ => u32::MAX,
    };
    let track = match tags.get("tracktype").unwrap_or_default() {
        "grade1" => 40,
        "grade2" => 30,
        "grade3" => 20,
        "grade4" => 15,
        "grade5" => 10,
        _ => u32::MAX,
    };
    let smooth = match tags.get("smoothness").unwrap_or_default() {
        "bad" => 40,
        "very_bad" => 20,
        "horrible" | "very_horrible" => 10,
        _ => u32::MAX,
    };
    surface.min(track).min(smooth)
}

/// What a node holds against a car.
pub fn crossing(tags: &Tags) -> Crossing {
    let mut found = Crossing::default();
    match tags.get("highway") {
        Some("traffic_signals") => found.signals = true,
        Some("stop" | "give_way") => found.stop = true,
        // Lights for people on foot are green for cars most of the time.
        _ => {}
    }
    found.direction = match tags.first(&["traffic_signals:direction", "direction"]) {
        Some("forward") if found.signals || found.stop => 1,
        Some("backward") if found.signals || found.stop => -1,
        _ => 0,
    };
    let Some(barrier) = tags.get("barrier") else { return found };
    let said = tags.first(&["motorcar", "motor_vehicle", "vehicle", "access"]);
    let opens = match barrier {
        "gate" | "lift_gate" | "swing_gate" | "sliding_gate" | "hampshire_gate" | "chain" => {
            found.delay_s = 15;
            true
        }
        "toll_booth" | "border_control" | "checkpoint" => {
            found.delay_s = 15;
            true
        }
        "cattle_grid" | "entrance" | "height_restrictor" | "sally_port" | "kerb" | "coupure"
        | "rope" | "no" | "spikes" | "bump_gate" => true,
        // Whatever else stands in the way stops a car.
        _ => said.is_some_and(|value| judge(value).is_some()),
    };
    match said.map(judge) {
        Some(None) => found.blocked = true,
        Some(Some(Access::Guarded)) => found.guarded = true,
        _ => {}
    }
    found.blocked |= !opens;
    found
}
