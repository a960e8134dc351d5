//! Notifications' rows: promises and tellings, projected from events; and the moment, read in one transaction,
//! that a decision to tell rests on.

mod latest;
mod people;
mod told;

use std::collections::HashMap;
use std::sync::Arc;

use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::ids::{JobId, TechnicianId, VisitId};
use actors::notifications::JobNotices;
use actors::notifications::protocol::{NotificationEvent, Promise, Telling, Untold};
use actors::technicians::protocol::Person;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, doc, text_or_null, us, us_or_null};
use crate::shelves::{Shelves, position, unloadable};

pub use latest::{Latest, WaitingPromise, latest, of_pool, on_page};
use latest::{NOBODY_CAME, STANDS};

static PROMISES: Table = Table::new(
    "promises",
    2,
    &[("job_id", Text), ("number", Int), ("message_id", Text), ("start_us", Int), ("doc", Text)],
);

/// What was told to whom about which job.
pub static TELLINGS: Table = Table::new(
    "tellings",
    2,
    &[
        ("job_id", Text),
        ("message_id", Text),
        ("kind", Text),
        ("technician_id", Text),
        ("visit_id", Text),
        ("start_us", Int),
        ("phone", Text),
        ("untold", Text),
        ("at_us", Int),
        ("offer_id", Text),
    ],
);

/// A row of what was told: all but its key may be missing.
#[derive(Default)]
struct TellingRow<'a> {
    kind: &'static str,
    technician: Option<&'a str>,
    visit: Option<&'a str>,
    start: Option<Timestamp>,
    phone: Option<&'a str>,
    untold: Option<&'a str>,
    offer: Option<&'a str>,
}

impl<'a> TellingRow<'a> {
    fn of(telling: &'a Telling) -> Self {
        Self {
            kind: telling.kind.code(),
            technician: telling.technician_id.as_ref().map(TechnicianId::as_str),
            phone: Some(&telling.phone),
            ..Self::default()
        }
    }

    fn put(&self, job_id: &JobId, message_id: &str, at: Timestamp, rows: &mut Rows) {
        rows.put(
            &TELLINGS,
            [
                job_id.as_str().into(),
                message_id.into(),
                self.kind.into(),
                text_or_null(self.technician),
                text_or_null(self.visit),
                us_or_null(self.start),
                text_or_null(self.phone),
                text_or_null(self.untold),
                us(at),
                text_or_null(self.offer),
            ],
        );
    }
}

/// Puts the rows that an event changes.
pub fn project(event: &NotificationEvent, at: Timestamp, rows: &mut Rows) {
    match event {
        NotificationEvent::CustomerShouldKnow { job_id, telling, promise, visit_id } => {
            if let Some(promise) = promise {
                rows.put(
                    &PROMISES,
                    [
                        job_id.as_str().into(),
                        promise.number.into(),
                        promise.message_id.as_str().into(),
                        us(promise.start),
                        doc(promise),
                    ],
                );
            }
            let visit = visit_id.as_ref().map(VisitId::as_str);
            let row = TellingRow { technician: None, visit, ..TellingRow::of(telling) };
            row.put(job_id, telling.message_id.as_str(), at, rows);
        }
        NotificationEvent::TechnicianShouldKnow { job_id, telling, visit_id, start } => {
            let (visit, start) = (Some(visit_id.as_str()), Some(*start));
            let row = TellingRow { visit, start, ..TellingRow::of(telling) };
            row.put(job_id, telling.message_id.as_str(), at, rows);
        }
        NotificationEvent::OfferShouldBeKnown { job_id, offer_id, telling } => {
            let row = TellingRow { offer: Some(offer_id.as_str()), ..TellingRow::of(telling) };
            row.put(job_id, telling.message_id.as_str(), at, rows);
        }
        NotificationEvent::CannotTell { job_id, kind, why } => {
            let untold = Some(match why {
                Untold::NoPhone => "no_phone",
                Untold::OptedOut => "opted_out",
            });
            let row = TellingRow { kind: kind.code(), untold, ..TellingRow::default() };
            row.put(job_id, &format!("untold_{}", kind.code()), at, rows);
        }
        NotificationEvent::ScheduleShouldKnow { job_id, telling, told, assisting } => {
            super::ledger::project_schedule(job_id, telling, told, assisting, at, rows);
        }
        NotificationEvent::TellingRecalled { .. } | NotificationEvent::OfferUntold { .. } => {}
    }
}

/// Promises that were not taken back and did not fail, by job and number: what failed to leave was told to nobody.
///
/// # Errors
/// When the database cannot be read.
pub async fn promises(
    connection: &mut AnyConnection,
    job: &str,
) -> Result<Vec<Promise>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT p.doc FROM promises p LEFT JOIN messages m ON m.id = p.message_id
         WHERE p.job_id = $1 AND COALESCE(m.state, 'queued') NOT IN ('recalled', 'failed') ORDER BY p.number",
    )
    .bind(job.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

/// What customers were told to expect: the last window, also of jobs that are back in the pool, since what was said
/// stands until something else is. A later arrival time that was told of does not make the window kept.
///
/// # Errors
/// When the database cannot be read.
pub async fn told(
    connection: &mut AnyConnection,
    from_us: i64,
    to_us: i64,
) -> Result<HashMap<String, Promise>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT p.job_id, p.doc FROM promises p
         JOIN job_status s ON s.job_id = p.job_id
         LEFT JOIN messages m ON m.id = p.message_id
         WHERE (s.start_us >= $1 AND s.start_us < $2 OR s.status = 'unassigned')
           AND COALESCE(m.state, 'queued') NOT IN ('recalled', 'drafted', 'failed')
           AND {STANDS} AND {NOBODY_CAME} ORDER BY p.job_id, p.number"
    )))
    .bind(from_us)
    .bind(to_us)
    .fetch_all(&mut *connection)
    .await?;
    let mut all: HashMap<String, Promise> = HashMap::new();
    for row in &rows {
        let (job, promise): (String, Promise) = (row.try_get(0)?, parsed(row, "doc")?);
        if !promise.is_eta || !all.contains_key(&job) {
            all.insert(job, promise);
        }
    }
    Ok(all)
}

/// Somebody who should know and cannot be told.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct UntoldShape {
    /// About which job.
    pub job_id: String,
    /// What they should know.
    pub kind: String,
    /// `no_phone` or `opted_out`.
    pub why: String,
}

/// Who could not be told since a moment.
///
/// # Errors
/// When the database cannot be read.
pub async fn untold(
    connection: &mut AnyConnection,
    since: Timestamp,
) -> Result<Vec<UntoldShape>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT job_id, kind, untold FROM tellings WHERE untold IS NOT NULL AND at_us > $1
         ORDER BY at_us DESC LIMIT 200",
    )
    .bind(since.as_microsecond())
    .fetch_all(&mut *connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(UntoldShape { job_id: row.try_get(0)?, kind: row.try_get(1)?, why: row.try_get(2)? })
        })
        .collect()
}

impl Loader<JobNotices> for Shelves {
    fn load(&self, key: Arc<str>) -> BoxFuture<'_, Result<(JobNotices, Seq), LoadError>> {
        async move { self.notices(&key).await.map_err(unloadable) }.boxed()
    }
}

impl Shelves {
    async fn notices(&self, key: &str) -> Result<(JobNotices, Seq), sqlx::Error> {
        let mut now = self.database.moment().await?;
        let position = position(&mut now).await?;
        let mut room = JobNotices::unknown(self.policy.clone(), self.wording.clone());
        let language = self.policy.language;
        let Some(standing) = crate::jobs::store::one(&mut now, language, key).await? else {
            return Ok((room, position));
        };
        if let Some(visit) = &standing.visit {
            let lead = people::known(&mut now, std::slice::from_ref(&visit.technician_id)).await?;
            room.technician = lead.into_iter().next();
            room.assistants = people::known(&mut now, &visit.assistants).await?;
        }
        let job = &standing.job;
        (room.speaks, room.closes) = people::of_the_stop(&mut now, language, &standing).await?;
        let person = Person {
            name: job.customer_name.as_str().into(),
            phone: job.customer_phone.as_deref().map(Into::into),
            language: job.customer_language,
        };
        if let Some(phone) = &person.phone {
            room.consent = crate::conversations::store::consent(&mut now, phone).await?;
        }
        room.customer = Some((job.customer_id.clone(), person));
        room.promises = promises(&mut now, key).await?;
        room.is_published = people::is_published(&mut now, key).await?;
        room.taken_back = crate::journal::acts::taken_back_since(&mut now, key).await?;
        told::read(&mut now, key, &mut room).await?;
        room.told_once = people::told_once(&mut now, &room).await?;
        people::read_offers(&mut now, key, &mut room).await?;
        room.hushed = crate::notifications::ledger::store::hushed(&mut now, key).await?;
        room.job = Some(Box::new(standing.job));
        (room.status, room.visit, room.eta) = (standing.status, standing.visit, standing.eta);
        Ok((room, position))
    }
}
