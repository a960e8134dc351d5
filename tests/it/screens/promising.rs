//! A told window is broken only with a reason, after the very text was read; and what waits for a visit moves along with it.
//! By mouse and by keyboard.

use std::time::Duration;

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::{Client, Locator};
use serde_json::json;

use super::caller::TAB;
use super::hands::{ENTER, RIGHT, bar, becomes, click, gone, press};
use super::offering::tab_to;
use super::{Chromedriver, account, ask, board, until};
use crate::harness::town::{On, RUIZ_PHONE, Town};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

/// A visit of Ana's with a window that the customer was told.
pub(super) async fn promised(name: &str) -> Option<(Town, String)> {
    let town = Town::at(name, On::Sqlite, "09:50", &[("undo_seconds", "0")]).await?;
    let ana = town.ana().await;
    let job = town.job("Pas d'Internet", Some(("11:00", "12:00"))).await;
    let (status, answer) = town.assign(&job, &ana, "11:00").await;
    assert_eq!(status, 200, "{answer}");
    town.texts_when(RUIZ_PHONE, "visit_promised", 1).await;
    account(&town).await;
    let job = job["id"].as_str().unwrap().to_owned();
    Some((town, job))
}

/// Drags a bar along its row.
async fn three_hours_later(browser: &Client, job: &str) {
    let hour = "return parseFloat(getComputedStyle(document.querySelector('.timeline')).getPropertyValue('--hour-width'));";
    let hour = ask(browser, hour, vec![]).await.as_f64().unwrap();
    let element = browser.find(Locator::Css(&bar(job))).await.unwrap();
    let step =
        |x: f64| PointerAction::MoveBy { duration: Some(Duration::from_millis(60)), x, y: 0.0 };
    let drag = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(step(hour))
        .then(step(2.0 * hour))
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    browser.perform_actions(drag).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_told_window_is_broken_with_a_reason_by_mouse() {
    let test = "a_told_window_is_broken_with_a_reason_by_mouse";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some((town, job)) = promised("break-mouse").await else { return };
    let browser = board(&driver, &town).await;
    until(&browser, THERE, vec![json!(bar(&job))]).await;
    three_hours_later(&browser, &job).await;
    until(&browser, THERE, vec![json!("[data-breaking]")]).await;
    let shown =
        "return document.querySelector('[data-breaking] [data-text]')?.textContent ?? null;";
    let shown = until(&browser, shown, vec![]).await.as_str().unwrap().to_owned();
    let disabled = "return document.querySelector('[data-action=break]').disabled;";
    assert_eq!(ask(&browser, disabled, vec![]).await, json!(true), "no reason, no way on");
    let field = browser.find(Locator::Css("[name=reason]")).await.unwrap();
    field.send_keys("Panne de camion").await.unwrap();
    click(&browser, "[data-action=break]").await;
    gone(&browser, "[data-breaking]").await;
    let moved = becomes(&town, &job, |job| job["visit"]["start"] != "2026-11-23T16:00:00Z").await;
    assert_eq!(moved["visit"]["start"], "2026-11-23T19:00:00Z");
    let told = town.texts_when(RUIZ_PHONE, "rescheduled", 1).await.remove(0);
    let words = |text: &str| text.split("/track/").next().unwrap_or("").to_owned();
    let told = told["body"].as_str().unwrap();
    assert_eq!(words(told), words(&shown), "the very text that was read, but for its link");
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_told_window_is_broken_without_a_text_by_keyboard() {
    let test = "a_told_window_is_broken_without_a_text_by_keyboard";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some((town, job)) = promised("break-keys").await else { return };
    let browser = board(&driver, &town).await;
    until(&browser, THERE, vec![json!(bar(&job))]).await;
    let focus = "document.querySelector(arguments[0]).focus(); return true;";
    ask(&browser, focus, vec![json!(bar(&job))]).await;
    press(&browser, &['u']).await;
    let asked = "return document.activeElement?.name === 'reason' ? true : null;";
    until(&browser, asked, vec![]).await;
    press(&browser, &"rappel".chars().collect::<Vec<_>>()).await;
    press(&browser, &[TAB]).await;
    tab_to(&browser, "[data-action=break-quietly]").await;
    press(&browser, &[ENTER]).await;
    becomes(&town, &job, |job| job["status"] == "unassigned").await;
    // The reason and the name stand in the job's own ledger.
    let (_, ledger) = town.api.get(&format!("/jobs/{job}/promises")).await;
    let broken = &ledger["items"][0]["broken"];
    assert_eq!((&broken["reason"], &broken["tell"]), (&json!("rappel"), &json!(false)), "{ledger}");
    assert!(town.texts(RUIZ_PHONE, Some("cancelled")).await.is_empty(), "and no text");
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_visit_moves_along_when_asked() {
    let test = "what_waits_for_a_visit_moves_along_when_asked";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let settings = [("undo_seconds", "300")];
    let Some(town) = Town::at("along", On::Sqlite, "09:50", &settings).await else { return };
    let ana = town.ana().await;
    let first = town.job("Tirer le câble", None).await;
    let then = json!({
        "customer_id": first["customer_id"], "location_id": first["location_id"],
        "title": "Brancher", "duration_min": 60, "priority": "normal",
        "skills": first["skills"], "depends_on": [first["id"]],
    });
    let then = town.make("/jobs", then).await;
    let (first_id, then_id) = (first["id"].as_str().unwrap(), then["id"].as_str().unwrap());
    let bob = json!({
        "name": "Bob Cyr", "phone": "+14505550155", "home": { "lat": 45.06, "lon": -73.6 },
        "skills": [{ "tag": "Fibre", "level": 4 }],
        "weekly_schedule": { "mon": [{ "start": "08:00", "end": "16:30" }] },
    });
    let bob = town.make("/technicians", bob).await;
    for (job, technician, start) in [(&first, &ana, "11:00"), (&then, &bob, "12:00")] {
        let (status, answer) = town.assign(job, technician, start).await;
        assert_eq!(status, 200, "{answer}");
    }
    account(&town).await;
    let browser = board(&driver, &town).await;
    until(&browser, THERE, vec![json!(bar(then_id))]).await;
    let focus = "document.querySelector(arguments[0]).focus(); return true;";
    ask(&browser, focus, vec![json!(bar(first_id))]).await;
    press(&browser, &['m', RIGHT, RIGHT, RIGHT, ENTER]).await;
    // Refused with the name of what would come too early, and a way to take it along.
    click(&browser, ".toast [data-action=insist]").await;
    let moved = "2026-11-23T16:15:00Z";
    becomes(&town, first_id, |job| job["visit"]["start"] == moved).await;
    let then = becomes(&town, then_id, |job| job["visit"]["start"] != "2026-11-23T17:00:00Z").await;
    assert!(then["visit"]["start"].as_str() >= Some("2026-11-23T17:15:00Z"), "{then}");
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_share_of_kept_promises_is_drawn_and_what_was_missed_is_opened() {
    let test = "the_share_of_kept_promises_is_drawn_and_what_was_missed_is_opened";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some((town, job)) = promised("kept-share").await else { return };
    let browser = board(&driver, &town).await;
    until(&browser, THERE, vec![json!(bar(&job))]).await;
    // By mouse: nothing has come due yet.
    click(&browser, "[data-action=more]").await;
    click(&browser, "[data-item=kept]").await;
    let share = "return document.querySelector('[data-kept] .share b')?.textContent ?? null;";
    assert_eq!(until(&browser, share, vec![]).await, "–");
    // Moved away with a reason: the first window was not kept.
    three_hours_later(&browser, &job).await;
    until(&browser, THERE, vec![json!("[data-breaking]")]).await;
    let field = browser.find(Locator::Css("[name=reason]")).await.unwrap();
    field.send_keys("Panne").await.unwrap();
    click(&browser, "[data-action=break]").await;
    until(&browser, THERE, vec![json!(format!("[data-missed=\"{job}\"]"))]).await;
    assert!(until(&browser, share, vec![]).await.as_str().unwrap().starts_with('0'));
    // By keys: today alone, and the one that was missed.
    tab_to(&browser, "[data-kept-span=\"1\"]").await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!("[data-kept-span=\"1\"][aria-pressed=true]")]).await;
    tab_to(&browser, &format!("[data-missed=\"{job}\"]")).await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!(format!("{}[aria-pressed=true]", bar(&job)))]).await;
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_a_visit_back_asks_only_where_somebody_was_told() {
    let test = "taking_a_visit_back_asks_only_where_somebody_was_told";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some((town, told)) = promised("take-back").await else { return };
    // Nobody can have told somebody without a number.
    let silent = town.make("/customers", json!({"name": "Silence", "language": "fr"})).await;
    let place = json!({
        "customer_id": silent["id"], "address": "3, rue du Lac", "lat": 45.07, "lon": -73.6,
    });
    let place = town.make("/locations", place).await;
    let quiet = json!({
        "customer_id": silent["id"], "location_id": place["id"], "title": "Sans numéro",
        "duration_min": 60, "priority": "normal", "skills": [],
    });
    let quiet = town.make("/jobs", quiet).await;
    let technicians = town.api.get("/technicians").await.1;
    let (status, answer) = town.assign(&quiet, &technicians["items"][0], "14:00").await;
    assert_eq!(status, 200, "{answer}");
    let quiet = quiet["id"].as_str().unwrap();
    let browser = board(&driver, &town).await;
    until(&browser, THERE, vec![json!(bar(quiet))]).await;
    let asks = "return document.querySelector('[data-breaking]') ? true : false;";
    // By mouse: at once where nobody was told.
    click(&browser, &bar(quiet)).await;
    click(&browser, "[data-action=unassign]").await;
    becomes(&town, quiet, |job| job["status"] == "unassigned").await;
    assert_eq!(ask(&browser, asks, vec![]).await, json!(false));
    let (status, answer) = town
        .ask(
            "/dispatch/assign",
            &json!({"job_id": quiet, "technician_id": technicians["items"][0]["id"], "start": "2026-11-23T14:00:00-05:00"}),
        )
        .await;
    assert_eq!(status, 200, "{answer}");
    // By keys: the same.
    until(&browser, THERE, vec![json!(bar(quiet))]).await;
    let focus = "document.querySelector(arguments[0]).focus(); return true;";
    ask(&browser, focus, vec![json!(bar(quiet))]).await;
    press(&browser, &['u']).await;
    becomes(&town, quiet, |job| job["status"] == "unassigned").await;
    assert_eq!(ask(&browser, asks, vec![]).await, json!(false));
    // Where the customer was told, by mouse and by keys: it asks, and until it is answered the visit stands.
    click(&browser, &bar(&told)).await;
    click(&browser, "[data-action=unassign]").await;
    until(&browser, THERE, vec![json!("[data-breaking]")]).await;
    press(&browser, &[super::hands::ESCAPE]).await;
    gone(&browser, "[data-breaking]").await;
    ask(&browser, focus, vec![json!(bar(&told))]).await;
    press(&browser, &['u']).await;
    until(&browser, THERE, vec![json!("[data-breaking]")]).await;
    let (_, stands) = town.api.get(&format!("/jobs/{told}")).await;
    assert_eq!(stands["status"], "planned");
    browser.close().await.unwrap();
}
