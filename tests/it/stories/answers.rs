//! What customers text back, and how texts fare: keywords in every spelling, webhooks repeated, out of order, with and
//! without a Messaging Service, and forged ones.

use serde_json::{Value, json};

use crate::harness::house::{House, on_both};
use crate::harness::people::{Technician, text};
use crate::harness::town::minutes_from;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const INCOMING: &str = "/webhook/twilio/sms-incoming";

on_both! {
    after_stop_nothing_is_said_until_start at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    keywords_are_obeyed_in_every_spelling_and_answered_once at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    a_repeated_text_is_one_message at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    callbacks_end_in_the_same_place_in_any_order at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    a_thread_that_grows_long_is_known_as_its_rows_are at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    news_of_an_old_text_is_believed_however_many_came_since at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef" with undo_seconds = "60";
    a_forged_webhook_changes_nothing at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
}

async fn says(house: &House, phone: &str, sid: &str, body: &str, more: &[(&str, &str)]) -> u16 {
    let mut form = vec![
        ("MessageSid", sid),
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("From", phone),
        ("To", "+14505550000"),
        ("Body", body),
        ("NumMedia", "0"),
    ];
    form.extend_from_slice(more);
    house.a_second_later().await;
    let status = house.twilio(INCOMING, TOKEN, &form).await;
    house.settle().await;
    status
}

async fn late_again(house: &House, ana: &Technician, name: &str, window: (&str, &str)) -> String {
    let job = house.promised(name, ana, window).await;
    house.fix(ana, minutes_from(job.place, 90)).await;
    job.phone
}

async fn after_stop_nothing_is_said_until_start(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    assert_eq!(says(house, &ruiz.phone, "SM1", "Arrêt!", &[]).await, 200);
    house.fix(&ana, minutes_from(ruiz.place, 55)).await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised", "opt_out_confirmed"]);
    let refused = json!({"to": ruiz.phone, "body": "Bonjour"});
    let (status, answer) = house.post("/send/sms", &refused).await;
    assert_eq!(status, 422, "{answer}");
    assert_eq!(says(house, &ruiz.phone, "SM2", "start", &[]).await, 200);
    let kinds = house.kinds_to(&ruiz.phone).await;
    assert_eq!(kinds.last().unwrap(), "opt_in_confirmed", "{kinds:?}");
    house.at("10:20").await;
    let kinds = house.kinds_to(&ruiz.phone).await;
    assert_eq!(house.status(&ruiz.id, "en_route").await.0, 200);
    house.settle().await;
    assert_eq!(house.kinds_to(&ruiz.phone).await.len(), kinds.len() + 1, "texts go on");
}

async fn keywords_are_obeyed_in_every_spelling_and_answered_once(house: &House) {
    let ana = house.technician("Ana").await;
    let phone = late_again(house, &ana, "Ruiz", ("10:00", "10:30")).await;
    let before = house.kinds_to(&phone).await.len();
    let service = [("MessagingServiceSid", "MG00000000000000000000000000000000")];
    assert_eq!(says(house, &phone, "SM1", "  stop ", &service).await, 200);
    assert_eq!(says(house, &phone, "SM2", "AIDE", &service).await, 200);
    assert_eq!(says(house, &phone, "SM3", "Unstop", &[]).await, 200);
    let kinds = house.kinds_to(&phone).await;
    assert_eq!(kinds[before..], ["opt_out_confirmed", "help", "opt_in_confirmed"]);
    // Where the provider's own opt-out has answered, ours is silent, and obeyed all the same.
    let answered = [("OptOutType", "STOP"), service[0]];
    assert_eq!(says(house, &phone, "SM4", "STOP", &answered).await, 200);
    assert_eq!(house.kinds_to(&phone).await.len(), kinds.len());
    assert_eq!(house.post("/send/sms", &json!({"to": phone, "body": "?"})).await.0, 422);
    // A sentence with the word in it is a sentence.
    assert_eq!(says(house, &phone, "SM5", "UNSTOP", &[]).await, 200);
    assert_eq!(says(house, &phone, "SM6", "Stop by the back door", &[]).await, 200);
    assert_eq!(house.post("/send/sms", &json!({"to": phone, "body": "D'accord"})).await.0, 202);
}

async fn a_repeated_text_is_one_message(house: &House) {
    let ruiz = house.customer("Ruiz").await;
    for _ in 0..3 {
        assert_eq!(says(house, &ruiz.phone, "SM1", "Bonjour", &[]).await, 200);
    }
    let threads = house.see("/conversations").await;
    let id = text(&threads["items"][0]["id"]);
    let messages = house.see(&format!("/conversations/{id}/messages")).await;
    assert_eq!(messages["items"].as_array().unwrap().len(), 1, "{messages}");
    assert_eq!(threads["items"][0]["customer_id"], ruiz.id);
}

async fn callback(house: &House, message: &str, status: &str, service: bool) -> u16 {
    let mut form = vec![
        ("MessageSid", "SM77"),
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("MessageStatus", status),
        ("To", "+14505550102"),
    ];
    if service {
        form.push(("MessagingServiceSid", "MG00000000000000000000000000000000"));
    }
    let path = format!("/webhook/twilio/sms-status?message={message}");
    house.twilio(&path, TOKEN, &form).await
}

async fn state_of(house: &House, id: &str) -> Value {
    let texts = house.outbox().await;
    texts.iter().find(|item| item["id"] == id).unwrap()["state"].clone()
}

async fn callbacks_end_in_the_same_place_in_any_order(house: &House) {
    // Texts that wait for tomorrow stand for texts under way: their fate is not decided yet.
    let mut waiting = Vec::new();
    for name in ["Ruiz", "Roy", "Gagnon"] {
        let customer = house.customer(name).await;
        let sent = house.post("/send/sms", &json!({"to": customer.phone, "body": "Bonjour"})).await;
        assert_eq!(sent.0, 202, "{}", sent.1);
        waiting.push(text(&sent.1["message_id"]));
    }
    house.settle().await;
    let orders = [
        ["queued", "sent", "delivered", "delivered"],
        ["delivered", "sent", "queued", "sent"],
        ["sent", "delivered", "queued", "delivered"],
    ];
    let before: Vec<Value> = vec![state_of(house, &waiting[0]).await];
    for (message, order) in waiting.iter().zip(orders) {
        for (turn, status) in order.into_iter().enumerate() {
            let answer = callback(house, message, status, turn % 2 == 0).await;
            assert!((200..300).contains(&answer), "{status}: {answer}");
        }
    }
    house.settle().await;
    let mut after = Vec::new();
    for message in &waiting {
        after.push(state_of(house, message).await);
    }
    assert!(after.iter().all(|state| *state == after[0]), "{before:?} then {after:?}");
    assert_eq!(callback(house, "msg_nobodys", "delivered", false).await, 204);
    assert_eq!(callback(house, &waiting[0], "dancing", false).await, 204, "a word new to us");
}

async fn a_forged_webhook_changes_nothing(house: &House) {
    let ruiz = house.customer("Ruiz").await;
    let form =
        [("MessageSid", "SM1"), ("AccountSid", "AC1"), ("From", &ruiz.phone), ("Body", "STOP")];
    let status = house.twilio(INCOMING, "another-token-another-token-0123", &form).await;
    assert_eq!(status, 403);
    let bare = house.bare(reqwest::Method::POST, INCOMING).form(&form);
    assert_eq!(house.answer(bare).await.0, 403);
    house.settle().await;
    assert!(house.see("/conversations").await["items"].as_array().unwrap().is_empty());
}

async fn many_thanks(house: &House, phone: &str, count: usize) {
    for number in 0..count {
        let sid = format!("SM{number}00");
        let form = [
            ("MessageSid", &*sid),
            ("AccountSid", "AC00000000000000000000000000000000"),
            ("From", phone),
            ("To", "+14505550000"),
            ("Body", "Merci"),
            ("NumMedia", "0"),
        ];
        assert_eq!(house.twilio(INCOMING, TOKEN, &form).await, 200);
    }
}

async fn news_of_an_old_text_is_believed_however_many_came_since(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("13:00", "14:00")).await;
    let id = text(&house.texts_to(&ruiz.phone).await[0]["id"]);
    assert_eq!(callback(house, &id, "sent", false).await, 204);
    many_thanks(house, &ruiz.phone, actors::conversations::RECENT_MAX + 5).await;
    house.settle().await;
    // By the provider's own number alone: no thread has it in mind any more.
    let by_number = async |status: &str| {
        let form = [
            ("MessageSid", "SM77"),
            ("AccountSid", "AC00000000000000000000000000000000"),
            ("MessageStatus", status),
            ("To", &*ruiz.phone),
        ];
        house.twilio("/webhook/twilio/sms-status", TOKEN, &form).await
    };
    assert_eq!(by_number("delivered").await, 204);
    assert_eq!(state_of(house, &id).await, "delivered");
    assert_eq!(by_number("read").await, 204);
    assert_eq!(by_number("failed").await, 204, "which is no news of what was read");
    assert_eq!(state_of(house, &id).await, "read");
}

async fn a_thread_that_grows_long_is_known_as_its_rows_are(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    many_thanks(house, &ruiz.phone, 120).await;
    // One of the first, once more: its thread has forgotten it, and it is still one message.
    many_thanks(house, &ruiz.phone, 1).await;
    house.settle().await;
    let mut room = house.inside.rooms.conversations.keys();
    room.retain(|key| key.contains(ruiz.phone.trim_start_matches('+')));
    let known = house.inside.rooms.conversations.show(&room[0]).await.unwrap();
    assert_eq!(known.messages.len(), actors::conversations::RECENT_MAX);
    let path = format!("/conversations/{}", room[0]);
    let shown = house.see(&format!("{path}/messages?limit=200")).await;
    assert_eq!(shown["items"].as_array().unwrap().len(), 121, "{shown}");
}
