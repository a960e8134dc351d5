//! What the screens are told of offers: the whole offer each time, to dispatchers and to everybody who was asked.

use std::sync::Arc;

use actors::board::protocol::BoardEvent;
use serde_json::json;

use super::Told;

/// How an event of an offer is told.
pub(super) fn told(event: &BoardEvent) -> Option<Told> {
    let (kind, offer) = match event {
        BoardEvent::OfferMade { offer, .. } => ("offer.made", offer),
        BoardEvent::OfferChanged { offer } => ("offer.changed", offer),
        _ => return None,
    };
    let asked = offer.asked.iter().filter(|one| one.asked_at.is_some());
    let mut topics: Vec<Arc<str>> = vec!["dispatch".into()];
    topics.extend(asked.map(|one| format!("tech:{}", one.technician_id).into()));
    Some(Told { kind, topics, data: json!({ "offer": offer }) })
}
