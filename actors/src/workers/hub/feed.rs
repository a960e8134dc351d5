//! What one watcher gets, in order: what it missed, then what happens, nothing twice and nothing left out.
//!
//! It watches first and reads history second, so there is no moment in between; what then comes twice is dropped by
//! its journal position. Knows nothing of HTTP: `live` turns items into bytes.

use super::Past;
use super::frame::{Frame, epoch_of};
use super::history::{HistoryFault, Replay};
use super::shard::Watch;
use super::watcher::{Cut, LocalFrame};
use futures_util::future::BoxFuture;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Frames read from history at a time.
const REPLAY_FRAMES: usize = 256;
/// Subscriptions that may wait for a replay to end.
const WAITING_MAX: usize = 16;

/// One thing for the watcher.
#[derive(Debug)]
pub enum Item {
    /// Happened now.
    Live(Rc<LocalFrame>),
    /// Happened before, read from history.
    Past(Arc<Frame>),
    /// History does not reach: fetch the snapshot anew. Holds the head's journal position.
    Resync(i64),
    /// Nothing happened; a sign of life is due.
    Ping,
    /// Told no more; always the last.
    End(Cut),
}

/// Too many subscriptions wait for a replay.
#[derive(Debug, thiserror::Error)]
#[error("a replay is under way and too many subscriptions wait for it")]
pub struct Busy;

/// A watcher's stream of [`Item`]s. Bound to the thread it was made on.
pub struct Feed {
    watch: Watch,
    history: Past,
    /// Every durable frame up to here was sent, or lies before what was asked for.
    cursor: i64,
    catch_up: Option<Box<CatchUp>>,
    has_ended: bool,
}

struct CatchUp {
    position: i64,
    ready: std::vec::IntoIter<Arc<Frame>>,
    reading: Option<BoxFuture<'static, Result<Replay, HistoryFault>>>,
    is_at_end: bool,
    /// Topics watched before this replay was asked for: their frames up to `cursor` went out already.
    old: Vec<Arc<str>>,
    waiting: VecDeque<(Vec<Arc<str>>, i64)>,
}

impl Feed {
    pub(super) fn new(watch: Watch, history: Past) -> Self {
        Self { watch, history, cursor: i64::MIN, catch_up: None, has_ended: false }
    }

    /// Watches `topics` as well; with `after` everything durable on them since that position comes first.
    ///
    /// # Errors
    /// [`Busy`]: too many subscriptions wait for a replay that is under way.
    pub fn subscribe(&mut self, topics: Vec<Arc<str>>, after: Option<i64>) -> Result<(), Busy> {
        if let (Some(catch_up), Some(after)) = (&mut self.catch_up, after) {
            if catch_up.waiting.len() >= WAITING_MAX {
                return Err(Busy);
            }
            catch_up.waiting.push_back((topics, after));
        } else {
            self.start(topics, after, VecDeque::new());
        }
        self.watch.watcher.poke();
        Ok(())
    }

    /// Stops watching `topics`.
    pub fn unsubscribe(&mut self, topics: &[Arc<str>]) {
        self.watch.remove(topics);
    }

    /// The topics watched.
    pub fn topics(&self) -> Vec<Arc<str>> {
        self.watch.watcher.topics.borrow().clone()
    }

    fn start(
        &mut self,
        topics: Vec<Arc<str>>,
        after: Option<i64>,
        waiting: VecDeque<(Vec<Arc<str>>, i64)>,
    ) {
        let old = self.topics();
        self.watch.add(&topics);
        let Some(after) = after else { return };
        if old.is_empty() && epoch_of(after) == epoch_of(self.history.head()) {
            // What comes later with an older position lies before what was asked for.
            self.cursor = self.cursor.max(after);
        }
        // The head is read after the watch stands: whatever comes later than it will be told.
        if after == self.history.head() && waiting.is_empty() {
            return;
        }
        self.watch.watcher.forgive(true);
        let ready = Vec::new().into_iter();
        let catch_up =
            CatchUp { position: after, ready, reading: None, is_at_end: false, old, waiting };
        self.catch_up = Some(Box::new(catch_up));
    }

    /// The next item; `None` after [`Item::End`].
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        if let Some(why) = self.watch.watcher.cut() {
            return self.end(why);
        }
        while self.catch_up.is_some() {
            match self.poll_past(cx) {
                Poll::Ready(Some(item)) => return Poll::Ready(Some(item)),
                Poll::Ready(None) => {}
                Poll::Pending => {
                    self.watch.watcher.wait(cx);
                    return Poll::Pending;
                }
            }
        }
        while let Some(frame) = self.watch.watcher.take() {
            match frame.frame.seq {
                Some(seq) if seq <= self.cursor => {}
                seq => {
                    self.cursor = seq.unwrap_or(self.cursor);
                    return Poll::Ready(Some(Item::Live(frame)));
                }
            }
        }
        if self.watch.watcher.take_ping() {
            return Poll::Ready(Some(Item::Ping));
        }
        self.watch.watcher.wait(cx);
        Poll::Pending
    }

    fn end(&mut self, why: Cut) -> Poll<Option<Item>> {
        self.has_ended = true;
        Poll::Ready(Some(Item::End(why)))
    }

    /// `None`: this step gave nothing, or the replay has ended.
    fn poll_past(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let Some(catch_up) = &mut self.catch_up else { return Poll::Ready(None) };
        for frame in catch_up.ready.by_ref() {
            let Some(seq) = frame.seq else { continue };
            let was_sent = seq <= self.cursor && frame.is_about(&catch_up.old);
            if !was_sent && frame.is_about(&self.watch.watcher.topics.borrow()) {
                self.cursor = self.cursor.max(seq);
                return Poll::Ready(Some(Item::Past(frame)));
            }
        }
        if catch_up.is_at_end {
            // Frames that were thrown away while history was read are in history by now.
            if !self.watch.watcher.take_missed() {
                let position = catch_up.position;
                self.finish(position);
                return Poll::Ready(None);
            }
            catch_up.is_at_end = false;
        }
        let reading = match &mut catch_up.reading {
            Some(reading) => reading,
            None => {
                let head = self.history.head();
                if epoch_of(catch_up.position) != epoch_of(head) || catch_up.position > head {
                    return self.resync();
                }
                let since = self.history.since(catch_up.position, REPLAY_FRAMES);
                catch_up.reading.insert(since)
            }
        };
        let read = std::task::ready!(reading.as_mut().poll(cx));
        catch_up.reading = None;
        match read {
            Ok(Replay::Frames(frames)) => {
                catch_up.is_at_end = frames.len() < REPLAY_FRAMES;
                let last = frames.iter().rev().find_map(|frame| frame.seq);
                catch_up.position = last.unwrap_or(catch_up.position);
                catch_up.ready = frames.into_iter();
                Poll::Ready(None)
            }
            Ok(Replay::Gone) => self.resync(),
            Err(fault) => {
                tracing::warn!(%fault, "a watcher could not catch up");
                self.end(Cut::Fault)
            }
        }
    }

    fn resync(&mut self) -> Poll<Option<Item>> {
        let head = self.history.head();
        self.watch.watcher.take_missed();
        self.finish(head);
        Poll::Ready(Some(Item::Resync(head)))
    }

    fn finish(&mut self, position: i64) {
        self.cursor = self.cursor.max(position);
        self.watch.watcher.forgive(false);
        if let Some(done) = self.catch_up.take() {
            let mut waiting = done.waiting;
            if let Some((topics, after)) = waiting.pop_front() {
                self.start(topics, Some(after), waiting);
            }
        }
    }
}
