//! Templates on this floor: their rows, their paths, and five to start with for a fibre provider.

pub mod http;
mod starters;
pub mod store;
