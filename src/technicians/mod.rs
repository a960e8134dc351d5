//! Technicians at the door: paths, rows, tags, trackers.

pub mod http;
pub mod store;
pub mod trackers;
pub mod wire;
