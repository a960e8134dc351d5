//! Rules of recurrence (RFC 5545, RRULE) as days on a calendar: read, and laid out. Days only, never hours, so that no
//! change of the clocks can touch them; the series puts the time of day on. Laying out looks at no day after the last one
//! asked for, so a rule costs at most its span in days. What is not understood is refused by name, never guessed.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Longest text of a rule.
const TEXT_MAX: usize = 500;
/// Largest interval and count.
const NUMBER_MAX: i64 = 1_000;

/// Why a rule is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleProblem {
    /// It is no rule at all.
    #[error("this is not an RFC 5545 recurrence rule")]
    NotARule,
    /// It would come several times a day.
    #[error("a job comes once a day at most")]
    TooOften,
    /// A part that is not understood.
    #[error("{0} is not understood here")]
    Unknown(String),
    /// A part whose value makes no sense.
    #[error("{0} has no such value")]
    BadValue(String),
    /// Both ends at once.
    #[error("a rule has COUNT or UNTIL, not both")]
    TwoEnds,
    /// It yields no day in the years ahead.
    #[error("this rule never yields a day")]
    NoDay,
}

impl RuleProblem {
    /// For a person, in French and in English.
    pub fn told(&self) -> (String, String) {
        match self {
            Self::NotARule => (
                "Ce n'est pas une règle de récurrence (RFC 5545), comme RRULE:FREQ=WEEKLY;BYDAY=MO.".into(),
                "This is not a recurrence rule (RFC 5545), such as RRULE:FREQ=WEEKLY;BYDAY=MO.".into(),
            ),
            Self::TooOften => (
                "Une intervention revient une fois par jour au plus : DAILY, WEEKLY, MONTHLY ou YEARLY.".into(),
                "A job comes once a day at most: DAILY, WEEKLY, MONTHLY or YEARLY.".into(),
            ),
            Self::Unknown(part) => (
                format!("La partie {part} de la règle n'est pas comprise ici."),
                format!("The rule's part {part} is not understood here."),
            ),
            Self::BadValue(part) => (
                format!("La partie {part} de la règle n'admet pas cette valeur."),
                format!("The rule's part {part} does not take this value."),
            ),
            Self::TwoEnds => (
                "Une règle a COUNT ou UNTIL, pas les deux.".into(),
                "A rule has COUNT or UNTIL, not both.".into(),
            ),
            Self::NoDay => (
                "Cette règle ne donne aucun jour.".into(),
                "This rule yields no day.".into(),
            ),
        }
    }
}

/// The period that a rule repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// A rule that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    every: Every,
    interval: i64,
    /// How many days it yields in all, if that is its end.
    pub count: Option<i64>,
    /// The last wall time at which it yields.
    until: Option<DateTime>,
    months: Vec<i64>,
    month_days: Vec<i64>,
    /// Weekdays, with which one of the month or year it is; 0 for all of them.
    weekdays: Vec<(i64, Weekday)>,
    positions: Vec<i64>,
    week_start: Weekday,
}

impl Rule {
    /// Reads `RRULE:…`. `zone` is where an UNTIL in UTC is looked at.
    ///
    /// # Errors
    /// See [`RuleProblem`].
    pub fn read(text: &str, zone: &TimeZone) -> Result<Self, RuleProblem> {
        let body = text.trim().strip_prefix("RRULE:").ok_or(RuleProblem::NotARule)?;
        if body.len() > TEXT_MAX || body.is_empty() {
            return Err(RuleProblem::NotARule);
        }
        let mut rule = Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            months: vec![],
            month_days: vec![],
            weekdays: vec![],
            positions: vec![],
            week_start: Weekday::Monday,
        };
        let mut has_frequency = false;
        let mut seen: Vec<String> = Vec::new();
        for part in body.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or(RuleProblem::NotARule)?;
            let name = name.trim().to_ascii_uppercase();
            if seen.contains(&name) {
                return Err(RuleProblem::BadValue(name));
            }
            has_frequency |= name == "FREQ";
            rule.take(&name, value.trim(), zone)?;
            seen.push(name);
        }
        if !has_frequency {
            return Err(RuleProblem::NotARule);
        }
        rule.fits_together()?;
        Ok(rule)
    }

    fn take(&mut self, name: &str, value: &str, zone: &TimeZone) -> Result<(), RuleProblem> {
        let bad = || RuleProblem::BadValue(name.to_owned());
        match name {
            "FREQ" => {
                self.every = match value.to_ascii_uppercase().as_str() {
                    "DAILY" => Every::Day,
                    "WEEKLY" => Every::Week,
                    "MONTHLY" => Every::Month,
                    "YEARLY" => Every::Year,
                    "HOURLY" | "MINUTELY" | "SECONDLY" => return Err(RuleProblem::TooOften),
                    _ => return Err(bad()),
                }
            }
            "INTERVAL" => self.interval = one(value, 1, NUMBER_MAX).ok_or_else(bad)?,
            "COUNT" => self.count = Some(one(value, 1, NUMBER_MAX).ok_or_else(bad)?),
            "UNTIL" => self.until = Some(until(value, zone).ok_or_else(bad)?),
            "BYMONTH" => self.months = many(value, 1, 12).ok_or_else(bad)?,
            "BYMONTHDAY" => self.month_days = many(value, -31, 31).ok_or_else(bad)?,
            "BYSETPOS" => self.positions = many(value, -366, 366).ok_or_else(bad)?,
            "WKST" => self.week_start = weekday(value).ok_or_else(bad)?,
            "BYDAY" => {
                for text in value.split(',') {
                    let at = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at));
                    let (number, day) = text.split_at(at.ok_or_else(bad)?);
                    let number = if number.is_empty() { Some(0) } else { one(number, -53, 53) };
                    let number = number.filter(|n| *n != 0 || text.len() == 2).ok_or_else(bad)?;
                    self.weekdays.push((number, weekday(day).ok_or_else(bad)?));
                }
            }
            "BYHOUR" | "BYMINUTE" | "BYSECOND" => return Err(RuleProblem::TooOften),
            other => return Err(RuleProblem::Unknown(other.chars().take(20).collect())),
        }
        Ok(())
    }

    /// What the RFC forbids together.
    fn fits_together(&self) -> Result<(), RuleProblem> {
        if self.count.is_some() && self.until.is_some() {
            return Err(RuleProblem::TwoEnds);
        }
        let is_numbered = self.weekdays.iter().any(|(number, _)| *number != 0);
        if is_numbered && matches!(self.every, Every::Day | Every::Week) {
            return Err(RuleProblem::BadValue("BYDAY".into()));
        }
        if self.every == Every::Week && !self.month_days.is_empty() {
            return Err(RuleProblem::BadValue("BYMONTHDAY".into()));
        }
        let has_set =
            !(self.weekdays.is_empty() && self.month_days.is_empty() && self.months.is_empty());
        if !self.positions.is_empty() && !has_set {
            return Err(RuleProblem::BadValue("BYSETPOS".into()));
        }
        Ok(())
    }

    /// The days from `start` on, to `last`; `at` is the time of day that UNTIL is held against. `start` itself counts only
    /// where the rule yields it: a weekly Monday that is agreed on a Friday begins on the Monday.
    pub fn days(&self, start: Date, last: Date, at: Time) -> Vec<Date> {
        let mut found = Vec::new();
        let Some(mut period) = self.period_of(start) else { return found };
        while period <= last {
            let Some(next) = self.after(period, 1) else { break };
            for day in self.of_period(period, next, start) {
                let is_past_end = self.until.is_some_and(|until| day.to_datetime(at) > until);
                let is_counted_out = self.count.is_some_and(|count| length(&found) >= count);
                if day > last || is_past_end || is_counted_out {
                    return found;
                }
                if day >= start {
                    found.push(day);
                }
            }
            match self.after(period, self.interval) {
                Some(next) => period = next,
                None => break,
            }
        }
        found
    }

    /// The first day of the period that a day lies in.
    fn period_of(&self, day: Date) -> Option<Date> {
        match self.every {
            Every::Day => Some(day),
            Every::Week => {
                let back = day.weekday().since(self.week_start);
                day.checked_sub(i64::from(back).days()).ok()
            }
            Every::Month => Some(day.first_of_month()),
            Every::Year => Some(day.first_of_year()),
        }
    }

    fn after(&self, period: Date, count: i64) -> Option<Date> {
        let span = match self.every {
            Every::Day => count.days(),
            Every::Week => count.weeks(),
            Every::Month => count.months(),
            Every::Year => count.years(),
        };
        period.checked_add(span).ok()
    }

    fn of_period(&self, from: Date, next: Date, start: Date) -> Vec<Date> {
        let mut days = Vec::new();
        let mut day = from;
        while day < next {
            if self.yields(day, start) {
                days.push(day);
            }
            match day.tomorrow() {
                Ok(tomorrow) => day = tomorrow,
                Err(_) => break,
            }
        }
        if self.positions.is_empty() {
            return days;
        }
        let whole = length(&days);
        let chosen = |index: i64| {
            self.positions.iter().any(|position| match position {
                0.. => index + 1 == *position,
                _ => index - whole == *position,
            })
        };
        (0_i64..).zip(days).filter(|(index, _)| chosen(*index)).map(|(_, day)| day).collect()
    }

    fn yields(&self, day: Date, start: Date) -> bool {
        let month = i64::from(day.month());
        if !self.months.is_empty() && !self.months.contains(&month) {
            return false;
        }
        let has_days = !self.weekdays.is_empty() || !self.month_days.is_empty();
        if !has_days {
            // What the rule leaves open, its first day says.
            return match self.every {
                Every::Day => true,
                Every::Week => day.weekday() == start.weekday(),
                Every::Month => day.day() == start.day(),
                Every::Year => {
                    day.day() == start.day()
                        && (!self.months.is_empty() || day.month() == start.month())
                }
            };
        }
        let fits_month_day = self.month_days.is_empty() || {
            let (number, long) = (i64::from(day.day()), i64::from(day.days_in_month()));
            self.month_days.iter().any(|n| *n == number || *n == number - long - 1)
        };
        fits_month_day && (self.weekdays.is_empty() || self.fits_weekday(day))
    }

    fn fits_weekday(&self, day: Date) -> bool {
        // The first Monday of a yearly rule is that of the year, or of each month that it names.
        let of_year = self.every == Every::Year && self.months.is_empty();
        let (number, long) = if of_year {
            (i64::from(day.day_of_year()), i64::from(day.days_in_year()))
        } else {
            (i64::from(day.day()), i64::from(day.days_in_month()))
        };
        let (from_start, from_end) = ((number - 1) / 7 + 1, -((long - number) / 7 + 1));
        self.weekdays.iter().any(|(n, weekday)| {
            *weekday == day.weekday() && (*n == 0 || *n == from_start || *n == from_end)
        })
    }
}

fn length(days: &[Date]) -> i64 {
    i64::try_from(days.len()).unwrap_or(i64::MAX)
}

fn one(text: &str, least: i64, most: i64) -> Option<i64> {
    text.parse().ok().filter(|number| (least..=most).contains(number))
}

fn many(text: &str, least: i64, most: i64) -> Option<Vec<i64>> {
    text.split(',').map(|text| one(text, least, most).filter(|number| *number != 0)).collect()
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}

/// `20261231`, `20261231T235900` on the wall, or the same with `Z` in UTC.
fn until(text: &str, zone: &TimeZone) -> Option<DateTime> {
    let (date, time) = text.split_once(['T', 't']).unwrap_or((text, ""));
    let date = compact_day(date)?;
    if time.is_empty() {
        return Some(date.at(23, 59, 59, 0));
    }
    let (time, is_utc) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, true),
        None => (time, false),
    };
    if time.len() != 6 || !time.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let two = |at: usize| time.get(at..at + 2)?.parse::<i8>().ok();
    let wall = date.to_datetime(Time::new(two(0)?, two(2)?, two(4)?, 0).ok()?);
    if !is_utc {
        return Some(wall);
    }
    let moment: Timestamp = wall.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(moment.to_zoned(zone.clone()).datetime())
}

/// `20261231` as a day.
pub fn compact_day(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let month = text.get(4..6)?.parse().ok()?;
    Date::new(text.get(..4)?.parse().ok()?, month, text.get(6..)?.parse().ok()?).ok()
}
