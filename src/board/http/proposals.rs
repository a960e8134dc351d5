//! Paths of what the planner proposes: seen, taken by a person, or dismissed.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::proposal::{Ended, Proposal};
use actors::board::protocol::Command;
use actors::engine::journal::{Act, CommitError};
use actors::engine::shell::{AskError, Circumstances};
use actors::ids::PlanId;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::board::plan::{JobsWanted, Snapshot, day_of};
use crate::board::replan::{placements, still_fits};
use crate::bundles::together::none_alone;
use crate::error::Problem;
use crate::house::House;
use crate::input::{Asked, Create, listed_whole};

/// `?date=`
#[derive(Deserialize)]
pub struct ProposalsQuery {
    date: Option<Date>,
}

/// Nothing is to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictInput {}

/// GET /dispatch/proposals
///
/// # Errors
/// When the database cannot be read.
pub async fn proposals(
    house: web::Data<House>,
    query: Asked<ProposalsQuery>,
) -> Result<HttpResponse, Problem> {
    let mut items = known(&house).await?;
    items.retain(|one| query.date.is_none_or(|date| one.plan.date == date));
    Ok(listed_whole(&items))
}

async fn known(house: &House) -> Result<Vec<Proposal>, Problem> {
    let mut connection = house.read().await?;
    Ok(crate::board::store::proposals(&mut connection).await?)
}

/// POST /dispatch/proposals/{id}/accept
///
/// # Errors
/// 404 once it is over, 409 when the day has moved on: it is dropped then.
pub async fn accept(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
    body: Create<VerdictInput>,
) -> Result<HttpResponse, Problem> {
    let (_, once) = body.split();
    let id = path.into_inner();
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let found = known(&house).await?.into_iter().find(|one| one.plan.id.as_str() == id);
            let proposal = found.ok_or_else(over)?;
            let plan = &proposal.plan;
            let range = day_of(&house, plan.date)?;
            let snapshot = Snapshot::take(&house, range, None, JobsWanted::Day).await?;
            // It would hold again were the bundle taken apart: it stays, and says so.
            none_alone(&house, plan.changes.iter().map(|change| &change.job_id)).await?;
            if !still_fits(&snapshot, plan) {
                return Err(drop_it(&house, &plan.id).await);
            }
            let answer =
                json!({ "proposal_id": plan.id, "applied": true, "changes": plan.changes });
            let mark = inbox.map(|mark| mark.answering(200, answer.to_string()));
            let placements = placements(&house, &snapshot, &plan.changes);
            let command = Command::Accept { plan_id: plan.id.clone(), placements };
            let act = Act { label: Some(plan.id.as_str().into()), ..Act::default() };
            let why = Circumstances::by(name).with_inbox(mark).as_act(act);
            match house.rooms.board(command, why).await {
                Ok(_) => {
                    // It may be taken back, like a plan that somebody asked for.
                    house.planning.show(std::sync::Arc::new(plan.clone()));
                    Ok((StatusCode::OK, answer))
                }
                Err(
                    AskError::Commit(CommitError::Stale { .. } | CommitError::Overlap { .. })
                    | AskError::Refused(_),
                ) => Err(drop_it(&house, &plan.id).await),
                Err(error) => Err(error.into()),
            }
        }
    })
    .await
}

/// POST /dispatch/proposals/{id}/dismiss
///
/// # Errors
/// 404 once it is over.
pub async fn dismiss(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
    body: Create<VerdictInput>,
) -> Result<HttpResponse, Problem> {
    let (_, once) = body.split();
    let id = path.into_inner();
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let answer = json!({ "proposal_id": id, "dismissed": true });
            let mark = inbox.map(|mark| mark.answering(200, answer.to_string()));
            let command =
                Command::Dismiss { plan_id: PlanId::from_text(&id), how: Ended::Dismissed };
            house.rooms.board(command, Circumstances::by(name).with_inbox(mark)).await?;
            Ok((StatusCode::OK, answer))
        }
    })
    .await
}

fn over() -> Problem {
    crate::refusals::refused(&actors::board::protocol::BoardRefusal::NoProposal)
}

/// Takes down what no longer fits, and says so.
async fn drop_it(house: &House, id: &PlanId) -> Problem {
    let command = Command::Dismiss { plan_id: id.clone(), how: Ended::Stale };
    // Somebody may have been faster: it is gone either way.
    if let Err(error) = house.rooms.board(command, Circumstances::by("planner")).await {
        tracing::debug!(%error, "a proposal was gone already");
    }
    crate::refusals::said(
        StatusCode::CONFLICT,
        "planner.stale",
        "La journée a changé depuis : cette proposition ne tient plus.",
        "The day has changed since: this proposal no longer holds.",
    )
}
