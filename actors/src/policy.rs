//! The company's choices that decisions rest on. Read once at start-up; the same for all rooms.

use std::sync::Arc;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::engine::refusal::Language;
use crate::series::holidays::Holidays;

/// How long a text about an arrival is of use.
pub const ETA_TEXT_USEFUL: SignedDuration = SignedDuration::from_mins(15);

/// The company's choices.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The zone that people's clocks show.
    pub zone: TimeZone,
    /// Language where a person's is not known.
    pub language: Language,
    /// Name that texts and pages bear.
    pub company: Arc<str>,
    /// How long a text waits so that undo can recall it.
    pub undo: SignedDuration,
    /// By how much a promise must be missed before the customer is told.
    pub late_after: SignedDuration,
    /// Least time between two arrival texts about one visit.
    pub eta_gap: SignedDuration,
    /// Quiet hours begin.
    pub quiet_from: Time,
    /// Quiet hours end.
    pub quiet_until: Time,
    /// Days on which nobody works.
    pub holidays: Holidays,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            zone: TimeZone::get("America/Toronto").unwrap_or(TimeZone::UTC),
            language: Language::Fr,
            company: "Tournée".into(),
            undo: SignedDuration::from_secs(10),
            late_after: SignedDuration::from_mins(10),
            eta_gap: SignedDuration::from_mins(30),
            quiet_from: Time::constant(21, 0, 0, 0),
            quiet_until: Time::constant(8, 0, 0, 0),
            holidays: Holidays::default(),
        }
    }
}

impl Policy {
    /// The first moment, at or after `wanted`, when a text that is not about an arrival may leave.
    pub fn after_quiet_hours(&self, wanted: Timestamp) -> Timestamp {
        let local = wanted.to_zoned(self.zone.clone());
        let time = local.time();
        let day = if time >= self.quiet_from {
            local.date().tomorrow().ok()
        } else if time < self.quiet_until {
            Some(local.date())
        } else {
            None
        };
        day.and_then(|day| day.to_datetime(self.quiet_until).to_zoned(self.zone.clone()).ok())
            .map_or(wanted, |morning| morning.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_text_in_the_evening_waits_for_the_morning() {
        let policy = Policy::default();
        assert_eq!(
            policy.after_quiet_hours(at("2026-11-23T21:30:00-05:00")),
            at("2026-11-24T08:00:00-05:00")
        );
        assert_eq!(
            policy.after_quiet_hours(at("2026-11-24T02:00:00-05:00")),
            at("2026-11-24T08:00:00-05:00")
        );
        assert_eq!(
            policy.after_quiet_hours(at("2026-11-24T12:00:00-05:00")),
            at("2026-11-24T12:00:00-05:00")
        );
    }

    #[test]
    fn the_morning_after_the_clocks_change_is_still_eight_on_the_wall() {
        let policy = Policy::default();
        assert_eq!(
            policy.after_quiet_hours(at("2027-03-13T22:00:00-05:00")),
            at("2027-03-14T08:00:00-04:00")
        );
    }
}
