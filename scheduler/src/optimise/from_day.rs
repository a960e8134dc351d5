//! From the living day to a [`Problem`]: what stands, what must stay, and where everybody is now.
//!
//! What is held (pinned, announced, under way) keeps its technician and its start. Where the drive makes it late, the
//! problem holds it at the instant at which it can begin; on the board it stays where it is. Somebody who holds a visit
//! outside working time is set aside: nothing of theirs is touched. Decides nothing.

use std::collections::BTreeSet;

use crate::day::{DayTechnician, Id, Need, Priority, Span, Wanted};
use crate::matrix::{Matrices, MatrixError, Table};
use crate::rules::merged;
use crate::travel::Point;

use super::away::condensed;
use super::model::MAX_PAUSES;
use super::problem::{Current, Pin, Problem, Shift, Technician, Visit};

/// Starts fall on whole minutes: drives are rounded up to them.
const GRID_S: i64 = 60;

/// Whether a visit may be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Yes.
    Free,
    /// Pinned by a person, or told to the customer: it stays.
    Stays,
    /// On the way, or at the door.
    Started,
}

/// Where a job stands in the plan in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stands {
    pub technician: Id,
    pub start_s: i64,
    /// When it is expected to be over.
    pub end_s: i64,
    pub held: Held,
}

/// A job of the day, planned or not.
#[derive(Clone, Debug, PartialEq)]
pub struct LivingJob {
    pub wanted: Wanted,
    pub stands: Option<Stands>,
    /// What the customer was told, where it can still be kept: leaving it has its price.
    pub told: Option<Span>,
}

/// The day as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct LivingDay {
    /// The local day.
    pub range: Span,
    pub now_s: i64,
    /// Their stops of jobs that are not in `jobs` block their time.
    pub technicians: Vec<DayTechnician>,
    pub jobs: Vec<LivingJob>,
}

/// A problem, and what its indices mean.
#[derive(Clone, Debug)]
pub struct Converted {
    pub problem: Problem,
    pub table: Table,
    /// Per visit of the problem: which job of the day.
    pub jobs: Vec<usize>,
    /// Technicians whose visits stay as they are because no plan could hold them.
    pub set_aside: Vec<Id>,
}

/// Makes the problem. Jobs in `also_held` are held too, and technicians in `also_aside` set aside.
///
/// # Errors
/// When there are too many places, or nobody knows the ways.
pub fn convert(
    day: &LivingDay,
    matrices: &dyn Matrices,
    also_held: &BTreeSet<Id>,
    also_aside: &BTreeSet<Id>,
) -> Result<Converted, MatrixError> {
    let now_s = up(day.now_s);
    let mut points = Vec::new();
    let starts: Vec<(usize, usize)> = day
        .technicians
        .iter()
        .map(|one| {
            points.push(one.home);
            points.push(whereabouts(day, one));
            (points.len() - 1, points.len() - 2)
        })
        .collect();
    let first_job = points.len();
    points.extend(day.jobs.iter().map(|job| job.wanted.point));
    let table = table(day, matrices, &points)?;
    let mut converted = Converted {
        problem: Problem { now_s: Some(now_s), ..Problem::default() },
        table,
        jobs: Vec::new(),
        set_aside: Vec::new(),
    };
    let mut spans: Vec<Option<Span>> = vec![None; day.jobs.len()];
    for (one, ends) in day.technicians.iter().zip(&starts) {
        let held = held_by(day, one, also_held, (first_job, &converted.table));
        for (span, place, _) in &held {
            spans[place - first_job] = Some(*span);
        }
        let known = (!also_aside.contains(&one.id))
            .then(|| technician(day, one, *ends, &held, &converted.table))
            .flatten();
        match known {
            Some(technician) => converted.problem.technicians.push(technician),
            None => converted.set_aside.push(one.id.clone()),
        }
    }
    for (index, job) in day.jobs.iter().enumerate() {
        let whose = job.stands.as_ref().map(|stands| &stands.technician);
        let known = |id: &Id| converted.problem.technicians.iter().any(|one| one.id == *id);
        if whose.is_none_or(known) {
            let held = held(job, also_held);
            let visit = visit(day, job, (held, spans[index]), first_job + index);
            converted.problem.visits.push(visit);
            converted.jobs.push(index);
        }
    }
    Ok(converted)
}

const fn up(at_s: i64) -> i64 {
    crate::slots::ceil(at_s, GRID_S)
}

/// Where somebody would set out from: the last fix once the shift has begun, home otherwise.
fn whereabouts(day: &LivingDay, one: &DayTechnician) -> Point {
    let begun =
        one.shifts.iter().any(|shift| shift.start_s <= day.now_s && day.now_s < shift.end_s);
    let fix = one.position.filter(|fix| begun && fix.is_fresh(day.now_s));
    fix.map_or(one.home, |fix| fix.point)
}

/// Drives when the day is under way, in whole minutes.
fn table(day: &LivingDay, matrices: &dyn Matrices, points: &[Point]) -> Result<Table, MatrixError> {
    let shifts = day.technicians.iter().flat_map(|one| &one.shifts);
    let first_s = shifts.map(|shift| shift.start_s).filter(|at_s| *at_s >= day.range.start_s);
    let depart_s = first_s.min().unwrap_or(day.range.start_s).max(day.now_s);
    let raw = matrices.table(points, depart_s)?;
    let grid = GRID_S as u32;
    let whole = |seconds: &u32| seconds.div_ceil(grid).checked_mul(grid).unwrap_or(*seconds);
    let seconds = raw.all_seconds().iter().map(whole).collect();
    Table::new(raw.n(), seconds, raw.all_metres().to_vec())
}

fn held(job: &LivingJob, also_held: &BTreeSet<Id>) -> Held {
    match &job.stands {
        Some(stands) if stands.held == Held::Free && also_held.contains(&job.wanted.id) => {
            Held::Stays
        }
        Some(stands) => stands.held,
        None => Held::Free,
    }
}

/// Held visits of one technician by start, each no sooner than the one before it allows: span, place, under way.
fn held_by(
    day: &LivingDay,
    one: &DayTechnician,
    also_held: &BTreeSet<Id>,
    (first_job, table): (usize, &Table),
) -> Vec<(Span, usize, bool)> {
    let mut all: Vec<_> = day
        .jobs
        .iter()
        .enumerate()
        .filter_map(|(index, job)| {
            let stands = job.stands.as_ref().filter(|stands| stands.technician == one.id)?;
            let held = held(job, also_held);
            let begins_s = match held {
                Held::Started => stands.start_s,
                // Whoever is expected to be over late begins late.
                _ => stands.start_s.max(stands.end_s - job.wanted.duration_s()),
            };
            let span = Span::new(begins_s, stands.end_s.max(begins_s));
            (held != Held::Free).then_some((span, first_job + index, held == Held::Started))
        })
        .collect();
    all.sort_unstable();
    // The first that should have begun is taken to be about to begin: it has no drive before it.
    if let Some(first) = all.first_mut() {
        first.2 |= first.0.start_s < day.now_s;
    }
    let away = merged(one.absences.iter().map(|absence| absence.span));
    for index in 1..all.len() {
        let ((before, from, _), (span, to, under_way)) = (all[index - 1], all[index]);
        let Some(drive) = table.leg(from, to).filter(|_| !under_way) else { continue };
        let gap = Span::new(before.end_s, span.start_s.max(before.end_s));
        let away_s: i64 = away.iter().map(|span| span.shared_s(gap)).sum();
        let late_s = before.end_s + drive.seconds + away_s - span.start_s;
        if late_s > 0 {
            all[index].0 = Span::new(span.start_s + late_s, span.end_s + late_s);
        }
    }
    all
}

/// A technician as the search sees one; none where the held visits cannot be kept.
fn technician(
    day: &LivingDay,
    one: &DayTechnician,
    (start, home): (usize, usize),
    held: &[(Span, usize, bool)],
    table: &Table,
) -> Option<Technician> {
    let shifts: Vec<Span> = one.shifts.iter().copied().filter(|s| s.overlaps(day.range)).collect();
    let drive_s = |from: usize, to: usize| table.leg(from, to).map(|leg| leg.seconds);
    let ours = |stop: &&crate::day::Stop| !day.jobs.iter().any(|j| j.wanted.id == stop.job_id);
    let stops = one.stops.iter().filter(ours).map(crate::day::Stop::span);
    let taken = one.absences.iter().map(|absence| absence.span).chain(stops);
    let taken = taken.filter(|span| shifts.iter().any(|shift| shift.overlaps(*span)));
    let kept: Vec<Span> = held.iter().map(|(span, ..)| *span).collect();
    let away = condensed(taken, &shifts, &kept);
    let fits = held.iter().all(|(span, ..)| {
        shifts.iter().any(|shift| shift.holds(*span)) && !away.iter().any(|off| off.overlaps(*span))
    });
    let follows = held.windows(2).all(|pair| {
        let ((before, from, _), (after, to, _)) = (pair[0], pair[1]);
        let pause_s: i64 =
            away.iter().map(|off| off.shared_s(Span::new(before.end_s, after.start_s))).sum();
        drive_s(from, to).is_some_and(|s| before.end_s + s + pause_s <= after.start_s)
    });
    if !fits || !follows || away.len() > MAX_PAUSES {
        return None;
    }
    let reaches = held.first().is_none_or(|(span, place, under_way)| {
        let shift = shifts.iter().find(|shift| shift.holds(*span)).map_or(i64::MAX, |s| s.start_s);
        let from_s = shift.max(up(day.now_s));
        !under_way && drive_s(start, *place).is_some_and(|s| from_s + s <= span.start_s)
    });
    let returns = held.last().is_none_or(|(span, place, _)| {
        let shift = shifts.iter().find(|shift| shift.holds(*span)).map_or(0, |shift| shift.end_s);
        drive_s(*place, home).is_some_and(|s| span.end_s + s <= shift)
    });
    Some(Technician {
        id: one.id.clone(),
        start: reaches.then_some(start),
        end: returns.then_some(home),
        skills: one.skills.clone(),
        shifts: shifts.into_iter().map(|span| Shift { span, overtime_s: 0 }).collect(),
        absences: away,
        speed_permille: 1000,
        ..Technician::default()
    })
}

/// A job as the search sees it; `span` is when it takes place where it is held.
fn visit(
    day: &LivingDay,
    job: &LivingJob,
    (held, span): (Held, Option<Span>),
    place: usize,
) -> Visit {
    let wanted = &job.wanted;
    let (zoned, forbidden) = zoned(day, wanted);
    let mut visit = Visit {
        id: wanted.id.clone(),
        place,
        point: Some(wanted.point),
        service_s: wanted.duration_s(),
        windows: vec![wanted.window.unwrap_or(Span::new(day.range.start_s, day.range.end_s - 1))],
        needs: wanted.skills.iter().cloned().chain(zoned).collect(),
        forbidden,
        priority: weight(wanted.priority),
        promised: (held == Held::Free).then_some(job.told).flatten(),
        ..Visit::default()
    };
    let Some(stands) = &job.stands else { return visit };
    let span = span.unwrap_or(Span::new(stands.start_s, stands.end_s.max(stands.start_s)));
    let started = held == Held::Started || held == Held::Stays && span.start_s < day.now_s;
    let technician = stands.technician.clone();
    visit.current = Some(Current { technician, start_s: span.start_s, started });
    if held != Held::Free {
        // Whoever held it answers for its rules: they are not asked again.
        visit.service_s = span.end_s - span.start_s;
        visit.windows.clear();
        visit.needs.clear();
        visit.forbidden.clear();
        visit.pin =
            Pin { technician: Some(stands.technician.clone()), start_s: Some(span.start_s) };
    }
    visit
}

/// What the zones of a place ask on that day: their certificates as needs, and whom they do not name.
fn zoned(day: &LivingDay, wanted: &Wanted) -> (Vec<Need>, Vec<Id>) {
    let counting = || wanted.zones.iter().filter(|zone| zone.valid.overlaps(day.range));
    let asked = counting().filter_map(|zone| zone.certification.as_ref());
    let needs =
        asked.map(|asked| Need { tag: asked.tag.clone(), level: asked.level, required: true });
    let out = |id: &Id| {
        counting().any(|zone| zone.allowed.as_ref().is_some_and(|named| !named.contains(id)))
    };
    let forbidden = day.technicians.iter().map(|one| one.id.clone()).filter(out);
    (needs.collect(), forbidden.collect())
}

/// What leaving a job out weighs, 0 to 100.
pub const fn weight(priority: Priority) -> u32 {
    match priority {
        Priority::Low => 10,
        Priority::Normal => 30,
        Priority::High => 60,
        Priority::Urgent => 100,
    }
}
