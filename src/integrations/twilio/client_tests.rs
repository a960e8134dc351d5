//! The client against a scripted server on loopback: one answer, one silence or one slammed door each.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// What the scripted server does with the next request.
#[derive(Clone)]
enum Act {
    Answer(u16, &'static str, String),
    Slam,
    Silence,
}

struct Double {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Double {
    async fn playing(script: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            for act in script {
                let (mut stream, _) = listener.accept().await.unwrap();
                let text = request(&mut stream).await;
                heard.lock().unwrap().push(text);
                match act {
                    Act::Answer(status, headers, body) => {
                        let length = body.len();
                        let answer = format!(
                            "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
                        );
                        stream.write_all(answer.as_bytes()).await.unwrap();
                    }
                    Act::Slam => drop(stream),
                    Act::Silence => {
                        tokio::spawn(async move {
                            tokio::time::sleep(Duration::from_secs(60)).await;
                            drop(stream);
                        });
                    }
                }
            }
        });
        Self { base, asked }
    }

    fn client(&self) -> Client {
        client_at(&self.base)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn request(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = stream.read(&mut part).await.unwrap();
        text.extend_from_slice(&part[..read]);
        let so_far = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = so_far.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok()
                })
                .unwrap_or(0);
            if body.len() >= length || read == 0 {
                return so_far;
            }
        }
    }
}

fn client_at(base: &str) -> Client {
    crate::integrations::install_tls();
    Client::new(Settings {
        account_sid: "AC1".to_owned(),
        auth_token: "s3cret-token".to_owned(),
        sender: Sender::Number("+15145550100".to_owned()),
        api_base: base.to_owned(),
        public_url: Some("https://dispatch.example.ca/".to_owned()),
    })
    .unwrap()
}

const TEXT: Outgoing<'static> = Outgoing {
    message_id: "msg_7",
    to: "+14385550123",
    body: "Bonjour, c'est l'été",
    class: Class::Prompt,
};

fn taken() -> Act {
    let body = r#"{"sid":"SM1","status":"queued","num_segments":"2","body":null,"price":null}"#;
    Act::Answer(201, "", body.to_owned())
}

fn refusal(status: u16, headers: &'static str, code: u32) -> Act {
    Act::Answer(status, headers, format!(r#"{{"code":{code},"message":"x","status":{status}}}"#))
}

#[tokio::test]
async fn a_text_goes_out_with_its_class_and_our_id_in_the_callback() {
    let double = Double::playing(vec![taken()]).await;
    let accepted = double.client().send(TEXT).await.unwrap();
    assert_eq!((accepted.sid.as_str(), accepted.segments), ("SM1", 2));
    assert_eq!(accepted.status, Status::Queued);
    let asked = double.asked().remove(0);
    assert!(asked.starts_with("POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n"));
    let (_, body) = asked.split_once("\r\n\r\n").unwrap();
    let form = form::parse(body.as_bytes());
    assert_eq!(form::value(&form, "To"), Some("+14385550123"));
    assert_eq!(form::value(&form, "From"), Some("+15145550100"));
    assert_eq!(form::value(&form, "Body"), Some("Bonjour, c'est l'été"));
    assert_eq!(form::value(&form, "ValidityPeriod"), Some("900"));
    let callback = form::value(&form, "StatusCallback").unwrap();
    assert_eq!(callback, "https://dispatch.example.ca/webhook/twilio/sms-status?message=msg_7");
}

#[tokio::test]
async fn a_messaging_service_takes_the_place_of_the_number() {
    let double = Double::playing(vec![taken()]).await;
    let mut settings = double.client().settings;
    settings.sender = Sender::Service("MG1".to_owned());
    settings.public_url = None;
    Client::new(settings).unwrap().send(TEXT).await.unwrap();
    let asked = double.asked().remove(0);
    assert!(asked.contains("MessagingServiceSid=MG1"));
    assert!(!asked.contains("From=") && !asked.contains("StatusCallback="));
}

#[tokio::test]
async fn each_way_of_failing_is_sorted_by_what_it_means() {
    let double = Double::playing(vec![
        refusal(429, "Retry-After: 7\r\n", 20429),
        refusal(500, "", 0),
        Act::Answer(503, "", "<html>".to_owned()),
        refusal(400, "", 21610),
        refusal(400, "", 21211),
        refusal(400, "", 21611),
        refusal(401, "", 20003),
        Act::Answer(504, "", String::new()),
        Act::Answer(201, "", "{".to_owned()),
        Act::Slam,
        Act::Answer(302, "Location: http://127.0.0.1:1/\r\n", String::new()),
    ])
    .await;
    let client = double.client();
    let mut said = Vec::new();
    for _ in 0..11 {
        said.push(match client.send(TEXT).await.unwrap_err() {
            Failure::Again { after, .. } => format!("again {}", after.as_secs()),
            Failure::Never { code, .. } => format!("never {code}"),
            Failure::Unknown { .. } => "unknown".to_owned(),
        });
    }
    assert_eq!(
        said,
        [
            "again 7",
            "unknown",
            "again 10",
            "never 21610",
            "never 21211",
            "again 60",
            "again 300",
            "unknown",
            "unknown",
            "unknown",
            "never 0"
        ]
    );
}

#[tokio::test]
async fn a_closed_port_is_surely_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let failure = client_at(&base).send(TEXT).await.unwrap_err();
    assert!(matches!(failure, Failure::Again { .. }), "{failure}");
}

#[tokio::test]
async fn no_answer_in_time_leaves_the_end_unknown() {
    let double = Double::playing(vec![Act::Silence]).await;
    let mut client = double.client();
    client.http =
        reqwest::Client::builder().timeout(Duration::from_millis(200)).no_proxy().build().unwrap();
    let failure = client.send(TEXT).await.unwrap_err();
    assert_eq!(failure, Failure::Unknown { reason: "twilio did not answer in time" });
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let double =
        Double::playing(vec![Act::Answer(201, "", "x".repeat(ANSWER_BYTES_MAX + 1))]).await;
    let failure = double.client().send(TEXT).await.unwrap_err();
    assert!(matches!(failure, Failure::Unknown { .. }), "{failure}");
}

fn listed(sid: &str, body: &str, direction: &str, minute: u32) -> String {
    format!(
        r#"{{"sid":"{sid}","status":"sent","num_segments":"1","body":"{body}","direction":"{direction}",
            "date_created":"Thu, 24 Aug 2023 05:{minute:02}:00 +0000"}}"#
    )
}

#[tokio::test]
async fn reconciliation_finds_our_text_on_any_page_and_no_other() {
    let next = "/2010-04-01/Accounts/AC1/Messages.json?Page=1";
    let pages = [
        format!(
            r#"{{"messages":[{},{}],"next_page_uri":"{next}"}}"#,
            listed("SM9", "another text", "outbound-api", 40),
            listed("SM8", "Hello", "inbound", 35)
        ),
        format!(
            r#"{{"messages":[{},{},{}],"next_page_uri":null}}"#,
            listed("SM7", "Hello", "outbound-api", 30),
            listed("SM6", &format!("{TRIAL_PREFIX}Hello"), "outbound-api", 20),
            listed("SM5", "Hello", "outbound-api", 1)
        ),
    ];
    let script = pages.map(|page| Act::Answer(200, "", page)).to_vec();
    let double = Double::playing(script).await;
    let since = "2023-08-24T05:10:00Z".parse().unwrap();
    let found = double.client().find("+14385550123", "Hello", since).await.unwrap();
    let sids: Vec<_> = found.iter().map(|text| text.sid.as_str()).collect();
    assert_eq!(sids, ["SM7", "SM6"]);
    assert!(double.asked()[0].contains("?To=%2B14385550123&PageSize=100 "));
    assert!(double.asked()[1].starts_with(&format!("GET {next} ")));
}

#[tokio::test]
async fn reconciliation_that_cannot_look_says_again_and_never_finds_nothing() {
    let double =
        Double::playing(vec![Act::Slam, refusal(500, "", 0), Act::Answer(200, "", "[".into())])
            .await;
    let client = double.client();
    for _ in 0..3 {
        let failure = client.find("+1", "x", Timestamp::UNIX_EPOCH).await.unwrap_err();
        assert!(matches!(failure, Failure::Again { .. }), "{failure}");
    }
}

#[test]
fn the_token_is_not_in_what_is_printed() {
    let client = client_at("http://127.0.0.1:1");
    assert!(!format!("{client:?}").contains("s3cret"));
    for base in ["ftp://x", "not a url"] {
        let settings = Settings { api_base: base.to_owned(), ..client.settings.clone() };
        assert!(matches!(Client::new(settings), Err(Unusable::ApiBase)));
    }
}
