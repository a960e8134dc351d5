//! Dispatchers at work: customers, places, jobs, assignments, some taken back; positions beside them. What was
//! answered with a 2xx goes into a file, on the disk before it counts: that file is what the house is held to.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::server::{Api, Plan, TOKEN as ADMIN, client};
use crate::twilio_double::{ACCOUNT, TOKEN, TwilioDouble};

/// Dispatchers at once.
pub const WORKERS: usize = 4;
/// Jobs of one dispatcher at most.
const JOBS: usize = 700;

/// The customer's number of a dispatcher's nth job.
pub fn number(worker: usize, n: usize) -> String {
    format!("+1450{:07}", 5_550_000 + worker * JOBS + n)
}

/// With Twilio's double in place of Twilio, and every customer of the load allowed to be texted.
pub fn with_texts(plan: Plan, double: &TwilioDouble) -> Plan {
    let everybody = (0..WORKERS).flat_map(|worker| (0..JOBS).map(move |n| number(worker, n)));
    plan.set("outbound", "allowlist")
        .set("outbound_allow", &everybody.collect::<Vec<_>>().join(","))
        .set("twilio_account_sid", ACCOUNT)
        .set("twilio_auth_token", TOKEN)
        .set("twilio_from", "+14505550000")
        .set("twilio_api_base", &double.api)
        .set("undo_seconds", "0")
}

/// The file of what was acknowledged.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    path: PathBuf,
    file: Arc<Mutex<File>>,
}

impl Acknowledged {
    /// An empty one in that folder.
    pub fn new(folder: &Path) -> Self {
        let path = folder.join("acknowledged");
        let file = File::options().create(true).append(true).open(&path).unwrap();
        Self { path, file: Arc::new(Mutex::new(file)) }
    }

    /// `path` must from now on show what `shown` holds; `told`: the number that must get one text about it.
    fn note(&self, path: String, shown: Value, told: Option<&str>) {
        let line = json!({"path": path, "shown": shown, "told": told});
        let mut file = self.file.lock().unwrap();
        writeln!(file, "{line}").unwrap();
        file.sync_data().unwrap();
    }

    /// Every line, from the disk.
    pub fn read(&self) -> Vec<Value> {
        // Nobody is in the middle of a line while this is held.
        let _whole_lines = self.file.lock().unwrap();
        let text = std::fs::read_to_string(&self.path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// One dispatcher and what they were told.
pub struct Dispatcher {
    /// Which one.
    pub worker: usize,
    /// The API they use.
    pub api: Api,
    /// What was acknowledged to all of them.
    pub acknowledged: Acknowledged,
}

impl Dispatcher {
    /// Asks until there is an answer, through kills and overload; the error is a refusal.
    async fn post(&self, path: &str, key: &str, body: &Value) -> Result<Value, String> {
        let began = Instant::now();
        let mut last = String::new();
        while began.elapsed() < Duration::from_secs(90) {
            match self.api.try_post(path, key, body).await {
                Some((200..=299, answer)) => return Ok(answer),
                Some((status @ (429 | 503), answer)) => last = format!("{status} {answer}"),
                None => last = "no answer".to_owned(),
                Some((status, answer)) => {
                    return Err(format!("POST {path} {body}: {status} {answer}"));
                }
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        Err(format!("POST {path}: for 90 s only {last}"))
    }

    /// A technician who works every day, with a phone that reports positions.
    pub async fn hire(&self) -> Result<String, String> {
        let worker = self.worker;
        let hours = json!([{"start": "08:00", "end": "20:00"}]);
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let week: serde_json::Map<_, _> =
            days.iter().map(|day| ((*day).to_owned(), hours.clone())).collect();
        let technician = json!({
            "name": format!("Technician {worker}"), "phone": format!("+1438555{worker:04}"),
            "home": {"lat": 45.05, "lon": -73.58}, "skills": [], "weekly_schedule": week,
            "gps_device_id": format!("van-{worker}"),
        });
        let made = self.post("/technicians", &format!("t{worker}"), &technician).await?;
        Ok(made["id"].as_str().unwrap().to_owned())
    }

    /// One customer, their place, their job, and its assignment at a time that is theirs alone.
    pub async fn serve(&self, technician: &str, n: usize) -> Result<(), String> {
        let worker = self.worker;
        let key = |what: &str| format!("{what}-{worker}-{n}");
        let phone = number(worker, n);
        let name = format!("Customer {worker}-{n}");
        let customer = json!({"name": name, "phone": phone, "language": "fr"});
        let customer = self.post("/customers", &key("c"), &customer).await?;
        let path = format!("/customers/{}", customer["id"].as_str().unwrap());
        self.acknowledged.note(path, json!({"/name": name}), None);
        let place = json!({
            "customer_id": customer["id"], "address": "12, rang Sainte-Anne",
            "lat": 45.05, "lon": -73.58,
        });
        let place = self.post("/locations", &key("l"), &place).await?;
        let path = format!("/locations/{}", place["id"].as_str().unwrap());
        self.acknowledged.note(path, json!({"/customer_id": customer["id"]}), None);
        let job = json!({
            "customer_id": customer["id"], "location_id": place["id"], "title": "Visit",
            "duration_min": 5, "priority": "normal", "skills": [],
        });
        let job = self.post("/jobs", &key("j"), &job).await?;
        let path = format!("/jobs/{}", job["id"].as_str().unwrap());
        self.acknowledged.note(path.clone(), json!({"/title": "Visit"}), None);
        // Every quarter of an hour of the coming days, none twice.
        let day: jiff::civil::Date = "2026-11-24".parse().unwrap();
        let day = day + jiff::Span::new().days(i64::try_from(n / 44).unwrap());
        let minute = 8 * 60 + 15 + (n % 44) * 15;
        let start = format!("{day}T{:02}:{:02}:00-05:00", minute / 60, minute % 60);
        let assign = json!({"job_id": job["id"], "technician_id": technician, "start": start});
        let held = self.post("/dispatch/assign", &key("a"), &assign).await?;
        let shown = json!({
            "/visit/technician_id": technician, "/visit/start": held["visit"]["start"],
            "/version": held["version"],
        });
        if n % 7 != 6 {
            self.acknowledged.note(path, shown, Some(&phone));
            return Ok(());
        }
        // Some are taken back, perhaps before anybody looks. Whether their text has left by then is open.
        self.acknowledged.note(path.clone(), json!({"/version": held["version"]}), None);
        let back = json!({"job_id": job["id"]});
        let version = match self.post("/dispatch/unassign", &key("u"), &back).await {
            Ok(back) => back["version"].clone(),
            // Asked again after a kill that came between the commit and its answer.
            Err(why) if why.contains("board.no_visit") => held["version"].clone(),
            Err(why) => return Err(why),
        };
        self.acknowledged.note(path, json!({"/visit": null, "/version": version}), None);
        Ok(())
    }

    /// Serves customer after customer until told to stop; gives what was refused.
    pub async fn work(self, stop: Arc<AtomicBool>) -> Vec<String> {
        let technician = match self.hire().await {
            Ok(id) => id,
            Err(refused) => return vec![refused],
        };
        let mut refused = Vec::new();
        for n in 0..JOBS {
            if stop.load(Ordering::SeqCst) {
                break;
            }
            if let Err(why) = self.serve(&technician, n).await {
                refused.push(why);
            }
        }
        refused
    }
}

/// Somebody makes tag after tag, each asked for once and answered without another look at the database: what the
/// writer says is what they are told.
pub async fn label(url: String, acknowledged: Acknowledged, stop: Arc<AtomicBool>) {
    let http = client();
    for n in 0_u32.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let name = format!("Label {n}");
        let asked =
            http.post(format!("{url}/tags")).bearer_auth(ADMIN).json(&json!({"name": name}));
        if asked.send().await.is_ok_and(|answer| answer.status() == 201) {
            acknowledged.note(format!("/tags#{name}"), json!({}), None);
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

/// The phones of all technicians report where they are, whoever listens.
pub async fn drive(url: String, stop: Arc<AtomicBool>) {
    let http = client();
    for n in 0_u32.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let (van, lat) = (n as usize % WORKERS, 45.05 + f64::from(n % 100) * 0.001);
        let address =
            format!("{url}/traccar/osmand?id=van-{van}&lat={lat}&lon=-73.58&accuracy=8&speed=20");
        let _ = http.get(address).send().await;
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}
