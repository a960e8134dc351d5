//! Business time: a table of awkward moments, and what must hold for every clock.

#![allow(clippy::unwrap_used, reason = "tests")]

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use scheduler::business::{Calendar, OpenHours};

fn toronto() -> TimeZone {
    TimeZone::get("America/Toronto").unwrap()
}

fn office() -> [OpenHours; 7] {
    let day = vec![(8 * 60, 12 * 60), (13 * 60, 17 * 60)];
    [day.clone(), day.clone(), day.clone(), day.clone(), day, vec![], vec![]]
}

fn always() -> [OpenHours; 7] {
    std::array::from_fn(|_| vec![(0, 1440)])
}

fn is_holiday(day: Date) -> bool {
    day == date(2026, 12, 25)
}

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_second()
}

#[test]
fn nights_weekends_holidays_and_changes_of_the_clocks_count_as_what_they_are() {
    let zone = toronto();
    let cases = [
        // Friday 16:50 and half an hour: ten minutes on the Friday, twenty on the Monday.
        (office(), "2026-11-20T16:50:00-05:00", 30, "2026-11-23T08:20:00-05:00"),
        (office(), "2026-11-23T11:50:00-05:00", 20, "2026-11-23T13:10:00-05:00"),
        (office(), "2026-11-23T06:00:00-05:00", 60, "2026-11-23T09:00:00-05:00"),
        (office(), "2026-11-23T16:00:00-05:00", 60, "2026-11-23T17:00:00-05:00"),
        (office(), "2026-11-21T10:00:00-05:00", 1, "2026-11-23T08:01:00-05:00"),
        // Christmas is a Friday in 2026: from the Thursday to the Monday.
        (office(), "2026-12-24T16:30:00-05:00", 60, "2026-12-28T08:30:00-05:00"),
        // The Sunday on which clocks go back has 25 hours, the one on which they go forward 23.
        (always(), "2026-11-01T00:00:00-04:00", 24 * 60, "2026-11-01T23:00:00-05:00"),
        (always(), "2027-03-14T00:00:00-05:00", 23 * 60, "2027-03-15T00:00:00-04:00"),
        // Over the change, the office still opens at eight by the wall.
        (office(), "2026-10-30T16:30:00-04:00", 60, "2026-11-02T08:30:00-05:00"),
        (office(), "2026-11-23T09:00:00-05:00", 0, "2026-11-23T09:00:00-05:00"),
    ];
    for (week, from, minutes, due) in cases {
        let calendar = Calendar { zone: &zone, week: &week, is_off: &is_holiday };
        assert_eq!(calendar.due(at(from), minutes * 60), Some(at(due)), "{from} + {minutes} min");
        assert_eq!(calendar.between(at(from), at(due)), minutes * 60, "{from} to {due}");
        assert_eq!(calendar.between(at(due), at(from)), -minutes * 60);
    }
    let never: [OpenHours; 7] = std::array::from_fn(|_| vec![]);
    let closed = Calendar { zone: &zone, week: &never, is_off: &is_holiday };
    assert_eq!(closed.due(at("2026-11-23T09:00:00-05:00"), 60), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn a_clock_never_runs_back_and_a_pause_shifts_it_exactly(
        start in 1_790_000_000_i64..1_840_000_000,
        later in 0_i64..400_000,
        minutes in 0_i64..4_000,
        more in 0_i64..600,
        run in 0_i64..200_000,
        pause in 0_i64..900_000,
        round_the_clock in any::<bool>(),
    ) {
        let zone = toronto();
        let week = if round_the_clock { always() } else { office() };
        let calendar = Calendar { zone: &zone, week: &week, is_off: &is_holiday };
        let due = calendar.due(start, minutes * 60).unwrap();
        prop_assert!(due >= start);
        prop_assert_eq!(calendar.between(start, due), minutes * 60);
        prop_assert!(calendar.due(start, (minutes + more) * 60).unwrap() >= due, "monotone in minutes");
        prop_assert!(calendar.due(start + later, minutes * 60).unwrap() >= due, "monotone in the start");
        // Paused after a while, resumed later: what was left is left, no more and no less.
        let paused = (start + run).min(due);
        let left = calendar.between(paused, due);
        let resumed = paused + pause;
        let shifted = calendar.due(resumed, left).unwrap();
        prop_assert_eq!(calendar.between(resumed, shifted), left);
        prop_assert_eq!(calendar.between(start, paused) + calendar.between(resumed, shifted), minutes * 60);
    }
}
