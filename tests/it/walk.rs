//! The walk for which this software exists: a position arrives, the ETA changes, the customer is told, the board
//! moves. Told on both databases, through the public doors alone.

use std::time::Duration;

use serde_json::Value;

use crate::harness::server::{TOKEN, client};
use crate::harness::town::{On, RUIZ, RUIZ_PHONE, Town, link, minutes_from};

/// Frames of the dispatch topic from `after` on that came within `wait`.
async fn frames(town: &Town, after: i64, wait: Duration) -> Vec<Value> {
    let address = format!("{}/sse?topics=dispatch&last_event_id={after}", town.plan.url());
    let mut answer = client().get(address).bearer_auth(TOKEN).send().await.unwrap();
    let mut text = String::new();
    let until = tokio::time::Instant::now() + wait;
    while let Ok(Ok(Some(bytes))) = tokio::time::timeout_at(until, answer.chunk()).await {
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    text.lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(|data| serde_json::from_str(data.trim()).unwrap())
        .collect()
}

async fn head(town: &Town) -> i64 {
    town.api.get("/dispatch/board?date=2026-11-23").await.1["seq"].as_i64().unwrap()
}

async fn a_late_technician_is_told_of_once(name: &str, on: On) {
    let Some(town) = Town::at(name, on, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let job = town.job("Pas d'Internet", Some(("10:00", "10:30"))).await;
    let (status, assigned) = town.assign(&job, &ana, "10:00").await;
    assert_eq!(status, 200, "{assigned}");
    let promised = town.texts_when(RUIZ_PHONE, "visit_promised", 1).await;
    assert_eq!(promised[0]["state"], "sandboxed", "nothing leaves the machine");
    assert_eq!(promised[0]["language"], "fr");
    let told = town.texts_when("+14505550101", "job_assigned", 1).await;
    assert!(told[0]["body"].as_str().unwrap().contains("/t/"));

    let before = head(&town).await;
    let away = minutes_from(RUIZ, 55);
    assert_eq!(town.fix("van-ana", away, "09:50:00").await, 200);
    let late = town.texts_when(RUIZ_PHONE, "late", 1).await;
    let body = late[0]["body"].as_str().unwrap();
    assert!(body.contains("10\u{a0}h\u{a0}45") || body.contains("10 h 45"), "{body}");

    let tracking = link(&promised[0], "/track/").to_owned();
    let state = town.api.get(&format!("{tracking}/state")).await.1;
    let at: jiff::Timestamp = state["eta"]["at"].as_str().unwrap().parse().unwrap();
    let expected: jiff::Timestamp = "2026-11-23T10:45:00-05:00".parse().unwrap();
    assert!(at.duration_since(expected).abs() <= jiff::SignedDuration::from_mins(2), "{state}");
    let page = client().get(format!("{}{tracking}", town.plan.url())).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(!page.text().await.unwrap().contains("45.05"), "the technician's home is nobody's");

    // The same place again, a little later: nothing new, so nothing is said.
    assert_eq!(town.fix("van-ana", away, "09:50:20").await, 200);
    let frames = frames(&town, before, Duration::from_secs(3)).await;
    let etas = frames.iter().filter(|frame| frame["type"] == "route.etas").count();
    assert_eq!(etas, 1, "{frames:#?}");
    assert_eq!(town.texts(RUIZ_PHONE, Some("late")).await.len(), 1);
    assert_eq!(town.texts(RUIZ_PHONE, None).await.len(), 2, "the promise and its correction");
}

#[tokio::test]
async fn a_late_technician_is_told_of_once_on_sqlite() {
    a_late_technician_is_told_of_once("walk-sqlite", On::Sqlite).await;
}

#[tokio::test]
async fn a_late_technician_is_told_of_once_on_postgresql() {
    a_late_technician_is_told_of_once("walk-postgresql", On::Postgresql).await;
}

#[tokio::test]
async fn a_visit_is_done_by_the_technician_s_own_page_and_its_tracking_ends() {
    let Some(town) = Town::at("walk-done", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let job = town.job("Pas d'Internet", Some(("10:00", "10:30"))).await;
    assert_eq!(town.assign(&job, &ana, "10:00").await.0, 200);
    let told = town.texts_when("+14505550101", "job_assigned", 1).await;
    let promised = town.texts_when(RUIZ_PHONE, "visit_promised", 1).await;
    let (page, tracking) = (link(&told[0], "/t/"), link(&promised[0], "/track/"));
    let base = town.plan.url();
    let shown = client().get(format!("{base}{page}")).send().await.unwrap();
    assert_eq!(shown.status(), 200);
    assert!(shown.text().await.unwrap().contains("rang Sainte-Anne"), "readable without a script");
    for status in ["en_route", "on_site", "done"] {
        let door = format!("{base}{page}/jobs/{}/status", job["id"].as_str().unwrap());
        let answer = client().post(door).json(&serde_json::json!({"status": status})).send().await;
        let answer = answer.unwrap();
        let code = answer.status().as_u16();
        assert!((200..400).contains(&code), "{status}: {code} {}", answer.text().await.unwrap());
    }
    town.texts_when(RUIZ_PHONE, "on_the_way", 1).await;
    town.texts_when(RUIZ_PHONE, "done", 1).await;
    let over = client().get(format!("{base}{tracking}")).send().await.unwrap();
    assert_eq!(over.status(), 410, "after the visit the page says so");
    // A link of one audience is worth nothing to another.
    let swapped = page.replace("/t/", "/track/");
    let foreign = client().get(format!("{base}{swapped}")).send().await.unwrap();
    assert!([401, 403, 404].contains(&foreign.status().as_u16()), "{}", foreign.status());
}
