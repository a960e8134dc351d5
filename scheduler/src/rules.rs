//! The hard rules of a manual assignment, and the warnings that do not forbid it.
//!
//! Says what is wrong and leaves the decision to its caller: a dispatcher may insist (`override`), and that is
//! recorded elsewhere. Never looks for a better place; that is `slots`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::day::{DayTechnician, Id, Need, Span, Wanted};
use crate::slots::{Tour, departure, tours};
use crate::travel::Travel;
use crate::zones::{self, Lack};

/// A hard rule that an assignment breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Violation {
    /// Not the level asked for; `has` is 0 where the skill is missing altogether.
    MissingSkill { tag: Arc<str>, needed: u8, has: u8 },
    /// The level would do, but no longer counts at that time.
    SkillExpired { tag: Arc<str>, expired_s: i64 },
    /// A zone that the place lies in does not let them in; `until_s` is when it counts no more.
    NotAdmitted { zone: Arc<str>, at_s: i64, until_s: Option<i64>, lack: Lack },
    /// Not wholly inside one shift; `shift` is the one it overlaps most, if any.
    OutsideShift { span: Span, shift: Option<Span> },
    /// The technician is away.
    Absent { span: Span, reason: Option<Arc<str>> },
    /// An outside calendar takes the time.
    Busy { span: Span },
    /// Another visit stands there.
    Overlap { visit_id: Id, span: Span },
}

impl Violation {
    /// The name by which a dispatcher overrides it: `skill`, `zone`, `shift`, `absence`, `busy` or `overlap`.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::MissingSkill { .. } | Self::SkillExpired { .. } => "skill",
            Self::NotAdmitted { .. } => "zone",
            Self::OutsideShift { .. } => "shift",
            Self::Absent { .. } => "absence",
            Self::Busy { .. } => "busy",
            Self::Overlap { .. } => "overlap",
        }
    }
}

/// What deserves a word, but forbids nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Warning {
    /// Less time before the start than the drive takes; `visit_id` is where it comes from, or home.
    TravelBefore { visit_id: Option<Id>, needed_min: i64, available_min: i64 },
    /// Less time after the end than the drive to the next visit takes.
    TravelAfter { visit_id: Id, needed_min: i64, available_min: i64 },
    /// The start lies outside the arrival window.
    OutsideWindow { window: Span },
}

/// Every hard rule that `technician` at `job` from `start_s` to `end_s` would break; none means allowed.
///
/// The order is fixed: skills as the job lists them, zones by name, shift, absences and overlaps by time.
pub fn allows(
    job: &Wanted,
    technician: &DayTechnician,
    start_s: i64,
    end_s: i64,
) -> Vec<Violation> {
    let span = Span::new(start_s, end_s.max(start_s + 1));
    let mut broken: Vec<Violation> =
        job.required().filter_map(|need| lacks(need, technician, start_s)).collect();
    broken.extend(zones::refusals(job, technician, start_s));
    let shifts = merged(technician.shifts.iter().copied());
    if !shifts.iter().any(|shift| shift.holds(span)) {
        let nearest = shifts.iter().copied().filter(|shift| shift.overlaps(span));
        // Of two that share as much, the earlier: `max_by_key` would take the later.
        let shift = nearest.rev().max_by_key(|shift| shift.shared_s(span));
        broken.push(Violation::OutsideShift { span, shift });
    }
    let mut absences: Vec<_> =
        technician.absences.iter().filter(|absence| absence.span.overlaps(span)).collect();
    absences.sort_by(|a, b| (a.span, &a.reason).cmp(&(b.span, &b.reason)));
    broken.extend(absences.into_iter().map(|absence| match absence.busy {
        true => Violation::Busy { span: absence.span },
        false => Violation::Absent { span: absence.span, reason: absence.reason.clone() },
    }));
    let mut stops: Vec<_> =
        technician.stops_but(&job.id).filter(|stop| stop.span().overlaps(span)).collect();
    stops.sort_by(|a, b| (a.span(), &a.visit_id).cmp(&(b.span(), &b.visit_id)));
    broken.extend(
        stops
            .into_iter()
            .map(|stop| Violation::Overlap { visit_id: stop.visit_id.clone(), span: stop.span() }),
    );
    broken
}

/// What a dispatcher should hear about an assignment from `start_s` to `end_s` that breaks no hard rule.
pub fn warnings(
    job: &Wanted,
    technician: &DayTechnician,
    (start_s, end_s): (i64, i64),
    now_s: i64,
    travel: &dyn Travel,
) -> Vec<Warning> {
    let span = Span::new(start_s, end_s);
    let mut heard = Vec::new();
    let tours = tours(technician, &job.id, span);
    if let Some(tour) = tours.iter().find(|tour| tour.span.overlaps(span)) {
        heard.extend(travel_before(job, technician, tour, start_s, now_s, travel));
        heard.extend(travel_after(job, tour, end_s, travel));
    }
    if let Some(window) = job.window
        && !(window.start_s..=window.end_s).contains(&start_s)
    {
        heard.push(Warning::OutsideWindow { window });
    }
    heard
}

fn travel_before(
    job: &Wanted,
    technician: &DayTechnician,
    tour: &Tour<'_>,
    start_s: i64,
    now_s: i64,
    travel: &dyn Travel,
) -> Option<Warning> {
    let previous = tour
        .stops
        .iter()
        .copied()
        .filter(|stop| stop.end_s <= start_s)
        .max_by_key(|stop| (stop.end_s, stop.start_s, &stop.visit_id));
    let (from, leave_s) = departure(technician, tour, previous, now_s);
    let needed_s = travel.leg(from, job.point, leave_s).seconds;
    let available_s = tour.drivable_s(leave_s, start_s);
    (needed_s > available_s).then(|| Warning::TravelBefore {
        visit_id: previous.map(|stop| stop.visit_id.clone()),
        needed_min: minutes_up(needed_s),
        available_min: available_s.max(0) / 60,
    })
}

fn travel_after(job: &Wanted, tour: &Tour<'_>, end_s: i64, travel: &dyn Travel) -> Option<Warning> {
    let next = tour.stops.iter().find(|stop| stop.start_s >= end_s)?;
    let needed_s = travel.leg(job.point, next.point, end_s).seconds;
    let available_s = tour.drivable_s(end_s, next.start_s);
    (needed_s > available_s).then(|| Warning::TravelAfter {
        visit_id: next.visit_id.clone(),
        needed_min: minutes_up(needed_s),
        available_min: available_s.max(0) / 60,
    })
}

/// How one need stands at `at_s`; none means it is met.
pub(crate) fn lacks(need: &Need, technician: &DayTechnician, at_s: i64) -> Option<Violation> {
    let held = technician.skill(&need.tag);
    match held {
        Some(skill) if skill.level >= need.level => skill
            .expires_s
            .filter(|expires_s| *expires_s <= at_s)
            .map(|expired_s| Violation::SkillExpired { tag: need.tag.clone(), expired_s }),
        _ => Some(Violation::MissingSkill {
            tag: need.tag.clone(),
            needed: need.level,
            has: held.map_or(0, |skill| skill.level),
        }),
    }
}

/// Spans by time, empty ones left out, touching and overlapping ones made one.
pub(crate) fn merged(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans.filter(|span| span.start_s < span.end_s).collect();
    sorted.sort_unstable();
    let mut whole: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match whole.last_mut() {
            Some(last) if span.start_s <= last.end_s => last.end_s = last.end_s.max(span.end_s),
            _ => whole.push(span),
        }
    }
    whole
}

/// Whole minutes, rounded up: what a person must leave free.
pub(crate) const fn minutes_up(seconds: i64) -> i64 {
    (seconds + 59).div_euclid(60)
}
