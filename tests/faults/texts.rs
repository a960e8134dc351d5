//! `kill -9` aimed at a dispatcher's text that sends somebody: the assignment and its answer are two commits, and a death
//! between them must be mended by the repetition, once. Beside it the undo of a named act, and a look back at an earlier
//! moment: asked again after the restart, each answers as if nothing had happened.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::{Method, header};
use serde_json::{Value, json};
use tournee::integrations::twilio::signature::sign;

use crate::harness::postgres::{Durability, Postgres};
use crate::harness::server::{Api, Plan, Server, TOKEN, client, monday_morning, tidy_up};

const TWILIO: &str = "0123456789abcdef0123456789abcdef";
const BEA: &str = "+14505550177";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

/// A house, and a dispatcher who has only a phone.
struct Ordeal {
    plan: Plan,
    api: Api,
    http: reqwest::Client,
    began: Instant,
}

/// What one kill is aimed at.
struct Target {
    round: u64,
    job: String,
    /// Another job, and the act that gave it to somebody.
    given: (String, i64),
}

impl Ordeal {
    fn new(plan: Plan) -> Self {
        let public = plan.url();
        let plan = plan.set("twilio_auth_token", TWILIO).set("public_url", &public);
        Self { api: Api::of(&plan), plan, http: client(), began: Instant::now() }
    }

    async fn start(&self) -> Server {
        self.plan.start(&monday_morning(self.began.elapsed())).await
    }

    fn asks(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.plan.url())).bearer_auth(TOKEN)
    }

    /// Two technicians, and Bea's account with her phone.
    async fn people(&self) -> String {
        let day = json!([{"start": "06:00", "end": "22:00"}]);
        let week = json!({"mon": day, "tue": day, "wed": day, "thu": day, "fri": day, "sat": day, "sun": day});
        let mut first = String::new();
        for name in ["Marc", "Luc"] {
            let body = json!({"name": name, "phone": format!("+14385550{:03}", name.len()),
                "home": {"lat": 45.05, "lon": -73.58}, "weekly_schedule": week});
            first = text(&self.api.post("/technicians", name, &body).await["id"]);
        }
        let who = json!({"email": "bea@example.ca", "password": "a long password"});
        let mut user = who.clone();
        (user["name"], user["role"], user["language"]) =
            ("Bea".into(), "dispatcher".into(), "en".into());
        self.api.post("/auth/users", "bea", &user).await;
        let login = self.asks(Method::POST, "/auth/login").json(&who).send().await.unwrap();
        let cookie = login.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
        let version = login.json::<Value>().await.unwrap()["user"]["version"].clone();
        let mine = self.http.patch(format!("{}/auth/me", self.plan.url()));
        let mine = mine.header(header::COOKIE, cookie.split(';').next().unwrap());
        let mine = mine.json(&json!({"phone": BEA, "version": version})).send().await.unwrap();
        assert_eq!(mine.status(), 200);
        first
    }

    /// A job for this afternoon that Bea has asked about, and another that was given to somebody.
    async fn target(&self, round: u64, technician: &str) -> Target {
        let key = |what: &str| format!("{what}-{round}");
        let phone = format!("+1450555{:04}", 2_000 + round);
        let body = json!({"name": "Ruiz", "phone": phone});
        let customer = self.api.post("/customers", &key("customer"), &body).await;
        let place = json!({"customer_id": customer["id"], "address": "1, rue A", "lat": 45.06, "lon": -73.6});
        let place = self.api.post("/locations", &key("place"), &place).await;
        let mut job = json!({"customer_id": customer["id"], "location_id": place["id"], "title": "Panne",
            "duration_min": 15, "external_id": number(round),
            "arrival_window": {"start": "2026-11-16T12:00:00-05:00", "end": "2026-11-16T20:00:00-05:00"}});
        let asked = text(&self.api.post("/jobs", &key("job"), &job).await["id"]);
        (job["external_id"], job["arrival_window"]) = (Value::Null, Value::Null);
        let other = text(&self.api.post("/jobs", &key("other"), &job).await["id"]);
        let start = format!("2026-11-{:02}T12:00:00-05:00", 17 + round);
        let give = json!({"job_id": other, "technician_id": technician, "start": start});
        let answer = self.asks(Method::POST, "/dispatch/assign").json(&give).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let act = answer.headers()["tournee-act"].to_str().unwrap().parse().unwrap();
        assert!(self.says(&format!("SMask{round}"), &format!("{}?", number(round))).await);
        Target { round, job: asked, given: (other, act) }
    }

    /// One delivery of a text of Bea's; whether the house took it.
    async fn says(&self, sid: &str, body: &str) -> bool {
        let pairs: Vec<(String, String)> = [
            ("MessageSid", sid),
            ("AccountSid", "AC00000000000000000000000000000000"),
            ("From", BEA),
            ("To", "+14505550000"),
            ("Body", body),
            ("NumMedia", "0"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let address = format!("{}/webhook/twilio/sms-incoming", self.plan.url());
        let signature = sign(TWILIO, &address, &pairs);
        let request = self.http.post(address).form(&pairs).header("X-Twilio-Signature", signature);
        request.send().await.is_ok_and(|answer| answer.status() == 200)
    }

    async fn undoes(&self, target: &Target) -> Option<(u16, Value)> {
        let body = json!({"act": target.given.1});
        self.api.try_post("/dispatch/undo", &format!("undo-{}", target.round), &body).await
    }

    /// Who could have taken a job at an earlier moment, to the last byte.
    async fn looks_back(&self, job: &str, at: &str) -> Option<String> {
        let path = format!("/jobs/{job}/suggestions?at={at}&limit=50");
        let answer = self.asks(Method::GET, &path).send().await.ok()?;
        if answer.status() == 200 { answer.text().await.ok() } else { None }
    }

    /// Everything at once, and death: as soon as somebody has the job, or at any moment.
    async fn kill(&self, server: Server, target: &Target, past: (&str, &str), dice: &mut StdRng) {
        let sid = format!("SMsend{}", target.round);
        let death = async {
            if target.round.is_multiple_of(2) {
                while self.api.get(&format!("/jobs/{}", target.job)).await.1["visit"].is_null() {}
            } else {
                tokio::time::sleep(Duration::from_millis(dice.random_range(1..60))).await;
            }
            server.kill();
        };
        tokio::join!(
            death,
            self.says(&sid, "1"),
            self.undoes(target),
            self.looks_back(past.0, past.1)
        );
    }

    /// Texts of one kind to a number, or about a job.
    async fn texts(&self, about: &str, kind: &str) -> Vec<String> {
        let (_, outbox) = self.api.get("/outbox?limit=200").await;
        let all = outbox["items"].as_array().unwrap().iter();
        let ours =
            all.filter(|one| one["kind"] == kind && (one["to"] == about || one["job_id"] == about));
        ours.map(|one| text(&one["body"])).collect()
    }

    /// Everything is asked again, twice; each was done once and is answered.
    async fn judge(&self, target: &Target) {
        let sid = format!("SMsend{}", target.round);
        for _ in 0..2 {
            assert!(self.says(&sid, "1").await, "{}", self.plan.log());
            let (status, undone) = self.undoes(target).await.unwrap();
            assert_eq!((status, &undone["act"]), (200, &json!(target.given.1)), "{undone}");
        }
        let (_, job) = self.api.get(&format!("/jobs/{}", target.job)).await;
        assert_eq!(job["status"], "planned", "{job}");
        let (_, given) = self.api.get(&format!("/jobs/{}", target.given.0)).await;
        assert_eq!(given["status"], "unassigned", "{given}");
        let sent = self.texts(BEA, "suggestion").await;
        let sent = sent.iter().filter(|body| body.contains(" goes to ")).count();
        assert_eq!(sent as u64, target.round + 1, "one answer for each text");
        let began = Instant::now();
        while self.texts(&target.job, "visit_promised").await.is_empty() {
            assert!(began.elapsed() < Duration::from_secs(20), "{}", self.plan.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(self.texts(&target.job, "visit_promised").await.len(), 1);
    }

    async fn endure(&self, kills: u64, seed: u64) {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut server = self.start().await;
        let technician = self.people().await;
        let mut halves = 0;
        let mut past: Option<(String, String)> = None;
        for round in 0..kills {
            let target = self.target(round, &technician).await;
            let then = monday_morning(self.began.elapsed() - Duration::from_millis(200));
            let (job, at) = past.clone().unwrap_or((target.job.clone(), then));
            let before = self.looks_back(&job, &at).await;
            self.kill(server, &target, (&job, &at), &mut dice).await;
            server = self.start().await;
            let (_, held) = self.api.get(&format!("/jobs/{}", target.job)).await;
            let answers = self.texts(BEA, "suggestion").await;
            let answered = answers.iter().filter(|body| body.contains(" goes to ")).count() as u64;
            halves += u64::from(!held["visit"].is_null() && answered == round);
            assert_eq!(self.looks_back(&job, &at).await, before, "the past is what it was");
            self.judge(&target).await;
            past = Some((
                target.job,
                monday_morning(self.began.elapsed() - Duration::from_millis(200)),
            ));
        }
        eprintln!("{kills} kills, {halves} of them between an assignment and its answer");
        assert!(server.stop().await.success(), "{}", self.plan.log());
        tidy_up(&self.plan.folder);
    }
}

/// The number of a round's job.
fn number(round: u64) -> String {
    format!("iss-{}", 4_800 + round)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_sends_somebody_is_obeyed_and_answered_once_on_sqlite() {
    Ordeal::new(Plan::new("texts-sqlite")).endure(10, 41).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_sends_somebody_is_obeyed_and_answered_once_on_postgresql() {
    let Some(cluster) = Postgres::shared("texts", Durability::Full) else { return };
    let fresh = cluster.fresh();
    let plan = Plan::new("texts-postgresql").set("database_url", &fresh.url());
    Ordeal::new(plan).endure(6, 42).await;
}
