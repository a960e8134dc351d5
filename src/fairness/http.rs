//! `GET /dispatch/fairness`: the counters of everybody over some days, and one technician's among them for their own page.

use actix_web::{HttpResponse, web};
use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, ToSpan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::count::{EVENING_FROM, FAR_MIN, Measure, Share, share};
use super::store;
use crate::board::plan::{day_of, today};
use crate::error::Problem;
use crate::house::House;
use crate::input::Asked;

/// Days at once.
const DAYS_MAX: i64 = 186;
/// Weeks that are counted where nobody says which, the present one among them.
const WEEKS: i64 = 4;

/// `?from=&to=`, both days counted; four weeks with the present one where left out.
#[derive(Deserialize)]
pub struct FairnessQuery {
    from: Option<Date>,
    to: Option<Date>,
}

/// Everybody's share.
#[derive(Debug, Serialize, ToSchema)]
pub struct FairnessAnswer {
    /// First day.
    #[schema(value_type = String)]
    pub from: Date,
    /// Last day.
    #[schema(value_type = String)]
    pub to: Date,
    /// When the evening begins.
    pub evening_from: String,
    /// Minutes of driving from home from which a job is far.
    pub far_min: i64,
    /// Technicians by name.
    pub items: Vec<Share>,
}

/// Four weeks up to the present one's Sunday.
///
/// # Errors
/// Where the calendar ends.
pub fn usual_days(house: &House) -> Result<(Date, Date), Problem> {
    let end = |_| Problem::invalid("/from", "There are no such days.");
    let today = today(house);
    let since = today.weekday().since(Weekday::Monday);
    let monday = today.checked_sub(i64::from(since).days()).map_err(end)?;
    let from = monday.checked_sub((WEEKS - 1).weeks()).map_err(end)?;
    Ok((from, monday.checked_add(6.days()).map_err(end)?))
}

/// Everybody's share of these days.
///
/// # Errors
/// When the rows cannot be read.
pub async fn shares(house: &House, from: Date, to: Date) -> Result<Vec<Share>, Problem> {
    let (start, end) = (day_of(house, from)?.start, day_of(house, to)?.end);
    let mut moment = house.moment().await?;
    let crew = crate::technicians::store::all(&mut moment).await?;
    let visits = store::visits(&mut moment, start, end).await?;
    drop(moment);
    let policy = &house.policy;
    let by = Measure { zone: &policy.zone, holidays: &policy.holidays, travel: &house.knowledge };
    Ok(crew.iter().map(|known| share(&known.technician, &visits, &by)).collect())
}

/// GET /dispatch/fairness
///
/// # Errors
/// 422 for days in the wrong order, or too many.
pub async fn fairness(
    house: web::Data<House>,
    query: Asked<FairnessQuery>,
) -> Result<HttpResponse, Problem> {
    let usual = usual_days(&house)?;
    let (from, to) = (query.from.unwrap_or(usual.0), query.to.unwrap_or(usual.1));
    let long = SignedDuration::from_hours(24 * DAYS_MAX);
    if to < from || to.duration_since(from) > long {
        let why = format!("Ask for 1 to {DAYS_MAX} days, the first one first.");
        return Err(Problem::invalid("/to", why));
    }
    let items = shares(&house, from, to).await?;
    let evening_from = EVENING_FROM.strftime("%H:%M").to_string();
    Ok(HttpResponse::Ok().json(FairnessAnswer { from, to, evening_from, far_min: FAR_MIN, items }))
}
