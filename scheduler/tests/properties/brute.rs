//! The second opinion: one flag per minute of the day, every start tried in turn, nothing clever. Shares no line
//! with the crate but its nouns.

use scheduler::{Day, DayTechnician, Slot, Span, Stop, Travel, Wanted};

use crate::boards::placed;

/// Time looked at on either side of the day.
const MARGIN_S: i64 = 6 * 3600;
const FOUR_HOURS: usize = 4 * 60;

/// One technician's day, minute by minute: the boards' spans all begin and end on whole minutes.
pub struct Brute<'a> {
    technician: &'a DayTechnician,
    stops: Vec<&'a Stop>,
    origin_s: i64,
    work: Vec<bool>,
    away: Vec<bool>,
    blocked: Vec<bool>,
    /// Minutes before this one in which driving is allowed.
    drivable: Vec<i64>,
    /// The tour that this minute belongs to, from its first second to its last.
    tour: Vec<(i64, i64)>,
}

impl<'a> Brute<'a> {
    pub fn new(technician: &'a DayTechnician, job_id: &str, range: Span) -> Self {
        let origin_s = range.start_s - MARGIN_S;
        let length = usize::try_from((range.end_s + MARGIN_S - origin_s) / 60).unwrap();
        let flags = |spans: &mut dyn Iterator<Item = Span>| {
            let mut flags = vec![false; length];
            for span in spans {
                let end = ((span.end_s - origin_s) / 60).clamp(0, length as i64);
                for at in ((span.start_s - origin_s) / 60).max(0)..end {
                    flags[at as usize] = true;
                }
            }
            flags
        };
        let work = flags(&mut technician.shifts.iter().copied());
        let away = flags(&mut technician.absences.iter().map(|absence| absence.span));
        let mut blocked = away.clone();
        let mut chains: Vec<(usize, usize)> = Vec::new();
        for at in (0..length).filter(|at| work[*at]) {
            match chains.last_mut() {
                Some((_, end)) if at - *end < FOUR_HOURS => {
                    blocked[*end..at].fill(true);
                    *end = at + 1;
                }
                _ => chains.push((at, at + 1)),
            }
        }
        let mut tour = vec![(0, 0); length];
        for (start, end) in chains {
            tour[start..end].fill((origin_s + start as i64 * 60, origin_s + end as i64 * 60));
        }
        let mut drivable = vec![0; length + 1];
        for at in 0..length {
            drivable[at + 1] = drivable[at] + i64::from(!blocked[at]);
        }
        let stops = technician.stops.iter().filter(|stop| &*stop.job_id != job_id).collect();
        Self { technician, stops, origin_s, work, away, blocked, drivable, tour }
    }

    fn minute(&self, unix_s: i64) -> usize {
        usize::try_from((unix_s - self.origin_s) / 60).unwrap()
    }

    fn minutes(&self, start_s: i64, end_s: i64) -> std::ops::RangeInclusive<usize> {
        self.minute(start_s)..=self.minute(end_s - 1)
    }

    pub fn works_throughout(&self, start_s: i64, end_s: i64) -> bool {
        self.work[self.minutes(start_s, end_s)].iter().all(|works| *works)
    }

    pub fn away_within(&self, start_s: i64, end_s: i64) -> bool {
        self.away[self.minutes(start_s, end_s)].iter().any(|away| *away)
    }

    pub fn busy_within(&self, start_s: i64, end_s: i64) -> bool {
        (start_s..end_s).any(|at| self.stops.iter().any(|s| s.start_s <= at && at < s.end_s))
    }

    fn driven_s(&self, at_s: i64) -> i64 {
        let minute = self.minute(at_s);
        let begun_s = (at_s - self.origin_s) % 60;
        self.drivable[minute] * 60 + if self.blocked[minute] { 0 } else { begun_s }
    }

    fn can_drive_s(&self, from_s: i64, to_s: i64) -> i64 {
        self.driven_s(to_s) - self.driven_s(from_s)
    }

    /// Where the drive to a job at `start_s` begins and when, and the stop after it.
    fn around(
        &self,
        day: &Day,
        start_s: i64,
        end_s: i64,
    ) -> (scheduler::Point, i64, Option<&Stop>) {
        let (tour_s, tour_end_s) = self.tour[self.minute(start_s)];
        let near = |stop: &&&Stop| stop.end_s > tour_s - 7200 && stop.start_s < tour_end_s + 7200;
        let mut before: Option<&Stop> = None;
        let mut after: Option<&Stop> = None;
        for stop in self.stops.iter().filter(near) {
            let late = |s: &Stop| (s.end_s, s.start_s, s.visit_id.clone());
            let soon = |s: &Stop| (s.start_s, s.end_s, s.visit_id.clone());
            if stop.end_s <= start_s && before.is_none_or(|old| late(old) < late(stop)) {
                before = Some(stop);
            }
            if stop.start_s >= end_s && after.is_none_or(|old| soon(stop) < soon(old)) {
                after = Some(stop);
            }
        }
        let (mut from, mut leave_s) = match before {
            Some(stop) => (stop.point, stop.end_s.max(tour_s)),
            None => (self.technician.home, tour_s),
        };
        if leave_s <= day.now_s {
            leave_s = day.now_s;
            match self.technician.position {
                Some(fix) if day.now_s - fix.at_s <= 600 => from = fix.point,
                _ => {}
            }
        }
        (from, leave_s, after)
    }

    /// Whether a start keeps every rule of time (skills are [`surplus`]'s).
    pub fn fits(&self, job: &Wanted, day: &Day, start_s: i64, travel: &dyn Travel) -> bool {
        let end_s = start_s + job.duration_s;
        let asked = job.window.is_none_or(|w| w.start_s <= start_s && start_s <= w.end_s)
            && day.range.start_s <= start_s
            && start_s < day.range.end_s
            && day.now_s <= start_s;
        if !asked
            || !self.works_throughout(start_s, end_s)
            || self.away_within(start_s, end_s)
            || self.stops.iter().any(|s| s.start_s < end_s && start_s < s.end_s)
        {
            return false;
        }
        let (from, leave_s, after) = self.around(day, start_s, end_s);
        let arrives = leave_s <= start_s
            && self.can_drive_s(leave_s, start_s) >= travel.leg(from, job.point, leave_s).seconds;
        arrives
            && after.is_none_or(|next| {
                let needed_s = travel.leg(job.point, next.point, end_s).seconds;
                self.can_drive_s(end_s, next.start_s) >= needed_s
            })
    }

    /// The earliest start of all, skills included.
    pub fn earliest(&self, job: &Wanted, day: &Day, travel: &dyn Travel) -> Option<i64> {
        // A window too narrow to hold a fifth minute is tried second by second.
        let narrow =
            job.window.filter(|w| w.end_s - w.start_s < 300 && w.start_s.rem_euclid(300) != 0);
        let starts: Vec<i64> = match narrow {
            Some(window) => (window.start_s..=window.end_s).collect(),
            None => (day.range.start_s..day.range.end_s).step_by(300).collect(),
        };
        starts.into_iter().find(|start_s| {
            surplus(job, self.technician, *start_s).is_some()
                && self.fits(job, day, *start_s, travel)
        })
    }

    fn added_min(&self, job: &Wanted, day: &Day, start_s: i64, travel: &dyn Travel) -> i64 {
        let end_s = start_s + job.duration_s;
        let (from, leave_s, after) = self.around(day, start_s, end_s);
        let onward = after.map_or(self.technician.home, |stop| stop.point);
        let with = travel.leg(from, job.point, leave_s).seconds
            + travel.leg(job.point, onward, end_s).seconds;
        let without = travel.leg(from, onward, leave_s).seconds;
        (((with - without).max(0)) as f64 / 60.0).round() as i64
    }
}

/// Levels above what is asked; none where a needed skill is missing, too low or expired.
pub fn surplus(job: &Wanted, technician: &DayTechnician, start_s: i64) -> Option<u32> {
    let mut sum = 0;
    for need in job.skills.iter().filter(|need| need.required) {
        let held = technician
            .skills
            .iter()
            .filter(|skill| skill.tag.to_lowercase() == need.tag.to_lowercase());
        let top = held.clone().map(|skill| skill.level).max()?;
        let valid = held
            .filter(|skill| skill.level == top)
            .any(|skill| skill.expires_s.is_none_or(|end_s| start_s < end_s));
        if top < need.level || !valid {
            return None;
        }
        sum += u32::from(top - need.level);
    }
    Some(sum)
}

/// The house rule, told a second time.
pub fn assign(day: &Day, travel: &dyn Travel) -> (Vec<(String, String, Slot)>, Vec<String>) {
    let mut day = day.clone();
    let (mut assigned, mut unassigned) = (Vec::new(), Vec::new());
    let mut left = day.jobs.clone();
    while !left.is_empty() {
        let first = (1..left.len())
            .fold(0, |best, at| if goes_before(&left[at], &left[best]) { at } else { best });
        let job = left.remove(first);
        let mut choice: Option<((u32, i64, String), usize, i64)> = None;
        for (index, technician) in day.technicians.iter().enumerate() {
            let brute = Brute::new(technician, &job.id, day.range);
            if let Some(start_s) = brute.earliest(&job, &day, travel) {
                let sum = surplus(&job, technician, start_s).unwrap();
                let added_min = brute.added_min(&job, &day, start_s, travel);
                let key = (sum, added_min, technician.id.to_string());
                if choice.as_ref().is_none_or(|(best, ..)| key < *best) {
                    choice = Some((key, index, start_s));
                }
            }
        }
        let Some(((overqualification, added_travel_min, id), index, start_s)) = choice else {
            unassigned.push(job.id.to_string());
            continue;
        };
        let end_s = start_s + job.duration_s;
        let slot = Slot { start_s, end_s, added_travel_min, overqualification };
        day.technicians[index].stops.push(placed(&job, slot));
        assigned.push((job.id.to_string(), id, slot));
    }
    (assigned, unassigned)
}

fn goes_before(a: &Wanted, b: &Wanted) -> bool {
    if a.priority != b.priority {
        return a.priority > b.priority;
    }
    match (a.window, b.window) {
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (Some(x), Some(y)) if x != y => (x.start_s, x.end_s) < (y.start_s, y.end_s),
        _ => a.id < b.id,
    }
}
