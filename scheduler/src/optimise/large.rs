//! Problems too large for one piece: neighbourhoods of technicians with their visits, each planned as a problem of
//! its own, regrouped again and again so that no border stays one.
//!
//! Keeps memory to what one group needs. Visits that are bound together stay in one group.

use std::thread;

use fastrand::Rng;

use super::problem::{Link, Problem};
use super::solution::{Doing, Route, Solution, Unserved};
use super::travel_tables::{Priced, Tables};
use super::{Run, solve_whole};
use crate::day::Need;
use crate::matrix::{Table, UNREACHABLE};
use crate::stop::Budget;

/// More visits than this are planned in groups.
pub(super) const AT_ONCE: usize = 2_500;

/// About this many visits make a group.
const GROUP: usize = 450;

/// How often groups are made anew.
const ROUNDS: usize = 4;

/// Some technicians, and the visits they look at.
#[derive(Clone, Debug, Default)]
struct Group {
    technicians: Vec<usize>,
    visits: Vec<usize>,
}

/// Plans in groups.
pub(super) fn solve(problem: &Problem, tables: &Tables<'_>, run: &Run<'_>) -> Solution {
    let mut rng = Rng::with_seed(run.seed);
    let mut plan = Solution::default();
    plan.unserved.extend((0..problem.visits.len()).map(left_out));
    let abilities = Abilities::of(problem);
    for round in 0..ROUNDS {
        if let Budget::Share(spent) = run.budget
            && spent() >= 1.0
            && round > 0
        {
            break;
        }
        let groups = groups(problem, tables, &plan, &abilities, &mut rng);
        plan = planned(problem, tables, run, (round, &groups), &plan);
        if let (Some(tell), Budget::Share(spent)) = (run.tell, run.budget) {
            tell(spent(), 0);
        }
    }
    plan
}

fn left_out(visit: usize) -> Unserved {
    Unserved { visit, reasons: Vec::new(), change: None }
}

/// Plans every group, as many at a time as there are threads.
fn planned(
    problem: &Problem,
    tables: &Tables<'_>,
    run: &Run<'_>,
    (round, groups): (usize, &[Group]),
    before: &Solution,
) -> Solution {
    let threads = run.threads.max(1);
    let turns = groups.len().div_ceil(threads);
    let one = |index: usize| {
        let part = Part::cut(problem, tables, &groups[index], before);
        let slot = (round * turns + index / threads) as f64;
        let slots = (ROUNDS * turns) as f64;
        let share = |spent: f64| spent * slots - slot;
        let spent = || match run.budget {
            Budget::Share(spent) => share(spent()),
            Budget::Steps(_) => 0.0,
        };
        let budget = match run.budget {
            Budget::Share(_) => Budget::Share(&spent),
            Budget::Steps(all) => Budget::Steps(all / (ROUNDS * groups.len()) as u64),
        };
        let seed = run.seed ^ ((round * groups.len() + index) as u64) << 20;
        // From the second round on there is a plan to improve, not one to find.
        let gently = run.gently || round > 0;
        let own = Run { seed, threads: 1, budget, gently, most_moves: run.most_moves, tell: None };
        let priced = part.priced();
        let solution = solve_whole(&part.problem, &priced, &own, Some(&part.start));
        part.back(&groups[index], solution)
    };
    let mut whole = Solution { steps: before.steps, ..Solution::default() };
    for turn in 0..turns {
        let first = turn * threads;
        let last = (first + threads).min(groups.len());
        let solutions: Vec<Solution> = thread::scope(|scope| {
            let others: Vec<_> =
                (first + 1..last).map(|index| scope.spawn(move || one(index))).collect();
            let mine = one(first);
            let theirs = others.into_iter().map(|other| match other.join() {
                Ok(solution) => solution,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            std::iter::once(mine).chain(theirs).collect()
        });
        for solution in solutions {
            whole.routes.extend(solution.routes);
            whole.unserved.extend(solution.unserved);
            whole.steps += solution.steps;
        }
    }
    whole.routes.sort_by_key(|route| (route.technician, route.shift));
    whole.unserved.sort_by_key(|unserved| unserved.visit);
    whole
}

/// A group as a problem of its own.
struct Part {
    problem: Problem,
    tables: Vec<(Table, Option<Vec<u32>>)>,
    start: Solution,
}

impl Part {
    fn cut(problem: &Problem, tables: &Tables<'_>, group: &Group, plan: &Solution) -> Self {
        let mut places: Vec<usize> =
            group.visits.iter().map(|v| problem.visits[*v].place).collect();
        for technician in &group.technicians {
            let own = &problem.technicians[*technician];
            places.extend(own.start.into_iter().chain(own.end));
        }
        places.sort_unstable();
        places.dedup();
        let local = |place: usize| places.binary_search(&place).unwrap_or(0);
        let mut part = Problem {
            profile: problem.profile.clone(),
            now_s: problem.now_s,
            frozen_until_s: problem.frozen_until_s,
            ..Problem::default()
        };
        for technician in &group.technicians {
            let mut own = problem.technicians[*technician].clone();
            (own.start, own.end) = (own.start.map(local), own.end.map(local));
            part.technicians.push(own);
        }
        for visit in &group.visits {
            let mut own = problem.visits[*visit].clone();
            own.place = local(own.place);
            part.visits.push(own);
        }
        let number = |visit: usize| group.visits.binary_search(&visit).ok();
        part.links = problem.links.iter().filter_map(|link| renumbered(link, number)).collect();
        let start = Solution {
            routes: plan.routes.iter().filter_map(|route| own_route(route, group)).collect(),
            ..Solution::default()
        };
        let tables = tables.iter().map(|priced| excerpt(priced, &places)).collect();
        Self { problem: part, tables, start }
    }

    fn priced(&self) -> Tables<'_> {
        self.tables.iter().map(|(table, costs)| Priced { table, costs: costs.as_deref() }).collect()
    }

    /// The group's plan in the numbers of the whole problem.
    fn back(&self, group: &Group, mut solution: Solution) -> Solution {
        for route in &mut solution.routes {
            route.technician = group.technicians[route.technician];
            for stop in &mut route.stops {
                stop.doing = match stop.doing {
                    Doing::Visit(visit) => Doing::Visit(group.visits[visit]),
                    Doing::Assist(visit, number) => Doing::Assist(group.visits[visit], number),
                    other => other,
                };
            }
        }
        for unserved in &mut solution.unserved {
            *unserved = left_out(group.visits[unserved.visit]);
        }
        solution
    }
}

/// A route in a group's numbers; none where it belongs to another group.
fn own_route(route: &Route, group: &Group) -> Option<Route> {
    let technician = group.technicians.binary_search(&route.technician).ok()?;
    let mut own = Route { technician, ..route.clone() };
    // What went to another group with its companions is missing here.
    own.stops.retain_mut(|stop| {
        let number = |visit: usize| group.visits.binary_search(&visit).ok();
        let doing = match stop.doing {
            Doing::Visit(visit) => number(visit).map(Doing::Visit),
            Doing::Assist(visit, helper) => number(visit).map(|visit| Doing::Assist(visit, helper)),
            other => Some(other),
        };
        doing.map(|doing| stop.doing = doing).is_some()
    });
    Some(own)
}

fn renumbered(link: &Link, number: impl Fn(usize) -> Option<usize>) -> Option<Link> {
    Some(match link {
        Link::Order { first, second, min_gap_s, max_gap_s } => Link::Order {
            first: number(*first)?,
            second: number(*second)?,
            min_gap_s: *min_gap_s,
            max_gap_s: *max_gap_s,
        },
        Link::SameTime { a, b } => Link::SameTime { a: number(*a)?, b: number(*b)? },
        Link::Bundle(members) => {
            Link::Bundle(members.iter().map(|member| number(*member)).collect::<Option<_>>()?)
        }
        Link::Carry { pickup, delivery } => {
            Link::Carry { pickup: number(*pickup)?, delivery: number(*delivery)? }
        }
    })
}

/// The rows and columns of a table that a group needs.
fn excerpt(priced: &Priced<'_>, places: &[usize]) -> (Table, Option<Vec<u32>>) {
    let n = places.len();
    let cells = || places.iter().flat_map(|from| places.iter().map(move |to| (*from, *to)));
    let seconds = cells().map(|(from, to)| priced.table.seconds(from, to)).collect();
    let metres = cells().map(|(from, to)| priced.table.metres(from, to)).collect();
    let all = priced.table.n();
    let costs =
        priced.costs.map(|costs| cells().map(|(from, to)| costs[from * all + to]).collect());
    // Both lists have n * n entries by construction.
    (Table::new(n, seconds, metres).unwrap_or_default(), costs)
}

/// Which technicians have the skills of which visit, without comparing names again and again.
struct Abilities {
    /// Highest level by tag, by technician.
    held: Vec<Vec<u8>>,
    tags: Vec<String>,
}

impl Abilities {
    fn of(problem: &Problem) -> Self {
        let lower = |tag: &str| tag.to_ascii_lowercase();
        let skills = problem.technicians.iter().flat_map(|technician| &technician.skills);
        let mut tags: Vec<String> = skills.map(|skill| lower(&skill.tag)).collect();
        tags.sort_unstable();
        tags.dedup();
        let mut held = vec![vec![0; tags.len()]; problem.technicians.len()];
        for (technician, held) in problem.technicians.iter().zip(&mut held) {
            for skill in &technician.skills {
                if let Ok(tag) = tags.binary_search(&lower(&skill.tag)) {
                    held[tag] = held[tag].max(skill.level);
                }
            }
        }
        Self { held, tags }
    }

    fn wanted(&self, needs: &[Need]) -> Option<Vec<(usize, u8)>> {
        let required = needs.iter().filter(|need| need.required);
        let tag = |need: &Need| self.tags.binary_search(&need.tag.to_ascii_lowercase()).ok();
        required.map(|need| Some((tag(need)?, need.level))).collect()
    }

    fn can(&self, technician: usize, wanted: &[(usize, u8)]) -> bool {
        wanted.iter().all(|(tag, level)| self.held[technician][*tag] >= *level)
    }
}

/// Neighbourhoods of technicians, and of each the visits it serves or could.
fn groups(
    problem: &Problem,
    tables: &Tables<'_>,
    plan: &Solution,
    abilities: &Abilities,
    rng: &mut Rng,
) -> Vec<Group> {
    let count = problem.visits.len().div_ceil(GROUP).min(problem.technicians.len()).max(1);
    let mut groups = vec![Group::default(); count];
    let home = |technician: usize| {
        let own = &problem.technicians[technician];
        own.start.or(own.end)
    };
    let drive = |from: Option<usize>, to: Option<usize>| match (from, to, tables.first()) {
        (Some(from), Some(to), Some(priced)) => priced.table.seconds(from, to),
        _ => UNREACHABLE,
    };
    let mut left: Vec<usize> = (0..problem.technicians.len()).collect();
    let mut seed = left[rng.usize(..left.len())];
    let mut group_of = vec![0; problem.technicians.len()];
    for (index, group) in groups.iter_mut().enumerate() {
        if let Some(far) = left.iter().copied().max_by_key(|t| (drive(home(seed), home(*t)), *t)) {
            seed = far;
        }
        left.sort_by_key(|t| (drive(home(seed), home(*t)), *t));
        let size = left.len().div_ceil(count - index);
        group.technicians.extend(left.drain(..size));
        group.technicians.sort_unstable();
        group.technicians.iter().for_each(|technician| group_of[*technician] = index);
    }
    let mut owner: Vec<Option<usize>> = vec![None; problem.visits.len()];
    for route in &plan.routes {
        for stop in &route.stops {
            if let Doing::Visit(visit) = stop.doing {
                owner[visit] = Some(group_of[route.technician]);
            }
        }
    }
    for (visit, owner) in owner.iter_mut().enumerate() {
        owner.get_or_insert_with(|| {
            nearest(problem, (abilities, &group_of), visit, rng, |t| {
                drive(home(t), Some(problem.visits[visit].place))
            })
        });
    }
    keep_together(problem, &mut owner);
    for (visit, owner) in owner.iter().enumerate() {
        groups[owner.unwrap_or(0)].visits.push(visit);
    }
    groups.retain(|group| !group.technicians.is_empty());
    groups
}

/// One of the groups with the nearest technicians who can do a visit; not always the nearest, so that another round
/// has another chance.
fn nearest(
    problem: &Problem,
    (abilities, group_of): (&Abilities, &[usize]),
    visit: usize,
    rng: &mut Rng,
    drive: impl Fn(usize) -> u32,
) -> usize {
    let Some(wanted) = abilities.wanted(&problem.visits[visit].needs) else {
        return 0;
    };
    let able = (0..problem.technicians.len()).filter(|t| abilities.can(*t, &wanted));
    let mut near: Vec<(u32, usize)> = able.map(|t| (drive(t), t)).collect();
    let few = near.len().min(6);
    if few == 0 {
        return 0;
    }
    near.select_nth_unstable(few - 1);
    near.truncate(few);
    near.sort_unstable();
    let choice = rng.usize(..few).min(rng.usize(..few));
    group_of[near[choice].1]
}

/// What is bound together goes where its first visit goes.
fn keep_together(problem: &Problem, owner: &mut [Option<usize>]) {
    // Chains are short: as many passes as links settle all of them, two nearly always do.
    for _ in 0..problem.links.len() {
        let before = owner.to_vec();
        for link in &problem.links {
            let ends = match link {
                Link::Order { first, second, .. } => vec![*first, *second],
                Link::SameTime { a, b } => vec![*a, *b],
                Link::Carry { pickup, delivery } => vec![*pickup, *delivery],
                Link::Bundle(members) => members.clone(),
            };
            let least = ends.iter().filter_map(|end| owner[*end]).min();
            ends.iter().for_each(|end| owner[*end] = least);
        }
        if before == owner {
            break;
        }
    }
}
