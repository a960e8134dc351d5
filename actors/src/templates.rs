//! Templates: lists of steps that become jobs which wait for each other. A template has a number that rises with every
//! edit; jobs bear nothing of it, so an edit leaves those that exist alone. Applying makes all its jobs in one commit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::component::{Component, Decision};
use crate::engine::journal::Expect;
use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::event::{Event, Room};
use crate::ids::TemplateId;
use crate::jobs::protocol::{Job, JobEvent, Priority, SkillNeed};

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

/// One step: a job to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name within the template.
    pub key: String,
    /// What the job is called.
    pub title: Both,
    /// Its kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// Planned time on site.
    pub duration_min: i64,
    /// What it takes.
    #[serde(default)]
    pub skills: Vec<SkillNeed>,
    /// How much it matters.
    #[serde(default)]
    pub priority: Priority,
    /// Keys of steps that must be over before it begins.
    #[serde(default)]
    pub depends_on: Vec<String>,
    /// At least so long after the last of them.
    #[serde(default)]
    pub offset_min: i64,
}

/// A template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Template {
    /// Id.
    pub id: TemplateId,
    /// A short name for programs, such as `fibre_install`; unique.
    pub code: String,
    /// Its name.
    pub name: Both,
    /// Rises with every edit, from 1.
    pub number: i64,
    /// Its steps, those that others wait for first.
    pub steps: Vec<Step>,
}

/// What happened to templates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum TemplateEvent {
    /// A template was made, or is another from now on.
    TemplateChanged { before: Option<Box<Template>>, after: Box<Template> },
    /// It is gone; jobs made from it stay.
    TemplateDeleted { template: Box<Template> },
}

/// What the templates may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// A new one.
    Create(Box<Template>),
    /// Other steps or names; `version` is what the editor saw.
    Change { after: Box<Template>, version: Option<i64> },
    /// It goes.
    Delete { id: TemplateId },
    /// Its jobs, all or none.
    Apply { id: TemplateId, jobs: Vec<Job> },
}

/// How templates say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateRefusal {
    /// There is none of that id.
    #[error("there is no such template")]
    Unknown,
    /// The code is taken.
    #[error("there is a template of this code already")]
    CodeTaken,
    /// It was edited while it was being applied.
    #[error("this template was edited meanwhile")]
    Edited,
}

impl Refused for TemplateRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "templates.unknown",
            Self::CodeTaken => "templates.code_taken",
            Self::Edited => "templates.edited",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Unknown => RefusalKind::Unknown,
            Self::CodeTaken | Self::Edited => RefusalKind::Conflict,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        matches!(self, Self::CodeTaken).then_some("/code")
    }

    fn detail(&self, language: Language) -> String {
        match (self, language) {
            (Self::Unknown, Language::Fr) => "Ce modèle n'existe pas.",
            (Self::Unknown, Language::En) => "There is no such template.",
            (Self::CodeTaken, Language::Fr) => "Un modèle porte déjà ce code.",
            (Self::CodeTaken, Language::En) => "There is a template of this code already.",
            (Self::Edited, Language::Fr) => "Ce modèle a été modifié entre-temps. Recommencez.",
            (Self::Edited, Language::En) => "This template was edited meanwhile. Try again.",
        }
        .to_owned()
    }
}

/// All templates, by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Templates(pub BTreeMap<TemplateId, Box<Template>>);

impl Component for Templates {
    type Command = Command;
    type Refusal = TemplateRefusal;

    const ROOM: Room = Room::Templates;

    fn decide(&self, command: &Command, _: Timestamp) -> Result<Decision, TemplateRefusal> {
        match command {
            Command::Create(template) => {
                self.free(template)?;
                let after = template.clone();
                Ok(Decision::event(TemplateEvent::TemplateChanged { before: None, after }))
            }
            Command::Change { after, version } => {
                let before = self.0.get(&after.id).ok_or(TemplateRefusal::Unknown)?;
                self.free(after)?;
                let after = Box::new(Template { number: before.number, ..(**after).clone() });
                if *before == after {
                    return Ok(Decision::nothing());
                }
                let entity = after.id.key();
                let after = Box::new(Template { number: before.number + 1, ..*after });
                let before = Some(before.clone());
                let decision = Decision::event(TemplateEvent::TemplateChanged { before, after });
                Ok(match version {
                    Some(version) => decision.expecting(Expect { entity, version: *version }),
                    None => decision,
                })
            }
            Command::Delete { id } => {
                let template = self.0.get(id).ok_or(TemplateRefusal::Unknown)?.clone();
                Ok(Decision::event(TemplateEvent::TemplateDeleted { template }))
            }
            Command::Apply { id, jobs } => {
                let template = self.0.get(id).ok_or(TemplateRefusal::Unknown)?;
                if template.steps.len() != jobs.len() {
                    return Err(TemplateRefusal::Edited);
                }
                // The jobs do not exist yet, so no actor of theirs can be awake and miss this.
                let made =
                    jobs.iter().map(|job| JobEvent::JobCreated { after: Box::new(job.clone()) });
                Ok(made.fold(Decision::nothing(), Decision::and))
            }
        }
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        match event {
            Event::Templates(TemplateEvent::TemplateChanged { after, .. }) => {
                self.0.insert(after.id.clone(), after.clone());
            }
            Event::Templates(TemplateEvent::TemplateDeleted { template }) => {
                self.0.remove(&template.id);
            }
            _ => {}
        }
    }
}

impl Templates {
    fn free(&self, template: &Template) -> Result<(), TemplateRefusal> {
        let is_taken = |other: &Template| other.code == template.code && other.id != template.id;
        if self.0.values().any(|other| is_taken(other)) {
            Err(TemplateRefusal::CodeTaken)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(id: &str, code: &str) -> Box<Template> {
        let step = Step {
            key: "one".to_owned(),
            title: Both { fr: "Pose".to_owned(), en: "Install".to_owned() },
            kind: None,
            duration_min: 60,
            skills: vec![],
            priority: Priority::Normal,
            depends_on: vec![],
            offset_min: 0,
        };
        Box::new(Template {
            id: id.into(),
            code: code.to_owned(),
            name: Both::default(),
            number: 1,
            steps: vec![step],
        })
    }

    #[test]
    fn a_code_is_given_once_and_an_edit_raises_the_number() {
        let at = Timestamp::UNIX_EPOCH;
        let mut templates = Templates::default();
        let made = templates.decide(&Command::Create(template("tpl_1", "install")), at).unwrap();
        templates.apply(&made.events[0], 1, at);
        let again = templates.decide(&Command::Create(template("tpl_2", "install")), at);
        assert_eq!(again, Err(TemplateRefusal::CodeTaken));
        let same = Command::Change { after: template("tpl_1", "install"), version: None };
        assert!(templates.decide(&same, at).unwrap().is_nothing());
        let other = Command::Change { after: template("tpl_1", "fibre"), version: Some(1) };
        let changed = templates.decide(&other, at).unwrap();
        templates.apply(&changed.events[0], 2, at);
        assert_eq!(templates.0[&TemplateId::from_text("tpl_1")].number, 2);
        let apply = Command::Apply { id: "tpl_1".into(), jobs: vec![] };
        assert_eq!(templates.decide(&apply, at), Err(TemplateRefusal::Edited));
    }
}
