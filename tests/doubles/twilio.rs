//! Starts `twilio.mjs`, the stand-in for Twilio, in its own process, and speaks to its control door. Ends with
//! its owner. Its log outlives both: what it accepted is read from there, not from anybody's memory.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

pub const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub const TOKEN: &str = "test_auth_token_0123456789abcdef";

pub struct TwilioDouble {
    pub api: String,
    control: String,
    log: PathBuf,
    process: Child,
    http: reqwest::Client,
}

impl TwilioDouble {
    /// Starts it with its log at `log`; webhooks are carried to `deliver_to` (an origin), if given. `None`, and
    /// a loud line, where Node is missing.
    pub fn start(log: &Path, deliver_to: Option<&str>) -> Option<Self> {
        tournee::integrations::install_tls();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doubles/twilio.mjs");
        let mut command = Command::new("node");
        command.arg(script).arg("--log").arg(log).args(["--account", ACCOUNT, "--token", TOKEN]);
        if let Some(origin) = deliver_to {
            command.args(["--deliver-to", origin]);
        }
        let Ok(mut process) = command.stdout(Stdio::piped()).spawn() else {
            eprintln!("SKIPPED: node is missing, so nothing was judged by the Twilio double");
            return None;
        };
        let mut line = String::new();
        let said = process.stdout.take().expect("its output is piped");
        BufReader::new(said).read_line(&mut line).expect("the double says where it listens");
        let said: Value = serde_json::from_str(&line).expect("the double says where it listens");
        let at = |name: &str| said[name].as_str().expect("an address").to_owned();
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Some(Self { api: at("api"), control: at("control"), log: log.to_owned(), process, http })
    }

    /// `mode` until further notice, or for `count` messages when it is not 0.
    pub async fn play(&self, mode: &str, count: u32) {
        self.post("/mode", json!({"mode": mode, "count": count, "seconds": 30})).await;
    }

    /// Asks its control door; panics on a refusal.
    pub async fn post(&self, door: &str, body: Value) -> Value {
        let url = format!("{}{door}", self.control);
        let answer =
            self.http.post(url).json(&body).send().await.expect("the control door answers");
        let status = answer.status();
        let said: Value = answer.json().await.expect("JSON");
        assert!(status.is_success(), "{door}: {said}");
        said
    }

    /// Every message it accepted, from its log on disk, in order.
    pub fn accepted(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }
}

impl Drop for TwilioDouble {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _reaped = self.process.wait();
    }
}
