//! Our client beside the official one, before one double; and our client in front of every way it fails.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};
use tournee::integrations::twilio::{Class, Client, Failure, Outgoing, Sender, Settings, Status};

use super::double::{ACCOUNT, TOKEN, TwilioDouble};

fn log(name: &str) -> PathBuf {
    let file =
        std::env::temp_dir().join(format!("tournee-judges-{}-{name}.log", std::process::id()));
    let _old = std::fs::remove_file(&file);
    file
}

fn client(double: &TwilioDouble, sender: Sender) -> Client {
    Client::new(Settings {
        account_sid: ACCOUNT.to_owned(),
        auth_token: TOKEN.to_owned(),
        sender,
        api_base: double.api.clone(),
        public_url: Some("https://dispatch.example.ca".to_owned()),
    })
    .expect("a client")
}

fn number() -> Sender {
    Sender::Number("+15145550100".to_owned())
}

fn text(message_id: &'static str, body: &'static str) -> Outgoing<'static> {
    Outgoing { message_id, to: "+14385550123", body, class: Class::Prompt }
}

fn epoch() -> jiff::Timestamp {
    jiff::Timestamp::UNIX_EPOCH
}

#[tokio::test]
async fn we_ask_what_the_official_client_asks() {
    let log = log("beside");
    let Some(double) = TwilioDouble::start(&log, None) else { return };
    let bodies = ["Bonjour", "L'été à Saint-Rémi : 13 h 30 & 50 % +", "🚚 arrive"];
    let service = Sender::Service("MG00000000000000000000000000000001".to_owned());
    let mut theirs = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        let sender = if at == 1 { service.clone() } else { number() };
        let from = match &sender {
            Sender::Number(number) => ("from_", number.clone()),
            Sender::Service(service) => ("messaging_service_sid", service.clone()),
        };
        theirs.push(json!({"to": "+14385550123", "body": body, from.0: from.1, "validity_period": 900,
            "status_callback": "https://dispatch.example.ca/webhook/twilio/sms-status?message=msg_1"}));
        client(&double, sender).send(text("msg_1", body)).await.expect("accepted");
    }
    let asked = json!({"base": double.api, "account": ACCOUNT, "token": TOKEN, "messages": theirs,
        "list_to": "+14385550123"});
    let Some(said) = super::judge("send_twilio.py", asked.to_string().as_bytes()) else { return };
    assert_eq!(said["refused"], json!([]));
    let accepted = double.accepted();
    assert_eq!(accepted.len(), 6);
    let fields = |at: usize| -> BTreeMap<String, Value> {
        serde_json::from_value(accepted[at]["fields"].clone()).expect("a form")
    };
    for at in 0..3 {
        assert_eq!(fields(at), fields(at + 3), "ours and theirs");
    }
    for request in said["requests"].as_array().expect("a list") {
        assert_eq!(request["authorization"], json!([ACCOUNT, TOKEN]));
        let path = request["path"].as_str().expect("a path");
        assert!(
            path.starts_with(&format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json")),
            "{path}"
        );
    }
    // Both read the same list from it, over pages.
    let listed = said["listed"].as_array().expect("a list");
    assert_eq!(listed.len(), 6);
    let found =
        client(&double, number()).find("+14385550123", bodies[1], epoch()).await.expect("read");
    let theirs: Vec<_> = listed.iter().filter(|one| one["body"] == bodies[1]).collect();
    assert_eq!(found.len(), 2);
    for (ours, theirs) in found.iter().zip(theirs) {
        assert_eq!(ours.sid, theirs["sid"].as_str().expect("a sid"));
        assert_eq!(ours.status, Status::Accepted);
    }
    let _gone = std::fs::remove_file(&log);
}

#[tokio::test]
async fn no_failure_is_mistaken_for_another_and_what_was_taken_is_found() {
    let log = log("faults");
    let Some(double) = TwilioDouble::start(&log, None) else { return };
    let client = client(&double, number());
    for (mode, taken) in [
        ("429", false),
        ("500", false),
        ("503", false),
        ("down", false),
        ("21610", false),
        ("reset-before-accept", false),
        ("reset-after-accept", true),
        ("ok", true),
    ] {
        double.play(mode, 0).await;
        let before = double.accepted().len();
        let end = client.send(text("msg_2", "Bonjour")).await;
        let understood = match mode {
            "ok" => end.is_ok(),
            "21610" => matches!(end, Err(Failure::Never { code: 21610, .. })),
            // A 500 may come after the text was taken: only a 503 and a refused connection are sure.
            "500" | "reset-before-accept" | "reset-after-accept" => {
                matches!(end, Err(Failure::Unknown { .. }))
            }
            _ => matches!(end, Err(Failure::Again { .. })),
        };
        assert!(understood, "{mode}: {end:?}");
        assert_eq!(double.accepted().len() - before, usize::from(taken), "{mode}");
        if mode.starts_with("reset") {
            double.play("ok", 0).await;
            let found = client.find("+14385550123", "Bonjour", epoch()).await.expect("read");
            assert_eq!(found.len(), double.accepted().len(), "{mode}");
        }
    }
    let _gone = std::fs::remove_file(&log);
}

#[tokio::test]
async fn the_double_remembers_over_its_own_death_and_pages_its_list() {
    let log = log("death");
    let Some(double) = TwilioDouble::start(&log, None) else { return };
    let ours = client(&double, number());
    for _ in 0..130 {
        ours.send(text("msg_3", "Bonjour")).await.expect("accepted");
    }
    drop(double);
    let Some(double) = TwilioDouble::start(&log, None) else { return };
    assert_eq!(double.accepted().len(), 130);
    let found =
        client(&double, number()).find("+14385550123", "Bonjour", epoch()).await.expect("read");
    assert_eq!(found.len(), 130);
    let _gone = std::fs::remove_file(&log);
}
