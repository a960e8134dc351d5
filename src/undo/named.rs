//! Tells with every answer what was done for it: its act, by the name under which it can be taken back. A page that offers a way
//! back from what it just did means exactly that, and not whatever its person has done by then.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actors::engine::done::watched;

use crate::journal::acts::is_a_part;

/// Bears the first position of what the request committed last. What the house itself adds to it, such as a new job's clock, is
/// nobody's act.
pub static HEADER: HeaderName = HeaderName::from_static("tournee-act");

/// The middleware.
///
/// # Errors
/// What the handler answers.
pub async fn named<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let (answer, first) = watched(|entry| !is_a_part(&entry.by), next.call(request)).await;
    let mut answer = answer?;
    if let Some(first) = first {
        answer.headers_mut().insert(HEADER.clone(), HeaderValue::from(first));
    }
    Ok(answer)
}
