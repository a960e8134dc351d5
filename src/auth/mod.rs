//! The door: who is calling, signed links, accounts, and their rows.

pub mod extract;
pub mod gate;
pub mod http;
pub mod keys;
pub mod links;
pub mod names;
pub mod phone;
pub mod store;

pub use extract::{Caller, Role};
