//! Calendars that phones and desktops subscribe to. A view of the board and nothing else: no room upstairs,
//! nothing to decide.

pub mod http;
pub mod ical;
