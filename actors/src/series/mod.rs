//! Series: jobs that come again. One actor per series, awake only while it changes or its horizon moves on. It makes
//! real jobs for the days ahead, each once; it never touches one that has begun, and never plans a visit.
//!
//! **Invariant:** the decision that makes an occurrence writes its row in the same commit, so no day is made twice,
//! however often the timer rings. What a job has become since is read anew for every command.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::engine::component::{Component, Decision};
use crate::engine::journal::AlarmChange;
use crate::event::{Event, Room};
use crate::jobs::protocol::{Job, JobStatus};
use crate::policy::Policy;
use crate::series::protocol::{Command, Series, SeriesEvent, SeriesRefusal};

pub mod calendar;
mod change;
pub mod holidays;
pub mod protocol;
pub mod rule;

/// How many days ahead occurrences are real jobs.
pub const HORIZON_DAYS: i64 = 60;
/// How far ahead a rule must yield a day, and how far one is looked at.
pub const YEARS_AHEAD: i64 = 5;
/// The timer that moves the horizon on.
pub const EXTEND: &str = "extend";

/// A day's job as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The job.
    pub job: Box<Job>,
    /// Where it stands.
    pub status: JobStatus,
}

impl Made {
    /// True while nobody has begun it and it is still wanted.
    pub fn is_ahead(&self) -> bool {
        matches!(self.status, JobStatus::Unassigned | JobStatus::Planned)
    }
}

/// What a series' actor knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeriesRoom {
    /// The series, once there is one.
    pub series: Option<Box<Series>>,
    /// The jobs made so far, by the rule's day.
    pub made: BTreeMap<Date, Made>,
    /// Days whose job was asked for and is only just being made.
    pub underway: Vec<Date>,
    /// The company's choices.
    pub policy: Policy,
}

impl Component for SeriesRoom {
    type Command = Command;
    type Refusal = SeriesRefusal;

    const ROOM: Room = Room::Series;
    // Which occurrences have begun is in the jobs' rows.
    const FRESH: bool = true;

    fn decide(&self, command: &Command, now: Timestamp) -> Result<Decision, SeriesRefusal> {
        match (command, &self.series) {
            (Command::Begin { .. }, Some(_)) => Ok(Decision::nothing()),
            (Command::Begin { series, job }, None) => {
                let on = job.series.as_ref().map_or_else(|| self.today(now, series), |one| one.on);
                let begun = Decision::event(SeriesEvent::SeriesChanged {
                    before: None,
                    after: series.clone(),
                });
                let begun = begun.and(SeriesEvent::OccurrenceJoined {
                    series_id: series.id.clone(),
                    on,
                    job_id: job.id.clone(),
                });
                let made = BTreeMap::from([(on, None)]);
                Ok(self.extended(begun, series, &made, now)?)
            }
            (_, None) => Err(SeriesRefusal::Unknown),
            (Command::Extend, Some(series)) => {
                Ok(self.extended(Decision::nothing(), series, &self.known(), now)?)
            }
            (Command::Change(change), Some(series)) => self.change(series, change, now),
            (Command::Restore { series: before, back }, Some(series)) => {
                self.restore(series, before, back, now)
            }
            (Command::End { from, version }, Some(series)) => {
                self.end(series, *from, *version, now)
            }
        }
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        let Event::Series(event) = event else { return };
        match event {
            SeriesEvent::SeriesChanged { after, .. } => self.series = Some(after.clone()),
            SeriesEvent::OccurrenceJoined { .. } => {}
            SeriesEvent::OccurrenceMade { on, job, .. } => {
                let made = Made { job: job.clone(), status: JobStatus::Unassigned };
                self.made.insert(*on, made);
            }
            SeriesEvent::OccurrenceRewritten { on, job, .. } => {
                if let Some(made) = self.made.get_mut(on) {
                    made.job = job.clone();
                }
            }
            SeriesEvent::OccurrenceDropped { on, .. } => {
                self.made.remove(on);
            }
        }
    }
}

impl SeriesRoom {
    fn zone(&self, series: &Series) -> TimeZone {
        series.tz(&self.policy.zone)
    }

    fn today(&self, now: Timestamp, series: &Series) -> Date {
        now.to_zoned(self.zone(series)).date()
    }

    fn known(&self) -> BTreeMap<Date, Option<&Made>> {
        let made = self.made.iter().map(|(on, made)| (*on, Some(made)));
        made.chain(self.underway.iter().map(|on| (*on, None))).collect()
    }

    /// Adds what is to be made up to the horizon, and sets the timer for the first day beyond it.
    fn extended(
        &self,
        mut decision: Decision,
        series: &Series,
        made: &BTreeMap<Date, Option<&Made>>,
        now: Timestamp,
    ) -> Result<Decision, SeriesRefusal> {
        let (zone, today) = (&self.policy.zone, self.today(now, series));
        let horizon = today.saturating_add(HORIZON_DAYS.days());
        let far = today.saturating_add(YEARS_AHEAD.years());
        let mut beyond = None;
        for turn in series.occurrences(today, far, zone, &self.policy.holidays)? {
            if turn.on > horizon {
                beyond = Some(turn.on);
                break;
            }
            if made.contains_key(&turn.on) {
                continue;
            }
            let id = crate::ids::JobId::new(now, seed(series.id.as_str(), turn.on));
            if let Some(job) = series.job(&turn, id, zone) {
                decision = decision.and(SeriesEvent::OccurrenceMade {
                    series_id: series.id.clone(),
                    on: turn.on,
                    job: Box::new(job),
                });
            }
        }
        let name: std::sync::Arc<str> = EXTEND.into();
        let due = beyond.and_then(|on| {
            let day = on.checked_sub(HORIZON_DAYS.days()).ok()?;
            let morning = day.to_datetime(Time::constant(3, 0, 0, 0));
            Some(morning.to_zoned(self.zone(series)).ok()?.timestamp())
        });
        Ok(decision.alarm(match due {
            Some(due_at) => AlarmChange::Set { name, due_at },
            None => AlarmChange::Cleared { name },
        }))
    }
}

/// Entropy for an occurrence's id: FNV-1a over what makes it unlike any other made at the same moment.
fn seed(series: &str, on: Date) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in series.bytes().chain(on.to_string().bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}
