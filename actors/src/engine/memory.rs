//! A journal in memory, for tests of this floor: same promises as the real one but durability.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::engine::clock::Clock;
use crate::engine::journal::{Cause, CommitError, EPOCH, Journal, Recorded, Seq, Since, Write};

#[derive(Default)]
struct Shelf {
    entries: Vec<Arc<Recorded>>,
    versions: HashMap<Arc<str>, Seq>,
    reactions: HashSet<Cause>,
    inbox: HashMap<(Arc<str>, Arc<str>), Arc<str>>,
}

/// The journal in memory.
pub struct MemoryJournal {
    shelf: Mutex<Shelf>,
    head: watch::Sender<Seq>,
    clock: Clock,
}

impl MemoryJournal {
    /// An empty journal in its first epoch.
    pub fn new(clock: Clock) -> Self {
        Self { shelf: Mutex::default(), head: watch::Sender::new(EPOCH), clock }
    }

    fn write(&self, write: Write) -> Result<Vec<Arc<Recorded>>, CommitError> {
        let mut shelf = self.shelf.lock();
        if let Some(cause) = &write.cause
            && !shelf.reactions.insert(cause.clone())
        {
            return Err(CommitError::Seen { same_body: true });
        }
        if let Some(inbox) = &write.inbox {
            let key = (inbox.source.clone(), inbox.key.clone());
            if let Some(body) = shelf.inbox.get(&key) {
                return Err(CommitError::Seen { same_body: *body == inbox.sha256 });
            }
            shelf.inbox.insert(key, inbox.sha256.clone());
        }
        for expect in &write.expects {
            let current = shelf.versions.get(&expect.entity).copied().unwrap_or(0);
            if current != expect.version {
                return Err(CommitError::Stale { entity: expect.entity.clone(), current });
            }
        }
        let mut seq = *self.head.borrow();
        let mut recorded = Vec::with_capacity(write.events.len());
        for event in write.events {
            seq += 1;
            for entity in event.touches() {
                shelf.versions.insert(entity, seq);
            }
            let entry = Arc::new(Recorded {
                seq,
                at: self.clock.now(),
                key: write.key.clone(),
                by: write.by.clone(),
                cause: write.cause.clone(),
                event,
            });
            shelf.entries.push(entry.clone());
            recorded.push(entry);
        }
        drop(shelf);
        self.head.send_replace(seq);
        Ok(recorded)
    }
}

impl Journal for MemoryJournal {
    fn commit(&self, write: Write) -> BoxFuture<'_, Result<Vec<Arc<Recorded>>, CommitError>> {
        std::future::ready(self.write(write)).boxed()
    }

    fn since(&self, seq: Seq, limit: usize) -> BoxFuture<'_, Result<Since, CommitError>> {
        let events =
            self.shelf.lock().entries.iter().filter(|e| e.seq > seq).take(limit).cloned().collect();
        std::future::ready(Ok(Since::Events(events))).boxed()
    }

    fn head(&self) -> watch::Receiver<Seq> {
        self.head.subscribe()
    }
}
