//! Materials at the door: their paths and their rows.

pub mod http;
pub mod store;
