//! Follows a Traccar server: its socket for what happens now, its history for what happened while we could
//! not hear. Every fix goes into one bounded channel; when that is full the follower waits, and Traccar with it.
//! It never gives up: it comes back with a growing, jittered delay until it is told to stop.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::gaps::Gaps;
use super::rest::{Api, Fault};
use super::{FUTURE_LIMIT, Fix, forward};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Largest frame: the first one holds the latest position of every device.
const FRAME_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How patient the follower is.
#[derive(Debug, Clone)]
pub struct Pace {
    /// First delay before coming back; doubles each time.
    pub back_off_min: Duration,
    pub back_off_max: Duration,
    /// A socket that says nothing for so long, not even to our pings, is dead.
    pub silence: Duration,
    /// How often we ping, and ask again for history that failed.
    pub tick: Duration,
    /// How far back a gap is filled at most.
    pub lookback: SignedDuration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            back_off_min: Duration::from_secs(1),
            back_off_max: Duration::from_secs(60),
            silence: Duration::from_secs(90),
            tick: Duration::from_secs(30),
            lookback: SignedDuration::from_hours(24),
        }
    }
}

/// How the follower is doing, for the board's "stale since" and for `doctor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Connecting,
    Following { since: Timestamp },
    Lost { since: Timestamp, why: Fault },
}

/// What a follower is given.
pub struct Follower {
    pub api: Api,
    /// The house's clock.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Where fixes go; its bound is the follower's brake.
    pub fixes: mpsc::Sender<Fix<'static>>,
    pub health: watch::Sender<Health>,
    /// The newest fix already stored, by tracker: from there on history is asked for at the first connection.
    pub newest: HashMap<String, Timestamp>,
    pub pace: Pace,
    /// For the jitter of the back-off.
    pub seed: u64,
}

/// Follows until `stop` says true or nobody takes fixes any more.
pub async fn follow(follower: Follower, mut stop: watch::Receiver<bool>) {
    let mut jitter = StdRng::seed_from_u64(follower.seed);
    let mut state = State {
        names: HashMap::new(),
        newest: HashMap::new(),
        stored: follower.newest.clone(),
        gaps: Gaps::default(),
        asked_at: None,
        spoke: false,
    };
    let mut failures: u32 = 0;
    while !*stop.borrow_and_update() {
        state.spoke = false;
        let end = tokio::select! {
            end = session(&follower, &mut state) => end,
            () = stopped(&mut stop) => return,
        };
        state.gaps.stop();
        let Err(why) = end else { return };
        failures = if state.spoke { 0 } else { failures.saturating_add(1) };
        tracing::warn!(%why, failures, "lost traccar");
        follower.health.send_replace(Health::Lost { since: (follower.clock)(), why });
        let full = follower.pace.back_off_min.saturating_mul(1 << failures.min(16));
        // Between half and all of it, so that many followers do not come back at once.
        let delay = full.min(follower.pace.back_off_max).mul_f64(jitter.random_range(0.5..=1.0));
        tokio::select! {
            () = sleep(delay) => {}
            () = stopped(&mut stop) => return,
        }
    }
}

/// Ends when told to stop, or when nobody is left who could tell.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    while !*stop.borrow_and_update() {
        if stop.changed().await.is_err() {
            return;
        }
    }
}

/// What outlives one connection.
struct State {
    /// Traccar's number of a device → our tracker id.
    names: HashMap<i64, String>,
    newest: HashMap<i64, Timestamp>,
    /// As given at the start, until the device's number is known.
    stored: HashMap<String, Timestamp>,
    gaps: Gaps,
    /// When the devices were last asked for because of an unknown one.
    asked_at: Option<Instant>,
    /// Whether this connection said anything: then the next delay begins anew.
    spoke: bool,
}

/// Nobody takes fixes any more.
struct Unwanted;

/// One connection, from login to its end: a fault, or `Ok` when nobody takes fixes any more.
async fn session(follower: &Follower, state: &mut State) -> Result<(), Fault> {
    let Follower { api, pace, clock, health, .. } = follower;
    let cookie = api.login().await?;
    // The socket first, then the history: what happens between the two is in one of them.
    let socket = open(api, &cookie).await?;
    let (mut tell, mut hear) = socket.split();
    learn_devices(api, state).await?;
    for (&device, &since) in &state.newest {
        state.gaps.owe(device, since);
    }
    state.gaps.start(until(clock()), pace.lookback);
    health.send_replace(Health::Following { since: clock() });
    let mut tick = interval(pace.tick);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick.tick().await;
    let mut heard_at = Instant::now();
    loop {
        tokio::select! {
            frame = hear.next() => {
                heard_at = Instant::now();
                state.spoke = true;
                let text = match frame {
                    Some(Ok(Message::Text(text))) => text,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Fault::Closed),
                    Some(Ok(_)) => continue,
                };
                if hear_frame(follower, state, text.as_str()).await.is_err() {
                    return Ok(());
                }
            }
            (device, since, fetched) = state.gaps.next(api) => match fetched {
                Ok(positions) => {
                    if tell_history(follower, state, device, since, &positions).await.is_err() {
                        return Ok(());
                    }
                }
                Err(why) => tracing::warn!(%why, device, "history stays owed"),
            },
            _ = tick.tick() => {
                if heard_at.elapsed() > pace.silence {
                    return Err(Fault::Silent);
                }
                tell.send(Message::Ping(Default::default())).await.map_err(|_| Fault::Closed)?;
                if state.gaps.owes_anything() && !state.gaps.is_fetching() {
                    state.gaps.start(until(clock()), pace.lookback);
                }
            }
        }
    }
}

/// History is asked for up to here: a tracker's clock may run ahead.
fn until(now: Timestamp) -> Timestamp {
    now.checked_add(FUTURE_LIMIT).unwrap_or(now)
}

async fn open(api: &Api, cookie: &str) -> Result<Socket, Fault> {
    let mut request = api.socket_url().into_client_request().map_err(|_| Fault::Address)?;
    let cookie = HeaderValue::from_str(cookie).map_err(|_| Fault::Unreadable)?;
    request.headers_mut().insert(header::COOKIE, cookie);
    let config = WebSocketConfig::default()
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX));
    let opening = connect_async_with_config(request, Some(config), true);
    match timeout(Duration::from_secs(10), opening).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(SocketError::Http(answer))) => match answer.status().as_u16() {
            401 | 403 => Err(Fault::Refused),
            status => Err(Fault::Status(status)),
        },
        Ok(Err(_)) | Err(_) => Err(Fault::Unreachable),
    }
}

async fn learn_devices(api: &Api, state: &mut State) -> Result<(), Fault> {
    for device in api.devices().await? {
        if let Some(since) = state.stored.remove(&device.unique_id) {
            state.newest.insert(device.id, since);
        }
        state.names.insert(device.id, device.unique_id);
    }
    Ok(())
}

/// One frame of the socket; keys that we do not know are let pass.
async fn hear_frame(follower: &Follower, state: &mut State, text: &str) -> Result<(), Unwanted> {
    let Ok(frame) = serde_json::from_str::<Value>(text) else {
        tracing::warn!("traccar sent a frame that is not JSON");
        return Ok(());
    };
    for device in frame["devices"].as_array().into_iter().flatten() {
        if let (Some(id), Some(name)) = (device["id"].as_i64(), device["uniqueId"].as_str()) {
            state.names.insert(id, name.to_owned());
        }
    }
    for position in frame["positions"].as_array().into_iter().flatten() {
        let Some(device) = position["deviceId"].as_i64() else { continue };
        if !state.names.contains_key(&device) {
            meet(follower, state, device).await;
        }
        let Some(fix) = read(follower, state, device, position) else { continue };
        // After every opening Traccar repeats the latest of each device.
        if state.newest.get(&device) == Some(&fix.at) {
            continue;
        }
        state.gaps.heard(device, fix.at);
        let newest = state.newest.entry(device).or_insert(fix.at);
        *newest = (*newest).max(fix.at);
        follower.fixes.send(fix).await.map_err(|_| Unwanted)?;
    }
    Ok(())
}

/// A device was added to Traccar while we listen: its name is asked for, at most once a tick.
async fn meet(follower: &Follower, state: &mut State, device: i64) {
    if state.asked_at.is_some_and(|at| at.elapsed() < follower.pace.tick) {
        return;
    }
    state.asked_at = Some(Instant::now());
    if let Err(why) = learn_devices(&follower.api, state).await {
        tracing::warn!(%why, device, "a device stays unknown");
    }
}

/// One piece of a gap: what was stored before it, or came over the socket meanwhile, is left out.
async fn tell_history(
    follower: &Follower,
    state: &mut State,
    device: i64,
    since: Timestamp,
    positions: &[Value],
) -> Result<(), Unwanted> {
    for position in positions {
        let Some(fix) = read(follower, state, device, position) else { continue };
        if fix.at <= since || state.gaps.was_heard(device, fix.at) {
            continue;
        }
        let newest = state.newest.entry(device).or_insert(fix.at);
        *newest = (*newest).max(fix.at);
        follower.fixes.send(fix).await.map_err(|_| Unwanted)?;
    }
    state.gaps.told(device);
    Ok(())
}

fn read(follower: &Follower, state: &State, device: i64, position: &Value) -> Option<Fix<'static>> {
    let name = state.names.get(&device)?;
    match forward::position_fix(position, name, (follower.clock)()) {
        Ok(fix) => Some(fix),
        Err(unfit) => {
            tracing::debug!(%unfit, device, "a position of traccar is unfit");
            None
        }
    }
}

#[cfg(test)]
#[path = "follow_tests.rs"]
mod tests;
