//! An absence with one approval: what it hits, who could take each visit over, what customers and technicians would read;
//! then all of it as one act, or nothing. A plan is kept for whoever made it and moves nobody.

pub mod compute;
pub mod conflicts;
mod helping;
pub mod http;
pub mod kept;
mod place;
mod store;
pub mod wire;
