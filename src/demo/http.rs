//! The door of the pocket telephone company: the part of Twilio's REST interface that a sender needs, on a loopback port.
//! It takes texts and hands them to `exchange.rs`; it never passes anything on to the world.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde::Deserialize;

use super::exchange::{Exchange, Refusal, Text};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Create {
    to: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    status_callback: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    #[serde(default)]
    to: Option<String>,
}

/// Starts the telephone company on a free loopback port; the server must be awaited or spawned.
///
/// # Errors
/// No port could be bound.
pub fn open(exchange: Arc<Exchange>) -> std::io::Result<(Server, SocketAddr)> {
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::from(Arc::clone(&exchange))).service(
            web::resource("/2010-04-01/Accounts/{account}/Messages.json")
                .route(web::post().to(create))
                .route(web::get().to(list)),
        )
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))?;
    let address = server
        .addrs()
        .first()
        .copied()
        .ok_or_else(|| std::io::Error::other("no address after binding"))?;
    Ok((server.run(), address))
}

/// Runs `work` to its end on a runtime that servers can live on.
pub fn in_system<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

async fn create(
    exchange: web::Data<Exchange>,
    account: web::Path<String>,
    form: web::Form<Create>,
) -> HttpResponse {
    let form = form.into_inner();
    if account.as_str() != exchange.account() {
        return problem(404, 20404, "the account does not exist");
    }
    let callback = form.status_callback;
    match exchange.take(form.to, form.from.unwrap_or_default(), form.body, callback) {
        Ok(text) => HttpResponse::Created().json(shown(&exchange, &text)),
        Err(Refusal::Stopped) => problem(400, 21610, "the recipient has unsubscribed"),
        Err(Refusal::Busy) => problem(429, 20429, "too many requests"),
    }
}

async fn list(exchange: web::Data<Exchange>, query: web::Query<List>) -> HttpResponse {
    let messages: Vec<serde_json::Value> =
        exchange.kept(query.to.as_deref()).iter().map(|text| shown(&exchange, text)).collect();
    HttpResponse::Ok().json(serde_json::json!({ "messages": messages, "next_page_uri": null }))
}

fn shown(exchange: &Exchange, text: &Text) -> serde_json::Value {
    serde_json::json!({
        "sid": text.sid,
        "account_sid": exchange.account(),
        "to": text.to,
        "from": text.from,
        "body": text.body,
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": text.body.chars().count().div_ceil(153).max(1).to_string(),
        "error_code": null,
        "error_message": null,
    })
}

fn problem(status: u16, code: u32, message: &str) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status)
        .unwrap_or(actix_web::http::StatusCode::BAD_REQUEST);
    HttpResponse::build(status).json(serde_json::json!({
        "code": code,
        "message": message,
        "status": status.as_u16(),
    }))
}
