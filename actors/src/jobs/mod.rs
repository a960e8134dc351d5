//! Jobs: what must be done, for whom, how long, by when promised. One actor per job, awake only while it is
//! changed. It never knows who goes; that is the board's.

use jiff::Timestamp;

use crate::board::protocol::{BoardEvent, Visit, VisitStatus};
use crate::engine::component::{Component, Decision};
use crate::engine::journal::Expect;
use crate::event::{Event, Room};
use crate::jobs::protocol::{Command, Job, JobEvent, JobRefusal, JobStatus};

pub mod protocol;

/// What a job's actor knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobRoom {
    /// The job, once there is one.
    pub job: Option<Box<Job>>,
    /// Where it stands.
    pub status: JobStatus,
    /// Its open visit, or the last one: what a cancellation after no access leaves to be read.
    pub visit: Option<Box<Visit>>,
}

impl Component for JobRoom {
    type Command = Command;
    type Refusal = JobRefusal;

    const ROOM: Room = Room::Jobs;

    fn decide(&self, command: &Command, now: Timestamp) -> Result<Decision, JobRefusal> {
        match (command, &self.job) {
            (Command::Create(after), None) => {
                Ok(Decision::event(JobEvent::JobCreated { after: after.clone() }))
            }
            (Command::Create(_), Some(_)) => Err(JobRefusal::KnownAlready),
            (_, None) => Err(JobRefusal::Unknown),
            (Command::Change { after, version }, Some(before)) => {
                self.change(before, after, *version)
            }
            (Command::Link { after, version, seen }, Some(before)) => {
                let decision = self.change(before, after, *version)?;
                Ok(seen.iter().cloned().fold(decision, Decision::expecting))
            }
            (Command::RenameSkill { from, to }, Some(job)) => {
                let is_over = matches!(self.status, JobStatus::Done | JobStatus::Cancelled);
                let mut after = job.clone();
                let bears = |tag: &str| tag.to_lowercase() == from.to_lowercase();
                for need in after.skills.iter_mut().filter(|need| bears(&need.tag)) {
                    to.clone_into(&mut need.tag);
                }
                if is_over { Ok(Decision::nothing()) } else { self.change(job, &after, None) }
            }
            (Command::Cancel { note }, Some(job)) => match self.status {
                JobStatus::Cancelled => Ok(Decision::nothing()),
                JobStatus::Done => Err(JobRefusal::Over),
                JobStatus::Unassigned | JobStatus::NoAccess => {
                    Ok(Decision::event(JobEvent::JobCancelled {
                        job: job.clone(),
                        visit: self.visit.clone(),
                        note: note.clone(),
                        at: now,
                    }))
                }
                JobStatus::Planned | JobStatus::EnRoute | JobStatus::OnSite => {
                    Err(JobRefusal::HasVisit)
                }
            },
            (Command::Reopen, Some(job)) => match self.status {
                JobStatus::NoAccess | JobStatus::Cancelled => {
                    Ok(Decision::event(JobEvent::JobReopened {
                        job: job.clone(),
                        before: Some(self.status),
                        visit: self.visit.clone(),
                    }))
                }
                JobStatus::Done => Err(JobRefusal::Over),
                _ => Err(JobRefusal::OpenAlready),
            },
            (Command::Restore { status, visit, version }, Some(job)) => {
                self.restore(job, *status, visit.as_deref(), *version)
            }
        }
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        match event {
            Event::Jobs(JobEvent::JobCreated { after } | JobEvent::JobChanged { after, .. }) => {
                self.job = Some(after.clone());
            }
            Event::Jobs(JobEvent::JobCancelled { .. }) => self.status = JobStatus::Cancelled,
            Event::Jobs(JobEvent::JobRestored { status, visit, .. }) => {
                self.status = *status;
                self.visit.clone_from(visit);
            }
            Event::Jobs(JobEvent::JobReopened { .. })
            | Event::Board(BoardEvent::VisitRemoved { .. }) => {
                self.status = JobStatus::Unassigned;
                self.visit = None;
            }
            Event::Board(
                BoardEvent::VisitPlanned { visit: after, .. }
                | BoardEvent::VisitMoved { after, .. }
                | BoardEvent::VisitStatusChanged { after, .. },
            ) => {
                self.status = after.status.into();
                self.visit = Some(Box::new(after.clone()));
            }
            _ => {}
        }
    }
}

impl JobRoom {
    fn restore(
        &self,
        job: &Job,
        status: JobStatus,
        visit: Option<&Visit>,
        version: i64,
    ) -> Result<Decision, JobRefusal> {
        if matches!(self.status, JobStatus::Planned | JobStatus::EnRoute | JobStatus::OnSite) {
            return Err(JobRefusal::HasVisit);
        }
        let event = JobEvent::JobRestored {
            job: Box::new(job.clone()),
            before: self.status,
            status,
            visit: visit.cloned().map(Box::new),
        };
        Ok(Decision::event(event).expecting(Expect { entity: job.id.key(), version }))
    }

    fn change(
        &self,
        before: &Job,
        after: &Job,
        version: Option<i64>,
    ) -> Result<Decision, JobRefusal> {
        if matches!(self.status, JobStatus::Done | JobStatus::Cancelled) {
            return Err(JobRefusal::Over);
        }
        if before == after {
            return Ok(Decision::nothing());
        }
        let decision = Decision::event(JobEvent::JobChanged {
            before: Box::new(before.clone()),
            after: Box::new(after.clone()),
            status: self.status,
        });
        Ok(match version {
            Some(version) => decision.expecting(Expect { entity: after.id.key(), version }),
            None => decision,
        })
    }
}

/// The job's status that a visit's status means.
pub fn status_of(visit: Option<VisitStatus>) -> JobStatus {
    visit.map_or(JobStatus::Unassigned, JobStatus::from)
}
