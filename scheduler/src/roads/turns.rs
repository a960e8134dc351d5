//! From which arc onto which, and what the turn costs: time for slowing down, for lights, for giving way.
//!
//! A car turns round only where the road ends. What signs forbid is taken out by [`super::restrictions`].

use super::assemble::{Arc, Pieces};
use super::profile::Class;

/// From one arc onto another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    pub to: u32,
    pub ms: u32,
    /// What is added to the weight beyond the time.
    pub avoided: u32,
}

/// Lights cost this on average, whichever way one goes.
const SIGNALS_MS: u32 = 4_000;
/// A stop sign at the junction itself.
const STOP_MS: u32 = 3_000;
/// Turning round at the end of a road.
const ROUND_MS: u32 = 12_000;
/// Boarding a ferry.
const FERRY_MS: u32 = 300_000;
/// From the open road into where one drives only on business.
const GUARDED_AVOIDED: u32 = 600_000;

/// Every possible turn, listed by the arc it leaves.
pub fn turns(pieces: &Pieces) -> Vec<Vec<Turn>> {
    let mut leaving: Vec<Vec<u32>> = vec![Vec::new(); pieces.junctions.len()];
    for (number, arc) in pieces.arcs.iter().enumerate() {
        leaving[arc.start as usize].push(number as u32);
    }
    pieces.arcs.iter().map(|arc| from(pieces, arc, &leaving[arc.end as usize])).collect()
}

fn from(pieces: &Pieces, arc: &Arc, onto: &[u32]) -> Vec<Turn> {
    let junction = &pieces.junctions[arc.end as usize];
    let is_back = |other: &Arc| other.stretch == arc.stretch && other.reversed != arc.reversed;
    let others = |number: &&u32| !is_back(&pieces.arcs[**number as usize]);
    let ways_on = onto.iter().filter(others).count();
    let is_end = junction.crossing.blocked || ways_on == 0;
    onto.iter()
        .filter(|number| is_back(&pieces.arcs[**number as usize]) == is_end)
        .map(|number| {
            let next = &pieces.arcs[*number as usize];
            let mut ms = if is_end { ROUND_MS } else { bend_ms(arc, next, ways_on) };
            if !is_end {
                ms += if junction.crossing.signals { SIGNALS_MS } else { 0 };
                ms += if junction.crossing.stop { STOP_MS } else { 0 };
                ms += junction.crossing.delay_s * 1_000;
            }
            if next.class == Class::Ferry && arc.class != Class::Ferry {
                ms += FERRY_MS;
            }
            let enters = (next.guarded && !arc.guarded) || junction.crossing.guarded;
            Turn { to: *number, ms, avoided: if enters { GUARDED_AVOIDED } else { 0 } }
        })
        .collect()
}

/// Time lost by turning, by how sharp it is and whose way one has to give.
fn bend_ms(arc: &Arc, next: &Arc, ways_on: usize) -> u32 {
    let bend = (next.leaves - arc.arrives + 540.0).rem_euclid(360.0) - 180.0;
    if ways_on < 2 {
        // No junction to speak of: only a hairpin slows down, and the limit knows the rest.
        return if bend.abs() > 100.0 { 2_000 } else { 0 };
    }
    if arc.roundabout && next.roundabout {
        return 0;
    }
    if next.roundabout {
        return 2_000;
    }
    let gives_way = rank(next).saturating_sub(rank(arc)).min(3);
    let turn_ms = match bend.abs() {
        0.0..25.0 => 0,
        25.0..60.0 => 500,
        _ if bend < 0.0 => 3_000,
        _ => 1_500,
    };
    turn_ms + gives_way * if turn_ms == 0 { 300 } else { 700 }
}

/// The more important, the higher.
fn rank(arc: &Arc) -> u32 {
    if arc.link { 6 } else { (Class::Ferry as u32).saturating_sub(arc.class as u32) }
}
