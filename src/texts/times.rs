//! Hours and days as people write them: `13 h 30` and `lun. 23 nov.`, `1:30 PM` and `Mon, Nov 23`.
//! The zone is the recipient's; storage knows only UTC.

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};

use super::Language;

const DAYS_FR: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS_FR: [&str; 12] = [
    "janv.", "févr.", "mars", "avril", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.",
    "déc.",
];
const MONTHS_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The hour: `13 h 30`, `9 h`, `1:30 PM`.
pub fn hour(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    let local = at.to_zoned(zone.clone());
    let (hour, minute) = (local.hour(), local.minute());
    match language {
        Language::Fr if minute == 0 => format!("{hour} h"),
        Language::Fr => format!("{hour} h {minute:02}"),
        Language::En => {
            let half = if hour < 12 { "AM" } else { "PM" };
            let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
            format!("{hour}:{minute:02} {half}")
        }
    }
}

/// The hour as dispatchers read it, by 24 in both languages: `13 h 30`, `13:30`.
pub fn clock(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    match language {
        Language::Fr => hour(at, zone, language),
        Language::En => {
            let local = at.to_zoned(zone.clone());
            format!("{}:{:02}", local.hour(), local.minute())
        }
    }
}

/// The day: `lun. 23 nov.`, `Mon, Nov 23`; the first of a month in French is `1er`.
pub fn day(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    let local = at.to_zoned(zone.clone());
    let weekday = weekday(local.weekday());
    let month = usize::try_from(local.month()).unwrap_or(1).clamp(1, 12) - 1;
    match (language, local.day()) {
        (Language::Fr, 1) => format!("{} 1er {}", DAYS_FR[weekday], MONTHS_FR[month]),
        (Language::Fr, day) => format!("{} {day} {}", DAYS_FR[weekday], MONTHS_FR[month]),
        (Language::En, day) => format!("{}, {} {day}", DAYS_EN[weekday], MONTHS_EN[month]),
    }
}

/// Whether both fall on one calendar day in `zone`.
pub fn same_day(one: Timestamp, other: Timestamp, zone: &TimeZone) -> bool {
    one.to_zoned(zone.clone()).date() == other.to_zoned(zone.clone()).date()
}

fn weekday(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or(0).min(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toronto() -> TimeZone {
        TimeZone::get("America/Toronto").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn hours_are_written_as_in_quebec() {
        let fr = |text| hour(at(text), &toronto(), Language::Fr);
        assert_eq!(fr("2026-11-23T18:30:00Z"), "13 h 30");
        assert_eq!(fr("2026-11-23T14:00:00Z"), "9 h");
        assert_eq!(fr("2026-11-23T05:05:00Z"), "0 h 05");
        let en = |text| hour(at(text), &toronto(), Language::En);
        assert_eq!(en("2026-11-23T18:30:00Z"), "1:30 PM");
        assert_eq!(en("2026-11-23T05:05:00Z"), "12:05 AM");
        assert_eq!(en("2026-11-23T17:00:00Z"), "12:00 PM");
    }

    #[test]
    fn dispatchers_read_hours_by_24_in_both_languages() {
        let said = |text, language| clock(at(text), &toronto(), language);
        assert_eq!(said("2026-11-23T18:30:00Z", Language::En), "13:30");
        assert_eq!(said("2026-11-23T14:05:00Z", Language::En), "9:05");
        assert_eq!(said("2026-11-23T18:30:00Z", Language::Fr), "13 h 30");
    }

    #[test]
    fn the_hour_follows_daylight_saving() {
        let fr = |text| hour(at(text), &toronto(), Language::Fr);
        assert_eq!(fr("2026-07-01T14:00:00Z"), "10 h");
        assert_eq!(fr("2026-11-01T05:30:00Z"), "1 h 30");
        assert_eq!(fr("2026-11-01T06:30:00Z"), "1 h 30");
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let late = at("2026-12-01T04:59:00Z");
        assert_eq!(day(late, &toronto(), Language::Fr), "lun. 30 nov.");
        assert_eq!(day(late, &toronto(), Language::En), "Mon, Nov 30");
        let next = at("2026-12-01T05:00:00Z");
        assert_eq!(day(next, &toronto(), Language::Fr), "mar. 1er déc.");
        assert!(!same_day(late, next, &toronto()));
    }
}
