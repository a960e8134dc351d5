//! Reads outside calendars, one after the other, every quarter of an hour and whenever somebody asks; tells each technician's actor what
//! it found. Keeps in memory when each was read and what its server said; a restart reads all of them again. No address leaves it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actors::engine::journal::Journal;
use actors::engine::shell::Circumstances;
use actors::ids::{CalendarId, TechnicianId};
use actors::technicians::calendars::{Busy, Reading};
use actors::technicians::protocol::Command;
use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::store::{self, OutsideFeed};
use crate::house::House;
use crate::integrations::ics::fetch::{Client, Fault, Fetched, Marks};
use crate::integrations::ics::read::{Taken, taken};

/// How often a calendar is read.
const EVERY: SignedDuration = SignedDuration::from_mins(15);
/// How soon one is read again whose reading could not be written down.
const AFTER_TROUBLE: SignedDuration = SignedDuration::from_mins(1);
/// How far ahead is looked, and how far back.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 60);
const BACK: SignedDuration = SignedDuration::from_hours(24);
/// Calendars read at once: one slow server holds nobody else up.
const AT_ONCE: usize = 4;
/// How often is looked whether one is due, or whether the list is another.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What is remembered of a calendar between two readings.
#[derive(Clone, Debug, Default)]
struct Memory {
    next_at: Option<Timestamp>,
    marks: Marks,
    /// When the file that the marks speak of was laid out: the span slides, so an unchanged file is laid out anew once a day.
    laid_out_at: Option<Timestamp>,
}

/// The reader's bell and memory; clones share them.
#[derive(Clone, Default)]
pub struct OutsideReader(Arc<Inner>);

#[derive(Default)]
struct Inner {
    memory: Mutex<HashMap<String, Memory>>,
    bell: Notify,
    lists: AtomicU64,
}

impl OutsideReader {
    /// How often the list of who follows what was read from its rows.
    pub fn lists(&self) -> u64 {
        self.0.lists.load(Ordering::Relaxed)
    }

    /// Has one calendar read as soon as may be, whatever its server said before.
    pub fn soon(&self, calendar: &str) {
        self.0.memory.lock().remove(calendar);
        self.0.bell.notify_one();
    }

    /// Has it read again in a while, whatever its server said before: what was read has not been written down. Somebody
    /// else's server is not asked over and over for what is our own trouble.
    fn later(&self, calendar: &str, now: Timestamp) {
        let again = Memory { next_at: Some(now + AFTER_TROUBLE), ..Memory::default() };
        self.0.memory.lock().insert(calendar.to_owned(), again);
    }

    /// Reads until the house stops.
    pub async fn run(self, house: House) {
        let client = match Client::new() {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(%error, "outside calendars cannot be read");
                return;
            }
        };
        let (mut stop, mut head) = (house.stop.subscribe(), house.journal.head());
        let mut feeds = None;
        while !*stop.borrow() {
            // Who follows what is written down: while nothing is, the list stands.
            if feeds.is_none() || head.has_changed().unwrap_or(true) {
                head.borrow_and_update();
                feeds = self.listed(&house).await;
            }
            if let Some(feeds) = &feeds {
                self.round(&house, &client, feeds).await;
            }
            tokio::select! {
                () = house.clock.pause(LOOK_EVERY) => {}
                () = self.0.bell.notified() => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Who follows what; none where that cannot be read.
    async fn listed(&self, house: &House) -> Option<Vec<OutsideFeed>> {
        self.0.lists.fetch_add(1, Ordering::Relaxed);
        let mut connection = house.read().await.ok()?;
        store::feeds(&mut connection).await.ok()
    }

    async fn round(&self, house: &House, client: &Client, feeds: &[OutsideFeed]) {
        self.0.memory.lock().retain(|id, _| feeds.iter().any(|feed| feed.id == *id));
        let now = house.clock.now();
        let due = feeds.iter().filter_map(|feed| {
            let mut memory = self.0.memory.lock();
            let known = memory.get(&feed.id).cloned().unwrap_or_default();
            if known.next_at.is_some_and(|at| now < at) {
                return None;
            }
            // Noted before it is asked: who rings meanwhile is heard.
            let next = Memory { next_at: Some(now + EVERY), ..known.clone() };
            memory.insert(feed.id.clone(), next);
            Some((feed, known))
        });
        let due: Vec<(&OutsideFeed, Memory)> = due.collect();
        let read = |(feed, known)| async move {
            self.read_one(house, client, feed, known, now).await;
        };
        futures_util::stream::iter(due).for_each_concurrent(AT_ONCE, read).await;
    }

    async fn read_one(
        &self,
        house: &House,
        client: &Client,
        feed: &OutsideFeed,
        known: Memory,
        now: Timestamp,
    ) {
        let is_stale = known.laid_out_at.is_none_or(|at| now.duration_since(at) >= BACK);
        let marks = if is_stale { Marks::default() } else { known.marks };
        let reading = match client.fetch(&feed.address, &marks).await {
            Ok(Fetched::Unchanged) => {
                // What is known stands; a server that answers again is no longer in trouble.
                if feed.has_problem {
                    self.soon(&feed.id);
                }
                return;
            }
            Ok(Fetched::File { body, marks }) => {
                let read = self.laid_out(house, feed, body, now).await;
                if matches!(read, Reading::Fresh { .. })
                    && let Some(memory) = self.0.memory.lock().get_mut(&feed.id)
                {
                    (memory.marks, memory.laid_out_at) = (marks, Some(now));
                }
                read
            }
            Err(fault) => failed(fault),
        };
        if let Reading::Failed { code } = &reading {
            tracing::warn!(calendar = %feed.id, code, "an outside calendar cannot be read");
        }
        let id = TechnicianId::from_text(&feed.technician);
        let calendar = CalendarId::from_text(&feed.id);
        let command = Command::CalendarRead { id: calendar, reading };
        let why = Circumstances::by("calendars");
        if let Err(error) = house.rooms.technician(&id, command, why).await {
            tracing::warn!(calendar = %feed.id, %error, "what a calendar says waits");
            self.later(&feed.id, now);
        }
    }

    async fn laid_out(
        &self,
        house: &House,
        feed: &OutsideFeed,
        body: bytes::Bytes,
        now: Timestamp,
    ) -> Reading {
        let (zone, known_until) = (house.policy.zone.clone(), now + AHEAD);
        let found = tokio::task::spawn_blocking(move || {
            taken(&String::from_utf8_lossy(&body), &zone, now - BACK, known_until)
        });
        match found.await {
            Ok(Ok(found)) => Reading::Fresh { busy: shown(found, feed.show_titles), known_until },
            Ok(Err(problem)) => Reading::Failed { code: problem.code().to_owned() },
            Err(_) => Reading::Failed { code: "unreadable".to_owned() },
        }
    }
}

fn failed(fault: Fault) -> Reading {
    Reading::Failed { code: fault.code().to_owned() }
}

/// Without titles, what touches is one stretch.
fn shown(found: Vec<Taken>, titles: bool) -> Vec<Busy> {
    let mut all: Vec<Busy> = Vec::with_capacity(found.len());
    for one in found {
        match all.last_mut() {
            Some(last) if !titles && one.start <= last.end => last.end = last.end.max(one.end),
            _ => {
                let title = one.title.filter(|_| titles);
                all.push(Busy { start: one.start, end: one.end, title });
            }
        }
    }
    all
}
