//! A copy taken while the house works, put back after a loss: what the copy holds is there, what came after it is not,
//! and every screen notices that its position is of another life.

use std::process::Command;

use serde_json::{Value, json};

use crate::harness::server::{Api, Plan, TOKEN, client, tidy_up};

const CLOCK: &str = "2026-11-23T09:50:00-05:00";

fn tournee(plan: &Plan, words: &[&str]) {
    tournee_at(CLOCK, plan, words);
}

fn tournee_at(clock: &str, plan: &Plan, words: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_tournee"))
        .args(words)
        .env("TOURNEE_CLOCK", clock)
        .current_dir(&plan.folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// What a screen that was at `after` hears first.
async fn first_frame(plan: &Plan, after: i64) -> String {
    let address = format!("{}/sse?topics=dispatch&last_event_id={after}", plan.url());
    let mut answer = client().get(address).bearer_auth(TOKEN).send().await.unwrap();
    let mut text = String::new();
    while !text.contains("data:") || !text.ends_with("\n\n") {
        let chunk = answer.chunk().await.unwrap().expect("the stream goes on");
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    text
}

async fn seq(api: &Api) -> i64 {
    api.get("/dispatch/board?date=2026-11-23").await.1["seq"].as_i64().unwrap()
}

#[tokio::test]
async fn a_restored_house_begins_a_new_epoch_and_sends_its_screens_to_the_snapshot() {
    let plan = Plan::new("restoring");
    let api = Api::of(&plan);
    let server = plan.start(CLOCK).await;
    let customer = |name: &str| json!({"name": name, "phone": "450 555-0102"});
    let kept = api.post("/customers", "kept", &customer("Gardée")).await;
    let (_, tag) = api.try_post("/tags", "tag", &json!({"name": "Fibre"})).await.unwrap();
    let copied_at = seq(&api).await;
    tournee(&plan, &["backup", "copy.db", "--data", "data"]);
    api.post("/customers", "lost", &customer("Perdue")).await;
    api.post("/tags", "tag-2", &json!({"name": "Cuivre"})).await;
    let lost_at = seq(&api).await;
    assert!(lost_at > copied_at);
    assert!(server.stop().await.success(), "{}", plan.log());
    std::fs::rename(plan.folder.join("data"), plan.folder.join("lost")).unwrap();
    tournee(&plan, &["restore", "copy.db", "--data", "data"]);

    let _server = plan.start(CLOCK).await;
    let (_, list) = api.get("/customers").await;
    let names: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
    assert_eq!(names, [&json!("Gardée")]);
    assert_eq!(api.get(&format!("/customers/{}", kept["id"].as_str().unwrap())).await.0, 200);
    let (_, tags) = api.get("/tags").await;
    assert!(tags.to_string().contains(tag["id"].as_str().unwrap()), "{tags}");
    let restored_at = seq(&api).await;
    assert!(restored_at > lost_at, "{restored_at} is told from {lost_at}, which is no more");
    for position in [copied_at, lost_at] {
        let frame = first_frame(&plan, position).await;
        assert!(frame.contains("event: resync"), "after {position}: {frame}");
        assert!(frame.contains(&restored_at.to_string()), "the head to go on from: {frame}");
    }
    // From there on nothing is lost, and what was answered before the copy is still answered the same.
    let again = api.post("/customers", "kept", &customer("Gardée")).await;
    assert_eq!(again["id"], kept["id"]);
    api.post("/tags", "tag-3", &json!({"name": "Radio"})).await;
    let frame = first_frame(&plan, restored_at).await;
    assert!(frame.contains("event: tag.created") && frame.contains("Radio"), "{frame}");
    tidy_up(&plan.folder);
}

async fn open(plan: &Plan, file: &str) -> sqlx::SqliteConnection {
    let file = sqlx::sqlite::SqliteConnectOptions::new().filename(plan.folder.join(file));
    sqlx::ConnectOptions::connect(&file).await.unwrap()
}

#[tokio::test]
async fn a_text_that_may_have_gone_since_the_copy_is_asked_for_before_it_is_sent_again() {
    let plan = Plan::new("doubting");
    let api = Api::of(&plan);
    let server = plan.start(CLOCK).await;
    let text = json!({"to": "450 555-0102", "body": "Bonjour"});
    let (status, queued) = api.try_post("/send/sms", "text", &text).await.unwrap();
    assert_eq!(status, 202, "{queued}");
    tournee(&plan, &["backup", "copy.db", "--data", "data"]);
    assert!(server.stop().await.success(), "{}", plan.log());
    // As if it had waited until ten while the copy was made.
    let due: jiff::Timestamp = "2026-11-23T10:00:00-05:00".parse().unwrap();
    let waits = "UPDATE errands SET state = 'ready', due_us = $1, attempts = 0,
                     lease_until_us = NULL, first_tried_us = NULL";
    let mut copy = open(&plan, "copy.db").await;
    sqlx::query(waits).bind(due.as_microsecond()).execute(&mut copy).await.unwrap();
    sqlx::Connection::close(copy).await.unwrap();
    // Not due yet: nobody can have sent it. Due: the house that was lost may have.
    for (folder, clock, state) in
        [("early", CLOCK, "ready"), ("late", "2026-11-23T11:00:00-05:00", "sending")]
    {
        tournee_at(clock, &plan, &["restore", "copy.db", "--data", folder]);
        let mut store = open(&plan, &format!("{folder}/tournee.db")).await;
        let sql = "SELECT state, first_tried_us = due_us AND lease_until_us < due_us FROM errands";
        let rows: Vec<(String, Option<bool>)> =
            sqlx::query_as(sql).fetch_all(&mut store).await.unwrap();
        let told = (state == "sending").then_some(true);
        assert_eq!(rows, [(state.to_owned(), told)], "{folder}");
    }
    tidy_up(&plan.folder);
}
