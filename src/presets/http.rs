//! Paths of presets: keeping a view or a group, changing it, throwing it away. They are everybody's; whoever may dispatch may
//! change them.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use actors::ids::{PresetId, TechnicianId};
use actors::presets::{Command, Preset, PresetKind};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Create, edited};
use crate::presets::store::{self, PresetShape};

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

fn checked(input: &PresetInput, id: PresetId) -> Result<Preset, Problem> {
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
            return Err(Problem::invalid("/technician_ids", "A view has a group, no technicians."));
        }
        PresetKind::Group if !input.shows.is_empty() => {
            return Err(Problem::invalid("/shows", "A group has technicians only."));
        }
        PresetKind::Group if input.technician_ids.is_empty() => {
            return Err(Problem::invalid("/technician_ids", "A group has somebody in it."));
        }
        PresetKind::View | PresetKind::Group => {}
    }
    let mut technician_ids: Vec<TechnicianId> =
        input.technician_ids.iter().map(|id| TechnicianId::from_text(id)).collect();
    technician_ids.sort();
    technician_ids.dedup();
    let name = input::said(&input.name, "/name")?;
    Ok(Preset { id, kind: input.kind, name, shows: input.shows.clone(), technician_ids })
}

async fn known(house: &House, id: &str) -> Result<PresetShape, Problem> {
    let mut connection = house.read().await?;
    store::one(&mut connection, id).await?.ok_or_else(|| Problem::not_found("preset"))
}

/// A preset as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn shape(house: &House, id: &str) -> Result<Value, Problem> {
    Ok(json!(known(house, id).await?))
}

/// POST /presets
///
/// # Errors
/// 409 for a taken name, 422.
pub async fn create(
    house: web::Data<House>,
    caller: Caller,
    body: Create<PresetInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let preset = checked(&input, PresetId::new(house.clock.now(), house.entropy()))?;
    once.answer(&house, &caller, |inbox| {
        let (house, by) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(by).with_inbox(inbox);
            let id = preset.id.clone();
            house.rooms.presets(Command::Create(preset), why).await?;
            Ok((StatusCode::CREATED, shape(&house, id.as_str()).await?))
        }
    })
    .await
}

/// GET /presets
///
/// # Errors
/// Faults only.
pub async fn list(house: web::Data<House>) -> Result<HttpResponse, Problem> {
    let mut connection = house.read().await?;
    let items = store::all(&mut connection).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": null })))
}

/// PATCH /presets/{id}
///
/// # Errors
/// 404, 409 for an old version or a taken name, 422 naming the field.
pub async fn edit(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let held = known(&house, &id).await?;
    let before = &held.preset;
    let input = PresetInput {
        kind: before.kind,
        name: before.name.clone(),
        shows: before.shows.clone(),
        technician_ids: before.technician_ids.iter().map(ToString::to_string).collect(),
    };
    let (input, version) = edited(&input, body.0)?;
    if input.kind != before.kind {
        return Err(Problem::invalid("/kind", "A view stays a view, a group a group."));
    }
    let after = checked(&input, before.id.clone())?;
    let command = Command::Change { after, version: version.unwrap_or(held.version) };
    match house.rooms.presets(command, Circumstances::by(caller.name)).await {
        Ok(_) => Ok(HttpResponse::Ok().json(shape(&house, &id).await?)),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.code() != "stale_version" {
                return Err(problem);
            }
            let now = known(&house, &id).await?;
            let problem = input::with_author(&house, problem, now.version).await;
            Err(problem.with("current", json!(now)))
        }
    }
}

/// DELETE /presets/{id}
///
/// # Errors
/// 404.
pub async fn delete(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let command = Command::Delete { id: PresetId::from_text(&id) };
    house.rooms.presets(command, Circumstances::by(caller.name)).await?;
    Ok(HttpResponse::NoContent().finish())
}
