//! The pages read as a person would read them: sentences, forms and what must not be there.

use actors::board::protocol::VisitStatus;
use actors::engine::refusal::Language;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::*;

fn zone() -> TimeZone {
    TimeZone::get("America/Toronto").unwrap()
}

fn at(hour_minute: &str) -> Timestamp {
    format!("2026-11-23T{hour_minute}:00-05:00").parse().unwrap()
}

fn window(start: &str, end: &str) -> Option<Span> {
    Some(Span { start: at(start), end: at(end) })
}

fn eta(low: &str, middle: &str, high: &str) -> Option<EtaRange> {
    Some(EtaRange { at: at(middle), low: at(low), high: at(high) })
}

fn tracking(language: Language, status: VisitStatus) -> TrackingPage {
    TrackingPage {
        language,
        company: "Fibre du Haut-Richelieu".to_owned(),
        status,
        technician_first_name: "Ana".to_owned(),
        title: "Installation fibre".to_owned(),
        window: window("10:00", "11:00"),
        previous_window: None,
        eta: eta("10:22", "10:27", "10:33"),
        eta_live: true,
        position: Some(Seen { lat: 45.061, lon: -73.612, at: at("09:58"), heading: Some(40.0) }),
        destination: Place { lat: 45.05, lon: -73.58 },
        updated_at: at("09:59"),
        now: at("10:00"),
        office_phone: Some("+14505550100".to_owned()),
    }
}

fn visit(id: &str, status: VisitStatus, start: &str) -> TechnicianVisit {
    TechnicianVisit {
        job_id: format!("job_{id}"),
        visit_id: format!("visit_{id}"),
        status,
        title: "Panne d’Internet".to_owned(),
        kind: Some("repair".to_owned()),
        start: at(start),
        end: at(start),
        window: window("10:00", "12:00"),
        customer_name: format!("Client {id}"),
        customer_phone: Some("+14505550123".to_owned()),
        address: "120, chemin Covey Hill, Franklin".to_owned(),
        lat: 45.03,
        lon: -73.92,
        notes: Some("Chien <gentil> & bruyant".to_owned()),
        lead: None,
        with: Vec::new(),
        bundle_id: None,
        eta: None,
        version: 7,
    }
}

fn day(language: Language, jobs: Vec<TechnicianVisit>) -> TechnicianPage {
    TechnicianPage {
        share: ShareOnPage {
            evening_visits: 2,
            weekend_visits: 0,
            far_visits: 1,
            work_min: 1230,
            mean_tenths: Mean { evening_visits: 15, ..Mean::default() },
        },
        language,
        company: "Fibre du Haut-Richelieu".to_owned(),
        date: jiff::civil::date(2026, 11, 23),
        now: at("09:40"),
        technician: Named { id: "tech_1".to_owned(), name: "Ana Roy".to_owned() },
        offers: Vec::new(),
        jobs,
        office_phone: Some("+14505550100".to_owned()),
    }
}

/// The text of a page without its tags, spaces that do not break made plain.
fn text(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            '\u{a0}' => out.push(' '),
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn a_technician_under_way_is_announced_as_an_honest_range_rounded_outward() {
    let fr = render_tracking(&tracking(Language::Fr, VisitStatus::EnRoute), "TOKEN", &zone());
    assert!(text(&fr).contains("Ana arrive entre 10 h 20 et 10 h 35."), "{fr}");
    assert!(text(&fr).contains("ou appelez le 450 555-0100."), "{fr}");
    let en = render_tracking(&tracking(Language::En, VisitStatus::EnRoute), "TOKEN", &zone());
    assert!(text(&en).contains("Ana arrives between 10:20 AM and 10:35 AM."), "{en}");
    assert!(fr.contains("data-map"));
    assert!(text(&fr).contains("Position il y a 2 min"));
}

#[test]
fn a_planned_visit_says_its_window_and_the_day_only_when_it_is_another() {
    let mut page = tracking(Language::Fr, VisitStatus::Planned);
    page.eta_live = false;
    assert!(
        text(&render_tracking(&page, "T", &zone()))
            .contains("Ana passe aujourd’hui entre 10 h et 11 h.")
    );
    page.now = "2026-11-22T15:00:00-05:00".parse().unwrap();
    assert!(
        text(&render_tracking(&page, "T", &zone()))
            .contains("Ana passe le lun. 23 nov. entre 10 h et 11 h.")
    );
}

#[test]
fn a_window_over_several_days_is_said_with_its_days() {
    let mut page = tracking(Language::Fr, VisitStatus::Planned);
    page.eta_live = false;
    let end = "2026-11-25T12:00:00-05:00".parse().unwrap();
    page.window = Some(Span { start: at("10:00"), end });
    let html = text(&render_tracking(&page, "T", &zone()));
    assert!(
        html.contains("Ana passe entre le lun. 23 nov., 10 h, et le mer. 25 nov., 12 h."),
        "{html}"
    );
    assert!(html.contains("lun. 23 nov., 10 h – mer. 25 nov., 12 h"), "{html}");
    page.language = Language::En;
    let html = text(&render_tracking(&page, "T", &zone()));
    assert!(
        html.contains("Ana comes between Mon, Nov 23, 10:00 AM, and Wed, Nov 25, 12:00 PM."),
        "{html}"
    );
}

#[test]
fn a_visit_that_has_nobody_yet_keeps_its_promise_without_a_name() {
    let mut page = tracking(Language::Fr, VisitStatus::Planned);
    page.technician_first_name = String::new();
    page.eta = None;
    assert!(
        text(&render_tracking(&page, "T", &zone()))
            .contains("La visite est prévue aujourd’hui entre 10 h et 11 h.")
    );
}

#[test]
fn a_position_leaves_the_server_only_while_the_technician_drives_to_this_door() {
    for status in [VisitStatus::Planned, VisitStatus::OnSite, VisitStatus::Done] {
        let html = render_tracking(&tracking(Language::Fr, status), "T", &zone());
        assert!(!html.contains("45.061") && !html.contains("data-map"), "{status:?}");
    }
}

#[test]
fn a_changed_promise_shows_both_and_a_late_one_says_so() {
    let mut page = tracking(Language::Fr, VisitStatus::EnRoute);
    page.previous_window = window("08:00", "09:00");
    page.window = window("09:00", "10:00");
    let html = text(&render_tracking(&page, "T", &zone()));
    assert!(html.contains("9 h – 10 h") && html.contains("8 h – 9 h"), "{html}");
    assert!(html.contains("Nous serons en retard."));
}

#[test]
fn without_a_position_the_page_says_that_the_time_is_the_plans() {
    let mut page = tracking(Language::En, VisitStatus::EnRoute);
    page.position = None;
    page.eta_live = false;
    let html = render_tracking(&page, "T", &zone());
    assert!(
        text(&html).contains("We have no position at the moment; the time comes from the plan.")
    );
    assert!(!html.contains("data-map"));
}

#[test]
fn no_text_of_a_customer_or_company_can_end_the_data_or_become_a_tag() {
    let mut page = tracking(Language::Fr, VisitStatus::EnRoute);
    page.title = "</script><script>alert(1)</script>".to_owned();
    let html = render_tracking(&page, "T", &zone());
    assert!(!html.contains("<script>alert"), "{html}");
    let tech = render_technician(
        &day(Language::Fr, vec![visit("1", VisitStatus::Planned, "10:00")]),
        "T",
        &zone(),
    );
    assert!(tech.contains("Chien &lt;gentil&gt; &amp; bruyant"));
}

#[test]
fn one_form_is_offered_and_it_is_the_step_that_comes_next() {
    let page = day(
        Language::Fr,
        vec![
            visit("1", VisitStatus::Done, "08:00"),
            visit("2", VisitStatus::EnRoute, "10:00"),
            visit("3", VisitStatus::Planned, "13:00"),
        ],
    );
    let html = render_technician(&page, "TOKEN", &zone());
    let shown: Vec<&str> = html
        .split("<form ")
        .skip(1)
        .filter(|form| !form.split('>').next().unwrap_or_default().contains(" hidden"))
        .collect();
    assert_eq!(shown.len(), 1, "{html}");
    assert!(shown[0].contains("action=\"/t/TOKEN/jobs/job_2/status\""));
    assert!(shown[0].contains("name=\"status\" value=\"on_site\""));
    assert!(text(&html).contains("2 visites devant vous."));
    assert!(text(&html).contains("Passées · 1"));
}

#[test]
fn calling_and_driving_need_no_script() {
    let page = day(Language::En, vec![visit("1", VisitStatus::Planned, "10:00")]);
    let html = render_technician(&page, "TOKEN", &zone());
    assert!(html.contains("href=\"tel:+14505550123\""));
    assert!(html.contains("destination=45.03,-73.92"));
    assert!(text(&html).contains("Promised 10:00 AM – 12:00 PM"));
    assert!(text(&html).contains("One visit ahead."));
}

#[test]
fn a_day_without_visits_says_so() {
    let html = render_technician(&day(Language::Fr, vec![]), "T", &zone());
    assert!(text(&html).contains("Plus rien pour aujourd’hui."));
    assert!(!html.contains("<form"));
}

#[test]
fn the_pages_that_say_there_is_nothing_hold_no_data_and_no_exclamation() {
    for html in [
        render_over(Language::Fr, "Fibre"),
        render_invalid(Language::En, "Fibre"),
        render_not_built(),
    ] {
        assert!(!text(&html).contains('!') && !html.contains("application/json"));
    }
    assert!(render_not_built().contains("run make build"));
}

/// Writes samples for the front end's own screenshots where a folder is named; never in a normal run.
#[test]
fn samples_are_written_where_a_folder_asks_for_them() {
    let Ok(folder) = std::env::var("TOURNEE_PAGES_OUT") else { return };
    for (name, language) in [("fr", Language::Fr), ("en", Language::En)] {
        let mut track = tracking(language, VisitStatus::EnRoute);
        track.previous_window = window("09:00", "10:00");
        let mut jobs = vec![
            visit("1", VisitStatus::Done, "08:00"),
            visit("2", VisitStatus::Planned, "10:00"),
            visit("3", VisitStatus::Planned, "11:30"),
            visit("4", VisitStatus::Planned, "13:30"),
        ];
        jobs[1].eta = eta("10:05", "10:12", "10:20");
        jobs[2].customer_name = "Marguerite Laframboise-Beauchamp".to_owned();
        let pages = [
            ("tech", render_technician(&day(language, jobs), "TOKEN", &zone())),
            ("tech-empty", render_technician(&day(language, vec![]), "TOKEN", &zone())),
            ("track", render_tracking(&track, "TOKEN", &zone())),
            (
                "track-planned",
                render_tracking(&tracking(language, VisitStatus::Planned), "TOKEN", &zone()),
            ),
            ("over", render_over(language, "Fibre du Haut-Richelieu")),
            ("invalid", render_invalid(language, "Fibre du Haut-Richelieu")),
        ];
        for (page, html) in pages {
            std::fs::write(format!("{folder}/{page}.{name}.html"), html).unwrap();
        }
    }
}
