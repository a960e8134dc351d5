//! One technician's simulated working day: wait, drive, work, go home; or fall ill.
//! Pure: given the route that the board shows and a moment to live up to, it says what the technician did. It learns of the server only
//! through that route, so a visit that somebody drags elsewhere on the board is simply no longer driven to.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::day::{Act, Fix, Status};
use super::dice::Dice;
use super::roads::{Point, Roads};
use super::way::{Spot, Way};

/// An open visit ahead, as the board shows it. Instants are unix seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    pub job_id: Arc<str>,
    pub point: Point,
    pub start_s: i64,
    pub duration_s: i64,
}

/// The tracker wakes this long before the shift.
const EARLY_S: i64 = 600;
/// A parked tracker reports this seldom.
const PARKED_S: i64 = 30;
/// Whoever finds nobody at home waits, then leaves.
const NOBODY_HOME_S: i64 = 480;
/// Later than this after the shift the rest is left undone.
const OVERTIME_S: i64 = 7_200;

#[derive(Debug)]
enum State {
    Off,
    /// Waiting at a place, perhaps with the next way already looked up.
    Waiting {
        at: Point,
        next: Option<Departure>,
    },
    Driving {
        stop: Option<Stop>,
        way: Way,
        left_s: i64,
    },
    Working {
        stop: Stop,
        until_s: i64,
        end: Status,
    },
    Gone,
}

#[derive(Debug)]
struct Departure {
    stop: Stop,
    way: Way,
    at_s: i64,
}

/// What is fixed about a technician's day before it starts.
#[derive(Debug, Clone)]
pub struct Roster {
    pub who: usize,
    pub seed: u64,
    pub home: Point,
    /// Unix seconds; `None` on a day off.
    pub shift: Option<(i64, i64)>,
    /// When this one calls in sick, if at all.
    pub sick_at_s: Option<i64>,
    pub pace: f64,
}

#[derive(Debug)]
pub struct Workday {
    roster: Roster,
    state: State,
    lived_to_s: i64,
    next_fix_s: i64,
    closed: BTreeSet<Arc<str>>,
}

impl Workday {
    pub fn new(roster: Roster) -> Self {
        Self {
            roster,
            state: State::Off,
            lived_to_s: i64::MIN,
            next_fix_s: i64::MIN,
            closed: BTreeSet::new(),
        }
    }

    /// Nothing more will come from this one today.
    pub fn is_over(&self) -> bool {
        self.roster.shift.is_none() || matches!(self.state, State::Gone)
    }

    /// Lives on to `until_s`, with a fix about every `interval_s` while driving; appends what was done, in order.
    pub fn advance(
        &mut self,
        roads: &Roads,
        route: &[Stop],
        until_s: i64,
        interval_s: i64,
        acts: &mut Vec<Act>,
    ) {
        self.heed(route);
        while self.step(roads, route, until_s, interval_s, acts) {}
        self.lived_to_s = self.lived_to_s.max(until_s);
    }

    /// Drops what the board has taken away since.
    fn heed(&mut self, route: &[Stop]) {
        let gone = |stop: &Stop| !route.iter().any(|other| other.job_id == stop.job_id);
        let at = match &self.state {
            State::Driving { stop: Some(stop), way, left_s } if gone(stop) => {
                way.at((self.lived_to_s - left_s) as f64).point
            }
            State::Working { stop, .. } if gone(stop) => {
                self.closed.insert(stop.job_id.clone());
                stop.point
            }
            _ => return,
        };
        self.state = State::Waiting { at, next: None };
    }

    /// One change of state at or before `until_s`; false when there is none.
    fn step(
        &mut self,
        roads: &Roads,
        route: &[Stop],
        until_s: i64,
        interval_s: i64,
        acts: &mut Vec<Act>,
    ) -> bool {
        let Some((shift_start_s, shift_end_s)) = self.roster.shift else { return false };
        match std::mem::replace(&mut self.state, State::Gone) {
            State::Off => self.wake((shift_start_s, shift_end_s), until_s, acts),
            State::Waiting { at, next } => {
                self.wait(roads, route, until_s, interval_s, (at, next), acts)
            }
            State::Driving { stop, way, left_s } => {
                let arrive_s = left_s + way.seconds();
                self.report(
                    until_s.min(arrive_s - 1),
                    interval_s,
                    |t| way.at((t - left_s) as f64),
                    acts,
                );
                if arrive_s > until_s {
                    self.state = State::Driving { stop, way, left_s };
                    return false;
                }
                self.next_fix_s = arrive_s;
                self.report(arrive_s, PARKED_S.max(interval_s), |_| way.at(f64::MAX), acts);
                self.lived_to_s = arrive_s;
                let Some(stop) = stop else { return true };
                acts.push(self.status(arrive_s, &stop, Status::OnSite));
                self.state = self.begin(stop, arrive_s);
                true
            }
            State::Working { stop, until_s: end_s, end } => {
                let parked = Spot { point: stop.point, heading_deg: 0.0, speed_ms: 0.0 };
                self.report(until_s.min(end_s), PARKED_S.max(interval_s), |_| parked, acts);
                if end_s > until_s {
                    self.state = State::Working { stop, until_s: end_s, end };
                    return false;
                }
                self.lived_to_s = end_s;
                self.closed.insert(stop.job_id.clone());
                acts.push(self.status(end_s, &stop, end));
                self.state = State::Waiting { at: stop.point, next: None };
                true
            }
            State::Gone => false,
        }
    }

    /// Switches the tracker on before the shift, or calls in sick and stays in bed.
    fn wake(&mut self, (start_s, end_s): (i64, i64), until_s: i64, acts: &mut Vec<Act>) -> bool {
        let wake_s = start_s - EARLY_S;
        let sick_s = self.roster.sick_at_s.filter(|sick| *sick <= wake_s);
        if sick_s.unwrap_or(wake_s) > until_s {
            self.state = State::Off;
            return false;
        }
        if let Some(at_s) = sick_s {
            acts.push(Act::CallInSick { at_s, who: self.roster.who, until_s: end_s });
            return true;
        }
        self.lived_to_s = wake_s;
        self.next_fix_s = wake_s;
        self.state = State::Waiting { at: self.roster.home, next: None };
        true
    }

    /// Waits for the next departure, the end of the shift, or an illness, whichever comes first.
    fn wait(
        &mut self,
        roads: &Roads,
        route: &[Stop],
        until_s: i64,
        interval_s: i64,
        (at, known): (Point, Option<Departure>),
        acts: &mut Vec<Act>,
    ) -> bool {
        let (_, shift_end_s) = self.roster.shift.unwrap_or((i64::MAX, i64::MAX));
        let stop = route
            .iter()
            .filter(|stop| !self.closed.contains(&stop.job_id))
            .min_by_key(|stop| (stop.start_s, stop.job_id.clone()));
        let next = stop.map(|stop| match known {
            Some(known) if known.stop == *stop => known,
            _ => self.departure(roads, at, stop),
        });
        let weary = self.lived_to_s >= shift_end_s + OVERTIME_S;
        let sick_s = self.roster.sick_at_s.unwrap_or(i64::MAX).max(self.lived_to_s);
        let leave_s = match &next {
            Some(next) if !weary => next.at_s.max(self.lived_to_s),
            _ => shift_end_s.max(self.lived_to_s),
        };
        let event_s = sick_s.min(leave_s);
        let parked = Spot { point: at, heading_deg: 0.0, speed_ms: 0.0 };
        self.report(until_s.min(event_s), PARKED_S.max(interval_s), |_| parked, acts);
        if event_s > until_s {
            self.state = State::Waiting { at, next };
            return false;
        }
        self.lived_to_s = event_s;
        if sick_s <= leave_s {
            acts.push(Act::CallInSick {
                at_s: event_s,
                who: self.roster.who,
                until_s: shift_end_s.max(event_s + 60),
            });
            return true;
        }
        self.next_fix_s = event_s;
        self.state = match next {
            Some(Departure { stop, way, .. }) if !weary => {
                acts.push(self.status(event_s, &stop, Status::EnRoute));
                State::Driving { stop: Some(stop), way, left_s: event_s }
            }
            _ => {
                let way = roads.way(at, self.roster.home);
                if way.metres() < 300.0 {
                    return true;
                }
                State::Driving { stop: None, way, left_s: event_s }
            }
        };
        true
    }

    /// When to leave for `stop`: in time, by this one's own idea of "in time".
    fn departure(&self, roads: &Roads, at: Point, stop: &Stop) -> Departure {
        let way = roads.way(at, stop.point);
        let slack_s =
            Dice::named(self.roster.seed, &format!("leave {}", stop.start_s)).whole(-240, 300);
        let at_s = stop.start_s - way.seconds() - slack_s;
        Departure { stop: stop.clone(), way, at_s }
    }

    /// How long the work takes and how it ends, by this visit's own dice.
    fn begin(&self, stop: Stop, since_s: i64) -> State {
        let name = format!("work {} {}", self.roster.who, stop.start_s);
        let mut dice = Dice::named(self.roster.seed, &name);
        if dice.chance(0.03) {
            return State::Working {
                stop,
                until_s: since_s + NOBODY_HOME_S,
                end: Status::NoAccess,
            };
        }
        let trouble = if dice.chance(0.07) { dice.between(1.4, 2.1) } else { 1.0 };
        let share = (0.92 + 0.14 * dice.bell()).clamp(0.5, 1.5) * self.roster.pace * trouble;
        let work_s = (stop.duration_s as f64 * share) as i64;
        State::Working { stop, until_s: since_s + work_s.max(300), end: Status::Done }
    }

    fn status(&self, at_s: i64, stop: &Stop, status: Status) -> Act {
        Act::Report { at_s, who: self.roster.who, job_id: stop.job_id.clone(), status }
    }

    /// The fixes due up to `until_s`, each a few metres off as a receiver is.
    fn report(
        &mut self,
        until_s: i64,
        every_s: i64,
        spot: impl Fn(i64) -> Spot,
        acts: &mut Vec<Act>,
    ) {
        while self.next_fix_s <= until_s {
            let at_s = self.next_fix_s;
            let noise = self.roster.seed ^ ((self.roster.who as u64) << 40) ^ at_s as u64;
            let mut dice = Dice::new(noise);
            let spot = spot(at_s);
            let mut at = spot.point.flat();
            at.x += 2.2 * dice.bell();
            at.y += 2.2 * dice.bell();
            acts.push(Act::Fix(Fix {
                at_s,
                who: self.roster.who,
                point: at.point(),
                speed_ms: spot.speed_ms,
                heading_deg: spot.heading_deg,
                accuracy_m: dice.between(4.0, 13.0),
            }));
            self.next_fix_s = at_s + every_s.max(1);
        }
    }
}

#[cfg(test)]
mod tests;
