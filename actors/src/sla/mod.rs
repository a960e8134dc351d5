//! Service levels: how soon somebody must be there, and a clock for every open job that such a policy is for. One actor keeps
//! policies and the clocks of jobs that are not over. It never moves a visit and never tells a customer.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::engine::component::{Component, Decision};
use crate::engine::journal::{AlarmChange, Expect};
use crate::event::{Event, Room};
use crate::ids::{JobId, SlaPolicyId};
use crate::jobs::protocol::{Job, JobStatus};
use crate::policy::Policy as House;

pub mod clock;
pub mod protocol;

use clock::Wall;
use protocol::{
    Clock, ClockState, Command, Older, POLICIES_MAX, Pause, Policy, SlaEvent, SlaRefusal, Why,
};

/// The timer of the next clock that has something to say.
pub const RING: &str = "ring";
/// Stretches of standing still that one clock remembers.
const PAUSES_MAX: usize = 100;

/// Policies, and the clocks of jobs that are not over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sla {
    /// Policies.
    pub policies: BTreeMap<SlaPolicyId, Policy>,
    /// Clocks by job.
    pub clocks: BTreeMap<JobId, Clock>,
    /// The company's choices.
    pub house: House,
}

impl Sla {
    fn wall(&self) -> Wall<'_> {
        &self.house
    }

    /// The narrowest policy for a job; of equals the one whose id came first.
    fn policy_for(&self, job: &Job) -> Option<&Policy> {
        let fits = self.policies.values().filter_map(|policy| Some((policy.fits(job)?, policy)));
        // `max_by_key` would take the last of equals.
        fits.rev().max_by_key(|(weight, _)| *weight).map(|(_, policy)| policy)
    }

    fn running(&self, id: &JobId) -> Result<&Clock, SlaRefusal> {
        self.clocks.get(id).filter(|clock| clock.is_open()).ok_or(SlaRefusal::NoClock)
    }

    fn keep(
        &self,
        policy: &Policy,
        version: Option<i64>,
        now: Timestamp,
    ) -> Result<Decision, SlaRefusal> {
        let before = self.policies.get(&policy.id);
        let name = policy.name.to_lowercase();
        let taken = |other: &Policy| other.id != policy.id && other.name.to_lowercase() == name;
        if self.policies.values().any(taken) {
            return Err(SlaRefusal::NameTaken);
        }
        if before.is_none() && self.policies.len() >= POLICIES_MAX {
            return Err(SlaRefusal::TooMany);
        }
        let longest = policy.done_min.unwrap_or(0).max(policy.arrive_min);
        policy.due(self.wall(), now, longest * 60).ok_or(SlaRefusal::NeverDue)?;
        if before == Some(policy) {
            return Ok(Decision::nothing());
        }
        let before = before.cloned().map(Box::new);
        let after = Box::new(policy.clone());
        let decision = Decision::event(SlaEvent::SlaPolicyKept { before, after });
        Ok(match version {
            Some(version) => decision.expecting(Expect { entity: policy.id.key(), version }),
            None => decision,
        })
    }

    /// A clock for a job that has none, if a policy is for it.
    fn begun(&self, job: &Job, since: Timestamp) -> Option<Clock> {
        let policy = self.policy_for(job).filter(|_| !self.clocks.contains_key(&job.id))?;
        // A job that comes again counts from its day: the day it was written down would say nothing.
        let day = job.when().filter(|_| job.series.is_some());
        Clock::new(policy, job, day.map_or(since, |day| day.start), self.wall())
    }

    fn start_all(&self, jobs: &[Older], now: Timestamp) -> Decision {
        let mut decision = Decision::nothing();
        for one in jobs {
            let Some(mut clock) = self.begun(&one.job, one.since.unwrap_or(now)) else { continue };
            clock.arrived_at = one.arrived_at;
            decision = decision.and(SlaEvent::SlaStarted { clock: Box::new(clock) });
        }
        decision
    }

    fn unkeep(&self, id: &SlaPolicyId) -> Result<Decision, SlaRefusal> {
        let policy = self.policies.get(id).ok_or(SlaRefusal::Unknown)?;
        let policy = Box::new(policy.clone());
        let decision = Decision::event(SlaEvent::SlaPolicyDeleted { policy });
        let by_it = self.clocks.values().filter(|clock| clock.policy.id == *id);
        Ok(by_it.fold(decision, |decision, clock| {
            decision.and(SlaEvent::SlaStopped { clock: Box::new(clock.clone()) })
        }))
    }

    /// What a job's status means for its clock.
    fn followed(&self, before: &Clock, status: JobStatus, now: Timestamp) -> Clock {
        let goes_on = matches!(status, JobStatus::OnSite | JobStatus::Done | JobStatus::NoAccess);
        let resumed = before.resumed(now, self.wall()).filter(|_| goes_on);
        let mut after = resumed.unwrap_or_else(|| before.clone());
        match status {
            JobStatus::OnSite | JobStatus::NoAccess => {
                after.arrived_at = after.arrived_at.or(Some(now));
            }
            JobStatus::Done => {
                after.arrived_at = after.arrived_at.or(Some(now));
                after.done_at = Some(now);
            }
            JobStatus::Unassigned | JobStatus::Planned | JobStatus::EnRoute => {
                (after.arrived_at, after.done_at) = (None, None);
            }
            JobStatus::Cancelled => {}
        }
        after.over = matches!(status, JobStatus::Done | JobStatus::NoAccess | JobStatus::Cancelled);
        after
    }

    fn ring(&self, now: Timestamp) -> Decision {
        let due = self.clocks.values().filter(|clock| clock.next_at().is_some_and(|at| at <= now));
        due.fold(Decision::nothing(), |decision, before| {
            let mut after = before.clone();
            let why = if before.due_at() <= now {
                after.missed_at = Some(before.due_at());
                Why::Missed
            } else {
                Why::AtRisk
            };
            after.warned = true;
            decision.and(changed(before, after, why))
        })
    }

    /// The decision, with the timer set to the next clock that has something to say once it is applied.
    fn with_timer(&self, decision: Decision) -> Decision {
        let mut touched: BTreeMap<&JobId, Option<&Clock>> = BTreeMap::new();
        for event in &decision.events {
            match event {
                Event::Sla(
                    SlaEvent::SlaStarted { clock: after } | SlaEvent::SlaChanged { after, .. },
                ) => touched.insert(&after.job_id, Some(after)),
                Event::Sla(SlaEvent::SlaStopped { clock }) => touched.insert(&clock.job_id, None),
                _ => None,
            };
        }
        if touched.is_empty() {
            return decision;
        }
        let others = self.clocks.iter().filter(|(id, _)| !touched.contains_key(id));
        let next = others.map(|(_, clock)| clock).chain(touched.values().copied().flatten());
        let due_at = next.filter_map(Clock::next_at).min();
        let name: std::sync::Arc<str> = RING.into();
        decision.alarm(match due_at {
            Some(due_at) => AlarmChange::Set { name, due_at },
            None => AlarmChange::Cleared { name },
        })
    }

    fn decided(&self, command: &Command, now: Timestamp) -> Result<Decision, SlaRefusal> {
        let expecting = |decision: Decision, id: &JobId, version: &Option<i64>| match version {
            Some(version) => decision.expecting(Expect { entity: entity(id), version: *version }),
            None => decision,
        };
        Ok(match command {
            Command::KeepPolicy { policy, version } => self.keep(policy, *version, now)?,
            Command::DeletePolicy { id } => {
                let policy = self.policies.get(id).ok_or(SlaRefusal::Unknown)?;
                let policy = Box::new(policy.clone());
                Decision::event(SlaEvent::SlaPolicyDeleted { policy })
            }
            Command::Unkeep { id } => self.unkeep(id)?,
            Command::Start { job, since } => {
                let one = Older { job: job.clone(), since: *since, arrived_at: None };
                self.start_all(std::slice::from_ref(&one), now)
            }
            Command::StartAll { jobs } => self.start_all(jobs, now),
            Command::Follow { job_id, status } => match self.clocks.get(job_id) {
                Some(before) => {
                    let after = self.followed(before, *status, now);
                    if after == *before {
                        return Ok(Decision::nothing());
                    }
                    Decision::event(changed(before, after, Why::Followed))
                }
                None => Decision::nothing(),
            },
            Command::Pause { job_id, reason, note, by, version } => {
                let before = self.running(job_id)?;
                if before.paused().is_some() {
                    return Err(SlaRefusal::PausedAlready);
                }
                if before.state() != ClockState::Running || before.pauses.len() >= PAUSES_MAX {
                    return Err(SlaRefusal::NoClock);
                }
                let mut after = before.clone();
                let (note, by) = (note.clone(), by.clone());
                after.pauses.push(Pause { reason: *reason, note, since: now, by, until: None });
                let decision = Decision::event(changed(before, after, Why::Paused));
                expecting(decision, job_id, version)
            }
            Command::Resume { job_id, version } => {
                let before = self.running(job_id)?;
                before.paused().ok_or(SlaRefusal::RunsAlready)?;
                let after = before.resumed(now, self.wall()).ok_or(SlaRefusal::NeverDue)?;
                let decision = Decision::event(changed(before, after, Why::Resumed));
                expecting(decision, job_id, version)
            }
            Command::Restore { clock } => {
                let before = self.running(&clock.job_id)?;
                Decision::event(changed(before, (**clock).clone(), Why::Restored))
            }
            Command::Ring => self.ring(now),
        })
    }
}

/// Under which name a clock has its version: the job's own is raised by the job alone.
pub fn entity(job: &JobId) -> std::sync::Arc<str> {
    format!("sla:{job}").into()
}

fn changed(before: &Clock, after: Clock, why: Why) -> SlaEvent {
    SlaEvent::SlaChanged { before: Box::new(before.clone()), after: Box::new(after), why }
}

impl Component for Sla {
    type Command = Command;
    type Refusal = SlaRefusal;

    const ROOM: Room = Room::Sla;

    fn decide(&self, command: &Command, now: Timestamp) -> Result<Decision, SlaRefusal> {
        let decision = self.decided(command, now)?;
        Ok(self.with_timer(decision))
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        let Event::Sla(event) = event else { return };
        match event {
            SlaEvent::SlaPolicyKept { after, .. } => {
                self.policies.insert(after.id.clone(), (**after).clone());
            }
            SlaEvent::SlaPolicyDeleted { policy } => {
                self.policies.remove(&policy.id);
            }
            SlaEvent::SlaStopped { clock } => {
                self.clocks.remove(&clock.job_id);
            }
            SlaEvent::SlaStarted { clock: after } | SlaEvent::SlaChanged { after, .. } => {
                if after.over {
                    self.clocks.remove(&after.job_id);
                } else {
                    self.clocks.insert(after.job_id.clone(), (**after).clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CustomerId;

    fn policy(id: &str, kind: Option<&str>, customer: Option<&str>) -> Policy {
        let hours = serde_json::json!({"mon": [{"start": "08:00", "end": "17:00"}]});
        Policy {
            id: id.into(),
            name: id.to_owned(),
            priority: None,
            kind: kind.map(str::to_owned),
            customer_id: customer.map(CustomerId::from_text),
            arrive_min: 60,
            done_min: None,
            at_risk_min: 30,
            hours: serde_json::from_value(hours).unwrap(),
        }
    }

    fn job() -> Job {
        serde_json::from_value(serde_json::json!({
            "id": "job_1", "customer_id": "cust_1", "location_id": "loc_1", "title": "Panne",
            "kind": "Repair", "duration_min": 60, "priority": "normal", "customer_name": "Ruiz",
            "customer_language": "fr", "address": "1, rue A", "lat": 45.0, "lon": -73.0,
        }))
        .unwrap()
    }

    #[test]
    fn the_narrowest_policy_wins_and_of_equals_the_first() {
        let mut sla = Sla::default();
        for one in [
            policy("sla_1", None, None),
            policy("sla_2", Some("repair"), None),
            policy("sla_3", Some("REPAIR"), None),
            policy("sla_4", None, Some("cust_9")),
        ] {
            sla.policies.insert(one.id.clone(), one);
        }
        assert_eq!(sla.policy_for(&job()).unwrap().id, "sla_2".into());
        let own = policy("sla_5", None, Some("cust_1"));
        sla.policies.insert(own.id.clone(), own);
        assert_eq!(sla.policy_for(&job()).unwrap().id, "sla_5".into());
    }

    #[test]
    fn a_timer_stands_for_the_next_clock_and_none_where_nothing_runs() {
        let mut sla = Sla::default();
        let one = policy("sla_1", None, None);
        sla.policies.insert(one.id.clone(), one);
        // A Monday, ten to ten.
        let now: Timestamp = "2026-11-23T09:50:00-05:00".parse().unwrap();
        let decision =
            sla.decide(&Command::Start { job: Box::new(job()), since: None }, now).unwrap();
        let risk_at = "2026-11-23T10:20:00-05:00".parse().unwrap();
        assert_eq!(decision.alarms, [AlarmChange::Set { name: RING.into(), due_at: risk_at }]);
        sla.apply(&decision.events[0], 1, now);
        let gone = Command::Follow { job_id: "job_1".into(), status: JobStatus::Cancelled };
        let decision = sla.decide(&gone, now).unwrap();
        assert_eq!(decision.alarms, [AlarmChange::Cleared { name: RING.into() }]);
        sla.apply(&decision.events[0], 2, now);
        assert!(sla.clocks.is_empty());
    }
}
