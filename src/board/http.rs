//! Paths of the dispatch board.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::protocol::{Command, Placement, Reasons};
use actors::engine::journal::CommitError;
use actors::engine::shell::{AskError, Circumstances};
use actors::ids::{JobId, TechnicianId};
use actors::jobs::protocol::{ArrivalWindow, JobStatus, Priority, SkillNeed};
use actors::technicians::protocol::Span;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use scheduler::rank::Search;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::board::assign::{Wish, assign as carry_out, travel_before};
use crate::board::plan::{JobsWanted, Snapshot, day_of, reasons, times, today, words};
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::Create;
use crate::jobs::http::{answered, standing};

/// `?date=&days=`
#[derive(Deserialize)]
pub struct BoardQuery {
    date: Option<Date>,
    days: Option<i64>,
}

/// One assignment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignInput {
    /// Which job.
    pub job_id: String,
    /// Who.
    pub technician_id: String,
    /// Planned arrival.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub start: Option<Timestamp>,
    /// The version of the job that was seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// A change-set's name; nobody is told before it is published.
    #[serde(default)]
    pub draft: Option<String>,
    /// Rules to override: `skill`, `shift`, `absence`.
    #[serde(default, rename = "override")]
    pub overrides: Vec<String>,
}

/// Back into the pool.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnassignInput {
    /// Which job.
    pub job_id: String,
    /// The version of the job that was seen.
    #[serde(default)]
    pub version: Option<i64>,
}

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

/// A job that does not exist yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImaginedJob {
    /// What.
    #[serde(default)]
    pub title: String,
    /// Where.
    #[serde(default)]
    pub location_id: Option<String>,
    /// Latitude, without a location.
    #[serde(default)]
    pub lat: Option<f64>,
    /// Longitude, without a location.
    #[serde(default)]
    pub lon: Option<f64>,
    /// Planned time on site.
    pub duration_min: i64,
    /// How much it matters.
    #[serde(default)]
    pub priority: Priority,
    /// What it takes.
    #[serde(default)]
    pub skills: Vec<SkillNeed>,
    /// When the technician may arrive.
    #[serde(default)]
    pub arrival_window: Option<ArrivalWindow>,
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

/// GET /dispatch/board
///
/// # Errors
/// 422 for a bad day.
pub async fn board(
    house: web::Data<House>,
    query: web::Query<BoardQuery>,
) -> Result<HttpResponse, Problem> {
    let date = query.date.unwrap_or_else(|| today(&house));
    let days = query.days.unwrap_or(1);
    if !(1..=14).contains(&days) {
        return Err(Problem::invalid("/days", "A board shows 1 to 14 days."));
    }
    Ok(HttpResponse::Ok().json(crate::board::view::view(&house, date, days).await?))
}

/// POST /dispatch/assign
///
/// # Errors
/// 404, 409 for an old version or a taken time, 422 for a broken rule.
pub async fn assign(
    house: web::Data<House>,
    caller: Caller,
    body: Create<AssignInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let known = ["skill", "shift", "absence"];
    if let Some(at) = input.overrides.iter().position(|rule| !known.contains(&rule.as_str())) {
        let pointer = format!("/override/{at}");
        return Err(Problem::invalid(pointer, "Rules to override: skill, shift, absence."));
    }
    let wish = Wish {
        job_id: input.job_id,
        technician_id: input.technician_id,
        start: input.start,
        version: input.version,
        draft: input.draft.filter(|draft| !draft.trim().is_empty()),
        overrides: input.overrides,
    };
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(name).with_inbox(inbox);
            match carry_out(&house, &wish, why).await {
                Ok((job_id, heard)) => {
                    let mut job = shape(&house, &job_id).await?;
                    if let Some(fields) = job.as_object_mut() {
                        fields.insert("warnings".to_owned(), json!(heard));
                    }
                    Ok((StatusCode::OK, job))
                }
                Err(problem) if problem.status() == StatusCode::CONFLICT => {
                    let current = shape(&house, &wish.job_id).await?;
                    Err(problem.with("current", current))
                }
                Err(problem) => Err(problem),
            }
        }
    })
    .await
}

async fn shape(house: &House, id: &str) -> Result<Value, Problem> {
    serde_json::to_value(standing(house, id).await?.shape()).map_err(|_| Problem::internal())
}

/// POST /dispatch/unassign
///
/// # Errors
/// 404, 409 for an old version, 422 when there is nothing to take off.
pub async fn unassign(
    house: web::Data<House>,
    caller: Caller,
    body: Body<UnassignInput>,
) -> Result<HttpResponse, Problem> {
    let UnassignInput { job_id, version } = body.0;
    let held = standing(&house, &job_id).await.map_err(|problem| match problem.status() {
        StatusCode::NOT_FOUND => problem.pointer("/job_id", "There is no such job."),
        _ => problem,
    })?;
    let id = held.job.id.clone();
    if version.is_some_and(|version| version != held.version) {
        return answered(&house, &id, Err(crate::refusals::stale())).await;
    }
    let command = Command::Unassign { job: Box::new(held.job), job_version: version };
    let done = house.rooms.board(command, Circumstances::by(caller.name)).await;
    answered(&house, &id, done.map(|_| ()).map_err(Problem::from)).await
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
                let command = Command::AssignAll { placements: planned.placements.clone() };
                let why = Circumstances::by(name.clone()).with_inbox(inbox.clone());
                match house.rooms.board(command, why).await {
                    Ok(_) => return Ok((StatusCode::OK, planned.answer(true))),
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
}

async fn by_house_rule(house: &House, input: &AutoAssignInput) -> Result<Planned, Problem> {
    let range = day_of(house, input.date)?;
    let wanted = match &input.job_ids {
        Some(ids) => JobsWanted::Ids(ids),
        None => JobsWanted::Pool,
    };
    let snapshot = Snapshot::take(house, range, None, wanted).await?;
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
        .filter(|job| free(job.status))
        .map(|job| actors::board::snapshot::wanted(&job.job))
        .collect();
    let day = snapshot.as_day(jobs);
    let knowledge = house.knowledge.clone();
    let plan = web::block(move || scheduler::house_rule::auto_assign(&day, &knowledge))
        .await
        .map_err(|_| Problem::internal())?;
    let mut planned =
        Planned { assigned: Vec::new(), unassigned: Vec::new(), placements: Vec::new() };
    let words = words(house, range.start);
    for chosen in &plan.assigned {
        let job = snapshot.jobs.iter().find(|job| *job.job.id.as_str() == *chosen.job_id);
        let (Some(job), Some((known, who))) = (job, snapshot.technician(&chosen.technician_id))
        else {
            continue;
        };
        let wanted = actors::board::snapshot::wanted(&job.job);
        let why = reasons(words.chosen(&wanted, who, chosen.slot, &chosen.rejected));
        let (start, end) = times(&chosen.slot)?;
        let rejected = chosen
            .rejected
            .iter()
            .map(|other| RejectedShape {
                technician_id: other.technician_id.to_string(),
                reasons: reasons(words.loss(&other.loss, &known.technician.name)),
            })
            .collect();
        let travel = travel_before(house, who, job, start);
        planned.placements.extend(snapshot.placement(
            house,
            job,
            known.technician.id.as_str(),
            start,
            travel,
            why.clone(),
        ));
        planned.assigned.push(AssignedShape {
            job_id: job.job.id.clone(),
            technician_id: known.technician.id.clone(),
            start,
            end,
            added_travel_min: chosen.slot.added_travel_min,
            reasons: why,
            rejected,
        });
    }
    for left in &plan.unassigned {
        let job = snapshot.jobs.iter().find(|job| *job.job.id.as_str() == *left.job_id);
        let Some(job) = job else { continue };
        let wanted = actors::board::snapshot::wanted(&job.job);
        let why = reasons(words.unassigned(&wanted, &left.not_possible));
        planned.unassigned.push(json!({ "job_id": left.job_id, "reasons": why }));
    }
    for job in snapshot.jobs.iter().filter(|job| !free(job.status)) {
        planned.unassigned.push(json!({
            "job_id": job.job.id,
            "reasons": {
                "fr": ["Cette intervention n'est pas dans le bassin."],
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
    let wanted = match (&input.job_id, &input.job) {
        (Some(id), None) => {
            let held = standing(&house, id)
                .await
                .map_err(|problem| problem.pointer("/job_id", "There is no such job."))?;
            actors::board::snapshot::wanted(&held.job)
        }
        (None, Some(job)) => imagined(&house, job).await?,
        _ => return Err(Problem::invalid("/job_id", "Give either job_id or job.")),
    };
    let now = house.clock.now();
    let from = input.from.unwrap_or(now);
    let day = day_of(&house, from.to_zoned(house.policy.zone.clone()).date())?;
    let to = input.to.unwrap_or(day.end);
    if to <= from {
        return Err(Problem::invalid("/to", "The end must be after the start."));
    }
    let limit = input.limit.unwrap_or(5);
    if !(1..=200).contains(&limit) {
        return Err(Problem::invalid("/limit", "1 to 200 slots."));
    }
    let range = Span { start: from, end: to };
    let snapshot = Snapshot::take(&house, range, None, JobsWanted::Ids(&[])).await?;
    let search =
        Search { range: actors::board::snapshot::span(&range), now_s: now.as_second(), limit };
    let found = scheduler::rank::suggest(&wanted, &snapshot.day, search, &house.knowledge);
    let words = words(&house, from);
    let mut slots = Vec::with_capacity(found.offers.len());
    for offer in &found.offers {
        let Some((_, who)) = snapshot.technician(&offer.technician_id) else { continue };
        let (start, end) = times(&offer.slot)?;
        slots.push(json!({
            "technician_id": offer.technician_id,
            "start": start,
            "end": end,
            "added_travel_min": offer.slot.added_travel_min,
            "overqualification": offer.slot.overqualification,
            "reasons": reasons(words.chosen(&wanted, who, offer.slot, &[])),
        }));
    }
    let not_possible: Vec<Value> = found
        .not_possible
        .iter()
        .map(|other| {
            let why = reasons(words.obstacles(&other.obstacles));
            json!({ "technician_id": other.technician_id, "reasons": why })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "slots": slots, "not_possible": not_possible })))
}

async fn imagined(house: &House, job: &ImaginedJob) -> Result<scheduler::day::Wanted, Problem> {
    if !(1..=24 * 60).contains(&job.duration_min) {
        return Err(Problem::invalid("/job/duration_min", "A job takes 1 to 1440 minutes."));
    }
    let (lat, lon) = match (&job.location_id, job.lat, job.lon) {
        (Some(id), ..) => {
            let mut connection = house.read().await?;
            let place = crate::customers::store::location(&mut connection, id).await?;
            let place = place.ok_or_else(|| {
                let why = "There is no such location.";
                Problem::not_found("location").pointer("/job/location_id", why)
            })?;
            (place.thing.lat, place.thing.lon)
        }
        (None, Some(lat), Some(lon)) => {
            crate::input::point(lat, lon, "/job")?;
            (lat, lon)
        }
        _ => return Err(Problem::invalid("/job/location_id", "Give location_id, or lat and lon.")),
    };
    for (index, need) in job.skills.iter().enumerate() {
        if !(1..=5).contains(&need.level) {
            let pointer = format!("/job/skills/{index}/level");
            return Err(Problem::invalid(pointer, "A level is between 1 and 5."));
        }
    }
    let mut wanted = scheduler::day::Wanted {
        id: "job_imagined".into(),
        title: job.title.as_str().into(),
        point: actors::board::snapshot::point(lat, lon),
        duration_s: job.duration_min * 60,
        window: job.arrival_window.as_ref().map(actors::board::snapshot::span),
        skills: Vec::new(),
        priority: scheduler::day::Priority::Normal,
    };
    wanted.skills = job
        .skills
        .iter()
        .map(|need| scheduler::day::Need {
            tag: need.tag.as_str().into(),
            level: need.level,
            required: need.required,
        })
        .collect();
    Ok(wanted)
}

/// POST /dispatch/publish
///
/// # Errors
/// 409 for a taken time, 422 when there is nothing to publish or a rule is broken meanwhile.
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
            let placements = drafted(&house, &input, range).await?;
            let jobs: Vec<JobId> =
                placements.iter().map(|placement| placement.job.id.clone()).collect();
            let mut by: BTreeMap<String, usize> = BTreeMap::new();
            for placement in &placements {
                *by.entry(placement.technician.id.to_string()).or_default() += 1;
            }
            let why = Circumstances::by(name).with_inbox(inbox);
            house.rooms.board(Command::Publish { placements }, why).await?;
            Ok((StatusCode::OK, json!({ "published": jobs, "technicians": by })))
        }
    })
    .await
}

async fn drafted(
    house: &House,
    input: &PublishInput,
    range: Span,
) -> Result<Vec<Placement>, Problem> {
    let entries = {
        let mut connection = house.read().await?;
        crate::board::store::drafts(&mut connection, input.draft.as_deref()).await?
    };
    let wanted: Vec<_> = entries
        .into_iter()
        .filter(|entry| range.contains(entry.visit.start))
        .filter(|entry| {
            input
                .technician_ids
                .as_ref()
                .is_none_or(|ids| ids.iter().any(|id| id == entry.visit.technician_id.as_str()))
        })
        .collect();
    let ids: Vec<String> = wanted.iter().map(|entry| entry.visit.job_id.to_string()).collect();
    let long = Span { start: range.start - SignedDuration::from_hours(1), end: range.end };
    let snapshot = Snapshot::take(house, long, None, JobsWanted::Ids(&ids)).await?;
    let mut placements = Vec::with_capacity(wanted.len());
    for entry in wanted {
        let visit = &entry.visit;
        let job = snapshot.jobs.iter().find(|job| job.job.id == visit.job_id);
        let Some(job) = job else { continue };
        let placement = snapshot.placement(
            house,
            job,
            visit.technician_id.as_str(),
            visit.start,
            visit.travel_min,
            entry.reasons.clone(),
        );
        if let Some(mut placement) = placement {
            placement.visit_id = visit.id.clone();
            placement.pinned = visit.pinned;
            placement.overrides.clone_from(&visit.overrides);
            placements.push(placement);
        }
    }
    Ok(placements)
}
