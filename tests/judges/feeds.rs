//! Our calendar feeds, read by two independent libraries: both understand what was meant.

use serde_json::json;
use tournee::calendars::ical::{Event, Feed, render};
use tournee::texts::Language;

fn event(number: u32, start: &str, end: &str) -> Event {
    let at = |text: &str| text.parse().expect("a moment");
    Event {
        uid: format!("visit_{number}@dispatch.example.ca"),
        sequence: number,
        created: at("2026-06-30T10:00:00Z"),
        last_modified: at("2026-07-01T12:00:00Z"),
        start: at(start),
        end: at(end),
        cancelled: number == 3,
        summary: format!(
            "Réparation ; très, très longue à l'œuvre chez Mme Bérubé-Lachapelle 🚚 n° {number}"
        ),
        location: "1867, chemin de la Rivière; Sainte-Clotilde \\ rang 5".to_owned(),
        place: Some((45.163, -73.678)),
        description: "Ligne 1\nLigne 2, avec: tout; \"cela\"\n\nhttps://dispatch.example.ca/t/abc"
            .to_owned(),
        url: Some("https://dispatch.example.ca/t/abc".to_owned()),
    }
}

#[test]
fn two_calendar_libraries_read_what_we_meant() {
    let events = vec![
        event(1, "2026-07-02T13:00:00Z", "2026-07-02T14:30:00Z"),
        event(2, "2026-12-02T14:00:00Z", "2026-12-02T15:30:00Z"),
        event(3, "2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z"),
        event(4, "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"),
        event(5, "2026-11-01T04:30:00Z", "2026-11-01T08:00:00Z"),
    ];
    for zone in ["America/Toronto", "Europe/Paris"] {
        let feed = Feed {
            technician: "Ana Roy « équipe Sud »".to_owned(),
            language: Language::Fr,
            zone: zone.to_owned(),
            events: events.clone(),
        };
        let Some(read) = super::judge("parse_ical.py", &render(&feed).bytes) else { return };
        assert_eq!(read["calendar"]["name"], "Visites - Ana Roy « équipe Sud »");
        assert_eq!(read["calendar"]["refresh_s"], 900);
        assert_eq!(read["calendar"]["method"], "PUBLISH");
        for library in ["icalendar", "ics"] {
            let parsed = read[library].as_array().expect("a list");
            assert_eq!(parsed.len(), events.len(), "{library}");
            for (meant, read) in events.iter().zip(parsed) {
                let prefix = if meant.cancelled { "ANNULÉ - " } else { "" };
                let status = if meant.cancelled { "CANCELLED" } else { "CONFIRMED" };
                assert_eq!(read["uid"], meant.uid.as_str(), "{library}");
                assert_eq!(read["start"], meant.start.to_string(), "{library} {zone}");
                assert_eq!(read["end"], meant.end.to_string(), "{library} {zone}");
                assert_eq!(read["summary"], format!("{prefix}{}", meant.summary), "{library}");
                assert_eq!(read["location"], meant.location.as_str(), "{library}");
                assert_eq!(read["description"], meant.description.as_str(), "{library}");
                assert_eq!(read["status"], status, "{library}");
                assert_eq!(read["geo"], json!([45.163, -73.678]), "{library}");
                if library == "icalendar" {
                    assert_eq!(read["sequence"], meant.sequence);
                }
            }
        }
    }
}
