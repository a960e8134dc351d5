//! `/t/{token}`: a technician's day on a phone. The next visit on top, one action at the bottom; every action is a
//! form, so that it works without a script. It never shows another technician's day.

use actors::board::protocol::VisitStatus;
use actors::engine::refusal::Language;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::layout::{TECHNICIAN, document};
use super::model::{TechnicianPage, TechnicianVisit};
use super::words::{hour, phone, say, span, status};
use crate::texts::times;

/// The page as HTML. `token` is the link's own and goes into the forms' addresses; `zone` is the company's.
pub fn render_technician(page: &TechnicianPage, token: &str, zone: &TimeZone) -> String {
    let language = page.language;
    let open: Vec<&TechnicianVisit> = page.jobs.iter().filter(|job| job.status.is_open()).collect();
    let past: Vec<&TechnicianVisit> =
        page.jobs.iter().filter(|job| !job.status.is_open()).collect();
    // Whoever is on the way or on site comes first, whatever the plan says.
    let current = open.iter().position(|job| job.status != VisitStatus::Planned).unwrap_or(0);
    let content = html! {
        header.day {
            p.house { (page.company) }
            h1 { (first_name(&page.technician.name)) span.date { (day_words(page, zone)) } }
            p.count data-count { (count_words(page, stops(&open).len())) }
        }
        p.banner data-offline hidden role="status" {}
        p.banner.refused data-refused hidden role="alert" {}
        main data-page data-words=(script_words(language)) {
            (super::offers::cards(page, token, zone))
            @if open.is_empty() {
                p.free { (say(language, "Plus rien pour aujourd’hui.", "Nothing left for today.")) }
            }
            ol.jobs {
                @for stop in stops(&open) {
                    @if let [alone] = stop {
                        (visit(alone, std::ptr::eq(*alone, open[current]), page, zone))
                    } @else {
                        li.stop data-stop {
                            p.stop-head { (stop_words(stop.len(), language)) }
                            ol.jobs { @for job in stop { (visit(job, std::ptr::eq(*job, open[current]), page, zone)) } }
                        }
                    }
                }
            }
            @if !past.is_empty() {
                details.past {
                    summary { (say(language, "Passées", "Past")) " · " (past.len()) }
                    ol.jobs { @for job in &past { (visit(job, false, page, zone)) } }
                }
            }
            (super::share::section(page))
            @if let Some(office) = &page.office_phone {
                p.office { a href={ "tel:" (office) } { (say(language, "Appeler le bureau", "Call the office")) " · " (phone(office)) } }
            }
        }
        footer.act data-act {
            @for (index, job) in open.iter().enumerate() {
                (steps(job, index == current, token, language))
            }
            div.undo data-undo hidden {
                span data-undo-words role="status" {}
                button type="button" data-undo-button { (say(language, "Annuler", "Undo")) }
                span.life data-undo-life aria-hidden="true" {}
            }
        }
        noscript { meta http-equiv="refresh" content="120"; }
    };
    let title = format!("{} · {}", day_words(page, zone), page.company);
    document(language, &title, "tech", TECHNICIAN, &content)
}

/// The visits in their order, those of one stop together.
fn stops<'a, 'b>(open: &'b [&'a TechnicianVisit]) -> Vec<&'b [&'a TechnicianVisit]> {
    open.chunk_by(|one, next| one.bundle_id.is_some() && one.bundle_id == next.bundle_id).collect()
}

fn stop_words(count: usize, language: Language) -> String {
    match language {
        Language::Fr => format!("Un arrêt, {count} interventions"),
        Language::En => format!("One stop, {count} jobs"),
    }
}

fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

fn day_words(page: &TechnicianPage, zone: &TimeZone) -> String {
    let noon = page.date.at(12, 0, 0, 0).to_zoned(zone.clone()).map(|z| z.timestamp());
    let spoken = match page.language {
        Language::Fr => crate::texts::Language::Fr,
        Language::En => crate::texts::Language::En,
    };
    times::day(noon.unwrap_or(page.now), zone, spoken).replace(' ', "\u{a0}")
}

fn count_words(page: &TechnicianPage, open: usize) -> String {
    match (page.language, open) {
        (Language::Fr, 0) => "Journée terminée.".to_owned(),
        (Language::Fr, 1) => "Une visite devant vous.".to_owned(),
        (Language::Fr, n) => format!("{n} visites devant vous."),
        (Language::En, 0) => "The day is done.".to_owned(),
        (Language::En, 1) => "One visit ahead.".to_owned(),
        (Language::En, n) => format!("{n} visits ahead."),
    }
}

fn visit(job: &TechnicianVisit, now: bool, page: &TechnicianPage, zone: &TimeZone) -> Markup {
    let language = page.language;
    let at = job.eta.filter(|_| job.status != VisitStatus::OnSite).map_or(job.start, |eta| eta.at);
    let late = job.window.is_some_and(|window| at > window.end) && job.status.is_open();
    html! {
        li.job.now[now] data-job=(job.job_id) data-status=(job.status.code()) {
            details open[now] {
                summary {
                    span.time.late[late] {
                        (hour(at, zone, language))
                        @if late { span.unseen { (say(language, ", en retard", ", late")) } }
                    }
                    span.who {
                        b { (job.customer_name) }
                        span.what { (job.title) }
                        @if job.lead.is_some() {
                            span.what.along { (say(language, "En renfort", "Going along")) }
                        }
                    }
                    span.status data-status-words { (status(job.status, language)) }
                }
                div.body {
                    @if let Some(window) = job.window {
                        p.window {
                            (say(language, "Promis ", "Promised ")) b { (span(window, zone, language)) }
                            @if late { span.late { " " (say(language, "· en retard", "· late")) } }
                        }
                    }
                    @if let Some(words) = crew_words(job, language) { p.crew data-crew { (words) } }
                    p.address { (job.address) }
                    @if let Some(notes) = &job.notes { p.notes { (notes) } }
                    div.ways {
                        a.way href=(directions(job)) data-lat=(job.lat) data-lon=(job.lon) rel="noreferrer" {
                            (icon(ICON_ROUTE)) (say(language, "Y aller", "Directions"))
                        }
                        @if let Some(number) = &job.customer_phone {
                            a.way href={ "tel:" (number) } {
                                (icon(ICON_PHONE)) (say(language, "Appeler", "Call"))
                                span.unseen { " " (job.customer_name) ", " (phone(number)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Who leads and who goes along; none for a visit that is the reader's alone.
fn crew_words(job: &TechnicianVisit, language: Language) -> Option<String> {
    let with = job.with.join(", ");
    Some(match (&job.lead, with.is_empty(), language) {
        (None, true, _) => return None,
        (None, false, Language::Fr) => format!("Vous menez ; avec vous : {with}"),
        (None, false, Language::En) => format!("You lead; with you: {with}"),
        (Some(lead), true, Language::Fr) => format!("Mené par {lead}"),
        (Some(lead), true, Language::En) => format!("Led by {lead}"),
        (Some(lead), false, Language::Fr) => format!("Mené par {lead} ; aussi : {with}"),
        (Some(lead), false, Language::En) => format!("Led by {lead}; also: {with}"),
    })
}

/// The steps of one visit, one form each; the script shows the one that fits, and without it the server has.
fn steps(job: &TechnicianVisit, now: bool, token: &str, language: Language) -> Markup {
    let all = [
        (VisitStatus::Planned, VisitStatus::EnRoute, say(language, "Je pars", "I’m on my way")),
        (
            VisitStatus::EnRoute,
            VisitStatus::OnSite,
            say(language, "Je suis arrivé", "I’ve arrived"),
        ),
        (VisitStatus::OnSite, VisitStatus::Done, say(language, "C’est terminé", "It’s done")),
    ];
    html! {
        @for (from, to, words) in all {
            form method="post" action={ "/t/" (token) "/jobs/" (job.job_id) "/status" }
                data-step=(job.job_id) data-from=(from.code()) data-to=(to.code()) hidden[!(now && job.status == from)] {
                button.primary type="submit" name="status" value=(to.code()) {
                    (words)
                    small { (job.customer_name) }
                }
                @if to != VisitStatus::EnRoute {
                    button.second type="submit" name="status" value="no_access" {
                        (say(language, "Pas d’accès", "No access"))
                    }
                }
            }
        }
    }
}

/// Directions that open the phone's own map on every platform; the script makes it `geo:` where that works better.
fn directions(job: &TechnicianVisit) -> String {
    format!("https://www.google.com/maps/dir/?api=1&destination={},{}", job.lat, job.lon)
}

/// What the script says, so that there is one source of words.
fn script_words(language: Language) -> String {
    let words = match language {
        Language::Fr => serde_json::json!({
            "undo": "{step} dans {s} s",
            "waiting_one": "Hors ligne. Une action attend ; elle partira d’elle-même.",
            "waiting": "Hors ligne. {n} actions attendent ; elles partiront d’elles-mêmes.",
            "stale": "Hors ligne depuis {time}. Ce que vous voyez date de ce moment.",
            "status": {"planned": "Prévu", "en_route": "En route", "on_site": "Sur place", "done": "Terminé", "no_access": "Pas d’accès"},
        }),
        Language::En => serde_json::json!({
            "undo": "{step} in {s} s",
            "waiting_one": "Offline. One action is waiting; it will leave by itself.",
            "waiting": "Offline. {n} actions are waiting; they will leave by themselves.",
            "stale": "Offline since {time}. What you see dates from then.",
            "status": {"planned": "Planned", "en_route": "On the way", "on_site": "On site", "done": "Done", "no_access": "No access"},
        }),
    };
    words.to_string()
}

const ICON_ROUTE: &str = "M3 11l18-8-8 18-2-8-8-2z";
const ICON_PHONE: &str = "M15 14.5l-1.6 1.6a14 14 0 0 1-5.5-5.5L9.5 9 8 4H4.5A1.5 1.5 0 0 0 3 5.6 16.4 16.4 0 0 0 18.4 21a1.5 1.5 0 0 0 1.6-1.5V16z";

fn icon(path: &str) -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="2"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" { path d=(path); }
    }
}
