//! What a room is: a value that decides and applies. A component has no runtime, no database, no clock and no
//! randomness; the shell around it has all of those.

use std::fmt::Debug;

use jiff::Timestamp;

use crate::engine::journal::{AlarmChange, ErrandChange, Expect};
use crate::engine::refusal::Refused;
use crate::event::{Event, Passing, Room};

/// What a decision gives: facts to write down, and things to ask of the outside and of later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// Facts, in order. None means that nothing happened.
    pub events: Vec<Event>,
    /// What the outside world is asked for, or no longer asked for.
    pub errands: Vec<ErrandChange>,
    /// Durable timers set or cleared.
    pub alarms: Vec<AlarmChange>,
    /// Versions that must still hold when this is committed.
    pub expects: Vec<Expect>,
    /// High-rate facts that are not kept in the journal.
    pub passing: Vec<Passing>,
}

impl Decision {
    /// Nothing happened, and that is fine.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// One event.
    pub fn event(event: impl Into<Event>) -> Self {
        Self { events: vec![event.into()], ..Self::default() }
    }

    /// Adds an event.
    pub fn and(mut self, event: impl Into<Event>) -> Self {
        self.events.push(event.into());
        self
    }

    /// Adds a change of an errand.
    pub fn errand(mut self, change: ErrandChange) -> Self {
        self.errands.push(change);
        self
    }

    /// Sets or clears a timer.
    pub fn alarm(mut self, change: AlarmChange) -> Self {
        self.alarms.push(change);
        self
    }

    /// Demands that `entity` still has `version` at commit.
    pub fn expecting(mut self, expect: Expect) -> Self {
        self.expects.push(expect);
        self
    }

    /// Adds a passing fact.
    pub fn passing(mut self, passing: Passing) -> Self {
        self.passing.push(passing);
        self
    }

    /// True when there is nothing to commit.
    pub fn is_nothing(&self) -> bool {
        self.events.is_empty() && self.errands.is_empty() && self.alarms.is_empty()
    }
}

/// A room: decides what may happen, and remembers what did.
///
/// **Invariant:** `decide` has no effect but its answer, and `apply` cannot fail: what was committed is true.
pub trait Component: Clone + Debug + PartialEq + Send + Unpin + 'static {
    /// What it may be asked.
    type Command: Debug + Send + Sync + 'static;
    /// How it says no.
    type Refusal: Refused;

    /// Which room this is.
    const ROOM: Room;
    /// How many messages may wait for one actor of this room before callers are told to come back.
    const MAILBOX: usize = 256;
    /// True for rooms whose decisions rest on other rooms' rows: their state is read anew for every command.
    const FRESH: bool = false;

    /// Decides a command against what is known. Pure.
    fn decide(&self, command: &Self::Command, now: Timestamp) -> Result<Decision, Self::Refusal>;

    /// Catches up with a committed event, its own or another room's.
    fn apply(&mut self, event: &Event, seq: i64, at: Timestamp);

    /// True for another room's event whose outcome memory cannot know by itself: what is known is read anew then.
    fn is_past_following(&self, _: &Event) -> bool {
        false
    }

    /// Takes in a passing fact of its own.
    fn pass(&mut self, _: &Passing) {}
}
