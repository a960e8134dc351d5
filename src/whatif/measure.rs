//! What a day comes to, and how a fork differs from the living one: figures, changes, customers who would be moved.

use std::collections::HashMap;

use actors::board::proposal::{Before, Change};
use actors::board::protocol::{Reasons, Visit, VisitStatus};
use actors::jobs::protocol::JobStatus;
use actors::technicians::protocol::Span;
use scheduler::day::DayTechnician;
use scheduler::travel::Travel;
use serde::Serialize;
use utoipa::ToSchema;

use crate::board::assign::travel_before;
use crate::board::day::told;
use crate::board::plan::Snapshot;
use crate::calendars::outside;
use crate::house::House;
use crate::jobs::store::Standing;

/// What a day comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayFigures {
    /// Jobs with a technician.
    pub planned: u64,
    /// Jobs without.
    pub unassigned: u64,
    /// Minutes of driving.
    pub driving_min: i64,
    /// Kilometres of driving.
    pub km: i64,
    /// Minutes of work and the drive home after the last shift's end, all technicians together.
    pub overtime_min: i64,
    /// Customers who were told a time that is not kept.
    pub promises_broken: u64,
    /// Customers who were told a time.
    pub promises: u64,
}

/// A visit that the fork takes off the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForkRemoval {
    /// Which job.
    pub job_id: String,
    /// What it is.
    pub title: String,
    /// For whom.
    pub customer_name: String,
    /// Where it stands.
    pub from: Before,
}

/// What a day comes to.
pub fn figures(house: &House, day: &Snapshot) -> DayFigures {
    let mut all = DayFigures::default();
    for who in &day.day {
        let (seconds, metres, overtime_s) = tour(house, who, day.range);
        all.driving_min += seconds;
        all.km += metres;
        all.overtime_min += overtime_s;
    }
    all.driving_min = (all.driving_min + 30) / 60;
    all.km = (all.km + 500) / 1000;
    all.overtime_min = (all.overtime_min + 30) / 60;
    let stops = day.day.iter().flat_map(|who| &who.stops);
    let ends: HashMap<&str, i64> = stops.map(|stop| (&*stop.visit_id, stop.end_s)).collect();
    for standing in &day.jobs {
        let open = standing.visit.as_ref().filter(|visit| visit.status.is_open());
        match standing.status {
            JobStatus::Unassigned => all.unassigned += 1,
            JobStatus::Cancelled | JobStatus::NoAccess => continue,
            _ => all.planned += 1,
        }
        let Some(window) = day.promises.get(standing.job.id.as_str()).map(told) else { continue };
        if standing.status == JobStatus::Done {
            continue;
        }
        all.promises += 1;
        let kept = open.is_some_and(|visit| expected_s(visit, &ends) <= window.end_s);
        all.promises_broken += u64::from(!kept);
    }
    all
}

/// When work is expected to begin: as planned, or later where the technician is known to be late.
fn expected_s(visit: &Visit, ends: &HashMap<&str, i64>) -> i64 {
    let start_s = visit.start.as_second();
    if visit.status == VisitStatus::OnSite {
        return start_s;
    }
    let lasts_s = visit.end.as_second() - start_s;
    ends.get(visit.id.as_str()).map_or(start_s, |end_s| start_s.max(end_s - lasts_s))
}

/// Driving seconds and metres of a technician's day, and the seconds after the last shift's end.
fn tour(house: &House, who: &DayTechnician, range: Span) -> (i64, i64, i64) {
    let range = actors::board::snapshot::span(&range);
    // A slot that is kept for somebody is no drive.
    let kept = |id: &str| id.starts_with(actors::ids::HoldId::PREFIX);
    let mut stops: Vec<_> = who
        .stops
        .iter()
        .filter(|stop| stop.span().overlaps(range) && !kept(&stop.visit_id))
        .collect();
    stops.sort_by_key(|stop| (stop.start_s, stop.end_s));
    let (mut at, mut left_s) = (who.home, range.start_s);
    let (mut seconds, mut metres) = (0, 0);
    for stop in &stops {
        let leg = house.knowledge.leg(at, stop.point, left_s.max(stop.start_s - 3600));
        seconds += leg.seconds;
        metres += leg.metres;
        (at, left_s) = (stop.point, stop.end_s);
    }
    let Some(last) = stops.last() else { return (0, 0, 0) };
    let home = house.knowledge.leg(at, who.home, last.end_s);
    let ends = who.shifts.iter().filter(|shift| shift.overlaps(range)).map(|shift| shift.end_s);
    let over = ends.max().map_or(0, |end_s| (last.end_s + home.seconds - end_s).max(0));
    (seconds + home.seconds, metres + home.metres, over)
}

/// How a fork differs from the living day.
pub struct Difference {
    /// Visits that would be planned or moved.
    pub changes: Vec<Change>,
    /// Visits that would be taken off.
    pub removed: Vec<ForkRemoval>,
    /// Customers who were told a time and would be served at another, or not.
    pub moved_customers: u64,
}

fn open(standing: &Standing) -> Option<&Visit> {
    standing.visit.as_ref().filter(|visit| visit.status.is_open())
}

/// Compares, job by job.
pub fn difference(house: &House, living: &Snapshot, forked: &Snapshot) -> Difference {
    let mut all = Difference { changes: Vec::new(), removed: Vec::new(), moved_customers: 0 };
    for (was, is) in living.jobs.iter().zip(&forked.jobs) {
        let (before, after) = (open(was), open(is));
        let same = match (before, after) {
            (Some(a), Some(b)) => a.start == b.start && a.technician_id == b.technician_id,
            (None, None) => true,
            _ => false,
        };
        if same {
            continue;
        }
        let told = living.promises.contains_key(was.job.id.as_str());
        let at_another_hour = before.map(|visit| visit.start) != after.map(|visit| visit.start);
        all.moved_customers += u64::from(told && at_another_hour);
        let from = before.map(|visit| stood(living, visit));
        match (after, from) {
            (Some(visit), from) => all.changes.extend(change(house, forked, is, visit, from)),
            (None, Some(from)) => all.removed.push(ForkRemoval {
                job_id: was.job.id.to_string(),
                title: was.job.title.clone(),
                customer_name: was.job.customer_name.clone(),
                from,
            }),
            (None, None) => {}
        }
    }
    all.changes.sort_by(|a, b| (a.start, &a.job_id).cmp(&(b.start, &b.job_id)));
    all
}

fn stood(snapshot: &Snapshot, visit: &Visit) -> Before {
    let known = snapshot.technician(visit.technician_id.as_str());
    Before {
        technician_id: visit.technician_id.clone(),
        technician_name: known.map_or_else(String::new, |(known, _)| known.technician.name.clone()),
        start: visit.start,
        end: visit.end,
    }
}

fn change(
    house: &House,
    forked: &Snapshot,
    standing: &Standing,
    visit: &Visit,
    before: Option<Before>,
) -> Option<Change> {
    let (known, who) = forked.technician(visit.technician_id.as_str())?;
    Some(Change {
        job_id: standing.job.id.clone(),
        title: standing.job.title.clone(),
        job_version: standing.version,
        technician_id: visit.technician_id.clone(),
        technician_name: known.technician.name.clone(),
        technician_version: known.version,
        start: visit.start,
        end: visit.end,
        travel_min: travel_before(house, who, standing, visit.start),
        before,
        // Where a calendar is not known that far, nobody says that it is free.
        reasons: outside::told(house, &known.technician, &visit.span(), Reasons::default()),
    })
}
