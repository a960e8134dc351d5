//! Real time at the edge: journal position in, events after it out, over SSE and over a socket.
//!
//! [`Live`] is what the handlers need, built once in `house.rs` and registered as `web::Data`. Routes:
//! [`sse::sse`] (`GET /sse`), [`socket::socket`] (`GET /ws`), [`broadcast::broadcast`] (`POST /broadcast`). Narrow
//! streams of link holders use [`sse::narrow`]. Nothing here decides who a caller is (the gate does), keeps events
//! (the journal does) or fans out (the hub does).

pub mod broadcast;
pub mod connect;
pub mod discreet;
pub mod socket;
pub mod sse;
#[cfg(test)]
mod tests;
pub mod topics;

use actix_web::HttpRequest;
use actix_web::http::header;
use actors::workers::hub::{Check, Feed, Full, History, Hub};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::rc::Rc;
use std::sync::Arc;

use crate::auth::extract::Caller;
use crate::error::Problem;
use topics::Topic;

/// Asked before and while somebody watches.
pub trait Doorkeeper: Send + Sync + 'static {
    /// Whether what a topic is about exists (`customer:…`, `tech:…`, `conversation:…`); the role was checked before.
    fn exists(&self, topic: Topic<'_>) -> BoxFuture<'_, Result<bool, Problem>>;

    /// Whether the caller's login or token is still valid; asked every minute of a connection's life.
    fn is_still_valid(&self, caller: &Caller) -> BoxFuture<'static, bool>;
}

/// What the real-time handlers share.
#[derive(Clone)]
pub struct Live {
    pub hub: Hub,
    pub history: Arc<dyn History>,
    pub doorkeeper: Arc<dyn Doorkeeper>,
    /// The injected clock.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Origins (`https://dispatch.example`) whose pages may connect besides pages of the same host.
    pub origins: Arc<[String]>,
}

impl Live {
    /// Refuses a page of another origin: a browser sends its cookie along wherever the page came from.
    ///
    /// # Errors
    /// 403.
    pub fn check_origin(&self, request: &HttpRequest) -> Result<(), Problem> {
        let Some(origin) = request.headers().get(header::ORIGIN) else { return Ok(()) };
        let origin = origin.to_str().unwrap_or_default();
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let of_page = origin.split_once("://").map(|(_, rest)| rest);
        if of_page.is_some() && of_page == host || self.origins.iter().any(|known| known == origin)
        {
            return Ok(());
        }
        Err(Problem::forbidden("Pages of another origin may not connect."))
    }

    /// Refuses topics the caller may not watch.
    ///
    /// # Errors
    /// 403 for the role, 404 where there is no such customer, technician or conversation.
    pub async fn check_topics(&self, caller: &Caller, names: &[Arc<str>]) -> Result<(), Problem> {
        for name in names {
            let Some(topic) = Topic::parse(name) else { continue };
            if !topic.is_open_to(caller.role) {
                let detail = format!("Your role may not watch {name}.");
                return Err(Problem::forbidden(detail.clone()).pointer("/topics", detail));
            }
            if !self.doorkeeper.exists(topic).await? {
                let detail = format!("There is nothing behind the topic {name}.");
                return Err(Problem::not_found("topic").pointer("/topics", detail));
            }
        }
        Ok(())
    }

    /// The minute's check of a member of staff.
    fn check_of(&self, caller: Caller) -> Check {
        let doorkeeper = Arc::clone(&self.doorkeeper);
        Rc::new(move || doorkeeper.is_still_valid(&caller))
    }

    /// A feed of nothing yet.
    fn feed(&self, check: Option<Check>) -> Result<Feed, Problem> {
        self.hub.watch(Arc::clone(&self.history), check).map_err(|Full| Problem::overloaded())
    }
}
