//! The board never lies: what moves never stands in the pool between, and a board that hears nothing says since when.

use std::time::Duration;

use serde_json::json;

use super::hands::{bar, scene, stands};
use super::{Chromedriver, ask, board, drag_to, until};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

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
