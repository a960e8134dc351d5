//! The journal in SQL: one writer, group commit without a timer, every event projected by its room's store in the
//! same transaction. Nothing is acknowledged before its commit, and nothing is written past this module.

use std::collections::VecDeque;
use std::sync::Arc;

use actors::engine::clock::Clock;
use actors::engine::journal::{CommitError, Journal, Recorded, Seq, Since, Write};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use parking_lot::RwLock;
use sqlx::{AnyConnection, Row};
use tokio::sync::{mpsc, oneshot, watch};

pub mod acts;
pub mod checks;
pub mod database;
pub mod desk;
mod names;
pub mod past;
pub mod projection;
pub mod requests;
pub mod rows;
pub mod shelves;
mod times;
mod uses;
pub mod writer;

use database::{Engine, Opened};
use writer::Writer;

/// Commands that may wait for the writer.
pub const QUEUE_MAX: usize = 4096;
/// Events kept in memory, so that the relay and returning watchers seldom ask the database.
const RECENT_MAX: usize = 8192;
/// Events that a returning watcher may have missed at most; beyond that a fresh snapshot is cheaper.
pub const REPLAY_MAX: Seq = 50_000;

/// Work that rides in the writer's next transaction beside commands.
pub type SideWork = Box<
    dyn for<'c> FnOnce(&'c mut AnyConnection, Engine) -> BoxFuture<'c, Result<(), sqlx::Error>>
        + Send,
>;

/// What the writer is given.
pub enum Op {
    /// A command's commit.
    Commit { write: Box<Write>, reply: oneshot::Sender<Result<Vec<Arc<Recorded>>, CommitError>> },
    /// Something else that must be durable.
    Side { work: SideWork, reply: oneshot::Sender<Result<(), CommitError>> },
}

/// The newest events, in order, without gaps.
#[derive(Default)]
pub struct Recent {
    events: VecDeque<Arc<Recorded>>,
    /// Everything above this is in `events`.
    reaches: Seq,
}

impl Recent {
    fn push(&mut self, recorded: &[Arc<Recorded>]) {
        // A commit whose answer was lost may have taken positions: what lies between is in the table alone.
        let last = self.events.back().map_or(self.reaches, |entry| entry.seq);
        if let Some(first) = recorded.first()
            && first.seq != last + 1
        {
            self.events.clear();
            self.reaches = first.seq - 1;
        }
        for entry in recorded {
            self.events.push_back(entry.clone());
        }
        while self.events.len() > RECENT_MAX {
            if let Some(oldest) = self.events.pop_front() {
                self.reaches = oldest.seq;
            }
        }
    }

    fn since(&self, seq: Seq, limit: usize) -> Option<Vec<Arc<Recorded>>> {
        if seq < self.reaches {
            return None;
        }
        let from = self.events.partition_point(|entry| entry.seq <= seq);
        Some(self.events.iter().skip(from).take(limit).cloned().collect())
    }
}

/// The journal.
#[derive(Clone)]
pub struct SqlJournal {
    ops: mpsc::Sender<Op>,
    head: watch::Receiver<Seq>,
    recent: Arc<RwLock<Recent>>,
    database: Opened,
}

impl SqlJournal {
    /// Starts the writer on a thread of its own.
    ///
    /// # Errors
    /// When the database cannot be read, or the thread not be started.
    pub async fn start(database: Opened, clock: Clock) -> Result<Self, sqlx::Error> {
        let row = sqlx::query("SELECT epoch, n FROM counters WHERE name = 'journal'")
            .fetch_one(&database.readers)
            .await?;
        let head = row.try_get::<i64, _>("epoch")? * actors::engine::journal::EPOCH
            + row.try_get::<i64, _>("n")?;
        let (ops, queue) = mpsc::channel(QUEUE_MAX);
        let (told, heads) = watch::channel(head);
        let recent = Arc::new(RwLock::new(Recent { events: VecDeque::new(), reaches: head }));
        let connection = database.writer().await?;
        let writer = Writer {
            connection: Some(connection),
            database: database.clone(),
            clock,
            head: told,
            recent: recent.clone(),
        };
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || {
                match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                    Ok(runtime) => runtime.block_on(writer.run(queue)),
                    Err(error) => tracing::error!(%error, "the journal's runtime cannot start"),
                }
            })
            .map_err(sqlx::Error::Io)?;
        Ok(Self { ops, head: heads, recent, database })
    }

    /// The database, for reading.
    pub fn database(&self) -> &Opened {
        &self.database
    }

    /// Has work done in the writer's next transaction; durable when it answers.
    ///
    /// # Errors
    /// Overload and faults.
    pub async fn side(&self, work: SideWork) -> Result<(), CommitError> {
        let (reply, answer) = oneshot::channel();
        self.offer(Op::Side { work, reply })?;
        answer.await.unwrap_or_else(|_| Err(CommitError::Fault("the writer is gone".into())))
    }

    /// Puts rows that belong to no event, such as positions, in the writer's next transaction.
    ///
    /// # Errors
    /// Overload and faults.
    pub async fn put(&self, rows: rows::Rows) -> Result<(), CommitError> {
        self.side(Box::new(move |connection, engine| {
            Box::pin(async move {
                for (statement, text) in rows.statements(engine) {
                    // Made from our own table definitions, never from input.
                    sqlx::query(sqlx::AssertSqlSafe(statement))
                        .bind(text)
                        .execute(&mut *connection)
                        .await?;
                }
                Ok(())
            })
        }))
        .await
    }

    fn offer(&self, op: Op) -> Result<(), CommitError> {
        self.ops.try_send(op).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => {
                CommitError::Overloaded("too many commits are waiting".into())
            }
            mpsc::error::TrySendError::Closed(_) => CommitError::Fault("the writer is gone".into()),
        })
    }

    /// The last committed position.
    pub fn head_now(&self) -> Seq {
        *self.head.borrow()
    }

    async fn read_since(&self, seq: Seq, limit: usize) -> Result<Since, CommitError> {
        let head = self.head_now();
        let epoch = head / actors::engine::journal::EPOCH;
        if seq / actors::engine::journal::EPOCH != epoch || seq > head {
            return Ok(Since::Gone);
        }
        if let Some(events) = self.recent.read().since(seq, limit) {
            return Ok(Since::Events(events));
        }
        let rows = sqlx::query(
            "SELECT seq, at_us, room_key, by_whom, cause_seq, cause_reaction, body FROM journal
             WHERE seq > $1 ORDER BY seq LIMIT $2",
        )
        .bind(seq)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.database.readers)
        .await
        .map_err(fault)?;
        let mut events = Vec::with_capacity(rows.len());
        for row in &rows {
            events.push(Arc::new(projection::recorded(row)?));
        }
        Ok(Since::Events(events))
    }
}

/// A database error as the engine's caller sees it; the text stays in the log.
pub fn fault(error: sqlx::Error) -> CommitError {
    if writer::is_full(&error) {
        return CommitError::Overloaded("the disk is full".into());
    }
    CommitError::Fault(error.to_string().into())
}

impl Journal for SqlJournal {
    fn commit(&self, write: Write) -> BoxFuture<'_, Result<Vec<Arc<Recorded>>, CommitError>> {
        let (reply, answer) = oneshot::channel();
        let offered = self.offer(Op::Commit { write: Box::new(write), reply });
        async move {
            offered?;
            answer.await.unwrap_or_else(|_| Err(CommitError::Fault("the writer is gone".into())))
        }
        .boxed()
    }

    fn since(&self, seq: Seq, limit: usize) -> BoxFuture<'_, Result<Since, CommitError>> {
        self.read_since(seq, limit).boxed()
    }

    fn head(&self) -> watch::Receiver<Seq> {
        self.head.clone()
    }
}

impl From<sqlx::Error> for crate::error::Problem {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the database cannot be read");
        Self::overloaded()
    }
}

#[cfg(test)]
mod tests {
    use actors::event::Event;
    use actors::tags::{Tag, TagEvent};

    use super::*;

    fn entry(seq: Seq) -> Arc<Recorded> {
        let tag = Tag { id: "tag_1".into(), name: "Fibre".into(), color: None };
        Arc::new(Recorded {
            seq,
            at: jiff::Timestamp::UNIX_EPOCH,
            key: "tag_1".into(),
            by: "test".into(),
            cause: None,
            event: Event::Tags(TagEvent::TagCreated { tag }),
        })
    }

    #[test]
    fn whoever_is_behind_a_commit_whose_answer_was_lost_is_sent_to_the_table() {
        let mut recent = Recent { events: VecDeque::new(), reaches: 10 };
        recent.push(&[entry(11), entry(12)]);
        assert_eq!(recent.since(10, 9).unwrap().len(), 2);
        // 13 was committed, but nobody told us; 14 is of the next batch.
        recent.push(&[entry(14)]);
        assert!(recent.since(12, 9).is_none(), "13 is not in memory");
        let mut unused = Recent { events: VecDeque::new(), reaches: 10 };
        unused.push(&[entry(12)]);
        assert!(unused.since(10, 9).is_none(), "11 was the first, and its answer was lost");
        let seqs: Vec<Seq> = recent.since(13, 9).unwrap().iter().map(|entry| entry.seq).collect();
        assert_eq!(seqs, [14]);
    }
}
