//! Who is asked, and in which wave: everybody whom the house rule finds fit and free, best first, or those a dispatcher
//! named. Works on a snapshot and sends nothing.

use std::collections::HashSet;

use actors::board::protocol::{Asked, Offer, OfferState, OfferedWith, Placement, Reasons};
use actors::ids::OfferId;
use actors::jobs::protocol::JobStatus;
use actors::technicians::protocol::Span;
use jiff::{SignedDuration, Timestamp};
use scheduler::day::Wanted;
use scheduler::rank::Search;

use crate::board::assign::travel_before;
use crate::board::plan::{DAYS_MAX, JobsWanted, Snapshot, reasons, times, words};
use crate::bundles::together::{as_one, turns};
use crate::calendars::outside;
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;

/// What a dispatcher wants.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Which job.
    pub job_id: String,
    /// These technicians, wave by wave; worked out where empty.
    pub waves: Vec<Vec<String>>,
    /// How many are asked at once, where the waves are worked out.
    pub per_wave: usize,
    /// How many in all at most.
    pub limit: usize,
    /// How long each wave has, minutes.
    pub minutes: i64,
    /// When it ends; after the last wave where left out.
    pub expires_at: Option<Timestamp>,
    /// Earliest start.
    pub from: Option<Timestamp>,
    /// Latest start.
    pub to: Option<Timestamp>,
}

/// An offer as it would be made, and whether each of the asked could have the visit.
pub struct Proposed {
    /// The offer.
    pub offer: Offer,
    /// The job.
    pub job: Standing,
    /// Of each technician who is asked: the visits that it would come to, those of the whole stop.
    pub stops: Vec<Vec<Placement>>,
}

/// Works an offer out.
///
/// # Errors
/// 404 for unknown things, 409 for a job that is not in the pool, 422 where nobody can be asked.
pub async fn proposed(house: &House, wish: &Wish, by: &str) -> Result<Proposed, Problem> {
    let job = crate::jobs::http::standing(house, &wish.job_id)
        .await
        .map_err(|problem| problem.pointer("/job_id", "There is no such job."))?;
    if job.status != JobStatus::Unassigned {
        let refusal = actors::board::protocol::BoardRefusal::NotInPool;
        return Err(crate::refusals::refused(&refusal));
    }
    let now = house.clock.now();
    let range = range(house, wish, &job, now)?;
    let mut snapshot = Snapshot::take(house, range, None, JobsWanted::Ids(&[])).await?;
    let whole = crate::bundles::together::stop_of(house, job.job.id.as_str()).await?;
    snapshot.jobs = if whole.is_empty() { vec![job.clone()] } else { whole };
    let all: Vec<_> = snapshot.jobs.iter().map(|one| snapshot.wanted(&one.job)).collect();
    let mut wanted = as_one(&all).ok_or_else(Problem::internal)?;
    // What the customers of the job were told is what the offer says.
    wanted.window = snapshot.wanted(&job.job).window;
    let job = &job;
    let limit = snapshot.day.len() * 64;
    let search =
        Search { range: actors::board::snapshot::span(&range), now_s: now.as_second(), limit };
    let found = scheduler::rank::suggest(&wanted, &snapshot.day, search, &house.knowledge);
    let best = best(house, wish, &snapshot, job, &wanted, &found.offers)?;
    let asked = in_waves(wish, &snapshot, best, &found.not_possible, house)?;
    let stops: Vec<Vec<Placement>> =
        { asked.iter() }.filter_map(|one| stop(house, &snapshot, one, &one.reasons)).collect();
    let rest = snapshot.jobs.iter().filter(|one| one.job.id != job.job.id);
    let with: Vec<OfferedWith> = rest
        .map(|one| OfferedWith {
            job_id: one.job.id.clone(),
            title: one.job.title.clone(),
            duration_min: one.job.duration_min,
        })
        .collect();
    let titles = std::iter::once(&job.job.title).chain(with.iter().map(|one| &one.title));
    let offer = Offer {
        id: OfferId::new(now, house.entropy()),
        job_id: job.job.id.clone(),
        title: titles.cloned().collect::<Vec<_>>().join(" + "),
        duration_min: snapshot.jobs.iter().map(|one| one.job.duration_min).sum(),
        with,
        window: job.job.arrival_window,
        lat: job.job.lat,
        lon: job.job.lon,
        by: by.to_owned(),
        made_at: now,
        minutes: wish.minutes,
        expires_at: expires_at(house, wish, &asked, now)?,
        asked,
        wave: 0,
        next_at: None,
        state: OfferState::Open,
        taken_by: None,
        over_at: None,
    };
    Ok(Proposed { offer, job: job.clone(), stops })
}

/// The visits that it would come to for one of the asked, one behind the other.
pub fn stop(
    house: &House,
    snapshot: &Snapshot,
    asked: &Asked,
    why: &Reasons,
) -> Option<Vec<Placement>> {
    let id = asked.technician_id.as_str();
    let jobs = snapshot.jobs.iter();
    let all = turns(jobs.clone().map(|one| &one.job), asked.start).zip(jobs).enumerate();
    all.map(|(at, ((_, start), job))| {
        let travel_min = if at == 0 { asked.travel_min } else { 0 };
        snapshot.placement(house, job, id, start, travel_min, why.clone())
    })
    .collect()
}

/// Everybody who could come, at their best hour, best first.
fn best(
    house: &House,
    wish: &Wish,
    snapshot: &Snapshot,
    job: &Standing,
    wanted: &Wanted,
    offers: &[scheduler::rank::Offer],
) -> Result<Vec<Asked>, Problem> {
    // Where somebody could come today, nobody is asked for another day.
    let today_s = crate::board::plan::day_of(
        house,
        snapshot.range.start.to_zoned(house.policy.zone.clone()).date(),
    )?
    .end
    .as_second();
    let is_open = wish.to.is_none() && job.job.arrival_window.is_none();
    let today_only = is_open && offers.iter().any(|one| one.slot.start_s < today_s);
    let mut seen = HashSet::new();
    let words = words(house, snapshot.range.start);
    let mut best: Vec<Asked> = Vec::new();
    let fit = offers.iter().filter(|one| !today_only || one.slot.start_s < today_s);
    for slot in fit.filter(|one| seen.insert(one.technician_id.clone())) {
        let Some((known, who)) = snapshot.technician(&slot.technician_id) else { continue };
        let (start, end) = times(&slot.slot)?;
        if start <= snapshot.now {
            continue;
        }
        let why = reasons(words.chosen(wanted, who, slot.slot, &[]));
        let why = outside::told(house, &known.technician, &Span { start, end }, why);
        best.push(Asked {
            technician_id: known.technician.id.clone(),
            name: known.technician.name.clone(),
            wave: 1,
            start,
            end,
            travel_min: travel_before(house, who, job, start),
            reasons: why,
            asked_at: None,
            untold_at: None,
            answer: None,
        });
    }
    Ok(best)
}

/// Where to look: as asked, in the promised window, or the next two days.
fn range(house: &House, wish: &Wish, job: &Standing, now: Timestamp) -> Result<Span, Problem> {
    let window = job.job.arrival_window;
    let start = wish.from.or(window.map(|window| window.start)).unwrap_or(now).max(now);
    let two_days = {
        let day = start.to_zoned(house.policy.zone.clone()).date();
        let next = day.tomorrow().map_err(|_| Problem::internal())?;
        crate::board::plan::day_of(house, next)?.end
    };
    let end = wish.to.or(window.map(|window| window.end)).unwrap_or(two_days);
    let end = end.min(start + SignedDuration::from_hours(24 * DAYS_MAX));
    if end <= start {
        let (fr, en) =
            ("La plage de cette intervention est passée.", "The window of this job is over.");
        return Err(crate::refusals::invalid("offers.window_over", fr, en)
            .pointer("/job_id", "window over"));
    }
    Ok(Span { start, end: end + SignedDuration::from_secs(1) })
}

fn in_waves(
    wish: &Wish,
    snapshot: &Snapshot,
    best: Vec<Asked>,
    not_possible: &[scheduler::day::NotPossible],
    house: &House,
) -> Result<Vec<Asked>, Problem> {
    let wave_of = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
    if wish.waves.is_empty() {
        let mut asked = best;
        asked.truncate(wish.limit);
        for (index, one) in asked.iter_mut().enumerate() {
            one.wave = wave_of(index / wish.per_wave.max(1));
        }
        if asked.is_empty() {
            return Err(nobody());
        }
        return Ok(asked);
    }
    let mut asked: Vec<Asked> = Vec::new();
    for (wave, ids) in wish.waves.iter().enumerate() {
        for (at, id) in ids.iter().enumerate() {
            let pointer = format!("/waves/{wave}/{at}");
            let known = snapshot.technicians.iter().find(|known| {
                let who = &known.technician;
                who.id.as_str() == id || who.external_id.as_deref() == Some(id)
            });
            let who = &known
                .ok_or_else(|| {
                    let why = "There is no such technician.";
                    Problem::not_found("technician").pointer(pointer.clone(), why)
                })?
                .technician;
            if asked.iter().any(|one| one.technician_id == who.id) {
                return Err(Problem::invalid(pointer, "Each technician is asked once."));
            }
            let fit = best.iter().find(|one| one.technician_id == who.id).cloned();
            let mut fit = fit.ok_or_else(|| unfit(house, snapshot, who, not_possible, &pointer))?;
            fit.wave = wave_of(wave);
            asked.push(fit);
        }
    }
    // A wave without anybody would be waited for in vain.
    let mut waves: Vec<u32> = asked.iter().map(|one| one.wave).collect();
    waves.dedup();
    for one in &mut asked {
        let at = waves.iter().position(|wave| *wave == one.wave).unwrap_or(0);
        one.wave = wave_of(at);
    }
    if asked.is_empty() { Err(nobody()) } else { Ok(asked) }
}

fn nobody() -> Problem {
    crate::refusals::refused(&actors::board::protocol::BoardRefusal::NobodyToAsk)
}

fn unfit(
    house: &House,
    snapshot: &Snapshot,
    who: &actors::technicians::protocol::Technician,
    not_possible: &[scheduler::day::NotPossible],
    pointer: &str,
) -> Problem {
    let obstacles = not_possible.iter().find(|one| *one.technician_id == *who.id.as_str());
    let words = words(house, snapshot.range.start);
    let why = obstacles.map(|one| reasons(words.obstacles(&one.obstacles))).unwrap_or_default();
    let fr = format!("On ne peut pas l'offrir à {}. {}", who.name, why.fr.join(" "));
    let en = format!("It cannot be offered to {}. {}", who.name, why.en.join(" "));
    crate::refusals::invalid("offers.unfit", &fr, &en).pointer(pointer, en.clone())
}

/// The end: as asked, or when the last wave had its time; never after the last hour that is offered.
fn expires_at(
    house: &House,
    wish: &Wish,
    asked: &[Asked],
    now: Timestamp,
) -> Result<Timestamp, Problem> {
    let last = asked.iter().map(|one| one.start).max().unwrap_or(now);
    if let Some(wanted) = wish.expires_at {
        if wanted <= now || wanted > last {
            let why = "An offer ends after now and before the offered hour.";
            return Err(Problem::invalid("/expires_at", why));
        }
        return Ok(wanted);
    }
    let waves = asked.iter().map(|one| i64::from(one.wave)).max().unwrap_or(1);
    let told_at = house.policy.after_quiet_hours(now + house.policy.undo);
    Ok((told_at + SignedDuration::from_mins(wish.minutes * waves)).min(last))
}
