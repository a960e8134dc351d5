//! An OSRM server as [`Ways`]. Decisions wait for nobody, so a single drive that is not known yet is answered by the
//! estimate and asked for in the background; a whole table is waited for, by callers who can wait.
//!
//! When the server fails, that is said once; for half a minute nobody asks it, and the estimate answers.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use scheduler::{Leg, Point, Ways};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::client::{Api, Fault};
use crate::roads::Memory;
use crate::telemetry::metrics;

/// Pairs that wait to be asked for; more are forgotten, as the next decision asks again.
const WAITING_MAX: usize = 4_096;
/// Pairs in one question: every place of theirs fits into one table.
const PAIRS_MAX: usize = 50;
/// So long a question waits for others to go with it.
const GATHER: Duration = Duration::from_millis(5);
/// After a failure nobody asks for so long.
const REST: Duration = Duration::from_secs(30);
/// A table may take so long altogether.
const TABLE_LIMIT: Duration = Duration::from_secs(60);
/// Tables of more places are not kept pair by pair.
const KEPT_PLACES_MAX: usize = 200;

/// What the asking thread is asked.
enum Ask {
    Pair(Point, Point),
    Table(Vec<Point>, SyncSender<Option<Vec<Option<Leg>>>>),
}

/// The ways of an OSRM server.
#[derive(Debug)]
pub struct Osrm {
    asks: Sender<Ask>,
    known: Arc<Known>,
}

#[derive(Debug, Default)]
struct Known {
    memory: Memory,
    resting: Mutex<Option<Instant>>,
}

impl Osrm {
    /// Starts the thread that asks the server. It ends with the last of those who could ask.
    ///
    /// # Errors
    /// When no thread or no runtime is to be had.
    pub fn start(api: Api) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (asks, heard) = channel(WAITING_MAX);
        let known = Arc::new(Known::default());
        let worker = Worker { api, known: known.clone() };
        std::thread::Builder::new()
            .name("osrm".to_owned())
            .spawn(move || runtime.block_on(worker.run(heard)))?;
        Ok(Self { asks, known })
    }
}

impl Ways for Osrm {
    fn drive(&self, from: Point, to: Point) -> Option<Leg> {
        if let Some(known) = self.known.memory.recall(from, to) {
            return known;
        }
        if self.known.rests() {
            metrics().routing("estimated");
        } else {
            // A full queue forgets the question: whoever needs the answer asks again.
            let _full = self.asks.try_send(Ask::Pair(from, to));
        }
        None
    }

    fn drives(&self, points: &[Point]) -> Vec<Option<Leg>> {
        let nothing = || vec![None; points.len() * points.len()];
        if self.known.rests() {
            metrics().routing("estimated");
            return nothing();
        }
        let (answer, answered) = sync_channel(1);
        if self.asks.try_send(Ask::Table(points.to_vec(), answer)).is_err() {
            return nothing();
        }
        answered.recv_timeout(TABLE_LIMIT).ok().flatten().unwrap_or_else(nothing)
    }
}

impl Known {
    fn rests(&self) -> bool {
        self.resting.lock().is_some_and(|until| Instant::now() < until)
    }

    /// Takes a table's answer into account; says in the log when the server fails, and when it is back.
    fn heard(&self, answer: &Result<Vec<Option<Leg>>, Fault>) {
        let mut resting = self.resting.lock();
        match answer {
            Ok(_) => {
                metrics().routing("answered");
                if resting.take().is_some() {
                    tracing::info!("the routing server answers again");
                }
            }
            Err(fault) => {
                metrics().routing("failed");
                if resting.replace(Instant::now() + REST).is_none() {
                    tracing::warn!(%fault, "travel times are estimated until the routing server answers");
                }
            }
        }
    }
}

struct Worker {
    api: Api,
    known: Arc<Known>,
}

impl Worker {
    async fn run(self, mut asks: Receiver<Ask>) {
        while let Some(ask) = asks.recv().await {
            let mut pairs = Vec::new();
            let mut tables = Vec::new();
            let mut sort = |ask: Ask, pairs: &mut Vec<(Point, Point)>| match ask {
                Ask::Pair(from, to) => pairs.push((from, to)),
                Ask::Table(points, answer) => tables.push((points, answer)),
            };
            sort(ask, &mut pairs);
            if !pairs.is_empty() {
                tokio::time::sleep(GATHER).await;
            }
            while pairs.len() < PAIRS_MAX
                && let Ok(ask) = asks.try_recv()
            {
                sort(ask, &mut pairs);
            }
            for (points, answer) in tables {
                let table = self.ask(&points).await;
                // Whoever asked may have stopped waiting.
                let _gone = answer.send(table);
            }
            self.fetch(pairs).await;
        }
    }

    async fn fetch(&self, mut pairs: Vec<(Point, Point)>) {
        pairs.retain(|(from, to)| self.known.memory.recall(*from, *to).is_none());
        let mut places: Vec<Point> = Vec::new();
        for place in pairs.iter().flat_map(|(from, to)| [from, to]) {
            if !places.contains(place) {
                places.push(*place);
            }
        }
        if !places.is_empty() && !self.known.rests() {
            self.ask(&places).await;
        }
    }

    async fn ask(&self, points: &[Point]) -> Option<Vec<Option<Leg>>> {
        let table = self.api.table(points).await;
        self.known.heard(&table);
        let table = table.ok()?;
        if points.len() <= KEPT_PLACES_MAX {
            for (from, row) in points.iter().zip(table.chunks(points.len().max(1))) {
                for (to, found) in points.iter().zip(row) {
                    self.known.memory.keep(*from, *to, *found);
                }
            }
        }
        Some(table)
    }
}
