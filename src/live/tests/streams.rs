//! `GET /sse`: who may watch what, replay, resync, slow readers, crowds.

use super::{Bench, event_ids};
use actors::workers::hub::{QUEUE_BYTES_MAX, SEQ_PER_EPOCH};
use std::time::Duration;

#[actix_web::test]
async fn a_stream_is_uncompressed_unbuffered_and_carries_the_contracts_object() {
    let bench = Bench::keeping(10);
    let mut reader = bench.stream("/sse?topics=dispatch,tech:tech_1", "").await;
    let head = reader.text.to_lowercase();
    for line in [
        "content-type: text/event-stream",
        "cache-control: no-cache, no-transform",
        "x-accel-buffering: no",
        "content-encoding: identity",
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }
    bench.tell(1, &["dispatch", "tech:tech_1"]);
    bench.tell(2, &["conversations"]);
    bench.tell(3, &["tech:tech_1"]);
    reader.until_event(3).await;
    assert_eq!(event_ids(&reader.text), [1, 3]);
    let data = reader.text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let object: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(object["seq"], 3 * SEQ_PER_EPOCH + 1);
    assert_eq!(object["type"], "job.assigned");
    assert_eq!(object["topic"], "dispatch");
    assert_eq!(object["at"], "1970-01-01T00:00:00Z");
}

#[actix_web::test]
async fn who_comes_back_gets_exactly_what_was_missed() {
    let bench = Bench::keeping(10_000);
    let mut reader = bench.stream("/sse?topics=dispatch", "").await;
    for n in 1..=5 {
        bench.tell(n, &["dispatch"]);
    }
    reader.until_event(5).await;
    drop(reader);
    for n in 6..=900 {
        bench.tell(n, &["dispatch"]);
    }
    let last = 3 * SEQ_PER_EPOCH + 5;
    let by_header = format!("last-event-id: {last}\r\n");
    let by_query = format!("/sse?topics=dispatch&last_event_id={last}");
    for (path, header) in [("/sse?topics=dispatch", &*by_header), (&*by_query, "")] {
        let mut back = bench.stream(path, header).await;
        back.until_event(900).await;
        assert_eq!(event_ids(&back.text), (6..=900).collect::<Vec<_>>());
    }
}

#[actix_web::test]
async fn nothing_is_lost_or_doubled_by_watchers_who_come_and_go_under_load() {
    let bench = Bench::keeping(10_000);
    let telling = async {
        for n in 1..=3000 {
            bench.tell(n, &["dispatch"]);
            if n % 20 == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    };
    let watching = async {
        let mut seen: Vec<i64> = Vec::new();
        while seen.last() != Some(&3000) {
            let after = 3 * SEQ_PER_EPOCH + seen.last().copied().unwrap_or(0);
            let header = format!("last-event-id: {after}\r\n");
            let mut reader = bench.stream("/sse?topics=dispatch", &header).await;
            reader.until_event((seen.last().copied().unwrap_or(0) + 130).min(3000)).await;
            // A frame that was cut in two by the drop was not seen.
            let whole = reader.text.rfind("\n\n").unwrap_or(0);
            seen.extend(event_ids(&reader.text[..whole]));
        }
        seen
    };
    let ((), seen) = tokio::join!(telling, watching);
    assert_eq!(seen, (1..=3000).collect::<Vec<_>>());
}

#[actix_web::test]
async fn a_position_of_another_epoch_or_before_history_gets_one_resync_with_the_head() {
    let bench = Bench::keeping(3);
    for n in 1..=9 {
        bench.tell(n, &["dispatch"]);
    }
    let head = 3 * SEQ_PER_EPOCH + 9;
    for after in [2 * SEQ_PER_EPOCH + 9, 3 * SEQ_PER_EPOCH + 2, head + 100, 0] {
        let path = format!("/sse?topics=dispatch&last_event_id={after}");
        let mut reader = bench.stream(&path, "").await;
        reader.until(&format!("\"data\":{{\"seq\":{head}}}}}\n\n")).await;
        assert_eq!(reader.text.matches("event: resync").count(), 1);
        assert!(
            reader.text.contains(&format!("\"seq\":{head},")) || reader.text.contains("\"seq\":")
        );
        assert_eq!(event_ids(&reader.text), [9]);
    }
}

#[actix_web::test]
async fn refusals_name_what_is_wrong() {
    let bench = Bench::keeping(1);
    let cases = [
        ("/sse?topics=dispatch", "", 401, ""),
        ("/sse?topics=dispatch,billing", "x-role: admin\r\n", 422, "/topics"),
        ("/sse", "x-role: admin\r\n", 422, "/topics"),
        ("/sse?topics=dispatch&last_event_id=x", "x-role: admin\r\n", 422, "/last_event_id"),
        ("/sse?topics=dispatch&last_event_id=-4", "x-role: admin\r\n", 422, "/last_event_id"),
        ("/sse?topics=conversations", "x-role: viewer\r\n", 403, "/topics"),
        ("/sse?topics=tech:tech_2", "x-role: viewer\r\n", 404, "/topics"),
        ("/sse?topics=dispatch", "x-role: admin\r\norigin: https://evil.example\r\n", 403, ""),
        ("/sse?topics=dispatch", "x-role: admin\r\norigin: null\r\n", 403, ""),
    ];
    for (path, headers, status, pointer) in cases {
        let mut reader = bench.open("GET", path, headers, "").await;
        assert_eq!(reader.status(), status, "{path} {headers}");
        let problem = reader.json().await;
        assert_eq!(problem["status"], status);
        if !pointer.is_empty() {
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{path}");
        }
    }
    let same = format!("origin: http://{}\r\n", bench.address);
    bench.stream("/sse?topics=dispatch", &same).await;
    bench.stream("/sse?topics=dispatch", "origin: https://dispatch.example\r\n").await;
}

#[actix_web::test]
async fn a_link_holder_sees_its_own_view_with_replay() {
    let bench = Bench::keeping(100);
    bench.tell(1, &["tech:tech_1"]);
    bench.tell(2, &["tech:tech_2"]);
    let mut reader =
        bench.stream(&format!("/narrow?last_event_id={}", 3 * SEQ_PER_EPOCH), "").await;
    bench.tell_much("tech:tech_1", 10).unwrap();
    bench.tell(3, &["tech:tech_1"]);
    reader.until(&format!("id: {}\nevent: moved\n", 3 * SEQ_PER_EPOCH + 3)).await;
    assert_eq!(event_ids(&reader.text), [1, 3]);
    assert!(!reader.text.contains("bulky") && !reader.text.contains("\"n\""));
}

#[actix_web::test]
async fn a_reader_who_never_reads_is_cut_off_and_its_socket_freed_while_others_go_on() {
    let bench = Bench::keeping(1);
    let _stuck = bench.stream("/sse?topics=x-load", "").await;
    let mut quick = bench.stream("/sse?topics=x-load,dispatch", "").await;
    bench.watched_by(2).await;
    let reading = async {
        quick.until_event(1).await;
        quick.text.matches("event: bulky").count()
    };
    let telling = async {
        let mut told = 0;
        while bench.live.hub.cut() == 0 {
            bench.live.hub.room().await.unwrap();
            bench.tell_much("x-load", 32 * 1024).unwrap();
            told += 1;
            tokio::task::yield_now().await;
            assert!(told * 32 * 1024 < 64 * QUEUE_BYTES_MAX, "never cut off");
        }
        bench.tell(1, &["dispatch"]);
        told
    };
    let (got, told) = tokio::join!(reading, telling);
    assert_eq!(got, told, "the quick reader lost something");
    bench.watched_by(1).await;
}

#[actix_web::test]
async fn a_thousand_watchers_each_hear_every_event_in_order() {
    let watchers = 1000;
    let bench = Bench::keeping(1);
    let mut readers = Vec::new();
    for _ in 0..watchers {
        readers.push(bench.stream("/sse?topics=dispatch", "").await);
    }
    bench.watched_by(watchers).await;
    for n in 1..=50 {
        bench.tell(n, &["dispatch"]);
    }
    for reader in &mut readers {
        reader.until_event(50).await;
        assert_eq!(event_ids(&reader.text), (1..=50).collect::<Vec<_>>());
    }
    drop(readers);
    bench.watched_by(0).await;
}

#[actix_web::test]
async fn a_stop_ends_every_stream() {
    let bench = Bench::keeping(1);
    let mut reader = bench.stream("/sse?topics=dispatch", "").await;
    bench.live.hub.close();
    reader.read_to_end().await;
    assert!(reader.text.contains(": cut off, stopping"));
    let refused = bench.open("GET", "/sse?topics=dispatch", "x-role: admin\r\n", "").await;
    assert_eq!(refused.status(), 503);
    assert!(refused.text.to_lowercase().contains("retry-after: 1"));
}
