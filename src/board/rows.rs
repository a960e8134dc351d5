//! Some technicians' rows of the board, read anew: their shifts, their absences and the drive before each visit. For screens that
//! have the board and heard that these rows changed. Never decides, never tells.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::board::view::{busy_in, drives, on_board, range_of, shifts};
use crate::error::Problem;
use crate::house::House;
use actors::board::snapshot::point;

/// The rows of `ids` over `days` days from `date` on; unknown ids are left out.
///
/// # Errors
/// When the database cannot be read, or the days do not exist.
pub async fn rows(house: &House, ids: &[&str], date: Date, days: i64) -> Result<Value, Problem> {
    let (range, last) = range_of(house, date, days)?;
    let (from, to) = (range.start.as_microsecond(), range.end.as_microsecond());
    let mut moment = house.moment().await?;
    let seq = crate::shelves::position(&mut moment).await?;
    let mut read = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(known) = crate::technicians::store::one(&mut moment, id).await? else { continue };
        let language = house.policy.language;
        let route = crate::jobs::store::route(&mut moment, language, id, from, to).await?;
        read.push((known.technician, route));
    }
    drop(moment);
    let untold = HashMap::new();
    let items: Vec<Value> = read
        .into_iter()
        .map(|(mut who, route)| {
            let busy = busy_in(&mut who, &range);
            let mut visits: Vec<_> =
                route.iter().filter_map(|one| on_board(one, &untold, &who.id)).collect();
            drives(house, point(who.home.lat, who.home.lon), &mut visits);
            let mut absences = who.absences.clone();
            absences.retain(|absence| absence.span().overlaps(&range));
            json!({
                "technician_id": who.id,
                "shifts": shifts(house, &who, date, last),
                "absences": absences,
                "busy": busy,
                "calendars": who.calendars,
                "visits": visits.iter().filter(|visit| visit.leads).map(|visit| json!({
                    "visit_id": visit.id, "job_id": visit.job_id, "travel_min": visit.travel_min,
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(json!({ "seq": seq, "date": date, "days": days, "items": items }))
}
