//! Key to the one live actor: activation, idle sleep, a cap on how many are awake, and quarantine made visible.
//! An actor is always found here by its key and never held by address elsewhere.
//!
//! Waking: the address is registered first, then the actor loads its rows together with the position they stand
//! for, and ignores events up to that position; so nothing can fall between.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use actix::dev::SendError;
use actix::prelude::*;
use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use tokio::sync::oneshot;

use crate::engine::component::Component;
use crate::engine::done;
use crate::engine::journal::Recorded;
use crate::engine::shell::{
    Answer, Ask, AskError, Circumstances, Heard, Pulse, Shell, Show, Sleep, Surroundings,
};

/// How many sleepers-to-be are looked at when room must be made.
const SAMPLE: usize = 32;
/// How often a command is offered anew when its actor was just going to sleep.
const OFFERS: usize = 4;

struct Live<C: Component> {
    address: Addr<Shell<C>>,
    pulse: Arc<Pulse>,
}

struct Inner<C: Component> {
    live: DashMap<Arc<str>, Live<C>>,
    awake: AtomicUsize,
    cap: usize,
    arbiters: Vec<ArbiterHandle>,
    next: AtomicUsize,
    around: Arc<Surroundings<C>>,
    started: Instant,
    quarantines: AtomicU64,
    evictions: AtomicU64,
    newest_ms: AtomicI64,
}

/// All actors of one room. Clones share them.
pub struct Registry<C: Component>(Arc<Inner<C>>);

impl<C: Component> Clone for Registry<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C: Component> Registry<C> {
    /// A registry that starts actors on `arbiters` and keeps at most about `cap` awake.
    pub fn new(around: Surroundings<C>, arbiters: Vec<ArbiterHandle>, cap: usize) -> Self {
        Self(Arc::new(Inner {
            live: DashMap::new(),
            awake: AtomicUsize::new(0),
            cap: cap.max(1),
            arbiters,
            next: AtomicUsize::new(0),
            around: Arc::new(around),
            started: Instant::now(),
            quarantines: AtomicU64::new(0),
            evictions: AtomicU64::new(0),
            newest_ms: AtomicI64::new(0),
        }))
    }

    /// Asks the actor at `key`, waking it if need be, and waits for the durable answer.
    ///
    /// # Errors
    /// Refusals, stale versions, overload and faults, see [`AskError`].
    pub async fn ask(
        &self,
        key: Arc<str>,
        command: Arc<C::Command>,
        circumstances: Circumstances,
    ) -> Answer {
        for _ in 0..OFFERS {
            let (reply, answer) = oneshot::channel();
            let (address, pulse) = self.awaken(&key);
            pulse.last_used_ms.store(self.elapsed_ms(), Ordering::Relaxed);
            let ask = Ask { command: command.clone(), circumstances: circumstances.clone(), reply };
            match self.offer(&key, &address, ask) {
                Ok(()) => {}
                Err(SendError::Full(_)) => return Err(AskError::Overloaded(key)),
                Err(SendError::Closed(_)) => {
                    self.forget(&key, &address);
                    continue;
                }
            }
            // A dropped reply means that the actor went to sleep before it saw the command: offer it again.
            if let Ok(answer) = answer.await {
                done::note(&answer);
                return answer;
            }
            self.forget(&key, &address);
        }
        Err(AskError::Overloaded(key))
    }

    /// Puts a command into the mailbox through the one address that is kept here.
    ///
    /// **Invariant:** commands never go through a clone. actix lets every clone of an address put one message in
    /// beyond the mailbox's bound, so a clone for each command would be no bound at all.
    #[expect(clippy::result_large_err, reason = "it is asked again, and must come back whole")]
    fn offer(
        &self,
        key: &Arc<str>,
        address: &Addr<Shell<C>>,
        ask: Ask<C>,
    ) -> Result<(), SendError<Ask<C>>> {
        match self.0.live.get(key) {
            Some(live) if live.address == *address => live.address.try_send(ask),
            _ => Err(SendError::Closed(ask)),
        }
    }

    /// Tells an awake actor of another room's event. A sleeper is left alone; one that is too busy to listen
    /// reloads before its next decision.
    pub fn hear(&self, key: &str, entry: &Arc<Recorded>) {
        let Some(live) = self.0.live.get(key) else { return };
        if live.address.try_send(Heard(entry.clone())).is_err() {
            live.pulse.stale.store(true, Ordering::Release);
        }
    }

    /// A copy of the state of the actor at `key`, if it is awake and loaded; for comparing with the rows.
    pub async fn show(&self, key: &str) -> Option<C> {
        let address = self.0.live.get(key).map(|live| live.address.clone())?;
        let (reply, answer) = oneshot::channel();
        address.try_send(Show(reply)).ok()?;
        answer.await.ok().flatten()
    }

    /// Keys of all awake actors.
    pub fn keys(&self) -> Vec<Arc<str>> {
        self.0.live.iter().map(|entry| entry.key().clone()).collect()
    }

    /// How many are awake.
    pub fn awake(&self) -> usize {
        self.0.awake.load(Ordering::Relaxed)
    }

    /// How often an actor was put into quarantine.
    pub fn quarantines(&self) -> u64 {
        self.0.quarantines.load(Ordering::Relaxed)
    }

    /// How often an actor was put to sleep to make room.
    pub fn evictions(&self) -> u64 {
        self.0.evictions.load(Ordering::Relaxed)
    }

    /// Takes an actor off the list, if it is still the one at this key.
    pub fn forget(&self, key: &str, address: &Addr<Shell<C>>) {
        let removed = self.0.live.remove_if(key, |_, live| live.address == *address);
        if removed.is_some() {
            self.0.awake.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Says aloud that an actor failed too often.
    pub fn quarantined(&self, key: &str) {
        self.0.quarantines.fetch_add(1, Ordering::Relaxed);
        tracing::error!(room = C::ROOM.name(), %key, "an actor keeps failing and is in quarantine");
    }

    fn elapsed_ms(&self) -> i64 {
        i64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    fn awaken(&self, key: &Arc<str>) -> (Addr<Shell<C>>, Arc<Pulse>) {
        if let Some(live) = self.0.live.get(key) {
            return (live.address.clone(), live.pulse.clone());
        }
        let woken = match self.0.live.entry(key.clone()) {
            Entry::Occupied(there) => (there.get().address.clone(), there.get().pulse.clone()),
            Entry::Vacant(free) => {
                let pulse = Arc::new(Pulse::default());
                let address = self.start(key.clone(), pulse.clone());
                free.insert(Live { address: address.clone(), pulse: pulse.clone() });
                self.0.awake.fetch_add(1, Ordering::Relaxed);
                (address, pulse)
            }
        };
        self.make_room(key);
        woken
    }

    fn start(&self, key: Arc<str>, pulse: Arc<Pulse>) -> Addr<Shell<C>> {
        let (around, registry) = (self.0.around.clone(), self.clone());
        let make = move || Shell::new(key, around, registry, pulse);
        let turn = self.0.next.fetch_add(1, Ordering::Relaxed);
        let arbiters = self.0.arbiters.len();
        match turn.checked_rem(arbiters).and_then(|index| self.0.arbiters.get(index)) {
            Some(arbiter) => Shell::start_in_arbiter(arbiter, move |_| make()),
            None => make().start(),
        }
    }

    /// Puts the least recently used of a sample to sleep while too many are awake.
    fn make_room(&self, but: &Arc<str>) {
        if self.awake() <= self.0.cap {
            return;
        }
        self.0.newest_ms.store(self.elapsed_ms(), Ordering::Relaxed);
        let oldest = self
            .0
            .live
            .iter()
            .filter(|entry| entry.key() != but)
            .take(SAMPLE)
            .min_by_key(|entry| entry.pulse.last_used_ms.load(Ordering::Relaxed))
            .map(|entry| entry.address.clone());
        if let Some(address) = oldest
            && address.try_send(Sleep).is_ok()
        {
            self.0.evictions.fetch_add(1, Ordering::Relaxed);
        }
    }
}
