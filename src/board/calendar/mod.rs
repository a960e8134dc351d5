//! Days at a glance: how many visits each has, how full the shifts are, and how many promises its plan would miss. Never decides,
//! never tells.

mod store;

use std::collections::HashMap;

use actors::technicians::protocol::{Span, Technician};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::board::plan::day_of;
use crate::error::Problem;
use crate::house::House;
use crate::notifications::store::Latest;

/// Minutes between the expected arrival and the end of a promise that are a risk when fewer.
const RISK: SignedDuration = SignedDuration::from_mins(10);
/// A single time that was told is kept when met within this.
const GRACE: SignedDuration = SignedDuration::from_mins(10);

/// One day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CalendarDay {
    /// Which.
    #[schema(value_type = String)]
    pub date: Date,
    /// Visits that start on it, cancelled ones left out.
    pub visits: i64,
    /// Those that are over.
    pub done: i64,
    /// Jobs that wait for a technician and whose window begins on it.
    pub waiting: i64,
    /// Promises that are kept by less than ten minutes.
    pub at_risk: i64,
    /// Promises that will be missed, or were.
    pub broken: i64,
    /// Minutes of work planned.
    pub booked_min: i64,
    /// Minutes of shift, absences taken out.
    pub shift_min: i64,
    /// Technicians with a shift.
    pub technicians: i64,
}

/// The days from `from` to `to`, both among them.
///
/// # Errors
/// When the database cannot be read, or a day does not exist.
pub async fn calendar(house: &House, from: Date, to: Date) -> Result<Vec<CalendarDay>, Problem> {
    let (start, end) = (day_of(house, from)?.start, day_of(house, to)?.end);
    let span = (start.as_microsecond(), end.as_microsecond());
    let mut moment = house.moment().await?;
    let technicians = crate::technicians::store::all(&mut moment).await?;
    let visits = store::visits(&mut moment, span).await?;
    let waiting = store::waiting(&mut moment, span).await?;
    let windows = store::windows(&mut moment, span).await?;
    let promises = crate::notifications::store::latest(&mut moment, span.0, span.1).await?;
    drop(moment);
    let zone = &house.policy.zone;
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let mut days: Vec<CalendarDay> =
        dates(from, to).map(|date| empty(house, date, &technicians)).collect();
    let index: HashMap<Date, usize> =
        days.iter().enumerate().map(|(index, day)| (day.date, index)).collect();
    for visit in &visits {
        let Some(day) = index.get(&day(visit.start)).and_then(|at| days.get_mut(*at)) else {
            continue;
        };
        day.visits += 1;
        day.done += i64::from(visit.status == "done" || visit.status == "no_access");
        day.booked_min += visit.end.duration_since(visit.start).as_mins();
        let deadline = match promises.get(&visit.job_id).and_then(Latest::standing) {
            Some(told) if told.is_eta => Some(told.end + GRACE),
            Some(told) => Some(told.end),
            None => windows.get(&visit.job_id).copied(),
        };
        let Some(deadline) = deadline.filter(|_| visit.is_ahead()) else { continue };
        let eta = house.teller.etas.get(&visit.id).map(|eta| eta.at);
        let expected = eta.unwrap_or(visit.start).max(house.clock.now());
        let left = deadline.duration_since(expected);
        day.broken += i64::from(left < SignedDuration::ZERO);
        day.at_risk += i64::from(left >= SignedDuration::ZERO && left < RISK);
    }
    for at in waiting {
        if let Some(day) = index.get(&day(at)).and_then(|at| days.get_mut(*at)) {
            day.waiting += 1;
        }
    }
    Ok(days)
}

fn dates(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |date| date.tomorrow().ok())
        .take_while(move |date| *date <= to)
}

/// A day with nothing on it but its shifts.
fn empty(house: &House, date: Date, all: &[crate::technicians::store::Known]) -> CalendarDay {
    let minutes: Vec<i64> = all
        .iter()
        .map(|known| worked_min(&known.technician, date, &house.policy.zone))
        .filter(|minutes| *minutes > 0)
        .collect();
    CalendarDay {
        date,
        visits: 0,
        done: 0,
        waiting: 0,
        at_risk: 0,
        broken: 0,
        booked_min: 0,
        shift_min: minutes.iter().sum(),
        technicians: i64::try_from(minutes.len()).unwrap_or(i64::MAX),
    }
}

/// Minutes of a technician's shifts on a day, without those of absences.
fn worked_min(who: &Technician, date: Date, zone: &jiff::tz::TimeZone) -> i64 {
    let mut away: Vec<Span> =
        who.absences.iter().map(|absence| absence.span()).chain(who.busy()).collect();
    away.sort_by_key(|span| span.start);
    who.shifts_on(date, zone).iter().map(|shift| left_min(shift, &away)).sum()
}

/// Minutes of a shift that nothing takes; an hour that two things take is taken once. `away` comes by start.
fn left_min(shift: &Span, away: &[Span]) -> i64 {
    let (mut left, mut until) = (SignedDuration::ZERO, shift.start);
    for one in away.iter().filter(|one| one.overlaps(shift)) {
        left += one.start.duration_since(until).max(SignedDuration::ZERO);
        until = until.max(one.end);
    }
    (left + shift.end.duration_since(until).max(SignedDuration::ZERO)).as_mins()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: &str, to: &str) -> Span {
        let at = |hour: &str| format!("2026-11-23T{hour}:00-05:00").parse().unwrap();
        Span { start: at(from), end: at(to) }
    }

    #[test]
    fn an_hour_that_an_absence_and_a_calendar_take_is_taken_once() {
        let shift = span("08:00", "16:00");
        assert_eq!(left_min(&shift, &[]), 480);
        let away = [span("07:00", "09:00"), span("10:00", "12:00"), span("11:00", "13:00")];
        assert_eq!(left_min(&shift, &away), 480 - 60 - 180);
        let within = [span("10:00", "14:00"), span("11:00", "12:00"), span("15:30", "18:00")];
        assert_eq!(left_min(&shift, &within), 480 - 240 - 30);
        let all = [span("06:00", "20:00"), span("09:00", "10:00")];
        assert_eq!(left_min(&shift, &all), 0);
        let beside = [span("04:00", "08:00"), span("16:00", "18:00")];
        assert_eq!(left_min(&shift, &beside), 480);
    }
}
