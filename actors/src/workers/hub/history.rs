//! Where a watcher who was away reads what it missed: the journal, seen through one small trait.
//!
//! [`MemoryHistory`] is the same in memory, for tests and for a server without a journal. Nothing here sends.

use super::frame::{Frame, SEQ_PER_EPOCH};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;

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

    /// Keeps a durable frame; passing ones are ignored.
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
}

impl History for MemoryHistory {
    fn head(&self) -> i64 {
        self.kept.lock().head
    }

    fn since(&self, seq: i64, limit: usize) -> BoxFuture<'static, Result<Replay, HistoryFault>> {
        let kept = self.kept.lock();
        let answer = if seq < kept.reaches {
            Replay::Gone
        } else {
            let after = kept.frames.iter().filter(|frame| frame.seq > Some(seq));
            Replay::Frames(after.take(limit).cloned().collect())
        };
        Box::pin(std::future::ready(Ok(answer)))
    }
}
