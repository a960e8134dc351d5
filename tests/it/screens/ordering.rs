//! A visit dropped onto one that waits for it: the board offers to move that along, by mouse and by keyboard.

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::hands::{ENTER, RIGHT, SHIFT, Scene, bar, becomes, chord, click, press, scene};
use super::offering::tab_to;
use super::{Chromedriver, ask, board, until};
use crate::harness::server::{TOKEN, client};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

/// Pulls a bar so many hours to the right along its row.
async fn pull(browser: &Client, job: &str, hours: f64) {
    let hour = "return parseFloat(getComputedStyle(document.querySelector('.timeline')).getPropertyValue('--hour-width'));";
    let hour = ask(browser, hour, vec![]).await.as_f64().unwrap();
    let element = browser.find(Locator::Css(&bar(job))).await.unwrap();
    let step = |x: f64| {
        let duration = Some(std::time::Duration::from_millis(60));
        PointerAction::MoveBy { duration, x, y: 0.0 }
    };
    let drag = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(step(hour * hours / 2.0))
        .then(step(hour * hours / 2.0))
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    browser.perform_actions(drag).await.unwrap();
}

fn begins(at: &str) -> impl Fn(&Value) -> bool {
    let at = json!(format!("2026-11-23T{at}:00Z"));
    move |job| job["visit"]["start"] == at
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_dropped_onto_what_waits_for_it_takes_that_along() {
    let test = "a_visit_dropped_onto_what_waits_for_it_takes_that_along";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(Scene { town, one, two, .. }) = scene("order").await else { return };
    let path = format!("{}/jobs/{two}", town.plan.url());
    let body = json!({"depends_on": [one]});
    let answer = client().patch(path).bearer_auth(TOKEN).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let browser = board(&driver, &town).await;
    until(&browser, THERE, vec![json!(bar(&two))]).await;
    // By mouse: from eleven to one, where the second stands. Nothing moves before it is said.
    pull(&browser, &one, 2.0).await;
    let said = "
        const insist = document.querySelector('.toast [data-action=insist]');
        return insist?.closest('.toast').textContent ?? null;";
    let said = until(&browser, said, vec![]).await.to_string();
    assert!(said.contains("Deux"), "{said}");
    assert!(begins("16:00")(&town.api.get(&format!("/jobs/{one}")).await.1));
    click(&browser, ".toast [data-action=insist]").await;
    becomes(&town, &one, begins("18:00")).await;
    becomes(&town, &two, begins("19:00")).await;
    // By keys: half an hour more.
    let there = "
        const focus = document.querySelector(arguments[0]);
        focus?.focus();
        return focus && !document.querySelector('.toast [data-action=insist]') ? true : null;";
    until(&browser, there, vec![json!(bar(&one))]).await;
    press(&browser, &['m']).await;
    chord(&browser, SHIFT, RIGHT).await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!(".toast [data-action=insist]")]).await;
    tab_to(&browser, ".toast [data-action=insist]").await;
    press(&browser, &[ENTER]).await;
    becomes(&town, &one, begins("18:30")).await;
    becomes(&town, &two, begins("19:30")).await;
    browser.close().await.unwrap();
}
