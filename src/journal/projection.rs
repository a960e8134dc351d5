//! From an event to rows and back: hands each event to its room's store, and reads the journal's own rows. The
//! journal's own row of an event is written here too.

use std::sync::Arc;

use actors::engine::journal::{Cause, CommitError, Recorded};
use actors::event::Event;
use jiff::Timestamp;
use serde_json::Value;
use sqlx::Row;

use crate::journal::fault;
use crate::journal::rows::{Rows, us};

/// Tables that belong to no room.
pub mod tables {
    use crate::journal::rows::Kind::{Int, Text};
    use crate::journal::rows::Table;

    /// The journal.
    pub static JOURNAL: Table = Table::new(
        "journal",
        1,
        &[
            ("seq", Int),
            ("at_us", Int),
            ("room", Text),
            ("room_key", Text),
            ("by_whom", Text),
            ("cause_seq", Int),
            ("cause_reaction", Text),
            ("body", Text),
        ],
    );
    /// Versions.
    pub static HEADS: Table = Table::new("heads", 1, &[("entity", Text), ("version", Int)]);
    /// Reactions that were committed.
    pub static REACTED: Table = Table::new("reacted", 1, &[("mark", Text), ("seq", Int)]);
    /// Requests that were committed, and their answers.
    pub static INBOX: Table = Table::new(
        "inbox",
        1,
        &[("mark", Text), ("sha256", Text), ("at_us", Int), ("status", Int), ("body", Text)],
    );
    /// Errands.
    pub static ERRANDS: Table = Table::new(
        "errands",
        1,
        &[
            ("id", Text),
            ("kind", Text),
            ("destination", Text),
            ("body", Text),
            ("state", Text),
            ("attempts", Int),
            ("asked_seq", Int),
            ("due_us", Int),
            ("expires_us", Int),
            ("lease_until_us", Int),
            ("first_tried_us", Int),
        ],
    );
    /// Durable timers.
    pub static ALARMS: Table = Table::new(
        "alarms",
        3,
        &[("room", Text), ("room_key", Text), ("name", Text), ("due_us", Int)],
    );
}

/// Puts the rows that an event changes.
pub fn project(entry: &Recorded, rows: &mut Rows) {
    let (cause_seq, cause_reaction) = match &entry.cause {
        Some(cause) => (cause.seq.into(), (&*cause.reaction).into()),
        None => (Value::Null, Value::Null),
    };
    rows.put(
        &tables::JOURNAL,
        [
            entry.seq.into(),
            us(entry.at),
            entry.event.room().name().into(),
            (&*entry.key).into(),
            (&*entry.by).into(),
            cause_seq,
            cause_reaction,
            crate::journal::rows::doc(&entry.event),
        ],
    );
    project_rooms(entry, rows);
}

/// Puts the rooms' rows that an event changes, without the journal's own.
pub fn project_rooms(entry: &Recorded, rows: &mut Rows) {
    match &entry.event {
        Event::Technicians(event) => {
            crate::technicians::store::project(event, entry.at, rows);
            crate::calendars::outside::store::project(event, rows);
        }
        Event::Jobs(event) => crate::jobs::store::project(event, rows),
        Event::Board(event) => {
            crate::board::store::project(event, entry, rows);
            crate::board::claims::project(event, entry, rows);
            crate::bundles::store::project(event, rows);
            crate::technicians::store::forget_arrival(event, rows);
        }
        Event::Customers(event) => crate::customers::store::project(event, rows),
        Event::Conversations(event) => crate::conversations::store::project(event, rows),
        Event::Notifications(event) => crate::notifications::store::project(event, entry.at, rows),
        Event::Auth(event) => crate::auth::store::project(event, entry.at, rows),
        Event::Tags(event) => crate::tags::store::project(event, rows),
        Event::Materials(event) => crate::materials::store::project(event, rows),
        Event::Series(event) => crate::series::store::project(event, rows),
        Event::Presets(event) => crate::presets::store::project(event, rows),
        Event::Sla(event) => crate::sla::store::project(event, rows),
        Event::Zones(event) => crate::zones::store::project(event, rows),
        Event::Templates(event) => crate::templates::store::project(event, rows),
    }
}

/// Reads an event from its row.
///
/// # Errors
/// A fault, when the row is not one of ours.
pub fn recorded(row: &sqlx::any::AnyRow) -> Result<Recorded, CommitError> {
    let read = || -> Result<Recorded, sqlx::Error> {
        let body: String = row.try_get("body")?;
        let event =
            serde_json::from_str(&body).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let cause_seq: Option<i64> = row.try_get("cause_seq")?;
        let cause_reaction: Option<String> = row.try_get("cause_reaction")?;
        Ok(Recorded {
            seq: row.try_get("seq")?,
            at: moment(row.try_get("at_us")?)?,
            key: text(row, "room_key")?,
            by: text(row, "by_whom")?,
            cause: cause_seq
                .zip(cause_reaction)
                .map(|(seq, reaction)| Cause { seq, reaction: reaction.into() }),
            event,
        })
    };
    read().map_err(fault)
}

fn text(row: &sqlx::any::AnyRow, column: &str) -> Result<Arc<str>, sqlx::Error> {
    Ok(row.try_get::<String, _>(column)?.into())
}

/// Microseconds as a moment.
///
/// # Errors
/// When the number is out of range.
pub fn moment(us: i64) -> Result<Timestamp, sqlx::Error> {
    Timestamp::from_microsecond(us).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// A `doc` column as the thing it holds.
///
/// # Errors
/// When the text is not one of ours.
pub fn parsed<T: serde::de::DeserializeOwned>(
    row: &sqlx::any::AnyRow,
    column: &str,
) -> Result<T, sqlx::Error> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// A `doc` column that may be null.
///
/// # Errors
/// When the text is not one of ours.
pub fn parsed_or_none<T: serde::de::DeserializeOwned>(
    row: &sqlx::any::AnyRow,
    column: &str,
) -> Result<Option<T>, sqlx::Error> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|error| sqlx::Error::Decode(error.into()))
}
