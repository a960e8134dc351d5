//! Paths of materials: making, editing, deleting. One that a visit takes along is not deleted.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use actors::ids::MaterialId;
use actors::materials::{Command, Material};
use actors::technicians::protocol::Span;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Create, edited};
use crate::materials::store::{self, MaterialShape};

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

fn checked(input: &MaterialInput, id: MaterialId) -> Result<Material, Problem> {
    input::at_most(&input.out_of_service, OUT_MAX, "/out_of_service")?;
    for (index, span) in input.out_of_service.iter().enumerate() {
        input::span(span, &format!("/out_of_service/{index}"))?;
    }
    let kind = input.kind.as_deref().map(str::trim).filter(|kind| !kind.is_empty());
    if kind.is_some_and(|kind| kind.chars().count() > 100) {
        return Err(Problem::invalid("/kind", "100 characters at most."));
    }
    let mut out_of_service = input.out_of_service.clone();
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

async fn known(house: &House, id: &str) -> Result<MaterialShape, Problem> {
    let mut connection = house.read().await?;
    store::one(&mut connection, id).await?.ok_or_else(|| Problem::not_found("material"))
}

/// A material as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn shape(house: &House, id: &str) -> Result<Value, Problem> {
    Ok(json!(known(house, id).await?))
}

/// POST /materials
///
/// # Errors
/// 409 for a taken name, 422.
pub async fn create(
    house: web::Data<House>,
    caller: Caller,
    body: Create<MaterialInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let material = checked(&input, MaterialId::new(house.clock.now(), house.entropy()))?;
    once.answer(&house, &caller, |inbox| {
        let (house, by) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(by).with_inbox(inbox);
            let id = material.id.clone();
            house.rooms.materials(Command::Create(material), why).await?;
            Ok((StatusCode::CREATED, shape(&house, id.as_str()).await?))
        }
    })
    .await
}

/// GET /materials
///
/// # Errors
/// Faults only.
pub async fn list(house: web::Data<House>) -> Result<HttpResponse, Problem> {
    let mut now = house.moment().await?;
    let items = store::all(&mut now).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": null })))
}

/// GET /materials/{id}
///
/// # Errors
/// 404.
pub async fn one(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(known(&house, &id).await?))
}

/// PATCH /materials/{id}
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
    let before = held.material;
    let input = MaterialInput {
        name: before.name,
        kind: before.kind,
        external_id: before.external_id,
        available: before.available,
        out_of_service: before.out_of_service,
    };
    let (input, version) = edited(&input, body.0)?;
    let after = checked(&input, before.id)?;
    let command = Command::Change { after, version: Some(version.unwrap_or(held.version)) };
    match house.rooms.materials(command, Circumstances::by(caller.name)).await {
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

/// DELETE /materials/{id}
///
/// # Errors
/// 404, 409 with how many visits take it along.
pub async fn delete(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let held = known(&house, &id).await?;
    let visits = store::visits(&mut *house.read().await?, &id).await?;
    let command = Command::Delete { id: held.material.id, visits };
    match house.rooms.materials(command, Circumstances::by(caller.name)).await {
        Ok(_) => Ok(HttpResponse::NoContent().finish()),
        Err(error) => {
            let problem = Problem::from(error);
            let in_use = problem.code() == "materials.in_use";
            Err(if in_use { problem.with("visits", visits.into()) } else { problem })
        }
    }
}
