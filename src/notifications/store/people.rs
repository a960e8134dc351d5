//! Technicians as people to be told: who leads, who goes along, who is asked. Reads their rows; decides nothing.

use actors::board::protocol::{BoardEvent, DraftEntry};
use actors::engine::refusal::Language;
use actors::event::Event;
use actors::ids::{JobId, TechnicianId};
use actors::jobs::protocol::JobStatus;
use actors::notifications::JobNotices;
use actors::technicians::protocol::Person;
use sqlx::AnyConnection;

use crate::jobs::store::Standing;
use crate::journal::projection::parsed;

/// Offers of the job, and who was asked.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn read_offers(
    now: &mut AnyConnection,
    key: &str,
    room: &mut JobNotices,
) -> Result<(), sqlx::Error> {
    room.offers = crate::offers::store::of_job(now, key).await?;
    let mut ids: Vec<TechnicianId> = Vec::new();
    for one in room.offers.iter().flat_map(|offer| &offer.asked) {
        if one.asked_at.is_some() && !ids.contains(&one.technician_id) {
            ids.push(one.technician_id.clone());
        }
    }
    room.asked = known(now, &ids).await?;
    room.drafted_for = drafted_for(now, key).await?;
    Ok(())
}

/// Whether the last that happened to the job was its publish, of which technicians hear by one text for all of it.
pub(super) async fn is_published(now: &mut AnyConnection, key: &str) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT j.body FROM heads h JOIN journal j ON j.seq = h.version WHERE h.entity = $1",
    )
    .bind(key.to_owned())
    .fetch_optional(&mut *now)
    .await?;
    let event: Option<Event> = row.map(|row| parsed(&row, "body")).transpose()?;
    Ok(matches!(
        event,
        Some(Event::Board(
            BoardEvent::VisitPlanned { published: true, .. }
                | BoardEvent::VisitMoved { published: true, .. }
                | BoardEvent::DraftEntryGone { published: true, .. }
        ))
    ))
}

/// Who would go to the job by a draft.
async fn drafted_for(now: &mut AnyConnection, key: &str) -> Result<Vec<TechnicianId>, sqlx::Error> {
    let rows = sqlx::query("SELECT doc FROM drafts WHERE job_id = $1")
        .bind(key.to_owned())
        .fetch_all(&mut *now)
        .await?;
    let mut all = Vec::new();
    for row in &rows {
        let entry: DraftEntry = parsed(row, "doc")?;
        if !entry.removes {
            all.push(entry.visit.technician_id);
            all.extend(entry.visit.assistants);
        }
    }
    Ok(all)
}

/// Everybody who was told that they go, while something is taken back: they may have to be told that they do not.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn told_once(
    now: &mut AnyConnection,
    room: &JobNotices,
) -> Result<Vec<(TechnicianId, Person)>, sqlx::Error> {
    if room.taken_back.is_none() {
        return Ok(Vec::new());
    }
    let all = room.technician_told.iter().chain(&room.assistants_told);
    let mut ids: Vec<TechnicianId> = all.map(|told| told.technician_id.clone()).collect();
    ids.sort();
    ids.dedup();
    known(now, &ids).await
}

/// Those of the technicians who are still known, as people to be told.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn known(
    now: &mut AnyConnection,
    ids: &[TechnicianId],
) -> Result<Vec<(TechnicianId, Person)>, sqlx::Error> {
    let mut people = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(known) = crate::technicians::store::one(now, id.as_str()).await? {
            let who = known.technician;
            let person = Person {
                name: who.name.as_str().into(),
                phone: Some(who.phone.as_str().into()),
                language: who.language,
            };
            people.push((who.id, person));
        }
    }
    Ok(people)
}

/// Whether a job speaks to its customer for the stop that it is of, and whether nothing else of the stop is still to be
/// done there.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn of_the_stop(
    now: &mut AnyConnection,
    language: Language,
    own: &Standing,
) -> Result<(bool, bool), sqlx::Error> {
    let bundle = crate::bundles::store::one(now, own.job.id.as_str()).await?;
    let Some(bundle) = bundle else { return Ok((true, true)) };
    let ids: Vec<String> = bundle.thing.job_ids.iter().map(JobId::to_string).collect();
    let mut jobs = crate::jobs::store::several(now, language, &ids).await?;
    use JobStatus::{Cancelled, Done, NoAccess};
    jobs.retain(|one| one.job.customer_id == own.job.customer_id);
    jobs.retain(|one| !matches!(one.status, Done | Cancelled | NoAccess));
    let speaks = jobs.first().is_none_or(|first| first.job.id == own.job.id);
    let closes = jobs.iter().all(|one| one.job.id == own.job.id);
    Ok((speaks, closes))
}
