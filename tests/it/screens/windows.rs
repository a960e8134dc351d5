//! The map and the record in windows of their own, in step with the board: opened from the menu and from the palette.

use std::time::Duration;

use fantoccini::Client;
use serde_json::json;

use super::hands::{CONTROL, ENTER, Scene, bar, chord, click, gone, press, scene};
use super::{Chromedriver, ask, board, until};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

/// Goes to the newest window, once there are as many as `count`.
async fn to_the_newest(browser: &Client, count: usize) {
    for _ in 0..200 {
        let windows = browser.windows().await.unwrap();
        if windows.len() == count {
            return browser.switch_to_window(windows[count - 1].clone()).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no window was opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_map_and_the_record_follow_the_board_from_windows_of_their_own() {
    let test = "the_map_and_the_record_follow_the_board_from_windows_of_their_own";
    let Some(driver) = Chromedriver::with_map(test).await else { return };
    let Some(Scene { town, one, two, .. }) = scene("windows").await else { return };
    let browser = board(&driver, &town).await;
    let home = browser.window().await.unwrap();
    until(&browser, THERE, vec![json!("[data-map] canvas")]).await;
    click(&browser, "[data-action=more]").await;
    click(&browser, "[data-item=map-window]").await;
    to_the_newest(&browser, 2).await;
    until(&browser, THERE, vec![json!("[data-window=map][data-date=\"2026-11-23\"] canvas")]).await;
    browser.switch_to_window(home.clone()).await.unwrap();
    // The rows have its place.
    gone(&browser, "[data-map]").await;
    until(&browser, THERE, vec![json!(".body.wide")]).await;

    // The record, by keys.
    ask(&browser, "document.activeElement.blur(); return true;", vec![]).await;
    chord(&browser, CONTROL, 'k').await;
    until(&browser, THERE, vec![json!("[data-palette] input")]).await;
    press(&browser, &"fiche dans".chars().collect::<Vec<_>>()).await;
    until(&browser, THERE, vec![json!("[data-palette] [data-choice$=record-window]")]).await;
    press(&browser, &[ENTER]).await;
    to_the_newest(&browser, 3).await;
    until(&browser, THERE, vec![json!("[data-window=record]")]).await;
    let record = browser.window().await.unwrap();
    browser.switch_to_window(home.clone()).await.unwrap();
    click(&browser, &bar(&one)).await;
    browser.switch_to_window(record.clone()).await.unwrap();
    let shows = "return document.querySelector('.record')?.textContent.includes(arguments[0]) ? true : null;";
    until(&browser, shows, vec![json!("Un")]).await;
    browser.switch_to_window(home.clone()).await.unwrap();
    click(&browser, &bar(&two)).await;
    browser.switch_to_window(record).await.unwrap();
    until(&browser, shows, vec![json!("Deux")]).await;
    // What is done there is done: the job goes back to the pool.
    click(&browser, "[data-action=unassign]").await;
    browser.close_window().await.unwrap();
    browser.switch_to_window(home).await.unwrap();
    until(&browser, THERE, vec![json!(format!("[data-pool-job=\"{two}\"]"))]).await;
    // The window is gone: the record comes back to the board.
    click(&browser, &bar(&one)).await;
    until(&browser, THERE, vec![json!(".right .inspector")]).await;
    browser.close().await.unwrap();
}
