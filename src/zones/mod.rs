//! Zones: their rows, their paths, and which planned visits a zone would not let anybody make.

pub mod breaks;
pub mod http;
pub mod store;
