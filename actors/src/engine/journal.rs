//! The journal's contract: what is committed together, in which order it is known, and how it is read again.
//! Implementations: `memory.rs` here for tests of the floor, and SQL on the floor below. The journal never decides.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::errand::Errand;
use crate::event::{Event, Room};
use crate::ids::{ErrandId, TechnicianId, VisitId};
use crate::names::NameKind;

/// A journal position: `epoch * 10^12 + n`, rising, without gaps inside an epoch.
pub type Seq = i64;

/// How many positions an epoch holds.
pub const EPOCH: Seq = 1_000_000_000_000;

/// One event as it was written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its position.
    pub seq: Seq,
    /// When it was committed.
    pub at: Timestamp,
    /// The room's key it belongs to.
    pub key: Arc<str>,
    /// Who asked: a user's e-mail, a token's name, `tech:ID`, or `house`.
    pub by: Arc<str>,
    /// The event whose reaction this is, if it is one.
    pub cause: Option<Cause>,
    /// What happened.
    pub event: Event,
}

/// Which reaction to which event caused a command; committed once at most.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cause {
    /// Position of the causing event.
    pub seq: Seq,
    /// Name of the reaction, unique per event and target.
    pub reaction: Arc<str>,
}

/// The mark of a request from outside that may be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// Who sends: `api:CALLER`, `twilio`.
    pub source: Arc<str>,
    /// Their name for the request.
    pub key: Arc<str>,
    /// Hash of the body, lower-case hex; the same key with another body is refused.
    pub sha256: Arc<str>,
    /// Status and body of the answer, where it is known before the commit: then it is committed with what it tells,
    /// and no crash can come between.
    pub answer: Option<Box<(u16, Arc<str>)>>,
}

impl Inbox {
    /// The same mark with the answer that its commit makes true.
    #[must_use]
    pub fn answering(self, status: u16, body: impl Into<Arc<str>>) -> Self {
        Self { answer: Some(Box::new((status, body.into()))), ..self }
    }
}

/// How a commit stands to earlier ones, for whoever wants to take it back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Act {
    /// The first position of the act that this one takes back.
    pub undoes: Option<Seq>,
    /// The first position of the act that this one does again.
    pub redoes: Option<Seq>,
    /// What it is known by outside: a plan's id.
    pub label: Option<Arc<str>>,
}

/// A version that must still hold at commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// Id of the thing, for instance a job.
    pub entity: Arc<str>,
    /// The position of the last event that touched it.
    pub version: Seq,
}

/// What happens to an errand in a commit.
#[derive(Clone, Debug, PartialEq)]
pub enum ErrandChange {
    /// Asked for, not to be done before `due_at`, void after `expires_at`.
    New { id: ErrandId, errand: Errand, due_at: Timestamp, expires_at: Option<Timestamp> },
    /// It is over: done, or given up.
    Over { id: ErrandId, done: bool },
    /// Tried, and to be tried again.
    Again { id: ErrandId, due_at: Timestamp },
    /// No longer wanted; only possible while nobody has begun it.
    Cancelled { id: ErrandId },
    /// Wanted at another time, and void after another.
    Moved { id: ErrandId, due_at: Timestamp, expires_at: Option<Timestamp> },
}

/// What happens to a durable timer in a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlarmChange {
    /// Rings once at `due_at`; replaces the one of the same name.
    Set { name: Arc<str>, due_at: Timestamp },
    /// Rings no more.
    Cleared { name: Arc<str> },
}

/// Everything that one command commits, in one transaction.
#[derive(Clone, Debug)]
pub struct Write {
    /// The deciding room.
    pub room: Room,
    /// The deciding actor's key.
    pub key: Arc<str>,
    /// Who asked.
    pub by: Arc<str>,
    /// Set when a reaction asked.
    pub cause: Option<Cause>,
    /// Set when a repeatable request from outside asked.
    pub inbox: Option<Inbox>,
    /// How it stands to earlier commits.
    pub act: Act,
    /// Versions that must hold.
    pub expects: Vec<Expect>,
    /// Facts.
    pub events: Vec<Event>,
    /// Errands.
    pub errands: Vec<ErrandChange>,
    /// Timers.
    pub alarms: Vec<AlarmChange>,
}

/// What rests on a thing that was to be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rests {
    /// A visit, past or to come, or an entry of a draft.
    Visit,
    /// A job.
    Job,
    /// A place of work.
    Location,
    /// A conversation.
    Conversation,
}

/// Why a commit did not happen. In every case nothing of it was written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommitError {
    /// Someone changed it since.
    #[error("{entity} is at version {current} now")]
    Stale { entity: Arc<str>, current: Seq },
    /// The technician is taken at that time.
    #[error("visit {visit} of {technician} overlaps")]
    Overlap { visit: VisitId, technician: TechnicianId },
    /// The name belongs to another thing of its kind.
    #[error("the {} {name} is taken", kind.field())]
    Taken { kind: NameKind, name: Arc<str> },
    /// Something rests on what was to be gone.
    #[error("{entity} is in use")]
    InUse { entity: Arc<str>, rests: Rests },
    /// This reaction, or this request, was committed before.
    #[error("committed before")]
    Seen { same_body: bool },
    /// Too much is waiting, or the disk is full; come back later.
    #[error("the journal takes no more at the moment: {0}")]
    Overloaded(Arc<str>),
    /// The store failed.
    #[error("the journal failed: {0}")]
    Fault(Arc<str>),
}

/// History after a position.
#[derive(Clone, Debug)]
pub enum Since {
    /// What follows, in order; empty at the head.
    Events(Vec<Arc<Recorded>>),
    /// History does not reach back that far, or belongs to another epoch.
    Gone,
}

/// The journal.
pub trait Journal: Send + Sync + 'static {
    /// Commits, or writes nothing. Answers with the recorded events once they are durable.
    fn commit(&self, write: Write) -> BoxFuture<'_, Result<Vec<Arc<Recorded>>, CommitError>>;

    /// Events after `seq`, at most `limit`.
    fn since(&self, seq: Seq, limit: usize) -> BoxFuture<'_, Result<Since, CommitError>>;

    /// The last committed position; the receiver wakes when it grows.
    fn head(&self) -> watch::Receiver<Seq>;
}
