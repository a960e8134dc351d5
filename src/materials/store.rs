//! Materials' rows: projected from events, read for lists, with how many visits take each along.

use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::materials::{Material, MaterialEvent, Materials};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use sqlx::{AnyConnection, Row};
use utoipa::ToSchema;

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::shelves::{Shelves, position, unloadable};

static MATERIALS: Table =
    Table::new("materials", 1, &[("id", Text), ("name", Text), ("doc", Text)]);

/// Puts the rows that an event changes.
pub fn project(event: &MaterialEvent, rows: &mut Rows) {
    match event {
        MaterialEvent::MaterialCreated { material: after }
        | MaterialEvent::MaterialChanged { after, .. } => {
            rows.put(
                &MATERIALS,
                [after.id.as_str().into(), after.name.as_str().into(), doc(after)],
            );
        }
        MaterialEvent::MaterialDeleted { material } => {
            rows.remove(&MATERIALS, [material.id.as_str().into()]);
        }
    }
}

/// A material as others see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MaterialShape {
    /// The material.
    #[serde(flatten)]
    pub material: Material,
    /// Position of the last event that touched it.
    pub version: Seq,
}

/// All materials, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<MaterialShape>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT m.doc, h.version FROM materials m LEFT JOIN heads h ON h.entity = m.id
         ORDER BY m.name, m.id",
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(shape).collect()
}

/// One material.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<MaterialShape>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT m.doc, h.version FROM materials m LEFT JOIN heads h ON h.entity = m.id
         WHERE m.id = $1",
    )
    .bind(id.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    row.as_ref().map(shape).transpose()
}

/// How many visits that are not over take it along.
///
/// # Errors
/// When the database cannot be read.
pub async fn visits(connection: &mut AnyConnection, id: &str) -> Result<usize, sqlx::Error> {
    let row = sqlx::query("SELECT COUNT(*) FROM visit_claims WHERE holder = $1 AND open = 1")
        .bind(id.to_owned())
        .fetch_one(&mut *connection)
        .await?;
    Ok(usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0))
}

fn shape(row: &sqlx::any::AnyRow) -> Result<MaterialShape, sqlx::Error> {
    let version: Option<i64> = row.try_get("version")?;
    Ok(MaterialShape { material: parsed(row, "doc")?, version: version.unwrap_or(0) })
}

impl Loader<Materials> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Materials, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let all = all(&mut moment).await.map_err(unloadable)?;
            let by_id = all.into_iter().map(|shape| (shape.material.id.clone(), shape.material));
            Ok((Materials(by_id.collect()), position))
        }
        .boxed()
    }
}
