//! The optimiser for other programs, over HTTP. It belongs to no room: nothing is kept, nothing is decided.

pub mod http;
