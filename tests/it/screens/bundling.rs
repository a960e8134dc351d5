//! Bundles on the board: several are picked and bundled, stand as one bar with their count, move as one and are taken apart; by
//! mouse and by keyboard.

use serde_json::json;

use super::hand::{By, Hand};
use super::hands::{ENTER, RIGHT, Scene, bar, becomes, click, gone, press, scene, stands};
use super::offering::tab_to;
use super::{Chromedriver, account, ask, board, drag_to, until};
use crate::harness::town::{On, RUIZ_PHONE, Town};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

#[tokio::test(flavor = "multi_thread")]
async fn several_are_bundled_moved_as_one_bar_and_taken_apart() {
    let test = "several_are_bundled_moved_as_one_bar_and_taken_apart";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("bundles").await else { return };
    let Scene { town, bob, one, two, .. } = &scene;
    let browser = board(&driver, town).await;
    until(&browser, THERE, vec![json!(bar(one))]).await;
    // By keyboard: the first, the next, and the button of what is picked.
    let focus = "document.querySelector(arguments[0]).focus(); return true;";
    ask(&browser, focus, vec![json!(bar(one))]).await;
    press(&browser, &[' ', RIGHT]).await;
    let focused = "return document.activeElement.matches(arguments[0]) ? true : null;";
    until(&browser, focused, vec![json!(bar(two))]).await;
    press(&browser, &[' ']).await;
    until(&browser, THERE, vec![json!("[data-action=bundle]")]).await;
    // Of one customer's jobs, what is to be done says which is which, picked or bundled.
    let named = "
        const said = [...document.querySelectorAll(arguments[0])].map((one) => one.textContent);
        return ['Un', 'Deux'].every((what) => said.some((one) => one.includes(`Ruiz · ${what}`))) ? true : null;";
    until(&browser, named, vec![json!("[data-several] li")]).await;
    tab_to(&browser, "[data-action=bundle]").await;
    press(&browser, &[ENTER]).await;
    until(&browser, named, vec![json!("[data-bundle] li")]).await;
    gone(&browser, &bar(two)).await;
    becomes(town, two, |job| job["visit"]["start"] == "2026-11-23T17:00:00Z").await;
    // What it is too small to say, of the whole stop.
    ask(&browser, focus, vec![json!(bar(one))]).await;
    let tip =
        "return /11.*13/.test(document.querySelector('[data-tip] b')?.textContent) ? true : null;";
    until(&browser, tip, vec![]).await;
    // By mouse: one bar, one drag.
    drag_to(&browser, &bar(one), bob).await;
    stands(&browser, one, bob).await;
    becomes(town, two, |job| job["visit"]["technician_id"] == json!(bob)).await;
    click(&browser, "[data-action=unbundle]").await;
    stands(&browser, two, bob).await;
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_goes_into_a_draft_by_one_drag_and_is_published_by_keys() {
    let test = "a_stop_goes_into_a_draft_by_one_drag_and_is_published_by_keys";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("bundle-draft").await else { return };
    let Scene { town, bob, one, two, .. } = &scene;
    town.make("/bundles", json!({"job_ids": [one, two]})).await;
    let browser = board(&driver, town).await;
    until(&browser, THERE, vec![json!(bar(one))]).await;
    click(&browser, "[data-action=more]").await;
    click(&browser, "[data-item=drafts]").await;
    until(&browser, THERE, vec![json!("[name=draft]")]).await;
    let name = browser.find(fantoccini::Locator::Css("[name=draft]")).await.unwrap();
    name.send_keys("Demain").await.unwrap();
    click(&browser, "[data-action=new-draft]").await;
    drag_to(&browser, &bar(one), bob).await;
    for job in [one, two] {
        until(&browser, THERE, vec![json!(format!("[data-entry='{job}']"))]).await;
        let stands = town.api.get(&format!("/jobs/{job}")).await.1;
        assert_ne!(stands["visit"]["technician_id"], json!(bob), "a draft moves nothing");
    }
    tab_to(&browser, "[data-action=publish]").await;
    press(&browser, &[ENTER]).await;
    for job in [one, two] {
        becomes(town, job, |job| job["visit"]["technician_id"] == json!(bob)).await;
    }
    browser.close().await.unwrap();
}

/// A stop of two customers, both told when; and Bob.
async fn told(name: &str) -> Option<(Town, [String; 2], String)> {
    let town = Town::at(name, On::Sqlite, "09:50", &[("undo_seconds", "0")]).await?;
    let ana = town.ana().await;
    let bob = json!({
        "name": "Bob Cyr", "phone": "+14505550155", "home": { "lat": 45.06, "lon": -73.6 },
        "skills": [{ "tag": "Fibre", "level": 4 }],
        "weekly_schedule": { "mon": [{ "start": "08:00", "end": "16:30" }] },
    });
    let bob = town.make("/technicians", bob).await;
    let one = town.job("Un", Some(("11:00", "12:00"))).await;
    let next_door =
        town.make("/customers", json!({"name": "Lavoie", "phone": "+14505550166"})).await;
    let mut two = json!({
        "customer_id": next_door["id"], "title": "Deux", "duration_min": 30, "priority": "normal",
        "skills": [], "arrival_window": one["arrival_window"],
    });
    let place = json!({
        "customer_id": next_door["id"], "address": "14, rang Sainte-Anne", "lat": 45.08,
        "lon": -73.61,
    });
    two["location_id"] = town.make("/locations", place).await["id"].clone();
    let two = town.make("/jobs", two).await;
    town.make("/bundles", json!({"job_ids": [one["id"], two["id"]]})).await;
    let (status, answer) = town.assign(&one, &ana, "11:00").await;
    assert_eq!(status, 200, "{answer}");
    for phone in [RUIZ_PHONE, "+14505550166"] {
        town.texts_when(phone, "visit_promised", 1).await;
    }
    account(&town).await;
    let id = |thing: &serde_json::Value| thing["id"].as_str().unwrap().to_owned();
    Some((town, [id(&one), id(&two)], id(&bob)))
}

async fn guarded_dragged_and_offered(by: By) {
    let name = format!("stop-{by:?}").to_lowercase();
    let Some(driver) = Chromedriver::start(&name).await else { return };
    let Some((town, [one, two], bob)) = told(&name).await else { return };
    let hand = Hand { browser: board(&driver, &town).await, by };
    hand.sees(&bar(&one)).await;
    hand.misses(&bar(&two)).await;
    // Within what was told, to somebody else: one bar, both jobs, nobody is asked.
    hand.carries_down(&one, &bob).await;
    for job in [&one, &two] {
        becomes(&town, job, |job| job["visit"]["technician_id"] == json!(bob)).await;
    }
    hand.misses("[data-breaking]").await;
    stands(&hand.browser, &one, &bob).await;
    // Past what was told: both customers are named before anything is done.
    hand.carries_later(&one, 8).await;
    for job in [&one, &two] {
        hand.sees(&format!("[data-breaking] [data-broken='{job}']")).await;
    }
    hand.writes("[name=reason]", "Panne de camion").await;
    hand.press("[data-action=break]").await;
    becomes(&town, &one, |job| job["visit"]["start"] == "2026-11-23T18:00:00Z").await;
    becomes(&town, &two, |job| job["visit"]["start"] == "2026-11-23T19:00:00Z").await;
    for phone in [RUIZ_PHONE, "+14505550166"] {
        town.texts_when(phone, "rescheduled", 1).await;
    }
    // Into the pool together, and offered together.
    hand.menu(&bar(&one), "unassign").await;
    hand.sees(&format!("[data-breaking] [data-broken='{two}']")).await;
    hand.writes("[name=reason]", "Rappel").await;
    hand.press("[data-action=break-quietly]").await;
    for job in [&one, &two] {
        becomes(&town, job, |job| job["status"] == "unassigned").await;
    }
    // By the one that was not in hand.
    hand.press(&format!("[data-pool-job='{two}']")).await;
    hand.press("[data-action=offer]").await;
    hand.press("[data-action=make-offer]").await;
    hand.sees("[data-offer][data-state=open]").await;
    let offer = town.api.get("/offers").await.1["items"][0].clone();
    assert_eq!(offer["duration_min"], 90, "{offer}");
    assert_eq!(offer["with"][0]["job_id"], json!(one));
    hand.browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn by_mouse_a_stop_is_dragged_guarded_and_offered_as_one() {
    guarded_dragged_and_offered(By::Mouse).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_a_stop_is_dragged_guarded_and_offered_as_one() {
    guarded_dragged_and_offered(By::Keyboard).await;
}
