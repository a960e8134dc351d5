//! The two services of OSRM that are used: `table` for many places, `route` for one line on the map.
//!
//! Coordinates go out as longitude, latitude. A table is asked for in blocks, since a server answers for 100
//! coordinates at most unless it was told otherwise. One more try where the way to the server failed, none where the
//! server refused.

use std::time::Duration;

use reqwest::StatusCode;
use scheduler::roads::Way;
use scheduler::{Leg, Point};
use serde::Deserialize;

use crate::integrations::{is_loopback, read_body};

const CONNECT_LIMIT: Duration = Duration::from_secs(2);
const ANSWER_LIMIT: Duration = Duration::from_secs(15);
/// Between a failure and the second try.
const PAUSE: Duration = Duration::from_millis(200);
/// 100 × 100 numbers twice, with their coordinates, are some 300 kB.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Coordinates in one question, by the server's own default limit.
const COORDINATES_MAX: usize = 100;
/// A place that the server moved farther than this to a road is not on its map, metres.
const REACH_M: f64 = 2_000.0;
/// Where a server sends no distances (before 5.19), roads are this much longer than the crow's way, in thousandths.
const DETOUR_PERMILLE: i64 = 1_300;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the address is not an http or https address")]
    Address,
    #[error("no HTTP client could be built")]
    Client,
    #[error("the routing server could not be reached")]
    Unreachable,
    #[error("the routing server did not answer in time")]
    Late,
    #[error("the routing server answers {0}")]
    Status(u16),
    #[error("the routing server refuses so many places at once")]
    TooMany,
    #[error("the routing server's answer could not be read")]
    Unreadable,
}

impl Fault {
    /// Whether a second try may help.
    const fn may_pass(self) -> bool {
        matches!(self, Self::Unreachable | Self::Late | Self::Status(502..=504))
    }
}

/// One OSRM server; cheap to clone.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    base: String,
}

#[derive(Deserialize)]
struct TableAnswer {
    durations: Vec<Vec<Option<f64>>>,
    distances: Option<Vec<Vec<Option<f64>>>>,
    #[serde(default)]
    sources: Vec<Option<Waypoint>>,
    #[serde(default)]
    destinations: Vec<Option<Waypoint>>,
}

#[derive(Deserialize)]
struct Waypoint {
    /// Metres from the place asked for to the road.
    distance: Option<f64>,
}

#[derive(Deserialize)]
struct RouteAnswer {
    routes: Vec<Route>,
}

#[derive(Deserialize)]
struct Route {
    duration: f64,
    distance: f64,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Geometry {
    coordinates: Vec<[f64; 2]>,
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
}

impl Api {
    /// A client of the server at `base_url`, without `/table/…`; call `integrations::install_tls` before.
    ///
    /// # Errors
    /// [`Fault::Address`] and [`Fault::Client`].
    pub fn new(base_url: &str) -> Result<Self, Fault> {
        let base = base_url.trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base).map_err(|_| Fault::Address)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Fault::Address);
        }
        let mut http = reqwest::Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .timeout(ANSWER_LIMIT)
            .redirect(reqwest::redirect::Policy::none());
        if is_loopback(&base) {
            http = http.no_proxy();
        }
        Ok(Self { http: http.build().map_err(|_| Fault::Client)?, base })
    }

    /// The drives between all `points`, row by row; nothing where there is no way.
    ///
    /// # Errors
    /// The first block that fails fails the table.
    pub async fn table(&self, points: &[Point]) -> Result<Vec<Option<Leg>>, Fault> {
        let n = points.len();
        let mut table = vec![None; n * n];
        if n < 2 {
            return Ok(table);
        }
        if n <= COORDINATES_MAX {
            let all: Vec<usize> = (0..n).collect();
            self.block(points, &all, &all, &mut table).await?;
            return Ok(table);
        }
        let blocks: Vec<Vec<usize>> =
            (0..n).collect::<Vec<_>>().chunks(COORDINATES_MAX / 2).map(<[usize]>::to_vec).collect();
        for from in &blocks {
            for to in &blocks {
                self.block(points, from, to, &mut table).await?;
            }
        }
        Ok(table)
    }

    /// One question: from each of `from` to each of `to`, numbers of `points`.
    async fn block(
        &self,
        points: &[Point],
        from: &[usize],
        to: &[usize],
        table: &mut [Option<Leg>],
    ) -> Result<(), Fault> {
        let same = from == to;
        let asked = from.iter().chain(if same { &[] } else { to });
        let places: Vec<Point> = asked.map(|at| points[*at]).collect();
        let mut question =
            format!("table/v1/driving/{}?annotations=duration,distance", spelt(&places));
        if !same {
            let list = |range: std::ops::Range<usize>| {
                range.map(|at| at.to_string()).collect::<Vec<_>>().join(";")
            };
            let (sources, destinations) = (list(0..from.len()), list(from.len()..places.len()));
            question.push_str(&format!("&sources={sources}&destinations={destinations}"));
        }
        let answer: TableAnswer = self.ask(&question).await?;
        let far = |ends: &[Option<Waypoint>], at: usize| {
            let moved = ends.get(at).and_then(|end| end.as_ref()?.distance);
            moved.is_some_and(|moved_m| moved_m > REACH_M)
        };
        let right = |rows: &[Vec<Option<f64>>]| {
            rows.len() == from.len() && rows.iter().all(|row| row.len() == to.len())
        };
        if !right(&answer.durations) || !answer.distances.as_deref().is_none_or(right) {
            return Err(Fault::Unreadable);
        }
        for (row, i) in from.iter().enumerate() {
            for (column, j) in to.iter().enumerate() {
                if far(&answer.sources, row) || far(&answer.destinations, column) {
                    continue;
                }
                let metres = match &answer.distances {
                    Some(distances) => distances[row][column].and_then(whole),
                    None => Some(points[*i].crow_m(points[*j]) * DETOUR_PERMILLE / 1_000),
                };
                let seconds = answer.durations[row][column].and_then(whole);
                table[i * points.len() + j] =
                    seconds.zip(metres).map(|(seconds, metres)| Leg { seconds, metres });
            }
        }
        Ok(())
    }

    /// The way between two places, to be drawn; nothing where there is none.
    ///
    /// # Errors
    /// See [`Fault`].
    pub async fn route(&self, from: Point, to: Point) -> Result<Option<Way>, Fault> {
        let question =
            format!("route/v1/driving/{}?overview=full&geometries=geojson", spelt(&[from, to]));
        let answer: RouteAnswer = match self.ask(&question).await {
            Err(Fault::Status(400)) => return Ok(None),
            other => other?,
        };
        Ok(answer.routes.into_iter().next().map(|route| Way {
            // A cast from a float saturates, and NaN becomes 0.
            seconds: route.duration.round() as u32,
            metres: route.distance.round() as u32,
            line: route
                .geometry
                .coordinates
                .iter()
                .map(|[lon, lat]| Point::new(*lat, *lon))
                .collect(),
        }))
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, question: &str) -> Result<T, Fault> {
        match self.ask_once(question).await {
            Err(fault) if fault.may_pass() => {
                tokio::time::sleep(PAUSE).await;
                self.ask_once(question).await
            }
            other => other,
        }
    }

    async fn ask_once<T: serde::de::DeserializeOwned>(&self, question: &str) -> Result<T, Fault> {
        let sent = self.http.get(format!("{}/{question}", self.base)).send().await;
        // The library's error holds the address with the places: dropped.
        let response = sent.map_err(|error| match error.is_timeout() && !error.is_connect() {
            true => Fault::Late,
            false => Fault::Unreachable,
        })?;
        let status = response.status();
        let body = read_body(response, ANSWER_BYTES_MAX).await.map_err(|_| Fault::Unreadable)?;
        if status == StatusCode::OK {
            return serde_json::from_slice(&body).map_err(|_| Fault::Unreadable);
        }
        match serde_json::from_slice::<Refusal>(&body) {
            Ok(refusal) if refusal.code == "TooBig" => Err(Fault::TooMany),
            _ => Err(Fault::Status(status.as_u16())),
        }
    }
}

/// Coordinates as OSRM takes them.
fn spelt(points: &[Point]) -> String {
    let each = points.iter().map(|point| format!("{:.6},{:.6}", point.lon, point.lat));
    each.collect::<Vec<_>>().join(";")
}

fn whole(value: f64) -> Option<i64> {
    // A cast from a float saturates: nothing to panic about.
    (value.is_finite() && value >= 0.0).then(|| value.round() as i64)
}
