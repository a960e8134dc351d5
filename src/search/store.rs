//! The texts that people search in: made from what is known, kept by the journal, read in one pass. A location is
//! found by its customer's words too, a job by those of both.

use actors::customers::protocol::{Customer, Location};
use actors::jobs::protocol::Job;
use actors::technicians::protocol::Technician;
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row};

use crate::journal::database::Engine;
use crate::journal::projection::parsed;
use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Refresh, Rows, Table};
use crate::search::fold::{self, Word, field, joined, number};

/// Candidates of one kind that are looked at; of more, the latest are.
const CANDIDATES_MAX: i64 = 400;
/// Rows that are folded anew in one statement.
const AT_ONCE: i64 = 1_000;

static JOB_SEARCH: Table = Table::new(
    "job_search",
    1,
    &[
        ("job_id", Text),
        ("customer_id", Text),
        ("location_id", Text),
        ("own", Text),
        ("text", Text),
    ],
);

macro_rules! job_texts {
    ($column:literal) => {
        Refresh::new(
            concat!("job_search by ", $column),
            concat!(
                "UPDATE job_search SET text = own
                 || COALESCE((SELECT c.search FROM customers c WHERE c.id = job_search.customer_id), '||||')
                 || COALESCE((SELECT l.search FROM locations l WHERE l.id = job_search.location_id), '||')
                 WHERE ",
                $column,
                " IN ({keys})"
            ),
        )
    };
}
static BY_JOB: Refresh = job_texts!("job_id");
static BY_CUSTOMER: Refresh = job_texts!("customer_id");
static BY_LOCATION: Refresh = job_texts!("location_id");

fn own(text: Option<&str>) -> String {
    field(text.unwrap_or(""))
}

/// A technician's text, in the order of `rank::TECHNICIAN`.
pub fn of_technician(technician: &Technician) -> String {
    joined([
        field(&technician.name),
        number(Some(&technician.phone)),
        own(technician.email.as_deref()),
        own(technician.external_id.as_deref()),
    ])
}

/// A customer's text, in the order of `rank::CUSTOMER`.
pub fn of_customer(customer: &Customer) -> String {
    joined([
        field(&customer.name),
        number(customer.phone.as_deref()),
        own(customer.email.as_deref()),
        own(customer.external_id.as_deref()),
    ])
}

/// A location's own text, in the order of `rank::LOCATION`.
pub fn of_location(location: &Location) -> String {
    joined([field(&location.address), own(location.external_id.as_deref())])
}

/// Puts the text of a job; what belongs to its customer and location is taken from their rows.
pub fn put_job(job: &Job, rows: &mut Rows) {
    let own = joined([field(&job.title), own(job.external_id.as_deref())]);
    rows.put(
        &JOB_SEARCH,
        [
            job.id.as_str().into(),
            job.customer_id.as_str().into(),
            job.location_id.as_str().into(),
            own.as_str().into(),
            own.as_str().into(),
        ],
    );
    rows.refresh(&BY_JOB, job.id.as_str());
}

/// Makes the texts of a customer's jobs anew.
pub fn customer_changed(id: &str, rows: &mut Rows) {
    rows.refresh(&BY_CUSTOMER, id);
}

/// Makes the texts of a location's jobs anew.
pub fn location_changed(id: &str, rows: &mut Rows) {
    rows.refresh(&BY_LOCATION, id);
}

/// For each word, SQL that holds where `column` meets it; its patterns are bound from `first` on.
fn each_met<'w>(
    column: &'w str,
    first: usize,
    words: &'w [Word],
) -> impl Iterator<Item = String> + 'w {
    let mut next = first;
    words.iter().map(move |word| {
        let met: Vec<_> = word
            .patterns()
            .iter()
            .map(|_| {
                next += 1;
                format!("{column} LIKE ${}", next - 1)
            })
            .collect();
        format!("({})", met.join(" OR "))
    })
}

/// SQL that holds where `column` meets every word; its patterns are bound from `first` on.
pub fn condition(column: &str, first: usize, words: &[Word]) -> String {
    let met = each_met(column, first, words);
    met.reduce(|all, one| format!("{all} AND {one}")).unwrap_or_else(|| "1 = 1".to_owned())
}

/// The words that few texts meet first, as far as it can be told from them: numbers, then what is long. The database asks one
/// after the other and stops at the first that is not met.
fn sharpest_first(words: &[Word]) -> Vec<Word> {
    let mut sorted = words.to_vec();
    sorted.sort_by_key(|word| (!word.inside, std::cmp::Reverse(word.typed.len())));
    sorted
}

/// SQL that holds where a job meets every word, each in its own text, its customer's or its place's.
pub fn job_condition(first: usize, words: &[Word]) -> String {
    let own = each_met("own", first, words);
    let found = each_met("search", first, words);
    let each = own.zip(found).map(|(own, found)| {
        format!(
            "({own} OR customer_id IN (SELECT id FROM customers WHERE {found})
              OR location_id IN (SELECT id FROM locations WHERE {found}))"
        )
    });
    each.reduce(|all, one| format!("{all} AND {one}")).unwrap_or_else(|| "1 = 1".to_owned())
}

/// Binds what `condition` asks for.
pub fn bound<'q>(
    query: Query<'q, Any, AnyArguments>,
    words: &[Word],
) -> Query<'q, Any, AnyArguments> {
    words.iter().flat_map(Word::patterns).fold(query, |query, pattern| query.bind(pattern))
}

/// Something whose text meets every word.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// A job's status.
    pub status: Option<String>,
    /// When a job's visit starts, UTC microseconds.
    pub start_us: Option<i64>,
}

async fn candidates(
    connection: &mut AnyConnection,
    sql: String,
    words: &[Word],
) -> Result<Vec<Candidate>, sqlx::Error> {
    let query = sqlx::query(AssertSqlSafe(sql)).bind(CANDIDATES_MAX);
    let rows = bound(query, words).fetch_all(&mut *connection).await?;
    rows.iter()
        .map(|row| {
            Ok(Candidate {
                id: row.try_get("id")?,
                text: row.try_get("text")?,
                status: row.try_get("status")?,
                start_us: row.try_get("start_us")?,
            })
        })
        .collect()
}

const NO_STANDING: &str = "CAST(NULL AS TEXT) AS status, CAST(NULL AS BIGINT) AS start_us";

/// Customers whose text meets every word, the latest.
///
/// # Errors
/// When the database cannot be read.
pub async fn customers(
    connection: &mut AnyConnection,
    words: &[Word],
) -> Result<Vec<Candidate>, sqlx::Error> {
    let sql = format!(
        "SELECT c.id, c.search AS text, {NO_STANDING} FROM customers c WHERE {}
         ORDER BY c.id DESC LIMIT $1",
        condition("c.search", 2, words)
    );
    candidates(connection, sql, words).await
}

/// Locations whose text, with their customer's, meets every word, the latest.
///
/// # Errors
/// When the database cannot be read.
pub async fn locations(
    connection: &mut AnyConnection,
    words: &[Word],
) -> Result<Vec<Candidate>, sqlx::Error> {
    // What meets the customer's words alone is that customer, not a place.
    let own = each_met("l.search", 2, words);
    let own = own.reduce(|all, one| format!("{all} OR {one}")).unwrap_or_else(|| "1 = 1".into());
    let sql = format!(
        "SELECT l.id, l.search || COALESCE(c.search, '||||') AS text, {NO_STANDING}
         FROM locations l LEFT JOIN customers c ON c.id = l.customer_id
         WHERE ({own}) AND {} ORDER BY l.id DESC LIMIT $1",
        condition("(l.search || COALESCE(c.search, ''))", 2, words)
    );
    candidates(connection, sql, words).await
}

/// Jobs whose text meets every word, the latest.
///
/// # Errors
/// When the database cannot be read.
pub async fn jobs(
    connection: &mut AnyConnection,
    words: &[Word],
) -> Result<Vec<Candidate>, sqlx::Error> {
    let words = &sharpest_first(words);
    let sql = format!(
        "SELECT f.job_id AS id, t.text, s.status, s.start_us FROM (SELECT job_id
         FROM job_search WHERE {} ORDER BY job_id DESC LIMIT $1) f
         JOIN job_search t ON t.job_id = f.job_id
         LEFT JOIN job_status s ON s.job_id = f.job_id ORDER BY f.job_id DESC",
        job_condition(2, words)
    );
    candidates(connection, sql, words).await
}

/// Folds every text anew where this program folds otherwise than the one that made them. Written in one transaction,
/// so that a start that is cut off begins again.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn make_anew(connection: &mut AnyConnection, engine: Engine) -> Result<(), sqlx::Error> {
    let made: i64 = sqlx::query("SELECT epoch FROM counters WHERE name = 'search'")
        .fetch_one(&mut *connection)
        .await?
        .try_get(0)?;
    if made == fold::VERSION {
        return Ok(());
    }
    sqlx::query("BEGIN").execute(&mut *connection).await?;
    let done = fold_all(connection, engine).await;
    let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    sqlx::query(AssertSqlSafe(end)).execute(&mut *connection).await?;
    done
}

async fn fold_all(connection: &mut AnyConnection, engine: Engine) -> Result<(), sqlx::Error> {
    use crate::customers::store::{put, put_location};
    each(connection, engine, "customers", |row, rows| {
        put(&parsed::<Customer>(row, "doc")?, rows);
        Ok(())
    })
    .await?;
    each(connection, engine, "locations", |row, rows| {
        put_location(&parsed::<Location>(row, "doc")?, rows);
        Ok(())
    })
    .await?;
    // Last: they are made from the texts of the others.
    each(connection, engine, "jobs", |row, rows| {
        put_job(&parsed::<Job>(row, "doc")?, rows);
        Ok(())
    })
    .await?;
    sqlx::query("UPDATE counters SET epoch = $1 WHERE name = 'search'")
        .bind(fold::VERSION)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

async fn each(
    connection: &mut AnyConnection,
    engine: Engine,
    table: &str,
    put: impl Fn(&sqlx::any::AnyRow, &mut Rows) -> Result<(), sqlx::Error>,
) -> Result<(), sqlx::Error> {
    let mut after = String::new();
    loop {
        let sql = format!("SELECT id, doc FROM {table} WHERE id > $1 ORDER BY id LIMIT $2");
        let found = sqlx::query(AssertSqlSafe(sql))
            .bind(after)
            .bind(AT_ONCE)
            .fetch_all(&mut *connection)
            .await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = last.try_get("id")?;
        let mut rows = Rows::default();
        for row in &found {
            put(row, &mut rows)?;
        }
        for (statement, text) in rows.statements(engine) {
            // Made from our own table definitions, never from input.
            sqlx::query(AssertSqlSafe(statement)).bind(text).execute(&mut *connection).await?;
        }
    }
}
