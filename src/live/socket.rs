//! `GET /ws`: the same events over a WebSocket. The only file that knows `actix-web-actors`.
//!
//! One actor per connection. Events reach it as a stream it pulls ([`Feed`]), never through its mailbox, so what may
//! wait for it is bounded by the hub; a jammed socket stops the actor from being polled, and the kernel's deadline
//! (`connect.rs`) ends it. Fragmented messages are refused: the crate does not join them.

use actix::{Actor, ActorContext, AsyncContext, StreamHandler, WrapFuture, fut::ActorFutureExt};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use actix_web_actors::ws::{
    CloseCode, CloseReason, Message, ProtocolError, WebsocketContext, WsResponseBuilder,
};
use actors::workers::hub::{Cut, Feed, Frame, Item};
use bytes::Bytes;
use futures_util::Stream;
use serde::Deserialize;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::sse::resync_object;
use super::topics::{TOPICS_MAX, read_topics};
use super::{Live, discreet};
use crate::auth::extract::Caller;
use crate::error::{Problem, read_json};

/// Largest client message, in bytes.
const MESSAGE_BYTES_MAX: usize = 16 * 1024;
/// Pings without any sign of life before the connection is given up.
const UNANSWERED_MAX: u32 = 3;

/// `GET /ws`
///
/// # Errors
/// 400 no handshake, 403 foreign origin, 503 too many watchers.
pub fn socket(
    request: HttpRequest,
    caller: Caller,
    live: Data<Live>,
    payload: Payload,
) -> Ready<Result<HttpResponse, actix_web::Error>> {
    ready(open(&request, caller, &live, payload))
}

fn open(
    request: &HttpRequest,
    caller: Caller,
    live: &Live,
    payload: Payload,
) -> Result<HttpResponse, actix_web::Error> {
    live.check_origin(request)?;
    let feed = live.feed(Some(live.check_of(caller.clone())))?;
    let socket =
        Socket { live: live.clone(), caller, feed: Rc::new(RefCell::new(feed)), unanswered: 0 };
    WsResponseBuilder::new(socket, request, payload).frame_size(MESSAGE_BYTES_MAX).start()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    subscribe: Option<Vec<String>>,
    last_event_id: Option<i64>,
    unsubscribe: Option<Vec<String>>,
    ping: Option<Value>,
}

struct Socket {
    live: Live,
    caller: Caller,
    /// Shared with [`Pull`], which the context polls; both live on this thread and borrow for a moment only.
    feed: Rc<RefCell<Feed>>,
    unanswered: u32,
}

/// The feed as the stream the context pulls.
struct Pull(Rc<RefCell<Feed>>);

impl Stream for Pull {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        self.0.borrow_mut().poll(cx)
    }
}

type Ctx = WebsocketContext<Socket>;

impl Actor for Socket {
    type Context = Ctx;

    fn started(&mut self, ctx: &mut Ctx) {
        ctx.add_stream(Pull(Rc::clone(&self.feed)));
    }
}

impl StreamHandler<Item> for Socket {
    fn handle(&mut self, item: Item, ctx: &mut Ctx) {
        match item {
            Item::Live(frame) => self.tell(&frame.frame, || frame.json().clone(), ctx),
            Item::Past(frame) => self.tell(&frame, || frame.json.clone(), ctx),
            Item::Resync(head) => ctx.text(resync_object(head, (self.live.now)())),
            Item::Ping if self.unanswered >= UNANSWERED_MAX => ctx.stop(),
            Item::Ping => {
                self.unanswered += 1;
                ctx.ping(b"");
            }
            Item::End(why) => {
                let code = match why {
                    Cut::TooSlow => CloseCode::Again,
                    Cut::Revoked => CloseCode::Policy,
                    Cut::Fault => CloseCode::Error,
                    Cut::Stopping => CloseCode::Restart,
                };
                ctx.close(Some(CloseReason { code, description: Some(why.as_str().into()) }));
                ctx.stop();
            }
        }
    }

    fn finished(&mut self, _: &mut Ctx) {}
}

/// Sends a JSON object; frames are made of UTF-8 only, so the refusal of other bytes is never met.
fn say_bytes(json: Bytes, ctx: &mut Ctx) {
    if let Ok(text) = json.try_into() {
        ctx.write_raw(Message::Text(text));
    }
}

impl StreamHandler<Result<Message, ProtocolError>> for Socket {
    fn handle(&mut self, message: Result<Message, ProtocolError>, ctx: &mut Ctx) {
        self.unanswered = 0;
        match message {
            Ok(Message::Text(text)) => self.hear(&text, ctx),
            Ok(Message::Ping(data)) => ctx.pong(&data),
            Ok(Message::Pong(_) | Message::Nop) => {}
            Ok(Message::Binary(_)) => {
                self.complain(&Problem::unreadable("Messages are JSON text."), ctx);
            }
            Ok(Message::Continuation(_)) => {
                let code = CloseCode::Unsupported;
                let description = Some("fragmented messages are not taken".into());
                ctx.close(Some(CloseReason { code, description }));
                ctx.stop();
            }
            Ok(Message::Close(reason)) => {
                ctx.close(reason);
                ctx.stop();
            }
            Err(error) => {
                let code = match error {
                    ProtocolError::Overflow => CloseCode::Size,
                    _ => CloseCode::Protocol,
                };
                ctx.close(Some(CloseReason { code, description: None }));
                ctx.stop();
            }
        }
    }
}

impl Socket {
    fn tell(&self, frame: &Frame, whole: impl FnOnce() -> Bytes, ctx: &mut Ctx) {
        if !discreet::hides(self.caller.role, frame) {
            say_bytes(whole(), ctx);
        } else if let Some(json) = discreet::json(frame) {
            say_bytes(json, ctx);
        }
    }

    fn hear(&mut self, text: &str, ctx: &mut Ctx) {
        match read_json::<Wish>(text.as_bytes()).and_then(check_wish) {
            Ok(wish) => self.grant(wish, ctx),
            Err(problem) => self.complain(&problem, ctx),
        }
    }

    fn grant(&mut self, wish: Granted, ctx: &mut Ctx) {
        if !wish.unsubscribe.is_empty() {
            self.feed.borrow_mut().unsubscribe(&wish.unsubscribe);
            self.say("unsubscribed", json!({ "topics": &wish.unsubscribe[..] }), ctx);
        }
        if let Some(echo) = wish.ping {
            self.say("pong", echo, ctx);
        }
        if wish.subscribe.is_empty() {
            return;
        }
        let (live, caller) = (self.live.clone(), self.caller.clone());
        let (topics, after) = (wish.subscribe, wish.after);
        let checking = async move {
            let checked = live.check_topics(&caller, &topics).await;
            (topics, checked)
        };
        // Nothing else of this connection is handled before the answer is known: its order stands.
        let subscribing = checking.into_actor(self).map(move |(topics, checked), socket, ctx| {
            let subscribed = checked.and_then(|()| socket.subscribe(&topics, after));
            match subscribed {
                Ok(()) => {
                    let head = socket.live.history.head();
                    socket.say("subscribed", json!({ "topics": &topics[..], "seq": head }), ctx);
                }
                Err(problem) => socket.complain(&problem, ctx),
            }
        });
        ctx.wait(subscribing);
    }

    fn subscribe(&mut self, topics: &[Arc<str>], after: Option<i64>) -> Result<(), Problem> {
        let mut feed = self.feed.borrow_mut();
        if feed.topics().len() + topics.len() > TOPICS_MAX {
            return Err(Problem::invalid("/subscribe", format!("At most {TOPICS_MAX} topics.")));
        }
        feed.subscribe(topics.to_vec(), after).map_err(|_| Problem::overloaded())
    }

    fn say(&self, kind: &str, data: Value, ctx: &mut Ctx) {
        let at = (self.live.now)();
        let object = json!({ "seq": null, "at": at, "type": kind, "topic": null, "data": data });
        ctx.text(object.to_string());
    }

    fn complain(&self, problem: &Problem, ctx: &mut Ctx) {
        self.say("error", problem.to_json(), ctx);
    }
}

struct Granted {
    subscribe: Vec<Arc<str>>,
    after: Option<i64>,
    unsubscribe: Vec<Arc<str>>,
    ping: Option<Value>,
}

fn check_wish(wish: Wish) -> Result<Granted, Problem> {
    let read = |names: Option<Vec<String>>, pointer| match names {
        None => Ok(Vec::new()),
        Some(names) => read_topics(names.iter().map(String::as_str), pointer),
    };
    if wish.last_event_id.is_some_and(|position| position < 0) {
        return Err(Problem::invalid("/last_event_id", "A journal position is not negative."));
    }
    if wish.subscribe.is_none() && wish.unsubscribe.is_none() && wish.ping.is_none() {
        return Err(Problem::invalid("", "Send subscribe, unsubscribe or ping."));
    }
    Ok(Granted {
        subscribe: read(wish.subscribe, "/subscribe")?,
        after: wish.last_event_id,
        unsubscribe: read(wish.unsubscribe, "/unsubscribe")?,
        ping: wish.ping,
    })
}
