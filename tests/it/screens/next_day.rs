//! Where nobody can take a job on a day, the board leads on: by mouse to the first day on which somebody can, by keyboard to the
//! urgent insertion.

use serde_json::json;

use super::hands::{ENTER, Scene, becomes, click, press, scene};
use super::offering::tab_to;
use super::{Chromedriver, ask, board, until};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

#[tokio::test(flavor = "multi_thread")]
async fn from_a_day_on_which_nobody_can_it_is_one_press_to_the_next_or_to_the_urgent_ways() {
    let test = "from_a_day_on_which_nobody_can_it_is_one_press_to_the_next_or_to_the_urgent_ways";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(Scene { town, bob, waiting, .. }) = scene("next-day").await else { return };
    // Both work on Mondays; on this one both are ill, and Bob on the next one too.
    let (_, all) = town.api.get("/technicians").await;
    for who in all["items"].as_array().unwrap() {
        let to = if who["id"] == json!(bob) { "2026-12-01" } else { "2026-11-24" };
        let ill = json!({
            "start": "2026-11-23T00:00:00-05:00", "end": format!("{to}T00:00:00-05:00"),
        });
        let path = format!("/technicians/{}/absences", who["id"].as_str().unwrap());
        town.make(&path, ill).await;
    }
    let browser = board(&driver, &town).await;
    let pool = |job: &str| format!("[data-pool-job='{job}']");
    // By mouse: the dialog names the day, and opens again on it.
    click(&browser, &pool(&waiting[0])).await;
    click(&browser, "[data-action=assign]").await;
    click(&browser, "dialog [data-action=next-day][data-day='2026-11-30']").await;
    until(&browser, THERE, vec![json!("dialog [data-action=choose-slot]")]).await;
    assert!(ask(&browser, THERE, vec![json!("[data-action=next-day]")]).await.is_null());
    click(&browser, "dialog [data-action=choose-slot]").await;
    let given = becomes(&town, &waiting[0], |job| job["status"] == "planned").await;
    let start = given["visit"]["start"].as_str().unwrap();
    assert!(start.starts_with("2026-11-30") && given["visit"]["technician_id"] != json!(bob));

    // By keys, on the day itself again: nobody can there, and the urgent ways are the other way on.
    let address = format!("{}/ops/#/?date=2026-11-23", town.plan.url());
    browser.goto(&address).await.unwrap();
    browser.refresh().await.unwrap();
    until(&browser, THERE, vec![json!(pool(&waiting[1]))]).await;
    let focus = "document.querySelector(arguments[0]).focus(); return true;";
    ask(&browser, focus, vec![json!(pool(&waiting[1]))]).await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!("[data-action=assign]")]).await;
    tab_to(&browser, "[data-action=assign]").await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!("dialog [data-action=insert-urgently]")]).await;
    tab_to(&browser, "dialog [data-action=insert-urgently]").await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!(".urgent")]).await;
    browser.close().await.unwrap();
}
