//! Days on which nobody works: Quebec's statutory holidays, computed for any year, and what the company adds or takes
//! away. It knows days only, and nothing of shifts: who works on a holiday is nobody's business here.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Serialize;

/// A day off, with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Holiday {
    /// The day.
    #[schema(value_type = String)]
    pub on: Date,
    /// Its name in French.
    pub fr: String,
    /// Its name in English.
    pub en: String,
}

/// Which days are holidays for this company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holidays {
    /// Quebec's list.
    pub quebec: bool,
    /// Days of the company's own: true adds one, false takes one away.
    pub own: BTreeMap<Date, bool>,
}

impl Default for Holidays {
    fn default() -> Self {
        Self { quebec: true, own: BTreeMap::new() }
    }
}

impl Holidays {
    /// The holiday on a day, if it is one.
    pub fn on(&self, day: Date) -> Option<Holiday> {
        match self.own.get(&day) {
            Some(false) => None,
            Some(true) => Some(self.listed(day).unwrap_or_else(|| Holiday {
                on: day,
                fr: "Jour férié de l'entreprise".to_owned(),
                en: "Company holiday".to_owned(),
            })),
            None => self.listed(day),
        }
    }

    fn listed(&self, day: Date) -> Option<Holiday> {
        if !self.quebec {
            return None;
        }
        quebec(day.year()).into_iter().find(|holiday| holiday.on == day)
    }

    /// All holidays of a year, by day.
    pub fn of_year(&self, year: i16) -> Vec<Holiday> {
        let mut days: Vec<Date> = quebec(year).into_iter().map(|holiday| holiday.on).collect();
        days.extend(self.own.keys().filter(|day| day.year() == year));
        days.sort();
        days.dedup();
        days.into_iter().filter_map(|day| self.on(day)).collect()
    }

    /// The first day after `day` that is neither a holiday nor of a weekend.
    pub fn next_working_day(&self, day: Date) -> Option<Date> {
        let mut next = day;
        for _ in 0..30 {
            next = next.tomorrow().ok()?;
            let is_weekend = matches!(next.weekday(), Weekday::Saturday | Weekday::Sunday);
            if !is_weekend && self.on(next).is_none() {
                return Some(next);
            }
        }
        None
    }
}

/// Quebec's holidays of a year: the act respecting labour standards (section 60), and the National Holiday Act.
fn quebec(year: i16) -> Vec<Holiday> {
    let day = |month: i8, day: i8| Date::new(year, month, day).ok();
    let nth = |month: i8, n: i8| {
        Date::new(year, month, 1).ok()?.nth_weekday_of_month(n, Weekday::Monday).ok()
    };
    // Sundays give way to the Monday after for the first of July.
    let canada = day(7, 1).and_then(|first| match first.weekday() {
        Weekday::Sunday => first.tomorrow().ok(),
        _ => Some(first),
    });
    let patriots = day(5, 25).and_then(|end| end.nth_weekday(-1, Weekday::Monday).ok());
    let friday = easter(year).and_then(|sunday| sunday.checked_sub(2.days()).ok());
    [
        (day(1, 1), "Jour de l'An", "New Year's Day"),
        (friday, "Vendredi saint", "Good Friday"),
        (patriots, "Journée nationale des patriotes", "National Patriots' Day"),
        (day(6, 24), "Fête nationale", "National Holiday"),
        (canada, "Fête du Canada", "Canada Day"),
        (nth(9, 1), "Fête du Travail", "Labour Day"),
        (nth(10, 2), "Action de grâces", "Thanksgiving"),
        (day(12, 25), "Noël", "Christmas Day"),
    ]
    .into_iter()
    .filter_map(|(on, fr, en)| Some(Holiday { on: on?, fr: fr.to_owned(), en: en.to_owned() }))
    .collect()
}

/// Easter Sunday by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i16) -> Option<Date> {
    let y = i64::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e, g) = (b / 4, b % 4, (8 * b + 13) / 25);
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(sum / 31).ok()?, i8::try_from(sum % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn quebec_s_holidays_fall_on_the_days_that_its_calendars_print() {
        let days = |year| -> Vec<String> {
            Holidays::default().of_year(year).iter().map(|one| one.on.to_string()).collect()
        };
        assert_eq!(
            days(2026),
            [
                "2026-01-01",
                "2026-04-03",
                "2026-05-18",
                "2026-06-24",
                "2026-07-01",
                "2026-09-07",
                "2026-10-12",
                "2026-12-25"
            ]
        );
        assert_eq!(days(2027)[1..3], ["2027-03-26", "2027-05-24"]);
        assert_eq!(days(2029)[4], "2029-07-02", "a Sunday gives way to the Monday");
    }

    #[test]
    fn easter_is_right_in_the_years_where_rules_of_thumb_are_wrong() {
        for (year, sunday) in [(2000, "2000-04-23"), (2019, "2019-04-21"), (2038, "2038-04-25")] {
            assert_eq!(easter(year), Some(day(sunday)));
        }
    }

    #[test]
    fn the_company_adds_days_and_takes_some_away() {
        let own = [(day("2026-12-24"), true), (day("2026-06-24"), false)].into();
        let holidays = Holidays { quebec: true, own };
        assert!(holidays.on(day("2026-12-24")).is_some());
        assert_eq!(holidays.on(day("2026-06-24")), None);
        // From Thursday the 24th over Christmas and the weekend.
        assert_eq!(holidays.next_working_day(day("2026-12-24")), Some(day("2026-12-28")));
        assert_eq!(Holidays { quebec: false, own: [].into() }.on(day("2026-12-25")), None);
    }
}
