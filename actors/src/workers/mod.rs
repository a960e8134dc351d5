//! The engine's long-lived helpers, one file each: none of them decides anything.

pub mod alarms;
pub mod courier;
pub mod hub;
pub mod planner;
