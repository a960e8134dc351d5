//! A fork, and a fork laid over the living day. A fork is a list of steps; what it looks like is worked out
//! anew each time, so that it never shows a day that is no longer true.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use actors::board::protocol::{Visit, VisitStatus};
use actors::board::snapshot::stop;
use actors::engine::journal::Seq;
use actors::ids::{TechnicianId, VisitId};
use actors::jobs::protocol::{Job, JobStatus};
use actors::technicians::protocol::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use scheduler::day::Absence;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::board::plan::Snapshot;
use crate::house::House;
use crate::whatif::store::Trial;

/// Steps of one fork at most.
pub const STEPS_MAX: usize = 200;

/// Where a fork puts one job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Put {
    /// Which job.
    pub job_id: String,
    /// The version that it was put by.
    pub version: Seq,
    /// Who goes, and when; none takes the visit off.
    pub to: Option<(String, Timestamp)>,
    /// True where a person chose this very hour.
    pub pinned: bool,
}

/// One step, with all that it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// `assign`, `unassign`, `absent` or `optimize`.
    pub kind: Cow<'static, str>,
    /// Where it puts jobs.
    pub puts: Vec<Put>,
    /// Who is away by it, and when.
    pub away: Option<(String, Span)>,
}

/// A day as it might be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fork {
    /// Its name.
    pub id: String,
    /// Which day.
    pub date: Date,
    /// Who made it; nobody else sees it.
    pub owner: Arc<str>,
    /// Since when.
    pub made_at: Timestamp,
    /// What was changed, in order.
    pub steps: Vec<Step>,
}

impl Fork {
    /// Where each job ends up: later steps win.
    pub fn puts(&self) -> BTreeMap<&str, &Put> {
        let all = self.steps.iter().flat_map(|step| &step.puts);
        all.map(|put| (put.job_id.as_str(), put)).collect()
    }

    /// Who is away in it, in the order of its steps.
    pub fn away(&self) -> Vec<ForkAbsence> {
        let spans = self.steps.iter().filter_map(|step| step.away.as_ref());
        let of = |(technician_id, span): &(String, Span)| ForkAbsence {
            technician_id: technician_id.clone(),
            start: span.start,
            end: span.end,
        };
        spans.map(of).collect()
    }
}

impl Trial for Fork {
    const KIND: &'static str = "fork";

    fn id(&self) -> &str {
        &self.id
    }

    fn owner(&self) -> &str {
        &self.owner
    }

    /// A day that is over by a day, wherever the company is, is forked no more.
    fn until(&self) -> Timestamp {
        let end = self.date.saturating_add(3.days()).to_zoned(TimeZone::UTC);
        end.map_or(Timestamp::MAX, |end| end.timestamp())
    }
}

/// Somebody who is away by a step of a fork.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForkAbsence {
    /// Who.
    pub technician_id: String,
    /// From when.
    #[schema(value_type = String)]
    pub start: Timestamp,
    /// Until when.
    #[schema(value_type = String)]
    pub end: Timestamp,
}

/// Something in the living day that a fork no longer fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForkConflict {
    /// Which job.
    pub job_id: String,
    /// What it is.
    pub title: String,
    /// `changed` since the fork put it; `begun`; `gone` from the day.
    pub why: &'static str,
}

/// The living day with a fork laid over it.
pub struct Forked {
    /// The day as it would be.
    pub snapshot: Snapshot,
    /// What no longer fits.
    pub conflicts: Vec<ForkConflict>,
}

/// Lays a fork over the living day. What no longer fits stays as it is there, and is named.
pub fn forked(house: &House, mut snapshot: Snapshot, fork: &Fork) -> Forked {
    let mut conflicts = Vec::new();
    for (id, span) in fork.steps.iter().filter_map(|step| step.away.as_ref()) {
        if let Some(who) = snapshot.day.iter_mut().find(|who| *who.id == **id) {
            let span = actors::board::snapshot::span(span);
            who.absences.push(Absence { span, reason: None, busy: false });
        }
    }
    for (id, put) in fork.puts() {
        let at = snapshot.jobs.iter().position(|one| one.job.id.as_str() == id);
        let Some(at) = at else {
            conflicts.push(ForkConflict {
                job_id: id.to_owned(),
                title: String::new(),
                why: "gone",
            });
            continue;
        };
        let standing = &snapshot.jobs[at];
        let why = match standing.status {
            JobStatus::Unassigned | JobStatus::Planned if standing.version == put.version => None,
            JobStatus::Unassigned | JobStatus::Planned => Some("changed"),
            _ => Some("begun"),
        };
        if let Some(why) = why {
            let title = standing.job.title.clone();
            conflicts.push(ForkConflict { job_id: id.to_owned(), title, why });
            continue;
        }
        lay(house, &mut snapshot, at, put);
    }
    Forked { snapshot, conflicts }
}

/// Puts one job where `put` says, at the index `at` of the snapshot's jobs.
pub fn lay(house: &House, snapshot: &mut Snapshot, at: usize, put: &Put) {
    for who in &mut snapshot.day {
        who.stops.retain(|stop| *stop.job_id != *put.job_id);
    }
    let standing = &mut snapshot.jobs[at];
    let before = standing.visit.take().filter(|visit| visit.status.is_open());
    standing.eta = None;
    let Some((technician, start)) = &put.to else {
        standing.status = JobStatus::Unassigned;
        return;
    };
    let fresh = || VisitId::new(house.clock.now(), house.entropy());
    let id = before.as_ref().map_or_else(fresh, |visit| visit.id.clone());
    let mut visit = imagined(id, &standing.job, technician, *start, put.pinned);
    if let Some(before) = before {
        visit.assistants = before.assistants_beside(technician);
        visit.materials = before.materials;
    }
    for who in &mut snapshot.day {
        if visit.people().any(|id| id.as_str() == &*who.id) {
            who.stops.push(stop(&visit));
        }
    }
    standing.status = JobStatus::Planned;
    standing.visit = Some(visit);
}

/// A visit as the board would write it down.
pub fn imagined(id: VisitId, job: &Job, technician: &str, start: Timestamp, pinned: bool) -> Visit {
    Visit {
        id,
        job_id: job.id.clone(),
        technician_id: TechnicianId::from_text(technician),
        assistants: Vec::new(),
        materials: Vec::new(),
        start,
        end: start + SignedDuration::from_mins(job.duration_min),
        status: VisitStatus::Planned,
        pinned,
        travel_min: 0,
        overrides: Vec::new(),
        lat: job.lat,
        lon: job.lon,
        kind: job.kind.clone(),
        en_route_at: None,
        on_site_at: None,
        finished_at: None,
    }
}
