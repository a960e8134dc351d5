//! Presets' rows: projected from events, loaded for their actor.

use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::presets::{Preset, PresetEvent, Presets};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::kept::store::{Shelved, all};
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

impl Shelved for Preset {
    fn table() -> &'static Table {
        &PRESETS
    }
}

impl Loader<Presets> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Presets, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let presets = all(&mut moment).await.map_err(unloadable)?;
            Ok((Presets::of(presets.into_iter().map(|known| known.thing)), position))
        }
        .boxed()
    }
}
