//! A day is imagined: a drag into it moves nothing, the figures say what it would come to; it is dropped without a trace,
//! and another is adopted with the keyboard.

use fantoccini::Locator;
use serde_json::{Value, json};

use super::caller::{ENTER, press};
use super::offering::tab_to;
use super::{Chromedriver, account, ask, board, until};
use crate::harness::town::{On, RUIZ_PHONE, Town};

const THERE: &str = "return document.querySelector(arguments[0]) ? 1 : null;";
const GONE: &str = "return document.querySelector(arguments[0]) ? null : 1;";

#[tokio::test(flavor = "multi_thread")]
async fn an_imagined_day_is_changed_compared_dropped_and_adopted() {
    let test = "an_imagined_day_is_changed_compared_dropped_and_adopted";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("whatif", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let job = town.job("Pas d'Internet", Some(("13:00", "14:00"))).await;
    let id = job["id"].as_str().unwrap().to_owned();
    account(&town).await;
    let browser = board(&driver, &town).await;
    let wait = |css: String| {
        let browser = browser.clone();
        async move { browser.wait().for_element(Locator::Css(&css)).await.unwrap() }
    };
    for adopts in [false, true] {
        wait("[data-action=more]".into()).await.click().await.unwrap();
        wait("[data-item=whatif]".into()).await.click().await.unwrap();
        until(&browser, THERE, vec![json!("[data-whatif]")]).await;
        // Given in the imagined day by the same dialog as ever.
        wait(format!("[data-pool-job='{id}']")).await.click().await.unwrap();
        press(&browser, "a").await;
        wait("dialog ol li button".into()).await.click().await.unwrap();
        until(&browser, THERE, vec![json!(format!("[data-imagined='{id}']"))]).await;
        let figure = "const row = document.querySelector('.whatif [data-figure=unassigned]');
            return [...row.querySelectorAll('td')].slice(0, 2).map((cell) => cell.textContent.trim()).join();";
        assert_eq!(ask(&browser, figure, vec![]).await, "1,0");
        let (_, held) = town.api.get(&format!("/jobs/{id}")).await;
        assert_eq!((&held["status"], &held["visit"]), (&json!("unassigned"), &Value::Null));
        assert!(
            town.texts(RUIZ_PHONE, None).await.is_empty(),
            "nobody is told of what is imagined"
        );
        if adopts {
            tab_to(&browser, "[data-action=adopt-whatif]").await;
            press(&browser, &ENTER.to_string()).await;
        } else {
            wait("[data-action=drop-whatif]".into()).await.click().await.unwrap();
        }
        until(&browser, GONE, vec![json!("[data-whatif]")]).await;
    }
    town.texts_when(RUIZ_PHONE, "visit_promised", 1).await;
    let (_, held) = town.api.get(&format!("/jobs/{id}")).await;
    assert_eq!(held["visit"]["technician_id"], ana["id"]);
    browser.close().await.unwrap();
}
