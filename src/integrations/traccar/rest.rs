//! The few REST calls the follower makes of a Traccar server: log in, list devices, read history.
//! Used by `follow` alone. A failing Traccar answers with a stack trace, so bodies of failures are dropped unread,
//! and the token, which Traccar takes in a URL, must never reach a log.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{RequestBuilder, Response, header};
use serde::Deserialize;
use serde_json::Value;

use crate::integrations::{form, is_loopback, read_body};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// Six hours of one tracker at 1 Hz are about 9 MB.
const LIST_BYTES_MAX: usize = 24 * 1024 * 1024;

/// How we prove ourselves to Traccar.
#[derive(Clone)]
pub enum Proof {
    /// An access token of the user whose devices are followed.
    Token(String),
    /// The fall-back.
    Password { email: String, password: String },
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Token(_) => "Token(***)",
            Self::Password { .. } => "Password(***)",
        })
    }
}

/// Why Traccar could not be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("TOURNEE_TRACCAR_URL is not an http or https address")]
    Address,
    #[error("no HTTP client could be built")]
    Client,
    #[error("traccar could not be reached")]
    Unreachable,
    #[error("traccar refuses our token or password")]
    Refused,
    #[error("traccar answers {0}")]
    Status(u16),
    #[error("traccar's answer could not be read")]
    Unreadable,
    #[error("traccar's socket closed")]
    Closed,
    #[error("traccar's socket went silent")]
    Silent,
}

/// A device as Traccar numbers it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    pub id: i64,
    /// What the unit calls itself: our tracker id.
    pub unique_id: String,
}

/// The REST door of one Traccar server; cheap to clone.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    base: String,
    proof: Proof,
}

impl Api {
    /// `base_url` without `/api`; call `integrations::install_tls` before.
    pub fn new(base_url: &str, proof: Proof) -> Result<Self, Fault> {
        let base = base_url.trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base).map_err(|_| Fault::Address)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Fault::Address);
        }
        let mut http = reqwest::Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .timeout(ANSWER_LIMIT)
            .redirect(reqwest::redirect::Policy::none());
        if is_loopback(&base) {
            http = http.no_proxy();
        }
        Ok(Self { http: http.build().map_err(|_| Fault::Client)?, base, proof })
    }

    /// Opens a session; the answer is the cookie that the socket asks for.
    pub async fn login(&self) -> Result<String, Fault> {
        let session = format!("{}/api/session", self.base);
        let request = match &self.proof {
            Proof::Token(token) => self.http.get(session).query(&[("token", token)]),
            Proof::Password { email, password } => {
                self.http.post(session).form(&[("email", email), ("password", password)])
            }
        };
        let response = answered(request).await?;
        let cookies = response.headers().get_all(header::SET_COOKIE).iter();
        cookies
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
            .find(|cookie| cookie.trim_start().starts_with("JSESSIONID="))
            .map(|cookie| cookie.trim().to_owned())
            .ok_or(Fault::Unreadable)
    }

    /// Every device the user may see.
    pub async fn devices(&self) -> Result<Vec<Device>, Fault> {
        self.read(self.http.get(format!("{}/api/devices", self.base))).await
    }

    /// The positions of one device in `from..=to`; Traccar takes one device at a time here.
    pub async fn history(
        &self,
        device_id: i64,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Value>, Fault> {
        let (from, to) = (from.to_string(), to.to_string());
        let query =
            format!("deviceId={device_id}&from={}&to={}", form::encode(&from), form::encode(&to));
        self.read(self.http.get(format!("{}/api/positions?{query}", self.base))).await
    }

    /// Where the socket is, `ws` or `wss` after the base's own scheme.
    pub fn socket_url(&self) -> String {
        format!("ws{}/api/socket", self.base.strip_prefix("http").unwrap_or(&self.base))
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, Fault> {
        let request = match &self.proof {
            Proof::Token(token) => request.bearer_auth(token),
            Proof::Password { email, password } => request.basic_auth(email, Some(password)),
        };
        // Without it, reports and lists may come as a spreadsheet.
        let response = answered(request.header(header::ACCEPT, "application/json")).await?;
        let body = read_body(response, LIST_BYTES_MAX).await.map_err(|_| Fault::Unreadable)?;
        serde_json::from_slice(&body).map_err(|_| Fault::Unreadable)
    }
}

/// Sends, and sorts what is no success. The library's error holds the URL, hence maybe the token: dropped.
async fn answered(request: RequestBuilder) -> Result<Response, Fault> {
    let response = request.send().await.map_err(|_| Fault::Unreachable)?;
    match response.status().as_u16() {
        200..=299 => Ok(response),
        401 | 403 => Err(Fault::Refused),
        status => Err(Fault::Status(status)),
    }
}
