//! Business time: minutes that count only while the office is open, by the wall's clock. When so many of them are over, and
//! how many lie between two moments; nights, weekends, holidays and changes of the clocks count as what they are. Decides nothing.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// How far a clock is looked ahead, days: a target that takes longer is never due.
const DAYS_MAX: usize = 366 * 3;

/// Opening hours of one day, minutes after midnight, by time; 1440 is the midnight after.
pub type OpenHours = Vec<(i16, i16)>;

/// When the office is open.
#[derive(Clone, Copy)]
pub struct Calendar<'a> {
    /// Where its clock hangs.
    pub zone: &'a TimeZone,
    /// Monday first.
    pub week: &'a [OpenHours; 7],
    /// Days on which it stays closed.
    pub is_off: &'a dyn Fn(Date) -> bool,
}

impl Calendar<'_> {
    /// The open spans of a day, Unix seconds, half open.
    fn open_on(&self, day: Date) -> Vec<(i64, i64)> {
        if (self.is_off)(day) {
            return Vec::new();
        }
        let index = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        let hours = self.week.get(index).map_or(&[][..], Vec::as_slice);
        let at = |minute: i16| -> Option<i64> {
            let (day, minute) =
                if minute >= 1440 { (day.tomorrow().ok()?, 0) } else { (day, minute) };
            let hour = i8::try_from(minute / 60).ok()?;
            let time = Time::new(hour, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
            Some(day.to_datetime(time).to_zoned(self.zone.clone()).ok()?.timestamp().as_second())
        };
        let spans = hours.iter().filter_map(|(from, to)| Some((at(*from)?, at(*to)?)));
        spans.filter(|(from, to)| from < to).collect()
    }

    fn day_of(&self, at_s: i64) -> Option<Date> {
        let at = Timestamp::from_second(at_s).ok()?;
        Some(Zoned::date(&at.to_zoned(self.zone.clone())))
    }

    /// The open spans from `from_s` on, day by day.
    fn from(&self, from_s: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let first = self.day_of(from_s);
        let days = std::iter::successors(first, |day| day.tomorrow().ok()).take(DAYS_MAX);
        days.flat_map(|day| self.open_on(day))
            .map(move |(open, close)| (open.max(from_s), close))
            .filter(|(open, close)| open < close)
    }

    /// The moment at which `seconds` of business time after `from_s` are over; none where that lies out of sight.
    pub fn due(&self, from_s: i64, seconds: i64) -> Option<i64> {
        let mut left_s = seconds.max(0);
        if left_s == 0 {
            return Some(from_s);
        }
        for (open, close) in self.from(from_s) {
            if close - open >= left_s {
                return Some(open + left_s);
            }
            left_s -= close - open;
        }
        None
    }

    /// Business seconds between two moments; negative where they run backwards.
    pub fn between(&self, from_s: i64, to_s: i64) -> i64 {
        if to_s < from_s {
            return -self.between(to_s, from_s);
        }
        self.from(from_s)
            .take_while(|(open, _)| *open < to_s)
            .map(|(open, close)| close.min(to_s) - open)
            .sum()
    }
}
