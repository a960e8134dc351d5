//! Paths of what the arithmetic offers: the house rule for a day, and where one job could go.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::protocol::{Command, Placement, Reasons};
use actors::engine::journal::CommitError;
use actors::engine::shell::{AskError, Circumstances};
use actors::ids::{JobId, TechnicianId};
use actors::jobs::protocol::JobStatus;
use actors::technicians::protocol::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use scheduler::day::Assigned;
use scheduler::explain::Words;
use scheduler::rank::Search;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::imagined::{ImaginedJob, imagined};
use crate::auth::Caller;
use crate::board::assign::travel_before;
use crate::board::crew::SLOTS_MAX;
use crate::board::plan::{JobsWanted, Snapshot, day_of, reasons, times, words};
use crate::board::risk::{said, spare_min};
use crate::calendars::outside;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::Create;
use crate::jobs::http::standing;

/// Shown, or made real.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Shown only.
    #[default]
    Preview,
    /// Made real: customers and technicians are told.
    Apply,
}

/// The house rule for a day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AutoAssignInput {
    /// Which day.
    #[schema(value_type = String)]
    pub date: Date,
    /// These jobs; the pool of the day where left out.
    #[serde(default)]
    pub job_ids: Option<Vec<String>>,
    /// Shown, or made real.
    #[serde(default)]
    pub mode: Mode,
}

/// Where could a job go?
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestInput {
    /// A job there is.
    #[serde(default)]
    pub job_id: Option<String>,
    /// Or one there might be.
    #[serde(default)]
    pub job: Option<ImaginedJob>,
    /// Earliest start; now where left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub from: Option<Timestamp>,
    /// Latest start; the end of the day of `from` where left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub to: Option<Timestamp>,
    /// How many slots at most.
    #[serde(default)]
    pub limit: Option<usize>,
}

#[derive(Serialize)]
struct AssignedShape {
    job_id: JobId,
    technician_id: TechnicianId,
    start: Timestamp,
    end: Timestamp,
    added_travel_min: i64,
    reasons: Reasons,
    rejected: Vec<RejectedShape>,
}

#[derive(Serialize)]
struct RejectedShape {
    technician_id: String,
    reasons: Reasons,
}

/// POST /dispatch/auto-assign
///
/// # Errors
/// 404 for an unknown job, 409 when the board changes faster than it can be planned.
pub async fn auto_assign(
    house: web::Data<House>,
    caller: Caller,
    body: Create<AutoAssignInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let mut race = 0;
            loop {
                race += 1;
                let planned = by_house_rule(&house, &input).await?;
                if input.mode == Mode::Preview || planned.placements.is_empty() {
                    let applied = input.mode == Mode::Apply;
                    return Ok((StatusCode::OK, planned.answer(applied)));
                }
                let answer = planned.answer(true);
                let mark = inbox.clone().map(|mark| mark.answering(200, answer.to_string()));
                let command = Command::AssignAll { placements: planned.placements };
                let why = Circumstances::by(name.clone()).with_inbox(mark);
                match house.rooms.board(command, why).await {
                    Ok(_) => return Ok((StatusCode::OK, answer)),
                    Err(
                        AskError::Commit(CommitError::Stale { .. } | CommitError::Overlap { .. })
                        | AskError::Refused(_),
                    ) if race < 4 => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    })
    .await
}

/// What the house rule says.
struct Planned {
    assigned: Vec<AssignedShape>,
    unassigned: Vec<Value>,
    placements: Vec<Placement>,
}

impl Planned {
    fn answer(&self, applied: bool) -> Value {
        json!({ "assigned": self.assigned, "unassigned": self.unassigned, "applied": applied })
    }

    /// Adds what the house rule chose for one job, with its reasons for every technician.
    fn place(
        &mut self,
        house: &House,
        snapshot: &Snapshot,
        words: &Words,
        chosen: &Assigned,
    ) -> Result<(), Problem> {
        let job = snapshot.jobs.iter().find(|job| *job.job.id.as_str() == *chosen.job_id);
        let (Some(job), Some((known, who))) = (job, snapshot.technician(&chosen.technician_id))
        else {
            return Ok(());
        };
        let wanted = snapshot.wanted(&job.job);
        let why = reasons(words.chosen(&wanted, who, chosen.slot, &chosen.rejected));
        let (start, end) = times(&chosen.slot)?;
        let why = outside::told(house, &known.technician, &Span { start, end }, why);
        let name = &known.technician.name;
        let rejected = chosen
            .rejected
            .iter()
            .map(|other| RejectedShape {
                technician_id: other.technician_id.to_string(),
                reasons: reasons(words.loss(&other.loss, name)),
            })
            .collect();
        let travel = travel_before(house, who, job, start);
        let id = known.technician.id.as_str();
        self.placements.extend(snapshot.placement(house, job, id, start, travel, why.clone()));
        self.assigned.push(AssignedShape {
            job_id: job.job.id.clone(),
            technician_id: known.technician.id.clone(),
            start,
            end,
            added_travel_min: chosen.slot.added_travel_min,
            reasons: why,
            rejected,
        });
        Ok(())
    }
}

/// Jobs that are looked at without leaving the thread.
const FEW: usize = 4;
/// Jobs that may be named at once; as many as a day's pool holds.
const NAMED_MAX: usize = 2000;

async fn by_house_rule(house: &House, input: &AutoAssignInput) -> Result<Planned, Problem> {
    let range = day_of(house, input.date)?;
    if input.job_ids.as_ref().is_some_and(|ids| ids.len() > NAMED_MAX) {
        return Err(Problem::invalid("/job_ids", format!("At most {NAMED_MAX} jobs at once.")));
    }
    let wanted = match &input.job_ids {
        Some(ids) => JobsWanted::Ids(ids),
        None => JobsWanted::Pool,
    };
    let mut snapshot = Snapshot::take(house, range, None, wanted).await?;
    if let Some(ids) = &input.job_ids {
        for (index, id) in ids.iter().enumerate() {
            let found = snapshot
                .jobs
                .iter()
                .any(|job| job.job.id.as_str() == id || job.job.external_id.as_deref() == Some(id));
            if !found {
                let pointer = format!("/job_ids/{index}");
                return Err(Problem::not_found("job").pointer(pointer, "There is no such job."));
            }
        }
    }
    let free = |status| matches!(status, JobStatus::Unassigned);
    let jobs: Vec<_> = snapshot
        .jobs
        .iter()
        .filter(|job| free(job.status) && snapshot.by_hand(job).is_none())
        .map(|job| snapshot.wanted(&job.job))
        .collect();
    let few = jobs.len() <= FEW;
    let (day, knowledge) = (snapshot.as_day(jobs), house.knowledge.clone());
    let work = move || (scheduler::house_rule::auto_assign(&day, &knowledge), day.technicians);
    // A handful takes less than the way to another thread and back.
    let (plan, technicians) =
        if few { work() } else { web::block(work).await.map_err(|_| Problem::internal())? };
    snapshot.day = technicians;
    let words = words(house, range.start);
    let mut planned =
        Planned { assigned: Vec::new(), unassigned: Vec::new(), placements: Vec::new() };
    for chosen in &plan.assigned {
        planned.place(house, &snapshot, &words, chosen)?;
    }
    for left in &plan.unassigned {
        let job = snapshot.jobs.iter().find(|job| *job.job.id.as_str() == *left.job_id);
        let Some(job) = job else { continue };
        let wanted = snapshot.wanted(&job.job);
        let why = reasons(words.unassigned(&wanted, &left.not_possible));
        planned.unassigned.push(json!({ "job_id": left.job_id, "reasons": why }));
    }
    for job in snapshot.jobs.iter().filter(|job| free(job.status)) {
        if let Some(why) = snapshot.by_hand(job) {
            planned.unassigned.push(json!({ "job_id": job.job.id, "reasons": why }));
        }
    }
    for job in snapshot.jobs.iter().filter(|job| !free(job.status)) {
        planned.unassigned.push(json!({
            "job_id": job.job.id,
            "reasons": {
                "fr": ["Cette intervention n'est pas à placer."],
                "en": ["This job is not in the pool."],
            },
        }));
    }
    Ok(planned)
}

/// POST /dispatch/suggest
///
/// # Errors
/// 404, 422 naming the field.
pub async fn suggest(
    house: web::Data<House>,
    body: Body<SuggestInput>,
) -> Result<HttpResponse, Problem> {
    let input = body.0;
    let mut bounds = Ok((None, None));
    let mut along = None;
    let asked = match (&input.job_id, &input.job) {
        (Some(id), None) => {
            let held = standing(&house, id)
                .await
                .map_err(|problem| problem.pointer("/job_id", "There is no such job."))?;
            bounds = crate::board::order::bounds(&house, &held).await?;
            along = held.visit.filter(|visit| visit.status.is_open() && visit.is_crewed());
            held.job
        }
        (None, Some(job)) => imagined(&house, job, "/job").await?,
        _ => return Err(Problem::invalid("/job_id", "Give either job_id or job.")),
    };
    let now = house.clock.now();
    let from = input.from.unwrap_or(now);
    let day = day_of(&house, from.to_zoned(house.policy.zone.clone()).date())?;
    let to = input.to.unwrap_or(day.end);
    if to <= from {
        if input.to.is_some_and(|to| to <= now) {
            let (fr, en) = ("La plage demandée est passée.", "The window asked for is over.");
            return Err(crate::refusals::invalid("board.window_over", fr, en).pointer("/to", en));
        }
        return Err(Problem::invalid("/to", "The end must be after the start."));
    }
    let limit = input.limit.unwrap_or(5);
    if !(1..=SLOTS_MAX).contains(&limit) {
        return Err(Problem::invalid("/limit", "1 to 200 slots."));
    }
    let whole = Span { start: from, end: to };
    let snapshot = Snapshot::take(&house, whole, None, JobsWanted::Ids(&[])).await?;
    let wanted = snapshot.wanted(&asked);
    let range = match within(whole, &bounds) {
        Ok(range) => range,
        Err(why) => return Ok(nowhere(&snapshot, &why)),
    };
    let search =
        Search { range: actors::board::snapshot::span(&range), now_s: now.as_second(), limit };
    let found = snapshot.slots(&house, &wanted, along.as_ref(), search);
    let words = words(&house, from);
    let mut slots = Vec::with_capacity(found.offers.len());
    for offer in &found.offers {
        let Some((known, who)) = snapshot.technician(&offer.technician_id) else { continue };
        let (start, end) = times(&offer.slot)?;
        let spare = spare_min(&house.knowledge, who, &wanted.id, wanted.point, &offer.slot);
        let why = reasons(words.chosen(&wanted, who, offer.slot, &[]));
        slots.push(json!({
            "technician_id": offer.technician_id,
            "start": start,
            "end": end,
            "added_travel_min": offer.slot.added_travel_min,
            "overqualification": offer.slot.overqualification,
            "spare_min": spare,
            "reasons": said(outside::told(&house, &known.technician, &Span { start, end }, why), spare),
        }));
    }
    let not_possible = found.not_possible.iter().map(|other| {
        let why = reasons(words.obstacles(&other.obstacles));
        json!({ "technician_id": other.technician_id, "reasons": why })
    });
    let not_possible: Vec<Value> = not_possible.collect();
    Ok(HttpResponse::Ok().json(json!({ "slots": slots, "not_possible": not_possible })))
}

/// The part of a span in which a job may begin, by what it waits for and what waits for it; or why there is none.
fn within(
    span: Span,
    bounds: &Result<(Option<Timestamp>, Option<Timestamp>), String>,
) -> Result<Span, Reasons> {
    let (earliest, latest) = match bounds {
        Ok(bounds) => *bounds,
        Err(needed) => {
            return Err(Reasons {
                fr: vec![format!(
                    "Cette intervention attend « {needed} », qui n'est pas encore planifiée."
                )],
                en: vec![format!("This job waits for \"{needed}\", which is not planned yet.")],
            });
        }
    };
    let start = earliest.map_or(span.start, |at| span.start.max(at));
    let end = latest.map_or(span.end, |at| span.end.min(at));
    if end <= start {
        return Err(Reasons {
            fr: vec![
                "Dans cet intervalle, l'ordre des interventions ne laisse aucune place.".into(),
            ],
            en: vec!["Within this span the order of the jobs leaves no room.".into()],
        });
    }
    Ok(Span { start, end })
}

fn nowhere(snapshot: &Snapshot, why: &Reasons) -> HttpResponse {
    let not_possible: Vec<Value> = snapshot
        .technicians
        .iter()
        .map(|known| json!({ "technician_id": known.technician.id, "reasons": why }))
        .collect();
    HttpResponse::Ok().json(json!({ "slots": [], "not_possible": not_possible }))
}
