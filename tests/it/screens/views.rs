//! Ways to look at the board: the month, and what dispatchers keep for one another. By mouse and by keyboard.

use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::caller::control_k;
use super::hands::{DOWN, ENTER, ESCAPE, RIGHT, Scene, click, gone, press, scene};
use super::{Chromedriver, ask, board, until};

async fn shows(browser: &Client, css: &str) {
    let script = "return document.querySelector(arguments[0]) ? true : null;";
    until(browser, script, vec![json!(css)]).await;
}

async fn focus(browser: &Client, css: &str) {
    shows(browser, css).await;
    ask(browser, "document.querySelector(arguments[0]).focus(); return true;", vec![json!(css)])
        .await;
}

/// What the calendar's day is called, once it was counted.
async fn called(browser: &Client, date: &str, words: &str) -> Value {
    let script = "
        const name = document.querySelector(`[data-day=\"${arguments[0]}\"]`)?.querySelector('.unseen')?.textContent;
        return name?.includes(arguments[1]) ? name : null;";
    until(browser, script, vec![json!(date), json!(words)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_counts_its_days_and_opens_one_by_mouse_and_by_keyboard() {
    let test = "a_month_counts_its_days_and_opens_one_by_mouse_and_by_keyboard";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("month").await else { return };
    let browser = board(&driver, &scene.town).await;
    click(&browser, ".pages a[href=\"#/calendar\"]").await;
    let name = called(&browser, "2026-11-23", "2 visites").await;
    assert!(name.as_str().unwrap().contains("lundi"), "{name}");
    click(&browser, "[data-day=\"2026-11-24\"]").await;
    shows(&browser, ".board[data-date=\"2026-11-24\"]").await;
    // The same with keys: from today down a week and one to the right, and Enter.
    ask(&browser, "location.hash = '#/calendar?month=2026-11'; return true;", vec![]).await;
    called(&browser, "2026-11-23", "2 visites").await;
    focus(&browser, "[data-day=\"2026-11-23\"]").await;
    press(&browser, &[DOWN, RIGHT]).await;
    let focused = "return document.activeElement?.dataset.day ?? null;";
    assert_eq!(until(&browser, focused, vec![]).await, "2026-12-01", "the next month's days");
    press(&browser, &[ENTER]).await;
    shows(&browser, ".board[data-date=\"2026-12-01\"]").await;
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_and_a_view_are_kept_by_one_dispatcher_and_chosen_by_another() {
    let test = "a_group_and_a_view_are_kept_by_one_dispatcher_and_chosen_by_another";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(Scene { town, bob, .. }) = scene("presets").await else { return };
    let (one, other) = (board(&driver, &town).await, board(&driver, &town).await);
    let rows = "
        const names = [...document.querySelectorAll('[data-technician]')].map((row) => row.dataset.technician);
        return JSON.stringify(names) === JSON.stringify(arguments[0]) ? true : null;";
    // By mouse: only Bob's row, kept as a group.
    click(&one, "[data-action=more]").await;
    click(&one, "[data-item=presets]").await;
    let ana = "
        const boxes = [...document.querySelectorAll('[data-row]')];
        return boxes.find((box) => box.dataset.row !== arguments[0])?.dataset.row ?? null;";
    let ana = until(&one, ana, vec![json!(bob)]).await;
    click(&one, &format!("[data-row=\"{}\"]", ana.as_str().unwrap())).await;
    until(&one, rows, vec![json!([bob])]).await;
    let name = one.find(Locator::Css("[name=group-name]")).await.unwrap();
    name.send_keys("Ouest").await.unwrap();
    click(&one, "[data-action=keep-group]").await;
    let group = "return new URLSearchParams(location.hash.split('?')[1]).get('group');";
    let group = until(&one, group, vec![]).await.as_str().unwrap().to_owned();
    // By keyboard, at the other board: the panel, a view of three days, and the palette.
    until(
        &other,
        "return document.querySelectorAll('[data-technician]').length === 2 ? 1 : null;",
        vec![],
    )
    .await;
    press(&other, &['3']).await;
    shows(&other, ".board[data-days=\"3\"]").await;
    press(&other, &['v']).await;
    focus(&other, "[name=view-name]").await;
    press(&other, &['T', 'r', 'o', 'i', 's', ENTER]).await;
    shows(&other, "[data-presets] [data-preset]:not([aria-pressed])").await;
    focus(&other, &format!("[data-preset=\"{group}\"]")).await;
    press(&other, &[ENTER]).await;
    until(&other, rows, vec![json!([bob])]).await;
    // The first one chooses the view that the other kept, from the menu of the top bar.
    click(&one, "[data-action=more]").await;
    let view = "
        const entry = [...document.querySelectorAll('[role=menu] [data-item]')].find((one) => one.textContent.includes('Trois'));
        entry?.click();
        return entry ? true : null;";
    until(&one, view, vec![]).await;
    shows(&one, ".board[data-days=\"3\"]").await;
    press(&one, &[ESCAPE]).await;
    gone(&one, "[data-presets]").await;
    one.close().await.unwrap();
    other.close().await.unwrap();
}

const F6: char = '\u{e036}';

#[tokio::test(flavor = "multi_thread")]
async fn f6_goes_round_the_top_bar_has_room_and_acts_are_found_by_what_they_open() {
    let test = "f6_goes_round_the_top_bar_has_room_and_acts_are_found_by_what_they_open";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("round").await else { return };
    let browser = board(&driver, &scene.town).await;
    shows(&browser, "[data-pool-job]").await;
    shows(&browser, "[data-action=homes-on-map]").await;
    let region = "return ['.top', '[data-pool]', '.timeline', '.right', '.strip']
        .findIndex((one) => document.querySelector(one).contains(document.activeElement));";
    let mut been = Vec::new();
    for _ in 0..10 {
        press(&browser, &[F6]).await;
        been.push(ask(&browser, region, vec![]).await);
    }
    // While nobody was promised anything the strip has nothing to reach.
    let round = been.iter().skip(1).position(|at| *at == been[0]).unwrap() + 1;
    assert!(round >= 4 && been[..round] == been[round..round * 2], "{been:?}");
    // The narrowest desk, on another day than today, where no text leaves.
    browser.set_window_size(1280, 900).await.unwrap();
    press(&browser, &[ESCAPE]).await;
    click(&browser, ".days button:nth-of-type(2)").await;
    shows(&browser, ".board[data-date=\"2026-11-24\"]").await;
    shows(&browser, ".sandbox").await;
    let fits = "
        if (document.documentElement.lang !== arguments[0]) return null;
        const top = document.querySelector('.top');
        return [top.scrollWidth <= top.clientWidth, top.scrollWidth, top.clientWidth];";
    for language in ["fr", "en"] {
        let fits = until(&browser, fits, vec![json!(language)]).await;
        assert_eq!(fits[0], true, "{language}: {fits}");
        let note = "
            const note = document.querySelector('.other-day')?.getBoundingClientRect();
            const button = document.querySelector('[data-action=homes-on-map]').getBoundingClientRect();
            return note ? [note.top >= button.bottom] : null;";
        assert_eq!(until(&browser, note, vec![]).await[0], true, "beneath the buttons");
        let other = "document.querySelector('[data-action=language]').click(); return true;";
        if language == "fr" {
            ask(&browser, other, vec![]).await;
        }
    }
    control_k(&browser).await;
    press(&browser, &"absence".chars().collect::<Vec<_>>()).await;
    shows(&browser, "[data-choice=do-absence]").await;
    let count = "
        const said = document.querySelector('[data-palette] [role=status]').textContent.trim();
        return said ? said : null;";
    assert_eq!(until(&browser, count, vec![]).await, "1 result");
    let vain = "return document.querySelector('[data-palette] .nothing') !== null;";
    assert_eq!(ask(&browser, vain, vec![]).await, false);
    browser.close().await.unwrap();
}
