//! The words of the texts that leave the house, in French and English, and the words that come back
//! (`STOP`, `AIDE`). Pure. It never decides whether a text is sent, nor to whom.
//!
//! `Text` carries exactly what its sentence needs, so a text cannot be asked for without its link or its hour.

pub mod answer;
pub mod asked;
pub mod dispatcher;
mod keyword;
pub mod segments;
pub mod times;

mod phrases;
mod render;

pub use answer::{YesNo, yes_no};
pub use keyword::{Keyword, keyword};
pub use phrases::town;
pub use render::{Kind, Language, Missing, Text, Voice, render};
pub use segments::{fold, segments};
