//! A house in this process: the real server behind real HTTP on a real database, with a clock that a story moves by
//! hand. It looks inside only to know when nothing more will happen, and for comparing memory with rows.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use actors::engine::clock::Clock;
use actors::workers::alarms::Wall;
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tournee::config::{Flags, Settings, Sources};

use super::postgres::{Durability, Fresh, Postgres};
use super::server::{TOKEN, client, tidy_up};
use super::town::On;

/// How long anything may take before a story gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Nothing may have happened for so long before a house counts as settled.
const QUIET: Duration = Duration::from_millis(120);

/// A server with its doors open, at a moment that a story chooses.
pub struct House {
    /// The same house from inside.
    pub inside: tournee::house::House,
    /// Where it answers.
    pub url: String,
    /// On which database.
    pub on: On,
    clock: Clock,
    http: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    folder: PathBuf,
    fresh: Option<Fresh>,
    given: Vec<(String, String)>,
}

/// Tells a story on both databases, and afterwards compares every awake actor with its rows.
#[allow(unused_macros, reason = "the other binary tells no stories")]
macro_rules! on_both {
    ($($name:ident at $clock:literal $(with $key:ident = $value:expr)*;)*) => {$(
        mod $name {
            use $crate::harness::{house::House, town::On};

            #[allow(clippy::unnecessary_mut_passed, reason = "a story that restarts it needs it so")]
            async fn on(database: On) {
                let settings: &[(&str, &str)] = &[$((stringify!($key), $value)),*];
                let name = stringify!($name);
                let opened = House::open(name, database, $clock, settings).await;
                let Some(mut house) = opened else { return };
                super::$name(&mut house).await;
                house.close().await;
            }

            #[tokio::test]
            async fn on_sqlite() {
                on(On::Sqlite).await;
            }

            #[tokio::test]
            async fn on_postgresql() {
                on(On::Postgresql).await;
            }
        }
    )*};
}
#[allow(unused_imports, reason = "the other binary tells no stories")]
pub(crate) use on_both;

/// A moment of the Monday on which stories happen; a text with a date stands for itself.
pub fn moment(text: &str) -> Timestamp {
    let full = match text.len() {
        5 => format!("2026-11-23T{text}:00-05:00"),
        8 => format!("2026-11-23T{text}-05:00"),
        16 => format!("{text}:00-05:00"),
        _ => text.to_owned(),
    };
    full.parse().unwrap()
}

fn settings(
    listen: String,
    data: PathBuf,
    database: Option<String>,
    given: &[(String, String)],
) -> Settings {
    let mut file = format!("admin_token = '{TOKEN}'\nlog = 'warn'\n");
    if !given.iter().any(|(name, _)| *name == "undo_seconds") {
        file.push_str("undo_seconds = 0\n");
    }
    for (name, value) in given {
        file.push_str(&format!("{name} = '{value}'\n"));
    }
    let flags =
        Flags { listen: Some(listen), data: Some(data), database_url: database, config: None };
    Sources { flags, environment: Vec::new(), file: Some(file) }.load().unwrap().settings
}

/// Doors that stand open: the house behind them, where it answers, and how they are closed.
struct Doors {
    inside: tournee::house::House,
    url: String,
    stop: oneshot::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Doors {
    async fn open(
        folder: &std::path::Path,
        database: Option<&Fresh>,
        given: &[(String, String)],
        clock: &Clock,
    ) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = database.map(Fresh::url);
        let settings = settings(format!("127.0.0.1:{port}"), folder.to_owned(), url, given);
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = oneshot::channel();
        let hand = clock.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let served = tournee::serve::open(settings, hand).await.unwrap();
                let handle = served.server.handle();
                actix_web::rt::spawn(served.server);
                let house = served.house.clone();
                tell.send((served.house, format!("http://{}", served.address))).ok().unwrap();
                let _ = stopped.await;
                house.stop.send_replace(true);
                house.hub.close();
                handle.stop(false).await;
            });
        });
        let (inside, url) = told.await.expect("the house could not be opened");
        Self { inside, url, stop, thread }
    }
}

impl House {
    /// A house whose clock shows `clock` on the Monday, and stands still. `None`, aloud, where the database is not
    /// installed. Texts do not wait for an undo unless the settings say so.
    pub async fn open(name: &str, on: On, clock: &str, given: &[(&str, &str)]) -> Option<Self> {
        let database = match on {
            On::Sqlite => None,
            On::Postgresql => Some(Postgres::shared(name, Durability::None)?.fresh()),
        };
        let folder =
            std::env::temp_dir().join(format!("tournee-{name}-{on:?}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let clock = Clock::by_hand(moment(clock));
        let given = given.iter().map(|(name, value)| (String::from(*name), String::from(*value)));
        let given: Vec<(String, String)> = given.collect();
        let doors = Doors::open(&folder, database.as_ref(), &given, &clock).await;
        Some(Self {
            inside: doors.inside,
            url: doors.url,
            on,
            clock,
            http: client(),
            stop: Some(doors.stop),
            thread: Some(doors.thread),
            folder,
            fresh: database,
            given,
        })
    }

    /// Closes the doors and opens them again on the same rows, at the moment that its clock shows.
    pub async fn restart(&mut self) {
        self.settle().await;
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
        }
        // Every start has a clock of its own, as it has memory of its own.
        self.clock = Clock::by_hand(self.clock.now());
        let doors = Doors::open(&self.folder, self.fresh.as_ref(), &self.given, &self.clock).await;
        (self.inside, self.url) = (doors.inside, doors.url);
        (self.stop, self.thread) = (Some(doors.stop), Some(doors.thread));
    }

    /// Compares memory with rows and rows with the journal, then closes the doors.
    pub async fn close(self) {
        self.settle().await;
        super::drift::nothing_drifted(&self).await;
        super::retold::journal_gives_its_rows(&self).await;
        assert_eq!(self.inside.rooms.quarantines(), 0, "an actor failed again and again");
    }

    /// Puts the clock to a moment of the Monday and waits for all that follows from it.
    pub async fn at(&self, time: &str) {
        self.clock.set(moment(time)).unwrap();
        self.settle().await;
    }

    /// Lets a second pass.
    pub async fn a_second_later(&self) {
        self.clock.set(self.now() + jiff::SignedDuration::from_secs(1)).unwrap();
        self.settle().await;
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Waits until every reaction has been carried out, nothing is due, and nothing has happened for a while.
    pub async fn settle(&self) {
        let began = Instant::now();
        let mut since = (self.inside.head(), Instant::now());
        loop {
            let head = self.inside.head();
            if head != since.0 || !self.inside.is_settled() || self.is_due().await {
                since = (head, Instant::now());
            } else if since.1.elapsed() >= QUIET {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "the house does not settle");
            pause().await;
        }
    }

    /// Whether a timer or a text should have gone by now.
    async fn is_due(&self) -> bool {
        let alarms = self.inside.journal.due(self.now(), 1).await.unwrap();
        let waiting = |item: &Value| {
            item["waiting"] == true
                && item["due_at"].as_str().unwrap().parse::<Timestamp>().unwrap() <= self.now()
        };
        !alarms.is_empty() || self.outbox().await.iter().any(waiting)
    }

    /// A request with the admin's token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(TOKEN)
    }

    /// A request without any proof. A path that is an address already is taken as it is.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let address =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        self.http.request(method, address)
    }

    /// Sends it; status and body, `null` where that is no JSON.
    pub async fn answer(&self, request: RequestBuilder) -> (u16, Value) {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// GET as admin.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.answer(self.request(Method::GET, path)).await
    }

    /// POST as admin.
    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.answer(self.request(Method::POST, path).json(body)).await
    }

    /// GET that must answer 200.
    pub async fn see(&self, path: &str) -> Value {
        let (status, answer) = self.get(path).await;
        assert_eq!(status, 200, "GET {path}: {answer}");
        answer
    }

    /// POST that must answer 200.
    pub async fn done(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.post(path, body).await;
        assert_eq!(status, 200, "POST {path} {body}: {answer}");
        answer
    }

    /// POST that must answer 201.
    pub async fn make(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.post(path, &body).await;
        assert_eq!(status, 201, "POST {path} {body}: {answer}");
        answer
    }

    /// GET without proof, as text.
    pub async fn page(&self, path: &str) -> (u16, String) {
        let answer = self.bare(Method::GET, path).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// The Monday's board.
    pub async fn board(&self) -> Value {
        self.see("/dispatch/board?date=2026-11-23").await
    }

    /// Every text, oldest first.
    pub async fn outbox(&self) -> Vec<Value> {
        let mut items = self.see("/outbox?limit=200").await["items"].as_array().unwrap().clone();
        // They come newest first; what bears one and the same moment keeps its order.
        items.reverse();
        items.sort_by_key(|item| item["at"].as_str().unwrap().parse::<Timestamp>().unwrap());
        items
    }

    /// Texts to a number, oldest first.
    pub async fn texts_to(&self, phone: &str) -> Vec<Value> {
        self.outbox().await.into_iter().filter(|item| item["to"] == phone).collect()
    }

    /// Kinds of the texts to a number, oldest first.
    pub async fn kinds_to(&self, phone: &str) -> Vec<String> {
        let kind = |item: Value| item["kind"].as_str().unwrap().to_owned();
        self.texts_to(phone).await.into_iter().map(kind).collect()
    }

    /// A form as Twilio posts it, signed over the public address.
    pub async fn twilio(&self, path: &str, token: &str, form: &[(&str, &str)]) -> u16 {
        let pairs: Vec<(String, String)> =
            form.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let public = format!("{}{path}", self.inside.settings.public_url);
        let signature = tournee::integrations::twilio::signature::sign(token, &public, &pairs);
        let request = self.bare(Method::POST, path).form(&pairs);
        self.answer(request.header("X-Twilio-Signature", signature)).await.0
    }

    /// Where its database is, where that is a server.
    pub fn database_url(&self) -> Option<String> {
        self.fresh.as_ref().map(Fresh::url)
    }

    /// The folder of its data.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// A job's status, set as a dispatcher.
    pub async fn status(&self, job: &str, status: &str) -> (u16, Value) {
        self.post(&format!("/jobs/{job}/status"), &json!({"status": status})).await
    }
}

/// A breath between two looks.
pub async fn pause() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

impl Drop for House {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        tidy_up(&self.folder);
    }
}
