//! Bundles: jobs that are one stop. They move together or not at all, the customer hears once, and any of it is taken apart
//! at any time.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Customer, Job, Technician, text};

on_both! {
    a_bundle_moves_together_or_not_at_all at "07:00";
    of_a_bundle_a_customer_hears_once at "09:00";
    what_is_bundled_is_near_open_and_in_one_bundle at "07:00";
    a_bundle_is_one_stop_for_whoever_goes at "07:00";
    a_bundle_that_grows_or_loses_its_technician_stays_whole at "07:00";
    the_drives_of_a_whole_stop_are_warned_of at "07:00";
}

async fn bundle(house: &House, jobs: &[&Job]) -> (u16, Value) {
    let ids: Vec<&str> = jobs.iter().map(|job| job.id.as_str()).collect();
    house.post("/bundles", &json!({ "job_ids": ids })).await
}

async fn made(house: &House, jobs: &[&Job]) -> String {
    let (status, answer) = bundle(house, jobs).await;
    assert_eq!(status, 201, "{answer}");
    text(&answer["id"])
}

async fn three(house: &House, customer: &Customer) -> [Job; 3] {
    [
        house.job(customer, None).await,
        house.job(customer, None).await,
        house.job(customer, None).await,
    ]
}

/// Whose each is and when.
async fn stand(house: &House, jobs: &[&Job]) -> Vec<(Value, Value)> {
    let mut all = Vec::new();
    for job in jobs {
        let visit = house.see(&format!("/jobs/{}", job.id)).await["visit"].clone();
        all.push((visit["technician_id"].clone(), visit["start"].clone()));
    }
    all
}

fn at(who: &Technician, times: &[&str]) -> Vec<(Value, Value)> {
    times.iter().map(|time| (json!(who.id), json!(moment(time)))).collect()
}

async fn a_bundle_moves_together_or_not_at_all(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let customer = house.customer("Ruiz").await;
    let [one, two, three] = three(house, &customer).await;
    let all = [&one, &two, &three];
    // Two stand elsewhere: bundled, they come together where the first of them stands.
    house.assign(&two, &ana, "10:00").await;
    house.assign(&three, &bob, "13:00").await;
    let id = made(house, &all).await;
    assert_eq!(stand(house, &all).await, at(&ana, &["10:00", "11:00", "12:00"]));
    // Whichever is moved, the stop begins there.
    house.assign(&two, &bob, "09:00").await;
    assert_eq!(stand(house, &all).await, at(&bob, &["09:00", "10:00", "11:00"]));
    // Picked together, they go to where the first of them is put, once each.
    let pick = |job: &Job, start| json!({"job_id": job.id, "technician_id": ana.id, "start": moment(start)});
    let moves = json!({"moves": [pick(&one, "13:00"), pick(&two, "14:00"), pick(&three, "15:00")]});
    let (status, answer) = house.post("/dispatch/assign-many", &moves).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(stand(house, &all).await, at(&ana, &["13:00", "14:00", "15:00"]));
    house.assign(&two, &bob, "09:00").await;
    // One of them has no room: none moves.
    let other = house.job(&customer, None).await;
    house.assign(&other, &ana, "12:30").await;
    let (status, refused) = house.try_assign(&one, &ana, "10:00").await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.overlap")), "{refused}");
    assert_eq!(stand(house, &all).await, at(&bob, &["09:00", "10:00", "11:00"]));
    // No room in a draft either: nothing of it is put there.
    let mut draft = json!({"job_id": one.id, "technician_id": ana.id, "draft": "demain"});
    draft["start"] = json!(moment("10:00"));
    let (status, refused) = house.post("/dispatch/assign", &draft).await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.overlap")), "{refused}");
    assert_eq!(house.board().await["drafts"], json!([]));
    // Off the board together, back together, and undone together.
    assert_eq!(house.post("/dispatch/unassign", &json!({"job_id": two.id})).await.0, 200);
    for job in all {
        assert_eq!(house.see(&format!("/jobs/{}", job.id)).await["status"], "unassigned");
    }
    let (status, answer) = house.post("/dispatch/undo", &json!({})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(stand(house, &all).await, at(&bob, &["09:00", "10:00", "11:00"]));
    // Taken apart, each moves on its own; undone, they are one again.
    let gone = house.request(Method::DELETE, &format!("/bundles/{id}"));
    assert_eq!(house.answer(gone).await.0, 204);
    assert_eq!(house.get(&format!("/bundles/{id}")).await.0, 404);
    let (status, answer) = house.post("/dispatch/undo", &json!({})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(house.see(&format!("/bundles/{id}")).await["job_ids"].as_array().unwrap().len(), 3);
    assert_eq!(house.board().await["bundles"][0]["id"], json!(id));
}

async fn of_a_bundle_a_customer_hears_once(house: &House) {
    let ana = house.technician("Ana").await;
    let (ruiz, cyr) = (house.customer("Ruiz").await, house.customer("Cyr").await);
    let (one, two) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    let next_door = house.job(&cyr, None).await;
    let id = made(house, &[&one, &two, &next_door]).await;
    house.assign(&one, &ana, "10:00").await;
    house.settle().await;
    house.at("09:05").await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"], "one text for both");
    assert_eq!(house.kinds_to(&cyr.phone).await, ["visit_promised"], "the neighbour has their own");
    house.assign(&two, &ana, "13:00").await;
    house.settle().await;
    house.at("09:10").await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised", "rescheduled"]);
    // Done is said with the last of them.
    for job in [&one, &two] {
        for status in ["en_route", "on_site", "done"] {
            assert_eq!(house.status(&job.id, status).await.0, 200);
        }
        house.settle().await;
        let done = house.kinds_to(&ruiz.phone).await.iter().filter(|kind| *kind == "done").count();
        assert_eq!(done, usize::from(job.id == two.id));
    }
    let _ = id;
}

async fn what_is_bundled_is_near_open_and_in_one_bundle(house: &House) {
    let customer = house.customer("Ruiz").await;
    let [one, two, three] = three(house, &customer).await;
    let place = json!({
        "customer_id": customer.id, "address": "1, rue Loin", "lat": 45.09, "lon": -73.61,
    });
    let far = house.make("/locations", place).await;
    let body = json!({
        "customer_id": customer.id, "location_id": far["id"], "title": "Loin", "duration_min": 30,
        "priority": "normal", "skills": [],
    });
    let far = Job { id: text(&house.make("/jobs", body).await["id"]), ..one.clone() };
    let (status, refused) = bundle(house, &[&one, &far]).await;
    assert_eq!((status, &refused["code"]), (422, &json!("bundles.too_far")), "{refused}");
    for jobs in [vec![&one], vec![&one, &one]] {
        assert_eq!(bundle(house, &jobs).await.0, 422);
    }
    let unknown = json!({"job_ids": [one.id, "job_none"]});
    assert_eq!(house.post("/bundles", &unknown).await.0, 404);
    let id = made(house, &[&one, &two]).await;
    let (status, refused) = bundle(house, &[&two, &three]).await;
    assert_eq!((status, &refused["code"]), (409, &json!("bundles.bundled_already")), "{refused}");
    let held = house.see(&format!("/bundles/{id}")).await;
    let wider = json!({"job_ids": [three.id, one.id, two.id], "version": held["version"]});
    let path = format!("/bundles/{id}");
    let (status, wide) = house.answer(house.request(Method::PATCH, &path).json(&wider)).await;
    assert_eq!((status, &wide["job_ids"][0]), (200, &json!(three.id)), "{wide}");
    let (status, stale) = house.answer(house.request(Method::PATCH, &path).json(&wider)).await;
    assert_eq!((status, &stale["code"]), (409, &json!("stale_version")), "{stale}");
    // The house places nothing of it by itself.
    house.technician("Ana").await;
    let body = json!({"date": "2026-11-23", "job_ids": [one.id]});
    let planned = house.done("/dispatch/auto-assign", &body).await;
    assert_eq!(planned["assigned"], json!([]), "{planned}");
    let cancelled = house.job(&customer, None).await;
    assert_eq!(house.status(&cancelled.id, "cancelled").await.0, 200);
    let (status, refused) = bundle(house, &[&cancelled, &far]).await;
    assert_eq!((status, &refused["code"]), (422, &json!("bundles.begun")), "{refused}");
}

async fn a_bundle_is_one_stop_for_whoever_goes(house: &House) {
    let ana = house.technician("Ana").await;
    let customer = house.customer("Ruiz").await;
    let [one, two, alone] = three(house, &customer).await;
    made(house, &[&one, &two]).await;
    house.assign(&one, &ana, "10:00").await;
    house.assign(&alone, &ana, "13:00").await;
    house.settle().await;
    house.at("09:00").await;
    let link = house.link_to(&ana.phone, "/t/").await;
    let (_, page) = house.page(&link).await;
    assert!(page.contains("Un arrêt, 2 interventions") && page.contains("2 visites"), "{page}");
    let tap = format!("{link}/jobs/{}/status", one.id);
    let (status, answer) =
        house.answer(house.bare(Method::POST, &tap).json(&json!({"status": "en_route"}))).await;
    assert_eq!(status, 200, "{answer}");
    for (job, status) in [(&one, "en_route"), (&two, "en_route"), (&alone, "planned")] {
        assert_eq!(house.see(&format!("/jobs/{}", job.id)).await["status"], status);
    }
}

async fn a_bundle_that_grows_or_loses_its_technician_stays_whole(house: &House) {
    let ana = house.technician("Ana").await;
    let customer = house.customer("Ruiz").await;
    let [one, two, _] = three(house, &customer).await;
    made(house, &[&one, &two]).await;
    house.assign(&one, &ana, "10:00").await;
    let longer = house
        .request(Method::PATCH, &format!("/jobs/{}", one.id))
        .json(&json!({"duration_min": 90}));
    assert_eq!(house.answer(longer).await.0, 200);
    house.settle().await;
    assert_eq!(stand(house, &[&one, &two]).await, at(&ana, &["10:00", "11:30"]));
    // Away for the second, she is away for the stop.
    let away = json!({"start": moment("12:00"), "end": moment("16:30"), "reason": "Malade"});
    let (status, answer) = house.post(&format!("/technicians/{}/absences", ana.id), &away).await;
    assert!(status < 300, "{answer}");
    house.settle().await;
    for job in [&one, &two] {
        assert_eq!(house.see(&format!("/jobs/{}", job.id)).await["status"], "unassigned");
    }
}

async fn the_drives_of_a_whole_stop_are_warned_of(house: &House) {
    let ana = house.technician("Ana").await;
    let mut customer = house.customer("Ruiz").await;
    let (one, two) = (house.job(&customer, None).await, house.job(&customer, None).await);
    let far = json!({
        "customer_id": customer.id, "address": "1, rue Loin", "lat": 45.5, "lon": -73.61,
    });
    customer.location = text(&house.make("/locations", far).await["id"]);
    let next = house.job(&customer, None).await;
    house.assign(&next, &ana, "12:00").await;
    made(house, &[&one, &two]).await;
    // The first hour of two ends an hour before the next visit, the stop only when that begins.
    for job in [&one, &two] {
        let placed = house.assign(job, &ana, "10:00").await;
        let heard = placed["warnings"]["en"].as_array().unwrap();
        assert_eq!(heard.len(), 1, "{placed}");
        let words = text(&heard[0]);
        assert!(words.contains("to the next visit, 0 min available"), "{placed}");
    }
    assert_eq!(stand(house, &[&one, &two]).await, at(&ana, &["10:00", "11:00"]));
    // Where it stands itself it is in nobody's way, and a drive that has the time is no word worth.
    let placed = house.assign(&two, &ana, "08:45").await;
    assert_eq!(placed["warnings"]["en"], json!([]), "{placed}");
}
