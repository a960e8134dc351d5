//! Rows against the journal: what stands in the tables, to the last column, must be what the journal gives when it is
//! told anew. A table that a migration adds is compared from that moment on, unless it is named here with a reason.

use std::collections::BTreeMap;
use std::sync::Arc;

use actors::engine::journal::{Recorded, Seq};
use serde_json::{Map, Value};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use tournee::config::Database;
use tournee::journal::database::{Engine, Opened};
use tournee::journal::projection::{self, tables};
use tournee::journal::rows::Rows;

use super::house::House;

/// Tables that events do not make, and what does.
const NOT_OF_EVENTS: &[(&str, &str)] = &[
    ("_sqlx_migrations", "which migrations ran"),
    ("acts", "what a request was, beside its events"),
    ("act_things", "of an act"),
    ("addresses", "an imported file"),
    ("address_streets", "an imported file"),
    ("address_words", "an imported file"),
    ("alarms", "timers that a decision sets"),
    ("breadcrumbs", "positions pass by the journal"),
    ("counters", "the next position"),
    ("errands", "what a decision asks of the outside"),
    ("inbox", "answers of repeated requests"),
    ("journal", "the events themselves"),
    ("positions", "positions pass by the journal"),
    ("reacted", "reactions that were carried out"),
    ("secrets", "the house's own keys"),
    ("trials", "what somebody tries out, which is no event"),
    ("undone", "of an act"),
];

/// A table's rows, each as one text, in an order of their own.
type Content = Vec<String>;

/// Tells the whole journal into an empty store and compares it with the living one; how many rows were alike.
pub async fn journal_gives_its_rows(house: &House) -> usize {
    let living = house.inside.journal.database();
    let anew = Database::Sqlite(house.folder().join("retold.sqlite"));
    let anew = Opened::open(&anew).await.unwrap();
    let mut connection = anew.writer().await.unwrap();
    tell(living, &mut connection).await;
    let mut alike = 0;
    for (table, columns) in schema(&mut connection).await {
        if NOT_OF_EVENTS.iter().any(|(name, _)| *name == table) {
            continue;
        }
        let mut reader = living.readers.acquire().await.unwrap();
        let stands = content(&mut reader, living.engine, &table, &columns).await;
        let told = content(&mut connection, Engine::Sqlite, &table, &columns).await;
        assert_eq!(stands, told, "{table} is not what the journal tells (left: the rows)");
        alike += told.len();
    }
    connection.close().await.unwrap();
    anew.readers.close().await;
    alike
}

async fn tell(living: &Opened, connection: &mut AnyConnection) {
    const ALL: &str = "SELECT seq, at_us, room_key, by_whom, cause_seq, cause_reaction, body
        FROM journal ORDER BY seq";
    let mut rows = Rows::default();
    for row in sqlx::query(ALL).fetch_all(&living.readers).await.unwrap() {
        let entry: Recorded = projection::recorded(&row).unwrap();
        for entity in entry.event.touches() {
            let (entity, seq): (Arc<str>, Seq) = (entity, entry.seq);
            rows.put(&tables::HEADS, [(&*entity).into(), seq.into()]);
        }
        projection::project_rooms(&entry, &mut rows);
    }
    for (statement, text) in rows.statements(Engine::Sqlite) {
        let query = sqlx::query(AssertSqlSafe(statement)).bind(text);
        query.execute(&mut *connection).await.unwrap();
    }
}

/// Every table with its columns.
async fn schema(connection: &mut AnyConnection) -> BTreeMap<String, Vec<String>> {
    const COLUMNS: &str = "SELECT m.name AS named, p.name AS column_named
        FROM sqlite_master m JOIN pragma_table_info(m.name) p
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in sqlx::query(COLUMNS).fetch_all(connection).await.unwrap() {
        all.entry(row.get("named")).or_default().push(row.get("column_named"));
    }
    assert!(all.len() > 40, "{} tables", all.len());
    all
}

async fn content(
    connection: &mut AnyConnection,
    engine: Engine,
    table: &str,
    columns: &[String],
) -> Content {
    let sql = match engine {
        Engine::Sqlite => {
            let pairs: Vec<String> =
                columns.iter().map(|name| format!("'{name}', {name}")).collect();
            format!("SELECT json_object({}) AS whole FROM {table}", pairs.join(", "))
        }
        Engine::Postgres => format!("SELECT CAST(row_to_json(t) AS TEXT) AS whole FROM {table} t"),
    };
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await.unwrap();
    let mut all: Content = rows.iter().map(|row| whole(&row.get::<String, _>("whole"))).collect();
    all.sort();
    all
}

/// A row with its columns in one order, and numbers as both engines write them.
fn whole(text: &str) -> String {
    let row: Map<String, Value> = serde_json::from_str(text).unwrap();
    let sorted: BTreeMap<&String, String> = row
        .iter()
        .map(|(name, value)| match value.as_f64().filter(|_| value.is_f64()) {
            Some(number) => (name, format!("{number:.9}")),
            None => (name, value.to_string()),
        })
        .collect();
    format!("{sorted:?}")
}
