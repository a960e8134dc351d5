//! A job is offered with the mouse and taken on the technician's page without a script; another with the keyboard, and
//! taken back. The panel follows both without being asked.

use fantoccini::Locator;
use serde_json::json;

use super::caller::{ENTER, TAB, press};
use super::{Chromedriver, account, ask, board, click, until};
use crate::harness::server::client;
use crate::harness::town::{On, Town, link};

const STATE: &str =
    "const one = document.querySelector(`[data-offer][data-state=\"${arguments[0]}\"]`);
    return one ? one.dataset.offer : null;";
const FOCUSED: &str = "return document.activeElement.matches(arguments[0]) ? 1 : null;";
const THERE: &str = "return document.querySelector(arguments[0]) ? 1 : null;";

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_offered_taken_on_a_page_and_another_is_taken_back() {
    let test = "a_job_is_offered_taken_on_a_page_and_another_is_taken_back";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("offers", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let phone = ana["phone"].as_str().unwrap();
    let job = town.job("Pas d'Internet", Some(("13:00", "14:00"))).await;
    account(&town).await;
    let browser = board(&driver, &town).await;
    let pool = format!("[data-pool-job='{}']", job["id"].as_str().unwrap());
    click(&browser, &pool).await;
    let wait = |css: &'static str| browser.wait().for_element(Locator::Css(css));
    click(&browser, "[data-action=offer]").await;
    wait("[data-action=make-offer]").await.unwrap();
    let shown = "return document.querySelector('.texts')?.textContent ?? null;";
    let shown = until(&browser, shown, vec![]).await.as_str().unwrap().to_owned();
    assert!(town.texts(phone, None).await.is_empty(), "looking sends nothing");
    click(&browser, "[data-action=make-offer]").await;
    until(&browser, STATE, vec![json!("open")]).await;
    let text = town.texts_when(phone, "job_offered", 1).await.remove(0);
    let said = text["body"].as_str().unwrap().split("http").next().unwrap().to_owned();
    assert!(shown.contains(&said), "{shown} is not {said}");
    // Ana's phone runs no script: the form alone.
    let page = format!("{}{}", town.plan.url(), link(&text, "/t/"));
    let html = client().get(&page).send().await.unwrap().text().await.unwrap();
    let action = html.split("action=\"").map(|part| part.split('"').next().unwrap_or(""));
    let action = { action }.find(|path| path.ends_with("/accept")).unwrap().to_owned();
    let address = format!("{}{action}", town.plan.url());
    let answer = client().post(address).form(&[("", "")]).send().await.unwrap();
    assert!(answer.status().is_success() || answer.status().is_redirection());
    until(&browser, STATE, vec![json!("filled")]).await;

    let other = town.job("Modem muet", Some(("15:00", "15:30"))).await;
    let row = format!("[data-pool-job='{}']", other["id"].as_str().unwrap());
    until(&browser, THERE, vec![json!(row)]).await;
    browser
        .execute("document.querySelector(arguments[0]).focus();", vec![json!(row)])
        .await
        .unwrap();
    press(&browser, &ENTER.to_string()).await;
    // The panel is open already: another job that is picked takes its place there.
    until(&browser, THERE, vec![json!("[data-action=make-offer]")]).await;
    tab_to(&browser, "[data-action=make-offer]").await;
    press(&browser, &ENTER.to_string()).await;
    let open = until(&browser, STATE, vec![json!("open")]).await;
    browser.execute("document.querySelector('.offers h2').focus();", vec![]).await.unwrap();
    tab_to(&browser, "[data-action=withdraw-offer]").await;
    press(&browser, &ENTER.to_string()).await;
    assert_eq!(until(&browser, STATE, vec![json!("withdrawn")]).await, open);
    browser.close().await.unwrap();
}

/// Goes on with the tabulator until this has the focus.
pub(super) async fn tab_to(browser: &fantoccini::Client, css: &str) {
    for _ in 0..60 {
        if !ask(browser, FOCUSED, vec![json!(css)]).await.is_null() {
            return;
        }
        press(browser, &TAB.to_string()).await;
    }
    panic!("{css} cannot be reached with the keyboard");
}
