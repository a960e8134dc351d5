//! `GET /dispatch/calendar`: the days of a month at a glance.

use actix_web::{HttpResponse, web};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::board::calendar::{CalendarDay, calendar as days_of};
use crate::error::Problem;
use crate::house::House;
use crate::input::Asked;

/// Days in one question: two months and what stands beside them on the page.
const DAYS_MAX: i32 = 70;

/// `?from=&to=`
#[derive(Deserialize)]
pub struct CalendarQuery {
    from: Date,
    to: Date,
}

/// The days that were asked for, each of them, in order.
#[derive(Serialize, ToSchema)]
pub struct CalendarAnswer {
    /// Days.
    pub days: Vec<CalendarDay>,
}

/// GET /dispatch/calendar
///
/// # Errors
/// 422 for days in the wrong order, or too many.
pub async fn calendar(
    house: web::Data<House>,
    query: Asked<CalendarQuery>,
) -> Result<HttpResponse, Problem> {
    let count = (query.to - query.from).get_days();
    if !(0..DAYS_MAX).contains(&count) {
        let words = format!("Ask for 1 to {DAYS_MAX} days, the first one first.");
        return Err(Problem::invalid("/to", words));
    }
    let days = days_of(&house, query.from, query.to).await?;
    Ok(HttpResponse::Ok().json(CalendarAnswer { days }))
}
