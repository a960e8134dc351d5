//! What waits on a day's board: windows that only touch the day, and those that are over and that nobody saw to.

use serde_json::{Value, json};

use crate::harness::house::{House, on_both};
use crate::harness::people::text;

on_both! {
    a_job_stays_on_the_board_while_somebody_must_see_to_it at "09:50";
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
