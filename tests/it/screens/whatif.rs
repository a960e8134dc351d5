//! A day is imagined: a drag into it moves nothing, the figures say what it would come to; it is dropped without a trace,
//! and another is adopted with the keyboard.

use serde_json::{Value, json};

use super::caller::{ENTER, press};
use super::hand::{By, Hand, by_both_hands};
use super::hands::{self, Scene};
use super::offering::tab_to;
use super::{Chromedriver, account, ask, board, click, until};
use crate::harness::town::{On, RUIZ_PHONE, Town};

by_both_hands! {
    whoever_is_away_in_an_imagined_day_is_hatched_there_alone;
}

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
    for adopts in [false, true] {
        click(&browser, "[data-action=more]").await;
        click(&browser, "[data-item=whatif]").await;
        until(&browser, THERE, vec![json!("[data-whatif]")]).await;
        // Given in the imagined day by the same dialog as ever.
        click(&browser, &format!("[data-pool-job='{id}']")).await;
        press(&browser, "a").await;
        click(&browser, "dialog ol li button").await;
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
            click(&browser, "[data-action=drop-whatif]").await;
        }
        until(&browser, GONE, vec![json!("[data-whatif]")]).await;
    }
    town.texts_when(RUIZ_PHONE, "visit_promised", 1).await;
    let (_, held) = town.api.get(&format!("/jobs/{id}")).await;
    assert_eq!(held["visit"]["technician_id"], ana["id"]);
    browser.close().await.unwrap();
}

async fn whoever_is_away_in_an_imagined_day_is_hatched_there_alone(hand: &Hand, scene: &Scene) {
    let row = format!("[role=row]:has([data-technician='{}']) .absent", scene.bob);
    hand.tool("whatif").await;
    hand.sees("[name=away]").await;
    hand.chooses("[name=away]", &scene.bob).await;
    if hand.by == By::Keyboard {
        // The arrows go through the names; what is meant is confirmed.
        hands::press(&hand.browser, &[hands::ENTER]).await;
    }
    hand.sees(&row).await;
    hand.misses(&format!("[role=row]:not(:has([data-technician='{}'])) .absent", scene.bob)).await;
    hand.press("[data-action=step-back]").await;
    hand.misses(&row).await;
    // Left with the absence still in it, the imagined day leaves nothing on the board.
    hand.chooses("[name=away]", &scene.bob).await;
    if hand.by == By::Keyboard {
        hands::press(&hand.browser, &[hands::ENTER]).await;
    }
    hand.sees(&row).await;
    hand.press("[data-action=drop-whatif]").await;
    hand.misses("[data-whatif]").await;
    hand.misses(&row).await;
    let (_, bob) = scene.town.api.get(&format!("/technicians/{}", scene.bob)).await;
    assert_eq!(bob["absences"], json!([]), "nobody is away for having been imagined so");
}
