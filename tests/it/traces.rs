//! A real drive, replayed through the position door: the technician moves on the board and the ETA falls. The trace is
//! read from `../shared` (or `TOURNEE_SHARED`) and never copied; without it the test is skipped, aloud.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::server::{TOKEN, client};
use crate::harness::skip;
use crate::harness::town::{On, Town};

/// Every so many fixes one is replayed; their times are drawn together, a fifth of a second apart.
const EVERY: usize = 4;

fn trace() -> Option<Vec<(f64, f64)>> {
    let shared = std::env::var_os("TOURNEE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let text = std::fs::read_to_string(shared.join("data/gps/munich-car-x0001-001.json")).ok()?;
    let fixes: Vec<Value> = serde_json::from_str(&text).ok()?;
    let point = |fix: &Value| {
        let inner = fix["point"].as_str()?.strip_prefix("POINT(")?.strip_suffix(')')?;
        let (lon, lat) = inner.split_once(' ')?;
        Some((lat.parse().ok()?, lon.parse().ok()?))
    };
    Some(fixes.iter().filter_map(point).step_by(EVERY).collect())
}

async fn eta_s(town: &Town, job: &str) -> Option<i64> {
    let (_, job) = town.api.get(&format!("/jobs/{job}")).await;
    let at: jiff::Timestamp = job["visit"]["eta"]["at"].as_str()?.parse().ok()?;
    Some(at.as_second())
}

/// A technician at the drive's start, with a job at its end; the job's id.
async fn drive_planned(town: &Town, first: (f64, f64), last: (f64, f64)) -> String {
    let technician = town
        .make(
            "/technicians",
            json!({
                "name": "Ana Roy", "phone": "+14505550101", "gps_device_id": "van-ana",
                "home": { "lat": first.0, "lon": first.1 },
                "weekly_schedule": { "mon": [{ "start": "08:00", "end": "16:30" }] },
            }),
        )
        .await;
    let customer =
        town.make("/customers", json!({ "name": "Ruiz", "phone": "+14505550102" })).await;
    let place = json!({
        "customer_id": customer["id"], "address": "1, rue de l'Arrivée", "lat": last.0, "lon": last.1,
    });
    let place = town.make("/locations", place).await;
    let job = json!({
        "customer_id": customer["id"], "location_id": place["id"], "title": "Pas d'Internet",
        "duration_min": 60,
    });
    let job = town.make("/jobs", job).await;
    let (status, answer) = town.assign(&job, &technician, "09:51").await;
    assert_eq!(status, 200, "{answer}");
    job["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_real_drive_moves_the_technician_and_brings_the_eta_down() {
    let Some(trace) = trace() else {
        skip::note(
            "a_real_drive_moves_the_technician_and_brings_the_eta_down",
            "the shared GPS traces are not here",
        );
        return;
    };
    let Some(town) = Town::at("trace", On::Sqlite, "09:50", &[]).await else { return };
    let (Some(first), Some(last)) = (trace.first().copied(), trace.last().copied()) else {
        panic!("an empty trace")
    };
    let job = drive_planned(&town, first, last).await;
    let job = job.as_str();

    let start: jiff::Timestamp = "2026-11-23T09:50:00-05:00".parse().unwrap();
    let send = |index: usize| {
        let (lat, lon) = trace[index];
        let step = i64::try_from(index).unwrap() * 200;
        let at = (start + jiff::SignedDuration::from_millis(step)).as_millisecond();
        let path = format!(
            "/traccar/osmand?id=van-ana&lat={lat}&lon={lon}&timestamp={at}&speed=16&accuracy=5"
        );
        client().get(format!("{}{path}", town.plan.url())).bearer_auth(TOKEN).send()
    };
    assert_eq!(send(0).await.unwrap().status(), 200);
    let began = Instant::now();
    let far = loop {
        // The plan's own ETA is 09:51; the first fix, a real drive away, moves it out.
        match eta_s(&town, job).await {
            Some(eta) if eta > start.as_second() + 4 * 60 => break eta,
            _ => assert!(began.elapsed() < Duration::from_secs(10), "no ETA from the first fix"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    for index in 1..trace.len() {
        assert_eq!(send(index).await.unwrap().status(), 200, "fix {index}");
    }
    let began = Instant::now();
    let near = loop {
        match eta_s(&town, job).await {
            Some(eta) if eta <= far - 4 * 60 => break eta,
            eta => assert!(began.elapsed() < Duration::from_secs(10), "still {eta:?}, was {far}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    eprintln!("the ETA fell by {} s over {} fixes", far - near, trace.len());
    let (_, board) = town.api.get("/dispatch/board?date=2026-11-23").await;
    let position = &board["technicians"][0]["position"];
    assert_eq!(position["lat"].as_f64(), Some(last.0), "{position}");
    assert_eq!(position["lon"].as_f64(), Some(last.1), "{position}");
}
