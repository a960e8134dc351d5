//! What is undone is said to nobody: not by a text that several jobs share, and not to technicians either. Whoever read of it
//! is corrected by a draft; whom no text reached is not. And undo is exact, named, and never in its own way.

use reqwest::Method;
use serde_json::{Value, json};

use super::taking_back::{Person, at, put, said, stands, states};
use crate::harness::house::{House, on_both};
use crate::harness::people::text;

on_both! {
    a_text_of_several_jobs_loses_the_one_that_is_undone at "09:00" with undo_seconds = "60";
    a_plan_that_is_undone_in_time_leaves_no_text_behind at "09:00" with undo_seconds = "60";
    whoever_read_of_a_visit_that_is_undone_gets_a_draft_that_it_is_off at "09:00" with undo_seconds = "60";
    a_helper_who_read_of_it_and_goes_no_more_gets_a_draft at "09:00" with undo_seconds = "60";
    a_correction_says_so_and_an_hour_that_is_gone_cancels_nothing at "09:00" with undo_seconds = "60";
    what_failed_to_leave_was_not_told at "09:00" with undo_seconds = "60";
    a_correction_is_spoken_of_only_where_one_was_drafted at "09:00" with undo_seconds = "60";
    an_edit_and_the_place_of_a_visit_are_undone_in_any_order at "09:00" with undo_seconds = "60";
}

async fn edited(bea: &Person<'_>, job: &str, body: Value) -> Value {
    let (status, answer) = bea.asks(Method::PATCH, &format!("/jobs/{job}"), &body).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

async fn a_text_of_several_jobs_loses_the_one_that_is_undone(house: &House) {
    let ana = house.technician("Ana").await;
    let jobs = [
        house.job(&house.customer("Ruiz").await, None).await,
        house.job(&house.customer("Cyr").await, None).await,
        house.job(&house.customer("Roy").await, None).await,
    ];
    let bea = Person::named(house, "Bea").await;
    for (job, start) in jobs.iter().zip(["10:00", "11:30", "13:00"]) {
        bea.does("/dispatch/assign", put(&job.id, &ana.id, start)).await;
    }
    let body = async || text(&house.texts_to(&ana.phone).await[0]["body"]);
    assert!(body().await.contains("3 interventions nouvelles ou déplacées"), "{}", body().await);
    bea.undoes().await;
    assert!(body().await.contains("2 interventions"), "{}", body().await);
    bea.undoes().await;
    let left = body().await;
    assert!(left.contains("10 h") && !left.contains("interventions"), "as if alone: {left}");
    bea.redoes().await;
    assert!(body().await.contains("2 interventions"), "{}", body().await);
    // The first of them goes, the other stays and leaves.
    bea.does("/dispatch/unassign", json!({"job_id": jobs[0].id})).await;
    let left = body().await;
    assert!(left.contains("11 h 30") && !left.contains("interventions"), "{left}");
    house.at("09:05").await;
    assert_eq!(states(house, &ana.phone).await, [said("job_assigned", "sandboxed")]);
    // What was taken back before it left was told to nobody, and is told where it comes again.
    bea.undoes().await;
    house.at("09:10").await;
    let texts = states(house, &ana.phone).await;
    assert_eq!(texts, [said("job_assigned", "sandboxed"), said("job_assigned", "sandboxed")]);
}

async fn a_plan_that_is_undone_in_time_leaves_no_text_behind(house: &House) {
    let ana = house.technician("Ana").await;
    let hers = house.job(&house.customer("Ruiz").await, None).await;
    let fresh = house.job(&house.customer("Cyr").await, None).await;
    let bea = Person::named(house, "Bea").await;
    bea.does("/dispatch/assign", put(&hers.id, &ana.id, "10:00")).await;
    house.at("09:05").await;
    let plan =
        json!({"moves": [put(&hers.id, &ana.id, "12:00"), put(&fresh.id, &ana.id, "10:00")]});
    bea.does("/dispatch/assign-many", plan).await;
    let merged = text(&house.texts_to(&ana.phone).await[1]["body"]);
    assert!(merged.contains("2 interventions nouvelles ou déplacées"), "one was hers: {merged}");
    assert_eq!(bea.undoes().await["late"], false);
    house.at("09:15").await;
    let texts = states(house, &ana.phone).await;
    assert_eq!(texts, [said("job_assigned", "sandboxed"), said("job_assigned", "recalled")]);
    assert_eq!(house.see("/outbox?state=drafted").await["items"], json!([]));
    // Another text of the same breath stays whole: only what was undone is taken out of it.
    let other = house.job(&house.customer("Roy").await, None).await;
    bea.does("/dispatch/assign", put(&fresh.id, &ana.id, "14:00")).await;
    bea.does("/dispatch/assign", put(&other.id, &ana.id, "12:00")).await;
    bea.does("/dispatch/assign", put(&hers.id, &ana.id, "10:30")).await;
    bea.undoes().await;
    house.at("09:20").await;
    let left = text(&house.texts_to(&ana.phone).await[2]["body"]);
    assert!(left.contains("2 interventions"), "{left}");
}

async fn drafted(house: &House) -> Vec<Value> {
    house.see("/outbox?state=drafted").await["items"].as_array().unwrap().clone()
}

async fn whoever_read_of_a_visit_that_is_undone_gets_a_draft_that_it_is_off(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let jobs = [
        house.job(&house.customer("Ruiz").await, None).await,
        house.job(&house.customer("Cyr").await, None).await,
    ];
    let bea = Person::named(house, "Bea").await;
    let both =
        json!({"moves": [put(&jobs[0].id, &luc.id, "10:00"), put(&jobs[1].id, &luc.id, "13:00")]});
    bea.does("/dispatch/assign-many", both).await;
    house.at("09:05").await;
    assert_eq!(bea.undoes().await["late"], true);
    let to_luc: Vec<Value> =
        drafted(house).await.into_iter().filter(|item| item["to"] == *luc.phone).collect();
    assert_eq!(to_luc.len(), 1, "one draft for both: {to_luc:?}");
    assert_eq!(to_luc[0]["kind"], "job_taken_off");
    assert!(text(&to_luc[0]["body"]).contains("2 visites retirées"), "{to_luc:?}");
    // Done again before anybody approved: what he read holds, and the draft says one less.
    bea.redoes().await;
    assert!(drafted(house).await.iter().all(|item| item["to"] != *luc.phone));
    bea.undoes().await;
    let draft = drafted(house).await.into_iter().find(|item| item["to"] == *luc.phone).unwrap();
    bea.does(&format!("/outbox/{}/approve", text(&draft["id"])), json!({})).await;
    house.at("09:10").await;
    assert!(states(house, &luc.phone).await.contains(&said("job_taken_off", "sandboxed")));
    // He knows that he does not go; where he does again, he is told.
    bea.does("/dispatch/assign", put(&jobs[0].id, &luc.id, "10:00")).await;
    house.at("09:15").await;
    let texts = states(house, &luc.phone).await;
    assert_eq!(texts.last(), Some(&said("job_assigned", "sandboxed")), "{texts:?}");
    // From one hand to another: who has it no more hears of it as well as who has it again.
    bea.does("/dispatch/assign", put(&jobs[0].id, &ana.id, "11:00")).await;
    house.at("09:20").await;
    bea.undoes().await;
    let to_ana = drafted(house).await.into_iter().find(|item| item["to"] == *ana.phone).unwrap();
    assert_eq!(to_ana["kind"], "job_taken_off");
    assert!(text(&to_ana["body"]).contains("vous n'allez plus"), "{to_ana}");
}

async fn a_helper_who_read_of_it_and_goes_no_more_gets_a_draft(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let job = house.job(&house.customer("Boyer").await, None).await;
    let bea = Person::named(house, "Bea").await;
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "14:00")).await;
    house.at("09:05").await;
    let mut along = put(&job.id, &ana.id, "14:00");
    along["assistants"] = json!([luc.id]);
    bea.does("/dispatch/assign", along).await;
    let act = bea.history().await["undo"][0]["what"].clone();
    assert_eq!(act["fr"], "Lundi 14 h : visite chez Boyer (Luc Roy accompagne)");
    assert_eq!(act["en"], "Monday 14:00: visit to Boyer (Luc Roy goes along)");
    house.at("09:10").await;
    assert_eq!(states(house, &luc.phone).await, [said("crew_assigned", "sandboxed")]);
    let undone = bea.undoes().await;
    assert_eq!((&undone["what"], &undone["late"]), (&act, &json!(true)), "{undone}");
    let drafts = drafted(house).await;
    assert_eq!(drafts.len(), 1, "nobody else read anything new: {drafts:?}");
    assert_eq!(
        (&drafts[0]["kind"], &drafts[0]["to"]),
        (&json!("job_taken_off"), &json!(luc.phone))
    );
}

async fn a_correction_says_so_and_an_hour_that_is_gone_cancels_nothing(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    let bea = Person::named(house, "Bea").await;
    let to_ruiz = async || {
        let of_ruiz = |item: &Value| item["to"] == *ruiz.phone;
        drafted(house).await.into_iter().find(of_ruiz).unwrap_or_default()
    };
    let last = async || text(&house.texts_to(&ruiz.phone).await.last().unwrap()["body"]);
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "10:00")).await;
    house.at("09:05").await;
    assert!(!last().await.contains("correction"), "{}", last().await);
    bea.undoes().await;
    let draft = to_ruiz().await;
    let body = text(&draft["body"]);
    assert_eq!(draft["kind"], "hour_gone", "it waits to be planned again: {draft}");
    assert!(body.contains(", correction : l'heure annoncée pour le lun. 23 nov."), "{body}");
    assert!(!body.contains("annulée"), "{body}");
    // Done again before anybody approved: what was read holds, and nothing is said.
    bea.redoes().await;
    assert_eq!(to_ruiz().await, Value::Null);
    bea.undoes().await;
    bea.does(&format!("/outbox/{}/approve", text(&to_ruiz().await["id"])), json!({})).await;
    house.at("09:10").await;
    assert_eq!(states(house, &ruiz.phone).await.last(), Some(&said("hour_gone", "sandboxed")));
    let page = house.link_to(&ruiz.phone, "/track/").await;
    let shown = house.page(&page).await.1;
    assert!(shown.contains("L’heure de la visite vous sera dite par texto."), "{shown}");
    assert_eq!(house.board().await["pool"][0]["promise"], Value::Null, "nothing stands");
    // The new hour that was announced is told, and corrects nothing.
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "14:00")).await;
    house.at("09:15").await;
    assert_eq!(states(house, &ruiz.phone).await.last(), Some(&said("visit_promised", "sandboxed")));
    assert!(!last().await.contains("correction"), "{}", last().await);
    // Moved too late to be taken back unread: the way back corrects, to the customer and to whoever goes.
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "15:00")).await;
    house.at("09:20").await;
    bea.undoes().await;
    let body = text(&to_ruiz().await["body"]);
    assert!(body.contains(", correction : visite reportée au lun. 23 nov. entre 14 h"), "{body}");
    let to_ana = drafted(house).await.into_iter().find(|item| item["to"] == *ana.phone).unwrap();
    assert!(text(&to_ana["body"]).contains(", correction :"), "{to_ana}");
    // Nobody comes at all: that is a cancellation, and the correction that waited is over.
    bea.does(&format!("/jobs/{}/status", job.id), json!({"status": "cancelled"})).await;
    house.at("09:25").await;
    let texts = states(house, &ruiz.phone).await;
    assert_eq!(texts.last(), Some(&said("cancelled", "sandboxed")), "{texts:?}");
    assert_eq!(to_ruiz().await, Value::Null);
}

async fn what_failed_to_leave_was_not_told(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    let bea = Person::named(house, "Bea").await;
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "10:00")).await;
    // By the time the house sends, the hour that it would promise is over.
    house.at("11:30").await;
    assert_eq!(states(house, &ruiz.phone).await[0], said("visit_promised", "failed"));
    assert_eq!(bea.undoes().await["late"], false);
    assert_eq!(
        drafted(house).await,
        Vec::<Value>::new(),
        "nobody was told, so nobody is corrected"
    );
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "14:00")).await;
    house.at("11:35").await;
    let texts = states(house, &ruiz.phone).await;
    assert_eq!(
        texts.last(),
        Some(&said("visit_promised", "sandboxed")),
        "the first word: {texts:?}"
    );
}

async fn a_correction_is_spoken_of_only_where_one_was_drafted(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let bea = Person::named(house, "Bea").await;
    bea.does("/materials", json!({"name": "Nacelle 1", "kind": "nacelle"})).await;
    let wanted = json!({"title": "Poser", "customer_id": ruiz.id, "location_id": ruiz.location, "duration_min": 60});
    let job = text(&bea.does("/jobs", wanted).await["id"]);
    let mut draft = put(&job, &ana.id, "10:00");
    draft["draft"] = json!("demain");
    bea.does("/dispatch/assign", draft).await;
    edited(&bea, &job, json!({"duration_min": 90})).await;
    house.at("09:30").await;
    for _ in 0..4 {
        let undone = bea.undoes().await;
        assert_eq!(undone["late"], false, "no text of it ever was: {undone}");
    }
}

async fn an_edit_and_the_place_of_a_visit_are_undone_in_any_order(house: &House) {
    let ana = house.technician("Ana").await;
    let job = house.job(&house.customer("Ruiz").await, None).await;
    let duration = async || house.see(&format!("/jobs/{}", job.id)).await["duration_min"].clone();
    let first = duration().await;
    let (bea, max) = (Person::named(house, "Bea").await, Person::named(house, "Max").await);
    let placed = bea.does("/dispatch/assign", put(&job.id, &ana.id, "10:00")).await;
    let longer = edited(&bea, &job.id, json!({"duration_min": 120})).await;
    // The visit that the board made longer is nobody's later change.
    assert_eq!(bea.history().await["undo"][1]["blocked"], Value::Null);
    let (status, undone) =
        bea.asks(Method::POST, "/dispatch/undo", &json!({"act": longer["version"]})).await;
    assert_eq!(status, 200, "{undone}");
    assert_eq!(duration().await, first);
    // The next is the act before, and not the undo.
    bea.undoes().await;
    assert_eq!(stands(house, &job.id).await.0, "unassigned");
    assert_eq!(bea.undo().await.0, 404);
    bea.redoes().await;
    bea.redoes().await;
    assert_eq!(
        (stands(house, &job.id).await.1, duration().await),
        (at(&ana.id, "10:00"), json!(120))
    );
    // The older of the two first, then the newer.
    let body = json!({"act": placed["version"]});
    let (status, undone) = bea.asks(Method::POST, "/dispatch/undo", &body).await;
    assert_eq!(status, 200, "{undone}");
    assert_eq!(
        (stands(house, &job.id).await.0, duration().await),
        ("unassigned".into(), json!(120))
    );
    bea.undoes().await;
    assert_eq!(duration().await, first);
    // What somebody else edited is in the way, by their name and not by that of the board that followed.
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "10:00")).await;
    edited(&max, &job.id, json!({"duration_min": 100})).await;
    let (status, refused) = bea.undo().await;
    assert_eq!((status, &refused["changed_by"]), (409, &json!("Max")), "{refused}");
    assert!(!text(&refused["detail_fr"]).contains("house"), "{refused}");
}
