//! The living day planned anew: converted, solved, verified, and compared with the plan in force.
//!
//! A visit that stands is never taken off: where the search would leave one out, it is held and the search runs again.
//! No plan leaves here that [`verify`] has not passed. Applies nothing.

use std::collections::BTreeSet;

use crate::day::Id;
use crate::matrix::{Matrices, MatrixError};
use crate::stop::Budget;

use super::from_day::{Converted, LivingDay, convert};
use super::problem::{Current, Problem};
use super::solution::{Doing, Solution};
use super::travel_tables::{Priced, Tables};
use super::verify::{Fault, verify};
use super::{Nonsense, Run, refuse, solve, solve_from};

/// The parts of the budget at whose end each try is over, the last for all that follow. What is left is for the first
/// plan that holds.
const TRIES: [f64; 4] = [0.12, 0.22, 0.35, 0.5];

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlan {
    #[error(transparent)]
    Travel(#[from] MatrixError),
    #[error(transparent)]
    Nonsense(#[from] Nonsense),
    /// The checker found faults that no technician could be blamed for.
    #[error("no plan passed the checker")]
    Unverified,
}

/// A plan that keeps every rule, and the problem it answers.
#[derive(Clone, Debug)]
pub struct Replanned {
    pub converted: Converted,
    pub solution: Solution,
}

/// What a plan comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Figures {
    pub planned: usize,
    pub unassigned: usize,
    /// Weights of the jobs that are left out.
    pub lost_priority: u32,
    pub driving_min: i64,
    pub metres: i64,
    /// Technicians with at least one visit.
    pub technicians: usize,
}

/// Plans `day` anew within `run.budget`.
///
/// # Errors
/// See [`NoPlan`].
pub fn replan(
    day: &LivingDay,
    matrices: &dyn Matrices,
    run: &Run<'_>,
) -> Result<Replanned, NoPlan> {
    let (mut held, mut aside) = (BTreeSet::new(), BTreeSet::new());
    // Ends: every try holds more visits, or sets more technicians aside, than the one before.
    for end in TRIES.into_iter().chain(std::iter::repeat(TRIES[TRIES.len() - 1])) {
        let converted = convert(day, matrices, &held, &aside)?;
        let tables: Tables<'_> = vec![Priced { table: &converted.table, costs: None }];
        refuse(&converted.problem, &tables)?;
        let solution = match run.budget {
            Budget::Steps(_) => solve(&converted.problem, &tables, run),
            Budget::Share(spent) => {
                let spent = move || spent() / end;
                solve(&converted.problem, &tables, &Run { budget: Budget::Share(&spent), ..*run })
            }
        };
        let known = (held.len(), aside.len());
        for (id, current, is_pinned) in taken_off(&converted.problem, &solution) {
            if !held.insert(id.clone()) || is_pinned {
                aside.insert(current.technician.clone());
            }
        }
        if (held.len(), aside.len()) == known {
            match verify(&converted.problem, &tables, &solution) {
                Ok(_) => {
                    let better = improved(&converted, &tables, run, &solution);
                    let solution = better.unwrap_or(solution);
                    return Ok(Replanned { converted, solution });
                }
                Err(faults) => blame(&converted.problem, &solution, &faults, &mut aside),
            }
            if aside.len() == known.1 {
                return Err(NoPlan::Unverified);
            }
        }
    }
    Err(NoPlan::Unverified)
}

/// What stands today and has no place in `plan`: its id, where it stands, and whether it is pinned.
fn taken_off<'a>(
    problem: &'a Problem,
    plan: &'a Solution,
) -> impl Iterator<Item = (&'a Id, &'a Current, bool)> {
    plan.unserved.iter().filter_map(|out| {
        let visit = &problem.visits[out.visit];
        visit.current.as_ref().map(|current| (&visit.id, current, !visit.pin.is_free()))
    })
}

/// The rest of the time, spent on a plan that holds; none where nothing better that holds was found.
fn improved(
    converted: &Converted,
    tables: &Tables<'_>,
    run: &Run<'_>,
    found: &Solution,
) -> Option<Solution> {
    let Budget::Share(spent) = run.budget else { return None };
    let from = spent();
    if from >= 1.0 {
        return None;
    }
    let rest = move || (spent() - from) / (1.0 - from);
    let problem = &converted.problem;
    let run = Run { budget: Budget::Share(&rest), ..*run };
    let better = if problem.visits.len() > super::large::AT_ONCE {
        solve(problem, tables, &run)
    } else {
        solve_from(problem, tables, &run, found)
    };
    let holds = taken_off(problem, &better).next().is_none()
        && better.cost.total() <= found.cost.total()
        && verify(problem, tables, &better).is_ok();
    holds.then_some(better)
}

/// Sets the technicians aside whose routes are at fault.
fn blame(problem: &Problem, plan: &Solution, faults: &[Fault], aside: &mut BTreeSet<Id>) {
    for fault in faults {
        let whose = match fault {
            Fault::Stop { route, .. } | Fault::Route { route, .. } => {
                plan.routes.get(*route).and_then(|route| problem.technicians.get(route.technician))
            }
            Fault::Visit { visit, .. } => {
                let route = plan.routes.iter().find(|route| {
                    route.stops.iter().any(|stop| stop.doing == Doing::Visit(*visit))
                });
                route.and_then(|route| problem.technicians.get(route.technician))
            }
            Fault::Link { .. } => None,
        };
        aside.extend(whose.map(|technician| technician.id.clone()));
    }
}

impl Replanned {
    /// The plan in force and the new one, in the same figures; those set aside are in neither.
    pub fn figures(&self) -> (Figures, Figures) {
        let problem = &self.converted.problem;
        let mut before = vec![Vec::new(); problem.technicians.len()];
        for (index, visit) in problem.visits.iter().enumerate() {
            let Some(current) = &visit.current else { continue };
            let whose = problem.technicians.iter().position(|one| one.id == current.technician);
            if let Some(whose) = whose {
                before[whose].push((current.start_s, index));
            }
        }
        let mut after = vec![Vec::new(); problem.technicians.len()];
        for (technician, visit, start_s) in self.places() {
            after[technician].push((start_s, visit));
        }
        (self.of(&mut before), self.of(&mut after))
    }

    /// Technician, visit (indices of the problem) and start of everything planned.
    pub fn places(&self) -> Vec<(usize, usize, i64)> {
        let routes = self.solution.routes.iter();
        let stops = routes.flat_map(|route| route.stops.iter().map(move |stop| (route, stop)));
        stops
            .filter_map(|(route, stop)| match stop.doing {
                Doing::Visit(visit) => Some((route.technician, visit, stop.start_s)),
                _ => None,
            })
            .collect()
    }

    /// Minutes of driving before a visit of the new plan, rounded up.
    pub fn travel_min(&self, technician: usize, visit: usize) -> i64 {
        let routes = self.solution.routes.iter().filter(|route| route.technician == technician);
        let mut stops = routes.flat_map(|route| &route.stops);
        let stop = stops.find(|stop| stop.doing == Doing::Visit(visit));
        stop.map_or(0, |stop| (stop.driving_s + 59) / 60)
    }

    fn of(&self, tours: &mut [Vec<(i64, usize)>]) -> Figures {
        let problem = &self.converted.problem;
        let mut figures = Figures::default();
        let mut planned = vec![false; problem.visits.len()];
        let mut driving_s = 0;
        for (technician, tour) in problem.technicians.iter().zip(tours) {
            tour.sort_unstable();
            figures.technicians += usize::from(!tour.is_empty());
            let mut at = technician.start;
            let stops = tour.iter().map(|(_, visit)| {
                planned[*visit] = true;
                problem.visits[*visit].place
            });
            let home = (!tour.is_empty()).then_some(technician.end).flatten();
            for next in stops.collect::<Vec<_>>().into_iter().chain(home) {
                let leg = at.and_then(|at| self.converted.table.leg(at, next)).unwrap_or_default();
                driving_s += leg.seconds;
                figures.metres += leg.metres;
                at = Some(next);
            }
        }
        for (visit, planned) in problem.visits.iter().zip(planned) {
            figures.planned += usize::from(planned);
            figures.unassigned += usize::from(!planned);
            figures.lost_priority += if planned { 0 } else { visit.priority };
        }
        figures.driving_min = (driving_s + 30) / 60;
        figures
    }
}
