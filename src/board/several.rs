//! Several visits placed, moved and taken off as one act: all of it or none, by the versions that the asker saw. What a
//! plan of any kind comes to when a person makes it real. It decides nothing; the board does.

use actors::board::protocol::{Command, Former, Placement, Reasons};
use actors::technicians::protocol::Span;
use jiff::{SignedDuration, Timestamp};
use scheduler::day::DayTechnician;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::board::assign::travel_before;
use crate::board::plan::{JobsWanted, Snapshot, day_of};
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;

/// Changes that one act may hold.
pub const CHANGES_MAX: usize = 500;

/// One change as it is asked for.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeInput {
    /// Which job.
    pub job_id: String,
    /// The version that the asker saw.
    pub version: i64,
    /// Who goes; none takes the visit off the board.
    #[serde(default)]
    pub technician_id: Option<String>,
    /// Planned arrival.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub start: Option<Timestamp>,
    /// True where a person chose this very hour: no plan moves it.
    #[serde(default)]
    pub pinned: bool,
}

/// The one command that makes these changes real.
///
/// # Errors
/// 404 for unknown things, 409 for an old version, 422 naming the field.
pub async fn command(
    house: &House,
    changes: &[ChangeInput],
    why: &Reasons,
) -> Result<Command, Problem> {
    crate::input::at_most(changes, CHANGES_MAX, "/changes")?;
    for (index, change) in changes.iter().enumerate() {
        if changes.iter().take(index).any(|before| before.job_id == change.job_id) {
            let pointer = format!("/changes/{index}/job_id");
            return Err(Problem::invalid(pointer, "A job is changed once."));
        }
    }
    let ids: Vec<String> = changes.iter().map(|change| change.job_id.clone()).collect();
    let range = range(house, changes)?;
    let snapshot = Snapshot::take(house, range, None, JobsWanted::Ids(&ids)).await?;
    let day = as_it_would_be(&snapshot, changes);
    let (mut placements, mut into_pool) = (Vec::new(), Vec::new());
    for (index, change) in changes.iter().enumerate() {
        let at = format!("/changes/{index}");
        let job = snapshot.jobs.iter().find(|one| one.job.id.as_str() == change.job_id);
        let job = job.ok_or_else(|| {
            Problem::not_found("job").pointer(format!("{at}/job_id"), "There is no such job.")
        })?;
        if job.version != change.version {
            let current = serde_json::to_value(job.shape()).map_err(|_| Problem::internal())?;
            return Err(crate::refusals::stale().with("current", current));
        }
        match (&change.technician_id, change.start) {
            (Some(id), Some(start)) => {
                placements.push(placed(house, &snapshot, &day, job, id, start, change, why, &at)?);
            }
            (None, None) => into_pool.push((Box::new(job.job.clone()), job.version)),
            _ => {
                let why = "Give both technician_id and start, or neither.";
                return Err(Problem::invalid(format!("{at}/start"), why));
            }
        }
    }
    let former = Former { placements, into_pool, ..Former::default() };
    Ok(Command::TakeBack(Box::new(former)))
}

#[expect(clippy::too_many_arguments, reason = "one change with all that it rests on")]
fn placed(
    house: &House,
    snapshot: &Snapshot,
    day: &[DayTechnician],
    job: &Standing,
    id: &str,
    start: Timestamp,
    change: &ChangeInput,
    why: &Reasons,
    at: &str,
) -> Result<Placement, Problem> {
    let unknown = || {
        let why = "There is no such technician.";
        Problem::not_found("technician").pointer(format!("{at}/technician_id"), why)
    };
    let who = day.iter().find(|who| &*who.id == id).ok_or_else(unknown)?;
    let travel_min = travel_before(house, who, job, start);
    let mut placement =
        snapshot.placement(house, job, id, start, travel_min, why.clone()).ok_or_else(unknown)?;
    placement.pinned = change.pinned;
    Ok(placement)
}

/// Every technician's stops after the changes, for the driving between them.
fn as_it_would_be(snapshot: &Snapshot, changes: &[ChangeInput]) -> Vec<DayTechnician> {
    let mut day = snapshot.day.clone();
    for who in &mut day {
        who.stops.retain(|stop| changes.iter().all(|change| *stop.job_id != *change.job_id));
    }
    for change in changes {
        let job = snapshot.jobs.iter().find(|one| one.job.id.as_str() == change.job_id);
        let (Some(job), Some(id), Some(start)) = (job, &change.technician_id, change.start) else {
            continue;
        };
        if let Some(who) = day.iter_mut().find(|who| *who.id == **id) {
            let job = &job.job;
            who.stops.push(scheduler::day::Stop {
                visit_id: job.id.key(),
                job_id: job.id.key(),
                point: actors::board::snapshot::point(job.lat, job.lon),
                start_s: start.as_second(),
                end_s: start.as_second() + job.duration_min * 60,
            });
        }
    }
    day
}

/// The days that the changes lie on.
fn range(house: &House, changes: &[ChangeInput]) -> Result<Span, Problem> {
    let starts = || changes.iter().filter_map(|change| change.start);
    let now = house.clock.now();
    let (first, last) = (starts().min().unwrap_or(now), starts().max().unwrap_or(now));
    if last.duration_since(first) > SignedDuration::from_hours(24 * 7) {
        return Err(Problem::invalid("/changes", "One act lies within a week."));
    }
    let day = |at: Timestamp| day_of(house, at.to_zoned(house.policy.zone.clone()).date());
    Ok(Span { start: day(first)?.start, end: day(last)?.end })
}
