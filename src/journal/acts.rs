//! Acts: what a person did in one commit, written down beside it so that it can be taken back later. It decides nothing;
//! `src/undo/` reads these rows.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use actors::conversations::protocol::ConversationEvent;
use actors::engine::journal::{CommitError, Recorded, Seq, Write};
use actors::event::{Event, Room};
use actors::technicians::protocol::TechnicianEvent;
use jiff::Timestamp;
use serde_json::Value;
use sqlx::{AnyConnection, Row};

use crate::journal::rows::Kind::{Int, Text};
use crate::journal::rows::{Rows, Table, text_or_null, us};

static ACTS: Table = Table::new(
    "acts",
    1,
    &[
        ("first_seq", Int),
        ("last_seq", Int),
        ("by_whom", Text),
        ("at_us", Int),
        ("undoes", Int),
        ("redoes", Int),
        ("label", Text),
    ],
);
static THINGS: Table =
    Table::new("act_things", 2, &[("first_seq", Int), ("entity", Text), ("before_version", Int)]);
static UNDONE: Table = Table::new("undone", 1, &[("first_seq", Int), ("undone_by", Int)]);

/// True for the house's own parts, which are nobody.
pub fn is_a_part(by: &str) -> bool {
    matches!(by, "house" | "planner" | "tracker" | "courier" | "twilio" | "browser" | "calendars")
}

/// True for what a person in the office did by themselves, in a room whose things can be put back.
fn is_act(write: &Write) -> bool {
    let by_a_person =
        write.cause.is_none() && !is_a_part(&write.by) && !write.by.starts_with("tech:");
    let rooms = [
        Room::Board,
        Room::Jobs,
        Room::Technicians,
        Room::Customers,
        Room::Tags,
        Room::Zones,
        Room::Materials,
        Room::Sla,
        Room::Presets,
        Room::Templates,
        Room::Series,
        Room::Conversations,
    ];
    by_a_person && rooms.contains(&write.room) && !write.events.iter().all(is_settings)
}

/// What is followed is set up and not done: its address is nobody's to put back.
fn is_settings(event: &Event) -> bool {
    use TechnicianEvent::{CalendarAdded, CalendarRead, CalendarRemoved};
    let Event::Technicians(event) = event else { return false };
    matches!(event, CalendarAdded { .. } | CalendarRemoved { .. } | CalendarRead { .. })
}

/// What an act touched. Of one that queues a text it is the text alone: the thread moves on with every answer.
fn touched(write: &Write) -> Vec<Arc<str>> {
    let is_text = |event: &&Event| {
        matches!(event, Event::Conversations(ConversationEvent::MessageQueued { .. }))
    };
    let texts: Vec<Arc<str>> =
        write.events.iter().filter(is_text).filter_map(Event::names).collect();
    if !texts.is_empty() {
        return texts;
    }
    write.events.iter().flat_map(|event| event.touches().into_iter().chain(event.names())).collect()
}

/// Notes the things whose versions an act's rows will name.
pub fn want(write: &Write, entities: &mut BTreeSet<String>) {
    if is_act(write) {
        entities.extend(touched(write).iter().map(ToString::to_string));
    }
}

/// Puts an act's rows. `versions` are those before it.
pub fn record(
    write: &Write,
    entries: &[Arc<Recorded>],
    versions: &HashMap<String, Seq>,
    now: Timestamp,
    rows: &mut Rows,
) {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return };
    if !is_act(write) {
        return;
    }
    let things: BTreeSet<Arc<str>> = touched(write).into_iter().collect();
    if things.is_empty() {
        return;
    }
    let number = |seq: Option<Seq>| seq.map_or(Value::Null, Value::from);
    rows.put(
        &ACTS,
        [
            first.seq.into(),
            last.seq.into(),
            (&*write.by).into(),
            us(now),
            number(write.act.undoes),
            number(write.act.redoes),
            text_or_null(write.act.label.as_deref()),
        ],
    );
    for entity in things {
        let before = versions.get(&*entity).copied().unwrap_or(0);
        rows.put(&THINGS, [first.seq.into(), (&*entity).into(), before.into()]);
    }
    if let Some(undone) = write.act.undoes {
        rows.put(&UNDONE, [undone.into(), first.seq.into()]);
    }
    if let Some(redone) = write.act.redoes {
        rows.remove(&UNDONE, [redone.into()]);
    }
}

/// When the act was done whose taking back was the last that happened to a thing.
///
/// # Errors
/// When the database cannot be read.
pub async fn taken_back_since(
    connection: &mut AnyConnection,
    entity: &str,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT COALESCE(o.at_us, a.at_us) AS at_us FROM heads h
         JOIN acts a ON a.first_seq = (SELECT MAX(b.first_seq) FROM acts b WHERE b.first_seq <= h.version)
         LEFT JOIN acts o ON o.first_seq = a.undoes
         WHERE h.entity = $1 AND a.last_seq >= h.version AND a.undoes IS NOT NULL",
    )
    .bind(entity.to_owned())
    .fetch_optional(connection)
    .await?;
    row.map(|row| crate::journal::projection::moment(row.try_get("at_us")?)).transpose()
}

/// The question for what the board recorded in the acts that touched `$1`.
pub const OF_BOARD: &str =
    "SELECT j.seq, j.at_us, j.room_key, j.by_whom, j.cause_seq, j.cause_reaction, j.body
     FROM act_things t JOIN acts a ON a.first_seq = t.first_seq
     JOIN journal j ON j.seq >= a.first_seq AND j.seq <= a.last_seq
     WHERE t.entity = $1 AND j.room = 'board' ORDER BY j.seq DESC LIMIT 500";

/// What the board recorded in the acts that touched a thing, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_board(
    connection: &mut AnyConnection,
    entity: &str,
) -> Result<Vec<Recorded>, CommitError> {
    let rows = sqlx::query(OF_BOARD)
        .bind(entity.to_owned())
        .fetch_all(connection)
        .await
        .map_err(super::fault)?;
    rows.iter().map(super::projection::recorded).collect()
}
