//! What was done is taken back: a plan as one, a visit exactly as it was, and nobody hears twice of what came to nothing.

use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    a_plan_that_was_applied_is_taken_back_as_one at "09:50" with undo_seconds = "60";
    a_plan_is_not_taken_back_over_what_was_done_since at "09:50";
    a_job_that_comes_back_to_its_technician_is_as_free_as_before_and_no_news at "09:00";
    a_move_that_is_undone_at_once_is_told_to_nobody at "09:00" with undo_seconds = "60";
}

const DAY: &str = "2026-11-23";

async fn visit(house: &House, job: &Job) -> Value {
    house.see(&format!("/jobs/{}", job.id)).await["visit"].clone()
}

async fn put(house: &House, job: &Job, to: &Technician, start: &str, pinned: bool) {
    let body = json!({
        "job_id": job.id, "technician_id": to.id, "start": moment(start), "pinned": pinned,
    });
    house.done("/dispatch/assign", &body).await;
    house.settle().await;
}

async fn states(house: &House, phone: &str) -> Vec<String> {
    house.texts_to(phone).await.iter().map(|item| text(&item["state"])).collect()
}

async fn applied(house: &House) -> Value {
    let apply = json!({"date": DAY, "mode": "apply", "seconds": 0.3});
    house.done("/dispatch/optimize", &apply).await
}

fn undo(plan: &Value) -> Value {
    json!({"date": DAY, "mode": "undo", "plan_id": plan["id"]})
}

async fn a_plan_that_was_applied_is_taken_back_as_one(house: &House) {
    house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let jobs = [house.job(&ruiz, None).await, house.job(&ruiz, Some(("13:00", "14:00"))).await];
    let plan = applied(house).await;
    assert_eq!(plan["changes"].as_array().unwrap().len(), 2, "{plan}");
    house.settle().await;
    let undone = house.done("/dispatch/optimize", &undo(&plan)).await;
    assert_eq!(undone["applied"], false);
    house.settle().await;
    for job in &jobs {
        assert_eq!(visit(house, job).await, Value::Null);
    }
    house.at("09:55").await;
    assert_eq!(states(house, &ruiz.phone).await, ["recalled"; 2], "nothing was said");
    let (status, again) = house.post("/dispatch/optimize", &undo(&plan)).await;
    assert_eq!((status, &again["code"]), (409, &json!("optimise.stale")), "{again}");
    let nameless = json!({"date": DAY, "mode": "undo"});
    assert_eq!(house.post("/dispatch/optimize", &nameless).await.0, 422);
}

async fn a_plan_is_not_taken_back_over_what_was_done_since(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let jobs = [house.job(&ruiz, None).await, house.job(&ruiz, None).await];
    let plan = applied(house).await;
    put(house, &jobs[0], &ana, "15:00", true).await;
    let stood = visit(house, &jobs[1]).await;
    let (status, answer) = house.post("/dispatch/optimize", &undo(&plan)).await;
    assert_eq!((status, &answer["code"]), (409, &json!("optimise.stale")), "{answer}");
    assert_eq!(visit(house, &jobs[1]).await["start"], stood["start"], "all of it or none");
}

async fn a_job_that_comes_back_to_its_technician_is_as_free_as_before_and_no_news(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    put(house, &job, &ana, "10:00", false).await;
    house.done("/dispatch/unassign", &json!({"job_id": job.id})).await;
    house.settle().await;
    put(house, &job, &ana, "10:00", false).await;
    house.at("09:05").await;
    assert_eq!(visit(house, &job).await["pinned"], false);
    assert_eq!(house.kinds_to(&ana.phone).await, ["job_assigned"]);
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"]);
    put(house, &job, &ana, "11:00", true).await;
    assert_eq!(house.kinds_to(&ana.phone).await, ["job_assigned"; 2], "another hour is news");
}

async fn a_move_that_is_undone_at_once_is_told_to_nobody(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    put(house, &job, &ana, "10:00", false).await;
    house.at("09:05").await;
    put(house, &job, &luc, "11:00", true).await;
    put(house, &job, &ana, "10:00", false).await;
    house.at("09:10").await;
    assert_eq!(states(house, &ana.phone).await, ["sandboxed"], "Ana heard of it once");
    assert_eq!(states(house, &luc.phone).await, ["recalled"], "Luc never did");
    // The same for another hour with the same technician.
    put(house, &job, &ana, "12:00", true).await;
    put(house, &job, &ana, "10:00", false).await;
    house.at("09:15").await;
    assert_eq!(states(house, &ana.phone).await, ["sandboxed", "recalled"]);
}
