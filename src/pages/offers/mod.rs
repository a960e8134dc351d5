//! Offered jobs on top of a technician's day: what, where, when, until when, and two buttons that are forms, so that
//! they work without a script. It names no customer before somebody goes there.

use actors::engine::refusal::Language;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::model::{OfferOnPage, Span, TechnicianPage};
use super::words::{hour, other_day, say, span};

pub mod http;

/// The cards, the first to run out first.
pub(super) fn cards(page: &TechnicianPage, token: &str, zone: &TimeZone) -> Markup {
    let language = page.language;
    html! {
        @if !page.offers.is_empty() {
            section.offers aria-label=(say(language, "Offres", "Offers")) {
                @for offer in &page.offers { (card(offer, page, token, zone)) }
            }
        }
    }
}

fn card(offer: &OfferOnPage, page: &TechnicianPage, token: &str, zone: &TimeZone) -> Markup {
    let language = page.language;
    let day = other_day(offer.start, page.now, zone, language);
    let action = |answer: &str| format!("/t/{token}/offers/{}/{answer}", offer.offer_id);
    html! {
        article.offer data-offer=(offer.offer_id) {
            p.offer-head {
                b { (say(language, "À prendre", "To take")) }
                span.until {
                    (say(language, "jusqu’à ", "until ")) (hour(offer.expires_at, zone, language))
                }
            }
            h2 { (offer.title) }
            p.window {
                @if let Some(day) = day { (day) ", " }
                b { (span(Span { start: offer.start, end: offer.end }, zone, language)) }
                " · " (drive(offer.travel_min, language))
            }
            p.address { (offer.address) }
            @if let Some(notes) = &offer.notes { p.notes { (notes) } }
            form.take method="post" action=(action("accept")) data-offer-accept {
                button.primary type="submit" { (say(language, "Je la prends", "I’ll take it")) }
            }
            @if offer.declined {
                p.count { (say(language, "Vous avez dit non.", "You said no.")) }
            } @else {
                details.refuse {
                    summary { (say(language, "Non, pas moi", "No, not me")) }
                    form method="post" action=(action("decline")) data-offer-decline {
                        label {
                            (say(language, "Pourquoi (au choix)", "Why (if you like)"))
                            input type="text" name="reason" maxlength="200" autocomplete="off";
                        }
                        button.second type="submit" { (say(language, "Refuser", "Decline")) }
                    }
                }
            }
        }
    }
}

fn drive(minutes: i64, language: Language) -> String {
    match language {
        Language::Fr => format!("{minutes}\u{a0}min de route"),
        Language::En => format!("{minutes}\u{a0}min drive"),
    }
}
