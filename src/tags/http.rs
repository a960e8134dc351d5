//! Paths of tags: making, renaming, colouring, deleting. A tag that is renamed takes its name along to whoever bears
//! it; one that is in use is not deleted.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use actors::ids::TagId;
use actors::tags::{Command, Tag, Users};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Asked, Create, edited};
use crate::tags::store::{self, TagShape};

/// A new tag, or one as edited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagInput {
    /// Name.
    pub name: String,
    /// `#rrggbb`
    #[serde(default)]
    pub color: Option<String>,
}

fn checked(input: &TagInput, id: TagId) -> Result<Tag, Problem> {
    let color = input.color.clone().filter(|color| !color.is_empty());
    let is_color = |text: &str| {
        text.len() == 7
            && text.starts_with('#')
            && text.chars().skip(1).all(|c| c.is_ascii_hexdigit())
    };
    if color.as_deref().is_some_and(|text| !is_color(text)) {
        return Err(Problem::invalid("/color", "A color looks like #1f6feb."));
    }
    Ok(Tag { id, name: input::said(&input.name, "/name")?, color })
}

async fn known(house: &House, id: &str) -> Result<TagShape, Problem> {
    let mut connection = house.read().await?;
    store::one(&mut connection, id).await?.ok_or_else(|| Problem::not_found("tag"))
}

/// A tag as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn shape(house: &House, id: &str) -> Result<Value, Problem> {
    Ok(json!(known(house, id).await?))
}

async fn users(house: &House, tag: &Tag) -> Result<Users, Problem> {
    let mut connection = house.read().await?;
    let mut all = store::users(&mut connection).await?;
    Ok(all.remove(&tag.name.to_lowercase()).unwrap_or_default())
}

/// POST /tags
///
/// # Errors
/// 409 for a taken name, 422.
pub async fn create(
    house: web::Data<House>,
    caller: Caller,
    body: Create<TagInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let tag = checked(&input, TagId::new(house.clock.now(), house.entropy()))?;
    once.answer(&house, &caller, |inbox| {
        let (house, by) = (house.clone(), caller.name.clone());
        async move {
            let why = Circumstances::by(by).with_inbox(inbox);
            let id = tag.id.clone();
            house.rooms.tags(Command::Create(tag), why).await?;
            Ok((StatusCode::CREATED, shape(&house, id.as_str()).await?))
        }
    })
    .await
}

/// `?used_by=true` counts who uses each.
#[derive(Deserialize)]
pub struct TagsQuery {
    #[serde(default)]
    used_by: bool,
}

/// GET /tags
///
/// # Errors
/// Faults only.
pub async fn list(
    house: web::Data<House>,
    query: Asked<TagsQuery>,
) -> Result<HttpResponse, Problem> {
    let mut now = house.moment().await?;
    let mut items = store::all(&mut now).await?;
    if query.used_by {
        let users = store::users(&mut now).await?;
        let count = |shape: TagShape| {
            let of = users.get(&shape.tag.name.to_lowercase());
            shape.used_by(of)
        };
        items = items.into_iter().map(count).collect();
    }
    Ok(HttpResponse::Ok().json(json!({ "items": items, "next": null })))
}

/// GET /tags/{id}
///
/// # Errors
/// 404.
pub async fn one(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let found = known(&house, &id).await?;
    let users = users(&house, &found.tag).await?;
    Ok(HttpResponse::Ok().json(found.used_by(Some(&users))))
}

/// PATCH /tags/{id}
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
    let input = TagInput { name: held.tag.name.clone(), color: held.tag.color.clone() };
    let (input, version) = edited(&input, body.0)?;
    let after = checked(&input, held.tag.id.clone())?;
    let users = users(&house, &held.tag).await?;
    let version = Some(version.unwrap_or(held.version));
    let command = Command::Change { after, version, users };
    match house.rooms.tags(command, Circumstances::by(caller.name)).await {
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

/// DELETE /tags/{id}
///
/// # Errors
/// 404, 409 with how many use it.
pub async fn delete(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let held = known(&house, &id).await?;
    let users = users(&house, &held.tag).await?;
    let counts = json!({
        "technicians": users.technicians.len(), "jobs": users.jobs.len(), "zones": users.zones.len(),
    });
    let command = Command::Delete { id: held.tag.id, users };
    match house.rooms.tags(command, Circumstances::by(caller.name)).await {
        Ok(_) => Ok(HttpResponse::NoContent().finish()),
        Err(error) => {
            let problem = Problem::from(error);
            let is_in_use = problem.code() == "tags.in_use";
            Err(if is_in_use { problem.with("used_by", counts) } else { problem })
        }
    }
}
