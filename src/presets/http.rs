//! What the paths of presets take, and what a view or a group may hold. They are everybody's; whoever may dispatch may
//! change them.

use std::collections::BTreeMap;

use actors::engine::shell::Circumstances;
use actors::ids::{PresetId, TechnicianId};
use actors::presets::{Command, Preset, PresetKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;
use crate::input;
use crate::kept::Kept;

/// Technicians in one group.
const GROUP_MAX: usize = 1000;
/// Things that a view says.
const SHOWS_MAX: usize = 30;
/// Letters of each of them.
const WORDS_MAX: usize = 300;

/// A preset to keep, or as edited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresetInput {
    /// Of what; stays what it was.
    pub kind: PresetKind,
    /// Name.
    pub name: String,
    /// What a view shows, by the names of the board's address.
    #[serde(default)]
    pub shows: BTreeMap<String, String>,
    /// Who is in a group.
    #[serde(default)]
    pub technician_ids: Vec<String>,
}

/// What a view or a group may hold.
fn check(input: &PresetInput) -> Result<(), Problem> {
    let is_word = |text: &str| {
        !text.is_empty()
            && text.len() <= 40
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    input::at_most(&input.technician_ids, GROUP_MAX, "/technician_ids")?;
    if input.shows.len() > SHOWS_MAX {
        return Err(Problem::invalid("/shows", format!("At most {SHOWS_MAX} of them.")));
    }
    for (name, value) in &input.shows {
        if !is_word(name) || value.chars().count() > WORDS_MAX {
            let words = format!("A short name, and at most {WORDS_MAX} letters.");
            return Err(Problem::invalid("/shows", words));
        }
    }
    match input.kind {
        PresetKind::View if !input.technician_ids.is_empty() => {
            Err(Problem::invalid("/technician_ids", "A view has a group, no technicians."))
        }
        PresetKind::Group if !input.shows.is_empty() => {
            Err(Problem::invalid("/shows", "A group has technicians only."))
        }
        PresetKind::Group if input.technician_ids.is_empty() => {
            Err(Problem::invalid("/technician_ids", "A group has somebody in it."))
        }
        PresetKind::View | PresetKind::Group => Ok(()),
    }
}

impl From<Preset> for PresetInput {
    fn from(preset: Preset) -> Self {
        Self {
            kind: preset.kind,
            name: preset.name,
            shows: preset.shows,
            technician_ids: preset.technician_ids.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Kept for Preset {
    type Input = PresetInput;

    const NOUN: &'static str = "preset";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    async fn checked(
        house: &House,
        input: PresetInput,
        before: Option<&Self>,
    ) -> Result<Self, Problem> {
        if before.is_some_and(|before| before.kind != input.kind) {
            return Err(Problem::invalid("/kind", "A view stays a view, a group a group."));
        }
        check(&input)?;
        let id = match before {
            Some(before) => before.id.clone(),
            None => PresetId::new(house.clock.now(), house.entropy()),
        };
        let mut technician_ids: Vec<TechnicianId> =
            input.technician_ids.iter().map(|id| TechnicianId::from_text(id)).collect();
        technician_ids.sort();
        technician_ids.dedup();
        let name = input::said(&input.name, "/name")?;
        Ok(Self { id, kind: input.kind, name, shows: input.shows, technician_ids })
    }

    async fn make(self, house: &House, why: Circumstances) -> Result<(), Problem> {
        house.rooms.presets(Command::Create(self), why).await?;
        Ok(())
    }

    async fn change(
        self,
        house: &House,
        _: Self,
        version: i64,
        why: Circumstances,
    ) -> Result<(), Problem> {
        house.rooms.presets(Command::Change { after: self, version: Some(version) }, why).await?;
        Ok(())
    }

    async fn delete(house: &House, id: &str, why: Circumstances) -> Result<(), Problem> {
        house.rooms.presets(Command::Delete { id: PresetId::from_text(id) }, why).await?;
        Ok(())
    }
}
