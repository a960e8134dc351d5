//! Addresses of the region, from a file that the operator imports: for finding a place, and where it is, while
//! somebody types. They are no facts of the company: nothing here passes through the journal or a room.

pub mod file;
pub mod find;
pub mod http;
pub mod store;
