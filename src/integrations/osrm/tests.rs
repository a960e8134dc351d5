//! The client and its ways against a double that speaks OSRM's HTTP on loopback: what it is asked, it checks as the
//! real server does, and it answers from the crow's distance.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use scheduler::{Leg, Point, Ways};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Api, Fault, Osrm};

/// How the double behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Well,
    /// Answers 503 to the first so many questions.
    Ill(usize),
    Garbled,
    NoDistances,
}

#[derive(Clone)]
struct Double {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// A place in the sea: no way leads there.
const SEA: Point = Point::new(44.0, -60.0);
/// A place in the woods, far from every road.
const WOODS: Point = Point::new(47.0, -74.0);

impl Double {
    async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (heard, count) = (asked.clone(), AtomicUsize::new(0));
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                let mut buffer = [0; 4_096];
                while !request.windows(4).any(|four| four == b"\r\n\r\n") {
                    match stream.read(&mut buffer).await {
                        Ok(read @ 1..) => request.extend_from_slice(&buffer[..read]),
                        _ => break,
                    }
                }
                let request = String::from_utf8(request).unwrap();
                let Some(target) = request.split_whitespace().nth(1) else { continue };
                heard.lock().unwrap().push(target.to_owned());
                let number = count.fetch_add(1, Ordering::SeqCst);
                let (status, body) = answer(target, mood, number);
                let head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
            }
        });
        Self { base, asked }
    }

    fn api(&self) -> Api {
        crate::integrations::install_tls();
        Api::new(&self.base).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(target: &str, mood: Mood, number: usize) -> (u16, String) {
    match mood {
        Mood::Ill(times) if number < times => return (503, "no".to_owned()),
        Mood::Garbled => return (200, "{\"code\":\"Ok\",\"durations\":[[0".to_owned()),
        _ => {}
    }
    let (path, query) = target.split_once('?').unwrap();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let [service, "v1", "driving", coordinates] = parts.as_slice() else {
        return (400, json!({"code": "InvalidUrl"}).to_string());
    };
    let points: Vec<Point> = coordinates
        .split(';')
        .map(|pair| {
            let (lon, lat) = pair.split_once(',').unwrap();
            Point::new(lat.parse().unwrap(), lon.parse().unwrap())
        })
        .collect();
    let option = |name: &str| {
        query
            .split('&')
            .find_map(|option| option.split_once('=').filter(|o| o.0 == name))
            .map(|o| o.1)
    };
    match *service {
        "table" if points.len() > 100 => (400, json!({"code": "TooBig"}).to_string()),
        "table" => (200, table(&points, &option, mood).to_string()),
        "route" if points.contains(&SEA) => (400, json!({"code": "NoRoute"}).to_string()),
        "route" => {
            assert_eq!((option("overview"), option("geometries")), (Some("full"), Some("geojson")));
            let line: Vec<[f64; 2]> = points.iter().map(|p| [p.lon, p.lat]).collect();
            let metres = points[0].crow_m(points[1]);
            let route = json!({"duration": metres as f64 / 10.0, "distance": metres, "geometry": {"type": "LineString", "coordinates": line}});
            (200, json!({"code": "Ok", "routes": [route], "waypoints": []}).to_string())
        }
        _ => (400, json!({"code": "InvalidService"}).to_string()),
    }
}

fn table<'a>(points: &[Point], option: &dyn Fn(&str) -> Option<&'a str>, mood: Mood) -> Value {
    assert_eq!(option("annotations"), Some("duration,distance"));
    let list = |name: &str| -> Vec<Point> {
        match option(name) {
            None => points.to_vec(),
            Some(text) => text.split(';').map(|at| points[at.parse::<usize>().unwrap()]).collect(),
        }
    };
    let (sources, destinations) = (list("sources"), list("destinations"));
    let of = |by: f64| -> Vec<Vec<Option<f64>>> {
        let cell = |from: Point, to: Point| {
            (from == to || (from != SEA && to != SEA)).then(|| from.crow_m(to) as f64 / by)
        };
        sources
            .iter()
            .map(|from| destinations.iter().map(|to| cell(*from, *to)).collect())
            .collect()
    };
    let ends = |points: &[Point]| -> Vec<Value> {
        let moved = |point: &Point| if *point == WOODS { 9_000.0 } else { 3.5 };
        points.iter().map(|p| json!({"location": [p.lon, p.lat], "name": "", "hint": "x", "distance": moved(p)})).collect()
    };
    let mut answer = json!({"code": "Ok", "durations": of(10.0), "sources": ends(&sources), "destinations": ends(&destinations)});
    if mood != Mood::NoDistances {
        answer["distances"] = json!(of(0.5));
    }
    answer
}

fn places(count: usize) -> Vec<Point> {
    (0..count).map(|at| Point::new(45.0 + at as f64 / 1_000.0, -73.5)).collect()
}

fn expected(from: Point, to: Point) -> Option<Leg> {
    let crow_m = from.crow_m(to) as f64;
    Some(Leg { seconds: (crow_m / 10.0).round() as i64, metres: (crow_m / 0.5).round() as i64 })
}

#[tokio::test]
async fn a_table_is_one_question_and_says_where_there_is_no_way() {
    let double = Double::start(Mood::Well).await;
    let points = [Point::new(45.05, -73.58), Point::new(45.1, -73.6), SEA, WOODS];
    let table = double.api().table(&points).await.unwrap();
    assert_eq!(table[1], expected(points[0], points[1]));
    assert_eq!((table[2], table[2 * 4]), (None, None), "the sea");
    assert_eq!((table[3], table[3 * 4 + 1]), (None, None), "too far from every road");
    let asked = double.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].starts_with("/table/v1/driving/-73.580000,45.050000;"), "{}", asked[0]);
}

#[tokio::test]
async fn a_large_table_is_asked_for_in_blocks_that_the_server_takes() {
    let double = Double::start(Mood::Well).await;
    let points = places(130);
    let table = double.api().table(&points).await.unwrap();
    for (i, from) in points.iter().enumerate() {
        for (j, to) in points.iter().enumerate() {
            assert_eq!(table[i * 130 + j], expected(*from, *to), "{i} to {j}");
        }
    }
    assert_eq!(double.asked().len(), 9);
}

#[tokio::test]
async fn a_way_to_draw_has_its_line_the_right_way_round() {
    let double = Double::start(Mood::Well).await;
    let (from, to) = (Point::new(45.05, -73.58), Point::new(45.1, -73.6));
    let way = double.api().route(from, to).await.unwrap().unwrap();
    assert_eq!(way.line, [from, to]);
    assert_eq!(i64::from(way.metres), from.crow_m(to));
    assert_eq!(double.api().route(from, SEA).await, Ok(None));
}

#[tokio::test]
async fn one_more_try_is_made_where_it_may_help() {
    let double = Double::start(Mood::Ill(1)).await;
    assert!(double.api().table(&places(3)).await.is_ok());
    assert_eq!(double.asked().len(), 2);
    let double = Double::start(Mood::Ill(9)).await;
    assert_eq!(double.api().table(&places(3)).await, Err(Fault::Status(503)));
    assert_eq!(double.asked().len(), 2);
    let double = Double::start(Mood::Garbled).await;
    assert_eq!(double.api().table(&places(3)).await, Err(Fault::Unreadable));
    assert_eq!(double.asked().len(), 1, "it would say the same again");
    let nobody = Api::new("http://127.0.0.1:9").unwrap();
    assert_eq!(nobody.table(&places(2)).await, Err(Fault::Unreachable));
    assert_eq!(Api::new("ftp://a.example").unwrap_err(), Fault::Address);
}

#[tokio::test]
async fn a_server_without_distances_still_gives_times() {
    let double = Double::start(Mood::NoDistances).await;
    let points = places(2);
    let table = double.api().table(&points).await.unwrap();
    let crow_m = points[0].crow_m(points[1]);
    let leg = Leg { seconds: (crow_m + 5) / 10, metres: crow_m * 13 / 10 };
    assert_eq!(table[1], Some(leg));
}

/// Asks until there is an answer, as one decision after the other does.
async fn asked_again(ways: &Osrm, from: Point, to: Point) -> Option<Leg> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        if let Some(leg) = ways.drive(from, to) {
            return Some(leg);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_is_known_after_it_was_asked_for_and_nobody_waited() {
    let double = Double::start(Mood::Well).await;
    let ways = Osrm::start(double.api()).unwrap();
    let points = places(20);
    let begun = Instant::now();
    assert_eq!(ways.drive(points[0], points[1]), None);
    assert!(begun.elapsed() < Duration::from_millis(100));
    for pair in points.windows(2) {
        assert_eq!(ways.drive(pair[0], pair[1]).and(None::<Leg>), None);
    }
    assert_eq!(asked_again(&ways, points[0], points[1]).await, expected(points[0], points[1]));
    assert_eq!(asked_again(&ways, points[18], points[19]).await, expected(points[18], points[19]));
    assert!(double.asked().len() < 10, "pairs go together: {}", double.asked().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_waited_for_and_remembered() {
    let double = Double::start(Mood::Well).await;
    let ways = Arc::new(Osrm::start(double.api()).unwrap());
    let points = places(30);
    let (asking, asked) = (ways.clone(), points.clone());
    let table = tokio::task::spawn_blocking(move || asking.drives(&asked)).await.unwrap();
    assert_eq!(table[1], expected(points[0], points[1]));
    assert_eq!(ways.drive(points[3], points[7]), expected(points[3], points[7]));
    assert_eq!(double.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_is_left_alone_for_a_while() {
    let double = Double::start(Mood::Ill(usize::MAX)).await;
    let ways = Arc::new(Osrm::start(double.api()).unwrap());
    let points = places(3);
    for _ in 0..3 {
        let (asking, asked) = (ways.clone(), points.clone());
        let table = tokio::task::spawn_blocking(move || asking.drives(&asked)).await.unwrap();
        assert_eq!(table, vec![None; 9], "the estimate fills it");
    }
    assert_eq!(ways.drive(points[0], points[1]), None);
    assert_eq!(double.asked().len(), 2, "the first question and its second try");
}
