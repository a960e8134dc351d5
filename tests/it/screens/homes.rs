//! Home bases are pins on the board's map: shown together, moved from the pin's menu by a click, from the row by keys, and by
//! nobody over what somebody else saved meanwhile. And a frame around visits on the map selects them everywhere.

use fantoccini::actions::{
    InputSource, MOUSE_BUTTON_LEFT, MOUSE_BUTTON_RIGHT, MouseActions, PointerAction,
};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::hands::{
    ENTER, ESCAPE, F10, SHIFT, Scene, becomes, chord, click, gone, hold, press, scene,
};
use super::offering::tab_to;
use super::{Chromedriver, ask, board, until};
use crate::harness::server::{TOKEN, client};
use crate::harness::town::Town;

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";
const CONTROL: char = '\u{e009}';

async fn home(town: &Town, id: &str) -> Value {
    town.api.get(&format!("/technicians/{id}")).await.1["home"].clone()
}

/// The home base as soon as it is as wanted.
async fn lies(town: &Town, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = std::time::Instant::now();
    loop {
        let now = home(town, id).await;
        if wanted(&now) {
            return now;
        }
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "never: {now}");
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
}

/// Presses a button at so many pixels from the middle of the map.
async fn on_map(browser: &Client, button: u64, x: f64, y: f64) {
    let element = browser.find(Locator::Css("[data-map]")).await.unwrap();
    let hand = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveToElement { element, duration: None, x, y })
        .then(PointerAction::Down { button })
        .then(PointerAction::Up { button });
    browser.perform_actions(hand).await.unwrap();
}

/// Replaces what the focused field holds, and goes on to the next.
async fn over(browser: &Client, text: &str) {
    chord(browser, CONTROL, 'a').await;
    press(browser, &text.chars().collect::<Vec<_>>()).await;
    press(browser, &['\u{e004}']).await;
}

async fn type_place(browser: &Client, lat: &str, lon: &str) {
    tab_to(browser, "[data-mover] [name=lat]").await;
    over(browser, lat).await;
    over(browser, lon).await;
}

/// The row's menu by keys; its entry that begins with D moves the home base.
async fn begin_by_keys(browser: &Client, who: &str) {
    let focus = "document.querySelector(arguments[0]).focus(); return true;";
    ask(browser, focus, vec![json!(format!("[data-technician='{who}']"))]).await;
    chord(browser, SHIFT, F10).await;
    until(browser, THERE, vec![json!("[role=menu] [data-item=move-home]")]).await;
    press(browser, &['d', ENTER]).await;
    let typing = "return document.activeElement.closest('[data-mover]') && document.activeElement.name || null;";
    assert_eq!(until(browser, typing, vec![]).await, "address", "one types at once");
    let read = "return document.querySelector('[data-mover] [name=lat]').value || null;";
    until(browser, read, vec![]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_base_is_moved_on_the_map_by_its_pin_and_by_keys_and_comes_back() {
    let test = "a_home_base_is_moved_on_the_map_by_its_pin_and_by_keys_and_comes_back";
    let Some(driver) = Chromedriver::with_map(test).await else { return };
    let Some(Scene { town, bob, .. }) = scene("homes").await else { return };
    let browser = board(&driver, &town).await;
    until(&browser, THERE, vec![json!("[data-map] canvas")]).await;
    let was = home(&town, &bob).await;

    // By keys: from the row's menu, with coordinates typed, and taken back.
    begin_by_keys(&browser, &bob).await;
    type_place(&browser, "45,07", "-73.62").await;
    tab_to(&browser, "[data-action=save-home]").await;
    press(&browser, &[ENTER]).await;
    lies(&town, &bob, |home| home["lat"] == 45.07 && home["lon"] == -73.62).await;
    gone(&browser, "[data-mover]").await;
    chord(&browser, CONTROL, 'z').await;
    lies(&town, &bob, |home| *home == was).await;

    // Escape leaves it where it is; the map is around it, so its pin is in the middle.
    begin_by_keys(&browser, &bob).await;
    press(&browser, &[ESCAPE]).await;
    gone(&browser, "[data-mover]").await;
    assert_eq!(home(&town, &bob).await, was);
    click(&browser, "[data-action=homes-on-map]").await;
    until(&browser, THERE, vec![json!("[data-action=homes-on-map][aria-pressed=true]")]).await;
    for _ in 0..50 {
        on_map(&browser, MOUSE_BUTTON_RIGHT, 0.0, 0.0).await;
        if !ask(&browser, THERE, vec![json!("[role=menu]")]).await.is_null() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    click(&browser, "[role=menu] [data-item=move-home]").await;
    let read = "return document.querySelector('[data-mover] [name=lat]')?.value || null;";
    let before = until(&browser, read, vec![]).await;
    on_map(&browser, MOUSE_BUTTON_LEFT, 30.0, 80.0).await;
    let put = "
        const lat = document.querySelector('[data-mover] [name=lat]').value;
        return lat === arguments[0] ? null : lat;";
    let lat: f64 = until(&browser, put, vec![before]).await.as_str().unwrap().parse().unwrap();
    assert!(lat < 45.06, "further down is further south: {lat}");
    click(&browser, "[data-action=save-home]").await;
    lies(&town, &bob, |home| home["lat"] == lat).await;
    second_to_save(&browser, &town, &bob).await;
    browser.close().await.unwrap();
}

/// Whoever saves second sees what the first did, and keeps their own on top of it.
async fn second_to_save(browser: &Client, town: &Town, bob: &str) {
    begin_by_keys(browser, bob).await;
    let path = format!("{}/technicians/{bob}", town.plan.url());
    let body = json!({"home": {"lat": 45.2, "lon": -73.5, "address": "9 rue du Lac"}});
    let answer = client().patch(path).bearer_auth(TOKEN).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    type_place(browser, "45.3", "-73.4").await;
    click(browser, "[data-action=save-home]").await;
    let told = "return document.querySelector('[data-mover] [data-conflict]')?.innerText ?? null;";
    let told = until(browser, told, vec![]).await.to_string();
    for said in ["programme", "9 rue du Lac", "45.3"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert_eq!(home(town, bob).await["lat"], 45.2, "nothing is overwritten unasked");
    click(browser, "[data-action=keep-mine]").await;
    lies(town, bob, |home| home["lat"] == 45.3).await;
    gone(browser, "[data-mover]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_drawn_on_the_map_selects_what_lies_in_it_everywhere() {
    let test = "a_frame_drawn_on_the_map_selects_what_lies_in_it_everywhere";
    let Some(driver) = Chromedriver::with_map(test).await else { return };
    let Some(Scene { town, one, two, waiting, .. }) = scene("map-frame").await else { return };
    let browser = board(&driver, &town).await;
    until(&browser, THERE, vec![json!("[data-map] canvas")]).await;
    let half = "
        const box = document.querySelector('[data-map]').getBoundingClientRect();
        return [box.width / 2, box.height / 2];";
    let half = ask(&browser, half, vec![]).await;
    let (x, y) = (half[0].as_f64().unwrap() - 8.0, half[1].as_f64().unwrap() - 50.0);
    let element = browser.find(Locator::Css("[data-map]")).await.unwrap();
    let draw = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveToElement { element, duration: None, x: -x, y: -y })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(PointerAction::MoveBy { duration: None, x: 20.0, y: 20.0 })
        .then(PointerAction::MoveBy {
            duration: Some(std::time::Duration::from_millis(80)),
            x: 2.0 * x - 20.0,
            y: 2.0 * y - 20.0,
        })
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    hold(&browser, SHIFT, true).await;
    browser.perform_actions(draw).await.unwrap();
    hold(&browser, SHIFT, false).await;
    let all = "
        const marked = arguments[0].every((id) => {
          const here = document.querySelector(`[data-job='${id}'], [data-pool-job='${id}']`);
          return here?.getAttribute('aria-pressed') === 'true' || here?.classList.contains('selected');
        });
        return marked && document.querySelector('[data-several]') ? true : null;";
    until(&browser, all, vec![json!([&one, &two, &waiting[0], &waiting[1]])]).await;
    // They are one selection: what is done to it is done to all.
    click(&browser, "[data-action=unassign-several]").await;
    for visit in [&one, &two] {
        becomes(&town, visit, |job| job["status"] == "unassigned").await;
    }
    browser.close().await.unwrap();
}
