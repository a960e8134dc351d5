//! What the paths of tags take, and who uses each. A tag that is renamed takes its name along to whoever bears it; one that
//! is in use is not deleted.

use actix_web::{HttpResponse, web};
use actors::engine::shell::Circumstances;
use actors::ids::TagId;
use actors::tags::{Command, Tag, Users};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;
use crate::input::{self, Asked, listed_whole};
use crate::kept::store::{Known, all};
use crate::kept::{Kept, http as kept};
use crate::tags::store::{self, TagShape, UsedBy};

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

impl From<Tag> for TagInput {
    fn from(tag: Tag) -> Self {
        Self { name: tag.name, color: tag.color }
    }
}

async fn users(house: &House, tag: &Tag) -> Result<Users, Problem> {
    let mut connection = house.read().await?;
    let mut all = store::users(&mut connection).await?;
    Ok(all.remove(&tag.name.to_lowercase()).unwrap_or_default())
}

impl Kept for Tag {
    type Input = TagInput;

    const NOUN: &'static str = "tag";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    async fn checked(
        house: &House,
        input: TagInput,
        before: Option<&Self>,
    ) -> Result<Self, Problem> {
        let id = match before {
            Some(before) => before.id.clone(),
            None => TagId::new(house.clock.now(), house.entropy()),
        };
        let color = input::color(input.color)?;
        Ok(Self { id, name: input::said(&input.name, "/name")?, color })
    }

    async fn make(self, house: &House, why: Circumstances) -> Result<(), Problem> {
        house.rooms.tags(Command::Create(self), why).await?;
        Ok(())
    }

    async fn change(
        self,
        house: &House,
        before: Self,
        version: i64,
        why: Circumstances,
    ) -> Result<(), Problem> {
        let users = users(house, &before).await?;
        let command = Command::Change { after: self, version: Some(version), users };
        house.rooms.tags(command, why).await?;
        Ok(())
    }

    /// 409 with how many use it.
    async fn delete(house: &House, id: &str, why: Circumstances) -> Result<(), Problem> {
        let held = kept::known::<Self>(house, id).await?.thing;
        let users = users(house, &held).await?;
        let counts = json!(UsedBy::of(Some(&users)));
        let command = Command::Delete { id: held.id, users };
        let done = house.rooms.tags(command, why).await.map_err(Problem::from);
        done.map(|_| ()).map_err(|problem| match problem.code() {
            "tags.in_use" => problem.with("used_by", counts),
            _ => problem,
        })
    }
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
    let known = all(&mut now).await?.into_iter();
    let items: Vec<TagShape> = if query.used_by {
        let users = store::users(&mut now).await?;
        let count = |known: Known<Tag>| {
            let of = users.get(&known.thing.name.to_lowercase());
            TagShape { used_by: Some(UsedBy::of(of)), ..known.into() }
        };
        known.map(count).collect()
    } else {
        known.map(TagShape::from).collect()
    };
    Ok(listed_whole(&items))
}

/// GET /tags/{id}, with how many use it.
///
/// # Errors
/// 404.
pub async fn one(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let known = kept::known::<Tag>(&house, &id).await?;
    let users = users(&house, &known.thing).await?;
    let used_by = Some(UsedBy::of(Some(&users)));
    Ok(HttpResponse::Ok().json(TagShape { used_by, ..known.into() }))
}
