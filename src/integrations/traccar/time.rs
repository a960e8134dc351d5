//! The ways trackers write a moment: seconds or milliseconds since 1970, ISO 8601, or a plain UTC date and
//! time. Pure, and without allocation for the common forms.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// From here on a whole number counts milliseconds (Traccar's own rule: 2³¹).
const MILLISECONDS_FROM: i64 = 1 << 31;

/// Reads a moment; `None` for what is none, or lies outside the years that we can store.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(count) = text.parse::<i64>() {
        return whole(count);
    }
    if text.contains('T') {
        return iso(text);
    }
    if let Ok(plain) = DateTime::strptime("%Y-%m-%d %H:%M:%S", text) {
        return plain.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    }
    let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.abs() < 1e11)?;
    // Milliseconds are as fine as any tracker's clock; the bound above keeps the cast exact.
    Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()
}

fn whole(count: i64) -> Option<Timestamp> {
    if count < MILLISECONDS_FROM {
        Timestamp::from_second(count).ok()
    } else {
        Timestamp::from_millisecond(count).ok()
    }
}

fn iso(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    // A `+` that nobody encoded arrives as a space: 2026-07-01T13:05:00 00:00.
    if let Some((moment, offset)) = text.rsplit_once(' ')
        && let Ok(at) = format!("{moment}+{offset}").parse::<Timestamp>()
    {
        return Some(at);
    }
    // Without an offset it is UTC, as Traccar reads it.
    let plain = text.parse::<DateTime>().ok()?;
    plain.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_one_moment_gives_the_same() {
        let same: Timestamp = "2025-07-01T13:05:00Z".parse().unwrap();
        for text in [
            "1751375100",
            "1751375100000",
            "1751375100.0",
            "2025-07-01T13:05:00Z",
            "2025-07-01T13:05:00.000Z",
            "2025-07-01T13:05:00.000+00:00",
            "2025-07-01T13:05:00.000+0000",
            "2025-07-01T13:05:00 00:00",
            "2025-07-01T09:05:00-04:00",
            "2025-07-01T13:05:00",
            "2025-07-01 13:05:00",
            " 1751375100 ",
        ] {
            assert_eq!(read(text), Some(same), "{text}");
        }
    }

    #[test]
    fn milliseconds_begin_at_two_to_the_thirty_one() {
        assert_eq!(read("2147483647").unwrap().as_second(), 2_147_483_647);
        assert_eq!(read("2147483648").unwrap().as_millisecond(), 2_147_483_648);
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "yesterday",
            "NaN",
            "inf",
            "1e300",
            "2026-13-01T00:00:00Z",
            "T",
            "99999999999999999999",
            "9223372036854775807",
            "2026-07-01",
            "13:05",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
