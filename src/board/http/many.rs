//! `POST /dispatch/assign-many`: what a dispatcher does to several selected jobs in one go, all of it or none.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::board::assign::{Guarded, Wish, assign_several};
use crate::board::guard::BreakInput;
use crate::board::http::{check_overrides, shape};
use crate::edits::with_author;
use crate::error::Problem;
use crate::house::House;
use crate::input::Create;
use crate::jobs::http::standing;

/// Moves in one request.
const MOVES_MAX: usize = 50;

/// One of several moves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveInput {
    /// Which job.
    pub job_id: String,
    /// Who; into the pool where left out.
    #[serde(default)]
    pub technician_id: Option<String>,
    /// Planned arrival; where left out the earliest that fits behind the moves before this one.
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
    /// Rules to override: `skill`, `shift`, `absence`, `zone`.
    #[serde(default, rename = "override")]
    pub overrides: Vec<String>,
    /// Whether plans must leave it alone; true where left out.
    #[serde(default)]
    pub pinned: Option<bool>,
}

/// Several moves that are made together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignManyInput {
    /// 1 to 50, each of another job.
    pub moves: Vec<MoveInput>,
    /// Refuse to break a window that a customer was told; 409 `promise.broken` names all of them in `broken`.
    #[serde(default)]
    pub guard_promises: bool,
    /// Break them knowingly.
    #[serde(default)]
    pub break_promise: Option<BreakInput>,
}

/// POST /dispatch/assign-many
///
/// # Errors
/// 404, 409 for an old version or a taken time, 422 for a broken rule; then nothing was moved.
pub async fn assign_many(
    house: web::Data<House>,
    caller: Caller,
    body: Create<AssignManyInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    check(&input.moves)?;
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let guarded = Guarded {
                guard: input.guard_promises,
                breaks: input.break_promise.clone(),
                by: name.clone(),
            };
            let why = Circumstances::by(name).with_inbox(inbox);
            let (wishes, off) = wanted(&input.moves);
            match assign_several(&house, &wishes, &off, &guarded, why).await {
                Ok(heard) => {
                    let mut jobs = Vec::with_capacity(input.moves.len());
                    for one in &input.moves {
                        jobs.push(shape(&house, &one.job_id).await?);
                    }
                    Ok((StatusCode::OK, json!({ "jobs": jobs, "warnings": heard })))
                }
                Err(problem) if problem.status() == StatusCode::CONFLICT => {
                    Err(told(&house, &input.moves, problem).await?)
                }
                Err(problem) => Err(problem),
            }
        }
    })
    .await
}

fn check(moves: &[MoveInput]) -> Result<(), Problem> {
    if moves.is_empty() || moves.len() > MOVES_MAX {
        let words = format!("Between 1 and {MOVES_MAX} moves at once.");
        return Err(Problem::invalid("/moves", words));
    }
    for (index, one) in moves.iter().enumerate() {
        check_overrides(&one.overrides, &format!("/moves/{index}"))?;
        if moves.iter().take(index).any(|before| before.job_id == one.job_id) {
            let pointer = format!("/moves/{index}/job_id");
            return Err(Problem::invalid(pointer, "A job is moved once."));
        }
    }
    Ok(())
}

/// Wishes, and the jobs that go into the pool with the versions that were seen.
fn wanted(moves: &[MoveInput]) -> (Vec<Wish>, Vec<(String, Option<i64>)>) {
    let (mut wishes, mut off) = (Vec::new(), Vec::new());
    for one in moves {
        match &one.technician_id {
            Some(technician_id) => wishes.push(Wish {
                job_id: one.job_id.clone(),
                technician_id: technician_id.clone(),
                assistants: None,
                materials: None,
                start: one.start,
                append_to: one.append_to,
                version: one.version,
                draft: None,
                overrides: one.overrides.clone(),
                hold_id: None,
                pinned: one.pinned.unwrap_or(true),
                guard: false,
                breaks: None,
                by: "".into(),
                with_waiting: false,
            }),
            None => off.push((one.job_id.clone(), one.version)),
        }
    }
    (wishes, off)
}

/// A conflict with all the jobs as they are now, and who changed the first that was seen otherwise.
async fn told(house: &House, moves: &[MoveInput], problem: Problem) -> Result<Problem, Problem> {
    let mut jobs: Vec<Value> = Vec::with_capacity(moves.len());
    let mut changed = None;
    for one in moves {
        let now = standing(house, &one.job_id).await?;
        if changed.is_none() && one.version.is_some_and(|version| version != now.version) {
            changed = Some(now.version);
        }
        jobs.push(serde_json::to_value(now.shape()).map_err(|_| Problem::internal())?);
    }
    let problem = problem.with("current", Value::Array(jobs));
    Ok(match changed {
        Some(version) => with_author(house, problem, version).await,
        None => problem,
    })
}
