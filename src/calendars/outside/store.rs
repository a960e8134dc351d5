//! Rows of outside calendars: their addresses, which stand nowhere else, and by whom they are followed.

use actors::technicians::protocol::TechnicianEvent;
use sqlx::{AnyConnection, Row};

use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table};

static FEEDS: Table =
    Table::new("calendar_feeds", 1, &[("id", Text), ("technician_id", Text), ("address", Text)]);

/// Puts the rows that an event changes.
pub fn project(event: &TechnicianEvent, rows: &mut Rows) {
    match event {
        TechnicianEvent::CalendarAdded { technician, calendar_id, address } => rows.put(
            &FEEDS,
            [calendar_id.as_str().into(), technician.id.as_str().into(), address.0.as_str().into()],
        ),
        TechnicianEvent::CalendarRemoved { calendar_id, .. } => {
            rows.remove(&FEEDS, [calendar_id.as_str().into()]);
        }
        _ => {}
    }
}

/// A calendar that is followed.
#[derive(Clone)]
pub struct OutsideFeed {
    /// Id.
    pub id: String,
    /// By whom.
    pub technician: String,
    /// Where it is: a secret.
    pub address: String,
    /// Whether its titles are kept.
    pub show_titles: bool,
    /// Whether it could not be read last.
    pub has_problem: bool,
}

/// Every calendar that is followed, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn feeds(connection: &mut AnyConnection) -> Result<Vec<OutsideFeed>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT f.id, f.technician_id, f.address, t.doc FROM calendar_feeds f
         JOIN technicians t ON t.id = f.technician_id ORDER BY f.id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let feed = |row: &sqlx::any::AnyRow| {
        let id: String = row.try_get("id")?;
        let who: actors::technicians::protocol::Technician =
            crate::journal::projection::parsed(row, "doc")?;
        let calendar = who.calendars.iter().find(|one| one.id.as_str() == id);
        Ok(OutsideFeed {
            technician: row.try_get("technician_id")?,
            address: row.try_get("address")?,
            show_titles: calendar.is_some_and(|one| one.show_titles),
            has_problem: calendar.is_some_and(|one| one.problem.is_some()),
            id,
        })
    };
    rows.iter().map(feed).collect()
}
