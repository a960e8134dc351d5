//! What handlers read from requests: pages of lists, creations that may be repeated, fields of a certain shape.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev};
use actors::engine::journal::Inbox;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::auth::Caller;
use crate::error::{Problem, read_bytes, read_json};
use crate::house::House;
use crate::refusals::{SEEN, reused};

/// Rows of a page at most.
pub const PAGE_MAX: i64 = 200;

/// `?limit=` and `?cursor=`.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Page {
    /// How many.
    pub limit: Option<i64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

impl Page {
    /// The number of rows asked for.
    ///
    /// # Errors
    /// 422 outside 1 to 200.
    pub fn limit(&self) -> Result<i64, Problem> {
        match self.limit {
            None => Ok(50),
            Some(limit) if (1..=PAGE_MAX).contains(&limit) => Ok(limit),
            Some(_) => Err(Problem::invalid("/limit", "A page holds 1 to 200 rows.")),
        }
    }

    /// The cursor, or the beginning.
    pub fn after(&self) -> &str {
        self.cursor.as_deref().unwrap_or("")
    }
}

/// `{"items": […], "next": …}`: `next` is the last row's id when the page is full.
pub fn listed<T: Serialize>(items: Vec<T>, limit: i64, id: impl Fn(&T) -> String) -> HttpResponse {
    let full = i64::try_from(items.len()).is_ok_and(|count| count == limit);
    let next = items.last().filter(|_| full).map(id);
    HttpResponse::Ok().json(json!({ "items": items, "next": next }))
}

/// `{"items": […], "next": null}`: a list that is never cut into pages.
pub fn listed_whole<T: Serialize>(items: &[T]) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": items, "next": null }))
}

/// What a query says.
pub struct Asked<T>(T);

impl<T> std::ops::Deref for Asked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Asked<T> {
    /// It alone.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Asked<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        std::future::ready(read_query(request.query_string()).map(Self))
    }
}

/// Reads a query; 400 naming the field that cannot be read.
fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|error| {
        let detail = error.inner().to_string();
        let missing =
            detail.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        let pointer = match (missing, error.path().to_string()) {
            (Some(name), _) => format!("/{name}"),
            (None, path) if path == "." => String::new(),
            (None, path) => format!("/{path}"),
        };
        Problem::unreadable("The query could not be read.").pointer(pointer, detail)
    })
}

/// A body that creates something, and the mark by which a repetition is known.
pub struct Create<T> {
    /// The body.
    pub body: T,
    key: Option<String>,
    sha256: String,
    path: String,
}

impl<T: DeserializeOwned + 'static> FromRequest for Create<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let key =
            request.headers().get("idempotency-key").map(|value| value.to_str().map(str::to_owned));
        let target = format!("{} {}", request.method(), request.path());
        let path = request.path().to_owned();
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            let key = match key.transpose() {
                Ok(key) if key.as_ref().is_none_or(|key| (1..=255).contains(&key.len())) => key,
                _ => {
                    return Err(Problem::invalid(
                        "",
                        "An Idempotency-Key is 1 to 255 plain characters.",
                    ));
                }
            };
            let bytes = read_bytes(bytes.await)?;
            let mut hash = Sha256::new();
            hash.update(target.as_bytes());
            hash.update(&bytes);
            let sha256 = hex::encode(hash.finalize());
            Ok(Self { body: read_json(&bytes)?, key, sha256, path })
        })
    }
}

impl<T> Create<T> {
    /// The body and the rest, for doing the work once.
    pub fn split(self) -> (T, Once) {
        (self.body, Once { key: self.key, sha256: self.sha256, path: self.path })
    }
}

/// What makes a repetition known.
#[derive(Clone)]
pub struct Once {
    key: Option<String>,
    sha256: String,
    path: String,
}

impl Once {
    /// Does the work, or answers as it was answered the first time.
    ///
    /// # Errors
    /// 422 for the same key with another body, and whatever the work refuses.
    pub async fn answer<F, W>(
        self,
        house: &web::Data<House>,
        caller: &Caller,
        work: F,
    ) -> Result<HttpResponse, Problem>
    where
        F: FnOnce(Option<Inbox>) -> W,
        W: Future<Output = Result<(StatusCode, Value), Problem>>,
    {
        let path = self.path;
        let Some(key) = self.key else {
            let (status, body) = work(None).await?;
            return Ok(HttpResponse::build(status).json(body));
        };
        let inbox = Inbox {
            source: format!("api:{}", caller.name).into(),
            key: key.into(),
            sha256: self.sha256.into(),
            answer: None,
        };
        if let Some(answer) = before(house, &inbox).await? {
            return Ok(answer);
        }
        match work(Some(inbox.clone())).await {
            Ok((status, body)) => {
                let (code, text) = (i64::from(status.as_u16()), body.to_string());
                house.journal.remember_answer(&inbox, code, text, house.clock.now()).await?;
                Ok(HttpResponse::build(status).json(body))
            }
            Err(problem) if problem.code() == SEEN => seen(house, &inbox, &path).await,
            // What the first try did may stand in the way of the second: that is no reason to refuse it.
            Err(_) if house.journal.known_request(&inbox).await?.is_some() => {
                seen(house, &inbox, &path).await
            }
            Err(problem) => Err(problem),
        }
    }
}

/// The same request was committed before and has no answer yet: another one is just making it, or died before it
/// could, and then it is made anew.
async fn seen(
    house: &web::Data<House>,
    inbox: &Inbox,
    path: &str,
) -> Result<HttpResponse, Problem> {
    for _ in 0..10 {
        if let Some(answer) = before(house, inbox).await? {
            return Ok(answer);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let known = house.journal.known_request(inbox).await?;
    let first = known.and_then(|known| known.first).ok_or_else(Problem::overloaded)?;
    let (status, body) = crate::again::answer(house, first, path).await?;
    let (code, text) = (i64::from(status.as_u16()), body.to_string());
    house.journal.remember_answer(inbox, code, text, house.clock.now()).await?;
    Ok(HttpResponse::build(status).json(body))
}

async fn before(house: &House, inbox: &Inbox) -> Result<Option<HttpResponse>, Problem> {
    let Some(known) = house.journal.known_request(inbox).await? else { return Ok(None) };
    if known.sha256 != *inbox.sha256 {
        return Err(reused());
    }
    let (Some(status), Some(body)) = (known.status, known.body) else { return Ok(None) };
    let status = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok());
    let status = status.ok_or_else(Problem::internal)?;
    Ok(Some(HttpResponse::build(status).content_type("application/json").body(body)))
}

/// Text that must say something.
///
/// # Errors
/// 422 naming the field.
pub fn said(text: &str, pointer: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 500 {
        return Err(Problem::invalid(pointer, "1 to 500 characters are needed."));
    }
    Ok(text.to_owned())
}

/// The id of another system, or none for an empty text.
///
/// # Errors
/// 409 for what looks like an id of this house, 422 for what is too long.
pub fn external_id(text: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > 255 {
        return Err(Problem::invalid("/external_id", "An external id has 255 characters at most."));
    }
    let is_ours = text.split_once('_').is_some_and(|(prefix, body)| {
        ["tech", "job", "cust", "loc"].contains(&prefix)
            && body.len() == 18
            && body.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    if is_ours {
        return Err(crate::refusals::said(
            StatusCode::CONFLICT,
            "input.external_id_ours",
            "Cet identifiant externe a la forme d'un identifiant de la maison.",
            "This external id has the shape of an id of this house.",
        )
        .pointer("/external_id", "taken"));
    }
    Ok(Some(text.to_owned()))
}

/// A colour as the screens write it, or none for an empty text.
///
/// # Errors
/// 422 for anything else.
pub fn color(text: Option<String>) -> Result<Option<String>, Problem> {
    let digits = |text: &str| text.strip_prefix('#').is_some_and(is_six_hex);
    match text.filter(|text| !text.is_empty()) {
        Some(text) if !digits(&text) => {
            Err(Problem::invalid("/color", "A color looks like #1f6feb."))
        }
        color => Ok(color),
    }
}

fn is_six_hex(digits: &str) -> bool {
    digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Longest notes, in characters.
const NOTES_MAX: usize = 10_000;

/// Notes, or none.
///
/// # Errors
/// 422 for longer ones than anybody reads.
pub fn notes(text: Option<&str>, pointer: &str) -> Result<Option<String>, Problem> {
    if text.is_some_and(|text| text.chars().count() > NOTES_MAX) {
        return Err(Problem::invalid(pointer, format!("{NOTES_MAX} characters at most.")));
    }
    Ok(text.map(str::to_owned))
}

/// Longest reason, in characters.
const REASON_MAX: usize = 500;

/// Why something is as it is, in a few words, or none for an empty text.
///
/// # Errors
/// 422 for longer ones than stand in a line.
pub fn reason(text: Option<String>, pointer: &str) -> Result<Option<String>, Problem> {
    let text = text.filter(|text| !text.trim().is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > REASON_MAX) {
        return Err(Problem::invalid(pointer, format!("{REASON_MAX} characters at most.")));
    }
    Ok(text)
}

/// Refuses a list of more than `max` things.
///
/// # Errors
/// 422 naming the field.
pub fn at_most<T>(things: &[T], max: usize, pointer: &str) -> Result<(), Problem> {
    if things.len() > max {
        return Err(Problem::invalid(pointer, format!("{max} at most.")));
    }
    Ok(())
}

/// A phone number as E.164.
///
/// # Errors
/// 422 naming the field.
pub fn phone(text: &str, pointer: &str) -> Result<String, Problem> {
    crate::integrations::phone::normalise(text)
        .map_err(|_| Problem::invalid(pointer, "This is not a phone number."))
}

/// A phone number as E.164, or none for an empty text.
///
/// # Errors
/// 422 naming the field.
pub fn phone_or_none(text: Option<&str>, pointer: &str) -> Result<Option<String>, Problem> {
    text.filter(|text| !text.trim().is_empty()).map(|text| phone(text, pointer)).transpose()
}

/// An e-mail address, or none.
///
/// # Errors
/// 422 naming the field.
pub fn email_or_none(text: Option<&str>, pointer: &str) -> Result<Option<String>, Problem> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) if text.contains('@') && text.len() <= 254 => Ok(Some(text.to_owned())),
        Some(_) => Err(Problem::invalid(pointer, "This is not an e-mail address.")),
    }
}

/// A point on the earth.
///
/// # Errors
/// 422 naming the field.
pub fn point(lat: f64, lon: f64, parent: &str) -> Result<(), Problem> {
    if !(-90.0..=90.0).contains(&lat) {
        return Err(Problem::invalid(format!("{parent}/lat"), "A latitude is between -90 and 90."));
    }
    if !(-180.0..=180.0).contains(&lon) {
        return Err(Problem::invalid(
            format!("{parent}/lon"),
            "A longitude is between -180 and 180.",
        ));
    }
    Ok(())
}

/// A span that ends after it starts, and lasts a year at most.
///
/// # Errors
/// 422 naming the end.
pub fn span(span: &actors::technicians::protocol::Span, parent: &str) -> Result<(), Problem> {
    let lasts = span.end.duration_since(span.start);
    if lasts <= jiff::SignedDuration::ZERO || lasts > jiff::SignedDuration::from_hours(24 * 366) {
        return Err(Problem::invalid(format!("{parent}/end"), "The end must be after the start."));
    }
    Ok(())
}
