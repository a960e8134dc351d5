//! What follows for the clocks of service levels: a job that came in may start one, and wherever it stands afterwards, its clock
//! follows.

use std::sync::Arc;

use super::{Order, Reaction, to};
use crate::board::protocol::BoardEvent;
use crate::event::Event;
use crate::ids::JobId;
use crate::jobs::protocol::{JobEvent, JobStatus};
use crate::sla::protocol::Command;

/// What an event means for a clock, if it means anything.
pub(super) fn reaction(event: &Event) -> Option<Reaction> {
    let follow = |id: &JobId, status: JobStatus| Command::Follow { job_id: id.clone(), status };
    let command = match event {
        Event::Jobs(JobEvent::JobCreated { after: job } | JobEvent::JobReopened { job, .. }) => {
            Command::Start { job: job.clone() }
        }
        Event::Jobs(JobEvent::JobCancelled { job, .. }) => follow(&job.id, JobStatus::Cancelled),
        Event::Jobs(JobEvent::JobRestored { job, status, .. }) => follow(&job.id, *status),
        Event::Board(BoardEvent::VisitStatusChanged { after, .. }) => {
            follow(&after.job_id, after.status.into())
        }
        _ => return None,
    };
    Some(to("sla", Order::Sla(Arc::new(command))))
}
