//! One watcher's queue: bounded in frames and in bytes, newest position wins, and a reader who lets it fill is cut.
//!
//! Lives on one thread (`Rc`, `Cell`): the shard pushes, the connection's own task takes. Never blocks, never grows
//! beyond its bounds, and wakes its reader only when the reader said that it waits.

use super::frame::Frame;
use bytes::Bytes;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Waker};

/// Frames a watcher may have waiting.
pub const QUEUE_FRAMES_MAX: usize = 512;
/// Bytes a watcher may have waiting; one frame is always taken, whatever its size.
pub const QUEUE_BYTES_MAX: usize = 1024 * 1024;
/// A queue that grew beyond this many slots gives its memory back once it is empty.
const QUEUE_SLOTS_KEPT: usize = 16;

/// Why a watcher is told no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It read more slowly than events came.
    TooSlow,
    /// Its login or link is no longer valid.
    Revoked,
    /// History could not be read.
    Fault,
    /// The server stops.
    Stopping,
}

impl Cut {
    /// A word for the wire and for logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooSlow => "too_slow",
            Self::Revoked => "revoked",
            Self::Fault => "fault",
            Self::Stopping => "stopping",
        }
    }
}

/// A frame on one thread. The bytes are this thread's own copy when many watch, so that reference counts are not
/// fought over between cores on every delivery.
#[derive(Debug)]
pub struct LocalFrame {
    pub frame: Arc<Frame>,
    /// The SSE frame.
    pub sse: Bytes,
    json: OnceCell<Bytes>,
}

impl LocalFrame {
    pub(super) fn new(frame: Arc<Frame>, many: bool) -> Self {
        let sse = if many { Bytes::copy_from_slice(&frame.sse) } else { frame.sse.clone() };
        Self { frame, sse, json: OnceCell::new() }
    }

    /// The JSON object, as this thread's own bytes.
    pub fn json(&self) -> &Bytes {
        self.json.get_or_init(|| Bytes::copy_from_slice(&self.frame.json))
    }
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Rc<LocalFrame>>,
    bytes: usize,
    /// How many of `frames` have a latest-wins key: the search for one is skipped when there is none.
    conflatable: usize,
    waker: Option<Waker>,
}

/// What the shard and the connection share.
pub(super) struct Watcher {
    queue: RefCell<Queue>,
    pub(super) topics: RefCell<Vec<Arc<str>>>,
    /// The reader returned `Pending` and has not been woken since.
    waits: Cell<bool>,
    ping_is_due: Cell<bool>,
    cut: Cell<Option<Cut>>,
    /// While set, a full queue is emptied and `missed` says so: history will be read again.
    forgives: Cell<bool>,
    missed: Cell<bool>,
    /// The handle is gone; the shard forgets it when it next passes by.
    pub(super) gone: Cell<bool>,
    /// Stamp of the last frame offered, so that a frame of two topics is queued once.
    pub(super) stamp: Cell<u64>,
}

impl Watcher {
    pub(super) fn new() -> Self {
        Self {
            queue: RefCell::default(),
            topics: RefCell::default(),
            waits: Cell::new(false),
            ping_is_due: Cell::new(false),
            cut: Cell::new(None),
            forgives: Cell::new(false),
            missed: Cell::new(false),
            gone: Cell::new(false),
            stamp: Cell::new(0),
        }
    }

    /// Queues a frame; `false` when this was what cut the watcher off.
    pub(super) fn push(&self, frame: &Rc<LocalFrame>) -> bool {
        if self.cut.get().is_some() {
            return true;
        }
        let mut queue = self.queue.borrow_mut();
        if let Some(key) = &frame.frame.conflate {
            if queue.conflatable > 0
                && let Some(at) =
                    queue.frames.iter().position(|f| f.frame.conflate.as_ref() == Some(key))
            {
                queue.bytes = queue.bytes + frame.frame.size() - queue.frames[at].frame.size();
                queue.frames[at] = Rc::clone(frame);
                return true;
            }
            queue.conflatable += 1;
        }
        let is_full = queue.frames.len() >= QUEUE_FRAMES_MAX
            || (!queue.frames.is_empty() && queue.bytes + frame.frame.size() > QUEUE_BYTES_MAX);
        if is_full {
            queue.frames = VecDeque::new();
            (queue.bytes, queue.conflatable) = (0, 0);
            drop(queue);
            if self.forgives.get() {
                self.missed.set(true);
                return true;
            }
            self.cut_off(Cut::TooSlow);
            return false;
        }
        queue.bytes += frame.frame.size();
        queue.frames.push_back(Rc::clone(frame));
        self.wake(&queue);
        true
    }

    /// The oldest waiting frame.
    pub(super) fn take(&self) -> Option<Rc<LocalFrame>> {
        let mut queue = self.queue.borrow_mut();
        let frame = queue.frames.pop_front()?;
        queue.bytes -= frame.frame.size();
        queue.conflatable -= usize::from(frame.frame.conflate.is_some());
        if queue.frames.is_empty() && queue.frames.capacity() > QUEUE_SLOTS_KEPT {
            queue.frames = VecDeque::new();
        }
        Some(frame)
    }

    pub(super) fn take_ping(&self) -> bool {
        self.ping_is_due.replace(false)
    }

    pub(super) fn cut(&self) -> Option<Cut> {
        self.cut.get()
    }

    /// Tells it no more; the first reason stands.
    pub(super) fn cut_off(&self, why: Cut) {
        if self.cut.get().is_none() {
            self.cut.set(Some(why));
            self.wake(&self.queue.borrow());
        }
    }

    /// A sign of life, unless something is waiting to be read anyway.
    pub(super) fn ping(&self) {
        let queue = self.queue.borrow();
        if queue.frames.is_empty() {
            self.ping_is_due.set(true);
            self.wake(&queue);
        }
    }

    /// While history is read a full queue is no fault of the reader's.
    pub(super) fn forgive(&self, on: bool) {
        self.forgives.set(on);
    }

    /// Whether frames were thrown away since the last call.
    pub(super) fn take_missed(&self) -> bool {
        self.missed.replace(false)
    }

    /// The reader waits; the next push wakes it.
    pub(super) fn wait(&self, cx: &Context<'_>) {
        let mut queue = self.queue.borrow_mut();
        match &queue.waker {
            Some(waker) if waker.will_wake(cx.waker()) => {}
            _ => queue.waker = Some(cx.waker().clone()),
        }
        self.waits.set(true);
    }

    pub(super) fn poke(&self) {
        self.wake(&self.queue.borrow());
    }

    fn wake(&self, queue: &Queue) {
        if self.waits.replace(false)
            && let Some(waker) = &queue.waker
        {
            waker.wake_by_ref();
        }
    }
}
