//! The words of the server-rendered pages, in French and English, each written for itself, and the times in them with
//! spaces that do not break. It never says more than a view model holds.

use actors::board::protocol::VisitStatus;
use actors::engine::refusal::Language;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::model::{EtaRange, Span};
use crate::texts::times;

const NBSP: &str = "\u{a0}";

/// Takes the French or the English of two.
pub(super) fn say(language: Language, fr: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Fr => fr,
        Language::En => en,
    }
}

fn spoken(language: Language) -> crate::texts::Language {
    match language {
        Language::Fr => crate::texts::Language::Fr,
        Language::En => crate::texts::Language::En,
    }
}

/// `13 h 30`, `1:30 PM`.
pub(super) fn hour(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    times::hour(at, zone, spoken(language)).replace(' ', NBSP)
}

/// True for what ends on another day than it begins.
pub(super) fn is_over_days(span: Span, zone: &TimeZone) -> bool {
    !times::same_day(span.start, span.end, zone)
}

/// `lun. 23 nov., 10 h`, `Mon, Nov 23, 10:00 AM`.
fn day_and_hour(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    let day = times::day(at, zone, spoken(language)).replace(' ', NBSP);
    format!("{day}, {}", hour(at, zone, language))
}

/// `10 h – 12 h`, `10:00 AM – 12:00 PM`: for tables; one hour alone where both are the same, with its days where they are not.
pub(super) fn span(span: Span, zone: &TimeZone, language: Language) -> String {
    if is_over_days(span, zone) {
        let (first, last) = (span.start, span.end);
        let said = |at| day_and_hour(at, zone, language);
        return format!("{} – {}", said(first), said(last));
    }
    let (from, to) = (hour(span.start, zone, language), hour(span.end, zone, language));
    if from == to { from } else { format!("{from} – {to}") }
}

/// `entre 10 h et 12 h`, `between 10:00 AM and 12:00 PM`; one hour alone where both are the same, with its days where they are not.
pub(super) fn between(span: Span, zone: &TimeZone, language: Language) -> String {
    if is_over_days(span, zone) {
        let said = |at| day_and_hour(at, zone, language);
        let (first, last) = (said(span.start), said(span.end));
        return match language {
            Language::Fr => format!("entre le {first}, et le {last}"),
            Language::En => format!("between {first}, and {last}"),
        };
    }
    let (from, to) = (hour(span.start, zone, language), hour(span.end, zone, language));
    match language {
        _ if from == to && language == Language::Fr => format!("vers {from}"),
        _ if from == to => format!("around {from}"),
        Language::Fr => format!("entre {from} et {to}"),
        Language::En => format!("between {from} and {to}"),
    }
}

/// The day, said only where it is not today's: `le lun. 23 nov.`, `on Mon, Nov 23`.
pub(super) fn other_day(
    at: Timestamp,
    now: Timestamp,
    zone: &TimeZone,
    language: Language,
) -> Option<String> {
    if times::same_day(at, now, zone) {
        return None;
    }
    let day = times::day(at, zone, spoken(language)).replace(' ', NBSP);
    Some(match language {
        Language::Fr => format!("le {day}"),
        Language::En => format!("on {day}"),
    })
}

/// An ETA as an honest range: outward to full five minutes.
pub(super) fn rounded(eta: EtaRange) -> Span {
    const STEP_S: i64 = 300;
    let down = eta.low.as_second().div_euclid(STEP_S) * STEP_S;
    let up = (eta.high.as_second() + STEP_S - 1).div_euclid(STEP_S) * STEP_S;
    Span {
        start: Timestamp::from_second(down).unwrap_or(eta.low),
        end: Timestamp::from_second(up).unwrap_or(eta.high),
    }
}

/// `à l’instant`, `il y a 3 min`, `il y a 2 h`.
pub(super) fn age(at: Timestamp, now: Timestamp, language: Language) -> String {
    let since = now.duration_since(at).max(SignedDuration::ZERO);
    let (minutes, hours) = (since.as_mins(), since.as_hours());
    match language {
        Language::Fr if minutes == 0 => "à l’instant".to_owned(),
        Language::En if minutes == 0 => "just now".to_owned(),
        Language::Fr if hours == 0 => format!("il y a {minutes}{NBSP}min"),
        Language::En if hours == 0 => format!("{minutes}{NBSP}min ago"),
        Language::Fr => format!("il y a {hours}{NBSP}h"),
        Language::En => format!("{hours}{NBSP}h ago"),
    }
}

/// `450 555-0123` for a Canadian number, else as it is.
pub(super) fn phone(e164: &str) -> String {
    match e164.strip_prefix("+1") {
        Some(rest) if rest.len() == 10 && rest.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{}{NBSP}{}-{}", &rest[..3], &rest[3..6], &rest[6..])
        }
        _ => e164.to_owned(),
    }
}

/// Where a visit stands, in a technician's words.
pub(super) fn status(status: VisitStatus, language: Language) -> &'static str {
    match status {
        VisitStatus::Planned => say(language, "Prévu", "Planned"),
        VisitStatus::EnRoute => say(language, "En route", "On the way"),
        VisitStatus::OnSite => say(language, "Sur place", "On site"),
        VisitStatus::Done => say(language, "Terminé", "Done"),
        VisitStatus::Cancelled => say(language, "Annulé", "Cancelled"),
        VisitStatus::NoAccess => say(language, "Pas d’accès", "No access"),
    }
}
