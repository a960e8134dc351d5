//! `kill -9` at random moments under load, on both databases. Every restart finds what was acknowledged, no text is
//! sent twice, the journal has no gap, and a screen that follows sees each event exactly once. Two negative controls
//! run the same judgement on a server that breaks its promise, and it must turn red.
//!
//! `KILLS` sets the number of kills per database (12 and 6 without it; `KILLS=50` is the full measure). The clock
//! of the house, and of its provider, is set a minute further on each start: leases of the dead process have ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::postgres::{Durability, Postgres};
use crate::harness::server::{Api, Plan, Server, monday_morning, tidy_up};
use crate::judge;
use crate::load::{Acknowledged, Dispatcher, WORKERS, drive, label, with_texts};
use crate::twilio_double::TwilioDouble;

/// How long a lease holds, and a little.
const LEASE: Duration = Duration::from_secs(61);

fn kills(otherwise: u32) -> u32 {
    std::env::var("KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// One run: the house, its provider, and what was acknowledged.
struct Ordeal {
    plan: Plan,
    double: TwilioDouble,
    acknowledged: Acknowledged,
    api: Api,
    database_url: Option<String>,
    began: Instant,
    starts: u32,
}

impl Ordeal {
    fn new(name: &str, database_url: Option<String>, breaks: Option<&'static str>) -> Option<Self> {
        let mut plan = Plan::new(name);
        let double = TwilioDouble::start(&plan.folder.join("twilio.log"), None)?;
        plan = with_texts(plan, &double);
        if let Some(url) = &database_url {
            plan = plan.set("database_url", url);
        }
        plan.breaks = breaks;
        let (api, acknowledged) = (Api::of(&plan), Acknowledged::new(&plan.folder));
        let began = Instant::now();
        Some(Self { plan, double, acknowledged, api, database_url, began, starts: 0 })
    }

    async fn start(&mut self) -> Server {
        let clock = monday_morning(self.began.elapsed() + LEASE * self.starts);
        self.starts += 1;
        self.double.post("/clock", json!({"at": clock})).await;
        self.plan.start(&clock).await
    }

    async fn head(&self) -> i64 {
        let (status, board) = self.api.get("/dispatch/board?date=2026-11-24").await;
        assert_eq!(status, 200, "{board}");
        board["seq"].as_i64().unwrap()
    }

    /// Kills it again and again under load and judges after each restart. The error is the first complaint.
    async fn endure(&mut self, kills: u32, seed: u64) -> Result<(), String> {
        let mut server = self.start().await;
        // Texts are under way for a while, so that kills meet them there; callbacks come back signed.
        let slow = json!({"mode": "slow", "seconds": 0.15});
        self.double.post("/mode", slow).await;
        let callbacks = json!({"statuses": ["sent", "delivered"], "delay_ms": 40, "shuffle": true});
        self.double.post("/auto", callbacks).await;
        let from = self.head().await;
        let until = Arc::new(AtomicI64::new(i64::MAX));
        let mut follower = JoinSet::new();
        follower.spawn({
            let (api, until) = (self.api.clone(), until.clone());
            async move {
                api.follow("dispatch", from, |last| last >= until.load(Ordering::SeqCst)).await
            }
        });
        let stop = Arc::new(AtomicBool::new(false));
        let mut at_work = JoinSet::new();
        for worker in 0..WORKERS {
            let (api, acknowledged) = (self.api.clone(), self.acknowledged.clone());
            at_work.spawn(Dispatcher { worker, api, acknowledged }.work(stop.clone()));
        }
        let mut beside = JoinSet::new();
        beside.spawn(drive(self.plan.url(), stop.clone()));
        beside.spawn(label(self.plan.url(), self.acknowledged.clone(), stop.clone()));
        let mut dice = StdRng::seed_from_u64(seed);
        for _ in 0..kills {
            tokio::time::sleep(Duration::from_millis(dice.random_range(50..900))).await;
            server.kill();
            server = self.start().await;
            judge::everything_is_there(&self.api, &self.acknowledged, 30).await?;
            judge::nothing_was_sent_twice(&self.double)?;
        }
        stop.store(true, Ordering::SeqCst);
        while let Some(refused) = at_work.join_next().await {
            if let Some(why) = refused.unwrap().first() {
                return Err(format!("refused: {why}"));
            }
        }
        self.double.play("ok", 0).await;
        let things = judge::everything_is_there(&self.api, &self.acknowledged, usize::MAX).await?;
        let told = judge::everybody_was_told_once(&self.double, &self.acknowledged).await?;
        // Taken-back visits may still be telling; then everything must be still.
        tokio::time::sleep(Duration::from_secs(2)).await;

        let last = self.head().await;
        let replay = self.api.follow("dispatch", from, |seen| seen >= last).await;
        let last = *replay.last().unwrap();
        until.store(last, Ordering::SeqCst);
        let mut followed = Vec::new();
        let waited = tokio::time::timeout(Duration::from_secs(30), follower.join_next()).await;
        if let Ok(Some(seen)) = waited {
            followed = seen.unwrap();
        }
        followed.retain(|seq| *seq <= last);
        if followed != replay {
            return Err("the follower missed or repeated an event".to_owned());
        }
        if !server.stop().await.success() {
            return Err(format!("SIGTERM: {}", self.plan.log()));
        }
        let mut books = judge::Books::open(&self.plan, self.database_url.as_deref()).await;
        let events = books.are_without_gaps().await?;
        books.agree_with(&self.double).await?;
        eprintln!(
            "{kills} kills: {things} things acknowledged, {told} people told, {events} events"
        );
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_told_twice_by_kills_on_sqlite() {
    let Some(mut ordeal) = Ordeal::new("faults-sqlite", None, None) else { return };
    ordeal.endure(kills(12), 21).await.unwrap();
    tidy_up(&ordeal.plan.folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_told_twice_by_kills_on_postgresql() {
    let Some(cluster) = Postgres::shared("faults", Durability::Full) else { return };
    let fresh = cluster.fresh();
    let Some(mut ordeal) = Ordeal::new("faults-postgresql", Some(fresh.url()), None) else {
        return;
    };
    ordeal.endure(kills(6), 22).await.unwrap();
    tidy_up(&ordeal.plan.folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_judgement_turns_red_when_answers_leave_before_their_commit() {
    let broken = Some("ack_before_commit");
    let Some(mut ordeal) = Ordeal::new("faults-early", None, broken) else { return };
    let complaint = ordeal.endure(10, 23).await.unwrap_err();
    // Where no kill fell between an answer and its commit, the early answers still show: a create is read back before
    // it is there.
    let seen = ["lost: ", "refused: "].iter().any(|start| complaint.starts_with(start));
    assert!(seen, "{complaint}");
    tidy_up(&ordeal.plan.folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_judgement_turns_red_when_a_text_is_sent_again_without_asking() {
    let broken = Some("send_without_asking");
    let Some(mut ordeal) = Ordeal::new("faults-twice", None, broken) else { return };
    let complaint = ordeal.endure(10, 24).await.unwrap_err();
    assert!(complaint.starts_with("twice: "), "{complaint}");
    tidy_up(&ordeal.plan.folder);
}
