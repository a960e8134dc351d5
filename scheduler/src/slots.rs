//! Where a job fits into one technician's day: every gap, and in each the earliest start that leaves time to drive.
//!
//! A drive may be interrupted by an absence or a break, but never takes place in one. Existing stops never move.
//! Says nothing about which technician is best; that is `rank`.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::START_GRID_S;
use crate::day::{DayTechnician, Obstacle, Span, Stop, Wanted};
use crate::rules::{Violation, lacks, merged, minutes_up};
use crate::travel::{Leg, Point, Travel};
use crate::zones;

/// Shifts closer than this belong to one tour: the technician goes on from where he was, not from home.
const TOUR_BREAK_S: i64 = 4 * 3600;

/// A stop this far outside a tour (overtime, an early start) still belongs to it.
const TOUR_REACH_S: i64 = 2 * 3600;

/// More conflicts than this are summed up instead of listed.
const CONFLICTS_LISTED: usize = 3;

/// A place in a technician's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub start_s: i64,
    pub end_s: i64,
    /// Driving that the day gains: to the job and on to the next stop (or home), less the drive they replace.
    pub added_travel_min: i64,
    /// Levels above what is asked, summed over the required skills.
    pub overqualification: u32,
}

/// What is looked for, and where.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub job: &'a Wanted,
    pub range: Span,
    pub now_s: i64,
    pub travel: &'a dyn Travel,
}

impl Ask<'_> {
    /// First and last start that range, clock and window leave open.
    fn starts(&self) -> (i64, i64) {
        let window = self.job.window.unwrap_or(Span::new(i64::MIN, i64::MAX));
        (
            self.range.start_s.max(self.now_s).max(window.start_s),
            (self.range.end_s - 1).min(window.end_s),
        )
    }

    /// A window too narrow for the grid is met to the second.
    fn grid_s(&self) -> i64 {
        match self.job.window {
            Some(Span { start_s, end_s })
                if end_s - start_s < START_GRID_S && start_s % START_GRID_S != 0 =>
            {
                1
            }
            _ => START_GRID_S,
        }
    }
}

/// Shifts that follow each other closely, with all that lies in them.
pub(crate) struct Tour<'a> {
    pub span: Span,
    /// Breaks and absences, by time, none touching another.
    pub blocked: Vec<Span>,
    /// Stops by start, end and id.
    pub stops: Vec<&'a Stop>,
}

impl Tour<'_> {
    /// Seconds between two instants that are neither break nor absence; negative where they run backwards.
    pub fn drivable_s(&self, from_s: i64, to_s: i64) -> i64 {
        let whole = Span::new(from_s, to_s);
        to_s - from_s - self.blocked.iter().map(|block| block.shared_s(whole)).sum::<i64>()
    }

    /// When a drive of `seconds` that leaves at `from_s` is over.
    fn after_driving_s(&self, from_s: i64, seconds: i64) -> i64 {
        let (mut at_s, mut left_s) = (from_s, seconds);
        for block in &self.blocked {
            let until_s = block.start_s - at_s;
            if left_s <= until_s.max(0) {
                break;
            }
            if block.end_s > at_s {
                left_s -= until_s.max(0);
                at_s = block.end_s;
            }
        }
        at_s + left_s
    }
}

/// The technician's tours that touch `reach`, by time; stops of `job_id` itself are left out.
pub(crate) fn tours<'a>(
    technician: &'a DayTechnician,
    job_id: &'a str,
    reach: Span,
) -> Vec<Tour<'a>> {
    let shifts = merged(technician.shifts.iter().copied());
    shifts
        .chunk_by(|before, after| after.start_s - before.end_s < TOUR_BREAK_S)
        .filter_map(|chain| {
            let (first, last) = (chain.first()?, chain.last()?);
            let span = Span::new(first.start_s, last.end_s);
            span.overlaps(reach).then(|| tour(technician, job_id, span, chain))
        })
        .collect()
}

fn tour<'a>(
    technician: &'a DayTechnician,
    job_id: &'a str,
    span: Span,
    chain: &[Span],
) -> Tour<'a> {
    let breaks = chain.windows(2).map(|pair| Span::new(pair[0].end_s, pair[1].start_s));
    let absences = technician.absences.iter().map(|absence| absence.span);
    let blocked = merged(breaks.chain(absences));
    let near = Span::new(span.start_s - TOUR_REACH_S, span.end_s + TOUR_REACH_S);
    let mut stops: Vec<&Stop> =
        technician.stops_but(job_id).filter(|stop| stop.span().overlaps(near)).collect();
    stops.sort_by(|a, b| (a.start_s, a.end_s, &a.visit_id).cmp(&(b.start_s, b.end_s, &b.visit_id)));
    Tour { span, blocked, stops }
}

/// A start that keeps every rule, with what is needed to price it.
pub(crate) struct Place<'a> {
    pub start_s: i64,
    pub origin: Point,
    pub depart_s: i64,
    pub inward: Leg,
    pub next: Option<&'a Stop>,
}

/// Where and when the drive to a job would begin.
pub(crate) fn departure(
    technician: &DayTechnician,
    tour: &Tour<'_>,
    previous: Option<&Stop>,
    now_s: i64,
) -> (Point, i64) {
    let point = previous.map_or(technician.home, |stop| stop.point);
    let at_s = previous.map_or(tour.span.start_s, |stop| stop.end_s.max(tour.span.start_s));
    if at_s > now_s {
        return (point, at_s);
    }
    // The planned departure has passed: he is wherever his tracker says.
    let fresh = technician.position.filter(|fix| fix.is_fresh(now_s));
    (fresh.map_or(point, |fix| fix.point), now_s)
}

/// The earliest place of each gap, in order of time. `until_s`: the first second at which a skill has expired.
pub(crate) fn places<'a>(
    ask: &Ask<'_>,
    technician: &'a DayTechnician,
    job_id: &'a str,
    until_s: i64,
    mut take: impl FnMut(Place<'a>) -> ControlFlow<()>,
) {
    let (first_s, last_s) = ask.starts();
    let last_s = last_s.min(until_s - 1);
    if first_s > last_s {
        return;
    }
    let shut = zones::shut(ask.job, technician);
    let reach = Span::new(first_s, last_s.saturating_add(ask.job.duration_s()));
    for tour in tours(technician, job_id, reach) {
        let mut previous: Option<&Stop> = None;
        let stops = tour.stops.iter().copied().map(Some);
        for next in stops.chain(std::iter::once(None)) {
            let free_s = previous.map_or(tour.span.start_s, |stop| stop.end_s);
            let gap = Span::new(
                free_s.max(tour.span.start_s).max(first_s),
                next.map_or(tour.span.end_s, |stop| stop.start_s.min(tour.span.end_s)),
            );
            if gap.end_s - gap.start_s >= ask.job.duration_s()
                && gap.start_s <= last_s
                && let Some(place) =
                    place(ask, technician, &tour, (previous, next), (gap, &shut), last_s)
                && take(place).is_break()
            {
                return;
            }
            if previous.is_none_or(|stop| next.is_some_and(|next| next.end_s >= stop.end_s)) {
                previous = next;
            }
        }
    }
}

fn place<'a>(
    ask: &Ask<'_>,
    technician: &DayTechnician,
    tour: &Tour<'a>,
    (previous, next): (Option<&Stop>, Option<&'a Stop>),
    (gap, shut): (Span, &[Span]),
    last_s: i64,
) -> Option<Place<'a>> {
    let job = ask.job;
    let grid_s = ask.grid_s();
    let (origin, depart_s) = departure(technician, tour, previous, ask.now_s);
    let inward = ask.travel.leg(origin, job.point, depart_s);
    let ready_s = tour.after_driving_s(depart_s, inward.seconds);
    let mut start_s = ceil(gap.start_s.max(ready_s), grid_s);
    loop {
        let span = Span::new(start_s, start_s + job.duration_s());
        if span.end_s > gap.end_s || start_s > last_s {
            return None;
        }
        // A zone that lets nobody like them in on that day: the start waits for its end, if it has one.
        if let Some(closed) = shut.iter().find(|s| s.start_s <= start_s && start_s < s.end_s) {
            if closed.end_s > last_s {
                return None;
            }
            start_s = ceil(closed.end_s, grid_s);
            continue;
        }
        if let Some(block) = tour.blocked.iter().find(|block| block.overlaps(span)) {
            start_s = ceil(block.end_s, grid_s);
            continue;
        }
        // A later start may drive out of the rush hour, so one failure does not rule out the next.
        if let Some(stop) = next {
            let needed_s = ask.travel.leg(job.point, stop.point, span.end_s).seconds;
            if tour.drivable_s(span.end_s, stop.start_s) < needed_s {
                start_s += grid_s;
                continue;
            }
        }
        return Some(Place { start_s, origin, depart_s, inward, next });
    }
}

/// Prices a place.
pub(crate) fn slot(
    ask: &Ask<'_>,
    technician: &DayTechnician,
    place: &Place<'_>,
    overqualification: u32,
) -> Slot {
    let end_s = place.start_s + ask.job.duration_s();
    let onward = place.next.map_or(technician.home, |stop| stop.point);
    let out_s = ask.travel.leg(ask.job.point, onward, end_s).seconds;
    let replaced_s = ask.travel.leg(place.origin, onward, place.depart_s).seconds;
    let added_s = (place.inward.seconds + out_s - replaced_s).max(0);
    Slot { start_s: place.start_s, end_s, added_travel_min: (added_s + 30) / 60, overqualification }
}

/// How well the technician suits: surplus levels, and the first second at which a needed skill has expired.
pub(crate) fn suits(job: &Wanted, technician: &DayTechnician) -> Option<(u32, i64)> {
    let (mut surplus, mut until_s) = (0, i64::MAX);
    for need in job.required() {
        let skill = technician.skill(&need.tag).filter(|skill| skill.level >= need.level)?;
        surplus += u32::from(skill.level - need.level);
        until_s = until_s.min(skill.expires_s.unwrap_or(i64::MAX));
    }
    Some((surplus, until_s))
}

/// The earliest slot of one technician, if he can take the job at all.
pub(crate) fn earliest(ask: &Ask<'_>, technician: &DayTechnician) -> Option<Slot> {
    let (surplus, until_s) = suits(ask.job, technician)?;
    let mut found = None;
    places(ask, technician, &ask.job.id, until_s, |place| {
        found = Some(slot(ask, technician, &place, surplus));
        ControlFlow::Break(())
    });
    found
}

/// Why there is no slot. To be asked only when there is none; never empty.
pub(crate) fn obstacles(ask: &Ask<'_>, technician: &DayTechnician) -> Vec<Obstacle> {
    let (first_s, last_s) = ask.starts();
    let skills = ask.job.required().filter_map(|need| lacks(need, technician, first_s));
    let mut lacking: Vec<_> = skills.map(Obstacle::Rule).collect();
    let closed = zones::shut(ask.job, technician);
    if closed.iter().any(|shut| shut.start_s <= first_s && last_s < shut.end_s) {
        lacking.extend(not_admitted(ask, technician, first_s));
    }
    if !lacking.is_empty() {
        return lacking;
    }
    if first_s > last_s {
        let window = ask.job.window.filter(|_| last_s >= ask.now_s);
        let elsewhere = window.map(|window| Obstacle::Elsewhere { window });
        return vec![elsewhere.unwrap_or(Obstacle::Past { until_s: last_s })];
    }
    let span = Span::new(first_s, last_s.saturating_add(ask.job.duration_s()));
    if !technician.shifts.iter().any(|shift| shift.overlaps(span)) {
        return vec![Obstacle::NotWorking { span }];
    }
    let without_driving = Ask { travel: &NoDrive, ..*ask };
    let first_fit = |until_s| first_place(&without_driving, technician, until_s);
    let until_s = suits(ask.job, technician).map_or(i64::MAX, |(_, until_s)| until_s);
    if let Some(place) = first_fit(until_s) {
        return vec![Obstacle::Drive { needed_min: drive_min(ask, &place) }];
    }
    if let Some(place) = first_fit(i64::MAX) {
        let expired = ask.job.required().filter_map(|need| lacks(need, technician, place.start_s));
        return expired.map(Obstacle::Rule).collect();
    }
    if !closed.is_empty() {
        let anywhere = Wanted { zones: Vec::new(), ..ask.job.clone() };
        let ask_anywhere = Ask { job: &anywhere, ..without_driving };
        let place = first_place(&ask_anywhere, technician, i64::MAX);
        let refused = place.map(|place| not_admitted(ask, technician, place.start_s));
        if let Some(refused) = refused.filter(|refused| !refused.is_empty()) {
            return refused;
        }
    }
    conflicts(ask, technician, span)
}

fn first_place<'a>(
    ask: &Ask<'a>,
    technician: &'a DayTechnician,
    until_s: i64,
) -> Option<Place<'a>> {
    let mut fits = None;
    places(ask, technician, &ask.job.id, until_s, |place| {
        fits = Some(place);
        ControlFlow::Break(())
    });
    fits
}

fn not_admitted(ask: &Ask<'_>, technician: &DayTechnician, at_s: i64) -> Vec<Obstacle> {
    zones::refusals(ask.job, technician, at_s).into_iter().map(Obstacle::Rule).collect()
}

fn drive_min(ask: &Ask<'_>, place: &Place<'_>) -> i64 {
    let in_s = ask.travel.leg(place.origin, ask.job.point, place.depart_s).seconds;
    let end_s = place.start_s + ask.job.duration_s();
    let out_s =
        place.next.map_or(0, |stop| ask.travel.leg(ask.job.point, stop.point, end_s).seconds);
    minutes_up(in_s + out_s)
}

/// Absences and visits in the way, where they are few; else the longest stretch that is left.
fn conflicts(ask: &Ask<'_>, technician: &DayTechnician, span: Span) -> Vec<Obstacle> {
    let broken = crate::rules::allows(ask.job, technician, span.start_s, span.end_s);
    let listed: Vec<_> = broken
        .into_iter()
        .filter(|violation| matches!(violation.rule(), "absence" | "busy" | "overlap"))
        .collect();
    if !listed.is_empty() && listed.len() <= CONFLICTS_LISTED {
        return listed.into_iter().map(Obstacle::Rule).collect();
    }
    let mut longest_s = 0;
    for tour in tours(technician, &ask.job.id, span) {
        let stops = tour.stops.iter().map(|stop| stop.span());
        let mut free_s = tour.span.start_s.max(span.start_s);
        let end_s = tour.span.end_s.min(span.end_s);
        let taken = merged(stops.chain(tour.blocked.iter().copied()));
        for busy in taken.into_iter().chain(std::iter::once(Span::new(end_s, end_s))) {
            longest_s = longest_s.max(busy.start_s.min(end_s) - free_s);
            free_s = free_s.max(busy.end_s);
        }
    }
    let needed_s = ask.job.duration_s();
    let none = listed.is_empty() && longest_s == 0;
    if none {
        return vec![Obstacle::Rule(Violation::OutsideShift { span, shift: None })];
    }
    vec![Obstacle::TooShort { needed_s, longest_s }]
}

/// Travel in no time: tells a full day from a long drive.
struct NoDrive;

impl Travel for NoDrive {
    fn leg(&self, _from: Point, _to: Point, _depart_s: i64) -> Leg {
        Leg::default()
    }
}

/// The next instant on the grid, `at_s` included.
pub(crate) const fn ceil(at_s: i64, grid_s: i64) -> i64 {
    let over = at_s.rem_euclid(grid_s);
    if over == 0 { at_s } else { at_s + grid_s - over }
}
