//! Too much at once, and orders to end: what cannot be done is refused at once with a time to come back, what was
//! admitted is done, and the end is orderly.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::server::{Api, Plan, Server, TOKEN, client, monday_morning, tidy_up};

/// Requests at once: more than the room that they are all for lets wait.
const AT_ONCE: usize = 1_500;
/// Resident memory that a debug build may come to, in kB.
const RESIDENT_MAX_KB: u64 = 700_000;

fn resident_kb(server: &Server) -> u64 {
    let path = format!("/proc/{}/status", server.process());
    let status = std::fs::read_to_string(path).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_refused_with_a_time_to_come_back_and_what_was_admitted_is_there() {
    let plan = Plan::new("flood");
    let server = plan.start(&monday_morning(Duration::ZERO)).await;
    let http =
        reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
    let flood = (0..AT_ONCE).map(|n| {
        let request = http.post(format!("{}/tags", plan.url())).bearer_auth(TOKEN);
        let request = request.json(&json!({"name": format!("Tag {n}")}));
        tokio::spawn(async move {
            let answer = request.send().await.unwrap();
            let come_back = answer.headers().contains_key("retry-after");
            (n, answer.status().as_u16(), come_back)
        })
    });
    let flood: Vec<_> = flood.collect();
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    let mut admitted = Vec::new();
    for asked in flood {
        let (n, status, come_back) = asked.await.unwrap();
        *counts.entry(status).or_default() += 1;
        match status {
            201 => admitted.push(format!("Tag {n}")),
            503 => assert!(come_back, "503 without Retry-After"),
            other => panic!("{other} for tag {n}"),
        }
    }
    let resident = resident_kb(&server);
    eprintln!("{AT_ONCE} at once: {counts:?}, {resident} kB resident");
    assert!(counts.contains_key(&201) && counts.contains_key(&503), "{counts:?}");
    assert!(resident < RESIDENT_MAX_KB, "{resident} kB");
    let (status, tags) = Api::of(&plan).get("/tags").await;
    assert_eq!(status, 200);
    let tags = tags.to_string();
    for name in &admitted {
        assert!(tags.contains(&format!("\"{name}\"")), "{name} was admitted and is not there");
    }
    let after = Api::of(&plan).post("/tags", "after", &json!({"name": "Afterwards"})).await;
    assert_eq!(after["name"], "Afterwards");
    drop(server);
    tidy_up(&plan.folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_open_streams_ends_in_order_within_ten_seconds() {
    let plan = Plan::new("sigterm");
    let server = plan.start(&monday_morning(Duration::ZERO)).await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        let address = format!("{}/sse?topics=dispatch", plan.url());
        let stream = client().get(address).bearer_auth(TOKEN).send().await.unwrap();
        assert_eq!(stream.status(), 200);
        streams.push(stream);
    }
    let began = Instant::now();
    let status = server.stop().await;
    assert!(status.success(), "{status}: {}", plan.log());
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    tidy_up(&plan.folder);
}
