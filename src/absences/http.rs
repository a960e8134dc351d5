//! Paths of an absence with one approval: worked out, changed, approved as one act, or dropped with no trace.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::protocol::{
    Command, DraftEntry, Drafting, Former, Leave, Placement, Reasons, Visit,
};
use actors::engine::shell::Circumstances;
use actors::ids::{AbsenceId, JobId, PlanId, TechnicianId};
use serde_json::{Value, json};

use super::compute::{Computed, absence, compute};
use super::conflicts::{conflicts, versions};
use super::helping::instead;
use super::kept::{self, Asked, Kept};
use super::wire::{
    AbsenceHit, AbsencePlan, AbsencePlanInput, AcceptPlanInput, Choice, ChoicesInput, PlanConflict,
    TakenOver,
};
use crate::auth::Caller;
use crate::board::assign::travel_before;
use crate::board::plan::Snapshot;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Create};
use crate::jobs::store::Standing;
use crate::whatif::store;

/// What a plan's name begins with.
const PREFIX: &str = "leave";

fn gone() -> Problem {
    crate::refusals::missing(
        "absences.no_plan",
        "Ce plan d'absence n'existe plus.",
        "This absence plan no longer exists.",
    )
}

async fn mine(house: &House, caller: &Caller, path: &(String, String)) -> Result<Kept, Problem> {
    kept::of(house, &path.1, &path.0, &caller.name).await?.ok_or_else(gone)
}

fn shown(id: &str, revision: u64, asked: &Asked, now: &Computed) -> AbsencePlan {
    AbsencePlan {
        id: id.to_owned(),
        revision,
        technician_id: now.known.technician.id.to_string(),
        technician_name: now.known.technician.name.clone(),
        start: asked.start,
        end: asked.end,
        reason: asked.reason.clone(),
        absence_id: asked.replaces.as_ref().map(AbsenceId::to_string),
        visits: now.hits.clone(),
        begun: now.begun.clone(),
        before: now.before,
        after: now.after,
        texts: now.texts.texts.clone(),
        recalled: now.texts.recalled.clone(),
        seq: now.seq,
    }
}

/// POST /technicians/{id}/absences/plan: nothing is reported, moved or sent.
///
/// # Errors
/// 404 for an unknown technician, 409 where they are away already, 422 naming the field.
pub async fn plan(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
    body: Body<AbsencePlanInput>,
) -> Result<HttpResponse, Problem> {
    let input = body.0;
    let (technician, replaces) = {
        let mut connection = house.read().await?;
        let known = crate::technicians::store::one(&mut connection, &path).await?;
        let known = known.ok_or_else(|| Problem::not_found("technician"))?.technician;
        let wanted = input.absence_id.as_deref().map(AbsenceId::from_text);
        (known.id, wanted)
    };
    let asked = Asked {
        technician_id: technician,
        start: input.start,
        end: input.end,
        reason: input::reason(input.reason, "/reason")?,
        replaces,
        choices: Default::default(),
    };
    let now = compute(&house, &asked).await?;
    let made_at = house.clock.now();
    let id = PlanId::new(made_at, house.entropy());
    let id = id.as_str().replacen(PlanId::PREFIX, PREFIX, 1);
    let shown = shown(&id, 1, &asked, &now);
    let (owner, versions) = (caller.name.clone(), versions(&now));
    let kept = Kept { owner, made_at, asked, versions, shown };
    store::keep(&house, &kept).await?;
    Ok(HttpResponse::Created().json(kept.shown))
}

/// GET /technicians/{id}/absences/plan/{plan}: as it was shown.
///
/// # Errors
/// 404 once it is dropped, and for everybody else.
pub async fn one(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(mine(&house, &caller, &path).await?.shown))
}

/// PATCH /technicians/{id}/absences/plan/{plan}: other choices; everything else is worked out anew, on the day as it is now.
///
/// # Errors
/// 404 once it is dropped, 422 for a choice that the rules forbid.
pub async fn choose(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<(String, String)>,
    body: Body<ChoicesInput>,
) -> Result<HttpResponse, Problem> {
    let mut kept = mine(&house, &caller, &path).await?;
    for (index, one) in body.0.choices.into_iter().enumerate() {
        if !kept.shown.visits.iter().any(|visit| visit.job_id == one.job_id) {
            let why = "The absence does not hit this job.";
            return Err(Problem::invalid(format!("/choices/{index}/job_id"), why));
        }
        // One choice is made for a whole stop.
        let of = |visit: &&AbsenceHit| visit.job_id == one.job_id;
        let bundle = kept.shown.visits.iter().find(of).and_then(|visit| visit.bundle.clone());
        let is_mate = |visit: &&AbsenceHit| bundle.is_some() && visit.bundle == bundle;
        let mates = kept.shown.visits.iter().filter(is_mate).map(|visit| visit.job_id.clone());
        for id in mates.chain([one.job_id.clone()]) {
            match &one.choice {
                Choice::Proposal => kept.asked.choices.remove(&id),
                other => kept.asked.choices.insert(id, other.clone()),
            };
        }
    }
    let now = compute(&house, &kept.asked).await?;
    kept.shown = shown(&kept.shown.id, kept.shown.revision + 1, &kept.asked, &now);
    kept.versions = versions(&now);
    store::keep(&house, &kept).await?;
    Ok(HttpResponse::Ok().json(kept.shown))
}

/// DELETE /technicians/{id}/absences/plan/{plan}: nothing of it remains.
///
/// # Errors
/// 404 once it is dropped.
pub async fn forget(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    mine(&house, &caller, &path).await?;
    store::forget(&house, &path.1).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// POST /technicians/{id}/absences/plan/{plan}/accept: the absence and every visit as one act, or nothing.
///
/// # Errors
/// 404 once it is dropped, 409 with what the living day has overtaken and who changed what.
pub async fn accept(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<(String, String)>,
    body: Create<AcceptPlanInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let path = path.into_inner();
    once.answer(&house, &caller, |inbox| {
        let (house, caller) = (house.clone(), caller.clone());
        async move {
            let mut kept = mine(&house, &caller, &path).await?;
            let said = input::reason(input.reason.clone(), "/reason")?;
            kept.asked.reason = said.or(kept.asked.reason);
            if kept.shown.revision != input.revision {
                return Err(overtaken(&[]).with("current", json!(kept.shown)));
            }
            let now = compute(&house, &as_shown(&kept)).await;
            let found = conflicts(&house, &kept, now.as_ref().ok()).await?;
            let now = match now {
                Ok(now) if found.is_empty() => now,
                Err(problem) if found.is_empty() => return Err(no_longer(&problem)),
                _ => return Err(overtaken(&found).with("conflicts", json!(found))),
            };
            let leave = leave(&house, &caller, &kept, &now)?;
            let ids: Vec<&str> = now.hits.iter().map(|hit| hit.job_id.as_str()).collect();
            let answer = json!({
                "accepted": true, "absence": leave.absence, "job_ids": ids,
                "dropped": dropped(&now.hits, &leave),
            });
            let mark = inbox.map(|mark| mark.answering(200, answer.to_string()));
            let why = Circumstances::by(caller.name.clone()).with_inbox(mark);
            house.rooms.board(Command::Leave(Box::new(leave)), why).await?;
            store::forget(&house, &path.1).await?;
            Ok((StatusCode::OK, answer))
        }
    })
    .await
}

/// What drafts lose by it: named, since a draft is seen by whoever looks into it alone.
fn dropped(hits: &[AbsenceHit], leave: &Leave) -> Vec<Value> {
    let is_dropped = |hit: &&AbsenceHit| leave.dropped.iter().any(|id| id.as_str() == hit.job_id);
    let named = hits.iter().filter(is_dropped).map(|hit| {
        let draft = hit.draft.as_ref().or(hit.drops.as_ref());
        json!({
            "job_id": hit.job_id, "title": hit.title, "customer_name": hit.customer_name,
            "draft": draft,
        })
    });
    named.collect()
}

/// The same question with every visit where the plan showed it.
fn as_shown(kept: &Kept) -> Asked {
    let choice = |one: &AbsenceHit| match &one.to {
        Some(to) => {
            Choice::Technician { technician_id: to.technician_id.clone(), start: Some(to.start) }
        }
        None if one.helps => Choice::Short,
        None => Choice::Pool,
    };
    let visits = kept.shown.visits.iter();
    let choices = visits.map(|one| (one.job_id.clone(), choice(one))).collect();
    Asked { choices, ..kept.asked.clone() }
}

fn overtaken(found: &[PlanConflict]) -> Problem {
    let problem = crate::refusals::conflict(
        "absences.overtaken",
        "La journée a changé depuis ; ce plan ne tient plus en entier. Rien n'a été fait, rien n'est parti.",
        "The day has changed since; this plan no longer holds as a whole. Nothing was done, nothing was sent.",
    );
    let Some(first) = found.iter().find(|one| one.changed_by.is_some()) else { return problem };
    problem
        .with("changed_by", json!(first.changed_by))
        .with("changed_by_name", json!(first.changed_by_name))
        .with("changed_at", json!(first.changed_at))
}

/// A place that the rules no longer allow, though nothing that was looked at has changed.
fn no_longer(problem: &Problem) -> Problem {
    overtaken(&[]).with("because", json!(problem.detail()))
}

/// The one command that makes the plan real.
fn leave(house: &House, caller: &Caller, kept: &Kept, now: &Computed) -> Result<Leave, Problem> {
    let who = &now.known.technician;
    let mut absence = absence(&kept.asked);
    if kept.asked.replaces.is_none() {
        absence.id = AbsenceId::new(house.clock.now(), house.entropy());
    }
    let mut visits = Former::default();
    let (mut drafts, mut dropped) = (Vec::new(), Vec::new());
    for hit in &now.hits {
        let day = now.days.iter().find(|day| day.range.contains(hit.start));
        let day = day.ok_or_else(Problem::internal)?;
        let standing = now.standing(hit).ok_or_else(Problem::internal)?;
        let drafting = |name: &String| {
            let by = caller.name.clone();
            Drafting { name: name.as_str().into(), by }
        };
        let entry = now.drafted(hit);
        let stands = entry.or(standing.visit.as_ref());
        if hit.helps {
            let visit = stands.ok_or_else(Problem::internal)?;
            let other = hit.to.as_ref();
            match &hit.draft {
                Some(draft) => drafts.push((
                    helped(house, day, (standing, visit), other, &who.id)?,
                    drafting(draft),
                )),
                None if other.is_some() => {
                    visits.placements.push(helped(house, day, (standing, visit), other, &who.id)?);
                }
                // It stands and is short of one: the board sees to that by itself.
                None => {}
            }
            continue;
        }
        let to = hit.to.as_ref().map(|to| -> Result<Placement, Problem> {
            let id = &to.technician_id;
            let (_, crew) = day.technician(id).ok_or_else(Problem::internal)?;
            let travel_min = travel_before(house, crew, standing, to.start);
            let reasons = because(&who.name, &caller.name);
            let placed = day.placement(house, standing, id, to.start, travel_min, reasons);
            let mut placed = placed.ok_or_else(Problem::internal)?;
            placed.pinned = stands.is_some_and(|visit| visit.pinned);
            // Whoever and whatever goes along in a draft stands there alone.
            if let Some(visit) = entry {
                placed.crew = day.crew(house, id, Some(visit));
            }
            Ok(placed)
        });
        match (to.transpose()?, &hit.draft) {
            (Some(placed), Some(draft)) => drafts.push((placed, drafting(draft))),
            (None, Some(_)) => dropped.push(standing.job.id.clone()),
            (Some(placed), None) => visits.placements.push(placed),
            (None, None) => visits.into_pool.push(pooled(standing)),
        }
    }
    drafts.extend(short_of_one(house, caller, now)?);
    // A draft of what stands as well goes with it.
    let doubled = now.hits.iter().filter(|hit| hit.drops.is_some());
    dropped.extend(doubled.map(|hit| JobId::from_text(&hit.job_id)));
    Ok(Leave {
        technician: who.clone(),
        technician_version: now.known.version,
        absence,
        replaces: kept.asked.replaces.clone(),
        visits,
        drafts,
        dropped,
    })
}

/// Drafts of visits that stand as well, where whoever is away only goes along: each keeps its hour, with one person fewer.
fn short_of_one(
    house: &House,
    caller: &Caller,
    now: &Computed,
) -> Result<Vec<(Placement, Drafting)>, Problem> {
    let of = |(entry, standing): &(DraftEntry, Standing)| {
        let day = now.days.iter().find(|day| day.range.contains(entry.visit.start));
        let day = day.ok_or_else(Problem::internal)?;
        let visit = (standing, &entry.visit);
        let placed = helped(house, day, visit, None, &now.known.technician.id)?;
        Ok((placed, Drafting { name: entry.draft.clone(), by: caller.name.clone() }))
    };
    now.short.iter().map(of).collect()
}

/// A visit at its hour and with its lead, with another assistant, or with one fewer.
fn helped(
    house: &House,
    day: &Snapshot,
    (standing, visit): (&Standing, &Visit),
    other: Option<&TakenOver>,
    away: &TechnicianId,
) -> Result<Placement, Problem> {
    let after = instead(visit, away, other.map(|to| to.technician_id.as_str()));
    let lead = visit.technician_id.as_str();
    let reasons = Reasons::default();
    let placed = day.placement(house, standing, lead, visit.start, visit.travel_min, reasons);
    let mut placed = placed.ok_or_else(Problem::internal)?;
    placed.visit_id = visit.id.clone();
    placed.crew = day.crew(house, lead, Some(&after));
    placed.pinned = visit.pinned;
    placed.overrides.clone_from(&visit.overrides);
    let (fr, en) = match other.map(|to| &to.technician_name) {
        Some(name) => (
            format!("{name} y va à la place de qui est absent."),
            format!("{name} goes along instead of whoever is away."),
        ),
        None => (
            "Se fait avec une personne de moins : quelqu'un est absent.".to_owned(),
            "Goes with one person fewer: somebody is away.".to_owned(),
        ),
    };
    placed.reasons = Reasons { fr: vec![fr], en: vec![en] };
    Ok(placed)
}

fn pooled(standing: &Standing) -> (Box<actors::jobs::protocol::Job>, i64) {
    (Box::new(standing.job.clone()), standing.version)
}

fn because(away: &str, by: &str) -> Reasons {
    Reasons {
        fr: vec![format!("{away} est absent ; le remplacement a été approuvé par {by}.")],
        en: vec![format!("{away} is away; the replacement was approved by {by}.")],
    }
}
