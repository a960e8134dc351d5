//! Materials: a lift is booked like a person, is in one place at a time, and stays where it is taken along.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};
use crate::harness::races::one_has_it;

on_both! {
    a_material_is_kept_edited_and_taken_away at "07:00";
    a_lift_is_booked_like_a_person at "07:00";
    what_is_booked_moves_along_and_comes_back_with_an_undo at "07:00";
    one_lift_that_many_want_is_in_one_place at "07:00";
    what_a_draft_takes_along_is_taken_along_when_it_is_published at "07:00";
}

async fn lift(house: &House, name: &str) -> String {
    text(&house.make("/materials", json!({"name": name, "kind": "Nacelle"})).await["id"])
}

async fn patch(house: &House, path: &str, body: Value) -> (u16, Value) {
    house.answer(house.request(Method::PATCH, path).json(&body)).await
}

fn wish(job: &Job, lead: &Technician, start: &str, materials: &[&str]) -> Value {
    json!({
        "job_id": job.id, "technician_id": lead.id, "start": moment(start), "materials": materials,
    })
}

async fn asked(house: &House, body: &Value) -> (u16, Value) {
    house.post("/dispatch/assign", body).await
}

async fn a_material_is_kept_edited_and_taken_away(house: &House) {
    let made = house.make("/materials", json!({"name": "Nacelle 1", "external_id": "N1"})).await;
    assert_eq!((&made["available"], &made["out_of_service"]), (&json!(true), &json!([])));
    let path = format!("/materials/{}", text(&made["id"]));
    assert!(text(&made["id"]).starts_with("mat_"), "{made}");
    let (status, refused) = house.post("/materials", &json!({"name": "NACELLE 1"})).await;
    assert_eq!((status, &refused["code"]), (409, &json!("materials.name_taken")), "{refused}");
    let upside = json!({"out_of_service": [{"start": moment("12:00"), "end": moment("10:00")}]});
    assert_eq!(patch(house, &path, upside).await.0, 422);
    let (status, edited) =
        patch(house, &path, json!({"name": "Nacelle A", "version": made["version"]})).await;
    assert_eq!((status, &edited["name"]), (200, &json!("Nacelle A")), "{edited}");
    let (status, stale) =
        patch(house, &path, json!({"name": "Nacelle B", "version": made["version"]})).await;
    assert_eq!((status, &stale["code"]), (409, &json!("stale_version")), "{stale}");
    assert_eq!(stale["current"]["name"], "Nacelle A");
    assert_eq!(house.board().await["materials"][0]["name"], "Nacelle A");
    assert_eq!(house.see("/materials").await["items"].as_array().unwrap().len(), 1);
    let (status, _) = house.answer(house.request(Method::DELETE, &path)).await;
    assert_eq!(status, 204);
    assert_eq!(house.get(&path).await.0, 404);
    // What was taken away comes back under its own id.
    let (status, answer) = house.post("/dispatch/undo", &json!({})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(house.see(&path).await["name"], "Nacelle A");
}

async fn a_lift_is_booked_like_a_person(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let (lift, splicer) = (lift(house, "Nacelle").await, lift(house, "Fusionneuse").await);
    let customer = house.customer("Ruiz").await;
    let (one, two) = (house.job(&customer, None).await, house.job(&customer, None).await);
    let (status, made) = asked(house, &wish(&one, &ana, "10:00", &[&lift, &splicer])).await;
    assert_eq!((status, &made["visit"]["materials"]), (200, &json!([lift, splicer])), "{made}");
    let (status, refused) = asked(house, &wish(&two, &bob, "10:30", &[&lift])).await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.material_taken")), "{refused}");
    assert!(text(&refused["detail"]).contains("Nacelle"), "{refused}");
    assert_eq!(asked(house, &wish(&two, &bob, "11:00", &[&lift])).await.0, 200);
    // Out of service is out of service, whoever asks.
    let out = json!({"out_of_service": [{"start": moment("13:00"), "end": moment("15:00")}]});
    assert_eq!(patch(house, &format!("/materials/{lift}"), out).await.0, 200);
    let (status, refused) = asked(house, &wish(&two, &bob, "14:00", &[&lift])).await;
    assert_eq!((status, &refused["code"]), (422, &json!("board.material_out")), "{refused}");
    // What a visit takes along is not deleted, and says by how many.
    let (status, refused) =
        house.answer(house.request(Method::DELETE, &format!("/materials/{lift}"))).await;
    assert_eq!((status, &refused["code"]), (409, &json!("materials.in_use")), "{refused}");
    assert_eq!(refused["visits"], 2);
    for (materials, pointer) in
        [(vec![lift.as_str(); 2], "/materials/1"), (vec![lift.as_str(); 11], "/materials")]
    {
        let (status, problem) = asked(house, &wish(&two, &bob, "11:00", &materials)).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    assert_eq!(asked(house, &wish(&two, &bob, "11:00", &["mat_none"])).await.0, 404);
    // Over, it is free again.
    for status in ["en_route", "on_site", "done"] {
        assert_eq!(house.status(&two.id, status).await.0, 200);
    }
    let three = house.job(&customer, None).await;
    assert_eq!(asked(house, &wish(&three, &bob, "11:00", &[&lift])).await.0, 200);
}

async fn what_is_booked_moves_along_and_comes_back_with_an_undo(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let lift = lift(house, "Nacelle").await;
    let job = house.job(&house.customer("Ruiz").await, None).await;
    assert_eq!(asked(house, &wish(&job, &ana, "10:00", &[&lift])).await.0, 200);
    let moved = house.assign(&job, &bob, "13:00").await;
    assert_eq!(moved["visit"]["materials"], json!([lift]), "left out is left as it is");
    assert_eq!(asked(house, &wish(&job, &bob, "13:00", &[])).await.0, 200);
    house.settle().await;
    let (status, answer) = house.post("/dispatch/undo", &json!({})).await;
    assert_eq!(status, 200, "{answer}");
    let now = house.see(&format!("/jobs/{}", job.id)).await;
    assert_eq!(now["visit"]["materials"], json!([lift]), "{now}");
    // Off the board and back, it is free in between.
    let off = json!({"job_id": job.id});
    assert_eq!(house.post("/dispatch/unassign", &off).await.0, 200);
    let other = house.job(&house.customer("Cyr").await, None).await;
    assert_eq!(asked(house, &wish(&other, &ana, "13:00", &[&lift])).await.0, 200);
    let (status, refused) = house.post("/dispatch/undo", &json!({"seq": 1})).await;
    assert!(status >= 400, "{refused}");
}

async fn one_lift_that_many_want_is_in_one_place(house: &House) {
    let lift = lift(house, "Nacelle").await;
    let code = "board.material_taken";
    one_has_it(house, code, |job, lead, hour| wish(job, lead, hour, &[&lift])).await;
}

async fn what_a_draft_takes_along_is_taken_along_when_it_is_published(house: &House) {
    let ana = house.technician("Ana").await;
    let job = house.job(&house.customer("Ruiz").await, None).await;
    let one = lift(house, "Nacelle 1").await;
    let mut drafted = wish(&job, &ana, "10:00", &[&one]);
    drafted["draft"] = json!("demain");
    assert_eq!(asked(house, &drafted).await.0, 200);
    let publish = json!({"date": "2026-11-23", "draft": "demain"});
    let published = house.done("/dispatch/publish", &publish).await;
    assert_eq!(published["published"].as_array().unwrap().len(), 1, "{published}");
    let visit = house.see(&format!("/jobs/{}", job.id)).await["visit"].clone();
    assert_eq!((&visit["technician_id"], &visit["materials"]), (&json!(ana.id), &json!([one])));
}
