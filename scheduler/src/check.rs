//! Recomputes a plan from nothing and trusts nobody: not the planner, not its helpers, not its figures.
//!
//! Shares only nouns and the [`Travel`] trait with the rest of the crate; every rule is written here a second time,
//! in another way (by walking the minutes where the planner does sums). Slow, and meant to be.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::day::{Assigned, Day, DayTechnician, Id, Plan, Span, Stop, Wanted};
use crate::travel::Travel;

/// What is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Wrong {
    #[error("{0} is not a job of the day")]
    UnknownJob(Id),
    #[error("{0} is not a technician of the day")]
    UnknownTechnician(Id),
    #[error("{job} appears {times} times in the plan")]
    NotOnce { job: Id, times: usize },
    #[error("{job}: {technician} lacks {tag} at the level asked")]
    Skill { job: Id, technician: Id, tag: Id },
    #[error("{job}: the surplus is {real}, not {stated}")]
    Surplus { job: Id, real: u32, stated: u32 },
    #[error("{job}: the end is not the start plus the duration")]
    Duration { job: Id },
    #[error("{job}: the start is before now, outside the range or outside the window")]
    Start { job: Id },
    #[error("{job}: {technician} does not work then")]
    Shift { job: Id, technician: Id },
    #[error("{job}: {technician} is away then")]
    Absent { job: Id, technician: Id },
    #[error("{job}: {technician} is at {other} then")]
    Overlap { job: Id, technician: Id, other: Id },
    #[error("{job}: the drive from before takes {needed_s} s, and there are {available_s} s")]
    DriveIn { job: Id, needed_s: i64, available_s: i64 },
    #[error("{job}: the drive to {next} takes {needed_s} s, and there are {available_s} s")]
    DriveOut { job: Id, next: Id, needed_s: i64, available_s: i64 },
    #[error("{job}: {stated} technicians are accounted for, of {real}")]
    Unaccounted { job: Id, real: usize, stated: usize },
}

/// Everything that is wrong with `plan`; nothing means that it keeps every rule. A job is held against the stops
/// that stood when it was placed, so `plan.assigned` must keep the order of the decisions.
pub fn check(day: &Day, plan: &Plan, travel: &dyn Travel) -> Vec<Wrong> {
    let mut wrong = once_each(day, plan);
    let mut days: BTreeMap<&Id, DayTechnician> =
        day.technicians.iter().map(|technician| (&technician.id, technician.clone())).collect();
    let others = days.len().saturating_sub(1);
    for assigned in &plan.assigned {
        let Some(job) = day.jobs.iter().find(|job| job.id == assigned.job_id) else {
            continue;
        };
        let Some(technician) = days.get_mut(&assigned.technician_id) else {
            wrong.push(Wrong::UnknownTechnician(assigned.technician_id.clone()));
            continue;
        };
        skills(job, technician, assigned, &mut wrong);
        hours(day, job, technician, assigned, &mut wrong);
        drives(day, job, technician, assigned, travel, &mut wrong);
        if assigned.rejected.len() != others {
            wrong.push(Wrong::Unaccounted {
                job: job.id.clone(),
                real: others,
                stated: assigned.rejected.len(),
            });
        }
        technician.stops.push(Stop {
            visit_id: job.id.clone(),
            job_id: job.id.clone(),
            point: job.point,
            start_s: assigned.slot.start_s,
            end_s: assigned.slot.end_s,
        });
    }
    wrong
}

fn once_each(day: &Day, plan: &Plan) -> Vec<Wrong> {
    let mut times: BTreeMap<&Id, usize> = day.jobs.iter().map(|job| (&job.id, 0)).collect();
    let mut wrong = Vec::new();
    let named = plan.assigned.iter().map(|assigned| &assigned.job_id);
    for id in named.chain(plan.unassigned.iter().map(|unassigned| &unassigned.job_id)) {
        match times.get_mut(id) {
            Some(count) => *count += 1,
            None => wrong.push(Wrong::UnknownJob(id.clone())),
        }
    }
    for (job, times) in times.into_iter().filter(|(_, times)| *times != 1) {
        wrong.push(Wrong::NotOnce { job: job.clone(), times });
    }
    wrong
}

fn skills(job: &Wanted, technician: &DayTechnician, assigned: &Assigned, wrong: &mut Vec<Wrong>) {
    let start_s = assigned.slot.start_s;
    let mut real = 0;
    for need in job.skills.iter().filter(|need| need.required) {
        let tag = need.tag.to_lowercase();
        let mut held: Vec<_> =
            technician.skills.iter().filter(|skill| skill.tag.to_lowercase() == tag).collect();
        held.sort_by_key(|skill| (skill.level, skill.expires_s.unwrap_or(i64::MAX)));
        match held.last() {
            Some(skill)
                if skill.level >= need.level
                    && skill.expires_s.is_none_or(|expires_s| start_s < expires_s) =>
            {
                real += u32::from(skill.level) - u32::from(need.level);
            }
            _ => wrong.push(Wrong::Skill {
                job: job.id.clone(),
                technician: technician.id.clone(),
                tag: need.tag.clone(),
            }),
        }
    }
    let stated = assigned.slot.overqualification;
    if real != stated {
        wrong.push(Wrong::Surplus { job: job.id.clone(), real, stated });
    }
}

fn hours(
    day: &Day,
    job: &Wanted,
    technician: &DayTechnician,
    assigned: &Assigned,
    wrong: &mut Vec<Wrong>,
) {
    let (start_s, end_s) = (assigned.slot.start_s, assigned.slot.end_s);
    if end_s - start_s != job.duration_s.max(1) {
        wrong.push(Wrong::Duration { job: job.id.clone() });
    }
    let in_window =
        job.window.is_none_or(|window| start_s >= window.start_s && start_s <= window.end_s);
    let in_range = start_s >= day.range.start_s && start_s < day.range.end_s;
    if !in_window || !in_range || start_s < day.now_s {
        wrong.push(Wrong::Start { job: job.id.clone() });
    }
    let works = |at_s: i64| {
        technician.shifts.iter().any(|shift| shift.start_s <= at_s && at_s < shift.end_s)
    };
    if !(start_s..end_s).all(works) {
        wrong.push(Wrong::Shift { job: job.id.clone(), technician: technician.id.clone() });
    }
    let mut absences = technician.absences.iter().map(|absence| absence.span);
    if absences.any(|away| away.start_s < away.end_s && away.overlaps(Span::new(start_s, end_s))) {
        wrong.push(Wrong::Absent { job: job.id.clone(), technician: technician.id.clone() });
    }
    for stop in technician.stops.iter().filter(|stop| stop.job_id != job.id) {
        if !(stop.end_s <= start_s || end_s <= stop.start_s) {
            wrong.push(Wrong::Overlap {
                job: job.id.clone(),
                technician: technician.id.clone(),
                other: stop.visit_id.clone(),
            });
        }
    }
}

/// The tour around a start, found by growing outwards from it: shifts less than four hours apart belong together.
fn tour(technician: &DayTechnician, start_s: i64) -> Span {
    let mut tour = Span::new(start_s, start_s + 1);
    loop {
        let mut grown = tour;
        for shift in technician.shifts.iter().filter(|shift| shift.start_s < shift.end_s) {
            let near =
                shift.start_s - tour.end_s < 4 * 3600 && tour.start_s - shift.end_s < 4 * 3600;
            let around = shift.start_s <= start_s && start_s < shift.end_s;
            if around || (near && grown != Span::new(start_s, start_s + 1)) {
                grown.start_s = grown.start_s.min(shift.start_s);
                grown.end_s = grown.end_s.max(shift.end_s);
            }
        }
        if grown == tour {
            return tour;
        }
        tour = grown;
    }
}

fn drives(
    day: &Day,
    job: &Wanted,
    technician: &DayTechnician,
    assigned: &Assigned,
    travel: &dyn Travel,
    wrong: &mut Vec<Wrong>,
) {
    let (start_s, end_s) = (assigned.slot.start_s, assigned.slot.end_s);
    let tour = tour(technician, start_s);
    let near = Span::new(tour.start_s - 2 * 3600, tour.end_s + 2 * 3600);
    let mut stops: Vec<&Stop> = technician.stops.iter().collect();
    stops.retain(|stop| stop.job_id != job.id && stop.span().overlaps(near));
    stops.sort_by_key(|stop| (stop.end_s, stop.start_s, stop.visit_id.clone()));
    let before = stops.iter().rfind(|stop| stop.end_s <= start_s).copied();
    stops.sort_by_key(|stop| (stop.start_s, stop.end_s, stop.visit_id.clone()));
    let after = stops.iter().find(|stop| stop.start_s >= end_s);

    let mut from = before.map_or(technician.home, |stop| stop.point);
    let mut leave_s = before.map_or(tour.start_s, |stop| stop.end_s).max(tour.start_s);
    if leave_s <= day.now_s {
        leave_s = day.now_s;
        if let Some(fix) = technician.position.filter(|fix| day.now_s - fix.at_s <= 600) {
            from = fix.point;
        }
    }
    let needed_s = travel.leg(from, job.point, leave_s).seconds;
    let available_s = free_to_drive_s(technician, tour, leave_s, start_s);
    if needed_s > available_s {
        wrong.push(Wrong::DriveIn { job: job.id.clone(), needed_s, available_s });
    }
    if let Some(stop) = after {
        let needed_s = travel.leg(job.point, stop.point, end_s).seconds;
        let available_s = free_to_drive_s(technician, tour, end_s, stop.start_s);
        if needed_s > available_s {
            let (job, next) = (job.id.clone(), stop.visit_id.clone());
            wrong.push(Wrong::DriveOut { job, next, needed_s, available_s });
        }
    }
}

/// Counts, second by second, those between two instants that are neither absence nor break between shifts.
fn free_to_drive_s(technician: &DayTechnician, tour: Span, from_s: i64, to_s: i64) -> i64 {
    let within = |span: Span, at_s: i64| span.start_s <= at_s && at_s < span.end_s;
    let free = (from_s..to_s).filter(|at_s| {
        let away = technician.absences.iter().any(|absence| within(absence.span, *at_s));
        let at_work = technician.shifts.iter().any(|shift| within(*shift, *at_s));
        !away && (at_work || !within(tour, *at_s))
    });
    i64::try_from(free.count()).unwrap_or(i64::MAX)
}
