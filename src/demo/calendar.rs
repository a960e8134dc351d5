//! Which day is played and from which moment: always one at which there is something to see.
//! Pure: the present moment is handed in.

use jiff::civil::{self, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::day::Date;
use super::stage::Programme;

/// The jobs are known from half past six.
const MORNING: civil::Time = civil::time(6, 30, 0, 0);
/// A spectator outside working hours sees the board as of this hour.
const SHOW: civil::Time = civil::time(9, 40, 0, 0);
/// Between these hours a working day is under way, and the real hour is shown.
const OPENS: civil::Time = civil::time(8, 0, 0, 0);
const CLOSES: civil::Time = civil::time(16, 0, 0, 0);
/// After the first day the play goes on from here each morning.
const NEXT: civil::Time = civil::time(7, 40, 0, 0);

/// A day to be played: when it is prepared, and from when it is shown in its own time.
#[derive(Debug, Clone)]
pub struct Opening {
    pub prepared_at: Timestamp,
    pub shown_from: Timestamp,
    pub programme: Programme,
    date: civil::Date,
}

fn is_weekend(date: civil::Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn at(date: civil::Date, time: civil::Time, zone: &TimeZone) -> Timestamp {
    // Working hours are never skipped by a change of clocks, so that the "compatible" reading is the only one.
    zone.to_ambiguous_zoned(date.to_datetime(time))
        .compatible()
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

impl Opening {
    /// The first day: today at this moment while a working day is under way, else the nearest working day at 09:40.
    pub fn first(now: Timestamp, zone: &TimeZone, jobs: usize) -> Self {
        let local = now.to_zoned(zone.clone());
        let open = !is_weekend(local.date()) && (OPENS..CLOSES).contains(&local.time());
        let mut date = local.date();
        while is_weekend(date) {
            date = date.saturating_add(1.day());
        }
        let shown_from = if open { now } else { at(date, SHOW, zone) };
        Self::new(date, 0, shown_from, zone, jobs)
    }

    /// The day that a person asked to see, from that moment.
    pub fn chosen(moment: Timestamp, zone: &TimeZone, jobs: usize) -> Self {
        let date = moment.to_zoned(zone.clone()).date();
        Self::new(date, 0, moment, zone, jobs)
    }

    /// The working day after this one, from the early morning.
    pub fn next(&self, zone: &TimeZone, jobs: usize) -> Self {
        let mut date = self.date.saturating_add(1.day());
        while is_weekend(date) {
            date = date.saturating_add(1.day());
        }
        Self::new(date, self.programme.date.number + 1, at(date, NEXT, zone), zone, jobs)
    }

    fn new(
        date: civil::Date,
        number: u64,
        shown_from: Timestamp,
        zone: &TimeZone,
        jobs: usize,
    ) -> Self {
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        let midnight_s = at(date, civil::Time::midnight(), zone).as_second();
        Self {
            prepared_at: at(date, MORNING, zone).min(shown_from),
            shown_from,
            programme: Programme {
                date: Date { number, midnight_s, weekday },
                date_text: date.to_string(),
                jobs,
            },
            date,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::Opening;

    fn opening(now: &str) -> (String, String, usize) {
        let zone = TimeZone::get("America/Toronto").unwrap();
        let first = Opening::first(now.parse::<Timestamp>().unwrap(), &zone, 280);
        let shown = first.shown_from.to_zoned(zone).datetime().to_string();
        (first.programme.date_text, shown, first.programme.date.weekday)
    }

    #[test]
    fn in_working_hours_the_real_moment_is_shown() {
        let shown = opening("2026-11-24T11:15:00-05:00");
        assert_eq!(shown, ("2026-11-24".to_owned(), "2026-11-24T11:15:00".to_owned(), 1));
    }

    #[test]
    fn at_night_and_at_the_weekend_a_working_day_at_twenty_to_ten_is_shown() {
        assert_eq!(opening("2026-11-24T21:00:00-05:00").1, "2026-11-24T09:40:00");
        assert_eq!(opening("2026-11-24T05:00:00-05:00").1, "2026-11-24T09:40:00");
        let sunday = opening("2026-11-22T12:00:00-05:00");
        assert_eq!(sunday, ("2026-11-23".to_owned(), "2026-11-23T09:40:00".to_owned(), 0));
    }

    #[test]
    fn the_next_day_is_a_working_day_with_its_own_number() {
        let zone = TimeZone::get("America/Toronto").unwrap();
        let friday = "2026-11-27T10:00:00-05:00".parse().unwrap();
        let next = Opening::first(friday, &zone, 10).next(&zone, 10);
        assert_eq!(next.programme.date_text, "2026-11-30");
        assert_eq!((next.programme.date.number, next.programme.date.weekday), (1, 0));
        assert!(next.prepared_at < next.shown_from);
    }
}
