//! The board: who has which visit when. It alone decides that, so a double booking has nowhere to arise; the
//! store refuses one as well. It knows visits that are not over, and drafts that only dispatchers see.
//!
//! It never moves a visit by itself, never knows where anybody is, and never tells anybody anything.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::board::bundles::Bundle;
use crate::board::holds::Hold;
use crate::board::offers::{Offer, OfferState};
use crate::board::proposal::Proposal;
use crate::board::protocol::{BoardEvent, BoardRefusal, Command, DraftEntry, Visit};
use crate::customers::protocol::CustomerEvent;
use crate::engine::component::{Component, Decision};
use crate::event::{Event, Room};
use crate::ids::{BundleId, HoldId, JobId, OfferId};
use crate::jobs::protocol::{Job, JobEvent};
use crate::policy::Policy;
use crate::zones::protocol::Zoning;

mod back;
pub mod bundles;
pub mod crew;
mod decide;
mod drafting;
mod follow;
pub mod holds;
mod leaving;
pub mod needs;
pub mod offers;
pub mod proposal;
mod proposing;
pub mod protocol;
mod refusal;
pub mod snapshot;

/// The key of the one board.
pub const KEY: &str = "board";

/// What the board knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Visits that are not over, by job: a job has one at most.
    pub visits: BTreeMap<JobId, Visit>,
    /// The jobs of those visits.
    pub jobs: BTreeMap<JobId, Box<Job>>,
    /// Draft entries by job.
    pub drafts: BTreeMap<JobId, DraftEntry>,
    /// What the planner proposes, by day: one at most.
    pub proposals: BTreeMap<Date, Box<Proposal>>,
    /// Slots that are kept for somebody.
    pub holds: BTreeMap<HoldId, Hold>,
    /// Jobs that are offered, while somebody may take them.
    pub offers: BTreeMap<OfferId, Box<Offer>>,
    /// Jobs that are one stop.
    pub bundles: BTreeMap<BundleId, Bundle>,
    /// Ground that asks something of whoever works there.
    pub zones: Zoning,
    /// The company's choices.
    pub policy: Policy,
}

impl Component for Board {
    type Command = Command;
    type Refusal = BoardRefusal;

    const ROOM: Room = Room::Board;
    const MAILBOX: usize = 512;

    fn decide(&self, command: &Command, now: Timestamp) -> Result<Decision, BoardRefusal> {
        let decision = decide::decide(self, command, now)?;
        bundles::whole(self, command, &decision)?;
        let decision = holds::without_what_is_over(self, command, decision);
        let decision = offers::without_what_is_over(self, command, decision, now);
        Ok(proposing::without_what_no_longer_fits(self, command, decision))
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        match event {
            Event::Jobs(JobEvent::JobChanged { after, .. }) => {
                if let Some(job) = self.jobs.get_mut(&after.id) {
                    *job = after.clone();
                }
            }
            Event::Customers(CustomerEvent::LocationChanged { after, .. }) => {
                for job in self.jobs.values_mut().filter(|job| job.location_id == after.id) {
                    job.address.clone_from(&after.address);
                    (job.lat, job.lon) = (after.lat, after.lon);
                }
            }
            Event::Zones(event) => self.zones.apply(event),
            Event::Board(event) => self.apply_own(event),
            _ => {}
        }
    }
}

impl Board {
    fn apply_own(&mut self, event: &BoardEvent) {
        match event {
            BoardEvent::VisitPlanned { job, visit: after, .. }
            | BoardEvent::VisitMoved { job, after, .. }
            | BoardEvent::VisitStatusChanged { job, after, .. } => self.keep(job, after),
            BoardEvent::VisitRemoved { before, .. } => {
                self.visits.remove(&before.job_id);
                self.jobs.remove(&before.job_id);
            }
            BoardEvent::VisitDrafted { entry, .. } => {
                self.drafts.insert(entry.visit.job_id.clone(), entry.clone());
            }
            BoardEvent::DraftEntryGone { job_id, .. } => {
                self.drafts.remove(job_id);
            }
            BoardEvent::PlanProposed { proposal } => {
                self.proposals.insert(proposal.plan.date, proposal.clone());
            }
            BoardEvent::SlotHeld { hold } => {
                self.holds.insert(hold.id.clone(), hold.clone());
            }
            BoardEvent::HoldGone { hold_id, .. } => {
                self.holds.remove(hold_id);
            }
            BoardEvent::OfferMade { offer, .. } | BoardEvent::OfferChanged { offer } => {
                if offer.state == OfferState::Open {
                    self.offers.insert(offer.id.clone(), offer.clone());
                } else {
                    self.offers.remove(&offer.id);
                }
            }
            BoardEvent::Bundled { bundle, .. } => {
                self.bundles.insert(bundle.id.clone(), bundle.clone());
            }
            BoardEvent::Unbundled { bundle } => {
                self.bundles.remove(&bundle.id);
            }
            BoardEvent::PromiseBroken { .. }
            | BoardEvent::DraftPublished { .. }
            | BoardEvent::PublishTakenBack { .. } => {}
            BoardEvent::ProposalGone { plan_id, date, .. } => {
                if self.proposals.get(date).is_some_and(|known| known.plan.id == *plan_id) {
                    self.proposals.remove(date);
                }
            }
        }
    }

    fn keep(&mut self, job: &Job, visit: &Visit) {
        if visit.status.is_open() {
            self.visits.insert(visit.job_id.clone(), visit.clone());
            self.jobs.insert(visit.job_id.clone(), Box::new(job.clone()));
        } else {
            self.visits.remove(&visit.job_id);
            self.jobs.remove(&visit.job_id);
        }
    }
}
