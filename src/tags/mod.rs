//! Tags' rows. Their paths stand with the technicians'.

pub mod store;
