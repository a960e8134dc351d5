//! Texts out over Twilio's REST API. Called by `errands.rs` alone, behind the gate of consent and sandbox.
//! Each call is one attempt: the courier owns retries, because only it remembers across a crash.
//!
//! Creating a message has no idempotency key, so an attempt whose answer was lost is `Failure::Unknown`,
//! and `find` looks whether it went out before anyone sends it again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::{StatusCode, header};
use serde::Deserialize;

use super::wire::Status;
use crate::integrations::{form, is_loopback, read_body};

/// Where Twilio lives when no double stands in.
pub const API_BASE: &str = "https://api.twilio.com";
/// The door that status callbacks come to; our message's id is put behind it.
pub const STATUS_PATH: &str = "/webhook/twilio/sms-status";

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const ANSWER_LIMIT: Duration = Duration::from_secs(15);
const ANSWER_BYTES_MAX: usize = 64 * 1024;
const LIST_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Pages of 100 that `find` reads at most: more texts than that to one person is not our traffic.
const FIND_PAGES_MAX: usize = 5;
/// How far Twilio's clock may be from ours.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// What Twilio puts before every body of a trial account.
const TRIAL_PREFIX: &str = "Sent from your Twilio trial account - ";
/// A setting is wrong: trying again soon is no use, giving up would lose texts that an operator can save.
const MISCONFIGURED: Duration = Duration::from_secs(300);

/// Who a text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// One number, E.164.
    Number(String),
    /// A Messaging Service (`MG…`), which picks the number.
    Service(String),
}

/// The account, and where things are.
#[derive(Clone)]
pub struct Settings {
    pub account_sid: String,
    pub auth_token: String,
    pub sender: Sender,
    /// `API_BASE`, or a double's address.
    pub api_base: String,
    /// The origin that Twilio reaches us at; without it no status callbacks are asked for.
    pub public_url: Option<String>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Settings")
            .field("account_sid", &self.account_sid)
            .field("auth_token", &"***")
            .field("sender", &self.sender)
            .field("api_base", &self.api_base)
            .field("public_url", &self.public_url)
            .finish()
    }
}

/// How long a text is worth sending, and what to do when nobody knows whether it went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// True for minutes: an ETA, "on the way". Sent again when unknown.
    Prompt,
    /// True for hours: a promise, a job for a technician, an answer. Sent again when unknown.
    Ordinary,
    /// Welcome at most once: when unknown, a person decides.
    AtMostOnce,
}

impl Class {
    /// Seconds after which Twilio must drop it rather than deliver it (1 to 36,000).
    pub fn validity_s(self) -> u32 {
        match self {
            Self::Prompt => 15 * 60,
            Self::Ordinary => 4 * 3600,
            Self::AtMostOnce => 10 * 3600,
        }
    }

    /// Whether an attempt of unknown end, not found at Twilio, is tried once more.
    pub fn resend_when_unknown(self) -> bool {
        self != Self::AtMostOnce
    }
}

/// One text to send.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Ours (`msg_…`); comes back in the status callback's URL.
    pub message_id: &'a str,
    /// E.164.
    pub to: &'a str,
    pub body: &'a str,
    pub class: Class,
}

/// Twilio took the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub sid: String,
    pub status: Status,
    pub segments: u32,
}

/// A text that Twilio already has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub sid: String,
    pub status: Status,
    pub created_at: Timestamp,
}

/// Twilio did not take the text, or nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It was surely not taken; try later.
    #[error("{reason}, again in {} s", after.as_secs())]
    Again { after: Duration, reason: &'static str },
    /// It was refused and always will be.
    #[error("{reason} (code {code})")]
    Never { code: u32, reason: &'static str },
    /// The answer was lost: it may have been taken. Ask `find` before sending again.
    #[error("{reason}, so it may have been sent")]
    Unknown { reason: &'static str },
}

/// The client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("TOURNEE_TWILIO_API_BASE is not an http or https address")]
    ApiBase,
    #[error("no HTTP client could be built")]
    Http(#[source] reqwest::Error),
}

/// One account's client; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    settings: Settings,
    messages_url: String,
}

#[derive(Deserialize)]
struct MessageWire {
    sid: String,
    status: String,
    #[serde(default)]
    num_segments: Option<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    direction: Option<String>,
    #[serde(default)]
    date_created: Option<String>,
}

#[derive(Deserialize)]
struct PageWire {
    messages: Vec<MessageWire>,
    #[serde(default)]
    next_page_uri: Option<String>,
}

#[derive(Deserialize)]
struct ErrorWire {
    code: Option<u32>,
}

impl Client {
    /// Builds it; call `integrations::install_tls` before.
    pub fn new(settings: Settings) -> Result<Self, Unusable> {
        let base = settings.api_base.trim_end_matches('/');
        let url = reqwest::Url::parse(base).map_err(|_| Unusable::ApiBase)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Unusable::ApiBase);
        }
        let account = form::encode(&settings.account_sid);
        let messages_url = format!("{base}/2010-04-01/Accounts/{account}/Messages.json");
        let mut http = reqwest::Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .timeout(ANSWER_LIMIT)
            // A redirect would carry the account's token to whoever it names.
            .redirect(reqwest::redirect::Policy::none())
            // A kept connection that died costs an `Unknown`; a fresh one costs a handshake.
            .pool_idle_timeout(Duration::from_secs(20))
            .user_agent(concat!("tournee/", env!("CARGO_PKG_VERSION")));
        if is_loopback(base) {
            http = http.no_proxy();
        }
        let http = http.build().map_err(Unusable::Http)?;
        Ok(Self { http, settings, messages_url })
    }

    /// Hands one text to Twilio: a single attempt of at most 15 s.
    pub async fn send(&self, text: Outgoing<'_>) -> Result<Accepted, Failure> {
        let validity = text.class.validity_s().to_string();
        let callback = self.settings.public_url.as_deref().map(|origin| {
            let origin = origin.trim_end_matches('/');
            format!("{origin}{STATUS_PATH}?message={}", form::encode(text.message_id))
        });
        let mut fields = vec![("To", text.to), ("Body", text.body), ("ValidityPeriod", &validity)];
        fields.push(match &self.settings.sender {
            Sender::Number(number) => ("From", number),
            Sender::Service(service) => ("MessagingServiceSid", service),
        });
        fields.extend(callback.as_deref().map(|url| ("StatusCallback", url)));
        let response = self
            .http
            .post(&self.messages_url)
            .basic_auth(&self.settings.account_sid, Some(&self.settings.auth_token))
            .form(&fields)
            .send()
            .await
            .map_err(|error| lost(&error))?;
        let status = response.status();
        let after = retry_after(response.headers());
        let body = read_body(response, ANSWER_BYTES_MAX).await;
        if status.is_success() {
            // Taken, but by what number? `find` will say.
            let unread = Failure::Unknown { reason: "twilio's answer could not be read" };
            let Ok(body) = body else { return Err(unread) };
            let Ok(message) = serde_json::from_slice::<MessageWire>(&body) else {
                return Err(unread);
            };
            let segments = message.num_segments.and_then(|count| count.parse().ok()).unwrap_or(0);
            let status = Status::parse(&message.status).unwrap_or(Status::Queued);
            return Ok(Accepted { sid: message.sid, status, segments });
        }
        let code = body.ok().and_then(|body| serde_json::from_slice::<ErrorWire>(&body).ok());
        Err(sort(status, code.and_then(|error| error.code), after))
    }

    /// The texts to `to` with exactly this `body` that Twilio has taken since `since` (a minute of skew
    /// allowed), newest first. The caller leaves out those whose sid it knows as another message's.
    pub async fn find(
        &self,
        to: &str,
        body: &str,
        since: Timestamp,
    ) -> Result<Vec<Found>, Failure> {
        let since = since.checked_sub(SKEW).unwrap_or(since);
        // No DateSent filter: a text still queued has none, and would be missed.
        let mut url = format!("{}?To={}&PageSize=100", self.messages_url, form::encode(to));
        let mut found = Vec::new();
        for _page in 0..FIND_PAGES_MAX {
            let page = self.page(&url).await?;
            let mut any_recent = false;
            for message in page.messages {
                let Some(created_at) = message.date_created.as_deref().and_then(instant) else {
                    continue;
                };
                any_recent |= created_at >= since;
                let ours =
                    message.direction.as_deref().is_none_or(|way| way.starts_with("outbound"));
                let same = message.body.as_deref().is_some_and(|sent| {
                    sent == body || sent.strip_prefix(TRIAL_PREFIX) == Some(body)
                });
                if ours && same && created_at >= since {
                    let status = Status::parse(&message.status).unwrap_or(Status::Queued);
                    found.push(Found { sid: message.sid, status, created_at });
                }
            }
            match page.next_page_uri {
                // Only the path is believed, so that the token goes nowhere else.
                Some(next) if any_recent && next.starts_with('/') => {
                    url = format!("{}{next}", self.settings.api_base.trim_end_matches('/'));
                }
                _ => break,
            }
        }
        found.sort_by_key(|text| std::cmp::Reverse(text.created_at));
        Ok(found)
    }

    async fn page(&self, url: &str) -> Result<PageWire, Failure> {
        let unread = || Failure::Again {
            after: Duration::from_secs(10),
            reason: "twilio's list could not be read",
        };
        let response = self
            .http
            .get(url)
            .basic_auth(&self.settings.account_sid, Some(&self.settings.auth_token))
            .send()
            .await
            .map_err(|_| unread())?;
        let status = response.status();
        let after = retry_after(response.headers());
        if !status.is_success() {
            return Err(match sort(status, None, after) {
                // Reading changes nothing, so an unknown end is only a reason to ask again.
                Failure::Unknown { reason } => {
                    Failure::Again { after: Duration::from_secs(10), reason }
                }
                known => known,
            });
        }
        let body = read_body(response, LIST_BYTES_MAX).await.map_err(|_| unread())?;
        serde_json::from_slice(&body).map_err(|_| unread())
    }
}

/// What a request that got no answer means: only one that never left is surely not taken.
fn lost(error: &reqwest::Error) -> Failure {
    if error.is_connect() {
        let after = Duration::from_secs(5);
        return Failure::Again { after, reason: "twilio could not be reached" };
    }
    if error.is_builder() {
        return Failure::Never { code: 0, reason: "the request could not be built" };
    }
    if error.is_timeout() {
        return Failure::Unknown { reason: "twilio did not answer in time" };
    }
    Failure::Unknown { reason: "the connection to twilio broke off" }
}

/// Sorts an answer that is no success.
fn sort(status: StatusCode, code: Option<u32>, after: Option<Duration>) -> Failure {
    let again = |or: u64, reason| Failure::Again {
        after: after.unwrap_or(Duration::from_secs(or)),
        reason,
    };
    match (status.as_u16(), code.unwrap_or(0)) {
        // Documented as never processed, so always safe to repeat.
        (429, _) | (_, 20429) => again(2, "twilio asked us to slow down"),
        // A gateway's word says nothing about what happened behind it.
        (408 | 502 | 504, _) => Failure::Unknown { reason: "a gateway of twilio gave up waiting" },
        (503, _) => again(10, "twilio is not available"),
        // A fault may come after the text was taken: look before sending it again.
        (500..=599, _) => Failure::Unknown { reason: "twilio has a fault" },
        (_, 21611 | 30001) => again(60, "the sender's queue at twilio is full"),
        (401 | 403, _) | (_, 20003 | 21609 | 30002) => Failure::Again {
            after: MISCONFIGURED,
            reason: "twilio refuses our account, check its settings",
        },
        (_, code) => Failure::Never { code, reason: meaning(code) },
    }
}

/// Our words for Twilio's codes: its own text may hold the number or the body.
fn meaning(code: u32) -> &'static str {
    match code {
        21211 | 21401 => "the number does not exist",
        21614 => "the number takes no texts",
        21610 => "the recipient has opted out",
        21408 => "texts to that country are not enabled",
        21606 | 21612 | 21659 => "the sender cannot reach this number",
        21602 | 21603 | 21619 => "the text lacks a sender or a body",
        21617 => "the text is too long",
        30004 | 30007 => "the carrier blocks it",
        30005 | 30006 => "the number is unknown or a landline",
        30034 => "the sender is not registered",
        30450 => "blocked as suspicious traffic",
        _ => "twilio refuses it",
    }
}

/// `Retry-After` in whole seconds, at most an hour; a date is not used by Twilio.
fn retry_after(headers: &header::HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.clamp(1, 3600)))
}

fn instant(rfc_2822: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(rfc_2822).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
