//! What may be done inside a fork: give a job, move it, take it off, let somebody be away, plan the rest anew. Each step is
//! judged by the same rules as the board's, on the day as the fork has it by then.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use actors::jobs::protocol::JobStatus;
use actors::technicians::protocol::Span;
use jiff::Timestamp;
use scheduler::day::{DayTechnician, Obstacle, Wanted};
use scheduler::rank::{Search, slot_for};
use scheduler::rules::allows;
use serde::Deserialize;
use utoipa::ToSchema;

use super::fork::{Fork, Put, Step};
use crate::board::day::living;
use crate::board::plan::{Snapshot, reasons, words};
use crate::board::replan::{Effort, search, worded};
use crate::bundles::together::{as_one, begins, turns};
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;

/// Threads of a search.
const THREADS: usize = 2;

/// One step as it is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum StepInput {
    /// Give a job to a technician, or move it.
    Assign {
        /// Which job.
        job_id: String,
        /// Who.
        technician_id: String,
        /// Planned arrival; the earliest that fits where left out.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        start: Option<Timestamp>,
    },
    /// Back into the pool.
    Unassign {
        /// Which job.
        job_id: String,
    },
    /// Somebody is away: all day, or for a part of it.
    Absent {
        /// Who.
        technician_id: String,
        /// From.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        start: Option<Timestamp>,
        /// Until.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        end: Option<Timestamp>,
    },
    /// Plan the day of the fork anew.
    Optimize {
        /// How long to search, 0.2 to 10; two where left out.
        #[serde(default)]
        seconds: Option<f64>,
    },
}

/// The step with all that it does, on the day as the fork has it.
///
/// # Errors
/// 404 for unknown things, 409 for a time that is taken or a job that is begun, 422 for a broken rule.
pub async fn step(
    house: &House,
    fork: &Fork,
    day: &Snapshot,
    input: &StepInput,
) -> Result<Step, Problem> {
    match input {
        StepInput::Assign { job_id, technician_id, start } => {
            let stop = stop(house, day, job_id).await?;
            let named = movable(day, job_id)?;
            let begins =
                |start| begins(stop.iter().copied(), (&named.job.id, technician_id, start));
            let puts = placed(house, day, &stop, technician_id, start.map(begins))?;
            Ok(Step { kind: "assign".into(), puts, away: None })
        }
        StepInput::Unassign { job_id } => {
            let stop = stop(house, day, job_id).await?;
            let named = movable(day, job_id)?;
            if named.status != JobStatus::Planned {
                let refusal = actors::board::protocol::BoardRefusal::NoVisit;
                return Err(crate::refusals::refused(&refusal));
            }
            let stand = stop.into_iter().filter(|one| one.status == JobStatus::Planned);
            Ok(Step { kind: "unassign".into(), puts: stand.map(off).collect(), away: None })
        }
        StepInput::Absent { technician_id, start, end } => {
            let (from, to) = (start.unwrap_or(day.range.start), end.unwrap_or(day.range.end));
            away(house, day, technician_id, from, to).await
        }
        StepInput::Optimize { seconds } => anew(house, fork, day, *seconds).await,
    }
}

fn off(standing: &Standing) -> Put {
    let job_id = standing.job.id.to_string();
    Put { job_id, version: standing.version, to: None, pinned: false }
}

/// A job with the rest of its stop, in their order of work: they go along, as on the board.
async fn stop<'a>(
    house: &House,
    day: &'a Snapshot,
    id: &str,
) -> Result<Vec<&'a Standing>, Problem> {
    let named = movable(day, id)?;
    let all = crate::bundles::together::stop_of(house, id).await?;
    if all.is_empty() {
        return Ok(vec![named]);
    }
    all.iter().map(|one| movable(day, one.job.id.as_str())).collect()
}

fn movable<'a>(day: &'a Snapshot, id: &str) -> Result<&'a Standing, Problem> {
    let standing = day.jobs.iter().find(|one| one.job.id.as_str() == id);
    let standing = standing.ok_or_else(|| {
        Problem::not_found("job").pointer("/step/job_id", "There is no such job on this day.")
    })?;
    if matches!(standing.status, JobStatus::Unassigned | JobStatus::Planned) {
        return Ok(standing);
    }
    Err(crate::refusals::invalid(
        "whatif.begun",
        "Cette intervention est en cours ou terminée ; elle ne bouge plus.",
        "This job is under way or over; it no longer moves.",
    )
    .pointer("/step/job_id", "begun"))
}

fn placed(
    house: &House,
    day: &Snapshot,
    stop: &[&Standing],
    technician: &str,
    start: Option<Timestamp>,
) -> Result<Vec<Put>, Problem> {
    let (_, who) = day.technician(technician).ok_or_else(|| {
        let why = "There is no such technician.";
        Problem::not_found("technician").pointer("/step/technician_id", why)
    })?;
    let refuse = |obstacles: &[Obstacle]| {
        let why = reasons(words(house, day.range.start).obstacles(obstacles));
        crate::refusals::invalid("whatif.refused", &why.fr.join(" "), &why.en.join(" "))
            .pointer("/step/start", "refused")
    };
    let wanted: Vec<Wanted> = stop.iter().map(|one| day.wanted(&one.job)).collect();
    // What the stop leaves behind is in nobody's way.
    let without = |who: &DayTechnician| {
        let mut who = who.clone();
        who.stops.retain(|there| wanted.iter().all(|job| job.id != there.job_id));
        who
    };
    let who = without(who);
    let start = match start {
        Some(start) => start,
        None => {
            let whole = as_one(&wanted).ok_or_else(Problem::internal)?;
            let range = actors::board::snapshot::span(&day.range);
            let search = Search { range, now_s: day.now.as_second(), limit: 1 };
            let slot = slot_for(&whole, &who, search, &house.knowledge);
            let slot = slot.map_err(|obstacles| refuse(&obstacles))?;
            Timestamp::from_second(slot.start_s).map_err(|_| Problem::internal())?
        }
    };
    let mut puts = Vec::with_capacity(stop.len());
    for ((_, start), standing) in turns(stop.iter().map(|one| &one.job), start).zip(stop) {
        let job = day.wanted(&standing.job);
        let end_s = start.as_second() + job.duration_s();
        // Whoever goes along must be free as well; they need no skills.
        let alone = Wanted { skills: Vec::new(), ..job.clone() };
        let visit = standing.visit.as_ref().filter(|visit| visit.status.is_open());
        let beside = visit.map_or_else(Vec::new, |visit| visit.assistants_beside(technician));
        let beside = beside.iter().filter_map(|id| day.technician(id.as_str()));
        let all = std::iter::once((&job, who.clone()))
            .chain(beside.map(|(_, who)| (&alone, without(who))));
        for (job, who) in all {
            let broken = allows(job, &who, start.as_second(), end_s);
            let obstacles: Vec<Obstacle> = broken.into_iter().map(Obstacle::Rule).collect();
            if !obstacles.is_empty() {
                return Err(refuse(&obstacles));
            }
        }
        puts.push(Put {
            job_id: standing.job.id.to_string(),
            version: standing.version,
            to: Some((who.id.to_string(), start)),
            pinned: true,
        });
    }
    Ok(puts)
}

/// Frees what is planned then; who goes instead is another step.
async fn away(
    house: &House,
    day: &Snapshot,
    technician: &str,
    start: Timestamp,
    end: Timestamp,
) -> Result<Step, Problem> {
    let (known, _) = day.technician(technician).ok_or_else(|| {
        let why = "There is no such technician.";
        Problem::not_found("technician").pointer("/step/technician_id", why)
    })?;
    if end <= start {
        return Err(Problem::invalid("/step/end", "The end must be after the start."));
    }
    let span = Span { start, end };
    let is_hit = |one: &&Standing| {
        let visit = one.visit.as_ref().filter(|_| one.status == JobStatus::Planned);
        visit.is_some_and(|visit| {
            visit.technician_id == known.technician.id && visit.span().overlaps(&span)
        })
    };
    let mut theirs: Vec<&Standing> = Vec::new();
    for hit in day.jobs.iter().filter(is_hit) {
        // A stop is one: whoever cannot be at one of its jobs is at none of them.
        let stands = |one: &&Standing| one.status == JobStatus::Planned;
        for one in stop(house, day, hit.job.id.as_str()).await?.into_iter().filter(stands) {
            if theirs.iter().all(|known| known.job.id != one.job.id) {
                theirs.push(one);
            }
        }
    }
    let puts = theirs.into_iter().map(off).collect();
    Ok(Step { kind: "absent".into(), puts, away: Some((known.technician.id.to_string(), span)) })
}

/// The optimiser's plan for the day as the fork has it.
async fn anew(
    house: &House,
    fork: &Fork,
    day: &Snapshot,
    seconds: Option<f64>,
) -> Result<Step, Problem> {
    let seconds = seconds.unwrap_or(2.0);
    if !(0.2..=10.0).contains(&seconds) {
        return Err(Problem::invalid("/step/seconds", "A search lasts 0.2 to 10 seconds."));
    }
    let overtaken = house.planning.ask();
    let _turn = house.planning.turn().await.map_err(|_| Problem::internal())?;
    let living = living(day, None, &HashSet::new())?;
    let effort = Effort {
        begun: Instant::now(),
        lasts: Duration::from_secs_f64(seconds),
        threads: THREADS,
        gently: false,
        most_moves: None,
        overtaken,
    };
    let found = search(house, living.clone(), effort).await?;
    let plan = worded(house, fork.date, day, &living, &found);
    let puts = plan.changes.iter().map(|change| Put {
        job_id: change.job_id.to_string(),
        version: change.job_version,
        to: Some((change.technician_id.to_string(), change.start)),
        pinned: false,
    });
    Ok(Step { kind: "optimize".into(), puts: puts.collect(), away: None })
}
