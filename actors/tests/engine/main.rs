//! The engine around a room: waking, sleeping, hearing, panics, quarantine, overload. Real actors, a journal in
//! memory, a clock moved by hand.

#![allow(clippy::unwrap_used, reason = "a test stops at its first surprise")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actors::engine::clock::Clock;
use actors::engine::component::{Component, Decision};
use actors::engine::journal::{EPOCH, Journal, Seq, Write};
use actors::engine::memory::MemoryJournal;
use actors::engine::refusal::{Language, Refused};
use actors::engine::registry::Registry;
use actors::engine::shell::{AskError, Circumstances, LoadError, Loader, Surroundings};
use actors::event::{Event, Room};
use actors::tags::{Tag, TagEvent};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

/// A room that counts its own events and other rooms', and breaks when told to.
#[derive(Clone, Debug, Default, PartialEq)]
struct Counter {
    own: usize,
    others: usize,
}

#[derive(Debug)]
enum Order {
    Count,
    Panic,
    Refuse,
}

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct No;

impl Refused for No {
    fn code(&self) -> &'static str {
        "counter.no"
    }

    fn detail(&self, _: Language) -> String {
        "No.".to_owned()
    }
}

fn tag(name: &str) -> Event {
    let tag = Tag { id: name.into(), name: name.to_owned(), color: None };
    TagEvent::TagCreated { tag }.into()
}

impl Component for Counter {
    type Command = Order;
    type Refusal = No;

    const ROOM: Room = Room::Tags;
    const MAILBOX: usize = 4;

    fn decide(&self, order: &Order, _: Timestamp) -> Result<Decision, No> {
        match order {
            Order::Count => Ok(Decision::event(tag("own"))),
            Order::Panic => panic!("asked to"),
            Order::Refuse => Err(No),
        }
    }

    fn apply(&mut self, event: &Event, _: Seq, _: Timestamp) {
        match event {
            Event::Tags(TagEvent::TagCreated { tag }) if tag.name == "own" => self.own += 1,
            _ => self.others += 1,
        }
    }
}

/// Rows that were never written: every load is a fresh start, and is counted.
#[derive(Default)]
struct Rows(AtomicUsize);

impl Loader<Counter> for Rows {
    fn load(&self, _: Arc<str>) -> BoxFuture<'_, Result<(Counter, Seq), LoadError>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Ok((Counter::default(), EPOCH))).boxed()
    }
}

struct Bench {
    registry: Registry<Counter>,
    journal: Arc<MemoryJournal>,
    rows: Arc<Rows>,
}

impl Bench {
    fn with_cap(cap: usize) -> Self {
        let clock = Clock::by_hand("2026-11-23T14:00:00Z".parse().unwrap());
        let journal = Arc::new(MemoryJournal::new(clock.clone()));
        let rows = Arc::new(Rows::default());
        let around = Surroundings { loader: rows.clone(), journal: journal.clone(), clock };
        Self { registry: Registry::new(around, Vec::new(), cap), journal, rows }
    }

    async fn ask(&self, key: &str, order: Order) -> Result<usize, AskError> {
        let who = Circumstances::by("test");
        self.registry.ask(key.into(), Arc::new(order), who).await.map(|events| events.len())
    }

    /// Another room commits something that concerns this one; hearing of it is left to the test.
    async fn elsewhere(&self) -> Arc<actors::engine::journal::Recorded> {
        let write = Write {
            room: Room::Board,
            key: "board".into(),
            by: "test".into(),
            cause: None,
            inbox: None,
            act: Default::default(),
            expects: Vec::new(),
            events: vec![tag("foreign")],
            errands: Vec::new(),
            alarms: Vec::new(),
        };
        self.journal.commit(write).await.unwrap().remove(0)
    }

    async fn state(&self, key: &str) -> Counter {
        self.registry.show(key).await.unwrap()
    }
}

#[actix::test]
async fn an_event_that_was_committed_before_our_own_and_heard_after_it_is_not_lost() {
    let bench = Bench::with_cap(8);
    bench.ask("a", Order::Count).await.unwrap();
    let foreign = bench.elsewhere().await;
    bench.ask("a", Order::Count).await.unwrap();
    bench.registry.hear("a", &foreign);
    assert_eq!(bench.state("a").await, Counter { own: 2, others: 1 });
    bench.registry.hear("a", &foreign);
    assert_eq!(bench.state("a").await.others, 1, "and it is heard once");
}

#[actix::test]
async fn a_panic_costs_one_command_an_error_and_the_actor_a_reload() {
    let bench = Bench::with_cap(8);
    bench.ask("a", Order::Count).await.unwrap();
    assert!(matches!(bench.ask("a", Order::Panic).await, Err(AskError::Bug(_))));
    assert_eq!(bench.rows.0.load(Ordering::SeqCst), 1);
    assert_eq!(bench.ask("a", Order::Count).await.unwrap(), 1);
    assert_eq!(bench.rows.0.load(Ordering::SeqCst), 2, "the room was read anew");
}

#[actix::test]
async fn an_actor_that_keeps_failing_is_set_aside_and_the_others_go_on() {
    let bench = Bench::with_cap(8);
    for _ in 0..5 {
        assert!(matches!(bench.ask("a", Order::Panic).await, Err(AskError::Bug(_))));
    }
    assert!(matches!(bench.ask("a", Order::Count).await, Err(AskError::Quarantined(_))));
    assert_eq!(bench.registry.quarantines(), 1);
    assert_eq!(bench.ask("b", Order::Count).await.unwrap(), 1);
}

#[actix::test]
async fn a_refusal_is_an_answer_and_changes_nothing() {
    let bench = Bench::with_cap(8);
    bench.ask("a", Order::Count).await.unwrap();
    assert!(matches!(bench.ask("a", Order::Refuse).await, Err(AskError::Refused(_))));
    assert_eq!(bench.state("a").await.own, 1);
    assert_eq!(bench.rows.0.load(Ordering::SeqCst), 1);
}

#[actix::test]
async fn above_the_cap_the_longest_unused_sleeps_and_wakes_again_when_asked() {
    let bench = Bench::with_cap(3);
    for n in 0..20 {
        bench.ask(&format!("key{n}"), Order::Count).await.unwrap();
    }
    // A sleeper leaves when it comes to its message.
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert!(bench.registry.awake() <= 4, "{} are awake", bench.registry.awake());
    assert!(bench.registry.evictions() >= 16);
    assert_eq!(bench.ask("key0", Order::Count).await.unwrap(), 1);
}

#[actix::test]
async fn a_full_mailbox_is_said_at_once_and_what_was_taken_is_done() {
    let bench = Bench::with_cap(8);
    let asked = (0..200).map(|_| bench.ask("a", Order::Count));
    let answers = futures_util::future::join_all(asked).await;
    let done = answers.iter().filter(|answer| answer.is_ok()).count();
    let refused =
        answers.iter().filter(|answer| matches!(answer, Err(AskError::Overloaded(_)))).count();
    assert_eq!(done + refused, 200);
    assert!(done >= 4 && refused >= 100, "{done} done, {refused} refused");
    assert_eq!(bench.state("a").await.own, done);
}

#[actix::test]
async fn an_event_that_could_not_be_told_makes_the_actor_read_its_rows_again() {
    let bench = Bench::with_cap(8);
    bench.ask("a", Order::Count).await.unwrap();
    let foreign = bench.elsewhere().await;
    for _ in 0..50 {
        bench.registry.hear("a", &foreign);
    }
    assert!(matches!(bench.ask("a", Order::Count).await, Err(AskError::Overloaded(_))));
    tokio::task::yield_now().await;
    bench.ask("a", Order::Count).await.unwrap();
    assert_eq!(bench.rows.0.load(Ordering::SeqCst), 2);
}
