//! Paths of jobs.

mod status;

pub use status::{Reach, StatusInput, change_status, set_status};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::crew::CREW_MAX;
use actors::engine::shell::Circumstances;
use actors::ids::{CustomerId, JobId, LocationId};
use actors::jobs::protocol::{ArrivalWindow, Command, Job, JobStatus, Priority, SkillNeed};
use actors::series::protocol::OnHoliday;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::auth::extract::Proof;
use crate::edits::{edited, with_current};
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Asked, Create, Page, listed};
use crate::jobs::links;
use crate::jobs::store::{self, Filter, Standing};
use crate::series::form::{self, Edit};

/// Longest planned time on site: a day.
const DURATION_MAX_MIN: i64 = 24 * 60;

/// Said of a window in the past, in French and in English.
const WINDOW_OVER: (&str, &str) = ("Cette plage est passée.", "This window is over.");

fn alone() -> u8 {
    1
}

/// A job to create, or as edited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JobInput {
    /// For whom.
    pub customer_id: CustomerId,
    /// Where.
    pub location_id: LocationId,
    /// What, in a few words.
    pub title: String,
    /// Its kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// Planned time on site.
    pub duration_min: i64,
    /// How many people it needs, 1 to 6, the lead among them.
    #[serde(default = "alone")]
    pub crew_size: u8,
    /// How much it matters.
    #[serde(default)]
    pub priority: Priority,
    /// What it takes.
    #[serde(default)]
    pub skills: Vec<SkillNeed>,
    /// What the customer is promised.
    #[serde(default)]
    pub arrival_window: Option<ArrivalWindow>,
    /// `RRULE:…` for jobs that come again.
    #[serde(default)]
    pub recurrence: Option<String>,
    /// Days that the rule yields and that are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub exceptions: Option<Vec<Date>>,
    /// What becomes of an occurrence on a holiday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays: Option<OnHoliday>,
    /// Jobs that must be over before this one begins.
    #[serde(default)]
    pub depends_on: Vec<JobId>,
    /// At least so many minutes after the last of them.
    #[serde(default)]
    pub lag_min: i64,
    /// What the technician should know.
    #[serde(default)]
    pub notes: Option<String>,
    /// Id in the system it came from.
    #[serde(default)]
    pub external_id: Option<String>,
}

/// `?status=&customer_id=&technician_id=&search=` and the page.
#[derive(Deserialize)]
pub struct JobsQuery {
    status: Option<String>,
    customer_id: Option<String>,
    technician_id: Option<String>,
    search: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// A form's job, with its customer and place looked up.
///
/// # Errors
/// 404 for an unknown customer or location, 422 naming the field.
pub async fn checked(house: &House, input: &JobInput, id: JobId) -> Result<Job, Problem> {
    if !(1..=DURATION_MAX_MIN).contains(&input.duration_min) {
        return Err(Problem::invalid("/duration_min", "A job takes 1 to 1440 minutes."));
    }
    if !(1..=CREW_MAX).contains(&input.crew_size) {
        return Err(Problem::invalid("/crew_size", "A job needs 1 to 6 people."));
    }
    input::at_most(&input.skills, 100, "/skills")?;
    for (index, need) in input.skills.iter().enumerate() {
        input::said(&need.tag, &format!("/skills/{index}/tag"))?;
        if !(1..=5).contains(&need.level) {
            let pointer = format!("/skills/{index}/level");
            return Err(Problem::invalid(pointer, "A level is between 1 and 5."));
        }
    }
    if let Some(window) = &input.arrival_window {
        input::span(window, "/arrival_window")?;
    }
    let mut connection = house.read().await?;
    let customer = crate::customers::store::one(&mut connection, input.customer_id.as_str())
        .await?
        .ok_or_else(|| {
            let why = "There is no such customer.";
            Problem::not_found("customer").pointer("/customer_id", why)
        })?
        .thing;
    let location = crate::customers::store::location(&mut connection, input.location_id.as_str())
        .await?
        .ok_or_else(|| {
            let why = "There is no such location.";
            Problem::not_found("location").pointer("/location_id", why)
        })?
        .thing;
    if location.customer_id != customer.id {
        let why = "This location belongs to another customer.";
        return Err(Problem::invalid("/location_id", why));
    }
    Ok(Job {
        id,
        external_id: input::external_id(input.external_id.as_deref())?,
        customer_id: customer.id,
        location_id: location.id,
        title: input::said(&input.title, "/title")?,
        kind: input.kind.clone().filter(|kind| !kind.trim().is_empty()),
        duration_min: input.duration_min,
        crew_size: input.crew_size,
        priority: input.priority,
        skills: input.skills.clone(),
        arrival_window: input.arrival_window,
        recurrence: None,
        series: None,
        depends_on: input.depends_on.clone(),
        lag_min: input.lag_min,
        notes: input::notes(input.notes.as_deref(), "/notes")?,
        customer_name: customer.name,
        customer_phone: customer.phone,
        customer_language: customer.language.unwrap_or(house.policy.language),
        address: location.address,
        lat: location.lat,
        lon: location.lon,
    })
}

/// One job as it stands.
///
/// # Errors
/// 404.
pub async fn standing(house: &House, id: &str) -> Result<Standing, Problem> {
    let mut now = house.moment().await?;
    let found = store::one(&mut now, house.policy.language, id).await?;
    found.ok_or_else(|| Problem::not_found("job"))
}

/// A job as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn now(house: &House, id: &str) -> Result<Value, Problem> {
    let held = standing(house, id).await?;
    let mut shape = value(&held)?;
    if let Some(fields) = shape.as_object_mut() {
        let clock = crate::sla::http::of_job(house, held.job.id.as_str()).await?;
        fields.insert("sla".to_owned(), serde_json::json!(clock));
    }
    Ok(shape)
}

fn value(standing: &Standing) -> Result<Value, Problem> {
    serde_json::to_value(standing.shape()).map_err(|_| Problem::internal())
}

/// POST /jobs
///
/// # Errors
/// 404 for an unknown customer or location, 422 naming the field.
pub async fn create(
    house: web::Data<House>,
    caller: Caller,
    body: Create<JobInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let id = JobId::new(house.clock.now(), house.entropy());
    once.answer(&house, &caller, |inbox| {
        let (house, caller) = (house.clone(), caller.clone());
        async move {
            let job = form::first(&house, checked(&house, &input, id.clone()).await?, &input)?;
            links::checked(&house, &id, &job.title, &job.depends_on, job.lag_min).await?;
            let over = is_over(&house, &caller, &job)?;
            let why = Circumstances::by(caller.name).with_inbox(inbox);
            let job = Box::new(job);
            house.rooms.job(&id, Command::Create(job.clone()), why).await?;
            // The reaction asks the same; whoever comes second finds the clock running.
            let clock = actors::sla::protocol::Command::Start { job, since: None };
            if let Err(error) = house.rooms.sla(clock, Circumstances::by("house")).await {
                tracing::debug!(%error, "the answer to a new job waits for no clock");
            }
            let mut shape = now(&house, id.as_str()).await?;
            if let (true, Some(fields)) = (over, shape.as_object_mut()) {
                let (fr, en) = WINDOW_OVER;
                fields.insert("warnings".to_owned(), json!({ "fr": [fr], "en": [en] }));
            }
            Ok((StatusCode::CREATED, shape))
        }
    })
    .await
}

/// Whether the window of a new job is over. A program may bring history and is warned; a person has mistyped.
///
/// # Errors
/// 422 for a person.
fn is_over(house: &House, caller: &Caller, job: &Job) -> Result<bool, Problem> {
    let over = job.arrival_window.is_some_and(|window| window.end < house.clock.now());
    if over && job.series.is_none() && matches!(caller.proof, Proof::Login(_)) {
        let (fr, en) = WINDOW_OVER;
        return Err(
            crate::refusals::invalid("jobs.window_over", fr, en).pointer("/arrival_window/end", en)
        );
    }
    Ok(over)
}

/// GET /jobs
///
/// # Errors
/// 422 for a bad page or status.
pub async fn list(
    house: web::Data<House>,
    query: Asked<JobsQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let page = Page { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let status = match query.status.as_deref() {
        None => None,
        Some(code) => Some(
            JobStatus::from_code(code)
                .ok_or_else(|| Problem::invalid("/status", "There is no such status."))?,
        ),
    };
    let filter = Filter {
        status,
        customer_id: query.customer_id,
        technician_id: query.technician_id,
        search: query.search,
    };
    let mut connection = house.read().await?;
    let language = house.policy.language;
    let rows = store::page(&mut connection, language, &filter, page.after(), limit).await?;
    let items: Vec<_> = rows.iter().map(Standing::shape).collect();
    Ok(listed(items, limit, |item| item.id.to_string()))
}

/// GET /jobs/{id}
///
/// # Errors
/// 404.
pub async fn one(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(now(&house, &id).await?))
}

/// GET /jobs/{id}/links
///
/// # Errors
/// 404.
pub async fn one_links(
    house: web::Data<House>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let held = standing(&house, &id).await?;
    Ok(HttpResponse::Ok().json(links::links(&house, &held.job).await?))
}

/// PATCH /jobs/{id}
///
/// # Errors
/// 404, 409 for an old version, 422 naming the field.
pub async fn edit(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let mut edit = body.0;
    let scope = form::scope(&mut edit)?;
    let held = standing(&house, &id).await?;
    let before = &held.job;
    let input = JobInput {
        customer_id: before.customer_id.clone(),
        location_id: before.location_id.clone(),
        title: before.title.clone(),
        kind: before.kind.clone(),
        duration_min: before.duration_min,
        crew_size: before.crew_size,
        priority: before.priority,
        skills: before.skills.clone(),
        arrival_window: before.arrival_window,
        recurrence: before.recurrence.clone(),
        exceptions: None,
        holidays: None,
        depends_on: before.depends_on.clone(),
        lag_min: before.lag_min,
        notes: before.notes.clone(),
        external_id: before.external_id.clone(),
    };
    let (input, version) = edited(&input, edit)?;
    let after = checked(&house, &input, before.id.clone()).await?;
    let version = version.unwrap_or(held.version);
    let why = Circumstances::by(caller.name);
    let done = match form::edit(&house, &held, after, &input, scope, version)? {
        Edit::Job(after) => {
            let (needs, lag_min) = (&after.depends_on, after.lag_min);
            let command = match (needs, lag_min) == (&before.depends_on, before.lag_min) {
                true => Command::Change { after, version: Some(version) },
                false => {
                    let seen =
                        links::checked(&house, &before.id, &after.title, needs, lag_min).await?;
                    Command::Link { after, version: Some(version), seen }
                }
            };
            house.rooms.job(&before.id, command, why).await.map(|_| ())
        }
        Edit::Series(id, command) => match house.rooms.series(&id, command, why).await {
            Ok(recorded) => {
                crate::series::http::followed(&house, &recorded).await;
                Ok(())
            }
            Err(error) => Err(error),
        },
    };
    answered(&house, &before.id, done.map_err(Problem::from)).await
}

/// The job as it stands: as the answer, or beside the conflict.
///
/// # Errors
/// What `done` says.
pub async fn answered(
    house: &House,
    id: &JobId,
    done: Result<(), Problem>,
) -> Result<HttpResponse, Problem> {
    match done {
        Ok(()) => Ok(HttpResponse::Ok().json(standing(house, id.as_str()).await?.shape())),
        Err(problem) if problem.status() == StatusCode::CONFLICT => {
            let now = standing(house, id.as_str()).await?;
            Err(with_current(house, problem, &now.shape(), now.version).await)
        }
        Err(problem) => Err(problem),
    }
}
