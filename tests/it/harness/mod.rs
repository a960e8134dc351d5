//! What the tests of this binary stand on: real components started for them, and nothing that decides.

pub mod drift;
pub mod house;
pub mod people;
pub mod postgres;
pub mod races;
pub mod retold;
pub mod server;
pub mod skip;
pub mod town;
pub mod watch;
