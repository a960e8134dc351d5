//! Positions in: the phone app's two forms (`osmand`), Traccar's forwarded JSON (`forward`), and a client
//! that follows a Traccar server (`follow`). All of them end in one shape, `Fix`, in the house's units.
//! Nothing here knows a technician or decides what a fix means; it only refuses what no fix can be.
//!
//! The unit trap: speed is knots in the query form and in everything Traccar itself says, but metres per
//! second in the phone's JSON form.

pub mod follow;
pub mod forward;
mod gaps;
pub mod osmand;
pub mod osmand_json;
pub mod rest;
pub mod time;

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

pub use follow::{Follower, Health, Pace, follow};
pub use forward::Forwarded;
pub use rest::{Api, Fault, Proof};

/// Largest body that a position door should take, in bytes.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Longest tracker id, in characters.
pub const TRACKER_CHARS_MAX: usize = 64;
/// How far in the future a fix may lie: clocks of phones are set by people.
pub const FUTURE_LIMIT: SignedDuration = SignedDuration::from_mins(5);

const KMH_PER_KNOT: f64 = 1.852;
const KMH_PER_MS: f64 = 3.6;

/// One position of one tracker.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix<'a> {
    /// The id that the unit calls itself by (Traccar's `uniqueId`).
    pub tracker: Cow<'a, str>,
    pub at: Timestamp,
    /// WGS 84 degrees, in -90..=90.
    pub lat: f64,
    /// WGS 84 degrees, in -180..=180.
    pub lon: f64,
    pub accuracy_m: Option<f64>,
    pub speed_kmh: Option<f64>,
    /// Degrees clockwise from north, in 0..360.
    pub heading_deg: Option<f64>,
    pub altitude_m: Option<f64>,
    /// In 0..=100.
    pub battery_pct: Option<f64>,
    /// What the unit itself says of the fix; `false` is for the track at most.
    pub valid: bool,
}

impl Fix<'_> {
    /// The same, holding its own tracker id.
    pub fn into_owned(self) -> Fix<'static> {
        Fix { tracker: Cow::Owned(self.tracker.into_owned()), ..self }
    }
}

/// What no fix can be; each names the field in the words of the form it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("{field} is missing")]
    Missing { field: &'static str },
    #[error("{field} cannot be read")]
    Unreadable { field: &'static str },
    #[error("{field} is out of its range")]
    OutOfRange { field: &'static str },
    #[error("{field} is more than 5 minutes in the future")]
    Future { field: &'static str },
    #[error("the body is not JSON")]
    NotJson,
}

impl Unfit {
    /// The field at fault; `body` when there is none.
    pub fn field(self) -> &'static str {
        match self {
            Self::Missing { field }
            | Self::Unreadable { field }
            | Self::OutOfRange { field }
            | Self::Future { field } => field,
            Self::NotJson => "body",
        }
    }
}

/// A coordinate in `-limit..=limit`; NaN is out of every range.
fn coordinate(value: f64, limit: f64, field: &'static str) -> Result<f64, Unfit> {
    if (-limit..=limit).contains(&value) { Ok(value) } else { Err(Unfit::OutOfRange { field }) }
}

/// Zero or more, else nothing: units send -1 for what they do not know.
fn known(value: f64) -> Option<f64> {
    (value.is_finite() && value >= 0.0).then_some(value)
}

/// A heading in 0..360, nothing for one that is none.
fn heading(value: f64) -> Option<f64> {
    (0.0..=360.0).contains(&value).then(|| value % 360.0)
}

fn battery(value: f64) -> Option<f64> {
    (0.0..=100.0).contains(&value).then_some(value)
}

fn altitude(value: f64) -> Option<f64> {
    (-500.0..=9_000.0).contains(&value).then_some(value)
}

fn not_future(at: Timestamp, now: Timestamp, field: &'static str) -> Result<Timestamp, Unfit> {
    if at.duration_since(now) > FUTURE_LIMIT { Err(Unfit::Future { field }) } else { Ok(at) }
}

fn tracker<'a>(id: Cow<'a, str>, field: &'static str) -> Result<Cow<'a, str>, Unfit> {
    if id.is_empty() {
        return Err(Unfit::Missing { field });
    }
    // Bytes first: almost every id is short, and counting characters costs more.
    if id.len() > TRACKER_CHARS_MAX && id.chars().count() > TRACKER_CHARS_MAX {
        return Err(Unfit::OutOfRange { field });
    }
    if id.chars().any(char::is_control) {
        return Err(Unfit::Unreadable { field });
    }
    Ok(id)
}

#[cfg(test)]
#[path = "traces_tests.rs"]
mod traces;
