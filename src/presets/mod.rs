//! Saved views of the board and groups of technicians, at the door.

pub mod http;
pub mod store;
