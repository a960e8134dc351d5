//! What every room's store shares: the database to read from, the company's choices, and the knowledge that a
//! room carries along. The stores themselves are `<room>/store.rs`.

use std::sync::Arc;

use actors::engine::journal::{EPOCH, Seq};
use actors::engine::shell::LoadError;
use actors::policy::Policy;
use actors::technicians::Arithmetic;
use actors::wording::Wording;
use sqlx::{AnyConnection, Row};

use crate::journal::database::Opened;

/// The shelves that rooms are loaded from.
#[derive(Clone)]
pub struct Shelves {
    /// The database.
    pub database: Opened,
    /// The company's choices.
    pub policy: Arc<Policy>,
    /// Driving and working times.
    pub arithmetic: Arithmetic,
    /// Makes texts.
    pub wording: Arc<dyn Wording>,
}

/// The position that a read transaction stands for.
///
/// # Errors
/// When the counter cannot be read.
pub async fn position(connection: &mut AnyConnection) -> Result<Seq, sqlx::Error> {
    let row = sqlx::query("SELECT epoch, n FROM counters WHERE name = 'journal'")
        .fetch_one(&mut *connection)
        .await?;
    Ok(row.try_get::<i64, _>(0)? * EPOCH + row.try_get::<i64, _>(1)?)
}

/// A database error as a room's loader tells it.
pub fn unloadable(error: sqlx::Error) -> LoadError {
    LoadError(error.to_string().into())
}
