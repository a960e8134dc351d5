//! The names of things: string ids with a readable prefix. Ids are made at the edge, from a moment and some
//! entropy, and travel inside commands; no decision ever makes one up.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A fresh id body: 10 characters of time (microseconds, sortable) and 8 of entropy (40 bits).
fn body(at: Timestamp, entropy: u64) -> String {
    let mut text = String::with_capacity(18);
    let micros = at.as_microsecond().unsigned_abs();
    for shift in (0..10).rev() {
        push(&mut text, micros >> (shift * 5));
    }
    for shift in (0..8).rev() {
        push(&mut text, entropy >> (shift * 5));
    }
    text
}

/// The moment at which an id was made, as its first ten characters after the prefix say; none for ids of other shape.
pub fn made_at(id: &str) -> Option<Timestamp> {
    let (_, body) = id.split_once('_')?;
    let mut micros: i64 = 0;
    for letter in body.get(..10)?.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == letter)?;
        micros = (micros << 5) | i64::try_from(digit).ok()?;
    }
    // Ten letters hold 50 bits; the one above them is set from 2005 until 2041.
    Timestamp::from_microsecond(micros | (1 << 50)).ok()
}

fn push(text: &mut String, bits: u64) {
    let index = usize::try_from(bits & 31).unwrap_or(0);
    text.push(char::from(ALPHABET.get(index).copied().unwrap_or(b'0')));
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The prefix that every id of this kind bears.
            pub const PREFIX: &'static str = $prefix;

            /// A fresh id from a moment and 40 bits of entropy.
            pub fn new(at: Timestamp, entropy: u64) -> Self {
                Self(format!(concat!($prefix, "_{}"), body(at, entropy)).into())
            }

            /// An id that came from outside, taken as it is.
            pub fn from_text(text: &str) -> Self { Self(text.into()) }

            /// The id as text.
            pub fn as_str(&self) -> &str { &self.0 }

            /// The id as shared text, for use as a key.
            pub fn key(&self) -> Arc<str> { self.0.clone() }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self { Self::from_text(text) }
        }
    )*};
}

ids! {
    /// One who does the work.
    TechnicianId = "tech";
    /// Work to be done.
    JobId = "job";
    /// One planned trip of one technician to a job.
    VisitId = "visit";
    /// An account holder.
    CustomerId = "cust";
    /// A place of work.
    LocationId = "loc";
    /// A thread with one person; made from the phone number, so that there is one per number.
    ConversationId = "conv";
    /// One text between people.
    MessageId = "msg";
    /// A skill's name and colour.
    TagId = "tag";
    /// A kept view or group.
    PresetId = "pre";
    /// A stretch of time when a technician is away.
    AbsenceId = "abs";
    /// A calendar that somebody else keeps.
    CalendarId = "cal";
    /// One who works at the office.
    UserId = "user";
    /// An API token (not its secret).
    TokenId = "token";
    /// A day planned anew.
    PlanId = "plan";
    /// A slot that is kept for somebody for a while.
    HoldId = "hold";
    /// A job that is offered to technicians.
    OfferId = "offer";
    /// A job that comes again.
    SeriesId = "series";
    /// A list of steps that become jobs.
    TemplateId = "tpl";
    /// A thing that a visit takes along: a lift, a splicer.
    MaterialId = "mat";
    /// Jobs that are one stop.
    BundleId = "bundle";
    /// A piece of ground that asks something of those who work there.
    ZoneId = "zone";
    /// How soon somebody must be there.
    SlaPolicyId = "sla";
    /// Something asked of the outside world.
    ErrandId = "errand";
}

impl ConversationId {
    /// The one thread with the person at this E.164 number.
    pub fn for_phone(phone: &str) -> Self {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        Self::from_text(&format!("conv_{digits}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_ids_sort_after_earlier_ones_whatever_their_entropy() {
        let early = Timestamp::from_microsecond(1_780_000_000_000_000).unwrap();
        let late = Timestamp::from_microsecond(1_780_000_000_000_001).unwrap();
        let a = JobId::new(early, u64::MAX);
        let b = JobId::new(late, 0);
        assert!(a < b, "{a} {b}");
        assert!(a.as_str().starts_with("job_"));
        assert_eq!(a.as_str().len(), 4 + 18);
        assert_eq!((made_at(a.as_str()), made_at(b.as_str())), (Some(early), Some(late)));
        assert_eq!(made_at("job_1"), None);
    }

    #[test]
    fn one_number_has_one_conversation_however_it_is_written() {
        assert_eq!(
            ConversationId::for_phone("+1 450 555-0123"),
            ConversationId::for_phone("+14505550123")
        );
    }
}
