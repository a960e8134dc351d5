//! The only place where an error becomes a status code: [`Problem`], an RFC 9457 body.
//!
//! Handlers return `Result<_, Problem>`; rooms' refusals and faults are turned into one beside their
//! handlers by the constructors here. [`Body`] reads a JSON request so that bad input names its field.
//! Never carries the text of a database, a vendor or a panic: those are logged where they are handled.

mod nul;
pub mod refusals;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError, dev};
use actors::engine::refusal::Language;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

/// The media type of every error body.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// How long a caller should wait after 429 and 503 when nothing better is known, in seconds.
const RETRY_AFTER_S: u32 = 1;

/// One wrong place in the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON pointer into the body (`/skills/0/level`), or `/name` of a query parameter.
    pub pointer: String,
    /// What is wrong there, for a person.
    pub detail: String,
}

/// An error answer. Boxed inside, so that `Result<T, Problem>` stays small.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    retry_after_s: Option<u32>,
}

impl Problem {
    /// `code` is stable and dotted (`board.technician_lacks_skill`); `detail` is a sentence for a person.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let retry_after_s = matches!(status.as_u16(), 429 | 503).then_some(RETRY_AFTER_S);
        Self(Box::new(Inner {
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            members: Map::new(),
            retry_after_s,
        }))
    }

    /// 400: it cannot be parsed at all.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "input.unreadable", detail)
    }

    /// 422: one field of the input is wrong; `pointer` says which.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "input.invalid", detail.clone())
            .pointer(pointer, detail)
    }

    /// 401: no proof of who is calling.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "auth.required", "Sign in, or send a bearer token.")
    }

    /// 403: known, but not allowed.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "auth.forbidden", detail)
    }

    /// 404: no such thing; `what` is the noun (`job`, `technician`).
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("There is no such {what}."))
    }

    /// 503 with `Retry-After`: the house is full or a store does not answer.
    pub fn overloaded() -> Self {
        let detail = "Too much work at once; try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail)
    }

    /// 500 that says nothing of the inside; log the cause where it is handled.
    pub fn internal() -> Self {
        let detail = "Something broke on our side; it was recorded.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// Adds one wrong place of the input.
    #[must_use]
    pub fn pointer(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.0.errors.push(FieldError { pointer: pointer.into(), detail: detail.into() });
        self
    }

    /// Adds an extension member (`current`, the state a 409 lost against). Reserved names are ignored.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.0.members.insert(name.to_owned(), value);
        self
    }

    /// Sets `Retry-After`, in seconds.
    #[must_use]
    pub fn retry_after_s(mut self, seconds: u32) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable dotted code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// Whether somebody else changed the thing first.
    pub fn is_stale(&self) -> bool {
        self.0.code == crate::refusals::STALE
    }

    /// The sentence for a person.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The sentence in a person's language, where it was said in both.
    pub fn detail_in(&self, language: Language) -> String {
        let name = match language {
            Language::Fr => "detail_fr",
            Language::En => "detail_en",
        };
        self.0.members.get(name).and_then(Value::as_str).unwrap_or(&self.0.detail).to_owned()
    }

    /// The body as JSON.
    pub fn to_json(&self) -> Value {
        let mut body = self.0.members.clone();
        let title = self.0.status.canonical_reason().unwrap_or("Error");
        body.insert("type".into(), format!("urn:tournee:problem:{}", self.0.code).into());
        body.insert("title".into(), title.into());
        body.insert("status".into(), self.0.status.as_u16().into());
        body.insert("code".into(), self.0.code.into());
        body.insert("detail".into(), self.0.detail.clone().into());
        if !self.0.errors.is_empty() {
            let errors = self
                .0
                .errors
                .iter()
                .map(|e| serde_json::json!({ "pointer": e.pointer, "detail": e.detail }));
            body.insert("errors".into(), errors.collect());
        }
        Value::Object(body)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.0.status.as_u16(), self.0.code, self.0.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut answer = HttpResponse::build(self.0.status);
        answer.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON)));
        answer.insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")));
        if let Some(seconds) = self.0.retry_after_s {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if self.0.status == StatusCode::UNAUTHORIZED {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        answer.body(self.to_json().to_string())
    }
}

/// Reads one JSON document; 400 when it is not JSON, 422 naming the place when it does not fit `T`.
///
/// # Errors
/// The [`Problem`] to answer with.
pub fn read_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    // Serde would take a list for an object, by the order of its fields.
    if text.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::invalid("", "A body is a JSON object, not a list."));
    }
    nul::refuse(text)?;
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer_of(error.path());
        let cause = error.into_inner();
        let mut detail = cause.to_string();
        // The position in the text helps with a syntax error only; a field is named by its pointer.
        if cause.is_syntax() || cause.is_eof() {
            return Problem::unreadable(format!("The body is not JSON: {detail}."))
                .pointer(pointer, detail);
        }
        if let Some(end) = detail.rfind(" at line ") {
            detail.truncate(end);
        }
        let pointer = match quoted_name(&detail, "missing field ") {
            Some(name) => format!("{pointer}/{name}"),
            None => pointer,
        };
        Problem::invalid(pointer, detail)
    })?;
    reader.end().map_err(|error| {
        Problem::unreadable(format!("The body goes on after its JSON: {error}."))
            .pointer("", "trailing text")
    })?;
    Ok(value)
}

/// The name between backticks after `prefix`, as serde words its messages.
fn quoted_name<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.strip_prefix(prefix)?.strip_prefix('`')?.split('`').next()
}

/// The JSON pointer (RFC 6901) of a path.
fn pointer_of(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
    }
    pointer
}

/// A JSON request body. Its limit is the app's `PayloadConfig`; any content type is taken.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move { read_json(&read_bytes(bytes.await)?).map(Body) })
    }
}

/// Maps actix-web's body errors: too large is 413, anything else 400.
///
/// # Errors
/// The [`Problem`] to answer with.
pub fn read_bytes(read: Result<Bytes, actix_web::Error>) -> Result<Bytes, Problem> {
    read.map_err(|error| {
        let status = error.as_response_error().status_code();
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(status, "input.too_large", "The body is larger than this path takes.")
                .pointer("", "too large")
        } else {
            Problem::unreadable("The body could not be read.").pointer("", "unreadable")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read by serde only")]
    struct Order {
        name: String,
        skills: Vec<Skill>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read by serde only")]
    struct Skill {
        level: u8,
    }

    fn refusal(text: &str) -> (u16, Vec<String>) {
        let problem = read_json::<Order>(text.as_bytes()).unwrap_err();
        let pointers = problem.0.errors.iter().map(|e| e.pointer.clone()).collect();
        (problem.status().as_u16(), pointers)
    }

    #[test]
    fn bad_input_names_the_place_that_is_wrong() {
        let wrong_type = r#"{"name":"a","skills":[{"level":1},{"level":"x"}]}"#;
        assert_eq!(refusal(wrong_type), (422, vec!["/skills/1/level".into()]));
        assert_eq!(refusal(r#"{"skills":[]}"#), (422, vec!["/name".into()]));
        assert_eq!(refusal(r#"{"name":"a","skills":[{}]}"#), (422, vec!["/skills/0/level".into()]));
        let unknown = r#"{"name":"a","skills":[],"colour":1}"#;
        assert_eq!(refusal(unknown), (422, vec!["/colour".into()]));
        assert_eq!(refusal(r#"{"name":"#).0, 400);
        assert_eq!(refusal(r#"{"name":"a","skills":[]} x"#).0, 400);
    }

    #[test]
    fn a_problem_is_an_rfc_9457_body_with_retry_after_where_it_helps() {
        let problem = Problem::overloaded().with("queue", 3.into());
        let answer = problem.error_response();
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers().get("retry-after").unwrap(), "1");
        assert_eq!(answer.headers().get("content-type").unwrap(), PROBLEM_JSON);
        let body = problem.to_json();
        assert_eq!(body["status"], 503);
        assert_eq!(body["queue"], 3);
        assert_eq!(body["title"], "Service Unavailable");
        assert!(Problem::not_found("job").error_response().headers().get("retry-after").is_none());
    }
}
