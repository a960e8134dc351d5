//! Takes visits out: strings of neighbours from tours that lie close together.
//!
//! Slack induction by string removals, after Christiaens and Vanden Berghe (Transportation Science 54, 2020): pieces
//! of several adjacent tours leave room in the same region, which is what lets them exchange visits. What is fixed
//! stays; what comes and goes together goes together.

use fastrand::Rng;

use super::model::NONE;
use super::plan::Plan;

/// How much is taken out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Force {
    /// Visits per step, on average.
    pub visits: f64,
    /// The longest string.
    pub longest: f64,
    /// How often a string is left with a piece standing in its middle.
    pub split: f64,
}

impl Default for Force {
    fn default() -> Self {
        Self { visits: 10.0, longest: 10.0, split: 0.5 }
    }
}

/// Takes strings out around a random node of the share.
pub(crate) fn ruin(plan: &mut Plan<'_>, rng: &mut Rng, force: Force) {
    if plan.share.nodes.is_empty() {
        return;
    }
    let seed = plan.share.nodes[rng.usize(..plan.share.nodes.len())];
    let (mut served, mut tours) = (0, 0);
    for lane in &plan.share.lanes {
        let count = plan.tours[*lane as usize].nodes.len();
        served += count;
        tours += usize::from(count > 0);
    }
    if tours == 0 {
        return;
    }
    let longest = force.longest.min(served as f64 / tours as f64).max(1.0);
    let most = (4.0 * force.visits / (1.0 + longest) - 1.0).max(1.0);
    let strings = (rng.f64() * most + 1.0).floor() as usize;
    let mut ruined: Vec<u32> = Vec::with_capacity(strings);
    let model = plan.model;
    let around = std::iter::once(&seed).chain(&model.near[seed as usize]);
    for &node in around {
        if ruined.len() >= strings {
            break;
        }
        let lane = plan.lane_of[node as usize];
        if lane == NONE || ruined.contains(&lane) {
            continue;
        }
        ruined.push(lane);
        let count = plan.tours[lane as usize].nodes.len();
        let most = longest.min(count as f64);
        let length = (rng.f64() * most + 1.0).floor() as usize;
        take_string(plan, rng, (lane, node), length.min(count), force);
    }
    take_bonded(plan);
}

/// Takes a string of `length` nodes that holds `node` out of `lane`.
fn take_string(
    plan: &mut Plan<'_>,
    rng: &mut Rng,
    (lane, node): (u32, u32),
    length: usize,
    force: Force,
) {
    let nodes = &plan.tours[lane as usize].nodes;
    let count = nodes.len();
    let Some(at) = nodes.iter().position(|other| *other == node) else {
        return;
    };
    // Split: a longer string, of which a piece inside stays.
    let mut stays = 0;
    if length > 1 && length < count && rng.f64() < force.split {
        stays = 1;
        while length + stays < count && rng.f64() > 0.01 {
            stays += 1;
            if rng.f64() < 0.5 {
                break;
            }
        }
    }
    let whole = length + stays;
    let lowest = (at + 1).saturating_sub(whole);
    let highest = at.min(count - whole);
    let first = rng.usize(lowest..=highest);
    let hole = if stays == 0 { length } else { rng.usize(1..=length - 1) };
    plan.take_out(lane, first + hole + stays, length - hole);
    plan.take_out(lane, first, hole);
}

/// Takes out whatever is bound to something that is out.
fn take_bonded(plan: &mut Plan<'_>) {
    let model = plan.model;
    if model.units.is_empty() {
        return;
    }
    for index in 0..plan.absent.len() {
        let unit = model.unit_of[plan.absent[index] as usize];
        if unit != NONE {
            for node in &model.units[unit as usize].nodes {
                plan.take_out_one(*node);
            }
        }
    }
}
