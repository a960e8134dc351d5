//! One clock's arithmetic: when its targets are due, how much is left, and how a pause shifts them. Business time itself is the
//! scheduler's (`scheduler::business`).

use jiff::Timestamp;
use jiff::civil::Date;
use scheduler::business::{Calendar, OpenHours};

use crate::jobs::protocol::Job;
use crate::sla::protocol::{Clock, ClockState, Pause, Policy};

/// What a clock is read by: the company's zone, and the days on which nobody works.
pub type Wall<'a> = &'a crate::policy::Policy;

impl Policy {
    fn week(&self) -> [OpenHours; 7] {
        let mut week: [OpenHours; 7] = std::array::from_fn(|_| Vec::new());
        let minute =
            |time: jiff::civil::Time| i16::from(time.hour()) * 60 + i16::from(time.minute());
        for (at, day) in week.iter_mut().enumerate() {
            let Ok(offset) = i8::try_from(at) else { continue };
            let Ok(weekday) = jiff::civil::Weekday::from_monday_zero_offset(offset) else {
                continue;
            };
            let hours = self.hours.get(&weekday.into()).into_iter().flatten();
            // Midnight as an end is the midnight after.
            day.extend(hours.map(|span| {
                let end = minute(span.end);
                (minute(span.start), if end == 0 { 1440 } else { end })
            }));
            day.sort_unstable();
        }
        week
    }

    fn on<T>(&self, wall: Wall<'_>, read: impl FnOnce(Calendar<'_>) -> T) -> T {
        let is_off = |day: Date| wall.holidays.on(day).is_some();
        read(Calendar { zone: &wall.zone, week: &self.week(), is_off: &is_off })
    }

    /// When so many business minutes after a moment are over.
    pub fn due(&self, wall: Wall<'_>, from: Timestamp, seconds: i64) -> Option<Timestamp> {
        let due_s = self.on(wall, |calendar| calendar.due(from.as_second(), seconds))?;
        Timestamp::from_second(due_s).ok()
    }

    /// Business seconds between two moments.
    pub fn between(&self, wall: Wall<'_>, from: Timestamp, to: Timestamp) -> i64 {
        self.on(wall, |calendar| calendar.between(from.as_second(), to.as_second()))
    }
}

impl Clock {
    /// A clock that begins at `now`, which may be yet to come; none where its hours never do.
    pub fn new(policy: &Policy, job: &Job, now: Timestamp, wall: Wall<'_>) -> Option<Self> {
        let due = |minutes: i64| policy.due(wall, now, minutes * 60);
        let done_due_at = match policy.done_min {
            Some(minutes) => Some(due(minutes)?),
            None => None,
        };
        Some(Self {
            job_id: job.id.clone(),
            policy: policy.clone(),
            started_at: now,
            arrive_due_at: due(policy.arrive_min)?,
            done_due_at,
            risk_at: due(policy.arrive_min - policy.at_risk_min)?,
            warned: false,
            arrived_at: None,
            done_at: None,
            missed_at: None,
            pauses: Vec::new(),
            over: false,
        })
    }

    /// The pause that it stands in.
    pub fn paused(&self) -> Option<&Pause> {
        self.pauses.last().filter(|pause| pause.until.is_none())
    }

    /// The target that comes next: arrival, then completion.
    pub fn due_at(&self) -> Timestamp {
        match (self.arrived_at, self.done_due_at) {
            (Some(_), Some(done_due_at)) => done_due_at,
            _ => self.arrive_due_at,
        }
    }

    /// Whether something is still to be met.
    pub fn is_open(&self) -> bool {
        let waits =
            self.arrived_at.is_none() || self.done_due_at.is_some() && self.done_at.is_none();
        !self.over && waits
    }

    /// Where it stands.
    pub fn state(&self) -> ClockState {
        if self.missed_at.is_some() {
            ClockState::Missed
        } else if self.paused().is_some() {
            ClockState::Paused
        } else if self.is_open() {
            ClockState::Running
        } else {
            ClockState::Met
        }
    }

    /// Business minutes until the next target, negative once it is over; as they stood when it was paused.
    pub fn minutes_left(&self, now: Timestamp, wall: Wall<'_>) -> i64 {
        let at = self.paused().map_or(now, |pause| pause.since).max(self.started_at);
        self.policy.between(wall, at, self.due_at()).div_euclid(60)
    }

    /// The next moment at which it has something to say.
    pub fn next_at(&self) -> Option<Timestamp> {
        if self.state() != ClockState::Running {
            return None;
        }
        let risk = (!self.warned && self.arrived_at.is_none()).then_some(self.risk_at);
        Some(risk.map_or(self.due_at(), |risk| risk.min(self.due_at())))
    }

    /// Runs on after a pause: whatever was left when it began is left now.
    pub fn resumed(&self, now: Timestamp, wall: Wall<'_>) -> Option<Self> {
        // A clock that is yet to begin loses nothing by standing still before.
        let since = self.paused()?.since.max(self.started_at);
        let from = now.max(self.started_at);
        let mut after = self.clone();
        let shifted = |due_at: Timestamp| {
            let left_s = self.policy.between(wall, since, due_at);
            if left_s <= 0 { Some(due_at) } else { self.policy.due(wall, from, left_s) }
        };
        after.arrive_due_at = shifted(self.arrive_due_at)?;
        after.risk_at = shifted(self.risk_at)?;
        after.done_due_at = match self.done_due_at {
            Some(due_at) => Some(shifted(due_at)?),
            None => None,
        };
        if let Some(pause) = after.pauses.last_mut() {
            pause.until = Some(now);
        }
        Some(after)
    }
}
