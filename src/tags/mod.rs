//! Tags at the door: paths and rows of the names of skills.

pub mod http;
pub mod store;
