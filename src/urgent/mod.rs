//! An urgent job: three ways to let it in, each with what it moves and the texts that would go out, and the one act that
//! makes one of them real. Shows and asks; the board decides.

pub mod http;
pub mod plan;
