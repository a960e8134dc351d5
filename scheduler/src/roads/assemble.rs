//! From surveyed ways to pieces of road: ways are cut at junctions into stretches, each stretch has an arc for every
//! direction in which a car may drive it.

use std::collections::BTreeMap;

use geo::{Bearing, Distance, Haversine};

use super::Cost;
use super::profile::{Class, Crossing, Pace, Road};
use super::survey::{Survey, SurveyedNode, SurveyedWay};

/// A place in ten-millionths of a degree: latitude, longitude.
pub type Spot = [i32; 2];

/// A piece of road between two junctions.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// Where its points stand in [`Pieces::spots`].
    pub spots: std::ops::Range<u32>,
    /// The way it was cut from.
    pub way: i64,
    /// Decimetres, at least 1.
    pub dm: u32,
}

/// A stretch in one direction.
#[derive(Clone, Copy, Debug)]
pub struct Arc {
    pub stretch: u32,
    /// Against the order in which the stretch's points stand.
    pub reversed: bool,
    /// Junctions, as numbers of [`Pieces::junctions`].
    pub start: u32,
    pub end: u32,
    pub cost: Cost,
    pub class: Class,
    pub link: bool,
    pub roundabout: bool,
    pub guarded: bool,
    /// Compass degrees with which it leaves its start and reaches its end.
    pub leaves: f32,
    pub arrives: f32,
}

/// A junction: what it holds against a car.
#[derive(Clone, Copy, Debug)]
pub struct Junction {
    pub node: i64,
    pub crossing: Crossing,
}

/// All pieces of a road network, before they are joined.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    pub spots: Vec<Spot>,
    pub stretches: Vec<Stretch>,
    pub arcs: Vec<Arc>,
    pub junctions: Vec<Junction>,
}

/// A cell of about one square kilometre counts junctions to tell town from country.
const CELL_E7: i32 = 100_000;
/// This many junctions in a cell and its eight neighbours make a town.
const TOWN_JUNCTIONS: u32 = 200;
/// Lights between two junctions cost this on average.
const SIGNALS_MS: u32 = 4_000;
/// A stop sign, or giving way.
const STOP_MS: u32 = 3_000;
/// How far from its end a stretch's direction is taken, decimetres.
const BEARING_DM: u32 = 200;
/// Avoided a little in favour of real roads, in thousandths of its time.
const SERVICE_WEIGHT: u32 = 1_150;

/// Cuts everything. Ways whose nodes the extract does not hold (they lie outside of its border) end there.
pub fn assemble(survey: &Survey) -> Pieces {
    let mut cutter = Cutter::new(survey);
    for way in &survey.ways {
        cutter.way(way);
    }
    cutter.pieces
}

struct Cutter<'a> {
    survey: &'a Survey,
    pieces: Pieces,
    uses: BTreeMap<i64, u32>,
    junctions: BTreeMap<i64, u32>,
    density: BTreeMap<(i32, i32), u32>,
}

impl<'a> Cutter<'a> {
    fn new(survey: &'a Survey) -> Self {
        let mut uses: BTreeMap<i64, u32> = BTreeMap::new();
        for way in &survey.ways {
            for node in &way.nodes {
                *uses.entry(*node).or_default() += 1;
            }
            for end in [way.nodes.first(), way.nodes.last()].into_iter().flatten() {
                *uses.entry(*end).or_default() += 1;
            }
        }
        let mut density = BTreeMap::new();
        for (node, _) in uses.iter().filter(|(_, uses)| **uses > 2) {
            if let Some(place) = survey.nodes.get(node).copied().flatten() {
                *density.entry(cell(place)).or_default() += 1;
            }
        }
        let (pieces, junctions) = (Pieces::default(), BTreeMap::new());
        Self { survey, pieces, uses, junctions, density }
    }

    fn way(&mut self, way: &SurveyedWay) {
        let places: Vec<(i64, Option<SurveyedNode>)> = way
            .nodes
            .iter()
            .map(|node| (*node, self.survey.nodes.get(node).copied().flatten()))
            .collect();
        // What the extract does not hold splits a way into runs.
        for run in places.split(|(_, place)| place.is_none()) {
            let run: Vec<(i64, SurveyedNode)> =
                run.iter().filter_map(|(node, place)| Some((*node, (*place)?))).collect();
            let whole_dm: u32 =
                run.windows(2).map(|two| between_dm(spot(two[0].1), spot(two[1].1))).sum();
            let mut begun = 0;
            for at in 1..run.len() {
                if at + 1 == run.len() || self.is_cut(&run[at]) {
                    self.stretch(way, &run[begun..=at], whole_dm);
                    begun = at;
                }
            }
        }
    }

    fn is_cut(&self, (node, place): &(i64, SurveyedNode)) -> bool {
        self.uses.get(node).copied().unwrap_or(0) > 1
            || place.crossing.blocked
            || place.crossing.guarded
    }

    fn stretch(&mut self, way: &SurveyedWay, run: &[(i64, SurveyedNode)], whole_dm: u32) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let begin = self.pieces.spots.len() as u32;
        let line: Vec<Spot> = run.iter().map(|(_, place)| spot(*place)).collect();
        let dm = line.windows(2).map(|two| between_dm(two[0], two[1])).sum::<u32>().max(1);
        self.pieces.spots.extend(&line);
        let number = self.pieces.stretches.len() as u32;
        let spots = begin..self.pieces.spots.len() as u32;
        self.pieces.stretches.push(Stretch { spots, way: way.id, dm });
        let (start, end) = (self.junction(*first), self.junction(*last));
        let town = self.is_town(run[run.len() / 2].1);
        let leaves = (bearing(line.iter()), opposite(bearing(line.iter().rev())));
        let road = &way.road;
        let arc = |pace: Pace, reversed: bool| Arc {
            stretch: number,
            reversed,
            start: if reversed { end } else { start },
            end: if reversed { start } else { end },
            cost: cost(road, pace, dm, whole_dm, town, delay_ms(run, reversed)),
            class: road.class,
            link: road.link,
            roundabout: road.roundabout,
            guarded: road.guarded,
            leaves: if reversed { opposite(leaves.1) } else { leaves.0 },
            arrives: if reversed { opposite(leaves.0) } else { leaves.1 },
        };
        self.pieces.arcs.extend(road.forward.map(|pace| arc(pace, false)));
        self.pieces.arcs.extend(road.backward.map(|pace| arc(pace, true)));
    }

    fn junction(&mut self, (node, place): (i64, SurveyedNode)) -> u32 {
        let next = self.pieces.junctions.len() as u32;
        let number = *self.junctions.entry(node).or_insert(next);
        if number == next {
            self.pieces.junctions.push(Junction { node, crossing: place.crossing });
        }
        number
    }

    fn is_town(&self, place: SurveyedNode) -> bool {
        let (row, column) = cell(place);
        let around = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (row + dy, column + dx)));
        let junctions: u32 = around.filter_map(|key| self.density.get(&key)).sum();
        junctions >= TOWN_JUNCTIONS
    }
}

fn cell(place: SurveyedNode) -> (i32, i32) {
    // Degrees of longitude are shorter up north; three quarters is right enough to tell a town.
    (place.lat_e7.div_euclid(CELL_E7), place.lon_e7.div_euclid(CELL_E7 / 3 * 4))
}

/// What stands between the two ends and holds a car up: lights and stop signs are often drawn just before a junction.
fn delay_ms(run: &[(i64, SurveyedNode)], reversed: bool) -> u32 {
    let inner = run.len().saturating_sub(1);
    let middle = run.len() / 2;
    let mut total_ms = 0_u32;
    for (at, (_, place)) in run.iter().enumerate().take(inner).skip(1) {
        let crossing = place.crossing;
        let here = match crossing.direction {
            0 if crossing.stop => (at >= middle) != reversed,
            0 => true,
            1 => !reversed,
            _ => reversed,
        };
        let signals_ms = if crossing.signals && here { SIGNALS_MS } else { 0 };
        let stop_ms = if crossing.stop && here { STOP_MS } else { 0 };
        total_ms = total_ms.saturating_add(signals_ms + stop_ms + crossing.delay_s * 1_000);
    }
    total_ms
}

fn cost(road: &Road, pace: Pace, dm: u32, whole_dm: u32, town: bool, delay_ms: u32) -> Cost {
    let mm_s = if town { pace.town_mm_s } else { pace.country_mm_s };
    let ms = match road.duration_s {
        Some(whole_s) => {
            u64::from(whole_s) * 1_000 * u64::from(dm) / u64::from(whole_dm.max(dm).max(1))
        }
        None => u64::from(dm) * 100_000 / u64::from(mm_s.max(1)),
    };
    let ms = u32::try_from(ms).unwrap_or(u32::MAX).max(1).saturating_add(delay_ms);
    let weight = match road.class {
        Class::Service | Class::Track => (u64::from(ms) * u64::from(SERVICE_WEIGHT) / 1_000) as u32,
        _ => ms,
    };
    Cost { weight, ms, dm }
}

const fn spot(place: SurveyedNode) -> Spot {
    [place.lat_e7, place.lon_e7]
}

/// A spot as `geo` takes it.
pub fn degrees(spot: Spot) -> geo::Point {
    geo::Point::new(f64::from(spot[1]) / 1e7, f64::from(spot[0]) / 1e7)
}

/// Decimetres between two spots.
pub fn between_dm(a: Spot, b: Spot) -> u32 {
    // A cast from a float saturates: nothing to panic about.
    (Haversine.distance(degrees(a), degrees(b)) * 10.0).round() as u32
}

/// The compass direction in which a line begins, looking some metres ahead.
fn bearing<'a>(mut line: impl Iterator<Item = &'a Spot>) -> f32 {
    let Some(first) = line.next() else { return 0.0 };
    let mut ahead = *first;
    for spot in line {
        ahead = *spot;
        if between_dm(*first, ahead) >= BEARING_DM {
            break;
        }
    }
    Haversine.bearing(degrees(*first), degrees(ahead)) as f32
}

fn opposite(bearing: f32) -> f32 {
    (bearing + 180.0) % 360.0
}
