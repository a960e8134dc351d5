//! The one writer: takes what is queued, puts it into one transaction, commits, and only then answers.
//!
//! **Invariant:** a bad command never fails its neighbours. What may be refused is checked before anything is
//! written; should the database refuse the batch all the same, its members are tried once more one by one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actors::engine::clock::Clock;
use actors::engine::journal::{CommitError, EPOCH, Recorded, Seq};
use actors::event::Event;
use jiff::Timestamp;
use parking_lot::RwLock;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use tokio::sync::{mpsc, oneshot, watch};

use crate::journal::checks::Checks;
use crate::journal::database::{Engine, Opened};
use crate::journal::projection;
use crate::journal::rows::Rows;
use crate::journal::{Op, Recent, SideWork};
use crate::sabotage::Broken;

/// Commands in one transaction at most.
const BATCH_MAX: usize = 512;
/// The log beside the SQLite file is emptied when the writer was idle this long.
const IDLE: Duration = Duration::from_secs(5);

type Verdict = Result<Vec<Arc<Recorded>>, CommitError>;
type CommitReply = oneshot::Sender<Verdict>;

/// The writer's own things.
pub struct Writer {
    /// Its connection; none while the database is away.
    pub connection: Option<AnyConnection>,
    /// For connecting anew.
    pub database: Opened,
    /// What time it is.
    pub clock: Clock,
    /// Told after each commit.
    pub head: watch::Sender<Seq>,
    /// The newest events.
    pub recent: Arc<RwLock<Recent>>,
}

/// What a batch led to, to be told after its commit.
struct Outcome {
    recorded: Vec<Arc<Recorded>>,
    answers: Vec<(CommitReply, Verdict)>,
    sides: Vec<oneshot::Sender<Result<(), CommitError>>>,
}

impl Writer {
    /// Runs until every sender is gone.
    pub async fn run(mut self, mut queue: mpsc::Receiver<Op>) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        let mut clean = true;
        loop {
            match tokio::time::timeout(IDLE, queue.recv_many(&mut batch, BATCH_MAX)).await {
                Ok(0) => break,
                Ok(_) => {
                    clean = false;
                    self.carry_out(std::mem::take(&mut batch)).await;
                }
                Err(_) if !clean => {
                    self.checkpoint().await;
                    clean = true;
                }
                Err(_) => {}
            }
        }
        self.checkpoint().await;
    }

    async fn checkpoint(&mut self) {
        if self.database.engine == Engine::Sqlite
            && let Some(connection) = &mut self.connection
            && let Err(error) =
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(connection).await
        {
            tracing::debug!(%error, "the log beside the database was not emptied");
        }
    }

    async fn carry_out(&mut self, batch: Vec<Op>) {
        let started = Instant::now();
        let size = batch.len();
        let mut left = match self.attempt(batch).await {
            Ok(outcome) => {
                self.publish(outcome);
                crate::telemetry::metrics::metrics().journal_commit(size, started.elapsed());
                return;
            }
            Err((error, ops)) => {
                if ops.len() <= 1 {
                    refuse(ops, &error);
                    return;
                }
                tracing::warn!(%error, size, "a batch failed; its members are tried one by one");
                ops
            }
        };
        for op in left.drain(..) {
            match self.attempt(vec![op]).await {
                Ok(outcome) => self.publish(outcome),
                Err((error, ops)) => refuse(ops, &error),
            }
        }
    }

    fn publish(&self, mut outcome: Outcome) {
        if let Some(last) = outcome.recorded.last() {
            let head = last.seq;
            self.recent.write().push(&outcome.recorded);
            self.head.send_replace(head);
        }
        tell(&mut outcome);
    }

    /// One transaction. Gives what could not be answered back, should it fail.
    async fn attempt(&mut self, batch: Vec<Op>) -> Result<Outcome, (sqlx::Error, Vec<Op>)> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => match self.database.writer().await {
                Ok(connection) => connection,
                Err(error) => return Err((error, batch)),
            },
        };
        let begin = match self.database.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        if let Err(error) = sqlx::query(begin).execute(&mut connection).await {
            // The connection may be gone for good: the next batch opens another.
            return Err((error, batch));
        }
        let written = self.write(&mut connection, batch).await;
        let mut outcome = match written {
            Ok(outcome) => outcome,
            Err((error, ops)) => {
                if sqlx::query("ROLLBACK").execute(&mut connection).await.is_ok() {
                    self.connection = Some(connection);
                }
                return Err((error, ops));
            }
        };
        if Broken::AckBeforeCommit.is_wanted() {
            tell(&mut outcome);
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        match sqlx::query("COMMIT").execute(&mut connection).await {
            Ok(_) => {
                self.connection = Some(connection);
                Ok(outcome)
            }
            Err(error) => {
                if is_io(&error) {
                    // After a failed fsync nobody knows what the disk holds: start anew from it, with no answer given.
                    tracing::error!(%error, "the disk failed during a commit; stopping to recover");
                    std::process::exit(74);
                }
                let known = sqlx::query("ROLLBACK").execute(&mut connection).await.is_ok();
                if known {
                    self.connection = Some(connection);
                } else {
                    let _ = connection.close_hard().await;
                }
                answer_all(outcome, &error);
                Err((error, Vec::new()))
            }
        }
    }

    async fn write(
        &self,
        connection: &mut AnyConnection,
        batch: Vec<Op>,
    ) -> Result<Outcome, (sqlx::Error, Vec<Op>)> {
        let engine = self.database.engine;
        // Taking the counter row first makes positions follow the order of commits on every engine.
        let counter =
            sqlx::query("UPDATE counters SET n = n WHERE name = 'journal' RETURNING epoch, n")
                .fetch_one(&mut *connection)
                .await;
        let position = counter
            .and_then(|row| Ok((row.try_get::<i64, _>("epoch")?, row.try_get::<i64, _>("n")?)));
        let (epoch, n) = match position {
            Ok(found) => found,
            Err(error) => return Err((error, batch)),
        };
        let mut checks = match Checks::gather(connection, engine, &batch).await {
            Ok(checks) => checks,
            Err(error) => return Err((error, batch)),
        };
        let judged = judge(&mut checks, &batch, epoch * EPOCH + n, self.clock.now());
        let Judged { recorded, verdicts, rows } = judged;
        let last = n + i64::try_from(recorded.len()).unwrap_or(0);
        if let Err(error) = flush(connection, engine, &rows, last, n).await {
            return Err((error, batch));
        }
        let mut outcome = Outcome { recorded, answers: Vec::new(), sides: Vec::new() };
        let mut rest = batch.into_iter().zip(verdicts);
        for (op, verdict) in rest.by_ref() {
            match (op, verdict) {
                (Op::Commit { reply, .. }, Some(verdict)) => outcome.answers.push((reply, verdict)),
                (Op::Side { work, reply }, _) => match beside(connection, engine, work).await {
                    Ok(Ok(())) => outcome.sides.push(reply),
                    Ok(Err(error)) => {
                        let _ = reply.send(Err(same_fault(&error)));
                    }
                    Err(error) => {
                        // The transaction itself is lost. Whoever was before in the batch is told: their commands were
                        // read away with their answers. Who comes after is tried again.
                        let _ = reply.send(Err(same_fault(&error)));
                        answer_all(outcome, &error);
                        return Err((error, rest.map(|(op, _)| op).collect()));
                    }
                },
                (Op::Commit { reply, .. }, None) => {
                    let _ =
                        reply.send(Err(CommitError::Fault("a commit without a verdict".into())));
                }
            }
        }
        Ok(outcome)
    }
}

/// Does one piece of side work so that, where it fails, its own rows are undone and its neighbours' stay. The outer
/// error is that of a transaction that cannot go on.
async fn beside(
    connection: &mut AnyConnection,
    engine: Engine,
    work: SideWork,
) -> Result<Result<(), sqlx::Error>, sqlx::Error> {
    sqlx::query("SAVEPOINT beside").execute(&mut *connection).await?;
    let done = work(connection, engine).await;
    if done.is_err() {
        sqlx::query("ROLLBACK TO SAVEPOINT beside").execute(&mut *connection).await?;
    }
    sqlx::query("RELEASE SAVEPOINT beside").execute(&mut *connection).await?;
    Ok(done)
}

/// What a batch's commands come to, before anything is written.
struct Judged {
    recorded: Vec<Arc<Recorded>>,
    verdicts: Vec<Option<Verdict>>,
    rows: Rows,
}

/// Admits or refuses each command in order, numbers the admitted ones' events after `seq`, and gathers their rows.
fn judge(checks: &mut Checks, batch: &[Op], mut seq: Seq, now: Timestamp) -> Judged {
    let mut judged = Judged {
        recorded: Vec::new(),
        verdicts: Vec::with_capacity(batch.len()),
        rows: Rows::default(),
    };
    for op in batch {
        let Op::Commit { write, .. } = op else {
            judged.verdicts.push(None);
            continue;
        };
        let verdict = checks.admit(write, now).map(|()| {
            let number = |event: &Event| {
                seq += 1;
                Arc::new(Recorded {
                    seq,
                    at: now,
                    key: write.key.clone(),
                    by: write.by.clone(),
                    cause: write.cause.clone(),
                    event: event.clone(),
                })
            };
            let entries: Vec<Arc<Recorded>> = write.events.iter().map(number).collect();
            checks.took(write, &entries, now, &mut judged.rows);
            judged.recorded.extend(entries.iter().cloned());
            entries
        });
        judged.verdicts.push(Some(verdict));
    }
    for entry in &judged.recorded {
        projection::project(entry, &mut judged.rows);
    }
    judged
}

async fn flush(
    connection: &mut AnyConnection,
    engine: Engine,
    rows: &Rows,
    n: i64,
    before: i64,
) -> Result<(), sqlx::Error> {
    if n != before {
        sqlx::query("UPDATE counters SET n = $1 WHERE name = 'journal'")
            .bind(n)
            .execute(&mut *connection)
            .await?;
    }
    for (statement, text) in rows.statements(engine) {
        // Made from our own table definitions, never from input.
        sqlx::query(AssertSqlSafe(statement)).bind(text).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Answers whoever waits for this batch.
fn tell(outcome: &mut Outcome) {
    for (reply, answer) in outcome.answers.drain(..) {
        let _ = reply.send(answer);
    }
    for reply in outcome.sides.drain(..) {
        let _ = reply.send(Ok(()));
    }
}

fn refuse(ops: Vec<Op>, error: &sqlx::Error) {
    if !ops.is_empty() {
        tracing::error!(%error, "a commit failed");
    }
    for op in ops {
        match op {
            Op::Commit { reply, .. } => {
                let _ = reply.send(Err(same_fault(error)));
            }
            Op::Side { reply, .. } => {
                let _ = reply.send(Err(same_fault(error)));
            }
        }
    }
}

fn answer_all(outcome: Outcome, error: &sqlx::Error) {
    for (reply, _) in outcome.answers {
        let _ = reply.send(Err(same_fault(error)));
    }
    for reply in outcome.sides {
        let _ = reply.send(Err(same_fault(error)));
    }
}

fn same_fault(error: &sqlx::Error) -> CommitError {
    if is_full(error) {
        return CommitError::Overloaded("the disk is full".into());
    }
    CommitError::Fault(error.to_string().into())
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error()?.code().map(|code| code.into_owned())
}

/// True when the disk is full, on either engine.
pub fn is_full(error: &sqlx::Error) -> bool {
    matches!(code(error).as_deref(), Some("13" | "53100"))
}

/// True when SQLite reports an input or output error: its primary code is 10 in the lowest byte.
fn is_io(error: &sqlx::Error) -> bool {
    code(error).and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 10)
}
