//! The rows that say which job waits for which.

use actors::ids::JobId;
use actors::jobs::protocol::{Job, JobStatus};
use sqlx::{AnyConnection, Row};

use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table};

/// Which job waits for which.
static LINKS: Table = Table::new("job_links", 2, &[("job_id", Text), ("needs_id", Text)]);

/// Jobs that wait for this one.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting_for(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query("SELECT job_id FROM job_links WHERE needs_id = $1 ORDER BY job_id")
        .bind(id.to_owned())
        .fetch_all(&mut *connection)
        .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// Whether nobody needs to wait for a job any more.
pub fn is_over(status: JobStatus) -> bool {
    matches!(status, JobStatus::Done | JobStatus::Cancelled)
}

/// Puts the rows of a job's links; `before` are those it had.
pub(super) fn put(before: &[JobId], job: &Job, rows: &mut Rows) {
    for gone in before.iter().filter(|need| !job.depends_on.contains(need)) {
        rows.remove(&LINKS, [job.id.as_str().into(), gone.as_str().into()]);
    }
    for need in &job.depends_on {
        rows.put(&LINKS, [job.id.as_str().into(), need.as_str().into()]);
    }
}
