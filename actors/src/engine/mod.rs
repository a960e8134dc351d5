//! The engine: one circle (command, decide, commit, apply, tell) around every room. It knows no room by name.

pub mod clock;
pub mod component;
pub mod done;
pub mod journal;
pub mod memory;
pub mod refusal;
pub mod registry;
pub mod relay;
pub mod shell;
