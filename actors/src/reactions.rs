//! "When this happened, ask that": the only file where rooms meet. Pure: an event in, orders out, each with a name
//! that is unique for its event, so that a second time is seen to be one.

use std::sync::Arc;

use crate::board;
use crate::board::crew::everybody;
use crate::board::protocol::{BoardEvent, Digest, Visit, VisitStatus};
use crate::conversations;
use crate::conversations::protocol::{MergedBody, Outgoing};
use crate::customers::protocol::{CustomerEvent, Location};
use crate::engine::journal::Recorded;
use crate::event::{Event, Room};
use crate::ids::{ConversationId, ErrandId, JobId, SeriesId, TechnicianId};
use crate::jobs;
use crate::jobs::protocol::JobEvent;
use crate::notifications;
use crate::notifications::protocol::{NotificationEvent, RecalledAbout, Telling, Trigger};
use crate::series;
use crate::series::protocol::SeriesEvent;
use crate::tags::TagEvent;
use crate::technicians;
use crate::technicians::protocol::TechnicianEvent;
use crate::zones;

/// A command for one actor of one room.
#[derive(Clone, Debug)]
pub enum Order {
    /// For a technician.
    Technicians(TechnicianId, Arc<technicians::protocol::Command>),
    /// For a job.
    Jobs(JobId, Arc<jobs::protocol::Command>),
    /// For the board.
    Board(Arc<board::protocol::Command>),
    /// For a job's notifications.
    Notifications(JobId, Arc<notifications::protocol::Command>),
    /// For a conversation.
    Conversations(ConversationId, Arc<conversations::protocol::Command>),
    /// For a series.
    Series(SeriesId, Arc<series::protocol::Command>),
    /// For the zones.
    Zones(Arc<zones::protocol::Command>),
    /// For the clocks of service levels.
    Sla(Arc<crate::sla::protocol::Command>),
}

impl Order {
    /// Room and key, for delivering in order per target.
    pub fn target(&self) -> (Room, Arc<str>) {
        match self {
            Self::Technicians(id, _) => (Room::Technicians, id.key()),
            Self::Jobs(id, _) => (Room::Jobs, id.key()),
            Self::Board(_) => (Room::Board, board::KEY.into()),
            Self::Notifications(id, _) => (Room::Notifications, id.key()),
            Self::Conversations(id, _) => (Room::Conversations, id.key()),
            Self::Series(id, _) => (Room::Series, id.key()),
            Self::Zones(_) => (Room::Zones, crate::rooms::ZONES_KEY.into()),
            Self::Sla(_) => (Room::Sla, crate::rooms::SLA_KEY.into()),
        }
    }
}

/// An order and its name.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// Unique among the reactions to one event.
    pub name: Arc<str>,
    /// What is asked of whom.
    pub order: Order,
}

fn to(name: &str, order: Order) -> Reaction {
    Reaction { name: name.into(), order }
}

fn named(name: String, order: Order) -> Reaction {
    Reaction { name: name.into(), order }
}

fn consider(name: &str, job: &JobId, trigger: Trigger) -> Reaction {
    let command = notifications::protocol::Command::Consider { trigger };
    to(name, Order::Notifications(job.clone(), Arc::new(command)))
}

fn look_at_route(name: &str, technician: &TechnicianId) -> Reaction {
    let command = Arc::new(technicians::protocol::Command::Tick);
    to(name, Order::Technicians(technician.clone(), command))
}

/// The routes of everybody whose day a visit is or was in, the lead's first.
fn look_at_routes(visits: &[&Visit]) -> Vec<Reaction> {
    let mut all = Vec::new();
    for (index, id) in everybody(visits).into_iter().enumerate() {
        let is_before = visits.iter().skip(1).any(|before| before.technician_id == *id);
        all.push(match (index, is_before) {
            (0, _) => look_at_route("route", id),
            (_, true) => look_at_route("route_before", id),
            _ => look_at_route(&format!("route:{id}"), id),
        });
    }
    all
}

mod clocks;
mod offers;
mod recalled;
mod renamed;

/// What follows from an event.
pub fn reactions(recorded: &Recorded) -> Vec<Reaction> {
    let mut all = of_rooms(recorded);
    all.extend(clocks::reaction(&recorded.event));
    all
}

fn of_rooms(recorded: &Recorded) -> Vec<Reaction> {
    match &recorded.event {
        Event::Board(event) => board_happened(event),
        Event::Technicians(event) => technician_happened(event),
        Event::Jobs(event) => job_happened(event),
        Event::Notifications(event) => should_know(event),
        Event::Series(event) => comes_again(event),
        Event::Customers(CustomerEvent::LocationChanged { before, after }) => {
            place_changed(before, after)
        }
        Event::Tags(TagEvent::TagChanged { before, after, users }) => {
            renamed::renamed(&before.name, &after.name, users)
        }
        Event::Conversations(event) => {
            offers::unread(event).into_iter().chain(recalled::again(recorded, event)).collect()
        }
        Event::Customers(_)
        | Event::Auth(_)
        | Event::Tags(_)
        | Event::Presets(_)
        | Event::Templates(_)
        | Event::Zones(_)
        | Event::Materials(_)
        | Event::Sla(_) => vec![],
    }
}

fn board_happened(event: &BoardEvent) -> Vec<Reaction> {
    match event {
        BoardEvent::VisitPlanned { visit, published, .. } => {
            let mut all = look_at_routes(&[visit]);
            all.push(consider("tell", &visit.job_id, planned(*published)));
            all
        }
        BoardEvent::VisitMoved { before, after, published, .. } => {
            let mut all = look_at_routes(&[after, before]);
            all.push(consider("tell", &after.job_id, planned(*published)));
            all
        }
        BoardEvent::VisitRemoved { before, .. } => {
            let mut all = look_at_routes(&[before]);
            all.push(consider("tell", &before.job_id, Trigger::Removed));
            all
        }
        BoardEvent::VisitStatusChanged { after, .. } => {
            // Back to planned, what was told of it is looked at as for any plan.
            let is_planned = after.status == VisitStatus::Planned;
            let trigger = if is_planned { Trigger::Planned } else { Trigger::Status };
            let mut all = look_at_routes(&[after]);
            all.push(consider("tell", &after.job_id, trigger));
            all
        }
        BoardEvent::DraftPublished { digests } => digests.iter().map(digest).collect(),
        BoardEvent::PublishTakenBack { digests } => digests.iter().map(no_digest).collect(),
        BoardEvent::VisitDrafted { .. }
        | BoardEvent::PromiseBroken { .. }
        | BoardEvent::DraftEntryGone { .. }
        | BoardEvent::PlanProposed { .. }
        | BoardEvent::ProposalGone { .. }
        | BoardEvent::SlotHeld { .. }
        | BoardEvent::HoldGone { .. } => vec![],
        // Who speaks for the stop is another one now.
        BoardEvent::Bundled { bundle, .. } | BoardEvent::Unbundled { bundle } => {
            let tell = |id: &JobId| consider(&format!("tell:{id}"), id, Trigger::Planned);
            bundle.job_ids.iter().map(tell).collect()
        }
        BoardEvent::OfferMade { offer, .. } | BoardEvent::OfferChanged { offer } => {
            vec![consider("tell", &offer.job_id, Trigger::Offer)]
        }
    }
}

/// Of a publish technicians hear once, by its digest.
fn planned(published: bool) -> Trigger {
    if published { Trigger::Published } else { Trigger::Planned }
}

fn digest(digest: &Digest) -> Reaction {
    let command = notifications::protocol::Command::Digest(Box::new(digest.clone()));
    let order = Order::Notifications(digest.about.clone(), Arc::new(command));
    named(format!("digest:{}", digest.technician_id), order)
}

fn no_digest(digest: &Digest) -> Reaction {
    let message_id = digest.message_id.clone();
    let command = conversations::protocol::Command::RecallIfWaiting { message_id };
    let id = ConversationId::for_phone(&digest.phone);
    let order = Order::Conversations(id, Arc::new(command));
    named(format!("no_digest:{}", digest.technician_id), order)
}

fn technician_happened(event: &TechnicianEvent) -> Vec<Reaction> {
    match event {
        TechnicianEvent::AbsenceReported { technician, absence, .. }
        | TechnicianEvent::AbsenceChanged { technician, absence, .. } => {
            let command = board::protocol::Command::FreeAbsent {
                technician_id: technician.id.clone(),
                span: absence.span(),
                reason: absence.reason.clone(),
            };
            vec![to("free", Order::Board(Arc::new(command)))]
        }
        TechnicianEvent::RouteEtasChanged { visits, .. } => visits
            .iter()
            .map(|change| consider(&format!("eta:{}", change.job_id), &change.job_id, Trigger::Eta))
            .collect(),
        TechnicianEvent::TechnicianHired { .. }
        | TechnicianEvent::TechnicianUnhired { .. }
        | TechnicianEvent::TechnicianChanged { .. }
        | TechnicianEvent::AbsenceEnded { .. }
        | TechnicianEvent::CalendarAdded { .. }
        | TechnicianEvent::CalendarRemoved { .. }
        | TechnicianEvent::CalendarRead { .. }
        | TechnicianEvent::TechnicianArrived { .. } => vec![],
    }
}

fn place_changed(before: &Location, after: &Location) -> Vec<Reaction> {
    let is_where_it_was =
        before.lat.to_bits() == after.lat.to_bits() && before.lon.to_bits() == after.lon.to_bits();
    if is_where_it_was {
        return vec![];
    }
    let command = board::protocol::Command::PlaceChanged { place: Box::new(after.clone()) };
    vec![to("board", Order::Board(Arc::new(command)))]
}

fn job_happened(event: &JobEvent) -> Vec<Reaction> {
    match event {
        JobEvent::JobChanged { before, after, .. } => {
            let command = board::protocol::Command::JobChanged { job: after.clone() };
            let mut all = vec![
                to("board", Order::Board(Arc::new(command))),
                consider("tell", &after.id, Trigger::Planned),
            ];
            all.extend(begins(after).filter(|_| before.series.is_none()));
            all
        }
        JobEvent::JobCancelled { job, .. } => {
            let command = board::protocol::Command::DropDraft { job_id: job.id.clone() };
            vec![
                to("board", Order::Board(Arc::new(command))),
                consider("tell", &job.id, Trigger::Status),
            ]
        }
        JobEvent::JobRestored { job, .. } => vec![consider("tell", &job.id, Trigger::Restored)],
        JobEvent::JobCreated { after } => begins(after).into_iter().collect(),
        JobEvent::JobReopened { .. } => vec![],
    }
}

/// A job that is the first of a series begins it.
fn begins(job: &jobs::protocol::Job) -> Option<Reaction> {
    let series = job.series.as_ref()?.begins.clone()?;
    let id = series.id.clone();
    let command = series::protocol::Command::Begin { series, job: Box::new(job.clone()) };
    Some(to("series", Order::Series(id, Arc::new(command))))
}

fn comes_again(event: &SeriesEvent) -> Vec<Reaction> {
    let job = |job: &jobs::protocol::Job, command| Order::Jobs(job.id.clone(), Arc::new(command));
    match event {
        SeriesEvent::OccurrenceMade { job: made, .. } => {
            vec![to("make", job(made, jobs::protocol::Command::Create(made.clone())))]
        }
        SeriesEvent::OccurrenceRewritten { job: after, .. } => {
            let command = jobs::protocol::Command::Change { after: after.clone(), version: None };
            vec![to("rewrite", job(after, command))]
        }
        // Whichever of the two still has it: the board while a visit is planned, the job itself without one.
        SeriesEvent::OccurrenceDropped { job: gone, .. } => {
            let off = board::protocol::Command::CallOff { job: gone.clone() };
            vec![
                to("call_off", Order::Board(Arc::new(off))),
                to("cancel", job(gone, jobs::protocol::Command::Cancel { note: None })),
            ]
        }
        SeriesEvent::SeriesChanged { .. } | SeriesEvent::OccurrenceJoined { .. } => vec![],
    }
}

fn should_know(event: &NotificationEvent) -> Vec<Reaction> {
    match event {
        NotificationEvent::CustomerShouldKnow { job_id, telling, .. }
        | NotificationEvent::TechnicianShouldKnow { job_id, telling, .. }
        | NotificationEvent::ScheduleShouldKnow { job_id, telling, .. } => {
            vec![queue(job_id, telling)]
        }
        NotificationEvent::OfferShouldBeKnown { job_id, telling, .. } => {
            vec![queue(job_id, telling)]
        }
        NotificationEvent::OfferUntold { offer_id, technician_id, .. } => {
            vec![offers::untold(offer_id, technician_id)]
        }
        NotificationEvent::TellingRecalled { job_id, phone, about, .. } => {
            let kinds = match about {
                RecalledAbout::Customer => notifications::CUSTOMER_KINDS,
                RecalledAbout::Technician => notifications::TECHNICIAN_KINDS,
                RecalledAbout::Offer => notifications::OFFER_KINDS,
            };
            let command =
                conversations::protocol::Command::RecallAbout { job_id: job_id.clone(), kinds };
            let id = ConversationId::for_phone(phone);
            vec![to(recalled::RECALL, Order::Conversations(id, Arc::new(command)))]
        }
        NotificationEvent::CannotTell { .. } => vec![],
    }
}

fn queue(job_id: &JobId, telling: &Telling) -> Reaction {
    let errand = telling.message_id.as_str().strip_prefix("msg_");
    let errand_id =
        ErrandId::from_text(&format!("errand_{}", errand.unwrap_or(telling.message_id.as_str())));
    let merged_body = telling
        .merged
        .as_ref()
        .map(|(before, after)| MergedBody { before: before.clone(), after: after.clone() });
    let message = Box::new(Outgoing {
        id: telling.message_id.clone(),
        phone: telling.phone.clone(),
        body: telling.body.clone(),
        merged_body,
        kind: telling.kind,
        language: telling.language,
        job_id: Some(job_id.clone()),
        customer_id: telling.customer_id.clone(),
        technician_id: telling.technician_id.clone(),
        due_at: telling.due_at,
        expires_at: telling.expires_at,
        held: telling.held,
        suggested: None,
    });
    let command = conversations::protocol::Command::Queue { message, errand_id };
    let id = ConversationId::for_phone(&telling.phone);
    to("queue", Order::Conversations(id, Arc::new(command)))
}

/// Which awake actors of other rooms must hear of an event to stay equal to their rows.
pub fn hears(recorded: &Recorded) -> Vec<(Room, Arc<str>)> {
    match &recorded.event {
        Event::Board(event) => {
            let (job, technicians) = match event {
                BoardEvent::VisitPlanned { visit: only, .. }
                | BoardEvent::VisitRemoved { before: only, .. }
                | BoardEvent::VisitStatusChanged { after: only, .. } => {
                    (&only.job_id, everybody(&[only]))
                }
                BoardEvent::VisitMoved { before, after, .. } => {
                    (&after.job_id, everybody(&[after, before]))
                }
                BoardEvent::VisitDrafted { .. }
                | BoardEvent::DraftEntryGone { .. }
                | BoardEvent::PromiseBroken { .. }
                | BoardEvent::DraftPublished { .. }
                | BoardEvent::PublishTakenBack { .. }
                | BoardEvent::PlanProposed { .. }
                | BoardEvent::ProposalGone { .. }
                | BoardEvent::SlotHeld { .. }
                | BoardEvent::HoldGone { .. }
                | BoardEvent::Bundled { .. }
                | BoardEvent::Unbundled { .. }
                | BoardEvent::OfferMade { .. }
                | BoardEvent::OfferChanged { .. } => return vec![],
            };
            let mut all = vec![(Room::Jobs, job.key())];
            all.extend(technicians.into_iter().map(|id| (Room::Technicians, id.key())));
            all
        }
        Event::Technicians(
            TechnicianEvent::AbsenceReported { technician, with_visits: true, .. }
            | TechnicianEvent::AbsenceChanged { technician, with_visits: true, .. },
        ) => vec![(Room::Technicians, technician.id.key())],
        Event::Jobs(JobEvent::JobChanged { .. })
        | Event::Customers(CustomerEvent::LocationChanged { .. })
        | Event::Zones(_) => {
            vec![(Room::Board, board::KEY.into())]
        }
        _ => vec![],
    }
}
