//! Bundles at the door: their paths, their rows, and what an act on one job means for the rest of its stop.

pub mod http;
pub mod store;
pub mod together;
