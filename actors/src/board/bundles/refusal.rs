//! How the board says no about stops, in both languages: of which bundle, of which of its jobs, and why. It decides nothing.

use crate::board::protocol::VisitStatus;
use crate::board::refusal::{status_en, status_fr};
use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{BundleId, JobId};

/// Why a stop is not touched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleRefusal {
    /// The job is in another bundle.
    #[error("{title} is bundled already")]
    Already { title: String },
    /// The job lies too far from the first.
    #[error("{title} is more than {metres} m away")]
    TooFar { title: String, metres: i64 },
    /// There is no such bundle.
    #[error("there is no such bundle")]
    Unknown,
    /// What is asked is for one job of a bundle alone: the bundle, its jobs in the order of work, and their titles as far as
    /// they are known, that of the one first.
    #[error("{} is of bundle {bundle_id}", titles.first().map_or("a job", String::as_str))]
    Alone { bundle_id: BundleId, job_ids: Vec<JobId>, titles: Vec<String> },
    /// A stop would be torn apart.
    #[error("the jobs of a bundle stay together")]
    Split,
    /// One visit of the stop cannot take the step that all take; so none does.
    #[error("{title} of the stop is {from:?} and cannot become {to:?}")]
    Step { title: String, customer: String, from: VisitStatus, to: VisitStatus },
}

impl Refused for BundleRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Already { .. } => "bundles.bundled_already",
            Self::TooFar { .. } => "bundles.too_far",
            Self::Unknown => "bundles.unknown",
            Self::Alone { .. } => "bundles.alone",
            Self::Split => "bundles.split",
            Self::Step { .. } => "board.wrong_status_order",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Already { .. } | Self::Alone { .. } | Self::Split => RefusalKind::Conflict,
            Self::Unknown => RefusalKind::Unknown,
            Self::TooFar { .. } | Self::Step { .. } => RefusalKind::Invalid,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        match self {
            Self::Already { .. } | Self::TooFar { .. } => Some("/job_ids"),
            Self::Step { .. } => Some("/status"),
            Self::Unknown | Self::Alone { .. } | Self::Split => None,
        }
    }

    fn detail(&self, language: Language) -> String {
        match language {
            Language::Fr => self.french(),
            Language::En => self.english(),
        }
    }
}

/// Why one of `count` jobs that are a stop goes nowhere alone, in French and English; `titles` begins with the one that was
/// asked about.
pub fn said_alone(count: usize, titles: &[String]) -> (String, String) {
    let (one, others) =
        titles.split_first().map_or(("", titles), |(one, rest)| (one.as_str(), rest));
    let unnamed = count.saturating_sub(1 + others.len());
    let list = |open: &str, close: &str, more: String| {
        let named = others.iter().map(|title| format!("{open}{title}{close}"));
        named.chain((unnamed > 0).then_some(more)).collect::<Vec<_>>().join(", ")
    };
    let fr = list("« ", " »", format!("{unnamed} de plus"));
    let en = list("\"", "\"", format!("{unnamed} more"));
    (
        format!(
            "« {one} » forme un groupe avec {fr} : les {count} restent ensemble, l'une derrière l'autre, avec les mêmes personnes, et aucune n'est placée seule. Dégroupez-les d'abord, ou placez-les à la main."
        ),
        format!(
            "\"{one}\" is bundled with {en}: the {count} stay together, one behind the other, with the same people, and none is placed alone. Take the bundle apart first, or place it by hand."
        ),
    )
}

impl BundleRefusal {
    fn french(&self) -> String {
        match self {
            Self::Already { title } => format!("« {title} » est déjà dans un groupe."),
            Self::TooFar { title, metres } => {
                format!("« {title} » est à plus de {metres} m : ce n'est pas le même arrêt.")
            }
            Self::Unknown => "Ce groupe n'existe pas.".to_owned(),
            Self::Alone { job_ids, titles, .. } => said_alone(job_ids.len(), titles).0,
            Self::Split => "Les interventions d'un groupe restent l'une derrière l'autre, avec les mêmes personnes.".to_owned(),
            Self::Step { title, customer, from, to } => format!(
                "« {title} » ({customer}), du même arrêt, est « {} » et ne peut pas devenir « {} ». Rien n'a changé.",
                status_fr(*from),
                status_fr(*to)
            ),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Already { title } => format!("\"{title}\" is in a bundle already."),
            Self::TooFar { title, metres } => {
                format!("\"{title}\" is more than {metres} m away: that is another stop.")
            }
            Self::Unknown => "There is no such bundle.".to_owned(),
            Self::Alone { job_ids, titles, .. } => said_alone(job_ids.len(), titles).1,
            Self::Split => {
                "The jobs of a bundle stay behind each other, with the same people.".to_owned()
            }
            Self::Step { title, customer, from, to } => format!(
                "\"{title}\" ({customer}), of the same stop, is {} and cannot become {}. Nothing was changed.",
                status_en(*from),
                status_en(*to)
            ),
        }
    }
}
