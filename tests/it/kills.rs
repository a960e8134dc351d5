//! `kill -9` at random moments under load, on both databases. Whatever was acknowledged is there after every
//! restart, no text goes out twice, and a screen that follows sees each event exactly once.
//!
//! `KILLS` sets the number of kills (5 without it, which keeps the whole check short).

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use sqlx::Connection;
use tokio::sync::Mutex;

use crate::harness::postgres::{Durability, Postgres};
use crate::harness::server::{Api, Plan, monday_morning, tidy_up};
use crate::twilio_double::{ACCOUNT, TOKEN, TwilioDouble};

const WORKERS: usize = 4;
/// Customers that may be texted: each has one job, so each must get one promise.
const NUMBERS: usize = 3_000;

fn kills() -> u32 {
    std::env::var("KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(5)
}

fn number(n: usize) -> String {
    format!("+1450{:07}", 5_550_000 + n)
}

/// What a worker was told by a 2xx.
#[derive(Debug, Clone)]
struct Acknowledged {
    job_id: String,
    technician_id: String,
    start: String,
    phone: String,
}

/// One dispatcher at work: a customer, a place, a job, its assignment, and again.
async fn work(api: Api, worker: usize, stop: Arc<AtomicBool>, done: Arc<Mutex<Vec<Acknowledged>>>) {
    let hours = json!([{"start": "08:00", "end": "20:00"}]);
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let week: serde_json::Map<_, _> =
        days.iter().map(|day| ((*day).to_owned(), hours.clone())).collect();
    let technician = json!({
        "name": format!("Technician {worker}"), "phone": format!("+1438555{worker:04}"),
        "home": {"lat": 45.05, "lon": -73.58}, "skills": [], "weekly_schedule": week,
    });
    let made = api.post("/technicians", &format!("t{worker}"), &technician).await;
    let technician_id = made["id"].as_str().unwrap().to_owned();
    for n in 0..NUMBERS / WORKERS {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let key = |what: &str| format!("{what}-{worker}-{n}");
        let phone = number(worker * (NUMBERS / WORKERS) + n);
        let customer = json!({"name": format!("Customer {worker}-{n}"), "phone": phone});
        let customer = api.post("/customers", &key("c"), &customer).await;
        let place = json!({
            "customer_id": customer["id"], "address": "12, rang Sainte-Anne",
            "lat": 45.05, "lon": -73.58,
        });
        let place = api.post("/locations", &key("l"), &place).await;
        let job = json!({
            "customer_id": customer["id"], "location_id": place["id"], "title": "Visit",
            "duration_min": 5, "priority": "normal", "skills": [],
        });
        let job = api.post("/jobs", &key("j"), &job).await;
        // Every quarter of an hour of the coming days, none twice.
        let day: jiff::civil::Date = "2026-11-17".parse().unwrap();
        let day = day + jiff::Span::new().days(i64::try_from(n / 44).unwrap());
        let minute = 8 * 60 + 15 + (n % 44) * 15;
        let start = format!("{day}T{:02}:{:02}:00-05:00", minute / 60, minute % 60);
        let assign = json!({
            "job_id": job["id"], "technician_id": technician_id, "start": start,
        });
        api.post("/dispatch/assign", &key("a"), &assign).await;
        done.lock().await.push(Acknowledged {
            job_id: job["id"].as_str().unwrap().to_owned(),
            technician_id: technician_id.clone(),
            start,
            phone,
        });
    }
}

/// Everything that was acknowledged is there, as it was acknowledged; the error names what is not.
async fn all_there(api: &Api, acknowledged: &[Acknowledged]) -> Result<(), String> {
    for entry in acknowledged {
        let (status, job) = api.get(&format!("/jobs/{}", entry.job_id)).await;
        let visit = &job["visit"];
        let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
        let same = status == 200
            && visit["technician_id"] == json!(entry.technician_id)
            && visit["start"].as_str().and_then(instant) == instant(&entry.start);
        if !same {
            return Err(format!("{entry:?} is {status} {job}"));
        }
    }
    Ok(())
}

/// How often each number got a text, by the double's own log on disk.
fn texts(double: &TwilioDouble) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for message in double.accepted() {
        *counts.entry(message["to"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    counts
}

/// Every acknowledged assignment was told to its customer once; waits for what is still on its way.
async fn each_told_once(double: &TwilioDouble, acknowledged: &[Acknowledged]) {
    let began = Instant::now();
    loop {
        let counts = texts(double);
        let count = |entry: &Acknowledged| counts.get(&entry.phone).copied().unwrap_or(0);
        let twice: Vec<_> = acknowledged.iter().filter(|entry| count(entry) > 1).collect();
        assert!(twice.is_empty(), "told more than once: {twice:?}");
        let untold: Vec<_> = acknowledged.iter().filter(|entry| count(entry) == 0).collect();
        if untold.is_empty() {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(180), "never told: {untold:?}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// With Twilio's double in place of Twilio, and every customer allowed to be texted.
fn with_texts(plan: Plan, double: &TwilioDouble) -> Plan {
    let allowed: Vec<String> = (0..NUMBERS)
        .map(number)
        .chain((0..WORKERS).map(|worker| format!("+1438555{worker:04}")))
        .collect();
    plan.set("outbound", "allowlist")
        .set("outbound_allow", &allowed.join(","))
        .set("twilio_account_sid", ACCOUNT)
        .set("twilio_auth_token", TOKEN)
        .set("twilio_from", "+14505550000")
        .set("twilio_api_base", &double.api)
        .set("undo_seconds", "0")
}

async fn head(api: &Api) -> i64 {
    let (status, board) = api.get("/dispatch/board?date=2026-11-17").await;
    assert_eq!(status, 200, "{board}");
    board["seq"].as_i64().unwrap()
}

async fn killed_again_and_again(name: &str, database_url: Option<&str>, seed: u64) {
    let mut plan = Plan::new(name);
    let log = plan.folder.join("twilio.log");
    let Some(double) = TwilioDouble::start(&log, None) else { return };
    plan = with_texts(plan, &double);
    if let Some(url) = database_url {
        plan = plan.set("database_url", url);
    }
    let began = Instant::now();
    let mut server = plan.start(&monday_morning(began.elapsed())).await;
    let api = Api::of(&plan);
    let from = head(&api).await;
    let until = Arc::new(AtomicI64::new(i64::MAX));
    let follower = {
        let (api, until) = (api.clone(), until.clone());
        tokio::spawn(async move {
            api.follow("dispatch", from, |last| last >= until.load(Ordering::SeqCst)).await
        })
    };
    let stop = Arc::new(AtomicBool::new(false));
    let done = Arc::new(Mutex::new(Vec::new()));
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| tokio::spawn(work(api.clone(), worker, stop.clone(), done.clone())))
        .collect();
    let mut dice = StdRng::seed_from_u64(seed);
    for _ in 0..kills() {
        tokio::time::sleep(Duration::from_millis(dice.random_range(50..900))).await;
        server.kill();
        server = plan.start(&monday_morning(began.elapsed())).await;
    }
    stop.store(true, Ordering::SeqCst);
    for worker in workers {
        worker.await.unwrap();
    }
    let acknowledged = done.lock().await.clone();
    assert!(acknowledged.len() >= WORKERS, "only {} were done", acknowledged.len());
    all_there(&api, &acknowledged).await.unwrap();

    each_told_once(&double, &acknowledged).await;

    let last = head(&api).await;
    let replay = api.follow("dispatch", from, |seen| seen >= last).await;
    let last = *replay.last().unwrap();
    until.store(last, Ordering::SeqCst);
    let followed = follower.await.unwrap();
    let followed: Vec<i64> = followed.into_iter().take_while(|seq| *seq <= last).collect();
    assert_eq!(followed, replay, "the follower missed or repeated an event");
    assert!(replay.windows(2).all(|pair| pair[0] < pair[1]));

    assert!(server.stop().await.success(), "{}", plan.log());
    a_lost_row_is_noticed(&plan, database_url, &acknowledged).await;
    tidy_up(&plan.folder);
}

/// The negative control: with one row taken away behind the server's back, the same judgement must fail.
async fn a_lost_row_is_noticed(plan: &Plan, database_url: Option<&str>, known: &[Acknowledged]) {
    let lost = &known[known.len() / 2].job_id;
    const SQL: &str = "DELETE FROM jobs WHERE id = $1";
    let gone = match database_url {
        Some(url) => {
            let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
            sqlx::query(SQL).bind(lost).execute(&mut connection).await.unwrap().rows_affected()
        }
        None => {
            let mut connection = open(&plan.folder.join("data/tournee.db")).await;
            sqlx::query(SQL).bind(lost).execute(&mut connection).await.unwrap().rows_affected()
        }
    };
    assert_eq!(gone, 1);
    let server = plan.start(&monday_morning(Duration::from_secs(3_600))).await;
    let verdict = all_there(&Api::of(plan), known).await;
    assert!(verdict.unwrap_err().contains(lost.as_str()));
    server.kill();
}

async fn open(path: &Path) -> sqlx::SqliteConnection {
    sqlx::SqliteConnection::connect_with(&sqlx::sqlite::SqliteConnectOptions::new().filename(path))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kills_on_sqlite() {
    killed_again_and_again("kills-sqlite", None, 11).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kills_on_postgresql() {
    let Some(cluster) = Postgres::shared("kills", Durability::Full) else { return };
    let fresh = cluster.fresh();
    killed_again_and_again("kills-postgresql", Some(&fresh.url()), 12).await;
}
