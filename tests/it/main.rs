//! The tests that run the house with its real components. One binary, so that everything is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at its first surprise")]

mod commands;
mod demonstration;
mod harness;
mod kills;
mod operations;
mod postgres;
mod refusals;
mod screens;
#[allow(dead_code, reason = "its other users play more of its modes")]
#[path = "../doubles/twilio.rs"]
mod twilio_double;
mod walk;
