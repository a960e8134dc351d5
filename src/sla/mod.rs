//! Service levels: rows of policies and clocks, their paths, and the queue of what is at risk.

pub mod http;
pub mod store;
