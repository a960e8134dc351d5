//! Our edges, judged by other people's programs: Twilio's official SDK signs webhooks and sends beside us, two
//! calendar libraries read our feeds, and a Twilio double in its own process counts what really went out.
//! Where a judge cannot be had (no Node, no Python, offline), its tests say so aloud and pass.

// A judge that cannot do its work must stop the test, wherever it is called from.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "doubles/twilio.rs"]
mod double;
#[path = "judges/feeds.rs"]
mod feeds;
#[path = "judges/sends.rs"]
mod sends;
#[path = "judges/signatures.rs"]
mod signatures;
#[path = "judges/webhooks.rs"]
mod webhooks;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The Python interpreter that has the judges, or `None` and a loud line.
fn python() -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/setup.sh");
    let made = Command::new("sh").arg(script).output().expect("sh runs");
    if made.status.code() == Some(77) {
        let why = String::from_utf8_lossy(&made.stderr);
        eprintln!("SKIPPED: the Python judges could not be set up: {}", why.trim());
        return None;
    }
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(String::from_utf8(made.stdout).expect("a path").trim().to_owned())
}

/// Asks one judge: bytes in, JSON out. `None` where there is no judge.
fn judge(script: &str, input: &[u8]) -> Option<serde_json::Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges").join(script);
    let mut process = Command::new(python()?)
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the judge starts");
    let mut stdin = process.stdin.take().expect("its input is piped");
    stdin.write_all(input).expect("the judge listens");
    drop(stdin);
    let said = process.wait_with_output().expect("the judge ends");
    assert!(said.status.success(), "{script}: {}", String::from_utf8_lossy(&said.stderr));
    Some(serde_json::from_slice(&said.stdout).expect("the judge answers JSON"))
}
