//! The follower against a small Traccar played over real sockets: it logs people in, lists devices, keeps a
//! history, pushes over its socket, and can slam every door.

use std::collections::HashSet;
use std::net::SocketAddr;

use parking_lot::Mutex;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio_tungstenite::accept_async;

use super::*;
use crate::integrations::traccar::Proof;

const TOKEN: &str = "t0ken-of-dispatch";
const PAUSE: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Fake(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    devices: Mutex<Vec<Value>>,
    positions: Mutex<Vec<Value>>,
    /// Devices whose history answers 400 with a stack trace.
    broken: Mutex<HashSet<i64>>,
    asked: Mutex<Vec<String>>,
    live: broadcast::Sender<Option<String>>,
}

impl Fake {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (live, _) = broadcast::channel(64);
        let fake = Self(Arc::new(Inner {
            address: listener.local_addr().unwrap(),
            devices: Mutex::new(vec![device(7, "ana"), device(8, "luc")]),
            positions: Mutex::default(),
            broken: Mutex::default(),
            asked: Mutex::default(),
            live,
        }));
        let serving = fake.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        fake
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut head = vec![0; 4096];
        let mut length = 0;
        while !head[..length].windows(4).any(|four| four == b"\r\n\r\n") {
            length = stream.peek(&mut head).await.unwrap();
            tokio::task::yield_now().await;
        }
        let text = String::from_utf8_lossy(&head[..length]).into_owned();
        self.0.asked.lock().push(text.lines().next().unwrap().to_owned());
        if text.starts_with("GET /api/socket") {
            assert!(text.to_lowercase().contains("cookie: jsessionid=s1"), "{text}");
            let live = self.0.live.subscribe();
            let _ended = self.push(accept_async(stream).await.unwrap(), live).await;
            return;
        }
        stream.read_exact(&mut head[..length]).await.unwrap();
        let (status, extra, body) = self.answer(&text);
        let answer = format!(
            "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n{extra}\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
    }

    async fn push(
        &self,
        mut socket: WebSocketStream<TcpStream>,
        mut live: broadcast::Receiver<Option<String>>,
    ) -> Option<()> {
        let mut latest = std::collections::BTreeMap::new();
        for position in self.0.positions.lock().iter() {
            latest.insert(position["deviceId"].as_i64(), position.clone());
        }
        let first = json!({"positions": latest.into_values().collect::<Vec<_>>()}).to_string();
        socket.send(Message::text(first)).await.ok()?;
        // `None` over the channel slams the door; unknown keys and keep-alives are part of the protocol.
        while let Some(frame) = live.recv().await.ok()? {
            socket.send(Message::text(frame)).await.ok()?;
            socket.send(Message::text("{}")).await.ok()?;
        }
        Some(())
    }

    fn answer(&self, request: &str) -> (u16, &'static str, String) {
        let path = request.split_whitespace().nth(1).unwrap();
        if let Some(query) = path.strip_prefix("/api/session?") {
            return match query == format!("token={TOKEN}") {
                true => (200, "Set-Cookie: JSESSIONID=s1; Path=/\r\n", "{}".to_owned()),
                false => (401, "", "java.lang.SecurityException".to_owned()),
            };
        }
        let bearer = format!("authorization: bearer {TOKEN}");
        assert!(request.to_lowercase().contains(&bearer), "{request}");
        if path == "/api/devices" {
            return (200, "", Value::from(self.0.devices.lock().clone()).to_string());
        }
        let query = path.strip_prefix("/api/positions?").unwrap();
        let form = crate::integrations::form::parse(query.as_bytes());
        let value = |name| crate::integrations::form::value(&form, name).unwrap();
        let device: i64 = value("deviceId").parse().unwrap();
        if self.0.broken.lock().contains(&device) {
            return (400, "", "java.lang.NullPointerException\n\tat org.traccar".to_owned());
        }
        let from: Timestamp = value("from").parse().unwrap();
        let to: Timestamp = value("to").parse().unwrap();
        let positions = self.0.positions.lock();
        let span = positions.iter().filter(|position| {
            let at: Timestamp = position["fixTime"].as_str().unwrap().parse().unwrap();
            position["deviceId"] == device && (from..=to).contains(&at)
        });
        (200, "", Value::from(span.cloned().collect::<Vec<_>>()).to_string())
    }

    /// A tracker reports; whoever is connected hears it.
    fn report(&self, device: i64, time: &str) {
        let position = position(device, time);
        self.0.positions.lock().push(position.clone());
        let frame = json!({"positions": [position], "novelty": {}}).to_string();
        let _heard_by = self.0.live.send(Some(frame));
    }

    fn slam(&self) {
        let _heard_by = self.0.live.send(None);
    }

    fn times_asked(&self, start: &str) -> usize {
        self.0.asked.lock().iter().filter(|line| line.starts_with(start)).count()
    }
}

fn device(id: i64, name: &str) -> Value {
    json!({"id": id, "name": "x", "uniqueId": name, "status": "online", "attributes": {}})
}

fn position(device: i64, time: &str) -> Value {
    json!({"id": 1, "deviceId": device, "fixTime": format!("2026-11-23T{time}:00.000+00:00"), "valid": true,
           "latitude": 45.05, "longitude": -73.58, "speed": 10.0, "course": 0.0, "accuracy": 5.0})
}

struct Running {
    fixes: mpsc::Receiver<Fix<'static>>,
    health: watch::Receiver<Health>,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

fn run(address: SocketAddr, token: &str, newest: &[(&str, &str)]) -> Running {
    crate::integrations::install_tls();
    let (send, fixes) = mpsc::channel(64);
    let (tell, health) = watch::channel(Health::Connecting);
    let (stop, stopping) = watch::channel(false);
    let newest = newest
        .iter()
        .map(|(name, time)| ((*name).to_owned(), format!("2026-11-23T{time}:00Z").parse().unwrap()))
        .collect();
    let follower = Follower {
        api: Api::new(&format!("http://{address}/"), Proof::Token(token.to_owned())).unwrap(),
        clock: Arc::new(|| "2026-11-23T15:00:00Z".parse().unwrap()),
        fixes: send,
        health: tell,
        newest,
        pace: Pace {
            back_off_min: Duration::from_millis(50),
            back_off_max: Duration::from_millis(200),
            silence: PAUSE,
            tick: Duration::from_millis(100),
            lookback: SignedDuration::from_hours(24),
        },
        seed: 1,
    };
    Running { fixes, health, stop, task: tokio::spawn(follow(follower, stopping)) }
}

impl Running {
    async fn next(&mut self) -> String {
        let fix = timeout(PAUSE, self.fixes.recv()).await.unwrap().unwrap();
        assert!((fix.speed_kmh.unwrap() - 18.52).abs() < 1e-9);
        let at = fix.at.to_string();
        format!("{} {}", fix.tracker, &at[11..16])
    }

    async fn next_sorted(&mut self, count: usize) -> Vec<String> {
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(self.next().await);
        }
        all.sort();
        all
    }

    async fn nothing_more(&mut self) {
        let more = timeout(Duration::from_millis(300), self.fixes.recv()).await;
        assert!(more.is_err(), "{more:?}");
    }

    async fn healthy(&mut self) {
        let wait = self.health.wait_for(|health| matches!(health, Health::Following { .. }));
        timeout(PAUSE, wait).await.unwrap().unwrap();
    }

    async fn lost(&mut self) -> Fault {
        let wait = self.health.wait_for(|health| matches!(health, Health::Lost { .. }));
        let health = *timeout(PAUSE, wait).await.unwrap().unwrap();
        let Health::Lost { why, .. } = health else { panic!("{health:?}") };
        why
    }
}

#[tokio::test]
async fn live_positions_arrive_and_the_repeated_latest_is_not_told_twice() {
    let fake = Fake::start().await;
    let mut running = run(fake.0.address, TOKEN, &[]);
    running.healthy().await;
    fake.report(7, "14:00");
    assert_eq!(running.next().await, "ana 14:00");
    fake.report(8, "14:01");
    assert_eq!(running.next().await, "luc 14:01");
    fake.slam();
    running.lost().await;
    running.healthy().await;
    running.nothing_more().await;
    // The session after the break asked for history, and was told nothing that it knew.
    assert!(fake.times_asked("GET /api/positions?deviceId=7") >= 1);
}

#[tokio::test]
async fn what_was_missed_between_two_connections_comes_from_the_history_once() {
    let fake = Fake::start().await;
    let mut running = run(fake.0.address, TOKEN, &[]);
    running.healthy().await;
    fake.report(7, "14:00");
    fake.report(8, "14:00");
    running.next_sorted(2).await;
    {
        let mut positions = fake.0.positions.lock();
        for time in ["14:05", "14:10", "14:15"] {
            positions.push(position(7, time));
        }
        positions.push(position(8, "14:12"));
    }
    fake.slam();
    running.lost().await;
    running.healthy().await;
    let missed = running.next_sorted(4).await;
    assert_eq!(missed, ["ana 14:05", "ana 14:10", "ana 14:15", "luc 14:12"]);
    running.nothing_more().await;
}

#[tokio::test]
async fn a_device_whose_history_fails_delays_no_other_and_is_asked_for_again() {
    let fake = Fake::start().await;
    fake.0.broken.lock().insert(7);
    fake.0.positions.lock().extend([
        position(7, "13:30"),
        position(7, "13:40"),
        position(8, "13:35"),
        position(8, "13:45"),
    ]);
    let mut running = run(fake.0.address, TOKEN, &[("ana", "13:00"), ("luc", "13:00")]);
    // The latest of both comes with the socket's opening, luc's earlier one from the history.
    assert_eq!(running.next_sorted(3).await, ["ana 13:40", "luc 13:35", "luc 13:45"]);
    fake.report(7, "13:50");
    assert_eq!(running.next().await, "ana 13:50");
    running.nothing_more().await;
    fake.0.broken.lock().clear();
    assert_eq!(running.next().await, "ana 13:30");
    running.nothing_more().await;
    assert!(fake.times_asked("GET /api/positions?deviceId=7") >= 2);
}

#[tokio::test]
async fn a_long_gap_is_asked_for_in_pieces() {
    let fake = Fake::start().await;
    fake.0.positions.lock().extend([
        position(7, "01:00"),
        position(7, "07:00"),
        position(7, "08:00"),
        position(7, "14:59"),
    ]);
    let mut running = run(fake.0.address, TOKEN, &[("ana", "01:00")]);
    assert_eq!(running.next_sorted(3).await, ["ana 07:00", "ana 08:00", "ana 14:59"]);
    running.nothing_more().await;
    assert_eq!(fake.times_asked("GET /api/positions?deviceId=7"), 3);
}

#[tokio::test]
async fn a_traccar_that_is_down_is_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut running = run(address, TOKEN, &[]);
    assert_eq!(running.lost().await, Fault::Unreachable);
    assert!(!running.task.is_finished());
}

#[tokio::test]
async fn a_wrong_token_is_said_so() {
    let fake = Fake::start().await;
    let mut running = run(fake.0.address, "other", &[]);
    assert_eq!(running.lost().await, Fault::Refused);
    assert_eq!(fake.times_asked("GET /api/socket"), 0);
}

#[tokio::test]
async fn a_device_added_while_we_listen_is_met() {
    let fake = Fake::start().await;
    let mut running = run(fake.0.address, TOKEN, &[]);
    running.healthy().await;
    fake.0.devices.lock().push(device(9, "zoe"));
    fake.report(9, "14:00");
    assert_eq!(running.next().await, "zoe 14:00");
}

#[tokio::test]
async fn it_stops_when_told_and_when_nobody_listens() {
    let fake = Fake::start().await;
    let mut running = run(fake.0.address, TOKEN, &[]);
    running.healthy().await;
    running.stop.send_replace(true);
    timeout(PAUSE, running.task).await.unwrap().unwrap();
    let mut running = run(fake.0.address, TOKEN, &[]);
    running.healthy().await;
    drop(running.fixes);
    fake.report(7, "14:00");
    timeout(PAUSE, running.task).await.unwrap().unwrap();
}

#[test]
fn secrets_are_not_in_what_is_printed() {
    crate::integrations::install_tls();
    let api = Api::new("https://traccar.example", Proof::Token(TOKEN.to_owned())).unwrap();
    assert!(!format!("{api:?}").contains(TOKEN));
    assert_eq!(api.socket_url(), "wss://traccar.example/api/socket");
    assert_eq!(Api::new("traccar", Proof::Token(String::new())).unwrap_err(), Fault::Address);
}
