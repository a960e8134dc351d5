//! What screens hear of a decision to tell somebody: a promise that was made, and why nobody could be told.

use actors::notifications::protocol::NotificationEvent;
use serde_json::json;

use super::Told;

/// The frame of such a decision, where there is one.
pub(super) fn told(event: &NotificationEvent) -> Option<Told> {
    match event {
        NotificationEvent::CustomerShouldKnow {
            job_id, telling, promise: Some(promise), ..
        } => {
            Some(Told {
                // A correction that waits for an approval is told to nobody yet, and perhaps never.
                kind: if telling.held { "promise.drafted" } else { "promise.told" },
                topics: vec!["dispatch".into(), format!("job:{job_id}").into()],
                data: json!({
                    "job_id": job_id, "promise": promise, "held": telling.held,
                    "due_at": (!telling.held).then_some(telling.due_at),
                }),
            })
        }
        NotificationEvent::CannotTell { job_id, kind, why } => Some(Told {
            kind: "promise.untold",
            topics: vec!["dispatch".into()],
            data: json!({ "job_id": job_id, "kind": kind, "why": why }),
        }),
        NotificationEvent::CustomerShouldKnow { .. }
        | NotificationEvent::TechnicianShouldKnow { .. }
        | NotificationEvent::ScheduleShouldKnow { .. }
        | NotificationEvent::OfferShouldBeKnown { .. }
        | NotificationEvent::OfferUntold { .. }
        | NotificationEvent::TellingRecalled { .. } => None,
    }
}
