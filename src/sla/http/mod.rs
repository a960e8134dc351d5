//! Paths of one job's clock: how it stands, pausing it and letting it run on.

pub mod policies;
pub mod queue;

use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use actors::ids::SlaPolicyId;
use actors::sla::protocol::{Clock, ClockState, Command, Pause, PauseReason};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::edits::with_current;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input;
use crate::sla::store;

/// A job's clock as others see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SlaShape {
    /// By which policy.
    pub policy_id: SlaPolicyId,
    /// Its name.
    pub policy_name: String,
    /// Since when it counts; for a job of a series the day it is for.
    #[schema(value_type = String)]
    pub started_at: Timestamp,
    /// The target that comes next: arrival, then completion where the policy has one.
    #[schema(value_type = String)]
    pub due_at: Timestamp,
    /// Business minutes until then, negative once it is over.
    pub minutes_left: i64,
    /// Business minutes of the whole target.
    pub target_min: i64,
    /// So few minutes left are at risk.
    pub at_risk_min: i64,
    /// The stretch in which it stands still.
    pub paused: Option<Pause>,
    /// Every such stretch.
    pub pauses: Vec<Pause>,
    /// Where it stands.
    pub state: ClockState,
    /// Position of the last event that touched the clock.
    pub version: i64,
}

/// A clock as others see it now.
pub fn shaped(house: &House, clock: &Clock, version: i64) -> SlaShape {
    let policy = &clock.policy;
    let for_done = clock.arrived_at.is_some();
    SlaShape {
        policy_id: policy.id.clone(),
        policy_name: policy.name.clone(),
        started_at: clock.started_at,
        due_at: clock.due_at(),
        minutes_left: clock.minutes_left(house.clock.now(), &house.policy),
        target_min: policy.done_min.filter(|_| for_done).unwrap_or(policy.arrive_min),
        at_risk_min: policy.at_risk_min,
        paused: clock.paused().cloned(),
        pauses: clock.pauses.clone(),
        state: clock.state(),
        version,
    }
}

/// A job's clock; none where no policy was for it.
///
/// # Errors
/// When the rows cannot be read.
pub async fn of_job(house: &House, job: &str) -> Result<Option<SlaShape>, Problem> {
    let mut connection = house.read().await?;
    let kept = store::of_job(&mut connection, job).await?;
    Ok(kept.map(|(clock, version)| shaped(house, &clock, version)))
}

/// Why a clock is to stand still.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseInput {
    /// Why.
    pub reason: PauseReason,
    /// In a few words.
    #[serde(default)]
    pub note: Option<String>,
    /// The clock's version that was seen.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A clock is to run on.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeInput {
    /// The clock's version that was seen.
    #[serde(default)]
    pub version: Option<i64>,
}

async fn asked(
    house: &House,
    caller: Caller,
    id: &str,
    command: Command,
) -> Result<HttpResponse, Problem> {
    match house.rooms.sla(command, Circumstances::by(caller.name)).await {
        Ok(_) => Ok(HttpResponse::Ok().json(crate::jobs::http::now(house, id).await?)),
        Err(error) => {
            let problem = Problem::from(error);
            if !problem.is_stale() {
                return Err(problem);
            }
            let now = of_job(house, id).await?;
            let version = now.as_ref().map_or(0, |now| now.version);
            Err(with_current(house, problem, &now, version).await)
        }
    }
}

/// POST /jobs/{id}/sla/pause
///
/// # Errors
/// 404 without a running clock, 409 for an old version or one that stands still.
pub async fn pause(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<PauseInput>,
) -> Result<HttpResponse, Problem> {
    let id = crate::jobs::http::standing(&house, &id).await?.job.id;
    let PauseInput { reason, note, version } = body.0;
    let note = input::notes(note.as_deref(), "/note")?;
    let by = caller.name.to_string();
    let command = Command::Pause { job_id: id.clone(), reason, note, by, version };
    asked(&house, caller, id.as_str(), command).await
}

/// POST /jobs/{id}/sla/resume
///
/// # Errors
/// 404 without a running clock, 409 for an old version or one that runs.
pub async fn resume(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<ResumeInput>,
) -> Result<HttpResponse, Problem> {
    let id = crate::jobs::http::standing(&house, &id).await?.job.id;
    let command = Command::Resume { job_id: id.clone(), version: body.0.version };
    asked(&house, caller, id.as_str(), command).await
}
