//! What is on the van, counted stop by stop.

use crate::optimise::problem::{Link, Problem, Technician};
use crate::optimise::solution::{Doing, Route};

/// What is on the van at every moment.
pub(super) fn check(
    problem: &Problem,
    technician: &Technician,
    route: &Route,
    mut fault: impl FnMut(&'static str),
) {
    let carried: Vec<(usize, usize)> = problem
        .links
        .iter()
        .filter_map(|link| match link {
            Link::Carry { pickup, delivery } => Some((*pickup, *delivery)),
            _ => None,
        })
        .collect();
    let visits: Vec<usize> = route
        .stops
        .iter()
        .filter_map(|stop| match stop.doing {
            Doing::Visit(visit) if visit < problem.visits.len() => Some(visit),
            _ => None,
        })
        .collect();
    for (dimension, capacity) in technician.capacity.iter().enumerate() {
        let of = |amounts: &Vec<i64>| amounts.get(dimension).copied().unwrap_or(0);
        let goods = |pickup: usize, delivery: usize| {
            let there = &problem.visits[pickup].pickup;
            if there.is_empty() { of(&problem.visits[delivery].delivery) } else { of(there) }
        };
        let is_carried = |visit: usize| carried.iter().any(|(a, b)| *a == visit || *b == visit);
        let plain = visits.iter().filter(|visit| !is_carried(**visit));
        let mut aboard: i64 = plain.map(|visit| of(&problem.visits[*visit].delivery)).sum();
        let mut most = aboard;
        for &visit in &visits {
            match carried.iter().find(|(a, b)| *a == visit || *b == visit) {
                Some(&(pickup, delivery)) if pickup == visit => aboard += goods(pickup, delivery),
                Some(&(pickup, delivery)) => aboard -= goods(pickup, delivery),
                None => {
                    aboard +=
                        of(&problem.visits[visit].pickup) - of(&problem.visits[visit].delivery);
                }
            }
            most = most.max(aboard);
        }
        if most > *capacity {
            fault("carries more than the van holds");
        }
    }
}
