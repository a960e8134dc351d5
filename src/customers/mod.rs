//! Customers and their locations at the door: paths and rows.

pub mod http;
pub mod store;
