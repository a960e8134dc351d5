//! A whole day planned anew on a snapshot, outside every actor: the search, and its plan in words and figures. Changes
//! nothing; what is to become real goes to the board as placements, by version.

use std::time::{Duration, Instant};

use actors::board::proposal::{Before, Change, DayPlan, Figures, LeftOut, SetAside};
use actors::board::protocol::{Placement, VisitStatus};
use actors::ids::{JobId, PlanId, TechnicianId, VisitId};
use actors::jobs::protocol::JobStatus;
use actors::technicians::protocol::Span;
use actors::workers::planner::Overtaken;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use scheduler::explain::Words;
use scheduler::optimise::Run;
use scheduler::optimise::from_day::{LivingDay, LivingJob};
use scheduler::optimise::replan::{self as arithmetic, NoPlan, Replanned};
use scheduler::stop::Budget;

use crate::board::day::{expected_start_s, told};
use crate::board::plan::{Snapshot, reasons, words};
use crate::bundles::together::alone;
use crate::calendars::outside;
use crate::error::Problem;
use crate::house::House;

/// How a day is searched.
pub struct Effort {
    /// When the time began to count.
    pub begun: Instant,
    /// How long an answer may take, from `begun`.
    pub lasts: Duration,
    /// Threads.
    pub threads: usize,
    /// Stay close to what stands, however little that is.
    pub gently: bool,
    /// How many visits may change hands, come in or go out.
    pub most_moves: Option<usize>,
    /// No longer wanted.
    pub overtaken: Overtaken,
}

/// The best plan for `day` that the effort finds.
///
/// # Errors
/// 503 where nothing held against the rules.
pub async fn search(house: &House, day: LivingDay, effort: Effort) -> Result<Replanned, Problem> {
    let knowledge = house.knowledge.clone();
    let found = tokio::task::spawn_blocking(move || {
        // What comes after the search (the checker, the words, the answer) has its part of the time.
        let length = effort.lasts.mul_f64(0.97).as_secs_f64();
        let spent = move || match (effort.overtaken)() {
            true => 1.0,
            false => effort.begun.elapsed().as_secs_f64() / length,
        };
        // Where a plan stands already, it is changed little.
        let standing = day.jobs.iter().filter(|job| job.stands.is_some()).count();
        let run = Run {
            seed: 1,
            threads: effort.threads,
            budget: Budget::Share(&spent),
            gently: effort.gently || 2 * standing >= day.jobs.len(),
            most_moves: effort.most_moves,
            tell: None,
        };
        arithmetic::replan(&day, &knowledge, &run)
    });
    found.await.map_err(|_| Problem::internal())?.map_err(|error| no_plan(&error))
}

fn no_plan(error: &NoPlan) -> Problem {
    tracing::error!(%error, "a day could not be planned");
    crate::refusals::unavailable(
        "optimise.no_plan",
        "Aucun plan n'a passé la vérification. Rien n'a changé.",
        "No plan passed the check. Nothing was changed.",
    )
}

/// Jobs of the pool that no plan places, since they are of a bundle and would go alone: each with the bundle's others by name.
///
/// # Errors
/// When the rows cannot be read.
pub async fn left_bundled(
    house: &House,
    snapshot: &Snapshot,
    concerned: impl Fn(&JobId) -> bool,
) -> Result<Vec<LeftOut>, Problem> {
    let in_pool = snapshot.jobs.iter().filter(|one| one.status == JobStatus::Unassigned);
    let bundled = in_pool.filter(|one| snapshot.bundled.contains_key(&one.job.id));
    let mut left = Vec::new();
    for one in bundled.filter(|one| concerned(&one.job.id)) {
        let Some(alone) = alone(&mut house.moment().await?, &one.job.id).await? else { continue };
        left.push(LeftOut {
            job_id: one.job.id.clone(),
            title: one.job.title.clone(),
            priority: one.job.priority,
            reasons: alone.reasons(),
        });
    }
    Ok(left)
}

/// A plan that was found, being put into words.
struct Telling<'a> {
    snapshot: &'a Snapshot,
    day: &'a LivingDay,
    found: &'a Replanned,
    words: Words,
    house: &'a House,
}

/// The plan as people read it.
pub fn worded(
    house: &House,
    date: Date,
    snapshot: &Snapshot,
    day: &LivingDay,
    found: &Replanned,
) -> DayPlan {
    let words = words(house, snapshot.range.start);
    let telling = Telling { snapshot, day, found, words, house };
    let changes = telling.changes();
    let (before, after) = telling.figures(&changes);
    DayPlan {
        id: PlanId::new(house.clock.now(), house.entropy()),
        date,
        based_on: snapshot.seq,
        unassigned: telling.left_out(),
        set_aside: telling.set_aside(),
        changes,
        before,
        after,
    }
}

impl Telling<'_> {
    fn name(&self, id: &str) -> String {
        let known = self.snapshot.technician(id);
        known.map_or_else(String::new, |(known, _)| known.technician.name.clone())
    }

    fn job(&self, visit: usize) -> &LivingJob {
        &self.day.jobs[self.found.converted.jobs[visit]]
    }

    fn changes(&self) -> Vec<Change> {
        let places = self.found.places().into_iter();
        let mut changes: Vec<Change> =
            places.filter_map(|(who, visit, start_s)| self.change(who, visit, start_s)).collect();
        changes.sort_by(|a, b| (a.start, &a.job_id).cmp(&(b.start, &b.job_id)));
        changes
    }

    /// A visit as it would be; none where it stays as it is.
    fn change(&self, who: usize, visit: usize, start_s: i64) -> Option<Change> {
        let job = self.job(visit);
        let id = &self.found.converted.problem.technicians[who].id;
        let stands = job.stands.as_ref();
        // What is held stays on the board where it is, also where it is known to begin later.
        let is_held = !self.found.converted.problem.visits[visit].pin.is_free();
        if is_held || stands.is_some_and(|old| old.technician == *id && old.start_s == start_s) {
            return None;
        }
        let (known, _) = self.snapshot.technician(id)?;
        let standing =
            self.snapshot.jobs.iter().find(|one| *one.job.id.as_str() == *job.wanted.id)?;
        let start = Timestamp::from_second(start_s).ok()?;
        let travel_min = self.found.travel_min(who, visit);
        let from = stands.map(|old| (self.name(&old.technician), old.start_s));
        let why = self.words.replanned(&self.name(id), start_s, travel_min, from);
        let old = standing.visit.as_ref().filter(|_| stands.is_some());
        let end = start + SignedDuration::from_mins(standing.job.duration_min);
        let span = Span { start, end };
        let why = outside::told(self.house, &known.technician, &span, reasons(why));
        Some(Change {
            job_id: standing.job.id.clone(),
            title: standing.job.title.clone(),
            job_version: standing.version,
            technician_id: TechnicianId::from_text(id),
            technician_name: known.technician.name.clone(),
            technician_version: known.version,
            start,
            end,
            travel_min,
            before: old.map(|visit| Before {
                technician_id: visit.technician_id.clone(),
                technician_name: self.name(visit.technician_id.as_str()),
                start: visit.start,
                end: visit.end,
            }),
            reasons: why,
        })
    }

    fn left_out(&self) -> Vec<LeftOut> {
        let problem = &self.found.converted.problem;
        let crew: Vec<String> = problem.technicians.iter().map(|one| self.name(&one.id)).collect();
        let titles: Vec<String> = (0..problem.visits.len())
            .map(|visit| self.job(visit).wanted.title.to_string())
            .collect();
        let unserved = self.found.solution.unserved.iter();
        unserved
            .filter_map(|out| {
                let id = &problem.visits[out.visit].id;
                let standing =
                    self.snapshot.jobs.iter().find(|one| *one.job.id.as_str() == **id)?;
                let mut why =
                    self.words.left_out(&out.reasons, out.change.as_ref(), &crew, &titles);
                let zones = self.words.zones(&self.job(out.visit).wanted);
                why.fr.splice(0..0, zones.fr);
                why.en.splice(0..0, zones.en);
                Some(LeftOut {
                    job_id: standing.job.id.clone(),
                    title: standing.job.title.clone(),
                    priority: standing.job.priority,
                    reasons: reasons(why),
                })
            })
            .collect()
    }

    fn set_aside(&self) -> Vec<SetAside> {
        let aside = self.found.converted.set_aside.iter();
        aside
            .map(|id| SetAside {
                technician_id: TechnicianId::from_text(id),
                technician_name: self.name(id),
                reasons: reasons(self.words.set_aside(&self.name(id))),
            })
            .collect()
    }

    fn figures(&self, changes: &[Change]) -> (Figures, Figures) {
        let (before, after) = self.found.figures();
        let (mut before, mut after) = (shown(&before), shown(&after));
        for job in &self.day.jobs {
            let promise = self.snapshot.promises.get(&*job.wanted.id);
            let Some(window) = promise.map(told) else { continue };
            let kept = |start_s: i64| start_s <= window.end_s;
            let stood = job.stands.as_ref().map(|stands| expected_start_s(stands, &job.wanted));
            let changed = changes.iter().find(|one| *one.job_id.as_str() == *job.wanted.id);
            let will = changed.map(|change| change.start.as_second()).or(stood);
            before.promises += 1;
            after.promises += 1;
            before.promises_kept += u64::from(stood.is_some_and(kept));
            after.promises_kept += u64::from(will.is_some_and(kept));
        }
        (before, after)
    }
}

fn shown(of: &arithmetic::Figures) -> Figures {
    Figures {
        planned: of.planned as u64,
        unassigned: of.unassigned as u64,
        lost_priority: u64::from(of.lost_priority),
        driving_min: of.driving_min,
        km: (of.metres + 500) / 1000,
        technicians: of.technicians as u64,
        promises_kept: 0,
        promises: 0,
    }
}

/// The changes as the board is asked for them, with the versions that the plan was made for.
pub fn placements(house: &House, snapshot: &Snapshot, changes: &[Change]) -> Vec<Placement> {
    let placed = changes.iter().filter_map(|change| {
        let job = snapshot.jobs.iter().find(|one| one.job.id == change.job_id)?;
        let (known, _) = snapshot.technician(change.technician_id.as_str())?;
        let stands = job.visit.as_ref().filter(|visit| visit.status.is_open());
        Some(Placement {
            crew: snapshot.crew(house, change.technician_id.as_str(), stands),
            hold_id: None,
            breaks: None,
            visit_id: VisitId::new(house.clock.now(), house.entropy()),
            job: job.job.clone(),
            job_version: change.job_version,
            technician: known.technician.clone(),
            technician_version: change.technician_version,
            shifts: snapshot.shifts.get(change.technician_id.as_str()).cloned().unwrap_or_default(),
            start: change.start,
            travel_min: change.travel_min,
            pinned: false,
            overrides: Vec::new(),
            reasons: change.reasons.clone(),
            over: snapshot.over(&job.job),
        })
    });
    placed.collect()
}

/// Whether a plan still fits what stands: nothing that it moves has changed, nobody who gains a visit has another day
/// by now, and nothing of it lies in the past.
pub fn still_fits(snapshot: &Snapshot, plan: &DayPlan) -> bool {
    let change_fits = |change: &Change| {
        let job = snapshot.jobs.iter().find(|one| one.job.id == change.job_id);
        let who = snapshot.technician(change.technician_id.as_str());
        job.is_some_and(|one| one.version == change.job_version)
            && who.is_some_and(|(known, _)| known.version == change.technician_version)
            && change.start >= snapshot.now
    };
    let gains = |id: &TechnicianId| plan.changes.iter().any(|change| change.technician_id == *id);
    // Who goes on with a visit takes nobody's time: only what was put down since counts.
    let unseen = snapshot.jobs.iter().filter(|one| one.version > plan.based_on).any(|one| {
        let visit = one.visit.as_ref().filter(|visit| visit.status == VisitStatus::Planned);
        visit.is_some_and(|visit| gains(&visit.technician_id))
    });
    plan.changes.iter().all(change_fits) && !unseen
}
