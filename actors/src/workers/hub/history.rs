//! Where a watcher who was away reads what it missed: the journal, seen through one small trait.
//!
//! [`MemoryHistory`] is the same in memory, for tests and for a server without a journal; [`Recent`] is the hub's own
//! memory of the newest frames. Nothing here sends.

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
        let start = epoch * SEQ_PER_EPOCH;
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
            kept.reaches = seq;
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

/// The newest durable frames that were told, so that a crowd that returns at once does not reach the journal.
pub(super) struct Recent {
    kept: Mutex<Told>,
    frames_max: usize,
    reads: Arc<Semaphore>,
}

#[derive(Default)]
struct Told {
    frames: VecDeque<Arc<Frame>>,
    /// Everything told above this is in `frames`; `None`: nothing was told yet.
    reaches: Option<i64>,
    last: i64,
}

impl Recent {
    pub(super) fn new(frames_max: usize) -> Self {
        let reads = Arc::new(Semaphore::new(DEEP_READS_MAX));
        Self { kept: Mutex::default(), frames_max, reads }
    }

    /// Keeps a durable frame that is about to be told.
    pub(super) fn append(&self, frame: &Arc<Frame>) {
        let Some(seq) = frame.seq else { return };
        let mut told = self.kept.lock();
        if told.reaches.is_some() && seq <= told.last {
            // Told out of order: what lies between is not known any more.
            told.frames.clear();
            told.reaches = Some(told.last);
            return;
        }
        told.reaches.get_or_insert(seq - 1);
        told.last = seq;
        told.frames.push_back(Arc::clone(frame));
        if told.frames.len() > self.frames_max
            && let Some(oldest) = told.frames.pop_front()
        {
            told.reaches = oldest.seq;
        }
    }

    /// The newest position: the journal's, unless it is behind what was told.
    pub(super) fn head(&self, deep: &dyn History) -> i64 {
        let told = self.kept.lock();
        let head = deep.head();
        if told.reaches.is_some() { head.max(told.last) } else { head }
    }

    /// From memory where that reaches, else from `deep`, a few reads at a time.
    pub(super) fn since(
        &self,
        deep: &Arc<dyn History>,
        seq: i64,
        limit: usize,
    ) -> BoxFuture<'static, Result<Replay, HistoryFault>> {
        {
            let told = self.kept.lock();
            if told.reaches.is_some_and(|reaches| seq >= reaches) {
                let from = told.frames.partition_point(|frame| frame.seq <= Some(seq));
                let frames = told.frames.range(from..).take(limit).cloned().collect();
                return Box::pin(std::future::ready(Ok(Replay::Frames(frames))));
            }
        }
        let (deep, reads) = (Arc::clone(deep), Arc::clone(&self.reads));
        Box::pin(async move {
            // The semaphore is never closed; without a permit the read is refused rather than let through.
            let Ok(_turn) = reads.acquire().await else {
                return Err(HistoryFault("no more reads are taken".into()));
            };
            deep.since(seq, limit).await
        })
    }
}
