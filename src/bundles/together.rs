//! What an act on one job means for the rest of its stop: all of them right behind each other, by the same people, with no
//! drive between. Reads what the board must know; the board decides, all or nothing.

use actors::board::protocol::{Placement, Reasons, Visit, VisitStatus};
use actors::ids::JobId;
use actors::jobs::protocol::JobStatus;
use jiff::{SignedDuration, Timestamp};

use crate::board::plan::{JobsWanted, Snapshot, day_of};
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;

/// The jobs as they stand, in their order.
///
/// # Errors
/// 404 for an unknown one, 422 for one that is begun or over.
pub async fn open(house: &House, ids: &[JobId]) -> Result<Vec<Standing>, Problem> {
    let mut moment = house.moment().await?;
    let mut jobs = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let found =
            crate::jobs::store::one(&mut moment, house.policy.language, id.as_str()).await?;
        let pointer = format!("/job_ids/{index}");
        let standing = found
            .ok_or_else(|| Problem::not_found("job").pointer(&pointer, "There is no such job."))?;
        if !is_movable(&standing) {
            return Err(crate::refusals::invalid(
                "bundles.begun",
                "Une intervention commencée ou terminée ne peut pas être groupée.",
                "A job that is begun or over cannot be bundled.",
            )
            .pointer(pointer, "begun or over"));
        }
        jobs.push(standing);
    }
    Ok(jobs)
}

fn is_movable(standing: &Standing) -> bool {
    matches!(standing.status, JobStatus::Unassigned | JobStatus::Planned)
}

fn planned(standing: &Standing) -> Option<&Visit> {
    let visit = standing.visit.as_ref().filter(|_| standing.status == JobStatus::Planned);
    visit.filter(|visit| visit.status == VisitStatus::Planned)
}

/// Placements that bring the jobs together where the first of their visits stands; none where none has one.
///
/// # Errors
/// When the rows cannot be read.
pub async fn gathered(house: &House, jobs: &[Standing]) -> Result<Vec<Placement>, Problem> {
    let first = jobs.iter().filter_map(planned).min_by_key(|visit| (visit.start, visit.end));
    let Some(first) = first else { return Ok(Vec::new()) };
    let led = jobs.iter().find(|one| one.job.id == first.job_id);
    let Some(led) = led else { return Ok(Vec::new()) };
    let lead = placement(house, led, first.technician_id.as_str(), first.start).await?;
    in_turn(house, jobs, &lead, first.pinned).await
}

/// The rest of the stop that `placement`'s job is of, and the placement itself, one behind the other in their order; none for
/// a job that is on its own.
///
/// # Errors
/// When the rows cannot be read.
pub async fn rest(house: &House, placement: &Placement) -> Result<Option<Vec<Placement>>, Problem> {
    let mut moment = house.moment().await?;
    let id = placement.job.id.as_str();
    let Some(bundle) = crate::bundles::store::one(&mut moment, id).await? else { return Ok(None) };
    let ids: Vec<String> = bundle.thing.job_ids.iter().map(JobId::to_string).collect();
    let mut jobs = crate::jobs::store::several(&mut moment, house.policy.language, &ids).await?;
    drop(moment);
    jobs.retain(|one| is_movable(one) || one.job.id == placement.job.id);
    if jobs.len() < 2 {
        return Ok(None);
    }
    Ok(Some(in_turn(house, &jobs, placement, placement.pinned).await?))
}

/// All jobs one behind the other from where `lead` would be, by its people. Where `lead`'s job is not the first of them, those
/// before it are as well: the stop begins where it is put.
async fn in_turn(
    house: &House,
    jobs: &[Standing],
    lead: &Placement,
    pinned: bool,
) -> Result<Vec<Placement>, Problem> {
    let mut start = lead.start;
    let mut all = Vec::with_capacity(jobs.len());
    for (index, job) in jobs.iter().enumerate() {
        let mut placed = match job.job.id == lead.job.id {
            true => lead.clone(),
            false => placement(house, job, lead.technician.id.as_str(), start).await?,
        };
        placed.start = start;
        placed.crew = lead.crew.clone();
        placed.pinned = pinned;
        placed.overrides.clone_from(&lead.overrides);
        placed.travel_min = if index == 0 { lead.travel_min } else { 0 };
        start += SignedDuration::from_mins(placed.job.duration_min);
        all.push(placed);
    }
    Ok(all)
}

async fn placement(
    house: &House,
    job: &Standing,
    technician: &str,
    start: Timestamp,
) -> Result<Placement, Problem> {
    let range = day_of(house, start.to_zoned(house.policy.zone.clone()).date())?;
    let ids = [job.job.id.to_string()];
    let snapshot = Snapshot::take(house, range, Some(technician), JobsWanted::Ids(&ids)).await?;
    let travel = planned(job).map_or(0, |visit| visit.travel_min);
    let why = Reasons {
        fr: vec!["Groupée avec les autres interventions de l'arrêt.".to_owned()],
        en: vec!["Together with the other jobs of the stop.".to_owned()],
    };
    snapshot
        .placement(house, job, technician, start, travel, why)
        .ok_or_else(|| Problem::not_found("technician"))
}

/// The other jobs of a stop that go the same step with `job`, by id.
///
/// # Errors
/// When the rows cannot be read.
pub async fn mates(house: &House, job: &str, step: JobStatus) -> Result<Vec<String>, Problem> {
    let mut moment = house.moment().await?;
    let Some(bundle) = crate::bundles::store::one(&mut moment, job).await? else {
        return Ok(Vec::new());
    };
    let ids: Vec<String> = bundle.thing.job_ids.iter().map(JobId::to_string).collect();
    let jobs = crate::jobs::store::several(&mut moment, house.policy.language, &ids).await?;
    let before = |status| match step {
        JobStatus::OnSite => matches!(status, JobStatus::Planned | JobStatus::EnRoute),
        _ => status == JobStatus::Planned,
    };
    let mates = jobs.into_iter().filter(|one| one.job.id.as_str() != job && before(one.status));
    Ok(mates.map(|one| one.job.id.to_string()).collect())
}
