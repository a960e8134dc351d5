//! The play against a recorder: a small server that has the house's doors, deals jobs out in turn, and writes down whatever comes in.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::{Date, Exchange, Programme, Stage, World, link};
use crate::demo::client::{Doors, Keys, sign};

const MIDNIGHT_S: i64 = 1_795_410_000;
const TOKEN: &str = "the-house-and-twilio-know-it";

/// What came in: the door, and the body or query.
#[derive(Default)]
struct Recorder {
    calls: Mutex<Vec<(String, String)>>,
    technicians: Mutex<Vec<Value>>,
    jobs: Mutex<Vec<Value>>,
    /// Job number, technician number, place in the route; in the order of assignment.
    visits: Mutex<Vec<(usize, usize, usize)>>,
    closed: Mutex<Vec<String>>,
    exchange: Mutex<Option<Arc<Exchange>>>,
    origin: Mutex<String>,
}

impl Recorder {
    fn doors(&self) -> Vec<String> {
        self.calls.lock().iter().map(|call| call.0.clone()).collect()
    }

    fn create(&self, kind: &str, body: Value) -> Value {
        let list = match kind {
            "technicians" => &self.technicians,
            "jobs" => &self.jobs,
            _ => return json!({ "id": format!("{kind}_1") }),
        };
        let mut list = list.lock();
        let id = format!("{}_{}", kind.trim_end_matches('s'), list.len());
        list.push(body);
        json!({ "id": id })
    }

    fn assign(&self, body: &Value) -> Value {
        let mut visits = self.visits.lock();
        let technicians = self.technicians.lock();
        let mut assigned = Vec::new();
        for id in body["job_ids"].as_array().unwrap() {
            let job: usize = id.as_str().unwrap().trim_start_matches("job_").parse().unwrap();
            visits.retain(|visit| visit.0 != job);
            let who = visits.len() % technicians.len();
            let place = visits.iter().filter(|visit| visit.1 == who).count();
            visits.push((job, who, place));
            assigned.push(json!({ "job_id": id }));
            let body = format!("Nouvelle visite. {}/t/link-{who}.", self.origin.lock());
            let to = technicians[who]["phone"].as_str().unwrap().to_owned();
            let callback =
                format!("{}/webhook/twilio/sms-status?message=m{job}", self.origin.lock());
            if let Some(exchange) = self.exchange.lock().as_ref() {
                exchange.take(to, "+14505550100".to_owned(), body, Some(callback)).unwrap();
            }
        }
        json!({ "assigned": assigned, "unassigned": [], "applied": true })
    }

    fn board(&self) -> Value {
        let (jobs, closed) = (self.jobs.lock(), self.closed.lock());
        let technicians: Vec<Value> = (0..self.technicians.lock().len())
            .map(|who| {
                let visits = self.visits.lock();
                let visits: Vec<Value> = visits
                    .iter()
                    .filter(|visit| visit.1 == who)
                    .map(|(job, _, place)| {
                        let start = MIDNIGHT_S + 8 * 3_600 + 2_400 + *place as i64 * 5_400;
                        let minutes = jobs[*job]["duration_min"].as_i64().unwrap();
                        let id = format!("job_{job}");
                        json!({
                            "job_id": id,
                            "status": if closed.contains(&id) { "done" } else { "planned" },
                            "start": super::founding::instant(start),
                            "end": super::founding::instant(start + minutes * 60),
                        })
                    })
                    .collect();
                json!({ "id": format!("technician_{who}"), "visits": visits })
            })
            .collect();
        let placed: Vec<usize> = self.visits.lock().iter().map(|visit| visit.0).collect();
        let pool: Vec<Value> = (0..jobs.len())
            .filter(|job| !placed.contains(job))
            .map(|job| json!({ "id": format!("job_{job}") }))
            .collect();
        json!({ "seq": 1, "technicians": technicians, "pool": pool })
    }

    fn answer(&self, request: &HttpRequest, body: &str) -> HttpResponse {
        let path = request.path().to_owned();
        let value: Value = serde_json::from_str(body).unwrap_or(Value::Null);
        let query = request.query_string();
        let kept = if query.is_empty() { body.to_owned() } else { format!("{query} {body}") };
        self.calls.lock().push((path.clone(), kept));
        match path.as_str() {
            "/dispatch/board" => HttpResponse::Ok().json(self.board()),
            "/dispatch/auto-assign" => HttpResponse::Ok().json(self.assign(&value)),
            path if path.starts_with("/webhook/") => self.webhook(request, body),
            path if path.ends_with("/status") => {
                if matches!(value["status"].as_str(), Some("done" | "no_access" | "cancelled")) {
                    let parts: Vec<&str> = path.split('/').collect();
                    self.closed.lock().push(parts[parts.len() - 2].to_owned());
                }
                HttpResponse::Ok().json(json!({}))
            }
            path if path.starts_with("/traccar") || path.ends_with("absences") => {
                HttpResponse::Ok().finish()
            }
            path => HttpResponse::Created().json(self.create(path.trim_start_matches('/'), value)),
        }
    }

    fn webhook(&self, request: &HttpRequest, body: &str) -> HttpResponse {
        let form: Vec<(String, String)> = web::Query::<Vec<(String, String)>>::from_query(body)
            .map(web::Query::into_inner)
            .unwrap_or_default();
        let params: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let url = format!("{}{}", self.origin.lock(), request.uri());
        let given = request.headers().get("X-Twilio-Signature").unwrap().to_str().unwrap();
        if given == sign(TOKEN, &url, &params) {
            HttpResponse::NoContent().finish()
        } else {
            HttpResponse::Forbidden().finish()
        }
    }
}

fn listen(recorder: &Arc<Recorder>) -> SocketAddr {
    let shared = Arc::clone(recorder);
    let server = HttpServer::new(move || {
        let shared = Arc::clone(&shared);
        App::new().default_service(web::to(move |request: HttpRequest, body: String| {
            let shared = Arc::clone(&shared);
            async move { shared.answer(&request, &body) }
        }))
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))
    .unwrap();
    let address = server.addrs()[0];
    actix_web::rt::spawn(server.run());
    address
}

/// Plays a small company's day up to `until_h` and gives what was recorded.
async fn play(seed: u64, until_h: i64) -> (Arc<Recorder>, Stage) {
    let recorder = Arc::new(Recorder::default());
    let origin = format!("http://{}", listen(&recorder));
    let exchange = Arc::new(Exchange::new(seed));
    *recorder.origin.lock() = origin.clone();
    *recorder.exchange.lock() = Some(Arc::clone(&exchange));
    let keys = Keys {
        public_url: origin.clone(),
        origin,
        admin_token: "admin".to_owned(),
        twilio_account: exchange.account().to_owned(),
        twilio_token: TOKEN.to_owned(),
        twilio_from: "+14505550100".to_owned(),
    };
    let date = Date { number: 0, midnight_s: MIDNIGHT_S, weekday: 1 };
    let programme = Programme { date, date_text: "2026-11-23".to_owned(), jobs: 48 };
    let world = World::new(seed, 10, 48);
    let doors = Doors::new(keys).unwrap();
    let mut stage = Stage::open(doors, world, seed, exchange, &programme).await.unwrap();
    for minute in 6 * 60 + 30..until_h * 60 {
        let changed = stage.live_to(MIDNIGHT_S + minute * 60, 60).await;
        if changed || minute % 5 == 0 {
            stage.look().await.unwrap();
        }
    }
    (recorder, stage)
}

#[actix_web::test]
async fn a_day_goes_through_every_public_door_and_none_refuses() {
    let (recorder, stage) = play(3, 18).await;
    let figures = stage.figures();
    assert!(figures.refused.is_empty(), "{:?}", figures.refused);
    let doors = recorder.doors();
    let count = |door: &str| doors.iter().filter(|path| path.contains(door)).count();
    assert_eq!((count("/tags"), recorder.technicians.lock().len()), (5, 10));
    assert_eq!(count("/absences"), 2);
    assert!(count("/traccar/osmand") > 1_500 && count("sms-status") > 80);
    assert!(count("/dispatch/auto-assign") > 3);
    assert!(recorder.jobs.lock().len() > 48, "urgent jobs are called in");
}

#[actix_web::test]
async fn technicians_report_through_the_link_they_were_sent_and_each_job_in_order() {
    let (recorder, _) = play(3, 14).await;
    let calls = recorder.calls.lock();
    let mut told: std::collections::BTreeMap<String, Vec<String>> = Default::default();
    for (path, body) in calls.iter().filter(|call| call.0.starts_with("/t/link-")) {
        let job = path.split('/').nth(4).unwrap().to_owned();
        let body: Value = serde_json::from_str(body).unwrap();
        told.entry(job).or_default().push(body["status"].as_str().unwrap().to_owned());
    }
    assert!(told.len() > 15, "{} jobs", told.len());
    let order = ["en_route", "on_site", "done"];
    let whole = told.values().filter(|words| words.len() == 3);
    for words in whole.clone() {
        assert_eq!(words[..2], order[..2]);
        assert!(words[2] == "done" || words[2] == "no_access");
    }
    assert!(whole.count() > 10);
}

#[actix_web::test]
async fn the_same_seed_says_the_same_at_the_doors() {
    let ((one, _), (two, _)) = (play(8, 11).await, play(8, 11).await);
    let sorted = |recorder: &Recorder| {
        let mut calls: Vec<(String, String)> = recorder.calls.lock().clone();
        calls.retain(|call| !call.0.starts_with("/webhook"));
        calls.sort();
        calls
    };
    assert!(sorted(&one) == sorted(&two));
}

#[test]
fn the_link_of_a_text_is_found_without_the_full_stop_after_it() {
    assert_eq!(link("Voir http://h/t/a.b-c_d."), Some("a.b-c_d".to_owned()));
    assert_eq!(link("Voir http://h/t/abc pour vos 3 visites"), Some("abc".to_owned()));
    assert_eq!(link("Merci"), None);
}
