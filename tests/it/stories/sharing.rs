//! Fair shares: who works in the evening, at weekends and holidays and far from home is counted the same for everybody, and each
//! technician sees their own beside the mean.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    evenings_weekends_holidays_and_far_jobs_are_counted at "09:50";
    a_technician_sees_their_own_share_and_nobody_else_s at "09:50";
    what_no_days_are_is_refused at "09:50";
}

async fn put(house: &House, job: &Job, to: &Technician, start: &str) {
    let body = json!({
        "job_id": job.id, "technician_id": to.id, "start": moment(start), "override": ["shift"],
    });
    house.done("/dispatch/assign", &body).await;
    house.settle().await;
}

async fn of(house: &House, query: &str, who: &Technician) -> Value {
    let answer = house.see(&format!("/dispatch/fairness{query}")).await;
    let items = answer["items"].as_array().unwrap();
    items.iter().find(|one| one["technician_id"] == who.id).unwrap().clone()
}

async fn evenings_weekends_holidays_and_far_jobs_are_counted(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.customer("Ruiz").await;
    let mut jobs = Vec::new();
    for start in ["10:00", "16:30", "2026-11-28T10:00", "2026-12-25T18:30"] {
        let job = house.job(&ruiz, None).await;
        put(house, &job, &ana, start).await;
        jobs.push(job);
    }
    let far = json!({
        "customer_id": ruiz.id, "address": "1, rue Principale, Québec", "lat": 46.81, "lon": -71.21,
    });
    let place = house.make("/locations", far).await;
    let body = json!({
        "customer_id": ruiz.id, "location_id": place["id"], "title": "Loin", "duration_min": 60,
        "priority": "normal", "skills": [],
    });
    let job = house.make("/jobs", body).await;
    let body = json!({
        "job_id": job["id"], "technician_id": ana.id, "start": moment("2026-11-24T12:00"),
    });
    house.done("/dispatch/assign", &body).await;
    let gone = house.job(&ruiz, None).await;
    put(house, &gone, &ana, "2026-11-29T10:00").await;
    house.done("/dispatch/unassign", &json!({"job_id": gone.id})).await;
    house.settle().await;
    let all = of(house, "?from=2026-11-23&to=2026-12-31", &ana).await;
    let counted = json!({
        "technician_id": ana.id, "technician_name": "Ana Roy",
        "evening_min": 30 + 60, "evening_visits": 2, "weekend_min": 120, "weekend_visits": 2,
        "far_visits": 1, "work_min": 300, "visits": 5,
    });
    assert_eq!(all, counted);
    let none = of(house, "?from=2026-11-23&to=2026-12-31", &bob).await;
    assert_eq!((&none["visits"], &none["evening_min"]), (&json!(0), &json!(0)));
    // Left out, it is four weeks up to this week's Sunday: Christmas is not yet among them.
    let answer = house.see("/dispatch/fairness").await;
    assert_eq!((&answer["from"], &answer["to"]), (&json!("2026-11-02"), &json!("2026-11-29")));
    assert_eq!((&answer["evening_from"], &answer["far_min"]), (&json!("17:00"), &json!(45)));
    assert_eq!(of(house, "", &ana).await["visits"], json!(4));
}

async fn a_technician_sees_their_own_share_and_nobody_else_s(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    put(house, &job, &ana, "18:00").await;
    let link = house.link_to(&ana.phone, "/t/").await;
    let (status, page) = house.page(&link).await;
    assert_eq!(status, 200);
    assert!(page.contains("Votre part") && page.contains("data-share=\"evening\""), "{page}");
    assert!(!page.contains("Bob"), "nobody else's");
    let (_, state) = house.answer(house.bare(Method::GET, &format!("{link}/state"))).await;
    let share = &state["share"];
    assert_eq!(
        (&share["evening_visits"], &share["mean_tenths"]["evening_visits"]),
        (&json!(1), &json!(5))
    );
    assert!(!text(&json!(state.to_string())).contains(&bob.id), "{state}");
}

async fn what_no_days_are_is_refused(house: &House) {
    house.technician("Ana").await;
    for query in ["?from=2026-11-24&to=2026-11-23", "?from=2026-01-01&to=2026-12-31"] {
        assert_eq!(house.get(&format!("/dispatch/fairness{query}")).await.0, 422, "{query}");
    }
}
