//! Which events can be turned round, which need no turning beside those that do, and which never can: with words that say
//! why not. Decides nothing about this act or that; the rooms do.

use actors::board::holds::HoldEnd;
use actors::board::offers::OfferState;
use actors::board::proposal::Ended;
use actors::board::protocol::BoardEvent;
use actors::conversations::protocol::ConversationEvent;
use actors::engine::journal::Recorded;
use actors::event::Event;
use actors::series::protocol::SeriesEvent;
use actors::sla::protocol::SlaEvent;
use actors::technicians::protocol::TechnicianEvent;

use super::words::Words;

/// Whether an event can be turned round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It can be.
    Back,
    /// It follows by itself from what is turned round beside it.
    Beside,
    /// It cannot be.
    Never(Why),
}

/// Why something cannot be taken back, or not done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Those who were asked know that the offer is over.
    OfferOver,
    /// A text that a person writes leaves at once.
    TextLeft,
    /// The address of an outside calendar is kept nowhere but where it is used.
    CalendarAddress,
}

impl Why {
    /// In words.
    pub fn words(self) -> Words {
        let (fr, en) = match self {
            Self::OfferOver => (
                "Une offre retirée ne revient pas : les techniciens ont pu l'apprendre. Offrez l'intervention de nouveau.",
                "An offer that was withdrawn does not come back: technicians may know. Offer the job again.",
            ),
            Self::TextLeft => (
                "Un texte écrit à la main part aussitôt, et ce qui est parti est parti. Écrivez une correction.",
                "A text that is written by hand leaves at once, and what left has left. Write a correction.",
            ),
            Self::CalendarAddress => (
                "L'adresse secrète de l'agenda n'est gardée nulle part. Suivez-le de nouveau.",
                "The calendar's secret address is kept nowhere. Follow it again.",
            ),
        };
        Words { fr: fr.to_owned(), en: en.to_owned() }
    }
}

/// Whether this event can be turned round where it stands alone.
pub fn turn(event: &Event) -> Turn {
    match event {
        Event::Board(event) => board(event),
        Event::Technicians(event) => match event {
            TechnicianEvent::CalendarAdded { .. }
            | TechnicianEvent::CalendarRemoved { .. }
            | TechnicianEvent::CalendarRead { .. } => Turn::Never(Why::CalendarAddress),
            TechnicianEvent::RouteEtasChanged { .. }
            | TechnicianEvent::TechnicianArrived { .. } => Turn::Beside,
            _ => Turn::Back,
        },
        Event::Jobs(_)
        | Event::Customers(_)
        | Event::Tags(_)
        | Event::Zones(_)
        | Event::Materials(_)
        | Event::Presets(_)
        | Event::Templates(_) => Turn::Back,
        Event::Sla(SlaEvent::SlaStarted { .. } | SlaEvent::SlaStopped { .. }) => Turn::Beside,
        Event::Sla(_) => Turn::Back,
        Event::Series(SeriesEvent::SeriesChanged { before: Some(_), .. }) => Turn::Back,
        Event::Series(_) => Turn::Beside,
        Event::Conversations(event) => match event {
            ConversationEvent::ThreadChanged { .. } => Turn::Back,
            ConversationEvent::MessageQueued { .. } => Turn::Never(Why::TextLeft),
            _ => Turn::Beside,
        },
        Event::Notifications(_) | Event::Auth(_) => Turn::Beside,
    }
}

fn board(event: &BoardEvent) -> Turn {
    match event {
        BoardEvent::VisitPlanned { .. }
        | BoardEvent::VisitMoved { .. }
        | BoardEvent::VisitRemoved { .. }
        | BoardEvent::VisitStatusChanged { .. }
        | BoardEvent::VisitDrafted { .. }
        | BoardEvent::DraftEntryGone { .. }
        | BoardEvent::Bundled { .. }
        | BoardEvent::Unbundled { .. }
        | BoardEvent::SlotHeld { .. }
        | BoardEvent::OfferMade { .. } => Turn::Back,
        BoardEvent::HoldGone { how: HoldEnd::Released, hold: Some(_), .. } => Turn::Back,
        BoardEvent::ProposalGone { how: Ended::Dismissed, proposal: Some(_), .. } => Turn::Back,
        BoardEvent::OfferChanged { offer } if offer.state == OfferState::Withdrawn => {
            Turn::Never(Why::OfferOver)
        }
        BoardEvent::HoldGone { .. }
        | BoardEvent::ProposalGone { .. }
        | BoardEvent::OfferChanged { .. }
        | BoardEvent::PromiseBroken { .. }
        | BoardEvent::DraftPublished { .. }
        | BoardEvent::PublishTakenBack { .. }
        | BoardEvent::PlanProposed { .. } => Turn::Beside,
    }
}

/// What stands on the board itself: what else ends by it comes back with nobody's word.
fn moves(event: &Event) -> bool {
    matches!(
        event,
        Event::Board(
            BoardEvent::VisitPlanned { .. }
                | BoardEvent::VisitMoved { .. }
                | BoardEvent::VisitRemoved { .. }
                | BoardEvent::VisitStatusChanged { .. }
                | BoardEvent::VisitDrafted { .. }
                | BoardEvent::DraftEntryGone { .. }
        )
    )
}

/// Whether held slots, offers and proposals that end in an act are what the act was about.
pub fn is_about_waiting(events: &[Recorded]) -> bool {
    !events.iter().any(|entry| moves(&entry.event))
}

/// Whether what somebody did can be taken back at all.
///
/// # Errors
/// Why not; nothing where nothing of it needs turning.
pub fn can_turn(events: &[Recorded]) -> Result<(), Option<Why>> {
    let turns: Vec<Turn> = events.iter().map(|entry| turn(&entry.event)).collect();
    if is_about_waiting(events) || !turns.contains(&Turn::Back) {
        let never = turns.iter().find_map(|turn| match turn {
            Turn::Never(why) => Some(*why),
            _ => None,
        });
        if never.is_some() {
            return Err(never);
        }
    }
    if turns.contains(&Turn::Back) { Ok(()) } else { Err(None) }
}
