//! `GET /sse`, and the body of every other event stream.
//!
//! A body is a feed turned into bytes, pulled by the connection's own task: the frame's bytes are shared, several
//! waiting frames leave in one write, and a connection costs no task and no timer of its own.

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use actors::workers::hub::{Check, Feed, Frame, Item};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::topics::read_topics;
use super::{Live, discreet};
use crate::auth::extract::Caller;
use crate::error::Problem;

/// First bytes of a stream: how long a browser waits before it comes back, in milliseconds.
const HELLO: &[u8] = b"retry: 2000\n\n";
const PING: &[u8] = b": ping\n\n";

/// What a narrow stream makes of a frame: whole SSE frames of its own.
pub enum Told {
    /// It is none of the reader's business.
    Nothing,
    /// This.
    Event(Bytes),
    /// This, and then the stream ends: what the reader may know has changed, and they come back for it.
    Last(Bytes),
}

impl From<Option<Bytes>> for Told {
    fn from(event: Option<Bytes>) -> Self {
        event.map_or(Self::Nothing, Self::Event)
    }
}

/// Turns frames into what somebody may know.
pub type Narrow = Box<dyn Fn(&Frame) -> Told>;

/// `GET /sse?topics=…`
///
/// # Errors
/// 403 foreign origin or role, 404 unknown id in a topic, 422 unknown topic or position, 503 too many watchers.
pub async fn sse(
    request: HttpRequest,
    caller: Caller,
    live: Data<Live>,
) -> Result<HttpResponse, Problem> {
    live.check_origin(&request)?;
    let query = Query::read(request.query_string())?;
    let topics = read_topics(query.topics.split(','), "/topics")?;
    live.check_topics(&caller, &topics).await?;
    let after = last_event_id(&request, &query)?;
    let role = caller.role;
    // Only who may not read everything pays for having it cut.
    let narrow = (!discreet::sees_all(role)).then(|| {
        let cut: Narrow = Box::new(move |frame| match discreet::hides(role, frame) {
            true => discreet::event(frame).into(),
            false => Told::Event(frame.sse.clone()),
        });
        cut
    });
    let check = Some(live.check_of(caller));
    respond(&live, topics, after, check, narrow)
}

/// A stream of `topics` for a link holder, each frame turned into what they may know by `narrow`. Passing frames and
/// replay go through it too. `check` is asked every minute.
///
/// # Errors
/// 403 foreign origin, 422 a position that is no number, 503 too many watchers.
pub fn narrow(
    live: &Live,
    request: &HttpRequest,
    topics: Vec<Arc<str>>,
    check: Option<Check>,
    narrow: Narrow,
) -> Result<HttpResponse, Problem> {
    live.check_origin(request)?;
    let after = last_event_id(request, &Query::read(request.query_string())?)?;
    respond(live, topics, after, check, Some(narrow))
}

fn respond(
    live: &Live,
    topics: Vec<Arc<str>>,
    after: Option<i64>,
    check: Option<Check>,
    narrow: Option<Narrow>,
) -> Result<HttpResponse, Problem> {
    let mut feed = live.feed(check)?;
    feed.subscribe(topics, after).map_err(|_| Problem::overloaded())?;
    let now = Arc::clone(&live.now);
    let body = EventStream { feed, said_hello: false, is_over: false, narrow, now };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, "text/event-stream"));
    answer.insert_header((header::CACHE_CONTROL, "no-cache, no-transform"));
    answer.insert_header(("X-Accel-Buffering", "no"));
    // Keeps the compressing middleware off: it would hold events back until its window is full.
    answer.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("identity")));
    Ok(answer.body(BoxBody::new(body)))
}

#[derive(Default)]
struct Query {
    topics: String,
    last_event_id: Option<String>,
}

impl Query {
    fn read(text: &str) -> Result<Self, Problem> {
        let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(text)
            .map_err(|_| Problem::unreadable("The query could not be read."))?;
        let mut query = Self::default();
        for (name, value) in pairs.into_inner() {
            match name.as_str() {
                "topics" if query.topics.is_empty() => query.topics = value,
                "topics" => query.topics = format!("{},{value}", query.topics),
                "last_event_id" => query.last_event_id = Some(value),
                _ => {}
            }
        }
        Ok(query)
    }
}

/// The header wins: the browser keeps it up to date, while the address stays what it was at the first connection.
fn last_event_id(request: &HttpRequest, query: &Query) -> Result<Option<i64>, Problem> {
    let header = request.headers().get("last-event-id").map(|value| value.to_str().unwrap_or("?"));
    let Some(text) = header.or(query.last_event_id.as_deref()).filter(|text| !text.is_empty())
    else {
        return Ok(None);
    };
    let position = text.trim().parse().ok().filter(|position| *position >= 0);
    let wrong = || Problem::invalid("/last_event_id", "The last event id is a journal position.");
    position.map(Some).ok_or_else(wrong)
}

struct EventStream {
    feed: Feed,
    said_hello: bool,
    /// The last frame was handed out.
    is_over: bool,
    narrow: Option<Narrow>,
    now: Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>,
}

impl EventStream {
    fn told(&self, item: Item) -> Told {
        match (item, &self.narrow) {
            (Item::Live(frame), None) => Told::Event(frame.sse.clone()),
            (Item::Past(frame), None) => Told::Event(frame.sse.clone()),
            (Item::Live(frame), Some(narrow)) => narrow(&frame.frame),
            (Item::Past(frame), Some(narrow)) => narrow(&frame),
            (Item::Ping, _) => Told::Event(Bytes::from_static(PING)),
            (Item::Resync(head), _) => {
                let object = resync_object(head, (self.now)());
                let event = format!("id: {head}\nevent: resync\ndata: {object}\n\n");
                Told::Event(event.into())
            }
            // A comment: an event source ignores it, a person who looks sees why.
            (Item::End(why), _) => Told::Event(format!(": cut off, {}\n\n", why.as_str()).into()),
        }
    }
}

/// What tells a watcher that history does not reach: `data.seq` is the head to take the snapshot at or after.
pub(super) fn resync_object(head: i64, at: jiff::Timestamp) -> String {
    format!(
        "{{\"seq\":{head},\"at\":\"{at}\",\"type\":\"resync\",\"topic\":null,\"data\":{{\"seq\":{head}}}}}"
    )
}

impl MessageBody for EventStream {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        if !std::mem::replace(&mut self.said_hello, true) {
            return Poll::Ready(Some(Ok(Bytes::from_static(HELLO))));
        }
        if self.is_over {
            return Poll::Ready(None);
        }
        loop {
            let Some(item) = std::task::ready!(self.feed.poll(cx)) else {
                return Poll::Ready(None);
            };
            match self.told(item) {
                Told::Nothing => {}
                Told::Event(bytes) => return Poll::Ready(Some(Ok(bytes))),
                Told::Last(bytes) => {
                    self.is_over = true;
                    return Poll::Ready(Some(Ok(bytes)));
                }
            }
        }
    }
}
