//! The SQL of the commands that work on a whole store: copy it, check it, open a new epoch in it. It reads no
//! room's rows and changes nothing but the journal's counter.

use std::path::Path;
use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::config::Secret;

/// Positions per epoch of the journal.
const EPOCH: i64 = 1_000_000_000_000;

/// One connection to a store, of either engine.
#[derive(Debug)]
pub(super) enum Store {
    /// A file.
    Sqlite(SqliteConnection),
    /// A server.
    Postgres(PgConnection),
}

/// What went wrong with a store, in words that name no address.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error("the store cannot be opened or read: {0}")]
    Sql(#[from] sqlx::Error),
    #[error("the database server did not answer within 5 seconds")]
    Silent,
    #[error("this is not a store of tournee: it has no journal")]
    NoJournal,
    #[error("the file is damaged: {0}")]
    Damaged(String),
    #[error("the journal has run out of epochs")]
    NoEpochs,
}

impl Store {
    /// Opens a file that exists.
    pub(super) async fn sqlite(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .busy_timeout(Duration::from_secs(5));
        Ok(Self::Sqlite(options.connect().await?))
    }

    /// Connects to a server.
    pub(super) async fn postgres(url: &Secret) -> Result<Self, StoreError> {
        let connect = PgConnection::connect(url.expose());
        let connection = tokio::time::timeout(Duration::from_secs(5), connect)
            .await
            .map_err(|_| StoreError::Silent)??;
        Ok(Self::Postgres(connection))
    }

    /// The journal's newest position.
    pub(super) async fn journal_head(&mut self) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT epoch, n FROM counters WHERE name = 'journal'";
        let row: Result<Option<(i64, i64)>, sqlx::Error> = match self {
            Self::Sqlite(connection) => sqlx::query_as(SQL).fetch_optional(connection).await,
            Self::Postgres(connection) => sqlx::query_as(SQL).fetch_optional(connection).await,
        };
        match row {
            Ok(Some((epoch, n))) => Ok(epoch * EPOCH + n),
            Ok(None) => Err(StoreError::NoJournal),
            // A refusal of the statement itself: the table is not there.
            Err(sqlx::Error::Database(_)) => Err(StoreError::NoJournal),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the next epoch, so that every cursor handed out before shows itself as old.
    pub(super) async fn next_epoch(&mut self) -> Result<i64, StoreError> {
        const SQL: &str =
            "UPDATE counters SET epoch = epoch + 1, n = 0 WHERE name = 'journal' RETURNING epoch";
        self.journal_head().await?;
        let epoch: i64 = match self {
            Self::Sqlite(connection) => sqlx::query_scalar(SQL).fetch_one(connection).await?,
            Self::Postgres(connection) => sqlx::query_scalar(SQL).fetch_one(connection).await?,
        };
        // Positions must stay exact in a browser's numbers, which end at 2^53.
        if epoch < 9_000 { Ok(epoch) } else { Err(StoreError::NoEpochs) }
    }

    /// Texts that were due in a copy may have left the house after it was made: the courier is to ask the provider
    /// for each before it sends one again. What was not due by `now_us` never left.
    pub(super) async fn doubt_texts(&mut self, now_us: i64) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE errands SET state = 'sending', lease_until_us = 0,
            first_tried_us = COALESCE(first_tried_us, due_us) WHERE state = 'ready' AND due_us <= $1";
        match self {
            Self::Sqlite(connection) => {
                sqlx::query(SQL).bind(now_us).execute(connection).await?;
            }
            Self::Postgres(connection) => {
                sqlx::query(SQL).bind(now_us).execute(connection).await?;
            }
        }
        Ok(())
    }

    /// Microseconds since 1970 on the server's clock; a file has no clock.
    pub(super) async fn clock_us(&mut self) -> Result<Option<i64>, StoreError> {
        const SQL: &str = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(connection) => {
                Ok(Some(sqlx::query_scalar(SQL).fetch_one(connection).await?))
            }
        }
    }

    /// Whether there is nothing in it yet.
    pub(super) async fn is_empty(&mut self) -> Result<bool, StoreError> {
        let count: i64 =
            match self {
                Self::Sqlite(connection) => {
                    sqlx::query_scalar("SELECT count(*) FROM sqlite_master")
                        .fetch_one(connection)
                        .await?
                }
                Self::Postgres(connection) => sqlx::query_scalar(
                    "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'",
                )
                .fetch_one(connection)
                .await?,
            };
        Ok(count == 0)
    }

    /// Takes the database's one lock of a running server; it is held by this connection.
    pub(super) async fn lock_alone(&mut self) -> Result<bool, StoreError> {
        // Any number that no other program on this database is likely to use: the name in hexadecimal.
        const SQL: &str = "SELECT pg_try_advisory_lock(x'746f75726e'::bigint)";
        match self {
            Self::Sqlite(_) => Ok(true),
            Self::Postgres(connection) => Ok(sqlx::query_scalar(SQL).fetch_one(connection).await?),
        }
    }

    /// Closes it in order; a file's log is folded into it.
    pub(super) async fn close(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}

/// Writes a consistent copy of a file that may be in use to `to`, which must not exist.
pub(super) async fn copy_sqlite(from: &Path, to: &Path) -> Result<(), StoreError> {
    if let Store::Sqlite(mut connection) = Store::sqlite(from).await? {
        sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy()).execute(&mut connection).await?;
        connection.close().await?;
    }
    Ok(())
}

/// Checks every page and index of a file, and that it holds a journal.
pub(super) async fn check_sqlite(path: &Path) -> Result<i64, StoreError> {
    let mut store = Store::sqlite(path).await?;
    if let Store::Sqlite(connection) = &mut store {
        let verdict: String =
            sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(connection).await?;
        if verdict != "ok" {
            return Err(StoreError::Damaged(verdict));
        }
    }
    let head = store.journal_head().await?;
    store.close().await?;
    Ok(head)
}
