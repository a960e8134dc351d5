//! Bundles' rows: projected from the board's events, read for lists and by job.

use std::collections::{BTreeMap, HashMap};

use actors::board::bundles::Bundle;
use actors::board::protocol::BoardEvent;
use actors::ids::{BundleId, JobId};
use sqlx::{AnyConnection, Row};

use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};
use crate::kept::store::{Known, Shelved, all, documents, known};

static BUNDLES: Table = Table::new("bundles", 1, &[("id", Text), ("doc", Text)]);
static MEMBERS: Table = Table::new("bundle_jobs", 1, &[("job_id", Text), ("bundle_id", Text)]);

/// Puts the rows that an event changes.
pub fn project(event: &BoardEvent, rows: &mut Rows) {
    match event {
        BoardEvent::Bundled { bundle, before } => {
            let gone = before.iter().flat_map(|before| &before.job_ids);
            for job in gone.filter(|job| !bundle.job_ids.contains(job)) {
                rows.remove(&MEMBERS, [job.as_str().into()]);
            }
            for job in &bundle.job_ids {
                rows.put(&MEMBERS, [job.as_str().into(), bundle.id.as_str().into()]);
            }
            rows.put(&BUNDLES, [bundle.id.as_str().into(), doc(bundle)]);
        }
        BoardEvent::Unbundled { bundle } => {
            for job in &bundle.job_ids {
                rows.remove(&MEMBERS, [job.as_str().into()]);
            }
            rows.remove(&BUNDLES, [bundle.id.as_str().into()]);
        }
        _ => {}
    }
}

/// Sorted by id, they are the oldest first.
impl Shelved for Bundle {
    const SORTED_BY: &'static str = "id";

    fn table() -> &'static Table {
        &BUNDLES
    }
}

/// One bundle, by its id or that of one of its jobs.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<Known<Bundle>>, sqlx::Error> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{} WHERE k.id = $1 OR k.id = (SELECT bundle_id FROM bundle_jobs WHERE job_id = $1)",
        documents::<Bundle>()
    )))
    .bind(id.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    row.as_ref().map(known).transpose()
}

/// These jobs, and the rest of the stops that they are of.
///
/// # Errors
/// When the database cannot be read.
pub async fn with_stops(
    connection: &mut AnyConnection,
    ids: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    let mut all = ids.to_vec();
    for id in ids {
        if let Some(known) = one(connection, id).await? {
            all.extend(known.thing.job_ids.iter().map(JobId::to_string));
        }
    }
    Ok(all)
}

/// Bundles by id, for the board.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<BundleId, Bundle>, sqlx::Error> {
    let all = all::<Bundle>(connection).await?.into_iter();
    Ok(all.map(|known| (known.thing.id.clone(), known.thing)).collect())
}

/// Jobs that are in any bundle, and in which.
///
/// # Errors
/// When the database cannot be read.
pub async fn members(
    connection: &mut AnyConnection,
) -> Result<HashMap<JobId, BundleId>, sqlx::Error> {
    let sql = "SELECT job_id, bundle_id FROM bundle_jobs";
    let rows = sqlx::query(sql).fetch_all(&mut *connection).await?;
    rows.iter()
        .map(|row| {
            let (job, bundle): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            Ok((JobId::from_text(&job), BundleId::from_text(&bundle)))
        })
        .collect()
}
