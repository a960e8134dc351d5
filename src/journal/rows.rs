//! Rows as data: a room's store says which rows an event changes, and the journal writes all changes of a batch
//! table by table, in one statement each, over one JSON text (`json_each` on SQLite, `jsonb_array_elements` on
//! PostgreSQL). It knows no table by name.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::OnceLock;

use serde_json::Value;

use crate::journal::database::Engine;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `TEXT`
    Text,
    /// `BIGINT`
    Int,
    /// `DOUBLE PRECISION`
    Real,
}

/// A table whose rows are put and removed whole.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How many of the columns, from the first on, are the key.
    pub key: usize,
    /// Columns in order.
    pub columns: &'static [(&'static str, Kind)],
    statements: OnceLock<[Statements; 2]>,
}

#[derive(Debug)]
struct Statements {
    put: String,
    remove: String,
}

impl Table {
    /// A table with its key columns first.
    pub const fn new(
        name: &'static str,
        key: usize,
        columns: &'static [(&'static str, Kind)],
    ) -> Self {
        Self { name, key, columns, statements: OnceLock::new() }
    }

    fn statements(&self, engine: Engine) -> &Statements {
        let both = self.statements.get_or_init(|| {
            [self.statements_for(Engine::Sqlite), self.statements_for(Engine::Postgres)]
        });
        match engine {
            Engine::Sqlite => &both[0],
            Engine::Postgres => &both[1],
        }
    }

    /// Upserts every row of a JSON array of arrays, bound as `$1`.
    pub fn put(&self, engine: Engine) -> &str {
        &self.statements(engine).put
    }

    /// Deletes every row whose key stands in a JSON array of arrays, bound as `$1`.
    pub fn remove(&self, engine: Engine) -> &str {
        &self.statements(engine).remove
    }

    fn statements_for(&self, engine: Engine) -> Statements {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let (key, rest) = names.split_at(self.key);
        let values: Vec<String> =
            self.columns.iter().enumerate().map(|(i, (_, kind))| pick(engine, i, *kind)).collect();
        let source = match engine {
            Engine::Sqlite => "json_each($1)",
            Engine::Postgres => "jsonb_array_elements(CAST($1 AS jsonb)) AS given(value)",
        };
        let mut put = format!(
            "INSERT INTO {} ({}) SELECT {} FROM {source} WHERE true ON CONFLICT ({}) ",
            self.name,
            names.join(", "),
            values.join(", "),
            key.join(", "),
        );
        if rest.is_empty() {
            put.push_str("DO NOTHING");
        } else {
            let set: Vec<String> = rest.iter().map(|c| format!("{c} = excluded.{c}")).collect();
            let _ = write!(put, "DO UPDATE SET {}", set.join(", "));
        }
        let key_values: Vec<&str> = values.iter().take(self.key).map(String::as_str).collect();
        let remove = format!(
            "DELETE FROM {} WHERE ({}) IN (SELECT {} FROM {source})",
            self.name,
            key.join(", "),
            key_values.join(", "),
        );
        Statements { put, remove }
    }
}

fn pick(engine: Engine, index: usize, kind: Kind) -> String {
    match (engine, kind) {
        (Engine::Sqlite, _) => format!("json_extract(value, '$[{index}]')"),
        (Engine::Postgres, Kind::Text) => format!("value->>{index}"),
        (Engine::Postgres, Kind::Int) => format!("CAST(value->>{index} AS BIGINT)"),
        (Engine::Postgres, Kind::Real) => format!("CAST(value->>{index} AS DOUBLE PRECISION)"),
    }
}

/// A column that is made from other rows: after all rows of a batch were put, it is made anew where a key names it, so
/// that it never holds what was true before.
#[derive(Debug)]
pub struct Refresh {
    /// Its name.
    pub name: &'static str,
    sql: &'static str,
    statements: OnceLock<[String; 2]>,
}

impl Refresh {
    /// `sql` is an UPDATE in which `{keys}` stands for the keys, as a query of one column.
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, statements: OnceLock::new() }
    }

    fn statement(&self, engine: Engine) -> &str {
        let [sqlite, postgres] = self.statements.get_or_init(|| {
            [
                "SELECT value FROM json_each($1)",
                "SELECT jsonb_array_elements_text(CAST($1 AS jsonb))",
            ]
            .map(|keys| self.sql.replace("{keys}", keys))
        });
        match engine {
            Engine::Sqlite => sqlite,
            Engine::Postgres => postgres,
        }
    }
}

/// Row changes of a batch; of several changes of one row the last one counts.
#[derive(Debug, Default)]
pub struct Rows {
    tables: BTreeMap<&'static str, TableRows>,
    refreshed: BTreeMap<&'static str, (&'static Refresh, BTreeSet<String>)>,
}

#[derive(Debug)]
struct TableRows {
    table: &'static Table,
    changes: BTreeMap<String, (Vec<Value>, bool)>,
}

impl Rows {
    /// Puts a row: values in the order of the table's columns.
    pub fn put<const N: usize>(&mut self, table: &'static Table, values: [Value; N]) {
        self.change(table, values.into(), true);
    }

    /// Removes the row with this key.
    pub fn remove<const N: usize>(&mut self, table: &'static Table, key: [Value; N]) {
        self.change(table, key.into(), false);
    }

    /// Makes a column anew for this key, once all rows are put.
    pub fn refresh(&mut self, what: &'static Refresh, key: &str) {
        let (_, keys) = self.refreshed.entry(what.name).or_insert_with(|| (what, BTreeSet::new()));
        keys.insert(key.to_owned());
    }

    fn change(&mut self, table: &'static Table, values: Vec<Value>, put: bool) {
        let mut key = String::new();
        for value in values.iter().take(table.key) {
            match value {
                Value::String(text) => key.push_str(text),
                other => {
                    let _ = write!(key, "{other}");
                }
            }
            key.push('\u{1f}');
        }
        self.tables
            .entry(table.name)
            .or_insert_with(|| TableRows { table, changes: BTreeMap::new() })
            .changes
            .insert(key, (values, put));
    }

    /// Statements with their JSON text, in a fixed order of tables, so that two writers never lock crosswise.
    pub fn statements(&self, engine: Engine) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        for rows in self.tables.values() {
            let of = |wanted: bool| {
                let chosen: Vec<&Vec<Value>> = rows
                    .changes
                    .values()
                    .filter(|(_, put)| *put == wanted)
                    .map(|(values, _)| values)
                    .collect();
                // Rows hold only strings, numbers and nulls: they always serialise.
                (!chosen.is_empty()).then(|| serde_json::to_string(&chosen).unwrap_or_default())
            };
            let table: &'static Table = rows.table;
            if let Some(text) = of(false) {
                all.push((table.remove(engine), text));
            }
            if let Some(text) = of(true) {
                all.push((table.put(engine), text));
            }
        }
        for (refresh, keys) in self.refreshed.values() {
            let refresh: &'static Refresh = refresh;
            all.push((refresh.statement(engine), serde_json::to_string(keys).unwrap_or_default()));
        }
        all
    }
}

/// Microseconds as a value.
pub fn us(at: jiff::Timestamp) -> Value {
    at.as_microsecond().into()
}

/// Microseconds as a value, or null.
pub fn us_or_null(at: Option<jiff::Timestamp>) -> Value {
    at.map_or(Value::Null, us)
}

/// Text as a value, or null.
pub fn text_or_null(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

/// A thing as a JSON text in a `doc` column. Our own types always serialise; should one not, the row says null and
/// reading it fails loudly.
pub fn doc<T: serde::Serialize>(thing: &T) -> Value {
    Value::String(serde_json::to_string(thing).unwrap_or_else(|_| "null".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    static T: Table = Table::new("t", 1, &[("id", Kind::Text), ("n", Kind::Int)]);

    #[test]
    fn of_two_changes_of_one_row_the_last_one_counts() {
        let mut rows = Rows::default();
        rows.put(&T, [json!("a"), json!(1)]);
        rows.put(&T, [json!("a"), json!(2)]);
        rows.put(&T, [json!("b"), json!(3)]);
        rows.remove(&T, [json!("b")]);
        let statements = rows.statements(Engine::Sqlite);
        let texts: Vec<&str> = statements.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, [r#"[["b"]]"#, r#"[["a",2]]"#]);
    }

    #[test]
    fn what_is_made_from_other_rows_is_made_after_all_of_them() {
        static R: Refresh = Refresh::new("r", "UPDATE t SET n = 1 WHERE id IN ({keys})");
        let mut rows = Rows::default();
        rows.refresh(&R, "b");
        rows.refresh(&R, "a");
        rows.refresh(&R, "a");
        rows.put(&T, [json!("a"), json!(1)]);
        let statements = rows.statements(Engine::Sqlite);
        assert_eq!(
            statements.last().unwrap(),
            &(
                "UPDATE t SET n = 1 WHERE id IN (SELECT value FROM json_each($1))",
                r#"["a","b"]"#.to_owned()
            )
        );
        assert_eq!(statements.len(), 2);
    }

    #[test]
    fn both_engines_get_one_statement_for_many_rows() {
        assert_eq!(
            T.put(Engine::Sqlite),
            "INSERT INTO t (id, n) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each($1) WHERE true ON CONFLICT (id) DO UPDATE SET n = excluded.n"
        );
        assert!(T.put(Engine::Postgres).contains("CAST(value->>1 AS BIGINT)"));
        assert_eq!(
            T.remove(Engine::Sqlite),
            "DELETE FROM t WHERE (id) IN (SELECT json_extract(value, '$[0]') FROM json_each($1))"
        );
    }
}
