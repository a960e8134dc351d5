//! Other people's calendars, read only (RFC 5545): fetched over HTTP, and read into stretches of time that are taken. The address
//! of such a calendar is a secret: it stands in no log, no error and no answer. Decides nothing about anybody's day.

pub mod fetch;
pub mod read;
mod times;
mod zones;
