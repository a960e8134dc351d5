//! Opening the database: SQLite embedded or PostgreSQL, migrations, the writer's connection and the readers' pool.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection, Executor};

use crate::config::Database;

/// Which database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server.
    Postgres,
}

/// Reading failed.
pub type ReadError = sqlx::Error;
/// A connection for reading.
pub type Reader = sqlx::pool::PoolConnection<sqlx::Any>;
/// A read transaction: everything in it is of one moment.
pub type Moment = sqlx::Transaction<'static, sqlx::Any>;

/// Readers at once.
const READERS: u32 = 6;

/// What opening may end in.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data folder or file cannot be used.
    #[error("the data folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// Another process has it.
    #[error("another tournee is running on this data folder")]
    InUse,
    /// The engine says no.
    #[error("the database cannot be opened: {0}")]
    Engine(#[from] sqlx::Error),
    /// Its schema is not ours, or newer.
    #[error("the database's schema does not fit this version: {0}")]
    Schema(#[from] sqlx::migrate::MigrateError),
}

/// An open database.
#[derive(Clone)]
pub struct Opened {
    /// For reading; on SQLite it cannot write.
    pub readers: AnyPool,
    /// Which engine.
    pub engine: Engine,
    url: String,
}

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

impl Opened {
    /// Opens, and brings the schema up to date.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(database: &Database) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        let (engine, url) = match database {
            Database::Sqlite(path) => {
                if let Some(folder) = path.parent() {
                    crate::private::folder(folder)?;
                }
                // The database makes its file, and the logs beside it, as this one is.
                drop(crate::private::file(path)?);
                (Engine::Sqlite, sqlite_url(path, "rwc"))
            }
            Database::Postgres(url) => (Engine::Postgres, url.expose().to_owned()),
        };
        let mut first = connect(engine, &url).await?;
        MIGRATIONS.run(&mut first).await?;
        crate::search::store::make_anew(&mut first, engine).await?;
        first.close().await?;
        let reading = match database {
            Database::Sqlite(path) => sqlite_url(path, "ro"),
            Database::Postgres(_) => url.clone(),
        };
        let readers = readers(engine, &reading).await?;
        Ok(Self { readers, engine, url })
    }

    /// Opens a file of this program's schema for reading alone.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn reading(path: &Path) -> Result<Self, OpenError> {
        let url = sqlite_url(path, "ro");
        let readers = readers(Engine::Sqlite, &url).await?;
        Ok(Self { readers, engine: Engine::Sqlite, url })
    }

    /// A connection of one's own that may write.
    ///
    /// # Errors
    /// When the engine cannot be reached.
    pub async fn writer(&self) -> Result<AnyConnection, sqlx::Error> {
        connect(self.engine, &self.url).await
    }

    /// A read transaction: everything in it is of one moment.
    ///
    /// # Errors
    /// When the engine cannot be reached.
    pub async fn moment(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>, sqlx::Error> {
        self.readers
            .begin_with(match self.engine {
                Engine::Sqlite => "BEGIN",
                Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            })
            .await
    }
}

async fn readers(engine: Engine, url: &str) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(Duration::from_secs(5))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if engine == Engine::Sqlite {
                    connection.execute("PRAGMA query_only = ON").await?;
                    connection.execute("PRAGMA busy_timeout = 5000").await?;
                }
                Ok(())
            })
        })
        .connect_with(options(url)?)
        .await
}

fn sqlite_url(path: &Path, mode: &str) -> String {
    // Percent-encode what a URL would take for its own.
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("sqlite:{path}?mode={mode}")
}

fn options(url: &str) -> Result<AnyConnectOptions, sqlx::Error> {
    Ok(AnyConnectOptions::from_str(url)?.disable_statement_logging())
}

async fn connect(engine: Engine, url: &str) -> Result<AnyConnection, sqlx::Error> {
    let mut connection = AnyConnection::connect_with(&options(url)?).await?;
    if engine == Engine::Sqlite {
        for pragma in [
            "PRAGMA busy_timeout = 5000",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
        ] {
            connection.execute(pragma).await?;
        }
    }
    Ok(connection)
}
