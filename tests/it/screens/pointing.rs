//! What a click leads to: a job's record beside an open panel, and the list of those who were not told.

use fantoccini::{Client, Locator};
use serde_json::json;

use super::hands::{Scene, bar, click, drop_on_name, gone, scene};
use super::{Chromedriver, account, ask, board, until};
use crate::harness::town::{On, RUIZ, Town};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

async fn there(browser: &Client, css: &str) {
    until(browser, THERE, vec![json!(css)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_shows_the_job_beside_a_panel_and_a_published_draft_leaves_the_column() {
    let test = "a_click_shows_the_job_beside_a_panel_and_a_published_draft_leaves_the_column";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("beside").await else { return };
    let Scene { town, bob, one, waiting, .. } = &scene;
    let browser = board(&driver, town).await;
    click(&browser, "[data-action=more]").await;
    click(&browser, "[data-item=drafts]").await;
    there(&browser, "[name=draft]").await;
    let field = browser.find(Locator::Css("[name=draft]")).await.unwrap();
    field.send_keys("Demain").await.unwrap();
    click(&browser, "[data-action=new-draft]").await;
    let pooled = format!("[data-pool-job=\"{}\"]", waiting[0]);
    there(&browser, &pooled).await;
    drop_on_name(&browser, &waiting[0], bob).await;
    // The pool says so, and what its technician would read can be read.
    there(&browser, &format!("{pooled} [data-in-draft=\"Demain\"]")).await;
    let text = "
        const text = document.querySelector(`[data-text-to=\"${arguments[0]}\"] p`);
        return text ? text.textContent : null;";
    let text = until(&browser, text, vec![json!(bob)]).await;
    assert!(text.as_str().unwrap().contains("/t/"), "with the link to the day: {text}");

    click(&browser, &bar(one)).await;
    there(&browser, ".right .inspector h2").await;
    let both = "
        const seen = (css) => document.querySelector(css)?.getBoundingClientRect().height > 100;
        return seen('.right .inspector') && seen('[data-drafts]') ? true : null;";
    until(&browser, both, vec![]).await;
    click(&browser, ".right .inspector > header button").await;
    gone(&browser, ".right .inspector").await;
    there(&browser, "[data-drafts]").await;
    // What the panel itself points at does not take its place.
    click(&browser, &format!("[data-entry=\"{}\"] .entry", waiting[0])).await;
    there(&browser, &format!("{pooled}[aria-pressed=true]")).await;
    gone(&browser, ".right .inspector").await;
    click(&browser, "[data-action=publish]").await;
    gone(&browser, "[data-drafts]").await;
    there(&browser, &bar(&waiting[0])).await;
    browser.close().await.unwrap();
}

/// A customer who cannot be reached, with a visit.
async fn town(name: &str) -> Option<(Town, String)> {
    let town = Town::at(name, On::Sqlite, "09:50", &[("undo_seconds", "300")]).await?;
    let ana = town.ana().await;
    let mute = town.make("/customers", json!({"name": "Sans numéro"})).await;
    let place = json!({
        "customer_id": mute["id"], "address": "3, rue du Lac", "lat": RUIZ.lat, "lon": RUIZ.lon,
    });
    let place = town.make("/locations", place).await;
    let job = json!({
        "customer_id": mute["id"], "location_id": place["id"], "title": "Réparer",
        "duration_min": 60, "priority": "normal", "skills": [],
    });
    let mute = town.make("/jobs", job).await;
    assert_eq!(town.assign(&mute, &ana, "11:00").await.0, 200);
    account(&town).await;
    Some((town, mute["id"].as_str().unwrap().to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_strip_lists_who_was_not_told_and_why() {
    let test = "the_strip_lists_who_was_not_told_and_why";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some((town, mute)) = town("strip").await else { return };
    let browser = board(&driver, &town).await;
    click(&browser, "[data-action=untold]").await;
    let line = format!("[data-untold=\"{mute}\"]");
    there(&browser, &line).await;
    let said = "
        const line = document.querySelector(arguments[0]);
        return [line.textContent, line.querySelector('a').getAttribute('href')];";
    let said = ask(&browser, said, vec![json!(line)]).await;
    assert!(said[0].as_str().unwrap().contains("numéro"), "why: {said}");
    assert!(said[1].as_str().unwrap().starts_with("#/customers/cust_"), "{said}");
    click(&browser, &format!("{line} .what")).await;
    there(&browser, &format!("{}[aria-pressed=true]", bar(&mute))).await;
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_fits_the_width_of_a_desk() {
    let test = "a_week_fits_the_width_of_a_desk";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("week").await else { return };
    let browser = board(&driver, &scene.town).await;
    there(&browser, &bar(&scene.one)).await;
    click(&browser, "[data-span=\"7\"]").await;
    let fits = "
        const el = document.querySelector('.timeline');
        if (document.querySelectorAll('[data-day]').length !== 7) return null;
        return el.scrollWidth <= el.clientWidth + 1 ? true : null;";
    until(&browser, fits, vec![]).await;
    browser.close().await.unwrap();
}
