//! A Nominatim server, for addresses that no imported file knows: asked only when a person asks for it, never while they
//! type. One question a second for the whole house, answers remembered, a User-Agent that names the program: what the
//! public server's policy wants of everybody.

use std::collections::VecDeque;
use std::time::Duration;

use reqwest::StatusCode;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::integrations::{is_loopback, read_body};

const CONNECT_LIMIT: Duration = Duration::from_secs(2);
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// Between two questions.
const PACE: Duration = Duration::from_secs(1);
/// Whoever would wait longer for their turn is told to try again.
const TURN_MAX: Duration = Duration::from_secs(4);
/// Answers that are remembered.
const KEPT_MAX: usize = 256;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The setting.
    #[error("the address is not an http or https address")]
    Address,
    /// Start-up.
    #[error("no HTTP client could be built")]
    Client,
    /// The way there.
    #[error("the address server could not be reached")]
    Unreachable,
    /// Its refusal.
    #[error("the address server answers {0}")]
    Status(u16),
    /// Its words.
    #[error("the address server's answer could not be read")]
    Unreadable,
    /// Our own pace.
    #[error("too many questions wait for the address server")]
    Busy,
}

/// A place as Nominatim knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Civic number; empty for a street or a town.
    pub number: String,
    /// The street; for a town or a named place, what it is called.
    pub street: String,
    /// City, town or village.
    pub municipality: String,
    /// Province.
    pub region: String,
    /// Postal code.
    pub postcode: String,
    /// WGS 84.
    pub lat: f64,
    /// WGS 84.
    pub lon: f64,
}

/// One server.
pub struct Api {
    http: reqwest::Client,
    base: String,
    next: Mutex<Instant>,
    kept: Mutex<VecDeque<(String, Vec<Spot>)>>,
}

#[derive(Deserialize)]
struct Found {
    lat: String,
    lon: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    address: Parts,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parts {
    house_number: String,
    road: String,
    city: String,
    town: String,
    village: String,
    municipality: String,
    state: String,
    postcode: String,
}

impl Api {
    /// A client of the server at `base_url`, without `/search`.
    ///
    /// # Errors
    /// [`Fault::Address`] and [`Fault::Client`].
    pub fn new(base_url: &str) -> Result<Self, Fault> {
        let base = base_url.trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base).map_err(|_| Fault::Address)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Fault::Address);
        }
        crate::integrations::install_tls();
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("tournee/", env!("CARGO_PKG_VERSION"), " (field service dispatch)"))
            .connect_timeout(CONNECT_LIMIT)
            .timeout(ANSWER_LIMIT)
            .redirect(reqwest::redirect::Policy::none());
        if is_loopback(&base) {
            http = http.no_proxy();
        }
        Ok(Self {
            http: http.build().map_err(|_| Fault::Client)?,
            base,
            next: Mutex::new(Instant::now()),
            kept: Mutex::default(),
        })
    }

    /// Places that answer a question, the best first, words in `language` (`fr`, `en`).
    ///
    /// # Errors
    /// See [`Fault`].
    pub async fn search(&self, question: &str, language: &str) -> Result<Vec<Spot>, Fault> {
        let mark = format!("{language} {question}");
        if let Some((_, spots)) = self.kept.lock().await.iter().find(|(known, _)| *known == mark) {
            return Ok(spots.clone());
        }
        self.turn().await?;
        let spots = self.ask(question, language).await?;
        let mut kept = self.kept.lock().await;
        kept.push_back((mark, spots.clone()));
        if kept.len() > KEPT_MAX {
            kept.pop_front();
        }
        Ok(spots)
    }

    /// Waits for a turn, a second after the one before.
    async fn turn(&self) -> Result<(), Fault> {
        let mine = {
            let mut next = self.next.lock().await;
            let mine = (*next).max(Instant::now());
            if mine.duration_since(Instant::now()) > TURN_MAX {
                return Err(Fault::Busy);
            }
            *next = mine + PACE;
            mine
        };
        tokio::time::sleep_until(mine).await;
        Ok(())
    }

    async fn ask(&self, question: &str, language: &str) -> Result<Vec<Spot>, Fault> {
        let fields = [
            ("q", question),
            ("format", "jsonv2"),
            ("addressdetails", "1"),
            ("countrycodes", "ca"),
            ("limit", "5"),
            ("accept-language", language),
        ];
        let sent = self.http.get(format!("{}/search", self.base)).query(&fields).send().await;
        // The library's error holds the address with the question: dropped.
        let response = sent.map_err(|_| Fault::Unreachable)?;
        if response.status() != StatusCode::OK {
            return Err(Fault::Status(response.status().as_u16()));
        }
        let body = read_body(response, ANSWER_BYTES_MAX).await.map_err(|_| Fault::Unreadable)?;
        let found: Vec<Found> = serde_json::from_slice(&body).map_err(|_| Fault::Unreadable)?;
        Ok(found.into_iter().filter_map(spot).collect())
    }
}

fn spot(found: Found) -> Option<Spot> {
    let (lat, lon): (f64, f64) = (found.lat.parse().ok()?, found.lon.parse().ok()?);
    let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    let of = found.address;
    let towns = [of.city, of.town, of.village, of.municipality];
    on_earth.then(|| Spot {
        number: of.house_number,
        street: if of.road.is_empty() { found.name } else { of.road },
        municipality: towns.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
        region: of.state,
        postcode: of.postcode,
        lat,
        lon,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

    use super::*;

    const ANSWER: &str = r#"[{"place_id":1,"lat":"45.0401","lon":"-73.9203","name":"","display_name":"x",
        "address":{"house_number":"1245","road":"Chemin Covey Hill","village":"Franklin","state":"Québec",
        "postcode":"J0S 1E0","country_code":"ca"}},
        {"place_id":2,"lat":"95","lon":"0","address":{}},
        {"place_id":3,"lat":"45.02","lon":"-73.9","name":"Franklin","address":{"town":"Franklin"}}]"#;

    /// A server that checks what it is asked, as the policy of the public one does; its address, and how often it was.
    fn double(status: u16) -> (String, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let server = HttpServer::new(move || {
            let count = count.clone();
            App::new().route(
                "/search",
                web::get().to(move |request: HttpRequest| {
                    count.fetch_add(1, Ordering::SeqCst);
                    let agent = request.headers().get("user-agent").cloned();
                    let named = agent.is_some_and(|a| a.to_str().unwrap().starts_with("tournee/"));
                    let query = request.query_string();
                    assert!(query.contains("format=jsonv2") && query.contains("countrycodes=ca"));
                    let status = if named { status } else { 403 };
                    let status = actix_web::http::StatusCode::from_u16(status).unwrap();
                    std::future::ready(HttpResponse::build(status).body(ANSWER))
                }),
            )
        });
        let server = server.workers(1).bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        (address, asked)
    }

    fn api(address: &str) -> Api {
        Api::new(address).unwrap()
    }

    #[actix_web::test]
    async fn places_are_read_and_a_question_is_asked_once() {
        let (address, asked) = double(200);
        let api = api(&address);
        let spots = api.search("1245 covey hill", "fr").await.unwrap();
        assert_eq!(spots.len(), 2, "what lies off the globe is left out");
        assert_eq!((&*spots[0].number, &*spots[0].street), ("1245", "Chemin Covey Hill"));
        assert_eq!((&*spots[0].municipality, spots[0].lat), ("Franklin", 45.0401));
        assert_eq!((&*spots[1].number, &*spots[1].street), ("", "Franklin"));
        assert_eq!(api.search("1245 covey hill", "fr").await.unwrap(), spots);
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[actix_web::test]
    async fn questions_go_out_one_a_second_and_a_crowd_is_sent_away() {
        let (address, asked) = double(200);
        let api = api(&address);
        let began = Instant::now();
        let all = (0..8).map(|n| {
            let api = &api;
            async move { api.search(&format!("rue {n}"), "fr").await }
        });
        let answers = futures_util::future::join_all(all).await;
        let busy = answers.iter().filter(|answer| **answer == Err(Fault::Busy)).count();
        assert!((2..=3).contains(&busy), "{busy} of eight were sent away");
        assert_eq!(asked.load(Ordering::SeqCst), 8 - busy);
        assert!(began.elapsed() >= PACE * 4, "one after the other");
    }

    #[actix_web::test]
    async fn a_refusal_and_silence_are_told_apart() {
        let (address, _) = double(403);
        assert_eq!(api(&address).search("x", "fr").await, Err(Fault::Status(403)));
        assert_eq!(api("http://127.0.0.1:9").search("x", "fr").await, Err(Fault::Unreachable));
        assert!(matches!(Api::new("ftp://x"), Err(Fault::Address)));
    }
}
