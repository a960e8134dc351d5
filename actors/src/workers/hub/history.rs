//! Where a watcher who was away reads what it missed: the journal, seen through one small trait.
//!
//! [`MemoryHistory`] is the same in memory; [`Recent`] keeps the newest frames before a slower history, so that a crowd
//! that comes back at once is served from memory. Nothing here sends.

use super::frame::{Frame, SEQ_PER_EPOCH};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Reads of the slower history at a time; the others wait their turn.
const DEEP_READS_MAX: usize = 4;

/// What history has after a position.
#[derive(Debug)]
pub enum Replay {
    /// The frames after it in order, at most the limit asked for; fewer than the limit means the end was reached.
    Frames(Vec<Arc<Frame>>),
    /// History no longer reaches back that far: fetch the snapshot anew.
    Gone,
}

/// History could not be read now; the watcher comes back later.
#[derive(Debug, thiserror::Error)]
#[error("history could not be read: {0}")]
pub struct HistoryFault(pub String);

/// Reads past durable events as frames.
pub trait History: Send + Sync + 'static {
    /// The newest position. **Invariant:** never behind a frame that was already published.
    fn head(&self) -> i64;

    /// At most `limit` frames with a position above `seq`, in order.
    fn since(&self, seq: i64, limit: usize) -> BoxFuture<'static, Result<Replay, HistoryFault>>;
}

/// A bounded history in memory.
pub struct MemoryHistory {
    kept: Mutex<Kept>,
    frames_max: usize,
}

struct Kept {
    frames: VecDeque<Arc<Frame>>,
    /// Everything above this position is still there.
    reaches: i64,
    head: i64,
}

impl MemoryHistory {
    /// Empty, at the start of `epoch`, keeping the newest `frames_max` frames.
    pub fn new(epoch: i64, frames_max: usize) -> Self {
        Self::starting_at(epoch * SEQ_PER_EPOCH, frames_max)
    }

    /// Empty, reaching back to `start`.
    fn starting_at(start: i64, frames_max: usize) -> Self {
        let kept = Kept { frames: VecDeque::new(), reaches: start, head: start };
        Self { kept: Mutex::new(kept), frames_max }
    }

    /// Keeps a durable frame; passing ones are ignored. Frames come in order.
    pub fn append(&self, frame: Arc<Frame>) {
        let Some(seq) = frame.seq else { return };
        let mut kept = self.kept.lock();
        kept.head = kept.head.max(seq);
        kept.frames.push_back(frame);
        if kept.frames.len() > self.frames_max
            && let Some(seq) = kept.frames.pop_front().and_then(|oldest| oldest.seq)
        {
            kept.reaches = kept.reaches.max(seq);
        }
    }

    /// `None`: it does not reach back that far.
    fn read(&self, seq: i64, limit: usize) -> Option<Vec<Arc<Frame>>> {
        let kept = self.kept.lock();
        if seq < kept.reaches {
            return None;
        }
        let from = kept.frames.partition_point(|frame| frame.seq <= Some(seq));
        Some(kept.frames.range(from..).take(limit).cloned().collect())
    }
}

impl History for MemoryHistory {
    fn head(&self) -> i64 {
        self.kept.lock().head
    }

    fn since(&self, seq: i64, limit: usize) -> BoxFuture<'static, Result<Replay, HistoryFault>> {
        let answer = self.read(seq, limit).map_or(Replay::Gone, Replay::Frames);
        Box::pin(std::future::ready(Ok(answer)))
    }
}

/// The newest frames in memory before a slower history.
///
/// **Invariant:** every durable frame is appended here, in order, before it is published.
pub struct Recent {
    kept: MemoryHistory,
    deep: Arc<dyn History>,
    reads: Arc<Semaphore>,
}

impl Recent {
    /// Keeps the newest `frames_max` frames of those appended from now on; what is older is read from `deep`.
    pub fn new(deep: Arc<dyn History>, frames_max: usize) -> Self {
        let kept = MemoryHistory::starting_at(deep.head(), frames_max);
        Self { kept, deep, reads: Arc::new(Semaphore::new(DEEP_READS_MAX)) }
    }

    /// Keeps a durable frame that is about to be published.
    pub fn append(&self, frame: Arc<Frame>) {
        self.kept.append(frame);
    }
}

impl History for Recent {
    fn head(&self) -> i64 {
        // The journal may be ahead of what was told so far, and a snapshot may bear that position.
        self.kept.head().max(self.deep.head())
    }

    fn since(&self, seq: i64, limit: usize) -> BoxFuture<'static, Result<Replay, HistoryFault>> {
        if let Some(frames) = self.kept.read(seq, limit) {
            return Box::pin(std::future::ready(Ok(Replay::Frames(frames))));
        }
        let (deep, reads) = (Arc::clone(&self.deep), Arc::clone(&self.reads));
        Box::pin(async move {
            // The semaphore is never closed; without a permit the read is refused rather than let through.
            let Ok(_turn) = reads.acquire().await else {
                return Err(HistoryFault("no more reads are taken".into()));
            };
            deep.since(seq, limit).await
        })
    }
}
