//! Jobs at the door: paths, rows, shapes.

pub mod http;
pub mod links;
pub mod store;
pub mod wire;
