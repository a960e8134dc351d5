//! The test bench: a server with two workers, a history in memory, and a client that reads raw bytes.

use actix_web::body::MessageBody;
use actix_web::dev::{ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, HttpMessage, HttpServer, web};
use actors::workers::hub::{Frame, Hub, MemoryHistory, Overloaded, SEQ_PER_EPOCH};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::auth::extract::{Caller, Proof, Role};
use crate::error::Problem;
use crate::live::connect::set_up;
use crate::live::topics::Topic;
use crate::live::{Doorkeeper, Live, broadcast, socket, sse};

/// The epoch of the bench's history.
pub const EPOCH: i64 = 3 * SEQ_PER_EPOCH;
/// The bench's deadline for a jammed socket.
pub const JAMMED_AFTER: Duration = Duration::from_secs(2);
/// What no step of a test takes longer than.
const PATIENCE: Duration = Duration::from_secs(20);

/// Knows one technician, `tech_1`; logins are valid until the test says otherwise.
#[derive(Default)]
pub struct Door {
    pub is_revoked: AtomicBool,
}

impl Doorkeeper for Door {
    fn exists(&self, topic: Topic<'_>) -> BoxFuture<'_, Result<bool, Problem>> {
        let exists = !matches!(topic, Topic::Technician(id) if id != "tech_1");
        Box::pin(async move { Ok(exists) })
    }

    fn is_still_valid(&self, _: &Caller) -> BoxFuture<'static, bool> {
        let is_valid = !self.is_revoked.load(Ordering::Relaxed);
        Box::pin(async move { is_valid })
    }
}

pub struct Bench {
    pub live: Live,
    pub history: Arc<MemoryHistory>,
    pub address: SocketAddr,
    server: ServerHandle,
}

impl Drop for Bench {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn gate(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let role = match request.headers().get("x-role").map(|role| role.as_bytes()) {
        Some(b"admin") => Some(Role::Admin),
        Some(b"viewer") => Some(Role::Viewer),
        _ => None,
    };
    if let Some(role) = role {
        request.extensions_mut().insert(Caller {
            name: "bench".into(),
            role,
            proof: Proof::Settings,
        });
    }
    next.call(request).await
}

impl Bench {
    /// A server that keeps the newest `frames_max` durable events.
    pub fn keeping(frames_max: usize) -> Self {
        let history = Arc::new(MemoryHistory::new(3, frames_max));
        let live = Live {
            hub: Hub::remembering(0),
            history: history.clone(),
            doorkeeper: Arc::new(Door::default()),
            now: Arc::new(|| Timestamp::UNIX_EPOCH),
            origins: Arc::new(["https://dispatch.example".to_owned()]),
        };
        let data = web::Data::new(live.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .wrap(from_fn(gate))
                .wrap(actix_web::middleware::Compress::default())
                .route("/sse", web::get().to(sse::sse))
                .route("/ws", web::get().to(socket::socket))
                .route("/broadcast", web::post().to(broadcast::broadcast))
                .route("/narrow", web::get().to(narrow))
        })
        .workers(2)
        .h1_allow_half_closed(false)
        .on_connect(|connection, _| set_up(connection, JAMMED_AFTER))
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { live, history, address, server: handle }
    }

    /// A durable event at position `n` of the bench's epoch.
    pub fn tell(&self, n: i64, topics: &[&str]) {
        let topics: Vec<Arc<str>> = topics.iter().map(|topic| Arc::from(*topic)).collect();
        let at = Timestamp::UNIX_EPOCH;
        let data = serde_json::json!({ "n": n });
        let frame = Frame::durable(EPOCH + n, at, "job.assigned", topics, &data).unwrap();
        let frame = Arc::new(frame);
        self.history.append(frame.clone());
        self.live.hub.publish(frame).unwrap();
    }

    /// A passing event of `bytes` bytes.
    pub fn tell_much(&self, topic: &str, bytes: usize) -> Result<usize, Overloaded> {
        let topics: [Arc<str>; 1] = [topic.into()];
        let (at, data) = (Timestamp::UNIX_EPOCH, "x".repeat(bytes));
        self.live.hub.publish(Frame::transient(at, "bulky", topics, None, &data).unwrap())
    }

    /// Sends a request and reads the answer's head; `headers` are whole lines.
    pub async fn open(&self, method: &str, path: &str, headers: &str, body: &str) -> Reader {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let (host, length) = (self.address, body.len());
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n");
        socket.write_all(format!("{head}{headers}\r\n{body}").as_bytes()).await.unwrap();
        let mut reader = Reader { socket, text: String::new() };
        reader.until("\r\n\r\n").await;
        reader
    }

    /// An event stream as an administrator sees it.
    pub async fn stream(&self, path: &str, headers: &str) -> Reader {
        let headers = format!("x-role: admin\r\naccept-encoding: br, gzip\r\n{headers}");
        let mut reader = self.open("GET", path, &headers, "").await;
        reader.until("retry: ").await;
        assert_eq!(reader.status(), 200, "{}", reader.text);
        reader
    }

    /// Waits until `watchers` watch.
    pub async fn watched_by(&self, watchers: usize) {
        let reached = async {
            while self.live.hub.watchers() != watchers {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let now = || format!("{} watch, not {watchers}", self.live.hub.watchers());
        tokio::time::timeout(PATIENCE, reached).await.unwrap_or_else(|_| panic!("{}", now()));
    }
}

/// `/narrow`: the bench's link holder, who may know that something was assigned and nothing else.
async fn narrow(
    request: actix_web::HttpRequest,
    live: web::Data<Live>,
) -> Result<actix_web::HttpResponse, Problem> {
    let view = |frame: &Frame| {
        let id = frame.seq.filter(|_| &*frame.kind == "job.assigned")?;
        Some(web::Bytes::from(format!("id: {id}\nevent: moved\ndata: {{}}\n\n")))
    };
    std::future::ready(sse::narrow(
        &live,
        &request,
        vec!["tech:tech_1".into()],
        None,
        Box::new(move |frame| view(frame).into()),
    ))
    .await
}

/// A raw client of one connection.
pub struct Reader {
    pub socket: TcpStream,
    /// Everything read so far, the chunk marks of HTTP included.
    pub text: String,
}

impl Reader {
    /// Reads on until `mark` has come.
    pub async fn until(&mut self, mark: &str) {
        let mut buffer = vec![0; 1 << 16];
        let mut searched = 0;
        while !self.text[searched..].contains(mark) {
            // What is new may complete a mark that began before it.
            searched = self.text.floor_char_boundary(self.text.len().saturating_sub(mark.len()));
            let read = tokio::time::timeout(PATIENCE, self.socket.read(&mut buffer)).await;
            let read = read
                .unwrap_or_else(|_| panic!("no {mark:?} in {} bytes", self.text.len()))
                .unwrap();
            assert!(read > 0, "closed before {mark:?}, after {} bytes", self.text.len());
            self.text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        }
    }

    /// Reads on until the event at position `n` of the bench's epoch has come whole.
    pub async fn until_event(&mut self, n: i64) {
        self.until(&format!("\"data\":{{\"n\":{n}}}}}\n\n")).await;
    }

    /// Reads until the connection or the answer ends.
    pub async fn read_to_end(&mut self) {
        let mut buffer = vec![0; 1 << 16];
        while !self.text.ends_with("0\r\n\r\n") {
            let read = tokio::time::timeout(PATIENCE, self.socket.read(&mut buffer)).await;
            match read.expect("the answer does not end") {
                Ok(read) if read > 0 => {
                    self.text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
                }
                _ => break,
            }
        }
    }

    pub fn status(&self) -> u16 {
        self.text[9..12].parse().unwrap()
    }

    /// The answer's JSON body, which may still be under way.
    pub async fn json(&mut self) -> serde_json::Value {
        loop {
            let body = self.text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
            if let Ok(value) = serde_json::from_str(body) {
                return value;
            }
            let mut buffer = vec![0; 1 << 16];
            let read = self.socket.read(&mut buffer).await.unwrap();
            assert!(read > 0, "no JSON: {}", self.text);
            self.text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        }
    }
}

/// The positions of the `id:` lines, within the bench's epoch.
pub fn event_ids(text: &str) -> Vec<i64> {
    let ids = text.lines().filter_map(|line| line.strip_prefix("id: ")?.parse::<i64>().ok());
    ids.map(|id| id - EPOCH).collect()
}
