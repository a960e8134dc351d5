//! The team's pages in a real browser, used as a person uses them: somebody is hired with the mouse and the keyboard
//! and stands on the board; two people save at once; an absence says what it frees. Skipped, aloud, where Chromium or
//! the built front end is absent.

use std::time::{Duration, Instant};

use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::harness::server::{TOKEN, client};
use crate::harness::town::{On, Town};
use crate::screens::{Chromedriver, account, ask, board, click, until};

const WAIT: Duration = Duration::from_secs(20);

/// Keys go where the focus is.
async fn type_here(browser: &Client, keys: &str) {
    browser.active_element().await.unwrap().send_keys(keys).await.unwrap();
}

/// What a field holds is replaced, and the focus goes on to the next.
fn over(text: &str) -> String {
    let (control, release, tab) =
        (char::from(Key::Control), char::from(Key::Null), char::from(Key::Tab));
    format!("{control}a{release}{text}{tab}")
}

async fn patch(town: &Town, path: &str, body: Value) {
    let request = client().patch(format!("{}{path}", town.plan.url())).bearer_auth(TOKEN);
    let answer = request.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
}

/// Hires Bob through the page; his id.
async fn hire(browser: &Client) -> String {
    click(browser, "a[href='#/team']").await;
    click(browser, "[data-action=hire]").await;
    click(browser, "input[name=name]").await;
    type_here(browser, &over("Bob Cyr")).await;
    // Too early: the page says what is missing, and puts the focus there.
    click(browser, "[data-action=save]").await;
    let at = "const a = document.activeElement; return a.getAttribute('aria-invalid') === 'true' ? a.name : null;";
    assert_eq!(until(browser, at, vec![]).await, "phone");
    type_here(browser, &over("450 555-0155")).await;
    click(browser, "input[name=lat]").await;
    type_here(browser, &over("45,06")).await;
    type_here(browser, &over("-73.6")).await;
    let skills = Locator::Css("[data-field=add-skill]");
    let skills = browser.wait().at_most(WAIT).for_element(skills).await.unwrap();
    skills.select_by_value("Fibre").await.unwrap();
    click(browser, "[data-skill=Fibre] .levels label:nth-child(4)").await;
    click(browser, "[data-day=mon] [data-action=add-hours]").await;
    let focused = "return document.activeElement.classList.contains('time') ? true : null;";
    until(browser, focused, vec![]).await;
    type_here(browser, &over("7h30")).await;
    type_here(browser, &over("1530")).await;
    click(browser, "[data-day=mon] [data-action=copy-day]").await;
    click(browser, "[data-to=weekdays]").await;
    click(browser, "[data-action=copy]").await;
    click(browser, "[data-action=save]").await;
    let hired = "return /^#\\/team\\/(tech_.*)$/.exec(location.hash)?.[1] ?? null;";
    until(browser, hired, vec![]).await.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_technician_is_hired_by_hand_and_stands_on_the_board() {
    let test = "a_technician_is_hired_by_hand_and_stands_on_the_board";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("hire", On::Sqlite, "09:50", &[]).await else { return };
    town.ana().await;
    account(&town).await;
    let browser = board(&driver, &town).await;
    let bob = hire(&browser).await;
    let path = format!("/technicians/{bob}");
    let (_, kept) = town.api.get(&path).await;
    let day = json!([{"start": "07:30", "end": "15:30"}]);
    assert_eq!((&kept["name"], &kept["phone"]), (&json!("Bob Cyr"), &json!("+14505550155")));
    assert_eq!((&kept["home"]["lat"], &kept["home"]["lon"]), (&json!(45.06), &json!(-73.6)));
    assert_eq!(kept["skills"], json!([{"tag": "Fibre", "level": 4}]));
    let week = json!({"mon": day, "tue": day, "wed": day, "thu": day, "fri": day});
    assert_eq!(kept["weekly_schedule"], week);
    click(&browser, "a[href='#/team']").await;
    let row =
        "return document.querySelector(`[data-person='${arguments[0]}']`)?.dataset.now ?? null;";
    assert_eq!(until(&browser, row, vec![json!(bob)]).await, "free", "it is ten on Monday");
    click(&browser, "a[href='#/']").await;
    click(&browser, &format!("[data-technician='{bob}']")).await;
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_save_the_second_sees_what_the_first_did_and_chooses() {
    let test = "of_two_who_save_the_second_sees_what_the_first_did_and_chooses";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("two-save", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let job = town.job("Pas d'Internet", None).await;
    assert_eq!(town.assign(&job, &ana, "13:00").await.0, 200);
    account(&town).await;
    let browser = board(&driver, &town).await;
    let path = format!("/technicians/{}", ana["id"].as_str().unwrap());
    click(&browser, "a[href='#/team']").await;
    click(&browser, &format!("a[href='#/team/{}']", ana["id"].as_str().unwrap())).await;
    click(&browser, "input[name=name]").await;
    type_here(&browser, &over("Ana Cyr")).await;
    patch(&town, &path, json!({"email": "ana@example.org"})).await;
    click(&browser, "[data-action=save]").await;
    let conflict = "return document.querySelector('[data-conflict]')?.innerText ?? null;";
    let told = until(&browser, conflict, vec![]).await.to_string();
    for said in ["programme", "Ana Cyr", "ana@example.org"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    click(&browser, "[data-action=keep-mine]").await;
    let saved = "return document.querySelector('[data-conflict], .save') ? null : true;";
    until(&browser, saved, vec![]).await;
    let (_, kept) = town.api.get(&path).await;
    assert_eq!((&kept["name"], &kept["email"]), (&json!("Ana Cyr"), &json!("ana@example.org")));
    // An absence opens the plan that the board opens: what it hits, and nothing done before it is approved.
    click(&browser, "[data-action=add-absence]").await;
    click(&browser, "[data-preset=today]").await;
    let hit = "return document.querySelector('[data-hit] [data-to=pool]') ? true : null;";
    until(&browser, hit, vec![]).await;
    let (_, before) = town.api.get(&format!("/jobs/{}", job["id"].as_str().unwrap())).await;
    assert_eq!(before["status"], "planned");
    let approvable = "
        const button = document.querySelector('[data-action=approve-absence]');
        if (!button || button.disabled) return null;
        button.focus();
        return true;";
    until(&browser, approvable, vec![]).await;
    type_here(&browser, &char::from(Key::Enter).to_string()).await;
    until(&browser, "return document.querySelector('[data-absence]') ? true : null;", vec![]).await;
    let (_, kept) = town.api.get(&path).await;
    assert_eq!(kept["absences"][0]["start"], "2026-11-23T05:00:00Z", "the whole Monday");
    let now = ask(&browser, "return document.querySelector('.wrong, .refusal');", vec![]).await;
    assert!(now.is_null(), "{now}");
    let path = format!("/jobs/{}", job["id"].as_str().unwrap());
    let began = Instant::now();
    while town.api.get(&path).await.1["status"] != "unassigned" {
        assert!(began.elapsed() < WAIT, "the visit was not freed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    browser.close().await.unwrap();
}
