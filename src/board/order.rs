//! What a move does to the jobs that wait for the one that moves: which would begin too soon, and how they move along.

use std::collections::BTreeSet;

use actors::board::protocol::{Placement, Reasons, VisitStatus};
use actors::ids::JobId;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::board::plan::{JobsWanted, Snapshot, day_of};
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::{self, Standing};
use crate::journal::database::Moment;

/// Visits that move along at most.
const ALONG_MAX: usize = 50;

/// The planned visits that would begin before what they wait for is over, were `moved` done: each with the start it would
/// have to move to, those nearest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn broken(
    house: &House,
    moved: &[Placement],
) -> Result<Vec<(Standing, Timestamp)>, Problem> {
    let lasts = |job: &actors::jobs::protocol::Job| SignedDuration::from_mins(job.duration_min);
    let mut moment = house.moment().await?;
    let mut found: Vec<(Standing, Timestamp)> = Vec::new();
    let mut seen: BTreeSet<JobId> = moved.iter().map(|one| one.job.id.clone()).collect();
    let mut ends: Vec<(JobId, Timestamp)> =
        moved.iter().map(|one| (one.job.id.clone(), one.start + lasts(&one.job))).collect();
    while let Some((id, end)) = ends.pop() {
        let ids = store::waiting_for(&mut moment, id.as_str()).await?;
        for standing in store::several(&mut moment, house.policy.language, &ids).await? {
            let Some(visit) = &standing.visit else { continue };
            let free = end + SignedDuration::from_mins(standing.job.lag_min);
            let is_in_time = visit.start >= free || visit.status != VisitStatus::Planned;
            if is_in_time || found.len() >= ALONG_MAX || !seen.insert(standing.job.id.clone()) {
                continue;
            }
            // On a round quarter, as hands place things.
            let start = rounded(free);
            ends.push((standing.job.id.clone(), start + lasts(&standing.job)));
            found.push((standing, start));
        }
    }
    Ok(found)
}

fn rounded(at: Timestamp) -> Timestamp {
    const QUARTER_S: i64 = 15 * 60;
    let s = at.as_second();
    Timestamp::from_second(s + (QUARTER_S - s.rem_euclid(QUARTER_S)) % QUARTER_S).unwrap_or(at)
}

/// The broken visits as placements, with their technicians and the rest of their stops.
///
/// # Errors
/// When the database cannot be read, or a technician is gone.
pub async fn along(house: &House, moved: &[Placement]) -> Result<Vec<Placement>, Problem> {
    let mut all: Vec<Placement> = Vec::new();
    let Some(title) = moved.first().map(|one| &one.job.title) else { return Ok(all) };
    for (standing, start) in broken(house, moved).await? {
        // It went along with another of its stop.
        if all.iter().any(|one| one.job.id == standing.job.id) {
            continue;
        }
        let Some(visit) = &standing.visit else { continue };
        let range = day_of(house, start.to_zoned(house.policy.zone.clone()).date())?;
        let (who, ids) = (visit.technician_id.as_str(), [standing.job.id.to_string()]);
        let snapshot = Snapshot::take(house, range, Some(who), JobsWanted::Ids(&ids)).await?;
        let why = Reasons {
            fr: vec![format!("Déplacée avec « {title} », qu'elle attend.")],
            en: vec![format!("Moved along with \"{title}\", which it waits for.")],
        };
        let placed = snapshot.placement(house, &standing, who, start, visit.travel_min, why);
        let mut placed = placed.ok_or_else(|| Problem::not_found("technician"))?;
        placed.pinned = visit.pinned;
        placed.overrides.clone_from(&visit.overrides);
        match crate::bundles::together::rest(house, &placed).await? {
            Some(stop) => all.extend(stop),
            None => all.push(placed),
        }
    }
    Ok(all)
}

/// The broken visits as an answer shows them.
pub fn told(broken: &[(Standing, Timestamp)]) -> Value {
    let one = |(standing, to): &(Standing, Timestamp)| {
        let visit = standing.visit.as_ref();
        json!({
            "job_id": standing.job.id, "title": standing.job.title,
            "technician_id": visit.map(|visit| &visit.technician_id),
            "start": visit.map(|visit| visit.start), "to": to,
        })
    };
    json!(broken.iter().map(one).collect::<Vec<_>>())
}

/// Between which moments a job may begin, by what it waits for and what waits for it; none where something that it waits
/// for is not planned.
///
/// # Errors
/// When the database cannot be read.
pub async fn bounds(
    house: &House,
    moment: &mut Moment,
    held: &Standing,
) -> Result<Result<(Option<Timestamp>, Option<Timestamp>), String>, Problem> {
    let language = house.policy.language;
    let needs: Vec<String> = held.job.depends_on.iter().map(JobId::to_string).collect();
    let mut earliest: Option<Timestamp> = None;
    for need in store::several(moment, language, &needs).await? {
        if store::is_over(need.status) {
            continue;
        }
        let open = need.visit.as_ref().filter(|visit| visit.status.is_open());
        let Some(visit) = open else { return Ok(Err(need.job.title)) };
        let free = visit.end + SignedDuration::from_mins(held.job.lag_min);
        earliest = Some(earliest.map_or(free, |at| at.max(free)));
    }
    let waiting = store::waiting_for(moment, held.job.id.as_str()).await?;
    let mut latest: Option<Timestamp> = None;
    for other in store::several(moment, language, &waiting).await? {
        let open = other.visit.as_ref().filter(|visit| visit.status.is_open());
        let Some(visit) = open else { continue };
        let all = SignedDuration::from_mins(other.job.lag_min + held.job.duration_min);
        let last = visit.start - all;
        latest = Some(latest.map_or(last, |at| at.min(last)));
    }
    Ok(Ok((earliest, latest)))
}
