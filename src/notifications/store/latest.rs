//! What customers were told last, and what still waits to be told to them, as boards show the two: apart. Reads; decides
//! nothing.

use std::collections::HashMap;

use actors::conversations::protocol::{Message, MessageState};
use actors::notifications::protocol::Promise;
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use utoipa::ToSchema;

use crate::journal::projection::{parsed, parsed_or_none};

/// What was said stands until something else is, or until the customer was told that nobody comes, or not then.
pub(super) const STANDS: &str = "NOT EXISTS (SELECT 1 FROM tellings t
         LEFT JOIN messages o ON o.id = t.message_id
         WHERE t.job_id = p.job_id AND t.kind IN ('cancelled', 'hour_gone') AND t.untold IS NULL
           AND COALESCE(o.state, 'queued') NOT IN ('recalled', 'drafted', 'queued', 'failed')
           AND t.at_us >= (SELECT w.at_us FROM tellings w
             WHERE w.job_id = p.job_id AND w.message_id = p.message_id))";

/// It is over once somebody was there, whether they got in or not: what was told of that visit is none of the next one's.
pub(super) const NOBODY_CAME: &str = "(s.status IN ('done', 'no_access', 'cancelled')
         OR NOT EXISTS (SELECT 1 FROM visits v
         WHERE v.job_id = p.job_id AND v.status IN ('done', 'no_access')
           AND v.finished_us >= (SELECT w.at_us FROM tellings w
             WHERE w.job_id = p.job_id AND w.message_id = p.message_id)))";

/// A promise whose text has not left: nobody knows of it yet.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WaitingPromise {
    #[serde(flatten)]
    promise: Promise,
    /// When its text may leave, where it is written.
    #[schema(value_type = Option<String>)]
    due_at: Option<Timestamp>,
    /// True where a person must approve it first.
    held: bool,
}

/// What a job's customer was told last, and what waits since.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latest {
    /// The last promise whose text has left.
    pub told: Option<Promise>,
    /// A newer one whose text has not.
    pub waiting: Option<WaitingPromise>,
}

impl Latest {
    /// What the visit is to be measured by: what was told, or where nothing was, what is about to be.
    pub fn standing(&self) -> Option<&Promise> {
        self.told.as_ref().or(self.waiting.as_ref().map(|waiting| &waiting.promise))
    }
}

/// The last promises of each job whose visit starts in the span, by job.
///
/// # Errors
/// When the database cannot be read.
pub async fn latest(
    connection: &mut AnyConnection,
    from_us: i64,
    to_us: i64,
) -> Result<HashMap<String, Latest>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT p.job_id, p.doc, m.state,
           CASE WHEN m.state IN ('queued', 'drafted') THEN m.doc ELSE NULL END AS waits
         FROM promises p
         JOIN job_status s ON s.job_id = p.job_id
         LEFT JOIN messages m ON m.id = p.message_id
         WHERE s.start_us >= $1 AND s.start_us < $2
           AND COALESCE(m.state, 'queued') NOT IN ('recalled', 'failed')
           AND {STANDS} AND {NOBODY_CAME} ORDER BY p.job_id, p.number"
    )))
    .bind(from_us)
    .bind(to_us)
    .fetch_all(&mut *connection)
    .await?;
    let mut all: HashMap<String, Latest> = HashMap::new();
    // Rows come in order of their number: the last one of a job stands.
    for row in &rows {
        let one = all.entry(row.try_get(0)?).or_default();
        let promise: Promise = parsed(row, "doc")?;
        let state: Option<String> = row.try_get("state")?;
        if matches!(state.as_deref(), None | Some("queued" | "drafted")) {
            let text: Option<Message> = parsed_or_none(row, "waits")?;
            let held = text.as_ref().is_some_and(|text| text.state == MessageState::Drafted);
            let due_at = text.filter(|_| !held).map(|text| text.due_at);
            one.waiting = Some(WaitingPromise { promise, due_at, held });
        } else {
            *one = Latest { told: Some(promise), waiting: None };
        }
    }
    Ok(all)
}

/// The last promise of each job that is back in the pool, by job. What waits to be said was said to nobody.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_pool(
    connection: &mut AnyConnection,
) -> Result<HashMap<String, Promise>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT p.job_id, p.doc FROM promises p
         JOIN job_status s ON s.job_id = p.job_id
         LEFT JOIN messages m ON m.id = p.message_id
         WHERE s.status = 'unassigned'
           AND COALESCE(m.state, 'queued') NOT IN ('recalled', 'drafted', 'queued', 'failed')
           AND {STANDS} AND {NOBODY_CAME} ORDER BY p.job_id, p.number"
    )))
    .fetch_all(&mut *connection)
    .await?;
    // Rows come in order of their number: the last one of a job stands.
    rows.iter().map(|row| Ok((row.try_get(0)?, parsed(row, "doc")?))).collect()
}

/// The promises that a job's customer may read of on their page, by number: what a person must approve first is none yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn on_page(
    connection: &mut AnyConnection,
    job: &str,
) -> Result<Vec<Promise>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT p.doc FROM promises p
         JOIN job_status s ON s.job_id = p.job_id
         LEFT JOIN messages m ON m.id = p.message_id
         WHERE p.job_id = $1 AND COALESCE(m.state, 'queued') NOT IN ('recalled', 'drafted', 'failed')
           AND {STANDS} AND {NOBODY_CAME} ORDER BY p.number"
    )))
    .bind(job.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}
