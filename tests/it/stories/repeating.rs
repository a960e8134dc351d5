//! What is asked twice is done once: a repeated request answers as the first did, whatever has become of its thing
//! since, and a key that was used for something else is refused.

use actors::engine::journal::{Inbox, Journal};
use actors::engine::shell::Circumstances;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};

on_both! {
    taking_a_visit_off_twice_takes_it_off_once at "09:50";
    giving_and_publishing_for_a_whole_day_answer_the_same_again at "09:50";
    an_answer_that_is_committed_with_its_deed_survives_the_process at "09:50";
    a_text_whose_answer_was_lost_is_answered_as_the_first_time at "09:50";
    a_key_is_good_for_one_request_of_one_caller at "09:50";
}

async fn keyed(house: &House, path: &str, key: &str, body: &Value) -> (u16, Value) {
    let request = house.request(Method::POST, path).header("Idempotency-Key", key);
    house.answer(request.json(body)).await
}

async fn taking_a_visit_off_twice_takes_it_off_once(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let body = json!({"job_id": ruiz.id});
    let first = keyed(house, "/dispatch/unassign", "off-1", &body).await;
    assert_eq!((first.0, &first.1["status"]), (200, &json!("unassigned")), "{}", first.1);
    assert_eq!(keyed(house, "/dispatch/unassign", "off-1", &body).await, first);
    // Given again meanwhile: the old request does not take it off once more.
    house.assign(&ruiz, &ana, "10:00").await;
    assert_eq!(keyed(house, "/dispatch/unassign", "off-1", &body).await, first);
    assert_eq!(house.see(&format!("/jobs/{}", ruiz.id)).await["status"], "planned");
    let (status, problem) = house.post("/dispatch/unassign", &json!({"job_id": "job_x"})).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (404, &json!("/job_id")));
}

async fn giving_and_publishing_for_a_whole_day_answer_the_same_again(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    for _ in 0..2 {
        house.job(&ruiz, None).await;
    }
    let body = json!({"date": "2026-11-23", "mode": "apply"});
    let first = keyed(house, "/dispatch/auto-assign", "day-1", &body).await;
    assert_eq!(first.0, 200, "{}", first.1);
    assert_eq!(first.1["assigned"].as_array().unwrap().len(), 2, "{}", first.1);
    assert_eq!(keyed(house, "/dispatch/auto-assign", "day-1", &body).await, first);

    let job = house.job(&ruiz, None).await;
    let draft = json!({
        "job_id": job.id, "technician_id": ana.id, "start": moment("15:00"), "draft": "demain",
    });
    house.done("/dispatch/assign", &draft).await;
    let body = json!({"date": "2026-11-23", "draft": "demain"});
    let first = keyed(house, "/dispatch/publish", "publish-1", &body).await;
    assert_eq!((first.0, &first.1["published"]), (200, &json!([job.id])), "{}", first.1);
    assert_eq!(keyed(house, "/dispatch/publish", "publish-1", &body).await, first);
    assert_eq!(house.post("/dispatch/publish", &body).await.0, 422, "there is nothing left");
}

async fn an_answer_that_is_committed_with_its_deed_survives_the_process(house: &House) {
    // The deed alone, as if the process had ended before it could keep what it answered.
    let mark = Inbox {
        source: "api:settings".into(),
        key: "lost".into(),
        sha256: "00".into(),
        answer: None,
    };
    let command = actors::tags::Command::Create(actors::tags::Tag {
        id: actors::ids::TagId::from_text("tag_1"),
        name: "Cuivre".to_owned(),
        color: None,
    });
    let why = Circumstances::by("api").with_inbox(Some(mark.clone().answering(200, "[1]")));
    house.inside.rooms.tags(command, why).await.unwrap();
    let known = house.inside.journal.known_request(&mark).await.unwrap().unwrap();
    assert_eq!((known.status, known.body.as_deref()), (Some(200), Some("[1]")));
}

async fn a_key_is_good_for_one_request_of_one_caller(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let customer = json!({"name": "Roy", "phone": "450 555-0103"});
    let first = keyed(house, "/customers", "one", &customer).await;
    assert_eq!(first.0, 201, "{}", first.1);
    // The same words at another door, and other words at the same one.
    let others = [
        ("/customers", json!({"name": "Roi", "phone": "450 555-0103"})),
        ("/dispatch/unassign", json!({"job_id": ruiz.id})),
        ("/dispatch/assign", json!({"job_id": ruiz.id, "technician_id": ana.id})),
        ("/dispatch/auto-assign", json!({"date": "2026-11-23"})),
        ("/send/sms", json!({"to": "+14505550102", "body": "Bonjour"})),
        ("/tags", json!({"name": "Cuivre"})),
    ];
    let before = house.inside.head();
    // What commits nothing spends its key as well.
    let look = json!({"date": "2026-11-23", "mode": "preview"});
    let seen = keyed(house, "/dispatch/auto-assign", "look", &look).await;
    assert_eq!(seen.0, 200, "{}", seen.1);
    assert_eq!(keyed(house, "/dispatch/auto-assign", "look", &look).await, seen);
    let another = json!({"date": "2026-11-24", "mode": "preview"});
    assert_eq!(keyed(house, "/dispatch/auto-assign", "look", &another).await.0, 422);
    for (door, body) in &others {
        let (status, problem) = keyed(house, door, "one", body).await;
        assert_eq!((status, &problem["code"]), (422, &json!("idempotency.reused")), "{door}");
        assert_eq!(problem["errors"][0]["detail"], "Idempotency-Key", "{problem}");
    }
    assert_eq!(house.inside.head(), before, "nothing was done");
    let long = "k".repeat(256);
    for key in [long.as_str(), ""] {
        assert_eq!(keyed(house, "/customers", key, &customer).await.0, 422, "{} long", key.len());
    }
    // Another caller's key of the same name is another key.
    let token = house.make("/auth/tokens", json!({"name": "other", "role": "admin"})).await;
    let request = house.bare(Method::POST, "/customers").header("Idempotency-Key", "one");
    let request = request.bearer_auth(token["token"].as_str().unwrap()).json(&customer);
    let (status, second) = house.answer(request).await;
    assert_eq!(status, 201, "{second}");
    assert_ne!(second["id"], first.1["id"]);
}

async fn a_text_whose_answer_was_lost_is_answered_as_the_first_time(house: &House) {
    house.technician("Ana").await;
    let start = house.inside.head();
    // The first text to a number opens its conversation; a reply does not.
    let text = json!({"to": "+14505550102", "body": "Bonjour"});
    let first = keyed(house, "/send/sms", "hello", &text).await;
    assert_eq!(first.0, 202, "{}", first.1);
    let (_, threads) = house.get("/conversations").await;
    let thread = threads["items"][0]["id"].as_str().unwrap().to_owned();
    let door = format!("/conversations/{thread}/messages");
    let reply = json!({"body": "Encore"});
    let second = keyed(house, &door, "again", &reply).await;
    assert_eq!(second.0, 201, "{}", second.1);
    // As if the process had died between each commit and its answer.
    let history = house.inside.journal.since(start, 100).await.unwrap();
    let actors::engine::journal::Since::Events(events) = history else { panic!("all is there") };
    let is_text = |event: &actors::event::Event| {
        use actors::conversations::protocol::ConversationEvent::{MessageQueued, ThreadChanged};
        let actors::event::Event::Conversations(event) = event else { return false };
        matches!(event, MessageQueued { .. } | ThreadChanged { .. })
    };
    let firsts: Vec<i64> =
        events.iter().filter(|entry| is_text(&entry.event)).map(|entry| entry.seq).collect();
    for (key, seq) in [("hello", firsts[0]), ("again", *firsts.last().unwrap())] {
        let body = format!("first event {seq}");
        let work = house.inside.journal.side(Box::new(move |connection, _| {
            Box::pin(async move {
                let forget = "UPDATE inbox SET status = NULL, body = $1 WHERE mark LIKE $2";
                let mark = format!("%{key}");
                sqlx::query(forget).bind(body).bind(mark).execute(&mut *connection).await?;
                Ok(())
            })
        }));
        work.await.unwrap();
    }
    for (door, key, body, before) in
        [("/send/sms", "hello", &text, &first), (door.as_str(), "again", &reply, &second)]
    {
        let after = keyed(house, door, key, body).await;
        assert_eq!(after.0, before.0, "{door}: {}", after.1);
        assert_eq!(after.1["message_id"], before.1["message_id"], "{door}");
    }
}
