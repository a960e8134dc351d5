//! What the paths of materials take, and what a material may be. One that a visit takes along is not deleted.

use actors::engine::shell::Circumstances;
use actors::ids::MaterialId;
use actors::materials::{Command, Material};
use actors::technicians::protocol::Span;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;
use crate::input;
use crate::kept::{Kept, http as kept};
use crate::materials::store;

/// Stretches out of service that one material may have.
const OUT_MAX: usize = 100;

/// A new material, or one as edited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialInput {
    /// Name.
    pub name: String,
    /// What it is, in a word of the company's.
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

fn checked(input: MaterialInput, id: MaterialId) -> Result<Material, Problem> {
    input::at_most(&input.out_of_service, OUT_MAX, "/out_of_service")?;
    for (index, span) in input.out_of_service.iter().enumerate() {
        input::span(span, &format!("/out_of_service/{index}"))?;
    }
    let kind = input.kind.as_deref().map(str::trim).filter(|kind| !kind.is_empty());
    if kind.is_some_and(|kind| kind.chars().count() > 100) {
        return Err(Problem::invalid("/kind", "100 characters at most."));
    }
    let mut out_of_service = input.out_of_service;
    out_of_service.sort_by_key(|span| (span.start, span.end));
    Ok(Material {
        id,
        name: input::said(&input.name, "/name")?,
        kind: kind.map(str::to_owned),
        external_id: input::external_id(input.external_id.as_deref())?,
        available: input.available,
        out_of_service,
    })
}

impl From<Material> for MaterialInput {
    fn from(material: Material) -> Self {
        Self {
            name: material.name,
            kind: material.kind,
            external_id: material.external_id,
            available: material.available,
            out_of_service: material.out_of_service,
        }
    }
}

impl Kept for Material {
    type Input = MaterialInput;

    const NOUN: &'static str = "material";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    async fn checked(
        house: &House,
        input: MaterialInput,
        before: Option<&Self>,
    ) -> Result<Self, Problem> {
        let id = match before {
            Some(before) => before.id.clone(),
            None => MaterialId::new(house.clock.now(), house.entropy()),
        };
        checked(input, id)
    }

    async fn make(self, house: &House, why: Circumstances) -> Result<(), Problem> {
        house.rooms.materials(Command::Create(self), why).await?;
        Ok(())
    }

    async fn change(
        self,
        house: &House,
        _: Self,
        version: i64,
        why: Circumstances,
    ) -> Result<(), Problem> {
        let command = Command::Change { after: self, version: Some(version) };
        house.rooms.materials(command, why).await?;
        Ok(())
    }

    /// 409 with how many visits take it along.
    async fn delete(house: &House, id: &str, why: Circumstances) -> Result<(), Problem> {
        let held = kept::known::<Self>(house, id).await?.thing;
        let visits = store::visits(&mut *house.read().await?, id).await?;
        let command = Command::Delete { id: held.id, visits };
        let done = house.rooms.materials(command, why).await.map_err(Problem::from);
        done.map(|_| ()).map_err(|problem| match problem.code() {
            "materials.in_use" => problem.with("visits", visits.into()),
            _ => problem,
        })
    }
}
