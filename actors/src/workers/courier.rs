//! The courier: leases errands that are due, has them carried out, and leaves their fate to the rooms. Errands
//! with one destination go one after the other, in the order they were asked for.
//!
//! A lease is committed before anything is sent. One that ran out without a result is handed out again marked
//! `unknown`, so that whoever carries it first finds out what became of the earlier try.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tokio::sync::{Notify, Semaphore, watch};

use crate::engine::clock::Clock;
use crate::engine::journal::CommitError;
use crate::errand::Errand;
use crate::ids::ErrandId;

/// How long a lease holds: longer than the slowest answer we wait for.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Errands under way at once.
const AT_ONCE: usize = 32;
/// How often the desk is looked at when nobody called.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// An errand in hand.
#[derive(Clone, Debug)]
pub struct Leased {
    /// Its id; also the key under which a provider is asked not to do it twice.
    pub id: ErrandId,
    /// What is asked.
    pub errand: Errand,
    /// 1 for the first try.
    pub attempt: u32,
    /// True when an earlier try may have succeeded without our knowing.
    pub unknown: bool,
    /// When the first lease was given, for looking back at the provider's.
    pub first_tried_at: Timestamp,
    /// When it is of no use any more.
    pub expires_at: Option<Timestamp>,
}

/// Where errands wait.
pub trait Desk: Send + Sync + 'static {
    /// Leases what is due, one at most per destination, leaving out what is `in_hand`. Durable when it answers.
    fn lease(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
        in_hand: Vec<ErrandId>,
    ) -> BoxFuture<'_, Result<Vec<Leased>, CommitError>>;
}

/// Carries an errand out and tells the room that asked.
pub trait Carrier: Send + Sync + 'static {
    /// Does it. Returns once the room knows how it went.
    fn carry(&self, errand: Leased) -> BoxFuture<'static, ()>;
}

/// The courier. Clones share it.
#[derive(Clone)]
pub struct Courier {
    desk: Arc<dyn Desk>,
    carrier: Arc<dyn Carrier>,
    clock: Clock,
    call: Arc<Notify>,
    in_hand: Arc<Mutex<HashSet<ErrandId>>>,
    slots: Arc<Semaphore>,
}

impl Courier {
    /// A courier that has not begun.
    pub fn new(desk: Arc<dyn Desk>, carrier: Arc<dyn Carrier>, clock: Clock) -> Self {
        Self {
            desk,
            carrier,
            clock,
            call: Arc::new(Notify::new()),
            in_hand: Arc::default(),
            slots: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Something may be due: look now.
    pub fn call(&self) {
        self.call.notify_one();
    }

    /// How many errands are under way.
    pub fn in_hand(&self) -> usize {
        self.in_hand.lock().len()
    }

    /// Runs until `stop` turns true, then waits for what is under way.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let took = self.take().await;
            if took > 0 {
                continue;
            }
            tokio::select! {
                () = self.call.notified() => {}
                () = self.clock.pause(LOOK_EVERY) => {}
                _ = stop.changed() => {}
            }
        }
        let all = u32::try_from(AT_ONCE).unwrap_or(1);
        let _ = tokio::time::timeout(Duration::from_secs(8), self.slots.acquire_many(all)).await;
    }

    /// Leases and starts what is due; answers with how many.
    pub async fn take(&self) -> usize {
        let free = self.slots.available_permits();
        if free == 0 {
            return 0;
        }
        let now = self.clock.now();
        let in_hand = self.in_hand.lock().iter().cloned().collect();
        let leased = match self.desk.lease(now, now + LEASE, free, in_hand).await {
            Ok(leased) => leased,
            Err(error) => {
                tracing::warn!(%error, "the courier cannot lease errands");
                return 0;
            }
        };
        let count = leased.len();
        for errand in leased {
            let Ok(slot) = self.slots.clone().acquire_owned().await else { break };
            let id = errand.id.clone();
            self.in_hand.lock().insert(id.clone());
            let (work, in_hand) = (self.carrier.carry(errand), self.in_hand.clone());
            let call = self.call.clone();
            tokio::spawn(async move {
                work.await;
                in_hand.lock().remove(&id);
                drop(slot);
                call.notify_one();
            });
        }
        count
    }
}

/// When to try again after the nth failure: 5 s, 15 s, 1 min, 5 min, 15 min, then every half hour.
pub fn next_try(attempt: u32, now: Timestamp) -> Timestamp {
    let seconds = match attempt {
        0 | 1 => 5,
        2 => 15,
        3 => 60,
        4 => 300,
        5 => 900,
        _ => 1800,
    };
    now + SignedDuration::from_secs(seconds)
}

/// Tries of one errand at most.
pub const ATTEMPTS_MAX: u32 = 8;
