//! What comes in from providers and trackers: check the proof, parse, make it a command, answer fast. Nothing that
//! was answered with success is lost, positions excepted: those are accepted, not promised.

mod answering;
mod dispatchers;
mod namesakes;
mod offers;
pub mod traccar;
pub mod twilio;
