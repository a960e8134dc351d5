//! What each room decides: given what it knows, when it is asked something, then these events or this refusal.
//! No runtime, no database, no clock; a command's effect on memory is its events applied.

#![allow(clippy::unwrap_used, reason = "a test stops at its first surprise")]

mod auth;
mod board;
mod conversations;
mod customers;
mod jobs;
mod notifications;
mod order;
mod series;
mod series_rules;
mod waiting;
mod world;
