//! The frame that every server-rendered page stands in, and the pages that say only that there is nothing (more) to
//! see. It never holds data of a visit.

use actors::engine::refusal::Language;
use maud::{DOCTYPE, Markup, html};

use super::words::say;
use crate::assets;

/// Style and script of a page, by the source of its build entry.
pub(super) const TECHNICIAN: &str = "src/tech/main.ts";
pub(super) const TRACKING: &str = "src/track/main.ts";
const MARK: &str = "src/design/mark.svg";

/// A whole document around a body's content.
pub(super) fn document(
    language: Language,
    title: &str,
    class: &str,
    source: &str,
    content: &Markup,
) -> String {
    let files = assets::entry(source);
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="robots" content="noindex, nofollow";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff";
                meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0d0e10";
                meta name="format-detection" content="telephone=no";
                title { (title) }
                @if let Some(mark) = assets::entry(MARK).script {
                    link rel="icon" type="image/svg+xml" href=(mark);
                }
                @for style in &files.styles {
                    link rel="stylesheet" href=(style);
                }
                @if let Some(script) = &files.script {
                    script type="module" src=(script) {}
                }
            }
            body class=(class) { (content) }
        }
    }
    .into_string()
}

/// A page that is a sentence and what to do about it.
fn note(language: Language, company: &str, title: &str, line: &str, back: Option<&str>) -> String {
    let content = html! {
        header.house { (company) }
        main.note {
            h1 { (title) }
            p { (line) }
            @if let Some(back) = back {
                p { a href=(back) { (say(language, "Revenir à la journée", "Back to the day")) } }
            }
        }
    };
    document(language, &format!("{title} · {company}"), "track over", TRACKING, &content)
}

/// After the visit: the link shows nothing any more. Answer it with 410.
pub fn render_over(language: Language, company: &str) -> String {
    note(
        language,
        company,
        say(language, "La visite est terminée.", "The visit is over."),
        say(
            language,
            "Ce lien ne montre plus rien. Pour une question, répondez au texto qui vous l’a apporté.",
            "This link no longer shows anything. If you have a question, reply to the text that brought it.",
        ),
        None,
    )
}

/// A link that was altered, cut short, revoked or has run out. Answer it with 404 or 410; it says nothing of which.
pub fn render_invalid(language: Language, company: &str) -> String {
    note(
        language,
        company,
        say(language, "Ce lien ne mène nulle part.", "This link leads nowhere."),
        say(
            language,
            "Il est peut-être incomplet ou trop vieux. Ouvrez-le de nouveau depuis le texto, ou demandez-en un autre.",
            "It may be incomplete or too old. Open it again from the text, or ask for another one.",
        ),
        None,
    )
}

/// A form that was refused: the sentence that says why, and the way back. Answer it with the refusal's status.
pub fn render_refused(language: Language, company: &str, why: &str, back: &str) -> String {
    let title = say(language, "Ça n’a pas été fait.", "That was not done.");
    note(language, company, title, why, Some(back))
}

/// In place of the board where the binary carries no screens.
pub fn render_not_built() -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Tournée" }
            }
            body {
                main {
                    h1 { "Front end not built: run make build" }
                    p lang="fr" { "Les écrans ne sont pas construits : lancez " code { "make build" } ", puis relancez le serveur." }
                    p { "The server itself is running; its API answers." }
                }
            }
        }
    }
    .into_string()
}
