//! The path by which a technician answers an offer on their page. The link is the proof: an offer that was not made to
//! its holder does not exist for them.

use actix_web::http::header;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use actors::board::protocol::AnsweredBy;

use crate::auth::links::{Audience, Link};
use crate::error::{Problem, read_bytes, read_json};
use crate::house::House;
use crate::input::said;
use crate::integrations::form;
use crate::offers::answer::{Answer, Answered, carry};
use crate::pages::fill::technician;
use crate::pages::http::{gone, link, page, preferred, worthless};
use crate::pages::render_refused;

/// Why somebody declines.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerInput {
    /// In their words.
    #[serde(default)]
    pub reason: Option<String>,
}

/// POST /t/{token}/offers/{offer_id}/{accept|decline}: JSON, or a form that is answered with the page.
///
/// # Errors
/// 401 or 410 for a bad link, 404 for an offer of others, 409 once somebody has it, 422 for a broken rule.
pub async fn answer(
    house: web::Data<House>,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    body: Result<Bytes, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let (token, offer, word) = path.into_inner();
    let body = read_bytes(body)?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let link = match link(&house, Audience::Tech, &token) {
        Ok(link) => link,
        Err(why) if is_form => return Ok(worthless(&house, &request, why)),
        Err(why) => return Err(gone(why)),
    };
    let back = format!("/t/{token}");
    match answered(&house, &link, &offer, &word, &body, is_form).await {
        Ok(()) if is_form => {
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, back)).finish())
        }
        Err(problem) if is_form => {
            let language = preferred(&house, &request);
            let why = problem.detail_in(language);
            let html = render_refused(language, &house.policy.company, &why, &back);
            Ok(page(problem.status(), html))
        }
        Ok(()) => Ok(HttpResponse::Ok().json(technician(&house, &link.subject).await?)),
        Err(problem) => Err(problem),
    }
}

async fn answered(
    house: &House,
    link: &Link,
    offer: &str,
    word: &str,
    body: &[u8],
    is_form: bool,
) -> Result<(), Problem> {
    let reason = if is_form {
        form::value(&form::parse(body), "reason").map(str::to_owned)
    } else if body.is_empty() {
        None
    } else {
        read_json::<AnswerInput>(body)?.reason
    };
    let answer = match word {
        "accept" => Answer::Yes,
        "decline" => {
            let reason = reason.filter(|reason| !reason.trim().is_empty());
            Answer::No(reason.map(|reason| said(&reason, "/reason")).transpose()?)
        }
        _ => return Err(Problem::not_found("answer")),
    };
    let (technician, by) = (link.subject.as_str(), AnsweredBy::Page);
    carry(house, &Answered { offer, technician, answer, by, inbox: None }).await
}
