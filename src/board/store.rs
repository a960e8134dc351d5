//! The board's rows: visits, drafts, and where each job stands because of them.

use std::sync::Arc;

use actors::board::Board;
use actors::board::holds::Hold;
use actors::board::proposal::Proposal;
use actors::board::protocol::{BoardEvent, DraftEntry, Visit};
use actors::customers::protocol::Location;
use actors::engine::journal::{Recorded, Seq};
use actors::engine::shell::{LoadError, Loader};
use actors::ids::VisitId;
use actors::jobs::protocol::{Job, JobStatus};
use actors::technicians::protocol::{Eta, Span};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::{AnyConnection, Row};

use crate::jobs::store::JOB_STATUS;
use crate::journal::projection::{parsed, parsed_or_none};
use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, doc, us, us_or_null};
use crate::shelves::{Shelves, position, unloadable};

static VISITS: Table = Table::new(
    "visits",
    1,
    &[
        ("id", Text),
        ("job_id", Text),
        ("technician_id", Text),
        ("start_us", Int),
        ("end_us", Int),
        ("status", Text),
        ("open", Int),
        ("finished_us", Int),
        ("sequence", Int),
        ("changed_us", Int),
        ("doc", Text),
    ],
);

static DRAFTS: Table = Table::new(
    "drafts",
    1,
    &[
        ("job_id", Text),
        ("draft", Text),
        ("technician_id", Text),
        ("start_us", Int),
        ("end_us", Int),
        ("doc", Text),
    ],
);

static PROPOSALS: Table = Table::new("proposals", 1, &[("id", Text), ("day", Text), ("doc", Text)]);

static HOLDS: Table = Table::new("holds", 1, &[("id", Text), ("until_us", Int), ("doc", Text)]);

/// Puts the rows that an event changes.
pub fn project(event: &BoardEvent, entry: &Recorded, rows: &mut Rows) {
    if let BoardEvent::VisitMoved { before, after, .. } = event
        && before.technician_id != after.technician_id
    {
        // Whoever had it before sees it cancelled in the calendar, not gone.
        let left = Visit { id: left_behind(before), ..before.clone() };
        put_visit(&left, "cancelled", false, entry, rows);
        let regained = Visit { technician_id: after.technician_id.clone(), ..before.clone() };
        rows.remove(&VISITS, [left_behind(&regained).as_str().into()]);
    }
    match event {
        BoardEvent::VisitPlanned { visit: after, .. }
        | BoardEvent::VisitMoved { after, .. }
        | BoardEvent::VisitStatusChanged { after, .. } => {
            put_visit(after, after.status.code(), after.status.is_open(), entry, rows);
            put_status(after, JobStatus::from(after.status), rows);
        }
        BoardEvent::VisitRemoved { before, .. } => {
            // Kept as cancelled, for the calendars of those who had it.
            put_visit(before, "cancelled", false, entry, rows);
            rows.put(
                &JOB_STATUS,
                [
                    before.job_id.as_str().into(),
                    JobStatus::Unassigned.code().into(),
                    Value::Null,
                    Value::Null,
                    Value::Null,
                ],
            );
        }
        BoardEvent::VisitDrafted { entry: draft, .. } => rows.put(
            &DRAFTS,
            [
                draft.visit.job_id.as_str().into(),
                (&*draft.draft).into(),
                draft.visit.technician_id.as_str().into(),
                us(draft.visit.start),
                us(draft.visit.end),
                doc(draft),
            ],
        ),
        BoardEvent::DraftEntryGone { job_id, .. } => rows.remove(&DRAFTS, [job_id.as_str().into()]),
        BoardEvent::DraftPublished { .. }
        | BoardEvent::PublishTakenBack { .. }
        | BoardEvent::Bundled { .. }
        | BoardEvent::Unbundled { .. } => {}
        BoardEvent::PromiseBroken { breaking } => {
            crate::notifications::ledger::project(breaking, entry, rows);
        }
        BoardEvent::PlanProposed { proposal } => rows.put(
            &PROPOSALS,
            [
                proposal.plan.id.as_str().into(),
                proposal.plan.date.to_string().into(),
                doc(proposal),
            ],
        ),
        BoardEvent::SlotHeld { hold } => {
            rows.put(&HOLDS, [hold.id.as_str().into(), us(hold.until), doc(hold)]);
        }
        BoardEvent::OfferMade { offer, .. } | BoardEvent::OfferChanged { offer } => {
            crate::offers::store::put(offer, rows);
        }
        BoardEvent::HoldGone { hold_id, .. } => rows.remove(&HOLDS, [hold_id.as_str().into()]),
        BoardEvent::ProposalGone { plan_id, .. } => {
            rows.remove(&PROPOSALS, [plan_id.as_str().into()]);
        }
    }
}

/// The id of the row that stays in the calendar of a technician who lost a visit to another one.
fn left_behind(visit: &Visit) -> VisitId {
    VisitId::from_text(&format!("{}@{}", visit.id, visit.technician_id))
}

fn put_visit(visit: &Visit, status: &str, open: bool, entry: &Recorded, rows: &mut Rows) {
    rows.put(
        &VISITS,
        [
            visit.id.as_str().into(),
            visit.job_id.as_str().into(),
            visit.technician_id.as_str().into(),
            us(visit.start),
            us(visit.end),
            status.into(),
            i64::from(open).into(),
            us_or_null(visit.finished_at.or_else(|| (!open).then_some(entry.at))),
            entry.seq.into(),
            us(entry.at),
            doc(visit),
        ],
    );
}

fn put_status(visit: &Visit, status: JobStatus, rows: &mut Rows) {
    rows.put(
        &JOB_STATUS,
        [
            visit.job_id.as_str().into(),
            status.code().into(),
            visit.id.as_str().into(),
            visit.technician_id.as_str().into(),
            us(visit.start),
        ],
    );
}

/// Open visits that touch the span, by technician and start.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_visits(
    connection: &mut AnyConnection,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Visit>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT doc FROM visits WHERE open = 1 AND end_us > $1 AND start_us < $2
         ORDER BY technician_id, start_us, id",
    )
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

/// Visits of a technician that are not over and touch the span, with their jobs.
///
/// # Errors
/// When the database cannot be read.
pub async fn theirs(
    connection: &mut AnyConnection,
    technician: &str,
    span: Span,
) -> Result<Vec<(Visit, Job)>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT v.doc, j.doc AS job FROM visits v JOIN jobs j ON j.id = v.job_id
         WHERE v.technician_id = $1 AND v.open = 1 AND v.end_us > $2 AND v.start_us < $3
         ORDER BY v.start_us, v.id",
    )
    .bind(technician.to_owned())
    .bind(span.start.as_microsecond())
    .bind(span.end.as_microsecond())
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| Ok((parsed(row, "doc")?, parsed(row, "job")?))).collect()
}

/// A visit in a technician's calendar.
#[derive(Clone, Debug)]
pub struct CalendarVisit {
    /// The visit.
    pub visit: Visit,
    /// Its job.
    pub job: Job,
    /// True when it will not take place.
    pub cancelled: bool,
    /// Rises with every change.
    pub sequence: Seq,
    /// When it changed last.
    pub changed_at: Timestamp,
}

/// A technician's visits for the calendar, whether they lead or go along: open ones, done ones, and cancelled ones changed since `kept_since`.
///
/// # Errors
/// When the database cannot be read.
pub async fn calendar(
    connection: &mut AnyConnection,
    technician: &str,
    from: Timestamp,
    kept_since: Timestamp,
) -> Result<Vec<CalendarVisit>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT v.doc, v.status, v.sequence, v.changed_us, j.doc AS job FROM visits v
         JOIN jobs j ON j.id = v.job_id
         WHERE v.technician_id = $1 AND v.end_us > $2
           AND (v.status <> 'cancelled' OR v.changed_us > $3)
         UNION ALL
         SELECT v.doc, CASE WHEN c.gone = 1 THEN 'cancelled' ELSE v.status END,
           CASE WHEN c.gone = 1 THEN c.sequence ELSE v.sequence END,
           CASE WHEN c.gone = 1 THEN c.changed_us ELSE v.changed_us END, j.doc AS job
         FROM visit_claims c JOIN visits v ON v.id = c.visit_id JOIN jobs j ON j.id = v.job_id
         WHERE c.holder = $1 AND v.technician_id <> $1 AND v.end_us > $2
           AND ((c.gone = 0 AND v.status <> 'cancelled') OR c.changed_us > $3)
         LIMIT 2000",
    )
    .bind(technician.to_owned())
    .bind(from.as_microsecond())
    .bind(kept_since.as_microsecond())
    .fetch_all(&mut *connection)
    .await?;
    let mut visits: Vec<CalendarVisit> = rows
        .iter()
        .map(|row| {
            Ok(CalendarVisit {
                visit: parsed(row, "doc")?,
                job: parsed(row, "job")?,
                cancelled: row.try_get::<String, _>("status")? == "cancelled",
                sequence: row.try_get("sequence")?,
                changed_at: crate::journal::projection::moment(row.try_get("changed_us")?)?,
            })
        })
        .collect::<Result<_, sqlx::Error>>()?;
    visits.sort_by(|a, b| (a.visit.start, &a.visit.id).cmp(&(b.visit.start, &b.visit.id)));
    Ok(visits)
}

/// Draft entries, all or of one draft.
///
/// # Errors
/// When the database cannot be read.
pub async fn drafts(
    connection: &mut AnyConnection,
    draft: Option<&str>,
) -> Result<Vec<DraftEntry>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT doc FROM drafts WHERE CAST($1 AS TEXT) IS NULL OR draft = $1 ORDER BY start_us, job_id",
    )
    .bind(draft.map(str::to_owned))
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

/// What the planner proposes, by day.
///
/// # Errors
/// When the database cannot be read.
pub async fn proposals(connection: &mut AnyConnection) -> Result<Vec<Proposal>, sqlx::Error> {
    let rows = sqlx::query("SELECT doc FROM proposals ORDER BY day, id")
        .fetch_all(&mut *connection)
        .await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

/// Slots that are kept, the first to lapse first.
///
/// # Errors
/// When the database cannot be read.
pub async fn holds(connection: &mut AnyConnection) -> Result<Vec<Hold>, sqlx::Error> {
    let rows =
        sqlx::query("SELECT doc FROM holds ORDER BY until_us, id").fetch_all(connection).await?;
    rows.iter().map(|row| parsed(row, "doc")).collect()
}

/// ETAs of visits that are not over.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_etas(connection: &mut AnyConnection) -> Result<Vec<(VisitId, Eta)>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT e.visit_id, e.at_us, e.low_us, e.high_us, e.live FROM etas e
         JOIN visits v ON v.id = e.visit_id WHERE v.open = 1",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut etas = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(eta) = crate::technicians::store::eta(row)? {
            etas.push((VisitId::from_text(&row.try_get::<String, _>("visit_id")?), eta));
        }
    }
    Ok(etas)
}

/// The newest finished visits since a moment, oldest first: what the company can learn from.
///
/// # Errors
/// When the database cannot be read.
pub async fn finished_since(
    connection: &mut AnyConnection,
    since: Timestamp,
) -> Result<Vec<Visit>, sqlx::Error> {
    // By the planned end, which has an index: a start waits for this. Work is over within a day of its plan.
    let planned = since.checked_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN);
    let rows = sqlx::query(
        "SELECT doc FROM visits WHERE open = 0 AND end_us > $1 AND status = 'done' AND finished_us > $2
         ORDER BY end_us DESC LIMIT 20000",
    )
    .bind(planned.as_microsecond())
    .bind(since.as_microsecond())
    .fetch_all(&mut *connection)
    .await?;
    let mut visits: Vec<Visit> =
        rows.iter().map(|row| parsed(row, "doc")).collect::<Result<_, _>>()?;
    visits.sort_by_key(|visit| visit.finished_at);
    Ok(visits)
}

impl Loader<Board> for Shelves {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Board, Seq), LoadError>> {
        async move { self.board().await.map_err(unloadable) }.boxed()
    }
}

impl Shelves {
    async fn board(&self) -> Result<(Board, Seq), sqlx::Error> {
        let mut now = self.database.moment().await?;
        let position = position(&mut now).await?;
        let mut board = Board { policy: (*self.policy).clone(), ..Board::default() };
        let rows = sqlx::query(
            "SELECT v.doc, j.doc AS job, l.doc AS location FROM visits v
             JOIN jobs j ON j.id = v.job_id
             LEFT JOIN locations l ON l.id = j.location_id WHERE v.open = 1",
        )
        .fetch_all(&mut *now)
        .await?;
        for row in &rows {
            let visit: Visit = parsed(row, "doc")?;
            let mut job: Box<Job> = parsed(row, "job")?;
            if let Some(place) = parsed_or_none::<Location>(row, "location")? {
                (job.address, job.lat, job.lon) = (place.address, place.lat, place.lon);
            }
            board.jobs.insert(visit.job_id.clone(), job);
            board.visits.insert(visit.job_id.clone(), visit);
        }
        for entry in drafts(&mut now, None).await? {
            board.drafts.insert(entry.visit.job_id.clone(), entry);
        }
        board.bundles = crate::bundles::store::by_id(&mut now).await?;
        for hold in holds(&mut now).await? {
            board.holds.insert(hold.id.clone(), hold);
        }
        for offer in crate::offers::store::open(&mut now).await? {
            board.offers.insert(offer.id.clone(), Box::new(offer));
        }
        board.zones = crate::zones::store::zoning(&mut now).await?;
        for proposal in proposals(&mut now).await? {
            board.proposals.insert(proposal.plan.date, Box::new(proposal));
        }
        Ok((board, position))
    }
}
