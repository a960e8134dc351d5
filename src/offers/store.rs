//! The rows of offers.

use actors::board::protocol::Offer;
use jiff::{SignedDuration, Timestamp};
use sqlx::AnyConnection;

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, doc, us, us_or_null};

static OFFERS: Table = Table::new(
    "offers",
    1,
    &[
        ("id", Text),
        ("job_id", Text),
        ("state", Text),
        ("made_us", Int),
        ("over_us", Int),
        ("doc", Text),
    ],
);

/// How long an answer to an offer that is over is still understood as one.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// Puts an offer's row.
pub fn put(offer: &Offer, rows: &mut Rows) {
    rows.put(
        &OFFERS,
        [
            offer.id.as_str().into(),
            offer.job_id.as_str().into(),
            offer.state.code().into(),
            us(offer.made_at),
            us_or_null(offer.over_at),
            doc(offer),
        ],
    );
}

/// One offer.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(connection: &mut AnyConnection, id: &str) -> Result<Option<Offer>, sqlx::Error> {
    let row = sqlx::query("SELECT doc FROM offers WHERE id = $1")
        .bind(id.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    row.as_ref().map(|row| parsed(row, "doc")).transpose()
}

/// Offers that somebody may still take, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn open(connection: &mut AnyConnection) -> Result<Vec<Offer>, sqlx::Error> {
    let rows = sqlx::query("SELECT doc FROM offers WHERE state = 'open' ORDER BY made_us, id")
        .fetch_all(&mut *connection)
        .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

/// Open offers, and those that ended not long ago, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn recent(
    connection: &mut AnyConnection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Offer>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT doc FROM offers WHERE state = 'open' OR over_us > $1
         ORDER BY made_us DESC, id DESC LIMIT $2",
    )
    .bind((now - REMEMBERED).as_microsecond())
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

/// The offers of a job, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_job(connection: &mut AnyConnection, job: &str) -> Result<Vec<Offer>, sqlx::Error> {
    let rows = sqlx::query("SELECT doc FROM offers WHERE job_id = $1 ORDER BY made_us, id")
        .bind(job.to_owned())
        .fetch_all(&mut *connection)
        .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}
