//! Materials: what a visit takes along and what is booked like a person. A lift, a splicer: each has a name, may be out of
//! service, and is in one place at a time. The room keeps what they are; when each is taken is the board's.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::component::{Component, Decision};
use crate::engine::journal::Expect;
use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::event::{Event, Room};
use crate::ids::MaterialId;
use crate::technicians::protocol::Span;

/// Materials that one visit may take along.
pub const MATERIALS_MAX: usize = 10;

/// A thing that a visit takes along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Material {
    /// Id.
    pub id: MaterialId,
    /// Name; unique whatever its case.
    pub name: String,
    /// What it is (a lift, a splicer), in a word of the company's.
    #[serde(default)]
    pub kind: Option<String>,
    /// Id in the system it came from.
    #[serde(default)]
    pub external_id: Option<String>,
    /// False while nobody can use it at all.
    #[serde(default = "yes")]
    pub available: bool,
    /// When it cannot be used.
    #[serde(default)]
    pub out_of_service: Vec<Span>,
}

fn yes() -> bool {
    true
}

impl Material {
    /// Whether it can be used for all of `span`.
    pub fn is_usable(&self, span: &Span) -> bool {
        self.available && !self.out_of_service.iter().any(|out| out.overlaps(span))
    }
}

/// What happened to materials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum MaterialEvent {
    /// There is a new one.
    MaterialCreated { material: Material },
    /// Its data changed.
    MaterialChanged { before: Material, after: Material },
    /// It is gone; no visit that is not over took it along.
    MaterialDeleted { material: Material },
}

/// What the materials may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// A new one.
    Create(Material),
    /// Other data; `version` is what the editor saw.
    Change { after: Material, version: Option<i64> },
    /// It goes, unless visits that are not over take it along: so many.
    Delete { id: MaterialId, visits: usize },
}

/// How materials say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MaterialRefusal {
    /// The name is taken.
    #[error("there is a material of this name already")]
    NameTaken,
    /// There is none of that id.
    #[error("there is no such material")]
    Unknown,
    /// Visits take it along.
    #[error("{visits} visits take this material along")]
    InUse {
        /// How many that are not over.
        visits: usize,
    },
}

impl Refused for MaterialRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NameTaken => "materials.name_taken",
            Self::Unknown => "materials.unknown",
            Self::InUse { .. } => "materials.in_use",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NameTaken | Self::InUse { .. } => RefusalKind::Conflict,
            Self::Unknown => RefusalKind::Unknown,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        matches!(self, Self::NameTaken).then_some("/name")
    }

    fn detail(&self, language: Language) -> String {
        match (self, language) {
            (Self::NameTaken, Language::Fr) => "Un matériel porte déjà ce nom.".to_owned(),
            (Self::NameTaken, Language::En) => "A material has this name already.".to_owned(),
            (Self::Unknown, Language::Fr) => "Ce matériel n'existe pas.".to_owned(),
            (Self::Unknown, Language::En) => "There is no such material.".to_owned(),
            (Self::InUse { visits: 1 }, Language::Fr) => {
                "Une visite à venir emporte ce matériel. Retirez-le d'abord de là.".to_owned()
            }
            (Self::InUse { visits }, Language::Fr) => {
                format!("{visits} visites à venir emportent ce matériel. Retirez-le d'abord de là.")
            }
            (Self::InUse { visits: 1 }, Language::En) => {
                "A visit that is not over takes it along. Take it off first.".to_owned()
            }
            (Self::InUse { visits }, Language::En) => {
                format!("{visits} visits that are not over take it along. Take it off first.")
            }
        }
    }
}

/// All materials, by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Materials(pub BTreeMap<MaterialId, Material>);

impl Component for Materials {
    type Command = Command;
    type Refusal = MaterialRefusal;

    const ROOM: Room = Room::Materials;

    fn decide(&self, command: &Command, _: Timestamp) -> Result<Decision, MaterialRefusal> {
        match command {
            Command::Create(material) => {
                self.named(material)?;
                let material = material.clone();
                Ok(Decision::event(MaterialEvent::MaterialCreated { material }))
            }
            Command::Change { after, version } => self.change(after, *version),
            Command::Delete { id, visits } => {
                let material = self.0.get(id).cloned().ok_or(MaterialRefusal::Unknown)?;
                if *visits > 0 {
                    return Err(MaterialRefusal::InUse { visits: *visits });
                }
                Ok(Decision::event(MaterialEvent::MaterialDeleted { material }))
            }
        }
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        let Event::Materials(event) = event else { return };
        match event {
            MaterialEvent::MaterialCreated { material: after }
            | MaterialEvent::MaterialChanged { after, .. } => {
                self.0.insert(after.id.clone(), after.clone());
            }
            MaterialEvent::MaterialDeleted { material } => {
                self.0.remove(&material.id);
            }
        }
    }
}

impl Materials {
    /// Refuses a name that another one has.
    fn named(&self, material: &Material) -> Result<(), MaterialRefusal> {
        let name = material.name.to_lowercase();
        let is_taken = self
            .0
            .values()
            .any(|other| other.id != material.id && other.name.to_lowercase() == name);
        if is_taken { Err(MaterialRefusal::NameTaken) } else { Ok(()) }
    }

    fn change(&self, after: &Material, version: Option<i64>) -> Result<Decision, MaterialRefusal> {
        let before = self.0.get(&after.id).ok_or(MaterialRefusal::Unknown)?;
        if before == after {
            return Ok(Decision::nothing());
        }
        self.named(after)?;
        let (before, after) = (before.clone(), after.clone());
        let entity = after.id.key();
        let decision = Decision::event(MaterialEvent::MaterialChanged { before, after });
        Ok(match version {
            Some(version) => decision.expecting(Expect { entity, version }),
            None => decision,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn material(id: &str, name: &str) -> Material {
        let (kind, external_id) = (None, None);
        let id = id.into();
        let (name, out_of_service) = (name.to_owned(), Vec::new());
        Material { id, name, kind, external_id, available: true, out_of_service }
    }

    fn known(id: &str, name: &str) -> Materials {
        let mut materials = Materials::default();
        let event = MaterialEvent::MaterialCreated { material: material(id, name) };
        materials.apply(&Event::Materials(event), 1, Timestamp::UNIX_EPOCH);
        materials
    }

    #[test]
    fn a_name_is_given_once_whatever_its_case_and_may_be_kept() {
        let materials = known("mat_1", "Nacelle");
        let at = Timestamp::UNIX_EPOCH;
        let other = materials.decide(&Command::Create(material("mat_2", "NACELLE")), at);
        assert_eq!(other, Err(MaterialRefusal::NameTaken));
        let itself = Command::Change { after: material("mat_1", "nacelle"), version: Some(1) };
        assert_eq!(materials.decide(&itself, at).unwrap().events.len(), 1);
    }

    #[test]
    fn what_a_visit_takes_along_stays() {
        let materials = known("mat_1", "Nacelle");
        let delete = |visits| Command::Delete { id: "mat_1".into(), visits };
        let refused = materials.decide(&delete(2), Timestamp::UNIX_EPOCH).unwrap_err();
        assert_eq!(refused, MaterialRefusal::InUse { visits: 2 });
        assert!(refused.detail(Language::Fr).contains("2 visites"));
        assert!(materials.decide(&delete(0), Timestamp::UNIX_EPOCH).is_ok());
    }

    #[test]
    fn it_is_usable_outside_its_repairs_unless_it_is_put_away() {
        let at = |time: &str| format!("2026-11-23T{time}:00-05:00").parse().unwrap();
        let span = |from, to| Span { start: at(from), end: at(to) };
        let mut lift = material("mat_1", "Nacelle");
        lift.out_of_service.push(span("10:00", "12:00"));
        assert!(lift.is_usable(&span("12:00", "13:00")));
        assert!(!lift.is_usable(&span("11:30", "13:00")));
        lift.available = false;
        assert!(!lift.is_usable(&span("12:00", "13:00")));
    }
}
