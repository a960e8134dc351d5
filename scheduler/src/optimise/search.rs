//! The loop: disturb, repair, accept, stop.
//!
//! Simulated annealing over ruin and recreate. Works on one share of the problem with one thread; who works on what
//! is decided in [`super::parallel`]. Never looks at a clock: the budget says how much of it is spent.

use fastrand::Rng;

use super::model::Model;
use super::plan::{Kept, Plan, Share};
use super::recreate::Recreate;
use super::ruin::{Force, ruin};

/// How warm the search is, in points, at two moments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heat<'a> {
    pub now: f64,
    pub then: f64,
    /// What leaving a node out is felt to cost meanwhile.
    pub losses: &'a [i64],
    /// How many nodes may change their technician.
    pub most_moves: usize,
}

/// What one stretch of searching gives back.
pub(crate) struct Stretch {
    /// Where it stands.
    pub current: Kept,
    /// The best it has seen.
    pub best: Kept,
    pub steps: u64,
}

/// Searches until `spent` says 1: `spent(steps)` is the part of this stretch that is over.
pub(crate) fn search(
    model: &Model,
    share: Share,
    from: &Kept,
    seed: u64,
    heat: Heat<'_>,
    spent: &dyn Fn(u64) -> f64,
) -> Stretch {
    let mut rng = Rng::with_seed(seed);
    let mut plan = Plan::new(model, share, from, heat.losses);
    let mut recreate = Recreate::new(model);
    recreate.run(&mut plan, &mut rng);
    let mut best = plan.kept();
    plan.changed_since();
    let (mut steps, mut warmth) = (0_u64, heat.now);
    loop {
        if steps % 32 == 0 {
            let spent = spent(steps);
            if spent >= 1.0 {
                break;
            }
            warmth = heat.now * (heat.then / heat.now).powf(spent);
        }
        steps += 1;
        plan.save();
        let (before, moved) = (plan.felt, plan.moved);
        ruin(&mut plan, &mut rng, Force::default());
        recreate.run(&mut plan, &mut rng);
        let allowance = -warmth * rng.f64().max(f64::MIN_POSITIVE).ln();
        let moves_too_much = plan.moved > heat.most_moves.max(moved);
        if moves_too_much || ((plan.felt - before) as f64) >= allowance {
            plan.back();
        }
        if plan.cost < best.cost {
            for lane in plan.changed_since() {
                best.tours[lane as usize].clone_from(&plan.tours[lane as usize].nodes);
            }
            best.held = plan.holding();
            best.cost = plan.cost;
        }
    }
    Stretch { current: plan.kept(), best, steps }
}
