//! Jobs that come again: agreed on a Friday for Mondays, made ahead, changed for one or for all, ended; each day once,
//! also after the horizon has moved on.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Customer, text};

on_both! {
    a_weekly_monday_agreed_on_a_friday_comes_on_mondays_once_each at "2026-11-20T09:50";
    one_those_after_or_all_are_changed_as_asked at "2026-11-20T09:50";
    an_ended_series_leaves_what_has_begun at "2026-11-20T09:50";
    what_is_no_rule_is_refused_at_its_field at "09:50";
    a_job_begins_to_come_again_and_stops at "09:50";
}

fn body(customer: &Customer, recurrence: &str, window: Option<(&str, &str)>) -> Value {
    let window = window.map(|(start, end)| json!({"start": moment(start), "end": moment(end)}));
    json!({
        "customer_id": customer.id, "location_id": customer.location, "title": "Entretien",
        "duration_min": 60, "priority": "normal", "arrival_window": window,
        "skills": [{"tag": "Fibre", "level": 2, "required": true}], "recurrence": recurrence,
    })
}

async fn patch(house: &House, id: &str, edit: Value) -> (u16, Value) {
    house.answer(house.request(Method::PATCH, &format!("/jobs/{id}")).json(&edit)).await
}

/// The jobs of a series by their day.
async fn occurrences(house: &House, series: &str) -> Vec<(String, String, String)> {
    let answer = house.see(&format!("/series/{series}")).await;
    let items = answer["occurrences"].as_array().unwrap().iter();
    items.map(|one| (text(&one["on"]), text(&one["job_id"]), text(&one["status"]))).collect()
}

const FRIDAY: Option<(&str, &str)> = Some(("2026-11-20T08:00", "2026-11-20T10:00"));
const MONDAYS: &str = "RRULE:FREQ=WEEKLY;BYDAY=MO";

async fn a_weekly_monday_agreed_on_a_friday_comes_on_mondays_once_each(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let mut wish = body(&ruiz, MONDAYS, FRIDAY);
    wish["holidays"] = json!("skip");
    wish["exceptions"] = json!(["2026-12-14"]);
    let shown = house
        .done(
            "/series/preview",
            &json!({"recurrence": MONDAYS, "arrival_window": wish["arrival_window"],
                "exceptions": ["2026-12-14"], "holidays": "skip"}),
        )
        .await;
    let days: Vec<&Value> = shown["items"].as_array().unwrap().iter().map(|i| &i["day"]).collect();
    assert_eq!(days, ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-21", "2026-12-28"]);
    assert_eq!(shown["left_out"], json!([{"on": "2026-12-14", "holiday": null}]));
    let keyed = || async {
        let request = house.request(Method::POST, "/jobs").header("Idempotency-Key", "monday");
        house.answer(request.json(&wish)).await
    };
    let (status, first) = keyed().await;
    assert_eq!(status, 201, "{first}");
    assert_eq!((&first["status"], &first["visit"]), (&json!("unassigned"), &Value::Null));
    assert_eq!(first["recurrence"], MONDAYS);
    assert_eq!(first["series"]["on"], "2026-11-23", "not the Friday on which it was agreed");
    assert_eq!(first["arrival_window"]["start"], json!(moment("2026-11-23T08:00")));
    house.settle().await;
    assert_eq!(keyed().await.1["id"], first["id"], "the same request makes nothing new");
    house.settle().await;
    let series = text(&first["series"]["id"]);
    let made = occurrences(house, &series).await;
    assert_eq!(made.len(), 8, "{made:?}");
    assert_eq!(made[0].1, first["id"]);
    let jobs = house.see(&format!("/jobs?customer_id={}&limit=100", ruiz.id)).await;
    assert_eq!(jobs["items"].as_array().unwrap().len(), 8, "real jobs, and no more");
    // The hour is that of the wall on both sides of a change of the clocks, and the pool shows only its day's.
    house.at("2027-02-01T09:00").await;
    house.at("2027-03-12T09:00").await;
    let made = occurrences(house, &series).await;
    for (on, job, _) in made.iter().filter(|(on, _, _)| on.starts_with("2027-03")) {
        let job = house.see(&format!("/jobs/{job}")).await;
        let offset = if on.as_str() < "2027-03-14" { "-05:00" } else { "-04:00" };
        let start: jiff::Timestamp = text(&job["arrival_window"]["start"]).parse().unwrap();
        assert_eq!(start, moment(&format!("{on}T08:00:00{offset}")), "{on}");
    }
    let mut once: Vec<&String> = made.iter().map(|(on, _, _)| on).collect();
    once.dedup();
    assert_eq!(once.len(), made.len());
    assert!(!made.iter().any(|(on, _, _)| on == "2026-12-14"), "it was left out");
    let monday = house.see("/dispatch/board?date=2027-03-15").await;
    let pool = monday["pool"].as_array().unwrap();
    let of_series = |job: &&Value| job["series"]["id"] == series.as_str();
    let days: Vec<&Value> = pool.iter().filter(of_series).map(|job| &job["series"]["on"]).collect();
    assert!(
        days.contains(&&json!("2027-03-15")) && !days.contains(&&json!("2027-03-22")),
        "{days:?}"
    );
    let job = pool.iter().find(|job| job["series"]["on"] == "2027-03-15").unwrap();
    let assign =
        json!({"job_id": job["id"], "technician_id": ana.id, "start": "2027-03-15T08:30:00-04:00"});
    house.done("/dispatch/assign", &assign).await;
}

async fn one_those_after_or_all_are_changed_as_asked(house: &House) {
    house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let first = house.make("/jobs", body(&ruiz, MONDAYS, FRIDAY)).await;
    house.settle().await;
    let series = text(&first["series"]["id"]);
    let made = occurrences(house, &series).await;
    let (second, third) = (made[1].1.clone(), made[2].1.clone());
    // This one alone.
    let (status, alone) = patch(house, &second, json!({"duration_min": 90})).await;
    assert_eq!((status, &alone["duration_min"]), (200, &json!(90)), "{alone}");
    let (status, refused) = patch(house, &second, json!({"recurrence": "RRULE:FREQ=DAILY"})).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/scope")), "{refused}");
    // This one and those after: at one in the afternoon from the third on.
    let later = json!({
        "scope": "after",
        "arrival_window": {"start": moment("2026-12-07T13:00"), "end": moment("2026-12-07T15:00")},
    });
    let (status, moved) = patch(house, &third, later).await;
    assert_eq!(status, 200, "{moved}");
    assert_eq!(moved["arrival_window"]["start"], json!(moment("2026-12-07T13:00")));
    // All of them: what was changed alone stays.
    let (status, all) =
        patch(house, &third, json!({"scope": "all", "title": "Ronde", "duration_min": 45})).await;
    assert_eq!((status, &all["title"]), (200, &json!("Ronde")), "{all}");
    house.settle().await;
    let see = async |at: usize| house.see(&format!("/jobs/{}", made[at].1)).await;
    assert_eq!(
        (&see(0).await["title"], &see(0).await["duration_min"]),
        (&json!("Ronde"), &json!(45))
    );
    assert_eq!(see(1).await["duration_min"], 90, "it was changed alone");
    assert_eq!(see(1).await["title"], "Ronde");
    assert_eq!(see(1).await["arrival_window"]["start"], json!(moment("2026-11-30T08:00")));
    assert_eq!(see(4).await["arrival_window"]["start"], json!(moment("2026-12-21T13:00")));
    let stale = json!({"scope": "all", "title": "X", "version": first["version"]});
    assert_eq!(patch(house, &third, stale).await.0, 409);
    let wrong = json!({"scope": "all", "arrival_window": {"start": moment("2026-12-08T13:00"), "end": moment("2026-12-08T15:00")}});
    let (status, refused) = patch(house, &third, wrong).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/arrival_window")));
    // Another rule from the third on: Tuesdays, and the Mondays after it are called off.
    let (status, _) =
        patch(house, &third, json!({"scope": "after", "recurrence": "RRULE:FREQ=WEEKLY;BYDAY=TU"}))
            .await;
    assert_eq!(status, 200);
    house.settle().await;
    assert_eq!(see(4).await["status"], "cancelled");
    let days: Vec<String> =
        occurrences(house, &series).await.into_iter().map(|one| one.0).collect();
    assert_eq!(days[..4], ["2026-11-23", "2026-11-30", "2026-12-08", "2026-12-15"]);
}

async fn an_ended_series_leaves_what_has_begun(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let first = house.make("/jobs", body(&ruiz, MONDAYS, FRIDAY)).await;
    house.settle().await;
    let series = text(&first["series"]["id"]);
    let made = occurrences(house, &series).await;
    let assign = |job: &str, day: &str| json!({"job_id": job, "technician_id": ana.id, "start": moment(&format!("{day}T08:30"))});
    house.done("/dispatch/assign", &assign(&made[0].1, "2026-11-23")).await;
    house.done("/dispatch/assign", &assign(&made[1].1, "2026-11-30")).await;
    house.at("2026-11-23T08:20").await;
    assert_eq!(house.status(&made[0].1, "en_route").await.0, 200);
    house.settle().await;
    let ended = house.done(&format!("/series/{series}/end"), &json!({"from": "2026-11-23"})).await;
    assert_eq!(ended["ends_before"], "2026-11-23");
    house.settle().await;
    let left = occurrences(house, &series).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].2, "en_route");
    let gone = house.see(&format!("/jobs/{}", made[1].1)).await;
    assert_eq!(gone["status"], "cancelled", "its visit was called off with it");
    assert!(house.kinds_to(&ruiz.phone).await.contains(&"cancelled".to_owned()));
    house.at("2027-02-01T09:00").await;
    assert_eq!(occurrences(house, &series).await.len(), 1, "the timer makes no more");
    let (status, _) = house.post("/series/series_none/end", &json!({})).await;
    assert_eq!(status, 404);
}

async fn what_is_no_rule_is_refused_at_its_field(house: &House) {
    let ruiz = house.customer("Ruiz").await;
    let before = house.inside.head();
    for rule in [
        "FREQ=DAILY",
        "RRULE:FREQ=SECONDLY",
        "RRULE:FREQ=DAILY;BYHOUR=1,2,3",
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "RRULE:FREQ=DAILY;UNTIL=20200101",
        "RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY",
        "RRULE:FREQ=DAILY\nEXDATE:tomorrow",
        "",
    ] {
        let (status, problem) = house.post("/jobs", &body(&ruiz, rule, FRIDAY)).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (422, &json!("/recurrence")),
            "{rule}"
        );
        assert!(problem["detail_fr"].is_string() && problem["detail_en"].is_string());
        let (status, _) = house.post("/series/preview", &json!({"recurrence": rule, "arrival_window": body(&ruiz, rule, FRIDAY)["arrival_window"]})).await;
        assert_eq!(status, 422, "{rule}");
    }
    let mut lone = body(&ruiz, MONDAYS, None);
    lone["recurrence"] = Value::Null;
    lone["exceptions"] = json!(["2026-12-14"]);
    let (status, problem) = house.post("/jobs", &lone).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/exceptions")));
    assert_eq!(house.inside.head(), before, "nothing of it was kept");
    let holidays = house.see("/holidays?year=2026").await;
    assert_eq!(
        holidays["items"][3],
        json!({"on": "2026-06-24", "fr": "Fête nationale", "en": "National Holiday"})
    );
    assert_eq!(house.get("/holidays?year=1").await.0, 422);
}

async fn a_job_begins_to_come_again_and_stops(house: &House) {
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let (status, begun) = patch(
        house,
        &job.id,
        json!({"recurrence": "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3\nEXDATE:20261130"}),
    )
    .await;
    assert_eq!((status, &begun["series"]["on"]), (200, &json!("2026-11-23")), "{begun}");
    house.settle().await;
    let series = text(&begun["series"]["id"]);
    let days = |made: Vec<(String, String, String)>| -> Vec<String> {
        made.into_iter().map(|one| one.0).collect()
    };
    assert_eq!(days(occurrences(house, &series).await), ["2026-11-23", "2026-12-07"]);
    let (status, stopped) =
        patch(house, &job.id, json!({"scope": "all", "recurrence": null})).await;
    assert_eq!((status, &stopped["status"]), (200, &json!("unassigned")), "{stopped}");
    house.settle().await;
    assert_eq!(days(occurrences(house, &series).await), ["2026-11-23"]);
    let listed = house.see(&format!("/series?customer_id={}", ruiz.id)).await;
    assert_eq!(listed["items"][0]["id"], series.as_str());
    let one = house.job(&ruiz, None).await;
    let (status, refused) = patch(house, &one.id, json!({"scope": "all", "title": "X"})).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/scope")));
}
