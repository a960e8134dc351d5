//! Who works here and who is calling.

pub mod extract;
