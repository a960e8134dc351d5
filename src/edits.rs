//! Edits with a version: fields given over fields held, and what the one who lost a race is told. Whether an edit may
//! stand is decided by the rooms, and the version is compared in the commit.

use actors::engine::journal::{Journal, Since};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::{Problem, read_json};
use crate::house::House;

/// Applies an edit: fields given replace fields held; `version` is what the editor saw.
///
/// # Errors
/// 422 naming the field.
pub fn edited<T: Serialize + DeserializeOwned>(
    held: &T,
    edit: Value,
) -> Result<(T, Option<i64>), Problem> {
    let Value::Object(edit) = edit else {
        return Err(Problem::invalid("", "An edit is a JSON object."));
    };
    let mut whole = serde_json::to_value(held).map_err(|_| Problem::internal())?;
    let mut version = None;
    for (name, value) in edit {
        if name == "version" {
            let number = value.as_i64();
            version =
                Some(number.ok_or_else(|| Problem::invalid("/version", "A version is a number."))?);
        } else if let Some(fields) = whole.as_object_mut() {
            fields.insert(name, value);
        }
    }
    let text = serde_json::to_vec(&whole).map_err(|_| Problem::internal())?;
    Ok((read_json(&text)?, version))
}

/// A lost race with who won it and when, where the journal still tells: `changed_by` (the account), `changed_by_name` (the
/// person, where it is one) and `changed_at`.
pub async fn with_author(house: &House, problem: Problem, version: i64) -> Problem {
    match house.journal.since(version - 1, 1).await {
        Ok(Since::Events(events)) => match events.first().filter(|entry| entry.seq == version) {
            Some(entry) => {
                let problem = problem
                    .with("changed_by", entry.by.as_ref().into())
                    .with("changed_at", entry.at.to_string().into());
                match crate::auth::names::name_of(house, &entry.by).await {
                    Some(name) => problem.with("changed_by_name", name.into()),
                    None => problem,
                }
            }
            None => problem,
        },
        _ => problem,
    }
}

/// The same, with what stands now as `current`.
pub async fn with_current<T: Serialize>(
    house: &House,
    problem: Problem,
    now: &T,
    version: i64,
) -> Problem {
    with_author(house, problem, version).await.with("current", json!(now))
}
