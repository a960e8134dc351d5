//! The path of a whole day's plan: computed outside every actor on a snapshot, shown, or applied in one commit.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::proposal::DayPlan;
use actors::board::protocol::Command;
use actors::engine::journal::{Inbox, Seq};
use actors::engine::shell::Circumstances;
use actors::workers::planner::Overtaken;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::offers::Mode;
use crate::auth::Caller;
use crate::board::day::living;
use crate::board::plan::{JobsWanted, Snapshot, day_of};
use crate::board::replan::{Effort, placements, search, still_fits, worded};
use crate::error::Problem;
use crate::house::House;
use crate::input::Create;

/// Shortest and longest search, seconds.
const SECONDS: std::ops::RangeInclusive<f64> = 0.2..=10.0;
/// Search where nobody says how long.
const USUAL_SECONDS: f64 = 2.0;
/// Threads of a search.
const THREADS: usize = 2;

/// A whole day, planned anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptimizeInput {
    /// Which day.
    #[schema(value_type = String)]
    pub date: Date,
    /// Among these technicians; all where left out.
    #[serde(default)]
    pub technician_ids: Option<Vec<String>>,
    /// How long to search, 0.2 to 10; two where left out.
    #[serde(default)]
    pub seconds: Option<f64>,
    /// Shown, or made real.
    #[serde(default)]
    pub mode: Mode,
    /// Make this plan real, exactly as it was shown.
    #[serde(default)]
    pub plan_id: Option<String>,
    /// The position that the asker saw: refused where the day has changed since.
    #[serde(default)]
    pub based_on: Option<Seq>,
}

/// A plan, and whether it is real now.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayPlanAnswer {
    /// True when it was made real.
    pub applied: bool,
    /// The plan.
    #[serde(flatten)]
    pub plan: DayPlan,
}

/// POST /dispatch/optimize
///
/// # Errors
/// 404 for an unknown technician or plan, 409 when overtaken or when the day changed meanwhile, 422 for a bad field.
pub async fn optimize(
    house: web::Data<House>,
    caller: Caller,
    body: Create<OptimizeInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    if input.seconds.is_some_and(|seconds| !SECONDS.contains(&seconds)) {
        return Err(Problem::invalid("/seconds", "A search lasts 0.2 to 10 seconds."));
    }
    if input.plan_id.is_some() && input.mode == Mode::Preview {
        return Err(Problem::invalid("/plan_id", "A plan that was shown can only be applied."));
    }
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let apply = input.mode == Mode::Apply;
            let (snapshot, plan) = match &input.plan_id {
                Some(id) => shown(&house, &input, id).await?,
                None => planned(&house, &input).await?,
            };
            let answer = answer(&plan, apply)?;
            if apply && !plan.changes.is_empty() {
                let why = Circumstances::by(name).with_inbox(marked(inbox, &answer));
                let placements = placements(&house, &snapshot, &plan.changes);
                house.rooms.board(Command::AssignAll { placements }, why).await?;
            } else {
                house.planning.show(plan);
            }
            Ok((StatusCode::OK, answer))
        }
    })
    .await
}

fn answer(plan: &DayPlan, applied: bool) -> Result<Value, Problem> {
    let answer = DayPlanAnswer { applied, plan: plan.clone() };
    serde_json::to_value(answer).map_err(|_| Problem::internal())
}

fn marked(inbox: Option<Inbox>, answer: &Value) -> Option<Inbox> {
    inbox.map(|mark| mark.answering(200, answer.to_string()))
}

/// A plan that was shown, where it still fits.
async fn shown(
    house: &House,
    input: &OptimizeInput,
    id: &str,
) -> Result<(Snapshot, Arc<DayPlan>), Problem> {
    let plan = house.planning.shown(id).filter(|plan| plan.date == input.date);
    let plan = plan.ok_or_else(|| {
        crate::refusals::said(
            StatusCode::NOT_FOUND,
            "optimise.unknown_plan",
            "Ce plan n'est plus en mémoire. Demandez un nouvel aperçu.",
            "This plan is no longer remembered. Ask for another preview.",
        )
        .pointer("/plan_id", "There is no such plan.")
    })?;
    let range = day_of(house, input.date)?;
    let snapshot = Snapshot::take(house, range, None, JobsWanted::Day).await?;
    if !still_fits(&snapshot, &plan) || input.based_on.is_some_and(|seen| seen != plan.based_on) {
        return Err(stale(&snapshot));
    }
    Ok((snapshot, plan))
}

/// A new plan.
async fn planned(
    house: &House,
    input: &OptimizeInput,
) -> Result<(Snapshot, Arc<DayPlan>), Problem> {
    let overtaken = house.planning.ask();
    let _turn = house.planning.turn().await.map_err(|_| Problem::internal())?;
    refuse_overtaken(&overtaken)?;
    let begun = Instant::now();
    let range = day_of(house, input.date)?;
    let snapshot = Snapshot::take(house, range, None, JobsWanted::Day).await?;
    if let Some(seen) = input.based_on
        && snapshot.jobs.iter().any(|one| one.version > seen)
    {
        return Err(stale(&snapshot));
    }
    let day = living(&snapshot, input.technician_ids.as_deref(), &HashSet::new())?;
    let effort = Effort {
        begun,
        lasts: Duration::from_secs_f64(input.seconds.unwrap_or(USUAL_SECONDS)),
        threads: THREADS,
        gently: false,
        most_moves: None,
        overtaken: overtaken.clone(),
    };
    let found = search(house, day.clone(), effort).await?;
    refuse_overtaken(&overtaken)?;
    let plan = Arc::new(worded(house, input.date, &snapshot, &day, &found));
    Ok((snapshot, plan))
}

fn refuse_overtaken(overtaken: &Overtaken) -> Result<(), Problem> {
    if !overtaken() {
        return Ok(());
    }
    Err(crate::refusals::said(
        StatusCode::CONFLICT,
        "optimise.overtaken",
        "Une demande plus récente a pris la place de celle-ci.",
        "A newer request took the place of this one.",
    ))
}

/// The day is another one than that which was seen.
pub(super) fn stale(snapshot: &Snapshot) -> Problem {
    crate::refusals::said(
        StatusCode::CONFLICT,
        "optimise.stale",
        "La journée a changé depuis. Demandez un nouvel aperçu.",
        "The day has changed since. Ask for another preview.",
    )
    .pointer("/based_on", "stale")
    .with("current", snapshot.seq.into())
}
