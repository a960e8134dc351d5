//! The one text that each technician would get of a publish, before it is one: the board's own decision, asked of a copy, in
//! the words that would leave. Queues nothing and tells nobody.

use actors::board::protocol::{BoardEvent, Digest};
use actors::conversations::protocol::MessageKind;
use actors::engine::component::Component;
use actors::event::Event;
use actors::wording::{Facts, Wording};
use jiff::Timestamp;
use serde::Serialize;

use crate::board::publishing::{Judged, known};
use crate::error::Problem;
use crate::house::House;
use crate::notifications::foretell::TextShape;

/// What a technician would be told of a publish.
#[derive(Clone, Debug, Serialize)]
pub struct ToTechnician {
    /// Who.
    pub technician_id: String,
    /// The text, as it would leave.
    pub text: TextShape,
}

/// The text of each technician concerned by what can be published.
///
/// # Errors
/// Where the board cannot be asked.
pub async fn foretold(house: &House, judged: &Judged) -> Result<Vec<ToTechnician>, Problem> {
    if judged.good.is_empty() {
        return Ok(Vec::new());
    }
    let (board, now) = (known(house).await?, house.clock.now());
    let Ok(decision) = board.decide(&judged.command(house), now) else { return Ok(Vec::new()) };
    let published = decision.events.iter().filter_map(|event| match event {
        Event::Board(BoardEvent::DraftPublished { digests }) => Some(digests),
        _ => None,
    });
    Ok(published.flatten().map(|digest| text(house, digest, now)).collect())
}

fn text(house: &House, digest: &Digest, now: Timestamp) -> ToTechnician {
    let kind = MessageKind::SchedulePublished;
    let facts = Facts {
        job_id: digest.about.clone(),
        visit_id: None,
        title: String::new(),
        address: String::new(),
        technician: Some((digest.technician_id.clone(), digest.name.to_string())),
        lead: None,
        customer_name: String::new(),
        start: Some(digest.day),
        window: None,
        eta: None,
        count: digest.count,
        corrects: false,
        now,
    };
    ToTechnician {
        technician_id: digest.technician_id.to_string(),
        text: TextShape {
            to: digest.phone.to_string(),
            body: house.words.text(kind, digest.language, &facts).body,
            kind,
            language: digest.language,
        },
    }
}
