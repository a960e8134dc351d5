//! Every answer in both languages: filled, short enough, and saying what it should.

use jiff::tz::TimeZone;

use super::super::{Language, segments};
use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn all<'a>(name: &'a str, choice: Choice<'a>, names: &'a [String]) -> Vec<ToDispatcher<'a>> {
    let start = at("2026-11-23T19:10:00Z");
    vec![
        ToDispatcher::Choose { title: name, place: name, choice },
        ToDispatcher::Nobody { title: name, place: name },
        ToDispatcher::Anew { why: name, choice },
        ToDispatcher::Sent { name, title: name, place: name, start },
        ToDispatcher::NotSent { why: name },
        ToDispatcher::Which { names },
        ToDispatcher::NoJob { number: name },
        ToDispatcher::SeveralJobs { number: name },
        ToDispatcher::WhichJob,
    ]
}

fn say(text: &ToDispatcher<'_>, language: Language, company: &str) -> String {
    let zone = TimeZone::get("America/Toronto").unwrap();
    answer(text, &Voice { company, language, zone: &zone, corrects: false }).unwrap()
}

#[test]
fn a_list_is_numbered_in_its_order_and_says_what_to_reply() {
    let slots = [
        ("Marc".to_owned(), at("2026-11-23T19:10:00Z")),
        ("Hélène".to_owned(), at("2026-11-23T19:25:00Z")),
    ];
    let choice = Choice { slots: &slots, day: None };
    let text =
        ToDispatcher::Choose { title: "Pas d'Internet", place: "12, rang Sainte-Anne", choice };
    assert_eq!(
        say(&text, Language::En, "Fibre Sud"),
        "Fibre Sud: Pas d'Internet, 12, rang Sainte-Anne: 1 Marc 14:10, 2 Hélène 14:25. Reply SEND MARC"
    );
    assert_eq!(
        say(&text, Language::Fr, "Fibre Sud"),
        "Fibre Sud : Pas d'Internet, 12, rang Sainte-Anne : 1 Marc 14 h 10, 2 Hélène 14 h 25. Répondez ENVOYER MARC"
    );
}

#[test]
fn what_is_to_be_replied_names_somebody_however_long_a_name_is() {
    use super::super::asked::is_named;
    let names = ["Marc-André Beauchemin-Tremblay".to_owned(), "Marc-André Roy".to_owned()];
    let slots: Vec<_> =
        names.iter().map(|name| (name.clone(), at("2026-11-24T19:10:00Z"))).collect();
    let choice = Choice { slots: &slots, day: Some(at("2026-11-24T19:10:00Z")) };
    let list = ToDispatcher::Choose { title: "Panne", place: "1, rue A", choice };
    assert_eq!(
        say(&list, Language::En, "Fibre Sud"),
        "Fibre Sud: Panne, 1, rue A: Tue, Nov 24, 1 Marc-André Beauch... 14:10, 2 Marc-André Roy 14:10. Reply SEND 1"
    );
    let long = ["Marie-Hélène Bérubé-Lachapelle de la Rivière-aux-Outardes".to_owned()];
    let which = say(&ToDispatcher::Which { names: &long }, Language::Fr, "Fibre Sud");
    let (_, reply) = which.split_once("ENVOYER ").unwrap();
    assert!(is_named(&long[0], reply), "{which}");
}

#[test]
fn every_answer_is_filled_in_both_languages_and_takes_two_segments_at_most() {
    let long = "Marie-Hélène Bérubé-Lachapelle de la Rivière-aux-Outardes";
    let names = [long.to_owned(), long.to_owned(), long.to_owned()];
    let slots: Vec<_> =
        names.iter().map(|name| (name.clone(), at("2026-11-24T19:10:00Z"))).collect();
    let choice = Choice { slots: &slots, day: Some(at("2026-11-24T19:10:00Z")) };
    for language in [Language::Fr, Language::En] {
        for text in all(long, choice, &names) {
            let said = say(&text, language, "Réseau du Haut-Saint-Laurent Inc.");
            assert!(!said.contains(['{', '}', '$']) && !said.contains("  "), "{said}");
            assert!(segments(&said) <= 2, "{} segments: {said}", segments(&said));
        }
    }
}

#[test]
fn both_files_hold_the_same_answers() {
    let keys = |file: &str| -> Vec<String> {
        let lines = file.lines().filter(|line| !line.starts_with(['#', ' ', '}']));
        let mut keys: Vec<String> =
            lines.filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect();
        keys.sort();
        keys
    };
    let french = keys(include_str!("locales/fr/dispatcher.ftl"));
    assert_eq!(french, keys(include_str!("locales/en/dispatcher.ftl")));
    let choice = Choice { slots: &[], day: None };
    let mut used: Vec<String> =
        all("x", choice, &[]).iter().map(|text| text.key().to_owned()).collect();
    used.sort();
    assert_eq!(french, used);
}
