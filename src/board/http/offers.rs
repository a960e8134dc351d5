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
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::board::assign::travel_before;
use crate::board::plan::{JobsWanted, Snapshot, day_of, reasons, times, words};
use crate::board::seen::Seen;
use crate::board::suggesting::{SuggestInput, Suggestion, suggested, suggested_then};
use crate::calendars::outside;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{Asked, Create};

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
            planned.unassigned.push(left_to_hands(house, &snapshot, &job.job.id, why).await?);
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

/// A job that hands place, and why; of one of a bundle also which, and with whom it goes.
async fn left_to_hands(
    house: &House,
    snapshot: &Snapshot,
    job: &JobId,
    why: Reasons,
) -> Result<Value, Problem> {
    let mut alone = None;
    if snapshot.bundled.contains_key(job) {
        alone = crate::bundles::together::alone(&mut house.moment().await?, job).await?;
    }
    Ok(match alone {
        Some(alone) => json!({
            "job_id": job, "reasons": alone.reasons(), "bundle_id": alone.bundle_id,
            "job_ids": alone.job_ids,
        }),
        None => json!({ "job_id": job, "reasons": why }),
    })
}

/// POST /dispatch/suggest
///
/// # Errors
/// 404, 422 naming the field.
pub async fn suggest(
    house: web::Data<House>,
    body: Body<SuggestInput>,
) -> Result<HttpResponse, Problem> {
    let Suggestion { slots, not_possible } = suggested(&house, &body.0).await?;
    Ok(HttpResponse::Ok().json(json!({ "slots": slots, "not_possible": not_possible })))
}

/// `?from=&to=&limit=&at=`
#[derive(Deserialize)]
pub struct SuggestionsQuery {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    limit: Option<usize>,
    at: Option<Timestamp>,
}

/// GET /jobs/{id}/suggestions: as `POST /dispatch/suggest`, or as that was answered at an earlier moment.
///
/// # Errors
/// 404 for a job that is not there, or was not there then; 422 naming the field.
pub async fn suggestions(
    house: web::Data<House>,
    id: web::Path<String>,
    query: Asked<SuggestionsQuery>,
) -> Result<HttpResponse, Problem> {
    let seen = match query.at {
        Some(at) => Seen::at(&house, at).await?,
        None => Seen::now(&house),
    };
    let SuggestionsQuery { from, to, limit, .. } = query.into_inner();
    let input = SuggestInput { job_id: Some(id.into_inner()), job: None, from, to, limit };
    let Suggestion { slots, not_possible } = suggested_then(&house, &seen, &input).await?;
    Ok(HttpResponse::Ok().json(json!({ "slots": slots, "not_possible": not_possible })))
}
