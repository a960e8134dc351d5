//! Twilio's webhooks: texts that come in, and how texts that went out fare. The signature is checked over the
//! configured public address before anything else is looked at; a repetition changes nothing.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use actors::conversations::protocol::{Command, Incoming, Keyword as Obeyed, MessageState};
use actors::engine::journal::{CommitError, Inbox};
use actors::engine::shell::{AskError, Circumstances};
use actors::ids::{ConversationId, MessageId};
use sha2::{Digest, Sha256};

use crate::conversations::store;
use crate::error::{Problem, read_bytes};
use crate::house::House;
use crate::inbound::{answering, dispatchers, offers};
use crate::integrations::form;
use crate::integrations::phone::normalise;
use crate::integrations::twilio::signature::{
    Content, Headers, Keys, Refused, SETTINGS_HEADER, SIGNATURE_HEADER, verify,
};
use crate::integrations::twilio::wire::{EMPTY_REPLY, Inbound, Standing, StatusCallback};
use crate::refusals::SEEN;
use crate::texts::{Keyword, keyword};

/// How often a text is taken in again when the courier was quicker with another.
const STALE_RETRIES: usize = 3;

fn proven(house: &House, request: &HttpRequest, form: &[(String, String)]) -> Result<(), Problem> {
    let auth_tokens: Vec<String> =
        house.settings.twilio.auth_token.iter().map(|token| token.expose().to_owned()).collect();
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let headers =
        Headers { signature: header(SIGNATURE_HEADER), settings: header(SETTINGS_HEADER) };
    let keys = Keys { auth_tokens, shared_keys: Vec::new() };
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    verify(&keys, &house.settings.public_url, target, headers, Content::Form(form)).map_err(|why| {
        tracing::warn!(%why, "a webhook was not believed");
        match why {
            Refused::Missing => Problem::forbidden("The signature is missing."),
            _ => Problem::forbidden("The signature is wrong."),
        }
    })
}

fn inbox(key: String, form: &[(String, String)]) -> Inbox {
    let mut hash = Sha256::new();
    for (name, value) in form {
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(value.as_bytes());
        hash.update([0]);
    }
    let sha256 = hex::encode(hash.finalize());
    Inbox { source: "twilio".into(), key: key.into(), sha256: sha256.into(), answer: None }
}

fn twiml() -> HttpResponse {
    HttpResponse::Ok().content_type("text/xml; charset=utf-8").body(EMPTY_REPLY)
}

/// POST /webhook/twilio/sms-incoming
///
/// # Errors
/// 403 for a wrong signature, 400 for a form that lacks a field, 503 when it cannot be kept.
pub async fn incoming(
    house: web::Data<House>,
    request: HttpRequest,
    body: Result<Bytes, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let form = form::parse(&read_bytes(body)?);
    proven(&house, &request, &form)?;
    let text = Inbound::parse(&form).map_err(|wrong| {
        Problem::unreadable("The form lacks a field.")
            .pointer(format!("/{}", wrong.field), "missing")
    })?;
    let phone = normalise(&text.from).unwrap_or_else(|_| text.from.clone());
    let mut message = understood(&house, &text, &phone).await?;
    let mark = inbox(text.inbox_key(), &form);
    offers::answered(&house, &mut message, &mark).await?;
    dispatchers::answered(&house, &mut message, &mark).await?;
    let id = ConversationId::for_phone(&phone);
    let why = Circumstances::by("twilio").with_inbox(Some(mark));
    let command = Command::Receive { message: Box::new(message) };
    let mut answer = house.rooms.conversation(&id, command.clone(), why.clone()).await;
    for _ in 0..STALE_RETRIES {
        // The courier began a text that a STOP would have taken back: the room knows by now.
        if !matches!(answer, Err(AskError::Commit(CommitError::Stale { .. }))) {
            break;
        }
        answer = house.rooms.conversation(&id, command.clone(), why.clone()).await;
    }
    match answer.map_err(Problem::from) {
        Ok(_) => Ok(twiml()),
        Err(problem) if problem.code() == SEEN || problem.code() == "idempotency.reused" => {
            Ok(twiml())
        }
        Err(problem) => Err(problem),
    }
}

async fn understood(house: &House, text: &Inbound, phone: &str) -> Result<Incoming, Problem> {
    let now = house.clock.now();
    let (customer, technician, job_id) = {
        let mut connection = house.read().await?;
        let customer = crate::customers::store::by_phone(&mut connection, phone).await?;
        let technician = crate::technicians::store::by_phone(&mut connection, phone).await?;
        let job = match &customer {
            Some(customer) => {
                crate::jobs::store::nearest(&mut connection, customer.id.as_str(), now).await?
            }
            None => None,
        };
        (customer, technician, job)
    };
    let language = customer
        .as_ref()
        .and_then(|customer| customer.language)
        .or(technician.as_ref().map(|who| who.language))
        .unwrap_or(house.policy.language);
    let said = keyword(&text.body).or(text.opt_out).map(|word| match word {
        Keyword::Stop => Obeyed::Stop,
        Keyword::Start => Obeyed::Start,
        Keyword::Help => Obeyed::Help,
    });
    let id = MessageId::new(now, house.entropy());
    let mut message = Incoming {
        id,
        phone: phone.into(),
        body: text.body.clone(),
        provider_id: text.sid.as_str().into(),
        customer_id: customer.map(|customer| customer.id),
        technician_id: technician.map(|who| who.id),
        job_id,
        language,
        keyword: said,
        answer: None,
    };
    // Where the provider has answered the keyword itself, a second answer would be a second text.
    if let (Some(word), None) = (said, text.opt_out) {
        answering::obeyed(house, &mut message, word);
    }
    Ok(message)
}

/// POST /webhook/twilio/sms-status
///
/// # Errors
/// 403 for a wrong signature, 400 for a form that lacks a field, 503 when it cannot be kept.
pub async fn status(
    house: web::Data<House>,
    request: HttpRequest,
    body: Result<Bytes, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let form = form::parse(&read_bytes(body)?);
    proven(&house, &request, &form)?;
    let news = match StatusCallback::parse(&form, request.query_string()) {
        Ok(news) => news,
        // A word that is new to us is no reason for Twilio to ask again.
        Err(wrong) if wrong.field == "MessageStatus" => {
            return Ok(HttpResponse::new(StatusCode::NO_CONTENT));
        }
        Err(wrong) => {
            return Err(Problem::unreadable("The form lacks a field.")
                .pointer(format!("/{}", wrong.field), "missing"));
        }
    };
    let message = {
        let mut connection = house.read().await?;
        let ours = match &news.message_id {
            Some(id) => store::message(&mut connection, id).await?,
            None => None,
        };
        match ours {
            Some(message) => Some(message),
            None => store::by_provider(&mut connection, &news.sid).await?,
        }
    };
    let Some(message) = message else {
        tracing::info!(sid = %news.sid, "a status of a text that is not ours");
        return Ok(HttpResponse::new(StatusCode::NO_CONTENT));
    };
    let state = match news.status.standing() {
        Standing::Queued => return Ok(HttpResponse::new(StatusCode::NO_CONTENT)),
        Standing::Sent => MessageState::Sent,
        Standing::Delivered => MessageState::Delivered,
        Standing::Read => MessageState::Read,
        Standing::Failed => MessageState::Failed,
    };
    let command = Command::RecordStatus {
        message_id: message.id.clone(),
        row: Some(Box::new(message.clone())),
        provider_id: Some(news.sid.as_str().into()),
        state,
        code: news.error_code.map(i64::from),
        problem: news.error_code.map(|code| format!("twilio_{code}")),
    };
    let why = Circumstances::by("twilio").with_inbox(Some(inbox(news.inbox_key(), &form)));
    match house.rooms.conversation(&message.conversation_id, command, why).await {
        Ok(_) => Ok(HttpResponse::new(StatusCode::NO_CONTENT)),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.code() == SEEN || problem.code() == "idempotency.reused" {
                return Ok(HttpResponse::new(StatusCode::NO_CONTENT));
            }
            Err(problem)
        }
    }
}
