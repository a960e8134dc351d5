//! A technician's calendar as RFC 5545 bytes. Pure: the same feed gives the same bytes, so that the `ETag`
//! changes only when a visit does. It reads no database and knows no token; `http.rs` does.
//!
//! There is no METHOD: with one, DTSTAMP would have to be the moment of this answer, and no two answers
//! would be alike (RFC 5545 §3.8.7.2).

use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};

use crate::texts::Language;

/// The `Content-Type` of a feed.
pub const CONTENT_TYPE: &str = "text/calendar; charset=utf-8; method=PUBLISH";
/// Octets of a line before it is folded, its end not counted (RFC 5545 §3.1).
const LINE_OCTETS_MAX: usize = 75;
/// How often clients should ask, at most.
const REFRESH: &str = "PT15M";

/// A technician's feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    pub technician: String,
    pub language: Language,
    /// The territory's zone, by its IANA name; America/Toronto is written as local time with its rules, any
    /// other as UTC.
    pub zone: String,
    pub events: Vec<Event>,
}

/// One visit in the feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The same for ever, whoever holds the visit: `visit_…@host`.
    pub uid: String,
    /// From 0, one more for every change of time or cancellation.
    pub sequence: u32,
    pub created: Timestamp,
    pub last_modified: Timestamp,
    pub start: Timestamp,
    pub end: Timestamp,
    /// Kept for a while, so that calendars strike it out rather than wonder.
    pub cancelled: bool,
    pub summary: String,
    pub location: String,
    /// WGS 84 degrees: latitude, longitude.
    pub place: Option<(f64, f64)>,
    pub description: String,
    pub url: Option<String>,
}

/// A written feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub bytes: Vec<u8>,
    /// Strong, with its quotes.
    pub etag: String,
}

impl Written {
    /// Whether a client that says `If-None-Match: header` has these bytes already (answer 304).
    pub fn is_known_to(&self, header: &str) -> bool {
        let strong = |tag: &str| tag.trim().trim_start_matches("W/") == self.etag;
        header.trim() == "*" || header.split(',').any(strong)
    }
}

/// Writes the feed.
pub fn render(feed: &Feed) -> Written {
    let mut lines = Lines::default();
    let toronto =
        (feed.zone == "America/Toronto").then(|| TimeZone::get("America/Toronto").ok()).flatten();
    let name = match feed.language {
        Language::Fr => format!("Visites - {}", feed.technician),
        Language::En => format!("Visits - {}", feed.technician),
    };
    lines.raw("BEGIN:VCALENDAR");
    lines.raw("VERSION:2.0");
    lines.raw(match feed.language {
        Language::Fr => "PRODID:-//Tournee//dispatch//FR",
        Language::En => "PRODID:-//Tournee//dispatch//EN",
    });
    lines.raw("CALSCALE:GREGORIAN");
    // Shown and never asked: nobody answers a feed.
    lines.raw("METHOD:PUBLISH");
    lines.text("NAME", &name);
    lines.text("X-WR-CALNAME", &name);
    lines.text("X-WR-TIMEZONE", &feed.zone);
    lines.line(&format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"));
    lines.line(&format!("X-PUBLISHED-TTL:{REFRESH}"));
    if toronto.is_some() {
        toronto_rules(&mut lines);
    }
    let mut events: Vec<&Event> = feed.events.iter().collect();
    events.sort_by(|one, other| (one.start, &one.uid).cmp(&(other.start, &other.uid)));
    for event in events {
        write_event(&mut lines, event, feed.language, toronto.as_ref());
    }
    lines.raw("END:VCALENDAR");
    let bytes = lines.0.into_bytes();
    let etag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..16]));
    Written { bytes, etag }
}

fn write_event(lines: &mut Lines, event: &Event, language: Language, zone: Option<&TimeZone>) {
    lines.raw("BEGIN:VEVENT");
    lines.text("UID", &event.uid);
    lines.line(&format!("DTSTAMP:{}", utc(event.last_modified)));
    lines.line(&format!("CREATED:{}", utc(event.created)));
    lines.line(&format!("LAST-MODIFIED:{}", utc(event.last_modified)));
    lines.line(&format!("SEQUENCE:{}", event.sequence));
    lines.raw(if event.cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
    lines.line(&format!("DTSTART{}", when(event.start, zone)));
    // An end at or before the start would make some clients drop the event.
    if event.end > event.start {
        lines.line(&format!("DTEND{}", when(event.end, zone)));
    }
    let summary = match (event.cancelled, language) {
        (false, _) => event.summary.clone(),
        (true, Language::Fr) => format!("ANNULÉ - {}", event.summary),
        (true, Language::En) => format!("CANCELLED - {}", event.summary),
    };
    lines.text("SUMMARY", &summary);
    if !event.location.is_empty() {
        lines.text("LOCATION", &event.location);
    }
    if let Some((lat, lon)) = event.place.filter(|(lat, lon)| lat.is_finite() && lon.is_finite()) {
        lines.line(&format!("GEO:{lat:.6};{lon:.6}"));
    }
    if !event.description.is_empty() {
        lines.text("DESCRIPTION", &event.description);
    }
    if let Some(url) = event.url.as_deref().filter(|url| !url.contains(char::is_control)) {
        lines.line(&format!("URL:{url}"));
    }
    // A cancelled visit takes nobody's time.
    lines.raw(if event.cancelled { "TRANSP:TRANSPARENT" } else { "TRANSP:OPAQUE" });
    lines.raw("END:VEVENT");
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The parameters and value of a moment: `;TZID=…:20260702T090000` or `:20260702T130000Z`.
fn when(at: Timestamp, zone: Option<&TimeZone>) -> String {
    match zone {
        // In the hour that comes twice, local time alone would not say which one is meant.
        Some(zone) if !is_ambiguous(at, zone) => {
            let local = at.to_zoned(zone.clone());
            format!(";TZID=America/Toronto:{}", local.strftime("%Y%m%dT%H%M%S"))
        }
        _ => format!(":{}", utc(at)),
    }
}

fn is_ambiguous(at: Timestamp, zone: &TimeZone) -> bool {
    zone.to_ambiguous_timestamp(at.to_zoned(zone.clone()).datetime()).is_ambiguous()
}

/// The rules of America/Toronto since 2007.
fn toronto_rules(lines: &mut Lines) {
    lines.raw("BEGIN:VTIMEZONE");
    lines.raw("TZID:America/Toronto");
    let seasons = [
        ("DAYLIGHT", "20070311T020000", "BYMONTH=3;BYDAY=2SU", "-0500", "-0400", "EDT"),
        ("STANDARD", "20071104T020000", "BYMONTH=11;BYDAY=1SU", "-0400", "-0500", "EST"),
    ];
    for (season, start, rule, from, to, name) in seasons {
        lines.line(&format!("BEGIN:{season}"));
        lines.line(&format!("DTSTART:{start}"));
        lines.line(&format!("RRULE:FREQ=YEARLY;{rule}"));
        lines.line(&format!("TZOFFSETFROM:{from}"));
        lines.line(&format!("TZOFFSETTO:{to}"));
        lines.line(&format!("TZNAME:{name}"));
        lines.line(&format!("END:{season}"));
    }
    lines.raw("END:VTIMEZONE");
}

/// The lines so far, each ended by CRLF.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn raw(&mut self, line: &'static str) {
        self.0.push_str(line);
        self.0.push_str("\r\n");
    }

    /// A property whose value is TEXT: escaped, line breaks written as `\n`, other control characters left out.
    fn text(&mut self, name: &'static str, value: &str) {
        let mut line = String::with_capacity(name.len() + value.len() + 8);
        line.push_str(name);
        line.push(':');
        for character in value.replace("\r\n", "\n").chars() {
            match character {
                '\\' => line.push_str("\\\\"),
                ';' => line.push_str("\\;"),
                ',' => line.push_str("\\,"),
                '\n' | '\r' => line.push_str("\\n"),
                '\t' => line.push(' '),
                control if control.is_control() => {}
                plain => line.push(plain),
            }
        }
        self.line(&line);
    }

    /// Any line, folded at 75 octets without splitting a character; the space that begins a continuation counts.
    fn line(&mut self, line: &str) {
        let mut octets = 0;
        for character in line.chars() {
            if octets + character.len_utf8() > LINE_OCTETS_MAX {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(character);
            octets += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn event() -> Event {
        Event {
            uid: "visit_42@hub.example.test".to_owned(),
            sequence: 3,
            created: at("2026-06-30T10:00:00Z"),
            last_modified: at("2026-07-01T12:00:00Z"),
            start: at("2026-07-02T13:00:00Z"),
            end: at("2026-07-02T14:30:00Z"),
            cancelled: false,
            summary: "Installation fibre; Tremblay".to_owned(),
            location: "1867 chemin de la Rivière, Sainte-Clotilde".to_owned(),
            place: Some((45.163, -73.678)),
            description: "Forfait 500\nSonner à l'arrière, \\o/".to_owned(),
            url: Some("https://hub.example.test/t/abc".to_owned()),
        }
    }

    fn feed(events: Vec<Event>) -> Feed {
        let (technician, zone) = ("Ana Roy".to_owned(), "America/Toronto".to_owned());
        Feed { technician, language: Language::Fr, zone, events }
    }

    fn text(feed: &Feed) -> String {
        String::from_utf8(render(feed).bytes).unwrap()
    }

    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_visit_is_written_in_local_time_with_its_rules_and_everything_escaped() {
        let lines = unfolded(&text(&feed(vec![event()])));
        for line in [
            "METHOD:PUBLISH",
            "X-WR-CALNAME:Visites - Ana Roy",
            "NAME:Visites - Ana Roy",
            "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
            "TZID:America/Toronto",
            "UID:visit_42@hub.example.test",
            "DTSTAMP:20260701T120000Z",
            "SEQUENCE:3",
            "STATUS:CONFIRMED",
            "DTSTART;TZID=America/Toronto:20260702T090000",
            "DTEND;TZID=America/Toronto:20260702T103000",
            "SUMMARY:Installation fibre\\; Tremblay",
            "LOCATION:1867 chemin de la Rivière\\, Sainte-Clotilde",
            "GEO:45.163000;-73.678000",
            "DESCRIPTION:Forfait 500\\nSonner à l'arrière\\, \\\\o/",
            "URL:https://hub.example.test/t/abc",
        ] {
            assert!(lines.iter().any(|found| found == line), "{line} is not in {lines:#?}");
        }
    }

    #[test]
    fn a_cancelled_visit_stays_and_says_so_in_its_title() {
        let cancelled = Event { cancelled: true, sequence: 4, ..event() };
        let lines = unfolded(&text(&feed(vec![cancelled])));
        assert!(lines.contains(&"STATUS:CANCELLED".to_owned()));
        assert!(lines.contains(&"SUMMARY:ANNULÉ - Installation fibre\\; Tremblay".to_owned()));
    }

    #[test]
    fn the_hour_that_comes_twice_is_written_in_utc() {
        let night =
            Event { start: at("2026-11-01T05:30:00Z"), end: at("2026-11-01T07:30:00Z"), ..event() };
        let lines = unfolded(&text(&feed(vec![night])));
        assert!(lines.contains(&"DTSTART:20261101T053000Z".to_owned()));
        assert!(lines.contains(&"DTEND;TZID=America/Toronto:20261101T023000".to_owned()));
    }

    #[test]
    fn another_zone_is_written_in_utc_without_rules() {
        let far = Feed { zone: "America/Vancouver".to_owned(), ..feed(vec![event()]) };
        let text = text(&far);
        assert!(text.contains("DTSTART:20260702T130000Z") && !text.contains("VTIMEZONE"));
    }

    #[test]
    fn the_etag_changes_with_the_bytes_alone() {
        let (one, mut two) = (event(), event());
        two.uid = "visit_43@hub.example.test".to_owned();
        let forward = render(&feed(vec![one.clone(), two.clone()]));
        let backward = render(&feed(vec![two.clone(), one.clone()]));
        assert_eq!(forward, backward);
        two.sequence += 1;
        let changed = render(&feed(vec![one, two]));
        assert_ne!(forward.etag, changed.etag);
        assert!(forward.is_known_to(&forward.etag));
        assert!(forward.is_known_to(&format!("\"x\", W/{}", forward.etag)));
        assert!(forward.is_known_to("*") && !forward.is_known_to(&changed.etag));
    }

    #[test]
    fn nothing_a_customer_writes_can_add_a_line() {
        let hostile = Event {
            summary: "x\r\nEND:VEVENT\nBEGIN:VALARM\u{0}\u{b}".to_owned(),
            url: Some("https://x\r\nEND:VCALENDAR".to_owned()),
            ..event()
        };
        let lines = unfolded(&text(&feed(vec![hostile])));
        assert_eq!(lines.iter().filter(|line| *line == "END:VEVENT").count(), 1);
        assert!(lines.contains(&"SUMMARY:x\\nEND:VEVENT\\nBEGIN:VALARM".to_owned()));
        assert!(!lines.iter().any(|line| line.starts_with("URL")));
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_none_is_lost(summary in any::<String>(), location in "\\PC{0,300}") {
            let text = text(&feed(vec![Event { summary, location: location.clone(), ..event() }]));
            prop_assert!(text.ends_with("END:VCALENDAR\r\n"));
            for line in text.trim_end_matches("\r\n").split("\r\n") {
                prop_assert!(line.len() <= 75, "{} octets: {}", line.len(), line);
                prop_assert!(!line.contains(['\r', '\n']));
            }
            let escaped: String = location.chars().flat_map(|letter| match letter {
                '\\' | ';' | ',' => vec!['\\', letter],
                _ => vec![letter],
            }).collect();
            let written = format!("LOCATION:{escaped}");
            prop_assert!(escaped.is_empty() || unfolded(&text).contains(&written));
        }
    }
}
