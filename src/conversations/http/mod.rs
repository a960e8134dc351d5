//! Paths of texts, conversations and the outbox.

pub mod outbox;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::conversations::protocol::{Command, MessageKind, Outgoing, Thread};
use actors::engine::shell::Circumstances;
use actors::ids::{ConversationId, CustomerId, ErrandId, MessageId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::config::Outbound;
use crate::conversations::outbox::OutboxItem;
use crate::conversations::store;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Asked, Create, Page, listed};

/// Longest text that the provider takes.
const BODY_MAX: usize = 1600;

/// A text to send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendInput {
    /// Number; normalised, country CA.
    pub to: String,
    /// The text.
    pub body: String,
    /// Its thread, which must be that number's.
    #[serde(default)]
    pub conversation_id: Option<ConversationId>,
    /// Whose number it is.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
}

/// A thread to open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenInput {
    /// Number; the customer's where left out.
    #[serde(default)]
    pub phone: Option<String>,
    /// With whom.
    #[serde(default)]
    pub customer_id: Option<String>,
}

/// A reply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyInput {
    /// The text.
    pub body: String,
}

/// Who answers from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssigneeInput {
    /// E-mail address, or nobody.
    #[serde(default)]
    pub assignee: Option<String>,
}

/// Until when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeInput {
    /// Until then.
    #[schema(value_type = String)]
    pub until: Timestamp,
}

/// `?open=&customer_id=` and the page.
#[derive(Deserialize)]
pub struct ThreadsQuery {
    open: Option<bool>,
    customer_id: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct ThreadShape {
    #[serde(flatten)]
    thread: Thread,
    name: Option<String>,
    last_message: Option<OutboxItem>,
}

pub(super) fn sandbox(house: &House) -> bool {
    house.settings.outbound == Outbound::Sandbox
}

fn text(body: &str) -> Result<String, Problem> {
    let body = body.trim();
    if body.is_empty() || body.chars().count() > BODY_MAX {
        return Err(Problem::invalid("/body", "A text has 1 to 1600 characters."));
    }
    Ok(body.to_owned())
}

async fn known(house: &House, id: &str) -> Result<Thread, Problem> {
    let mut connection = house.read().await?;
    store::thread(&mut connection, id).await?.ok_or_else(|| Problem::not_found("conversation"))
}

async fn queue(
    house: &House,
    phone: String,
    body: String,
    customer_id: Option<CustomerId>,
    why: Circumstances,
) -> Result<MessageId, Problem> {
    let now = house.clock.now();
    let id = MessageId::new(now, house.entropy());
    let errand = id.as_str().strip_prefix("msg_").unwrap_or(id.as_str());
    let language = house.policy.language;
    let message = Outgoing {
        id: id.clone(),
        phone: phone.as_str().into(),
        body,
        merged_body: None,
        kind: MessageKind::Reply,
        language,
        job_id: None,
        customer_id,
        technician_id: None,
        due_at: now,
        expires_at: None,
        held: false,
        suggested: None,
    };
    let errand_id = ErrandId::from_text(&format!("errand_{errand}"));
    let command = Command::Queue { message: Box::new(message), errand_id };
    let conversation = ConversationId::for_phone(&phone);
    house.rooms.conversation(&conversation, command, why).await?;
    Ok(id)
}

/// POST /send/sms
///
/// # Errors
/// 404 for an unknown customer, 422 for a bad number or text, or where the person said STOP.
pub async fn send(
    house: web::Data<House>,
    caller: Caller,
    body: Create<SendInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let phone = input::phone(&input.to, "/to")?;
    let words = text(&input.body)?;
    if let Some(id) = &input.conversation_id
        && *id != ConversationId::for_phone(&phone)
    {
        let why = "This conversation is with another number.";
        return Err(Problem::invalid("/conversation_id", why));
    }
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            if let Some(id) = &input.customer_id {
                let mut connection = house.read().await?;
                let found = crate::customers::store::one(&mut connection, id.as_str()).await?;
                found.ok_or_else(|| {
                    let why = "There is no such customer.";
                    Problem::not_found("customer").pointer("/customer_id", why)
                })?;
            }
            let why = Circumstances::by(name).with_inbox(inbox);
            let id = queue(&house, phone, words, input.customer_id, why).await?;
            Ok((StatusCode::ACCEPTED, json!({ "message_id": id, "state": "queued" })))
        }
    })
    .await
}

/// POST /conversations
///
/// # Errors
/// 404 for an unknown customer, 422 without a number.
pub async fn open(
    house: web::Data<House>,
    caller: Caller,
    body: Create<OpenInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let customer = match &input.customer_id {
                None => None,
                Some(id) => {
                    let mut connection = house.read().await?;
                    let found = crate::customers::store::one(&mut connection, id).await?;
                    Some(found.ok_or_else(|| {
                        let why = "There is no such customer.";
                        Problem::not_found("customer").pointer("/customer_id", why)
                    })?)
                }
            };
            let theirs = customer.as_ref().and_then(|known| known.thing.phone.clone());
            let phone = match (input.phone.as_deref(), theirs) {
                (Some(phone), _) => input::phone(phone, "/phone")?,
                (None, Some(phone)) => phone,
                (None, None) => {
                    return Err(Problem::invalid("/phone", "A conversation needs a number."));
                }
            };
            let id = ConversationId::for_phone(&phone);
            let command = Command::Open {
                phone: phone.as_str().into(),
                customer_id: customer.map(|known| known.thing.id),
                technician_id: None,
            };
            let why = Circumstances::by(name).with_inbox(inbox);
            house.rooms.conversation(&id, command, why).await?;
            Ok((StatusCode::CREATED, json!(known(&house, id.as_str()).await?)))
        }
    })
    .await
}

/// GET /conversations
///
/// # Errors
/// 422 for a bad page.
pub async fn list(
    house: web::Data<House>,
    query: Asked<ThreadsQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let page = Page { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let mut connection = house.read().await?;
    let customer = query.customer_id.as_deref();
    let rows = store::threads(&mut connection, query.open, customer, page.after(), limit).await?;
    let sandbox = sandbox(&house);
    let items: Vec<ThreadShape> = rows
        .into_iter()
        .map(|row| ThreadShape {
            last_message: row.last.as_ref().map(|message| OutboxItem::new(message, sandbox)),
            name: row.name,
            thread: row.thread,
        })
        .collect();
    Ok(listed(items, limit, |item| item.thread.id.to_string()))
}

/// GET /conversations/{id}
///
/// # Errors
/// 404.
pub async fn one(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(known(&house, &id).await?))
}

pub(super) fn cursor(text: Option<&str>) -> Result<Option<(i64, String)>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let parts = text.split_once('.').and_then(|(us, id)| Some((us.parse().ok()?, id.to_owned())));
    parts.map(Some).ok_or_else(|| Problem::invalid("/cursor", "This is not a cursor of ours."))
}

pub(super) fn cursor_of(item: &OutboxItem) -> String {
    format!("{}.{}", item.at.as_microsecond(), item.id)
}

/// GET /conversations/{id}/messages
///
/// # Errors
/// 404, 422 for a bad page.
pub async fn messages(
    house: web::Data<House>,
    id: web::Path<String>,
    page: Asked<Page>,
) -> Result<HttpResponse, Problem> {
    let limit = page.limit()?;
    let after = cursor(page.cursor.as_deref())?;
    known(&house, &id).await?;
    let mut connection = house.read().await?;
    let rows = store::messages(&mut connection, &id, after, limit).await?;
    let sandbox = sandbox(&house);
    let items: Vec<OutboxItem> =
        rows.iter().map(|message| OutboxItem::new(message, sandbox)).collect();
    Ok(listed(items, limit, cursor_of))
}

/// POST /conversations/{id}/messages
///
/// # Errors
/// 404, 422 for a bad text or where the person said STOP.
pub async fn reply(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Create<ReplyInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let words = text(&input.body)?;
    let thread = known(&house, &id).await?;
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(name).with_inbox(inbox);
            let id = queue(&house, thread.phone.to_string(), words, None, why).await?;
            let answer = json!({ "id": id, "message_id": id, "state": "queued" });
            Ok((StatusCode::CREATED, answer))
        }
    })
    .await
}

async fn change(
    house: &House,
    caller: Caller,
    id: &str,
    command: Command,
) -> Result<HttpResponse, Problem> {
    let thread = known(house, id).await?;
    house.rooms.conversation(&thread.id, command, Circumstances::by(caller.name)).await?;
    Ok(HttpResponse::Ok().json(known(house, id).await?))
}

/// POST /conversations/{id}/assign
///
/// # Errors
/// 404.
pub async fn assign(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<AssigneeInput>,
) -> Result<HttpResponse, Problem> {
    let command = Command::Assign { assignee: body.0.assignee.filter(|who| !who.is_empty()) };
    change(&house, caller, &id, command).await
}

/// POST /conversations/{id}/close
///
/// # Errors
/// 404.
pub async fn close(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    change(&house, caller, &id, Command::Close).await
}

/// POST /conversations/{id}/snooze
///
/// # Errors
/// 404, 422 for a moment in the past.
pub async fn snooze(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<SnoozeInput>,
) -> Result<HttpResponse, Problem> {
    change(&house, caller, &id, Command::Snooze { until: body.0.until }).await
}
