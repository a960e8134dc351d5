//! What waits on a day's board: windows that only touch the day, those that are over and that nobody saw
//! to, and places that turn out to be elsewhere.

use serde_json::{Value, json};

use super::taking_back::Person;
use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, text};

on_both! {
    a_job_stays_on_the_board_while_somebody_must_see_to_it at "09:50";
    a_place_that_is_elsewhere_takes_its_visits_along at "09:50";
    a_cancelled_job_keeps_its_last_visit_to_be_read at "09:50";
    a_job_with_months_to_spare_is_given_soon at "09:50";
    who_was_told_an_hour_is_not_forgotten_in_the_pool at "08:00";
    a_promise_is_over_once_somebody_was_there at "09:50";
}

async fn a_job_stays_on_the_board_while_somebody_must_see_to_it(house: &House) {
    house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = async |from: &str, to: &str| house.job(&ruiz, Some((from, to))).await.id;
    let week = job("2026-11-20T08:00", "2026-11-27T16:00").await;
    let overdue = job("2026-11-19T08:00", "2026-11-19T12:00").await;
    let today = job("13:00", "15:00").await;
    let tomorrow = job("2026-11-24T08:00", "2026-11-24T12:00").await;
    let pool = async |date: &str| {
        let board = house.see(&format!("/dispatch/board?date={date}")).await;
        let mut ids: Vec<String> =
            board["pool"].as_array().unwrap().iter().map(|job| text(&job["id"])).collect();
        ids.sort();
        ids
    };
    let sorted = |ids: &[&String]| {
        let mut ids: Vec<String> = ids.iter().map(|id| (*id).clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(pool("2026-11-23").await, sorted(&[&week, &overdue, &today]));
    assert_eq!(pool("2026-11-24").await, sorted(&[&week, &overdue, &tomorrow]), "not today's");
    // The house rule sees the same: what it can, it gives; of what is too late it says so.
    let day = json!({"date": "2026-11-23"});
    let plan = house.done("/dispatch/auto-assign", &day).await;
    let ids = |list: &Value| {
        let of = |one: &Value| text(&one["job_id"]);
        list.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let mut given = ids(&plan["assigned"]);
    given.sort();
    assert_eq!(given, sorted(&[&week, &today]), "{plan}");
    assert_eq!(ids(&plan["unassigned"]), [overdue], "{plan}");
}

async fn a_place_that_is_elsewhere_takes_its_visits_along(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let job = house.see(&format!("/jobs/{}", ruiz.id)).await;
    let door = format!("/locations/{}", text(&job["location_id"]));
    let watch = house.watch("dispatch", None).await;
    let moved = json!({"lat": 45.3, "lon": -73.8, "address": "3, rang Long"});
    let request = house.request(reqwest::Method::PATCH, &door).json(&moved);
    assert_eq!(house.answer(request).await.0, 200);
    house.settle().await;
    watch.when(|frames| frames.iter().any(|frame| frame.event == "job.moved")).await;
    let mut reader = house.inside.read().await.unwrap();
    let (now, day) = (house.now(), jiff::SignedDuration::from_hours(12));
    let open = tournee::board::store::open_visits(&mut reader, now - day, now + day).await.unwrap();
    assert_eq!((open[0].lat, open[0].lon), (45.3, -73.8), "the drive goes to the new door");
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"], "no word of it: same time");
}

async fn a_cancelled_job_keeps_its_last_visit_to_be_read(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    for step in ["en_route", "on_site", "no_access", "cancelled"] {
        assert_eq!(house.status(&ruiz.id, step).await.0, 200, "{step}");
    }
    let job = house.see(&format!("/jobs/{}", ruiz.id)).await;
    assert_eq!(
        (&job["status"], &job["visit"]["status"]),
        (&json!("cancelled"), &json!("no_access"))
    );
    assert_eq!(text(&job["visit"]["technician_id"]), ana.id);
    // Who takes it up again starts afresh.
    assert_eq!(house.status(&ruiz.id, "unassigned").await.0, 200);
    let job = house.see(&format!("/jobs/{}", ruiz.id)).await;
    assert_eq!((&job["status"], &job["visit"]), (&json!("unassigned"), &Value::Null));
}

async fn a_job_with_months_to_spare_is_given_soon(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("2026-10-01T08:00", "2027-03-31T16:00"))).await;
    let wish = json!({"job_id": job.id, "technician_id": ana.id});
    let given = house.done("/dispatch/assign", &wish).await;
    let start = text(&given["visit"]["start"]);
    assert!(start.starts_with("2026-11-23T"), "{start}");
}

async fn who_was_told_an_hour_is_not_forgotten_in_the_pool(house: &House) {
    let ana = house.technician("Ana").await;
    let told = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let doubted = house.promised("Roy", &ana, ("13:00", "14:00")).await;
    let free = house.customer("Libre").await;
    let untold = house.job(&free, Some(("10:00", "12:00"))).await;
    house.at("08:30").await;
    let of = async |job: &str| {
        let board = house.board().await;
        let pool = board["pool"].as_array().unwrap().clone();
        pool.into_iter().find(|one| one["id"] == *job).unwrap_or_default()
    };
    for job in [&told, &doubted] {
        house.done("/dispatch/unassign", &json!({"job_id": job.id})).await;
    }
    house.settle().await;
    let (waits, promise) = (of(&told.id).await, of(&told.id).await["promise"].clone());
    assert_eq!(waits["visit"], Value::Null, "{waits}");
    assert_eq!(promise["start"], json!(moment("10:00")), "{waits}");
    assert_eq!(promise["end"], json!(moment("11:00")), "{waits}");
    assert_eq!(of(&untold.id).await["promise"], Value::Null, "asked for is not told");
    // Called off and told so, then wanted after all: nothing stands that the customer waits for.
    let bea = Person::named(house, "Bea").await;
    bea.does(&format!("/jobs/{}/status", doubted.id), json!({"status": "cancelled"})).await;
    assert_eq!(of(&doubted.id).await, Value::Null, "not in the pool");
    assert_eq!(house.texts_to(&doubted.phone).await.last().unwrap()["kind"], "cancelled");
    house.at("08:35").await;
    bea.undoes().await;
    assert_eq!(of(&doubted.id).await["status"], "unassigned");
    assert_eq!(of(&doubted.id).await["promise"], Value::Null);
    // Given again, it is the visit's; and a look back sees what was there.
    let at = house.now();
    house.at("08:40").await;
    house.assign(&told, &ana, "10:00").await;
    house.settle().await;
    assert_eq!(of(&told.id).await, Value::Null);
    let back = house.see(&format!("/dispatch/board?date=2026-11-23&at={at}")).await;
    let waited = back["pool"].as_array().unwrap().iter().find(|one| one["id"] == *told.id).cloned();
    assert_eq!(waited.unwrap_or_default()["promise"], promise);
}

async fn a_promise_is_over_once_somebody_was_there(house: &House) {
    let ana = house.technician("Ana").await;
    let shut = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let freed = house.promised("Roy", &ana, ("13:00", "14:00")).await;
    // Sent back and given again at the hour that was told: no second text, and another visit that keeps the promise.
    house.done("/dispatch/unassign", &json!({"job_id": shut.id})).await;
    house.assign(&shut, &ana, "10:00").await;
    house.settle().await;
    house.at("10:00").await;
    for step in ["en_route", "on_site", "no_access", "unassigned"] {
        assert_eq!(house.status(&shut.id, step).await.0, 200, "{step}");
    }
    house.done("/dispatch/unassign", &json!({"job_id": freed.id})).await;
    house.settle().await;
    let board = house.board().await;
    let pool = board["pool"].as_array().unwrap();
    let of = |job: &Job| pool.iter().find(|one| one["id"] == *job.id).unwrap()["promise"].clone();
    assert_eq!(of(&shut), Value::Null, "they were there, and nobody opened");
    assert_ne!(of(&freed), Value::Null, "nobody came");
    // Planned again, it is not measured by what was told of the visit that is over, whenever the next text leaves.
    house.assign(&shut, &ana, "15:00").await;
    let board = house.board().await;
    let visits = board["technicians"][0]["visits"].as_array().unwrap();
    let open = |one: &&Value| one["job_id"] == *shut.id && one["status"] == "planned";
    let visit = visits.iter().find(open).unwrap();
    let starts = |promise: &Value| text(&promise["start"]).contains("T10:00");
    assert!(visit["promise"].is_null() || !starts(&visit["promise"]), "{visit}");
}
