//! HEAD: answered by whoever answers GET, with the same status and headers, and without the body. A stream that would
//! never end is let go at once.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Bytes;

/// The length of a body that is not sent.
struct Kept(BodySize);

impl MessageBody for Kept {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}

/// The middleware.
///
/// # Errors
/// What the handler answers.
pub async fn bodyless(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let is_head = *request.method() == Method::HEAD;
    let answer = next.call(request).await?.map_into_boxed_body();
    if !is_head {
        return Ok(answer);
    }
    Ok(answer.map_body(|_, body| BoxBody::new(Kept(body.size()))))
}
