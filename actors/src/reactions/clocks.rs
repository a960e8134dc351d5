//! What follows for the clocks of service levels: a job that came in may start one, and wherever it stands afterwards, its clock
//! follows.

use std::sync::Arc;

use super::{Order, Reaction, to};
use crate::board::protocol::BoardEvent;
use crate::event::Event;
use crate::ids::{JobId, made_at};
use crate::jobs::protocol::{JobEvent, JobStatus};
use crate::sla::protocol::Command;

/// What an event means for a clock, if it means anything.
pub(super) fn reaction(event: &Event) -> Option<Reaction> {
    let follow = |id: &JobId, status: JobStatus| Command::Follow { job_id: id.clone(), status };
    let command = match event {
        Event::Jobs(JobEvent::JobCreated { after: job } | JobEvent::JobReopened { job, .. }) => {
            Command::Start { job: job.clone(), since: None }
        }
        // A job that became one that a policy is for counts from when it came in, like one that was there before the policy.
        Event::Jobs(JobEvent::JobChanged {
            after,
            status: JobStatus::Unassigned | JobStatus::Planned | JobStatus::EnRoute,
            ..
        }) => Command::Start { job: after.clone(), since: made_at(after.id.as_str()) },
        Event::Jobs(JobEvent::JobCancelled { job, .. }) => follow(&job.id, JobStatus::Cancelled),
        Event::Jobs(JobEvent::JobRestored { job, status, .. }) => follow(&job.id, *status),
        Event::Board(BoardEvent::VisitStatusChanged { after, .. }) => {
            follow(&after.job_id, after.status.into())
        }
        _ => return None,
    };
    Some(to("sla", Order::Sla(Arc::new(command))))
}
