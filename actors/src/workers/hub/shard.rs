//! One thread's share of the hub: the watchers that live on it, and the task that fans out to them.
//!
//! Other threads reach a shard only through its [`Inbox`]. Everything else is `Rc` and `RefCell`, so a delivery costs
//! no atomics shared between cores. One timer per shard serves the pings and the checks of all its watchers.

use super::Shared;
use super::frame::Frame;
use super::watcher::{Cut, LocalFrame, QUEUE_BYTES_MAX, QUEUE_FRAMES_MAX, Watcher};
use futures_util::future::LocalBoxFuture;
use futures_util::task::AtomicWaker;
use parking_lot::Mutex;
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::Notify;

/// Frames a shard may have before it, not yet fanned out; beyond it publishing answers `Overloaded`.
pub const INBOX_FRAMES_MAX: usize = 4096;
/// Below this many, a publisher who waits for room goes on.
pub const INBOX_FRAMES_EASY: usize = 128;
/// What is fanned out in one go before the shard lets its connections write. The bounds of a turn lie well below
/// those of a watcher's queue: who reads as fast as we write is never cut off by a burst.
const DELIVERIES_PER_TURN: usize = 2048;
const FRAMES_PER_TURN: usize = QUEUE_FRAMES_MAX / 4;
const BYTES_PER_TURN: usize = QUEUE_BYTES_MAX / 4;
/// After a big fan-out the next one waits this long for each delivery of it, about what writing it costs: under
/// saturation several frames then leave in one write. A frame after a quiet moment is never held.
const PAUSE_PER_DELIVERY: Duration = Duration::from_micros(4);
pub(super) const PAUSE_MAX: Duration = Duration::from_millis(4);
/// Shorter pauses are not worth a timer, whose grain is a millisecond.
const PAUSE_MIN: Duration = Duration::from_millis(1);
/// Every watcher gets a sign of life this often, in seconds.
pub const PING_EVERY_S: u64 = 25;
/// Every watcher's right to watch is checked again this often, in seconds.
pub const CHECK_EVERY_S: u64 = 60;

/// Asks whether a watcher may go on watching.
pub type Check = Rc<dyn Fn() -> LocalBoxFuture<'static, bool>>;

/// How other threads reach a shard.
pub(super) struct Inbox {
    incoming: Mutex<Incoming>,
    task: AtomicWaker,
    /// Frames accepted and not yet fanned out.
    lag: AtomicUsize,
    pub(super) has_room: Notify,
    is_dead: AtomicBool,
}

#[derive(Default)]
struct Incoming {
    frames: Vec<Arc<Frame>>,
    /// The shard's task runs or was woken: no need to wake it again.
    awake: bool,
    closing: bool,
    /// A durable frame found no room and was lost, with those before it: whoever watches must come back for them.
    is_overrun: bool,
}

/// What the shard's task is told.
#[derive(PartialEq, Eq)]
enum Taken {
    Frames,
    /// Frames as well, and others were lost before them.
    AfterALoss,
    Closing,
}

impl Inbox {
    pub(super) fn new() -> Self {
        Self {
            incoming: Mutex::default(),
            task: AtomicWaker::new(),
            lag: AtomicUsize::new(0),
            has_room: Notify::new(),
            is_dead: AtomicBool::new(false),
        }
    }

    pub(super) fn lag(&self) -> usize {
        if self.is_dead.load(Ordering::Relaxed) { 0 } else { self.lag.load(Ordering::Relaxed) }
    }

    pub(super) fn push(&self, frame: Arc<Frame>) {
        if self.is_dead.load(Ordering::Relaxed) {
            return;
        }
        let mut incoming = self.incoming.lock();
        if self.lag.fetch_add(1, Ordering::Relaxed) < INBOX_FRAMES_MAX {
            incoming.frames.push(frame);
        } else {
            let lost = incoming.frames.drain(..).count() + 1;
            self.lag.fetch_sub(lost, Ordering::Relaxed);
            incoming.is_overrun = true;
        }
        self.wake(incoming);
    }

    pub(super) fn close(&self) {
        let mut incoming = self.incoming.lock();
        incoming.closing = true;
        self.wake(incoming);
    }

    fn wake(&self, mut incoming: parking_lot::MutexGuard<'_, Incoming>) {
        if !std::mem::replace(&mut incoming.awake, true) {
            drop(incoming);
            self.task.wake();
        }
    }

    /// Waits for frames and takes them all.
    async fn take(&self, into: &mut Vec<Arc<Frame>>) -> Taken {
        poll_fn(|cx| {
            self.task.register(cx.waker());
            let mut incoming = self.incoming.lock();
            std::mem::swap(&mut incoming.frames, into);
            if std::mem::take(&mut incoming.is_overrun) {
                Poll::Ready(Taken::AfterALoss)
            } else if !into.is_empty() {
                Poll::Ready(Taken::Frames)
            } else if incoming.closing {
                Poll::Ready(Taken::Closing)
            } else {
                incoming.awake = false;
                Poll::Pending
            }
        })
        .await
    }

    fn has_fanned_out(&self, frames: usize) {
        let before = self.lag.fetch_sub(frames, Ordering::Relaxed);
        if before >= INBOX_FRAMES_EASY && before - frames < INBOX_FRAMES_EASY {
            self.has_room.notify_waiters();
        }
    }
}

pub(super) struct Shard {
    shared: Arc<Shared>,
    index: usize,
    inbox: Arc<Inbox>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    topics: HashMap<Arc<str>, Topic>,
    slots: Vec<Option<Slot>>,
    free: Vec<usize>,
    stamp: u64,
}

#[derive(Default)]
struct Turn {
    frames: usize,
    bytes: usize,
    deliveries: usize,
}

impl Turn {
    fn is_over(&self) -> bool {
        self.deliveries >= DELIVERIES_PER_TURN
            || self.frames >= FRAMES_PER_TURN
            || self.bytes >= BYTES_PER_TURN
    }
}

struct Slot {
    watcher: Rc<Watcher>,
    check: Option<Check>,
}

#[derive(Default)]
struct Topic {
    watchers: Vec<Rc<Watcher>>,
    /// How many of `watchers` have gone; swept out once they are the majority, so that leaving costs O(1).
    gone: usize,
}

impl Shard {
    /// Starts the shard's task on this thread; needs a `LocalSet` (every actix thread has one).
    pub(super) fn start(shared: Arc<Shared>, index: usize, inbox: Arc<Inbox>) -> Rc<Self> {
        let shard = Rc::new(Self { shared, index, inbox, state: RefCell::default() });
        let fan_out = Rc::clone(&shard);
        tokio::task::spawn_local(async move { fan_out.run().await });
        let ticking = Rc::downgrade(&shard);
        tokio::task::spawn_local(async move {
            let mut second = 0;
            let mut timer = tokio::time::interval(Duration::from_secs(1));
            timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                timer.tick().await;
                let Some(shard) = ticking.upgrade() else { break };
                shard.tick(second);
                second += 1;
            }
        });
        shard
    }

    async fn run(&self) {
        let mut frames = Vec::new();
        loop {
            match self.inbox.take(&mut frames).await {
                Taken::Frames => {}
                Taken::AfterALoss => self.cut_all(Cut::TooSlow),
                Taken::Closing => break,
            }
            let (mut deliveries, mut turn) = (0, Turn::default());
            for frame in frames.drain(..) {
                turn.frames += 1;
                turn.bytes += frame.size();
                turn.deliveries += self.fan_out(frame);
                self.inbox.has_fanned_out(1);
                if turn.is_over() {
                    deliveries += std::mem::take(&mut turn).deliveries;
                    tokio::task::yield_now().await;
                }
            }
            tokio::task::yield_now().await;
            let deliveries = u32::try_from(deliveries + turn.deliveries).unwrap_or(u32::MAX);
            let pause = PAUSE_PER_DELIVERY.saturating_mul(deliveries).min(PAUSE_MAX);
            if pause >= PAUSE_MIN {
                tokio::time::sleep(pause).await;
            }
        }
        self.cut_all(Cut::Stopping);
    }

    fn cut_all(&self, why: Cut) {
        for slot in self.state.borrow().slots.iter().flatten() {
            slot.watcher.cut_off(why);
        }
        tracing::info!(reason = why.as_str(), "all watchers of a thread cut off");
    }

    fn fan_out(&self, frame: Arc<Frame>) -> usize {
        let mut state = self.state.borrow_mut();
        state.stamp += 1;
        let stamp = state.stamp;
        let here = frame.topics.iter().filter_map(|t| state.topics.get(t));
        let many = here.map(|topic| topic.watchers.len()).sum::<usize>() > 1;
        let local = Rc::new(LocalFrame::new(frame, many));
        let (mut deliveries, mut cut) = (0, 0);
        for topic in local.frame.topics.iter() {
            let Some(topic) = state.topics.get(topic) else { continue };
            for watcher in &topic.watchers {
                if watcher.stamp.replace(stamp) != stamp && !watcher.gone.get() {
                    deliveries += 1;
                    cut += u64::from(!watcher.push(&local));
                }
            }
        }
        if cut > 0 {
            self.shared.cut.fetch_add(cut, Ordering::Relaxed);
            tracing::info!(watchers = cut, reason = Cut::TooSlow.as_str(), "watchers cut off");
        }
        deliveries
    }

    /// A ping and a check for those whose turn it is this second.
    fn tick(&self, second: u64) {
        for (id, slot) in self.state.borrow().slots.iter().enumerate() {
            let Some(slot) = slot else { continue };
            let id = id as u64;
            if (id + second).is_multiple_of(PING_EVERY_S) {
                slot.watcher.ping();
            }
            if (id + second).is_multiple_of(CHECK_EVERY_S)
                && let Some(check) = &slot.check
            {
                let (answer, watcher) = (check(), Rc::clone(&slot.watcher));
                tokio::task::spawn_local(async move {
                    if !answer.await {
                        watcher.cut_off(Cut::Revoked);
                    }
                });
            }
        }
    }

    pub(super) fn admit(self: &Rc<Self>, check: Option<Check>) -> Watch {
        let watcher = Rc::new(Watcher::new());
        let mut state = self.state.borrow_mut();
        let slot = Some(Slot { watcher: Rc::clone(&watcher), check });
        let id = match state.free.pop() {
            Some(id) => {
                state.slots[id] = slot;
                id
            }
            None => {
                state.slots.push(slot);
                state.slots.len() - 1
            }
        };
        Watch { watcher, shard: Rc::clone(self), id }
    }
}

impl Drop for Shard {
    fn drop(&mut self) {
        // Its thread is going: publishers must not fill an inbox that nobody empties.
        self.inbox.is_dead.store(true, Ordering::Relaxed);
        self.inbox.has_room.notify_waiters();
        self.shared.forget_shard(self.index);
    }
}

/// A watcher's place in its shard; given up when dropped.
pub(super) struct Watch {
    pub(super) watcher: Rc<Watcher>,
    shard: Rc<Shard>,
    id: usize,
}

impl Watch {
    /// Watches these too; those already watched are left as they are.
    pub(super) fn add(&self, topics: &[Arc<str>]) {
        let mut state = self.shard.state.borrow_mut();
        for name in topics {
            let mut mine = self.watcher.topics.borrow_mut();
            if mine.contains(name) {
                continue;
            }
            mine.push(Arc::clone(name));
            let topic = state.topics.entry(Arc::clone(name)).or_default();
            topic.watchers.push(Rc::clone(&self.watcher));
            self.shard.shared.watch(name, self.shard.index);
        }
    }

    /// Stops watching these.
    pub(super) fn remove(&self, topics: &[Arc<str>]) {
        let mut state = self.shard.state.borrow_mut();
        for name in topics {
            let mut mine = self.watcher.topics.borrow_mut();
            let Some(at) = mine.iter().position(|n| n == name) else { continue };
            mine.swap_remove(at);
            if let Some(topic) = state.topics.get_mut(name) {
                topic.watchers.retain(|w| !Rc::ptr_eq(w, &self.watcher));
                if topic.watchers.len() == topic.gone {
                    state.topics.remove(name);
                }
            }
            self.shard.shared.unwatch(name, self.shard.index);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watcher.gone.set(true);
        let mut state = self.shard.state.borrow_mut();
        state.slots[self.id] = None;
        state.free.push(self.id);
        for name in self.watcher.topics.take() {
            if let Some(topic) = state.topics.get_mut(&name) {
                topic.gone += 1;
                if topic.gone * 2 > topic.watchers.len() {
                    topic.watchers.retain(|w| !w.gone.get());
                    topic.gone = 0;
                }
                if topic.watchers.is_empty() {
                    state.topics.remove(&name);
                }
            }
            self.shard.shared.unwatch(&name, self.shard.index);
        }
        self.shard.shared.watchers.fetch_sub(1, Ordering::Relaxed);
    }
}
