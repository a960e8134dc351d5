//! Bundles on the board: several are picked and bundled, stand as one bar with their count, move as one and are taken apart; by
//! mouse and by keyboard.

use serde_json::json;

use super::hands::{ENTER, RIGHT, Scene, bar, becomes, click, gone, press, scene, stands};
use super::offering::tab_to;
use super::{Chromedriver, ask, board, drag_to, until};

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
    tab_to(&browser, "[data-action=bundle]").await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!("[data-bundle]")]).await;
    gone(&browser, &bar(two)).await;
    becomes(town, two, |job| job["visit"]["start"] == "2026-11-23T17:00:00Z").await;
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
