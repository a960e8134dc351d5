//! A zone is drawn by clicks and dragged, another by typed coordinates and arrows; the map, the pool and the inspector know
//! them, and whoever is not let in is refused with the zone's name, unless somebody insists.

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::hands::{DOWN, ENTER, Scene, becomes, click, gone, press, scene};
use super::offering::tab_to;
use super::{Chromedriver, ask, board, drag_to, until};
use crate::harness::town::Town;

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

async fn shows(browser: &Client, css: &str) {
    until(browser, THERE, vec![json!(css)]).await;
}

async fn typed(browser: &Client, css: &str, text: &str) {
    shows(browser, css).await;
    let field = browser.find(Locator::Css(css)).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

/// Presses at so many pixels from the middle of something, moves on by so many, and lets go.
async fn pull(browser: &Client, css: &str, (x, y): (f64, f64), (dx, dy): (f64, f64)) {
    let element = browser.find(Locator::Css(css)).await.unwrap();
    let mut hand = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveToElement { element, duration: None, x, y })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
    if (dx, dy) != (0.0, 0.0) {
        let duration = Some(std::time::Duration::from_millis(80));
        hand = hand.then(PointerAction::MoveBy { duration, x: dx, y: dy });
    }
    browser
        .perform_actions(hand.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT }))
        .await
        .unwrap();
}

async fn corners(browser: &Client) -> Vec<String> {
    let text = ask(browser, "return document.querySelector('[name=zone-corners]').value;", vec![]);
    text.await.as_str().unwrap().lines().map(str::to_owned).collect()
}

async fn open_panel(browser: &Client) {
    click(browser, "[data-action=more]").await;
    click(browser, "[data-item=zones]").await;
    shows(browser, "[data-zones]").await;
}

async fn drawn_by_mouse(browser: &Client, town: &Town) {
    // By mouse: four clicks on the map, one of the corners dragged, and taken away with what was drawn.
    open_panel(browser).await;
    click(browser, "[data-action=draw-zone]").await;
    typed(browser, "[name=zone-name]", "Aéroport").await;
    shows(browser, "[data-zone-map] canvas").await;
    for at in [(-60.0, -60.0), (60.0, -60.0), (60.0, 60.0), (-60.0, 60.0)] {
        pull(browser, "[data-zone-map]", at, (0.0, 0.0)).await;
    }
    until(browser, THERE, vec![json!("[data-corner='3']")]).await;
    let before = corners(browser).await;
    pull(browser, "[data-corner='2']", (0.0, 0.0), (25.0, 15.0)).await;
    let after = corners(browser).await;
    assert_eq!((before.len(), after.len()), (4, 4));
    assert_ne!(before[2], after[2], "the corner that was dragged is elsewhere");
    assert_eq!(before[..2], after[..2]);
    click(browser, "[data-action=save-zone]").await;
    shows(browser, "[data-zone] .swatch").await;
    let (_, kept) = town.api.get("/zones").await;
    assert_eq!(kept["items"][0]["polygon"]["coordinates"][0].as_array().unwrap().len(), 5);
}

/// Gives the zone the village's ground and a certificate; answers the zone.
async fn edited_by_keys(browser: &Client, town: &Town, visit: &str) -> Value {
    // By keys: the coordinates are typed, a corner is moved by an arrow; Ana's two visits would break it.
    tab_to(browser, "[data-action=edit-zone]").await;
    press(browser, &[ENTER]).await;
    let village = "45.06, -73.63\n45.06, -73.59\n45.10, -73.59\n45.10, -73.63";
    typed(browser, "[name=zone-corners]", village).await;
    let choose = "
        const field = document.querySelector('[name=zone-tag]');
        if (![...field.options].some((one) => one.value === arguments[0])) return null;
        field.value = arguments[0];
        field.dispatchEvent(new Event('change', { bubbles: true }));
        return true;";
    until(browser, choose, vec![json!("Sûreté")]).await;
    shows(browser, "[data-zone-breaks][data-count='2']").await;
    let before = corners(browser).await;
    ask(browser, "document.querySelector(\"[data-corner='0']\").focus(); return true;", vec![])
        .await;
    press(browser, &[DOWN]).await;
    assert_ne!(before[0], corners(browser).await[0], "an arrow moves a corner");
    tab_to(browser, "[data-action=save-zone]").await;
    press(browser, &[ENTER]).await;
    gone(browser, "[data-zone-editor]").await;
    let zone = town.api.get("/zones").await.1["items"][0].clone();
    assert_eq!(zone["certification"], json!({"tag": "Sûreté", "level": 1}));
    let still = town.api.get(&format!("/jobs/{visit}")).await.1;
    assert_eq!(still["status"], "planned", "no visit is moved by a zone");
    zone
}

#[tokio::test(flavor = "multi_thread")]
async fn zones_are_drawn_by_hand_and_by_keys_and_keep_whoever_is_not_let_in_out() {
    let test = "zones_are_drawn_by_hand_and_by_keys_and_keep_whoever_is_not_let_in_out";
    let Some(driver) = Chromedriver::with_map(test).await else { return };
    let Some(Scene { town, bob, one, waiting, .. }) = scene("zones").await else { return };
    town.make("/tags", json!({"name": "Sûreté"})).await;
    let browser = board(&driver, &town).await;
    drawn_by_mouse(&browser, &town).await;
    let zone = edited_by_keys(&browser, &town, &one).await;

    // The board knows: the legend, the filter of the pool, the inspector; and who drags there is told why not.
    click(&browser, "[data-zones] header button").await;
    shows(&browser, "[data-zone-legend] button").await;
    let narrow = "
        const field = document.querySelector('[data-zone-filter]');
        field.value = arguments[0];
        field.dispatchEvent(new Event('change', { bubbles: true }));
        return true;";
    ask(&browser, narrow, vec![json!("out")]).await;
    gone(&browser, "[data-pool-job]").await;
    ask(&browser, narrow, vec![zone["id"].clone()]).await;
    let pool = format!("[data-pool-job='{}']", waiting[0]);
    click(&browser, &pool).await;
    shows(&browser, &format!("[data-in-zone={}]", zone["id"])).await;
    let bar = format!("[data-job='{one}']");
    drag_to(&browser, &bar, &bob).await;
    let said = "
        const insist = document.querySelector('.toast [data-action=insist]');
        return insist?.closest('.toast').textContent ?? null;";
    let said = until(&browser, said, vec![]).await;
    let said = said.as_str().unwrap();
    assert!(said.contains("Aéroport") && said.contains("Sûreté"), "{said}");
    click(&browser, ".toast [data-action=insist]").await;
    let moved = becomes(&town, &one, |job: &Value| job["visit"]["technician_id"] == *bob).await;
    assert_eq!(moved["visit"]["overrides"], json!(["zone"]));
    browser.close().await.unwrap();
}
