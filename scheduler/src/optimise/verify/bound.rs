//! What holds between visits, and what may not move.

use std::collections::BTreeSet;

use super::{Fault, Found};
use crate::optimise::problem::{Link, Problem};
use crate::optimise::solution::{Doing, Solution};

/// Pins, visits under way and the frozen horizon.
pub(super) fn held(problem: &Problem, index: usize, found: &Found, faults: &mut Vec<Fault>) {
    let visit = &problem.visits[index];
    let technician = problem.technicians.get(found.technician).map(|technician| &technician.id);
    let mut fault = |what| faults.push(Fault::Visit { visit: index, what });
    if let Some(current) = &visit.current {
        let frozen = problem.frozen_until_s.is_some_and(|until_s| current.start_s < until_s);
        if current.started || frozen {
            if technician != Some(&current.technician) {
                fault("is under way or frozen, and changed its technician");
            }
            if found.start_s != current.start_s {
                fault("is under way or frozen, and changed its start");
            }
            return;
        }
    }
    if visit.pin.technician.as_ref().is_some_and(|pinned| technician != Some(pinned)) {
        fault("is pinned to another technician");
    }
    if visit.pin.start_s.is_some_and(|start_s| start_s != found.start_s) {
        fault("is pinned to another start");
    }
    if problem.now_s.is_some_and(|now_s| found.start_s < now_s) {
        fault("starts in the past");
    }
}

/// Assistants are there when the lead is, each somebody else.
pub(super) fn assistants(
    problem: &Problem,
    plan: &Solution,
    found: &[Option<Found>],
    faults: &mut Vec<Fault>,
) {
    for (index, visit) in problem.visits.iter().enumerate() {
        let mut people = BTreeSet::new();
        let mut starts = BTreeSet::new();
        let mut count = 0;
        for route in &plan.routes {
            for stop in &route.stops {
                if matches!(stop.doing, Doing::Assist(helped, _) if helped == index) {
                    count += 1;
                    people.insert(route.technician);
                    starts.insert(stop.start_s);
                }
            }
        }
        let mut fault = |what| faults.push(Fault::Visit { visit: index, what });
        match &found[index] {
            None if count > 0 => fault("has assistants and nobody to assist"),
            None => {}
            Some(lead) => {
                people.insert(lead.technician);
                starts.insert(lead.start_s);
                if count != visit.assistants.len() || people.len() != count + 1 {
                    fault("does not have all its assistants");
                }
                if starts.len() != 1 {
                    fault("has assistants who come at another time");
                }
            }
        }
    }
}

/// Dependencies, visits at one time, bundles and carries.
pub(super) fn links(problem: &Problem, found: &[Option<Found>], faults: &mut Vec<Fault>) {
    let at = |visit: usize| found.get(visit).copied().flatten();
    for (index, link) in problem.links.iter().enumerate() {
        let mut fault = |what| faults.push(Fault::Link { link: index, what });
        match link {
            Link::Order { first, second, min_gap_s, max_gap_s } => {
                match (at(*first), at(*second)) {
                    (Some(before), Some(after)) => {
                        let gap_s = after.start_s - before.end_s;
                        if gap_s < *min_gap_s || max_gap_s.is_some_and(|most_s| gap_s > most_s) {
                            fault("the second visit comes too soon or too late");
                        }
                    }
                    (None, Some(_)) => fault("the second visit is planned without the first"),
                    _ => {}
                }
            }
            Link::SameTime { a, b } => match (at(*a), at(*b)) {
                (Some(one), Some(other)) => {
                    if one.start_s != other.start_s || one.technician == other.technician {
                        fault("the visits do not start together");
                    }
                }
                (None, None) => {}
                _ => fault("one visit is planned without the other"),
            },
            Link::Carry { pickup, delivery } => match (at(*pickup), at(*delivery)) {
                (Some(one), Some(other)) => {
                    if one.route != other.route || one.start_s > other.start_s {
                        fault("the delivery does not follow its pickup");
                    }
                }
                (None, None) => {}
                _ => fault("one end is planned without the other"),
            },
            Link::Bundle(members) => {
                let places: Vec<_> = members.iter().map(|member| at(*member)).collect();
                let follows = |pair: &[Option<Found>]| match (pair[0], pair[1]) {
                    (Some(one), Some(other)) => {
                        one.route == other.route && one.position + 1 == other.position
                    }
                    (None, None) => true,
                    _ => false,
                };
                if !places.windows(2).all(follows) {
                    fault("the bundle is torn apart");
                }
            }
        }
    }
}
