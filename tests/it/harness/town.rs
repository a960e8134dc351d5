//! A small town to tell stories in, made through the API as any program would: technicians, customers, jobs, fixes
//! and the texts that follow. Every story has a server of its own.

use std::time::{Duration, Instant};

use scheduler::travel::{Estimate, Point, Travel};
use serde_json::{Value, json};

use super::postgres::{Durability, Fresh, Postgres};
use super::server::{Api, Plan, Server, TOKEN, client, tidy_up};

/// Where Ruiz lives.
pub const RUIZ: Point = Point { lat: 45.08, lon: -73.61 };
/// Ruiz's number.
pub const RUIZ_PHONE: &str = "+14505550102";

/// A server at a chosen moment, and who lives around it.
pub struct Town {
    /// Its API.
    pub api: Api,
    /// How it was started.
    pub plan: Plan,
    /// The running process.
    pub server: Option<Server>,
    _database: Option<Fresh>,
}

/// On which databases a story is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// The embedded one.
    Sqlite,
    /// A private server.
    Postgresql,
}

impl Town {
    /// A town whose clock shows `clock` on Monday 2026-11-23. `None`, aloud, where the database is not installed.
    pub async fn at(name: &str, on: On, clock: &str, settings: &[(&str, &str)]) -> Option<Self> {
        let mut plan = Plan::new(name).set("undo_seconds", "0");
        for (name, value) in settings {
            plan = plan.set(name, value);
        }
        let mut database = None;
        if on == On::Postgresql {
            let fresh = Postgres::shared(name, Durability::None)?.fresh();
            plan = plan.set("database_url", &fresh.url());
            database = Some(fresh);
        }
        let server = plan.start(&format!("2026-11-23T{clock}:00-05:00")).await;
        let api = Api::of(&plan);
        Some(Self { api, plan, server: Some(server), _database: database })
    }

    /// Stops the server in order and starts it on the same store with its clock at a later moment.
    #[allow(dead_code, reason = "the other binary lets no time pass so")]
    pub async fn restart(&mut self, clock: &str) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
        self.server = Some(self.plan.start(&format!("2026-11-23T{clock}:00-05:00")).await);
    }

    /// Creates something, or fails the story.
    pub async fn make(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask(path, &body).await;
        assert_eq!(status, 201, "POST {path} {body}: {answer}");
        answer
    }

    /// Posts once, without a key.
    pub async fn ask(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = client().post(format!("{}{path}", self.plan.url())).bearer_auth(TOKEN);
        let answer = request.json(body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// Ana, who knows fibre at level 3 and works from 8 to 16:30.
    pub async fn ana(&self) -> Value {
        self.ask("/tags", &json!({"name": "Fibre"})).await;
        self.make(
            "/technicians",
            json!({
                "name": "Ana Roy", "phone": "450 555-0101", "language": "fr",
                "home": {"lat": 45.05, "lon": -73.58},
                "skills": [{"tag": "Fibre", "level": 3}],
                "weekly_schedule": {"mon": [{"start": "08:00", "end": "16:30"}]},
                "gps_device_id": "van-ana",
            }),
        )
        .await
    }

    /// A job of the Ruiz family with that window on the Monday.
    pub async fn job(&self, title: &str, window: Option<(&str, &str)>) -> Value {
        let (_, known) = self.api.get("/customers?limit=50").await;
        let known = known["items"].as_array().cloned().unwrap_or_default();
        let customer = match known.into_iter().find(|c| c["name"] == "Ruiz") {
            Some(customer) => customer,
            None => {
                let ruiz = json!({"name": "Ruiz", "phone": RUIZ_PHONE, "language": "fr"});
                self.make("/customers", ruiz).await
            }
        };
        let place = json!({
            "customer_id": customer["id"], "address": "12, rang Sainte-Anne",
            "lat": RUIZ.lat, "lon": RUIZ.lon,
        });
        let place = self.make("/locations", place).await;
        let moment = |time: &str| format!("2026-11-23T{time}:00-05:00");
        let mut job = json!({
            "customer_id": customer["id"], "location_id": place["id"], "title": title,
            "duration_min": 60, "priority": "normal",
            "skills": [{"tag": "Fibre", "level": 2, "required": true}],
        });
        if let Some((start, end)) = window {
            job["arrival_window"] = json!({"start": moment(start), "end": moment(end)});
        }
        self.make("/jobs", job).await
    }

    /// Gives a job to a technician at that time.
    pub async fn assign(&self, job: &Value, technician: &Value, start: &str) -> (u16, Value) {
        let body = json!({
            "job_id": job["id"], "technician_id": technician["id"],
            "start": format!("2026-11-23T{start}:00-05:00"),
        });
        self.ask("/dispatch/assign", &body).await
    }

    /// The phone app reports a fix; answers the status.
    pub async fn fix(&self, device: &str, at: Point, time: &str) -> u16 {
        let moment: jiff::Timestamp = format!("2026-11-23T{time}-05:00").parse().unwrap();
        let address = format!(
            "{}/traccar/osmand?id={device}&lat={}&lon={}&timestamp={}&accuracy=8&speed=27",
            self.plan.url(),
            at.lat,
            at.lon,
            moment.as_second()
        );
        client().get(address).send().await.unwrap().status().as_u16()
    }

    /// Texts to a number, oldest first, of one kind or of all.
    pub async fn texts(&self, to: &str, kind: Option<&str>) -> Vec<Value> {
        let (status, outbox) = self.api.get("/outbox?limit=200").await;
        assert_eq!(status, 200, "{outbox}");
        let items = outbox["items"].as_array().unwrap().iter();
        let mut texts: Vec<Value> = items
            .filter(|item| item["to"] == to && kind.is_none_or(|kind| item["kind"] == kind))
            .cloned()
            .collect();
        texts.sort_by_key(|item| item["at"].as_str().unwrap().to_owned());
        texts
    }

    /// The same, waiting until there are `count`.
    pub async fn texts_when(&self, to: &str, kind: &str, count: usize) -> Vec<Value> {
        let began = Instant::now();
        loop {
            let texts = self.texts(to, Some(kind)).await;
            if texts.len() >= count {
                return texts;
            }
            if began.elapsed() > Duration::from_secs(15) {
                let all = self.texts(to, None).await;
                panic!(
                    "{} of {count} texts {kind} to {to}: {all:?}\n{}",
                    texts.len(),
                    self.plan.log()
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.server.take();
        tidy_up(&self.plan.folder);
    }
}

/// A point from which the house's own estimate takes that many minutes to `to`, leaving at 09:50 on the Monday.
pub fn minutes_from(to: Point, minutes: i64) -> Point {
    let zone = jiff::tz::TimeZone::get("America/Toronto").unwrap();
    let estimate = Estimate::new(zone);
    let depart: jiff::Timestamp = "2026-11-23T09:50:00-05:00".parse().unwrap();
    let west = |degrees: f64| Point { lat: to.lat, lon: to.lon - degrees };
    let (mut near, mut far) = (0.0, 4.0);
    for _ in 0..40 {
        let middle = f64::midpoint(near, far);
        let leg = estimate.leg(west(middle), to, depart.as_second());
        if leg.seconds < minutes * 60 { near = middle } else { far = middle }
    }
    west(near)
}

/// The path of a link of this kind (`/track/`) in a text.
pub fn link<'a>(text: &'a Value, kind: &str) -> &'a str {
    let body = text["body"].as_str().unwrap();
    let from = body.find(kind).unwrap_or_else(|| panic!("no {kind} link in {body:?}"));
    body[from..].split_whitespace().next().unwrap().trim_end_matches(['.', ','])
}
