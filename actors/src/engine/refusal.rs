//! What a rule says when it says no: a stable code, the field it concerns, and a sentence for a person in French
//! and in English. A refusal is an answer, not an error of ours; it is never logged as one.

use serde::{Deserialize, Serialize};

/// A language that people are spoken to in.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French of Quebec.
    #[default]
    Fr,
    /// English of Canada.
    En,
}

impl Language {
    /// `fr` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

/// Which kind of no; the edge turns it into a status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The thing does not exist (404).
    Unknown,
    /// Someone else was first, or the time is taken (409).
    Conflict,
    /// The input asks for something a rule forbids (422).
    Invalid,
}

/// A room's refusals implement this once, as one enum per room.
pub trait Refused: std::error::Error + Send + Sync + 'static {
    /// Stable, `room.what_is_wrong`.
    fn code(&self) -> &'static str;
    /// Decides the status code.
    fn kind(&self) -> RefusalKind {
        RefusalKind::Invalid
    }
    /// JSON pointer of the field that is to blame, where there is one.
    fn pointer(&self) -> Option<&'static str> {
        None
    }
    /// The sentence for a person.
    fn detail(&self, language: Language) -> String;
}

/// A refusal of any room, as it travels to the edge.
pub type AnyRefusal = std::sync::Arc<dyn Refused>;
