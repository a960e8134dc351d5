//! Paths of drafts: looked at, dropped, published.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::protocol::{Command, DraftEntry};
use actors::engine::shell::Circumstances;
use actors::ids::JobId;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::board::digests::foretold;
use crate::board::plan::day_of;
use crate::board::publishing::{Judged, Rules, judge};
use crate::error::Problem;
use crate::house::House;
use crate::input::Create;
use crate::refusals::conflict;

/// Shown, or made real.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PublishMode {
    /// Made real: technicians and customers are told.
    #[default]
    Publish,
    /// Shown only: what would change, whom it would tell, what stands in the way.
    Preview,
}

/// Drafts become promises.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishInput {
    /// Of which day.
    #[schema(value_type = String)]
    pub date: Date,
    /// For these technicians; all where left out.
    #[serde(default)]
    pub technician_ids: Option<Vec<String>>,
    /// Of this change-set; all where left out.
    #[serde(default)]
    pub draft: Option<String>,
    /// Only these jobs.
    #[serde(default)]
    pub job_ids: Option<Vec<String>>,
    /// Shown, or made real.
    #[serde(default)]
    pub mode: PublishMode,
    /// What can be published is, also where something cannot: 207 then.
    #[serde(default)]
    pub partial: bool,
    /// Customers who cannot be told stand in the way.
    #[serde(default)]
    pub strict: bool,
}

/// POST /dispatch/publish
///
/// # Errors
/// 409 with the reason per job where something stands in the way, 422 when there is nothing to publish.
pub async fn publish(
    house: web::Data<House>,
    caller: Caller,
    body: Create<PublishInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let range = day_of(&house, input.date)?;
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let entries = wanted(&house, &input, range).await?;
            let preview = input.mode == PublishMode::Preview;
            let rules = Rules { strict: input.strict, telling: preview };
            let judged = judge(&house, entries, range, rules).await?;
            if preview {
                let mut seen = answer(&judged, false);
                seen["technician_texts"] = json!(foretold(&house, &judged).await?);
                return Ok((StatusCode::OK, seen));
            }
            if judged.results.is_empty() {
                return Err(crate::refusals::refused(
                    &actors::board::protocol::BoardRefusal::NothingToPublish,
                ));
            }
            let whole = judged.good.len() == judged.results.len();
            if judged.good.is_empty() || !whole && !input.partial {
                return Err(in_the_way(&judged));
            }
            let answer = answer(&judged, true);
            let status = if whole { StatusCode::OK } else { StatusCode::MULTI_STATUS };
            let mark = inbox.map(|mark| mark.answering(status.as_u16(), answer.to_string()));
            let why = Circumstances::by(name).with_inbox(mark);
            house.rooms.board(judged.command(&house), why).await?;
            Ok((status, answer))
        }
    })
    .await
}

async fn wanted(
    house: &House,
    input: &PublishInput,
    range: actors::technicians::protocol::Span,
) -> Result<Vec<DraftEntry>, Problem> {
    let mut connection = house.read().await?;
    let mut entries = crate::board::store::drafts(&mut connection, input.draft.as_deref()).await?;
    // Whoever names one job of a stop means the stop.
    let named = match &input.job_ids {
        Some(ids) => Some(crate::bundles::store::with_stops(&mut connection, ids).await?),
        None => None,
    };
    entries.retain(|entry| {
        let of = |ids: &Option<Vec<String>>, id: &str| {
            ids.as_ref().is_none_or(|ids| ids.iter().any(|one| one == id))
        };
        range.contains(entry.visit.start)
            && of(&input.technician_ids, entry.visit.technician_id.as_str())
            && of(&named, entry.visit.job_id.as_str())
    });
    Ok(entries)
}

fn answer(judged: &Judged, published: bool) -> Value {
    let good: Vec<&JobId> = judged.good.iter().map(|at| &judged.results[*at].job_id).collect();
    let mut by: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for at in &judged.good {
        if let Some(after) = &judged.results[*at].after {
            *by.entry(after.technician_id.as_str()).or_default() += 1;
        }
    }
    json!({
        "published": if published { json!(good) } else { json!([]) },
        "technicians": by,
        "results": judged.results,
        "days": judged.days,
        "publishable": judged.good.len(),
    })
}

fn in_the_way(judged: &Judged) -> Problem {
    let refused = judged.results.iter().filter(|one| !one.refusals.is_empty());
    let first = refused.clone().find_map(|one| one.refusals.first().map(|why| (one, why)));
    let (fr, en) = first.map_or_else(Default::default, |(one, why)| {
        (
            format!(" {} : {}", one.customer_name, why.fr),
            format!(" {}: {}", one.customer_name, why.en),
        )
    });
    let (n, all) = (refused.count(), judged.results.len());
    conflict(
        "board.not_publishable",
        &format!("{n} sur {all} ne peuvent pas être publiées.{fr}"),
        &format!("{n} of {all} cannot be published.{en}"),
    )
    .with("results", json!(judged.results))
}

/// Entries to throw away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DropInput {
    /// Of this change-set.
    pub draft: String,
    /// Only these jobs; all of it where left out.
    #[serde(default)]
    pub job_ids: Option<Vec<String>>,
}

/// POST /dispatch/drafts/drop
///
/// # Errors
/// 404 where the draft has no such entry.
pub async fn drop_entries(
    house: web::Data<House>,
    caller: Caller,
    body: Create<DropInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let mut connection = house.read().await?;
            let mut jobs: Vec<JobId> = {
                let all = crate::board::store::drafts(&mut connection, Some(&input.draft)).await?;
                all.into_iter().map(|entry| entry.visit.job_id).collect()
            };
            if let Some(ids) = &input.job_ids {
                let ids = crate::bundles::store::with_stops(&mut connection, ids).await?;
                jobs.retain(|job| ids.iter().any(|id| id == job.as_str()));
            }
            drop(connection);
            if jobs.is_empty() {
                return Err(Problem::not_found("draft"));
            }
            let answer = json!({ "dropped": jobs });
            let mark = inbox.map(|mark| mark.answering(200, answer.to_string()));
            let why = Circumstances::by(name).with_inbox(mark);
            house.rooms.board(Command::DropDrafts { jobs }, why).await?;
            Ok((StatusCode::OK, answer))
        }
    })
    .await
}
