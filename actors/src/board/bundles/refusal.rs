//! How the board says no about stops, in both languages: of which bundle, of which of its jobs, and why. It decides nothing.

use crate::board::protocol::VisitStatus;
use crate::board::refusal::{status_en, status_fr};
use crate::engine::refusal::{Language, RefusalKind, Refused};

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
    /// What is asked is for one job alone.
    #[error("a bundle is not drafted, offered or planned by the house")]
    Alone,
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
            Self::Alone => "bundles.alone",
            Self::Split => "bundles.split",
            Self::Step { .. } => "board.wrong_status_order",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Already { .. } | Self::Alone | Self::Split => RefusalKind::Conflict,
            Self::Unknown => RefusalKind::Unknown,
            Self::TooFar { .. } | Self::Step { .. } => RefusalKind::Invalid,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        match self {
            Self::Already { .. } | Self::TooFar { .. } => Some("/job_ids"),
            Self::Step { .. } => Some("/status"),
            Self::Unknown | Self::Alone | Self::Split => None,
        }
    }

    fn detail(&self, language: Language) -> String {
        match language {
            Language::Fr => self.french(),
            Language::En => self.english(),
        }
    }
}

impl BundleRefusal {
    fn french(&self) -> String {
        match self {
            Self::Already { title } => format!("« {title} » est déjà dans un groupe."),
            Self::TooFar { title, metres } => {
                format!("« {title} » est à plus de {metres} m : ce n'est pas le même arrêt.")
            }
            Self::Unknown => "Ce groupe n'existe pas.".to_owned(),
            Self::Alone => {
                "Les interventions d'un groupe restent ensemble ; dégroupez-les d'abord.".to_owned()
            }
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
            Self::Alone => "The jobs of a bundle stay together; take it apart first.".to_owned(),
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
