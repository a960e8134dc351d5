//! What an act on one job means for the rest of its stop: all of them right behind each other, by the same people, with no
//! drive between. Reads what the board must know; the board decides, all or nothing.

use actors::board::bundles::Bundle;
use actors::board::bundles::refusal::{BundleRefusal, said_alone};
use actors::board::protocol::{Placement, Reasons, Visit, VisitStatus};
use actors::ids::{BundleId, JobId};
use actors::jobs::protocol::{Job, JobStatus};
use jiff::{SignedDuration, Timestamp};
use scheduler::day::{DayTechnician, Wanted};
use scheduler::rules::{Warning, warnings};
use serde_json::json;

use crate::board::plan::{JobsWanted, Snapshot, day_of, reasons, words};
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;
use crate::journal::database::Moment;

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

/// Why a job goes nowhere by itself: the bundle that it is of, by its jobs in the order of work; none for one on its own.
///
/// # Errors
/// When the rows cannot be read.
pub async fn alone(moment: &mut Moment, job: &JobId) -> Result<Option<Alone>, Problem> {
    let Some(bundle) = crate::bundles::store::one(moment, job.as_str()).await? else {
        return Ok(None);
    };
    let Bundle { id: bundle_id, job_ids, .. } = bundle.thing;
    let ids: Vec<String> = job_ids.iter().map(JobId::to_string).collect();
    let language = crate::refusals::company_language();
    let mut jobs = crate::jobs::store::several(moment, language, &ids).await?;
    jobs.sort_by_key(|one| one.job.id != *job);
    let titles = jobs.into_iter().map(|one| one.job.title).collect();
    Ok(Some(Alone { bundle_id, job_ids, titles }))
}

/// A job of a bundle that was to go by itself.
#[derive(Clone, Debug)]
pub struct Alone {
    /// The bundle.
    pub bundle_id: BundleId,
    /// Its jobs, in the order of work.
    pub job_ids: Vec<JobId>,
    titles: Vec<String>,
}

impl Alone {
    /// Why not, in both languages.
    pub fn reasons(&self) -> Reasons {
        let (fr, en) = said_alone(self.job_ids.len(), &self.titles);
        Reasons { fr: vec![fr], en: vec![en] }
    }

    /// The refusal, with the bundle and its jobs by their ids.
    pub fn problem(self) -> Problem {
        let Self { bundle_id, job_ids, titles } = self;
        let (bundle, jobs) = (json!(bundle_id), json!(job_ids));
        let refusal = BundleRefusal::Alone { bundle_id, job_ids, titles };
        crate::refusals::refused(&refusal).with("bundle_id", bundle).with("job_ids", jobs)
    }
}

/// Refuses to place any of these jobs by itself, where it is of a bundle.
///
/// # Errors
/// 409 that names the bundle and its jobs.
pub async fn none_alone(
    house: &House,
    jobs: impl IntoIterator<Item = &JobId>,
) -> Result<(), Problem> {
    let mut moment = house.moment().await?;
    for job in jobs {
        if let Some(alone) = alone(&mut moment, job).await? {
            return Err(alone.problem());
        }
    }
    Ok(())
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

/// The jobs of the stop that a job is of which may still move, in their order of work; none for one that is on its own.
///
/// # Errors
/// When the rows cannot be read.
pub async fn stop_of(house: &House, job: &str) -> Result<Vec<Standing>, Problem> {
    let mut moment = house.moment().await?;
    let Some(bundle) = crate::bundles::store::one(&mut moment, job).await? else {
        return Ok(Vec::new());
    };
    let ids: Vec<String> = bundle.thing.job_ids.iter().map(JobId::to_string).collect();
    let mut jobs = crate::jobs::store::several(&mut moment, house.policy.language, &ids).await?;
    jobs.retain(|one| is_movable(one) || one.job.id.as_str() == job);
    Ok(if jobs.len() < 2 { Vec::new() } else { jobs })
}

/// Where a stop begins when one of its jobs is put at `start`: there; but where that job stands then already, by the same
/// technician, the stop stays where it is.
pub fn begins<'a>(
    stop: impl IntoIterator<Item = &'a Standing>,
    put: (&JobId, &str, Timestamp),
) -> Timestamp {
    let (job, technician, start) = put;
    let visits: Vec<&Visit> = stop.into_iter().filter_map(planned).collect();
    let stays = visits.iter().any(|visit| {
        visit.job_id == *job && visit.technician_id.as_str() == technician && visit.start == start
    });
    let first = visits.iter().map(|visit| visit.start).min();
    first.filter(|_| stays).unwrap_or(start)
}

/// When each of a stop begins: the first at `start`, each other when the one before it is over.
pub fn turns<'a>(
    jobs: impl IntoIterator<Item = &'a Job>,
    start: Timestamp,
) -> impl Iterator<Item = (&'a Job, Timestamp)> {
    jobs.into_iter().scan(start, |free, job| {
        let begins = *free;
        *free += SignedDuration::from_mins(job.duration_min);
        Some((job, begins))
    })
}

/// The stop as one job: as long as all of it, for whoever can do all of it.
pub fn as_one(jobs: &[Wanted]) -> Option<Wanted> {
    let mut one = jobs.first()?.clone();
    one.duration_s = jobs.iter().map(Wanted::duration_s).sum();
    for need in jobs.iter().skip(1).flat_map(|job| &job.skills) {
        match one.skills.iter_mut().find(|known| known.tag == need.tag) {
            Some(known) => {
                known.level = known.level.max(need.level);
                known.required |= need.required;
            }
            None => one.skills.push(need.clone()),
        }
    }
    Some(one)
}

/// The rest of the stop that `placement`'s job is of, and the placement itself, one behind the other in their order; none for
/// a job that is on its own.
///
/// # Errors
/// When the rows cannot be read.
pub async fn rest(house: &House, placement: &Placement) -> Result<Option<Vec<Placement>>, Problem> {
    let jobs = stop_of(house, placement.job.id.as_str()).await?;
    if jobs.is_empty() {
        return Ok(None);
    }
    Ok(Some(in_turn(house, &jobs, placement, placement.pinned).await?))
}

/// What deserves a word where a job is put at `start`: of the whole stop that it is of, from the drive to its first job to the
/// drive from its last.
///
/// # Errors
/// When the rows cannot be read.
pub async fn heard(
    house: &House,
    snapshot: &Snapshot,
    who: &DayTechnician,
    job: &Standing,
    start: Timestamp,
) -> Result<Reasons, Problem> {
    let mates = stop_of(house, job.job.id.as_str()).await?;
    let start = begins(&mates, (&job.job.id, &who.id, start));
    let stop: Vec<&Job> = match mates.is_empty() {
        true => vec![&job.job],
        false => mates.iter().map(|one| &one.job).collect(),
    };
    let long: i64 = stop.iter().map(|one| one.duration_min).sum();
    let end_s = (start + SignedDuration::from_mins(long)).as_second();
    let mut who = who.clone();
    who.stops.retain(|one| !stop.iter().any(|mate| *mate.id.as_str() == *one.job_id));
    let mut heard: Vec<Warning> = Vec::new();
    for (index, (mate, start)) in turns(stop, start).enumerate() {
        let wanted = snapshot.wanted(mate);
        let span = (start.as_second(), end_s);
        let of_it = warnings(&wanted, &who, span, snapshot.now.as_second(), &house.knowledge);
        // Within the stop nobody drives; a window that several have is said once.
        for one in of_it {
            let is_new = index == 0 || matches!(one, Warning::OutsideWindow { .. });
            if is_new && !heard.contains(&one) {
                heard.push(one);
            }
        }
    }
    Ok(reasons(words(house, start).warnings(&heard)))
}

/// What leaves for the pool with a job, itself among it: the visits of its stop that have not begun, with their versions.
///
/// # Errors
/// When the rows cannot be read.
pub async fn leaving(house: &House, job: &Standing) -> Result<Vec<(Box<Job>, i64)>, Problem> {
    let stop = stop_of(house, job.job.id.as_str()).await?;
    let mut all = vec![(Box::new(job.job.clone()), job.version)];
    let mates = stop.into_iter().filter(|one| one.job.id != job.job.id && planned(one).is_some());
    all.extend(mates.map(|one| (Box::new(one.job), one.version)));
    Ok(all)
}

/// All jobs one behind the other from where `lead` would be, by its people. Where `lead`'s job is not the first of them, those
/// before it are as well: the stop begins where it is put.
async fn in_turn(
    house: &House,
    jobs: &[Standing],
    lead: &Placement,
    pinned: bool,
) -> Result<Vec<Placement>, Problem> {
    let mut all = Vec::with_capacity(jobs.len());
    let start = begins(jobs, (&lead.job.id, lead.technician.id.as_str(), lead.start));
    for ((_, start), job) in turns(jobs.iter().map(|one| &one.job), start).zip(jobs) {
        let mut placed = match job.job.id == lead.job.id {
            true => lead.clone(),
            false => placement(house, job, lead.technician.id.as_str(), start).await?,
        };
        placed.start = start;
        placed.crew = lead.crew.clone();
        placed.pinned = pinned;
        placed.overrides.clone_from(&lead.overrides);
        placed.travel_min = if all.is_empty() { lead.travel_min } else { 0 };
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
