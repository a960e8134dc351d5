//! What a slot puts at risk: how much longer the work there may take before the technician's next visit begins late.
//! It refuses nothing; a dispatcher weighs it.

use actors::board::protocol::Reasons;
use scheduler::day::DayTechnician;
use scheduler::slots::Slot;
use scheduler::travel::{Point, Travel};

/// A visit of another day is no next visit, s.
const NEXT_WITHIN_S: i64 = 12 * 3600;

/// Minutes that the work at `place` may take longer before the next visit of `who` begins late; none where no visit
/// follows on that day.
pub fn spare_min(
    travel: &impl Travel,
    who: &DayTechnician,
    job_id: &str,
    place: Point,
    slot: &Slot,
) -> Option<i64> {
    let next = who
        .stops_but(job_id)
        .filter(|stop| (slot.end_s..slot.end_s + NEXT_WITHIN_S).contains(&stop.start_s))
        .min_by_key(|stop| stop.start_s)?;
    let drive = travel.leg(place, next.point, slot.end_s).seconds;
    Some((next.start_s - slot.end_s - drive).max(0) / 60)
}

/// Says it after the reasons of a slot.
pub fn said(mut reasons: Reasons, spare_min: Option<i64>) -> Reasons {
    match spare_min {
        Some(min) => {
            reasons.fr.push(format!("Marge avant la visite suivante\u{a0}: {min}\u{a0}min."));
            reasons.en.push(format!("{min} min to spare before the next visit."));
        }
        None => {
            reasons.fr.push("Aucune visite ne suit ce jour-là.".to_owned());
            reasons.en.push("No visit follows on that day.".to_owned());
        }
    }
    reasons
}
