//! Several jobs as they stand, asked for at once: a stop's, an act's, those that others wait for.

use std::collections::HashMap;

use actors::engine::refusal::Language;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{STANDING, Standing, one, standing};

/// Ids in one question: well below what either engine binds.
const AT_ONCE: usize = 500;

/// Several jobs by id, in the order of the ids; unknown ones are left out.
///
/// # Errors
/// When the database cannot be read.
pub async fn several(
    connection: &mut AnyConnection,
    company: Language,
    ids: &[String],
) -> Result<Vec<Standing>, sqlx::Error> {
    let mut known: HashMap<String, Standing> = HashMap::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let marks: Vec<String> = (1..=some.len()).map(|number| format!("${number}")).collect();
        let sql = format!("{STANDING} WHERE j.id IN ({})", marks.join(", "));
        let asked = some.iter().fold(sqlx::query(AssertSqlSafe(sql)), |asked, id| asked.bind(id));
        for row in asked.fetch_all(&mut *connection).await? {
            let job = standing(&row, company)?;
            known.insert(job.job.id.to_string(), job);
        }
    }
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        match known.get(id) {
            Some(job) => all.push(job.clone()),
            // By the id of the system that it came from.
            None => all.extend(one(connection, company, id).await?),
        }
    }
    Ok(all)
}
