//! Chromium, driven through a WebDriver that a story has to itself.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use serde_json::json;

use crate::harness::server::client;
use crate::harness::skip;

/// A WebDriver of its own; gone when dropped.
pub(crate) struct Chromedriver {
    child: Child,
    url: String,
    draws: bool,
}

impl Chromedriver {
    pub(crate) async fn start(test: &str) -> Option<Self> {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/dist/ops.html");
        for (needed, why) in [
            (Path::new("/usr/bin/chromium"), "chromium is not installed"),
            (Path::new("/usr/bin/chromedriver"), "chromium-driver is not installed"),
            (built.as_path(), "the front end is not built"),
        ] {
            if !needed.exists() {
                skip::note(test, why);
                return None;
            }
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new("/usr/bin/chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let driver = Self { child, url: format!("http://127.0.0.1:{port}"), draws: false };
        let began = Instant::now();
        while client().get(format!("{}/status", driver.url)).send().await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "chromedriver does not answer");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Some(driver)
    }

    /// The same for a story that looks at the board's map.
    ///
    /// Without a graphics card that map costs more than all else on the page together, so that in other stories the board has the
    /// plain one, which it draws where a browser has no WebGL.
    pub(crate) async fn with_map(test: &str) -> Option<Self> {
        let mut driver = Self::start(test).await?;
        driver.draws = true;
        Some(driver)
    }

    /// A window of 1440 by 900.
    pub(super) async fn browser(&self) -> Client {
        let webgl = if self.draws { "--enable-unsafe-swiftshader" } else { "--disable-3d-apis" };
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // The browser's own address bar, which nobody sees, loads pages of its own.
            "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
            webgl,
            "--window-size=1440,900",
        ];
        let options = json!({ "args": arguments, "binary": "/usr/bin/chromium" });
        let mut wanted = serde_json::Map::new();
        wanted.insert("goog:chromeOptions".to_owned(), options);
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        ClientBuilder::new(connector).capabilities(wanted).connect(&self.url).await.unwrap()
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
