//! Sentences about zones: who is not let in, on which day, and the smallest change that would let them in.

use super::{Words, english, french};
use crate::day::{Obstacle, Wanted};
use crate::rules::Violation;
use crate::zones::{Lack, ZoneAsk};

/// Space that does not break.
const NB: char = '\u{a0}';

/// The zone that keeps somebody out, if it is a zone.
pub(super) fn barring(obstacles: &[Obstacle]) -> Option<(&str, &Lack)> {
    obstacles.iter().find_map(|obstacle| match obstacle {
        Obstacle::Rule(Violation::NotAdmitted { zone, lack, .. }) => Some((&**zone, lack)),
        _ => None,
    })
}

impl Words {
    pub(super) fn not_admitted_fr(
        &self,
        zone: &str,
        at_s: i64,
        until_s: Option<i64>,
        lack: &Lack,
    ) -> String {
        let day = french::date(&self.local(at_s));
        let (wrong, change) = match lack {
            Lack::Uncertified { tag, needed, has: 0 } => (
                format!("{tag} au niveau {needed} exigé le {day}, non détenu"),
                format!("{tag} au niveau {needed} suffirait"),
            ),
            Lack::Uncertified { tag, needed, has } => (
                format!("{tag} au niveau {needed} exigé le {day}, niveau {has} détenu"),
                format!("le niveau {needed} suffirait"),
            ),
            Lack::Expired { tag, needed, expired_s } => {
                let expired = self.local(*expired_s);
                (
                    format!(
                        "{tag} au niveau {needed} exigé le {day}, échu depuis le {} {}",
                        french::date(&expired),
                        expired.year()
                    ),
                    "le renouveler suffirait".to_owned(),
                )
            }
            Lack::NotListed => (
                format!("ne figure pas parmi les personnes admises le {day}"),
                "l’y ajouter suffirait".to_owned(),
            ),
        };
        let later = until_s.map_or_else(String::new, |until_s| {
            format!(", ou attendre le {}", french::date(&self.local(until_s)))
        });
        format!("Zone «{NB}{zone}{NB}»{NB}: {wrong}; {change}{later}.")
    }

    pub(super) fn not_admitted_en(
        &self,
        zone: &str,
        at_s: i64,
        until_s: Option<i64>,
        lack: &Lack,
    ) -> String {
        let day = english::date(&self.local(at_s));
        let (wrong, change) = match lack {
            Lack::Uncertified { tag, needed, has: 0 } => (
                format!("{tag} at level {needed} is required on {day} and not held"),
                format!("{tag} at level {needed} would be enough"),
            ),
            Lack::Uncertified { tag, needed, has } => (
                format!("{tag} at level {needed} is required on {day}, level {has} is held"),
                format!("level {needed} would be enough"),
            ),
            Lack::Expired { tag, needed, expired_s } => {
                let expired = self.local(*expired_s);
                (
                    format!(
                        "{tag} at level {needed} is required on {day}, expired since {}, {}",
                        english::date(&expired),
                        expired.year()
                    ),
                    "renewing it would be enough".to_owned(),
                )
            }
            Lack::NotListed => (
                format!("not among those who are let in on {day}"),
                "adding them would be enough".to_owned(),
            ),
        };
        let later = until_s.map_or_else(String::new, |until_s| {
            format!(", or waiting until {}", english::date(&self.local(until_s)))
        });
        format!("Zone “{zone}”: {wrong}; {change}{later}.")
    }

    /// What the zones of a place ask on the day of the words, one sentence each; for a job that stays out of a plan.
    pub fn zones(&self, job: &Wanted) -> super::Reasons {
        let counting =
            || job.zones.iter().filter(|z| (z.valid.start_s..z.valid.end_s).contains(&self.day_s));
        let asked = |zone: &ZoneAsk| {
            let level = zone.certification.as_ref().map(|asked| (asked.tag.clone(), asked.level));
            let named = zone.allowed.as_ref().map(|ids| ids.len());
            (zone.name.clone(), level, named)
        };
        let fr = |zone| {
            let (name, level, named) = asked(zone);
            let level = level.map(|(tag, level)| format!("{tag} au niveau {level} exigé"));
            let named = named.map(|n| format!("{n} personnes admises"));
            let all: Vec<String> = level.into_iter().chain(named).collect();
            format!("Dans la zone «{NB}{name}{NB}»{NB}: {}.", all.join(", "))
        };
        let en = |zone| {
            let (name, level, named) = asked(zone);
            let level = level.map(|(tag, level)| format!("{tag} at level {level} required"));
            let named = named.map(|n| format!("{n} people let in"));
            let all: Vec<String> = level.into_iter().chain(named).collect();
            format!("In the zone “{name}”: {}.", all.join(", "))
        };
        super::Reasons { fr: counting().map(fr).collect(), en: counting().map(en).collect() }
    }
}

pub(super) fn nobody_fr(zone: &str, lack: &Lack) -> String {
    match lack {
        Lack::NotListed => format!("La zone «{NB}{zone}{NB}» n’admet aucune de ces personnes."),
        Lack::Uncertified { tag, needed, .. } | Lack::Expired { tag, needed, .. } => format!(
            "Personne n’est admis dans la zone «{NB}{zone}{NB}»{NB}: {tag} au niveau {needed} exigé, valide ce jour-là."
        ),
    }
}

pub(super) fn nobody_en(zone: &str, lack: &Lack) -> String {
    match lack {
        Lack::NotListed => format!("The zone “{zone}” lets none of these people in."),
        Lack::Uncertified { tag, needed, .. } | Lack::Expired { tag, needed, .. } => format!(
            "Nobody is let into the zone “{zone}”: {tag} at level {needed} is required, valid on that day."
        ),
    }
}
