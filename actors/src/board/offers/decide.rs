//! What becomes of offers: made, taken, declined, taken back, lapsed, and ended with whatever makes them pointless.

use jiff::{SignedDuration, Timestamp};

use super::{ASKED_MAX, AnsweredBy, OFFERS_MAX, Offer, OfferAnswer, OfferState};
use crate::board::decide::{assign_all, place};
use crate::board::protocol::{BoardEvent, BoardRefusal, Command, Placement};
use crate::board::{Board, holds};
use crate::engine::component::Decision;
use crate::engine::journal::Expect;
use crate::event::Event;
use crate::ids::{JobId, OfferId, TechnicianId};
use crate::jobs::protocol::Job;

/// What is asked of offers; nothing for any other command.
pub fn decide(board: &Board, command: &Command, now: Timestamp) -> Result<Decision, BoardRefusal> {
    match command {
        Command::Offer { offer, job, stops } => make(board, offer, job, stops, now),
        Command::AcceptOffer { offer_id, placements, by } => {
            accept(board, offer_id, placements, *by, now)
        }
        Command::DeclineOffer { offer_id, technician_id, reason, by } => {
            decline(board, offer_id, technician_id, reason.as_ref(), *by, now)
        }
        Command::WithdrawOffer { offer_id } => withdraw(board, offer_id, now),
        Command::OfferUntold { offer_id, technician_id } => {
            Ok(untold(board, offer_id, technician_id, now))
        }
        _ => Ok(Decision::nothing()),
    }
}

/// Puts an offer up. Each of the asked could have the visit now, by the board's own rules.
fn make(
    board: &Board,
    offer: &Offer,
    job: &Job,
    stops: &[Vec<Placement>],
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    if stops.is_empty() || stops.len() > ASKED_MAX {
        return Err(BoardRefusal::NobodyToAsk);
    }
    if board.offers.len() >= OFFERS_MAX {
        return Err(BoardRefusal::TooManyOffers);
    }
    if offer.job_ids().any(|id| board.offers.values().any(|known| known.is_about(id))) {
        return Err(BoardRefusal::OfferedAlready);
    }
    if offer.job_ids().any(|id| board.visits.contains_key(id) || board.drafts.contains_key(id)) {
        return Err(BoardRefusal::NotInPool);
    }
    let mut decision = Decision::nothing();
    for stop in stops {
        let moving: Vec<&JobId> = stop.iter().map(|one| &one.job.id).collect();
        let mut placed = Vec::with_capacity(stop.len());
        for placement in stop {
            placed.push(place(board, placement, &placed, &moving)?);
        }
        let version =
            |one: &Placement| Expect { entity: one.job.id.key(), version: one.job_version };
        decision.expects = stop.iter().map(version).collect();
    }
    let offer = with_wave(board, offer, 1, now);
    let due_at = offer.due_at();
    let made = BoardEvent::OfferMade { job: Box::new(job.clone()), offer: Box::new(offer) };
    Ok(holds::wake(board, decision.and(made), Some(due_at), None))
}

/// The offer with this wave asked. A wave's time begins when its texts may be read: not at night.
fn with_wave(board: &Board, offer: &Offer, wave: u32, now: Timestamp) -> Offer {
    let mut offer = offer.clone();
    offer.wave = wave;
    for one in offer.asked.iter_mut().filter(|one| one.wave == wave) {
        one.asked_at = Some(now);
    }
    let told_at = board.policy.after_quiet_hours(now + board.policy.undo);
    let is_last = wave >= offer.waves();
    offer.next_at = (!is_last).then(|| told_at + SignedDuration::from_mins(offer.minutes));
    offer
}

fn over(offer: &Offer, state: OfferState, now: Timestamp) -> Offer {
    Offer { state, next_at: None, over_at: Some(now), ..offer.clone() }
}

fn changed(offer: Offer) -> BoardEvent {
    BoardEvent::OfferChanged { offer: Box::new(offer) }
}

fn open<'a>(
    board: &'a Board,
    id: &OfferId,
    technician: &TechnicianId,
    now: Timestamp,
) -> Result<&'a Offer, BoardRefusal> {
    let offer = board.offers.get(id).filter(|offer| now < offer.expires_at);
    let offer = offer.ok_or(BoardRefusal::NoOffer)?;
    if offer.asked(technician).is_none() {
        return Err(BoardRefusal::NotAsked);
    }
    Ok(offer)
}

fn answered(
    offer: &Offer,
    technician: &TechnicianId,
    accepted: bool,
    reason: Option<&String>,
    by: AnsweredBy,
    now: Timestamp,
) -> Offer {
    let mut offer = offer.clone();
    let answer = OfferAnswer { accepted, reason: reason.cloned(), at: now, by };
    for one in offer.asked.iter_mut().filter(|one| one.technician_id == *technician) {
        one.answer = Some(answer.clone());
    }
    offer
}

/// The first to accept gets the visit, or hears which rule forbids it; the offer then stays open for others.
fn accept(
    board: &Board,
    id: &OfferId,
    placements: &[Placement],
    by: AnsweredBy,
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    let first = placements.first().ok_or(BoardRefusal::NoOffer)?;
    let technician = &first.technician.id;
    let offer = open(board, id, technician, now)?;
    if first.start <= now {
        return Err(BoardRefusal::OfferTooLate);
    }
    let is_offered = |id: &JobId| placements.iter().any(|one| one.job.id == *id);
    let is_drafted = offer.job_ids().any(|id| board.drafts.contains_key(id));
    let is_whole = offer.job_ids().all(is_offered) && offer.job_ids().count() == placements.len();
    if is_drafted || !is_whole {
        return Err(BoardRefusal::NoOffer);
    }
    let decision = assign_all(board, placements, &[])?;
    let filled = over(&answered(offer, technician, true, None, by, now), OfferState::Filled, now);
    let taken_by = Some(technician.clone());
    Ok(decision.and(changed(Offer { taken_by, ..filled })))
}

/// Somebody does not want it. Where all who were asked said so, the next wave need not wait.
fn decline(
    board: &Board,
    id: &OfferId,
    technician: &TechnicianId,
    reason: Option<&String>,
    by: AnsweredBy,
    now: Timestamp,
) -> Result<Decision, BoardRefusal> {
    let offer = open(board, id, technician, now)?;
    let known = offer.asked(technician).and_then(|one| one.answer.as_ref());
    // A second tap on the same button is not another answer.
    if known.is_some_and(|answer| !answer.accepted && answer.reason.as_ref() == reason) {
        return Ok(Decision::nothing());
    }
    let offer = answered(offer, technician, false, reason, by, now);
    Ok(go_on(board, offer, now))
}

/// The text that asks somebody does not arrive: nobody waits for them. News that comes late is no news.
fn untold(board: &Board, id: &OfferId, technician: &TechnicianId, now: Timestamp) -> Decision {
    let open = board.offers.get(id).filter(|offer| now < offer.expires_at);
    let Some(offer) = open else { return Decision::nothing() };
    if !offer.asked(technician).is_some_and(super::Asked::is_waited_for) {
        return Decision::nothing();
    }
    let mut offer = Offer::clone(offer);
    for one in offer.asked.iter_mut().filter(|one| one.technician_id == *technician) {
        one.untold_at = Some(now);
    }
    go_on(board, offer, now)
}

/// The offer as it changed; where nobody is waited for any more, its next wave at once, or its end.
fn go_on(board: &Board, offer: Offer, now: Timestamp) -> Decision {
    if offer.asked.iter().any(super::Asked::is_waited_for) {
        return Decision::event(changed(offer));
    }
    if offer.wave >= offer.waves() {
        let all_declined = offer.asked.iter().all(|one| one.answer.is_some());
        let end = if all_declined { OfferState::Declined } else { OfferState::Unreached };
        return Decision::event(changed(over(&offer, end, now)));
    }
    let offer = with_wave(board, &offer, offer.wave + 1, now);
    let due_at = offer.due_at();
    holds::wake(board, Decision::event(changed(offer)), Some(due_at), None)
}

/// A dispatcher takes it back.
fn withdraw(board: &Board, id: &OfferId, now: Timestamp) -> Result<Decision, BoardRefusal> {
    let offer = board.offers.get(id).ok_or(BoardRefusal::NoOffer)?;
    Ok(Decision::event(changed(over(offer, OfferState::Withdrawn, now))))
}

/// Every next wave and every end whose time has come, and the first moment at which one of those is due again.
pub fn lapse(board: &Board, now: Timestamp) -> (Vec<BoardEvent>, Option<Timestamp>) {
    let mut events = Vec::new();
    let mut due_at: Option<Timestamp> = None;
    for offer in board.offers.values() {
        if offer.expires_at <= now {
            events.push(changed(over(offer, OfferState::Expired, now)));
        } else if offer.next_at.is_some_and(|next| next <= now) {
            let offer = with_wave(board, offer, offer.wave + 1, now);
            due_at = Some(due_at.map_or(offer.due_at(), |due| due.min(offer.due_at())));
            events.push(changed(offer));
        }
    }
    (events, due_at)
}

/// When the open offers are due.
pub fn dues(board: &Board) -> impl Iterator<Item = Timestamp> + '_ {
    // A wave that was asked before still has its end to come.
    board.offers.values().flat_map(|offer| [offer.due_at(), offer.expires_at])
}

/// The decision, and with it the end of every offer that it makes pointless.
pub fn without_what_is_over(
    board: &Board,
    command: &Command,
    mut decision: Decision,
    now: Timestamp,
) -> Decision {
    let mut ends = Vec::new();
    for offer in board.offers.values() {
        let is_told = decision.events.iter().any(|event| match event {
            Event::Board(BoardEvent::OfferChanged { offer: after }) => after.id == offer.id,
            _ => false,
        });
        let state = match command {
            _ if is_told => None,
            Command::DropDraft { job_id } if offer.is_about(job_id) => Some(OfferState::Overtaken),
            Command::JobChanged { job } if offer.is_about(&job.id) => {
                offer.is_of_another_job_by_now(job).then_some(OfferState::Changed)
            }
            Command::PlaceChanged { .. } => None,
            // It is another stop by now.
            _ if rebundles(&decision, offer) => Some(OfferState::Changed),
            _ => offer.job_ids().any(|id| takes(&decision, id)).then_some(OfferState::Overtaken),
        };
        ends.extend(state.map(|state| changed(over(offer, state, now))));
    }
    for end in ends {
        decision = decision.and(end);
    }
    decision
}

fn takes(decision: &Decision, job: &JobId) -> bool {
    decision.events.iter().any(|event| match event {
        Event::Board(BoardEvent::VisitPlanned { visit, .. }) => visit.job_id == *job,
        Event::Board(BoardEvent::VisitDrafted { entry, .. }) => entry.visit.job_id == *job,
        _ => false,
    })
}

fn rebundles(decision: &Decision, offer: &Offer) -> bool {
    decision.events.iter().any(|event| match event {
        Event::Board(BoardEvent::Bundled { bundle, before }) => {
            let ids = before.iter().flat_map(|before| &before.job_ids).chain(&bundle.job_ids);
            { ids }.any(|id| offer.is_about(id))
        }
        Event::Board(BoardEvent::Unbundled { bundle }) => {
            bundle.job_ids.iter().any(|id| offer.is_about(id))
        }
        _ => false,
    })
}
