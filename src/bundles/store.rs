//! Bundles' rows: projected from the board's events, read for lists and by job.

use std::collections::{BTreeMap, HashSet};

use actors::board::bundles::Bundle;
use actors::board::protocol::BoardEvent;
use actors::engine::journal::Seq;
use actors::ids::{BundleId, JobId};
use serde::Serialize;
use sqlx::{AnyConnection, Row};
use utoipa::ToSchema;

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc};

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

/// A bundle as others see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BundleShape {
    /// The bundle.
    #[serde(flatten)]
    pub bundle: Bundle,
    /// Position of the last event that touched it.
    pub version: Seq,
}

const ALL: &str = "SELECT b.doc, h.version FROM bundles b LEFT JOIN heads h ON h.entity = b.id";

fn shape(row: &sqlx::any::AnyRow) -> Result<BundleShape, sqlx::Error> {
    let version: Option<i64> = row.try_get("version")?;
    Ok(BundleShape { bundle: parsed(row, "doc")?, version: version.unwrap_or(0) })
}

/// All bundles, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<BundleShape>, sqlx::Error> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{ALL} ORDER BY b.id")))
        .fetch_all(&mut *connection)
        .await?;
    rows.iter().map(shape).collect()
}

/// One bundle, by its id or that of one of its jobs.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<BundleShape>, sqlx::Error> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{ALL} WHERE b.id = $1 OR b.id = (SELECT bundle_id FROM bundle_jobs WHERE job_id = $1)"
    )))
    .bind(id.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    row.as_ref().map(shape).transpose()
}

/// Bundles by id, for the board.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<BundleId, Bundle>, sqlx::Error> {
    let all = all(connection).await?.into_iter();
    Ok(all.map(|shape| (shape.bundle.id.clone(), shape.bundle)).collect())
}

/// Jobs that are in any bundle.
///
/// # Errors
/// When the database cannot be read.
pub async fn members(connection: &mut AnyConnection) -> Result<HashSet<JobId>, sqlx::Error> {
    let rows = sqlx::query("SELECT job_id FROM bundle_jobs").fetch_all(&mut *connection).await?;
    rows.iter().map(|row| Ok(JobId::from_text(&row.try_get::<String, _>(0)?))).collect()
}
