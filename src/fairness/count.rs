//! The counters of one technician: evening, weekend and holiday, far from home, work in all. Whole minutes and visits; pure but for the
//! travel times it is given.

use actors::board::protocol::Visit;
use actors::board::snapshot::point;
use actors::series::holidays::Holidays;
use actors::technicians::protocol::{Span, Technician};
use jiff::civil::{Date, Time, Weekday, time};
use jiff::tz::TimeZone;
use scheduler::travel::Travel;
use serde::Serialize;
use utoipa::ToSchema;

/// The evening begins, and ends the next morning.
pub const EVENING_FROM: Time = time(17, 0, 0, 0);
const EVENING_UNTIL: Time = time(5, 0, 0, 0);
/// A job is far from so many minutes of driving from home on.
pub const FAR_MIN: i64 = 45;

/// What one technician did and will do in some days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Share {
    /// Who.
    pub technician_id: String,
    /// Their name.
    pub technician_name: String,
    /// Minutes on site in the evening.
    pub evening_min: i64,
    /// Visits that lie in the evening, at least in part.
    pub evening_visits: i64,
    /// Minutes on site on Saturdays, Sundays and holidays.
    pub weekend_min: i64,
    /// Visits on those days.
    pub weekend_visits: i64,
    /// Visits far from home.
    pub far_visits: i64,
    /// Minutes on site in all.
    pub work_min: i64,
    /// Visits in all.
    pub visits: i64,
}

/// What is counted by.
pub struct Measure<'a> {
    /// The company's zone.
    pub zone: &'a TimeZone,
    /// Its holidays.
    pub holidays: &'a Holidays,
    /// Driving times.
    pub travel: &'a dyn Travel,
}

/// The share of `who` in `visits`; whoever goes along works as the lead does.
pub fn share(who: &Technician, visits: &[Visit], by: &Measure<'_>) -> Share {
    let mut all = Share {
        technician_id: who.id.to_string(),
        technician_name: who.name.clone(),
        ..Share::default()
    };
    let home = point(who.home.lat, who.home.lon);
    for visit in visits.iter().filter(|visit| visit.is_with(&who.id)) {
        let lasts = visit.end.duration_since(visit.start).as_mins();
        let evening = by.evening_min(&visit.span());
        all.visits += 1;
        all.work_min += lasts;
        all.evening_min += evening;
        all.evening_visits += i64::from(evening > 0);
        if by.is_off(visit.start.to_zoned(by.zone.clone()).date()) {
            all.weekend_min += lasts;
            all.weekend_visits += 1;
        }
        let leg = by.travel.leg(home, point(visit.lat, visit.lon), visit.start.as_second());
        all.far_visits += i64::from(leg.seconds >= FAR_MIN * 60);
    }
    all
}

impl Measure<'_> {
    fn is_off(&self, day: Date) -> bool {
        matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            || self.holidays.on(day).is_some()
    }

    /// Minutes of a span that lie in an evening: that of its first day, or of the day before.
    fn evening_min(&self, span: &Span) -> i64 {
        let first = span.start.to_zoned(self.zone.clone()).date();
        let evenings = [first.yesterday().ok(), Some(first)].into_iter().flatten();
        let shared = evenings.filter_map(|day| {
            let begins = day.to_datetime(EVENING_FROM).to_zoned(self.zone.clone()).ok()?;
            let next = day.tomorrow().ok()?.to_datetime(EVENING_UNTIL);
            let ends = next.to_zoned(self.zone.clone()).ok()?;
            let (from, to) = (begins.timestamp().max(span.start), ends.timestamp().min(span.end));
            Some(to.duration_since(from).as_mins().max(0))
        });
        shared.sum()
    }
}
