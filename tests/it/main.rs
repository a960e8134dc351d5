//! The tests that run the house with its real components. One binary, so that everything is linked once.
#![allow(dead_code, reason = "two binaries share the harness, and each uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at its first surprise")]

mod commands;
mod demonstration;
mod doors;
mod harness;
mod job_screens;
mod operations;
mod optimising;
mod postgres;
mod refusals;
mod restoring;
mod screens;
mod stories;
mod team_screens;
mod traces;
mod walk;
