//! `POST /broadcast`.

use super::Bench;

const ADMIN: &str = "x-role: admin\r\ncontent-type: application/json\r\n";

#[actix_web::test]
async fn a_broadcast_reaches_who_watches_and_keeps_its_data_as_it_came() {
    let bench = Bench::keeping(1);
    let mut reader = bench.stream("/sse?topics=x-lab", "").await;
    let body = r#"{"topic":"x-lab","event":"note","data":{"b":1.50,"a":"é\n"}}"#;
    let mut answer = bench.open("POST", "/broadcast", ADMIN, body).await;
    assert_eq!(answer.status(), 202);
    assert_eq!(answer.json().await["watchers"], 1);
    reader.until("}\n\n").await;
    let frame = concat!(
        "event: note\ndata: {\"seq\":null,\"at\":\"1970-01-01T00:00:00Z\",",
        "\"type\":\"note\",\"topic\":\"x-lab\",\"data\":{\"b\":1.50,\"a\":\"é\\n\"}}\n\n"
    );
    assert!(reader.text.contains(frame), "{}", reader.text);
    assert!(!reader.text.contains("id:"), "a passing event has no id");
}

#[actix_web::test]
async fn a_broadcast_without_data_is_null() {
    let bench = Bench::keeping(1);
    let mut reader = bench.stream("/sse?topics=dispatch", "").await;
    bench.open("POST", "/broadcast", ADMIN, r#"{"topic":"dispatch","event":"tick"}"#).await;
    reader.until("\"data\":null}\n\n").await;
}

#[actix_web::test]
async fn bad_broadcasts_are_refused_by_field() {
    let bench = Bench::keeping(1);
    let cases = [
        (r#"{"topic":"x-a","event":"#, 400, "/event"),
        (r#"{"event":"e","data":1}"#, 422, "/topic"),
        (r#"{"topic":"nope","event":"e","data":1}"#, 422, "/topic"),
        (r#"{"topic":"x-a","event":"a b","data":1}"#, 422, "/event"),
        (r#"{"topic":"x-a","event":"e\nid: 4","data":1}"#, 422, "/event"),
        (r#"{"topic":"x-a","event":7,"data":1}"#, 422, "/event"),
        (r#"{"topic":"x-a","event":"e","data":1,"to":"all"}"#, 422, "/to"),
    ];
    for (body, status, pointer) in cases {
        let mut answer = bench.open("POST", "/broadcast", ADMIN, body).await;
        assert_eq!(answer.status(), status, "{body}");
        let problem = answer.json().await;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
    let large = format!(r#"{{"topic":"x-a","event":"e","data":"{}"}}"#, "x".repeat(70_000));
    assert_eq!(bench.open("POST", "/broadcast", ADMIN, &large).await.status(), 413);
}

#[actix_web::test]
async fn only_administrators_and_dispatchers_broadcast() {
    let bench = Bench::keeping(1);
    let body = r#"{"topic":"x-a","event":"e","data":1}"#;
    let viewer = bench.open("POST", "/broadcast", "x-role: viewer\r\n", body).await;
    assert_eq!(viewer.status(), 403);
    assert_eq!(bench.open("POST", "/broadcast", "", body).await.status(), 401);
}
