//! The path that finds an address.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::refusal::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::addresses::find::{Place, find};
use crate::error::Problem;
use crate::house::House;
use crate::input::Asked;

/// Places of an answer at most.
const LIMIT_MAX: usize = 20;
/// Places of an answer, unless asked otherwise.
const LIMIT: usize = 8;
/// Longest question, in characters.
const QUESTION_MAX: usize = 200;

/// `?q=&limit=&elsewhere=`
#[derive(Deserialize)]
pub struct AddressQuery {
    q: String,
    limit: Option<usize>,
    elsewhere: Option<bool>,
}

/// What was found, best first; all there is, so `next` is null.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressAnswer {
    /// At most `limit`.
    pub items: Vec<Place>,
    /// Always null.
    pub next: Option<String>,
    /// False where no address file was imported.
    pub imported: bool,
    /// Whom to thank for it, to be shown beside; null for the imported file.
    pub thanks: Option<&'static str>,
}

/// GET /addresses
///
/// # Errors
/// 422 for a limit or a question out of bounds.
pub async fn addresses(
    house: web::Data<House>,
    query: Asked<AddressQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = query.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::invalid("/limit", "1 to 20 places."));
    }
    if query.q.chars().count() > QUESTION_MAX {
        return Err(Problem::invalid("/q", "A question has at most 200 characters."));
    }
    if query.elsewhere == Some(true) {
        return elsewhere(&house, &query.q, limit).await;
    }
    let mut connection = house.read().await?;
    let near = (house.settings.headquarters.lat, house.settings.headquarters.lon);
    let items = find(&mut connection, &query.q, near, limit).await?;
    let imported = !items.is_empty() || crate::addresses::store::any(&mut connection).await?;
    Ok(HttpResponse::Ok().json(AddressAnswer { items, next: None, imported, thanks: None }))
}

/// Asks beyond the file, because a person asked for it.
async fn elsewhere(house: &House, question: &str, limit: usize) -> Result<HttpResponse, Problem> {
    let Some(api) = &house.elsewhere else {
        return Err(Problem::invalid("/elsewhere", "TOURNEE_NOMINATIM_URL is not set."));
    };
    let language = match house.policy.language {
        Language::Fr => "fr",
        Language::En => "en",
    };
    let spots = api.search(question.trim(), language).await.map_err(|fault| {
        tracing::warn!(%fault, "an address was not asked for elsewhere");
        let words = "The address server does not answer. Try again in a moment.";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "addresses.no_answer", words)
    })?;
    let items = spots.into_iter().take(limit).map(Place::from).collect();
    let thanks = Some("© OpenStreetMap contributors");
    Ok(HttpResponse::Ok().json(AddressAnswer { items, next: None, imported: true, thanks }))
}
