//! What the living day has overtaken of a plan that was shown, and whose doing that is. A plan that no longer holds as a whole is not
//! made real.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use actors::board::protocol::VisitStatus;
use actors::engine::journal::{Journal, Recorded, Since};

use super::compute::{Computed, read};
use super::kept::Kept;
use super::wire::PlanConflict;
use crate::error::Problem;
use crate::house::House;
use crate::notifications::draft::DraftedText;
use crate::undo::words::Speaker;

/// A conflict, and the position of the event that made it.
struct Found {
    job_id: Option<String>,
    title: String,
    why: &'static str,
    version: i64,
}

/// Everything that the plan no longer fits. `now` is the plan worked out again with every choice as it was shown; none where that
/// was refused.
///
/// # Errors
/// When the rows cannot be read.
pub async fn conflicts(
    house: &House,
    kept: &Kept,
    now: Option<&Computed>,
) -> Result<Vec<PlanConflict>, Problem> {
    let mut found = changed(house, kept).await?;
    if let Some(now) = now {
        found.extend(crowded(kept, now));
        if found.is_empty() && !same_texts(kept, now) {
            let (title, version) = (String::new(), 0);
            found.push(Found { job_id: None, title, why: "texts", version });
        }
    }
    let names = crate::undo::names(house).await?;
    let mut all = Vec::with_capacity(found.len());
    for one in found {
        all.push(told(house, &names, one).await);
    }
    Ok(all)
}

/// Visits and technicians that are others by now.
async fn changed(house: &House, kept: &Kept) -> Result<Vec<Found>, Problem> {
    let hits = read(house, &kept.asked).await?.hits;
    let shown = &kept.shown.visits;
    let ids: BTreeSet<String> = shown
        .iter()
        .map(|one| one.job_id.clone())
        .chain(hits.iter().map(|hit| hit.job.id.to_string()))
        .collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let mut moment = house.moment().await?;
    let jobs = crate::jobs::store::several(&mut moment, house.policy.language, &ids).await?;
    let crew = crate::technicians::store::all(&mut moment).await?;
    drop(moment);
    let mut found = Vec::new();
    for job in &jobs {
        let id = job.job.id.as_str();
        let before = shown.iter().find(|one| one.job_id == id);
        let is_hit = hits.iter().any(|hit| hit.job.id.as_str() == id);
        let why = match before {
            Some(_) if !is_hit => "gone",
            Some(before) if before.version != job.version => "changed",
            Some(_) => continue,
            None => "new",
        };
        let (title, version) = (job.job.title.clone(), job.version);
        found.push(Found { job_id: Some(id.to_owned()), title, why, version });
    }
    for known in crew {
        let seen = kept.versions.get(known.technician.id.as_str());
        if seen.is_some_and(|seen| *seen != known.version) {
            let (title, version) = (known.technician.name, known.version);
            found.push(Found { job_id: None, title, why: "technician", version });
        }
    }
    Ok(found)
}

/// What was put down since on the days of those who would take something over.
fn crowded<'a>(kept: &'a Kept, now: &'a Computed) -> impl Iterator<Item = Found> + 'a {
    let gains = |id: &str| {
        let mut places = kept.shown.visits.iter().filter_map(|one| one.to.as_ref());
        places.any(|to| to.technician_id == id)
    };
    let ours = move |id: &str| kept.shown.visits.iter().any(|one| one.job_id == id);
    let jobs = now.days.iter().flat_map(|day| &day.jobs);
    jobs.filter(move |one| one.version > kept.shown.seq && !ours(one.job.id.as_str()))
        .filter(move |one| {
            let visit = one.visit.as_ref().filter(|visit| visit.status == VisitStatus::Planned);
            visit.is_some_and(|visit| gains(visit.technician_id.as_str()))
        })
        .map(|one| Found {
            job_id: Some(one.job.id.to_string()),
            title: one.job.title.clone(),
            why: "no_room",
            version: one.version,
        })
}

/// Links bear the moment at which they were made: only the words are compared.
fn same_texts(kept: &Kept, now: &Computed) -> bool {
    let words = |texts: &[DraftedText]| {
        let mut all: Vec<(Option<String>, String, Option<String>)> = texts
            .iter()
            .map(|one| {
                let body = one.body.as_ref().map(|body| {
                    let words = body.split_whitespace().filter(|word| !word.contains("://"));
                    words.collect::<Vec<_>>().join(" ")
                });
                (one.phone.clone(), one.kind.clone(), body)
            })
            .collect();
        all.sort();
        all
    };
    words(&kept.shown.texts) == words(&now.texts.texts)
        && words(&kept.shown.recalled) == words(&now.texts.recalled)
}

async fn told(
    house: &House,
    names: &std::collections::HashMap<String, String>,
    found: Found,
) -> PlanConflict {
    let entry = event(house, found.version).await;
    let speaker = Speaker { zone: &house.policy.zone, names, now: house.clock.now() };
    PlanConflict {
        job_id: found.job_id,
        title: found.title,
        why: found.why,
        changed_by: entry.as_ref().map(|entry| entry.by.to_string()),
        changed_by_name: entry
            .as_ref()
            .and_then(|entry| house.keys.user(&entry.by))
            .map(|who| who.name.clone()),
        changed_at: entry.as_ref().map(|entry| entry.at),
        what: entry.as_ref().map(|entry| speaker.event(&entry.event)),
    }
}

async fn event(house: &House, version: i64) -> Option<Arc<Recorded>> {
    if version == 0 {
        return None;
    }
    match house.journal.since(version - 1, 1).await {
        Ok(Since::Events(events)) => events.into_iter().find(|entry| entry.seq == version),
        _ => None,
    }
}

/// Versions of everybody whom a plan concerns.
pub fn versions(now: &Computed) -> BTreeMap<String, i64> {
    let gains = now.hits.iter().filter_map(|hit| hit.to.as_ref());
    let ids: BTreeSet<&str> = gains.map(|to| to.technician_id.as_str()).collect();
    let crew = now.days.iter().flat_map(|day| &day.technicians);
    let mut all: BTreeMap<String, i64> = crew
        .filter(|known| ids.contains(known.technician.id.as_str()))
        .map(|known| (known.technician.id.to_string(), known.version))
        .collect();
    all.insert(now.known.technician.id.to_string(), now.known.version);
    all
}
