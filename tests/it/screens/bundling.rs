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
