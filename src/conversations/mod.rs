//! Conversations at the door: paths, rows, the outbox, and Twilio's webhooks.

pub mod http;
pub mod outbox;
pub mod store;
