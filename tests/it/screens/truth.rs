//! The board never lies: what is late is coloured and drawn where it will be, what moves never stands in the pool between,
//! and a board that hears nothing says since when.

use std::time::Duration;

use serde_json::json;

use super::hands::{bar, click, scene, stands};
use super::{Chromedriver, account, ask, board, drag_to, until};
use crate::harness::town::{On, RUIZ, RUIZ_PHONE, Town, minutes_from};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_will_be_late_is_coloured_by_the_minutes_left_and_drawn_where_they_will_be() {
    let test = "whoever_will_be_late_is_coloured_by_the_minutes_left_and_drawn_where_they_will_be";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("colours", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let soon = town.job("Presque", Some(("10:00", "10:30"))).await;
    let calm = town.job("Calme", Some(("14:00", "16:00"))).await;
    for (job, start) in [(&soon, "10:00"), (&calm, "14:00")] {
        assert_eq!(town.assign(job, &ana, start).await.0, 200);
    }
    town.texts_when(RUIZ_PHONE, "visit_promised", 2).await;
    account(&town).await;
    let browser = board(&driver, &town).await;
    let of = |job: &serde_json::Value| job["id"].as_str().unwrap().to_owned();
    until(&browser, THERE, vec![json!(format!("{}.soon", bar(&of(&calm))))]).await;
    until(&browser, THERE, vec![json!(".timeline .now")]).await;
    until(&browser, THERE, vec![json!(".timeline .travel")]).await;
    let early = ask(&browser, THERE, vec![json!(format!("{}.broken", bar(&of(&soon))))]).await;
    assert!(early.is_null(), "nobody is late yet");
    // The van reports from 55 minutes away: the promise, by half past ten, cannot be kept.
    assert_eq!(town.fix("van-ana", minutes_from(RUIZ, 55), "09:50:05").await, 200);
    until(&browser, THERE, vec![json!(format!("{}.broken", bar(&of(&soon))))]).await;
    let ghost = "
        const ghost = document.querySelector('.timeline .eta');
        const bar = document.querySelector(arguments[0]);
        return ghost && ghost.getBoundingClientRect().left > bar.getBoundingClientRect().left ? true : null;";
    until(&browser, ghost, vec![json!(bar(&of(&soon)))]).await;
    // The strip counts the minutes and leads there; the age of the fix stands in the technician's record.
    click(&browser, &format!("[data-promise='{}'].broken", of(&soon))).await;
    until(&browser, THERE, vec![json!(format!("{}[aria-pressed=true]", bar(&of(&soon))))]).await;
    until(&browser, THERE, vec![json!(format!("{}.soon", bar(&of(&calm))))]).await;
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_moves_never_stands_in_the_pool_between() {
    let test = "a_visit_that_moves_never_stands_in_the_pool_between";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("no-flash").await else { return };
    let (one, other) = (board(&driver, &scene.town).await, board(&driver, &scene.town).await);
    let watch = "
        window.__flashes = [];
        window.__frames = 0;
        const look = () => {
          const bars = document.querySelectorAll(`[data-job=\"${arguments[0]}\"]`).length;
          const waits = document.querySelector(`[data-pool-job=\"${arguments[0]}\"]`);
          if (bars !== 1 || waits) window.__flashes.push([bars, !!waits]);
          window.__frames += 1;
          requestAnimationFrame(look);
        };
        look();
        return true;";
    for browser in [&one, &other] {
        until(browser, THERE, vec![json!(bar(&scene.one))]).await;
        ask(browser, watch, vec![json!(scene.one)]).await;
    }
    drag_to(&one, &bar(&scene.one), &scene.bob).await;
    for browser in [&one, &other] {
        stands(browser, &scene.one, &scene.bob).await;
        let seen = ask(browser, "return [window.__frames, window.__flashes];", vec![]).await;
        assert!(seen[0].as_i64() > Some(0) && seen[1] == json!([]), "{seen}");
    }
    one.close().await.unwrap();
    other.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_hears_nothing_says_since_when_and_catches_up() {
    let test = "a_board_that_hears_nothing_says_since_when_and_catches_up";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(mut scene) = scene("stale").await else { return };
    let browser = board(&driver, &scene.town).await;
    until(&browser, THERE, vec![json!(bar(&scene.one))]).await;
    let gone = "return document.querySelector('.stale') ? null : true;";
    until(&browser, gone, vec![]).await;
    scene.town.server.take().unwrap().stop().await;
    let said = "return document.querySelector('.stale[role=alert] span')?.textContent ?? null;";
    let said = until(&browser, said, vec![]).await;
    assert!(said.as_str().unwrap().contains('9'), "since ten to ten: {said}");
    scene.town.restart("09:51").await;
    let body = json!({"job_id": scene.one, "technician_id": scene.bob});
    let (status, answer) = scene.town.ask("/dispatch/assign", &body).await;
    assert_eq!(status, 200, "{answer}");
    tokio::time::sleep(Duration::from_millis(200)).await;
    stands(&browser, &scene.one, &scene.bob).await;
    until(&browser, gone, vec![]).await;
    browser.close().await.unwrap();
}
