//! A draft is named, filled and published with the mouse; another one with the keyboard, and dropped. What was done stands in
//! the list of one's own doings, and goes back from there.

use fantoccini::{Client, Locator};
use serde_json::json;

use super::hands::{
    CONTROL, ENTER, Scene, bar, becomes, chord, click, drop_on_name, gone, press, scene, stands,
};
use super::offering::tab_to;
use super::{Chromedriver, ask, board, until};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

async fn there(browser: &Client, css: &str) {
    until(browser, THERE, vec![json!(css)]).await;
}

async fn type_into(browser: &Client, css: &str, words: &str) {
    there(browser, css).await;
    browser.find(Locator::Css(css)).await.unwrap().send_keys(words).await.unwrap();
}

/// The palette finds a tool by its name, and Enter opens it.
async fn by_palette(browser: &Client, words: &str, panel: &str) {
    ask(browser, "document.activeElement.blur(); return true;", vec![]).await;
    chord(browser, CONTROL, 'k').await;
    there(browser, "[data-palette] input").await;
    press(browser, &words.chars().collect::<Vec<_>>()).await;
    let found = "return document.querySelector('[data-palette] [data-choice]') ? true : null;";
    until(browser, found, vec![]).await;
    press(browser, &[ENTER]).await;
    there(browser, panel).await;
}

async fn unplanned(scene: &Scene, job: &str) -> bool {
    let (_, job) = scene.town.api.get(&format!("/jobs/{job}")).await;
    job["status"] == "unassigned" && job["visit"].is_null()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_filled_by_mouse_looked_at_and_published() {
    let test = "a_draft_is_filled_by_mouse_looked_at_and_published";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("drafts-mouse").await else { return };
    let Scene { town, bob, waiting, .. } = &scene;
    let (one, other) = (board(&driver, town).await, board(&driver, town).await);
    click(&one, "[data-action=more]").await;
    click(&one, "[data-item=drafts]").await;
    type_into(&one, "[name=draft]", "Demain").await;
    click(&one, "[data-action=new-draft]").await;
    there(&one, "[data-action=leave-draft]").await;
    there(&one, &format!("[data-pool-job=\"{}\"]", waiting[0])).await;
    drop_on_name(&one, &waiting[0], bob).await;
    // The other dispatcher sees that a draft has something; the job itself is given to nobody.
    there(&one, &format!("[data-entry=\"{}\"]", waiting[0])).await;
    click(&other, "[data-action=more]").await;
    click(&other, "[data-item=drafts]").await;
    there(&other, "[data-draft=\"Demain\"]").await;
    assert!(unplanned(&scene, &waiting[0]).await, "a draft promises nothing");
    let phone = "+14505550155";
    assert!(town.texts(phone, None).await.is_empty(), "and tells nobody");
    click(&one, "[data-action=publish]").await;
    stands(&other, &waiting[0], bob).await;
    let job = becomes(town, &waiting[0], |job| job["status"] == "planned").await;
    assert_eq!(job["visit"]["technician_id"], json!(bob));
    town.texts_when(phone, "schedule_published", 1).await;
    one.close().await.unwrap();
    other.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_filled_by_keyboard_and_dropped() {
    let test = "a_draft_is_filled_by_keyboard_and_dropped";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("drafts-keys").await else { return };
    let browser = board(&driver, &scene.town).await;
    let pool = format!("[data-pool-job=\"{}\"]", scene.waiting[0]);
    there(&browser, &pool).await;
    by_palette(&browser, "ebauches", "[data-drafts]").await;
    tab_to(&browser, "[name=draft]").await;
    press(&browser, &['S', 'o', 'i', 'r', ENTER]).await;
    there(&browser, "[data-action=leave-draft]").await;
    let focus = "document.querySelector(arguments[0]).focus(); return true;";
    ask(&browser, focus, vec![json!(pool)]).await;
    press(&browser, &['a']).await;
    there(&browser, "dialog ol li button").await;
    tab_to(&browser, "dialog ol li button").await;
    press(&browser, &[ENTER]).await;
    there(&browser, &format!("[data-entry=\"{}\"]", scene.waiting[0])).await;
    tab_to(&browser, "[data-action=drop-draft]").await;
    press(&browser, &[ENTER]).await;
    gone(&browser, "[data-entry]").await;
    assert!(unplanned(&scene, &scene.waiting[0]).await, "nothing is left of it");
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_goes_back_from_the_list_and_comes_again_by_keys() {
    let test = "what_was_done_goes_back_from_the_list_and_comes_again_by_keys";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("history").await else { return };
    let Scene { town, bob, two, waiting, .. } = &scene;
    let browser = board(&driver, town).await;
    there(&browser, &format!("[data-pool-job=\"{}\"]", waiting[0])).await;
    drop_on_name(&browser, &waiting[0], bob).await;
    stands(&browser, &waiting[0], bob).await;
    // After a reload it is still known who did it.
    browser.refresh().await.unwrap();
    there(&browser, &bar(two)).await;
    click(&browser, "[data-action=more]").await;
    click(&browser, "[data-item=history]").await;
    click(&browser, "[data-history] [data-action=undo-act]").await;
    becomes(town, &waiting[0], |job| job["status"] == "unassigned").await;
    gone(&browser, &bar(&waiting[0])).await;
    tab_to(&browser, "[data-history] [data-action=redo]").await;
    press(&browser, &[ENTER]).await;
    stands(&browser, &waiting[0], bob).await;
    let job = becomes(town, &waiting[0], |job| job["status"] == "planned").await;
    assert_eq!(job["visit"]["technician_id"], json!(bob));
    browser.close().await.unwrap();
}
