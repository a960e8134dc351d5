//! The board at the door: paths, rows, and the snapshot that suggestions are computed on.

pub mod assign;
pub mod http;
pub mod plan;
pub mod store;
pub mod view;
