//! Series' rows: projected from events, loaded for their actors together with what became of each occurrence.

use std::collections::BTreeMap;
use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::jobs::protocol::{Job, JobStatus};
use actors::series::protocol::{Series, SeriesEvent};
use actors::series::{Made, SeriesRoom};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::kept::store::{Known, Shelved, documents, known, one};
use crate::shelves::{Shelves, position, unloadable};

static SERIES: Table =
    Table::new("series", 1, &[("id", Text), ("customer_id", Text), ("doc", Text)]);

static OCCURRENCES: Table =
    Table::new("occurrences", 2, &[("series_id", Text), ("on_day", Text), ("job_id", Text)]);

/// Puts the rows that an event changes. The jobs themselves are made and changed by their own room.
pub fn project(event: &SeriesEvent, rows: &mut Rows) {
    match event {
        SeriesEvent::SeriesChanged { after, .. } => {
            let customer = after.parts.last().map_or("", |part| part.job.customer_id.as_str());
            rows.put(&SERIES, [after.id.as_str().into(), customer.into(), doc(after)]);
        }
        SeriesEvent::OccurrenceJoined { series_id, on, job_id } => {
            let on = on.to_string();
            let row = [series_id.as_str().into(), on.as_str().into(), job_id.as_str().into()];
            rows.put(&OCCURRENCES, row);
        }
        SeriesEvent::OccurrenceMade { series_id, on, job } => {
            let on = on.to_string();
            let row = [series_id.as_str().into(), on.as_str().into(), job.id.as_str().into()];
            rows.put(&OCCURRENCES, row);
        }
        SeriesEvent::OccurrenceRewritten { .. } => {}
        SeriesEvent::OccurrenceDropped { series_id, on, .. } => {
            let on = on.to_string();
            rows.remove(&OCCURRENCES, [series_id.as_str().into(), on.as_str().into()]);
        }
    }
}

/// Sorted by id, they are the oldest first.
impl Shelved for Series {
    const SORTED_BY: &'static str = "id";

    fn table() -> &'static Table {
        &SERIES
    }
}

/// A page of series after an id, all or one customer's.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(
    connection: &mut AnyConnection,
    customer: Option<&str>,
    after: &str,
    limit: i64,
) -> Result<Vec<Known<Series>>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{} WHERE k.id > $1 AND (CAST($2 AS TEXT) IS NULL OR k.customer_id = $2)
         ORDER BY k.id LIMIT $3",
        documents::<Series>()
    )))
    .bind(after.to_owned())
    .bind(customer.map(str::to_owned))
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(known).collect()
}

/// What was made of a series, by the rule's day.
///
/// # Errors
/// When the database cannot be read.
pub async fn made(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<BTreeMap<Date, Made>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT o.on_day, j.doc, s.status FROM occurrences o
         JOIN jobs j ON j.id = o.job_id LEFT JOIN job_status s ON s.job_id = o.job_id
         WHERE o.series_id = $1",
    )
    .bind(id.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    let mut made = BTreeMap::new();
    for row in &rows {
        let on: String = row.try_get("on_day")?;
        let on: Date =
            on.parse().map_err(|error: jiff::Error| sqlx::Error::Decode(error.into()))?;
        let status: Option<String> = row.try_get("status")?;
        let status = status.as_deref().and_then(JobStatus::from_code).unwrap_or_default();
        let job: Box<Job> = parsed(row, "doc")?;
        made.insert(on, Made { job, status });
    }
    Ok(made)
}

/// Days whose job was asked for and does not exist yet: they count as made.
async fn underway(connection: &mut AnyConnection, id: &str) -> Result<Vec<Date>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT o.on_day FROM occurrences o LEFT JOIN jobs j ON j.id = o.job_id
         WHERE o.series_id = $1 AND j.id IS NULL",
    )
    .bind(id.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    let day = |row: &sqlx::any::AnyRow| {
        let on: String = row.try_get(0)?;
        on.parse().map_err(|error: jiff::Error| sqlx::Error::Decode(error.into()))
    };
    rows.iter().map(day).collect()
}

impl Loader<SeriesRoom> for Shelves {
    fn load(&self, key: Arc<str>) -> BoxFuture<'_, Result<(SeriesRoom, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let series = one::<Series>(&mut moment, &key).await.map_err(unloadable)?;
            let room = SeriesRoom {
                series: series.map(|known| Box::new(known.thing)),
                made: made(&mut moment, &key).await.map_err(unloadable)?,
                underway: underway(&mut moment, &key).await.map_err(unloadable)?,
                policy: (*self.policy).clone(),
            };
            Ok((room, position))
        }
        .boxed()
    }
}
