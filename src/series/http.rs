//! Paths of jobs that come again: what a rule would give, what a series has given, and its end. Beginning and changing
//! go through the job (`POST /jobs`, `PATCH /jobs/{id}` with `scope`).

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use actors::engine::journal::Recorded;
use actors::engine::shell::Circumstances;
use actors::ids::SeriesId;
use actors::jobs::protocol::{ArrivalWindow, Job, JobStatus, Priority};
use actors::series::YEARS_AHEAD;
use actors::series::calendar::Turn;
use actors::series::protocol::{Command, OnHoliday, Series};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::board::plan::today;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Asked, Page, listed, listed_whole};
use crate::kept::store::{self as kept, Known};
use crate::series::form;
use crate::series::store;

/// How long an answer waits for the jobs of a series to follow it.
const FOLLOWING: Duration = Duration::from_secs(2);
/// Days that a preview shows at most.
const PREVIEW_MAX: usize = 60;

/// A rule to try.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewInput {
    /// `RRULE:…`
    pub recurrence: String,
    /// The first window; today and any time where left out.
    #[serde(default)]
    pub arrival_window: Option<ArrivalWindow>,
    /// Days to leave out.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub exceptions: Vec<Date>,
    /// What a holiday does.
    #[serde(default)]
    pub holidays: OnHoliday,
    /// How many days, 5 where left out.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// From when a series takes place no more.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndInput {
    /// The first day without it; today where left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub from: Option<Date>,
    /// The version seen, if it must still hold.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Waits, not for ever, until what was decided has reached the jobs: then an answer can show them.
pub async fn followed(house: &House, recorded: &[Arc<Recorded>]) {
    let Some(last) = recorded.last().map(|entry| entry.seq) else { return };
    let mut relay = house.relay.clone();
    let done = relay.wait_for(|progress| progress.heard >= last && progress.pending == 0);
    let _ = tokio::time::timeout(FOLLOWING, done).await;
}

fn turn(house: &House, series: &Series, turn: &Turn<'_>) -> Value {
    let zone = series.tz(&house.policy.zone);
    let window = turn.part.window.and_then(|window| window.on(turn.day, &zone));
    let holiday = house.policy.holidays.on(turn.on);
    json!({
        "on": turn.on, "day": turn.day, "holiday": holiday,
        "start": window.map(|window| window.start), "end": window.map(|window| window.end),
    })
}

/// POST /series/preview
///
/// # Errors
/// 422 naming the field.
pub async fn preview(
    house: web::Data<House>,
    body: Body<PreviewInput>,
) -> Result<HttpResponse, Problem> {
    let input = body.0;
    if let Some(window) = &input.arrival_window {
        input::span(window, "/arrival_window")?;
    }
    let limit = input.limit.unwrap_or(5);
    if !(1..=PREVIEW_MAX).contains(&limit) {
        return Err(Problem::invalid("/limit", "1 to 60 days."));
    }
    let job = nobodys(&house, input.arrival_window);
    let series =
        form::described(&house, &job, &input.recurrence, &input.exceptions, input.holidays)?;
    let from = series.first_day();
    let far = from.saturating_add(YEARS_AHEAD.years());
    let (zone, holidays) = (&house.policy.zone, &house.policy.holidays);
    let all = series.occurrences(from, far, zone, holidays).map_err(|p| form::refused(&p))?;
    if all.is_empty() {
        return Err(form::refused(&actors::series::rule::RuleProblem::NoDay));
    }
    let shown = all.get(..limit.min(all.len())).unwrap_or_default();
    let last = shown.last().map_or(from, |turn| turn.on);
    // What the rule yields and does not take place, so that a gap is no riddle.
    let mut bare = series.clone();
    for part in &mut bare.parts {
        part.except.clear();
        part.holidays = OnHoliday::Keep;
    }
    let plain = bare.occurrences(from, last, zone, holidays).map_err(|p| form::refused(&p))?;
    let left_out: Vec<Value> = plain
        .iter()
        .filter(|turn| !shown.iter().any(|other| other.on == turn.on))
        .map(|turn| json!({ "on": turn.on, "holiday": holidays.on(turn.on) }))
        .collect();
    let items: Vec<Value> = shown.iter().map(|one| turn(&house, &series, one)).collect();
    Ok(HttpResponse::Ok().json(json!({
        "items": items, "left_out": left_out, "goes_on": all.len() > shown.len(),
    })))
}

/// A job that is nobody's: a rule can be tried before anything else is known.
fn nobodys(house: &House, arrival_window: Option<ArrivalWindow>) -> Job {
    Job {
        id: "".into(),
        external_id: None,
        customer_id: "".into(),
        location_id: "".into(),
        title: String::new(),
        kind: None,
        duration_min: 60,
        crew_size: 1,
        priority: Priority::Normal,
        skills: Vec::new(),
        arrival_window,
        recurrence: None,
        series: None,
        depends_on: Vec::new(),
        lag_min: 0,
        notes: None,
        customer_name: String::new(),
        customer_phone: None,
        customer_language: house.policy.language,
        address: String::new(),
        lat: 0.0,
        lon: 0.0,
    }
}

fn head(known: &Known<Series>) -> Value {
    let series = &known.thing;
    let part = series.parts.last();
    json!({
        "id": series.id,
        "customer_id": part.map(|part| &part.job.customer_id),
        "title": part.map(|part| &part.job.title),
        "recurrence": part.map(|part| &part.rule),
        "window": part.and_then(|part| part.window),
        "holidays": part.map(|part| part.holidays),
        "exceptions": part.map(|part| &part.except),
        "zone": series.zone,
        "ends_before": series.ends_before,
        "version": known.version,
    })
}

/// `?customer_id=` and the page.
#[derive(Deserialize)]
pub struct SeriesQuery {
    customer_id: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// GET /series
///
/// # Errors
/// 422 for a bad page.
pub async fn list(
    house: web::Data<House>,
    query: Asked<SeriesQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let page = Page { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let mut connection = house.read().await?;
    let customer = query.customer_id.as_deref();
    let rows = store::page(&mut connection, customer, page.after(), limit).await?;
    let items: Vec<Value> = rows.iter().map(head).collect();
    Ok(listed(items, limit, |item| item["id"].as_str().unwrap_or_default().to_owned()))
}

async fn whole(house: &House, id: &str) -> Result<Value, Problem> {
    let (known, made) = {
        let mut moment = house.moment().await?;
        let known = kept::one::<Series>(&mut moment, id).await?;
        (known.ok_or_else(|| Problem::not_found("series"))?, store::made(&mut moment, id).await?)
    };
    let occurrences: Vec<Value> = made
        .iter()
        .map(|(on, made)| {
            let is_ahead = made.is_ahead();
            json!({
                "on": on, "job_id": made.job.id, "status": made.status, "ahead": is_ahead,
                "start": made.job.when().map(|when| when.start),
            })
        })
        .collect();
    let planned = made.values().filter(|made| made.status == JobStatus::Planned).count();
    let from = today(house);
    let far = from.saturating_add(YEARS_AHEAD.years());
    let (zone, holidays) = (&house.policy.zone, &house.policy.holidays);
    let ahead = known.thing.occurrences(from, far, zone, holidays);
    let ahead = ahead.map_err(|problem| form::refused(&problem))?;
    let next: Vec<Value> = ahead.iter().take(5).map(|one| turn(house, &known.thing, one)).collect();
    let mut answer = head(&known);
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("occurrences".to_owned(), json!(occurrences));
        fields.insert("planned".to_owned(), json!(planned));
        fields.insert("next".to_owned(), json!(next));
    }
    Ok(answer)
}

/// GET /series/{id}
///
/// # Errors
/// 404.
pub async fn one(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(whole(&house, &id).await?))
}

/// POST /series/{id}/end
///
/// # Errors
/// 404, 409 for an old version.
pub async fn end(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<EndInput>,
) -> Result<HttpResponse, Problem> {
    let from = body.0.from.unwrap_or_else(|| today(&house));
    let command = Command::End { from, version: body.0.version };
    let why = Circumstances::by(caller.name);
    let done = house.rooms.series(&SeriesId::from_text(&id), command, why).await?;
    followed(&house, &done).await;
    Ok(HttpResponse::Ok().json(whole(&house, &id).await?))
}

/// `?year=`, this one where left out.
#[derive(Deserialize)]
pub struct HolidaysQuery {
    year: Option<i16>,
}

/// GET /holidays
///
/// # Errors
/// 422 for a year outside 2000 to 2100.
pub async fn holidays(
    house: web::Data<House>,
    query: Asked<HolidaysQuery>,
) -> Result<HttpResponse, Problem> {
    let year = query.year.unwrap_or_else(|| today(&house).year());
    if !(2000..=2100).contains(&year) {
        return Err(Problem::invalid("/year", "A year between 2000 and 2100."));
    }
    let items = house.policy.holidays.of_year(year);
    Ok(listed_whole(&items))
}
