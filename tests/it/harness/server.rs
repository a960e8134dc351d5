//! The real binary in its own process: started on a free port, asked over HTTP, killed, started again on the same
//! store. It sees only what an operator sees.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The API token that every server of the tests is given.
pub const TOKEN: &str = "admin-token-of-the-tests-0123456789";

/// How a server is started; the same each time, but for its clock.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its data folder, settings file and log.
    pub folder: PathBuf,
    /// Its port, the same after each restart.
    pub port: u16,
    /// Settings, as lines of `tournee.toml`.
    pub settings: String,
    /// The promise that it is to break, for a negative control.
    pub breaks: Option<&'static str>,
}

impl Plan {
    /// An empty folder in the system's temporary one, and a port that is free now.
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tournee-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = format!("admin_token = '{TOKEN}'\nlog = 'warn'\n");
        Self { folder, port, settings, breaks: None }
    }

    /// Adds a setting, or changes it.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        let other = |line: &&str| !line.starts_with(&format!("{name} ="));
        self.settings = self.settings.lines().filter(other).map(|l| format!("{l}\n")).collect();
        self.settings.push_str(&format!("{name} = '{value}'\n"));
        self
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it and waits until it is ready. `clock`: the moment its clock starts at.
    pub async fn start(&self, clock: &str) -> Server {
        let file = self.folder.join("tournee.toml");
        fs::write(&file, format!("{}clock = '{clock}'\n", self.settings)).unwrap();
        let log = File::options().create(true).append(true).open(self.folder.join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tournee"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("TOURNEE_") {
                command.env_remove(name);
            }
        }
        if let Some(promise) = self.breaks {
            command.env("TOURNEE_BREAK", promise);
        }
        let child = command
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .arg("--data")
            .arg(self.folder.join("data"))
            .arg("--config")
            .arg(&file)
            .current_dir(&self.folder)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = Server { child, plan: self.clone() };
        server.ready().await;
        server
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    plan: Plan,
}

impl Server {
    async fn ready(&mut self) {
        let client = client();
        let began = Instant::now();
        let address = format!("{}/ready", self.plan.url());
        loop {
            if client.get(&address).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended with {ended:?}: {}", self.plan.log());
            assert!(began.elapsed() < Duration::from_secs(60), "not ready: {}", self.plan.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Its process, for looking at it from outside.
    #[allow(dead_code, reason = "the tests of faults weigh it")]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `SIGTERM`, and what it ended with; panics when that takes more than ten seconds.
    pub async fn stop(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < Duration::from_secs(10), "SIGTERM: {}", self.plan.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An HTTP client for loopback.
pub fn client() -> reqwest::Client {
    tournee::integrations::install_tls();
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(10))
        // As a proxy does: shorter than the server keeps a connection, so that none is used while it is being closed.
        .pool_idle_timeout(Duration::from_secs(60))
        .build()
        .unwrap()
}

/// The API as a program with the admin's token calls it.
#[derive(Debug, Clone)]
pub struct Api {
    client: reqwest::Client,
    url: String,
}

impl Api {
    pub fn of(plan: &Plan) -> Self {
        Self { client: client(), url: plan.url() }
    }

    /// One try. `None`: there was no answer, so nobody knows whether it was done.
    pub async fn try_post(&self, path: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        let request = self.client.post(format!("{}{path}", self.url)).bearer_auth(TOKEN);
        let answer = request.header("Idempotency-Key", key).json(body).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.ok()?))
    }

    /// Asks until there is an answer that counts, through kills and overload.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Value {
        let began = Instant::now();
        loop {
            match self.try_post(path, key, body).await {
                Some((200..=299, answer)) => return answer,
                Some((429 | 503, _)) | None => {}
                Some((status, answer)) => panic!("POST {path} {body}: {status} {answer}"),
            }
            assert!(
                began.elapsed() < Duration::from_secs(90),
                "POST {path}: no answer for so long"
            );
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let request = self.client.get(format!("{}{path}", self.url)).bearer_auth(TOKEN);
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// Follows `topics` from `after` on, through whatever happens, until `stop` says so; gives the positions that
    /// came, in order of arrival.
    pub async fn follow(&self, topics: &str, after: i64, stop: impl Fn(i64) -> bool) -> Vec<i64> {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut seen = Vec::new();
        let mut last = after;
        while !stop(last) {
            let address = format!("{}/sse?topics={topics}&last_event_id={last}", self.url);
            let Ok(mut answer) = client.get(address).bearer_auth(TOKEN).send().await else {
                tokio::time::sleep(Duration::from_millis(30)).await;
                continue;
            };
            let mut text = String::new();
            while !stop(last) {
                let chunk = tokio::time::timeout(Duration::from_millis(200), answer.chunk()).await;
                match chunk {
                    Ok(Ok(Some(bytes))) => text.push_str(&String::from_utf8_lossy(&bytes)),
                    Ok(_) => break,
                    Err(_) => continue,
                }
                // Only whole frames count: a kill may cut one in two.
                while let Some(end) = text.find("\n\n") {
                    let frame: String = text.drain(..end + 2).collect();
                    assert!(!frame.contains("event: resync"), "a gap after {last}: {frame}");
                    let id = frame.lines().find_map(|line| line.strip_prefix("id:"));
                    if let Some(id) = id {
                        last = id.trim().parse().unwrap();
                        seen.push(last);
                    }
                }
            }
        }
        seen
    }
}

/// A moment `elapsed` after a Monday morning in Toronto, for a server's clock. It lies in the past, so that a text
/// which the double dates by the machine's clock is never older than the attempt to send it.
pub fn monday_morning(elapsed: Duration) -> String {
    let start: jiff::Timestamp = "2026-11-16T14:50:00Z".parse().unwrap();
    (start + jiff::SignedDuration::try_from(elapsed).unwrap()).to_string()
}

/// Removes what a plan left, unless its test failed and somebody will want to look.
pub fn tidy_up(folder: &Path) {
    if !std::thread::panicking() {
        let _ = fs::remove_dir_all(folder);
    }
}
