//! The store as it stood at an earlier position: the journal told again, event by event, into a file of its own by the
//! same projections that write the living rows. So what is read from it is what was read then, and no second way of
//! folding can differ from the first. The files are copies that may be thrown away at any time, and are at every start.
//!
//! It never writes to the store, and never tells anybody anything.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use actors::engine::journal::{EPOCH, Recorded, Seq};
use actors::event::Event;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use tokio::sync::Mutex;

use crate::config::Database;
use crate::journal::database::{Engine, OpenError, Opened};
use crate::journal::projection::{self, tables};
use crate::journal::rows::Rows;

/// Events that are read and written at once.
const AT_ONCE: i64 = 2_000;
/// Copies that are kept.
const KEPT_MAX: usize = 12;
/// Copies that stay open for the next question.
const OPEN_MAX: usize = 3;
const PREFIX: &str = "seq-";
const SUFFIX: &str = ".sqlite";

/// Why the past cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PastError {
    /// The journal cannot be read, or the copy not be written.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// An event cannot be read.
    #[error("the journal cannot be read: {0}")]
    Journal(#[from] actors::engine::journal::CommitError),
    /// The copy cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The folder cannot be used.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Copies of the store as it stood at some positions.
pub struct Past {
    folder: PathBuf,
    // One question builds at a time: two would tell the same journal twice.
    open: Mutex<Vec<(Seq, Opened)>>,
}

impl Past {
    /// A past without a copy yet: copies of an earlier run may be of an earlier program.
    pub fn new(data: &Path) -> Self {
        let folder = data.join("past");
        if let Err(error) = std::fs::remove_dir_all(&folder)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "old copies of the past could not be thrown away");
        }
        Self { folder, open: Mutex::default() }
    }

    /// The store as it stood when everything that was committed up to `at` had been, and nothing after. `waypoint` is
    /// an earlier moment that other questions are likely to begin from; a copy of it is kept.
    ///
    /// # Errors
    /// See [`PastError`].
    pub async fn at(
        &self,
        living: &Opened,
        at: Timestamp,
        waypoint: Timestamp,
    ) -> Result<Opened, PastError> {
        let seq = position_at(living, at).await?;
        let mut open = self.open.lock().await;
        if let Some(index) = open.iter().position(|(known, _)| *known == seq) {
            let found = open.remove(index);
            let store = found.1.clone();
            open.push(found);
            return Ok(store);
        }
        crate::private::folder(&self.folder)?;
        if self.nearest(seq)?.is_none_or(|(known, _)| known != seq) {
            let between = position_at(living, waypoint.min(at)).await?;
            for to in [between, seq] {
                self.build(living, to).await?;
            }
        }
        let store = Opened::reading(&self.path(seq)).await?;
        open.push((seq, store.clone()));
        if open.len() > OPEN_MAX {
            open.remove(0);
        }
        self.forget(&open)?;
        Ok(store)
    }

    fn path(&self, seq: Seq) -> PathBuf {
        self.folder.join(format!("{PREFIX}{seq}{SUFFIX}"))
    }

    /// Every copy, by its position.
    fn copies(&self) -> std::io::Result<Vec<(Seq, PathBuf)>> {
        let mut copies = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let seq = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
            if let Some(seq) = seq.and_then(|digits| digits.parse().ok()) {
                copies.push((seq, path));
            }
        }
        copies.sort();
        Ok(copies)
    }

    /// The latest copy that is not after `seq`.
    fn nearest(&self, seq: Seq) -> std::io::Result<Option<(Seq, PathBuf)>> {
        Ok(self.copies()?.into_iter().rfind(|(known, _)| *known <= seq))
    }

    /// Makes the copy of `seq` from the nearest one before it.
    async fn build(&self, living: &Opened, seq: Seq) -> Result<(), PastError> {
        let nearest = self.nearest(seq)?;
        let from = nearest.as_ref().map_or(0, |(known, _)| *known);
        if nearest.is_some() && from == seq {
            return Ok(());
        }
        let unfinished = self.folder.join("unfinished");
        remove(&unfinished)?;
        if let Some((_, base)) = &nearest {
            std::fs::copy(base, &unfinished)?;
        }
        let store = Opened::open(&Database::Sqlite(unfinished.clone())).await?;
        // Alone on the file, so that it can be made whole in one piece.
        store.readers.close().await;
        let mut connection = store.writer().await?;
        sqlx::query("PRAGMA synchronous = OFF").execute(&mut connection).await?;
        tell_again(living, &mut connection, from, seq).await?;
        sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut connection).await?;
        connection.close().await?;
        std::fs::rename(&unfinished, self.path(seq))?;
        Ok(())
    }

    /// Throws the copies away that were made first, but for those that are open.
    fn forget(&self, open: &[(Seq, Opened)]) -> std::io::Result<()> {
        let mut closed: Vec<_> = self
            .copies()?
            .into_iter()
            .filter(|(seq, _)| !open.iter().any(|(known, _)| known == seq))
            .filter_map(|(_, path)| Some((std::fs::metadata(&path).ok()?.modified().ok()?, path)))
            .collect();
        closed.sort();
        let many = (closed.len() + open.len()).saturating_sub(KEPT_MAX);
        for (_, path) in closed.into_iter().take(many) {
            remove(&path)?;
        }
        Ok(())
    }
}

fn remove(path: &Path) -> std::io::Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The position of the last event that was committed at `at` or before; 0 where there was none. Positions follow the
/// clock, so it is found by halving.
async fn position_at(living: &Opened, at: Timestamp) -> Result<Seq, sqlx::Error> {
    let mut connection = living.readers.acquire().await?;
    let newest: Option<i64> = sqlx::query("SELECT MAX(seq) FROM journal")
        .fetch_one(&mut *connection)
        .await?
        .try_get(0)?;
    // Everything up to `low` happened by then, nothing above `high` did.
    let (mut low, mut high) = (0, newest.unwrap_or(0));
    while low < high {
        let middle = low + (high - low) / 2;
        let row = sqlx::query(
            "SELECT seq, at_us FROM journal WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT 1",
        )
        .bind(middle)
        .bind(high)
        .fetch_optional(&mut *connection)
        .await?;
        match row {
            Some(row) if row.try_get::<i64, _>("at_us")? <= at.as_microsecond() => {
                low = row.try_get("seq")?;
            }
            _ => high = middle,
        }
    }
    Ok(low)
}

/// Tells the journal of `living` after `from` up to `to` into `connection`.
async fn tell_again(
    living: &Opened,
    connection: &mut AnyConnection,
    from: Seq,
    to: Seq,
) -> Result<(), PastError> {
    let mut at = from;
    while at < to {
        let read = sqlx::query(
            "SELECT seq, at_us, room_key, by_whom, cause_seq, cause_reaction, body FROM journal
             WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3",
        )
        .bind(at)
        .bind(to)
        .bind(AT_ONCE)
        .fetch_all(&living.readers)
        .await?;
        let mut rows = Rows::default();
        for row in &read {
            let entry: Recorded = projection::recorded(row)?;
            at = entry.seq;
            for entity in entry.event.touches() {
                let entity: Arc<str> = entity;
                rows.put(&tables::HEADS, [(&*entity).into(), entry.seq.into()]);
            }
            // Whoever looks at a board needs nobody's password.
            if !matches!(entry.event, Event::Auth(_)) {
                projection::project_rooms(&entry, &mut rows);
            }
        }
        if read.is_empty() {
            break;
        }
        sqlx::query("BEGIN").execute(&mut *connection).await?;
        for (statement, text) in rows.statements(Engine::Sqlite) {
            // Made from our own table definitions, never from input.
            sqlx::query(AssertSqlSafe(statement)).bind(text).execute(&mut *connection).await?;
        }
        sqlx::query("COMMIT").execute(&mut *connection).await?;
    }
    // An epoch begins with the number after its own: nothing before the first event is in epoch 0.
    sqlx::query("UPDATE counters SET epoch = $1, n = $2 WHERE name = 'journal'")
        .bind(to / EPOCH)
        .bind(to % EPOCH)
        .execute(&mut *connection)
        .await?;
    Ok(())
}
