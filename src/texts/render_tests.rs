//! Every sentence in both languages, filled, short enough, and saying what it should.

use super::*;
use crate::texts::segments;

/// A signed link is about as long as this: origin, path, a compact token.
fn link() -> String {
    format!("https://dispatch.example.ca/track/{}", "x".repeat(147))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn all<'a>(link: &'a str, name: &'a str) -> Vec<Text<'a>> {
    let (from, to) = (at("2026-09-23T14:30:00Z"), at("2026-09-23T16:30:00Z"));
    let days_later = at("2026-09-25T16:30:00Z");
    vec![
        Text::JobAssigned { title: name, place: name, start: from, link },
        Text::JobsAssigned { count: 12, link },
        Text::CrewAssigned { lead: name, title: name, start: from, link },
        Text::JobTakenOff { title: name, start: from },
        Text::JobsTakenOff { count: 12, link },
        Text::SchedulePublished { count: 12, day: from, link },
        Text::JobOffered { title: name, place: name, start: from, link },
        Text::OfferFilled { title: name, start: from },
        Text::OfferRefused { why: name },
        Text::OffersWaiting { count: 2, link },
        Text::VisitPromised { from, to, link },
        Text::VisitPromised { from, to: days_later, link },
        Text::OnTheWay { technician: name, eta: to, link },
        Text::EtaChanged { eta: to, link },
        Text::Late { technician: name, eta: to, link },
        Text::Rescheduled { from, to, link },
        Text::Rescheduled { from, to: days_later, link },
        Text::Cancelled { from },
        Text::HourGone { from },
        Text::Done,
        Text::OptOutConfirmed,
        Text::OptInConfirmed,
        Text::Help { phone: None },
        Text::Help { phone: Some("+1 450 555-0100") },
    ]
}

fn say(text: &Text<'_>, language: Language, company: &str) -> String {
    say_as(text, language, company, false)
}

fn say_as(text: &Text<'_>, language: Language, company: &str, corrects: bool) -> String {
    let zone = TimeZone::get("America/Toronto").unwrap();
    render(text, &Voice { company, language, zone: &zone, corrects }).unwrap()
}

const LANGUAGES: [Language; 2] = [Language::Fr, Language::En];

#[test]
fn every_kind_has_its_sentence_in_both_languages_with_nothing_unfilled() {
    let link = link();
    let mut kinds = std::collections::HashSet::new();
    for text in all(&link, "Ana Roy") {
        kinds.insert(text.kind());
        for language in LANGUAGES {
            let said = say(&text, language, "Fibre Sud");
            assert!(said.starts_with("Fibre Sud"), "{said}");
            assert!(!said.contains(['{', '}', '$']), "{said}");
            assert!(!said.contains("  "), "{said}");
            let links = said.matches("https://").count();
            assert!(links <= 1, "{said}");
        }
    }
    assert_eq!(kinds.len(), Kind::ALL.len());
}

#[test]
fn both_files_hold_the_same_sentences_and_use_the_same_values() {
    let keys = |file: &str| -> Vec<(String, Vec<String>)> {
        let mut entries: Vec<(String, Vec<String>)> = Vec::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with([' ', '}']))
            {
                entries.push((key.to_owned(), Vec::new()));
            }
            let Some((_, used)) = entries.last_mut() else { continue };
            for value in line.split("{ $").skip(1) {
                used.push(value.split_whitespace().next().unwrap().to_owned());
            }
            used.sort();
            used.dedup();
        }
        entries.sort();
        entries
    };
    let french = keys(include_str!("locales/fr/texts.ftl"));
    assert_eq!(french, keys(include_str!("locales/en/texts.ftl")));
    let link = link();
    let zone = TimeZone::get("America/Toronto").unwrap();
    let mut used: Vec<_> = all(&link, "x").iter().map(|text| text.key(&zone).to_owned()).collect();
    used.sort();
    let held: Vec<_> = french.into_iter().map(|(key, _)| key).collect();
    assert_eq!(held, used);
}

#[test]
fn the_longest_names_fit_two_segments_with_a_signed_link_and_one_without() {
    let link = link();
    let name = "Marie-Hélène Bérubé-Lachapelle de la Rivière-aux-Outardes";
    for language in LANGUAGES {
        for (text, corrects) in all(&link, name).iter().flat_map(|one| [(one, false), (one, true)])
        {
            let said = say_as(text, language, "Réseau du Haut-Saint-Laurent Inc.", corrects);
            let most = if said.contains("https://") { 2 } else { 1 };
            assert!(segments(&said) <= most, "{} segments: {said}", segments(&said));
        }
        // With a short link, as a customer's usual text has it, one segment is enough.
        for text in all("https://d.example.ca/track/abcdefghijk", "Ana Roy") {
            let said = say(&text, language, "Fibre Sud");
            assert_eq!(segments(&said), 1, "{said}");
        }
    }
}

#[test]
fn a_promise_says_the_window_in_the_customers_words() {
    let (from, to) = (at("2026-11-23T15:00:00Z"), at("2026-11-23T18:30:00Z"));
    let text = Text::VisitPromised { from, to, link: "https://x.ca/track/1" };
    assert_eq!(
        say(&text, Language::Fr, "Fibre Sud"),
        "Fibre Sud : nous serons chez vous le lun. 23 nov. entre 10 h et 13 h 30. Suivi : https://x.ca/track/1"
    );
    assert_eq!(
        say(&text, Language::En, "Fibre Sud"),
        "Fibre Sud: we will be at your place Mon, Nov 23 between 10:00 AM and 1:30 PM. Track it: https://x.ca/track/1"
    );
}

#[test]
fn a_window_over_several_days_is_said_with_both_of_them() {
    let (from, to) = (at("2026-11-23T15:00:00Z"), at("2026-11-25T17:00:00Z"));
    let text = Text::VisitPromised { from, to, link: "https://x.ca/track/1" };
    assert_eq!(
        say(&text, Language::Fr, "Fibre Sud"),
        "Fibre Sud : nous passerons entre le lun. 23 nov., 10 h, et le mer. 25 nov., 12 h. Suivi : https://x.ca/track/1"
    );
    assert_eq!(
        say(&text, Language::En, "Fibre Sud"),
        "Fibre Sud: we will come between Mon, Nov 23, 10:00 AM, and Wed, Nov 25, 12:00 PM. Track it: https://x.ca/track/1"
    );
    let text = Text::Rescheduled { from, to, link: "https://x.ca/track/1" };
    assert_eq!(
        say(&text, Language::Fr, "Fibre Sud"),
        "Fibre Sud : visite reportée : du lun. 23 nov., 10 h, au mer. 25 nov., 12 h. Suivi : https://x.ca/track/1"
    );
    assert_eq!(
        say(&text, Language::En, "Fibre Sud"),
        "Fibre Sud: your visit is now between Mon, Nov 23, 10:00 AM, and Wed, Nov 25, 12:00 PM. Track it: https://x.ca/track/1"
    );
}

#[test]
fn a_correction_says_that_it_is_one_and_an_hour_that_is_gone_cancels_nothing() {
    let (from, to) = (at("2026-11-23T15:00:00Z"), at("2026-11-23T16:00:00Z"));
    let text = Text::Rescheduled { from, to, link: "https://x.ca/track/1" };
    assert_eq!(
        say_as(&text, Language::Fr, "Fibre Sud", true),
        "Fibre Sud, correction : visite reportée au lun. 23 nov. entre 10 h et 11 h. Suivi : https://x.ca/track/1"
    );
    assert_eq!(
        say_as(&text, Language::En, "Fibre Sud", true),
        "Fibre Sud, correction: your visit is moved to Mon, Nov 23 between 10:00 AM and 11:00 AM. Track it: https://x.ca/track/1"
    );
    let text = Text::HourGone { from };
    assert_eq!(
        say_as(&text, Language::Fr, "Fibre Sud", true),
        "Fibre Sud, correction : l'heure annoncée pour le lun. 23 nov. ne tient plus. Nous vous en donnerons une autre par texto."
    );
    assert_eq!(
        say_as(&text, Language::En, "Fibre Sud", true),
        "Fibre Sud, correction: the time we gave you for Mon, Nov 23 no longer holds. We will text you a new one."
    );
}

#[test]
fn one_and_many_are_said_by_the_rules_of_each_language() {
    let at = at("2026-11-23T15:00:00Z");
    let said = |count, language| {
        let text = Text::SchedulePublished { count, day: at, link: "https://x.ca/t/1" };
        say(&text, language, "C")
    };
    assert!(said(1, Language::Fr).contains("1 visite."));
    assert!(said(2, Language::Fr).contains("2 visites."));
    assert!(said(0, Language::Fr).contains("rien de prévu"));
    assert!(said(0, Language::En).contains("nothing planned"));
    assert!(said(1, Language::En).contains("1 visit."));
    assert!(said(12_000, Language::En).contains("12000 visits."), "{}", said(12_000, Language::En));
}

#[test]
fn a_name_cannot_break_the_sentence() {
    let text = Text::OnTheWay {
        technician: "Ana\r\n{ $link }\u{7}",
        eta: at("2026-11-23T15:00:00Z"),
        link: "L",
    };
    let said = say(&text, Language::Fr, "  C \n o ");
    assert_eq!(said, "C o : Ana { $link } est en route, arrivée vers 10 h. Suivi : L");
}

#[test]
fn languages_are_read_with_their_region() {
    assert_eq!(Language::parse("fr-CA"), Some(Language::Fr));
    assert_eq!(Language::parse("en"), Some(Language::En));
    for other in ["", "f", "de", "é"] {
        assert_eq!(Language::parse(other), None, "{other}");
    }
}

#[test]
fn an_address_that_is_cut_keeps_its_town_and_has_three_points_at_most() {
    let zone = TimeZone::get("America/Toronto").unwrap();
    let told = |place: &str| {
        let start = at("2026-09-23T14:30:00Z");
        let texts = [
            Text::JobAssigned { title: "Installation", place, start, link: "https://x.ca/t/1" },
            Text::JobOffered { title: "Installation", place, start, link: "https://x.ca/t/1" },
        ];
        texts.map(|text| {
            let voice =
                Voice { company: "Tel", language: Language::Fr, zone: &zone, corrects: false };
            render(&text, &voice).unwrap()
        })
    };
    for place in [
        "2546, chemin de l'Île-aux-Vaches, Val-Morin, QC J0T 2R0",
        "2546 chemin de la Rivière-aux-Mulets, Val-Morin",
        "1, rue X, Val-Morin, Québec, Canada",
    ] {
        for text in told(place) {
            assert!(text.contains("Val-Morin") && !text.contains("...."), "{text}");
            assert!(!text.contains("QC") && !text.contains("Canada"), "{text}");
        }
    }
    let [assigned, _] = told("un endroit sans virgule et sans ville du tout");
    assert!(assigned.contains("...") && !assigned.contains("...."), "{assigned}");
}
