//! What the relay, the courier and the alarms need of the database: cursor, leases, timers. Leases and cursors
//! ride in the writer's transactions.

use std::sync::Arc;

use actors::engine::journal::{CommitError, EPOCH, Seq};
use actors::engine::relay::Cursor;
use actors::event::Room;
use actors::ids::{ErrandId, TechnicianId};
use actors::workers::alarms::{Alarm, Wall};
use actors::workers::courier::{Desk, Leased};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use parking_lot::Mutex;
use sqlx::Row;

use crate::journal::projection::{moment, parsed};
use crate::journal::{SqlJournal, fault};

/// Reactions and requests are remembered this long behind the relay's cursor.
const INBOX_KEPT_US: i64 = 7 * 24 * 3600 * 1_000_000;

impl Cursor for SqlJournal {
    fn load(&self) -> BoxFuture<'_, Result<Seq, CommitError>> {
        async move {
            let row = sqlx::query("SELECT epoch, n FROM counters WHERE name = 'relay'")
                .fetch_one(&self.database().readers)
                .await
                .map_err(fault)?;
            let (epoch, n): (i64, i64) =
                (row.try_get(0).map_err(fault)?, row.try_get(1).map_err(fault)?);
            let cursor = epoch * EPOCH + n;
            let head = self.head_now();
            // After a restore the journal is in a new epoch: what went before has had its reactions.
            Ok(if cursor / EPOCH == head / EPOCH { cursor } else { (head / EPOCH) * EPOCH })
        }
        .boxed()
    }

    fn save(&self, seq: Seq) -> BoxFuture<'_, Result<(), CommitError>> {
        self.side(Box::new(move |connection, _| {
            Box::pin(async move {
                sqlx::query("UPDATE counters SET epoch = $1, n = $2 WHERE name = 'relay'")
                    .bind(seq / EPOCH)
                    .bind(seq % EPOCH)
                    .execute(&mut *connection)
                    .await?;
                // The cursor never goes back, so what lies behind it can never fire again.
                sqlx::query("DELETE FROM reacted WHERE seq <= $1")
                    .bind(seq)
                    .execute(&mut *connection)
                    .await?;
                Ok(())
            })
        }))
        .boxed()
    }
}

impl Desk for SqlJournal {
    fn lease(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
        in_hand: Vec<ErrandId>,
    ) -> BoxFuture<'_, Result<Vec<Leased>, CommitError>> {
        async move {
            // A look that costs no transaction while nothing is due.
            let due = due(self, now, limit, &in_hand).await.map_err(fault)?;
            if due.is_empty() {
                return Ok(Vec::new());
            }
            let found = Arc::new(Mutex::new(Vec::new()));
            let out = found.clone();
            self.side(Box::new(move |connection, _| {
                Box::pin(async move {
                    for id in due {
                        if let Some(leased) = lease_one(connection, &id, now, until).await? {
                            out.lock().push(leased);
                        }
                    }
                    Ok(())
                })
            }))
            .await?;
            let leased = std::mem::take(&mut *found.lock());
            Ok(leased)
        }
        .boxed()
    }
}

/// Ids that are due: one per destination, the first asked for, none whose destination is being served.
async fn due(
    journal: &SqlJournal,
    now: Timestamp,
    limit: usize,
    in_hand: &[ErrandId],
) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, destination, state, due_us, lease_until_us, asked_seq FROM errands
         WHERE state IN ('ready', 'sending') AND due_us <= $1
         ORDER BY due_us, asked_seq, id LIMIT 512",
    )
    .bind(now.as_microsecond())
    .fetch_all(&journal.database().readers)
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    // What was tried already goes before what was asked for later: a person reads texts in their order.
    let tried = sqlx::query(
        "SELECT destination, MIN(asked_seq) FROM errands
         WHERE state IN ('ready', 'sending') AND attempts > 0 GROUP BY destination",
    )
    .fetch_all(&journal.database().readers)
    .await?;
    let mut first = std::collections::HashMap::new();
    for row in &tried {
        first.insert(row.try_get::<String, _>(0)?, row.try_get::<i64, _>(1)?);
    }
    let mut served = std::collections::HashSet::new();
    let mut chosen = Vec::new();
    for row in &rows {
        let (id, destination): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let asked: i64 = row.try_get(5)?;
        if first.get(&destination).is_some_and(|older| *older < asked) {
            continue;
        }
        let held = in_hand.iter().any(|held| held.as_str() == id)
            || row.try_get::<Option<i64>, _>(4)?.is_some_and(|until| until > now.as_microsecond());
        if !served.insert(destination) || held {
            continue;
        }
        chosen.push(id);
        if chosen.len() == limit {
            break;
        }
    }
    Ok(chosen)
}

async fn lease_one(
    connection: &mut sqlx::AnyConnection,
    id: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Leased>, sqlx::Error> {
    // The transaction is the writer's own: nobody changes the row between these two statements.
    let row = sqlx::query(
        "SELECT body, attempts, first_tried_us, expires_us, state FROM errands
         WHERE id = $1 AND (state = 'ready' OR (state = 'sending' AND lease_until_us <= $2))",
    )
    .bind(id.to_owned())
    .bind(now.as_microsecond())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    sqlx::query(
        "UPDATE errands SET state = 'sending', attempts = attempts + 1, lease_until_us = $3,
             first_tried_us = COALESCE(first_tried_us, $2) WHERE id = $1",
    )
    .bind(id.to_owned())
    .bind(now.as_microsecond())
    .bind(until.as_microsecond())
    .execute(&mut *connection)
    .await?;
    let attempts: i64 = row.try_get("attempts")?;
    let first: Option<i64> = row.try_get("first_tried_us")?;
    let expires: Option<i64> = row.try_get("expires_us")?;
    Ok(Some(Leased {
        id: ErrandId::from_text(id),
        errand: parsed(&row, "body")?,
        attempt: u32::try_from(attempts + 1).unwrap_or(u32::MAX),
        unknown: row.try_get::<String, _>("state")? == "sending",
        first_tried_at: first.map_or(Ok(now), moment)?,
        expires_at: expires.map(moment).transpose()?,
    }))
}

impl Wall for SqlJournal {
    fn due(&self, now: Timestamp, limit: usize) -> BoxFuture<'_, Result<Vec<Alarm>, CommitError>> {
        async move {
            let rows = sqlx::query(
                "SELECT room, room_key, name, due_us FROM alarms WHERE due_us <= $1
                 ORDER BY due_us LIMIT $2",
            )
            .bind(now.as_microsecond())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.database().readers)
            .await
            .map_err(fault)?;
            rows.iter().map(alarm).collect::<Result<_, _>>().map_err(fault)
        }
        .boxed()
    }

    fn rung(&self, alarm: Alarm) -> BoxFuture<'_, Result<(), CommitError>> {
        self.side(Box::new(move |connection, _| {
            Box::pin(async move {
                sqlx::query(
                    "DELETE FROM alarms WHERE room = $1 AND room_key = $2 AND name = $3 AND due_us = $4",
                )
                .bind(alarm.room.name())
                .bind(alarm.key.to_string())
                .bind(alarm.name.to_string())
                .bind(alarm.due_at.as_microsecond())
                .execute(&mut *connection)
                .await?;
                Ok(())
            })
        }))
        .boxed()
    }

    fn busy_technicians(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> BoxFuture<'_, Result<Vec<TechnicianId>, CommitError>> {
        async move {
            let rows = sqlx::query(
                "SELECT DISTINCT technician_id FROM visits
                 WHERE open = 1 AND end_us > $1 AND start_us < $2 ORDER BY technician_id",
            )
            .bind(from.as_microsecond())
            .bind(to.as_microsecond())
            .fetch_all(&self.database().readers)
            .await
            .map_err(fault)?;
            rows.iter()
                .map(|row| Ok(TechnicianId::from_text(&row.try_get::<String, _>(0)?)))
                .collect::<Result<_, sqlx::Error>>()
                .map_err(fault)
        }
        .boxed()
    }
}

fn alarm(row: &sqlx::any::AnyRow) -> Result<Alarm, sqlx::Error> {
    let room: String = row.try_get(0)?;
    let room: Room =
        serde_json::from_value(room.into()).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Alarm {
        room,
        key: row.try_get::<String, _>(1)?.into(),
        name: row.try_get::<String, _>(2)?.into(),
        due_at: moment(row.try_get(3)?)?,
    })
}

/// Forgets requests whose senders will not repeat them any more.
///
/// # Errors
/// Overload and faults.
pub async fn prune(journal: &SqlJournal, now: Timestamp) -> Result<(), CommitError> {
    let before = now.as_microsecond() - INBOX_KEPT_US;
    journal
        .side(Box::new(move |connection, _| {
            Box::pin(async move {
                sqlx::query("DELETE FROM inbox WHERE at_us < $1")
                    .bind(before)
                    .execute(&mut *connection)
                    .await?;
                for old in [
                    "DELETE FROM act_things WHERE first_seq IN (SELECT first_seq FROM acts WHERE at_us < $1)",
                    "DELETE FROM undone WHERE first_seq IN (SELECT first_seq FROM acts WHERE at_us < $1)",
                    "DELETE FROM acts WHERE at_us < $1",
                ] {
                    sqlx::query(old).bind(before).execute(&mut *connection).await?;
                }
                sqlx::query("DELETE FROM trials WHERE until_us < $1")
                    .bind(now.as_microsecond())
                    .execute(&mut *connection)
                    .await?;
                sqlx::query("DELETE FROM errands WHERE state IN ('done', 'failed', 'cancelled') AND due_us < $1")
                    .bind(before)
                    .execute(&mut *connection)
                    .await?;
                Ok(())
            })
        }))
        .await
}
