//! What the company's own drives and visits taught: travel times and times on site. Learned from events at the
//! edge, read by every decision that rests on them; it is knowledge, never state.

use std::sync::Arc;

use actors::board::protocol::{BoardEvent, Visit, VisitStatus};
use dashmap::DashMap;
use jiff::{SignedDuration, Timestamp};
use parking_lot::RwLock;
use scheduler::durations::{Durations, LearnedDurations};
use scheduler::travel::{Drive, Leg, Point, Travel};
use scheduler::{LearnedTravel, Matrices, MatrixError, Table, Ways};

/// How far back visits teach.
pub const LEARNED_FOR: SignedDuration = SignedDuration::from_hours(24 * 60);

/// What the company's own drives and visits taught: travel times and times on site. Clones share it.
#[derive(Clone)]
pub struct Knowledge {
    travel: Arc<RwLock<LearnedTravel>>,
    durations: Arc<RwLock<LearnedDurations>>,
    last_place: Arc<DashMap<String, (Point, Timestamp)>>,
}

impl Travel for Knowledge {
    fn leg(&self, from: Point, to: Point, depart_s: i64) -> Leg {
        self.travel.read().leg(from, to, depart_s)
    }
}

/// Tables may be waited for a minute where a routing server makes them: never ask from inside a decision.
impl Matrices for Knowledge {
    fn table(&self, points: &[Point], depart_s: i64) -> Result<Table, MatrixError> {
        // A copy, so that nobody who learns waits for a routing server.
        let travel = self.travel.read().clone();
        travel.table(points, depart_s)
    }
}

impl Durations for Knowledge {
    fn typical_s(&self, kind: Option<&str>, planned_s: i64) -> i64 {
        self.durations.read().typical_s(kind, planned_s)
    }
}

impl Knowledge {
    /// What nobody has taught anything yet knows, beside the ways of whoever knows them.
    pub fn new(zone: jiff::tz::TimeZone, ways: Option<Arc<dyn Ways>>) -> Self {
        Self {
            travel: Arc::new(RwLock::new(LearnedTravel::new(zone, ways))),
            durations: Arc::default(),
            last_place: Arc::default(),
        }
    }

    /// The same ways, and nothing learned yet.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self {
            travel: Arc::new(RwLock::new(self.travel.read().unlearned())),
            durations: Arc::default(),
            last_place: Arc::default(),
        }
    }

    /// Learns from a visit that went on: the drive to it, or the time spent there.
    pub fn learn(&self, event: &BoardEvent) {
        let BoardEvent::VisitStatusChanged { after, .. } = event else { return };
        match after.status {
            VisitStatus::OnSite => self.learn_drive(after),
            VisitStatus::Done => self.learn_work(after),
            _ => {}
        }
    }

    /// Learns from a visit that is over what its events would have taught.
    pub fn learn_whole(&self, visit: &Visit) {
        self.learn_drive(visit);
        self.learn_work(visit);
    }

    /// Learns from the drive to a visit that was begun.
    pub fn learn_drive(&self, visit: &Visit) {
        let here = Point { lat: visit.lat, lon: visit.lon };
        let from = self.last_place.get(visit.technician_id.as_str()).map(|place| *place);
        if let (Some((from, left)), Some(start), Some(end)) =
            (from, visit.en_route_at, visit.on_site_at)
            && start.duration_since(left) < SignedDuration::from_mins(20)
        {
            let seconds = end.duration_since(start).as_secs();
            let depart_s = start.as_second();
            self.travel.write().learn(Drive { from, to: here, depart_s, seconds });
        }
    }

    fn learn_work(&self, visit: &Visit) {
        if let (Some(kind), Some(start), Some(end)) =
            (&visit.kind, visit.on_site_at, visit.finished_at)
        {
            let planned_s = visit.end.duration_since(visit.start).as_secs();
            let actual_s = end.duration_since(start).as_secs();
            self.durations.write().learn(kind, planned_s, actual_s);
        }
        if let Some(at) = visit.finished_at {
            let here = Point { lat: visit.lat, lon: visit.lon };
            self.last_place.insert(visit.technician_id.to_string(), (here, at));
        }
    }
}
