//! What an operator sees of a running server.

use std::process::Command;

use crate::harness::server::client;
use crate::harness::town::{On, Town};

#[tokio::test]
async fn a_server_says_that_it_lives_is_ready_and_what_it_counted() {
    let Some(mut town) = Town::at("operations", On::Sqlite, "09:50", &[]).await else { return };
    town.ana().await;
    let address = |path: &str| format!("{}{path}", town.plan.url());
    let text = |path: &str| {
        let address = address(path);
        async { client().get(address).send().await.unwrap() }
    };
    assert_eq!(text("/health").await.status(), 200);
    assert_eq!(text("/ready").await.status(), 200);
    let metrics = text("/metrics").await;
    assert_eq!(metrics.status(), 200);
    let metrics = metrics.text().await.unwrap();
    for name in ["tournee_http_requests_total", "tournee_journal_commit_seconds_count"] {
        assert!(metrics.contains(name), "{name} in {metrics}");
    }
    let openapi: serde_json::Value = text("/openapi.json").await.json().await.unwrap();
    for path in ["/dispatch/assign", "/jobs", "/outbox", "/dispatch/board"] {
        assert!(openapi["paths"][path].is_object(), "{path} is not described");
    }
    let status = town.server.take().unwrap().stop().await;
    assert!(status.success(), "{status}: {}", town.plan.log());
}

#[tokio::test]
async fn a_second_server_on_the_same_store_is_refused_in_one_line() {
    let Some(town) = Town::at("second", On::Sqlite, "09:50", &[]).await else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_tournee"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(town.plan.folder.join("data"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("another tournee is running on this store"), "{said}");
}

#[tokio::test]
async fn no_secret_is_in_the_log() {
    let Some(town) = Town::at("log", On::Sqlite, "09:50", &[("log", "debug")]).await else {
        return;
    };
    let ana = town.ana().await;
    let job = town.job("Pas d'Internet", Some(("10:00", "10:30"))).await;
    town.assign(&job, &ana, "10:00").await;
    let told = town.texts_when("+14505550101", "job_assigned", 1).await;
    let page = crate::harness::town::link(&told[0], "/t/").to_owned();
    client().get(format!("{}{page}", town.plan.url())).send().await.unwrap();
    let token = page.trim_start_matches("/t/");
    let log = town.plan.log();
    assert!(!log.contains(token), "the link's token is in the log");
    assert!(!log.contains(crate::harness::server::TOKEN), "the admin's token is in the log");
    assert!(!log.contains("+14505550101"), "a whole number is in the log");
}

#[tokio::test]
async fn a_token_is_made_beside_a_running_server_and_without_one() {
    let Some(mut town) = Town::at("token", On::Sqlite, "09:50", &[]).await else { return };
    let create = || {
        let output = Command::new(env!("CARGO_BIN_EXE_tournee"))
            .args(["token", "create", "--name", "automation", "--role", "viewer"])
            .args(["--listen", &format!("127.0.0.1:{}", town.plan.port), "--config"])
            .arg(town.plan.folder.join("tournee.toml"))
            .arg("--data")
            .arg(town.plan.folder.join("data"))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        said.trim().to_owned()
    };
    let beside = create();
    town.server.take().unwrap().stop().await;
    let without = create();
    assert_ne!(beside, without);
    let server = town.plan.start("2026-11-23T10:00:00-05:00").await;
    for token in [beside, without] {
        let ask =
            |path: &str| client().get(format!("{}{path}", town.plan.url())).bearer_auth(&token);
        assert_eq!(ask("/jobs").send().await.unwrap().status(), 200, "{token}");
        let make = client().post(format!("{}/tags", town.plan.url())).bearer_auth(&token);
        let refused = make.json(&serde_json::json!({"name": "Fibre"})).send().await.unwrap();
        assert_eq!(refused.status(), 403, "a viewer only looks");
    }
    server.kill();
}
