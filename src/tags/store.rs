//! Tags' rows: projected from events, read for lists together with who uses each.

use std::collections::BTreeMap;
use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::ids::{JobId, TechnicianId};
use actors::tags::{Tag, TagEvent, Tags, Users};
use actors::zones::protocol::Zone;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row};
use utoipa::ToSchema;

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::kept::store::{Known, Shelved, all};
use crate::shelves::{Shelves, position, unloadable};

static TAGS: Table = Table::new("tags", 1, &[("id", Text), ("name", Text), ("doc", Text)]);

/// Puts the rows that an event changes.
pub fn project(event: &TagEvent, rows: &mut Rows) {
    match event {
        TagEvent::TagCreated { tag: after } | TagEvent::TagChanged { after, .. } => {
            rows.put(&TAGS, [after.id.as_str().into(), after.name.as_str().into(), doc(after)]);
        }
        TagEvent::TagDeleted { tag } => rows.remove(&TAGS, [tag.id.as_str().into()]),
    }
}

/// How many use a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UsedBy {
    /// Technicians who have the skill.
    pub technicians: usize,
    /// Jobs that are not over and ask for it.
    pub jobs: usize,
    /// Zones that ask for it.
    pub zones: usize,
}

impl UsedBy {
    /// How many they are.
    pub fn of(users: Option<&Users>) -> Self {
        Self {
            technicians: users.map_or(0, |users| users.technicians.len()),
            jobs: users.map_or(0, |users| users.jobs.len()),
            zones: users.map_or(0, |users| users.zones.len()),
        }
    }
}

/// A tag as others see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TagShape {
    /// The tag.
    #[serde(flatten)]
    pub tag: Tag,
    /// Position of the last event that touched it.
    pub version: i64,
    /// How many use it, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_by: Option<UsedBy>,
}

impl From<Known<Tag>> for TagShape {
    fn from(known: Known<Tag>) -> Self {
        Self { tag: known.thing, version: known.version, used_by: None }
    }
}

impl Shelved for Tag {
    fn table() -> &'static Table {
        &TAGS
    }
}

/// The names of all tags as they are spelled, by their lower-case form.
///
/// # Errors
/// When the database cannot be read.
pub async fn names(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<String, String>, sqlx::Error> {
    let tags = all::<Tag>(connection).await?;
    Ok(tags.into_iter().map(|known| (known.thing.name.to_lowercase(), known.thing.name)).collect())
}

/// What technicians and jobs have in common here.
#[derive(Deserialize)]
struct Skilled {
    #[serde(default)]
    skills: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    tag: String,
}

impl Skilled {
    fn names(&self) -> impl Iterator<Item = String> {
        self.skills.iter().map(|skill| skill.tag.trim().to_lowercase())
    }
}

/// Who uses each tag, by its lower-case name: all technicians, and the jobs that are not over.
///
/// # Errors
/// When the database cannot be read.
pub async fn users(connection: &mut AnyConnection) -> Result<BTreeMap<String, Users>, sqlx::Error> {
    let mut all: BTreeMap<String, Users> = BTreeMap::new();
    let technicians = sqlx::query("SELECT id, doc FROM technicians ORDER BY id");
    for row in technicians.fetch_all(&mut *connection).await? {
        let id: String = row.try_get("id")?;
        for name in parsed::<Skilled>(&row, "doc")?.names() {
            all.entry(name).or_default().technicians.push(TechnicianId::from_text(&id));
        }
    }
    let jobs = sqlx::query(
        "SELECT j.id, j.doc FROM jobs j JOIN job_status s ON s.job_id = j.id
         WHERE s.status NOT IN ('done', 'cancelled') ORDER BY j.id",
    );
    for row in jobs.fetch_all(&mut *connection).await? {
        let id: String = row.try_get("id")?;
        for name in parsed::<Skilled>(&row, "doc")?.names() {
            all.entry(name).or_default().jobs.push(JobId::from_text(&id));
        }
    }
    for Known { thing: zone, .. } in crate::kept::store::all::<Zone>(connection).await? {
        if let Some(asked) = &zone.certification {
            let users = all.entry(asked.tag.to_lowercase()).or_default();
            users.zones.push(zone.id.clone());
        }
    }
    Ok(all)
}

impl Loader<Tags> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Tags, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let tags = all::<Tag>(&mut moment).await.map_err(unloadable)?;
            let by_name =
                tags.into_iter().map(|known| (known.thing.name.to_lowercase(), known.thing));
            Ok((Tags(by_name.collect()), position))
        }
        .boxed()
    }
}
