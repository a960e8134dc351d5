//! Technicians at the door: paths, rows, skills, trackers.

pub mod http;
pub mod skills;
pub mod store;
pub mod trackers;
pub mod wire;
