//! Shapes of offers on the wire, and how the end of one is said.

use actix_web::http::StatusCode;
use actors::board::protocol::{Offer, OfferState};
use actors::conversations::protocol::MessageKind;
use actors::engine::refusal::Language;
use actors::technicians::protocol::Technician;
use actors::wording::{Facts, Wording};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;

/// A text as it would go out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferText {
    /// To whom.
    pub technician_id: String,
    /// Their number, E.164.
    pub to: String,
    /// The text.
    pub body: String,
}

/// An offer, with the texts of its first wave where it is only shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferShape {
    /// The offer.
    #[serde(flatten)]
    pub offer: Offer,
    /// What would be sent, in a preview.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<OfferText>,
}

/// The text that offers a job to a technician.
pub fn text(house: &House, job: &Standing, offer: &Offer, who: &Technician) -> OfferText {
    let start = offer.asked.iter().find(|one| one.technician_id == who.id).map(|one| one.start);
    let facts = Facts {
        job_id: job.job.id.clone(),
        visit_id: None,
        title: job.job.title.clone(),
        address: job.job.address.clone(),
        technician: Some((who.id.clone(), who.name.clone())),
        customer_name: job.job.customer_name.clone(),
        start,
        window: None,
        eta: None,
        now: house.clock.now(),
    };
    let body = house.words.text(MessageKind::JobOffered, who.language, &facts).body;
    OfferText { technician_id: who.id.to_string(), to: who.phone.clone(), body }
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
        OfferState::Open | OfferState::Overtaken | OfferState::Changed => (
            "offers.over",
            "Cette intervention n'est plus à prendre.",
            "This job is no longer to be had.",
        ),
    };
    crate::refusals::said(StatusCode::CONFLICT, code, fr, en)
}

/// The company's words for a problem, in one language.
pub fn said(problem: &Problem, language: Language) -> String {
    problem.detail_in(language)
}
