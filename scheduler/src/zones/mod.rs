//! What a place asks of whoever works in it, and when somebody may not begin there. A zone's ground is in [`ground`]; which
//! zones a job lies in is found by whoever builds it. Never weighs anything: a zone lets somebody in or does not.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::day::{DayTechnician, Id, Span, Wanted};
use crate::rules::Violation;

pub mod ground;

/// A certificate that a zone asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certification {
    pub tag: Arc<str>,
    /// 1 to 5.
    pub level: u8,
}

/// What one zone asks of those who work inside it. With both a certificate and a list, both are asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneAsk {
    pub name: Arc<str>,
    /// When it counts, half open; `i64::MIN` and `i64::MAX` where it has no first or last day.
    pub valid: Span,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certification: Option<Certification>,
    /// Ids of those who may work there; none lets in everybody who holds the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Arc<[Id]>>,
}

/// What somebody lacks to be let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lack {
    /// Not the level asked for; `has` is 0 where the certificate is missing altogether.
    Uncertified { tag: Arc<str>, needed: u8, has: u8 },
    /// The level would do, but no longer counts on that day.
    Expired { tag: Arc<str>, needed: u8, expired_s: i64 },
    /// Not among those whom the zone names.
    NotListed,
}

impl ZoneAsk {
    fn counts_at(&self, at_s: i64) -> bool {
        self.valid.start_s <= at_s && at_s < self.valid.end_s
    }

    fn names(&self, technician: &DayTechnician) -> bool {
        self.allowed.as_ref().is_none_or(|ids| ids.contains(&technician.id))
    }

    /// What `technician` lacks at `at_s`, validity aside; the list first.
    fn lack(&self, technician: &DayTechnician, at_s: i64) -> Option<Lack> {
        if !self.names(technician) {
            return Some(Lack::NotListed);
        }
        let Certification { tag, level: needed } = self.certification.as_ref()?;
        let (tag, needed) = (tag.clone(), *needed);
        match technician.skill(&tag) {
            Some(skill) if skill.level >= needed => skill
                .expires_s
                .filter(|expires_s| *expires_s <= at_s)
                .map(|expired_s| Lack::Expired { tag, needed, expired_s }),
            held => {
                let has = held.map_or(0, |skill| skill.level);
                Some(Lack::Uncertified { tag, needed, has })
            }
        }
    }

    /// From when on `technician` may not begin there.
    fn shut_from(&self, technician: &DayTechnician) -> Option<i64> {
        match self.lack(technician, i64::MIN) {
            Some(_) => Some(self.valid.start_s),
            None => {
                let tag = &self.certification.as_ref()?.tag;
                let expires_s = technician.skill(tag)?.expires_s?;
                Some(expires_s.max(self.valid.start_s))
            }
        }
    }
}

/// The zones that would not let `technician` begin `job` at `at_s`, by name.
pub fn refusals(job: &Wanted, technician: &DayTechnician, at_s: i64) -> Vec<Violation> {
    let counting = job.zones.iter().filter(|zone| zone.counts_at(at_s));
    let mut refused: Vec<&ZoneAsk> = counting.collect();
    refused.sort_by(|a, b| (&a.name, a.valid).cmp(&(&b.name, b.valid)));
    refused
        .into_iter()
        .filter_map(|zone| {
            Some(Violation::NotAdmitted {
                zone: zone.name.clone(),
                at_s,
                until_s: Some(zone.valid.end_s).filter(|end_s| *end_s < i64::MAX),
                lack: zone.lack(technician, at_s)?,
            })
        })
        .collect()
}

/// When `technician` may not begin `job`, by its zones: made one where they touch.
pub(crate) fn shut(job: &Wanted, technician: &DayTechnician) -> Vec<Span> {
    let spans = job.zones.iter().filter_map(|zone| {
        let from_s = zone.shut_from(technician)?;
        Some(Span::new(from_s, zone.valid.end_s))
    });
    crate::rules::merged(spans)
}
