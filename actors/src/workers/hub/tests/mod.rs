//! The hub's promises, without HTTP: order, nothing twice, nothing lost, and every bound.

mod replay;

use super::*;
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use std::future::poll_fn;
use std::task::Poll;

const EPOCH: i64 = 3 * SEQ_PER_EPOCH;

fn on_a_local_set<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, work)
}

fn topics(names: &[&str]) -> Vec<Arc<str>> {
    names.iter().map(|name| Arc::from(*name)).collect()
}

fn durable(n: i64, names: &[&str]) -> Arc<Frame> {
    let seq = EPOCH + n;
    Frame::durable(seq, Timestamp::UNIX_EPOCH, "job.assigned", topics(names), &n).unwrap().into()
}

fn position(tracker: &str, n: usize) -> Arc<Frame> {
    let (at, names) = (Timestamp::UNIX_EPOCH, topics(&["dispatch"]));
    let key = Some(Arc::from(format!("tech.position:{tracker}")));
    Frame::transient(at, "tech.position", names, key, &n).unwrap().into()
}

fn bulky(bytes: usize) -> Arc<Frame> {
    let (at, names) = (Timestamp::UNIX_EPOCH, topics(&["dispatch"]));
    Frame::transient(at, "bulky", names, None, &"x".repeat(bytes)).unwrap().into()
}

async fn next(feed: &mut Feed) -> Item {
    poll_fn(|cx| feed.poll(cx)).await.expect("the feed has ended")
}

/// Lets the shard fan out, then takes what is there.
async fn drain(feed: &mut Feed) -> Vec<Item> {
    settle().await;
    let mut items = Vec::new();
    poll_fn(|cx| {
        while let Poll::Ready(Some(item)) = feed.poll(cx) {
            items.push(item);
        }
        Poll::Ready(())
    })
    .await;
    items
}

async fn settle() {
    // Past the longest pause of a shard, then past its turns.
    tokio::time::sleep(2 * shard::PAUSE_MAX).await;
    for _ in 0..500 {
        tokio::task::yield_now().await;
    }
}

fn seqs(items: &[Item]) -> Vec<i64> {
    let seq = |item: &Item| match item {
        Item::Live(frame) => frame.frame.seq.map(|seq| seq - EPOCH),
        Item::Past(frame) => frame.seq.map(|seq| seq - EPOCH),
        Item::Resync(head) => Some(-(head - EPOCH)),
        Item::Ping | Item::End(_) => None,
    };
    items.iter().filter_map(seq).collect()
}

struct Bench {
    hub: Hub,
    history: Arc<MemoryHistory>,
}

impl Bench {
    fn keeping(frames_max: usize) -> Self {
        Self { hub: Hub::remembering(0), history: Arc::new(MemoryHistory::new(3, frames_max)) }
    }

    fn tell(&self, n: i64, names: &[&str]) {
        let frame = durable(n, names);
        self.history.append(Arc::clone(&frame));
        self.hub.publish(frame).unwrap();
    }

    fn watch(&self, names: &[&str], after: Option<i64>) -> Feed {
        let mut feed = self.hub.watch(self.history.clone(), None).unwrap();
        feed.subscribe(topics(names), after.map(|n| EPOCH + n)).unwrap();
        feed
    }
}

#[test]
fn a_frame_of_two_topics_reaches_a_watcher_of_both_once() {
    on_a_local_set(async {
        let bench = Bench::keeping(10);
        let mut both = bench.watch(&["dispatch", "tech:a"], None);
        let mut other = bench.watch(&["tech:b"], None);
        bench.tell(1, &["dispatch", "tech:a"]);
        bench.tell(2, &["tech:a"]);
        bench.tell(3, &["tech:b"]);
        assert_eq!(seqs(&drain(&mut both).await), [1, 2]);
        assert_eq!(seqs(&drain(&mut other).await), [3]);
    });
}

#[test]
fn a_reader_too_slow_is_cut_off_while_others_go_on() {
    on_a_local_set(async {
        let bench = Bench::keeping(10_000);
        let mut slow = bench.watch(&["dispatch"], None);
        let mut quick = bench.watch(&["dispatch"], None);
        let mut got = Vec::new();
        for n in 1..=(QUEUE_FRAMES_MAX as i64 + 1) {
            bench.tell(n, &["dispatch"]);
            if n % 100 == 0 {
                got.extend(seqs(&drain(&mut quick).await));
            }
        }
        got.extend(seqs(&drain(&mut quick).await));
        assert_eq!(got, (1..=(QUEUE_FRAMES_MAX as i64 + 1)).collect::<Vec<_>>());
        assert!(matches!(drain(&mut slow).await[..], [Item::End(Cut::TooSlow)]));
        assert_eq!(bench.hub.cut(), 1);
        // It comes back with the last event it has seen, here none, and misses nothing.
        let mut back = bench.watch(&["dispatch"], Some(0));
        assert_eq!(drain(&mut back).await.len(), QUEUE_FRAMES_MAX + 1);
    });
}

#[test]
fn a_queue_is_bounded_in_bytes_too() {
    on_a_local_set(async {
        let bench = Bench::keeping(1);
        let mut slow = bench.watch(&["dispatch"], None);
        for _ in 0..20 {
            bench.hub.publish(bulky(QUEUE_BYTES_MAX / 16)).unwrap();
        }
        assert!(matches!(drain(&mut slow).await[..], [Item::End(Cut::TooSlow)]));
        let mut one = bench.watch(&["dispatch"], None);
        bench.hub.publish(bulky(2 * QUEUE_BYTES_MAX)).unwrap();
        assert_eq!(drain(&mut one).await.len(), 1, "a single frame is taken whatever its size");
    });
}

#[test]
fn positions_conflate_to_the_newest_of_each_tracker_for_a_watcher_who_is_behind() {
    on_a_local_set(async {
        let bench = Bench::keeping(1);
        let mut behind = bench.watch(&["dispatch"], None);
        for n in 0..5000 {
            for tracker in ["a", "b", "c"] {
                bench.hub.publish(position(tracker, n)).unwrap();
            }
            if n % 500 == 0 {
                settle().await;
            }
        }
        let items = drain(&mut behind).await;
        assert_eq!(items.len(), 3);
        for item in items {
            let Item::Live(frame) = item else { panic!("{item:?}") };
            assert!(frame.sse.ends_with(b"\"data\":4999}\n\n"));
        }
        assert_eq!(bench.hub.cut(), 0);
    });
}

#[test]
fn a_shard_that_does_not_run_makes_publishing_answer_overloaded_and_then_recovers() {
    on_a_local_set(async {
        let bench = Bench::keeping(1);
        let mut feed = bench.watch(&["dispatch"], None);
        for n in 0..INBOX_FRAMES_MAX {
            bench.hub.publish(position("a", n)).unwrap();
        }
        assert_eq!(bench.hub.publish(position("a", 0)), Err(Overloaded));
        bench.hub.publish(durable(1, &["tech:nobody"])).unwrap();
        bench.hub.room().await.unwrap();
        assert_eq!(bench.hub.publish(position("a", 1)), Ok(1));
        drain(&mut feed).await;
    });
}

#[test]
fn a_durable_event_beyond_a_shards_room_sends_its_watchers_back_and_loses_nothing() {
    on_a_local_set(async {
        let bench = Bench::keeping(2 * INBOX_FRAMES_MAX);
        let mut feed = bench.watch(&["dispatch"], None);
        let last = INBOX_FRAMES_MAX as i64 + 10;
        for n in 1..=last {
            bench.tell(n, &["dispatch"]);
        }
        assert!(matches!(drain(&mut feed).await[..], [Item::End(Cut::TooSlow)]));
        let mut back = bench.watch(&["dispatch"], Some(0));
        assert_eq!(seqs(&drain(&mut back).await), (1..=last).collect::<Vec<_>>());
        bench.tell(last + 1, &["dispatch"]);
        assert_eq!(seqs(&drain(&mut back).await), [last + 1]);
    });
}

#[test]
fn a_watcher_whose_right_has_ended_is_sent_away_within_a_minute() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let hub = Hub::new();
        let no = || -> LocalBoxFuture<'static, bool> { Box::pin(std::future::ready(false)) };
        let history = Arc::new(MemoryHistory::new(3, 1));
        let mut feed = hub.watch(history, Some(Rc::new(no))).unwrap();
        let started = tokio::time::Instant::now();
        let mut pings = 0;
        loop {
            match next(&mut feed).await {
                Item::Ping => pings += 1,
                Item::End(why) => break assert_eq!(why, Cut::Revoked),
                other => panic!("{other:?}"),
            }
        }
        assert!(started.elapsed() <= Duration::from_secs(CHECK_EVERY_S));
        assert!(pings <= 3, "{pings}");
    });
}

#[test]
fn a_quiet_watcher_hears_a_ping_every_25_seconds() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let bench = Bench::keeping(1);
        let mut feed = bench.watch(&["dispatch"], None);
        assert!(matches!(next(&mut feed).await, Item::Ping));
        let first = tokio::time::Instant::now();
        assert!(matches!(next(&mut feed).await, Item::Ping));
        assert_eq!(first.elapsed().as_secs(), PING_EVERY_S);
    });
}

#[test]
fn closing_sends_every_watcher_away_and_lets_nobody_in() {
    on_a_local_set(async {
        let bench = Bench::keeping(1);
        let mut feed = bench.watch(&["dispatch"], None);
        bench.hub.close();
        assert!(matches!(next(&mut feed).await, Item::End(Cut::Stopping)));
        assert!(bench.hub.watch(bench.history.clone(), None).is_err());
        drop(feed);
        assert_eq!(bench.hub.watchers(), 0);
    });
}

#[test]
fn watchers_who_leave_are_forgotten_and_the_rest_still_hear() {
    on_a_local_set(async {
        let bench = Bench::keeping(1);
        let mut all: Vec<Feed> = (0..1000).map(|_| bench.watch(&["dispatch"], None)).collect();
        let mut last = all.pop().unwrap();
        drop(all);
        assert_eq!(bench.hub.watchers(), 1);
        assert_eq!(bench.hub.publish(durable(1, &["dispatch"])), Ok(1));
        assert_eq!(seqs(&drain(&mut last).await), [1]);
        drop(last);
        assert_eq!(bench.hub.publish(durable(2, &["dispatch"])), Ok(0));
    });
}

#[test]
fn threads_hear_each_others_frames_in_order() {
    let bench = Bench::keeping(1);
    let (hub, history) = (bench.hub.clone(), bench.history.clone());
    let (ready, is_ready) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        on_a_local_set(async move {
            let mut feed = hub.watch(history, None).unwrap();
            feed.subscribe(topics(&["dispatch"]), None).unwrap();
            ready.send(()).unwrap();
            let mut got = Vec::new();
            while got.len() < 20_000 {
                let item = next(&mut feed).await;
                got.extend(seqs(&[item]));
            }
            got
        })
    });
    is_ready.recv().unwrap();
    on_a_local_set(async {
        for n in 1..=20_000 {
            bench.hub.room().await.unwrap();
            bench.hub.publish(durable(n, &["dispatch"])).unwrap();
        }
    });
    assert_eq!(reader.join().unwrap(), (1..=20_000).collect::<Vec<_>>());
}
