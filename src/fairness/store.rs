//! Reads the visits that are counted.

use actors::board::protocol::Visit;
use jiff::Timestamp;
use sqlx::AnyConnection;

use crate::journal::projection::parsed;

/// Visits that begin between two moments and took, take or will take somebody's time. What was called off or taken off did not.
///
/// # Errors
/// When the database cannot be read.
pub async fn visits(
    connection: &mut AnyConnection,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Visit>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT doc FROM visits WHERE start_us >= $1 AND start_us < $2 AND status <> 'cancelled'
         ORDER BY start_us, id",
    )
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}
