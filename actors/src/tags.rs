//! The names and colours of skills. Tags decide so little that the whole room is one file: a name is given once, and
//! what is in use stays. Who uses a tag is told to the room by whoever asks; it never looks at technicians or jobs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::component::{Component, Decision};
use crate::engine::journal::Expect;
use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::event::{Event, Room};
use crate::ids::{JobId, TagId, TechnicianId, ZoneId};

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

/// Who has or asks for a skill: all technicians, and the jobs that are not over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Users {
    /// Who has it.
    pub technicians: Vec<TechnicianId>,
    /// What asks for it.
    pub jobs: Vec<JobId>,
    /// Zones that ask for it.
    #[serde(default)]
    pub zones: Vec<ZoneId>,
}

/// What happened to tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum TagEvent {
    /// A tag was made.
    TagCreated { tag: Tag },
    /// Its name or colour changed; `users` still say the name before.
    TagChanged { before: Tag, after: Tag, users: Users },
    /// It is gone; nobody used it.
    TagDeleted { tag: Tag },
}

/// What the tags may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// A new one.
    Create(Tag),
    /// Another name or colour; `version` is what the editor saw, `users` who must learn a new name.
    Change { after: Tag, version: Option<i64>, users: Users },
    /// It goes, unless it has users.
    Delete { id: TagId, users: Users },
}

/// How tags say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagRefusal {
    /// The name is taken.
    #[error("there is a tag of this name already")]
    NameTaken,
    /// There is none of that id.
    #[error("there is no such tag")]
    Unknown,
    /// Somebody has it, or something asks for it.
    #[error("{technicians} technicians, {jobs} jobs and {zones} zones use this tag")]
    InUse {
        /// How many have it.
        technicians: usize,
        /// How many jobs that are not over ask for it.
        jobs: usize,
        /// How many zones ask for it.
        zones: usize,
    },
}

impl Refused for TagRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NameTaken => "tags.name_taken",
            Self::Unknown => "tags.unknown",
            Self::InUse { .. } => "tags.in_use",
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
            (Self::NameTaken, Language::Fr) => "Une compétence porte déjà ce nom.".to_owned(),
            (Self::NameTaken, Language::En) => "There is a tag of this name already.".to_owned(),
            (Self::Unknown, Language::Fr) => "Cette compétence n'existe pas.".to_owned(),
            (Self::Unknown, Language::En) => "There is no such tag.".to_owned(),
            (Self::InUse { technicians, jobs, zones }, Language::Fr) => {
                let uses = used(
                    [
                        counted(*technicians, *technicians < 2, "technicien", "techniciens"),
                        counted(*jobs, *jobs < 2, "intervention à faire", "interventions à faire"),
                        counted(*zones, *zones < 2, "zone", "zones"),
                    ],
                    "et",
                );
                format!("Cette compétence sert encore : {uses}. Retirez-la d'abord de là.")
            }
            (Self::InUse { technicians, jobs, zones }, Language::En) => {
                let open = ("job that is not over", "jobs that are not over");
                let uses = used(
                    [
                        counted(*technicians, *technicians == 1, "technician", "technicians"),
                        counted(*jobs, *jobs == 1, open.0, open.1),
                        counted(*zones, *zones == 1, "zone", "zones"),
                    ],
                    "and",
                );
                format!("This tag is still in use: {uses}. Take it off them first.")
            }
        }
    }
}

fn counted(count: usize, is_singular: bool, one: &str, many: &str) -> Option<String> {
    (count > 0).then(|| format!("{count} {}", if is_singular { one } else { many }))
}

/// What there is, as a list of people's words; what there is none of is not spoken of.
fn used(counts: [Option<String>; 3], and: &str) -> String {
    let mut counts: Vec<String> = counts.into_iter().flatten().collect();
    let last = counts.pop().unwrap_or_default();
    match counts.is_empty() {
        true => last,
        false => format!("{} {and} {last}", counts.join(", ")),
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
        match command {
            Command::Create(tag) => {
                if self.0.contains_key(&tag.name.to_lowercase()) {
                    return Err(TagRefusal::NameTaken);
                }
                Ok(Decision::event(TagEvent::TagCreated { tag: tag.clone() }))
            }
            Command::Change { after, version, users } => self.change(after, *version, users),
            Command::Delete { id, users } => {
                let tag = self.of(id)?.clone();
                let (technicians, jobs) = (users.technicians.len(), users.jobs.len());
                let zones = users.zones.len();
                if technicians + jobs + zones > 0 {
                    return Err(TagRefusal::InUse { technicians, jobs, zones });
                }
                Ok(Decision::event(TagEvent::TagDeleted { tag }))
            }
        }
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        let Event::Tags(event) = event else { return };
        let (gone, come) = match event {
            TagEvent::TagCreated { tag } => (None, Some(tag)),
            TagEvent::TagChanged { before, after, .. } => (Some(before), Some(after)),
            TagEvent::TagDeleted { tag } => (Some(tag), None),
        };
        if let Some(tag) = gone {
            self.0.remove(&tag.name.to_lowercase());
        }
        if let Some(tag) = come {
            self.0.insert(tag.name.to_lowercase(), tag.clone());
        }
    }
}

impl Tags {
    fn of(&self, id: &TagId) -> Result<&Tag, TagRefusal> {
        self.0.values().find(|tag| tag.id == *id).ok_or(TagRefusal::Unknown)
    }

    fn change(
        &self,
        after: &Tag,
        version: Option<i64>,
        users: &Users,
    ) -> Result<Decision, TagRefusal> {
        let before = self.of(&after.id)?;
        if before == after {
            return Ok(Decision::nothing());
        }
        if self.0.get(&after.name.to_lowercase()).is_some_and(|other| other.id != after.id) {
            return Err(TagRefusal::NameTaken);
        }
        // A colour is nobody's business but the screens'.
        let users = if before.name == after.name { Users::default() } else { users.clone() };
        let decision = Decision::event(TagEvent::TagChanged {
            before: before.clone(),
            after: after.clone(),
            users,
        });
        Ok(match version {
            Some(version) => decision.expecting(Expect { entity: after.id.key(), version }),
            None => decision,
        })
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

    fn known(tags: &mut Tags, id: &str, name: &str) -> Tag {
        let tag = Tag { id: id.into(), name: name.into(), color: None };
        let event = TagEvent::TagCreated { tag: tag.clone() };
        tags.apply(&Event::Tags(event), 1, Timestamp::UNIX_EPOCH);
        tag
    }

    #[test]
    fn a_new_name_frees_the_old_one_and_is_told_to_whoever_bears_it() {
        let mut tags = Tags::default();
        let fibre = known(&mut tags, "tag_1", "Fibre");
        known(&mut tags, "tag_2", "Cuivre");
        let users =
            Users { technicians: vec!["tech_1".into()], jobs: vec!["job_1".into()], zones: vec![] };
        let change = |after: Tag| Command::Change { after, version: None, users: users.clone() };
        let named = |name: &str| Tag { name: name.into(), ..fibre.clone() };
        let at = Timestamp::UNIX_EPOCH;
        assert_eq!(tags.decide(&change(named("cuivre")), at), Err(TagRefusal::NameTaken));
        let red = Tag { color: Some("#ff0000".into()), ..fibre.clone() };
        let red = tags.decide(&change(red), at).unwrap();
        let Event::Tags(TagEvent::TagChanged { users: told, .. }) = &red.events[0] else {
            panic!()
        };
        assert_eq!(*told, Users::default(), "a colour concerns nobody");
        let optics = tags.decide(&change(named("Optique")), at).unwrap();
        let Event::Tags(TagEvent::TagChanged { users: told, .. }) = &optics.events[0] else {
            panic!()
        };
        assert_eq!(*told, users);
        tags.apply(&optics.events[0], 2, at);
        assert!(tags.decide(&Command::Create(named("Fibre")), at).is_ok(), "the name is free");
    }

    #[test]
    fn what_is_in_use_stays_and_says_by_how_many() {
        let mut tags = Tags::default();
        let fibre = known(&mut tags, "tag_1", "Fibre");
        let users = Users { technicians: vec!["tech_1".into()], jobs: vec![], zones: vec![] };
        let delete = |users: Users| Command::Delete { id: fibre.id.clone(), users };
        let refused = tags.decide(&delete(users), Timestamp::UNIX_EPOCH).unwrap_err();
        assert_eq!(refused, TagRefusal::InUse { technicians: 1, jobs: 0, zones: 0 });
        let words = refused.detail(Language::En);
        assert!(words.contains("in use: 1 technician. Take"), "what there is none of: {words}");
        let all = TagRefusal::InUse { technicians: 2, jobs: 1, zones: 3 };
        assert!(
            all.detail(Language::Fr).contains("2 techniciens, 1 intervention à faire et 3 zones")
        );
        let gone = tags.decide(&delete(Users::default()), Timestamp::UNIX_EPOCH).unwrap();
        tags.apply(&gone.events[0], 2, Timestamp::UNIX_EPOCH);
        assert_eq!(tags, Tags::default());
    }
}
