//! Service levels: rows of policies and clocks, their paths, and the queue of what is at risk.

pub mod catch_up;
pub mod http;
pub mod store;
