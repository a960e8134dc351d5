//! Hears what happens to a day and has it planned again, off the actor threads. It keeps the pace: what comes close
//! together is looked at once, the newest call wins, no look lasts longer than ten seconds. It decides nothing, and
//! what it has planned is proposed, never applied.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};

use crate::board::proposal::Cause;
use crate::board::protocol::{BoardEvent, VisitStatus};
use crate::engine::journal::Recorded;
use crate::event::Event;
use crate::ids::{JobId, TechnicianId};
use crate::jobs::protocol::{Job, JobEvent, Priority};
use crate::technicians::protocol::TechnicianEvent;

/// What comes within this time is looked at together.
const GATHER: Duration = Duration::from_millis(150);
/// Longest look at one day.
const LOOK_MAX: Duration = Duration::from_secs(10);
/// Days of which calls are kept; beyond it the earliest are.
const DAYS_MAX: usize = 31;
/// Calls kept for one day.
const CALLS_MAX: usize = 200;

/// Why a day is to be looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What happened.
    pub cause: Cause,
    /// To which job.
    pub job_id: Option<JobId>,
    /// To which technician.
    pub technician_id: Option<TechnicianId>,
}

/// Asked between the steps of a search: is this plan no longer wanted?
pub type Overtaken = Arc<dyn Fn() -> bool + Send + Sync>;

/// Plans a day and proposes what it finds.
pub trait Plans: 'static {
    /// Looks at a day because of these calls; stops early once `overtaken` says so.
    fn look(&self, date: Date, calls: Vec<Call>, overtaken: Overtaken) -> LocalBoxFuture<'_, ()>;
}

/// The planner's bell; clones share it.
#[derive(Clone)]
pub struct Planner(Arc<Inner>);

struct Inner {
    zone: TimeZone,
    waiting: Mutex<BTreeMap<Date, Vec<Call>>>,
    bell: Notify,
    rung: AtomicU64,
    busy: AtomicBool,
}

impl Planner {
    /// A planner for days of this zone.
    pub fn new(zone: TimeZone) -> Self {
        Self(Arc::new(Inner {
            zone,
            waiting: Mutex::default(),
            bell: Notify::new(),
            rung: AtomicU64::new(0),
            busy: AtomicBool::new(false),
        }))
    }

    /// Hears an event; most of them call nobody.
    pub fn hear(&self, entry: &Recorded) {
        if let Some((at, call)) = called(entry) {
            self.call(at.to_zoned(self.0.zone.clone()).date(), call);
        }
    }

    /// Has a day looked at.
    pub fn call(&self, date: Date, call: Call) {
        {
            let mut waiting = self.0.waiting.lock();
            let calls = waiting.entry(date).or_default();
            if !calls.contains(&call) && calls.len() < CALLS_MAX {
                calls.push(call);
            }
            while waiting.len() > DAYS_MAX {
                waiting.pop_last();
            }
        }
        self.0.rung.fetch_add(1, Ordering::AcqRel);
        self.0.bell.notify_one();
    }

    /// True while nobody waits and nothing is being looked at.
    pub fn is_idle(&self) -> bool {
        // In this order: who is taken off the list is busy already.
        self.0.waiting.lock().is_empty() && !self.0.busy.load(Ordering::Acquire)
    }

    /// Looks at one day after the other until `stop` turns true.
    pub async fn run(self, plans: Box<dyn Plans>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                () = self.0.bell.notified() => {}
                _ = stop.changed() => {}
            }
            while !*stop.borrow() && self.next(&*plans).await {}
        }
    }

    /// Looks at the earliest day that waits; false where none does.
    async fn next(&self, plans: &dyn Plans) -> bool {
        if self.0.waiting.lock().is_empty() {
            return false;
        }
        tokio::time::sleep(GATHER).await;
        let taken = {
            let mut waiting = self.0.waiting.lock();
            self.0.busy.store(true, Ordering::Release);
            waiting.pop_first()
        };
        if let Some((date, calls)) = taken {
            let (inner, rung) = (self.0.clone(), self.0.rung.load(Ordering::Acquire));
            let wanted = inner.clone();
            let overtaken: Overtaken = Arc::new(move || {
                wanted.rung.load(Ordering::Acquire) != rung
                    && wanted.waiting.lock().get(&date).is_some_and(|new| new.iter().any(weighs))
            });
            let look = plans.look(date, calls.clone(), overtaken.clone());
            if tokio::time::timeout(LOOK_MAX, look).await.is_err() {
                tracing::warn!(%date, "a day took too long to be looked at");
            }
            if overtaken() {
                // What was not answered is answered with what came after it.
                let mut waiting = inner.waiting.lock();
                if let Some(newer) = waiting.get_mut(&date) {
                    newer.extend(calls.into_iter().filter(|call| call.cause != Cause::Late));
                    newer.truncate(CALLS_MAX);
                }
            }
        }
        self.0.busy.store(false, Ordering::Release);
        true
    }
}

/// Lateness is looked at again with every fix: it never stops a search that is under way.
fn weighs(call: &Call) -> bool {
    call.cause != Cause::Late
}

/// What an event calls for, and the moment whose day is meant.
fn called(entry: &Recorded) -> Option<(Timestamp, Call)> {
    let (at, cause, job_id, technician_id) = match &entry.event {
        Event::Board(BoardEvent::VisitRemoved { before, .. }) => {
            // A reaction takes visits off where somebody is away; a person, where it pleases.
            let away = entry.cause.is_some();
            let cause = if away { Cause::Absent } else { Cause::Unassigned };
            (before.start, cause, Some(&before.job_id), away.then_some(&before.technician_id))
        }
        Event::Board(BoardEvent::VisitStatusChanged { after, .. }) => {
            let cause = match after.status {
                VisitStatus::NoAccess => Cause::NoAccess,
                VisitStatus::Cancelled => Cause::Cancelled,
                _ => return None,
            };
            (after.start, cause, Some(&after.job_id), Some(&after.technician_id))
        }
        Event::Jobs(JobEvent::JobCreated { after }) if after.priority == Priority::Urgent => {
            (wanted_at(after, entry.at), Cause::Urgent, Some(&after.id), None)
        }
        Event::Jobs(JobEvent::JobChanged { before, after, .. })
            if after.priority == Priority::Urgent && before.priority != Priority::Urgent =>
        {
            (wanted_at(after, entry.at), Cause::Urgent, Some(&after.id), None)
        }
        Event::Technicians(
            TechnicianEvent::AbsenceReported { technician, absence, .. }
            | TechnicianEvent::AbsenceChanged { technician, absence, .. },
        ) => {
            let from = absence.span().start.max(entry.at);
            (from, Cause::Absent, None, Some(&technician.id))
        }
        Event::Technicians(TechnicianEvent::RouteEtasChanged { technician_id, visits })
            if visits.iter().any(|one| one.from.is_none_or(|from| one.to.at > from.at)) =>
        {
            (entry.at, Cause::Late, None, Some(technician_id))
        }
        _ => return None,
    };
    Some((at, Call { cause, job_id: job_id.cloned(), technician_id: technician_id.cloned() }))
}

fn wanted_at(job: &Job, now: Timestamp) -> Timestamp {
    job.arrival_window.as_ref().map_or(now, |window| window.start.max(now))
}
