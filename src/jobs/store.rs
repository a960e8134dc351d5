//! Jobs' rows: projected from events, loaded for their actors, read for lists. A job is always read together with
//! its customer's and location's present data, its last visit, the visit's ETA and its version.

mod links;
mod numbers;
mod several;

pub use links::{is_over, waiting_for};
pub use numbers::{by_number, numbered};
pub use several::several;

use std::sync::Arc;

use actors::board::protocol::Visit;
use actors::customers::protocol::{Customer, Location};
use actors::engine::journal::Seq;
use actors::engine::refusal::Language;
use actors::engine::shell::{LoadError, Loader};
use actors::ids::JobId;
use actors::jobs::JobRoom;
use actors::jobs::protocol::{Job, JobEvent, JobStatus};
use actors::technicians::protocol::Eta;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::board::claims::GOES_ALONG;
use crate::jobs::wire::JobShape;
use crate::journal::projection::{parsed, parsed_or_none};
use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, doc, text_or_null, us_or_null};
use crate::search::fold;
use crate::search::store::{self as texts, bound, job_condition};
use crate::shelves::{Shelves, position, unloadable};
use crate::technicians::store::eta;

static JOBS: Table = Table::new(
    "jobs",
    1,
    &[
        ("id", Text),
        ("external_id", Text),
        ("customer_id", Text),
        ("location_id", Text),
        ("priority", Int),
        ("window_start_us", Int),
        ("doc", Text),
    ],
);

/// Where each job stands; the board's events change it as well.
pub static JOB_STATUS: Table = Table::new(
    "job_status",
    1,
    &[
        ("job_id", Text),
        ("status", Text),
        ("visit_id", Text),
        ("technician_id", Text),
        ("start_us", Int),
    ],
);

/// Puts the rows that an event changes.
pub fn project(event: &JobEvent, rows: &mut Rows) {
    match event {
        JobEvent::JobCreated { after } => {
            put_job(after, rows);
            put_status(after, JobStatus::Unassigned, None, rows);
            links::put(&[], after, rows);
        }
        JobEvent::JobChanged { before, after, .. } => {
            put_job(after, rows);
            links::put(&before.depends_on, after, rows);
        }
        JobEvent::JobCancelled { job, visit, .. } => {
            put_status(job, JobStatus::Cancelled, visit.as_deref(), rows);
        }
        JobEvent::JobReopened { job, .. } => put_status(job, JobStatus::Unassigned, None, rows),
        JobEvent::JobRestored { job, status, visit, .. } => {
            put_status(job, *status, visit.as_deref(), rows);
        }
    }
}

fn put_job(job: &Job, rows: &mut Rows) {
    rows.put(
        &JOBS,
        [
            job.id.as_str().into(),
            text_or_null(job.external_id.as_deref()),
            job.customer_id.as_str().into(),
            job.location_id.as_str().into(),
            priority_rank(job).into(),
            us_or_null(job.when().map(|when| when.start)),
            doc(job),
        ],
    );
    texts::put_job(job, rows);
}

fn priority_rank(job: &Job) -> i64 {
    use actors::jobs::protocol::Priority::{High, Low, Normal, Urgent};
    match job.priority {
        Urgent => 0,
        High => 1,
        Normal => 2,
        Low => 3,
    }
}

fn put_status(job: &Job, status: JobStatus, visit: Option<&Visit>, rows: &mut Rows) {
    rows.put(
        &JOB_STATUS,
        [
            job.id.as_str().into(),
            status.code().into(),
            text_or_null(visit.map(|visit| visit.id.as_str())),
            text_or_null(visit.map(|visit| visit.technician_id.as_str())),
            us_or_null(visit.map(|visit| visit.start)),
        ],
    );
}

/// A job as it stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The job, with present data of its customer and location.
    pub job: Job,
    /// Where it stands.
    pub status: JobStatus,
    /// Its open visit, or the last one.
    pub visit: Option<Visit>,
    /// When the technician is expected.
    pub eta: Option<Eta>,
    /// Position of the last event that touched it.
    pub version: Seq,
}

impl Standing {
    /// As others see it.
    pub fn shape(&self) -> JobShape {
        JobShape::new(&self.job, self.status, self.visit.as_ref(), self.eta, self.version)
    }
}

const STANDING: &str = "SELECT j.id, j.doc, s.status, v.doc AS visit, h.version,
    e.at_us, e.low_us, e.high_us, e.live, c.doc AS customer, l.doc AS location
    FROM jobs j
    LEFT JOIN job_status s ON s.job_id = j.id
    LEFT JOIN visits v ON v.id = s.visit_id
    LEFT JOIN heads h ON h.entity = j.id
    LEFT JOIN etas e ON e.visit_id = v.id
    LEFT JOIN customers c ON c.id = j.customer_id
    LEFT JOIN locations l ON l.id = j.location_id";

fn standing(row: &sqlx::any::AnyRow, company: Language) -> Result<Standing, sqlx::Error> {
    let mut job: Job = parsed(row, "doc")?;
    if let Some(customer) = parsed_or_none::<Customer>(row, "customer")? {
        job.customer_name = customer.name;
        job.customer_phone = customer.phone;
        job.customer_language = customer.language.unwrap_or(company);
    }
    if let Some(location) = parsed_or_none::<Location>(row, "location")? {
        (job.address, job.lat, job.lon) = (location.address, location.lat, location.lon);
    }
    let status: Option<String> = row.try_get("status")?;
    let version: Option<i64> = row.try_get("version")?;
    Ok(Standing {
        job,
        status: status.as_deref().and_then(JobStatus::from_code).unwrap_or_default(),
        visit: parsed_or_none(row, "visit")?,
        eta: eta(row)?,
        version: version.unwrap_or(0),
    })
}

/// One job, by our id or, where no other has that id, the one of the system it came from.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(
    connection: &mut AnyConnection,
    company: Language,
    id: &str,
) -> Result<Option<Standing>, sqlx::Error> {
    let row = sqlx::query(AssertSqlSafe(format!(
        "{STANDING} WHERE j.id = $1 OR j.external_id = $1
         ORDER BY CASE WHEN j.id = $1 THEN 0 ELSE 1 END, j.id LIMIT 1"
    )))
    .bind(id.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    row.as_ref().map(|row| standing(row, company)).transpose()
}

/// The pool: jobs without a visit whose window touches the span, those whose window is over by `now_us` and that
/// nobody saw to, and those without a window.
///
/// # Errors
/// When the database cannot be read.
pub async fn pool(
    connection: &mut AnyConnection,
    company: Language,
    from_us: i64,
    to_us: i64,
    now_us: i64,
    limit: usize,
) -> Result<Vec<Standing>, sqlx::Error> {
    // Ends stand in the document alone: what is over before the span and not overdue is left out below.
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{STANDING} WHERE s.status = 'unassigned'
         AND (j.window_start_us IS NULL OR j.window_start_us < $1)
         ORDER BY j.priority, COALESCE(j.window_start_us, 9223372036854775807), j.id LIMIT $2"
    )))
    .bind(to_us)
    .bind(i64::try_from(limit * 2).unwrap_or(i64::MAX))
    .fetch_all(&mut *connection)
    .await?;
    let mut pool = Vec::with_capacity(rows.len().min(limit));
    for row in &rows {
        let one = standing(row, company)?;
        let belongs = one.job.when().is_none_or(|window| {
            let end_us = window.end.as_microsecond();
            window.start.as_microsecond() >= from_us || end_us > from_us || end_us <= now_us
        });
        if belongs {
            pool.push(one);
        }
    }
    pool.truncate(limit);
    Ok(pool)
}

/// Jobs with a visit that starts in the span, by start.
///
/// # Errors
/// When the database cannot be read.
pub async fn visited(
    connection: &mut AnyConnection,
    company: Language,
    from_us: i64,
    to_us: i64,
) -> Result<Vec<Standing>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{STANDING} WHERE v.start_us >= $1 AND v.start_us < $2 ORDER BY v.start_us, v.id"
    )))
    .bind(from_us)
    .bind(to_us)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| standing(row, company)).collect()
}

/// The jobs that one technician visits in the span, as lead or as assistant, by start.
///
/// # Errors
/// When the database cannot be read.
pub async fn route(
    connection: &mut AnyConnection,
    company: Language,
    technician: &str,
    from_us: i64,
    to_us: i64,
) -> Result<Vec<Standing>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{STANDING} WHERE (v.technician_id = $1 OR {GOES_ALONG})
         AND v.start_us >= $2 AND v.start_us < $3 ORDER BY v.start_us, v.id"
    )))
    .bind(technician.to_owned())
    .bind(from_us)
    .bind(to_us)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| standing(row, company)).collect()
}

/// The customer's job that is nearest in time, open ones first: where an incoming text belongs.
///
/// # Errors
/// When the database cannot be read.
pub async fn nearest(
    connection: &mut AnyConnection,
    customer: &str,
    now: Timestamp,
) -> Result<Option<JobId>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT j.id FROM jobs j LEFT JOIN job_status s ON s.job_id = j.id
         WHERE j.customer_id = $1 AND s.status <> 'cancelled'
         ORDER BY CASE WHEN s.status = 'done' THEN 1 ELSE 0 END,
           ABS(COALESCE(s.start_us, j.window_start_us, $2) - $2), j.id LIMIT 1",
    )
    .bind(customer.to_owned())
    .bind(now.as_microsecond())
    .fetch_optional(&mut *connection)
    .await?;
    row.map(|row| Ok(JobId::from_text(&row.try_get::<String, _>(0)?))).transpose()
}

/// Which jobs a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this status.
    pub status: Option<JobStatus>,
    /// Only this customer's.
    pub customer_id: Option<String>,
    /// Only with a visit of this technician.
    pub technician_id: Option<String>,
    /// Only with these letters in title, name or address, or this id.
    pub search: Option<String>,
}

/// A page of jobs after an id.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(
    connection: &mut AnyConnection,
    company: Language,
    filter: &Filter,
    after: &str,
    limit: i64,
) -> Result<Vec<Standing>, sqlx::Error> {
    let words = filter.search.as_deref().map(fold::words).unwrap_or_default();
    let found = if words.is_empty() { "1 = 0" } else { "1 = 1" };
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{STANDING} WHERE j.id > $1
         AND (CAST($2 AS TEXT) IS NULL OR s.status = $2)
         AND (CAST($3 AS TEXT) IS NULL OR j.customer_id = $3)
         AND (CAST($4 AS TEXT) IS NULL OR s.technician_id = $4)
         AND (CAST($5 AS TEXT) IS NULL OR j.external_id = $5 OR j.id = $5 OR ({found}
           AND j.id IN (SELECT f.job_id FROM job_search f WHERE {words})))
         ORDER BY j.id LIMIT $6",
        words = job_condition(7, &words),
    )))
    .bind(after.to_owned())
    .bind(filter.status.map(|status| status.code().to_owned()))
    .bind(filter.customer_id.clone())
    .bind(filter.technician_id.clone())
    .bind(
        filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
    )
    .bind(limit);
    let rows = bound(rows, &words).fetch_all(&mut *connection).await?;
    rows.iter().map(|row| standing(row, company)).collect()
}

impl Loader<JobRoom> for Shelves {
    fn load(&self, key: Arc<str>) -> BoxFuture<'_, Result<(JobRoom, Seq), LoadError>> {
        async move {
            let mut now = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut now).await.map_err(unloadable)?;
            let row = sqlx::query(
                "SELECT j.doc, s.status, v.doc AS visit FROM jobs j
                 LEFT JOIN job_status s ON s.job_id = j.id
                 LEFT JOIN visits v ON v.id = s.visit_id WHERE j.id = $1",
            )
            .bind(key.to_string())
            .fetch_optional(&mut *now)
            .await
            .map_err(unloadable)?;
            let Some(row) = row else { return Ok((JobRoom::default(), position)) };
            let status: Option<String> = row.try_get("status").map_err(unloadable)?;
            let room = JobRoom {
                job: Some(parsed(&row, "doc").map_err(unloadable)?),
                status: status.as_deref().and_then(JobStatus::from_code).unwrap_or_default(),
                visit: parsed_or_none(&row, "visit").map_err(unloadable)?.map(Box::new),
            };
            Ok((room, position))
        }
        .boxed()
    }
}
