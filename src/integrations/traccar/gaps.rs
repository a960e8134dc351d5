//! What the follower has not heard yet: for each device, since when, and the fetching of it piece by piece,
//! a few at a time. A piece that fails stays owed and is asked for again later; the others arrive all the same.

use std::collections::{HashMap, HashSet, VecDeque};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::rest::{Api, Fault};

/// One request's span; bounds what a single answer can hold.
const PIECE: SignedDuration = SignedDuration::from_hours(6);
/// Requests at a time: Traccar is somebody's small server.
const PARALLEL: usize = 4;
/// Live moments remembered for one device while its gap is open; past that, history may bring one twice.
const HEARD_MAX: usize = 20_000;

/// A span of one device's history, being fetched.
#[derive(Debug, Clone, Copy)]
struct Piece {
    device_id: i64,
    from: Timestamp,
    until: Timestamp,
    to: Timestamp,
}

type Fetched = (Piece, Result<Vec<Value>, Fault>);

/// The gaps of all devices, and the requests that fill them.
#[derive(Default)]
pub(super) struct Gaps {
    owed: HashMap<i64, Timestamp>,
    waiting: VecDeque<Piece>,
    running: FuturesUnordered<BoxFuture<'static, Fetched>>,
    /// What came over the socket while a gap was open, so that history does not bring it twice.
    heard: HashMap<i64, HashSet<Timestamp>>,
}

impl Gaps {
    /// From `since` on, nothing of this device is known to have been heard. An older gap stays.
    pub(super) fn owe(&mut self, device_id: i64, since: Timestamp) {
        let owed = self.owed.entry(device_id).or_insert(since);
        *owed = (*owed).min(since);
    }

    /// Begins to fetch all that is owed up to `to`, but nothing older than `lookback` before it.
    pub(super) fn start(&mut self, to: Timestamp, lookback: SignedDuration) {
        let oldest = to.checked_sub(lookback).unwrap_or(Timestamp::MIN);
        self.running.clear();
        self.waiting = self
            .owed
            .iter()
            .filter(|(_, since)| **since < to)
            .map(|(&device_id, &since)| piece(device_id, since.max(oldest), to))
            .collect();
    }

    /// A socket is gone: what it would have answered is asked for again when the next one is there.
    pub(super) fn stop(&mut self) {
        self.waiting.clear();
        self.running.clear();
    }

    pub(super) fn is_fetching(&self) -> bool {
        !self.waiting.is_empty() || !self.running.is_empty()
    }

    pub(super) fn owes_anything(&self) -> bool {
        !self.owed.is_empty()
    }

    /// Notes what the socket brought while this device's gap is open.
    pub(super) fn heard(&mut self, device_id: i64, at: Timestamp) {
        if self.owed.contains_key(&device_id) {
            let heard = self.heard.entry(device_id).or_default();
            if heard.len() < HEARD_MAX {
                heard.insert(at);
            }
        }
    }

    /// The last piece was told on: when the gap is closed, what was heard meanwhile can be forgotten.
    pub(super) fn told(&mut self, device_id: i64) {
        if !self.owed.contains_key(&device_id) {
            self.heard.remove(&device_id);
        }
    }

    /// The next piece of history: the device, when its gap began, and its positions, oldest first as Traccar
    /// sends them. Pending for ever when nothing is being fetched, so that it can stand in a `select!`.
    pub(super) async fn next(&mut self, api: &Api) -> (i64, Timestamp, Result<Vec<Value>, Fault>) {
        while self.running.len() < PARALLEL
            && let Some(piece) = self.waiting.pop_front()
        {
            let api = api.clone();
            self.running.push(Box::pin(async move {
                (piece, api.history(piece.device_id, piece.from, piece.until).await)
            }));
        }
        let Some((done, fetched)) = self.running.next().await else {
            return std::future::pending().await;
        };
        if fetched.is_ok() {
            if done.until >= done.to {
                self.owed.remove(&done.device_id);
            } else {
                self.owed.insert(done.device_id, done.until);
                // In front, so that one device's history comes in its order.
                self.waiting.push_front(piece(done.device_id, done.until, done.to));
            }
        }
        (done.device_id, done.from, fetched)
    }

    /// Whether the socket has brought this one already.
    pub(super) fn was_heard(&self, device_id: i64, at: Timestamp) -> bool {
        self.heard.get(&device_id).is_some_and(|heard| heard.contains(&at))
    }
}

fn piece(device_id: i64, from: Timestamp, to: Timestamp) -> Piece {
    let until = from.checked_add(PIECE).unwrap_or(to).min(to);
    Piece { device_id, from, until, to }
}
