//! All zones as whoever places a visit needs them: which of them a point lies in. Follows the zones' events, decides nothing.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use scheduler::ZoneAsk;
use scheduler::travel::Point;
use scheduler::zones::ground::Ground;

use crate::ids::ZoneId;
use crate::zones::protocol::{Zone, ZoneEvent};

/// All zones with the ground that each covers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Zoning(BTreeMap<ZoneId, (Zone, Ground)>);

impl Zoning {
    /// All of these. One that covers no sound ground is left out: nothing lies in it.
    pub fn of(all: impl IntoIterator<Item = Zone>) -> Self {
        let mut zoning = Self::default();
        all.into_iter().for_each(|zone| zoning.keep(zone));
        zoning
    }

    fn keep(&mut self, zone: Zone) {
        if let Ok(ground) = zone.polygon.ground() {
            self.0.insert(zone.id.clone(), (zone, ground));
        }
    }

    /// Lets memory catch up.
    pub fn apply(&mut self, event: &ZoneEvent) {
        match event {
            ZoneEvent::ZoneCreated { zone: after } | ZoneEvent::ZoneChanged { after, .. } => {
                self.0.remove(&after.id);
                self.keep(after.clone());
            }
            ZoneEvent::ZoneDeleted { zone } => {
                self.0.remove(&zone.id);
            }
        }
    }

    /// What the zones ask of whoever works at this place, of whatever day; `zone` is where their days are counted.
    pub fn asks(&self, lat: f64, lon: f64, zone: &TimeZone) -> Vec<ZoneAsk> {
        let holding = self.0.values().filter(|(_, ground)| ground.holds(Point { lat, lon }));
        holding.filter_map(|(known, _)| known.asks(zone)).collect()
    }
}
