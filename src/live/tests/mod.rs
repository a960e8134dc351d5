//! Real time over real sockets: a server in this process, raw clients, and the contract's promises.

mod bench;
mod broadcasts;
mod sockets;
mod streams;

use bench::{Bench, event_ids};
