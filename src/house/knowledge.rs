//! What the company's own drives and visits taught: travel times and times on site. Learned from events at the
//! edge, read by every decision that rests on them; it is knowledge, never state.

use std::sync::Arc;

use actors::board::protocol::{BoardEvent, VisitStatus};
use dashmap::DashMap;
use jiff::{SignedDuration, Timestamp};
use parking_lot::RwLock;
use scheduler::durations::{Durations, LearnedDurations};
use scheduler::travel::{Drive, Estimate, Leg, Point, Travel};

/// What the company's own drives and visits taught: travel times and times on site. Clones share it.
#[derive(Clone)]
pub struct Knowledge {
    travel: Arc<RwLock<Estimate>>,
    durations: Arc<RwLock<LearnedDurations>>,
    last_place: Arc<DashMap<String, (Point, Timestamp)>>,
}

impl Travel for Knowledge {
    fn leg(&self, from: Point, to: Point, depart_s: i64) -> Leg {
        self.travel.read().leg(from, to, depart_s)
    }
}

impl Durations for Knowledge {
    fn typical_s(&self, kind: Option<&str>, planned_s: i64) -> i64 {
        self.durations.read().typical_s(kind, planned_s)
    }
}

impl Knowledge {
    /// What nobody has taught anything yet knows.
    pub fn new(zone: jiff::tz::TimeZone) -> Self {
        Self {
            travel: Arc::new(RwLock::new(Estimate::new(zone))),
            durations: Arc::default(),
            last_place: Arc::default(),
        }
    }

    /// Learns from a visit that went on: the drive to it, and the time spent there.
    pub fn learn(&self, event: &BoardEvent) {
        let BoardEvent::VisitStatusChanged { after, .. } = event else { return };
        let here = Point { lat: after.lat, lon: after.lon };
        let who = after.technician_id.to_string();
        match after.status {
            VisitStatus::OnSite => {
                let from = self.last_place.get(&who).map(|place| *place);
                if let (Some((from, left)), Some(start), Some(end)) =
                    (from, after.en_route_at, after.on_site_at)
                    && start.duration_since(left) < SignedDuration::from_mins(20)
                {
                    let seconds = end.duration_since(start).as_secs();
                    let depart_s = start.as_second();
                    self.travel.write().learn(Drive { from, to: here, depart_s, seconds });
                }
            }
            VisitStatus::Done => {
                if let (Some(kind), Some(start), Some(end)) =
                    (&after.kind, after.on_site_at, after.finished_at)
                {
                    let planned_s = after.end.duration_since(after.start).as_secs();
                    let actual_s = end.duration_since(start).as_secs();
                    self.durations.write().learn(kind, planned_s, actual_s);
                }
                if let Some(at) = after.finished_at {
                    self.last_place.insert(who, (here, at));
                }
            }
            _ => {}
        }
    }
}
