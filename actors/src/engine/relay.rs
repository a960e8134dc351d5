//! After a commit, in journal order: awake rooms hear of it, screens are told, reactions fire.
//!
//! The relay pulls from the journal with a cursor of its own, and no commit ever waits for it. Reactions are
//! delivered in order per target, each at most once: the pair (event, reaction) is written down in the transaction
//! of what it caused. A target that fails keeps its own deliveries waiting, aloud, and holds up nobody else's.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::watch;

use crate::engine::journal::{Cause, CommitError, Journal, Recorded, Seq, Since};
use crate::engine::shell::{AskError, Circumstances};
use crate::event::Room;
use crate::reactions::{Reaction, hears, reactions};
use crate::rooms::Rooms;

/// Events read at once.
const BATCH: usize = 512;
/// Reactions under way at most; beyond that, the relay reads no further.
const PENDING_MAX: usize = 4096;
/// Longest pause between two tries of one delivery.
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// How often the cursor is written down at most.
const SAVE_EVERY: Duration = Duration::from_millis(500);

/// Tells the screens and whoever else watches; must be quick and never block.
pub trait Tell: Send + Sync + 'static {
    /// An event was committed.
    fn tell(&self, entry: &Arc<Recorded>);
}

/// Where the relay's cursor is kept.
pub trait Cursor: Send + Sync + 'static {
    /// Everything up to here had its reactions.
    fn load(&self) -> BoxFuture<'_, Result<Seq, CommitError>>;
    /// Writes it down.
    fn save(&self, seq: Seq) -> BoxFuture<'_, Result<(), CommitError>>;
}

/// How far the relay has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rooms have heard and screens were told up to here.
    pub heard: Seq,
    /// Reactions that are not done.
    pub pending: usize,
}

type Target = (Room, Arc<str>);

/// The relay.
pub struct Relay {
    journal: Arc<dyn Journal>,
    rooms: Rooms,
    tell: Arc<dyn Tell>,
    cursor: Arc<dyn Cursor>,
    progress: watch::Sender<Progress>,
}

struct Delivery {
    seq: Seq,
    reaction: Reaction,
}

impl Relay {
    /// A relay that has not begun.
    pub fn new(
        journal: Arc<dyn Journal>,
        rooms: Rooms,
        tell: Arc<dyn Tell>,
        cursor: Arc<dyn Cursor>,
    ) -> Self {
        let progress = watch::Sender::new(Progress { heard: 0, pending: 0 });
        Self { journal, rooms, tell, cursor, progress }
    }

    /// Follows the relay's progress.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Runs until the process ends.
    pub async fn run(self) {
        let mut head = self.journal.head();
        let mut heard = self.first_cursor().await;
        let mut saved = heard;
        let mut queues: HashMap<Target, VecDeque<Delivery>> = HashMap::new();
        let mut working = FuturesUnordered::new();
        // How many reactions each event still waits for.
        let mut pending: BTreeMap<Seq, usize> = BTreeMap::new();
        // Where nothing is new, nothing would say so.
        self.publish(heard, &queues, 0);
        let mut saving = tokio::time::interval(SAVE_EVERY);
        saving.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let waiting: usize = queues.values().map(VecDeque::len).sum::<usize>();
            let behind = *head.borrow_and_update() > heard && waiting < PENDING_MAX;
            tokio::select! {
                biased;
                Some(done) = working.next() => {
                    let (target, seq): (Target, Seq) = done;
                    if let Some(left) = pending.get_mut(&seq) {
                        *left -= 1;
                        if *left == 0 { pending.remove(&seq); }
                    }
                    match queues.get_mut(&target).and_then(VecDeque::pop_front) {
                        Some(next) => working.push(self.deliver(target, next)),
                        None => { queues.remove(&target); }
                    }
                    self.publish(heard, &queues, working.len());
                }
                read = self.journal.since(heard, BATCH), if behind => {
                    let Some(entries) = usable(read) else {
                        tokio::time::sleep(Duration::from_millis(200)).await;
                        continue;
                    };
                    for entry in entries {
                        self.rooms_hear(&entry);
                        self.tell.tell(&entry);
                        heard = entry.seq;
                        for reaction in reactions(&entry) {
                            *pending.entry(entry.seq).or_default() += 1;
                            let target = reaction.order.target();
                            let delivery = Delivery { seq: entry.seq, reaction };
                            match queues.get_mut(&target) {
                                Some(queue) => queue.push_back(delivery),
                                None => {
                                    queues.insert(target.clone(), VecDeque::new());
                                    working.push(self.deliver(target, delivery));
                                }
                            }
                        }
                    }
                    self.publish(heard, &queues, working.len());
                }
                changed = head.changed(), if !behind => {
                    if changed.is_err() { return; }
                }
                _ = saving.tick() => {
                    let done = pending.keys().next().map_or(heard, |first| first - 1);
                    if done > saved && self.cursor.save(done).await.is_ok() {
                        saved = done;
                    }
                }
            }
        }
    }

    async fn first_cursor(&self) -> Seq {
        loop {
            match self.cursor.load().await {
                Ok(seq) => return seq,
                Err(error) => {
                    tracing::error!(%error, "the relay cannot read its cursor");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    fn rooms_hear(&self, entry: &Arc<Recorded>) {
        for (room, key) in hears(entry) {
            self.rooms.hear(room, &key, entry);
        }
    }

    fn publish(&self, heard: Seq, queues: &HashMap<Target, VecDeque<Delivery>>, working: usize) {
        let pending = queues.values().map(VecDeque::len).sum::<usize>() + working;
        self.progress.send_replace(Progress { heard, pending });
    }

    /// Delivers one reaction, however often it takes; answers with its target, for the next one.
    async fn deliver(&self, target: Target, delivery: Delivery) -> (Target, Seq) {
        let cause = Cause { seq: delivery.seq, reaction: delivery.reaction.name.clone() };
        let mut pause = Duration::from_millis(50);
        loop {
            let why = Circumstances::caused_by(cause.clone());
            match self.rooms.carry(delivery.reaction.order.clone(), why).await {
                Ok(_) | Err(AskError::Commit(CommitError::Seen { .. })) => {
                    return (target, delivery.seq);
                }
                Err(AskError::Refused(refusal)) => {
                    tracing::debug!(seq = cause.seq, reaction = %cause.reaction, %refusal, "a reaction was refused");
                    return (target, delivery.seq);
                }
                Err(AskError::Bug(_)) => {
                    tracing::error!(seq = cause.seq, reaction = %cause.reaction, key = %target.1, "a reaction panicked and is parked");
                    pause = PAUSE_MAX;
                }
                // Somebody else's change came first: the room has reloaded, ask it again at once.
                Err(AskError::Commit(CommitError::Stale { .. } | CommitError::Overlap { .. })) => {}
                Err(error) => {
                    tracing::warn!(seq = cause.seq, reaction = %cause.reaction, %error, "a reaction waits");
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }
}

fn usable(read: Result<Since, CommitError>) -> Option<Vec<Arc<Recorded>>> {
    match read {
        Ok(Since::Events(entries)) => Some(entries),
        Ok(Since::Gone) => {
            tracing::error!("the journal no longer holds what the relay has not seen");
            None
        }
        Err(error) => {
            tracing::error!(%error, "the relay cannot read the journal");
            None
        }
    }
}
