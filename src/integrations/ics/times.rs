//! Days, times, lengths and rules of a calendar as its text writes them. Knows no zone and no event.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::read::Problem;

/// Times that one rule yields at most before the span looked at is over.
const TIMES_MAX: usize = 20_000;
/// Longest title that is kept, characters.
const TITLE_MAX: usize = 80;

/// `20261123`.
pub(super) fn day(text: &str) -> Result<Date, Problem> {
    Date::strptime("%Y%m%d", text).map_err(|_| Problem::Unreadable)
}

/// `20261123T093000`.
pub(super) fn wall(text: &str) -> Result<DateTime, Problem> {
    let bare = text.trim().trim_end_matches(['Z', 'z']);
    DateTime::strptime("%Y%m%dT%H%M%S", bare).map_err(|_| Problem::Unreadable)
}

/// `PT1H30M`, `P1D`, `P2W`.
pub(super) fn duration(text: &str) -> Result<SignedDuration, Problem> {
    let bare = text.trim().trim_start_matches('+').strip_prefix('P').ok_or(Problem::Unreadable)?;
    let (mut seconds, mut number) = (0_i64, String::new());
    for letter in bare.chars() {
        if letter.is_ascii_digit() && number.len() < 7 {
            number.push(letter);
            continue;
        }
        let unit = match letter {
            'T' => continue,
            'W' => 7 * 86_400,
            'D' => 86_400,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return Err(Problem::Unreadable),
        };
        seconds += unit * number.parse::<i64>().map_err(|_| Problem::Unreadable)?;
        number.clear();
    }
    Ok(SignedDuration::from_secs(seconds))
}

/// Text as people wrote it, and no longer than is shown.
pub(super) fn title(text: &str) -> String {
    let plain =
        text.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";");
    plain.trim().chars().take(TITLE_MAX).collect()
}

/// The wall times that a rule yields from `begins` on, between two of them; the first is `begins` itself where the rule says so.
///
/// # Errors
/// A rule that is not understood, or yields without end.
pub(super) fn days_of_rule(
    begins: DateTime,
    rule: &str,
    from: DateTime,
    to: DateTime,
) -> Result<Vec<DateTime>, Problem> {
    let text = format!("DTSTART:{}Z\nRRULE:{rule}", begins.strftime("%Y%m%dT%H%M%S"));
    let set: rrule::RRuleSet = text.parse().map_err(|_| Problem::Rule)?;
    let mut days = Vec::new();
    for (count, at) in set.limit().into_iter().enumerate() {
        if count >= TIMES_MAX {
            return Err(Problem::TooMuch);
        }
        let at = Timestamp::from_second(at.timestamp()).map_err(|_| Problem::Rule)?;
        let at = at.to_zoned(TimeZone::UTC).datetime();
        if at > to {
            break;
        }
        if at >= from {
            days.push(at);
        }
    }
    Ok(days)
}
