//! Who searches what: the problem is split into neighbourhoods of tours, each searched on its own for a while, then
//! joined and split differently.
//!
//! Ruin and recreate works locally, so tours far from each other can be improved at the same time without knowing of
//! each other. A small problem is searched whole by every thread, and the better plan goes on. With a budget of
//! steps the answer depends on the seed and the number of threads alone.

use std::thread;

use fastrand::Rng;

use super::model::{Model, NONE};
use super::plan::{Kept, Plan, Share};
use super::recreate::Recreate;
use super::search::{Heat, Stretch, search};
use crate::stop::Budget;

/// Fewer nodes than this are not split.
const WORTH_SPLITTING: usize = 150;

/// A share has about this many nodes at most.
const LARGEST_SHARE: usize = 600;

/// Losses from here on are those of visits that may not be left out.
const PINNED: i64 = 10_000_000_000_000;

/// Into how many rounds of splitting and joining a budget goes.
const ROUNDS: u32 = 60;

/// Hears of the part of the budget that is spent, and of the best plan.
pub(crate) type Tell<'a> = &'a (dyn Fn(f64, &Kept) + Sync);

/// Steps per node that a cycle of cooling is worth.
const STEPS_PER_CYCLE: f64 = 3_500.0;

/// How warm a later cycle begins, as a part of the first.
const REWARMED: f64 = 0.3;

/// What a search is given besides the model.
#[derive(Clone, Copy)]
pub(crate) struct Effort<'a> {
    pub seed: u64,
    pub threads: usize,
    pub budget: Budget<'a>,
    /// Points; how warm it is at first and at last.
    pub warmth: (f64, f64),
    /// Points; what an average visit is felt to be worth at first and at last. None: what it is worth.
    pub worth: Option<(f64, f64)>,
    /// How many nodes may change their technician.
    pub most_moves: usize,
    /// Told after every round: the part of the budget that is spent, and the best cost.
    pub tell: Option<Tell<'a>>,
}

/// The best plan found from `from`.
pub(crate) fn improve(model: &Model, from: Kept, effort: Effort<'_>) -> (Kept, u64) {
    if model.lanes.is_empty() {
        // Nobody works: there is nothing to improve.
        return (from, 0);
    }
    let mut rng = Rng::with_seed(effort.seed);
    let whole = Share::whole(model);
    let (mut current, mut best) = (from.clone(), from);
    let (mut steps, mut cycles) = (0, 1.0);
    for round_number in 0..ROUNDS {
        let spent = match effort.budget {
            Budget::Steps(_) => f64::from(round_number) / f64::from(ROUNDS),
            Budget::Share(spent) => spent(),
        };
        if spent >= 1.0 {
            break;
        }
        let shares = shares(model, &current, &whole, (effort.threads, effort.most_moves), &mut rng);
        let until = match effort.budget {
            Budget::Steps(_) => f64::from(round_number + 1) / f64::from(ROUNDS),
            Budget::Share(_) => spent + (1.0 - spent) / f64::from(ROUNDS - round_number),
        };
        let warm = |spent| warmth(effort.warmth, cycles, spent);
        let round = Round { from: spent, until, warmth: (warm(spent), warm(until - 1e-9)) };
        let stretches = searched(model, &current, &shares, effort, round, rng.u64(..));
        steps += stretches.iter().map(|stretch| stretch.steps).sum::<u64>();
        if round_number == 0 {
            cycles = cycles_for(model, steps as f64 / until.max(1e-9));
        }
        if shares[0] == whole {
            (current, best) = chosen(stretches, best);
        } else {
            let (now, seen) = joined(model, &shares, stretches, &current);
            current = now;
            if seen.cost < best.cost {
                best = seen;
            }
            if current.cost < best.cost {
                best = current.clone();
            }
        }
        if let Some(tell) = effort.tell {
            tell(until, &best);
        }
    }
    (last_chance(model, &best), steps)
}

/// Whatever still fits somewhere goes in: chance may have overlooked it.
fn last_chance(model: &Model, best: &Kept) -> Kept {
    let losses: Vec<i64> = model.nodes.iter().map(|node| node.unserved).collect();
    let mut plan = Plan::new(model, Share::whole(model), best, &losses);
    plan.save();
    Recreate::new(model).everywhere(&mut plan, &mut Rng::with_seed(0));
    plan.kept()
}

/// How often the search is warmed up again, for so many steps in all: a small problem is cold long before its time
/// is over.
fn cycles_for(model: &Model, steps: f64) -> f64 {
    let per_node = steps / model.nodes.len().max(1) as f64;
    (per_node / STEPS_PER_CYCLE).floor().clamp(1.0, 8.0)
}

/// How warm it is when a part of the budget is spent; every cycle after the first begins less warm.
fn warmth((hot, cold): (f64, f64), cycles: f64, spent: f64) -> f64 {
    let cycle = (spent * cycles).floor().min(cycles - 1.0);
    let hot = if cycle > 0.0 { (hot * REWARMED).max(cold) } else { hot };
    hot * (cold / hot).powf((spent * cycles - cycle).clamp(0.0, 1.0))
}

/// A piece of the budget.
#[derive(Clone, Copy)]
struct Round {
    from: f64,
    until: f64,
    /// Points, at its beginning and end.
    warmth: (f64, f64),
}

/// Searches every share, as many at a time as there are threads.
fn searched(
    model: &Model,
    current: &Kept,
    shares: &[Share],
    effort: Effort<'_>,
    round: Round,
    seed: u64,
) -> Vec<Stretch> {
    let losses = losses(model, current, effort.worth, round.from);
    let heat = Heat {
        now: round.warmth.0,
        then: round.warmth.1,
        losses: &losses,
        most_moves: effort.most_moves,
    };
    let turns = shares.len().div_ceil(effort.threads.max(1));
    let one = |index: usize| {
        let turn = index / effort.threads.max(1);
        let share = &shares[index];
        let part = cut(current, share);
        let spent = |steps: u64| match effort.budget {
            Budget::Steps(all) => {
                let own = all / u64::from(ROUNDS) / shares.len() as u64;
                steps as f64 / own.max(1) as f64
            }
            Budget::Share(spent) => {
                let piece = (round.until - round.from) / turns as f64;
                let begins = round.from + piece * turn as f64;
                (spent() - begins) / piece
            }
        };
        search(model, share.clone(), &part, seed ^ (index as u64) << 32, heat, &spent)
    };
    let mut stretches = Vec::with_capacity(shares.len());
    for turn in 0..turns {
        let first = turn * effort.threads.max(1);
        let last = (first + effort.threads.max(1)).min(shares.len());
        thread::scope(|scope| {
            let others: Vec<_> =
                (first + 1..last).map(|index| scope.spawn(move || one(index))).collect();
            stretches.push(one(first));
            for other in others {
                match other.join() {
                    Ok(stretch) => stretches.push(stretch),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
    }
    stretches
}

/// What leaving nodes out is felt to cost when a part of the budget is spent.
///
/// Where a visit is worth more than any drive, nothing would ever be left out for another's sake, and the search
/// would stand still. So visits are felt to be worth little more than a drive at first, and their full price late.
fn losses(model: &Model, current: &Kept, worth: Option<(f64, f64)>, spent: f64) -> Vec<i64> {
    let served: usize = current.tours.iter().map(Vec::len).sum();
    let Some((first, last)) = worth.filter(|_| served < model.nodes.len()) else {
        return model.nodes.iter().map(|node| node.unserved).collect();
    };
    let all = || model.nodes.iter().map(|node| node.unserved).filter(|loss| *loss < PINNED);
    let count = all().filter(|loss| *loss > 0).count().max(1);
    let mean = all().map(|loss| loss as f64).sum::<f64>() / count as f64;
    let worth = first * (last / first).powf(spent);
    let scale = worth / mean.max(1.0);
    let felt = |loss: i64| {
        if scale >= 1.0 || loss >= PINNED { loss } else { ((loss as f64 * scale) as i64).max(1) }
    };
    model
        .nodes
        .iter()
        .map(|node| if node.unserved == 0 { 0 } else { felt(node.unserved) })
        .collect()
}

/// The plan as one share sees it.
fn cut(current: &Kept, share: &Share) -> Kept {
    let mut part = Kept { tours: vec![Vec::new(); current.tours.len()], ..Kept::default() };
    for lane in &share.lanes {
        part.tours[*lane as usize].clone_from(&current.tours[*lane as usize]);
    }
    part.held.clone_from(&current.held);
    part
}

/// Of plans for the whole, the best seen and the best to go on from.
fn chosen(stretches: Vec<Stretch>, mut best: Kept) -> (Kept, Kept) {
    let mut current: Option<Kept> = None;
    for stretch in stretches {
        if stretch.best.cost < best.cost {
            best = stretch.best;
        }
        if current.as_ref().is_none_or(|current| stretch.current.cost < current.cost) {
            current = Some(stretch.current);
        }
    }
    (current.unwrap_or_else(|| best.clone()), best)
}

/// Puts shares together: where each stands, and the best each has seen.
fn joined(model: &Model, shares: &[Share], stretches: Vec<Stretch>, before: &Kept) -> (Kept, Kept) {
    let empty = Kept { tours: vec![Vec::new(); before.tours.len()], ..Kept::default() };
    let (mut current, mut best) = (empty.clone(), empty);
    for (share, stretch) in shares.iter().zip(stretches) {
        for (whole, part) in [(&mut current, stretch.current), (&mut best, stretch.best)] {
            whole.cost += part.cost;
            for lane in &share.lanes {
                whole.tours[*lane as usize].clone_from(&part.tours[*lane as usize]);
            }
            let own = part.held.into_iter().filter(|(node, _)| share.nodes.contains(node));
            whole.held.extend(own);
        }
    }
    let shared: usize = shares.iter().map(|share| share.nodes.len()).sum();
    debug_assert_eq!(shared, model.nodes.len());
    (current, best)
}

/// Splits the problem into neighbourhoods of tours with about as many nodes each.
fn shares(
    model: &Model,
    current: &Kept,
    whole: &Share,
    (threads, most_moves): (usize, usize),
    rng: &mut Rng,
) -> Vec<Share> {
    let count = model.nodes.len();
    let parts = match count.div_ceil(LARGEST_SHARE) {
        _ if !model.units.is_empty() && count <= LARGEST_SHARE => 1,
        // Moves are counted over the whole plan.
        _ if most_moves < usize::MAX => 1,
        1 if count < WORTH_SPLITTING => 1,
        parts => parts.next_multiple_of(threads.max(1)),
    };
    let used: Vec<u32> = (0..model.lanes.len() as u32)
        .filter(|lane| !current.tours[*lane as usize].is_empty())
        .collect();
    if parts < 2 || used.len() < 2 * parts {
        return vec![whole.clone(); threads.max(1)];
    }
    let mut shares = vec![Share::default(); parts];
    share_out(model, current, used, &mut shares, rng);
    let idle =
        (0..model.lanes.len() as u32).filter(|lane| current.tours[*lane as usize].is_empty());
    for (turn, lane) in idle.enumerate() {
        shares[turn % parts].lanes.push(lane);
    }
    let mut owner = vec![NONE; count];
    for (index, share) in shares.iter().enumerate() {
        for node in share.lanes.iter().flat_map(|lane| &current.tours[*lane as usize]) {
            owner[*node as usize] = index as u32;
        }
    }
    settle_rest(model, &mut owner, parts, rng);
    for (node, owner) in owner.iter().enumerate() {
        shares[*owner as usize].nodes.push(node as u32);
    }
    for share in &mut shares {
        share.lanes.sort_unstable();
    }
    shares
}

/// Gives each share the tours nearest to one that is far from the last.
fn share_out(
    model: &Model,
    current: &Kept,
    mut left: Vec<u32>,
    shares: &mut [Share],
    rng: &mut Rng,
) {
    let middle = |lane: u32| {
        let nodes = &current.tours[lane as usize];
        model.nodes[nodes[nodes.len() / 2] as usize].place
    };
    let size = |lane: u32| current.tours[lane as usize].len();
    let all: usize = left.iter().map(|lane| size(*lane)).sum();
    let mut seed = left[rng.usize(..left.len())];
    let parts = shares.len();
    for (index, share) in shares.iter_mut().enumerate() {
        let far = |from: u32, to: u32| model.leg(0, middle(from), middle(to)).cost;
        if let Some(farthest) = left.iter().copied().max_by_key(|lane| (far(seed, *lane), *lane)) {
            seed = farthest;
        }
        left.sort_by_key(|lane| (far(seed, *lane), *lane));
        let mut taken = 0;
        let count = left
            .iter()
            .take_while(|lane| {
                let goes_on = taken * parts < all;
                taken += size(**lane);
                goes_on
            })
            .count();
        let count = if index + 1 == parts { left.len() } else { count };
        share.lanes.extend(left.drain(..count));
    }
}

/// Nodes in no tour go where their nearest neighbours went; what is bound together stays together.
fn settle_rest(model: &Model, owner: &mut [u32], parts: usize, rng: &mut Rng) {
    for node in 0..owner.len() {
        if owner[node] == NONE {
            let near = model.near[node].iter().map(|near| owner[*near as usize]);
            let settled: Vec<u32> = near.filter(|owner| *owner != NONE).take(8).collect();
            owner[node] = if settled.is_empty() {
                rng.u32(..parts as u32)
            } else {
                settled[rng.usize(..settled.len())]
            };
        }
    }
}
