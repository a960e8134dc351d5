//! What technicians answer: from their page, or by text. An acceptance becomes a visit where the board's rules allow it
//! at that moment; whatever else is answered in words.

use actors::board::protocol::{AnsweredBy, BoardRefusal, Command, Offer, OfferState, Placement};
use actors::engine::journal::{CommitError, Inbox};
use actors::engine::refusal::Refused;
use actors::engine::shell::{AskError, Circumstances};
use actors::ids::OfferId;

use super::http::over;
use super::store;
use crate::board::plan::{JobsWanted, Snapshot, day_of};
use crate::error::Problem;
use crate::house::House;

/// How often a lost race is run again before the asker hears of it.
const RACES_MAX: usize = 4;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They take it.
    Yes,
    /// They do not, and why, if they said so.
    No(Option<String>),
}

/// Who answers what, and how it came.
#[derive(Clone, Debug)]
pub struct Answered<'a> {
    /// Which offer.
    pub offer: &'a str,
    /// Whose answer.
    pub technician: &'a str,
    /// What.
    pub answer: Answer,
    /// By which way.
    pub by: AnsweredBy,
    /// The mark of the request, where it may be repeated.
    pub inbox: Option<Inbox>,
}

/// Carries an answer to the board.
///
/// # Errors
/// 404 for an offer that was not made to them, 409 once it is over or the hour is taken, 422 for a broken rule.
pub async fn carry(house: &House, answered: &Answered<'_>) -> Result<(), Problem> {
    let mut race = 0;
    loop {
        race += 1;
        let offer = offered(house, answered).await?;
        let mine = offer.taken_by.as_ref().is_some_and(|id| id.as_str() == answered.technician);
        if mine && answered.answer == Answer::Yes {
            return Ok(());
        }
        if offer.state != OfferState::Open {
            return Err(over(offer.state));
        }
        let command = command(house, &offer, answered).await?;
        let why = Circumstances::by(format!("tech:{}", answered.technician))
            .with_inbox(answered.inbox.clone());
        match house.rooms.board(command, why).await {
            Ok(_) => return Ok(()),
            Err(AskError::Commit(CommitError::Seen { .. })) => return Ok(()),
            Err(AskError::Refused(refusal)) if refusal.code() == BoardRefusal::NoOffer.code() => {
                // Somebody was faster, by a breath: the row says what became of it.
                let now = offered(house, answered).await?;
                return Err(over(now.state));
            }
            Err(AskError::Commit(CommitError::Stale { .. } | CommitError::Overlap { .. }))
                if race < RACES_MAX => {}
            Err(error) => return Err(error.into()),
        }
    }
}

async fn offered(house: &House, answered: &Answered<'_>) -> Result<Offer, Problem> {
    let offer = {
        let mut connection = house.read().await?;
        store::one(&mut connection, answered.offer).await?
    };
    let is_theirs = |offer: &Offer| {
        let of = |one: &actors::board::protocol::Asked| {
            one.technician_id.as_str() == answered.technician && one.asked_at.is_some()
        };
        offer.asked.iter().any(of)
    };
    offer.filter(is_theirs).ok_or_else(|| Problem::not_found("offer"))
}

async fn command(
    house: &House,
    offer: &Offer,
    answered: &Answered<'_>,
) -> Result<Command, Problem> {
    Ok(match &answered.answer {
        Answer::No(reason) => Command::DeclineOffer {
            offer_id: OfferId::from_text(answered.offer),
            technician_id: answered.technician.into(),
            reason: reason.clone(),
            by: answered.by,
        },
        Answer::Yes => Command::AcceptOffer {
            offer_id: offer.id.clone(),
            placements: placed(house, offer, answered.technician).await?,
            by: answered.by,
        },
    })
}

/// The visits they were asked for, on what is known now: those of the whole stop.
async fn placed(house: &House, offer: &Offer, technician: &str) -> Result<Vec<Placement>, Problem> {
    let asked = offer.asked.iter().find(|one| one.technician_id.as_str() == technician);
    let mut asked = asked.cloned().ok_or_else(|| Problem::not_found("offer"))?;
    let range = day_of(house, asked.start.to_zoned(house.policy.zone.clone()).date())?;
    let ids = [offer.job_id.to_string()];
    let mut snapshot =
        Snapshot::take(house, range, Some(technician), JobsWanted::Ids(&ids)).await?;
    let stop = crate::bundles::together::stop_of(house, offer.job_id.as_str()).await?;
    if !stop.is_empty() {
        snapshot.jobs = stop;
    }
    let job = snapshot.jobs.first().ok_or_else(|| Problem::not_found("job"))?;
    let (_, who) =
        snapshot.technician(technician).ok_or_else(|| Problem::not_found("technician"))?;
    asked.travel_min = crate::board::assign::travel_before(house, who, job, asked.start);
    let mut why = asked.reasons.clone();
    why.fr.insert(0, format!("{} a accepté l'offre.", asked.name));
    why.en.insert(0, format!("{} accepted the offer.", asked.name));
    super::propose::stop(house, &snapshot, &asked, &why)
        .ok_or_else(|| Problem::not_found("technician"))
}
