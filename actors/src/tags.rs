//! The names and colours of skills. Tags decide so little that the whole room is one file: a name is given once.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::component::{Component, Decision};
use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::event::{Event, Room};
use crate::ids::TagId;

/// A skill's name and colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tag {
    /// Id.
    pub id: TagId,
    /// Name; unique whatever its case.
    pub name: String,
    /// `#rrggbb`
    #[serde(default)]
    pub color: Option<String>,
}

/// What happened to tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum TagEvent {
    /// A tag was made.
    TagCreated { tag: Tag },
}

/// What the tags may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// A new one.
    Create(Tag),
}

/// How tags say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagRefusal {
    /// The name is taken.
    #[error("there is a tag of this name already")]
    NameTaken,
}

impl Refused for TagRefusal {
    fn code(&self) -> &'static str {
        "tags.name_taken"
    }

    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }

    fn pointer(&self) -> Option<&'static str> {
        Some("/name")
    }

    fn detail(&self, language: Language) -> String {
        match language {
            Language::Fr => "Une étiquette porte déjà ce nom.".to_owned(),
            Language::En => "There is a tag of this name already.".to_owned(),
        }
    }
}

/// All tags, by lower-case name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags(pub BTreeMap<String, Tag>);

impl Component for Tags {
    type Command = Command;
    type Refusal = TagRefusal;

    const ROOM: Room = Room::Tags;

    fn decide(&self, command: &Command, _: Timestamp) -> Result<Decision, TagRefusal> {
        let Command::Create(tag) = command;
        if self.0.contains_key(&tag.name.to_lowercase()) {
            return Err(TagRefusal::NameTaken);
        }
        Ok(Decision::event(TagEvent::TagCreated { tag: tag.clone() }))
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        if let Event::Tags(TagEvent::TagCreated { tag }) = event {
            self.0.insert(tag.name.to_lowercase(), tag.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_given_once_whatever_its_case() {
        let tag = |id: &str, name: &str| Tag { id: id.into(), name: name.into(), color: None };
        let mut tags = Tags::default();
        let first = tags.decide(&Command::Create(tag("tag_1", "Fibre")), Timestamp::UNIX_EPOCH);
        tags.apply(&first.unwrap().events[0], 1, Timestamp::UNIX_EPOCH);
        let second = tags.decide(&Command::Create(tag("tag_2", "FIBRE")), Timestamp::UNIX_EPOCH);
        assert_eq!(second, Err(TagRefusal::NameTaken));
    }
}
