//! The server: the house with its doors open. Starts, answers, and on SIGTERM or Ctrl-C stops taking work, finishes
//! what it took, and ends.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};
use actors::engine::clock::Clock;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::auth::Caller;
use crate::auth::gate::{Gate, pass};
use crate::config::Settings;
use crate::error::Problem;
use crate::house::{BuildError, House};
use crate::live::topics::Topic;
use crate::live::{Doorkeeper, Live};

/// Largest body taken.
const BODY_MAX: usize = 10 * 1024 * 1024;
/// A connection on which nothing is asked is kept for so long: longer than proxies (60 s by habit) keep theirs, so that none of them
/// sends a request into a connection that is just being closed.
const KEPT: Duration = Duration::from_secs(75);
/// How long what was taken may take to finish.
const STOP_S: u64 = 8;

/// Why the server ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The house could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}; name another address with --listen")]
    Listen(std::net::SocketAddr, std::io::Error),
    /// The runtime failed.
    #[error("the server failed: {0}")]
    Runtime(#[from] std::io::Error),
}

/// Says whether what a topic is about exists, and whether a watcher may still watch.
struct Porter(House);

impl Doorkeeper for Porter {
    fn exists(&self, topic: Topic<'_>) -> BoxFuture<'_, Result<bool, Problem>> {
        let (kind, id) = match topic {
            Topic::Customer(id) => ("customer", id.to_owned()),
            Topic::Technician(id) => ("tech", id.to_owned()),
            Topic::Conversation(id) => ("conversation", id.to_owned()),
            _ => return std::future::ready(Ok(true)).boxed(),
        };
        async move {
            let mut connection = self.0.read().await?;
            Ok(match kind {
                "customer" => crate::customers::store::one(&mut connection, &id).await?.is_some(),
                "tech" => crate::technicians::store::one(&mut connection, &id).await?.is_some(),
                _ => crate::conversations::store::thread(&mut connection, &id).await?.is_some(),
            })
        }
        .boxed()
    }

    fn is_still_valid(&self, caller: &Caller) -> BoxFuture<'static, bool> {
        std::future::ready(self.0.keys.is_known(caller, self.0.clock.now())).boxed()
    }
}

/// A house with its doors open.
pub struct Served {
    /// The house.
    pub house: House,
    /// Where it listens.
    pub address: std::net::SocketAddr,
    /// Ends when the server has stopped.
    pub server: actix_web::dev::Server,
}

/// Builds the house and opens its doors. Must be called inside an actix system.
///
/// # Errors
/// See [`ServeError`].
pub async fn open(settings: Settings, clock: Clock) -> Result<Served, ServeError> {
    crate::refusals::speak(match settings.language {
        crate::config::Language::Fr => actors::engine::refusal::Language::Fr,
        crate::config::Language::En => actors::engine::refusal::Language::En,
    });
    let listener = TcpListener::bind(settings.listen)
        .map_err(|why| ServeError::Listen(settings.listen, why))?;
    let address = listener.local_addr()?;
    let house = House::build(settings, clock).await?;
    let gate =
        Gate::new(crate::routes::table().into_iter().map(|row| (row.method, row.path, row.access)));
    let (data, gate) = (web::Data::new(house.clone()), web::Data::new(gate));
    let clock = house.clock.clone();
    let live = web::Data::new(Live {
        hub: house.hub.clone(),
        history: Arc::new(house.history()),
        doorkeeper: Arc::new(Porter(house.clone())),
        now: Arc::new(move || clock.now()),
        origins: vec![house.settings.public_url.trim_end_matches('/').to_owned()].into(),
    });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .app_data(gate.clone())
            .app_data(live.clone())
            .app_data(web::PayloadConfig::new(BODY_MAX))
            .app_data(
                web::PathConfig::default().error_handler(|_, _| Problem::not_found("path").into()),
            )
            .wrap(from_fn(crate::bodyless::bodyless))
            .wrap(from_fn(crate::undo::named::named))
            .wrap(from_fn(pass))
            .wrap(from_fn(crate::telemetry::requests::observe))
            .wrap(Compress::default())
            .configure(crate::routes::register)
            .default_service(web::route().to(unknown))
    })
    .on_connect(crate::live::connect::on_connect)
    // A reader that has closed its end is gone; otherwise its stream would stay until two pings have failed.
    .h1_allow_half_closed(false)
    .workers(2)
    .keep_alive(KEPT)
    .max_connections(40_000)
    .backlog(8192)
    .shutdown_timeout(STOP_S)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(Served { house, address, server })
}

async fn unknown() -> Result<actix_web::HttpResponse, Problem> {
    Err(Problem::not_found("path"))
}

impl Served {
    /// Serves until SIGTERM or Ctrl-C, then stops in order.
    ///
    /// # Errors
    /// When the runtime fails.
    pub async fn until_told(self) -> Result<(), ServeError> {
        let handle = self.server.handle();
        let house = self.house.clone();
        actix_web::rt::spawn(async move {
            told_to_stop().await;
            tracing::info!("stopping: no new work, finishing what was taken");
            house.stop.send_replace(true);
            house.hub.close();
            handle.stop(true).await;
        });
        let house = self.house.clone();
        self.server.await?;
        settle(&house).await;
        Ok(())
    }
}

/// Waits a little for reactions and errands under way; what is not done now is done after the next start.
async fn settle(house: &House) {
    for _ in 0..10 {
        if house.is_settled() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Serves with these settings until told to stop. The caller sees to it that no other process serves the same store.
///
/// # Errors
/// See [`ServeError`].
pub fn run(settings: Settings) -> Result<(), ServeError> {
    let clock = match settings.clock {
        Some(origin) => Clock::starting_at(origin, 1.0),
        None => Clock::system(),
    };
    actix_web::rt::System::new().block_on(async move {
        let served = open(settings, clock).await?;
        greet(&served);
        served.until_told().await
    })
}

/// Says where to go; on the first start, how to make the first account.
pub fn greet(served: &Served) {
    let origin = served.house.settings.public_url.trim_end_matches('/');
    tracing::info!(address = %served.address, "listening");
    if served.house.keys.nobody_yet() {
        let secret = served.house.secret();
        served.house.keys.expect_first_user(&secret);
        #[expect(
            clippy::print_stdout,
            reason = "the one-time link is for whoever starts the server"
        )]
        {
            println!("first account: {origin}/ops/#/setup/{secret}");
        }
    }
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
