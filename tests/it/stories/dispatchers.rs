//! Eight dispatchers at once, each with a screen of their own, do whatever comes into their heads: assign, move, take off,
//! draft, publish, undo, redo, edit. Nobody's edit is lost, nobody is in two places, and in the end every screen that
//! followed the events shows what a fresh read shows. `TOURNEE_DISPATCHERS_S` says for how long; ten seconds a database
//! where it says nothing.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::text;
use crate::harness::watch::Watch;

on_both! {
    eight_dispatchers_at_once_lose_nothing_and_see_the_same at "07:00";
}

const DISPATCHERS: usize = 8;
const TECHNICIANS: usize = 6;
const JOBS: usize = 24;
const CUSTOMERS: usize = 4;

/// What a screen shows of a job.
type Shown = (String, i64, Option<(String, String)>);

/// Numbers that are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

struct Dispatcher {
    http: reqwest::Client,
    url: String,
    token: String,
    edits: String,
    name: String,
    dice: Dice,
}

impl Dispatcher {
    async fn named(house: &House, number: usize) -> Self {
        let name = format!("dispatcher {number}");
        let token = async |name: &str| {
            let body = json!({"name": name, "role": "dispatcher"});
            text(&house.make("/auth/tokens", body).await["token"])
        };
        Self {
            http: crate::harness::server::client(),
            url: house.url.clone(),
            token: token(&name).await,
            // Edits are another name's acts, so that an undo never takes one back.
            edits: token(&format!("{name}, edits")).await,
            name,
            dice: Dice(7 + number as u64 * 1_000_003),
        }
    }

    async fn ask(&self, token: &str, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(token);
        let answer = request.json(body).send().await.unwrap();
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap_or(Value::Null);
        assert!([200, 207, 404, 409, 422].contains(&status), "{path}: {status} {body}");
        (status, body)
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.ask(&self.token, Method::POST, path, body).await
    }

    /// Adds a word to a job's notes, against the version that was read; the word, where it was taken.
    async fn edit(&mut self, job: &str, turn: usize) -> Option<String> {
        let path = format!("/jobs/{job}");
        let (_, held) = self.ask(&self.edits, Method::GET, &path, &Value::Null).await;
        let word = format!("[{} {turn}]", self.name);
        let notes = format!("{}{word}", held["notes"].as_str().unwrap_or(""));
        let body = json!({"notes": notes, "version": held["version"]});
        let (status, _) = self.ask(&self.edits, Method::PATCH, &path, &body).await;
        (status == 200).then_some(word)
    }

    /// Works for a while; the words that were taken, by job.
    async fn work(mut self, jobs: Vec<String>, technicians: Vec<String>, until: Instant) -> Work {
        let mut work = Work::default();
        let draft = self.name.clone();
        while Instant::now() < until {
            work.turns += 1;
            let job = jobs[self.dice.below(jobs.len())].clone();
            let technician = &technicians[self.dice.below(technicians.len())];
            let minute = 8 * 60 + 15 * self.dice.below(28);
            let start = moment(&format!("{:02}:{:02}", minute / 60, minute % 60));
            let mut body = json!({"job_id": job, "technician_id": technician, "start": start});
            let status = match self.dice.below(12) {
                0..=3 => self.post("/dispatch/assign", &body).await.0,
                4 | 5 => self.post("/dispatch/unassign", &json!({"job_id": job})).await.0,
                6 | 7 => {
                    body["draft"] = json!(draft);
                    self.post("/dispatch/assign", &body).await.0
                }
                8 => {
                    let body = json!({"date": "2026-11-23", "draft": draft, "partial": true});
                    self.post("/dispatch/publish", &body).await.0
                }
                9 => self.post("/dispatch/undo", &json!({})).await.0,
                10 => self.post("/dispatch/redo", &json!({})).await.0,
                _ => match self.edit(&job, work.turns).await {
                    Some(word) => {
                        work.words.push((job, word));
                        200
                    }
                    None => 409,
                },
            };
            work.done += usize::from(status < 300);
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        work
    }
}

#[derive(Default)]
struct Work {
    turns: usize,
    done: usize,
    words: Vec<(String, String)>,
}

fn shown(job: &Value) -> Shown {
    let visit = &job["visit"];
    let open = ["planned", "en_route", "on_site"].contains(&job["status"].as_str().unwrap());
    let stands = visit["start"]
        .as_str()
        .filter(|_| open)
        .map(|start| (text(&visit["technician_id"]), moment(start).to_string()));
    (text(&job["status"]), job["version"].as_i64().unwrap(), stands)
}

async fn fresh(house: &House) -> (i64, BTreeMap<String, Shown>, BTreeMap<String, Value>) {
    let board = house.board().await;
    let placed = board["technicians"].as_array().unwrap().iter();
    let placed =
        placed.flat_map(|who| who["visits"].as_array().unwrap()).map(|visit| &visit["job"]);
    let all = placed.chain(board["pool"].as_array().unwrap());
    let jobs = all.map(|job| (text(&job["id"]), shown(job))).collect();
    let drafts = board["drafts"].as_array().unwrap().iter();
    let drafts = drafts.map(|entry| (text(&entry["visit"]["job_id"]), entry.clone())).collect();
    (board["seq"].as_i64().unwrap(), jobs, drafts)
}

/// What a screen shows that began with a snapshot and followed the events.
fn followed(
    watch: &Watch,
    mut jobs: BTreeMap<String, Shown>,
    mut drafts: BTreeMap<String, Value>,
) -> (BTreeMap<String, Shown>, BTreeMap<String, Value>) {
    for frame in watch.frames() {
        let data = &frame.data["data"];
        if frame.event.starts_with("job.") {
            let job = &data["job"];
            let id = text(&job["id"]);
            let mut now = shown(job);
            // An event that says nothing of the visit has not taken it away.
            if job.get("visit").is_none() {
                now.2 = jobs.get(&id).and_then(|before| before.2.clone());
            }
            jobs.insert(id, now);
        } else if frame.event.starts_with("draft.") {
            let id = text(&data["job_id"]);
            // A draft's entry raises the version of its job, which bears no more than that.
            if let Some(job) = jobs.get_mut(&id) {
                job.1 = job.1.max(frame.id.unwrap_or(0));
            }
            match frame.event.as_str() {
                "draft.changed" => drafts.insert(id, data["entry"].clone()),
                _ => drafts.remove(&id),
            };
        }
    }
    (jobs, drafts)
}

/// Nobody is in two places at once.
fn nobody_is_booked_twice(board: &Value) {
    for who in board["technicians"].as_array().unwrap() {
        let mut spans: Vec<(jiff::Timestamp, jiff::Timestamp)> = who["visits"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|visit| visit["status"] == "planned")
            .map(|visit| (moment(&text(&visit["start"])), moment(&text(&visit["end"]))))
            .collect();
        spans.sort();
        for pair in spans.windows(2) {
            assert!(pair[0].1 <= pair[1].0, "{} is booked twice: {spans:?}", who["name"]);
        }
    }
}

fn seconds() -> u64 {
    std::env::var("TOURNEE_DISPATCHERS_S").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}

async fn eight_dispatchers_at_once_lose_nothing_and_see_the_same(house: &House) {
    let names = ["Ana", "Luc", "Eve", "Max", "Zoe", "Guy"];
    let mut technicians = Vec::new();
    for name in names.iter().take(TECHNICIANS) {
        technicians.push(house.technician(name).await.id);
    }
    let mut jobs = Vec::new();
    let mut customers = Vec::new();
    for number in 0..CUSTOMERS {
        customers.push(house.customer(&format!("Client {number}")).await);
    }
    // Few customers: their threads grow longer than a room keeps of them.
    for number in 0..JOBS {
        jobs.push(house.job(&customers[number % CUSTOMERS], None).await.id);
    }
    house.settle().await;
    let (seq, first, drafts) = fresh(house).await;
    let mut screens = Vec::new();
    let mut dispatchers = Vec::new();
    for number in 0..DISPATCHERS {
        screens.push(house.watch("dispatch", Some(seq)).await);
        dispatchers.push(Dispatcher::named(house, number).await);
    }
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds());
    let working: Vec<_> = dispatchers
        .into_iter()
        .map(|one| tokio::spawn(one.work(jobs.clone(), technicians.clone(), until)))
        .collect();
    while Instant::now() < until {
        nobody_is_booked_twice(&house.board().await);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let (mut turns, mut done, mut words) = (0, 0, Vec::new());
    for one in working {
        let work = one.await.unwrap();
        (turns, done) = (turns + work.turns, done + work.done);
        words.extend(work.words);
    }
    let took = began.elapsed();
    while !house.inside.is_settled() && began.elapsed() < took + Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    house.settle().await;
    nobody_is_booked_twice(&house.board().await);
    for (job, word) in &words {
        let notes = text(&house.see(&format!("/jobs/{job}")).await["notes"]);
        assert!(notes.contains(word.as_str()), "{word} was lost in {notes}");
    }
    let (last, now, now_drafted) = fresh(house).await;
    for screen in &screens {
        screen
            .until(last.min(screen.frames().iter().filter_map(|f| f.id).max().unwrap_or(last)))
            .await;
        let (seen, seen_drafts) = followed(screen, first.clone(), drafts.clone());
        assert_eq!(seen, now, "a screen shows another board");
        assert_eq!(seen_drafts, now_drafted, "a screen shows other drafts");
    }
    assert!(done > DISPATCHERS * 5, "{done} of {turns} were done");
    eprintln!(
        "{DISPATCHERS} dispatchers, {:.0} s, {:?}: {turns} commands, {done} done, {} edits kept",
        took.as_secs_f64(),
        house.on,
        words.len(),
    );
}
