//! The forms of jobs in a real browser, used as a person uses them: a job that comes again is written down with the
//! keyboard and changed for all with the mouse; a template's jobs are kept in their order. Skipped, aloud, where Chromium or the built front end is absent.

use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::harness::town::{On, Town};
use crate::screens::{Chromedriver, account, board, click, until};

const WAIT: Duration = Duration::from_secs(20);

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

/// All jobs of a series have one title: what one could wait for is told apart by its day.
async fn what_it_could_wait_for_is_told_apart(browser: &Client) {
    let others = "const said = [...document.querySelectorAll('select[name=waits-for] option')].map((o) => o.textContent);
        return said.length > 4 ? said : null;";
    let others = until(browser, others, vec![]).await;
    let others: Vec<&str> = others.as_array().unwrap().iter().flat_map(Value::as_str).collect();
    let once: std::collections::HashSet<&str> = others.iter().copied().collect();
    assert_eq!(once.len(), others.len(), "{others:?}");
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
    fill(&browser, "job-kind", "Ronde").await;
    fill(&browser, "window-date", "2026-11-20").await;
    fill(&browser, "window-from", "08:00").await;
    fill(&browser, "window-to", "10:00").await;
    choose(&browser, "repeat-frequency", "weekly").await;
    click(&browser, "[data-day=MO]").await;
    click(&browser, "[data-day=FR]").await;
    choose(&browser, "repeat-holidays", "skip").await;
    let shown = "const days = [...document.querySelectorAll('[data-next-days] ol li')];
        return days.length === 5 && /23/.test(days[0].textContent) ? days.map((d) => d.textContent) : null;";
    let days = until(&browser, shown, vec![]).await;
    assert!(days[0].as_str().unwrap().contains("2026"), "days in words: {days}");
    click(&browser, "[data-action=create-job]").await;
    until(&browser, "return document.querySelector('[data-new-job]') ? null : 1;", vec![]).await;
    let job = open_job(&town, "Entretien").await;
    assert_eq!(job["recurrence"], "RRULE:FREQ=WEEKLY;BYDAY=MO", "{job}");
    assert_eq!(job["series"]["on"], "2026-11-23", "the first Monday, not the Friday");
    assert_eq!(job["kind"], "Ronde", "any word is a kind");
    // With the mouse: the inspector says it repeats; an edit asks which ones it is for.
    let section = "return document.querySelector('[data-section=series] .days li') ? 1 : null;";
    // Places are offered for it first; they are left for later.
    until(&browser, "return document.querySelector('dialog[open]') ? 1 : null;", vec![]).await;
    type_here(&browser, &char::from(Key::Escape).to_string()).await;
    until(&browser, "return document.querySelector('dialog[open]') ? null : 1;", vec![]).await;
    until(&browser, section, vec![]).await;
    what_it_could_wait_for_is_told_apart(&browser).await;
    click(&browser, "[data-action=edit-job]").await;
    until(&browser, "return document.querySelector('[data-edit-job]') ? 1 : null;", vec![]).await;
    fill(&browser, "title", "Ronde").await;
    click(&browser, "[data-action=save-job]").await;
    click(&browser, "[data-scope=all]").await;
    until(&browser, "return document.querySelector('[data-edit-job]') ? null : 1;", vec![]).await;
    let series = job["series"]["id"].as_str().unwrap();
    let (_, answer) = town.api.get(&format!("/series/{series}")).await;
    assert_eq!(answer["title"], "Ronde");
    for one in answer["occurrences"].as_array().unwrap() {
        let (_, job) = town.api.get(&format!("/jobs/{}", one["job_id"].as_str().unwrap())).await;
        assert_eq!(job["title"], "Ronde", "{job}");
    }
    click(&browser, "[data-action=stop-repeating]").await;
    click(&browser, "[data-action=confirm-stop]").await;
    let ended = "return document.querySelector('[data-action=stop-repeating]') ? null : 1;";
    until(&browser, ended, vec![]).await;
    let (_, answer) = town.api.get(&format!("/series/{series}")).await;
    assert_eq!(answer["occurrences"].as_array().unwrap().len(), 1, "{answer}");
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_s_jobs_are_written_down_and_kept_in_their_order() {
    let test = "a_template_s_jobs_are_written_down_and_kept_in_their_order";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("template", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let known = town.job("Pas d'Internet", None).await;
    account(&town).await;
    let browser = board(&driver, &town).await;
    let address = format!("{}/ops/#/templates", town.plan.url());
    browser.goto(&address).await.unwrap();
    click(&browser, "[data-action=starters]").await;
    click(&browser, "[data-template=fibre_repair] [data-action=edit-template]").await;
    until(&browser, "return document.querySelector('[data-edit-template]') ? 1 : null;", vec![])
        .await;
    fill(&browser, "fr-1", "Épissure de secours").await;
    click(&browser, "[data-action=save-template]").await;
    let renamed = "return [...document.querySelectorAll('[data-template=fibre_repair] li b')]
        .some((b) => /de secours|Fibre repair/.test(b.textContent)) && !document.querySelector('dialog') ? 1 : null;";
    until(&browser, renamed, vec![]).await;
    browser.goto(&format!("{}/ops/#/", town.plan.url())).await.unwrap();
    until(&browser, "return document.querySelector('[data-pool]') ? 1 : null;", vec![]).await;
    type_here(&browser, "c").await;
    let focused = "return document.activeElement.matches(arguments[0]) ? 1 : null;";
    until(&browser, focused, vec![json!("[name=customer]")]).await;
    type_here(&browser, "Ruiz").await;
    until(&browser, "return document.querySelector('[data-pick^=cust_]') ? 1 : null;", vec![])
        .await;
    type_here(&browser, &char::from(Key::Enter).to_string()).await;
    let (_, all) = town.api.get("/templates/fibre_repair").await;
    let kind = all["steps"][1]["kind"].as_str().unwrap();
    let offered = "return [...document.querySelectorAll('#job-kinds option')].some((o) => o.value === arguments[0]) ? 1 : null;";
    until(&browser, offered, vec![json!(kind)]).await;
    assert_eq!(all["steps"][1]["title"]["fr"], "Épissure de secours", "{all}");
    choose(&browser, "template", all["id"].as_str().unwrap()).await;
    click(&browser, "[data-action=create-job]").await;
    until(&browser, "return document.querySelector('[data-new-job]') ? null : 1;", vec![]).await;
    let (_, jobs) = town.api.get("/jobs?limit=100").await;
    let jobs = jobs["items"].as_array().unwrap();
    assert_eq!(jobs.len(), 4, "three steps beside the job that was there");
    let first =
        jobs.iter().find(|j| j["depends_on"] == json!([]) && j["id"] != known["id"]).unwrap();
    let second = jobs.iter().find(|j| j["depends_on"] == json!([first["id"]])).unwrap();
    // The first of them is selected already: its inspector shows the order, and the way through it by the mouse.
    let link = format!("[data-section=order] [data-link='{}'] .go", second["id"].as_str().unwrap());
    click(&browser, &link).await;
    let named = "const name = document.querySelector('[data-section=order] [data-link]');
        return name ? name.dataset.link : null;";
    until(&browser, named, vec![]).await;
    // Moving what others wait for asks, and moves both.
    assert_eq!(town.assign(first, &ana, "10:30").await.0, 200);
    assert_eq!(town.assign(second, &ana, "11:30").await.0, 200);
    let (status, refused) = town.assign(first, &ana, "13:00").await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.breaks_order")), "{refused}");
    browser.close().await.unwrap();
}
