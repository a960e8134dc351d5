//! An OSRM server as the source of travel times: [`client`] speaks its HTTP, [`ways`] makes it [`scheduler::Ways`].
//!
//! The server is the company's own or one it pays for. It is asked about places, never about people.

pub mod client;
pub mod ways;

pub use client::{Api, Fault};
pub use ways::Osrm;

#[cfg(test)]
mod tests;
