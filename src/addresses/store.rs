//! The rows of the address file, and the questions asked of them. Ids are made of what they name, so that the same
//! line gives the same row however often it is read.

use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::addresses::file::Address;
use crate::journal::database::Engine;
use crate::journal::rows::Kind::{Int, Real, Text};
use crate::journal::rows::{Rows, Table};
use crate::search::fold;

static STREETS: Table = Table::new(
    "address_streets",
    1,
    &[("id", Int), ("street", Text), ("municipality", Text), ("region", Text), ("search", Text)],
);
static WORDS: Table = Table::new("address_words", 2, &[("code", Int), ("street_id", Int)]);
static ADDRESSES: Table = Table::new(
    "addresses",
    1,
    &[
        ("id", Int),
        ("street_id", Int),
        ("number", Int),
        ("spelt", Text),
        ("unit", Text),
        ("postcode", Text),
        ("lat", Real),
        ("lon", Real),
    ],
);

/// Letters of a word that its code holds.
const LETTERS: u32 = 12;
/// Signs that a letter can be, with none.
const SIGNS: i64 = 38;
/// Addresses of some streets that a question looks at.
const ADDRESSES_MAX: i64 = 400;

/// A street of the file.
#[derive(Clone, Debug)]
pub struct Street {
    /// Its id.
    pub id: i64,
    /// Its name with its kind.
    pub street: String,
    /// Where it is.
    pub municipality: String,
    /// Province.
    pub region: String,
    /// Both, folded; fields are set apart by a bar.
    pub search: String,
}

/// A number on a street.
#[derive(Clone, Debug)]
pub struct Door {
    /// Of which street.
    pub street_id: i64,
    /// Its digits.
    pub number: i64,
    /// As it is spelt.
    pub spelt: String,
    /// Apartment.
    pub unit: String,
    /// Postal code.
    pub postcode: String,
    /// WGS 84.
    pub lat: f64,
    /// WGS 84.
    pub lon: f64,
}

/// A number that stands for some texts, the same at every reading; never negative.
fn named(parts: &[&str]) -> i64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let bytes: [u8; 8] = hash.finalize().first_chunk().copied().unwrap_or_default();
    i64::from_be_bytes(bytes) & i64::MAX
}

/// The codes of all words that begin with `word`: from the first to before the second.
pub fn codes(word: &str) -> (i64, i64) {
    let (mut code, mut letters) = (0_i64, 0);
    for sign in word.chars().take(LETTERS as usize) {
        let value = match sign {
            'a'..='z' => i64::from(u32::from(sign) - u32::from('a')) + 1,
            '0'..='9' => i64::from(u32::from(sign) - u32::from('0')) + 27,
            _ => 37,
        };
        code = code * SIGNS + value;
        letters += 1;
    }
    // 38 to the twelfth is just below 2 to the 63rd.
    let width = SIGNS.pow(LETTERS - letters);
    (code * width, (code * width).saturating_add(width))
}

/// Puts an address, its street, and the street's words.
pub fn put(address: &Address, rows: &mut Rows) {
    let search = fold::joined([fold::field(&address.street), fold::field(&address.municipality)]);
    let street_id = named(&[&search, &address.region]);
    let id = named(&[&street_id.to_string(), &address.spelt, &address.unit]);
    rows.put(
        &STREETS,
        [
            street_id.into(),
            address.street.as_str().into(),
            address.municipality.as_str().into(),
            address.region.as_str().into(),
            search.as_str().into(),
        ],
    );
    let postcode = fold::field(&address.postcode);
    for word in search.split([' ', fold::BAR]).chain(postcode.split(' ')) {
        if !word.is_empty() {
            rows.put(&WORDS, [codes(word).0.into(), street_id.into()]);
        }
    }
    rows.put(
        &ADDRESSES,
        [
            id.into(),
            street_id.into(),
            address.number.into(),
            address.spelt.as_str().into(),
            address.unit.as_str().into(),
            address.postcode.as_str().into(),
            address.lat.into(),
            address.lon.into(),
        ],
    );
}

/// How far an import of the file with this mark has come: lines that are done.
///
/// # Errors
/// When the database cannot be read.
pub async fn done(connection: &mut AnyConnection, mark: i64) -> Result<i64, sqlx::Error> {
    let row = sqlx::query("SELECT n FROM counters WHERE name = 'addresses' AND epoch = $1")
        .bind(mark)
        .fetch_optional(&mut *connection)
        .await?;
    row.map_or(Ok(0), |row| row.try_get(0))
}

/// Keeps rows, and that so many lines of the file with this mark are done, in one transaction.
///
/// # Errors
/// When the database cannot be written.
pub async fn keep(
    connection: &mut AnyConnection,
    engine: Engine,
    rows: &Rows,
    mark: i64,
    lines: i64,
) -> Result<(), sqlx::Error> {
    let begin = match engine {
        Engine::Sqlite => "BEGIN IMMEDIATE",
        Engine::Postgres => "BEGIN",
    };
    sqlx::query(begin).execute(&mut *connection).await?;
    let kept = write(connection, engine, rows, mark, lines).await;
    let end = if kept.is_ok() { "COMMIT" } else { "ROLLBACK" };
    sqlx::query(AssertSqlSafe(end)).execute(&mut *connection).await?;
    kept
}

async fn write(
    connection: &mut AnyConnection,
    engine: Engine,
    rows: &Rows,
    mark: i64,
    lines: i64,
) -> Result<(), sqlx::Error> {
    for (statement, text) in rows.statements(engine) {
        // Made from our own table definitions, never from input.
        sqlx::query(AssertSqlSafe(statement)).bind(text).execute(&mut *connection).await?;
    }
    sqlx::query("UPDATE counters SET epoch = $1, n = $2 WHERE name = 'addresses'")
        .bind(mark)
        .bind(lines)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

/// How many addresses and streets there are.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(connection: &mut AnyConnection) -> Result<(i64, i64), sqlx::Error> {
    let sql = "SELECT (SELECT COUNT(*) FROM addresses), (SELECT COUNT(*) FROM address_streets)";
    let row = sqlx::query(sql).fetch_one(&mut *connection).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// Whether an address file was imported.
///
/// # Errors
/// When the database cannot be read.
pub async fn any(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT id FROM address_streets LIMIT 1").fetch_optional(connection);
    Ok(row.await?.is_some())
}

/// Streets with a word that begins so, `limit` at most.
///
/// # Errors
/// When the database cannot be read.
pub async fn with_word(
    connection: &mut AnyConnection,
    word: &str,
    limit: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    let (from, to) = codes(word);
    let rows =
        sqlx::query("SELECT street_id FROM address_words WHERE code >= $1 AND code < $2 LIMIT $3")
            .bind(from)
            .bind(to)
            .bind(limit)
            .fetch_all(&mut *connection)
            .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

fn listed(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    ids.join(", ")
}

/// These streets.
///
/// # Errors
/// When the database cannot be read.
pub async fn streets(
    connection: &mut AnyConnection,
    ids: &[i64],
) -> Result<Vec<Street>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers of our own, never input.
    let sql = format!(
        "SELECT id, street, municipality, region, search FROM address_streets WHERE id IN ({})",
        listed(ids)
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            Ok(Street {
                id: row.try_get("id")?,
                street: row.try_get("street")?,
                municipality: row.try_get("municipality")?,
                region: row.try_get("region")?,
                search: row.try_get("search")?,
            })
        })
        .collect()
}

/// Doors on these streets whose number is `number`, or begins with its digits; the shortest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn doors(
    connection: &mut AnyConnection,
    streets: &[i64],
    number: i64,
) -> Result<Vec<Door>, sqlx::Error> {
    if streets.is_empty() {
        return Ok(Vec::new());
    }
    let longer = [10, 100, 1_000].map(|more| {
        let from = number.saturating_mul(more);
        format!(" OR number BETWEEN {from} AND {}", from.saturating_add(more - 1))
    });
    // Numbers of our own, never input.
    let sql = format!(
        "SELECT street_id, number, spelt, unit, postcode, lat, lon FROM addresses
         WHERE street_id IN ({}) AND (number = {number}{}) ORDER BY number, spelt, unit LIMIT $1",
        listed(streets),
        longer.concat()
    );
    let query = sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(ADDRESSES_MAX);
    let rows = query.fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            Ok(Door {
                street_id: row.try_get("street_id")?,
                number: row.try_get("number")?,
                spelt: row.try_get("spelt")?,
                unit: row.try_get("unit")?,
                postcode: row.try_get("postcode")?,
                lat: row.try_get("lat")?,
                lon: row.try_get("lon")?,
            })
        })
        .collect()
}

/// The door in the middle of a street's numbers: where the street is.
///
/// # Errors
/// When the database cannot be read.
pub async fn middle(
    connection: &mut AnyConnection,
    street: i64,
) -> Result<Option<(f64, f64)>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT lat, lon FROM addresses WHERE street_id = $1 ORDER BY number LIMIT 1
         OFFSET (SELECT COUNT(*) / 2 FROM addresses WHERE street_id = $1)",
    )
    .bind(street)
    .fetch_optional(&mut *connection)
    .await?;
    row.map(|row| Ok((row.try_get("lat")?, row.try_get("lon")?))).transpose()
}

/// A number that stands for a file: for what it begins with, and how long it is.
pub fn mark(beginning: &[u8], bytes: u64) -> i64 {
    named(&[&hex::encode(Sha256::digest(beginning)), &bytes.to_string()]).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_lies_among_those_that_begin_as_it_does_and_among_no_others() {
        let (from, to) = codes("fran");
        for word in ["fran", "franklin", "franz9", "franzzzzzzzzzzzz"] {
            assert!((from..to).contains(&codes(word).0), "{word}");
        }
        for word in ["fram", "frao", "fra", "frb", "1", "zzz"] {
            assert!(!(from..to).contains(&codes(word).0), "{word}");
        }
        let (from, to) = codes("zzzzzzzzzzzzzz");
        assert!(from > 0 && to > from, "the last word fits into a number");
        let other = "éééééééééééé";
        assert!(codes(other).0 > 0 && codes(other).1 > codes(other).0);
    }
}
