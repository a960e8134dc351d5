//! How a decision to tell becomes a text. The words live on the floor below, beside the signed links; rooms only
//! know this trait, so that they can put a complete text into their event.

use std::fmt::Debug;

use jiff::Timestamp;

use crate::conversations::protocol::MessageKind;
use crate::engine::refusal::Language;
use crate::ids::{JobId, TechnicianId, VisitId};
use crate::technicians::protocol::Span;

/// Everything that a text about a visit may speak of.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The job.
    pub job_id: JobId,
    /// Its visit, if there is one.
    pub visit_id: Option<VisitId>,
    /// The job's title.
    pub title: String,
    /// Where.
    pub address: String,
    /// The technician, if there is one.
    pub technician: Option<(TechnicianId, String)>,
    /// Who leads, where the text is to somebody who goes along.
    pub lead: Option<String>,
    /// The customer's name.
    pub customer_name: String,
    /// Planned arrival.
    pub start: Option<Timestamp>,
    /// The window to tell.
    pub window: Option<Span>,
    /// The time to tell.
    pub eta: Option<Timestamp>,
    /// True where it corrects what its reader was told before.
    pub corrects: bool,
    /// How many visits, where a text speaks of several.
    pub count: u32,
    /// The present moment: links end some time after it.
    pub now: Timestamp,
}

/// A text, and how it reads when it stands for several jobs.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The text.
    pub body: String,
    /// Before and after the number of jobs.
    pub merged: Option<(String, String)>,
}

/// Makes texts. Pure: same facts, same text.
pub trait Wording: Debug + Send + Sync + 'static {
    /// The text of `kind` in `language`.
    fn text(&self, kind: MessageKind, language: Language, facts: &Facts) -> Text;
}
