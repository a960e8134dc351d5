//! Paths of the outbox: what was, will be, and would have been sent; and taking a waiting text back.

use actix_web::{HttpResponse, web};
use actors::conversations::protocol::{Command, Message};
use actors::engine::shell::Circumstances;
use serde::Deserialize;

use super::{cursor, cursor_of, sandbox};
use crate::auth::Caller;
use crate::conversations::outbox::OutboxItem;
use crate::conversations::store;
use crate::error::Problem;
use crate::house::House;
use crate::input::{Asked, Page, listed};

/// `?state=&job_id=` and the page.
#[derive(Deserialize)]
pub struct OutboxQuery {
    state: Option<String>,
    job_id: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// GET /outbox
///
/// # Errors
/// 422 for a bad page or state.
pub async fn outbox(
    house: web::Data<House>,
    query: Asked<OutboxQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let page = Page { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let before = cursor(page.cursor.as_deref())?;
    let sandbox = sandbox(&house);
    let states: Vec<&str> = match query.state.as_deref() {
        None => Vec::new(),
        // In the sandbox a text that waits shows as what it will be.
        Some("sandboxed") if sandbox => vec!["sandboxed", "queued"],
        Some("waiting") => vec!["queued"],
        Some(
            state @ ("drafted" | "queued" | "sent" | "delivered" | "read" | "failed" | "recalled"
            | "sandboxed"),
        ) => vec![state],
        Some(_) => return Err(Problem::invalid("/state", "There is no such state.")),
    };
    let mut connection = house.read().await?;
    let job = query.job_id.as_deref();
    let rows = store::outgoing(&mut connection, &states, job, before, limit).await?;
    let threads = rows.iter().map(|message| message.conversation_id.as_str()).collect();
    let names = store::names(&mut connection, &threads).await?;
    let mut items: Vec<OutboxItem> =
        rows.iter().map(|message| OutboxItem::new(message, sandbox)).collect();
    for item in &mut items {
        item.to_name = names.get(item.conversation_id.as_str()).cloned();
    }
    Ok(listed(items, limit, cursor_of))
}

/// POST /outbox/{id}/recall
///
/// # Errors
/// 404, 409 when it has left already.
pub async fn recall(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let message = known(&house, &id).await?;
    let command = Command::Recall { message_id: message.id.clone() };
    let why = Circumstances::by(caller.name);
    house.rooms.conversation(&message.conversation_id, command, why).await.map_err(|error| {
        let problem = Problem::from(error);
        // The courier was quicker by a breath.
        if problem.is_stale() {
            let refusal = actors::conversations::protocol::ConversationRefusal::LeftAlready;
            return crate::refusals::refused(&refusal);
        }
        problem
    })?;
    let message = known(&house, &id).await?;
    Ok(HttpResponse::Ok().json(OutboxItem::new(&message, sandbox(&house))))
}

/// POST /outbox/{id}/approve
///
/// # Errors
/// 404, 409 for what waits for no approval, 422 for somebody who wants no texts.
pub async fn approve(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let message = known(&house, &id).await?;
    let command = Command::Approve { message_id: message.id.clone() };
    let why = Circumstances::by(caller.name);
    house.rooms.conversation(&message.conversation_id, command, why).await?;
    let message = known(&house, &id).await?;
    Ok(HttpResponse::Ok().json(OutboxItem::new(&message, sandbox(&house))))
}

async fn known(house: &House, id: &str) -> Result<Message, Problem> {
    let mut connection = house.read().await?;
    let found = store::message(&mut connection, id).await?;
    found.ok_or_else(|| Problem::not_found("message"))
}
