//! Who insisted against which rule, and when: read from the acts that put a visit where it stands. It judges nothing.

use actix_web::{HttpResponse, web};
use actors::board::protocol::{BoardEvent, Visit};
use actors::event::Event;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;
use crate::jobs::http::standing;

/// A rule that a visit breaks, since somebody insisted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Insisted {
    /// The rule's word, as in `override`.
    pub rule: String,
    /// The account that insisted first of the acts that kept it so.
    pub by: String,
    /// Whose account it is; none for a program.
    pub by_name: Option<String>,
    /// When.
    #[schema(value_type = String)]
    pub at: Timestamp,
}

/// GET /jobs/{id}/insisted
///
/// # Errors
/// 404.
pub async fn insisted(
    house: web::Data<House>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let held = standing(&house, &id).await?;
    let rules = held.visit.as_ref().map(|visit| visit.overrides.clone()).unwrap_or_default();
    let mut items = Vec::with_capacity(rules.len());
    if !rules.is_empty() {
        let mut moment = house.moment().await?;
        let acts = crate::journal::acts::of_board(&mut moment, &held.job.id.key()).await?;
        drop(moment);
        for rule in rules {
            // Newest first: back to the act that broke the rule, past those that only kept it so.
            let placed =
                acts.iter().filter_map(|entry| Some((entry, placed(&entry.event, &held.job.id)?)));
            let broke = placed.take_while(|(_, visit)| visit.overrides.contains(&rule)).last();
            let Some((entry, _)) = broke else { continue };
            let by_name = crate::auth::names::name_of(&house, &entry.by).await;
            items.push(Insisted { rule, by: entry.by.to_string(), by_name, at: entry.at });
        }
    }
    Ok(HttpResponse::Ok().json(serde_json::json!({ "items": items, "next": null })))
}

/// The job's visit as an event put it.
fn placed<'a>(event: &'a Event, job: &actors::ids::JobId) -> Option<&'a Visit> {
    let Event::Board(event) = event else { return None };
    let visit = match event {
        BoardEvent::VisitPlanned { visit, .. } => visit,
        BoardEvent::VisitMoved { after, .. } => after,
        _ => return None,
    };
    (visit.job_id == *job).then_some(visit)
}
