//! The hub: who watches which topic, and the fan-out of frames to them.
//!
//! Called by the relay (durable events, in journal order) and by doors with passing events; read by `live`. It has one
//! shard per thread that has watchers: a frame is handed once to each shard with a watcher of its topics, and the rest
//! happens on that thread. Publishing never waits and never blocks: a slow watcher is cut off, a full shard answers
//! [`Overloaded`]. The hub decides nothing, keeps no history and never looks into a frame's data.

mod feed;
mod frame;
mod history;
mod shard;
#[cfg(test)]
mod tests;
mod watcher;

pub use feed::{Busy, Feed, Item};
pub use frame::{Frame, SEQ_PER_EPOCH, epoch_of};
pub use history::{History, HistoryFault, MemoryHistory, Replay};
pub use shard::{CHECK_EVERY_S, Check, INBOX_FRAMES_MAX, PING_EVERY_S};
pub use watcher::{Cut, LocalFrame, QUEUE_BYTES_MAX, QUEUE_FRAMES_MAX};

use history::Recent;
use parking_lot::RwLock;
use shard::{INBOX_FRAMES_EASY, Inbox, Shard};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// Watchers in all; a further one is refused.
pub const WATCHERS_MAX: usize = 50_000;
/// Durable frames the hub remembers for those who come back.
const RECENT_FRAMES: usize = 2048;
/// How long a publisher who can wait waits for room.
const ROOM_WAIT: Duration = Duration::from_secs(1);

/// A shard has too much before it; try again in a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the hub has too much to send")]
pub struct Overloaded;

/// No further watcher is let in: too many, or the server stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no more watchers are let in")]
pub struct Full;

/// A handle on the hub; cheap to clone, for any thread. When the last one is dropped every watcher is sent away.
#[derive(Clone)]
pub struct Hub(Arc<Handle>);

struct Handle(Arc<Shared>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Where a topic is watched: (shard, watchers there).
type Places = Vec<(usize, usize)>;

struct Shared {
    recent: Recent,
    topics: RwLock<HashMap<Arc<str>, Places>>,
    shards: RwLock<Vec<Arc<Inbox>>>,
    watchers: AtomicUsize,
    cut: AtomicU64,
    is_closed: AtomicBool,
}

thread_local! {
    /// This thread's shard of each hub (one hub, outside tests), by the address of the hub's shared part.
    static SHARDS: RefCell<Vec<(usize, Weak<Shard>)>> = const { RefCell::new(Vec::new()) };
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

impl Hub {
    /// A hub without watchers.
    pub fn new() -> Self {
        Self::remembering(RECENT_FRAMES)
    }

    /// A hub that serves who comes back from the newest `frames_max` durable frames, before it asks history.
    pub fn remembering(frames_max: usize) -> Self {
        Self(Arc::new(Handle(Arc::new(Shared {
            recent: Recent::new(frames_max),
            topics: RwLock::default(),
            shards: RwLock::default(),
            watchers: AtomicUsize::new(0),
            cut: AtomicU64::new(0),
            is_closed: AtomicBool::new(false),
        }))))
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.0.0
    }

    /// Hands a frame to every shard with a watcher of one of its topics; returns how many watch (a watcher of two of
    /// the topics counts twice). Frames published one after the other reach each watcher in that order; durable ones
    /// are published in the order of their positions.
    ///
    /// A durable frame is always taken: a shard too far behind for it cuts its watchers off, and they come back for
    /// what they missed.
    ///
    /// # Errors
    /// [`Overloaded`]: a passing frame, and nobody got it.
    pub fn publish(&self, frame: impl Into<Arc<Frame>>) -> Result<usize, Overloaded> {
        let frame = frame.into();
        self.shared().recent.append(&frame);
        let (targets, watchers) = self.shared().targets(&frame.topics);
        if frame.seq.is_none() && targets.iter().any(|inbox| inbox.lag() >= INBOX_FRAMES_MAX) {
            return Err(Overloaded);
        }
        for inbox in targets {
            inbox.push(Arc::clone(&frame));
        }
        Ok(watchers)
    }

    /// Waits, at most a second, until the shards have little before them: what a publisher does who can wait, so
    /// that a burst slows its source down and cuts nobody off.
    ///
    /// # Errors
    /// [`Overloaded`]: still no room.
    pub async fn room(&self) -> Result<(), Overloaded> {
        let is_behind = |inbox: &&Arc<Inbox>| inbox.lag() >= INBOX_FRAMES_EASY;
        loop {
            let Some(behind) = self.shared().shards.read().iter().find(is_behind).cloned() else {
                return Ok(());
            };
            let has_room = behind.has_room.notified();
            if behind.lag() >= INBOX_FRAMES_EASY {
                tokio::time::timeout(ROOM_WAIT, has_room).await.map_err(|_| Overloaded)?;
            }
        }
    }

    /// A new watcher on this thread, which must run a `LocalSet`; it watches nothing until it subscribes.
    ///
    /// # Errors
    /// [`Full`].
    pub fn watch(&self, history: Arc<dyn History>, check: Option<Check>) -> Result<Feed, Full> {
        let shared = self.shared();
        if shared.is_closed.load(Ordering::Relaxed) {
            return Err(Full);
        }
        if shared.watchers.fetch_add(1, Ordering::Relaxed) >= WATCHERS_MAX {
            shared.watchers.fetch_sub(1, Ordering::Relaxed);
            return Err(Full);
        }
        Ok(Feed::new(self.shard_here().admit(check), Past { shared: Arc::clone(shared), history }))
    }

    fn shard_here(&self) -> Rc<Shard> {
        let key = Arc::as_ptr(self.shared()) as usize;
        SHARDS.with_borrow_mut(|here| {
            here.retain(|(_, shard)| shard.strong_count() > 0);
            if let Some(shard) = here.iter().find(|(k, _)| *k == key).and_then(|(_, s)| s.upgrade())
            {
                return shard;
            }
            let inbox = Arc::new(Inbox::new());
            let mut shards = self.shared().shards.write();
            shards.push(Arc::clone(&inbox));
            let shard = Shard::start(Arc::clone(self.shared()), shards.len() - 1, inbox);
            here.push((key, Rc::downgrade(&shard)));
            shard
        })
    }

    /// Sends every watcher away, for a stop; nobody is let in afterwards.
    pub fn close(&self) {
        self.shared().close();
    }

    /// Watchers now.
    pub fn watchers(&self) -> usize {
        self.shared().watchers.load(Ordering::Relaxed)
    }

    /// Watchers cut off since the start because they read too slowly.
    pub fn cut(&self) -> u64 {
        self.shared().cut.load(Ordering::Relaxed)
    }
}

/// The hub's memory and the journal behind it, as a feed reads them.
struct Past {
    shared: Arc<Shared>,
    history: Arc<dyn History>,
}

impl Past {
    fn head(&self) -> i64 {
        self.shared.recent.head(&*self.history)
    }

    fn since(
        &self,
        seq: i64,
        limit: usize,
    ) -> futures_util::future::BoxFuture<'static, Result<Replay, HistoryFault>> {
        self.shared.recent.since(&self.history, seq, limit)
    }
}

impl Shared {
    /// The inboxes of the shards that have watchers of `topics`, each once.
    fn targets(&self, topics: &[Arc<str>]) -> (Vec<Arc<Inbox>>, usize) {
        let (mut indexes, mut watchers) = (Vec::new(), 0);
        {
            let registry = self.topics.read();
            for (index, count) in topics.iter().filter_map(|t| registry.get(t)).flatten() {
                watchers += count;
                if !indexes.contains(index) {
                    indexes.push(*index);
                }
            }
        }
        let shards = self.shards.read();
        (indexes.into_iter().filter_map(|i| shards.get(i).cloned()).collect(), watchers)
    }

    fn watch(&self, topic: &Arc<str>, shard: usize) {
        let mut registry = self.topics.write();
        let here = registry.entry(Arc::clone(topic)).or_default();
        match here.iter_mut().find(|(index, _)| *index == shard) {
            Some((_, count)) => *count += 1,
            None => here.push((shard, 1)),
        }
    }

    fn unwatch(&self, topic: &Arc<str>, shard: usize) {
        let mut registry = self.topics.write();
        let Some(here) = registry.get_mut(topic) else { return };
        if let Some(at) = here.iter().position(|(index, _)| *index == shard) {
            here[at].1 -= 1;
            if here[at].1 == 0 {
                here.swap_remove(at);
            }
        }
        if here.is_empty() {
            registry.remove(topic);
        }
    }

    fn forget_shard(&self, shard: usize) {
        self.topics.write().retain(|_, here| {
            here.retain(|(index, _)| *index != shard);
            !here.is_empty()
        });
    }

    fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        for inbox in self.shards.read().iter() {
            inbox.close();
        }
    }
}
