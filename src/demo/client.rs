//! The public doors, as any other program would use them: the API with a bearer token, the trackers' door, and Twilio's signed webhooks.
//! It keeps no state of the play, and has no way into the house but HTTP.

use std::time::Duration;

use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use sha1::Sha1;
use thiserror::Error;

use super::day::Fix;

/// A request that takes longer than this is given up.
const PATIENCE: Duration = Duration::from_secs(20);
/// A busy server (503, 429) is asked so often, a quarter of a second apart and then longer.
const ATTEMPTS: u32 = 5;
const METRES_PER_S_IN_KNOTS: f64 = 1.943_844;

/// Why a door did not do what it was asked.
#[derive(Debug, Error)]
pub enum DoorError {
    #[error("{door}: no answer: {source}")]
    Unreachable { door: String, source: reqwest::Error },
    #[error("{door}: {status} {detail}")]
    Refused { door: String, status: u16, detail: String },
    #[error("{door}: the answer lacks {field}")]
    Shape { door: String, field: &'static str },
}

impl DoorError {
    /// The status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// What a program needs to know to use the doors.
#[derive(Clone)]
pub struct Keys {
    /// Where the server listens: `http://host:port`.
    pub origin: String,
    /// The origin that the server believes to be its public one; signatures are made over it.
    pub public_url: String,
    pub admin_token: String,
    pub twilio_account: String,
    pub twilio_token: String,
    /// The company's own number.
    pub twilio_from: String,
}

pub struct Doors {
    http: Client,
    keys: Keys,
}

impl Doors {
    /// # Errors
    /// The HTTP client could not be built.
    pub fn new(keys: Keys) -> Result<Self, DoorError> {
        // Plain HTTP to loopback only, but the client refuses to be built without a provider; a second installation is refused and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder()
            .timeout(PATIENCE)
            .no_proxy()
            .pool_max_idle_per_host(32)
            // Shorter than the server's own patience with an idle connection, so that no request meets a closing one.
            .pool_idle_timeout(Duration::from_secs(3))
            .build()
            .map_err(|source| DoorError::Unreachable { door: "client".to_owned(), source })?;
        Ok(Self { http, keys })
    }

    /// # Errors
    /// See [`DoorError`].
    pub async fn get(&self, path: &str) -> Result<Value, DoorError> {
        self.api(Method::GET, path, None, None).await
    }

    /// # Errors
    /// See [`DoorError`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, DoorError> {
        self.api(Method::POST, path, Some(body), None).await
    }

    /// A create that may be repeated: the key makes the second answer as the first.
    ///
    /// # Errors
    /// See [`DoorError`].
    pub async fn create(&self, path: &str, body: &Value, key: &str) -> Result<Value, DoorError> {
        self.api(Method::POST, path, Some(body), Some(key)).await
    }

    /// A request with the bearer token, repeated while the server says that it is busy.
    async fn api(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Result<Value, DoorError> {
        let mut attempt = 0;
        loop {
            let mut request = self
                .http
                .request(method.clone(), format!("{}{path}", self.keys.origin))
                .bearer_auth(&self.keys.admin_token);
            if let Some(body) = body {
                request = request.json(body);
            }
            if let Some(key) = key {
                request = request.header("Idempotency-Key", key);
            }
            match answer(path, request).await {
                Err(error) if busy(&error) && attempt < ATTEMPTS => {
                    attempt += 1;
                    tokio::time::sleep(Duration::from_millis(250 * u64::from(attempt))).await;
                }
                done => return done,
            }
        }
    }

    /// What a technician's phone does with the link it was sent: no token but the one in the path.
    ///
    /// # Errors
    /// See [`DoorError`].
    pub async fn report(&self, link: &str, job_id: &str, status: &str) -> Result<Value, DoorError> {
        let path = format!("/t/{link}/jobs/{job_id}/status");
        let request = self
            .http
            .post(format!("{}{path}", self.keys.origin))
            .json(&serde_json::json!({ "status": status }));
        answer("/t/…/status", request).await
    }

    /// One fix through the phone app's door, in its query form (knots).
    ///
    /// # Errors
    /// See [`DoorError`].
    pub async fn fix(&self, tracker: &str, fix: &Fix, battery: f64) -> Result<(), DoorError> {
        let url = format!(
            "{}/traccar/osmand?id={tracker}&timestamp={}&lat={:.6}&lon={:.6}&speed={:.2}&bearing={:.1}&accuracy={:.1}&batt={battery:.0}",
            self.keys.origin,
            fix.at_s,
            fix.point.lat,
            fix.point.lon,
            fix.speed_ms * METRES_PER_S_IN_KNOTS,
            fix.heading_deg,
            fix.accuracy_m,
        );
        answer("/traccar/osmand", self.http.get(url)).await.map(|_| ())
    }

    /// A text from `from` to the company, as Twilio would bring it.
    ///
    /// # Errors
    /// See [`DoorError`].
    pub async fn text(&self, sid: &str, from: &str, body: &str) -> Result<(), DoorError> {
        let params = [
            ("AccountSid", self.keys.twilio_account.as_str()),
            ("Body", body),
            ("From", from),
            ("MessageSid", sid),
            ("NumMedia", "0"),
            ("NumSegments", "1"),
            ("SmsSid", sid),
            ("SmsStatus", "received"),
            ("To", self.keys.twilio_from.as_str()),
        ];
        let url = format!("{}/webhook/twilio/sms-incoming", self.keys.public_url);
        self.webhook(&url, &params).await
    }

    /// A delivery report at the address that the sender asked for, or at the usual one.
    ///
    /// # Errors
    /// See [`DoorError`].
    pub async fn receipt(
        &self,
        callback: Option<&str>,
        sid: &str,
        to: &str,
        status: &str,
        error: Option<u32>,
    ) -> Result<(), DoorError> {
        let code = error.map(|code| code.to_string());
        let mut params = vec![
            ("AccountSid", self.keys.twilio_account.as_str()),
            ("From", self.keys.twilio_from.as_str()),
            ("MessageSid", sid),
            ("MessageStatus", status),
            ("SmsSid", sid),
            ("SmsStatus", status),
            ("To", to),
        ];
        if let Some(code) = &code {
            params.push(("ErrorCode", code));
        }
        let usual = format!("{}/webhook/twilio/sms-status", self.keys.public_url);
        self.webhook(callback.unwrap_or(&usual), &params).await
    }

    async fn webhook(&self, url: &str, params: &[(&str, &str)]) -> Result<(), DoorError> {
        let signature = sign(&self.keys.twilio_token, url, params);
        // Signed for the public address, brought to the listening one: nothing here goes out and comes back.
        let path = url.strip_prefix(&self.keys.public_url).unwrap_or("/");
        let request = self
            .http
            .post(format!("{}{path}", self.keys.origin))
            .header("X-Twilio-Signature", signature)
            .form(params);
        answer("/webhook/twilio", request).await.map(|_| ())
    }
}

/// Twilio's signature: HMAC-SHA1 over the address and the sorted parameters, each name directly followed by its value.
pub(super) fn sign(token: &str, url: &str, params: &[(&str, &str)]) -> String {
    let mut sorted = params.to_vec();
    sorted.sort_unstable();
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.as_bytes()) else {
        return String::new(); // HMAC takes keys of every length; the type cannot say so.
    };
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

fn busy(error: &DoorError) -> bool {
    matches!(error.status(), Some(429 | 503))
}

/// Sends a request; a 2xx with JSON gives the value, one without gives null.
async fn answer(door: &str, request: reqwest::RequestBuilder) -> Result<Value, DoorError> {
    let unreachable = |source| DoorError::Unreachable { door: door.to_owned(), source };
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let body = response.bytes().await.map_err(unreachable)?;
    let value: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    if status.is_success() || status == StatusCode::SEE_OTHER {
        return Ok(value);
    }
    let detail = ["detail", "title"]
        .iter()
        .find_map(|field| value.get(field).and_then(Value::as_str))
        .unwrap_or_default();
    let errors = value.get("errors").map(Value::to_string).unwrap_or_default();
    Err(DoorError::Refused {
        door: door.to_owned(),
        status: status.as_u16(),
        detail: format!("{detail} {errors}").trim().to_owned(),
    })
}

/// The string at `field` of an answer.
///
/// # Errors
/// It is not there.
pub fn text_at(door: &str, value: &Value, field: &'static str) -> Result<String, DoorError> {
    value
        .get(field)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| DoorError::Shape { door: door.to_owned(), field })
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn the_signature_covers_address_names_and_values_in_sorted_order() {
        let params = [("To", "+14505550100"), ("Body", "Merci"), ("From", "+15145550101")];
        let turned = [("Body", "Merci"), ("From", "+15145550101"), ("To", "+14505550100")];
        let url = "http://127.0.0.1:3300/webhook/twilio/sms-incoming";
        let signature = sign("secret", url, &params);
        assert_eq!(signature, sign("secret", url, &turned));
        assert_eq!(signature.len(), 28);
        assert_ne!(signature, sign("other", url, &params));
        assert_ne!(signature, sign("secret", "http://127.0.0.1:3300/", &params));
    }
}
