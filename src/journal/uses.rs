//! Nothing rests on what never was: a commit that takes a thing away as if it had not been is refused where something
//! names it by then. It looks only at what is taken away, so every other commit costs nothing by it.

use std::collections::{BTreeMap, BTreeSet};

use actors::engine::journal::{CommitError, Rests, Write};
use actors::event::Event;
use sqlx::{AnyConnection, Row};

use crate::journal::checks::select;
use crate::journal::database::Engine;

/// Where things are named, up to the list of their ids.
const NAMED: [(Rests, &str); 7] = [
    (Rests::Visit, "SELECT technician_id FROM visits WHERE technician_id IN"),
    (Rests::Visit, "SELECT holder FROM visit_claims WHERE holder IN"),
    (Rests::Visit, "SELECT technician_id FROM drafts WHERE technician_id IN"),
    (Rests::Location, "SELECT customer_id FROM locations WHERE customer_id IN"),
    (Rests::Job, "SELECT customer_id FROM jobs WHERE customer_id IN"),
    (Rests::Job, "SELECT location_id FROM jobs WHERE location_id IN"),
    (Rests::Conversation, "SELECT customer_id FROM threads WHERE customer_id IN"),
];

/// Ids that a batch takes away.
pub type Wanted = BTreeSet<String>;

/// Notes what a command takes away.
pub fn want(write: &Write, wanted: &mut Wanted) {
    wanted.extend(write.events.iter().filter_map(Event::takes_away).map(|id| id.to_string()));
}

/// What rests on the things in question.
#[derive(Default)]
pub struct Uses(BTreeMap<String, Rests>);

impl Uses {
    /// Reads what rests on these.
    pub async fn gather(
        connection: &mut AnyConnection,
        engine: Engine,
        wanted: &Wanted,
    ) -> Result<Self, sqlx::Error> {
        let mut uses = Self::default();
        for (rests, statement) in NAMED {
            for row in select(connection, engine, statement, wanted).await? {
                uses.0.insert(row.try_get(0)?, rests);
            }
        }
        Ok(uses)
    }

    /// Whether nothing rests on what a command takes away.
    ///
    /// # Errors
    /// In use.
    pub fn admit(&self, write: &Write) -> Result<(), CommitError> {
        for entity in write.events.iter().filter_map(Event::takes_away) {
            if let Some(rests) = self.0.get(&*entity) {
                return Err(CommitError::InUse { entity, rests: *rests });
            }
        }
        Ok(())
    }
}
