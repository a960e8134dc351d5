//! Zones: pieces of ground that ask something of those who work there. The room sees that a polygon is sound and a name is
//! given once; whether somebody may be sent is the board's to decide. It never moves a visit.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::engine::component::{Component, Decision};
use crate::engine::journal::Expect;
use crate::event::{Event, Room};
use crate::ids::ZoneId;

pub mod protocol;
mod zoning;

use protocol::{Command, ZONES_MAX, Zone, ZoneEvent, ZoneRefusal};

/// All zones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Zones(pub BTreeMap<ZoneId, Zone>);

impl Zones {
    /// All of these.
    pub fn of(all: impl IntoIterator<Item = Zone>) -> Self {
        Self(all.into_iter().map(|zone| (zone.id.clone(), zone)).collect())
    }

    fn known(&self, id: &ZoneId) -> Result<&Zone, ZoneRefusal> {
        self.0.get(id).ok_or(ZoneRefusal::Unknown)
    }

    /// Refuses what makes no zone.
    fn checked(&self, zone: &Zone) -> Result<(), ZoneRefusal> {
        let name = zone.name.to_lowercase();
        if self.0.values().any(|other| other.id != zone.id && other.name.to_lowercase() == name) {
            return Err(ZoneRefusal::NameTaken);
        }
        if let (Some(from), Some(until)) = (zone.valid_from, zone.valid_until)
            && until < from
        {
            return Err(ZoneRefusal::NeverValid);
        }
        if zone.certification.as_ref().is_some_and(|asked| !(1..=5).contains(&asked.level)) {
            return Err(ZoneRefusal::NoSuchLevel);
        }
        zone.polygon.ground().map_err(ZoneRefusal::Unsound).map(|_| ())
    }

    fn renamed(&self, from: &str, to: &str) -> Decision {
        let from = from.to_lowercase();
        self.0.values().fold(Decision::nothing(), |decision, before| {
            let mut after = before.clone();
            match &mut after.certification {
                Some(asked) if asked.tag.to_lowercase() == from && asked.tag != to => {
                    asked.tag = to.to_owned();
                    decision.and(ZoneEvent::ZoneChanged { before: before.clone(), after })
                }
                _ => decision,
            }
        })
    }
}

impl Component for Zones {
    type Command = Command;
    type Refusal = ZoneRefusal;

    const ROOM: Room = Room::Zones;

    fn decide(&self, command: &Command, _: Timestamp) -> Result<Decision, ZoneRefusal> {
        match command {
            Command::Create(zone) => {
                if self.0.len() >= ZONES_MAX {
                    return Err(ZoneRefusal::TooMany);
                }
                self.checked(zone)?;
                Ok(Decision::event(ZoneEvent::ZoneCreated { zone: zone.clone() }))
            }
            Command::Change { after, version } => {
                let before = self.known(&after.id)?;
                if before == after {
                    return Ok(Decision::nothing());
                }
                self.checked(after)?;
                let (before, after) = (before.clone(), after.clone());
                let entity = after.id.key();
                let decision = Decision::event(ZoneEvent::ZoneChanged { before, after });
                Ok(match version {
                    Some(version) => decision.expecting(Expect { entity, version: *version }),
                    None => decision,
                })
            }
            Command::Delete { id } => {
                Ok(Decision::event(ZoneEvent::ZoneDeleted { zone: self.known(id)?.clone() }))
            }
            Command::RenameTag { from, to } => Ok(self.renamed(from, to)),
        }
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        let Event::Zones(event) = event else { return };
        match event {
            ZoneEvent::ZoneCreated { zone: after } | ZoneEvent::ZoneChanged { after, .. } => {
                self.0.insert(after.id.clone(), after.clone());
            }
            ZoneEvent::ZoneDeleted { zone } => {
                self.0.remove(&zone.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::protocol::{Certification, Polygon, ShapeKind, Zoning};
    use super::*;
    use scheduler::zones::ground::Unsound;

    fn zone(id: &str, name: &str) -> Zone {
        let ring = vec![[-73.7, 45.0], [-73.5, 45.0], [-73.5, 45.2], [-73.7, 45.2], [-73.7, 45.0]];
        Zone {
            id: ZoneId::from_text(id),
            name: name.into(),
            color: None,
            polygon: Polygon { kind: ShapeKind::Polygon, coordinates: vec![ring] },
            valid_from: None,
            valid_until: None,
            certification: Some(Certification { tag: "Sûreté".into(), level: 2 }),
            technician_ids: vec![],
        }
    }

    #[test]
    fn what_makes_no_zone_is_refused_with_its_reason() {
        let known = Zones::of([zone("zone_1", "Aéroport")]);
        let refused = |change: fn(&mut Zone)| {
            let mut zone = zone("zone_2", "Port");
            change(&mut zone);
            known.decide(&Command::Create(zone), Timestamp::UNIX_EPOCH).unwrap_err()
        };
        assert_eq!(refused(|zone| zone.name = "AÉROPORT".into()), ZoneRefusal::NameTaken);
        assert_eq!(
            refused(|zone| {
                zone.valid_from = Some(jiff::civil::date(2026, 12, 2));
                zone.valid_until = Some(jiff::civil::date(2026, 12, 1));
            }),
            ZoneRefusal::NeverValid
        );
        let level = |zone: &mut Zone| {
            zone.certification = Some(Certification { tag: "Sûreté".into(), level: 6 });
        };
        assert_eq!(refused(level), ZoneRefusal::NoSuchLevel);
        assert_eq!(
            refused(|zone| zone.polygon.coordinates[0].swap(1, 2)),
            ZoneRefusal::Unsound(Unsound::Crosses { ring: 0 })
        );
        let open = refused(|zone| {
            zone.polygon.coordinates[0].pop();
        });
        assert_eq!(open, ZoneRefusal::Unsound(Unsound::Open { ring: 0 }));
    }

    #[test]
    fn a_change_needs_the_version_that_was_seen_and_a_new_name_of_a_tag_is_learned() {
        let at = Timestamp::UNIX_EPOCH;
        let mut zones = Zones::of([zone("zone_1", "Aéroport")]);
        let after = zone("zone_1", "Tarmac");
        let change = Command::Change { after, version: Some(3) };
        let decision = zones.decide(&change, at).unwrap();
        assert_eq!(decision.expects.len(), 1);
        zones.apply(&decision.events[0], 4, at);
        let rename = Command::RenameTag { from: "sûreté".into(), to: "Accès".into() };
        let decision = zones.decide(&rename, at).unwrap();
        zones.apply(&decision.events[0], 5, at);
        let asked = zones.0.values().next().unwrap().certification.as_ref().unwrap();
        assert_eq!(
            (asked.tag.as_str(), zones.decide(&rename, at).unwrap().events.len()),
            ("Accès", 0)
        );
        let gone = Command::Delete { id: ZoneId::from_text("zone_9") };
        assert_eq!(zones.decide(&gone, at), Err(ZoneRefusal::Unknown));
    }

    #[test]
    fn a_zone_counts_from_the_first_second_of_its_first_day_to_the_last_of_its_last() {
        let toronto = jiff::tz::TimeZone::get("America/Toronto").unwrap();
        let mut zone = zone("zone_1", "Aéroport");
        // Through the night of the 1st of November clocks go back: 49 hours in two days.
        zone.valid_from = Some(jiff::civil::date(2026, 10, 31));
        zone.valid_until = Some(jiff::civil::date(2026, 11, 1));
        let valid = zone.valid(&toronto);
        assert_eq!(valid.end_s - valid.start_s, 49 * 3600);
        let zoning = Zoning::of([zone]);
        assert_eq!(zoning.asks(45.1, -73.6, &toronto).len(), 1);
        assert_eq!(zoning.asks(45.3, -73.6, &toronto).len(), 0);
    }
}
