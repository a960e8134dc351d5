//! Calendars that phones and desktops subscribe to, a view of the board and nothing else; and outside ones that technicians
//! follow. No room upstairs.

pub mod http;
pub mod ical;
pub mod outside;
