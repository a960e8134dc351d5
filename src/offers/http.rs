//! Paths of offers: shown, made, seen and taken back by dispatchers; answered by technicians on their page.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::board::protocol::{Command, OfferState};
use actors::engine::journal::CommitError;
use actors::engine::shell::{AskError, Circumstances};
use actors::ids::OfferId;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::propose::{Proposed, Wish, proposed};
use super::store;
use super::wire::{OfferShape, text};
use crate::auth::Caller;
use crate::error::Problem;
use crate::house::House;
use crate::input::{Create, at_most, listed_whole};

/// How often a lost race is run again before the asker hears of it.
const RACES_MAX: usize = 4;
/// Offers listed at once.
const LISTED_MAX: i64 = 200;

/// Shown, or made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OfferMode {
    /// Shown only, with the texts of its first wave.
    Preview,
    /// Made: the first wave is asked.
    #[default]
    Apply,
}

/// A job that is to be offered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferInput {
    /// Which job of the pool.
    pub job_id: String,
    /// These technicians, wave by wave; worked out by the house rule, best adequate first, where left out.
    #[serde(default)]
    pub waves: Vec<Vec<String>>,
    /// How many are asked at once where the waves are worked out, 1 to 20; 3 where left out.
    #[serde(default)]
    pub per_wave: Option<usize>,
    /// How many in all where the waves are worked out, 1 to 100; 12 where left out.
    #[serde(default)]
    pub limit: Option<usize>,
    /// Minutes that a wave has before the next is asked too, 1 to 1440; 10 where left out.
    #[serde(default)]
    pub minutes: Option<i64>,
    /// When it ends; when the last wave had its minutes where left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub expires_at: Option<Timestamp>,
    /// Earliest start; the job's window, or now.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub from: Option<Timestamp>,
    /// Latest start; the job's window, or the end of tomorrow.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub to: Option<Timestamp>,
    /// Shown, or made.
    #[serde(default)]
    pub mode: OfferMode,
}

impl OfferInput {
    fn wish(&self) -> Result<Wish, Problem> {
        let (per_wave, limit) = (self.per_wave.unwrap_or(3), self.limit.unwrap_or(12));
        let minutes = self.minutes.unwrap_or(10);
        if !(1..=20).contains(&per_wave) {
            return Err(Problem::invalid("/per_wave", "1 to 20 technicians are asked at once."));
        }
        if !(1..=100).contains(&limit) {
            return Err(Problem::invalid("/limit", "1 to 100 technicians are asked."));
        }
        if !(1..=1440).contains(&minutes) {
            return Err(Problem::invalid("/minutes", "A wave has 1 to 1440 minutes."));
        }
        at_most(&self.waves, 20, "/waves")?;
        if self.waves.iter().map(Vec::len).sum::<usize>() > 100 {
            return Err(Problem::invalid("/waves", "100 technicians at most."));
        }
        Ok(Wish {
            job_id: self.job_id.clone(),
            waves: self.waves.clone(),
            per_wave,
            limit,
            minutes,
            expires_at: self.expires_at,
            from: self.from,
            to: self.to,
        })
    }
}

/// POST /offers
///
/// # Errors
/// 404 for unknown things, 409 for a job that is offered already or not in the pool, 422 where nobody can be asked.
pub async fn offer(
    house: web::Data<House>,
    caller: Caller,
    body: Create<OfferInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let wish = input.wish()?;
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let mut race = 0;
            loop {
                race += 1;
                let made = proposed(&house, &wish, &name).await?;
                if input.mode == OfferMode::Preview {
                    return Ok((StatusCode::OK, shown(&house, &made)?));
                }
                let Proposed { offer, job, stops } = made;
                let id = offer.id.clone();
                let (offer, job) = (Box::new(offer), Box::new(job.job));
                let command = Command::Offer { offer, job, stops };
                let why = Circumstances::by(name.clone()).with_inbox(inbox.clone());
                match house.rooms.board(command, why).await {
                    Ok(_) => return Ok((StatusCode::CREATED, now(&house, id.as_str()).await?)),
                    Err(AskError::Commit(
                        CommitError::Stale { .. } | CommitError::Overlap { .. },
                    )) if race < RACES_MAX => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    })
    .await
}

/// The offer as it would be, with the texts that its first wave would get.
fn shown(house: &House, made: &Proposed) -> Result<Value, Problem> {
    let texts = {
        let first = made.stops.iter().flat_map(|stop| stop.first()).zip(&made.offer.asked);
        first
            .filter(|(_, one)| one.wave == 1)
            .map(|(placement, _)| text(house, &made.job, &made.offer, &placement.technician))
            .collect()
    };
    let shape = OfferShape { offer: made.offer.clone(), texts };
    serde_json::to_value(shape).map_err(|_| Problem::internal())
}

/// An offer as it is now.
///
/// # Errors
/// 404 and faults.
pub async fn now(house: &House, id: &str) -> Result<Value, Problem> {
    let mut connection = house.read().await?;
    let offer = store::one(&mut connection, id).await?;
    let offer = offer.ok_or_else(|| Problem::not_found("offer"))?;
    serde_json::to_value(offer).map_err(|_| Problem::internal())
}

/// GET /offers: open ones and those of the last day, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn offers(house: web::Data<House>) -> Result<HttpResponse, Problem> {
    let mut connection = house.read().await?;
    let items = store::recent(&mut connection, house.clock.now(), LISTED_MAX).await?;
    Ok(listed_whole(&items))
}

/// GET /offers/{id}
///
/// # Errors
/// 404.
pub async fn one(
    house: web::Data<House>,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(now(&house, &path).await?))
}

/// POST /offers/{id}/withdraw
///
/// # Errors
/// 404, and 409 once it is over.
pub async fn withdraw(
    house: web::Data<House>,
    caller: Caller,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let known = {
        let mut connection = house.read().await?;
        store::one(&mut connection, &path).await?
    };
    let known = known.ok_or_else(|| Problem::not_found("offer"))?;
    let command = Command::WithdrawOffer { offer_id: OfferId::from_text(&path) };
    match house.rooms.board(command, Circumstances::by(caller.name)).await {
        Ok(_) => Ok(HttpResponse::Ok().json(now(&house, &path).await?)),
        Err(AskError::Refused(_)) => Err(over(known.state)),
        Err(error) => Err(error.into()),
    }
}

/// Why nobody can answer an offer any more.
pub fn over(state: OfferState) -> Problem {
    let (code, fr, en) = match state {
        OfferState::Filled => {
            ("offers.filled", "Quelqu'un d'autre l'a prise.", "Somebody else took it.")
        }
        OfferState::Expired | OfferState::Declined => {
            ("offers.expired", "Le délai de cette offre est passé.", "This offer has run out.")
        }
        OfferState::Withdrawn => (
            "offers.withdrawn",
            "Le bureau a retiré cette offre.",
            "The office took this offer back.",
        ),
        OfferState::Unreached | OfferState::Open | OfferState::Overtaken | OfferState::Changed => (
            "offers.over",
            "Cette intervention n'est plus à prendre.",
            "This job is no longer to be had.",
        ),
    };
    crate::refusals::said(StatusCode::CONFLICT, code, fr, en)
}
