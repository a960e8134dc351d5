//! Notifications' rows, and the words of what is told.

pub mod store;
pub mod wording;
