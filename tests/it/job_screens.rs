//! The forms of jobs in a real browser, used as a person uses them: a job that comes again is written down with the
//! keyboard and changed for all with the mouse. Skipped, aloud, where Chromium or the built front end is absent.

use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::harness::town::{On, Town};
use crate::screens::{Chromedriver, account, board, until};

const WAIT: Duration = Duration::from_secs(20);

/// Clicks what is there, or will be soon.
pub(crate) async fn press(browser: &Client, what: &str) {
    let found = browser.wait().at_most(WAIT).for_element(Locator::Css(what)).await;
    found.unwrap_or_else(|error| panic!("{what}: {error}")).click().await.unwrap();
}

/// Keys go where the focus is.
async fn type_here(browser: &Client, keys: &str) {
    browser.active_element().await.unwrap().send_keys(keys).await.unwrap();
}

async fn choose(browser: &Client, name: &str, value: &str) {
    let select = format!("select[name='{name}']");
    let found = browser.wait().at_most(WAIT).for_element(Locator::Css(&select)).await.unwrap();
    found.select_by_value(value).await.unwrap();
}

async fn fill(browser: &Client, name: &str, text: &str) {
    let script = "const field = document.querySelector(`[name='${arguments[0]}']`);
        field.value = arguments[1]; field.dispatchEvent(new Event('input', {bubbles: true})); return 1;";
    browser.execute(script, vec![json!(name), json!(text)]).await.unwrap();
}

async fn open_job(town: &Town, title: &str) -> Value {
    let (_, jobs) = town.api.get("/jobs?limit=100").await;
    let all = jobs["items"].as_array().unwrap().clone();
    all.into_iter().find(|job| job["title"] == title).unwrap_or(Value::Null)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_comes_again_is_written_down_and_changed_for_all() {
    let test = "a_job_that_comes_again_is_written_down_and_changed_for_all";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("comes-again", On::Sqlite, "09:50", &[]).await else { return };
    town.ana().await;
    town.job("Pas d'Internet", None).await;
    account(&town).await;
    let browser = board(&driver, &town).await;
    // With the keyboard: C, the customer's name, Enter, what is to be done.
    type_here(&browser, "c").await;
    let focused = "return document.activeElement.matches(arguments[0]) ? 1 : null;";
    until(&browser, focused, vec![json!("[name=customer]")]).await;
    type_here(&browser, "Ruiz").await;
    until(&browser, "return document.querySelector('[data-pick^=cust_]') ? 1 : null;", vec![])
        .await;
    type_here(&browser, &char::from(Key::Enter).to_string()).await;
    until(&browser, focused, vec![json!("[name=title]")]).await;
    type_here(&browser, "Entretien").await;
    fill(&browser, "window-date", "2026-11-20").await;
    fill(&browser, "window-from", "08:00").await;
    fill(&browser, "window-to", "10:00").await;
    choose(&browser, "repeat-frequency", "weekly").await;
    press(&browser, "[data-day=MO]").await;
    press(&browser, "[data-day=FR]").await;
    choose(&browser, "repeat-holidays", "skip").await;
    let shown = "const days = [...document.querySelectorAll('[data-next-days] ol li')];
        return days.length === 5 && /23/.test(days[0].textContent) ? days.map((d) => d.textContent) : null;";
    let days = until(&browser, shown, vec![]).await;
    assert!(days[0].as_str().unwrap().contains("2026"), "days in words: {days}");
    press(&browser, "[data-action=create-job]").await;
    until(&browser, "return document.querySelector('[data-new-job]') ? null : 1;", vec![]).await;
    let job = open_job(&town, "Entretien").await;
    assert_eq!(job["recurrence"], "RRULE:FREQ=WEEKLY;BYDAY=MO", "{job}");
    assert_eq!(job["series"]["on"], "2026-11-23", "the first Monday, not the Friday");
    // With the mouse: the inspector says it repeats; an edit asks which ones it is for.
    let section = "return document.querySelector('[data-section=series] .days li') ? 1 : null;";
    let closed = "const open = document.querySelector('dialog'); if (open) open.close(); return 1;";
    until(&browser, closed, vec![]).await;
    until(&browser, section, vec![]).await;
    press(&browser, "[data-action=edit-job]").await;
    until(&browser, "return document.querySelector('[data-edit-job]') ? 1 : null;", vec![]).await;
    fill(&browser, "title", "Ronde").await;
    press(&browser, "[data-action=save-job]").await;
    press(&browser, "[data-scope=all]").await;
    until(&browser, "return document.querySelector('[data-edit-job]') ? null : 1;", vec![]).await;
    let series = job["series"]["id"].as_str().unwrap();
    let (_, answer) = town.api.get(&format!("/series/{series}")).await;
    assert_eq!(answer["title"], "Ronde");
    for one in answer["occurrences"].as_array().unwrap() {
        let (_, job) = town.api.get(&format!("/jobs/{}", one["job_id"].as_str().unwrap())).await;
        assert_eq!(job["title"], "Ronde", "{job}");
    }
    press(&browser, "[data-action=stop-repeating]").await;
    press(&browser, "[data-action=confirm-stop]").await;
    let ended = "return document.querySelector('[data-action=stop-repeating]') ? null : 1;";
    until(&browser, ended, vec![]).await;
    let (_, answer) = town.api.get(&format!("/series/{series}")).await;
    assert_eq!(answer["occurrences"].as_array().unwrap().len(), 1, "{answer}");
    browser.close().await.unwrap();
}
