//! Paths of customers and locations.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::customers::protocol::{Command, Customer, Location};
use actors::engine::refusal::Language;
use actors::engine::shell::{AskError, Circumstances};
use actors::ids::{CustomerId, LocationId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::customers::store;
use crate::edits::{edited, with_current};
use crate::error::{Body, Problem};
use crate::house::House;
use crate::input::{self, Asked, Create, Page, listed};
use crate::kept::store::Known;

/// A customer to register, or as edited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerInput {
    /// Name.
    pub name: String,
    /// Phone; normalised, country CA.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Language spoken with them; the company's where left out.
    #[serde(default)]
    pub language: Option<Language>,
    /// What the office should know.
    #[serde(default)]
    pub notes: Option<String>,
    /// Id in the system they came from.
    #[serde(default)]
    pub external_id: Option<String>,
}

/// A place of work to add, or as edited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocationInput {
    /// Whose.
    pub customer_id: CustomerId,
    /// In words.
    pub address: String,
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// How to get in.
    #[serde(default)]
    pub notes: Option<String>,
    /// Id in the system it came from.
    #[serde(default)]
    pub external_id: Option<String>,
}

/// `?search=` and the page.
#[derive(Deserialize)]
pub struct CustomersQuery {
    search: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// `?customer_id=` and the page.
#[derive(Deserialize)]
pub struct LocationsQuery {
    customer_id: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
}

fn customer(input: &CustomerInput, id: CustomerId) -> Result<Customer, Problem> {
    Ok(Customer {
        id,
        external_id: input::external_id(input.external_id.as_deref())?,
        name: input::said(&input.name, "/name")?,
        phone: input::phone_or_none(input.phone.as_deref(), "/phone")?,
        email: input::email_or_none(input.email.as_deref(), "/email")?,
        language: input.language,
        notes: input::notes(input.notes.as_deref(), "/notes")?,
    })
}

fn location(input: &LocationInput, id: LocationId) -> Result<Location, Problem> {
    input::point(input.lat, input.lon, "")?;
    Ok(Location {
        id,
        external_id: input::external_id(input.external_id.as_deref())?,
        customer_id: input.customer_id.clone(),
        address: input::said(&input.address, "/address")?,
        lat: input.lat,
        lon: input.lon,
        notes: input::notes(input.notes.as_deref(), "/notes")?,
    })
}

async fn known(house: &House, id: &str) -> Result<Known<Customer>, Problem> {
    let mut connection = house.read().await?;
    store::one(&mut connection, id).await?.ok_or_else(|| Problem::not_found("customer"))
}

async fn known_location(house: &House, id: &str) -> Result<Known<Location>, Problem> {
    let mut connection = house.read().await?;
    store::location(&mut connection, id).await?.ok_or_else(|| Problem::not_found("location"))
}

/// A customer as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn now(house: &House, id: &str) -> Result<Value, Problem> {
    Ok(json!(known(house, id).await?))
}

/// A location as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn location_now(house: &House, id: &str) -> Result<Value, Problem> {
    Ok(json!(known_location(house, id).await?))
}

/// POST /customers
///
/// # Errors
/// 422 naming the field.
pub async fn create(
    house: web::Data<House>,
    caller: Caller,
    body: Create<CustomerInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let id = CustomerId::new(house.clock.now(), house.entropy());
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let command = Command::Register(Box::new(customer(&input, id.clone())?));
            let why = Circumstances::by(name).with_inbox(inbox);
            house.rooms.customer(&id, command, why).await?;
            Ok((StatusCode::CREATED, now(&house, id.as_str()).await?))
        }
    })
    .await
}

/// GET /customers
///
/// # Errors
/// 422 for a bad page.
pub async fn list(
    house: web::Data<House>,
    query: Asked<CustomersQuery>,
) -> Result<HttpResponse, Problem> {
    let CustomersQuery { search, limit, cursor } = query.into_inner();
    let page = Page { limit, cursor };
    let limit = page.limit()?;
    let mut connection = house.read().await?;
    let rows = store::page(&mut connection, search.as_deref(), page.after(), limit).await?;
    Ok(listed(rows, limit, |known| known.thing.id.to_string()))
}

/// GET /customers/{id}
///
/// # Errors
/// 404.
pub async fn one(house: web::Data<House>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(known(&house, &id).await?))
}

/// PATCH /customers/{id}
///
/// # Errors
/// 404, 409 for an old version, 422 naming the field.
pub async fn edit(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let held = known(&house, &id).await?;
    let before = &held.thing;
    let input = CustomerInput {
        name: before.name.clone(),
        phone: before.phone.clone(),
        email: before.email.clone(),
        language: before.language,
        notes: before.notes.clone(),
        external_id: before.external_id.clone(),
    };
    let (input, version) = edited(&input, body.0)?;
    let after = Box::new(customer(&input, before.id.clone())?);
    let command = Command::Change { after, version: Some(version.unwrap_or(held.version)) };
    let why = Circumstances::by(caller.name);
    let done = house.rooms.customer(&before.id, command, why).await;
    answered(&house, done.map(|_| ()), &known(&house, before.id.as_str()).await?).await
}

/// The present state: as the answer, or beside the conflict with who was quicker.
async fn answered<T: Serialize>(
    house: &House,
    done: Result<(), AskError>,
    now: &Known<T>,
) -> Result<HttpResponse, Problem> {
    match done.map_err(Problem::from) {
        Ok(()) => Ok(HttpResponse::Ok().json(now)),
        Err(problem) if problem.status() == StatusCode::CONFLICT => {
            Err(with_current(house, problem, now, now.version).await)
        }
        Err(problem) => Err(problem),
    }
}

/// POST /locations
///
/// # Errors
/// 404 for an unknown customer, 422 naming the field.
pub async fn create_location(
    house: web::Data<House>,
    caller: Caller,
    body: Create<LocationInput>,
) -> Result<HttpResponse, Problem> {
    let (mut input, once) = body.split();
    let id = LocationId::new(house.clock.now(), house.entropy());
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let owner = unknown_customer(known(&house, input.customer_id.as_str()).await)?;
            input.customer_id = owner.thing.id;
            let place = location(&input, id.clone())?;
            let command = Command::AddLocation(Box::new(place));
            let why = Circumstances::by(name).with_inbox(inbox);
            house.rooms.customer(&input.customer_id, command, why).await?;
            Ok((StatusCode::CREATED, location_now(&house, id.as_str()).await?))
        }
    })
    .await
}

fn unknown_customer<T>(found: Result<T, Problem>) -> Result<T, Problem> {
    found.map_err(|problem| match problem.status() {
        StatusCode::NOT_FOUND => problem.pointer("/customer_id", "There is no such customer."),
        _ => problem,
    })
}

/// GET /locations
///
/// # Errors
/// 422 for a bad page.
pub async fn locations(
    house: web::Data<House>,
    query: Asked<LocationsQuery>,
) -> Result<HttpResponse, Problem> {
    let LocationsQuery { customer_id, limit, cursor } = query.into_inner();
    let page = Page { limit, cursor };
    let limit = page.limit()?;
    let mut connection = house.read().await?;
    let rows =
        store::locations(&mut connection, customer_id.as_deref(), page.after(), limit).await?;
    Ok(listed(rows, limit, |known| known.thing.id.to_string()))
}

/// GET /locations/{id}
///
/// # Errors
/// 404.
pub async fn one_location(
    house: web::Data<House>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(known_location(&house, &id).await?))
}

/// PATCH /locations/{id}
///
/// # Errors
/// 404, 409 for an old version, 422 naming the field.
pub async fn edit_location(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let held = known_location(&house, &id).await?;
    let before = &held.thing;
    let input = LocationInput {
        customer_id: before.customer_id.clone(),
        address: before.address.clone(),
        lat: before.lat,
        lon: before.lon,
        notes: before.notes.clone(),
        external_id: before.external_id.clone(),
    };
    let (input, version) = edited(&input, body.0)?;
    if input.customer_id != before.customer_id {
        return Err(Problem::invalid("/customer_id", "A location stays with its customer."));
    }
    let after = Box::new(location(&input, before.id.clone())?);
    let command = Command::ChangeLocation { after, version: Some(version.unwrap_or(held.version)) };
    let why = Circumstances::by(caller.name);
    let done = house.rooms.customer(&before.customer_id, command, why).await;
    answered(&house, done.map(|_| ()), &known_location(&house, before.id.as_str()).await?).await
}
