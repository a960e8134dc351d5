//! An urgent job: three ways to let it in, each with what it moves and every text; one of them made real as one act.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::text;

on_both! {
    three_ways_are_shown_and_nothing_is_moved_or_said at "09:50";
    a_way_is_one_act_whose_texts_are_those_that_were_shown at "09:50";
    whoever_makes_room_keeps_their_promise_where_somebody_else_can at "09:50";
    a_way_that_the_day_has_overtaken_changes_nothing at "09:50";
    what_is_pinned_or_begun_never_makes_room at "09:50";
    what_cannot_be_asked_is_refused at "09:50";
}

fn kind<'a>(answer: &'a Value, kind: &str) -> &'a Value {
    let plans = answer["plans"].as_array().unwrap();
    plans.iter().find(|plan| plan["kind"] == kind).unwrap_or_else(|| panic!("{kind} in {answer}"))
}

fn at(plan: &Value) -> jiff::Timestamp {
    text(&plan["start"]).parse().unwrap()
}

/// Ana alone is on her feet: Roy was promised ten to half past, by auto-assign, so that nobody pinned it.
async fn promised_without_a_pin(house: &House, name: &str, window: (&str, &str)) -> String {
    let customer = house.customer(name).await;
    let job = house.job(&customer, Some(window)).await;
    let body = json!({"date": "2026-11-23", "job_ids": [job.id], "mode": "apply"});
    let done = house.done("/dispatch/auto-assign", &body).await;
    assert_eq!(done["assigned"].as_array().unwrap().len(), 1, "{done}");
    house.settle().await;
    job.id
}

async fn three_ways_are_shown_and_nothing_is_moved_or_said(house: &House) {
    house.technician("Ana").await;
    promised_without_a_pin(house, "Roy", ("10:30", "10:45")).await;
    let ruiz = house.customer("Ruiz").await;
    let fire = house.job(&ruiz, None).await;
    let (head, texts) = (house.inside.head(), house.outbox().await.len());
    let answer = house.done("/dispatch/urgent", &json!({"job_id": fire.id})).await;
    let (calm, soon) = (kind(&answer, "fewest_broken"), kind(&answer, "soonest"));
    assert_eq!((&calm["broken"], &calm["moved"]), (&json!(0), &json!(0)));
    assert_eq!((&soon["broken"], &soon["moved"]), (&json!(1), &json!(1)), "{soon}");
    assert!(at(soon) < at(calm), "{answer}");
    let roy = &soon["diff"][1];
    assert_eq!(
        (&roy["breaks"], &roy["from"]["technician_name"]),
        (&json!(true), &json!("Ana Roy"))
    );
    assert!(roy["minutes"].as_i64().unwrap() > 0 && roy["told"]["start"].is_string(), "{roy}");
    kind(&answer, "cheapest");
    house.settle().await;
    assert_eq!((house.inside.head(), house.outbox().await.len()), (head, texts), "no trace");
    let imagined =
        json!({"job": {"title": "Feu", "lat": 45.08, "lon": -73.61, "duration_min": 30}});
    let answer = house.done("/dispatch/urgent", &imagined).await;
    assert_eq!(kind(&answer, "soonest")["changes"], json!([]), "there is nothing to make real yet");
}

/// A text without its link, which bears the moment it was made.
fn said(body: &Value) -> String {
    text(body).split("http").next().unwrap().to_owned()
}

async fn a_way_is_one_act_whose_texts_are_those_that_were_shown(house: &House) {
    let ana = house.technician("Ana").await;
    let roy = promised_without_a_pin(house, "Roy", ("10:30", "10:45")).await;
    let ruiz = house.customer("Ruiz").await;
    let fire = house.job(&ruiz, None).await;
    let before: Vec<Value> = house.outbox().await.iter().map(|item| item["id"].clone()).collect();
    let answer = house.done("/dispatch/urgent", &json!({"job_id": fire.id})).await;
    let soon = kind(&answer, "soonest");
    let body = json!({"changes": soon["changes"]});
    let keyed = || async {
        let request = house.request(Method::POST, "/dispatch/urgent/apply");
        house.answer(request.header("Idempotency-Key", "fire-1").json(&body)).await
    };
    let (status, done) = keyed().await;
    assert_eq!((status, &done["applied"]), (200, &json!(true)), "{done}");
    assert_eq!(keyed().await.0, 200, "a second click is the same one");
    let held = house.see(&format!("/jobs/{}", fire.id)).await;
    assert_eq!(
        (&held["visit"]["technician_id"], &held["visit"]["pinned"]),
        (&json!(ana.id), &json!(true))
    );
    assert_eq!(text(&held["visit"]["start"]).parse::<jiff::Timestamp>().unwrap(), at(soon));
    let moved = house.see(&format!("/jobs/{roy}")).await;
    assert_eq!(moved["visit"]["pinned"], json!(false));
    house.settle().await;
    let mut told: Vec<(String, String)> = house
        .outbox()
        .await
        .iter()
        .filter(|item| !before.contains(&item["id"]) && item["kind"] != "late")
        .map(|item| (text(&item["to"]), said(&item["body"])))
        .collect();
    let mut shown: Vec<(String, String)> = soon["texts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(&one["phone"]), said(&one["body"])))
        .collect();
    told.sort();
    shown.sort();
    assert_eq!(told, shown);
    assert!(shown.len() >= 3, "Roy, Ruiz and Ana: {shown:?}");
}

async fn whoever_makes_room_keeps_their_promise_where_somebody_else_can(house: &House) {
    let ana = house.technician("Ana").await;
    let roy = promised_without_a_pin(house, "Roy", ("10:30", "12:00")).await;
    let bob = house.technician("Bob").await;
    // Bob may do the easy work only, and is busy until eleven.
    let known = house.see(&format!("/technicians/{}", bob.id)).await;
    let body = json!({"version": known["version"], "skills": [{"tag": "Fibre", "level": 2}]});
    let request = house.request(Method::PATCH, &format!("/technicians/{}", bob.id)).json(&body);
    assert_eq!(house.answer(request).await.0, 200);
    let ruiz = house.customer("Ruiz").await;
    let body = json!({
        "customer_id": ruiz.id, "location_id": ruiz.location, "title": "Feu", "duration_min": 60,
        "priority": "urgent", "skills": [{"tag": "Fibre", "level": 3, "required": true}],
        "arrival_window": {"start": moment("10:00"), "end": moment("10:45")},
    });
    let fire = house.make("/jobs", body).await;
    let answer = house.done("/dispatch/urgent", &json!({"job_id": fire["id"]})).await;
    for plan in answer["plans"].as_array().unwrap() {
        assert_eq!(
            (&plan["broken"], &plan["technician_id"]),
            (&json!(0), &json!(ana.id)),
            "{plan}"
        );
    }
    let calm = kind(&answer, "fewest_broken");
    house.done("/dispatch/urgent/apply", &json!({"changes": calm["changes"]})).await;
    house.settle().await;
    let moved = house.see(&format!("/jobs/{roy}")).await;
    let start: jiff::Timestamp = text(&moved["visit"]["start"]).parse().unwrap();
    assert!((moment("10:30")..=moment("12:00")).contains(&start), "{moved}");
}

async fn a_way_that_the_day_has_overtaken_changes_nothing(house: &House) {
    house.technician("Ana").await;
    let roy = promised_without_a_pin(house, "Roy", ("10:30", "10:45")).await;
    let ruiz = house.customer("Ruiz").await;
    let fire = house.job(&ruiz, None).await;
    let answer = house.done("/dispatch/urgent", &json!({"job_id": fire.id})).await;
    let soon = kind(&answer, "soonest").clone();
    // Somebody writes a note on Roy's job meanwhile.
    let known = house.see(&format!("/jobs/{roy}")).await;
    let note = json!({"version": known["version"], "notes": "Chien"});
    let request = house.request(Method::PATCH, &format!("/jobs/{roy}")).json(&note);
    assert_eq!(house.answer(request).await.0, 200);
    house.settle().await;
    let stands = house.see(&format!("/jobs/{roy}")).await["visit"].clone();
    let body = json!({"changes": soon["changes"]});
    let (status, problem) = house.post("/dispatch/urgent/apply", &body).await;
    assert_eq!((status, &problem["code"]), (409, &json!("stale_version")), "{problem}");
    house.settle().await;
    assert_eq!(house.see(&format!("/jobs/{roy}")).await["visit"], stands);
    assert_eq!(house.see(&format!("/jobs/{}", fire.id)).await["status"], "unassigned");
}

async fn what_is_pinned_or_begun_never_makes_room(house: &House) {
    let ana = house.technician("Ana").await;
    let begun = house.promised("Roy", &ana, ("10:00", "10:30")).await;
    house.promised("Cyr", &ana, ("11:30", "12:00")).await;
    assert_eq!(house.status(&begun.id, "en_route").await.0, 200);
    let ruiz = house.customer("Ruiz").await;
    let fire = house.job(&ruiz, None).await;
    let answer = house.done("/dispatch/urgent", &json!({"job_id": fire.id})).await;
    for plan in answer["plans"].as_array().unwrap() {
        assert_eq!(plan["moved"], json!(0), "{plan}");
    }
    assert_eq!(kind(&answer, "cheapest")["kind"], "cheapest");
}

async fn what_cannot_be_asked_is_refused(house: &House) {
    let ana = house.technician("Ana").await;
    let taken = house.promised("Roy", &ana, ("10:30", "10:45")).await;
    let ruiz = house.customer("Ruiz").await;
    let fire = house.job(&ruiz, None).await;
    for (path, body, status) in [
        ("/dispatch/urgent", json!({}), 422),
        ("/dispatch/urgent", json!({"job_id": "job_nothing"}), 404),
        ("/dispatch/urgent", json!({"job_id": taken.id}), 409),
        ("/dispatch/urgent/apply", json!({"changes": []}), 422),
        (
            "/dispatch/urgent/apply",
            json!({"changes": [{"job_id": "job_nothing", "version": 1}]}),
            404,
        ),
        (
            "/dispatch/urgent/apply",
            json!({"changes": [{"job_id": fire.id, "version": 1, "technician_id": ana.id, "start": moment("11:00")}]}),
            409,
        ),
    ] {
        let (answered, problem) = house.post(path, &body).await;
        assert_eq!(answered, status, "{path} {body}: {problem}");
    }
    let known = house.see(&format!("/jobs/{}", fire.id)).await["version"].clone();
    let half = json!({"changes": [{"job_id": fire.id, "version": known, "technician_id": ana.id}]});
    let (status, problem) = house.post("/dispatch/urgent/apply", &half).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/changes/0/start")));
    // The same job at two hours would be two visits of one job.
    let at = |time: &str| json!({"job_id": fire.id, "version": known, "technician_id": ana.id, "start": moment(time)});
    let twice = json!({"changes": [at("12:00"), at("14:00")]});
    let (status, problem) = house.post("/dispatch/urgent/apply", &twice).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/changes/1/job_id")));
    assert_eq!(house.see(&format!("/jobs/{}", fire.id)).await["status"], "unassigned");
}
