//! `/track/{token}`: what a customer sees of one visit. A sentence first, then the promise and what changed, then the
//! map while under way. It never shows another stop, another customer, or where the technician lives.

use actors::board::protocol::VisitStatus;
use actors::engine::refusal::Language;
use jiff::tz::TimeZone;
use maud::{Markup, PreEscaped, html};

use super::layout::{TRACKING, document};
use super::model::TrackingPage;
use super::words::{age, between, hour, is_over_days, other_day, phone, rounded, say, span};

/// The page as HTML. `token` is the link's own, for the script's calls; `zone` is the company's.
pub fn render_tracking(page: &TrackingPage, token: &str, zone: &TimeZone) -> String {
    let language = page.language;
    let sentence = sentence(page, zone);
    let content = html! {
        header.house { (page.company) }
        main data-page data-token=(token) data-status=(page.status.code()) {
            h1 { (sentence) }
            p.title { (page.title) }
            (progress(page.status, language))
            @if page.status.is_open() { (promise(page, zone)) }
            @if let Some(seen) = under_way(page) {
                figure.map {
                    div data-map role="img" aria-label=(map_words(page)) {}
                    figcaption { (say(language, "Position ", "Position ")) span data-age { (age(seen.at, page.now, language)) } }
                }
            } @else if page.status == VisitStatus::EnRoute && !page.eta_live {
                p.plan { (say(language,
                    "Nous n’avons pas de position en ce moment ; l’heure vient du plan.",
                    "We have no position at the moment; the time comes from the plan.")) }
            }
            @if page.status.is_open() {
                p.reach { (say(language,
                    "Un empêchement ? Répondez au texto qui vous a apporté ce lien",
                    "Something came up? Reply to the text that brought you this link"))
                    @if let Some(office) = &page.office_phone {
                        (say(language, ", ou appelez le ", ", or call ")) a href={ "tel:" (office) } { (phone(office)) }
                    }
                    "."
                }
            }
            p.updated { (say(language, "Mis à jour ", "Updated ")) span data-updated { (age(page.updated_at, page.now, language)) } }
        }
        p.banner data-offline hidden role="status" {
            (say(language, "Pas de connexion. Ce que vous voyez date d’un moment.", "No connection. What you see is from a moment ago."))
        }
        script type="application/json" id="page" { (PreEscaped(inline_json(page))) }
        noscript { meta http-equiv="refresh" content="60"; }
    };
    document(language, &format!("{sentence} · {}", page.company), "track", TRACKING, &content)
}

/// The whole state in one sentence.
fn sentence(page: &TrackingPage, zone: &TimeZone) -> String {
    let (language, who) = (page.language, &page.technician_first_name);
    let french = language == Language::Fr;
    match page.status {
        VisitStatus::Planned => planned(page, zone),
        VisitStatus::EnRoute => match page.eta {
            Some(eta) => {
                let when = between(rounded(eta), zone, language);
                if french {
                    format!("{who} arrive {when}.")
                } else {
                    format!("{who} arrives {when}.")
                }
            }
            None if french => format!("{who} est en route."),
            None => format!("{who} is on the way."),
        },
        VisitStatus::OnSite if french => format!("{who} est sur place."),
        VisitStatus::OnSite => format!("{who} is at your place."),
        VisitStatus::Done if french => "La visite est terminée.".to_owned(),
        VisitStatus::Done => "The visit is over.".to_owned(),
        VisitStatus::Cancelled if french => "Cette visite est annulée.".to_owned(),
        VisitStatus::Cancelled => "This visit is cancelled.".to_owned(),
        VisitStatus::NoAccess if french => "Nous sommes passés sans pouvoir entrer.".to_owned(),
        VisitStatus::NoAccess => "We came by and could not get in.".to_owned(),
    }
}

fn planned(page: &TrackingPage, zone: &TimeZone) -> String {
    let (language, who) = (page.language, &page.technician_first_name);
    let french = language == Language::Fr;
    // A fresh ETA for today says more than the window it lies in.
    let live = page.eta.filter(|_| page.eta_live).map(rounded);
    let Some(when) = live.or(page.window) else {
        let soon = match (who.is_empty(), french) {
            (false, true) => "La visite est prévue.",
            (false, false) => "The visit is planned.",
            (true, true) => "L’heure de la visite vous sera dite par texto.",
            (true, false) => "We will text you the hour of the visit.",
        };
        return soon.to_owned();
    };
    let hours = between(when, zone, language);
    let when = match other_day(when.start, page.now, zone, language) {
        // Its days are named already.
        _ if is_over_days(when, zone) => hours,
        Some(day) => format!("{day} {hours}"),
        None if french => format!("aujourd’hui {hours}"),
        None => format!("today {hours}"),
    };
    if who.is_empty() {
        // Nobody is chosen yet, or any more: the promise stands without a name.
        return if french {
            format!("La visite est prévue {when}.")
        } else {
            format!("The visit is planned {when}.")
        };
    }
    if french { format!("{who} passe {when}.") } else { format!("{who} comes {when}.") }
}

/// What was promised, what it was before, and what is expected now if that is something else.
fn promise(page: &TrackingPage, zone: &TimeZone) -> Markup {
    let language = page.language;
    let late = match (page.eta, page.window) {
        (Some(eta), Some(window)) => eta.at > window.end,
        _ => false,
    };
    html! {
        dl.promise {
            @if let Some(window) = page.window {
                dt { (say(language, "Promis", "Promised")) }
                dd { b { (span(window, zone, language)) }
                    @if late { span.late { (say(language, "Nous serons en retard.", "We will be late.")) } } }
            }
            @if let Some(before) = page.previous_window {
                dt { (say(language, "Avant", "Before")) }
                dd { s { (span(before, zone, language)) } " " span.soft { (say(language, "a changé", "has changed")) } }
            }
            @if let (Some(eta), VisitStatus::EnRoute) = (page.eta, page.status) {
                dt { (say(language, "Attendu", "Expected")) }
                dd { (say(language, "vers ", "around ")) (hour(eta.at, zone, language)) }
            }
        }
    }
}

/// Three stages, the present one named for screen readers too.
fn progress(status: VisitStatus, language: Language) -> Markup {
    let reached = match status {
        VisitStatus::Planned => 0,
        VisitStatus::EnRoute => 1,
        VisitStatus::OnSite => 2,
        VisitStatus::Done => 3,
        VisitStatus::Cancelled | VisitStatus::NoAccess => return html! {},
    };
    let stages = [
        say(language, "Prévu", "Planned"),
        say(language, "En route", "On the way"),
        say(language, "Sur place", "At your place"),
        say(language, "Terminé", "Done"),
    ];
    html! {
        ol.stages {
            @for (index, words) in stages.iter().enumerate() {
                li.reached[index <= reached] aria-current=[(index == reached).then_some("step")] { span { (words) } }
            }
        }
    }
}

/// The position, only while the technician drives to this door.
fn under_way(page: &TrackingPage) -> Option<super::model::Seen> {
    page.position.filter(|_| page.status == VisitStatus::EnRoute)
}

fn map_words(page: &TrackingPage) -> String {
    match page.language {
        Language::Fr => format!("Carte : {} en route vers chez vous", page.technician_first_name),
        Language::En => format!("Map: {} on the way to your place", page.technician_first_name),
    }
}

/// The model for the script. A position that the page may not show does not leave, and no text can end the element.
fn inline_json(page: &TrackingPage) -> String {
    let shown = TrackingPage { position: under_way(page), ..page.clone() };
    serde_json::to_string(&shown).unwrap_or_else(|_| "null".to_owned()).replace('<', "\\u003c")
}
