//! Reads the ledger.

use std::collections::HashMap;

use actors::board::protocol::{Breaking, Visit};
use actors::conversations::protocol::Message;
use actors::engine::journal::{CommitError, Recorded};
use actors::ids::MessageId;
use actors::jobs::protocol::Job;
use actors::notifications::protocol::Promise;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row};

use crate::journal::fault;
use crate::journal::projection::{parsed, parsed_or_none, recorded};

/// How far back a cause is followed.
const DEPTH: usize = 8;

/// When a visit begins that nobody is to be told of, where that was the last word.
pub async fn hushed(
    connection: &mut AnyConnection,
    job: &str,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let row =
        sqlx::query("SELECT doc FROM broken_promises WHERE job_id = $1 ORDER BY seq DESC LIMIT 1")
            .bind(job.to_owned())
            .fetch_optional(connection)
            .await?;
    let last: Option<Breaking> = row.as_ref().map(|row| parsed(row, "doc")).transpose()?;
    Ok(last.filter(|breaking| !breaking.tell).and_then(|breaking| breaking.start))
}

/// What was decided to tell about a job, in order, each with who asked for what led to it.
pub async fn decided(
    connection: &mut AnyConnection,
    job: &str,
) -> Result<Vec<(Recorded, String)>, CommitError> {
    let rows = sqlx::query(
        "SELECT seq, at_us, room_key, by_whom, cause_seq, cause_reaction, body FROM journal
         WHERE room = 'notifications' AND room_key = $1 ORDER BY seq",
    )
    .bind(job.to_owned())
    .fetch_all(&mut *connection)
    .await
    .map_err(fault)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let entry = recorded(row)?;
        let by = asker(connection, &entry).await.map_err(fault)?;
        all.push((entry, by));
    }
    Ok(all)
}

async fn asker(connection: &mut AnyConnection, entry: &Recorded) -> Result<String, sqlx::Error> {
    let mut by = entry.by.to_string();
    let mut cause = entry.cause.as_ref().map(|cause| cause.seq);
    for _ in 0..DEPTH {
        let Some(seq) = cause else { break };
        let row = sqlx::query("SELECT by_whom, cause_seq FROM journal WHERE seq = $1")
            .bind(seq)
            .fetch_optional(&mut *connection)
            .await?;
        let Some(row) = row else { break };
        (by, cause) = (row.try_get(0)?, row.try_get(1)?);
    }
    Ok(by)
}

/// The texts about a job, by id.
pub async fn texts(
    connection: &mut AnyConnection,
    job: &str,
) -> Result<HashMap<MessageId, Message>, sqlx::Error> {
    let rows = sqlx::query("SELECT doc FROM messages WHERE job_id = $1")
        .bind(job.to_owned())
        .fetch_all(connection)
        .await?;
    let texts = rows.iter().map(|row| {
        let text: Message = parsed(row, "doc")?;
        Ok((text.id.clone(), text))
    });
    texts.collect()
}

/// Promises of a job that were broken knowingly, by the number of the promise.
pub async fn broken(
    connection: &mut AnyConnection,
    job: &str,
) -> Result<HashMap<i64, Breaking>, sqlx::Error> {
    let rows = sqlx::query("SELECT doc FROM broken_promises WHERE job_id = $1 ORDER BY seq")
        .bind(job.to_owned())
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let breaking: Breaking = parsed(row, "doc")?;
            Ok((breaking.promise.number, breaking))
        })
        .collect()
}

/// A window that was told, as it stands.
pub struct Told {
    /// Of which job.
    pub job: Job,
    /// The promise.
    pub promise: Promise,
    /// Where its text stands.
    pub state: Option<String>,
    /// The job's last visit.
    pub visit: Option<Visit>,
}

/// All promises of the jobs that were promised for the span, by job and number.
pub async fn of_span(
    connection: &mut AnyConnection,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Told>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT p.doc, m.state, j.doc AS job, v.doc AS visit FROM promises p
         JOIN jobs j ON j.id = p.job_id
         LEFT JOIN messages m ON m.id = p.message_id
         LEFT JOIN job_status s ON s.job_id = p.job_id
         LEFT JOIN visits v ON v.id = s.visit_id
         WHERE p.job_id IN (SELECT q.job_id FROM promises q WHERE q.start_us >= $1 AND q.start_us < $2)
         ORDER BY p.job_id, p.number LIMIT 20000",
    )
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Told {
                job: parsed(row, "job")?,
                promise: parsed(row, "doc")?,
                state: row.try_get("state")?,
                visit: parsed_or_none(row, "visit")?,
            })
        })
        .collect()
}
