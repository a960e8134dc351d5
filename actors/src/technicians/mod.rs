//! Technicians: skills, shifts, absences, where each one is, and the ETA of what lies ahead. One actor per
//! technician; it owns that person's live day, so a position touches one small actor and not the board.
//!
//! It never plans and never moves a visit: it hears from the board what lies ahead. It never tells a customer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use scheduler::durations::Durations;
use scheduler::travel::Travel;

use crate::board::protocol::{BoardEvent, Visit};
use crate::engine::component::{Component, Decision};
use crate::engine::journal::Seq;
use crate::event::{Event, Passing, Room};
use crate::ids::{TechnicianId, VisitId};
use crate::policy::Policy;
use crate::technicians::protocol::{
    Command, Eta, Point, Position, Technician, TechnicianEvent, TechnicianRefusal,
};

mod away;
pub mod calendars;
mod decide;
pub mod positions;
pub mod protocol;
mod week;

/// The arithmetic that a live day rests on. Equal to every other: it is knowledge, not state.
#[derive(Clone)]
pub struct Arithmetic {
    /// Driving times.
    pub travel: Arc<dyn Travel>,
    /// Times on site.
    pub durations: Arc<dyn Durations>,
}

impl PartialEq for Arithmetic {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Arithmetic")
    }
}

/// What a technician's actor knows.
#[derive(Clone, Debug, PartialEq)]
pub struct TechnicianRoom {
    /// The technician, once hired.
    pub technician: Option<Box<Technician>>,
    /// Position of the last event that touched their data.
    pub version: Seq,
    /// Visits that are not over, by planned arrival.
    pub ahead: Vec<Visit>,
    /// Where the last finished visit was, and when it was over.
    pub came_from: Option<(Point, Timestamp)>,
    /// The newest fix.
    pub last_fix: Option<Position>,
    /// What screens were told last, by visit.
    pub told: BTreeMap<VisitId, Eta>,
    /// Visits whose door was reached.
    pub arrived: BTreeSet<VisitId>,
    /// The company's choices.
    pub policy: Arc<Policy>,
    /// Driving and working times.
    pub arithmetic: Arithmetic,
}

impl Component for TechnicianRoom {
    type Command = Command;
    type Refusal = TechnicianRefusal;

    const ROOM: Room = Room::Technicians;

    fn decide(&self, command: &Command, now: Timestamp) -> Result<Decision, TechnicianRefusal> {
        decide::decide(self, command, now)
    }

    fn apply(&mut self, event: &Event, seq: i64, _: Timestamp) {
        match event {
            Event::Technicians(event) => self.apply_own(event, seq),
            Event::Board(event) => self.apply_board(event),
            _ => {}
        }
    }

    /// The rows know where somebody came from before a visit that is not over after all, and what the board wrote down of
    /// a technician.
    fn is_past_following(&self, event: &Event) -> bool {
        match event {
            Event::Board(BoardEvent::VisitStatusChanged { before, after, .. }) => {
                before.finished_at.is_some() && after.finished_at.is_none()
            }
            Event::Technicians(_) => true,
            _ => false,
        }
    }

    fn pass(&mut self, fact: &Passing) {
        let Passing::PositionReported(position) = fact;
        self.last_fix = Some(*position);
    }
}

impl TechnicianRoom {
    fn apply_own(&mut self, event: &TechnicianEvent, seq: Seq) {
        match event {
            TechnicianEvent::TechnicianHired { after }
            | TechnicianEvent::TechnicianChanged { after, .. }
            | TechnicianEvent::AbsenceReported { technician: after, .. }
            | TechnicianEvent::AbsenceChanged { technician: after, .. }
            | TechnicianEvent::AbsenceEnded { technician: after, .. }
            | TechnicianEvent::CalendarAdded { technician: after, .. }
            | TechnicianEvent::CalendarRemoved { technician: after, .. }
            | TechnicianEvent::CalendarRead { technician: after, .. } => {
                self.technician = Some(after.clone());
                self.version = seq;
            }
            // Nobody: what the rows of nobody say.
            TechnicianEvent::TechnicianUnhired { .. } => {
                (self.technician, self.version) = (None, 0)
            }
            TechnicianEvent::RouteEtasChanged { visits, .. } => {
                let told = visits.iter().map(|change| (change.visit_id.clone(), change.to));
                self.told.extend(told);
            }
            TechnicianEvent::TechnicianArrived { visit_id, .. } => {
                self.arrived.insert(visit_id.clone());
            }
        }
    }

    fn apply_board(&mut self, event: &BoardEvent) {
        match event {
            BoardEvent::VisitPlanned { visit, .. } => self.keep(visit, true),
            BoardEvent::VisitMoved { before, after, .. } => {
                let elsewhere =
                    before.start != after.start || before.technician_id != after.technician_id;
                if before.is_another_door(after) {
                    self.arrived.remove(&after.id);
                }
                self.keep(after, elsewhere);
            }
            BoardEvent::VisitStatusChanged { after, .. } => {
                if after.finished_at.is_some() && self.goes(after) {
                    let point = Point { lat: after.lat, lon: after.lon };
                    self.came_from = after.finished_at.map(|at| (point, at));
                }
                self.keep(after, false);
            }
            BoardEvent::VisitRemoved { before, .. } => self.drop_visit(&before.id),
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
            | BoardEvent::OfferChanged { .. } => {}
        }
    }

    fn is_me(&self, id: &TechnicianId) -> bool {
        self.technician.as_ref().is_some_and(|me| me.id == *id)
    }

    /// Whether the visit takes this technician's time, as lead or as assistant.
    fn goes(&self, visit: &Visit) -> bool {
        self.technician.as_ref().is_some_and(|me| visit.is_with(&me.id))
    }

    fn drop_visit(&mut self, id: &VisitId) {
        self.ahead.retain(|visit| visit.id != *id);
        self.told.remove(id);
        self.arrived.remove(id);
    }

    fn keep(&mut self, visit: &Visit, anew: bool) {
        self.ahead.retain(|other| other.id != visit.id);
        let open = visit.status.is_open();
        // What is told of an arrival is told of the lead's.
        if !open || !self.is_me(&visit.technician_id) {
            self.told.remove(&visit.id);
            self.arrived.remove(&visit.id);
        }
        if !open || !self.goes(visit) {
            return;
        }
        if anew {
            self.told.remove(&visit.id);
        }
        self.ahead.push(visit.clone());
        self.ahead.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    }
}
