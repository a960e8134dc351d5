//! Jobs by the number that people say: the whole of it, or so many of its last letters and digits.

use actors::engine::refusal::Language;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{STANDING, Standing, standing};

/// Letters and digits of an end that is looked for.
const END_CHARS_MIN: usize = 4;
/// Jobs that are looked at: of more than one none is meant.
const FOUND_MAX: usize = 2;

/// Jobs to place or to move whose number is `number`, in lower case; where there is none, those whose number ends so.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_number(
    connection: &mut AnyConnection,
    company: Language,
    number: &str,
) -> Result<Vec<Standing>, sqlx::Error> {
    let has_end =
        number.len() >= END_CHARS_MIN && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // Letters and digits alone: nothing in it stands for anything else. Without an end nothing is like it: no number is empty.
    let end = if has_end { format!("%{number}") } else { String::new() };
    let sql = format!(
        "{STANDING} WHERE COALESCE(s.status, 'unassigned') IN ('unassigned', 'planned')
           AND (j.id LIKE $2 OR LOWER(j.external_id) LIKE $2 OR j.id = $1 OR LOWER(j.external_id) = $1)
         ORDER BY CASE WHEN j.id = $1 OR LOWER(j.external_id) = $1 THEN 0 ELSE 1 END, j.id LIMIT {FOUND_MAX}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(number.to_owned())
        .bind(end)
        .fetch_all(&mut *connection)
        .await?;
    let found: Vec<Standing> =
        rows.iter().map(|row| standing(row, company)).collect::<Result<_, _>>()?;
    let is_whole = |one: &&Standing| {
        let external = one.job.external_id.as_ref().map(|id| id.to_lowercase());
        one.job.id.as_str() == number || external.as_deref() == Some(number)
    };
    let whole: Vec<Standing> = found.iter().filter(is_whole).cloned().collect();
    Ok(if whole.is_empty() { found } else { whole })
}
