//! Paths of taking back and doing again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::journal::Seq;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::carry::{self, Which};
use super::store::{self, Act};
use super::turns;
use super::words::Words;
use crate::auth::Caller;
use crate::error::Problem;
use crate::house::House;
use crate::input::{Asked, Create};

/// Acts that a history shows where nobody says how many.
const SHOWN: i64 = 20;

/// `?limit=`
#[derive(Deserialize)]
pub struct HistoryQuery {
    limit: Option<i64>,
}

/// What is to be taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoInput {
    /// A position of the act, as a job's `version` right after it; the newest act where left out.
    #[serde(default)]
    pub act: Option<Seq>,
}

/// What is to be done again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedoInput {
    /// The act, as the undo named it; what was taken back last where left out.
    #[serde(default)]
    pub act: Option<Seq>,
}

/// One thing that somebody did.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActShape {
    /// Its first position: its name.
    pub act: Seq,
    /// When.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// In words.
    pub what: Words,
    /// Who stands in the way, when and by what, or `never` and why; null where it can be undone.
    pub blocked: Option<Value>,
}

/// What the asker can take back and do again, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// What can be taken back.
    pub undo: Vec<ActShape>,
    /// What can be done again.
    pub redo: Vec<ActShape>,
    /// How long texts wait.
    pub undo_seconds: i64,
}

/// GET /dispatch/undo
///
/// # Errors
/// 422 for a bad limit.
pub async fn history(
    house: web::Data<House>,
    caller: Caller,
    query: Asked<HistoryQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = query.limit.unwrap_or(SHOWN);
    if !(1..=100).contains(&limit) {
        return Err(Problem::invalid("/limit", "1 to 100 acts."));
    }
    let (done, back) = {
        let mut moment = house.moment().await?;
        let done = store::done(&mut moment, &caller.name, limit).await?;
        (done, store::taken_back(&mut moment, &caller.name, limit).await?)
    };
    let names = carry::names(&house).await?;
    let mut undo = Vec::with_capacity(done.len());
    for act in done {
        let events = carry::events_of(&house, &act).await?;
        let blocked = match turns::can_turn(&events) {
            Ok(()) => carry::in_the_way(&house, std::slice::from_ref(&act)).await?,
            Err(Some(why)) => Some(json!({ "never": why.words() })),
            Err(None) => continue,
        };
        undo.push(shape(&act, carry::told(&house, &names, &events), blocked));
    }
    let mut redo = Vec::with_capacity(back.len());
    for act in back {
        let events = carry::events_of(&house, &act).await?;
        let what = carry::told(&house, &names, &events);
        let undoings = {
            let mut moment = house.moment().await?;
            store::undoings(&mut moment, act.first).await?
        };
        let mut inverse = Vec::new();
        for one in &undoings {
            inverse.extend(carry::events_of(&house, one).await?);
        }
        let blocked = match turns::can_turn(&inverse) {
            Err(Some(why)) => Some(json!({ "never": why.words() })),
            _ => carry::in_the_way(&house, &undoings).await?,
        };
        redo.push(shape(&act, what, blocked));
    }
    let undo_seconds = house.policy.undo.as_secs();
    Ok(HttpResponse::Ok().json(History { undo, redo, undo_seconds }))
}

fn shape(act: &Act, what: Words, blocked: Option<Value>) -> ActShape {
    ActShape { act: act.first, at: act.at, what, blocked }
}

/// POST /dispatch/undo
///
/// # Errors
/// 404 where there is nothing, 409 with who changed it since or which rule forbids the way back.
pub async fn undo(
    house: web::Data<House>,
    caller: Caller,
    body: Create<UndoInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let which = input.act.map_or(Which::Newest, Which::At);
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move { Ok((StatusCode::OK, json!(carry::undo(&house, &name, &which, inbox).await?))) }
    })
    .await
}

/// POST /dispatch/redo
///
/// # Errors
/// 404 where there is nothing, 409 with who changed it since or which rule forbids it now.
pub async fn redo(
    house: web::Data<House>,
    caller: Caller,
    body: Create<RedoInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move { Ok((StatusCode::OK, carry::redo(&house, &name, input.act, inbox).await?)) }
    })
    .await
}
