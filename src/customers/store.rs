//! Customers' and locations' rows: projected from events, loaded for their actors, read for lists.

use std::sync::Arc;

use actors::customers::CustomerRoom;
use actors::customers::protocol::{Customer, CustomerEvent, Location};
use actors::engine::journal::Seq;
use actors::engine::shell::{LoadError, Loader};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::journal::projection::parsed;
use crate::journal::rows::Kind::Text;
use crate::journal::rows::{Rows, Table, doc, text_or_null};
use crate::kept::store::{Known, known};
use crate::search::fold;
use crate::search::store::{self as texts, bound, condition};
use crate::shelves::{Shelves, position, unloadable};

static CUSTOMERS: Table = Table::new(
    "customers",
    1,
    &[
        ("id", Text),
        ("external_id", Text),
        ("name", Text),
        ("phone", Text),
        ("search", Text),
        ("doc", Text),
    ],
);

static LOCATIONS: Table = Table::new(
    "locations",
    1,
    &[("id", Text), ("external_id", Text), ("customer_id", Text), ("search", Text), ("doc", Text)],
);

/// Puts the rows that an event changes.
pub fn project(event: &CustomerEvent, rows: &mut Rows) {
    match event {
        CustomerEvent::CustomerRegistered { after } => put(after, rows),
        CustomerEvent::CustomerChanged { before, after } => {
            put(after, rows);
            if texts::of_customer(before) != texts::of_customer(after) {
                texts::customer_changed(after.id.as_str(), rows);
            }
        }
        CustomerEvent::CustomerUnregistered { customer } => {
            rows.remove(&CUSTOMERS, [customer.id.as_str().into()]);
        }
        CustomerEvent::LocationRemoved { location } => {
            rows.remove(&LOCATIONS, [location.id.as_str().into()]);
        }
        CustomerEvent::LocationAdded { after } => put_location(after, rows),
        CustomerEvent::LocationChanged { before, after } => {
            put_location(after, rows);
            if texts::of_location(before) != texts::of_location(after) {
                texts::location_changed(after.id.as_str(), rows);
            }
        }
    }
}

/// Puts a customer's row.
pub fn put(after: &Customer, rows: &mut Rows) {
    rows.put(
        &CUSTOMERS,
        [
            after.id.as_str().into(),
            text_or_null(after.external_id.as_deref()),
            after.name.as_str().into(),
            text_or_null(after.phone.as_deref()),
            texts::of_customer(after).into(),
            doc(after),
        ],
    );
}

/// Puts a location's row.
pub fn put_location(after: &Location, rows: &mut Rows) {
    rows.put(
        &LOCATIONS,
        [
            after.id.as_str().into(),
            text_or_null(after.external_id.as_deref()),
            after.customer_id.as_str().into(),
            texts::of_location(after).into(),
            doc(after),
        ],
    );
}

const CUSTOMER: &str =
    "SELECT c.doc, h.version FROM customers c LEFT JOIN heads h ON h.entity = c.id";
const LOCATION: &str =
    "SELECT l.doc, h.version FROM locations l LEFT JOIN heads h ON h.entity = l.id";

/// One customer, by our id or, where no other has that id, the one of the system they came from.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<Known<Customer>>, sqlx::Error> {
    let row = sqlx::query(AssertSqlSafe(format!(
        "{CUSTOMER} WHERE c.id = $1 OR c.external_id = $1
         ORDER BY CASE WHEN c.id = $1 THEN 0 ELSE 1 END, c.id LIMIT 1"
    )))
    .bind(id.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    row.as_ref().map(known).transpose()
}

/// The customer with this number, if there is one.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_phone(
    connection: &mut AnyConnection,
    phone: &str,
) -> Result<Option<Customer>, sqlx::Error> {
    let row = sqlx::query("SELECT doc FROM customers WHERE phone = $1 ORDER BY id LIMIT 1")
        .bind(phone.to_owned())
        .fetch_optional(&mut *connection)
        .await?;
    row.as_ref().map(|row| parsed(row, "doc")).transpose()
}

/// A page of customers after an id; `search` looks in name, number, e-mail, addresses and ids.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(
    connection: &mut AnyConnection,
    search: Option<&str>,
    after: &str,
    limit: i64,
) -> Result<Vec<Known<Customer>>, sqlx::Error> {
    let words = search.map(fold::words).unwrap_or_default();
    let wanted = match search.map(str::trim) {
        None | Some("") => "(CAST($3 AS TEXT) IS NULL OR 1 = 1)".to_owned(),
        // A question of punctuation alone asks for nothing that is here; it may still be an id.
        Some(_) => format!(
            "(c.id = $3 OR c.external_id = $3 OR ({some} AND (({own}) OR EXISTS (SELECT 1
             FROM locations l WHERE l.customer_id = c.id AND {both}))))",
            some = if words.is_empty() { "1 = 0" } else { "1 = 1" },
            own = condition("c.search", 4, &words),
            both = condition("(c.search || l.search)", 4, &words),
        ),
    };
    let sql = format!("{CUSTOMER} WHERE c.id > $1 AND {wanted} ORDER BY c.id LIMIT $2");
    let query = sqlx::query(AssertSqlSafe(sql))
        .bind(after.to_owned())
        .bind(limit)
        .bind(search.map(|text| text.trim().to_owned()));
    let rows = bound(query, &words).fetch_all(&mut *connection).await?;
    rows.iter().map(known).collect()
}

/// One location, by our id or the one of the system it came from.
///
/// # Errors
/// When the database cannot be read.
pub async fn location(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<Known<Location>>, sqlx::Error> {
    let row = sqlx::query(AssertSqlSafe(format!(
        "{LOCATION} WHERE l.id = $1 OR l.external_id = $1
         ORDER BY CASE WHEN l.id = $1 THEN 0 ELSE 1 END, l.id LIMIT 1"
    )))
    .bind(id.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    row.as_ref().map(known).transpose()
}

/// A page of locations after an id, of one customer or of all.
///
/// # Errors
/// When the database cannot be read.
pub async fn locations(
    connection: &mut AnyConnection,
    customer: Option<&str>,
    after: &str,
    limit: i64,
) -> Result<Vec<Known<Location>>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{LOCATION} WHERE l.id > $1 AND (CAST($2 AS TEXT) IS NULL OR l.customer_id = $2)
         ORDER BY l.id LIMIT $3"
    )))
    .bind(after.to_owned())
    .bind(customer.map(str::to_owned))
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    rows.iter().map(known).collect()
}

impl Loader<CustomerRoom> for Shelves {
    fn load(&self, key: Arc<str>) -> BoxFuture<'_, Result<(CustomerRoom, Seq), LoadError>> {
        async move {
            let mut now = self.database.moment().await.map_err(unloadable)?;
            let position = position(&mut now).await.map_err(unloadable)?;
            let customer = one(&mut now, &key).await.map_err(unloadable)?;
            let places = locations(&mut now, Some(&key), "", 10_000).await.map_err(unloadable)?;
            let room = CustomerRoom {
                customer: customer.map(|known| Box::new(known.thing)),
                locations: places
                    .into_iter()
                    .map(|known| (known.thing.id.clone(), known.thing))
                    .collect(),
            };
            Ok((room, position))
        }
        .boxed()
    }
}
