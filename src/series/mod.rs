//! Jobs that come again, on this floor: their rows, their paths, and how a job's form becomes a series.

pub mod form;
pub mod http;
pub mod store;
