//! Rows of what somebody tries out: forked days, absences that are thought of. They are nobody else's, stand in no journal and
//! move nothing; a restart keeps them, and they are forgotten once they are of no use.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{AnyConnection, Row};

use crate::error::Problem;
use crate::house::House;
use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, doc, us};

static TRIALS: Table = Table::new(
    "trials",
    1,
    &[
        ("id", Text),
        ("kind", Text),
        ("owner", Text),
        ("kept_us", Int),
        ("until_us", Int),
        ("doc", Text),
    ],
);

/// Kept of one kind at once; the one that was touched longest ago goes first.
const KEPT_MAX: i64 = 64;
/// Nothing is kept longer than this without being touched.
const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Something that can be tried out.
pub trait Trial: Serialize + DeserializeOwned {
    /// Its kind, as it stands in a row.
    const KIND: &'static str;

    /// Its name.
    fn id(&self) -> &str;
    /// Whose it is.
    fn owner(&self) -> &str;
    /// From when on it is of no use.
    fn until(&self) -> Timestamp;
}

/// The trial of that name, for whoever made it; nothing once it is dropped, forgotten, or written in a way of long ago.
///
/// # Errors
/// When the rows cannot be read.
pub async fn of<T: Trial>(house: &House, id: &str, owner: &str) -> Result<Option<T>, Problem> {
    let row = sqlx::query(
        "SELECT doc FROM trials WHERE id = $1 AND kind = $2 AND owner = $3 AND until_us > $4",
    )
    .bind(id.to_owned())
    .bind(T::KIND)
    .bind(owner.to_owned())
    .bind(house.clock.now().as_microsecond())
    .fetch_optional(&mut *house.read().await?)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let text: String = row.try_get(0)?;
    Ok(serde_json::from_str(&text)
        .inspect_err(|error| tracing::warn!(%id, %error, "a trial cannot be read any more"))
        .ok())
}

async fn crowded(
    connection: &mut AnyConnection,
    kind: &'static str,
    but: &str,
) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id FROM trials WHERE kind = $1 AND id <> $2 ORDER BY kept_us DESC, id DESC LIMIT 100 OFFSET $3",
    )
    .bind(kind)
    .bind(but.to_owned())
    .bind(KEPT_MAX - 1)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// Keeps a trial, new or changed. It is in its row when this returns.
///
/// # Errors
/// When the store takes no more.
pub async fn keep<T: Trial>(house: &House, trial: &T) -> Result<(), Problem> {
    let now = house.clock.now();
    let mut rows = Rows::default();
    for id in crowded(&mut *house.read().await?, T::KIND, trial.id()).await? {
        rows.remove(&TRIALS, [id.as_str().into()]);
    }
    rows.put(
        &TRIALS,
        [
            trial.id().into(),
            T::KIND.into(),
            trial.owner().into(),
            us(now),
            us(trial.until().min(now + LIFE)),
            doc(trial),
        ],
    );
    Ok(house.journal.put(rows).await?)
}

/// Forgets a trial.
///
/// # Errors
/// When the store takes no more.
pub async fn forget(house: &House, id: &str) -> Result<(), Problem> {
    let mut rows = Rows::default();
    rows.remove(&TRIALS, [id.into()]);
    Ok(house.journal.put(rows).await?)
}
