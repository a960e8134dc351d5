//! Trackers: which technician bears which unit, the newest fix of each, and the track. Every fix passes here
//! before any actor hears of it: judged, told, kept. Bounded everywhere; under load the newest fix wins.
//!
//! **Invariant:** a fix off duty is never shown, told or stored. On duty is who has a shift, who is still on the way to
//! a customer or with one, and who has no hours in the books at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actors::board::protocol::{BoardEvent, Visit, VisitStatus};
use actors::engine::clock::Clock;
use actors::engine::shell::Circumstances;
use actors::ids::{TechnicianId, VisitId};
use actors::rooms::Rooms;
use actors::technicians::positions::{Verdict, judge};
use actors::technicians::protocol::{Command, Position, Span, Technician, day_span};
use actors::workers::hub::{Frame, Hub};
use dashmap::DashMap;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use parking_lot::{Mutex, RwLock};
use serde_json::json;

use crate::journal::SqlJournal;
use crate::journal::rows::Rows;
use crate::technicians::store::{BREADCRUMBS, POSITIONS, position_row};
use crate::telemetry::metrics::metrics;

/// One crumb per tracker and second at most.
const CRUMB_EVERY: SignedDuration = SignedDuration::from_secs(1);
/// Crumbs that may wait for the next batch; beyond that, the track has gaps and we say so.
const CRUMBS_MAX: usize = 20_000;
/// How often the newest positions and the track are stored.
const STORE_EVERY: Duration = Duration::from_millis(900);
/// Least real time between two positions that one actor hears.
const ACTOR_REST: Duration = Duration::from_millis(50);

/// There is no tracker of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no technician bears this tracker")]
pub struct UnknownTracker;

#[derive(Default)]
struct State {
    last: Option<Position>,
    crumb_at: Option<Timestamp>,
    dirty: bool,
    /// The day that `shifts` are of, and the shifts.
    day: Option<Span>,
    shifts: Vec<Span>,
    /// Visits that the technician drives to or works at.
    under_way: Vec<VisitId>,
}

struct Tracker {
    technician: RwLock<Arc<Technician>>,
    id: TechnicianId,
    topics: Arc<[Arc<str>]>,
    conflate: Arc<str>,
    state: Mutex<State>,
    waiting: AtomicBool,
}

struct Inner {
    by_device: DashMap<String, Arc<Tracker>>,
    by_technician: DashMap<TechnicianId, Arc<Tracker>>,
    dirty: Mutex<Vec<Arc<Tracker>>>,
    crumbs: Mutex<Vec<(TechnicianId, Position)>>,
    rooms: RwLock<Option<Rooms>>,
    hub: Hub,
    clock: Clock,
    zone: TimeZone,
}

fn is_worth_a_crumb(state: &mut State, fix: &Position) -> bool {
    let worth = state.crumb_at.is_none_or(|last| fix.at.duration_since(last).abs() >= CRUMB_EVERY);
    if worth {
        state.crumb_at = Some(fix.at);
    }
    worth
}

/// All trackers. Clones share them.
#[derive(Clone)]
pub struct Trackers(Arc<Inner>);

impl Trackers {
    /// None known yet.
    pub fn new(hub: Hub, clock: Clock, zone: TimeZone) -> Self {
        Self(Arc::new(Inner {
            by_device: DashMap::new(),
            by_technician: DashMap::new(),
            dirty: Mutex::default(),
            crumbs: Mutex::default(),
            rooms: RwLock::default(),
            hub,
            clock,
            zone,
        }))
    }

    /// The rooms, once they stand.
    pub fn connect(&self, rooms: Rooms) {
        *self.0.rooms.write() = Some(rooms);
    }

    /// Learns a technician's data, or that they changed.
    pub fn follow(&self, technician: &Technician) {
        let known = self.0.by_technician.get(&technician.id).map(|tracker| tracker.clone());
        let tracker = known.unwrap_or_else(|| {
            let id = technician.id.clone();
            let tracker = Arc::new(Tracker {
                technician: RwLock::new(Arc::new(technician.clone())),
                topics: vec!["dispatch".into(), format!("tech:{id}").into()].into(),
                conflate: format!("tech.position:{id}").into(),
                id: id.clone(),
                state: Mutex::default(),
                waiting: AtomicBool::new(false),
            });
            self.0.by_technician.insert(id, tracker.clone());
            tracker
        });
        let before =
            std::mem::replace(&mut *tracker.technician.write(), Arc::new(technician.clone()));
        tracker.state.lock().day = None;
        if let Some(device) = &before.gps_device_id
            && technician.gps_device_id.as_ref() != Some(device)
        {
            self.0.by_device.remove(device);
        }
        if let Some(device) = &technician.gps_device_id {
            self.0.by_device.insert(device.clone(), tracker);
        }
    }

    /// Forgets somebody who never joined, after all.
    pub fn forget_technician(&self, technician: &Technician) {
        self.0.by_technician.remove(&technician.id);
        if let Some(device) = &technician.gps_device_id {
            self.0.by_device.remove_if(device, |_, tracker| tracker.id == technician.id);
        }
    }

    /// Learns who is on the way or on site.
    pub fn follow_visits(&self, event: &BoardEvent) {
        match event {
            BoardEvent::VisitMoved { before, after, .. }
            | BoardEvent::VisitStatusChanged { before, after, .. } => {
                self.forget(before);
                self.note(after);
            }
            BoardEvent::VisitRemoved { before, .. } => self.forget(before),
            _ => {}
        }
    }

    /// Notes a visit if it is under way.
    pub fn note(&self, visit: &Visit) {
        if let VisitStatus::EnRoute | VisitStatus::OnSite = visit.status
            && let Some(tracker) = self.0.by_technician.get(&visit.technician_id)
        {
            tracker.state.lock().under_way.push(visit.id.clone());
        }
    }

    fn forget(&self, visit: &Visit) {
        if let Some(tracker) = self.0.by_technician.get(&visit.technician_id) {
            tracker.state.lock().under_way.retain(|id| *id != visit.id);
        }
    }

    /// Sets what was known of a technician's place before the start.
    pub fn remember(&self, technician: &TechnicianId, position: Position) {
        if let Some(tracker) = self.0.by_technician.get(technician) {
            tracker.state.lock().last = Some(position);
        }
    }

    /// Whether some technician other than `but` bears this unit.
    pub fn is_taken(&self, device: &str, but: Option<&TechnicianId>) -> bool {
        self.0.by_device.get(device).is_some_and(|tracker| Some(&tracker.id) != but)
    }

    /// The newest fix of a technician.
    pub fn position(&self, technician: &TechnicianId) -> Option<Position> {
        self.0.by_technician.get(technician).and_then(|tracker| tracker.state.lock().last)
    }

    /// The newest fix of everybody who has one.
    pub fn positions(&self) -> std::collections::HashMap<String, Position> {
        self.0
            .by_technician
            .iter()
            .filter_map(|entry| Some((entry.key().to_string(), entry.value().state.lock().last?)))
            .collect()
    }

    /// The newest fix by unit, for following a server from there on.
    pub fn newest(&self) -> std::collections::HashMap<String, Timestamp> {
        self.0
            .by_device
            .iter()
            .filter_map(|entry| Some((entry.key().clone(), entry.value().state.lock().last?.at)))
            .collect()
    }

    /// Takes a checked fix of the unit `device`.
    ///
    /// # Errors
    /// [`UnknownTracker`].
    pub fn take(
        &self,
        device: &str,
        fix: Position,
        valid: bool,
    ) -> Result<Verdict, UnknownTracker> {
        let Some(tracker) = self.0.by_device.get(device).map(|tracker| tracker.clone()) else {
            metrics().positions("unknown_device");
            return Err(UnknownTracker);
        };
        let now = self.0.clock.now();
        let (verdict, crumb, newly_dirty) = {
            let mut state = tracker.state.lock();
            let verdict = match judge(state.last.map(|last| last.at), &fix, now) {
                Verdict::Newest | Verdict::Late if !self.is_on_duty(&tracker, &mut state, &fix) => {
                    Verdict::OffDuty
                }
                Verdict::Newest if !valid => Verdict::Late,
                verdict => verdict,
            };
            let crumb = matches!(verdict, Verdict::Newest | Verdict::Late)
                && is_worth_a_crumb(&mut state, &fix);
            let mut newly_dirty = false;
            if verdict == Verdict::Newest {
                state.last = Some(fix);
                newly_dirty = !std::mem::replace(&mut state.dirty, true);
            }
            (verdict, crumb, newly_dirty)
        };
        metrics().positions(match verdict {
            Verdict::Newest => "newest",
            Verdict::Late => "late",
            Verdict::Inaccurate => "inaccurate",
            Verdict::Repeated => "repeated",
            Verdict::OffDuty => "off_duty",
        });
        if crumb {
            let mut crumbs = self.0.crumbs.lock();
            if crumbs.len() < CRUMBS_MAX {
                crumbs.push((tracker.id.clone(), fix));
            } else {
                metrics().positions("crumb_dropped");
            }
        }
        if verdict == Verdict::Newest {
            if newly_dirty {
                self.0.dirty.lock().push(tracker.clone());
            }
            self.show(&tracker, &fix);
            self.wake(tracker);
        }
        Ok(verdict)
    }

    fn is_on_duty(&self, tracker: &Tracker, state: &mut State, fix: &Position) -> bool {
        if !state.under_way.is_empty() {
            return true;
        }
        if !state.day.is_some_and(|day| day.contains(fix.at)) {
            let date = fix.at.to_zoned(self.0.zone.clone()).date();
            let technician = tracker.technician.read().clone();
            state.day = day_span(date, &self.0.zone);
            if technician.weekly_schedule.is_empty() && technician.extra_shifts.is_empty() {
                state.shifts = state.day.into_iter().collect();
                return true;
            }
            state.shifts = technician.shifts_on(date, &self.0.zone);
            // A night shift of the day before reaches into this one.
            if let Ok(yesterday) = date.yesterday() {
                state.shifts.extend(technician.shifts_on(yesterday, &self.0.zone));
            }
        }
        state.shifts.iter().any(|shift| shift.contains(fix.at))
    }

    /// Tells whoever watches; costs nothing while nobody does.
    fn show(&self, tracker: &Tracker, fix: &Position) {
        if self.0.hub.watchers() == 0 {
            return;
        }
        let data = json!({
            "technician_id": tracker.id, "lat": fix.lat, "lon": fix.lon, "at": fix.at,
            "heading": fix.heading, "speed_kmh": fix.speed_kmh, "accuracy_m": fix.accuracy_m,
        });
        let conflate = Some(tracker.conflate.clone());
        if let Ok(frame) = Frame::transient(
            self.0.clock.now(),
            "tech.position",
            tracker.topics.clone(),
            conflate,
            &data,
        ) {
            // An overloaded hub misses a position; the next one is a second away.
            let _ = self.0.hub.publish(frame);
        }
    }

    /// Lets the technician's actor hear the newest fix; one waits at most.
    fn wake(&self, tracker: Arc<Tracker>) {
        if tracker.waiting.swap(true, Ordering::AcqRel) {
            return;
        }
        let Some(rooms) = self.0.rooms.read().clone() else {
            tracker.waiting.store(false, Ordering::Release);
            return;
        };
        tokio::spawn(async move {
            let mut heard: Option<Timestamp> = None;
            loop {
                let last = tracker.state.lock().last;
                let Some(fix) = last.filter(|fix| heard.is_none_or(|at| fix.at > at)) else {
                    tracker.waiting.store(false, Ordering::Release);
                    // A fix that came between the look and the store would wait for the next one.
                    let newer = tracker.state.lock().last.is_some_and(|fix| Some(fix.at) != heard);
                    if newer && !tracker.waiting.swap(true, Ordering::AcqRel) {
                        continue;
                    }
                    return;
                };
                heard = Some(fix.at);
                let command = Arc::new(Command::ReportPosition(fix));
                let why = Circumstances::by("tracker");
                if let Err(error) = rooms.technicians.ask(tracker.id.key(), command, why).await {
                    tracing::debug!(technician = %tracker.id, %error, "a position was not heard");
                }
                tokio::time::sleep(ACTOR_REST).await;
            }
        });
    }

    /// Stores the newest positions and the track in batches until the journal is gone.
    pub async fn keep(self, journal: SqlJournal, mut stop: tokio::sync::watch::Receiver<bool>) {
        loop {
            let ending = tokio::select! {
                () = tokio::time::sleep(STORE_EVERY) => false,
                changed = stop.changed() => changed.is_err() || *stop.borrow(),
            };
            self.store(&journal).await;
            if ending {
                return;
            }
        }
    }

    async fn store(&self, journal: &SqlJournal) {
        let dirty = std::mem::take(&mut *self.0.dirty.lock());
        let crumbs = std::mem::take(&mut *self.0.crumbs.lock());
        if dirty.is_empty() && crumbs.is_empty() {
            return;
        }
        let mut rows = Rows::default();
        for tracker in dirty {
            let mut state = tracker.state.lock();
            state.dirty = false;
            if let Some(fix) = state.last {
                rows.put(&POSITIONS, position_row(tracker.id.as_str(), &fix));
            }
        }
        for (technician, fix) in &crumbs {
            rows.put(&BREADCRUMBS, position_row(technician.as_str(), fix));
        }
        if let Err(error) = journal.put(rows).await {
            tracing::warn!(%error, "positions could not be stored");
        }
    }
}
