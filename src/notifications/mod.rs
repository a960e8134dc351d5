//! Notifications' rows, the words of what is told, and texts that are only shown.

pub mod draft;
pub mod store;
pub mod wording;
