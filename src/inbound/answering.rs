//! What the house says back to whoever texts, in the commit that receives their text: the one place where such an answer is made.
//! What it says is decided elsewhere.

use actors::conversations::protocol::{Incoming, Keyword as Obeyed, MessageKind, Outgoing};
use actors::ids::{ErrandId, MessageId};
use actors::wording::{Facts, Wording};

use crate::conversations::store;
use crate::error::Problem;
use crate::house::House;
use crate::journal::database::Reader;

/// True when this text came in before: whatever it meant was done then.
pub(super) async fn came_before(
    connection: &mut Reader,
    message: &Incoming,
) -> Result<bool, Problem> {
    Ok(store::by_provider(connection, &message.provider_id).await?.is_some())
}

/// Says it to whoever wrote, in the message's language. Answers with the text, for what else it is about.
pub(super) fn say<'a>(
    house: &House,
    message: &'a mut Incoming,
    kind: MessageKind,
    body: String,
) -> &'a mut Outgoing {
    let now = house.clock.now();
    let id = MessageId::new(now, house.entropy());
    let errand = id.as_str().strip_prefix("msg_").unwrap_or(id.as_str());
    let errand_id = ErrandId::from_text(&format!("errand_{errand}"));
    let text = Outgoing {
        id: id.clone(),
        phone: message.phone.clone(),
        body,
        merged_body: None,
        kind,
        language: message.language,
        job_id: None,
        customer_id: message.customer_id.clone(),
        technician_id: message.technician_id.clone(),
        due_at: now,
        expires_at: None,
        held: false,
        suggested: None,
    };
    &mut message.answer.insert(Box::new((text, errand_id))).0
}

/// Says that a word which everybody may text was heard.
pub(super) fn obeyed(house: &House, message: &mut Incoming, word: Obeyed) {
    let kind = match word {
        Obeyed::Stop => MessageKind::OptOutConfirmed,
        Obeyed::Start => MessageKind::OptInConfirmed,
        Obeyed::Help => MessageKind::Help,
    };
    let facts = Facts {
        lead: None,
        job_id: "job_none".into(),
        visit_id: None,
        title: String::new(),
        address: String::new(),
        technician: None,
        customer_name: String::new(),
        start: None,
        window: None,
        eta: None,
        corrects: false,
        count: 1,
        now: house.clock.now(),
    };
    let body = house.words.text(kind, message.language, &facts).body;
    say(house, message, kind, body);
}
