//! Rows of policies and clocks: projected from events, read for lists.

use std::sync::Arc;

use actors::board::protocol::Visit;
use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::jobs::protocol::Job;
use actors::sla::Sla;
use actors::sla::protocol::{Clock, Policy, SlaEvent};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{AnyConnection, Row};

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, doc, us};
use crate::kept::store::{Shelved, all};
use crate::shelves::{Shelves, position, unloadable};

static POLICIES: Table =
    Table::new("sla_policies", 1, &[("id", Text), ("name", Text), ("doc", Text)]);
static CLOCKS: Table =
    Table::new("sla_clocks", 1, &[("job_id", Text), ("over", Int), ("due_us", Int), ("doc", Text)]);

/// Puts the rows that an event changes.
pub fn project(event: &SlaEvent, rows: &mut Rows) {
    match event {
        SlaEvent::SlaPolicyKept { after, .. } => {
            rows.put(&POLICIES, [after.id.as_str().into(), after.name.as_str().into(), doc(after)])
        }
        SlaEvent::SlaPolicyDeleted { policy } => {
            rows.remove(&POLICIES, [policy.id.as_str().into()]);
        }
        SlaEvent::SlaStopped { clock } => {
            rows.remove(&CLOCKS, [clock.job_id.as_str().into()]);
        }
        SlaEvent::SlaStarted { clock: after } | SlaEvent::SlaChanged { after, .. } => rows.put(
            &CLOCKS,
            [
                after.job_id.as_str().into(),
                i64::from(after.over).into(),
                us(after.due_at()),
                doc(after),
            ],
        ),
    }
}

impl Shelved for Policy {
    fn table() -> &'static Table {
        &POLICIES
    }
}

/// A clock, and its version.
pub type Kept = (Clock, Seq);

const CLOCK: &str = "SELECT c.doc, h.version FROM sla_clocks c
    LEFT JOIN heads h ON h.entity = 'sla:' || c.job_id";

fn kept(row: &sqlx::any::AnyRow) -> Result<Kept, sqlx::Error> {
    let version: Option<i64> = row.try_get("version")?;
    Ok((parsed(row, "doc")?, version.unwrap_or(0)))
}

/// A job's clock, over or not.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_job(
    connection: &mut AnyConnection,
    job: &str,
) -> Result<Option<Kept>, sqlx::Error> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("{CLOCK} WHERE c.job_id = $1")))
        .bind(job.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    row.as_ref().map(kept).transpose()
}

/// Clocks of jobs that are not over, the first due first.
///
/// # Errors
/// When the database cannot be read.
pub async fn open(connection: &mut AnyConnection) -> Result<Vec<Kept>, sqlx::Error> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{CLOCK} WHERE c.over = 0 ORDER BY c.due_us, c.job_id"
    )))
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(kept).collect()
}

/// Open jobs without a clock, after an id: the job, and when somebody was on site.
///
/// # Errors
/// When the database cannot be read.
pub async fn without_clock(
    connection: &mut AnyConnection,
    after: &str,
    limit: i64,
) -> Result<Vec<(Job, Option<Visit>)>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT j.doc, v.doc AS visit FROM jobs j LEFT JOIN job_status s ON s.job_id = j.id
         LEFT JOIN visits v ON v.id = s.visit_id LEFT JOIN sla_clocks c ON c.job_id = j.id
         WHERE c.job_id IS NULL AND j.id > $1 AND COALESCE(s.status, 'unassigned')
           IN ('unassigned', 'planned', 'en_route', 'on_site')
         ORDER BY j.id LIMIT $2",
    )
    .bind(after.to_owned())
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    let one = |row: &sqlx::any::AnyRow| {
        let has_visit: Option<String> = row.try_get("visit")?;
        let visit = has_visit.map(|_| parsed(row, "visit")).transpose()?;
        Ok((parsed(row, "doc")?, visit))
    };
    rows.iter().map(one).collect()
}

impl Loader<Sla> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Sla, Seq), LoadError>> {
        async move {
            let mut moment = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut moment).await.map_err(unloadable)?;
            let known = all::<Policy>(&mut moment).await.map_err(unloadable)?;
            let clocks = open(&mut moment).await.map_err(unloadable)?;
            let policies = known.into_iter().map(|one| (one.thing.id.clone(), one.thing));
            let clocks = clocks.into_iter().map(|(clock, _)| (clock.job_id.clone(), clock));
            let house = (*self.policy).clone();
            Ok((Sla { policies: policies.collect(), clocks: clocks.collect(), house }, position))
        }
        .boxed()
    }
}
