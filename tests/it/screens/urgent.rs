//! An urgent job: three plans are compared and one is applied with the keyboard; the bar stands where the plan said, and
//! the texts are those that were shown.

use serde_json::json;

use super::caller::{ENTER, press};
use super::offering::tab_to;
use super::{Chromedriver, account, ask, board, click, until};
use crate::harness::town::{On, RUIZ_PHONE, Town};

const THERE: &str = "return document.querySelector(arguments[0]) ? 1 : null;";

#[tokio::test(flavor = "multi_thread")]
async fn one_of_three_plans_is_chosen_by_what_it_costs_and_applied_as_shown() {
    let test = "one_of_three_plans_is_chosen_by_what_it_costs_and_applied_as_shown";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("urgent", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let roy = town.job("Installation", Some(("10:30", "10:45"))).await;
    let body = json!({"date": "2026-11-23", "job_ids": [roy["id"]], "mode": "apply"});
    assert_eq!(town.ask("/dispatch/auto-assign", &body).await.0, 200);
    town.texts_when(RUIZ_PHONE, "visit_promised", 1).await;
    let fire = town.job("Panne totale", None).await;
    account(&town).await;
    let browser = board(&driver, &town).await;
    let row = format!("[data-pool-job='{}']", fire["id"].as_str().unwrap());
    click(&browser, &row).await;
    click(&browser, "[data-action=urgent]").await;
    until(&browser, THERE, vec![json!("[data-way=soonest] [data-moves]")]).await;
    let beside = "const [a, b] = ['fewest_broken', 'soonest'].map((kind) =>
            document.querySelector(`[data-way=${kind}]`).getBoundingClientRect());
        return a.top === b.top && a.right <= b.left ? 1 : null;";
    until(&browser, beside, vec![]).await;
    let breaks =
        "return document.querySelector('[data-way=soonest] [data-moves] .bad') ? 1 : null;";
    until(&browser, breaks, vec![]).await;
    let shown = "return document.querySelector('[data-way=fewest_broken] .when b').textContent;";
    let shown = ask(&browser, shown, vec![]).await;
    let texts = "return document.querySelector('[data-way=fewest_broken] .texts').textContent;";
    let texts = ask(&browser, texts, vec![]).await.as_str().unwrap().to_owned();
    tab_to(&browser, "[data-way=fewest_broken] [data-action=apply-way]").await;
    press(&browser, &ENTER.to_string()).await;
    let stands = "const row = document.querySelector(`[data-technician=\"${arguments[0]}\"]`)?.closest('[role=row]');
        return row?.querySelector(`[data-job=\"${arguments[1]}\"]`) ? 1 : null;";
    until(&browser, stands, vec![ana["id"].clone(), fire["id"].clone()]).await;
    let closed = "return document.querySelector('[data-way]') ? null : 1;";
    until(&browser, closed, vec![]).await;
    let told = town.texts_when(RUIZ_PHONE, "visit_promised", 2).await.pop().unwrap();
    let said = told["body"].as_str().unwrap().split("http").next().unwrap();
    assert!(texts.contains(said), "{texts} at {shown} does not hold {said}");
    let (_, job) = town.api.get(&format!("/jobs/{}", fire["id"].as_str().unwrap())).await;
    assert_eq!(job["visit"]["technician_id"], ana["id"]);
    browser.close().await.unwrap();
}
