//! A crew on the board: somebody is added and taken off in the inspector, the visit stands in the rows of both, and a job that
//! is short of people says so; by mouse and by keyboard.

use fantoccini::Locator;
use serde_json::json;

use super::caller::{TAB, press as typed};
use super::hands::{ENTER, Scene, bar, becomes, click, gone, press, scene, stands};
use super::offering::tab_to;
use super::{Chromedriver, ask, board, drag_to, until};
use crate::harness::town::Town;

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

/// Waits until the job stands in the technician's row as one they go along to.
async fn goes_along(browser: &fantoccini::Client, job: &str, technician: &str) {
    let css = format!("[data-along=\"{job}\"][data-holder=\"{technician}\"]");
    until(browser, THERE, vec![json!(css)]).await;
}

/// A third technician.
async fn carl(town: &Town) -> String {
    let body = json!({
        "name": "Carl Roy", "phone": "+14505550156", "home": { "lat": 45.06, "lon": -73.6 },
        "skills": [], "weekly_schedule": { "mon": [{ "start": "08:00", "end": "16:30" }] },
    });
    town.make("/technicians", body).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn by_mouse_somebody_goes_along_and_another_takes_their_place() {
    let test = "by_mouse_somebody_goes_along_and_another_takes_their_place";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("crew-mouse").await else { return };
    let Scene { town, bob, one, .. } = &scene;
    let carl = carl(town).await;
    let browser = board(&driver, town).await;
    click(&browser, &bar(one)).await;
    until(&browser, THERE, vec![json!("[data-crew-add]")]).await;
    let select = browser.find(Locator::Css("[data-crew-add]")).await.unwrap();
    select.select_by_value(bob).await.unwrap();
    goes_along(&browser, one, bob).await;
    becomes(town, one, |job| job["visit"]["assistants"] == json!([bob])).await;
    // The assistant's bar on another row changes the assistant; what stays is where it was.
    drag_to(&browser, &format!("[data-along=\"{one}\"]"), &carl).await;
    goes_along(&browser, one, &carl).await;
    let now = becomes(town, one, |job| job["visit"]["assistants"] == json!([carl])).await;
    assert_eq!(now["visit"]["start"], "2026-11-23T16:00:00Z");
    // The lead's bar takes the crew along to whoever leads now.
    drag_to(&browser, &bar(one), bob).await;
    stands(&browser, one, bob).await;
    goes_along(&browser, one, &carl).await;
    click(&browser, &format!("[data-assistant=\"{carl}\"] button")).await;
    gone(&browser, &format!("[data-along=\"{one}\"]")).await;
    becomes(town, one, |job| job["visit"]["assistants"] == json!([])).await;
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_a_job_asks_for_two_and_gets_a_second() {
    let test = "by_keyboard_a_job_asks_for_two_and_gets_a_second";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("crew-keys").await else { return };
    let Scene { town, bob, one, .. } = &scene;
    let browser = board(&driver, town).await;
    until(&browser, THERE, vec![json!(bar(one))]).await;
    let focus = "document.querySelector(arguments[0]).focus(); return true;";
    ask(&browser, focus, vec![json!(bar(one))]).await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!("[data-crew-size]")]).await;
    tab_to(&browser, "[data-crew-size]").await;
    press(&browser, &['\u{e013}']).await;
    typed(&browser, &TAB.to_string()).await;
    becomes(town, one, |job| job["crew_size"] == 2).await;
    until(&browser, THERE, vec![json!(format!("[data-short=\"{one}\"]"))]).await;
    tab_to(&browser, "[data-crew-add]").await;
    typed(&browser, "Bob").await;
    press(&browser, &[ENTER]).await;
    goes_along(&browser, one, bob).await;
    gone(&browser, &format!("[data-short=\"{one}\"]")).await;
    browser.close().await.unwrap();
}
