//! Which job waits for which: no job may wait for itself, however long the way round; and what a person is shown of it.

use std::collections::BTreeMap;

use actors::engine::journal::Expect;
use actors::ids::JobId;
use actors::jobs::protocol::Job;
use serde_json::{Value, json};

use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::{self, Standing};

/// Jobs that one may wait for at most, and jobs that are looked at for a cycle.
const NEEDS_MAX: usize = 50;
const LOOKED_AT_MAX: usize = 2_000;
/// Longest wait after them: ninety days.
const LAG_MAX_MIN: i64 = 90 * 24 * 60;

/// A cycle, told by its path.
pub fn cycle(path: &[String]) -> Problem {
    let path = path.join(" → ");
    let fr = format!("Des interventions s'attendraient en rond : {path}.");
    let en = format!("Jobs would wait for each other in a circle: {path}.");
    crate::refusals::invalid("jobs.cycle", &fr, &en)
}

/// Checks what a job is to wait for. Answers with the versions that must still hold when it is saved, so that two people
/// cannot close a circle between them.
///
/// # Errors
/// 422 for a circle, with its path; 404 for an unknown job.
pub async fn checked(
    house: &House,
    id: &JobId,
    title: &str,
    depends_on: &[JobId],
    lag_min: i64,
) -> Result<Vec<Expect>, Problem> {
    if !(0..=LAG_MAX_MIN).contains(&lag_min) {
        return Err(Problem::invalid("/lag_min", "At most ninety days."));
    }
    crate::input::at_most(depends_on, NEEDS_MAX, "/depends_on")?;
    let mut seen: BTreeMap<JobId, i64> = BTreeMap::new();
    let mut ways: Vec<(JobId, Vec<String>)> =
        depends_on.iter().rev().map(|need| (need.clone(), vec![title.to_owned()])).collect();
    let mut connection = house.read().await?;
    while let Some((next, mut path)) = ways.pop() {
        if next == *id {
            path.push(title.to_owned());
            return Err(cycle(&path).pointer("/depends_on", "a circle"));
        }
        if seen.contains_key(&next) {
            continue;
        }
        if seen.len() >= LOOKED_AT_MAX {
            return Err(Problem::invalid("/depends_on", "Too many jobs wait for each other."));
        }
        let found = store::one(&mut connection, house.policy.language, next.as_str()).await?;
        let Some(found) = found.filter(|found| found.job.id == next) else {
            let at = depends_on.iter().position(|need| *need == next).unwrap_or(0);
            let pointer = format!("/depends_on/{at}");
            return Err(Problem::not_found("job").pointer(pointer, "There is no such job."));
        };
        path.push(found.job.title.clone());
        ways.extend(found.job.depends_on.iter().map(|need| (need.clone(), path.clone())));
        seen.insert(next, found.version);
    }
    Ok(seen.into_iter().map(|(id, version)| Expect { entity: id.key(), version }).collect())
}

/// What one job is of a link.
fn shown(standing: &Standing) -> Value {
    let visit = standing.visit.as_ref().filter(|visit| visit.status.is_open());
    json!({
        "job_id": standing.job.id, "title": standing.job.title, "status": standing.status,
        "customer_name": standing.job.customer_name, "lag_min": standing.job.lag_min,
        "technician_id": visit.map(|visit| &visit.technician_id),
        "start": visit.map(|visit| visit.start), "end": visit.map(|visit| visit.end),
    })
}

/// What a job waits for, and what waits for it.
///
/// # Errors
/// When the database cannot be read.
pub async fn links(house: &House, job: &Job) -> Result<Value, Problem> {
    let mut moment = house.moment().await?;
    let language = house.policy.language;
    let needs: Vec<String> = job.depends_on.iter().map(JobId::to_string).collect();
    let needs = store::several(&mut moment, language, &needs).await?;
    let waiting = store::waiting_for(&mut moment, job.id.as_str()).await?;
    let waiting = store::several(&mut moment, language, &waiting).await?;
    let needs: Vec<Value> = needs.iter().map(shown).collect();
    let waiting: Vec<Value> = waiting.iter().map(shown).collect();
    Ok(json!({ "needs": needs, "waiting": waiting }))
}
