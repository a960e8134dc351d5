//! What a commit must not violate, looked up for a whole batch at once and judged command by command: versions,
//! repeated reactions and requests, a technician's time taken twice, errands that somebody has begun.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use actors::engine::journal::{AlarmChange, CommitError, ErrandChange, Recorded, Seq, Write};
use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::journal::database::Engine;
use crate::journal::names::{self, Names};
use crate::journal::projection::tables::{ALARMS, ERRANDS, HEADS, INBOX, REACTED};
use crate::journal::requests::first_event;
use crate::journal::rows::{Rows, us};
use crate::journal::times::{self, Times};
use crate::journal::uses::{self, Uses};
use crate::journal::{Op, acts};

#[derive(Clone, Debug)]
struct ErrandRow {
    kind: String,
    destination: String,
    body: String,
    state: String,
    attempts: i64,
    asked_seq: i64,
    due_us: i64,
    expires_us: Option<i64>,
    lease_until_us: Option<i64>,
    first_tried_us: Option<i64>,
}

/// Everything that a batch's members are judged by.
#[derive(Default)]
pub struct Checks {
    versions: HashMap<String, Seq>,
    reacted: HashSet<String>,
    inbox: HashMap<String, String>,
    times: Times,
    errands: HashMap<String, ErrandRow>,
    names: Names,
    uses: Uses,
}

fn mark_of_cause(write: &Write) -> Option<String> {
    write.cause.as_ref().map(|cause| format!("{}:{}", cause.seq, cause.reaction))
}

/// How a repeatable request is known in its table.
pub fn mark_of_inbox(source: &str, key: &str) -> String {
    format!("{source}\n{key}")
}

impl Checks {
    /// Reads what the batch will be judged by, one statement per kind of check.
    pub async fn gather(
        connection: &mut AnyConnection,
        engine: Engine,
        batch: &[Op],
    ) -> Result<Self, sqlx::Error> {
        let mut wanted: [BTreeSet<String>; 5] = Default::default();
        let mut wanted_names = names::Wanted::default();
        let mut taken_away = uses::Wanted::default();
        let [entities, causes, inbox, holders, errands] = &mut wanted;
        for op in batch {
            let Op::Commit { write, .. } = op else { continue };
            entities.extend(write.expects.iter().map(|expect| expect.entity.to_string()));
            acts::want(write, entities);
            causes.extend(mark_of_cause(write));
            inbox.extend(write.inbox.iter().map(|i| mark_of_inbox(&i.source, &i.key)));
            times::want(write, holders);
            errands.extend(write.errands.iter().filter_map(changed_errand));
            names::want(write, &mut wanted_names);
            uses::want(write, &mut taken_away);
        }
        let mut checks = Self::default();
        let heads = "SELECT entity, version FROM heads WHERE entity IN";
        for row in select(connection, engine, heads, entities).await? {
            checks.versions.insert(row.try_get(0)?, row.try_get(1)?);
        }
        for row in
            select(connection, engine, "SELECT mark FROM reacted WHERE mark IN", causes).await?
        {
            checks.reacted.insert(row.try_get(0)?);
        }
        for row in select(connection, engine, "SELECT mark, sha256 FROM inbox WHERE mark IN", inbox)
            .await?
        {
            checks.inbox.insert(row.try_get(0)?, row.try_get(1)?);
        }
        checks.uses = Uses::gather(connection, engine, &taken_away).await?;
        checks.times = Times::gather(connection, engine, holders).await?;
        let all = "SELECT id, kind, destination, body, state, attempts, asked_seq, due_us, expires_us, lease_until_us, first_tried_us FROM errands WHERE id IN";
        for row in select(connection, engine, all, errands).await? {
            let errand = ErrandRow {
                kind: row.try_get(1)?,
                destination: row.try_get(2)?,
                body: row.try_get(3)?,
                state: row.try_get(4)?,
                attempts: row.try_get(5)?,
                asked_seq: row.try_get(6)?,
                due_us: row.try_get(7)?,
                expires_us: row.try_get(8)?,
                lease_until_us: row.try_get(9)?,
                first_tried_us: row.try_get(10)?,
            };
            checks.errands.insert(row.try_get(0)?, errand);
        }
        for (kind, wanted) in &wanted_names {
            for row in select(connection, engine, names::bearers(*kind), wanted).await? {
                checks.names.learn(*kind, row.try_get(0)?, row.try_get(1)?);
            }
        }
        Ok(checks)
    }

    /// Says whether a command may be committed.
    ///
    /// # Errors
    /// Stale, seen before, or overlapping.
    pub fn admit(&self, write: &Write, _: Timestamp) -> Result<(), CommitError> {
        if mark_of_cause(write).is_some_and(|mark| self.reacted.contains(&mark)) {
            return Err(CommitError::Seen { same_body: true });
        }
        if let Some(inbox) = &write.inbox
            && let Some(body) = self.inbox.get(&mark_of_inbox(&inbox.source, &inbox.key))
        {
            return Err(CommitError::Seen { same_body: **body == *inbox.sha256 });
        }
        for expect in &write.expects {
            let current = self.versions.get(&*expect.entity).copied().unwrap_or(0);
            if current != expect.version {
                return Err(CommitError::Stale { entity: expect.entity.clone(), current });
            }
        }
        for change in &write.errands {
            // A reaction that fires again after a crash names an errand that exists: it is the same one.
            if let ErrandChange::Cancelled { id } | ErrandChange::Moved { id, .. } = change
                && self.errands.get(id.as_str()).is_none_or(|errand| errand.state != "ready")
            {
                return Err(CommitError::Stale { entity: id.key(), current: 0 });
            }
        }
        self.names.admit(write)?;
        self.uses.admit(write)?;
        self.times.admit(write)
    }

    /// Notes what an admitted command changes, for the batch's later members, and puts its bookkeeping rows.
    pub fn took(
        &mut self,
        write: &Write,
        entries: &[Arc<Recorded>],
        now: Timestamp,
        rows: &mut Rows,
    ) {
        if let (Some(mark), Some(cause)) = (mark_of_cause(write), &write.cause) {
            rows.put(&REACTED, [mark.as_str().into(), cause.seq.into()]);
            self.reacted.insert(mark);
        }
        if let Some(inbox) = &write.inbox {
            let mark = mark_of_inbox(&inbox.source, &inbox.key);
            let sha256 = inbox.sha256.to_string();
            // Until the answer is kept, the body says where to find what it must be made of.
            let first = entries.first().map(|entry| first_event(entry.seq));
            let (status, body) = match inbox.answer.as_deref() {
                Some((status, body)) => (Value::from(*status), Some(body.to_string())),
                None => (Value::Null, first),
            };
            rows.put(
                &INBOX,
                [
                    mark.as_str().into(),
                    sha256.as_str().into(),
                    us(now),
                    status,
                    body.map_or(Value::Null, |text| text.as_str().into()),
                ],
            );
            self.inbox.insert(mark, sha256);
        }
        acts::record(write, entries, &self.versions, now, rows);
        for entry in entries {
            for entity in entry.event.touches() {
                rows.put(&HEADS, [(&*entity).into(), entry.seq.into()]);
                self.versions.insert(entity.to_string(), entry.seq);
            }
            self.names.took(&entry.event);
            self.times.took(&entry.event);
        }
        let asked = entries.last().map_or(0, |entry| entry.seq);
        for change in &write.errands {
            self.take_errand(change, asked, rows);
        }
        for alarm in &write.alarms {
            let (room, key) = (write.room.name(), &*write.key);
            match alarm {
                AlarmChange::Set { name, due_at } => {
                    rows.put(&ALARMS, [room.into(), key.into(), (&**name).into(), us(*due_at)]);
                }
                AlarmChange::Cleared { name } => {
                    rows.remove(&ALARMS, [room.into(), key.into(), (&**name).into()]);
                }
            }
        }
    }

    fn take_errand(&mut self, change: &ErrandChange, asked: Seq, rows: &mut Rows) {
        let (id, errand) = match change {
            ErrandChange::New { id, errand, due_at, expires_at } => {
                let row = ErrandRow {
                    kind: errand.kind().to_owned(),
                    destination: errand.destination().to_owned(),
                    body: json!(errand).to_string(),
                    state: "ready".to_owned(),
                    attempts: 0,
                    asked_seq: asked,
                    due_us: due_at.as_microsecond(),
                    expires_us: expires_at.map(Timestamp::as_microsecond),
                    lease_until_us: None,
                    first_tried_us: None,
                };
                (id, row)
            }
            ErrandChange::Over { id, .. }
            | ErrandChange::Again { id, .. }
            | ErrandChange::Cancelled { id }
            | ErrandChange::Moved { id, .. } => {
                let Some(mut row) = self.errands.get(id.as_str()).cloned() else { return };
                match change {
                    ErrandChange::Over { done, .. } => {
                        row.state = if *done { "done" } else { "failed" }.to_owned();
                        row.lease_until_us = None;
                    }
                    ErrandChange::Again { due_at, .. } => {
                        row.state = "ready".to_owned();
                        row.due_us = due_at.as_microsecond();
                        row.lease_until_us = None;
                    }
                    ErrandChange::Moved { due_at, expires_at, .. } => {
                        row.due_us = due_at.as_microsecond();
                        row.expires_us = expires_at.map(Timestamp::as_microsecond);
                    }
                    _ => row.state = "cancelled".to_owned(),
                }
                (id, row)
            }
        };
        rows.put(
            &ERRANDS,
            [
                id.as_str().into(),
                errand.kind.as_str().into(),
                errand.destination.as_str().into(),
                errand.body.as_str().into(),
                errand.state.as_str().into(),
                errand.attempts.into(),
                errand.asked_seq.into(),
                errand.due_us.into(),
                errand.expires_us.into(),
                errand.lease_until_us.into(),
                errand.first_tried_us.into(),
            ],
        );
        self.errands.insert(id.to_string(), errand);
    }
}

fn changed_errand(change: &ErrandChange) -> Option<String> {
    match change {
        ErrandChange::New { .. } => None,
        ErrandChange::Over { id, .. }
        | ErrandChange::Again { id, .. }
        | ErrandChange::Cancelled { id }
        | ErrandChange::Moved { id, .. } => Some(id.to_string()),
    }
}

pub(super) async fn select(
    connection: &mut AnyConnection,
    engine: Engine,
    statement: &'static str,
    values: &BTreeSet<String>,
) -> Result<Vec<sqlx::any::AnyRow>, sqlx::Error> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let list = match engine {
        Engine::Sqlite => "(SELECT value FROM json_each($1))",
        Engine::Postgres => "(SELECT jsonb_array_elements_text(CAST($1 AS jsonb)))",
    };
    let text = serde_json::to_string(values).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query(AssertSqlSafe(format!("{statement} {list}")))
        .bind(text)
        .fetch_all(&mut *connection)
        .await
}
