//! Zones in the arithmetic: who is let in, from when to when, why not, and what would be enough.

#![allow(clippy::unwrap_used, reason = "tests")]

mod monday;

use std::sync::Arc;

use monday::{Ruler, at, job, words};
use scheduler::day::{Obstacle, Skill};
use scheduler::rank::slot_for;
use scheduler::zones::Lack;
use scheduler::{
    Certification, Day, DayTechnician, Search, Span, Violation, Wanted, ZoneAsk, allows,
    auto_assign,
};

fn technician(id: &str) -> DayTechnician {
    monday::technician(id, "Ana")
}

fn airport(valid: Span) -> ZoneAsk {
    let certification = Some(Certification { tag: "Sûreté".into(), level: 2 });
    ZoneAsk { name: "Aéroport".into(), valid, certification, allowed: None }
}

const ALWAYS: Span = Span::new(i64::MIN, i64::MAX);

fn inside(zone: ZoneAsk) -> Wanted {
    Wanted { zones: vec![zone], ..job("job_1", 10, 60) }
}

fn holding(id: &str, level: u8, expires_s: Option<i64>) -> DayTechnician {
    let mut who = technician(id);
    who.skills = vec![Skill { tag: "sûreté".into(), level, expires_s }];
    who
}

fn search() -> Search {
    Search { range: Span::new(at("00:00"), at("23:59")), now_s: at("06:00"), limit: 5 }
}

fn lack(job: &Wanted, who: &DayTechnician, start: &str) -> Option<Lack> {
    let broken = allows(job, who, at(start), at(start) + 3600);
    broken.into_iter().find_map(|rule| match rule {
        Violation::NotAdmitted { lack, .. } => Some(lack),
        _ => None,
    })
}

#[test]
fn a_zone_asks_for_a_certificate_that_counts_or_a_name_on_its_list() {
    let job = inside(airport(ALWAYS));
    let tag: Arc<str> = "Sûreté".into();
    let uncertified = |has| Some(Lack::Uncertified { tag: tag.clone(), needed: 2, has });
    assert_eq!(lack(&job, &technician("tech_a"), "10:00"), uncertified(0));
    assert_eq!(lack(&job, &holding("tech_a", 1, None), "10:00"), uncertified(1));
    assert_eq!(lack(&job, &holding("tech_a", 2, None), "10:00"), None);
    let expired_s = at("09:30");
    let expired = Some(Lack::Expired { tag: tag.clone(), needed: 2, expired_s });
    assert_eq!(lack(&job, &holding("tech_a", 3, Some(expired_s)), "10:00"), expired);
    assert_eq!(lack(&job, &holding("tech_a", 3, Some(expired_s)), "09:00"), None);
    let named = ZoneAsk { allowed: Some(Arc::from(["tech_b".into()])), ..airport(ALWAYS) };
    assert_eq!(
        lack(&inside(named.clone()), &holding("tech_a", 5, None), "10:00"),
        Some(Lack::NotListed)
    );
    assert_eq!(
        lack(&inside(named), &technician("tech_b"), "10:00"),
        uncertified(0),
        "both are asked"
    );
}

#[test]
fn outside_its_days_a_zone_asks_nothing_and_a_search_waits_for_its_end() {
    let until_noon = Span::new(at("00:00"), at("12:00"));
    let job = inside(airport(until_noon));
    let nobody = technician("tech_a");
    assert_eq!(lack(&job, &nobody, "12:00"), None);
    let found = slot_for(&job, &nobody, search(), &Ruler).unwrap();
    assert_eq!(found.start_s, at("12:00"));
    let all_day = inside(airport(ALWAYS));
    let why = slot_for(&all_day, &nobody, search(), &Ruler).unwrap_err();
    assert!(matches!(&why[..], [Obstacle::Rule(Violation::NotAdmitted { .. })]), "{why:?}");
    // The window closes before the zone opens again.
    let window = Some(Span::new(at("09:00"), at("10:00")));
    let narrow = Wanted { window, ..inside(airport(Span::new(at("08:00"), at("11:00")))) };
    let why = slot_for(&narrow, &nobody, search(), &Ruler).unwrap_err();
    assert!(matches!(&why[..], [Obstacle::Rule(Violation::NotAdmitted { .. })]), "{why:?}");
}

#[test]
fn a_certificate_that_runs_out_during_the_day_leaves_the_morning() {
    let job = inside(airport(ALWAYS));
    let who = holding("tech_a", 2, Some(at("09:00")));
    let mut busy = who.clone();
    busy.stops = vec![monday::stop("v", 0, "08:00", "09:00")];
    let found = slot_for(&job, &who, search(), &Ruler).unwrap();
    assert!(found.start_s < at("09:00"));
    let why = slot_for(&job, &busy, search(), &Ruler).unwrap_err();
    assert!(
        matches!(
            &why[..],
            [Obstacle::Rule(Violation::NotAdmitted { lack: Lack::Expired { .. }, .. })]
        ),
        "{why:?}"
    );
}

#[test]
fn the_house_rule_passes_over_whoever_is_not_let_in_and_keeps_its_order() {
    let day = |zones| Day {
        range: search().range,
        now_s: at("06:00"),
        technicians: vec![
            technician("tech_a"),
            holding("tech_b", 5, None),
            holding("tech_c", 2, None),
        ],
        jobs: vec![Wanted { zones, ..job("job_1", 10, 60) }],
    };
    let free = auto_assign(&day(vec![]), &Ruler);
    assert_eq!(&*free.assigned[0].technician_id, "tech_a");
    let zoned = auto_assign(&day(vec![airport(ALWAYS)]), &Ruler);
    // A zone lets in or does not: levels above what it asks weigh nothing, and the first id is taken as before.
    assert_eq!(&*zoned.assigned[0].technician_id, "tech_b");
    let nobody = Day { technicians: vec![technician("tech_a")], ..day(vec![airport(ALWAYS)]) };
    let plan = auto_assign(&nobody, &Ruler);
    let why = words().unassigned(&nobody.jobs[0], &plan.unassigned[0].not_possible);
    assert_eq!(
        why.en,
        [
            "Nobody is let into the zone “Aéroport”: Sûreté at level 2 is required, valid on that day."
        ]
    );
}

#[test]
fn a_refusal_names_the_zone_the_certificate_the_day_and_what_would_be_enough() {
    let until = inside(airport(Span::new(i64::MIN, at("00:00") + 3 * 86_400)));
    let said = |who: &DayTechnician| {
        let all = words().violations(&allows(&until, who, at("10:00"), at("11:00")));
        (all.fr.join(" ").replace('\u{a0}', " "), all.en.join(" "))
    };
    let (fr, en) = said(&technician("tech_a"));
    let day = words_of(at("10:00"));
    assert!(fr.starts_with("Zone « Aéroport » : Sûreté au niveau 2 exigé le "), "{fr}");
    assert!(fr.contains("non détenu; Sûreté au niveau 2 suffirait, ou attendre le "), "{fr}");
    assert!(
        en.starts_with(&format!("Zone “Aéroport”: Sûreté at level 2 is required on {day}")),
        "{en}"
    );
    assert!(
        said(&holding("tech_a", 1, None)).1.contains("level 1 is held; level 2 would be enough")
    );
    let renewed = said(&holding("tech_a", 2, Some(at("00:00")))).1;
    assert!(renewed.contains("expired since") && renewed.contains("renewing it"), "{renewed}");
}

fn words_of(at_s: i64) -> String {
    let zone = jiff::tz::TimeZone::get("America/Toronto").unwrap();
    jiff::Timestamp::from_second(at_s).unwrap().to_zoned(zone).strftime("%B %-d").to_string()
}
