//! Templates' rows: projected from events, loaded for their actor.

use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::templates::{Template, TemplateEvent, Templates};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::kept::store::{Shelved, all};
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

impl Shelved for Template {
    const SORTED_BY: &'static str = "code";

    fn table() -> &'static Table {
        &TEMPLATES
    }
}

impl Loader<Templates> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Templates, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let known = all::<Template>(&mut moment).await.map_err(unloadable)?;
            let by_id = known.into_iter().map(|one| (one.thing.id.clone(), Box::new(one.thing)));
            Ok((Templates(by_id.collect()), position))
        }
        .boxed()
    }
}
