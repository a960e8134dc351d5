//! What the double posts is what our door believes and reads: signed for the public URL, carried to loopback.

use std::path::PathBuf;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tournee::integrations::form;
use tournee::integrations::twilio::{
    Content, Headers, Inbound, Keys, Refused, Status, StatusCallback, verify,
};

use super::double::{ACCOUNT, TOKEN, TwilioDouble};

const PUBLIC: &str = "https://dispatch.example.ca";

/// Takes one request; its path, signature and form.
async fn take(door: &TcpListener) -> (String, String, Vec<(String, String)>) {
    let (mut stream, _) = door.accept().await.expect("a call");
    let mut request = Vec::new();
    let mut part = [0; 8192];
    loop {
        let read = stream.read(&mut part).await.expect("a request");
        request.extend_from_slice(&part[..read]);
        let text = String::from_utf8(request.clone()).expect("text");
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let header = |name: &str| {
            head.lines().find_map(|line| {
                let (found, value) = line.split_once(": ")?;
                found.eq_ignore_ascii_case(name).then(|| value.to_owned())
            })
        };
        let length: usize = header("content-length").expect("a length").parse().expect("a number");
        if body.len() < length {
            continue;
        }
        stream.write_all(b"HTTP/1.1 204 X\r\n\r\n").await.expect("an answer");
        let path = head.split_whitespace().nth(1).expect("a path").to_owned();
        let signature = header("x-twilio-signature").expect("a signature");
        return (path, signature, form::parse(body.as_bytes()));
    }
}

#[tokio::test]
async fn the_doubles_texts_and_callbacks_are_believed_and_its_forgeries_are_not() {
    let log: PathBuf =
        std::env::temp_dir().join(format!("tournee-judges-{}-webhooks.log", std::process::id()));
    let _old = std::fs::remove_file(&log);
    let door = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://{}", door.local_addr().expect("an address"));
    let Some(double) = TwilioDouble::start(&log, Some(&origin)) else { return };
    let keys = Keys { auth_tokens: vec![TOKEN.to_owned()], shared_keys: Vec::new() };
    let check = |path: &str, signature: &str, form: &[(String, String)]| {
        let headers = Headers { signature: Some(signature), settings: None };
        verify(&keys, PUBLIC, path, headers, Content::Form(form))
    };

    for forge in [false, true] {
        let url = format!("{PUBLIC}/webhook/twilio/sms-incoming");
        let text = json!({"from": "+14385550123", "body": "Arrêt 🚚", "url": url, "forge": forge,
            "service": "MG1"});
        let (answer, (path, signature, form)) =
            tokio::join!(double.post("/inbound", text), take(&door));
        assert_eq!(answer["status"], 204);
        let believed = if forge { Err(Refused::Mismatch) } else { Ok(()) };
        assert_eq!(check(&path, &signature, &form), believed);
        let read = Inbound::parse(&form).expect("a text");
        assert_eq!((read.body.as_str(), read.account_sid.as_str()), ("Arrêt 🚚", ACCOUNT));
        assert_eq!(read.service_sid.as_deref(), Some("MG1"));
    }

    let fields = [
        ("To", "+14385550123"),
        ("From", "+15145550100"),
        ("Body", "Bonjour"),
        ("StatusCallback", "https://dispatch.example.ca/webhook/twilio/sms-status?message=msg_9"),
    ];
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let messages = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", double.api);
    let sent = http.post(messages).basic_auth(ACCOUNT, Some(TOKEN)).form(&fields).send().await;
    assert_eq!(sent.expect("an answer").status(), 201);
    let told = json!({"message": "msg_9", "status": "undelivered", "error_code": 30003});
    let (_, (path, signature, form)) = tokio::join!(double.post("/status", told), take(&door));
    assert_eq!(check(&path, &signature, &form), Ok(()));
    let query = path.split_once('?').expect("a query").1;
    let read = StatusCallback::parse(&form, query).expect("a callback");
    assert_eq!((read.status, read.error_code), (Status::Undelivered, Some(30003)));
    assert_eq!(read.message_id.as_deref(), Some("msg_9"));
    let _gone = std::fs::remove_file(&log);
}
