//! A service level is written down by mouse; a new job's clock stands in the pool, the queue and the inspector; it is paused and
//! resumed by keyboard, and what is at risk is given to whoever would keep it.

use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::hands::{ENTER, Scene, becomes, click, gone, press, scene};
use super::offering::tab_to;
use super::{Chromedriver, ask, board, until};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

async fn shows(browser: &Client, css: &str) {
    until(browser, THERE, vec![json!(css)]).await;
}

async fn typed(browser: &Client, css: &str, text: &str) {
    shows(browser, css).await;
    let field = browser.find(Locator::Css(css)).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

async fn open_panel(browser: &Client) {
    click(browser, "[data-action=more]").await;
    click(browser, "[data-item=sla]").await;
    shows(browser, "[data-sla-panel]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_level_is_written_down_followed_paused_and_kept() {
    let test = "a_service_level_is_written_down_followed_paused_and_kept";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(Scene { town, .. }) = scene("clocks").await else { return };
    let browser = board(&driver, &town).await;
    open_panel(&browser).await;
    click(&browser, "[data-action=new-policy]").await;
    typed(&browser, "[name=policy-name]", "Pannes").await;
    typed(&browser, "[name=policy-arrive]", "180").await;
    typed(&browser, "[name=policy-risk]", "200").await;
    // For one customer: found by keys, and by mouse for all again.
    let ruiz = town.job("Quatre", None).await["customer_id"].as_str().unwrap().to_owned();
    typed(&browser, "[name=policy-customer]", "Ruiz").await;
    shows(&browser, &format!("[data-policy-customer] [data-pick='{ruiz}']")).await;
    press(&browser, &[ENTER]).await;
    shows(&browser, "[data-policy-customer] .chosen b").await;
    click(&browser, "[data-action=save-policy]").await;
    shows(&browser, "[data-policy]").await;
    let kept = town.api.get("/sla/policies").await.1["items"][0].clone();
    assert_eq!(kept["customer_id"], json!(ruiz), "{kept}");
    click(&browser, "[data-policy] button").await;
    click(&browser, "[data-policy-customer] .chosen button").await;
    click(&browser, "[data-action=save-policy]").await;
    gone(&browser, "[data-policy-form]").await;
    let job = town.job("Cinq", None).await;
    let id = job["id"].as_str().unwrap().to_owned();
    // At once in the queue, with the slot that would keep it, and in the pool.
    shows(&browser, &format!("[data-sla-job='{id}'] [data-action=keep-sla]")).await;
    shows(&browser, &format!("[data-pool-job='{id}'] [data-sla-state=running]")).await;
    click(&browser, "[data-sla-panel] header button").await;

    // By keys: the inspector's clock is paused for a reason, and runs on.
    ask(
        &browser,
        "document.querySelector(arguments[0]).focus(); return true;",
        vec![json!(format!("[data-pool-job='{id}']"))],
    )
    .await;
    press(&browser, &[ENTER]).await;
    shows(&browser, "[data-action=pause-sla]").await;
    tab_to(&browser, "[data-action=pause-sla]").await;
    press(&browser, &[ENTER]).await;
    let paused = becomes(&town, &id, |job: &Value| job["sla"]["state"] == "paused").await;
    assert_eq!(paused["sla"]["paused"]["reason"], "customer_absent");
    shows(&browser, "[data-action=resume-sla]").await;
    tab_to(&browser, "[data-action=resume-sla]").await;
    press(&browser, &[ENTER]).await;
    becomes(&town, &id, |job: &Value| job["sla"]["state"] == "running").await;

    // From the queue to whoever would keep it.
    open_panel(&browser).await;
    click(&browser, &format!("[data-sla-job='{id}'] [data-action=keep-sla]")).await;
    let given = becomes(&town, &id, |job: &Value| job["status"] == "planned").await;
    assert_eq!(given["sla"]["state"], "running");
    gone(&browser, &format!("[data-sla-job='{id}'] [data-action=keep-sla]")).await;
    browser.close().await.unwrap();
}
