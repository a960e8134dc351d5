//! What screens are told of drafts, and of promises that are broken knowingly. Only dispatchers' screens hear of the former.

use actors::board::protocol::BoardEvent;
use serde_json::json;

use super::Told;

/// The event as it is told; none for what is told of by what follows from it.
pub(super) fn told(event: &BoardEvent) -> Option<Told> {
    let (kind, data) = match event {
        BoardEvent::VisitDrafted { job, entry, .. } => {
            ("draft.changed", json!({ "job_id": job.id, "entry": entry }))
        }
        BoardEvent::DraftEntryGone { job_id, draft, published, .. } => {
            ("draft.gone", json!({ "job_id": job_id, "draft": draft, "published": published }))
        }
        BoardEvent::PromiseBroken { breaking } => {
            ("promise.broken", json!({ "job_id": breaking.job_id, "breaking": breaking }))
        }
        _ => return None,
    };
    Some(Told { kind, topics: vec!["dispatch".into()], data })
}
