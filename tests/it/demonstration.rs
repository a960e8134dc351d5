//! `tournee demo` as a newcomer meets it: started, looked at, listened to, stopped. What it plays is tested beside its code.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const TOKEN: &str = "admin-token-of-the-demonstration";

/// A small company's demonstration in its own process; killed when dropped.
struct Demo {
    child: Child,
    origin: String,
    said: Vec<String>,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Demo {
    /// Starts it and waits until it says where the board lives.
    fn start(clock: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let origin = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_tournee"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("TOURNEE_") {
                command.env_remove(name);
            }
        }
        let mut child = command
            .args(["demo", "--technicians", "12", "--jobs", "60", "--seed", "4"])
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .env("TOURNEE_ADMIN_TOKEN", TOKEN)
            .env("TOURNEE_CLOCK", clock)
            .current_dir(std::env::temp_dir())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            said.push(line.unwrap());
            if said.last().is_some_and(|line| line.starts_with("The board lives at")) {
                break;
            }
        }
        Self { child, origin, said }
    }

    async fn get(&self, path: &str) -> Value {
        let request = client().get(format!("{}{path}", self.origin)).bearer_auth(TOKEN);
        request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    /// Asks it to stop, as Ctrl-C does; gives its exit code and its log.
    fn stop(&mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut log = String::new();
        std::io::Read::read_to_string(self.child.stderr.as_mut().unwrap(), &mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

fn client() -> reqwest::Client {
    tournee::integrations::install_tls();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_finds_a_board_at_work_and_leaves_nothing_behind() {
    let mut demo = Demo::start("2026-11-24T09:40:00-05:00");
    assert_eq!(demo.said.last().unwrap(), &format!("The board lives at {}/ops/", demo.origin));
    assert!(demo.said.iter().any(|line| line.starts_with("Sign in as ")));

    let board = demo.get("/dispatch/board?date=2026-11-24").await;
    let technicians = board["technicians"].as_array().unwrap();
    assert_eq!(technicians.len(), 12);
    let placed = technicians.iter().filter(|one| one["position"].is_object()).count();
    assert!(placed >= 8, "{placed} technicians are on the map");
    let visits = || technicians.iter().flat_map(|one| one["visits"].as_array().unwrap());
    for status in ["done", "on_site", "planned"] {
        assert!(visits().any(|visit| visit["status"] == status), "no visit is {status}");
    }
    assert!(visits().any(|visit| visit["eta"].is_object()), "nobody is expected");

    let outbox = demo.get("/outbox?limit=200").await;
    let texts = outbox["items"].as_array().unwrap();
    let delivered = texts.iter().filter(|text| text["state"] == "delivered").count();
    assert!(delivered >= 20, "{delivered} of {} texts arrived", texts.len());
    let threads = demo.get("/conversations?limit=200").await;
    let incoming = threads["items"].as_array().unwrap().iter();
    let answered = incoming.filter(|thread| thread["last_message"]["direction"] == "incoming");
    assert!(answered.count() >= 1, "nobody texted back");

    assert!(heard(&demo.origin, "event: tech.position").await, "nobody moves");
    let folder = std::env::temp_dir().join(format!("tournee-demo-{}", demo.child.id()));
    assert!(folder.join("tournee.db").exists());
    let (code, log) = demo.stop();
    assert_eq!(code, Some(0));
    assert!(!folder.exists());
    assert!(!log.contains("a door refused"), "{log}");
    assert!(!log.contains("ERROR"), "{log}");
}

/// Whether the stream of the board brings a line within half a minute.
async fn heard(origin: &str, wanted: &str) -> bool {
    let started = Instant::now();
    let request = client().get(format!("{origin}/sse?topics=dispatch")).bearer_auth(TOKEN);
    let mut stream = request.send().await.unwrap().error_for_status().unwrap();
    let mut text = String::new();
    while started.elapsed() < Duration::from_secs(30) {
        match tokio::time::timeout(Duration::from_secs(30), stream.chunk()).await {
            Ok(Ok(Some(chunk))) => text.push_str(&String::from_utf8_lossy(&chunk)),
            _ => break,
        }
        if text.contains(wanted) {
            return true;
        }
    }
    false
}
