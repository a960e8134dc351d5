//! Somebody unknown calls: written down, given a time, and found again, with the keyboard alone.

use fantoccini::Client;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::json;

use super::{Chromedriver, WATCH, account, ask, board, moment, until};
use crate::harness::town::{On, Town};

pub(super) const ENTER: char = '\u{e007}';
pub(super) const TAB: char = '\u{e004}';
pub(super) const DOWN: char = '\u{e015}';
pub(super) const ESCAPE: char = '\u{e00c}';
const CONTROL: char = '\u{e009}';

/// Presses keys one after the other, wherever the focus is.
pub(super) async fn press(browser: &Client, keys: &str) {
    let typed = keys.chars().fold(KeyActions::new("keyboard".to_owned()), |all, value| {
        all.then(KeyAction::Down { value }).then(KeyAction::Up { value })
    });
    browser.perform_actions(typed).await.unwrap();
}

/// Opens the palette as a hand does.
pub(super) async fn control_k(browser: &Client) {
    let held = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: CONTROL })
        .then(KeyAction::Down { value: 'k' })
        .then(KeyAction::Up { value: 'k' })
        .then(KeyAction::Up { value: CONTROL });
    browser.perform_actions(held).await.unwrap();
    until(browser, "return document.activeElement.closest('[data-palette]') ? 1 : null;", vec![])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_caller_has_a_visit_and_is_found_again_without_a_mouse() {
    let test = "an_unknown_caller_has_a_visit_and_is_found_again_without_a_mouse";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("caller", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    account(&town).await;
    let browser = board(&driver, &town).await;
    let focused = "return document.activeElement.matches(arguments[0]) ? 1 : null;";
    press(&browser, "c").await;
    until(&browser, focused, vec![json!("[name=customer]")]).await;
    press(&browser, "Zoé Lavoie").await;
    press(&browser, &ENTER.to_string()).await;
    // Nobody has that name: it is a new customer's, and the number is asked next.
    until(&browser, focused, vec![json!("[name=phone]")]).await;
    press(&browser, &format!("450 555-0177{TAB}{TAB}")).await;
    until(&browser, focused, vec![json!("[name=address]")]).await;
    // Its position, the map that takes arrows, how to get in, what is to be done.
    press(&browser, &format!("8, rue Neuve, Hemmingford{TAB}{TAB}{TAB}{TAB}")).await;
    until(&browser, focused, vec![json!("[name=title]")]).await;
    press(&browser, &format!("Pas d'Internet{ENTER}")).await;
    // Saved, and the places where it could go stand in the next dialog.
    // The best of them is one Enter away.
    until(&browser, focused, vec![json!("dialog ol li button[data-action=choose-slot]")]).await;
    press(&browser, &ENTER.to_string()).await;
    let (_, known) = town.api.get("/search?q=zoe%20lavoie&kinds=job").await;
    let job = known["items"][0]["id"].clone();
    assert_eq!(known["items"][0]["title"], "Pas d'Internet", "{known}");
    ask(&browser, WATCH, vec![job.clone(), ana["id"].clone()]).await;
    moment(&browser, "return window.__moved;").await;
    let inspected = "const name = document.querySelector('.inspector h2'); return name ? name.textContent : null;";
    until(&browser, inspected, vec![]).await;
    press(&browser, &ESCAPE.to_string()).await;
    let closed = "return document.querySelector('.inspector') ? null : 1;";
    until(&browser, closed, vec![]).await;
    // The caller calls again and says a number: the job is the second hit.
    control_k(&browser).await;
    press(&browser, "555-0177").await;
    let found = "const all = [...document.querySelectorAll('[data-choice^=hit-]')];
        return all.length === 2 ? all[1].dataset.choice : null;";
    let second = until(&browser, found, vec![]).await;
    assert_eq!(second, json!(format!("hit-{}", job.as_str().unwrap())));
    press(&browser, &format!("{DOWN}{ENTER}")).await;
    assert_eq!(until(&browser, inspected, vec![]).await, "Zoé Lavoie");
    control_k(&browser).await;
    press(&browser, &format!("zoe{ENTER}")).await;
    let page =
        "const name = document.querySelector('main h1'); return name ? name.textContent : null;";
    assert_eq!(until(&browser, page, vec![]).await, "Zoé Lavoie");
    a_number_typed_with_the_name_goes_where_numbers_are(&browser).await;
    browser.close().await.unwrap();
}

async fn a_number_typed_with_the_name_goes_where_numbers_are(browser: &Client) {
    let focused = "return document.activeElement.matches(arguments[0]) ? 1 : null;";
    ask(browser, "document.activeElement.blur(); return true;", vec![]).await;
    press(browser, "c").await;
    until(browser, focused, vec![json!("[name=customer]")]).await;
    press(browser, &format!("Léa Roy (450) 555-0188{ENTER}")).await;
    until(browser, focused, vec![json!("[data-new-job] [name=address]")]).await;
    let fields = "return ['name', 'phone'].map((one) => document.querySelector(`[data-new-job] [name=${one}]`).value);";
    assert_eq!(ask(browser, fields, vec![]).await, json!(["Léa Roy", "(450) 555-0188"]));
}
