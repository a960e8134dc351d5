//! Several technicians on one job: one leads, others go along, all are there for all of it, and the customer hears once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};
use crate::harness::races::one_has_it;

on_both! {
    a_crew_arrives_together_or_not_at_all at "07:00";
    the_customer_hears_once_and_everybody_who_goes_hears at "09:00";
    whoever_goes_along_is_busy_for_everything_that_plans at "07:00";
    an_assistant_who_falls_ill_leaves_the_crew_and_undo_brings_them_back at "07:00";
    an_assistant_sees_the_stop_and_may_tap at "07:00";
    a_crew_is_drafted_published_and_taken_back_whole at "07:00";
    one_assistant_whom_many_want_is_in_one_place at "07:00";
}

/// An assignment with a crew.
fn wish(job: &Job, lead: &Technician, start: &str, along: &[&Technician]) -> Value {
    let along: Vec<&str> = along.iter().map(|one| one.id.as_str()).collect();
    json!({"job_id": job.id, "technician_id": lead.id, "start": moment(start), "assistants": along})
}

async fn asked(house: &House, body: &Value) -> (u16, Value) {
    house.post("/dispatch/assign", body).await
}

async fn done(house: &House, body: &Value) -> Value {
    let (status, answer) = asked(house, body).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

async fn three(house: &House) -> [Technician; 3] {
    [house.technician("Ana").await, house.technician("Bob").await, house.technician("Luc").await]
}

async fn for_two(house: &House, name: &str) -> Job {
    let customer = house.customer(name).await;
    let job = house.job(&customer, None).await;
    let body = json!({"crew_size": 2});
    let (status, answer) =
        house.answer(house.request(Method::PATCH, &format!("/jobs/{}", job.id)).json(&body)).await;
    assert_eq!((status, &answer["crew_size"]), (200, &json!(2)), "{answer}");
    job
}

async fn a_crew_arrives_together_or_not_at_all(house: &House) {
    let [ana, bob, luc] = three(house).await;
    let job = for_two(house, "Ruiz").await;
    let other = house.job(&house.customer("Cyr").await, None).await;
    house.assign(&other, &bob, "10:30").await;
    let (status, refused) = asked(house, &wish(&job, &ana, "10:00", &[&bob])).await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.overlap")), "{refused}");
    assert!(text(&refused["detail"]).contains("Bob"), "names the one in the way: {refused}");
    let (status, refused) = asked(house, &wish(&job, &ana, "16:00", &[&luc])).await;
    assert_eq!((status, &refused["code"]), (422, &json!("board.outside_shift")), "{refused}");
    let made = done(house, &wish(&job, &ana, "11:30", &[&bob, &luc])).await;
    assert_eq!(made["visit"]["assistants"], json!([bob.id, luc.id]));
    // Whoever goes along is busy then, and the one in the way is named.
    let (status, refused) = house.try_assign(&other, &luc, "12:00").await;
    assert_eq!(status, 409, "{refused}");
    assert!(text(&refused["detail"]).contains("Luc"), "{refused}");
    // A move takes all of them along, judged at the new hour.
    let (status, refused) = house.try_assign(&job, &ana, "11:00").await;
    assert_eq!(status, 409, "{refused}");
    let moved = house.assign(&job, &ana, "13:00").await;
    assert_eq!(moved["visit"]["assistants"], json!([bob.id, luc.id]));
    // An assistant who leads from now on changes places with the one who led.
    let moved = house.assign(&job, &luc, "13:00").await;
    assert_eq!(moved["visit"]["technician_id"], json!(luc.id));
    assert_eq!(moved["visit"]["assistants"], json!([bob.id, ana.id]));
    let made = done(house, &wish(&job, &luc, "13:00", &[])).await;
    assert_eq!(made["visit"]["assistants"], json!([]), "taken off by name");
    for (along, pointer) in [
        (vec![&luc], "/assistants/0"),
        (vec![&bob, &bob], "/assistants/1"),
        (vec![&bob; 6], "/assistants"),
    ] {
        let (status, problem) = asked(house, &wish(&job, &luc, "13:00", &along)).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    let nobody = json!({"job_id": job.id, "technician_id": luc.id, "assistants": ["tech_none"]});
    assert_eq!(asked(house, &nobody).await.0, 404);
    let body = json!({"crew_size": 7});
    let request = house.request(Method::PATCH, &format!("/jobs/{}", job.id)).json(&body);
    assert_eq!(house.answer(request).await.0, 422);
}

async fn the_customer_hears_once_and_everybody_who_goes_hears(house: &House) {
    let [ana, bob, luc] = three(house).await;
    let job = for_two(house, "Ruiz").await;
    done(house, &wish(&job, &ana, "10:00", &[&bob, &luc])).await;
    house.settle().await;
    house.at("09:02").await;
    assert_eq!(house.kinds_to(&job.phone).await, ["visit_promised"]);
    assert_eq!(house.kinds_to(&ana.phone).await, ["job_assigned"]);
    assert_eq!(house.kinds_to(&bob.phone).await, ["crew_assigned"]);
    let said = text(&house.texts_to(&luc.phone).await[0]["body"]);
    assert!(said.contains("vous accompagnez Ana Roy"), "{said}");
    // Another hand less is no news to anybody who stays, nor to the customer.
    done(house, &wish(&job, &ana, "10:00", &[&bob])).await;
    house.settle().await;
    assert_eq!(house.kinds_to(&job.phone).await, ["visit_promised"]);
    assert_eq!(house.kinds_to(&ana.phone).await, ["job_assigned"]);
    assert_eq!(house.kinds_to(&bob.phone).await, ["crew_assigned"]);
    // Another hour is, and the customer hears of it once.
    house.assign(&job, &ana, "13:00").await;
    house.settle().await;
    house.at("09:05").await;
    assert_eq!(house.kinds_to(&job.phone).await, ["visit_promised", "rescheduled"]);
    assert_eq!(house.kinds_to(&bob.phone).await, ["crew_assigned"; 2]);
}

async fn whoever_goes_along_is_busy_for_everything_that_plans(house: &House) {
    let [ana, bob, _] = three(house).await;
    let job = for_two(house, "Ruiz").await;
    done(house, &wish(&job, &ana, "10:00", &[&bob])).await;
    let other = house.job(&house.customer("Cyr").await, None).await;
    let hour = json!({"job_id": other.id, "from": moment("10:00"), "to": moment("10:55")});
    let found = house.done("/dispatch/suggest", &hour).await;
    let slots = found["slots"].as_array().unwrap().clone();
    let who: Vec<&Value> = slots.iter().map(|slot| &slot["technician_id"]).collect();
    assert!(!who.contains(&&json!(bob.id)) && !who.contains(&&json!(ana.id)), "{found}");
    // Nobody plans a job for two alone, and nothing that is planned anew moves a crew.
    let waiting = for_two(house, "Roy").await;
    let body = json!({"date": "2026-11-23", "job_ids": [waiting.id]});
    let planned = house.done("/dispatch/auto-assign", &body).await;
    assert_eq!(planned["assigned"], json!([]), "{planned}");
    assert!(planned["unassigned"][0]["reasons"]["en"][0].to_string().contains("several people"));
    let body = json!({"date": "2026-11-23", "seconds": 0.2});
    let plan = house.done("/dispatch/optimize", &body).await;
    let moved = plan["changes"].as_array().unwrap();
    for change in moved {
        assert!(change["job_id"] != json!(job.id) && change["job_id"] != json!(waiting.id));
        let starts = change["start"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        let ends = change["end"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        let clear = ends <= moment("10:00") || starts >= moment("11:00");
        assert!(change["technician_id"] != json!(bob.id) || clear, "{change}");
    }
    // A slot cannot be kept there, and one that is kept stands in the way of a crew.
    let hold = json!({"job_id": other.id, "technician_id": bob.id, "start": moment("10:30")});
    assert_eq!(house.post("/dispatch/holds", &hold).await.0, 409);
    let hold = json!({"job_id": other.id, "technician_id": bob.id, "start": moment("14:00")});
    assert_eq!(house.post("/dispatch/holds", &hold).await.0, 201);
    let (status, refused) = house.try_assign(&job, &ana, "14:00").await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.held")), "{refused}");
    assert!(text(&refused["detail"]).contains("Bob"), "{refused}");
}

async fn an_assistant_who_falls_ill_leaves_the_crew_and_undo_brings_them_back(house: &House) {
    let [ana, bob, _] = three(house).await;
    let job = for_two(house, "Ruiz").await;
    done(house, &wish(&job, &ana, "10:00", &[&bob])).await;
    let away = json!({"start": moment("08:00"), "end": moment("16:30"), "reason": "Malade"});
    let (status, answer) = house.post(&format!("/technicians/{}/absences", bob.id), &away).await;
    assert!(status < 300, "{answer}");
    house.settle().await;
    let now = house.see(&format!("/jobs/{}", job.id)).await;
    assert_eq!(now["status"], "planned", "the lead still goes: {now}");
    assert_eq!(now["visit"]["assistants"], json!([]));
    let (status, refused) = asked(house, &wish(&job, &ana, "10:00", &[&bob])).await;
    assert_eq!((status, &refused["code"]), (422, &json!("board.technician_away")), "{refused}");
    let (status, answer) = house.post("/dispatch/undo", &json!({})).await;
    assert_eq!(status, 200, "{answer}");
    house.settle().await;
    let now = house.see(&format!("/jobs/{}", job.id)).await;
    assert_eq!(now["visit"]["assistants"], json!([bob.id]), "{now}");
}

async fn an_assistant_sees_the_stop_and_may_tap(house: &House) {
    let [ana, bob, luc] = three(house).await;
    let job = for_two(house, "Ruiz").await;
    done(house, &wish(&job, &ana, "10:00", &[&bob])).await;
    house.settle().await;
    house.at("07:02").await;
    let link = house.link_to(&bob.phone, "/t/").await;
    let (status, page) = house.page(&link).await;
    assert_eq!(status, 200);
    assert!(page.contains("Mené par Ana Roy") && page.contains("En renfort"), "{page}");
    let of_lead = house.page(&house.link_to(&ana.phone, "/t/").await).await.1;
    assert!(of_lead.contains("avec vous : Bob Roy"), "{of_lead}");
    let state = house.see(&format!("{link}/state")).await;
    assert_eq!(
        (&state["jobs"][0]["lead"], &state["jobs"][0]["with"]),
        (&json!("Ana Roy"), &json!([]))
    );
    house.at("09:40").await;
    let tap = format!("{link}/jobs/{}/status", job.id);
    let (status, answer) =
        house.answer(house.bare(Method::POST, &tap).json(&json!({"status": "en_route"}))).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(house.see(&format!("/jobs/{}", job.id)).await["status"], "en_route");
    // The feed of whoever goes along has it too, and strikes it out once they do not.
    let feed = house.see(&format!("/dispatch/ical-token/{}", bob.id)).await;
    let path = text(&feed["url"]);
    let path = &path[path.find("/dispatch/calendar").unwrap()..];
    assert!(house.page(path).await.1.contains("Pas d'Internet"));
    let other = house.job(&house.customer("Cyr").await, None).await;
    done(house, &wish(&other, &ana, "13:00", &[&bob])).await;
    done(house, &wish(&other, &ana, "13:00", &[&luc])).await;
    let struck = house.page(path).await.1;
    assert_eq!(struck.matches("STATUS:CANCELLED").count(), 1, "{struck}");
}

async fn a_crew_is_drafted_published_and_taken_back_whole(house: &House) {
    let [ana, bob, _] = three(house).await;
    let job = for_two(house, "Ruiz").await;
    let mut body = wish(&job, &ana, "10:00", &[&bob]);
    body["draft"] = json!("demain");
    done(house, &body).await;
    // A drafted hour is taken of whoever goes along as well.
    let other = house.job(&house.customer("Cyr").await, None).await;
    assert_eq!(house.try_assign(&other, &bob, "10:30").await.0, 409);
    let publish = json!({"draft": "demain", "date": "2026-11-23"});
    let (status, answer) = house.post("/dispatch/publish", &publish).await;
    assert_eq!(status, 200, "{answer}");
    house.settle().await;
    house.at("07:02").await;
    assert_eq!(house.kinds_to(&bob.phone).await, ["schedule_published"]);
    assert_eq!(house.kinds_to(&job.phone).await, ["visit_promised"]);
    let now = house.see(&format!("/jobs/{}", job.id)).await;
    assert_eq!(now["visit"]["assistants"], json!([bob.id]), "{now}");
    // Moved, and taken back: the same crew at the same hour.
    done(house, &wish(&job, &ana, "13:00", &[])).await;
    let seen = house.now();
    house.settle().await;
    let (status, answer) = house.post("/dispatch/undo", &json!({})).await;
    assert_eq!(status, 200, "{answer}");
    let now = house.see(&format!("/jobs/{}", job.id)).await;
    assert_eq!(now["visit"]["assistants"], json!([bob.id]), "{now}");
    assert_eq!(now["visit"]["start"], json!(moment("10:00")), "{now}");
    let _ = seen;
    let past = house.board().await;
    assert!(past.to_string().contains(&bob.id));
}

async fn one_assistant_whom_many_want_is_in_one_place(house: &House) {
    let wanted = house.technician("Zoe").await;
    one_has_it(house, "board.overlap", |job, lead, hour| wish(job, lead, hour, &[&wanted])).await;
}
