//! `GET /dispatch/rows`: some technicians' shifts and drives, for a screen that has the rest of the board.

use actix_web::{HttpResponse, web};
use jiff::civil::Date;
use serde::Deserialize;

use crate::board::http::days_asked;
use crate::board::plan::today;
use crate::error::Problem;
use crate::house::House;
use crate::input::Asked;

/// Technicians in one question.
const ROWS_MAX: usize = 100;

/// `?technicians=&date=&days=`
#[derive(Deserialize)]
pub struct RowsQuery {
    technicians: String,
    date: Option<Date>,
    days: Option<i64>,
}

/// GET /dispatch/rows
///
/// # Errors
/// 422 for a bad day, or for too many technicians.
pub async fn rows(
    house: web::Data<House>,
    query: Asked<RowsQuery>,
) -> Result<HttpResponse, Problem> {
    let date = query.date.unwrap_or_else(|| today(&house));
    let days = days_asked(query.days)?;
    let mut ids: Vec<&str> = query.technicians.split(',').filter(|id| !id.is_empty()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > ROWS_MAX {
        let words = format!("Name 1 to {ROWS_MAX} technicians.");
        return Err(Problem::invalid("/technicians", words));
    }
    Ok(HttpResponse::Ok().json(crate::board::rows::rows(&house, &ids, date, days).await?))
}
