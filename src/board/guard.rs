//! A dispatcher's move that would break what a customer was told: refused with what it breaks and with the text that would
//! go, until a reason is given. Applies only where the request asks for it, as the board always does.

use std::sync::Arc;

use actors::board::protocol::{Breaking, Placement, Visit, VisitStatus};
use actors::ids::JobId;
use actors::jobs::protocol::Job;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;
use crate::notifications::foretell::{Then, foretell};
use crate::refusals::conflict;

/// The code of the refusal.
pub const BROKEN: &str = "promise.broken";

/// A promise is broken knowingly.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakInput {
    /// Why; kept with the name of who says so.
    pub reason: String,
    /// Whether the customer is told.
    pub tell: bool,
}

/// A draft's name, or none for an empty one.
///
/// # Errors
/// 422 for one that is too long.
pub fn draft_name(name: Option<String>) -> Result<Option<String>, Problem> {
    let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    if name.as_ref().is_some_and(|name| name.chars().count() > 100) {
        return Err(Problem::invalid("/draft", "A draft's name has 100 characters at most."));
    }
    Ok(name)
}

/// What a placement breaks knowingly; none where it breaks nothing.
///
/// # Errors
/// 409 with the promise and the text where nobody said why, 422 without a reason.
pub async fn judged_placement(
    house: &House,
    placement: &Placement,
    guard: bool,
    asked: Option<&BreakInput>,
    by: &Arc<str>,
) -> Result<Option<Box<Breaking>>, Problem> {
    if !guard && asked.is_none() {
        return Ok(None);
    }
    let visit = as_visit(placement);
    let then = Then::Planned(&visit, &placement.technician);
    judged(house, &placement.job.id, then, guard, asked, by).await
}

/// The same of one move and of all that goes along with it; each placement gets its own.
///
/// # Errors
/// As for one; of several all that would break are named in `broken`.
pub async fn judged_moves(
    house: &House,
    moved: &mut [Placement],
    guard: bool,
    asked: Option<&BreakInput>,
    by: &Arc<str>,
) -> Result<(), Problem> {
    match moved {
        [one] => one.breaks = judged_placement(house, one, guard, asked, by).await?,
        all => {
            judged_several(house, all, &[], guard, asked, by).await?;
        }
    }
    Ok(())
}

/// The visit that a placement would make.
pub fn as_visit(placement: &Placement) -> Visit {
    let job = &placement.job;
    Visit {
        id: placement.visit_id.clone(),
        job_id: job.id.clone(),
        technician_id: placement.technician.id.clone(),
        assistants: crate::board::crew::ids(&placement.crew),
        materials: crate::board::crew::material_ids(&placement.crew),
        start: placement.start,
        end: placement.start + SignedDuration::from_mins(job.duration_min),
        status: VisitStatus::Planned,
        pinned: placement.pinned,
        travel_min: placement.travel_min,
        overrides: placement.overrides.clone(),
        lat: job.lat,
        lon: job.lon,
        kind: job.kind.clone(),
        en_route_at: None,
        on_site_at: None,
        finished_at: None,
    }
}

/// What several moves in one act break knowingly: each placement gets its own, and those of the jobs that leave for the pool
/// are answered.
///
/// # Errors
/// 409 with the first promise that nobody gave a reason for, and all of them in `broken`; 422 without a reason.
pub async fn judged_several(
    house: &House,
    placements: &mut [Placement],
    off: &[(Box<Job>, i64)],
    guard: bool,
    asked: Option<&BreakInput>,
    by: &Arc<str>,
) -> Result<Vec<Breaking>, Problem> {
    let mut first = None;
    let mut all = Vec::new();
    let mut note = |job: &Job, problem: Problem| {
        if problem.code() != BROKEN {
            return Err(problem);
        }
        let told = problem.to_json();
        let part = |name: &str| told.get(name).cloned().unwrap_or_default();
        all.push(json!({
            "job_id": job.id, "title": job.title, "customer_name": job.customer_name,
            "promise": part("promise"), "text": part("text"),
            "no_phone": part("no_phone"), "no_consent": part("no_consent"),
        }));
        first.get_or_insert(problem);
        Ok(())
    };
    for placement in placements {
        match judged_placement(house, placement, guard, asked, by).await {
            Ok(breaks) => placement.breaks = breaks,
            Err(problem) => note(&placement.job, problem)?,
        }
    }
    let mut broken = Vec::new();
    for (job, _) in off {
        match judged(house, &job.id, Then::Removed, guard, asked, by).await {
            Ok(breaks) => broken.extend(breaks.map(|breaking| *breaking)),
            Err(problem) => note(job, problem)?,
        }
    }
    match first {
        Some(problem) => Err(problem.with("broken", json!(all))),
        None => Ok(broken),
    }
}

/// The same for any change of a job.
///
/// # Errors
/// As for a placement.
pub async fn judged(
    house: &House,
    job: &JobId,
    then: Then<'_>,
    guard: bool,
    asked: Option<&BreakInput>,
    by: &Arc<str>,
) -> Result<Option<Box<Breaking>>, Problem> {
    if !guard && asked.is_none() {
        return Ok(None);
    }
    let reason = asked.map(|asked| asked.reason.trim().to_owned());
    if reason.as_ref().is_some_and(|reason| reason.is_empty() || reason.chars().count() > 500) {
        return Err(Problem::invalid("/break_promise/reason", "1 to 500 characters are needed."));
    }
    let foretold = foretell(house, job, then).await?;
    let Some(promise) = foretold.breaks else { return Ok(None) };
    let start = match then {
        Then::Planned(visit, _) => Some(visit.start),
        Then::Removed => None,
    };
    if let (Some(asked), Some(reason)) = (asked, reason) {
        return Ok(Some(Box::new(Breaking {
            job_id: job.clone(),
            promise,
            reason,
            tell: asked.tell,
            by: by.clone(),
            start,
        })));
    }
    let hour = |at, language| crate::texts::times::clock(at, &house.policy.zone, language);
    let (fr, en) = (crate::texts::Language::Fr, crate::texts::Language::En);
    let (from, to) = (promise.start, promise.end);
    Err(conflict(
        BROKEN,
        &format!(
            "Le client attend entre {} et {} : un texto le lui a dit.",
            hour(from, fr),
            hour(to, fr)
        ),
        &format!(
            "The customer expects somebody between {} and {}: a text said so.",
            hour(from, en),
            hour(to, en)
        ),
    )
    .with("promise", json!(promise))
    .with("text", json!(foretold.customer))
    .with("no_phone", foretold.no_phone.into())
    .with("no_consent", foretold.no_consent.into()))
}
