//! Faults on purpose: the process is killed, the provider fails, the disk fills, too much comes at once. What was
//! acknowledged must be there afterwards, and a text must arrive once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at its first surprise")]

mod disk;
mod doubt;
mod halves;
#[allow(dead_code, reason = "the integration tests use the rest")]
#[path = "../it/harness/mod.rs"]
mod harness;
mod judge;
mod kills;
mod load;
mod pressure;
mod provider;
mod texts;
#[allow(dead_code, reason = "its other users play more of its modes")]
#[path = "../doubles/twilio.rs"]
mod twilio_double;
