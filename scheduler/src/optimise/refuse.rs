//! The door: which problems are nonsense, and where.
//!
//! Everything behind it may rely on what is checked here. The path names the field as the problem does.

use std::collections::BTreeSet;

use super::model::MAX_PAUSES;
use super::problem::{Link, Problem, Technician, Visit};
use super::travel_tables::Tables;
use crate::day::Span;

/// Longer spans of time than this (six years) are refused: the search counts seconds in 32 bits.
pub const LONGEST_S: i64 = 200_000_000;

/// A part of a problem that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what}")]
pub struct Nonsense {
    /// The field, such as `visits[3].windows[0]`.
    pub at: String,
    pub what: String,
}

fn nonsense(at: impl Into<String>, what: impl Into<String>) -> Result<(), Nonsense> {
    Err(Nonsense { at: at.into(), what: what.into() })
}

/// Lets a problem in, or says what is wrong with it.
///
/// # Errors
/// The first [`Nonsense`] found, technicians before visits before links.
pub fn refuse(problem: &Problem, tables: &Tables<'_>) -> Result<(), Nonsense> {
    for (index, priced) in tables.iter().enumerate() {
        let cells = priced.table.n() * priced.table.n();
        if priced.costs.is_some_and(|costs| costs.len() != cells) {
            return nonsense(format!("tables[{index}].costs"), format!("{cells} are expected"));
        }
    }
    let mut ids = BTreeSet::new();
    for (index, technician) in problem.technicians.iter().enumerate() {
        let at = format!("technicians[{index}]");
        if !ids.insert(&technician.id) {
            return nonsense(format!("{at}.id"), format!("`{}` is used twice", technician.id));
        }
        technician_makes_sense(technician, &at, tables)?;
    }
    let mut ids = BTreeSet::new();
    for (index, visit) in problem.visits.iter().enumerate() {
        let at = format!("visits[{index}]");
        if !ids.insert(&visit.id) {
            return nonsense(format!("{at}.id"), format!("`{}` is used twice", visit.id));
        }
        visit_makes_sense(visit, &at, tables)?;
    }
    links_make_sense(problem)?;
    span_makes_sense(problem)
}

fn technician_makes_sense(
    technician: &Technician,
    at: &str,
    tables: &Tables<'_>,
) -> Result<(), Nonsense> {
    let Some(priced) = tables.get(technician.table) else {
        return nonsense(format!("{at}.table"), "there is no such travel table");
    };
    for (name, place) in [("start", technician.start), ("end", technician.end)] {
        if place.is_some_and(|place| place >= priced.table.n()) {
            return nonsense(format!("{at}.{name}"), "the travel table has no such place");
        }
    }
    if technician.speed_permille == 0 {
        return nonsense(format!("{at}.speed_permille"), "nobody drives at no speed");
    }
    for (index, shift) in technician.shifts.iter().enumerate() {
        ordered(shift.span, &format!("{at}.shifts[{index}]"))?;
        if shift.overtime_s < 0 {
            return nonsense(format!("{at}.shifts[{index}].overtime_s"), "cannot be negative");
        }
    }
    for (index, own) in technician.breaks.iter().enumerate() {
        let at = format!("{at}.breaks[{index}]");
        if own.duration_s < 0 {
            return nonsense(format!("{at}.duration_s"), "cannot be negative");
        }
        for (number, window) in own.windows.iter().enumerate() {
            ordered(*window, &format!("{at}.windows[{number}]"))?;
        }
    }
    if technician.breaks.len() + technician.absences.len() > MAX_PAUSES {
        let what = format!("at most {MAX_PAUSES} breaks and absences can be planned around");
        return nonsense(format!("{at}.breaks"), what);
    }
    for (index, absence) in technician.absences.iter().enumerate() {
        ordered(*absence, &format!("{at}.absences[{index}]"))?;
    }
    let limits = [
        ("max_driving_s", technician.max_driving_s),
        ("max_metres", technician.max_metres),
        ("capacity", technician.capacity.iter().copied().min()),
    ];
    for (name, limit) in limits {
        if limit.is_some_and(|limit| limit < 0) {
            return nonsense(format!("{at}.{name}"), "cannot be negative");
        }
    }
    Ok(())
}

fn visit_makes_sense(visit: &Visit, at: &str, tables: &Tables<'_>) -> Result<(), Nonsense> {
    if tables.iter().any(|priced| visit.place >= priced.table.n()) {
        return nonsense(format!("{at}.place"), "the travel table has no such place");
    }
    let by_kind = visit.durations_by_kind.iter();
    let mut spans = vec![visit.setup_s, visit.service_s, visit.lateness_s];
    spans.extend(by_kind.flat_map(|(_, setup_s, service_s)| [*setup_s, *service_s]));
    if spans.iter().any(|span| *span < 0) {
        return nonsense(format!("{at}.service_s"), "a duration cannot be negative");
    }
    if spans.iter().any(|span| *span > LONGEST_S) {
        return nonsense(format!("{at}.service_s"), "longer than any shift could be");
    }
    for (index, window) in visit.windows.iter().enumerate() {
        ordered(*window, &format!("{at}.windows[{index}]"))?;
    }
    let amounts = visit.delivery.iter().chain(&visit.pickup);
    if amounts.into_iter().any(|amount| *amount < 0) {
        return nonsense(format!("{at}.delivery"), "an amount cannot be negative");
    }
    if visit.priority > 100 {
        return nonsense(format!("{at}.priority"), "must be 0 to 100");
    }
    Ok(())
}

fn ordered(span: Span, at: &str) -> Result<(), Nonsense> {
    if span.end_s < span.start_s {
        return nonsense(at, "closes before it opens");
    }
    Ok(())
}

fn links_make_sense(problem: &Problem) -> Result<(), Nonsense> {
    let count = problem.visits.len();
    let mut graph = petgraph::graphmap::DiGraphMap::<usize, ()>::new();
    let mut bundled = BTreeSet::new();
    for (index, link) in problem.links.iter().enumerate() {
        let at = format!("links[{index}]");
        let ends = match link {
            Link::Order { first, second, .. } => vec![*first, *second],
            Link::SameTime { a, b } => vec![*a, *b],
            Link::Carry { pickup, delivery } => vec![*pickup, *delivery],
            Link::Bundle(members) => members.clone(),
        };
        let distinct: BTreeSet<_> = ends.iter().collect();
        if ends.iter().any(|end| *end >= count) {
            return nonsense(at, "there is no such visit");
        }
        if distinct.len() != ends.len() || ends.len() < 2 {
            return nonsense(at, "two different visits or more are expected");
        }
        match link {
            Link::Order { first, second, min_gap_s, max_gap_s } => {
                if max_gap_s.is_some_and(|max| max < *min_gap_s) {
                    return nonsense(at, "the longest gap is shorter than the shortest");
                }
                graph.add_edge(*first, *second, ());
            }
            Link::Carry { pickup, delivery } => {
                graph.add_edge(*pickup, *delivery, ());
            }
            Link::Bundle(members) => {
                let place = problem.visits[members[0]].place;
                if members.iter().any(|member| problem.visits[*member].place != place) {
                    return nonsense(at, "a bundle is at one address");
                }
                if members.iter().any(|member| !bundled.insert(*member)) {
                    return nonsense(at, "a visit can be in one bundle");
                }
            }
            Link::SameTime { .. } => {}
        }
    }
    if petgraph::algo::is_cyclic_directed(&graph) {
        return nonsense("links", "visits wait for each other in a circle");
    }
    Ok(())
}

/// All working time lies within a span that can be counted.
fn span_makes_sense(problem: &Problem) -> Result<(), Nonsense> {
    let shifts = || problem.technicians.iter().flat_map(|technician| &technician.shifts);
    let first = shifts().map(|shift| shift.span.start_s).min().unwrap_or(0);
    let last =
        shifts().map(|shift| shift.span.end_s.saturating_add(shift.overtime_s)).max().unwrap_or(0);
    if last.saturating_sub(first) > LONGEST_S {
        return nonsense(
            "technicians",
            "the first shift and the last lie more than six years apart",
        );
    }
    Ok(())
}
