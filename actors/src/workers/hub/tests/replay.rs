//! What a watcher gets who was away, or comes with a snapshot's position.

use super::*;

#[test]
fn a_returning_watcher_gets_what_it_missed_then_what_happens_and_nothing_twice() {
    on_a_local_set(async {
        let bench = Bench::keeping(10_000);
        for n in 1..=1000 {
            bench.tell(n, &[if n % 2 == 0 { "dispatch" } else { "conversations" }]);
        }
        let mut feed = bench.watch(&["dispatch"], Some(200));
        // Told while the replay has not begun, so each is in history and in the queue.
        for n in 1001..=1010 {
            bench.tell(n, &["dispatch"]);
        }
        let told: Vec<i64> = (202..=1000).step_by(2).chain(1001..=1010).collect();
        assert_eq!(seqs(&drain(&mut feed).await), told);
        bench.tell(1011, &["dispatch"]);
        assert_eq!(seqs(&drain(&mut feed).await), [1011]);
    });
}

/// A history whose reads wait until the test says so.
struct Gated {
    inner: Arc<MemoryHistory>,
    gate: Arc<tokio::sync::Semaphore>,
}

impl History for Gated {
    fn head(&self) -> i64 {
        self.inner.head()
    }

    fn since(
        &self,
        seq: i64,
        limit: usize,
    ) -> futures_util::future::BoxFuture<'static, Result<Replay, HistoryFault>> {
        let (inner, gate) = (Arc::clone(&self.inner), Arc::clone(&self.gate));
        Box::pin(async move {
            gate.acquire().await.unwrap().forget();
            inner.since(seq, limit).await
        })
    }
}

#[test]
fn more_events_than_the_queue_holds_during_a_slow_replay_are_read_from_history_again() {
    on_a_local_set(async {
        let bench = Bench::keeping(10_000);
        bench.tell(1, &["dispatch"]);
        bench.tell(2, &["dispatch"]);
        let gate = Arc::new(tokio::sync::Semaphore::new(0));
        let history = Gated { inner: bench.history.clone(), gate: gate.clone() };
        let mut feed = bench.hub.watch(Arc::new(history), None).unwrap();
        feed.subscribe(topics(&["dispatch"]), Some(EPOCH)).unwrap();
        assert!(drain(&mut feed).await.is_empty());
        let last = 2 * QUEUE_FRAMES_MAX as i64 + 100;
        for n in 3..=last {
            bench.tell(n, &["dispatch"]);
        }
        settle().await;
        gate.add_permits(100);
        assert_eq!(seqs(&drain(&mut feed).await), (1..=last).collect::<Vec<_>>());
        bench.tell(last + 1, &["dispatch"]);
        assert_eq!(seqs(&drain(&mut feed).await), [last + 1]);
    });
}

#[test]
fn where_history_does_not_reach_there_is_one_resync_with_the_head() {
    on_a_local_set(async {
        let bench = Bench::keeping(5);
        for n in 1..=20 {
            bench.tell(n, &["dispatch"]);
        }
        let mut too_old = bench.watch(&["dispatch"], Some(3));
        assert_eq!(seqs(&drain(&mut too_old).await), [-20]);
        bench.tell(21, &["dispatch"]);
        assert_eq!(seqs(&drain(&mut too_old).await), [21]);
        let mut of_before_the_restore = bench.watch(&["dispatch"], Some(-SEQ_PER_EPOCH + 21));
        assert_eq!(seqs(&drain(&mut of_before_the_restore).await), [-21]);
        let mut from_the_future = bench.watch(&["dispatch"], Some(500));
        assert_eq!(seqs(&drain(&mut from_the_future).await), [-21]);
        let mut up_to_date = bench.watch(&["dispatch"], Some(21));
        assert!(drain(&mut up_to_date).await.is_empty());
    });
}

/// Counts how often it is read.
struct Counted(MemoryHistory, AtomicUsize);

impl History for Counted {
    fn head(&self) -> i64 {
        self.0.head()
    }

    fn since(
        &self,
        seq: i64,
        limit: usize,
    ) -> futures_util::future::BoxFuture<'static, Result<Replay, HistoryFault>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.since(seq, limit)
    }
}

#[test]
fn a_crowd_that_comes_back_at_once_is_served_from_memory_and_the_long_absent_from_the_journal() {
    on_a_local_set(async {
        let hub = Hub::new();
        let journal = Arc::new(Counted(MemoryHistory::new(3, 10_000), AtomicUsize::new(0)));
        for n in 1..=50 {
            journal.0.append(durable(n, &["dispatch"]));
        }
        for n in 51..=100 {
            journal.0.append(durable(n, &["dispatch"]));
            hub.publish(durable(n, &["dispatch"])).unwrap();
        }
        let come = |after: i64| {
            let mut feed = hub.watch(journal.clone(), None).unwrap();
            feed.subscribe(topics(&["dispatch"]), Some(EPOCH + after)).unwrap();
            feed
        };
        let mut crowd: Vec<Feed> = (0..10_000).map(|n| come(50 + n % 50)).collect();
        for (n, feed) in crowd.iter_mut().enumerate() {
            let first = next(feed).await;
            assert_eq!(seqs(&[first]), [51 + n as i64 % 50]);
        }
        assert_eq!(journal.1.load(Ordering::Relaxed), 0);
        let mut absent = come(10);
        assert_eq!(seqs(&drain(&mut absent).await), (11..=100).collect::<Vec<_>>());
        assert_eq!(journal.1.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn a_snapshot_ahead_of_what_was_told_is_no_reason_to_resync_and_nothing_in_it_comes_again() {
    on_a_local_set(async {
        let bench = Bench::keeping(100);
        // Committed, not yet told: the board's snapshot bears position 2 already.
        bench.history.append(durable(1, &["dispatch"]));
        bench.history.append(durable(2, &["dispatch"]));
        let mut feed = bench.hub.watch(bench.history.clone(), None).unwrap();
        feed.subscribe(topics(&["dispatch"]), Some(EPOCH + 2)).unwrap();
        for n in 1..=3 {
            bench.hub.publish(durable(n, &["dispatch"])).unwrap();
        }
        assert_eq!(seqs(&drain(&mut feed).await), [3]);
    });
}

#[test]
fn a_topic_added_later_is_replayed_without_repeating_what_the_first_one_brought() {
    on_a_local_set(async {
        let bench = Bench::keeping(100);
        let mut feed = bench.watch(&["dispatch"], None);
        bench.tell(1, &["dispatch", "tech:a"]);
        bench.tell(2, &["tech:a"]);
        bench.tell(3, &["dispatch"]);
        assert_eq!(seqs(&drain(&mut feed).await), [1, 3]);
        feed.subscribe(topics(&["tech:a"]), Some(EPOCH)).unwrap();
        bench.tell(4, &["tech:a"]);
        assert_eq!(seqs(&drain(&mut feed).await), [2, 4]);
        feed.unsubscribe(&topics(&["dispatch"]));
        bench.tell(5, &["dispatch"]);
        bench.tell(6, &["tech:a"]);
        assert_eq!(seqs(&drain(&mut feed).await), [6]);
    });
}
