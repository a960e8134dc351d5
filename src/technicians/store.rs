//! Technicians' rows: projected from events, loaded for their actors, read for lists.

use std::sync::Arc;

use actors::board::protocol::{BoardEvent, Visit};
use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use actors::technicians::TechnicianRoom;
use actors::technicians::protocol::{Eta, Point, Position, Technician, TechnicianEvent};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use sqlx::{AnyConnection, Row};

use crate::journal::projection::{moment, parsed};
use crate::journal::rows::Kind::{Int, Real, Text};
use crate::journal::rows::{Rows, Table, doc, text_or_null, us};
use crate::shelves::{Shelves, position, unloadable};

static TECHNICIANS: Table = Table::new(
    "technicians",
    1,
    &[
        ("id", Text),
        ("external_id", Text),
        ("name", Text),
        ("phone", Text),
        ("gps_device_id", Text),
        ("doc", Text),
    ],
);

static ETAS: Table = Table::new(
    "etas",
    1,
    &[
        ("visit_id", Text),
        ("at_us", Int),
        ("low_us", Int),
        ("high_us", Int),
        ("live", Int),
        ("told_us", Int),
    ],
);

static ARRIVALS: Table = Table::new("arrivals", 1, &[("visit_id", Text), ("at_us", Int)]);

/// Newest positions.
pub static POSITIONS: Table = Table::new(
    "positions",
    1,
    &[
        ("technician_id", Text),
        ("at_us", Int),
        ("lat", Real),
        ("lon", Real),
        ("accuracy_m", Real),
        ("speed_kmh", Real),
        ("heading", Real),
    ],
);

/// The track.
pub static BREADCRUMBS: Table = Table::new(
    "breadcrumbs",
    2,
    &[
        ("technician_id", Text),
        ("at_us", Int),
        ("lat", Real),
        ("lon", Real),
        ("accuracy_m", Real),
        ("speed_kmh", Real),
        ("heading", Real),
    ],
);

/// Puts the rows that an event changes.
pub fn project(event: &TechnicianEvent, at: Timestamp, rows: &mut Rows) {
    match event {
        TechnicianEvent::TechnicianHired { after }
        | TechnicianEvent::TechnicianChanged { after, .. }
        | TechnicianEvent::AbsenceReported { technician: after, .. }
        | TechnicianEvent::AbsenceChanged { technician: after, .. }
        | TechnicianEvent::AbsenceEnded { technician: after, .. }
        | TechnicianEvent::CalendarAdded { technician: after, .. }
        | TechnicianEvent::CalendarRemoved { technician: after, .. }
        | TechnicianEvent::CalendarRead { technician: after, .. } => rows.put(
            &TECHNICIANS,
            [
                after.id.as_str().into(),
                text_or_null(after.external_id.as_deref()),
                after.name.as_str().into(),
                after.phone.as_str().into(),
                text_or_null(after.gps_device_id.as_deref()),
                doc(after),
            ],
        ),
        TechnicianEvent::TechnicianUnhired { technician } => {
            rows.remove(&TECHNICIANS, [technician.id.as_str().into()]);
        }
        TechnicianEvent::RouteEtasChanged { visits, .. } => {
            for change in visits {
                let Eta { at: eta, low, high, live } = change.to;
                rows.put(
                    &ETAS,
                    [
                        change.visit_id.as_str().into(),
                        us(eta),
                        us(low),
                        us(high),
                        i64::from(live).into(),
                        us(at),
                    ],
                );
            }
        }
        TechnicianEvent::TechnicianArrived { visit_id, at, .. } => {
            rows.put(&ARRIVALS, [visit_id.as_str().into(), us(*at)]);
        }
    }
}

/// Takes an arrival back when the board sends a visit to another technician or to another door.
pub fn forget_arrival(event: &BoardEvent, rows: &mut Rows) {
    if let BoardEvent::VisitMoved { before, after, .. } = event
        && before.is_another_door(after)
    {
        rows.remove(&ARRIVALS, [after.id.as_str().into()]);
    }
}

/// A position as a row of `POSITIONS` and `BREADCRUMBS`.
pub fn position_row(technician: &str, fix: &Position) -> [Value; 7] {
    let real = |value: Option<f64>| value.map_or(Value::Null, Value::from);
    [
        technician.into(),
        us(fix.at),
        fix.lat.into(),
        fix.lon.into(),
        real(fix.accuracy_m),
        real(fix.speed_kmh),
        real(fix.heading),
    ]
}

/// A technician and the version of their data.
#[derive(Clone, Debug)]
pub struct Known {
    /// The technician.
    pub technician: Technician,
    /// Position of the last event that touched them.
    pub version: Seq,
}

const KNOWN: &str =
    "SELECT t.doc, h.version FROM technicians t LEFT JOIN heads h ON h.entity = t.id";

fn known(row: &sqlx::any::AnyRow) -> Result<Known, sqlx::Error> {
    let version: Option<i64> = row.try_get("version")?;
    Ok(Known { technician: parsed(row, "doc")?, version: version.unwrap_or(0) })
}

/// One technician, by our id or, where no other has that id, the one of the system they came from.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(connection: &mut AnyConnection, id: &str) -> Result<Option<Known>, sqlx::Error> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{KNOWN} WHERE t.id = $1 OR t.external_id = $1
         ORDER BY CASE WHEN t.id = $1 THEN 0 ELSE 1 END, t.id LIMIT 1"
    )))
    .bind(id.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    row.as_ref().map(known).transpose()
}

/// All technicians by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(connection: &mut AnyConnection) -> Result<Vec<Known>, sqlx::Error> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{KNOWN} ORDER BY t.name, t.id")))
        .fetch_all(&mut *connection)
        .await?;
    rows.iter().map(known).collect()
}

/// A page of technicians after an id.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(
    connection: &mut AnyConnection,
    after: &str,
    limit: i64,
) -> Result<Vec<Known>, sqlx::Error> {
    let rows =
        sqlx::query(sqlx::AssertSqlSafe(format!("{KNOWN} WHERE t.id > $1 ORDER BY t.id LIMIT $2")))
            .bind(after.to_owned())
            .bind(limit)
            .fetch_all(&mut *connection)
            .await?;
    rows.iter().map(known).collect()
}

/// The technician with this number, if there is one.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_phone(
    connection: &mut AnyConnection,
    phone: &str,
) -> Result<Option<Technician>, sqlx::Error> {
    let row = sqlx::query("SELECT doc FROM technicians WHERE phone = $1 ORDER BY id LIMIT 1")
        .bind(phone.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    row.as_ref().map(|row| parsed(row, "doc")).transpose()
}

/// The newest positions by technician.
///
/// # Errors
/// When the database cannot be read.
pub async fn positions(
    connection: &mut AnyConnection,
) -> Result<Vec<(String, Position)>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT technician_id, at_us, lat, lon, accuracy_m, speed_kmh, heading FROM positions",
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, fix(row)?))).collect()
}

/// Where each technician was last seen at `at` or before.
///
/// # Errors
/// When the database cannot be read.
pub async fn positions_at(
    connection: &mut AnyConnection,
    at: Timestamp,
) -> Result<Vec<(String, Position)>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT b.technician_id, b.at_us, b.lat, b.lon, b.accuracy_m, b.speed_kmh, b.heading
         FROM technicians t JOIN breadcrumbs b ON b.technician_id = t.id AND b.at_us =
         (SELECT MAX(at_us) FROM breadcrumbs WHERE technician_id = t.id AND at_us <= $1)",
    )
    .bind(at.as_microsecond())
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, fix(row)?))).collect()
}

fn fix(row: &sqlx::any::AnyRow) -> Result<Position, sqlx::Error> {
    Ok(Position {
        at: moment(row.try_get("at_us")?)?,
        lat: row.try_get("lat")?,
        lon: row.try_get("lon")?,
        accuracy_m: row.try_get("accuracy_m")?,
        speed_kmh: row.try_get("speed_kmh")?,
        heading: row.try_get("heading")?,
    })
}

/// The track of a technician between two moments, in order.
///
/// # Errors
/// When the database cannot be read.
pub async fn track(
    connection: &mut AnyConnection,
    technician: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Position>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT at_us, lat, lon, accuracy_m, speed_kmh, heading FROM breadcrumbs
         WHERE technician_id = $1 AND at_us >= $2 AND at_us < $3 ORDER BY at_us LIMIT 20000",
    )
    .bind(technician.to_owned())
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(fix).collect()
}

/// An ETA from columns `at_us`, `low_us`, `high_us`, `live`, which may all be null.
///
/// # Errors
/// When a number is out of range.
pub fn eta(row: &sqlx::any::AnyRow) -> Result<Option<Eta>, sqlx::Error> {
    let Some(at) = row.try_get::<Option<i64>, _>("at_us")? else { return Ok(None) };
    Ok(Some(Eta {
        at: moment(at)?,
        low: moment(row.try_get("low_us")?)?,
        high: moment(row.try_get("high_us")?)?,
        live: row.try_get::<i64, _>("live")? == 1,
    }))
}

impl Loader<TechnicianRoom> for Shelves {
    fn load(&self, key: Arc<str>) -> BoxFuture<'_, Result<(TechnicianRoom, Seq), LoadError>> {
        async move { self.technician(&key).await.map_err(unloadable) }.boxed()
    }
}

impl Shelves {
    async fn technician(&self, key: &str) -> Result<(TechnicianRoom, Seq), sqlx::Error> {
        let mut now = self.database.moment().await?;
        let position = position(&mut now).await?;
        let known = one(&mut now, key).await?;
        let rows = sqlx::query(
            "SELECT v.doc, e.at_us, e.low_us, e.high_us, e.live, a.at_us AS arrived_us FROM visits v
             LEFT JOIN etas e ON e.visit_id = v.id
             LEFT JOIN arrivals a ON a.visit_id = v.id
             WHERE v.open = 1 AND (v.technician_id = $1 OR v.id IN
               (SELECT visit_id FROM visit_claims WHERE holder = $1 AND open = 1))
             ORDER BY v.start_us, v.id",
        )
        .bind(key.to_owned())
        .fetch_all(&mut *now)
        .await?;
        let mut room = TechnicianRoom {
            version: known.as_ref().map_or(0, |known| known.version),
            technician: known.map(|known| Box::new(known.technician)),
            ahead: Vec::with_capacity(rows.len()),
            came_from: last_finished(&mut now, key).await?,
            last_fix: None,
            told: Default::default(),
            arrived: Default::default(),
            policy: self.policy.clone(),
            arithmetic: self.arithmetic.clone(),
        };
        for row in &rows {
            let visit: Visit = parsed(row, "doc")?;
            let leads = visit.technician_id.as_str() == key;
            if let Some(eta) = eta(row)?.filter(|_| leads) {
                room.told.insert(visit.id.clone(), eta);
            }
            if leads && row.try_get::<Option<i64>, _>("arrived_us")?.is_some() {
                room.arrived.insert(visit.id.clone());
            }
            room.ahead.push(visit);
        }
        let row = sqlx::query(
            "SELECT at_us, lat, lon, accuracy_m, speed_kmh, heading FROM positions WHERE technician_id = $1",
        )
        .bind(key.to_owned())
        .fetch_optional(&mut *now)
        .await?;
        room.last_fix = row.as_ref().map(fix).transpose()?;
        Ok((room, position))
    }
}

async fn last_finished(
    connection: &mut AnyConnection,
    key: &str,
) -> Result<Option<(Point, Timestamp)>, sqlx::Error> {
    // Visits that were taken off stand among them, for the calendars: nobody has been there.
    let rows = sqlx::query(
        "SELECT doc FROM visits WHERE finished_us IS NOT NULL AND (technician_id = $1 OR id IN
           (SELECT visit_id FROM visit_claims WHERE holder = $1 AND gone = 0))
         ORDER BY finished_us DESC LIMIT 50",
    )
    .bind(key.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    for row in &rows {
        let visit: Visit = parsed(row, "doc")?;
        if let Some(at) = visit.finished_at {
            return Ok(Some((Point { lat: visit.lat, lon: visit.lon }, at)));
        }
    }
    Ok(None)
}
