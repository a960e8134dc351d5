//! Giving jobs to technicians: one by hand, several by the house rule, and where one could go. What is computed
//! here rests on a snapshot; the board decides, by version, whether it still holds, and a lost race is run again.

use std::collections::HashSet;
use std::sync::Arc;

use actors::board::protocol::{Command, Drafting, Former, Placement, Reasons};
use actors::engine::journal::CommitError;
use actors::engine::shell::{AskError, Circumstances};
use actors::ids::{HoldId, JobId};
use actors::jobs::protocol::Job;
use actors::technicians::protocol::Span;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use scheduler::day::{DayTechnician, Stop};

use crate::board::guard::{self, BreakInput};
use crate::board::hour;
use crate::board::plan::{DAYS_MAX, JobsWanted, Snapshot, day_of, today};
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
    /// Who goes along; as it stands where left out.
    pub assistants: Option<Vec<String>>,
    /// What is taken along; as it stands where left out.
    pub materials: Option<Vec<String>>,
    /// Planned arrival; the earliest that fits where left out.
    pub start: Option<Timestamp>,
    /// Without a start: behind the technician's last visit of this day.
    pub append_to: Option<Date>,
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
    /// A window that the customer was told must not be broken without saying so.
    pub guard: bool,
    /// It is broken knowingly.
    pub breaks: Option<BreakInput>,
    /// Who asks.
    pub by: Arc<str>,
    /// Visits that wait for this one move along where they must.
    pub with_waiting: bool,
}

/// How several moves stand to what customers were told.
#[derive(Debug)]
pub struct Guarded {
    /// A told window must not be broken without saying so.
    pub guard: bool,
    /// It is broken knowingly.
    pub breaks: Option<BreakInput>,
    /// Who asks.
    pub by: Arc<str>,
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
        let (placement, heard) = placed(house, wish, &Beside::default()).await?;
        let job_id = placement.job.id.to_string();
        let mut moved = match crate::bundles::together::rest(house, &placement).await? {
            Some(stop) => stop,
            None => vec![placement],
        };
        let named = moved.len();
        let name = wish.draft.as_deref();
        let draft = name.map(|name| Drafting { name: name.into(), by: wish.by.clone() });
        if wish.with_waiting && draft.is_none() {
            let along = crate::board::order::along(house, &moved).await?;
            moved.extend(along);
        }
        if draft.is_none() {
            let asked = wish.breaks.as_ref();
            guard::judged_moves(house, &mut moved, wish.guard, asked, &wish.by).await?;
        }
        match house.rooms.board(command(moved.clone(), draft), why.clone()).await {
            Ok(_) => return Ok((job_id, heard)),
            Err(error) if lost_race(&error) && wish.version.is_none() && race < RACES_MAX => {}
            Err(error) => {
                let problem = Problem::from(error);
                if problem.code() == "bundles.alone" {
                    crate::bundles::together::none_alone(house, [&JobId::from_text(&job_id)])
                        .await?;
                }
                if problem.code() != "board.breaks_order" {
                    return Err(problem);
                }
                let broken = crate::board::order::broken(house, &moved[..named]).await?;
                return Err(problem.with("would_break", crate::board::order::told(&broken)));
            }
        }
    }
}

/// One move, or several as one; onto the board, or into a draft.
fn command(mut placements: Vec<Placement>, draft: Option<Drafting>) -> Command {
    match (draft, placements.len()) {
        (draft, 1) => {
            let placement = Box::new(placements.swap_remove(0));
            Command::Assign { placement, draft }
        }
        (Some(draft), _) => Command::DraftAll { placements, draft },
        (None, _) => Command::AssignAll { placements },
    }
}

/// Carries several wishes out and takes the jobs of `off` back to the pool: all of it or none. A wish without a start finds its
/// time behind those before it. What the customers were told is guarded for all of them as `guarded` says, whatever a single
/// wish says of it. Answers with what the dispatcher should hear.
///
/// # Errors
/// As [`assign`]; then nothing was moved.
pub async fn assign_several(
    house: &House,
    wishes: &[Wish],
    off: &[(String, Option<i64>)],
    guarded: &Guarded,
    why: Circumstances,
) -> Result<Reasons, Problem> {
    let mut beside =
        Beside { leaving: off.iter().map(|(id, _)| id.as_str()).collect(), ..Beside::default() };
    beside.leaving.extend(wishes.iter().map(|wish| wish.job_id.as_str()));
    let mut heard = Reasons::default();
    let mut along: HashSet<JobId> = HashSet::new();
    for wish in wishes {
        // It goes where the stop goes that it is of: an earlier wish has put that down.
        if along.contains(&JobId::from_text(&wish.job_id)) {
            continue;
        }
        let (placement, more) = placed(house, wish, &beside).await?;
        heard.fr.extend(more.fr);
        heard.en.extend(more.en);
        match crate::bundles::together::rest(house, &placement).await? {
            Some(stop) => {
                let mates = stop.iter().map(|one| one.job.id.clone());
                along.extend(mates.filter(|id| *id != placement.job.id));
                beside.placed.extend(stop);
            }
            None => beside.placed.push(placement),
        }
    }
    let mut into_pool: Vec<(Box<Job>, i64)> = Vec::with_capacity(off.len());
    for (id, version) in off {
        let mut held = crate::jobs::http::standing(house, id).await?;
        held.version = version.unwrap_or(held.version);
        for (job, seen) in crate::bundles::together::leaving(house, &held).await? {
            match into_pool.iter_mut().find(|(known, _)| known.id == job.id) {
                // What was seen of it counts, and not what it is now.
                Some(known) => known.1 = if job.id == held.job.id { seen } else { known.1 },
                None => into_pool.push((job, seen)),
            }
        }
    }
    let mut placements = beside.placed;
    let Guarded { guard, breaks, by } = guarded;
    let asked = breaks.as_ref();
    let broken =
        guard::judged_several(house, &mut placements, &into_pool, *guard, asked, by).await?;
    let former = Former { placements, into_pool, broken, ..Former::default() };
    let command = Command::TakeBack(Box::new(former));
    house.rooms.board(command, why).await?;
    Ok(heard)
}

/// What is done in the same breath as a wish.
#[derive(Default)]
struct Beside<'a> {
    /// Placements before it.
    placed: Vec<Placement>,
    /// Jobs whose present places will be free.
    leaving: Vec<&'a str>,
}

impl Beside<'_> {
    /// What was given to the technician last.
    fn last(&self, technician: &str) -> Option<&Placement> {
        self.placed.iter().rev().find(|one| one.technician.id.as_str() == technician)
    }

    fn day_of(&self, technician: &str) -> Option<Timestamp> {
        self.last(technician).map(|one| one.start)
    }

    fn last_end_s(&self, technician: &str) -> Option<i64> {
        let end = |one: &Placement| one.start + SignedDuration::from_mins(one.job.duration_min);
        self.last(technician).map(|one| end(one).as_second())
    }

    /// The stops of a technician as they will be.
    fn stand(&self, who: &mut DayTechnician) {
        who.stops.retain(|stop| !self.leaving.contains(&&*stop.job_id));
        let mine = self.placed.iter().filter(|one| *who.id == *one.technician.id.as_str());
        who.stops.extend(mine.map(|one| Stop {
            visit_id: one.visit_id.as_str().into(),
            job_id: one.job.id.as_str().into(),
            point: actors::board::snapshot::point(one.job.lat, one.job.lon),
            start_s: one.start.as_second(),
            end_s: (one.start + SignedDuration::from_mins(one.job.duration_min)).as_second(),
        }));
        who.stops.sort_by_key(|stop| stop.start_s);
    }
}

fn lost_race(error: &AskError) -> bool {
    matches!(error, AskError::Commit(CommitError::Stale { .. } | CommitError::Overlap { .. }))
}

async fn placed(
    house: &House,
    wish: &Wish,
    beside: &Beside<'_>,
) -> Result<(Placement, Reasons), Problem> {
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
        return Err(crate::refusals::stale());
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
    let range = match (wish.start, wish.append_to, beside.day_of(&wish.technician_id)) {
        (None, Some(date), _) => day_of(house, date)?,
        (None, None, Some(at)) => day_of(house, at.to_zoned(house.policy.zone.clone()).date())?,
        _ => around(house, &job, wish.start)?,
    };
    let mut snapshot =
        Snapshot::take(house, range, Some(&wish.technician_id), JobsWanted::Ids(&ids)).await?;
    if let Some(hold) = &wish.hold_id {
        let stops = snapshot.day.iter_mut().map(|one| &mut one.stops);
        stops.for_each(|stops| stops.retain(|stop| *stop.visit_id != **hold));
    }
    snapshot.day.iter_mut().for_each(|one| beside.stand(one));
    let job = snapshot.jobs.first().unwrap_or(&job);
    let id = snapshot.technicians.first().map_or("", |known| known.technician.id.as_str());
    let (known, who) = snapshot.technician(id).ok_or_else(|| Problem::not_found("technician"))?;
    let wanted = snapshot.wanted(&job.job);
    let (start, elsewhere) = match wish.start {
        Some(start) => (start, false),
        None => {
            let behind = beside.last_end_s(&wish.technician_id);
            hour::found(house, wish, &snapshot, who, &wanted, behind)?
        }
    };
    let end = start + SignedDuration::from_mins(job.job.duration_min);
    let mut heard = crate::bundles::together::heard(house, &snapshot, who, job, start).await?;
    if elsewhere {
        hour::not_at_the_end(&mut heard);
    }
    crate::calendars::outside::unknown(house, &known.technician, &Span { start, end }, &mut heard);
    let travel_min = travel_before(house, who, job, start);
    let why = by_hand(house, &known.technician.name);
    let mut placement = snapshot
        .placement(house, job, known.technician.id.as_str(), start, travel_min, why)
        .ok_or_else(|| Problem::not_found("technician"))?;
    placement.pinned = wish.pinned;
    with_crew(house, wish, &mut snapshot, &mut placement).await?;
    // The job may have changed since it was compared above: what the asker saw must hold at the commit.
    placement.job_version = wish.version.unwrap_or(placement.job_version);
    placement.overrides.clone_from(&wish.overrides);
    placement.hold_id = wish.hold_id.as_deref().map(HoldId::from_text);
    Ok((placement, heard))
}

/// The placement with the crew that is asked for; what is not named stays as it is.
async fn with_crew(
    house: &House,
    wish: &Wish,
    snapshot: &mut Snapshot,
    placement: &mut Placement,
) -> Result<(), Problem> {
    if let Some(asked) = &wish.assistants {
        let lead = placement.technician.id.clone();
        placement.crew.assistants = snapshot.wished(house, lead.as_str(), asked).await?;
    }
    if let Some(asked) = &wish.materials {
        placement.crew.materials = snapshot.wished_materials(house, asked).await?;
    }
    Ok(())
}

fn by_hand(_: &House, name: &str) -> Reasons {
    Reasons {
        fr: vec![format!("{name} a été choisi à la main.")],
        en: vec![format!("{name} was chosen by hand.")],
    }
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
