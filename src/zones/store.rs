//! Zones' rows: projected from events, loaded for their actor, read by whoever places a visit.

use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::zones::Zones;
use actors::zones::protocol::{Zone, ZoneEvent, Zoning};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::AnyConnection;

use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::kept::store::{Shelved, all};
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

impl Shelved for Zone {
    fn table() -> &'static Table {
        &ZONES
    }
}

/// All zones, ready to be asked which of them a place lies in.
///
/// # Errors
/// When the database cannot be read.
pub async fn zoning(connection: &mut AnyConnection) -> Result<Zoning, sqlx::Error> {
    let zones = all(connection).await?;
    Ok(Zoning::of(zones.into_iter().map(|known| known.thing)))
}

impl Loader<Zones> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Zones, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let zones = all(&mut moment).await.map_err(unloadable)?;
            Ok((Zones::of(zones.into_iter().map(|known| known.thing)), position))
        }
        .boxed()
    }
}
