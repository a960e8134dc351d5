//! A whole day planned anew at the dispatcher's wish: shown without a trace, made real in one commit, never against
//! what was pinned, begun or told, and never twice.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    a_preview_leaves_no_trace_and_its_plan_is_applied_as_it_was_shown at "09:50";
    what_is_pinned_begun_or_told_stays_where_it_is at "09:50";
    a_day_is_made_real_in_one_commit_and_once_for_every_key at "09:50";
    a_plan_for_another_day_than_this_is_refused at "09:50";
    who_stays_out_hears_why_and_what_would_let_them_in at "09:50";
    a_plan_in_force_is_changed_little at "07:30";
}

const DAY: &str = "2026-11-23";

async fn preview(house: &House) -> Value {
    house.done("/dispatch/optimize", &json!({"date": DAY, "seconds": 0.3})).await
}

/// A job whose customer has no phone: nobody is told of it.
async fn quiet_job(house: &House, name: &str, east: f64, window: Option<(&str, &str)>) -> String {
    let customer = house.make("/customers", json!({"name": name, "language": "fr"})).await;
    let place = json!({
        "customer_id": customer["id"], "address": name, "lat": 45.08, "lon": -73.61 + east,
    });
    let place = house.make("/locations", place).await;
    let window = window.map(|(start, end)| json!({"start": moment(start), "end": moment(end)}));
    let job = json!({
        "customer_id": customer["id"], "location_id": place["id"], "title": name,
        "duration_min": 60, "priority": "normal", "arrival_window": window,
        "skills": [{"tag": "Fibre", "level": 2, "required": true}],
    });
    text(&house.make("/jobs", job).await["id"])
}

fn ids(of: &Value) -> Vec<String> {
    let mut all: Vec<String> =
        of.as_array().unwrap().iter().map(|one| text(&one["job_id"])).collect();
    all.sort();
    all
}

async fn visit(house: &House, job: &str) -> Value {
    house.see(&format!("/jobs/{job}")).await["visit"].clone()
}

async fn a_preview_leaves_no_trace_and_its_plan_is_applied_as_it_was_shown(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let jobs = [house.job(&ruiz, None).await, house.job(&ruiz, Some(("13:00", "14:00"))).await];
    house.settle().await;
    let (head, board) = (house.inside.head(), house.board().await);
    let plan = preview(house).await;
    house.settle().await;
    assert_eq!((house.inside.head(), house.board().await), (head, board), "nothing happened");
    assert_eq!((&plan["applied"], &plan["based_on"]), (&json!(false), &json!(head)), "{plan}");
    let mut expected: Vec<String> = jobs.iter().map(|job| job.id.clone()).collect();
    expected.sort();
    assert_eq!(ids(&plan["changes"]), expected, "{plan}");
    for change in plan["changes"].as_array().unwrap() {
        assert_eq!((&change["technician_id"], &change["before"]), (&json!(ana.id), &Value::Null));
        for language in ["fr", "en"] {
            let why = change["reasons"][language].to_string();
            assert!(why.contains("Ana") && why.contains("min"), "{why}");
        }
    }
    assert_eq!(
        (&plan["before"]["unassigned"], &plan["after"]["unassigned"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(
        (&plan["before"]["lost_priority"], &plan["after"]["planned"]),
        (&json!(60), &json!(2))
    );
    assert_eq!(plan["after"]["technicians"], 1);
    assert!(plan["after"]["driving_min"].as_i64().unwrap() > 0, "{plan}");
    assert!(plan["after"]["km"].as_i64().unwrap() > 0, "{plan}");

    let apply = json!({"date": DAY, "mode": "apply", "plan_id": plan["id"]});
    let applied = house.done("/dispatch/optimize", &apply).await;
    assert_eq!((&applied["applied"], &applied["changes"]), (&json!(true), &plan["changes"]));
    for change in plan["changes"].as_array().unwrap() {
        let visit = visit(house, &text(&change["job_id"])).await;
        assert_eq!((&visit["start"], &visit["pinned"]), (&change["start"], &json!(false)));
    }
    house.settle().await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"; 2], "each is told once");
    let (status, problem) = house.post("/dispatch/optimize", &apply).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (409, &json!("/based_on")), "{problem}");
}

async fn what_is_pinned_begun_or_told_stays_where_it_is(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    // As bad as it gets: to and fro for everybody, and a day that could be driven by one.
    let told = house.promised("Ruiz", &ana, ("13:00", "13:30")).await;
    let pinned = quiet_job(house, "Pin", 0.2, None).await;
    let body = json!({"job_id": pinned, "technician_id": luc.id, "start": moment("15:00")});
    house.done("/dispatch/assign", &body).await;
    let begun = quiet_job(house, "Begun", 0.1, None).await;
    let body = json!({"job_id": begun, "technician_id": luc.id, "start": moment("10:00")});
    house.done("/dispatch/assign", &body).await;
    house.at("09:55").await;
    assert_eq!(house.status(&begun, "en_route").await.0, 200);
    let free = quiet_job(house, "Free", 0.0, None).await;
    let held = [told.id.as_str(), pinned.as_str(), begun.as_str()];
    let mut before = Vec::new();
    for job in held {
        before.push(visit(house, job).await);
    }
    let body = json!({"date": DAY, "mode": "apply", "seconds": 0.4});
    let applied = house.done("/dispatch/optimize", &body).await;
    assert_eq!(ids(&applied["changes"]), [free], "{applied}");
    assert_eq!(
        (&applied["before"]["promises"], &applied["after"]["promises_kept"]),
        (&json!(1), &json!(1))
    );
    house.settle().await;
    for (job, before) in held.iter().zip(before) {
        let after = visit(house, job).await;
        assert_eq!(
            (&after["technician_id"], &after["start"], &after["pinned"]),
            (&before["technician_id"], &before["start"], &before["pinned"]),
            "{job}"
        );
    }
    assert_eq!(house.kinds_to(&told.phone).await, ["visit_promised"], "nobody is told anew");
}

async fn a_day_is_made_real_in_one_commit_and_once_for_every_key(house: &House) {
    house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let roy = house.customer("Roy").await;
    for customer in [&ruiz, &roy] {
        house.job(customer, None).await;
    }
    house.settle().await;
    let body = json!({"date": DAY, "mode": "apply", "seconds": 0.3});
    let keyed = || async {
        let request = house.request(Method::POST, "/dispatch/optimize");
        house.answer(request.header("Idempotency-Key", "day-1").json(&body)).await
    };
    let first = keyed().await;
    assert_eq!((first.0, ids(&first.1["changes"]).len()), (200, 2), "{}", first.1);
    house.settle().await;
    assert_eq!(keyed().await, first);
    let again = house.done("/dispatch/optimize", &body).await;
    assert_eq!(again["changes"], json!([]), "all are told by now: nothing moves");
    house.settle().await;
    for customer in [ruiz, roy] {
        assert_eq!(house.kinds_to(&customer.phone).await, ["visit_promised"]);
    }
}

async fn a_plan_for_another_day_than_this_is_refused(house: &House) {
    let ana = house.technician("Ana").await;
    let free = quiet_job(house, "Free", 0.0, None).await;
    let plan = preview(house).await;
    // Another one is put into her day before the plan is taken.
    let other = quiet_job(house, "Other", 0.1, None).await;
    let body = json!({"job_id": other, "technician_id": ana.id, "start": moment("15:00")});
    house.done("/dispatch/assign", &body).await;
    let head = house.inside.head();
    for body in [
        json!({"date": DAY, "mode": "apply", "plan_id": plan["id"]}),
        json!({"date": DAY, "mode": "apply", "seconds": 0.2, "based_on": plan["based_on"]}),
        json!({"date": DAY, "seconds": 0.2, "based_on": plan["based_on"]}),
    ] {
        let (status, problem) = house.post("/dispatch/optimize", &body).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (409, &json!("/based_on")),
            "{body}: {problem}"
        );
    }
    assert_eq!(visit(house, &free).await, Value::Null);
    for body in [
        json!({"date": DAY, "mode": "apply", "plan_id": "plan_nothing"}),
        json!({"date": "2026-11-24", "mode": "apply", "plan_id": plan["id"]}),
    ] {
        let (status, problem) = house.post("/dispatch/optimize", &body).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (404, &json!("/plan_id")),
            "{problem}"
        );
    }
    let fresh = json!({"date": DAY, "mode": "apply", "seconds": 0.2, "based_on": head});
    assert_eq!(ids(&house.done("/dispatch/optimize", &fresh).await["changes"]), [free]);
}

async fn who_stays_out_hears_why_and_what_would_let_them_in(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let body = json!({
        "customer_id": ruiz.id, "location_id": ruiz.location, "title": "Épissure",
        "duration_min": 60, "priority": "urgent",
        "skills": [{"tag": "Fibre", "level": 5, "required": true}],
    });
    let hard = text(&house.make("/jobs", body).await["id"]);
    let evening = house.job(&ruiz, Some(("18:00", "19:00"))).await;
    house.promised("Roy", &ana, ("12:00", "12:10")).await;
    let full = house.job(&ruiz, Some(("12:00", "12:20"))).await;
    let plan = preview(house).await;
    let out = |id: &str| {
        let all = plan["unassigned"].as_array().unwrap().iter();
        let one = all.clone().find(|one| one["job_id"] == id);
        one.unwrap_or_else(|| panic!("{id} in {plan}")).clone()
    };
    assert_eq!(out(&hard)["priority"], "urgent");
    let says = |id: &str, language: &str, words: &[&str]| {
        let why = out(id)["reasons"][language].to_string();
        assert!(words.iter().all(|word| why.contains(word)), "{words:?} in {why}");
    };
    says(&hard, "fr", &["niveau 5 exigé, 3 au mieux", "Il suffirait", "Ana"]);
    says(&hard, "en", &["level 5 required, 3 at best", "would be enough", "Ana"]);
    says(&evening.id, "fr", &["Ne travaillent pas", "1"]);
    says(&full.id, "fr", &["déjà remplies", "min"]);
    says(&full.id, "en", &["already full", "min"]);
    assert_eq!(plan["after"]["lost_priority"], 160, "{plan}");
}

async fn a_plan_in_force_is_changed_little(house: &House) {
    for name in ["Ana", "Luc", "Mia"] {
        house.technician(name).await;
    }
    let mut all = Vec::new();
    for (number, name) in ["A", "B", "C", "D", "E", "F", "G", "H", "I"].iter().enumerate() {
        all.push(quiet_job(house, name, f64::from(number as u32) * 0.03, None).await);
    }
    let body = json!({"date": DAY, "mode": "apply", "seconds": 0.5});
    let first = house.done("/dispatch/optimize", &body).await;
    assert_eq!(ids(&first["changes"]).len(), 9, "{first}");
    let new = quiet_job(house, "New", 0.05, Some(("13:00", "14:00"))).await;
    let second = house.done("/dispatch/optimize", &body).await;
    let moved: Vec<&Value> = second["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["before"]["technician_id"] != change["technician_id"])
        .collect();
    assert!(ids(&second["changes"]).contains(&new), "{second}");
    assert!(moved.len() <= 2, "one came in, at most one went to somebody else: {moved:?}");
}

async fn house(name: &str) -> Option<House> {
    House::open(name, crate::harness::town::On::Sqlite, "09:50", &[]).await
}

#[tokio::test]
async fn bad_fields_are_named() {
    let Some(house) = house("replan-bad").await else { return };
    for (body, pointer) in [
        (json!({}), ""),
        (json!({"date": "tomorrow"}), "/date"),
        (json!({"date": DAY, "seconds": 11}), "/seconds"),
        (json!({"date": DAY, "seconds": -1}), "/seconds"),
        (json!({"date": DAY, "seconds": "two"}), "/seconds"),
        (json!({"date": DAY, "mode": "maybe"}), "/mode"),
        (json!({"date": DAY, "technician_ids": "all"}), "/technician_ids"),
        (json!({"date": DAY, "plan_id": "plan_1"}), "/plan_id"),
        (json!({"date": DAY, "speed": 1}), "/speed"),
    ] {
        let (status, problem) = house.post("/dispatch/optimize", &body).await;
        assert_eq!(status, 422, "{body}: {problem}");
        let at = text(&problem["errors"][0]["pointer"]);
        assert!(at.starts_with(pointer), "{body}: {problem}");
    }
    let nobody = json!({"date": DAY, "technician_ids": ["tech_nobody"]});
    let (status, problem) = house.post("/dispatch/optimize", &nobody).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (404, &json!("/technician_ids/0")));
}

#[tokio::test]
async fn a_search_lasts_as_long_as_was_asked() {
    let Some(house) = house("replan-seconds").await else { return };
    for name in ["Ana", "Luc", "Mia"] {
        house.technician(name).await;
    }
    let ruiz = house.customer("Ruiz").await;
    for _ in 0..30 {
        house.job(&ruiz, None).await;
    }
    for seconds in [1.0, 2.5] {
        let began = Instant::now();
        let plan =
            house.done("/dispatch/optimize", &json!({"date": DAY, "seconds": seconds})).await;
        let took = began.elapsed().as_secs_f64();
        assert!((0.9 * seconds..1.1 * seconds).contains(&took), "{took} s for {seconds} s");
        assert!(plan["after"]["planned"].as_u64().unwrap() >= 15, "{plan}");
    }
}

#[tokio::test]
async fn whoever_asks_last_is_served_and_who_is_overtaken_hears_of_it() {
    let Some(house) = house("replan-overtaken").await else { return };
    house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    for _ in 0..6 {
        house.job(&ruiz, None).await;
    }
    let ask = |seconds: f64| {
        let body = json!({"date": DAY, "seconds": seconds});
        let request = house.request(Method::POST, "/dispatch/optimize").json(&body);
        let house = &house;
        async move { house.answer(request).await }
    };
    let began = Instant::now();
    let late = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        ask(0.3).await
    };
    let ((first, problem), (second, plan)) = tokio::join!(ask(10.0), late);
    assert_eq!((first, second), (409, 200), "{problem} {plan}");
    assert!(text(&problem["type"]).contains("overtaken"), "{problem}");
    assert!(began.elapsed() < Duration::from_secs(5), "the first one gave up at once");
}

#[tokio::test]
async fn a_day_among_some_leaves_the_others_alone() {
    let Some(house) = house("replan-some").await else { return };
    let (ana, luc): (Technician, Technician) =
        (house.technician("Ana").await, house.technician("Luc").await);
    let ruiz = house.customer("Ruiz").await;
    let jobs: [Job; 2] = [house.job(&ruiz, None).await, house.job(&ruiz, None).await];
    let body = json!({"date": DAY, "technician_ids": [luc.id], "mode": "apply", "seconds": 0.3});
    let plan = house.done("/dispatch/optimize", &body).await;
    assert_eq!(ids(&plan["changes"]).len(), jobs.len(), "{plan}");
    for change in plan["changes"].as_array().unwrap() {
        assert_ne!(change["technician_id"], json!(ana.id));
    }
}
