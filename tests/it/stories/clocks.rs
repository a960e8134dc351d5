//! Service levels: a clock begins with the job, counts business minutes, stands still for a reason, warns, is met or missed,
//! and the queue says what to do about it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, text};

on_both! {
    the_narrowest_policy_starts_a_clock_that_counts_business_minutes at "09:50";
    a_pause_shifts_what_is_due_exactly_and_is_taken_back_like_any_act at "09:50" with undo_seconds = "300";
    a_clock_that_nobody_keeps_warns_and_is_missed_at_its_moment at "09:50";
    whoever_is_there_in_time_meets_it at "09:50";
    the_queue_is_sorted_by_minutes_left_and_names_what_would_keep_it at "09:50";
    what_is_no_policy_is_refused_by_its_field at "09:50";
    the_answer_to_a_new_job_carries_its_clock at "09:50";
    jobs_that_were_there_before_have_a_clock_from_when_they_came_in at "09:50" with undo_seconds = "300";
    a_job_of_a_series_counts_from_its_day at "09:50";
    a_clock_that_runs_or_stands_still_outlives_a_restart at "09:50";
}

/// On weekdays from eight to noon and from one to five.
fn office() -> Value {
    let day = json!([{"start": "08:00", "end": "12:00"}, {"start": "13:00", "end": "17:00"}]);
    json!({"mon": day, "tue": day, "wed": day, "thu": day, "fri": day})
}

fn body(name: &str, arrive_min: i64) -> Value {
    json!({"name": name, "arrive_min": arrive_min, "at_risk_min": 30, "hours": office()})
}

async fn policy(house: &House, name: &str, arrive_min: i64) -> Value {
    house.make("/sla/policies", body(name, arrive_min)).await
}

async fn work(house: &House, name: &str) -> Job {
    let customer = house.customer(name).await;
    let job = house.job(&customer, None).await;
    house.settle().await;
    job
}

async fn clock(house: &House, job: &str) -> Value {
    house.see(&format!("/jobs/{job}")).await["sla"].clone()
}

fn at(value: &Value) -> jiff::Timestamp {
    text(value).parse().unwrap()
}

async fn patch(house: &House, path: &str, body: Value) -> (u16, Value) {
    house.answer(house.request(Method::PATCH, path).json(&body)).await
}

async fn the_narrowest_policy_starts_a_clock_that_counts_business_minutes(house: &House) {
    house.technician("Ana").await;
    let before = work(house, "Avant").await;
    let all = policy(house, "Tout", 240).await;
    let mut urgent = body("Urgent", 60);
    urgent["priority"] = json!("urgent");
    house.make("/sla/policies", urgent).await;
    assert_eq!(clock(house, &before.id).await["policy_name"], "Tout", "it was there before");
    let job = work(house, "Ruiz").await;
    let held = clock(house, &job.id).await;
    // 130 minutes until noon, an hour at table, and 110 more.
    assert_eq!(at(&held["due_at"]), moment("14:50"), "{held}");
    assert_eq!((&held["policy_name"], &held["minutes_left"]), (&json!("Tout"), &json!(240)));
    assert_eq!((&held["state"], &held["paused"]), (&json!("running"), &Value::Null));
    let customer = house.customer("Gagnon").await;
    let pressing = json!({
        "customer_id": customer.id, "location_id": customer.location, "title": "Feu",
        "duration_min": 30, "priority": "urgent",
    });
    let pressing = house.make("/jobs", pressing).await;
    house.settle().await;
    let version = house.see(&format!("/jobs/{}", text(&pressing["id"]))).await["version"].clone();
    assert_eq!(version, pressing["version"], "a clock raises no version of its job");
    assert_eq!(clock(house, &text(&pressing["id"])).await["policy_name"], "Urgent");
    let path = format!("/sla/policies/{}", text(&all["id"]));
    let (status, edited) =
        patch(house, &path, json!({"arrive_min": 480, "version": all["version"]})).await;
    assert_eq!((status, &edited["arrive_min"]), (200, &json!(480)), "{edited}");
    assert_eq!(clock(house, &job.id).await["due_at"], held["due_at"], "a clock keeps its target");
    let (status, stale) =
        patch(house, &path, json!({"arrive_min": 10, "version": all["version"]})).await;
    assert_eq!((status, &stale["current"]["arrive_min"]), (409, &json!(480)), "{stale}");
    house.at("12:30").await;
    assert_eq!(clock(house, &job.id).await["minutes_left"], 110, "noon does not count");
    assert_eq!(house.answer(house.request(Method::DELETE, &path)).await.0, 204);
    assert_eq!(clock(house, &job.id).await["state"], "running");
}

async fn a_pause_shifts_what_is_due_exactly_and_is_taken_back_like_any_act(house: &House) {
    house.technician("Ana").await;
    policy(house, "Tout", 240).await;
    let job = work(house, "Ruiz").await;
    let (pause, resume) =
        (format!("/jobs/{}/sla/pause", job.id), format!("/jobs/{}/sla/resume", job.id));
    let seen = clock(house, &job.id).await;
    let why = json!({"reason": "customer_absent", "note": "Rappelle à onze heures", "version": seen["version"]});
    let held = house.done(&pause, &why).await["sla"].clone();
    assert_eq!(
        (&held["state"], &held["paused"]["reason"]),
        (&json!("paused"), &json!("customer_absent"))
    );
    let (status, again) = house.post(&pause, &json!({"reason": "parts"})).await;
    assert_eq!((status, &again["code"]), (409, &json!("sla.paused_already")), "{again}");
    house.at("11:50").await;
    assert_eq!(clock(house, &job.id).await["minutes_left"], 240, "it stands still");
    assert_eq!(house.see("/dispatch/sla?state=paused").await["items"].as_array().unwrap().len(), 1);
    let (status, stale) = house.post(&resume, &json!({"version": seen["version"]})).await;
    assert_eq!((status, &stale["code"]), (409, &json!("stale_version")), "{stale}");
    let held = house.done(&resume, &json!({"version": held["version"]})).await["sla"].clone();
    // Two hours of the morning later: ten minutes before noon, and 230 after one.
    assert_eq!((&held["state"], at(&held["due_at"])), (&json!("running"), moment("16:50")));
    assert_eq!(held["pauses"].as_array().unwrap().len(), 1);
    house.done("/dispatch/undo", &json!({})).await;
    let back = clock(house, &job.id).await;
    assert_eq!((&back["state"], &back["due_at"]), (&json!("paused"), &seen["due_at"]));
    house.done("/dispatch/redo", &json!({})).await;
    assert_eq!(clock(house, &job.id).await["due_at"], held["due_at"]);
    let (status, none) = house.post(&format!("/jobs/{}/sla/resume", job.id), &json!({})).await;
    assert_eq!((status, &none["code"]), (409, &json!("sla.runs_already")), "{none}");
}

async fn a_clock_that_nobody_keeps_warns_and_is_missed_at_its_moment(house: &House) {
    house.technician("Ana").await;
    policy(house, "Une heure", 60).await;
    let job = work(house, "Ruiz").await;
    house.at("10:15").await;
    assert_eq!(house.see("/dispatch/sla?state=at_risk").await["items"], json!([]));
    let head = house.inside.head();
    house.at("10:20").await;
    assert_eq!(house.inside.head(), head + 1, "half an hour before, the screens are warned once");
    let queue = house.see("/dispatch/sla?state=at_risk").await;
    assert_eq!(queue["items"][0]["sla"]["minutes_left"], 30, "{queue}");
    house.at("10:49").await;
    assert_eq!(clock(house, &job.id).await["state"], "running");
    house.at("10:50").await;
    let missed = clock(house, &job.id).await;
    assert_eq!((&missed["state"], &missed["minutes_left"]), (&json!("missed"), &json!(0)));
    assert_eq!(house.see("/dispatch/sla?state=missed").await["items"][0]["job_id"], *job.id);
    let (status, none) =
        house.post(&format!("/jobs/{}/sla/pause", job.id), &json!({"reason": "parts"})).await;
    assert_eq!((status, &none["code"]), (404, &json!("sla.no_clock")), "too late: {none}");
}

async fn whoever_is_there_in_time_meets_it(house: &House) {
    let ana = house.technician("Ana").await;
    let mut both = body("Tout", 240);
    both["done_min"] = json!(300);
    house.make("/sla/policies", both).await;
    let job = work(house, "Ruiz").await;
    house.assign(&job, &ana, "10:30").await;
    house.at("10:40").await;
    for status in ["en_route", "on_site"] {
        assert_eq!(house.status(&job.id, status).await.0, 200);
    }
    house.settle().await;
    let held = clock(house, &job.id).await;
    assert_eq!((&held["state"], &held["target_min"]), (&json!("running"), &json!(300)));
    assert_eq!(at(&held["due_at"]), moment("15:50"), "now completion is what counts: {held}");
    house.at("11:30").await;
    assert_eq!(house.status(&job.id, "done").await.0, 200);
    house.settle().await;
    assert_eq!(clock(house, &job.id).await["state"], "met");
    assert_eq!(house.see("/dispatch/sla").await["items"], json!([]));
}

async fn the_queue_is_sorted_by_minutes_left_and_names_what_would_keep_it(house: &House) {
    let ana = house.technician("Ana").await;
    let mut soon = body("Bientôt", 120);
    soon["at_risk_min"] = json!(180);
    house.make("/sla/policies", soon).await;
    let late = work(house, "Ruiz").await;
    house.assign(&late, &ana, "14:00").await;
    house.at("10:00").await;
    let waiting = work(house, "Gagnon").await;
    let queue = house.see("/dispatch/sla?state=at_risk").await;
    let items = queue["items"].as_array().unwrap();
    let ids: Vec<&Value> = items.iter().map(|item| &item["job_id"]).collect();
    assert_eq!(ids, [&json!(late.id), &json!(waiting.id)], "{queue}");
    // Due at 11:50; planned at 14:00: ten minutes before noon and an hour after one.
    assert_eq!(items[0]["visit"]["late_min"], 70, "{queue}");
    assert_eq!((&items[0]["best"], &items[1]["visit"]), (&Value::Null, &Value::Null));
    assert_eq!(items[1]["best"]["technician_id"], *ana.id);
    assert!(at(&items[1]["best"]["start"]) <= moment("12:00"), "{queue}");
    let (status, unknown) = house.get("/dispatch/sla?state=soon").await;
    assert!((400..=422).contains(&status), "{unknown}");
}

async fn the_answer_to_a_new_job_carries_its_clock(house: &House) {
    policy(house, "Tout", 240).await;
    let ruiz = house.customer("Ruiz").await;
    let body = json!({
        "customer_id": ruiz.id, "location_id": ruiz.location, "title": "Panne", "duration_min": 30,
        "priority": "normal",
    });
    let once = async || {
        let request = house.request(Method::POST, "/jobs").header("Idempotency-Key", "panne");
        house.answer(request.json(&body)).await
    };
    let (status, made) = once().await;
    assert_eq!((status, &made["sla"]["minutes_left"]), (201, &json!(240)), "{made}");
    assert_eq!(made["sla"]["state"], "running");
    house.settle().await;
    assert_eq!(
        clock(house, &text(&made["id"])).await["version"],
        made["sla"]["version"],
        "one clock"
    );
    assert_eq!(once().await.1["sla"]["due_at"], made["sla"]["due_at"]);
}

async fn jobs_that_were_there_before_have_a_clock_from_when_they_came_in(house: &House) {
    let ana = house.technician("Ana").await;
    let (old, there, over) =
        (work(house, "Vieux").await, work(house, "Ruiz").await, work(house, "Fini").await);
    house.assign(&there, &ana, "10:00").await;
    house.at("10:10").await;
    for status in ["en_route", "on_site"] {
        assert_eq!(house.status(&there.id, status).await.0, 200);
    }
    assert_eq!(house.status(&over.id, "cancelled").await.0, 200);
    house.at("10:30").await;
    let mut both = body("Tout", 60);
    both["done_min"] = json!(120);
    house.make("/sla/policies", both).await;
    house.settle().await;
    let held = clock(house, &old.id).await;
    assert_eq!((at(&held["started_at"]), at(&held["due_at"])), (moment("09:50"), moment("10:50")));
    assert_eq!(
        clock(house, &there.id).await["target_min"],
        120,
        "somebody is there: the work is to be done"
    );
    assert_eq!(clock(house, &over.id).await, Value::Null, "what is over has none");
    // Taken back, the policy takes its clocks along; done again, they are there again.
    house.done("/dispatch/undo", &json!({})).await;
    house.settle().await;
    assert_eq!(clock(house, &old.id).await, Value::Null);
    house.done("/dispatch/redo", &json!({})).await;
    house.settle().await;
    assert_eq!(clock(house, &old.id).await["due_at"], held["due_at"]);
    // A job that becomes one that a policy is for.
    let mut pressing = body("Urgent", 30);
    pressing["kind"] = json!("repair");
    pressing["priority"] = json!("urgent");
    house.make("/sla/policies", pressing).await;
    assert_eq!(
        clock(house, &old.id).await["policy_name"],
        "Tout",
        "a clock that runs keeps its policy"
    );
}

async fn a_job_of_a_series_counts_from_its_day(house: &House) {
    policy(house, "Tout", 60).await;
    let ruiz = house.customer("Ruiz").await;
    let body = json!({
        "customer_id": ruiz.id, "location_id": ruiz.location, "title": "Ronde", "duration_min": 30,
        "priority": "normal", "recurrence": "RRULE:FREQ=WEEKLY;BYDAY=MO",
        "arrival_window": {"start": moment("13:00"), "end": moment("14:00")},
    });
    let first = house.make("/jobs", body).await;
    house.settle().await;
    let held = clock(house, &text(&first["id"])).await;
    assert_eq!(
        (at(&held["started_at"]), &held["minutes_left"]),
        (moment("13:00"), &json!(60)),
        "{held}"
    );
    let series = house.see(&format!("/series/{}", text(&first["series"]["id"]))).await;
    let next = text(&series["occurrences"][1]["job_id"]);
    assert_eq!(at(&clock(house, &next).await["due_at"]), moment("2026-11-30T14:00"));
    assert_eq!(house.see("/dispatch/sla").await["items"], json!([]), "none of them has begun");
    house.at("13:20").await;
    let queue = house.see("/dispatch/sla").await;
    assert_eq!(queue["items"].as_array().unwrap().len(), 1, "{queue}");
    assert_eq!(queue["items"][0]["sla"]["minutes_left"], 40);
}

async fn a_clock_that_runs_or_stands_still_outlives_a_restart(house: &mut House) {
    house.technician("Ana").await;
    policy(house, "Tout", 60).await;
    let (runs, stands) = (work(house, "Ruiz").await, work(house, "Gagnon").await);
    house.at("10:10").await;
    let pause = format!("/jobs/{}/sla/pause", stands.id);
    house.done(&pause, &json!({"reason": "weather", "note": "Verglas"})).await;
    let before = (clock(house, &runs.id).await, clock(house, &stands.id).await);
    assert_eq!((&before.0["minutes_left"], &before.1["minutes_left"]), (&json!(40), &json!(40)));
    house.restart().await;
    let after = (clock(house, &runs.id).await, clock(house, &stands.id).await);
    assert_eq!(after, before, "the same minutes, the same pause");
    // The moments pass: each is told once, by the server that runs then.
    let head = house.inside.head();
    house.at("10:25").await;
    assert_eq!(house.inside.head(), head + 1, "one warning, of the clock that runs");
    house.restart().await;
    house.at("10:49").await;
    assert_eq!(house.inside.head(), head + 1, "and no second one");
    house.at("10:50").await;
    assert_eq!(clock(house, &runs.id).await["state"], "missed");
    assert_eq!(house.inside.head(), head + 2);
    house.restart().await;
    house.at("11:30").await;
    assert_eq!(house.inside.head(), head + 2, "missed once");
    assert_eq!(clock(house, &stands.id).await["minutes_left"], 40, "it stands still");
    let resume = format!("/jobs/{}/sla/resume", stands.id);
    let held = house.done(&resume, &json!({})).await["sla"].clone();
    // Half an hour until noon, an hour at table, ten minutes more.
    assert_eq!(
        (&held["minutes_left"], at(&held["due_at"])),
        (&json!(40), moment("13:10")),
        "{held}"
    );
}

async fn what_is_no_policy_is_refused_by_its_field(house: &House) {
    house.technician("Ana").await;
    policy(house, "Tout", 240).await;
    let cases = [
        ("arrive_min", json!(0), "/arrive_min", 422),
        ("done_min", json!(10), "/done_min", 422),
        ("at_risk_min", json!(-1), "/at_risk_min", 422),
        ("hours", json!({"mon": [{"start": "17:00", "end": "08:00"}]}), "/hours/mon/0/end", 422),
        (
            "hours",
            json!({"mon": [{"start": "08:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}]}),
            "/hours/mon",
            422,
        ),
        ("hours", json!({}), "/hours", 422),
        ("name", json!("TOUT"), "/name", 409),
    ];
    for (field, value, pointer, code) in cases {
        let mut asked = body("Autre", 60);
        asked[field] = value;
        let (status, answer) = house.post("/sla/policies", &asked).await;
        assert_eq!((status, &answer["errors"][0]["pointer"]), (code, &json!(pointer)), "{answer}");
    }
    let none = work(house, "Ruiz").await;
    let (status, answer) = house.post("/jobs/job_nobody/sla/resume", &json!({})).await;
    assert_eq!(status, 404, "{answer}");
    assert_eq!(clock(house, &none.id).await["policy_name"], "Tout");
}
