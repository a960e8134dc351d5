//! Jobs by the number that people say: the whole of it, or so many of its last letters and digits.

use actors::engine::refusal::Language;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{STANDING, Standing, standing};

/// Letters and digits of an end that is looked for.
const END_CHARS_MIN: usize = 4;
/// Jobs that are looked at: of more than one none is meant.
const FOUND_MAX: usize = 2;

/// The question for a whole number (`$1`), its end as a pattern (`$2`) and the last letters and digits of that (`$3`; none where it
/// is no end). Each part of it is answered by an index.
pub fn numbered() -> String {
    format!(
        "{STANDING} WHERE j.id IN (
           SELECT id FROM jobs WHERE id = $1
           UNION SELECT id FROM jobs WHERE LOWER(external_id) = $1
           UNION SELECT id FROM jobs WHERE SUBSTR(id, LENGTH(id) - 3) = $3 AND id LIKE $2
           UNION SELECT id FROM jobs
             WHERE LOWER(SUBSTR(external_id, LENGTH(external_id) - 3)) = $3 AND LOWER(external_id) LIKE $2)
           AND COALESCE(s.status, 'unassigned') IN ('unassigned', 'planned')
         ORDER BY CASE WHEN j.id = $1 OR LOWER(j.external_id) = $1 THEN 0 ELSE 1 END, j.id LIMIT {FOUND_MAX}"
    )
}

/// Jobs to place or to move whose number is `number`, in lower case; where there is none, those whose number ends so.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_number(
    connection: &mut AnyConnection,
    company: Language,
    number: &str,
) -> Result<Vec<Standing>, sqlx::Error> {
    // Letters and digits alone: nothing in an end stands for anything else.
    let tail = number.len().checked_sub(END_CHARS_MIN).map(|from| number.get(from..));
    let tail = tail.flatten().filter(|_| number.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let rows = sqlx::query(AssertSqlSafe(numbered()))
        .bind(number.to_owned())
        .bind(format!("%{number}"))
        .bind(tail.map(str::to_owned))
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
