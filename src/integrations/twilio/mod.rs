//! Twilio: texts out (`client`), what it posts to us (`wire`), and the proof that it was Twilio (`signature`).
//! Nothing here decides whether a text may be sent: consent, sandbox and quiet hours stand before this door.

pub mod client;
pub mod signature;
pub mod wire;

pub use client::{Accepted, Class, Client, Failure, Found, Outgoing, Sender, Settings};
pub use signature::{Content, Headers, Keys, Refused, verify};
pub use wire::{Inbound, Malformed, Standing, Status, StatusCallback};
