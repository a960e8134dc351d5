//! Bad input of every kind: the status that was agreed, the field by its name, and nobody moved by it.

use serde_json::{Value, json};

use crate::harness::server::{TOKEN, client};
use crate::harness::town::{On, RUIZ, Town};

/// A refusal names the field (or the query's name) that is wrong.
#[track_caller]
fn names(problem: &Value, pointer: &str) {
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    assert!(errors.iter().any(|error| error["pointer"] == pointer), "{pointer} in {problem}");
    assert!(problem["type"].is_string(), "{problem}");
}

async fn get(town: &Town, path: &str) -> (u16, Value) {
    let answer = client().get(format!("{}{path}", town.plan.url())).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

#[tokio::test]
async fn positions_that_cannot_be_are_refused_by_name_and_move_nobody() {
    let Some(town) = Town::at("bad-positions", On::Sqlite, "09:50", &[]).await else { return };
    town.ana().await;
    let now: jiff::Timestamp = "2026-11-23T09:50:00-05:00".parse().unwrap();
    let (now, soon) = (now.as_second(), now.as_second() + 600);
    for (query, pointer) in [
        (format!("id=van-ana&lat=91&lon=-73&timestamp={now}"), "/lat"),
        (format!("id=van-ana&lat=45&lon=181&timestamp={now}"), "/lon"),
        (format!("id=van-ana&lat=NaN&lon=-73&timestamp={now}"), "/lat"),
        (format!("id=van-ana&lat=45&lon=-73&timestamp={soon}"), "/timestamp"),
        (format!("lat=45&lon=-73&timestamp={now}"), "/id"),
    ] {
        let (status, problem) = get(&town, &format!("/traccar/osmand?{query}")).await;
        assert_eq!(status, 400, "{query}: {problem}");
        names(&problem, pointer);
    }
    let unknown = format!("/traccar/osmand?id=nobody&lat=45&lon=-73&timestamp={now}");
    assert_eq!(get(&town, &unknown).await.0, 400, "as Traccar answers at this door");
    let board = town.api.get("/dispatch/board?date=2026-11-23").await.1;
    assert_eq!(board["technicians"][0]["position"], Value::Null);
    assert_eq!(town.fix("van-ana", RUIZ, "09:50:00").await, 200);
    let older = scheduler::travel::Point { lat: 45.2, lon: -73.9 };
    assert_eq!(town.fix("van-ana", older, "09:40:00").await, 200, "a late fix is taken");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let board = town.api.get("/dispatch/board?date=2026-11-23").await.1;
    assert_eq!(board["technicians"][0]["position"]["lat"], json!(RUIZ.lat), "and moves nobody");
}

#[tokio::test]
async fn assignments_that_break_a_rule_say_which() {
    let Some(town) = Town::at("bad-assignments", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let (first, second) = (town.job("A", None).await, town.job("B", None).await);
    let (status, assigned) = town.assign(&first, &ana, "10:00").await;
    assert_eq!(status, 200, "{assigned}");
    let (status, overlap) = town.assign(&second, &ana, "10:30").await;
    assert_eq!(status, 409, "{overlap}");
    let (status, late) = town.assign(&second, &ana, "16:00").await;
    assert_eq!(status, 422, "outside the shift: {late}");
    names(&late, "/start");
    let stale = json!({
        "job_id": first["id"], "technician_id": ana["id"],
        "start": "2026-11-23T13:00:00-05:00", "version": first["version"],
    });
    let (status, conflict) = town.ask("/dispatch/assign", &stale).await;
    assert_eq!(status, 409, "the job has been assigned since: {conflict}");
    let nobody = json!({"job_id": second["id"], "technician_id": "tech_nobody"});
    assert_eq!(town.ask("/dispatch/assign", &nobody).await.0, 404);
    let status = format!("/jobs/{}/status", first["id"].as_str().unwrap());
    let (code, order) = town.ask(&status, &json!({"status": "done"})).await;
    assert_eq!(code, 422, "{order}");
    names(&order, "/status");
    let (code, unknown) = town.ask(&status, &json!({"status": "flying"})).await;
    assert!([400, 422].contains(&code), "{unknown}");
    let (code, typo) = town.ask("/dispatch/assign", &json!({"job": first["id"]})).await;
    assert_eq!(code, 422, "{typo}");
}

#[tokio::test]
async fn a_repeated_create_answers_as_the_first_and_another_body_under_its_key_is_refused() {
    let Some(town) = Town::at("idempotent", On::Sqlite, "09:50", &[]).await else { return };
    let ruiz = json!({"name": "Ruiz", "phone": "450 555-0102"});
    let first = town.api.try_post("/customers", "key-1", &ruiz).await.unwrap();
    let second = town.api.try_post("/customers", "key-1", &ruiz).await.unwrap();
    assert_eq!((first.0, &first.1["id"]), (201, &second.1["id"]), "{second:?}");
    let other = json!({"name": "Roy", "phone": "450 555-0103"});
    let (status, problem) = town.api.try_post("/customers", "key-1", &other).await.unwrap();
    assert_eq!(status, 422, "{problem}");
    let (_, list) = town.api.get("/customers").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_comes_in_without_proof_and_big_bodies_stay_outside() {
    let Some(town) = Town::at("closed", On::Sqlite, "09:50", &[]).await else { return };
    for path in ["/dispatch/board", "/customers", "/outbox", "/sse?topics=dispatch", "/jobs"] {
        assert_eq!(get(&town, path).await.0, 401, "{path}");
    }
    for path in ["/health", "/ready"] {
        assert_eq!(get(&town, path).await.0, 200, "{path}");
    }
    for path in ["/t/not-a-token", "/track/not-a-token"] {
        let status = get(&town, path).await.0;
        assert!([401, 403, 404].contains(&status), "{path}: {status}");
    }
    let wrong = client().get(format!("{}/jobs", town.plan.url())).bearer_auth("wrong");
    assert_eq!(wrong.send().await.unwrap().status(), 401);
    let (status, problem) = town.api.get("/sse?topics=dispatch,nonsense").await;
    assert_eq!(status, 422, "{problem}");
    names(&problem, "/topics");
    let big = format!(r#"{{"name": "{}"}}"#, "x".repeat(11_000_000));
    let sent = client()
        .post(format!("{}/customers", town.plan.url()))
        .bearer_auth(TOKEN)
        .header("Content-Type", "application/json")
        .body(big)
        .send()
        .await;
    // Either an answer, or a connection that was closed on a body nobody would read.
    if let Ok(answer) = sent {
        assert_eq!(answer.status(), 413);
    }
    let forged = client()
        .post(format!("{}/webhook/twilio/sms-incoming", town.plan.url()))
        .header("X-Twilio-Signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        .form(&[("From", "+14505550102"), ("Body", "STOP"), ("MessageSid", "SM1")])
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status(), 403);
    let (status, health) = town.api.get("/customers").await;
    assert_eq!((status, health["items"].as_array().unwrap().len()), (200, 0));
}
