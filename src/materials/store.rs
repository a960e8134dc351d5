//! Materials' rows: projected from events, loaded for their actor, with how many visits take each along.

use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::materials::{Material, MaterialEvent, Materials};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{AnyConnection, Row};

use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::kept::store::{Known, Shelved, all};
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

/// A material and the version of its data.
pub type KnownMaterial = Known<Material>;

impl Shelved for Material {
    fn table() -> &'static Table {
        &MATERIALS
    }
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

impl Loader<Materials> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Materials, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let all = all::<Material>(&mut moment).await.map_err(unloadable)?;
            let by_id = all.into_iter().map(|known| (known.thing.id.clone(), known.thing));
            Ok((Materials(by_id.collect()), position))
        }
        .boxed()
    }
}
