//! What the planner proposes when a day changes: the late, the freed and the urgent placed anew, with as few changes as
//! there are reasons for them. It proposes to the board and applies nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::{Duration, Instant};

use actors::board::proposal::{Cause, DayPlan, Proposal, Why};
use actors::board::protocol::{Command, Reasons, VisitStatus};
use actors::engine::journal::CommitError;
use actors::engine::shell::{AskError, Circumstances};
use actors::ids::{JobId, TechnicianId};
use actors::jobs::protocol::{JobStatus, Priority};
use actors::workers::planner::{Call, Overtaken, Plans};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use jiff::civil::Date;
use parking_lot::Mutex;
use scheduler::explain::Called;
use scheduler::optimise::from_day::LivingDay;

use crate::board::day::{expected_start_s, living, told};
use crate::board::plan::{JobsWanted, Snapshot, day_of, reasons, today, words};
use crate::board::replan::{Effort, left_bundled, search, worded};
use crate::error::Problem;
use crate::house::House;

/// Days ahead that are looked at.
const DAYS_AHEAD: i64 = 14;
/// A search: so long, and so much more per job, up to the longest.
const SEARCH: Duration = Duration::from_millis(100);
const SEARCH_PER_JOB: Duration = Duration::from_millis(3);
const SEARCH_MAX: Duration = Duration::from_millis(1200);
/// Changes per job that is touched.
const MOVES_PER_JOB: usize = 2;
/// Driving that must be saved for a proposal that gains nothing else, minutes.
const WORTH_MIN: i64 = 15;

/// Looks at days for the planner.
pub struct DayPlanner {
    house: House,
    /// Late jobs that were looked at already, by day: they call for one look, not for one with every fix.
    late: Mutex<BTreeMap<Date, BTreeSet<String>>>,
}

impl DayPlanner {
    /// A planner for this house.
    pub fn new(house: House) -> Self {
        Self { house, late: Mutex::default() }
    }
}

impl Plans for DayPlanner {
    fn look(&self, date: Date, calls: Vec<Call>, overtaken: Overtaken) -> LocalBoxFuture<'_, ()> {
        async move {
            if let Err(problem) = self.look_at(date, &calls, overtaken).await {
                tracing::warn!(%date, code = problem.code(), "a day could not be planned again");
            }
        }
        .boxed_local()
    }
}

/// What a look is about.
struct Touched {
    late: HashSet<String>,
    /// Jobs of the pool that may come in.
    wanted: HashSet<String>,
    why: Why,
}

impl Touched {
    /// Whether the plan does something for what it would name: where a job is back in the pool or came in and finds no
    /// place, that is no reason to move others about.
    fn gains_by<'a>(&self, mut changed: impl Iterator<Item = &'a JobId>) -> bool {
        !matches!(self.why.kind, Cause::Unassigned | Cause::Absent | Cause::Urgent)
            || changed
                .any(|job| self.wanted.contains(job.as_str()) || self.late.contains(job.as_str()))
    }
}

impl DayPlanner {
    async fn look_at(
        &self,
        date: Date,
        calls: &[Call],
        overtaken: Overtaken,
    ) -> Result<(), Problem> {
        let (house, begun) = (&self.house, Instant::now());
        let today = today(house);
        let ahead = date.since(today).map_or(i64::MAX, |span| i64::from(span.get_days()));
        if !(0..=DAYS_AHEAD).contains(&ahead) {
            return Ok(());
        }
        let range = day_of(house, date)?;
        let snapshot = Snapshot::take(house, range, None, JobsWanted::Day).await?;
        let Some(touched) = self.touched(date, &snapshot, calls)? else { return Ok(()) };
        let mut day = living(&snapshot, None, &touched.late)?;
        day.jobs.retain(|job| job.stands.is_some() || touched.wanted.contains(&*job.wanted.id));
        let more = SEARCH_PER_JOB.saturating_mul(u32::try_from(day.jobs.len()).unwrap_or(u32::MAX));
        let effort = Effort {
            begun,
            lasts: (SEARCH + more).min(SEARCH_MAX) + begun.elapsed(),
            threads: 1,
            gently: true,
            most_moves: Some(MOVES_PER_JOB * touched.why.job_ids.len().max(1)),
            overtaken: overtaken.clone(),
        };
        let found = search(house, day.clone(), effort).await?;
        let mut plan = worded(house, date, &snapshot, &day, &found);
        let mut changed = plan.changes.iter().map(|change| &change.job_id);
        if overtaken() || !is_worth_it(&plan) || !touched.gains_by(&mut changed) {
            return Ok(());
        }
        let is_wanted = |job: &JobId| touched.wanted.contains(job.as_str());
        plan.unassigned.extend(left_bundled(house, &snapshot, is_wanted).await?);
        let reasons = said(house, &snapshot, &touched.why, &plan);
        let (made_at, why) = (house.clock.now(), touched.why);
        let proposal = Box::new(Proposal { plan, made_at, why, reasons });
        let by = Circumstances::by("planner");
        match house.rooms.board(Command::Propose { proposal }, by).await {
            Ok(_) => Ok(()),
            // The day moved on while it was planned: whatever moved it has called for another look, or needs none.
            Err(AskError::Commit(CommitError::Stale { .. })) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// What the calls come to on this day; none where nothing is to be done.
    fn touched(
        &self,
        date: Date,
        snapshot: &Snapshot,
        calls: &[Call],
    ) -> Result<Option<Touched>, Problem> {
        let day = living(snapshot, None, &HashSet::new())?;
        let late = late(&self.house, snapshot, &day);
        let names: BTreeSet<String> = late.iter().cloned().collect();
        let known = self.late.lock().insert(date, names.clone()).unwrap_or_default();
        let has_news = !names.is_subset(&known);
        let calls = calls.iter().filter(|call| call.cause != Cause::Late || has_news);
        let Some(kind) = calls.clone().map(|call| call.cause).min() else { return Ok(None) };
        let frees = calls.clone().any(|c| matches!(c.cause, Cause::NoAccess | Cause::Cancelled));
        let named: HashSet<&str> =
            calls.clone().filter_map(|call| call.job_id.as_ref()).map(JobId::as_str).collect();
        let pool = snapshot.jobs.iter().filter(|one| one.status == JobStatus::Unassigned);
        let wanted: HashSet<String> = pool
            .filter(|one| named.contains(one.job.id.as_str()) || frees && belongs(snapshot, one))
            .map(|one| one.job.id.to_string())
            .collect();
        if wanted.is_empty() && late.is_empty() && !frees {
            return Ok(None);
        }
        let mut jobs: BTreeSet<JobId> =
            calls.clone().filter_map(|call| call.job_id.clone()).collect();
        let mut who: BTreeSet<TechnicianId> =
            calls.filter_map(|call| call.technician_id.clone()).collect();
        if kind == Cause::Late {
            jobs.extend(late.iter().map(|id| JobId::from_text(id)));
            who = day
                .jobs
                .iter()
                .filter(|job| late.contains(&*job.wanted.id))
                .filter_map(|job| job.stands.as_ref())
                .map(|stands| TechnicianId::from_text(&stands.technician))
                .collect();
        }
        let why = Why {
            kind,
            job_ids: jobs.into_iter().collect(),
            technician_ids: who.into_iter().collect(),
        };
        Ok(Some(Touched { late, wanted, why }))
    }
}

/// Whether a job of the pool belongs to this day, so that freed time may be given to it.
fn belongs(snapshot: &Snapshot, one: &crate::jobs::store::Standing) -> bool {
    let told = snapshot.promises.contains_key(one.job.id.as_str());
    let matters = matches!(one.job.priority, Priority::High | Priority::Urgent);
    told || matters || one.job.arrival_window.is_some()
}

/// Visits that will begin too late for what the customer was told, or for their plan where nobody was told.
fn late(house: &House, snapshot: &Snapshot, day: &LivingDay) -> HashSet<String> {
    let threshold_s = house.policy.late_after.as_secs();
    let planned = |id: &str| {
        let one = snapshot.jobs.iter().find(|one| one.job.id.as_str() == id);
        let visit = one.and_then(|one| one.visit.as_ref());
        visit.is_some_and(|visit| visit.status == VisitStatus::Planned && !visit.pinned)
    };
    let is_late = |job: &&scheduler::optimise::from_day::LivingJob| {
        let Some(stands) = &job.stands else { return false };
        let promise = snapshot.promises.get(&*job.wanted.id).map(told);
        let due_s = promise.map_or(stands.start_s, |window| window.end_s);
        expected_start_s(stands, &job.wanted) - due_s >= threshold_s && planned(&job.wanted.id)
    };
    day.jobs.iter().filter(is_late).map(|job| job.wanted.id.to_string()).collect()
}

fn is_worth_it(plan: &DayPlan) -> bool {
    let (before, after) = (&plan.before, &plan.after);
    !plan.changes.is_empty()
        && (after.lost_priority < before.lost_priority
            || after.promises_kept > before.promises_kept
            || after.promises_kept == before.promises_kept
                && before.driving_min - after.driving_min >= WORTH_MIN)
}

fn said(house: &House, snapshot: &Snapshot, why: &Why, plan: &DayPlan) -> Reasons {
    let words = words(house, snapshot.range.start);
    let named = why.technician_ids.iter().filter_map(|id| snapshot.technician(id.as_str()));
    let names: Vec<String> = named.map(|(known, _)| known.technician.name.clone()).collect();
    let called = match why.kind {
        Cause::Late => Called::Late,
        Cause::Absent => Called::Absent,
        Cause::Urgent => Called::Urgent,
        Cause::NoAccess => Called::NoAccess,
        Cause::Cancelled => Called::Cancelled,
        Cause::Unassigned => Called::Unassigned,
    };
    let (before, after) = (&plan.before, &plan.after);
    let more = |after: u64, before: u64| after.cast_signed() - before.cast_signed();
    let mut all = reasons(words.called(called, &names, why.job_ids.len()));
    let gained = reasons(words.gained(
        more(after.planned, before.planned),
        more(after.promises_kept, before.promises_kept),
        after.driving_min - before.driving_min,
    ));
    all.fr.extend(gained.fr);
    all.en.extend(gained.en);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_back_in_the_pool_and_finds_no_place_is_no_reason_to_move_others() {
        let touched = |kind| Touched {
            late: HashSet::new(),
            wanted: HashSet::from(["job_freed".to_owned()]),
            why: Why { kind, job_ids: vec!["job_freed".into()], technician_ids: Vec::new() },
        };
        let gains = |kind, job: &str| touched(kind).gains_by([JobId::from_text(job)].iter());
        for kind in [Cause::Unassigned, Cause::Absent, Cause::Urgent] {
            assert!(gains(kind, "job_freed"));
            assert!(!gains(kind, "job_other"), "{kind:?}");
        }
        assert!(gains(Cause::Cancelled, "job_other"), "time came free for anybody");
    }
}
