//! Giving jobs to technicians: one by hand, several by the house rule, and where one could go. What is computed
//! here rests on a snapshot; the board decides, by version, whether it still holds, and a lost race is run again.

use actors::board::protocol::{Command, Placement, Reasons};
use actors::engine::journal::CommitError;
use actors::engine::shell::{AskError, Circumstances};
use actors::ids::HoldId;
use actors::technicians::protocol::Span;
use jiff::{SignedDuration, Timestamp};
use scheduler::rank::{Search, slot_for};
use scheduler::rules::warnings;

use crate::board::plan::{DAYS_MAX, JobsWanted, Snapshot, day_of, reasons, today, words};
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;

/// How often a lost race is run again before the asker hears of it.
const RACES_MAX: usize = 4;

/// One assignment as a dispatcher asks for it.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Which job.
    pub job_id: String,
    /// Who.
    pub technician_id: String,
    /// Planned arrival; the earliest that fits where left out.
    pub start: Option<Timestamp>,
    /// The version of the job that the asker saw.
    pub version: Option<i64>,
    /// A change-set's name.
    pub draft: Option<String>,
    /// Rules to override.
    pub overrides: Vec<String>,
    /// A held slot that is meant for this.
    pub hold_id: Option<String>,
    /// True when no plan may move it.
    pub pinned: bool,
}

/// Carries a wish out. Answers with the job's id and what the dispatcher should hear.
///
/// # Errors
/// 404 for unknown things, 409 for an old version or a taken time, 422 for a broken rule.
pub async fn assign(
    house: &House,
    wish: &Wish,
    why: Circumstances,
) -> Result<(String, Reasons), Problem> {
    let mut race = 0;
    loop {
        race += 1;
        let (placement, heard) = placed(house, wish).await?;
        let job_id = placement.job.id.to_string();
        let draft = wish.draft.as_deref().map(Into::into);
        let command = Command::Assign { placement: Box::new(placement), draft };
        match house.rooms.board(command, why.clone()).await {
            Ok(_) => return Ok((job_id, heard)),
            Err(error) if lost_race(&error) && wish.version.is_none() && race < RACES_MAX => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn lost_race(error: &AskError) -> bool {
    matches!(error, AskError::Commit(CommitError::Stale { .. } | CommitError::Overlap { .. }))
}

async fn placed(house: &House, wish: &Wish) -> Result<(Placement, Reasons), Problem> {
    let ids = [wish.job_id.clone()];
    let job = {
        let mut moment = house.moment().await?;
        let mut found =
            crate::jobs::store::several(&mut moment, house.policy.language, &ids).await?;
        found
            .pop()
            .ok_or_else(|| Problem::not_found("job").pointer("/job_id", "There is no such job."))?
    };
    if wish.version.is_some_and(|version| version != job.version) {
        let current = serde_json::to_value(job.shape()).map_err(|_| Problem::internal())?;
        return Err(crate::refusals::stale().with("current", current));
    }
    if matches!(
        job.status,
        actors::jobs::protocol::JobStatus::Done
            | actors::jobs::protocol::JobStatus::Cancelled
            | actors::jobs::protocol::JobStatus::NoAccess
    ) {
        let refusal = actors::jobs::protocol::JobRefusal::Over;
        return Err(crate::refusals::refused(&refusal).pointer("/job_id", "over"));
    }
    let range = around(house, &job, wish.start)?;
    let mut snapshot =
        Snapshot::take(house, range, Some(&wish.technician_id), JobsWanted::Ids(&ids)).await?;
    if let Some(hold) = &wish.hold_id {
        let stops = snapshot.day.iter_mut().map(|one| &mut one.stops);
        stops.for_each(|stops| stops.retain(|stop| *stop.visit_id != **hold));
    }
    let job = snapshot.jobs.first().unwrap_or(&job);
    let (known, who) = snapshot
        .technician(snapshot.technicians.first().map_or("", |known| known.technician.id.as_str()))
        .ok_or_else(|| Problem::not_found("technician"))?;
    let wanted = actors::board::snapshot::wanted(&job.job);
    let start = match wish.start {
        Some(start) => start,
        None => {
            let mut asked = wanted.clone();
            if wish.overrides.iter().any(|rule| rule == "skill") {
                asked.skills.clear();
            }
            let search = Search {
                range: actors::board::snapshot::span(&range),
                now_s: snapshot.now.as_second(),
                limit: 1,
            };
            let slot = slot_for(&asked, who, search, &house.knowledge).map_err(|obstacles| {
                no_slot(house, &snapshot, reasons(words(house, range.start).obstacles(&obstacles)))
            })?;
            Timestamp::from_second(slot.start_s).map_err(|_| Problem::internal())?
        }
    };
    let end = start + SignedDuration::from_mins(job.job.duration_min);
    let span = (start.as_second(), end.as_second());
    let heard = warnings(&wanted, who, span, snapshot.now.as_second(), &house.knowledge);
    let heard = reasons(words(house, start).warnings(&heard));
    let travel_min = travel_before(house, who, job, start);
    let why = by_hand(house, &known.technician.name);
    let mut placement = snapshot
        .placement(house, job, known.technician.id.as_str(), start, travel_min, why)
        .ok_or_else(|| Problem::not_found("technician"))?;
    placement.pinned = wish.pinned;
    // The job may have changed since it was compared above: what the asker saw must hold at the commit.
    placement.job_version = wish.version.unwrap_or(placement.job_version);
    placement.overrides.clone_from(&wish.overrides);
    placement.hold_id = wish.hold_id.as_deref().map(HoldId::from_text);
    Ok((placement, heard))
}

fn by_hand(_: &House, name: &str) -> Reasons {
    Reasons {
        fr: vec![format!("{name} a été choisi à la main.")],
        en: vec![format!("{name} was chosen by hand.")],
    }
}

fn no_slot(_: &House, snapshot: &Snapshot, why: Reasons) -> Problem {
    let name = snapshot.technicians.first().map_or("", |known| known.technician.name.as_str());
    let fr = format!("Aucun moment ne convient pour {name}. {}", why.fr.join(" "));
    let en = format!("No time fits for {name}. {}", why.en.join(" "));
    crate::refusals::invalid("board.no_slot", &fr, &en).pointer("/technician_id", "no slot")
}

/// Where to look: around the wished start, in the promised window, on the visit's day, or from now on.
fn around(house: &House, job: &Standing, start: Option<Timestamp>) -> Result<Span, Problem> {
    let now = house.clock.now();
    if let Some(start) = start {
        let far = SignedDuration::from_hours(24 * 366);
        if start.duration_since(now).abs() > far {
            return Err(Problem::invalid("/start", "This is more than a year away."));
        }
        return day_of(house, start.to_zoned(house.policy.zone.clone()).date());
    }
    let today = day_of(house, today(house))?;
    if let Some(window) = job.job.arrival_window {
        // A window of months is looked at from today on, as far as a day's plan is known at all.
        let start = window.start.max(today.start.min(window.end));
        let end = window.end.min(start + SignedDuration::from_hours(24 * DAYS_MAX));
        return Ok(Span { start, end: end.max(start) + SignedDuration::from_secs(1) });
    }
    Ok(Span { start: today.start, end: today.end + SignedDuration::from_hours(24 * 7) })
}

/// Minutes of driving planned before a visit: from the visit before it on that day, or from home.
pub fn travel_before(
    house: &House,
    who: &scheduler::day::DayTechnician,
    job: &Standing,
    start: Timestamp,
) -> i64 {
    use scheduler::travel::Travel;
    let start_s = start.as_second();
    let before = who
        .stops
        .iter()
        .filter(|stop| *stop.job_id != *job.job.id.as_str() && stop.end_s <= start_s)
        .filter(|stop| start_s - stop.end_s < 12 * 3600)
        .max_by_key(|stop| stop.end_s);
    let from = before.map_or(who.home, |stop| stop.point);
    let to = actors::board::snapshot::point(job.job.lat, job.job.lon);
    let leg = house.knowledge.leg(from, to, before.map_or(start_s, |stop| stop.end_s));
    (leg.seconds + 59) / 60
}
