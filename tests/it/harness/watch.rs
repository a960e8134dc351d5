//! A screen that watches: one connection of Server-Sent Events, read in the background from its first byte on.

use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::task::JoinHandle;

use super::house::{House, PATIENCE, pause};

/// What came over one connection so far. Ends with it.
pub struct Watch {
    frames: Arc<Mutex<Vec<Frame>>>,
    reader: JoinHandle<()>,
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Its journal position, if it is a durable one.
    pub id: Option<i64>,
    /// Its type.
    pub event: String,
    /// Its object.
    pub data: Value,
}

fn frame(text: &str) -> Option<Frame> {
    let field = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    };
    Some(Frame {
        id: field("id").map(|id| id.parse().unwrap()),
        event: field("event")?.to_owned(),
        data: serde_json::from_str(field("data")?).unwrap(),
    })
}

impl House {
    /// Watches topics from a position on, as the admin.
    pub async fn watch(&self, topics: &str, after: Option<i64>) -> Watch {
        let after = after.map(|after| format!("&last_event_id={after}")).unwrap_or_default();
        let path = format!("/sse?topics={topics}{after}");
        self.listen(self.request(reqwest::Method::GET, &path)).await
    }

    /// Reads a stream of events that must open.
    pub async fn listen(&self, request: reqwest::RequestBuilder) -> Watch {
        let mut answer = request.timeout(PATIENCE * 100).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
        let frames: Arc<Mutex<Vec<Frame>>> = Arc::default();
        let kept = frames.clone();
        let reader = tokio::spawn(async move {
            let mut text = String::new();
            while let Ok(Some(bytes)) = answer.chunk().await {
                text.push_str(&String::from_utf8_lossy(&bytes));
                while let Some(end) = text.find("\n\n") {
                    let whole: String = text.drain(..end + 2).collect();
                    kept.lock().extend(frame(&whole));
                }
            }
        });
        Watch { frames, reader }
    }
}

impl Watch {
    /// Everything that came, oldest first.
    pub fn frames(&self) -> Vec<Frame> {
        self.frames.lock().clone()
    }

    /// What came of one type.
    pub fn of(&self, event: &str) -> Vec<Frame> {
        self.frames().into_iter().filter(|frame| frame.event == event).collect()
    }

    /// Waits until the durable event at this position, or a later one, has come.
    pub async fn until(&self, seq: i64) {
        self.when(|frames| frames.iter().any(|frame| frame.id >= Some(seq))).await;
    }

    /// Whether the stream was ended from the other side.
    pub fn is_over(&self) -> bool {
        self.reader.is_finished()
    }

    /// Waits until what came is enough.
    pub async fn when(&self, enough: impl Fn(&[Frame]) -> bool) {
        let began = Instant::now();
        while !enough(&self.frames.lock()) {
            assert!(began.elapsed() < PATIENCE, "it never came: {:#?}", self.frames());
            pause().await;
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.reader.abort();
    }
}
