//! Reads acts, what they touched and what followed from them.

use actors::engine::journal::{CommitError, Recorded, Seq};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::journal::fault;
use crate::journal::projection::{moment, recorded};

pub mod safe;

/// How deep consequences of consequences are looked for.
const DEPTH: usize = 4;

/// What a person did in one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its first position: its name.
    pub first: Seq,
    /// Its last position.
    pub last: Seq,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The act it takes back.
    pub undoes: Option<Seq>,
    /// The act it does again.
    pub redoes: Option<Seq>,
}

const ACT: &str =
    "SELECT a.first_seq, a.last_seq, a.by_whom, a.at_us, a.undoes, a.redoes FROM acts a";
const EVENT: &str =
    "SELECT seq, at_us, room_key, by_whom, cause_seq, cause_reaction, body FROM journal";

fn act(row: &AnyRow) -> Result<Act, sqlx::Error> {
    Ok(Act {
        first: row.try_get(0)?,
        last: row.try_get(1)?,
        by: row.try_get(2)?,
        at: moment(row.try_get(3)?)?,
        undoes: row.try_get(4)?,
        redoes: row.try_get(5)?,
    })
}

async fn acts(
    connection: &mut AnyConnection,
    rest: &'static str,
    name: String,
    limit: i64,
) -> Result<Vec<Act>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!("{ACT} {rest}")))
        .bind(name)
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.iter().map(act).collect()
}

/// What somebody did and has not taken back, newest first.
pub async fn done(
    connection: &mut AnyConnection,
    by: &str,
    limit: i64,
) -> Result<Vec<Act>, sqlx::Error> {
    let rest = "LEFT JOIN undone u ON u.first_seq = a.first_seq
         WHERE a.by_whom = $1 AND a.undoes IS NULL AND a.redoes IS NULL AND u.first_seq IS NULL
         ORDER BY a.first_seq DESC LIMIT $2";
    acts(connection, rest, by.to_owned(), limit).await
}

/// What somebody took back and can do again, last taken back first: nothing that is older than what they did since.
pub async fn taken_back(
    connection: &mut AnyConnection,
    by: &str,
    limit: i64,
) -> Result<Vec<Act>, sqlx::Error> {
    let rest = "JOIN undone u ON u.first_seq = a.first_seq
         WHERE a.by_whom = $1 AND u.undone_by > COALESCE((SELECT MAX(p.first_seq) FROM acts p
           WHERE p.by_whom = $1 AND p.undoes IS NULL AND p.redoes IS NULL), 0)
         ORDER BY u.undone_by DESC LIMIT $2";
    acts(connection, rest, by.to_owned(), limit).await
}

/// The newest act of that name from outside.
pub async fn labelled(
    connection: &mut AnyConnection,
    label: &str,
) -> Result<Option<Act>, sqlx::Error> {
    let rest = "WHERE a.label = $1 ORDER BY a.first_seq DESC LIMIT $2";
    Ok(acts(connection, rest, label.to_owned(), 1).await?.pop())
}

async fn one(
    connection: &mut AnyConnection,
    rest: &'static str,
    seq: Seq,
) -> Result<Vec<Act>, sqlx::Error> {
    let rows =
        sqlx::query(AssertSqlSafe(format!("{ACT} {rest}"))).bind(seq).fetch_all(connection).await?;
    rows.iter().map(act).collect()
}

/// The act that a position belongs to.
pub async fn containing(
    connection: &mut AnyConnection,
    seq: Seq,
) -> Result<Option<Act>, sqlx::Error> {
    let rest = "WHERE a.first_seq <= $1 ORDER BY a.first_seq DESC LIMIT 1";
    let found = one(connection, rest, seq).await?.pop();
    Ok(found.filter(|act| seq <= act.last))
}

/// Whether an act is taken back at present.
pub async fn is_undone(connection: &mut AnyConnection, first: Seq) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT undone_by FROM undone WHERE first_seq = $1")
        .bind(first)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// By what an act was taken back last, in order.
pub async fn undoings(connection: &mut AnyConnection, first: Seq) -> Result<Vec<Act>, sqlx::Error> {
    let rest = "WHERE a.undoes = $1
         AND a.first_seq > COALESCE((SELECT MAX(r.first_seq) FROM acts r WHERE r.redoes = $1), 0)
         ORDER BY a.first_seq";
    one(connection, rest, first).await
}

/// The version that a thing had before an act, where the act touched it.
pub async fn before(
    connection: &mut AnyConnection,
    first: Seq,
    entity: &str,
) -> Result<Option<Seq>, sqlx::Error> {
    let row =
        sqlx::query("SELECT before_version FROM act_things WHERE first_seq = $1 AND entity = $2")
            .bind(first)
            .bind(entity.to_owned())
            .fetch_optional(connection)
            .await?;
    row.map(|row| row.try_get(0)).transpose()
}

/// The last position of the newest act before `first` that touched a thing itself; 0 where none did.
pub async fn touched_before(
    connection: &mut AnyConnection,
    first: Seq,
    entity: &str,
) -> Result<Seq, sqlx::Error> {
    let row = sqlx::query(
        "SELECT a.last_seq FROM act_things t JOIN acts a ON a.first_seq = t.first_seq
         WHERE t.entity = $1 AND t.first_seq < $2 ORDER BY t.first_seq DESC LIMIT 1",
    )
    .bind(entity.to_owned())
    .bind(first)
    .fetch_optional(connection)
    .await?;
    row.map_or(Ok(0), |row| row.try_get(0))
}

/// Jobs about which a text that was decided on since `from` stands in one of these states, whole or as a part of another.
pub async fn texts_since(
    connection: &mut AnyConnection,
    from: Timestamp,
    states: &'static str,
) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT DISTINCT t.job_id FROM tellings t
         LEFT JOIN message_parts p ON p.telling_id = t.message_id
         JOIN messages m ON m.id = COALESCE(p.message_id, t.message_id)
         WHERE t.at_us >= $1 AND COALESCE(p.gone, 0) = 0 AND m.state IN ({states})"
    )))
    .bind(from.as_microsecond())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// Things of an act that were touched outside it last, with their versions.
pub async fn moved_on(
    connection: &mut AnyConnection,
    act: &Act,
) -> Result<Vec<(String, Seq)>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT t.entity, h.version FROM act_things t JOIN heads h ON h.entity = t.entity
         WHERE t.first_seq = $1 AND (h.version < $1 OR h.version > $2) ORDER BY h.version",
    )
    .bind(act.first)
    .bind(act.last)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// The version of a thing; 0 where nothing touched it.
pub async fn version(connection: &mut AnyConnection, entity: &str) -> Result<Seq, sqlx::Error> {
    let row = sqlx::query("SELECT version FROM heads WHERE entity = $1")
        .bind(entity.to_owned())
        .fetch_optional(connection)
        .await?;
    row.map_or(Ok(0), |row| row.try_get(0))
}

/// The events at positions `from` to `to`.
pub async fn events(
    connection: &mut AnyConnection,
    from: Seq,
    to: Seq,
) -> Result<Vec<Recorded>, CommitError> {
    let rows =
        sqlx::query(AssertSqlSafe(format!("{EVENT} WHERE seq >= $1 AND seq <= $2 ORDER BY seq")))
            .bind(from)
            .bind(to)
            .fetch_all(connection)
            .await
            .map_err(fault)?;
    rows.iter().map(recorded).collect()
}

/// What followed from an act, in order.
pub async fn consequences(
    connection: &mut AnyConnection,
    act: &Act,
) -> Result<Vec<Recorded>, CommitError> {
    let mut all: Vec<Recorded> = Vec::new();
    let (mut from, mut to) = (act.first, act.last);
    for _ in 0..DEPTH {
        let rows = sqlx::query(AssertSqlSafe(format!(
            "{EVENT} WHERE cause_seq >= $1 AND cause_seq <= $2 AND room <> 'notifications' ORDER BY seq"
        )))
        .bind(from)
        .bind(to)
        .fetch_all(&mut *connection)
        .await
        .map_err(fault)?;
        let next: Vec<Recorded> = rows.iter().map(recorded).collect::<Result<_, _>>()?;
        let (Some(first), Some(last)) = (next.first(), next.last()) else { break };
        (from, to) = (first.seq, last.seq);
        // Between the first and the last others may stand: only what follows from the act itself is taken along.
        let is_one = next.len() == usize::try_from(to - from + 1).unwrap_or(0);
        all.extend(next);
        if !is_one {
            break;
        }
    }
    Ok(all)
}
