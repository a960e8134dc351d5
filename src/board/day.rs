//! From a snapshot to the living day that the arithmetic plans anew: what stands, what must stay, and what customers
//! were told. Decides what counts as held; searches nothing.

use std::collections::HashSet;

use actors::board::protocol::{Visit, VisitStatus};
use actors::ids::HoldId;
use actors::jobs::protocol::JobStatus;
use actors::notifications::protocol::Promise;
use scheduler::day::Span;
use scheduler::optimise::from_day::{Held, LivingDay, LivingJob, Stands};

use crate::board::plan::Snapshot;
use crate::error::Problem;
use crate::jobs::store::Standing;

/// A visit that begins so soon, or should have begun so lately, is left where it is unless it is late, seconds: the van
/// is being loaded for it.
const SOON_S: i64 = 30 * 60;

/// The day among these technicians, or all of them. Announced visits whose job is in `released` may go to another
/// technician, inside the window that the customer was told.
///
/// # Errors
/// 404 for an unknown technician.
pub fn living(
    snapshot: &Snapshot,
    among: Option<&[String]>,
    released: &HashSet<String>,
) -> Result<LivingDay, Problem> {
    for (index, id) in among.unwrap_or_default().iter().enumerate() {
        if snapshot.technician(id).is_none() {
            let why = "There is no such technician.";
            let pointer = format!("/technician_ids/{index}");
            return Err(Problem::not_found("technician").pointer(pointer, why));
        }
    }
    let asked = |id: &str| among.is_none_or(|ids| ids.iter().any(|one| one == id));
    let mut technicians = snapshot.day.clone();
    technicians.retain(|one| asked(&one.id));
    let drafted = drafted(snapshot, &mut technicians);
    taken_along(snapshot, &mut technicians);
    let held = held(&mut technicians);
    let mut jobs = Vec::new();
    for standing in &snapshot.jobs {
        let job = &standing.job;
        let is_drafted = drafted.contains(job.id.as_str());
        let open = standing.visit.as_ref().filter(|visit| visit.status.is_open());
        let mut stands = open.map(|visit| stands(snapshot, standing, visit));
        let ours = match &stands {
            Some(stands) => asked(&stands.technician),
            // A slot that is kept for a job is a person's plan for it.
            None => {
                let kept = is_drafted || held.contains(job.id.as_str());
                let linked = snapshot.is_linked(job) || snapshot.is_crewed(standing);
                !kept && !linked && standing.status == JobStatus::Unassigned
            }
        };
        if !ours {
            continue;
        }
        let told = snapshot.promises.get(job.id.as_str()).map(told);
        let mut wanted = snapshot.wanted(job);
        if let Some(stands) = &mut stands {
            // Whoever goes along is free at that hour and no other: hands move those.
            let crewed = snapshot.is_crewed(standing);
            let pinned =
                crewed || open.is_some_and(|visit| visit.pinned || !visit.overrides.is_empty());
            if stands.held == Held::Stays && !pinned && released.contains(job.id.as_str()) {
                stands.held = Held::Free;
                wanted.window = told.or(wanted.window);
            }
            let soon = !released.contains(job.id.as_str()) && is_imminent(snapshot, stands);
            if stands.held == Held::Free
                && (is_drafted || crewed || soon || snapshot.is_linked(job))
            {
                stands.held = Held::Stays;
            }
        }
        let told = told.filter(|told| told.end_s > snapshot.now.as_second());
        jobs.push(LivingJob { wanted, stands, told });
    }
    Ok(LivingDay {
        range: actors::board::snapshot::span(&snapshot.range),
        now_s: snapshot.now.as_second(),
        technicians,
        jobs,
    })
}

/// Whether a visit begins so soon that it stays where it is. Somebody who is away leaves theirs to others.
fn is_imminent(snapshot: &Snapshot, stands: &Stands) -> bool {
    let span = Span::new(stands.start_s, stands.end_s);
    let away = snapshot
        .technician(&stands.technician)
        .is_some_and(|(_, who)| who.absences.iter().any(|absence| absence.span.overlaps(span)));
    !away && (-SOON_S..SOON_S).contains(&(stands.start_s - snapshot.now.as_second()))
}

/// A promise as a window for the start of work.
pub fn told(promise: &Promise) -> Span {
    Span::new(promise.start.as_second(), promise.end.as_second())
}

/// When work is now expected to begin: at its planned start, or later where the technician is late.
pub fn expected_start_s(stands: &Stands, wanted: &scheduler::day::Wanted) -> i64 {
    match stands.held {
        Held::Started => stands.start_s,
        _ => stands.start_s.max(stands.end_s - wanted.duration_s()),
    }
}

/// Makes the hours of whoever goes along taken, whatever becomes of the lead's: no plan may use them.
fn taken_along(snapshot: &Snapshot, technicians: &mut [scheduler::day::DayTechnician]) {
    let visits = snapshot.jobs.iter().filter_map(|job| job.visit.as_ref());
    for visit in visits.filter(|visit| visit.is_crewed()) {
        for one in technicians.iter_mut().filter(|one| *one.id != *visit.technician_id.as_str()) {
            for stop in one.stops.iter_mut().filter(|stop| *stop.visit_id == *visit.id.as_str()) {
                stop.job_id = format!("crew:{}", stop.job_id).into();
            }
        }
    }
}

/// Gives drafted hours to their technicians as time that is taken. Answers which jobs are drafted.
pub fn drafted<'a>(
    snapshot: &'a Snapshot,
    technicians: &mut [scheduler::day::DayTechnician],
) -> HashSet<&'a str> {
    for entry in &snapshot.drafts {
        let goes = |id: &str| entry.visit.people().any(|one| one.as_str() == id);
        for one in technicians.iter_mut().filter(|one| goes(&one.id)) {
            let mut stop = actors::board::snapshot::stop(&entry.visit);
            // Not the job's own stop: a drafted hour is taken, whatever becomes of the visit that stands.
            stop.job_id = format!("draft:{}", stop.job_id).into();
            one.stops.push(stop);
        }
    }
    snapshot.drafts.iter().map(|entry| entry.visit.job_id.as_str()).collect()
}

/// Makes slots that are kept taken for everybody. Answers for which jobs they are kept.
fn held(technicians: &mut [scheduler::day::DayTechnician]) -> HashSet<String> {
    let mut held = HashSet::new();
    let stops = technicians.iter_mut().flat_map(|one| &mut one.stops);
    for stop in stops.filter(|stop| stop.visit_id.starts_with(HoldId::PREFIX)) {
        held.insert(stop.job_id.to_string());
        stop.job_id = stop.visit_id.clone();
    }
    held
}

fn stands(snapshot: &Snapshot, standing: &Standing, visit: &Visit) -> Stands {
    let told = snapshot.promises.contains_key(standing.job.id.as_str());
    let held = match visit.status {
        VisitStatus::EnRoute | VisitStatus::OnSite => Held::Started,
        _ if visit.pinned || told || !visit.overrides.is_empty() => Held::Stays,
        _ => Held::Free,
    };
    let expected = snapshot
        .technician(visit.technician_id.as_str())
        .and_then(|(_, who)| who.stops.iter().find(|stop| *stop.visit_id == *visit.id.as_str()))
        .map_or(visit.end.as_second(), |stop| stop.end_s);
    let (technician, start_s) = (visit.technician_id.key(), visit.start.as_second());
    Stands { technician, start_s, end_s: expected, held }
}
