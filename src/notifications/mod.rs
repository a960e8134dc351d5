//! Notifications' rows, the words of what is told, and texts that are only shown.

pub mod draft;
pub mod foretell;
pub mod ledger;
pub mod store;
pub mod together;
pub mod wording;
