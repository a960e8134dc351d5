//! What dispatchers keep for one another: saved views of the board, and groups of technicians. A preset is a name and what it
//! shows, as the screens wrote it; the room only sees that a name is given once per kind. It decides nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::component::{Component, Decision};
use crate::engine::journal::Expect;
use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::event::{Event, Room};
use crate::ids::{PresetId, TechnicianId};

/// What a preset is of.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PresetKind {
    /// A way to look at the board: span, zoom, height of rows, filters, order.
    View,
    /// Technicians who are looked at together.
    Group,
}

/// Something that dispatchers keep for one another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Preset {
    /// Id.
    pub id: PresetId,
    /// Of what.
    pub kind: PresetKind,
    /// Name; unique among its kind, whatever its case.
    pub name: String,
    /// What a view shows, by the names of the board's address; empty for a group.
    #[serde(default)]
    pub shows: BTreeMap<String, String>,
    /// Who is in a group; empty for a view.
    #[serde(default)]
    pub technician_ids: Vec<TechnicianId>,
}

impl Preset {
    /// What makes a name taken.
    fn key(&self) -> (PresetKind, Arc<str>) {
        (self.kind, self.name.to_lowercase().into())
    }
}

/// What happened to presets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum PresetEvent {
    /// One was kept.
    PresetCreated { preset: Preset },
    /// It has another name, or shows something else.
    PresetChanged { before: Preset, after: Preset },
    /// It is gone.
    PresetDeleted { preset: Preset },
}

/// What the presets may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// A new one.
    Create(Preset),
    /// Another name or content; `version` is what the editor saw.
    Change { after: Preset, version: Option<i64> },
    /// It goes.
    Delete { id: PresetId },
}

/// How presets say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PresetRefusal {
    /// The name is taken.
    #[error("there is a preset of this name already")]
    NameTaken,
    /// There is none of that id.
    #[error("there is no such preset")]
    Unknown,
}

impl Refused for PresetRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NameTaken => "presets.name_taken",
            Self::Unknown => "presets.unknown",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NameTaken => RefusalKind::Conflict,
            Self::Unknown => RefusalKind::Unknown,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        matches!(self, Self::NameTaken).then_some("/name")
    }

    fn detail(&self, language: Language) -> String {
        match (self, language) {
            (Self::NameTaken, Language::Fr) => "Ce nom est déjà pris.".to_owned(),
            (Self::NameTaken, Language::En) => "This name is taken.".to_owned(),
            (Self::Unknown, Language::Fr) => "Cette vue ou ce groupe n'existe plus.".to_owned(),
            (Self::Unknown, Language::En) => "This view or group is gone.".to_owned(),
        }
    }
}

/// All presets, by kind and lower-case name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Presets(pub BTreeMap<(PresetKind, Arc<str>), Preset>);

impl Presets {
    /// All of these.
    pub fn of(all: impl IntoIterator<Item = Preset>) -> Self {
        Self(all.into_iter().map(|preset| (preset.key(), preset)).collect())
    }

    fn known(&self, id: &PresetId) -> Result<&Preset, PresetRefusal> {
        self.0.values().find(|preset| preset.id == *id).ok_or(PresetRefusal::Unknown)
    }
}

impl Component for Presets {
    type Command = Command;
    type Refusal = PresetRefusal;

    const ROOM: Room = Room::Presets;

    fn decide(&self, command: &Command, _: Timestamp) -> Result<Decision, PresetRefusal> {
        match command {
            Command::Create(preset) => {
                if self.0.contains_key(&preset.key()) {
                    return Err(PresetRefusal::NameTaken);
                }
                Ok(Decision::event(PresetEvent::PresetCreated { preset: preset.clone() }))
            }
            Command::Change { after, version } => {
                let before = self.known(&after.id)?;
                if before == after {
                    return Ok(Decision::nothing());
                }
                if self.0.get(&after.key()).is_some_and(|other| other.id != after.id) {
                    return Err(PresetRefusal::NameTaken);
                }
                let (before, after) = (before.clone(), after.clone());
                let entity = after.id.key();
                let decision = Decision::event(PresetEvent::PresetChanged { before, after });
                Ok(match *version {
                    Some(version) => decision.expecting(Expect { entity, version }),
                    None => decision,
                })
            }
            Command::Delete { id } => {
                let preset = self.known(id)?.clone();
                Ok(Decision::event(PresetEvent::PresetDeleted { preset }))
            }
        }
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        let Event::Presets(event) = event else { return };
        let (gone, come) = match event {
            PresetEvent::PresetCreated { preset } => (None, Some(preset)),
            PresetEvent::PresetChanged { before, after } => (Some(before), Some(after)),
            PresetEvent::PresetDeleted { preset } => (Some(preset), None),
        };
        if let Some(preset) = gone {
            self.0.remove(&preset.key());
        }
        if let Some(preset) = come {
            self.0.insert(preset.key(), preset.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preset(id: &str, kind: PresetKind, name: &str) -> Preset {
        let (shows, technician_ids) = (BTreeMap::new(), Vec::new());
        Preset { id: id.into(), kind, name: name.into(), shows, technician_ids }
    }

    #[test]
    fn a_name_is_given_once_among_its_kind_whatever_its_case() {
        let at = Timestamp::UNIX_EPOCH;
        let mut presets = Presets::default();
        let first = preset("pre_1", PresetKind::View, "Urgences");
        let made = presets.decide(&Command::Create(first), at).unwrap();
        presets.apply(&made.events[0], 1, at);
        let same = preset("pre_2", PresetKind::View, "URGENCES");
        assert_eq!(presets.decide(&Command::Create(same), at), Err(PresetRefusal::NameTaken));
        let group = preset("pre_3", PresetKind::Group, "Urgences");
        assert!(presets.decide(&Command::Create(group), at).is_ok());
    }

    #[test]
    fn a_new_name_frees_the_old_one_and_what_did_not_change_makes_no_news() {
        let at = Timestamp::UNIX_EPOCH;
        let before = preset("pre_1", PresetKind::Group, "Ouest");
        let mut presets = Presets::of([before.clone()]);
        let same = Command::Change { after: before.clone(), version: Some(1) };
        assert_eq!(presets.decide(&same, at).unwrap().events.len(), 0);
        let after = Preset { name: "Est".into(), ..before };
        let change = Command::Change { after: after.clone(), version: Some(1) };
        let changed = presets.decide(&change, at).unwrap();
        assert_eq!(changed.expects.len(), 1, "the editor's version must still hold");
        presets.apply(&changed.events[0], 2, at);
        assert_eq!(presets, Presets::of([after]));
        let gone = Command::Delete { id: "pre_9".into() };
        assert_eq!(presets.decide(&gone, at), Err(PresetRefusal::Unknown));
    }
}
