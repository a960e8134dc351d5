//! Undo of what waits for somebody: held slots, offers, proposals, texts that have not left. And what can never be taken back.

use reqwest::Method;
use serde_json::{Value, json};

use super::taking_back::Person;
use crate::harness::house::{House, moment, on_both};
use crate::harness::people::text;

on_both! {
    held_slots_offers_and_proposals_have_a_way_back at "09:50" with undo_seconds = "60";
    a_thread_lies_where_it_lay_and_what_was_written_has_left at "09:00" with undo_seconds = "60";
    what_can_never_be_taken_back_says_why_and_stands_in_nobodys_way at "09:00" with undo_seconds = "60";
}

async fn held_slots_offers_and_proposals_have_a_way_back(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let slot =
        json!({"job_id": job.id, "technician_id": ana.id, "start": moment("13:00"), "minutes": 30});
    let hold = bea.does("/dispatch/holds", slot).await;
    let holds = async || house.see("/dispatch/holds").await["items"].as_array().unwrap().len();
    bea.undoes().await;
    assert_eq!(holds().await, 0);
    bea.redoes().await;
    assert_eq!(holds().await, 1);
    let path = format!("/dispatch/holds/{}", text(&hold["id"]));
    assert!(bea.asks(Method::DELETE, &path, &json!({})).await.0 < 300);
    bea.undoes().await;
    assert_eq!(house.see("/dispatch/holds").await["items"], json!([hold]), "the very same slot");
    assert!(bea.asks(Method::DELETE, &path, &json!({})).await.0 < 300);
    // Somebody has the time since: the slot does not come back over them.
    let other = house.job(&ruiz, None).await;
    house.assign(&other, &ana, "13:10").await;
    let (status, refused) = bea.undo().await;
    assert_eq!((status, &refused["code"]), (409, &json!("undo.no_way_back")), "{refused}");
    // An offer is withdrawn before anybody read of it.
    let offer = bea.does("/offers", json!({"job_id": job.id, "waves": [[luc.id]]})).await;
    bea.undoes().await;
    let offer = house.see(&format!("/offers/{}", text(&offer["id"]))).await;
    assert_eq!(offer["state"], "withdrawn");
    house.at("09:55").await;
    let states: Vec<Value> =
        house.texts_to(&luc.phone).await.iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["recalled"]);
    let (status, refused) = bea.asks(Method::POST, "/dispatch/redo", &json!({})).await;
    assert_eq!((status, &refused["code"]), (409, &json!("undo.never")), "{refused}");
    // A proposal that was dismissed stands again, and one that was accepted is taken back with its visits.
    let urgent = json!({"customer_id": ruiz.id, "location_id": ruiz.location, "title": "Câble coupé",
        "duration_min": 60, "priority": "urgent"});
    house.make("/jobs", urgent).await;
    house.settle().await;
    let proposals =
        async || house.see("/dispatch/proposals?date=2026-11-23").await["items"].clone();
    let shown = proposals().await;
    let id = text(&shown[0]["id"]);
    bea.does(&format!("/dispatch/proposals/{id}/dismiss"), json!({})).await;
    assert_eq!(proposals().await, json!([]));
    let undone = bea.undoes().await;
    assert_eq!(undone["what"]["en"], "Proposal");
    assert_eq!(proposals().await, shown);
    bea.does(&format!("/dispatch/proposals/{id}/accept"), json!({})).await;
    let fresh = |change: &&Value| change["before"].is_null();
    let placed = shown[0]["changes"].as_array().unwrap().iter().find(fresh).unwrap();
    let placed = text(&placed["job_id"]);
    assert_eq!(house.see(&format!("/jobs/{placed}")).await["status"], "planned");
    bea.undoes().await;
    assert_eq!(house.see(&format!("/jobs/{placed}")).await["status"], "unassigned");
}

async fn a_thread_lies_where_it_lay_and_what_was_written_has_left(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let ruiz = house.customer("Ruiz").await;
    let thread = bea.does("/conversations", json!({"customer_id": ruiz.id})).await;
    let path = format!("/conversations/{}", text(&thread["id"]));
    let lies = async || {
        let now = house.see(&path).await;
        (now["open"].clone(), now["snoozed_until"].clone(), now["assignee"].clone())
    };
    let opened = lies().await;
    bea.does(&format!("{path}/assign"), json!({"assignee": "Max"})).await;
    bea.undoes().await;
    assert_eq!(lies().await, opened);
    bea.does(&format!("{path}/snooze"), json!({"until": moment("11:00")})).await;
    bea.undoes().await;
    assert_eq!(lies().await, opened);
    bea.redoes().await;
    assert_eq!(lies().await.0, false);
    bea.undoes().await;
    bea.does(&format!("{path}/close"), json!({})).await;
    let undone = bea.undoes().await;
    assert!(text(&undone["what"]["fr"]).ends_with("fermée"), "{undone}");
    assert_eq!(lies().await, opened);
    // What was written has left: undo says so, and passes it over to what was done before.
    bea.does(&format!("{path}/close"), json!({})).await;
    bea.does("/send/sms", json!({"to": ruiz.phone, "body": "À demain, dix heures."})).await;
    let act = bea.history().await["undo"][0].clone();
    assert!(text(&act["what"]["fr"]).contains("À demain, dix heures."), "{act}");
    let (status, refused) =
        bea.asks(Method::POST, "/dispatch/undo", &json!({"act": act["act"]})).await;
    assert_eq!((status, &refused["code"]), (409, &json!("undo.never")), "{refused}");
    assert_eq!(house.texts_to(&ruiz.phone).await[0]["state"], "sandboxed");
}

async fn what_can_never_be_taken_back_says_why_and_stands_in_nobodys_way(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let (ana, ruiz) = (house.technician("Ana").await, house.customer("Ruiz").await);
    let (moved, offered) =
        (house.job(&ruiz, None).await, house.job(&ruiz, Some(("13:00", "15:00"))).await);
    bea.does(
        "/dispatch/assign",
        json!({"job_id": moved.id, "technician_id": ana.id, "start": moment("10:00")}),
    )
    .await;
    let offer = bea.does("/offers", json!({"job_id": offered.id, "waves": [[ana.id]]})).await;
    bea.does(&format!("/offers/{}/withdraw", text(&offer["id"])), json!({})).await;
    let history = bea.history().await;
    let why = &history["undo"][0]["blocked"]["never"];
    assert!(text(&why["fr"]).contains("Offrez l'intervention de nouveau"), "{history}");
    let withdrawal = json!({"act": history["undo"][0]["act"]});
    let (status, refused) = bea.asks(Method::POST, "/dispatch/undo", &withdrawal).await;
    assert_eq!((status, &refused["code"]), (409, &json!("undo.never")), "{refused}");
    assert_eq!(refused["detail_en"], why["en"]);
    // The offer is over, so undoing that it was made says so; the move before it has its way back.
    let visit = json!({"act": house.see(&format!("/jobs/{}", moved.id)).await["version"]});
    let (status, undone) = bea.asks(Method::POST, "/dispatch/undo", &visit).await;
    assert_eq!(status, 200, "{undone}");
    assert_eq!(house.see(&format!("/jobs/{}", moved.id)).await["status"], "unassigned");
}
