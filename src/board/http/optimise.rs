//! The path of a whole day's plan: computed outside every actor on a snapshot, shown, or applied in one commit.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::proposal::DayPlan;
use actors::board::protocol::Command;
use actors::engine::journal::{Act, Inbox, Seq};
use actors::engine::shell::Circumstances;
use actors::workers::planner::Overtaken;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::board::day::living;
use crate::board::plan::{JobsWanted, Snapshot, day_of};
use crate::board::replan::{Effort, left_bundled, placements, search, still_fits, worded};
use crate::bundles::together::none_alone;
use crate::error::Problem;
use crate::house::House;
use crate::input::Create;
use crate::undo::{Which, undo};

/// Shortest and longest search, seconds.
const SECONDS: std::ops::RangeInclusive<f64> = 0.2..=10.0;
/// Search where nobody says how long.
const USUAL_SECONDS: f64 = 2.0;
/// Threads of a search.
const THREADS: usize = 2;

/// What is to become of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlanMode {
    /// Shown only.
    #[default]
    Preview,
    /// Made real: customers and technicians are told.
    Apply,
    /// A plan that was made real is taken back, while every visit still stands where it put it.
    Undo,
}

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
    /// Shown, made real, or taken back.
    #[serde(default)]
    pub mode: PlanMode,
    /// Make this plan real, exactly as it was shown; or take it back.
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
    match (&input.plan_id, input.mode) {
        (Some(_), PlanMode::Preview) => {
            return Err(Problem::invalid("/plan_id", "A plan that was shown can only be applied."));
        }
        (None, PlanMode::Undo) => {
            return Err(Problem::invalid("/plan_id", "Name the plan that is taken back."));
        }
        _ => {}
    }
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            if input.mode == PlanMode::Undo {
                return undone(&house, &input, name, inbox).await;
            }
            let apply = input.mode == PlanMode::Apply;
            let (snapshot, plan) = match &input.plan_id {
                Some(id) => shown(&house, &input, id).await?,
                None => planned(&house, &input).await?,
            };
            let answer = answer(&plan, apply)?;
            if apply && !plan.changes.is_empty() {
                let act = Act { label: Some(plan.id.as_str().into()), ..Act::default() };
                let why = Circumstances::by(name).with_inbox(marked(inbox, &answer)).as_act(act);
                let placements = placements(&house, &snapshot, &plan.changes);
                house.rooms.board(Command::AssignAll { placements }, why).await?;
            }
            // A plan that was applied is remembered as well: it may be taken back.
            house.planning.show(plan);
            Ok((StatusCode::OK, answer))
        }
    })
    .await
}

/// Takes a plan back, by the same way as everything else.
async fn undone(
    house: &House,
    input: &OptimizeInput,
    name: Arc<str>,
    inbox: Option<Inbox>,
) -> Result<(StatusCode, Value), Problem> {
    let id = input.plan_id.as_deref().unwrap_or_default();
    let which = Which::Labelled(id.to_owned());
    match undo(house, &name, &which, inbox).await {
        Ok(told) => {
            // After a restart the plan itself is not remembered any more; what was taken back is.
            let plan = remembered(house, input, id).ok();
            let answer = plan
                .map_or(Ok(json!({ "applied": false, "id": id })), |plan| answer(&plan, false))?;
            let mut answer = answer;
            if let Some(fields) = answer.as_object_mut() {
                fields.insert("undone".to_owned(), told);
            }
            Ok((StatusCode::OK, answer))
        }
        Err(problem) if problem.code() == "undo.nothing" => {
            let plan = remembered(house, input, id)?;
            // It was shown, and never made real.
            Err(stale_at(plan.based_on))
        }
        Err(problem) if problem.status() == StatusCode::CONFLICT => {
            Err(stale_at(house.head()).with("because", problem.to_json()))
        }
        Err(problem) => Err(problem),
    }
}

fn answer(plan: &DayPlan, applied: bool) -> Result<Value, Problem> {
    let answer = DayPlanAnswer { applied, plan: plan.clone() };
    serde_json::to_value(answer).map_err(|_| Problem::internal())
}

fn marked(inbox: Option<Inbox>, answer: &Value) -> Option<Inbox> {
    inbox.map(|mark| mark.answering(200, answer.to_string()))
}

/// A plan that was shown.
fn remembered(house: &House, input: &OptimizeInput, id: &str) -> Result<Arc<DayPlan>, Problem> {
    let plan = house.planning.shown(id).filter(|plan| plan.date == input.date);
    plan.ok_or_else(|| {
        crate::refusals::said(
            StatusCode::NOT_FOUND,
            "optimise.unknown_plan",
            "Ce plan n'est plus en mémoire. Demandez un nouvel aperçu.",
            "This plan is no longer remembered. Ask for another preview.",
        )
        .pointer("/plan_id", "There is no such plan.")
    })
}

/// A plan that was shown, where it still fits.
async fn shown(
    house: &House,
    input: &OptimizeInput,
    id: &str,
) -> Result<(Snapshot, Arc<DayPlan>), Problem> {
    let plan = remembered(house, input, id)?;
    let range = day_of(house, input.date)?;
    let snapshot = Snapshot::take(house, range, None, JobsWanted::Day).await?;
    none_alone(house, plan.changes.iter().map(|change| &change.job_id)).await?;
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
    let mut plan = worded(house, input.date, &snapshot, &day, &found);
    plan.unassigned.extend(left_bundled(house, &snapshot, |_| true).await?);
    Ok((snapshot, Arc::new(plan)))
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
    stale_at(snapshot.seq)
}

fn stale_at(seq: Seq) -> Problem {
    crate::refusals::said(
        StatusCode::CONFLICT,
        "optimise.stale",
        "La journée a changé depuis. Demandez un nouvel aperçu.",
        "The day has changed since. Ask for another preview.",
    )
    .pointer("/based_on", "stale")
    .with("current", seq.into())
}
