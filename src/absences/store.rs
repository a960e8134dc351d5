//! What the rows say of visits that somebody goes along to. It reads, and writes nothing.

use actors::board::protocol::Visit;
use actors::jobs::protocol::Job;
use actors::technicians::protocol::Span;
use sqlx::AnyConnection;

use crate::journal::projection::parsed;

/// Visits that a technician goes along to without leading them, that are not over and touch the span, with their jobs.
///
/// # Errors
/// When the database cannot be read.
pub async fn helped(
    connection: &mut AnyConnection,
    technician: &str,
    span: Span,
) -> Result<Vec<(Visit, Job)>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT v.doc, j.doc AS job FROM visit_claims c JOIN visits v ON v.id = c.visit_id
         JOIN jobs j ON j.id = v.job_id
         WHERE c.holder = $1 AND c.open = 1 AND c.gone = 0 AND c.end_us > $2 AND c.start_us < $3
         ORDER BY c.start_us, v.id",
    )
    .bind(technician.to_owned())
    .bind(span.start.as_microsecond())
    .bind(span.end.as_microsecond())
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| Ok((parsed(row, "doc")?, parsed(row, "job")?))).collect()
}
