//! What a draft does to technicians' days: visits and driving, before and after. Arithmetic over a snapshot; decides nothing.

use actors::board::protocol::DraftEntry;
use actors::technicians::protocol::Span;
use jiff::Timestamp;
use scheduler::travel::Travel;
use serde::Serialize;
use utoipa::ToSchema;

use crate::board::plan::Snapshot;
use crate::house::House;

/// A technician's day before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayResult {
    /// Who.
    pub technician_id: String,
    /// Their name.
    pub name: String,
    /// Visits now, and then.
    pub visits: (usize, usize),
    /// Driving now and then, minutes.
    pub driving_min: (i64, i64),
    /// The same in metres.
    pub driving_m: (i64, i64),
}

/// Days of everybody concerned, before and after.
pub fn days(
    house: &House,
    snapshot: &Snapshot,
    entries: &[&DraftEntry],
    range: Span,
) -> Vec<DayResult> {
    let mut all = Vec::new();
    for who in &snapshot.day {
        let concerned = entries.iter().any(|entry| {
            let visits = entry.before.iter().chain([&entry.visit]);
            visits.into_iter().any(|visit| visit.people().any(|id| id.as_str() == &*who.id))
        });
        let Some((known, _)) = snapshot.technician(&who.id).filter(|_| concerned) else { continue };
        let in_day = |at: i64| range.contains(Timestamp::from_second(at).unwrap_or_default());
        let mut before: Vec<(i64, i64, scheduler::travel::Point)> = who
            .stops
            .iter()
            .filter(|stop| in_day(stop.start_s))
            .map(|stop| (stop.start_s, stop.end_s, stop.point))
            .collect();
        before.sort_by_key(|stop| stop.0);
        let touched = |job: &str| entries.iter().any(|entry| entry.visit.job_id.as_str() == job);
        let mut after: Vec<(i64, i64, scheduler::travel::Point)> = who
            .stops
            .iter()
            .filter(|stop| in_day(stop.start_s) && !touched(&stop.job_id))
            .map(|stop| (stop.start_s, stop.end_s, stop.point))
            .collect();
        for entry in entries.iter().filter(|entry| !entry.removes) {
            let visit = &entry.visit;
            if visit.people().any(|id| id.as_str() == &*who.id) {
                let point = actors::board::snapshot::point(visit.lat, visit.lon);
                after.push((visit.start.as_second(), visit.end.as_second(), point));
            }
        }
        after.sort_by_key(|stop| stop.0);
        let driven = |stops: &[(i64, i64, scheduler::travel::Point)]| {
            let (mut from, mut left, mut s, mut m) = (who.home, None, 0, 0);
            for (start_s, end_s, point) in stops {
                let leg = house.knowledge.leg(from, *point, left.unwrap_or(*start_s));
                (s, m) = (s + leg.seconds, m + leg.metres);
                (from, left) = (*point, Some(*end_s));
            }
            ((s + 59) / 60, m)
        };
        let ((min_before, m_before), (min_after, m_after)) = (driven(&before), driven(&after));
        all.push(DayResult {
            technician_id: who.id.to_string(),
            name: known.technician.name.clone(),
            visits: (before.len(), after.len()),
            driving_min: (min_before, min_after),
            driving_m: (m_before, m_after),
        });
    }
    all
}
