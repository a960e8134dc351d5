//! Zones' rows: projected from events, read for lists and for whoever places a visit.

use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::zones::Zones;
use actors::zones::protocol::{Zone, ZoneEvent, Zoning};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use sqlx::{AnyConnection, Row};
use utoipa::ToSchema;

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::shelves::{Shelves, position, unloadable};

static ZONES: Table = Table::new("zones", 1, &[("id", Text), ("name", Text), ("doc", Text)]);

/// Puts the rows that an event changes.
pub fn project(event: &ZoneEvent, rows: &mut Rows) {
    match event {
        ZoneEvent::ZoneCreated { zone: after } | ZoneEvent::ZoneChanged { after, .. } => {
            rows.put(&ZONES, [after.id.as_str().into(), after.name.as_str().into(), doc(after)]);
        }
        ZoneEvent::ZoneDeleted { zone } => rows.remove(&ZONES, [zone.id.as_str().into()]),
    }
}

/// A zone as others see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ZoneShape {
    /// The zone.
    #[serde(flatten)]
    pub zone: Zone,
    /// Position of the last event that touched it.
    pub version: i64,
}

const KNOWN: &str = "SELECT z.doc, h.version FROM zones z LEFT JOIN heads h ON h.entity = z.id";

/// All zones, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<ZoneShape>, sqlx::Error> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{KNOWN} ORDER BY z.name, z.id")))
        .fetch_all(&mut *connection)
        .await?;
    rows.iter().map(shape).collect()
}

/// One zone.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<ZoneShape>, sqlx::Error> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("{KNOWN} WHERE z.id = $1")))
        .bind(id.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    row.as_ref().map(shape).transpose()
}

/// All zones, ready to be asked which of them a place lies in.
///
/// # Errors
/// When the database cannot be read.
pub async fn zoning(connection: &mut AnyConnection) -> Result<Zoning, sqlx::Error> {
    let zones = all(connection).await?;
    Ok(Zoning::of(zones.into_iter().map(|shape| shape.zone)))
}

fn shape(row: &sqlx::any::AnyRow) -> Result<ZoneShape, sqlx::Error> {
    let version: Option<i64> = row.try_get("version")?;
    Ok(ZoneShape { zone: parsed(row, "doc")?, version: version.unwrap_or(0) })
}

impl Loader<Zones> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Zones, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let zones = all(&mut moment).await.map_err(unloadable)?;
            Ok((Zones::of(zones.into_iter().map(|shape| shape.zone)), position))
        }
        .boxed()
    }
}
