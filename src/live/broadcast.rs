//! `POST /broadcast`: a passing event from a program to whoever watches a topic.
//!
//! The data goes through as it came, unread. Nothing is kept: who does not watch now will not hear of it.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actors::workers::hub::{Frame, Overloaded};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::sync::Arc;

use super::Live;
use super::topics::{Topic, is_word};
use crate::auth::extract::{Caller, Role};
use crate::error::{Problem, read_json};

/// Largest body, in bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Broadcast<'a> {
    #[serde(borrow)]
    topic: Cow<'a, str>,
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// The same without borrowing, to find the field that is wrong.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "read for its errors only")]
struct Checked {
    topic: String,
    event: String,
    data: Option<serde_json::Value>,
}

/// `POST /broadcast` `{"topic", "event", "data"}` → 202 `{"watchers": n}`.
///
/// # Errors
/// 403 role, 400 and 422 bad input, 413 too large, 503 with `Retry-After` when the hub has too much to send.
pub async fn broadcast(
    caller: Caller,
    live: Data<Live>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    caller.must_be(&[Role::Admin, Role::Dispatcher])?;
    if body.len() > BODY_BYTES_MAX {
        let status = actix_web::http::StatusCode::PAYLOAD_TOO_LARGE;
        let detail = format!("A broadcast is at most {BODY_BYTES_MAX} bytes.");
        return Err(Problem::new(status, "input.too_large", detail).pointer("", "too large"));
    }
    let Ok(wish) = serde_json::from_slice::<Broadcast<'_>>(&body) else {
        read_json::<Checked>(&body)?;
        return Err(Problem::unreadable("The body could not be read.").pointer("", "unreadable"));
    };
    if Topic::parse(&wish.topic).is_none() {
        return Err(Problem::invalid("/topic", "There is no such topic."));
    }
    if !is_word(&wish.event, b"_-.") {
        let detail = "An event's name is 1 to 64 letters, digits, dots, dashes and underscores.";
        return Err(Problem::invalid("/event", detail));
    }
    let topics: [Arc<str>; 1] = [Arc::from(&*wish.topic)];
    let frame = Frame::transient((live.now)(), &*wish.event, topics, None, &wish.data)
        .map_err(|_| Problem::invalid("/data", "The data could not be passed on."))?;
    let overloaded = |Overloaded| Problem::overloaded();
    live.hub.room().await.map_err(overloaded)?;
    let watchers = live.hub.publish(frame).map_err(overloaded)?;
    let mut answer = HttpResponse::Accepted();
    answer.insert_header((header::CONTENT_TYPE, "application/json"));
    Ok(answer.body(format!("{{\"watchers\":{watchers}}}")))
}
