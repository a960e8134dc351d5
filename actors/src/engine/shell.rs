//! The actix actor around any component: mailbox bound, panic guard, commit, apply, answer.
//!
//! **Invariant:** while a command is being committed the actor takes no other message, so a decision never rests
//! on a state that a commit in flight is about to change. A panic costs that command an error and this actor a
//! reload; it never reaches the runtime.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use actix::prelude::*;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::engine::clock::Clock;
use crate::engine::component::{Component, Decision};
use crate::engine::journal::{Act, Cause, CommitError, Inbox, Journal, Recorded, Seq, Write};
use crate::engine::refusal::{AnyRefusal, Refused};
use crate::engine::registry::Registry;

/// An actor that sat idle this long goes to sleep.
const IDLE: Duration = Duration::from_secs(300);
/// Failures within `FAILURES_WITHIN` that put an actor into quarantine.
const FAILURES_MAX: usize = 5;
const FAILURES_WITHIN: Duration = Duration::from_secs(30);
/// How long a quarantined actor refuses everything.
const QUARANTINE: Duration = Duration::from_secs(300);

/// Loads a room's state from its rows.
pub trait Loader<C>: Send + Sync + 'static {
    /// The state, and the journal position that it stands for.
    fn load(&self, key: Arc<str>) -> BoxFuture<'_, Result<(C, Seq), LoadError>>;
}

/// The rows could not be read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("could not load: {0}")]
pub struct LoadError(pub Arc<str>);

/// Why a command was not done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AskError {
    /// A rule said no.
    #[error("{0}")]
    Refused(AnyRefusal),
    /// The journal said no: stale version, overlap, seen before, full, or broken.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// Too many wait for this actor.
    #[error("too much is waiting for {0}")]
    Overloaded(Arc<str>),
    /// This actor failed too often and is left alone for a while.
    #[error("{0} is in quarantine")]
    Quarantined(Arc<str>),
    /// An invariant broke in a decision; the report is in the log under this number.
    #[error("a decision of {0} panicked")]
    Bug(Arc<str>),
    /// The rows could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// The circumstances of a command.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// Who asks.
    pub by: Arc<str>,
    /// Which event's reaction this is.
    pub cause: Option<Cause>,
    /// Which repeatable request this is.
    pub inbox: Option<Inbox>,
    /// How it stands to earlier acts, where it does.
    pub act: Option<Box<Act>>,
}

impl Circumstances {
    /// Someone asks, once.
    pub fn by(who: impl Into<Arc<str>>) -> Self {
        Self { by: who.into(), cause: None, inbox: None, act: None }
    }

    /// The same, as a request that may be repeated.
    pub fn with_inbox(mut self, inbox: Option<Inbox>) -> Self {
        self.inbox = inbox;
        self
    }

    /// The same, as an act that stands to earlier ones in this way.
    pub fn as_act(mut self, act: Act) -> Self {
        self.act = Some(Box::new(act));
        self
    }

    /// The house itself asks, as a reaction.
    pub fn caused_by(cause: Cause) -> Self {
        Self { by: "house".into(), cause: Some(cause), inbox: None, act: None }
    }
}

/// What a command's asker gets back: the events it led to, durable and applied.
pub type Answer = Result<Vec<Arc<Recorded>>, AskError>;

/// A command on its way to an actor.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Ask<C: Component> {
    /// What is asked.
    pub command: Arc<C::Command>,
    /// By whom and why.
    pub circumstances: Circumstances,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Answer>,
}

/// Another room's event, to be applied if the rows do not hold it yet.
#[derive(Message, Clone)]
#[rtype(result = "()")]
pub struct Heard(pub Arc<Recorded>);

/// Asks an actor to go to sleep now, to make room.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Sleep;

/// Asks for a copy of the state, to be compared with the rows.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Show<C: Component>(pub oneshot::Sender<Option<C>>);

/// What all actors of a room share.
pub struct Surroundings<C: Component> {
    /// Reads rows.
    pub loader: Arc<dyn Loader<C>>,
    /// Where facts go.
    pub journal: Arc<dyn Journal>,
    /// What time it is.
    pub clock: Clock,
}

/// A flag and a time that the registry and the actor share.
#[derive(Debug, Default)]
pub struct Pulse {
    /// Set when an event could not be delivered: reload before the next decision.
    pub stale: AtomicBool,
    /// When it was last asked, in milliseconds since the registry started.
    pub last_used_ms: AtomicI64,
}

/// The actor.
pub struct Shell<C: Component> {
    key: Arc<str>,
    /// What is known, and up to which position events of other rooms are part of it.
    state: Option<(C, Seq)>,
    around: Arc<Surroundings<C>>,
    registry: Registry<C>,
    pulse: Arc<Pulse>,
    failures: Vec<Instant>,
    quarantined_until: Option<Instant>,
    last_used: Instant,
}

impl<C: Component> Shell<C> {
    /// An actor that will load its state on the first command.
    pub fn new(
        key: Arc<str>,
        around: Arc<Surroundings<C>>,
        registry: Registry<C>,
        pulse: Arc<Pulse>,
    ) -> Self {
        Self {
            key,
            state: None,
            around,
            registry,
            pulse,
            failures: Vec::new(),
            quarantined_until: None,
            last_used: Instant::now(),
        }
    }

    fn failed(&mut self) {
        let now = Instant::now();
        self.state = None;
        self.failures.retain(|at| now.duration_since(*at) < FAILURES_WITHIN);
        self.failures.push(now);
        if self.failures.len() >= FAILURES_MAX {
            self.failures.clear();
            self.quarantined_until = Some(now + QUARANTINE);
            self.registry.quarantined(&self.key);
        }
    }

    fn in_quarantine(&mut self) -> bool {
        match self.quarantined_until {
            Some(until) if Instant::now() < until => true,
            Some(_) => {
                self.quarantined_until = None;
                false
            }
            None => false,
        }
    }
}

impl<C: Component> Actor for Shell<C> {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(C::MAILBOX);
        ctx.run_interval(IDLE / 4, |shell, ctx| {
            if shell.last_used.elapsed() >= IDLE && shell.quarantined_until.is_none() {
                shell.registry.forget(&shell.key, &ctx.address());
                ctx.stop();
            }
        });
    }
}

/// What one command did to the state.
struct Done<C> {
    state: Option<(C, Seq)>,
    answer: Answer,
    failed: bool,
}

impl<C: Component> Handler<Ask<C>> for Shell<C> {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, ask: Ask<C>, _: &mut Self::Context) -> Self::Result {
        self.last_used = Instant::now();
        if self.in_quarantine() {
            let _ = ask.reply.send(Err(AskError::Quarantined(self.key.clone())));
            return AtomicResponse::new(Box::pin(actix::fut::ready(())));
        }
        if C::FRESH || self.pulse.stale.swap(false, Ordering::AcqRel) {
            self.state = None;
        }
        let state = self.state.take();
        let (around, key) = (self.around.clone(), self.key.clone());
        let Ask { command, circumstances, reply } = ask;
        let work = async move { carry_out(state, &around, key, &command, circumstances).await };
        AtomicResponse::new(Box::pin(work.into_actor(self).map(
            move |done: Done<C>, shell: &mut Self, _| {
                shell.state = done.state;
                if done.failed {
                    shell.failed();
                }
                let _ = reply.send(done.answer);
            },
        )))
    }
}

/// Loads if need be, decides, commits, applies.
async fn carry_out<C: Component>(
    state: Option<(C, Seq)>,
    around: &Surroundings<C>,
    key: Arc<str>,
    command: &C::Command,
    circumstances: Circumstances,
) -> Done<C> {
    let (mut room, position) = match state {
        Some(known) => known,
        None => match around.loader.load(key.clone()).await {
            Ok(loaded) => loaded,
            Err(error) => {
                tracing::error!(room = C::ROOM.name(), %key, %error, "could not load a room");
                return Done { state: None, answer: Err(error.into()), failed: true };
            }
        },
    };
    let decision = match guarded_decision(&mut room, command, around.clock.now()) {
        Ok(decision) => decision,
        Err(Some(refusal)) => {
            let answer = Err(AskError::Refused(refusal));
            return Done { state: Some((room, position)), answer, failed: false };
        }
        Err(None) => {
            tracing::error!(room = C::ROOM.name(), %key, "a decision panicked; the room reloads");
            return Done { state: None, answer: Err(AskError::Bug(key)), failed: true };
        }
    };
    if decision.is_nothing() {
        return Done { state: Some((room, position)), answer: Ok(Vec::new()), failed: false };
    }
    let write = write::<C>(key.clone(), circumstances, decision);
    let recorded = match around.journal.commit(write).await {
        Ok(recorded) => recorded,
        Err(error) => {
            // The state may be older than the rows when another version won: read it anew then.
            let known = !matches!(
                error,
                CommitError::Stale { .. } | CommitError::Overlap { .. } | CommitError::Fault(_)
            );
            let state = known.then_some((room, position));
            return Done { state, answer: Err(error.into()), failed: false };
        }
    };
    let applied = catch_unwind(AssertUnwindSafe(|| {
        // The position stays where it was: it says which events of other rooms are known, and one of those may
        // have been committed before this one and still be on its way here.
        for entry in &recorded {
            room.apply(&entry.event, entry.seq, entry.at);
        }
        room
    }));
    match applied {
        Ok(room) => Done { state: Some((room, position)), answer: Ok(recorded), failed: false },
        Err(_) => {
            tracing::error!(room = C::ROOM.name(), %key, "applying a committed event panicked");
            Done { state: None, answer: Ok(recorded), failed: true }
        }
    }
}

fn write<C: Component>(key: Arc<str>, why: Circumstances, decision: Decision) -> Write {
    Write {
        room: C::ROOM,
        key,
        by: why.by,
        cause: why.cause,
        inbox: why.inbox,
        act: why.act.map(|act| *act).unwrap_or_default(),
        expects: decision.expects,
        events: decision.events,
        errands: decision.errands,
        alarms: decision.alarms,
    }
}

/// A decision, with its passing facts told to the room. The error is a refusal, or `None` after a panic.
fn guarded_decision<C: Component>(
    room: &mut C,
    command: &C::Command,
    now: Timestamp,
) -> Result<Decision, Option<AnyRefusal>> {
    let decided = catch_unwind(AssertUnwindSafe(|| {
        let decision = room.decide(command, now)?;
        decision.passing.iter().for_each(|fact| room.pass(fact));
        Ok::<_, C::Refusal>(decision)
    }));
    match decided {
        Ok(Ok(decision)) => Ok(decision),
        Ok(Err(refusal)) => Err(Some(Arc::new(refusal) as Arc<dyn Refused>)),
        Err(_) => Err(None),
    }
}

impl<C: Component> Handler<Heard> for Shell<C> {
    type Result = ();

    fn handle(&mut self, Heard(entry): Heard, _: &mut Self::Context) {
        // A room that is not loaded will find the event in its rows.
        let Some((room, position)) = self.state.as_mut() else { return };
        if entry.seq <= *position {
            return;
        }
        if room.is_past_following(&entry.event) {
            self.state = None;
            return;
        }
        let applied =
            catch_unwind(AssertUnwindSafe(|| room.apply(&entry.event, entry.seq, entry.at)));
        match applied {
            Ok(()) => *position = entry.seq,
            Err(_) => {
                tracing::error!(room = C::ROOM.name(), key = %self.key, seq = entry.seq, "applying another room's event panicked");
                self.failed();
            }
        }
    }
}

impl<C: Component> Handler<Sleep> for Shell<C> {
    type Result = ();

    fn handle(&mut self, _: Sleep, ctx: &mut Self::Context) {
        self.registry.forget(&self.key, &ctx.address());
        ctx.stop();
    }
}

impl<C: Component> Handler<Show<C>> for Shell<C> {
    type Result = ();

    fn handle(&mut self, Show(reply): Show<C>, _: &mut Self::Context) {
        let _ = reply.send(self.state.as_ref().map(|(room, _)| room.clone()));
    }
}
