//! Presets' rows: projected from events, read for lists.

use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::presets::{Preset, PresetEvent, Presets};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use sqlx::{AnyConnection, Row};
use utoipa::ToSchema;

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::shelves::{Shelves, position, unloadable};

static PRESETS: Table = Table::new("presets", 1, &[("id", Text), ("name", Text), ("doc", Text)]);

/// Puts the rows that an event changes.
pub fn project(event: &PresetEvent, rows: &mut Rows) {
    match event {
        PresetEvent::PresetCreated { preset: after } | PresetEvent::PresetChanged { after, .. } => {
            rows.put(&PRESETS, [after.id.as_str().into(), after.name.as_str().into(), doc(after)]);
        }
        PresetEvent::PresetDeleted { preset } => {
            rows.remove(&PRESETS, [preset.id.as_str().into()]);
        }
    }
}

/// A preset as others see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PresetShape {
    /// The preset.
    #[serde(flatten)]
    pub preset: Preset,
    /// Position of the last event that touched it.
    pub version: i64,
}

const KNOWN: &str = "SELECT p.doc, h.version FROM presets p LEFT JOIN heads h ON h.entity = p.id";

/// All presets, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<PresetShape>, sqlx::Error> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{KNOWN} ORDER BY p.name, p.id")))
        .fetch_all(&mut *connection)
        .await?;
    rows.iter().map(shape).collect()
}

/// One preset.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<PresetShape>, sqlx::Error> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("{KNOWN} WHERE p.id = $1")))
        .bind(id.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    row.as_ref().map(shape).transpose()
}

fn shape(row: &sqlx::any::AnyRow) -> Result<PresetShape, sqlx::Error> {
    let version: Option<i64> = row.try_get("version")?;
    Ok(PresetShape { preset: parsed(row, "doc")?, version: version.unwrap_or(0) })
}

impl Loader<Presets> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Presets, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let presets = all(&mut moment).await.map_err(unloadable)?;
            Ok((Presets::of(presets.into_iter().map(|shape| shape.preset)), position))
        }
        .boxed()
    }
}
