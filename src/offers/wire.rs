//! Shapes of offers on the wire, with the texts as they would go out.

use actors::board::protocol::Offer;
use actors::conversations::protocol::MessageKind;
use actors::technicians::protocol::Technician;
use actors::wording::{Facts, Wording};
use serde::Serialize;
use utoipa::ToSchema;

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
        lead: None,
        job_id: job.job.id.clone(),
        visit_id: None,
        title: offer.title.clone(),
        address: job.job.address.clone(),
        technician: Some((who.id.clone(), who.name.clone())),
        customer_name: job.job.customer_name.clone(),
        start,
        window: None,
        eta: None,
        corrects: false,
        count: 1,
        now: house.clock.now(),
    };
    let body = house.words.text(MessageKind::JobOffered, who.language, &facts).body;
    OfferText { technician_id: who.id.to_string(), to: who.phone.clone(), body }
}
