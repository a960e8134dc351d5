//! Tags: rows and paths of the names of skills.

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::tags::{Tag, TagEvent, Tags};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::Arc;

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::shelves::{Shelves, position, unloadable};

static TAGS: Table = Table::new("tags", 1, &[("id", Text), ("name", Text), ("doc", Text)]);

/// Puts the rows that an event changes.
pub fn project(event: &TagEvent, rows: &mut Rows) {
    let TagEvent::TagCreated { tag } = event;
    rows.put(&TAGS, [tag.id.as_str().into(), tag.name.as_str().into(), doc(tag)]);
}

/// All tags, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(connection: &mut sqlx::AnyConnection) -> Result<Vec<Tag>, sqlx::Error> {
    let rows =
        sqlx::query("SELECT doc FROM tags ORDER BY name, id").fetch_all(&mut *connection).await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

impl Loader<Tags> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Tags, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let tags = all(&mut moment).await.map_err(unloadable)?;
            let by_name = tags.into_iter().map(|tag| (tag.name.to_lowercase(), tag)).collect();
            Ok((Tags(by_name), position))
        }
        .boxed()
    }
}
