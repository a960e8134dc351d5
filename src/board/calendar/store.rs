//! What the calendar counts, read from columns, and from the few documents of open visits that have a window.

use std::collections::HashMap;

use actors::ids::VisitId;
use actors::jobs::protocol::Job;
use jiff::Timestamp;
use sqlx::AnyConnection;
use sqlx::Row as _;

use crate::journal::projection::parsed;

/// A visit as far as a calendar counts it.
pub struct VisitRow {
    /// Id.
    pub id: VisitId,
    /// For which job.
    pub job_id: String,
    /// Planned arrival.
    pub start: Timestamp,
    /// Planned end.
    pub end: Timestamp,
    /// Where it stands.
    pub status: String,
}

impl VisitRow {
    /// True until somebody has arrived.
    pub fn is_ahead(&self) -> bool {
        self.status == "planned" || self.status == "en_route"
    }
}

/// The visits that start in the span, cancelled ones left out.
///
/// # Errors
/// When the database cannot be read.
pub async fn visits(
    connection: &mut AnyConnection,
    (from, to): (i64, i64),
) -> Result<Vec<VisitRow>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, job_id, start_us, end_us, status FROM visits
         WHERE start_us >= $1 AND start_us < $2 AND status <> 'cancelled'",
    )
    .bind(from)
    .bind(to)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(VisitRow {
                id: VisitId::from_text(&row.try_get::<String, _>("id")?),
                job_id: row.try_get("job_id")?,
                start: instant(row.try_get("start_us")?)?,
                end: instant(row.try_get("end_us")?)?,
                status: row.try_get("status")?,
            })
        })
        .collect()
}

/// When the windows of the jobs begin that nobody has yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting(
    connection: &mut AnyConnection,
    (from, to): (i64, i64),
) -> Result<Vec<Timestamp>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT j.window_start_us FROM jobs j JOIN job_status s ON s.job_id = j.id
         WHERE s.status = 'unassigned' AND j.window_start_us >= $1 AND j.window_start_us < $2",
    )
    .bind(from)
    .bind(to)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| instant(row.try_get(0)?)).collect()
}

/// When the windows of jobs end whose visit is still ahead, by job.
///
/// # Errors
/// When the database cannot be read.
pub async fn windows(
    connection: &mut AnyConnection,
    (from, to): (i64, i64),
) -> Result<HashMap<String, Timestamp>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT j.doc FROM visits v JOIN jobs j ON j.id = v.job_id
         WHERE v.start_us >= $1 AND v.start_us < $2 AND v.open = 1 AND j.window_start_us IS NOT NULL",
    )
    .bind(from)
    .bind(to)
    .fetch_all(&mut *connection)
    .await?;
    let mut ends = HashMap::with_capacity(rows.len());
    for row in &rows {
        let job: Job = parsed(row, "doc")?;
        if let Some(window) = job.arrival_window {
            ends.insert(job.id.to_string(), window.end);
        }
    }
    Ok(ends)
}

fn instant(us: i64) -> Result<Timestamp, sqlx::Error> {
    Timestamp::from_microsecond(us).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
