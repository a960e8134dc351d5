//! Paths of the promise ledger.

use actix_web::{HttpResponse, web};
use actors::conversations::protocol::MessageState::Queued;
use actors::event::Event;
use actors::notifications::protocol::{NotificationEvent, Promise};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::store::{self, Told};
use super::{Outcome, outcome};
use crate::board::plan::{day_of, today};
use crate::error::Problem;
use crate::house::House;
use crate::input::{Asked, listed_whole};
use crate::jobs::http::standing;

/// Days that one count may span.
const DAYS_MAX: i32 = 93;

/// GET /jobs/{id}/promises
///
/// # Errors
/// 404.
pub async fn of_job(
    house: web::Data<House>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let held = standing(&house, &id).await?;
    let job = held.job.id.as_str();
    let mut now = house.moment().await?;
    let decided = store::decided(&mut now, job).await?;
    let texts = store::texts(&mut now, job).await?;
    let broken = store::broken(&mut now, job).await?;
    drop(now);
    let state_of = |promise: &Promise| texts.get(&promise.message_id).map(|text| text.state.code());
    let is_said = |promise: &Promise| {
        let state = state_of(promise);
        !matches!(state, None | Some("recalled" | "drafted" | "queued" | "failed"))
    };
    let windows: Vec<i64> = decided
        .iter()
        .filter_map(|(entry, _)| match &entry.event {
            Event::Notifications(NotificationEvent::CustomerShouldKnow {
                promise: Some(promise),
                ..
            }) => Some(promise),
            _ => None,
        })
        .filter(|promise| !promise.is_eta && is_said(promise))
        .map(|promise| promise.number)
        .collect();
    let mut items = Vec::new();
    for (entry, by) in &decided {
        let Event::Notifications(NotificationEvent::CustomerShouldKnow {
            telling,
            promise: Some(promise),
            ..
        }) = &entry.event
        else {
            continue;
        };
        let state = state_of(promise);
        let newer = windows.iter().any(|number| *number > promise.number);
        let visit = held.visit.as_ref();
        let became = outcome(promise, state, newer && !promise.is_eta, visit, house.clock.now());
        // Where a person must approve it first, nobody knows when it leaves.
        let leaves = texts.get(&promise.message_id).filter(|text| text.state == Queued);
        let due_at = leaves.map(|text| text.due_at);
        let name = crate::auth::names::name_of(&house, by).await;
        items.push(json!({
            "by_name": name.as_deref().unwrap_or(by),
            "number": promise.number, "kind": promise.kind, "is_eta": promise.is_eta,
            "start": promise.start, "end": promise.end, "told_at": entry.at, "by": by,
            "channel": "sms", "to": telling.phone, "body": telling.body, "state": state, "due_at": due_at,
            "outcome": became, "broken": broken.get(&promise.number),
        }));
    }
    items.reverse();
    Ok(listed_whole(&items))
}

/// `?from=&to=` in days; today where left out.
#[derive(Deserialize)]
pub struct KeptQuery {
    from: Option<Date>,
    to: Option<Date>,
}

/// GET /promises
///
/// # Errors
/// 422 for days that do not exist or are too many.
pub async fn kept(
    house: web::Data<House>,
    query: Asked<KeptQuery>,
) -> Result<HttpResponse, Problem> {
    let first = query.from.unwrap_or_else(|| today(&house));
    let last = query.to.unwrap_or(first);
    if last < first || (last - first).get_days() >= DAYS_MAX {
        return Err(Problem::invalid("/to", "1 to 93 days, in order."));
    }
    let (start, end) = (day_of(&house, first)?.start, day_of(&house, last)?.end);
    let told = {
        let mut now = house.moment().await?;
        store::of_span(&mut now, start, end).await?
    };
    let now = house.clock.now();
    let mut items: Vec<(Outcome, Value)> = Vec::new();
    for (at, one) in told.iter().enumerate() {
        let promise = &one.promise;
        if promise.is_eta || promise.start < start || promise.start >= end {
            continue;
        }
        let is_newer = |other: &Told| {
            let unsaid = ["recalled", "drafted", "queued", "failed"];
            let said = other.state.as_deref().is_some_and(|state| !unsaid.contains(&state));
            other.job.id == one.job.id && !other.promise.is_eta && said
        };
        let newer = told.iter().skip(at + 1).take_while(|other| other.job.id == one.job.id);
        let newer = { newer }.any(is_newer);
        let became = outcome(promise, one.state.as_deref(), newer, one.visit.as_ref(), now);
        let arrived = one.visit.as_ref().and_then(|visit| visit.on_site_at);
        let row = json!({
            "job_id": one.job.id, "title": one.job.title, "customer_name": one.job.customer_name,
            "number": promise.number, "start": promise.start, "end": promise.end,
            "told_at": promise.told_at, "arrived_at": arrived, "outcome": became,
        });
        items.push((became, row));
    }
    items.retain(|(became, _)| *became != Outcome::Unsaid);
    let count = |of: Outcome| items.iter().filter(|(became, _)| *became == of).count();
    let (kept, late, replaced) =
        (count(Outcome::Kept), count(Outcome::Late), count(Outcome::Replaced));
    let judged = kept + late + replaced;
    // In tenths, rounded: 66.7.
    let tenths = (judged > 0).then(|| (kept * 2000 / judged).div_ceil(2));
    let percent = tenths.and_then(|tenths| u32::try_from(tenths).ok()).map(|n| f64::from(n) / 10.0);
    Ok(HttpResponse::Ok().json(json!({
        "from": first, "to": last, "kept": kept, "late": late, "replaced": replaced,
        "open": count(Outcome::Open), "waiting": count(Outcome::Waiting), "called_off": count(Outcome::CalledOff),
        "kept_percent": percent,
        "items": items.into_iter().map(|(_, row)| row).collect::<Vec<_>>(), "next": null,
    })))
}
