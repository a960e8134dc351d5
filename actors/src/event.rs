//! The closed list of everything that can happen, one variant per room. The journal holds these and nothing else.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::auth::protocol::AuthEvent;
use crate::board::protocol::BoardEvent;
use crate::conversations::protocol::ConversationEvent;
use crate::customers::protocol::CustomerEvent;
use crate::jobs::protocol::JobEvent;
use crate::materials::MaterialEvent;
use crate::notifications::protocol::NotificationEvent;
use crate::presets::PresetEvent;
use crate::series::protocol::SeriesEvent;
use crate::sla::protocol::SlaEvent;
use crate::tags::TagEvent;
use crate::technicians::protocol::TechnicianEvent;
use crate::templates::TemplateEvent;
use crate::zones::protocol::ZoneEvent;

/// A room of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Room {
    /// Who can, when, what, where.
    Technicians,
    /// What must be done.
    Jobs,
    /// Who has which visit when.
    Board,
    /// For whom, and where.
    Customers,
    /// Texts with people.
    Conversations,
    /// Whether to tell.
    Notifications,
    /// Who may come in.
    Auth,
    /// The names of skills.
    Tags,
    /// What comes again.
    Series,
    /// Views and groups that dispatchers keep.
    Presets,
    /// Lists of steps.
    Templates,
    /// Ground that asks something.
    Zones,
    /// What visits take along.
    Materials,
    /// How soon somebody must be there.
    Sla,
}

impl Room {
    /// As it stands in rows and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Technicians => "technicians",
            Self::Jobs => "jobs",
            Self::Board => "board",
            Self::Customers => "customers",
            Self::Conversations => "conversations",
            Self::Notifications => "notifications",
            Self::Auth => "auth",
            Self::Tags => "tags",
            Self::Series => "series",
            Self::Presets => "presets",
            Self::Templates => "templates",
            Self::Zones => "zones",
            Self::Materials => "materials",
            Self::Sla => "sla",
        }
    }
}

/// A high-rate fact: told at once, the newest kept, never in the journal.
#[derive(Clone, Debug, PartialEq)]
pub enum Passing {
    /// A tracker's newest fix.
    PositionReported(crate::technicians::protocol::Position),
}

/// A fact.
#[expect(
    clippy::large_enum_variant,
    reason = "facts travel behind an Arc; a box each would cost more"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "room", rename_all = "lowercase")]
pub enum Event {
    /// Of a technician.
    Technicians(TechnicianEvent),
    /// Of a job.
    Jobs(JobEvent),
    /// On the board.
    Board(BoardEvent),
    /// Of a customer.
    Customers(CustomerEvent),
    /// In a conversation.
    Conversations(ConversationEvent),
    /// A decision to tell.
    Notifications(NotificationEvent),
    /// At the door.
    Auth(AuthEvent),
    /// Of a tag.
    Tags(TagEvent),
    /// Of a job that comes again.
    Series(SeriesEvent),
    /// Of a preset.
    Presets(PresetEvent),
    /// Of a template.
    Templates(TemplateEvent),
    /// Of a zone.
    Zones(ZoneEvent),
    /// Of a material.
    Materials(MaterialEvent),
    /// Of a service level or a clock.
    Sla(SlaEvent),
}

macro_rules! from_room {
    ($($room:ident($event:ty))*) => {$(
        impl From<$event> for Event {
            fn from(event: $event) -> Self { Self::$room(event) }
        }
    )*};
}

from_room! {
    Technicians(TechnicianEvent) Jobs(JobEvent) Board(BoardEvent) Customers(CustomerEvent)
    Conversations(ConversationEvent) Notifications(NotificationEvent) Auth(AuthEvent) Tags(TagEvent)
    Series(SeriesEvent) Presets(PresetEvent) Templates(TemplateEvent) Zones(ZoneEvent)
    Materials(MaterialEvent) Sla(SlaEvent)
}

/// The same of the board's events.
fn of_the_board(event: &BoardEvent) -> Vec<Arc<str>> {
    match event {
        BoardEvent::VisitPlanned { job, .. }
        | BoardEvent::VisitMoved { job, .. }
        | BoardEvent::VisitRemoved { job, .. }
        | BoardEvent::VisitStatusChanged { job, .. }
        | BoardEvent::VisitDrafted { job, .. } => vec![job.id.key()],
        BoardEvent::DraftEntryGone { job_id, .. } => vec![job_id.key()],
        BoardEvent::Bundled { bundle, .. } | BoardEvent::Unbundled { bundle } => {
            vec![bundle.id.key()]
        }
        BoardEvent::PromiseBroken { .. }
        | BoardEvent::DraftPublished { .. }
        | BoardEvent::PublishTakenBack { .. }
        | BoardEvent::PlanProposed { .. }
        | BoardEvent::ProposalGone { .. }
        | BoardEvent::SlotHeld { .. }
        | BoardEvent::HoldGone { .. }
        | BoardEvent::OfferMade { .. }
        | BoardEvent::OfferChanged { .. } => vec![],
    }
}

impl Event {
    /// Which room it belongs to.
    pub fn room(&self) -> Room {
        match self {
            Self::Technicians(_) => Room::Technicians,
            Self::Jobs(_) => Room::Jobs,
            Self::Board(_) => Room::Board,
            Self::Customers(_) => Room::Customers,
            Self::Conversations(_) => Room::Conversations,
            Self::Notifications(_) => Room::Notifications,
            Self::Auth(_) => Room::Auth,
            Self::Tags(_) => Room::Tags,
            Self::Series(_) => Room::Series,
            Self::Presets(_) => Room::Presets,
            Self::Templates(_) => Room::Templates,
            Self::Zones(_) => Room::Zones,
            Self::Materials(_) => Room::Materials,
            Self::Sla(_) => Room::Sla,
        }
    }

    /// Ids of the things whose `version` this event raises. ETAs raise nobody's version.
    pub fn touches(&self) -> Vec<Arc<str>> {
        match self {
            Self::Technicians(event) => event.whose().map(|id| id.key()).into_iter().collect(),
            Self::Jobs(event) => match event {
                JobEvent::JobCreated { after } | JobEvent::JobChanged { after, .. } => {
                    vec![after.id.key()]
                }
                JobEvent::JobCancelled { job, .. }
                | JobEvent::JobReopened { job, .. }
                | JobEvent::JobRestored { job, .. } => vec![job.id.key()],
            },
            Self::Board(event) => of_the_board(event),
            Self::Customers(event) => match event {
                CustomerEvent::CustomerRegistered { after }
                | CustomerEvent::CustomerChanged { after, .. }
                | CustomerEvent::CustomerUnregistered { customer: after } => vec![after.id.key()],
                CustomerEvent::LocationAdded { after }
                | CustomerEvent::LocationChanged { after, .. }
                | CustomerEvent::LocationRemoved { location: after } => vec![after.id.key()],
            },
            Self::Conversations(event) => match event {
                ConversationEvent::ThreadChanged { after, .. } => vec![after.id.key()],
                _ => vec![],
            },
            Self::Tags(
                TagEvent::TagCreated { tag: after }
                | TagEvent::TagChanged { after, .. }
                | TagEvent::TagDeleted { tag: after },
            ) => vec![after.id.key()],
            Self::Presets(
                PresetEvent::PresetCreated { preset: after }
                | PresetEvent::PresetChanged { after, .. }
                | PresetEvent::PresetDeleted { preset: after },
            ) => vec![after.id.key()],
            Self::Templates(
                TemplateEvent::TemplateChanged { after: template, .. }
                | TemplateEvent::TemplateDeleted { template },
            ) => vec![template.id.key()],
            Self::Zones(
                ZoneEvent::ZoneCreated { zone: after }
                | ZoneEvent::ZoneChanged { after, .. }
                | ZoneEvent::ZoneDeleted { zone: after },
            ) => vec![after.id.key()],
            Self::Materials(
                MaterialEvent::MaterialCreated { material: after }
                | MaterialEvent::MaterialChanged { after, .. }
                | MaterialEvent::MaterialDeleted { material: after },
            ) => vec![after.id.key()],
            Self::Sla(event) => match event {
                SlaEvent::SlaPolicyKept { after: policy, .. }
                | SlaEvent::SlaPolicyDeleted { policy } => vec![policy.id.key()],
                SlaEvent::SlaStarted { clock: after }
                | SlaEvent::SlaStopped { clock: after }
                | SlaEvent::SlaChanged { after, .. } => {
                    vec![format!("sla:{}", after.job_id).into()]
                }
            },
            // An occurrence's own events raise its job's version.
            Self::Series(SeriesEvent::SeriesChanged { after, .. }) => vec![after.id.key()],
            Self::Auth(AuthEvent::UserCreated { user } | AuthEvent::UserChanged { user }) => {
                vec![user.id.key()]
            }
            Self::Series(_) | Self::Notifications(_) | Self::Auth(_) => vec![],
        }
    }

    /// What an act consists of besides: things without a version of their own, such as an offer or a text.
    pub fn names(&self) -> Option<Arc<str>> {
        match self {
            Self::Board(
                BoardEvent::OfferMade { offer, .. } | BoardEvent::OfferChanged { offer },
            ) => Some(offer.id.key()),
            Self::Board(BoardEvent::SlotHeld { hold }) => Some(hold.id.key()),
            Self::Board(BoardEvent::HoldGone { hold_id, .. }) => Some(hold_id.key()),
            Self::Board(BoardEvent::ProposalGone { plan_id, .. }) => Some(plan_id.key()),
            Self::Conversations(ConversationEvent::MessageQueued { message }) => {
                Some(message.id.key())
            }
            _ => None,
        }
    }

    /// The id of what is gone by this event as if it had never been; nothing may rest on it.
    pub fn takes_away(&self) -> Option<Arc<str>> {
        match self {
            Self::Technicians(TechnicianEvent::TechnicianUnhired { technician }) => {
                Some(technician.id.key())
            }
            Self::Customers(CustomerEvent::CustomerUnregistered { customer }) => {
                Some(customer.id.key())
            }
            Self::Customers(CustomerEvent::LocationRemoved { location }) => Some(location.id.key()),
            _ => None,
        }
    }

    /// The stretch of a technician's time that this event takes, to be refused by the store when it is taken.
    pub fn claims(&self) -> Option<&crate::board::protocol::Visit> {
        match self {
            Self::Board(BoardEvent::VisitPlanned { visit, .. }) => Some(visit),
            Self::Board(BoardEvent::VisitMoved { after, .. }) => Some(after),
            // A visit that was over and is not any more takes its time again.
            Self::Board(BoardEvent::VisitStatusChanged { before, after, .. })
                if after.status.is_open() && !before.status.is_open() =>
            {
                Some(after)
            }
            _ => None,
        }
    }
}
