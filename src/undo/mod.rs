//! Taking back what was done, and doing it again: by the person who did it, after a reload and after a restart. One
//! commit is one act. What an act was stands in the journal, with before and after; here it is turned round and asked of
//! the rooms, which decide by their own rules. It never changes a row itself, and never undoes over a later change.

mod carry;
mod elsewhere;
pub mod http;
mod inverse;
mod kept;
pub mod named;
mod said;
mod store;

pub(crate) use store::version;
pub mod table;
mod turns;
pub mod words;

pub use carry::{Which, names, undo};
