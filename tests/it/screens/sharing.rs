//! Fair shares on the board: opened by the mouse, another counter by the keyboard, the bars in order.

use serde_json::json;

use super::caller::{ENTER, press};
use super::hands::click;
use super::offering::tab_to;
use super::{Chromedriver, account, board, until};
use crate::harness::town::{On, Town};

const THERE: &str = "return document.querySelector(arguments[0]) ? 1 : null;";

#[tokio::test(flavor = "multi_thread")]
async fn everybody_s_share_is_drawn_with_the_mean() {
    let test = "everybody_s_share_is_drawn_with_the_mean";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("sharing", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let bob = json!({
        "name": "Bob Roy", "phone": "450 555-0188", "home": {"lat": 45.05, "lon": -73.58},
        "skills": [{"tag": "Fibre", "level": 3}],
    });
    let bob = town.make("/technicians", bob).await;
    let job = town.job("Soir", None).await;
    let body = json!({
        "job_id": job["id"], "technician_id": bob["id"], "start": "2026-11-23T18:00:00-05:00",
        "override": ["shift"],
    });
    assert_eq!(town.ask("/dispatch/assign", &body).await.0, 200);
    account(&town).await;
    let browser = board(&driver, &town).await;
    click(&browser, "[data-action=more]").await;
    click(&browser, "[role=menu] [data-item=fairness]").await;
    let first = "const rows = [...document.querySelectorAll('.fairness [data-share]')].map((row) => row.dataset.share);
        return rows.length === 2 && rows[0] === arguments[0] ? 1 : null;";
    until(&browser, first, vec![bob["id"].clone()]).await;
    tab_to(&browser, "[data-counter=far]").await;
    press(&browser, &ENTER.to_string()).await;
    until(&browser, first, vec![ana["id"].clone()]).await;
    click(&browser, "[data-fair-span=week]").await;
    until(&browser, THERE, vec![json!(".fairness [data-mean]")]).await;
    browser.close().await.unwrap();
}
