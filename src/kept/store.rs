//! Rows of things that are kept whole, as a document with an id, each read with the version of its data. Which columns a
//! table has besides, and which events change its rows, is told by the room's own store.

use actors::engine::journal::Seq;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::journal::projection::parsed;
use crate::journal::rows::Table;

/// A thing and the version of its data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Known<T> {
    /// The thing.
    #[serde(flatten)]
    pub thing: T,
    /// Position of the last event that touched it.
    pub version: Seq,
}

/// What is kept in a table of its own, as `doc` by `id`.
pub trait Shelved: DeserializeOwned {
    /// The column that lists are sorted by.
    const SORTED_BY: &'static str = "name";

    /// Its table.
    fn table() -> &'static Table;
}

/// Reads a row's `doc` and `version`; what no event has touched is of version 0.
///
/// # Errors
/// When the document is not one of ours.
pub fn known<T: DeserializeOwned>(row: &AnyRow) -> Result<Known<T>, sqlx::Error> {
    let version: Option<i64> = row.try_get("version")?;
    Ok(Known { thing: parsed(row, "doc")?, version: version.unwrap_or(0) })
}

/// The question for documents of a table (`k`) with their versions; its conditions follow.
pub fn documents<T: Shelved>() -> String {
    let table = T::table().name;
    format!("SELECT k.doc, h.version FROM {table} k LEFT JOIN heads h ON h.entity = k.id")
}

/// All of them, sorted.
///
/// # Errors
/// When the database cannot be read.
pub async fn all<T: Shelved>(connection: &mut AnyConnection) -> Result<Vec<Known<T>>, sqlx::Error> {
    let sql = format!("{} ORDER BY k.{}, k.id", documents::<T>(), T::SORTED_BY);
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *connection).await?;
    rows.iter().map(known).collect()
}

/// The one of this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn one<T: Shelved>(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<Known<T>>, sqlx::Error> {
    let sql = format!("{} WHERE k.id = $1", documents::<T>());
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    row.as_ref().map(known).transpose()
}
