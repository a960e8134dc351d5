//! A technician's yes or no to an offered job, by text. One open offer is what they mean; of several the house asks
//! which; and whatever stands in the way is answered in words. A repetition of the same text changes nothing.

use actors::board::protocol::{AnsweredBy, Offer, OfferState};
use actors::conversations::protocol::{Incoming, MessageKind};
use actors::engine::journal::Inbox;
use actors::ids::TechnicianId;

use super::answering::{came_before, say};
use crate::error::Problem;
use crate::house::House;
use crate::notifications::wording::NoOffer;
use crate::offers::answer::{Answer, Answered, carry};
use crate::texts::{YesNo, yes_no};

/// Offers looked at, open ones and those that ended not long ago.
const LOOKED_AT: i64 = 200;

/// Carries the answer to the board, and puts what must be said back into the message.
///
/// # Errors
/// Faults only: what a rule refuses is said to the technician.
pub(super) async fn answered(
    house: &House,
    message: &mut Incoming,
    inbox: &Inbox,
) -> Result<(), Problem> {
    let (Some(technician), None, Some(said)) =
        (message.technician_id.clone(), message.keyword, yes_no(&message.body))
    else {
        return Ok(());
    };
    let now = house.clock.now();
    let offers = {
        let mut connection = house.read().await?;
        if came_before(&mut connection, message).await? {
            return Ok(());
        }
        crate::offers::store::recent(&mut connection, now, LOOKED_AT).await?
    };
    let mine: Vec<&Offer> =
        offers.iter().filter(|offer| offer.asked(&technician).is_some()).collect();
    let waiting: Vec<&&Offer> = mine
        .iter()
        .filter(|offer| offer.state == OfferState::Open && now < offer.expires_at)
        .filter(|offer| offer.asked(&technician).is_some_and(|one| one.answer.is_none()))
        .collect();
    let back = match waiting.as_slice() {
        // A change of mind, or too late by a breath: one that is open still, else the one that ended last.
        [] => match last_over(&mine).filter(|_| said == YesNo::Yes) {
            Some(offer) => settle(house, offer, &technician, said, message, inbox).await?,
            None => None,
        },
        [offer] => settle(house, offer, &technician, said, message, inbox).await?,
        several => Some(Back::Which(u32::try_from(several.len()).unwrap_or(u32::MAX))),
    };
    if let Some(back) = back {
        let (kind, why) = match &back {
            Back::Which(count) => (MessageKind::Help, NoOffer::Several(*count)),
            Back::Because(words) => (MessageKind::OfferFilled, NoOffer::Refused(words)),
        };
        let body = house.words.answer_to_offer(message.language, technician.as_str(), why, now);
        say(house, message, kind, body);
    }
    Ok(())
}

fn last_over<'a>(offers: &[&'a Offer]) -> Option<&'a Offer> {
    offers.iter().copied().max_by_key(|offer| offer.over_at.unwrap_or(jiff::Timestamp::MAX))
}

/// What is to be said back.
enum Back {
    /// Several offers are open: which one?
    Which(u32),
    /// Why the job is not theirs.
    Because(String),
}

async fn settle(
    house: &House,
    offer: &Offer,
    technician: &TechnicianId,
    said: YesNo,
    message: &Incoming,
    inbox: &Inbox,
) -> Result<Option<Back>, Problem> {
    let answer = match said {
        YesNo::Yes => Answer::Yes,
        YesNo::No(reason) => Answer::No(reason),
    };
    // Of the same text the conversation keeps a mark of its own.
    let inbox = Inbox { source: "twilio:offers".into(), ..inbox.clone() };
    let answered = Answered {
        offer: offer.id.as_str(),
        technician: technician.as_str(),
        answer,
        by: AnsweredBy::Sms,
        inbox: Some(inbox),
    };
    match carry(house, &answered).await {
        Ok(()) => Ok(None),
        Err(problem) if problem.status().is_client_error() => {
            Ok(Some(Back::Because(problem.detail_in(message.language))))
        }
        Err(problem) => Err(problem),
    }
}
