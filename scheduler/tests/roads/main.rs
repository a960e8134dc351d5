//! The road router: its hierarchy against plain Dijkstra, its rules on maps drawn by hand, its file against damage.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod access;
mod damage;
mod hierarchy;
mod maps;
mod places;
mod signs;
