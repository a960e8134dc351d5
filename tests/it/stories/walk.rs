//! The walk: a position arrives, the ETA changes, the customer is told, the board moves. And what keeps it from
//! being a nuisance: one text in half an hour, one promise for each version.

use jiff::{SignedDuration, Timestamp};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, text};
use crate::harness::town::minutes_from;

on_both! {
    a_late_technician_leads_to_one_text_one_event_and_a_new_eta at "09:50";
    at_most_one_arrival_text_in_half_an_hour_then_the_house_looks_again at "09:50";
    a_technician_who_keeps_the_promise_is_no_news at "09:30";
    a_house_that_is_opened_again_with_nothing_new_knows_that_nothing_waits at "09:30";
}

fn near(given: &serde_json::Value, expected: &str) {
    let at: Timestamp = text(given).parse().unwrap();
    let off = at.duration_since(moment(expected)).abs();
    assert!(off <= SignedDuration::from_mins(2), "{at} is not about {expected}");
}

async fn etas_told(house: &House, job: &Job, after: i64) -> usize {
    let watch = house.watch("dispatch", Some(after)).await;
    watch.until(house.inside.head()).await;
    let about = |frame: &crate::harness::watch::Frame| frame.data.to_string().contains(&job.id);
    watch.of("route.etas").iter().filter(|frame| about(frame)).count()
}

async fn a_late_technician_leads_to_one_text_one_event_and_a_new_eta(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"]);
    assert_eq!(house.kinds_to(&ana.phone).await, ["job_assigned"]);
    let tracking = house.link_to(&ruiz.phone, "/track/").await;
    let before = house.board().await["seq"].as_i64().unwrap();
    let screen = house.watch("dispatch", Some(before)).await;

    let away = minutes_from(ruiz.place, 55);
    house.fix(&ana, away).await;

    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised", "late"]);
    let late = house.texts_to(&ruiz.phone).await.pop().unwrap();
    let body = text(&late["body"]);
    assert_eq!((&late["language"], &late["state"]), (&"fr".into(), &"sandboxed".into()));
    assert!(body.contains("10 h 45") || body.contains("10\u{a0}h\u{a0}45"), "{body}");
    screen.when(|frames| frames.iter().any(|frame| frame.event == "route.etas")).await;
    near(&house.see(&format!("{tracking}/state")).await["eta"]["at"], "10:45");
    let (status, page) = house.page(&tracking).await;
    assert_eq!(status, 200);
    assert!(!page.contains("45.05"), "the technician's home is nobody's business");
    let board = house.board().await;
    near(&board["technicians"][0]["visits"][0]["eta"]["at"], "10:45");
    assert_eq!(board["technicians"][0]["position"]["lat"], away.lat);

    // Seconds later from the same place: nothing is new, so nothing is said.
    house.at("09:50:20").await;
    house.fix(&ana, away).await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised", "late"]);
    assert_eq!(etas_told(house, &ruiz, before).await, 1);
    screen.until(house.inside.head()).await;
    assert_eq!(screen.of("route.etas").len(), 1);
}

async fn at_most_one_arrival_text_in_half_an_hour_then_the_house_looks_again(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    house.fix(&ana, minutes_from(ruiz.place, 55)).await;
    house.at("09:55").await;
    house.fix(&ana, minutes_from(ruiz.place, 90)).await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised", "late"]);
    let state = format!("{}/state", house.link_to(&ruiz.phone, "/track/").await);
    near(&house.see(&state).await["eta"]["at"], "11:25");

    // Nobody reports anything any more: the timer alone makes the house look again.
    house.at("10:21").await;
    let kinds = house.kinds_to(&ruiz.phone).await;
    assert_eq!(kinds, ["visit_promised", "late", "eta_changed"]);
    house.at("10:25").await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, kinds);
}

async fn a_technician_who_keeps_the_promise_is_no_news(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    for (time, minutes) in [("09:31", 35), ("09:40", 28), ("09:50", 20), ("10:00", 12)] {
        house.at(time).await;
        house.fix(&ana, minutes_from(ruiz.place, minutes)).await;
    }
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"]);
}

async fn a_house_that_is_opened_again_with_nothing_new_knows_that_nothing_waits(house: &mut House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    house.settle().await;
    // Its cursor is written down twice a second: now it stands at the journal's end.
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    house.restart().await;
    house.restart().await;
    house.settle().await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"], "nothing was said again");
}
