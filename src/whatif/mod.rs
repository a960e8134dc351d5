//! What if: a day forked, changed, compared with the living day, and adopted as one act or dropped with no trace. A fork
//! stands in no journal, holds nobody's time and tells nobody anything; the board decides on adoption.

pub mod beforehand;
pub mod fork;
pub mod http;
pub mod measure;
pub mod steps;
pub mod store;
