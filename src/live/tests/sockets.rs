//! `GET /ws`: the same events, client frames, and clients that misbehave.

use super::Bench;
use actors::workers::hub::SEQ_PER_EPOCH;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};

struct Client(WebSocketStream<TcpStream>);

impl Client {
    async fn open(bench: &Bench, role: &str, origin: Option<&str>) -> Result<Self, Error> {
        let mut request = format!("ws://{}/ws", bench.address).into_client_request().unwrap();
        request.headers_mut().insert("x-role", role.parse().unwrap());
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let socket = TcpStream::connect(bench.address).await.unwrap();
        tokio_tungstenite::client_async(request, socket).await.map(|(client, _)| Self(client))
    }

    async fn say(&mut self, object: Value) {
        self.0.send(Message::text(object.to_string())).await.unwrap();
    }

    async fn hear(&mut self) -> Value {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(20), self.0.next()).await;
            match message.expect("nothing came").expect("the socket is closed").unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn hear_close(&mut self) -> u16 {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(20), self.0.next()).await;
            match message.expect("nothing came") {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

#[actix_web::test]
async fn a_socket_brings_what_was_missed_and_what_happens_as_the_same_objects_as_sse() {
    let bench = Bench::keeping(100);
    for n in 1..=3 {
        bench.tell(n, &["dispatch"]);
    }
    let mut client = Client::open(&bench, "admin", None).await.unwrap();
    client.say(json!({"subscribe": ["dispatch"], "last_event_id": 3 * SEQ_PER_EPOCH + 1})).await;
    assert_eq!(client.hear().await["type"], "subscribed");
    for n in 2..=3 {
        let event = client.hear().await;
        assert_eq!(event["seq"], 3 * SEQ_PER_EPOCH + n);
        assert_eq!(event["data"]["n"], n);
    }
    bench.tell(4, &["dispatch", "tech:tech_1"]);
    let event = client.hear().await;
    assert_eq!(event["type"], "job.assigned");
    assert_eq!(event["topic"], "dispatch");
    client.say(json!({"unsubscribe": ["dispatch"], "subscribe": ["tech:tech_1"]})).await;
    assert_eq!(client.hear().await["type"], "unsubscribed");
    assert_eq!(client.hear().await["type"], "subscribed");
    bench.tell(5, &["dispatch"]);
    bench.tell(6, &["tech:tech_1"]);
    assert_eq!(client.hear().await["data"]["n"], 6);
    client.say(json!({"ping": 1})).await;
    let pong = client.hear().await;
    assert_eq!((&pong["type"], &pong["data"]), (&json!("pong"), &json!(1)));
}

#[actix_web::test]
async fn a_bad_client_frame_is_answered_and_the_socket_lives_on() {
    let bench = Bench::keeping(100);
    let mut client = Client::open(&bench, "viewer", None).await.unwrap();
    let cases = [
        (json!({"subscribe": ["billing"]}), 422, "/subscribe"),
        (json!({"subscribe": "dispatch"}), 422, "/subscribe"),
        (json!({"subscribe": ["dispatch"], "last_event_id": -1}), 422, "/last_event_id"),
        (json!({"shout": 1}), 422, "/shout"),
        (json!({"subscribe": ["sms-incoming"]}), 403, "/topics"),
        (json!({"subscribe": ["tech:tech_2"]}), 404, "/topics"),
        (json!({}), 422, ""),
    ];
    for (frame, status, pointer) in cases {
        client.say(frame.clone()).await;
        let error = client.hear().await;
        assert_eq!(error["type"], "error", "{frame}");
        assert_eq!(error["data"]["status"], status, "{frame}");
        assert_eq!(error["data"]["errors"][0]["pointer"], pointer, "{frame}");
    }
    client.0.send(Message::text("{")).await.unwrap();
    assert_eq!(client.hear().await["data"]["status"], 400);
    client.0.send(Message::binary(vec![1])).await.unwrap();
    assert_eq!(client.hear().await["type"], "error");
    client.say(json!({"subscribe": ["dispatch"]})).await;
    assert_eq!(client.hear().await["type"], "subscribed");
}

#[actix_web::test]
async fn a_replay_that_cannot_be_given_is_a_resync() {
    let bench = Bench::keeping(2);
    for n in 1..=9 {
        bench.tell(n, &["dispatch"]);
    }
    let mut client = Client::open(&bench, "admin", None).await.unwrap();
    client.say(json!({"subscribe": ["dispatch"], "last_event_id": 3 * SEQ_PER_EPOCH + 1})).await;
    assert_eq!(client.hear().await["type"], "subscribed");
    let resync = client.hear().await;
    assert_eq!(resync["type"], "resync");
    assert_eq!(resync["data"]["seq"], 3 * SEQ_PER_EPOCH + 9);
}

#[actix_web::test]
async fn foreign_pages_and_unknown_callers_get_no_socket() {
    let bench = Bench::keeping(1);
    let foreign = Client::open(&bench, "admin", Some("https://evil.example")).await;
    let Err(Error::Http(answer)) = foreign else { panic!("let in") };
    assert_eq!(answer.status().as_u16(), 403);
    let Err(Error::Http(answer)) = Client::open(&bench, "nobody", None).await else {
        panic!("let in")
    };
    assert_eq!(answer.status().as_u16(), 401);
    Client::open(&bench, "admin", Some("https://dispatch.example")).await.unwrap();
}

#[actix_web::test]
async fn fragments_and_giants_are_refused_with_a_reason() {
    let bench = Bench::keeping(1);
    let mut client = Client::open(&bench, "admin", None).await.unwrap();
    let part = Frame::message(b"{".to_vec(), OpCode::Data(Data::Text), false);
    client.0.send(Message::Frame(part)).await.unwrap();
    assert_eq!(client.hear_close().await, 1003);
    let mut client = Client::open(&bench, "admin", None).await.unwrap();
    client.0.send(Message::text("x".repeat(100_000))).await.unwrap();
    assert_eq!(client.hear_close().await, 1009);
    bench.watched_by(0).await;
}

#[actix_web::test]
async fn a_jammed_socket_is_killed_by_the_kernels_deadline() {
    let bench = Bench::keeping(1);
    let mut jammed = Client::open(&bench, "admin", None).await.unwrap();
    jammed.say(json!({"subscribe": ["x-load"]})).await;
    assert_eq!(jammed.hear().await["type"], "subscribed");
    let mut other = Client::open(&bench, "admin", None).await.unwrap();
    other.say(json!({"subscribe": ["dispatch"]})).await;
    other.hear().await;
    bench.watched_by(2).await;
    let started = Instant::now();
    while bench.live.hub.cut() == 0 {
        bench.live.hub.room().await.unwrap();
        bench.tell_much("x-load", 32 * 1024).unwrap();
        tokio::task::yield_now().await;
        assert!(started.elapsed() < Duration::from_secs(15), "never cut off");
    }
    bench.watched_by(1).await;
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    bench.tell(1, &["dispatch"]);
    assert_eq!(other.hear().await["data"]["n"], 1);
}

#[actix_web::test]
async fn a_stop_closes_sockets_with_the_code_for_a_restart() {
    let bench = Bench::keeping(1);
    let mut client = Client::open(&bench, "admin", None).await.unwrap();
    client.say(json!({"ping": "here"})).await;
    client.hear().await;
    bench.live.hub.close();
    assert_eq!(client.hear_close().await, 1012);
}
