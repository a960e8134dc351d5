//! Group commit against a bare loop that writes the same rows by the same statements, settings and library, all
//! of a batch's texts made beforehand. The bare loop checks nothing, tells nobody and has no queue: what is between
//! the two is the price of the journal.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actors::customers::protocol::{Customer, CustomerEvent};
use actors::engine::clock::Clock;
use actors::engine::journal::{Journal, Recorded, Write};
use actors::event::{Event, Room};
use actors::ids::CustomerId;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use tournee::config::{Database, Secret};
use tournee::journal::SqlJournal;
use tournee::journal::database::{Engine, Opened};
use tournee::journal::projection::{project, tables::HEADS};
use tournee::journal::rows::Rows;

use crate::Failed;

const RUN_FOR: Duration = Duration::from_millis(1500);
const ROUNDS: usize = 3;
const SHARE: f64 = 0.6;

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// A command as common as any: a customer is registered. One event, three rows.
pub fn register(number: u64) -> Write {
    let id = CustomerId::from_text(&format!("cus_bench{number:010}"));
    let customer = Customer {
        id: id.clone(),
        external_id: None,
        name: format!("Cliente {number}"),
        phone: Some(format!("+1514555{:04}", number % 10_000)),
        email: None,
        language: None,
        notes: None,
    };
    Write {
        room: Room::Customers,
        key: id.key(),
        by: "bench".into(),
        cause: None,
        inbox: None,
        act: Default::default(),
        expects: vec![],
        events: vec![Event::Customers(CustomerEvent::CustomerRegistered {
            after: Box::new(customer),
        })],
        errands: vec![],
        alarms: vec![],
    }
}

/// Measures every engine that there is: SQLite always, PostgreSQL when `TOURNEE_BENCH_POSTGRES` is the address of an
/// empty database.
pub fn run() -> Result<(), Failed> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut short = false;
    println!("engine    writers   ours/s   bare/s   share (median of {ROUNDS})");
    for writers in [1, 32, 256] {
        short |= runtime.block_on(compare("sqlite", writers, None))? < SHARE;
    }
    if let Ok(url) = std::env::var("TOURNEE_BENCH_POSTGRES") {
        for writers in [1, 32, 256] {
            short |= runtime.block_on(compare("postgres", writers, Some(&url)))? < SHARE;
        }
    }
    println!("goal: a share of {SHARE}; {}", if short { "MISSED" } else { "met" });
    Ok(())
}

async fn compare(name: &str, writers: usize, postgres: Option<&str>) -> Result<f64, Failed> {
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let place = Place::new(writers, round, postgres)?;
        let ours = ours(&place.open().await?, writers).await?;
        place.clear().await?;
        let bare = bare(&place.open().await?, writers).await?;
        place.clear().await?;
        rounds.push((ours / bare, ours, bare));
    }
    rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (share, ours, bare) = rounds.get(ROUNDS / 2).copied().ok_or("no rounds")?;
    println!("{name:<9} {writers:>7} {ours:>8.0} {bare:>8.0}   {share:.2}");
    Ok(share)
}

/// Where a round's rows go.
struct Place {
    file: PathBuf,
    database: Database,
}

impl Place {
    fn new(writers: usize, round: usize, postgres: Option<&str>) -> Result<Self, Failed> {
        let name = format!("tournee-bench-{}-{writers}-{round}.db", std::process::id());
        let file = std::env::temp_dir().join(name);
        let database = match postgres {
            Some(url) => Database::Postgres(Secret::new(url)),
            None => Database::Sqlite(file.clone()),
        };
        Ok(Self { file, database })
    }

    async fn open(&self) -> Result<Opened, Failed> {
        Ok(Opened::open(&self.database).await?)
    }

    /// Removes the file, or the rows.
    async fn clear(&self) -> Result<(), Failed> {
        if let Database::Postgres(_) = self.database {
            let mut writer = self.open().await?.writer().await?;
            writer.execute("TRUNCATE journal, heads, customers").await?;
        }
        for end in ["", "-wal", "-shm"] {
            let mut path = self.file.clone().into_os_string();
            path.push(end);
            let _ = std::fs::remove_file(path);
        }
        Ok(())
    }
}

/// Commands per second of `writers` that each wait for their commit before the next command.
async fn ours(database: &Opened, writers: usize) -> Result<f64, Failed> {
    let journal = SqlJournal::start(database.clone(), Clock::system()).await?;
    let begun = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let journal = journal.clone();
            tokio::spawn(async move {
                let mut done = 0_u32;
                while begun.elapsed() < RUN_FOR {
                    journal.commit(register(NUMBER.fetch_add(1, Ordering::Relaxed))).await?;
                    done += 1;
                }
                Ok::<u32, Failed>(done)
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += task.await??;
    }
    Ok(f64::from(done) / begun.elapsed().as_secs_f64())
}

/// Commands per second of the bare loop, in transactions of `batch` commands.
async fn bare(database: &Opened, batch: usize) -> Result<f64, Failed> {
    let mut connection = database.writer().await?;
    let begin = match database.engine {
        Engine::Sqlite => "BEGIN IMMEDIATE",
        Engine::Postgres => "BEGIN",
    };
    let (mut done, mut spent) = (0_u32, Duration::ZERO);
    let mut seq = 0;
    while spent < RUN_FOR {
        // What is written is made outside the measured time.
        let rows = rows(batch, &mut seq);
        let statements = rows.statements(database.engine);
        let begun = Instant::now();
        sqlx::query(begin).execute(&mut connection).await?;
        write(&mut connection, statements, seq).await?;
        sqlx::query("COMMIT").execute(&mut connection).await?;
        spent += begun.elapsed();
        done += u32::try_from(batch)?;
    }
    connection.close().await?;
    Ok(f64::from(done) / spent.as_secs_f64())
}

async fn write(
    connection: &mut AnyConnection,
    statements: Vec<(&'static str, String)>,
    seq: i64,
) -> Result<(), Failed> {
    let counter = "UPDATE counters SET n = n WHERE name = 'journal' RETURNING epoch, n";
    let row = sqlx::query(counter).fetch_one(&mut *connection).await?;
    let _: i64 = row.try_get("n")?;
    sqlx::query("UPDATE counters SET n = $1 WHERE name = 'journal'")
        .bind(seq)
        .execute(&mut *connection)
        .await?;
    for (statement, text) in statements {
        sqlx::query(AssertSqlSafe(statement)).bind(text).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The rows that the journal makes of `batch` commands.
fn rows(batch: usize, seq: &mut i64) -> Rows {
    let mut rows = Rows::default();
    let at = Timestamp::UNIX_EPOCH;
    for _ in 0..batch {
        let write = register(NUMBER.fetch_add(1, Ordering::Relaxed));
        for event in write.events {
            *seq += 1;
            for entity in event.touches() {
                rows.put(&HEADS, [(&*entity).into(), (*seq).into()]);
            }
            let (key, by) = (write.key.clone(), write.by.clone());
            let entry = Arc::new(Recorded { seq: *seq, at, key, by, cause: None, event });
            project(&entry, &mut rows);
        }
    }
    rows
}
