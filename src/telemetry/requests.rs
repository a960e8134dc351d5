//! One figure and, for what failed, one line per request. Never the address as it was asked for: it may hold a token.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use crate::telemetry::metrics::metrics;

/// The middleware.
///
/// # Errors
/// What the handler answers.
pub async fn observe<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let started = Instant::now();
    let class = class(request.path());
    let method = request.method().clone();
    let answer = next.call(request).await;
    let status = match &answer {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let took = started.elapsed();
    metrics().http(class, status.as_u16(), took);
    if status.is_server_error() {
        tracing::warn!(%method, class, status = status.as_u16(), "a request failed");
    }
    answer
}

/// The first part of the path, from a closed list.
fn class(path: &str) -> &'static str {
    const CLASSES: &[&str] = &[
        "assets",
        "auth",
        "broadcast",
        "conversations",
        "customers",
        "dispatch",
        "health",
        "jobs",
        "locations",
        "metrics",
        "openapi.json",
        "ops",
        "outbox",
        "presets",
        "ready",
        "send",
        "sla",
        "sse",
        "t",
        "tags",
        "technicians",
        "traccar",
        "track",
        "webhook",
        "ws",
        "zones",
    ];
    let first = path.split('/').nth(1).unwrap_or("");
    CLASSES.iter().copied().find(|known| *known == first).unwrap_or("other")
}
