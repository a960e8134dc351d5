//! A technician's own share on their page: evenings, weekends and far jobs of four weeks beside the mean of all. It names nobody else.

use actors::engine::refusal::Language;
use maud::{Markup, html};

use super::model::TechnicianPage;
use super::words::say;

/// The section, folded.
pub(super) fn section(page: &TechnicianPage) -> Markup {
    let (share, mean, language) = (&page.share, &page.share.mean_tenths, page.language);
    let rows = [
        (
            "evening",
            ("Visites du soir", "Evening visits"),
            share.evening_visits,
            mean.evening_visits,
        ),
        (
            "weekend",
            ("Fins de semaine et fériés", "Weekends and holidays"),
            share.weekend_visits,
            mean.weekend_visits,
        ),
        ("far", ("Loin du domicile", "Far from home"), share.far_visits, mean.far_visits),
        ("work", ("Heures sur place", "Hours on site"), share.work_min / 60, mean.work_min / 60),
    ];
    html! {
        details.past.share data-share-section {
            summary { (say(language, "Votre part", "Your share")) " · " (say(language, "4 semaines", "4 weeks")) }
            table {
                thead {
                    tr {
                        th {}
                        th scope="col" { (say(language, "Vous", "You")) }
                        th scope="col" { (say(language, "Moyenne", "Mean")) }
                    }
                }
                tbody {
                    @for (key, (fr, en), own, tenths) in rows {
                        tr data-share=(key) {
                            th scope="row" { (say(language, fr, en)) }
                            td { b { (own) } }
                            td { (decimal(tenths, language)) }
                        }
                    }
                }
            }
        }
    }
}

/// Tenths as a number: `1,5`, `1.5`.
fn decimal(tenths: i64, language: Language) -> String {
    let point = say(language, ",", ".");
    match tenths % 10 {
        0 => format!("{}", tenths / 10),
        rest => format!("{}{point}{rest}", tenths / 10),
    }
}
