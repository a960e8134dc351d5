//! A draft holds new visits, moves and removals; nobody but dispatchers knows of it. Publishing makes all of it real in one
//! commit, says before what stands in the way, and tells each technician once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    a_draft_of_moves_and_removals_becomes_real_as_one at "08:00";
    a_preview_says_what_stands_in_the_way_and_what_will_be_told at "08:00";
    what_can_be_published_is_where_that_was_asked at "08:00";
    nobody_but_dispatchers_sees_a_draft at "08:00";
    two_visits_change_places_in_a_draft at "08:00";
}

const DAY: &str = "2026-11-23";

async fn put(house: &House, job: &Job, to: &Technician, start: &str, draft: Option<&str>) -> Value {
    let body = json!({
        "job_id": job.id, "technician_id": to.id, "start": moment(start), "draft": draft,
    });
    let answer = house.done("/dispatch/assign", &body).await;
    house.settle().await;
    answer
}

async fn take_off(house: &House, job: &Job, draft: &str) {
    house.done("/dispatch/unassign", &json!({"job_id": job.id, "draft": draft})).await;
    house.settle().await;
}

async fn stands(house: &House, job: &Job) -> (String, Value) {
    let job = house.see(&format!("/jobs/{}", job.id)).await;
    (text(&job["status"]), job["visit"]["technician_id"].clone())
}

async fn publish(house: &House, more: Value) -> (u16, Value) {
    let mut body = json!({"date": DAY, "draft": "demain"});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let answer = house.post("/dispatch/publish", &body).await;
    house.settle().await;
    answer
}

async fn a_draft_of_moves_and_removals_becomes_real_as_one(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let ruiz = house.customer("Ruiz").await;
    let [a, b, c] =
        [house.job(&ruiz, None).await, house.job(&ruiz, None).await, house.job(&ruiz, None).await];
    put(house, &a, &ana, "10:00", None).await;
    put(house, &b, &ana, "12:00", None).await;
    let before = house.outbox().await.len();
    put(house, &a, &luc, "10:00", Some("demain")).await;
    take_off(house, &b, "demain").await;
    put(house, &c, &luc, "14:00", Some("demain")).await;
    assert_eq!(stands(house, &a).await, ("planned".to_owned(), json!(ana.id)), "not yet");
    assert_eq!(stands(house, &b).await.0, "planned");
    assert_eq!(house.outbox().await.len(), before, "nobody hears of a draft");
    let drafts = house.board().await["drafts"].as_array().unwrap().clone();
    assert_eq!(drafts.len(), 3);
    assert!(drafts.iter().all(|entry| entry["by"] != ""), "{drafts:?}");
    let (status, answer) = publish(house, json!({})).await;
    assert_eq!((status, answer["published"].as_array().unwrap().len()), (200, 3), "{answer}");
    assert_eq!(stands(house, &a).await.1, json!(luc.id));
    assert_eq!(stands(house, &b).await.0, "unassigned");
    assert_eq!(stands(house, &c).await.1, json!(luc.id));
    assert_eq!(house.board().await["drafts"], json!([]));
    let kinds = house.kinds_to(&luc.phone).await;
    assert_eq!(kinds, ["schedule_published"], "one text for all of it");
    let texts = house.texts_to(&luc.phone).await;
    assert!(text(&texts[0]["body"]).contains("2 visites"), "{texts:?}");
    assert!(house.kinds_to(&ana.phone).await.contains(&"schedule_published".to_owned()));
    // The same again is told to nobody.
    put(house, &c, &luc, "14:00", None).await;
    assert_eq!(house.kinds_to(&luc.phone).await, ["schedule_published"]);
}

async fn a_preview_says_what_stands_in_the_way_and_what_will_be_told(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let ruiz = house.customer("Ruiz").await;
    let (a, b) = (house.job(&ruiz, Some(("10:00", "11:00"))).await, house.job(&ruiz, None).await);
    put(house, &a, &ana, "10:00", None).await;
    put(house, &b, &ana, "12:00", None).await;
    put(house, &a, &luc, "14:00", Some("demain")).await;
    put(house, &b, &luc, "12:00", Some("demain")).await;
    // Somebody is faster, live: the draft about b is stale now.
    put(house, &b, &ana, "15:00", None).await;
    let mut entry = json!({"job_id": b.id, "technician_id": luc.id, "start": moment("12:00")});
    entry["draft"] = json!("demain");
    house.done("/dispatch/assign", &entry).await;
    put(house, &b, &ana, "13:00", None).await;
    let drafts = house.board().await["drafts"].as_array().unwrap().len();
    assert_eq!(drafts, 1, "whoever moves a job live takes it out of its draft");
    house.done("/dispatch/assign", &entry).await;
    house.settle().await;
    let before = house.outbox().await.len();
    let (status, seen) = publish(house, json!({"mode": "preview"})).await;
    assert_eq!(status, 200, "{seen}");
    let of = |id: &str| {
        let results = seen["results"].as_array().unwrap();
        results.iter().find(|one| one["job_id"] == id).unwrap().clone()
    };
    let moved = of(&a.id);
    assert_eq!((&moved["change"], &moved["refusals"]), (&json!("moved"), &json!([])));
    assert_eq!(moved["before"]["technician_name"], "Ana Roy");
    assert_eq!(moved["after"]["technician_name"], "Luc Roy");
    assert_eq!(moved["breaks"]["start"].as_str().map(moment), Some(moment("10:00")));
    assert_eq!(moved["text"]["kind"], "rescheduled");
    assert!(text(&moved["text"]["body"]).contains("14 h"), "{moved}");
    assert_eq!(seen["publishable"], 2);
    assert_eq!(seen["days"].as_array().unwrap().len(), 2, "{seen}");
    // Each technician's text is there too, and it is the one that leaves.
    let texts = seen["technician_texts"].as_array().unwrap().clone();
    let of = |who: &Technician| {
        let mine = texts.iter().find(|one| one["technician_id"] == who.id.as_str());
        mine.unwrap_or_else(|| panic!("{who:?}: {texts:?}"))["text"].clone()
    };
    assert_eq!((texts.len(), &of(&luc)["to"]), (2, &json!(luc.phone)), "{texts:?}");
    assert_eq!(of(&ana)["kind"], "schedule_published");
    assert_eq!(house.outbox().await.len(), before, "a preview tells nobody");
    assert_eq!(stands(house, &a).await.1, json!(ana.id), "a preview moves nothing");
    publish(house, json!({})).await;
    let said = |body: &Value| text(body).split("http").next().unwrap_or_default().to_owned();
    let left = house.texts_to(&luc.phone).await;
    let left = left.iter().find(|one| one["kind"] == "schedule_published").unwrap();
    assert_eq!(said(&left["body"]), said(&of(&luc)["body"]), "but for the link's own moment");
}

async fn what_can_be_published_is_where_that_was_asked(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let silent = house.make("/customers", json!({"name": "Sans numéro"})).await;
    let place = json!({
        "customer_id": silent["id"], "address": "3, rue du Lac", "lat": 45.07, "lon": -73.6,
    });
    let place = house.make("/locations", place).await;
    let body = json!({
        "customer_id": silent["id"], "location_id": place["id"], "title": "Réparer",
        "duration_min": 60, "priority": "normal", "skills": [],
    });
    let mute = house.make("/jobs", body).await;
    let (a, b) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    for (job, start) in [
        (a.id.as_str(), "09:00"),
        (b.id.as_str(), "11:00"),
        (mute["id"].as_str().unwrap(), "13:00"),
    ] {
        let body = json!({
            "job_id": job, "technician_id": ana.id, "start": moment(start), "draft": "demain",
        });
        house.done("/dispatch/assign", &body).await;
    }
    // b is called off meanwhile; its entry goes with it.
    house.status(&b.id, "cancelled").await;
    house.settle().await;
    let (_, seen) = publish(house, json!({"mode": "preview"})).await;
    let warned = seen["results"].as_array().unwrap().iter().find(|one| one["job_id"] == mute["id"]);
    assert_eq!(warned.unwrap()["warnings"][0]["code"], "no_phone", "{seen}");
    let (status, refused) = publish(house, json!({"strict": true})).await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.not_publishable")), "{refused}");
    assert_eq!(stands(house, &a).await.0, "unassigned", "none of it");
    let (status, answer) = publish(house, json!({"strict": true, "partial": true})).await;
    assert_eq!((status, &answer["published"]), (207, &json!([a.id])), "{answer}");
    assert_eq!(stands(house, &a).await.0, "planned");
    // What is left can be published without that rule, or dropped.
    let drop = json!({"draft": "demain"});
    house.done("/dispatch/drafts/drop", &drop).await;
    assert_eq!(house.post("/dispatch/drafts/drop", &drop).await.0, 404);
    assert_eq!(publish(house, json!({})).await.0, 422, "there is nothing left");
}

async fn nobody_but_dispatchers_sees_a_draft(house: &House) {
    let ana = house.technician("Ana").await;
    let job = house.job(&house.customer("Ruiz").await, None).await;
    put(house, &job, &ana, "10:00", Some("demain")).await;
    for (role, sees) in [("viewer", 0), ("support", 0), ("dispatcher", 1)] {
        let made = house.make("/auth/tokens", json!({"name": role, "role": role})).await;
        let path = format!("/dispatch/board?date={DAY}");
        let request = house.bare(Method::GET, &path).bearer_auth(text(&made["token"]));
        let (_, board) = house.answer(request).await;
        assert_eq!(board["drafts"].as_array().unwrap().len(), sees, "{role}");
        let path = "/sse?topics=dispatch&last_event_id=1000000000000";
        let request = house.bare(Method::GET, path).bearer_auth(text(&made["token"]));
        let watch = house.listen(request).await;
        watch.when(|frames| frames.iter().any(|frame| frame.event == "job.created")).await;
        house.a_second_later().await;
        assert_eq!(watch.of("draft.changed").len(), sees, "{role}");
    }
    // No calendar, no page, no text, no job as programs read it.
    let feed = text(&house.see(&format!("/dispatch/ical-token/{}", ana.id)).await["url"]);
    let (status, feed) = house.page(&feed[feed.find("/dispatch").unwrap()..]).await;
    assert!(status == 200 && !feed.contains("BEGIN:VEVENT"), "{feed}");
    let inside = &house.inside;
    let link = tournee::notifications::wording::technician_link_id(&inside.keys, &ana.id);
    let link = inside.links.make(tournee::auth::links::Audience::Tech, &ana.id, &link, house.now());
    let (status, page) = house.page(&format!("/t/{link}")).await;
    assert!(status == 200 && !page.contains("Ruiz"), "{page}");
    let held = house.see(&format!("/jobs/{}", job.id)).await;
    assert_eq!((&held["status"], &held["visit"]), (&json!("unassigned"), &Value::Null));
    assert_eq!(house.outbox().await, Vec::<Value>::new(), "and nobody is told");
}

async fn two_visits_change_places_in_a_draft(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let ruiz = house.customer("Ruiz").await;
    let (a, b) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    put(house, &a, &ana, "10:00", None).await;
    put(house, &b, &luc, "10:00", None).await;
    put(house, &a, &luc, "13:00", Some("demain")).await;
    put(house, &b, &ana, "10:00", Some("demain")).await;
    put(house, &a, &luc, "10:00", Some("demain")).await;
    assert_eq!(publish(house, json!({})).await.0, 200);
    assert_eq!(stands(house, &a).await.1, json!(luc.id));
    assert_eq!(stands(house, &b).await.1, json!(ana.id));
}
