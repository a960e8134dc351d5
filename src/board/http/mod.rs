//! Paths of the dispatch board.

pub mod calendar;
pub mod drafts;
pub mod holds;
pub mod imagined;
pub mod insisted;
pub mod many;
pub mod offers;
pub mod optimise;
pub mod presence;
pub mod proposals;
pub mod rows;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::protocol::{Command, Drafting, Former};
use actors::engine::shell::Circumstances;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::board::assign::{Guarded, Wish, assign as carry_out};
use crate::board::guard::{self, BreakInput};
use crate::board::plan::today;
use crate::edits::with_author;
use crate::error::Problem;
use crate::house::House;
use crate::input::{Asked, Create};
use crate::jobs::http::standing;
use crate::jobs::store::Standing;

/// `?date=&days=&at=`
#[derive(Deserialize)]
pub struct BoardQuery {
    date: Option<Date>,
    days: Option<i64>,
    at: Option<Timestamp>,
}

/// One assignment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignInput {
    /// Which job.
    pub job_id: String,
    /// Who.
    pub technician_id: String,
    /// Who goes along, 5 at most, all for the whole visit; as it stands where left out.
    #[serde(default)]
    pub assistants: Option<Vec<String>>,
    /// What is taken along, 10 at most; as it stands where left out.
    #[serde(default)]
    pub materials: Option<Vec<String>>,
    /// Planned arrival.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub start: Option<Timestamp>,
    /// Without a start: behind the technician's last visit of this day.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub append_to: Option<Date>,
    /// The version of the job that was seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// A change-set's name; nobody is told before it is published.
    #[serde(default)]
    pub draft: Option<String>,
    /// Rules to override: `skill`, `shift`, `absence`, `zone`, `order`.
    #[serde(default, rename = "override")]
    pub overrides: Vec<String>,
    /// A held slot that is meant for this.
    #[serde(default)]
    pub hold_id: Option<String>,
    /// Whether plans must leave it alone; true where left out, since a person chose. False for a visit that is put back
    /// as it was.
    #[serde(default)]
    pub pinned: Option<bool>,
    /// A window that the customer was told must not be broken without `break_promise`.
    #[serde(default)]
    pub guard_promises: bool,
    /// It is broken knowingly.
    #[serde(default)]
    pub break_promise: Option<BreakInput>,
    /// Visits that wait for this one and would begin too soon move along, in the same act.
    #[serde(default)]
    pub with_waiting: bool,
}

/// Back into the pool.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnassignInput {
    /// Which job.
    pub job_id: String,
    /// The version of the job that was seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// A change-set's name: the visit stands until that is published.
    #[serde(default)]
    pub draft: Option<String>,
    /// A window that the customer was told must not be broken without `break_promise`.
    #[serde(default)]
    pub guard_promises: bool,
    /// It is broken knowingly.
    #[serde(default)]
    pub break_promise: Option<BreakInput>,
}

/// GET /dispatch/board
///
/// # Errors
/// 422 for a bad day.
pub async fn board(
    house: web::Data<House>,
    caller: Caller,
    query: Asked<BoardQuery>,
) -> Result<HttpResponse, Problem> {
    let days = days_asked(query.days)?;
    if let Some(at) = query.at {
        let board = crate::board::view::view_at(&house, at, query.date, days).await?;
        return Ok(HttpResponse::Ok().json(as_seen_by(&caller, board)));
    }
    let date = query.date.unwrap_or_else(|| today(&house));
    let board = crate::board::view::view(&house, date, days).await?;
    Ok(HttpResponse::Ok().json(as_seen_by(&caller, board)))
}

/// Drafts are seen by dispatchers alone.
fn as_seen_by(caller: &Caller, mut board: Value) -> Value {
    if !crate::live::discreet::sees_all(caller.role) {
        board["drafts"] = json!([]);
    }
    board
}

fn days_asked(days: Option<i64>) -> Result<i64, Problem> {
    let days = days.unwrap_or(1);
    if !(1..=14).contains(&days) {
        return Err(Problem::invalid("/days", "A board shows 1 to 14 days."));
    }
    Ok(days)
}

/// Refuses rules that nobody may override.
fn check_overrides(overrides: &[String], parent: &str) -> Result<(), Problem> {
    let known = ["skill", "shift", "absence", "busy", "zone", "order"];
    match overrides.iter().position(|rule| !known.contains(&rule.as_str())) {
        Some(at) => {
            let pointer = format!("{parent}/override/{at}");
            let why = "Rules to override: skill, shift, absence, busy, zone, order.";
            Err(Problem::invalid(pointer, why))
        }
        None => Ok(()),
    }
}

/// POST /dispatch/assign
///
/// # Errors
/// 404, 409 for an old version or a taken time, 422 for a broken rule.
pub async fn assign(
    house: web::Data<House>,
    caller: Caller,
    body: Create<AssignInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    check_overrides(&input.overrides, "")?;
    let wish = Wish {
        job_id: input.job_id,
        technician_id: input.technician_id,
        assistants: input.assistants,
        materials: input.materials,
        start: input.start,
        append_to: input.append_to,
        version: input.version,
        draft: guard::draft_name(input.draft)?,
        guard: input.guard_promises,
        breaks: input.break_promise,
        by: caller.name.clone(),
        overrides: input.overrides,
        hold_id: input.hold_id,
        pinned: input.pinned.unwrap_or(true),
        with_waiting: input.with_waiting,
    };
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(name).with_inbox(inbox);
            match carry_out(&house, &wish, why).await {
                Ok((job_id, heard)) => {
                    let mut job = shape(&house, &job_id).await?;
                    if let Some(fields) = job.as_object_mut() {
                        fields.insert("warnings".to_owned(), json!(heard));
                    }
                    Ok((StatusCode::OK, job))
                }
                Err(problem) if problem.status() == StatusCode::CONFLICT => {
                    Err(told(&house, &wish.job_id, wish.version, problem).await?)
                }
                Err(problem) => Err(problem),
            }
        }
    })
    .await
}

/// A conflict with the job as it is now, and who changed it since `seen`.
async fn told(
    house: &House,
    id: &str,
    seen: Option<i64>,
    problem: Problem,
) -> Result<Problem, Problem> {
    let now = standing(house, id).await?;
    let current = serde_json::to_value(now.shape()).map_err(|_| Problem::internal())?;
    let problem = problem.with("current", current);
    Ok(match seen {
        Some(seen) if seen != now.version => with_author(house, problem, now.version).await,
        _ => problem,
    })
}

async fn shape(house: &House, id: &str) -> Result<Value, Problem> {
    serde_json::to_value(standing(house, id).await?.shape()).map_err(|_| Problem::internal())
}

/// POST /dispatch/unassign
///
/// # Errors
/// 404, 409 for an old version, 422 when there is nothing to take off.
pub async fn unassign(
    house: web::Data<House>,
    caller: Caller,
    body: Create<UnassignInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let UnassignInput { job_id, version, draft, guard_promises, break_promise } = input;
    let draft = guard::draft_name(draft)?;
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let held =
                standing(&house, &job_id).await.map_err(|problem| match problem.status() {
                    StatusCode::NOT_FOUND => problem.pointer("/job_id", "There is no such job."),
                    _ => problem,
                })?;
            let id = held.job.id.to_string();
            if version.is_some_and(|version| version != held.version) {
                return Err(told(&house, &id, version, crate::refusals::stale()).await?);
            }
            let command = match draft {
                Some(draft) => Command::DraftRemoval {
                    job: Box::new(held.job),
                    job_version: version,
                    draft: Drafting { name: draft.as_str().into(), by: name.clone() },
                },
                None => {
                    let guarded =
                        Guarded { guard: guard_promises, breaks: break_promise, by: name.clone() };
                    off(&house, held, version, &guarded).await?
                }
            };
            let why = Circumstances::by(name).with_inbox(inbox);
            match house.rooms.board(command, why).await.map_err(Problem::from) {
                Ok(_) => Ok((StatusCode::OK, shape(&house, &id).await?)),
                Err(problem) if problem.status() == StatusCode::CONFLICT => {
                    Err(problem.with("current", shape(&house, &id).await?))
                }
                Err(problem) => Err(problem),
            }
        }
    })
    .await
}

/// What takes a visit off the board, with the rest of its stop; what customers were told of any of it is guarded.
async fn off(
    house: &House,
    held: Standing,
    version: Option<i64>,
    guarded: &Guarded,
) -> Result<Command, Problem> {
    let Guarded { guard, breaks, by } = guarded;
    let asked = breaks.as_ref();
    let leaving = crate::bundles::together::leaving(house, &held).await?;
    let has_visit = held.visit.as_ref().is_some_and(|visit| visit.status.is_open());
    if leaving.len() > 1 && has_visit {
        let broken = guard::judged_several(house, &mut [], &leaving, *guard, asked, by).await?;
        let former = Former { into_pool: leaving, broken, ..Former::default() };
        return Ok(Command::TakeBack(Box::new(former)));
    }
    let then = crate::notifications::foretell::Then::Removed;
    let breaks = guard::judged(house, &held.job.id, then, *guard, asked, by).await?;
    Ok(Command::Unassign { job: Box::new(held.job), job_version: version, breaks })
}
