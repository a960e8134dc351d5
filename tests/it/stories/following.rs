//! Outside calendars, served by a real server on this machine: what they take blocks the time for every door; a server in trouble leaves
//! what was read in force and is named; nothing ever shows an address.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::house::{House, moment, on_both, pause};
use crate::harness::people::{Technician, text};

on_both! {
    what_google_s_calendar_takes_is_taken_for_every_door at "07:30";
    outlook_s_zones_by_their_own_names_are_understood at "07:30";
    a_server_in_trouble_leaves_what_was_read_and_is_named at "07:30";
    no_address_is_ever_shown_and_odd_ones_are_refused at "07:30";
    what_nobody_has_read_is_never_planned_into_without_a_word at "07:30";
    who_follows_what_is_read_when_something_was_written_and_not_else at "07:30";
}

pub const GOOGLE: &str = include_str!("calendars/google.ics");
const OUTLOOK: &str = include_str!("calendars/outlook.ics");
/// What makes the address a secret.
const SECRET: &str = "private-7f3a9c";

/// How the server behaves.
#[derive(Clone)]
pub enum Mood {
    Serves(String),
    Says(&'static str),
    Hangs,
    Floods,
}

/// A calendar server on loopback; it counts what it answered with 304.
pub struct Server {
    pub url: String,
    mood: Arc<Mutex<Mood>>,
    unchanged: Arc<Mutex<usize>>,
}

impl Server {
    pub async fn serving(file: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/{SECRET}/basic.ics", listener.local_addr().unwrap());
        let mood = Arc::new(Mutex::new(Mood::Serves(file.to_owned())));
        let unchanged = Arc::new(Mutex::new(0));
        let (moods, count) = (mood.clone(), unchanged.clone());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (moods, count) = (moods.clone(), count.clone());
                tokio::spawn(async move {
                    let mut head = vec![0; 4096];
                    let length = stream.read(&mut head).await.unwrap_or(0);
                    let asked = String::from_utf8_lossy(&head[..length]).to_lowercase();
                    // A connection may have been opened long before it is asked anything.
                    let mood = moods.lock().clone();
                    let answer = match mood {
                        Mood::Serves(_) if asked.contains("if-none-match: \"one\"") => {
                            *count.lock() += 1;
                            b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec()
                        }
                        Mood::Serves(body) => ok(&body),
                        Mood::Says(head) => {
                            format!("{head}\r\nConnection: close\r\n\r\n").into_bytes()
                        }
                        Mood::Hangs => {
                            tokio::time::sleep(Duration::from_secs(30)).await;
                            return;
                        }
                        Mood::Floods => {
                            ok(&format!("BEGIN:VCALENDAR\r\n{}", "X-A:b\r\n".repeat(1_500_000)))
                        }
                    };
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { url, mood, unchanged }
    }

    pub fn becomes(&self, mood: Mood) {
        *self.mood.lock() = mood;
    }
}

fn ok(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nETag: \"one\"\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").into_bytes()
}

async fn follow(house: &House, who: &Technician, url: &str, titles: bool) -> String {
    let body = json!({"url": url, "name": "Privé", "show_titles": titles});
    let made = house.make(&format!("/technicians/{}/calendars", who.id), body).await;
    text(&made["id"])
}

/// The calendar as soon as it is as wanted.
async fn becomes(house: &House, who: &Technician, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let listed = house.see(&format!("/technicians/{}/calendars", who.id)).await;
        if wanted(&listed["items"][0]) {
            return listed["items"][0].clone();
        }
        assert!(began.elapsed() < Duration::from_secs(25), "never: {listed}");
        pause().await;
    }
}

fn is_read(calendar: &Value) -> bool {
    calendar["known_until"].is_string() && calendar["problem"].is_null()
}

async fn again(house: &House, who: &Technician, id: &str) {
    let path = format!("/technicians/{}/calendars/{id}/refresh", who.id);
    assert_eq!(house.post(&path, &json!({})).await.0, 202);
}

fn spans(calendar: &Value) -> Vec<(jiff::Timestamp, jiff::Timestamp)> {
    let busy = calendar["busy"].as_array().unwrap().iter();
    let at = |value: &Value| text(value).parse().unwrap();
    busy.map(|one| (at(&one["start"]), at(&one["end"]))).collect()
}

fn span(from: &str, to: &str) -> (jiff::Timestamp, jiff::Timestamp) {
    (moment(from), moment(to))
}

async fn what_google_s_calendar_takes_is_taken_for_every_door(house: &House) {
    let ana = house.technician("Ana").await;
    let server = Server::serving(GOOGLE).await;
    let id = follow(house, &ana, &server.url, false).await;
    let calendar = becomes(house, &ana, is_read).await;
    let wanted = vec![
        span("10:00", "11:00"),
        // All day on the company's wall, the weekly hour moved, the next one left out, the last before its end.
        span("2026-11-25T00:00", "2026-11-26T00:00"),
        span("2026-11-30T13:00", "2026-11-30T14:00"),
        span("2026-12-14T10:00", "2026-12-14T11:00"),
    ];
    assert_eq!(spans(&calendar), wanted, "{calendar}");
    assert!(!calendar.to_string().contains("Physio"), "it is taken, and nobody sees by what");
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    let (status, refused) = house.try_assign(&job, &ana, "10:00").await;
    assert_eq!((status, &refused["code"]), (422, &json!("board.technician_busy")), "{refused}");
    assert!(text(&refused["detail_en"]).contains("is busy by an outside calendar"), "{refused}");
    let ask = json!({"job_id": job.id, "from": moment("09:30"), "to": moment("11:15"), "limit": 5});
    let slots = house.done("/dispatch/suggest", &ask).await;
    for slot in slots["slots"].as_array().unwrap() {
        let start: jiff::Timestamp = text(&slot["start"]).parse().unwrap();
        assert!(start >= moment("11:00"), "{slots}");
    }
    let narrow = house.job(&ruiz, Some(("10:00", "10:15"))).await;
    let body = json!({"date": "2026-11-23", "job_ids": [narrow.id]});
    let planned = house.done("/dispatch/auto-assign", &body).await;
    assert_eq!(planned["assigned"], json!([]), "{planned}");
    let body = json!({"job_id": job.id, "technician_id": ana.id, "start": moment("10:00"), "override": ["busy"]});
    house.done("/dispatch/assign", &body).await;
    let board = house.board().await;
    let row = &board["technicians"][0];
    assert_eq!(row["busy"].as_array().unwrap().len(), 1, "{row}");
    assert_eq!(row["calendars"][0]["name"], "Privé");
    // The same file is asked for and not sent again; what changes is read within a quarter of an hour.
    house.at("07:46").await;
    let began = Instant::now();
    while *server.unchanged.lock() == 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "it was not asked for again");
        pause().await;
    }
    let path = format!("/technicians/{}/calendars/{id}", ana.id);
    assert_eq!(house.answer(house.request(Method::DELETE, &path)).await.0, 204);
    house.settle().await;
    assert_eq!(house.board().await["technicians"][0]["busy"], json!([]), "what it took is free");
}

async fn outlook_s_zones_by_their_own_names_are_understood(house: &House) {
    let ana = house.technician("Ana").await;
    let server = Server::serving(OUTLOOK).await;
    follow(house, &ana, &server.url, true).await;
    let calendar = becomes(house, &ana, is_read).await;
    let wanted = vec![
        span("13:00", "14:00"),
        span("15:00", "15:30"),
        span("2026-11-24T13:00", "2026-11-24T14:00"),
        span("2026-11-25T13:00", "2026-11-25T14:00"),
    ];
    assert_eq!(spans(&calendar), wanted, "{calendar}");
    assert_eq!(calendar["busy"][1]["title"], "Dentiste", "a calendar whose titles may be seen");
}

async fn a_server_in_trouble_leaves_what_was_read_and_is_named(house: &House) {
    let ana = house.technician("Ana").await;
    let server = Server::serving(GOOGLE).await;
    let id = follow(house, &ana, &server.url, false).await;
    let read = becomes(house, &ana, is_read).await;
    let cut = GOOGLE.split("BEGIN:VEVENT").next().unwrap().to_owned();
    let strange = GOOGLE.replace("TZID=America/Toronto:", "TZID=Mars/Olympus:");
    let moods = [
        (Mood::Says("HTTP/1.1 500 Internal Server Error"), "server"),
        (Mood::Says("HTTP/1.1 403 Forbidden"), "refused"),
        (Mood::Says("HTTP/1.1 404 Not Found"), "gone"),
        (Mood::Says("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd"), "redirect"),
        (Mood::Serves("<html>Sign in</html>".into()), "unreadable"),
        (Mood::Serves(cut), "unreadable"),
        (Mood::Serves(strange), "unknown_zone"),
        (Mood::Serves(GOOGLE.replace("FREQ=WEEKLY", "FREQ=SOMETIMES")), "rule"),
        (Mood::Floods, "too_large"),
        (Mood::Hangs, "slow"),
    ];
    for (mood, code) in moods {
        server.becomes(mood);
        again(house, &ana, &id).await;
        let now = becomes(house, &ana, |one| one["problem"]["code"] == code).await;
        assert_eq!(now["busy"], read["busy"], "{code}: what was read last stands");
        assert!(now["problem"]["since"].is_string(), "{now}");
    }
    let known = house.see(&format!("/technicians/{}", ana.id)).await;
    assert_eq!(known["calendars"][0]["problem"]["code"], "slow");
    assert_eq!(house.board().await["technicians"][0]["calendars"][0]["problem"]["code"], "slow");
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    assert_eq!(house.try_assign(&job, &ana, "10:00").await.0, 422, "still taken");
    // Beyond what is known nobody says that it is free.
    let body =
        json!({"job_id": job.id, "technician_id": ana.id, "start": "2027-02-08T10:00:00-05:00"});
    let far = house.done("/dispatch/assign", &body).await;
    assert!(far["warnings"].to_string().contains("they may be busy"), "{far}");
    server.becomes(Mood::Serves(GOOGLE.to_owned()));
    again(house, &ana, &id).await;
    becomes(house, &ana, is_read).await;
}

async fn no_address_is_ever_shown_and_odd_ones_are_refused(house: &House) {
    let ana = house.technician("Ana").await;
    let path = format!("/technicians/{}/calendars", ana.id);
    for odd in
        ["file:///etc/passwd", "ftp://127.0.0.1/a.ics", "nonsense", "http://169.254.169.254/"]
    {
        let (status, refused) = house.post(&path, &json!({"url": odd})).await;
        assert_eq!((status, &refused["code"]), (422, &json!("calendars.address")), "{refused}");
    }
    let server = Server::serving(GOOGLE).await;
    follow(house, &ana, &server.url, false).await;
    becomes(house, &ana, is_read).await;
    house.settle().await;
    let places = [
        path.clone(),
        format!("/technicians/{}", ana.id),
        "/technicians".into(),
        "/dispatch/board?date=2026-11-23".into(),
        "/dispatch/undo".into(),
    ];
    for place in places {
        assert!(!house.see(&place).await.to_string().contains(SECRET), "{place}");
    }
    let frames = house.inside.history();
    let told = frames_of(&frames).await;
    assert!(told.contains("technician.updated") && !told.contains(SECRET), "{told}");
    for _ in 0..4 {
        follow(house, &ana, &server.url, false).await;
    }
    let (status, refused) = house.post(&path, &json!({"url": server.url})).await;
    assert_eq!((status, &refused["code"]), (422, &json!("calendars.too_many")), "{refused}");
    assert_eq!(house.post(&format!("{path}/cal_none/refresh"), &json!({})).await.0, 404);
}

/// Everything that screens were told, as text.
async fn frames_of(history: &tournee::tell::JournalHistory) -> String {
    use actors::engine::journal::{Journal, Since};
    // Positions begin anew with every epoch.
    let epoch = 1_000_000_000_000;
    let first = history.journal.head_now() / epoch * epoch;
    let read = history.journal.since(first, 1000).await.unwrap();
    let Since::Events(events) = read else { panic!("the journal begins later") };
    let frames = events.iter().filter_map(|entry| history.teller.frame(entry));
    frames.map(|frame| format!("{frame:?}")).collect()
}

async fn what_nobody_has_read_is_never_planned_into_without_a_word(house: &House) {
    let ana = house.technician("Ana").await;
    let server = Server::serving(GOOGLE).await;
    server.becomes(Mood::Says("HTTP/1.1 500 Internal Server Error"));
    follow(house, &ana, &server.url, false).await;
    becomes(house, &ana, |one| one["problem"]["code"] == "server").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let warned = |of: &Value, what: &str| {
        let said = of["reasons"].to_string();
        assert!(
            said.contains("n'a pas encore été lu") && said.contains("they may be busy"),
            "{what}: {of}"
        );
    };
    let ask = json!({"job_id": job.id, "from": moment("08:00"), "to": moment("16:30")});
    warned(&house.done("/dispatch/suggest", &ask).await["slots"][0], "suggested slots");
    let rule = house.done("/dispatch/auto-assign", &json!({"date": "2026-11-23"})).await;
    warned(&rule["assigned"][0], "the house rule");
    let plan = json!({"date": "2026-11-23", "seconds": 0.2});
    warned(&house.done("/dispatch/optimize", &plan).await["changes"][0], "a day planned anew");
    let fork = house.make("/dispatch/whatif", json!({"date": "2026-11-23"})).await;
    let given = json!({"kind": "assign", "job_id": job.id, "technician_id": ana.id});
    let path = format!("/dispatch/whatif/{}/steps", text(&fork["id"]));
    let imagined = house.done(&path, &json!({"step": given})).await;
    warned(&imagined["changes"][0], "a what-if");
    let offer = json!({"job_id": job.id, "mode": "preview"});
    let shown = house.done("/offers", &offer).await;
    warned(&shown["asked"][0], "an offer");
    let ways = house.done("/dispatch/urgent", &json!({"job_id": job.id})).await;
    warned(&ways["plans"][0], "an urgent way");
}

async fn who_follows_what_is_read_when_something_was_written_and_not_else(house: &House) {
    let ana = house.technician("Ana").await;
    let server = Server::serving(GOOGLE).await;
    follow(house, &ana, &server.url, false).await;
    becomes(house, &ana, is_read).await;
    house.settle().await;
    // Several looks of the reader, while nothing happens at all.
    let (head, lists) = (house.inside.head(), house.inside.outside.lists());
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(house.inside.head(), head, "nothing was written down");
    let read = house.inside.outside.lists() - lists;
    assert!(read <= 1, "the list was read {read} times");
    // Somebody follows another: it is heard of, and read.
    let bob = house.technician("Bob").await;
    follow(house, &bob, &server.url, false).await;
    becomes(house, &bob, is_read).await;
    assert!(house.inside.outside.lists() > lists);
}
