//! Templates' rows: projected from events, read for lists and for their actor.

use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::templates::{Template, TemplateEvent, Templates};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use sqlx::{AnyConnection, Row};
use utoipa::ToSchema;

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::shelves::{Shelves, position, unloadable};

static TEMPLATES: Table =
    Table::new("templates", 1, &[("id", Text), ("code", Text), ("doc", Text)]);

/// Puts the rows that an event changes.
pub fn project(event: &TemplateEvent, rows: &mut Rows) {
    match event {
        TemplateEvent::TemplateChanged { after, .. } => {
            let row = [after.id.as_str().into(), after.code.as_str().into(), doc(after)];
            rows.put(&TEMPLATES, row);
        }
        TemplateEvent::TemplateDeleted { template } => {
            rows.remove(&TEMPLATES, [template.id.as_str().into()]);
        }
    }
}

/// A template as others see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TemplateShape {
    /// The template.
    #[serde(flatten)]
    pub template: Template,
    /// Position of the last event that touched it.
    pub version: Seq,
}

fn shape(row: &sqlx::any::AnyRow) -> Result<TemplateShape, sqlx::Error> {
    let version: Option<i64> = row.try_get("version")?;
    Ok(TemplateShape { template: parsed(row, "doc")?, version: version.unwrap_or(0) })
}

/// All templates, by code.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<TemplateShape>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT t.doc, h.version FROM templates t LEFT JOIN heads h ON h.entity = t.id
         ORDER BY t.code, t.id",
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(shape).collect()
}

impl Loader<Templates> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Templates, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let known = all(&mut moment).await.map_err(unloadable)?;
            let by_id =
                known.into_iter().map(|one| (one.template.id.clone(), Box::new(one.template)));
            Ok((Templates(by_id.collect()), position))
        }
        .boxed()
    }
}
