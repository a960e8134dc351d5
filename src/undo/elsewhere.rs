//! What other rooms than the board are asked so that things stand as before an act, event by event. The rooms decide
//! whether it may be.

use actors::board::protocol::{BoardEvent, Command as OnBoard, VisitStatus};
use actors::conversations::protocol::ConversationEvent;
use actors::customers::protocol::CustomerEvent;
use actors::engine::journal::Recorded;
use actors::event::Event;
use actors::ids::JobId;
use actors::jobs::protocol::{Job, JobEvent, JobStatus};
use actors::presets::PresetEvent;
use actors::series::protocol::SeriesEvent;
use actors::tags::TagEvent;
use actors::technicians::protocol::TechnicianEvent;
use actors::templates::TemplateEvent;
use actors::{conversations, customers, jobs, presets, series, tags, technicians, templates};
use jiff::ToSpan;
use jiff::civil::Date;

use super::inverse::Step;
use super::turns::{self, Turn};
use crate::error::Problem;
use crate::house::House;
use crate::journal::database::Moment;

/// Days of a series whose jobs an act dropped.
pub fn dropped(events: &[Recorded]) -> Vec<(Date, JobId)> {
    let of = |entry: &Recorded| match &entry.event {
        Event::Series(SeriesEvent::OccurrenceDropped { on, job, .. }) => {
            Some((*on, job.id.clone()))
        }
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

/// Jobs that an act took back into a series: where that is turned round, the series calls them off by itself.
pub fn joined(events: &[Recorded]) -> Vec<&JobId> {
    let all = events.iter().filter_map(|entry| match &entry.event {
        Event::Series(SeriesEvent::OccurrenceJoined { job_id, .. }) => Some(job_id),
        _ => None,
    });
    all.collect()
}

/// What is asked to turn one event round; `act` is all that was committed with it.
///
/// # Errors
/// Faults.
pub async fn steps(house: &House, event: &Event, act: &[Recorded]) -> Result<Vec<Step>, Problem> {
    let mut now = house.moment().await?;
    let step = match event {
        Event::Board(event) => {
            let waits = turns::is_about_waiting(act);
            waiting(event).filter(|_| waits).map(|command| Step::Waiting(Box::new(command)))
        }
        Event::Jobs(JobEvent::JobRestored { job, .. }) if joined(act).contains(&&job.id) => None,
        Event::Jobs(event) => return of_job(house, &mut now, event).await,
        Event::Technicians(event) => technician(&mut now, event).await?,
        Event::Customers(event) => customer(&mut now, event).await?,
        Event::Tags(event) => Some(Step::Tags(tag(&mut now, event).await?)),
        Event::Zones(event) => Some(Step::Zones(super::kept::zone(event))),
        Event::Materials(event) => {
            Some(Step::Materials(super::kept::material(&mut now, event).await?))
        }
        Event::Sla(event) => super::kept::clock(event).map(Step::Sla),
        Event::Presets(event) => Some(Step::Presets(preset(event))),
        Event::Templates(event) => Some(Step::Templates(template(event))),
        Event::Series(SeriesEvent::SeriesChanged { before: Some(before), .. }) => {
            let back = dropped(act);
            let command = series::protocol::Command::Restore { series: before.clone(), back };
            Some(Step::Series(before.id.clone(), command))
        }
        Event::Conversations(event) => conversation(event),
        Event::Series(_) | Event::Notifications(_) | Event::Auth(_) => None,
    };
    Ok(step.into_iter().collect())
}

/// Held slots, offers and proposals.
fn waiting(event: &BoardEvent) -> Option<OnBoard> {
    Some(match event {
        _ if turns::turn(&Event::Board(event.clone())) != Turn::Back => return None,
        BoardEvent::SlotHeld { hold } => OnBoard::Release { hold_id: hold.id.clone() },
        BoardEvent::HoldGone { hold: Some(hold), .. } => OnBoard::HoldAgain { hold: hold.clone() },
        BoardEvent::OfferMade { offer, .. } => {
            OnBoard::WithdrawOffer { offer_id: offer.id.clone() }
        }
        BoardEvent::ProposalGone { proposal: Some(proposal), .. } => {
            OnBoard::ProposeAgain { proposal: proposal.clone() }
        }
        _ => return None,
    })
}

async fn of_job(house: &House, now: &mut Moment, event: &JobEvent) -> Result<Vec<Step>, Problem> {
    let subject = match event {
        JobEvent::JobCreated { after } | JobEvent::JobChanged { after, .. } => after,
        JobEvent::JobCancelled { job, .. }
        | JobEvent::JobReopened { job, .. }
        | JobEvent::JobRestored { job, .. } => job,
    };
    let id = &subject.id;
    let held = crate::jobs::store::one(now, house.policy.language, id.as_str()).await?;
    let version = held.map_or(0, |held| held.version);
    let mut steps = vec![Step::Job(id.clone(), job(event, version))];
    // A series that began with it ends with it; a job that stood before the series stays.
    let (begun, keeps) = match event {
        JobEvent::JobCreated { after } => (Some(after), false),
        JobEvent::JobChanged { before, after, .. } if before.series.is_none() => {
            (Some(after), true)
        }
        _ => (None, false),
    };
    if let Some(step) = begun.and_then(|job| series_ends(job, keeps))
        && let Step::Series(id, _) = &step
        && crate::kept::store::one::<series::protocol::Series>(now, id.as_str()).await?.is_some()
    {
        steps.push(step);
    }
    Ok(steps)
}

fn series_ends(job: &Job, keeps: bool) -> Option<Step> {
    let occurrence = job.series.as_ref()?;
    let series = occurrence.begins.as_ref()?;
    let first = if keeps { occurrence.on.saturating_add(1.day()) } else { series.first_day() };
    let command = series::protocol::Command::End { from: first, version: None };
    Some(Step::Series(series.id.clone(), command))
}

fn job(event: &JobEvent, version: i64) -> jobs::protocol::Command {
    use jobs::protocol::Command;
    match event {
        JobEvent::JobCreated { .. } => Command::Cancel { note: None },
        JobEvent::JobChanged { before, .. } => {
            Command::Change { after: before.clone(), version: Some(version) }
        }
        JobEvent::JobCancelled { visit, .. } => {
            let no_access =
                visit.as_ref().is_some_and(|visit| visit.status == VisitStatus::NoAccess);
            let status = if no_access { JobStatus::NoAccess } else { JobStatus::Unassigned };
            Command::Restore { status, visit: visit.clone(), version }
        }
        JobEvent::JobReopened { before, visit, .. } => {
            let status = before.unwrap_or(JobStatus::Cancelled);
            Command::Restore { status, visit: visit.clone(), version }
        }
        JobEvent::JobRestored { before, visit, .. } => {
            Command::Restore { status: *before, visit: visit.clone(), version }
        }
    }
}

async fn technician(now: &mut Moment, event: &TechnicianEvent) -> Result<Option<Step>, Problem> {
    use technicians::protocol::Command;
    let (id, command) = match event {
        TechnicianEvent::TechnicianHired { after } => (&after.id, Command::Unhire),
        TechnicianEvent::TechnicianUnhired { technician } => {
            (&technician.id, Command::Hire(technician.clone()))
        }
        TechnicianEvent::TechnicianChanged { before, .. } => {
            let known = crate::technicians::store::one(now, before.id.as_str()).await?;
            let version = known.map(|known| known.version);
            (&before.id, Command::Change { after: before.clone(), version })
        }
        TechnicianEvent::AbsenceReported { technician, absence, .. } => {
            (&technician.id, Command::EndAbsence { id: absence.id.clone(), version: None })
        }
        TechnicianEvent::AbsenceChanged { technician, before, .. } => {
            (&technician.id, Command::ChangeAbsence { absence: before.clone(), version: None })
        }
        TechnicianEvent::AbsenceEnded { technician, absence } => {
            (&technician.id, Command::ReportAbsence(absence.clone()))
        }
        _ => return Ok(None),
    };
    Ok(Some(Step::Technician(id.clone(), command)))
}

async fn customer(now: &mut Moment, event: &CustomerEvent) -> Result<Option<Step>, Problem> {
    use crate::customers::store;
    use customers::protocol::Command;
    let (id, command) = match event {
        CustomerEvent::CustomerRegistered { after } => (&after.id, Command::Unregister),
        CustomerEvent::CustomerUnregistered { customer } => {
            (&customer.id, Command::Register(customer.clone()))
        }
        CustomerEvent::CustomerChanged { before, .. } => {
            let known = store::one(now, before.id.as_str()).await?;
            let version = known.map(|known| known.version);
            (&before.id, Command::Change { after: before.clone(), version })
        }
        CustomerEvent::LocationAdded { after } => {
            (&after.customer_id, Command::RemoveLocation(after.id.clone()))
        }
        CustomerEvent::LocationRemoved { location } => {
            (&location.customer_id, Command::AddLocation(location.clone()))
        }
        CustomerEvent::LocationChanged { before, .. } => {
            let known = store::location(now, before.id.as_str()).await?;
            let version = known.map(|known| known.version);
            let after = before.clone();
            (&before.customer_id, Command::ChangeLocation { after, version })
        }
    };
    Ok(Some(Step::Customer(id.clone(), command)))
}

async fn tag(now: &mut Moment, event: &TagEvent) -> Result<tags::Command, Problem> {
    let named = match event {
        TagEvent::TagCreated { tag } | TagEvent::TagDeleted { tag } => &tag.name,
        TagEvent::TagChanged { after, .. } => &after.name,
    };
    let users = crate::tags::store::users(now).await?.remove(&named.to_lowercase());
    let users = users.unwrap_or_default();
    Ok(match event {
        TagEvent::TagCreated { tag } => tags::Command::Delete { id: tag.id.clone(), users },
        TagEvent::TagDeleted { tag } => tags::Command::Create(tag.clone()),
        TagEvent::TagChanged { before, .. } => {
            tags::Command::Change { after: before.clone(), version: None, users }
        }
    })
}

fn preset(event: &PresetEvent) -> presets::Command {
    match event {
        PresetEvent::PresetCreated { preset } => presets::Command::Delete { id: preset.id.clone() },
        PresetEvent::PresetDeleted { preset } => presets::Command::Create(preset.clone()),
        PresetEvent::PresetChanged { before, .. } => {
            presets::Command::Change { after: before.clone(), version: None }
        }
    }
}

fn template(event: &TemplateEvent) -> templates::Command {
    match event {
        TemplateEvent::TemplateChanged { before: None, after } => {
            templates::Command::Delete { id: after.id.clone() }
        }
        TemplateEvent::TemplateChanged { before: Some(before), .. } => {
            templates::Command::Change { after: before.clone(), version: None }
        }
        TemplateEvent::TemplateDeleted { template } => templates::Command::Create(template.clone()),
    }
}

/// A thread lies where it lay.
fn conversation(event: &ConversationEvent) -> Option<Step> {
    let ConversationEvent::ThreadChanged { before, after } = event else { return None };
    let command = conversations::protocol::Command::LayBack { before: before.clone() };
    Some(Step::Conversation(after.id.clone(), command))
}
