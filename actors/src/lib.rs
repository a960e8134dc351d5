//! The decisions' floor: rooms that decide what may happen and remember what did, and the engine that runs them.
//! No HTTP, no SQL, no vendor and no clock of its own.
//!
//! Reading order: `event` (everything that can happen), `reactions` (when this happened, ask that), `board`
//! (who has which visit when), `technicians` (the live day), `notifications` (whether to tell), `conversations`
//! (texts with people), `jobs`, `customers`, `auth`, `tags`; then `engine` and `workers`.

pub mod auth;
pub mod board;
pub mod conversations;
pub mod customers;
pub mod engine;
pub mod errand;
pub mod event;
pub mod ids;
pub mod jobs;
pub mod materials;
pub mod names;
pub mod notifications;
pub mod policy;
pub mod presets;
pub mod reactions;
pub mod rooms;
pub mod series;
pub mod sla;
pub mod tags;
pub mod technicians;
pub mod templates;
pub mod wording;
pub mod workers;
pub mod zones;
