//! The pool as a dispatcher narrows and sorts it, with its own controls: by words, by what presses, by windows, by the minutes
//! that a service level leaves; and the address keeps it.

use serde_json::json;

use super::hand::{Hand, by_both_hands};
use super::hands::{Scene, chord};

by_both_hands! {
    the_pool_is_narrowed_and_sorted_and_the_address_keeps_it;
}

const BACKSPACE: &str = "\u{e003}";

/// Waits until the pool shows exactly these, in this order.
async fn shows(hand: &Hand, jobs: &[&str]) {
    let order = "
        const shown = [...document.querySelectorAll('[data-pool-job]')].map((one) => one.dataset.poolJob);
        return JSON.stringify(shown) === JSON.stringify(arguments[0]) ? true : null;";
    hand.reads(order, vec![json!(jobs)]).await;
}

async fn the_pool_is_narrowed_and_sorted_and_the_address_keeps_it(hand: &Hand, scene: &Scene) {
    let Scene { town, waiting: [three, four], .. } = scene;
    let day = json!([{"start": "08:00", "end": "18:00"}]);
    let hours = json!({"mon": day, "tue": day, "wed": day, "thu": day, "fri": day});
    for (priority, arrive_min) in [("low", 60), ("high", 240)] {
        let policy = json!({
            "name": priority, "priority": priority, "arrive_min": arrive_min, "hours": hours,
        });
        town.make("/sla/policies", policy).await;
    }
    let known = town.api.get(&format!("/jobs/{three}")).await.1;
    let job = async |title: &str, priority: &str, window: serde_json::Value| {
        let job = json!({
            "customer_id": known["customer_id"], "location_id": known["location_id"],
            "title": title, "duration_min": 30, "priority": priority, "skills": [],
            "arrival_window": window,
        });
        town.make("/jobs", job).await["id"].as_str().unwrap().to_owned()
    };
    let window = json!({
        "start": "2026-11-23T14:00:00-05:00", "end": "2026-11-23T16:00:00-05:00",
    });
    let soon = job("Câble coupé", "low", json!(null)).await;
    let later = job("Boîtier ouvert", "high", window).await;
    hand.sees(&format!("[data-pool-job='{soon}'] [data-sla-state=running]")).await;
    hand.sees(&format!("[data-pool-job='{later}'] [data-sla-state=running]")).await;
    // By words, wherever they stand and however they are accented.
    hand.writes("[data-pool] [data-search]", "cable").await;
    shows(hand, &[&soon]).await;
    hand.writes("[data-pool] [data-search]", BACKSPACE).await;
    shows(hand, &[&later, three, four, &soon]).await;
    // By what presses, and by what has a window.
    hand.press("[data-pool-filter=pressing]").await;
    shows(hand, &[&later]).await;
    hand.press("[data-pool-filter=windowed]").await;
    shows(hand, &[&later]).await;
    hand.press("[data-pool-filter=all]").await;
    // The least of minutes first, whatever the priority; without a clock last.
    hand.chooses("[data-sort]", "sla").await;
    shows(hand, &[&soon, &later, three, four]).await;
    let address = "return location.hash.includes('sort=sla') ? true : null;";
    hand.reads(address, vec![]).await;
    hand.browser.refresh().await.unwrap();
    hand.sees(&format!("[data-pool-job='{soon}'] [data-sla-state=running]")).await;
    shows(hand, &[&soon, &later, three, four]).await;
    // What the filter hides is not picked with all of them.
    hand.press("[data-pool-filter=pressing]").await;
    shows(hand, &[&later]).await;
    hand.press(&format!("[data-pool-job='{later}']")).await;
    chord(&hand.browser, super::hands::CONTROL, 'a').await;
    hand.sees(&format!("[data-pool-job='{later}'][aria-pressed=true]")).await;
    hand.press("[data-pool-filter=all]").await;
    shows(hand, &[&soon, &later, three, four]).await;
    let picked = "return document.querySelectorAll('[data-pool-job][aria-pressed=true]').length;";
    assert_eq!(super::ask(&hand.browser, picked, vec![]).await, json!(1));
}
