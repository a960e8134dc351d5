//! What a fix is worth, before any actor hears of it. Pure; called for every fix at the position doors.

use jiff::{SignedDuration, Timestamp};

use crate::technicians::protocol::Position;

/// A fix with a wider radius than this moves nobody.
pub const ACCURACY_MAX_M: f64 = 100.0;
/// A fix from further ahead than this is refused.
pub const FUTURE_MAX: SignedDuration = SignedDuration::from_mins(5);
/// A fix older than this goes into the track only, even when it is the newest.
pub const AGE_MAX: SignedDuration = SignedDuration::from_mins(15);

/// What becomes of a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The newest place where the technician is.
    Newest,
    /// Older than what is known, or too old: track only.
    Late,
    /// Too uncertain to move anybody: counted.
    Inaccurate,
    /// Known already, to the microsecond.
    Repeated,
    /// From outside the technician's shifts: nobody's business, forgotten at once.
    OffDuty,
}

/// Judges a checked fix against the newest known one.
pub fn judge(last: Option<Timestamp>, fix: &Position, now: Timestamp) -> Verdict {
    if last == Some(fix.at) {
        return Verdict::Repeated;
    }
    if fix.accuracy_m.is_some_and(|radius| radius > ACCURACY_MAX_M) {
        return Verdict::Inaccurate;
    }
    if last.is_some_and(|last| fix.at < last) || now.duration_since(fix.at) > AGE_MAX {
        return Verdict::Late;
    }
    Verdict::Newest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(at: &str, accuracy_m: Option<f64>) -> Position {
        let at = at.parse().unwrap();
        Position { at, lat: 45.0, lon: -73.5, accuracy_m, speed_kmh: None, heading: None }
    }

    #[test]
    fn each_fix_is_judged_by_order_age_and_accuracy() {
        let now: Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
        let last: Option<Timestamp> = Some("2026-11-23T14:59:00Z".parse().unwrap());
        let cases = [
            (fix("2026-11-23T14:59:30Z", None), Verdict::Newest),
            (fix("2026-11-23T14:59:30Z", Some(100.0)), Verdict::Newest),
            (fix("2026-11-23T14:59:30Z", Some(100.5)), Verdict::Inaccurate),
            (fix("2026-11-23T14:58:59Z", None), Verdict::Late),
            (fix("2026-11-23T14:59:00Z", None), Verdict::Repeated),
        ];
        for (fix, verdict) in cases {
            assert_eq!(judge(last, &fix, now), verdict, "{fix:?}");
        }
        assert_eq!(judge(None, &fix("2026-11-23T14:44:59Z", None), now), Verdict::Late);
    }
}
