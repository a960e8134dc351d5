//! The path by which a visit goes on, and a job ends or is opened again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::protocol::{Command as Board, VisitStatus};
use actors::engine::shell::Circumstances;
use actors::ids::JobId;
use actors::jobs::protocol::{Command, JobStatus};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{standing, value};
use crate::auth::Caller;
use crate::edits::with_current;
use crate::error::Problem;
use crate::house::House;
use crate::input::{self, Create};

/// A step of a visit, or the end of a job.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusInput {
    /// `en_route`, `on_site`, `done`, `cancelled`, `no_access`; `unassigned` re-opens.
    pub status: JobStatus,
    /// Why, or what was seen.
    #[serde(default)]
    pub note: Option<String>,
    /// The version seen, if it must still hold.
    #[serde(default)]
    pub version: Option<i64>,
}

/// POST /jobs/{id}/status
///
/// # Errors
/// 404, 409 for an old version, 422 for a wrong order.
pub async fn set_status(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Create<StatusInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(name).with_inbox(inbox);
            let held = change_status(&house, &id, &input, Reach::Job, why).await?;
            Ok((StatusCode::OK, value(&standing(&house, held.as_str()).await?)?))
        }
    })
    .await
}

/// What a step is taken by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The job's own visit.
    Job,
    /// All visits of its stop, in one commit.
    Stop,
}

/// Changes a job's status, whoever asks; answers with its id.
///
/// # Errors
/// 404, 409 for an old version, 422 for a wrong order.
pub async fn change_status(
    house: &House,
    id: &str,
    input: &StatusInput,
    reach: Reach,
    why: Circumstances,
) -> Result<JobId, Problem> {
    let held = standing(house, id).await?;
    if input.version.is_some_and(|version| version != held.version) {
        let stale = crate::refusals::stale();
        return Err(with_current(house, stale, &held.shape(), held.version).await);
    }
    let open = held.visit.as_ref().is_some_and(|visit| visit.status.is_open())
        && !matches!(held.status, JobStatus::Unassigned | JobStatus::Cancelled);
    let note = input::notes(input.note.as_deref(), "/note")?;
    let note = note.filter(|note| !note.trim().is_empty());
    let id = held.job.id.clone();
    let wanted = match input.status {
        JobStatus::EnRoute => Some(VisitStatus::EnRoute),
        JobStatus::OnSite => Some(VisitStatus::OnSite),
        JobStatus::Done => Some(VisitStatus::Done),
        JobStatus::NoAccess => Some(VisitStatus::NoAccess),
        JobStatus::Planned => Some(VisitStatus::Planned),
        JobStatus::Cancelled => open.then_some(VisitStatus::Cancelled),
        JobStatus::Unassigned => None,
    };
    let done = match (wanted, input.status) {
        (None, JobStatus::Cancelled) => {
            house.rooms.job(&id, Command::Cancel { note }, why).await.map(|_| ())
        }
        (None, _) => house.rooms.job(&id, Command::Reopen, why).await.map(|_| ()),
        (Some(status), asked) => {
            // A step that was taken already is no mistake; one past the end is.
            if !open && held.status == asked {
                return Ok(id);
            }
            let (job, job_version) = (Box::new(held.job.clone()), input.version);
            let command = match reach {
                Reach::Job => Board::SetStatus { job, job_version, status, note },
                Reach::Stop => Board::SetStopStatus { job, job_version, status, note },
            };
            house.rooms.board(command, why).await.map(|_| ())
        }
    };
    match done.map_err(Problem::from) {
        Ok(()) => Ok(id),
        Err(problem) if problem.code() == "board.no_visit" => Err(crate::refusals::said(
            StatusCode::UNPROCESSABLE_ENTITY,
            "board.wrong_status_order",
            "Cette intervention n'a pas de visite en cours; son état ne peut pas devenir celui-là.",
            "This job has no visit under way; its status cannot become that one.",
        )
        .pointer("/status", "wrong order")),
        Err(problem) => Err(problem),
    }
}
