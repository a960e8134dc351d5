//! Materials on the board: the row chooser comes with the first one, a visit dropped on its row books it, and the page beside
//! the team makes and puts away; by mouse and by keyboard.

use fantoccini::Locator;
use serde_json::json;

use super::caller::{TAB, press as typed};
use super::hands::{
    CONTROL, DOWN, ENTER, ESCAPE, Scene, bar, becomes, chord, click, gone, hold, press, scene,
};
use super::offering::tab_to;
use super::{Chromedriver, ask, board, drag_to, until};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";

#[tokio::test(flavor = "multi_thread")]
async fn by_mouse_a_visit_dropped_on_a_lifts_row_books_it() {
    let test = "by_mouse_a_visit_dropped_on_a_lifts_row_books_it";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("materials-mouse").await else { return };
    let Scene { town, one, .. } = &scene;
    let browser = board(&driver, town).await;
    until(&browser, THERE, vec![json!(bar(one))]).await;
    gone(&browser, "[data-row-chooser]").await;
    let lift = town.make("/materials", json!({"name": "Nacelle", "kind": "Levage"})).await;
    let lift = lift["id"].as_str().unwrap();
    until(&browser, THERE, vec![json!("[data-row-chooser]")]).await;
    gone(&browser, &format!("[data-technician=\"{lift}\"]")).await;
    let chooser = browser.find(Locator::Css("[data-row-chooser]")).await.unwrap();
    chooser.select_by_value("both").await.unwrap();
    until(&browser, THERE, vec![json!(format!("[data-technician=\"{lift}\"]"))]).await;
    drag_to(&browser, &bar(one), lift).await;
    let along = format!("[data-along=\"{one}\"][data-holder=\"{lift}\"]");
    until(&browser, THERE, vec![json!(along)]).await;
    let now = becomes(town, one, |job| job["visit"]["materials"] == json!([lift])).await;
    assert_eq!(now["visit"]["start"], "2026-11-23T16:00:00Z", "it stays where it was");
    click(&browser, &bar(one)).await;
    click(&browser, &format!("[data-taken=\"{lift}\"] button")).await;
    gone(&browser, &along).await;
    becomes(town, one, |job| job["visit"]["materials"] == json!([])).await;
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_a_lift_is_made_taken_along_and_put_away() {
    let test = "by_keyboard_a_lift_is_made_taken_along_and_put_away";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("materials-keys").await else { return };
    let Scene { town, one, .. } = &scene;
    let browser = board(&driver, town).await;
    browser.goto(&format!("{}/ops/#/materials", town.plan.url())).await.unwrap();
    until(&browser, THERE, vec![json!("[name=new-material]")]).await;
    tab_to(&browser, "[name=new-material]").await;
    typed(&browser, "Nacelle").await;
    typed(&browser, &TAB.to_string()).await;
    typed(&browser, "Levage").await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!("[data-material]")]).await;
    // Put away, and taken out again.
    for is_away in [true, false] {
        tab_to(&browser, "[data-put-away]").await;
        press(&browser, &[' ']).await;
        let began = std::time::Instant::now();
        while town.api.get("/materials").await.1["items"][0]["available"] == json!(is_away) {
            assert!(began.elapsed().as_secs() < 20, "never put away");
            tokio::time::sleep(std::time::Duration::from_millis(40)).await;
        }
    }
    browser.goto(&format!("{}/ops/#/", town.plan.url())).await.unwrap();
    until(&browser, THERE, vec![json!(bar(one))]).await;
    ask(
        &browser,
        "document.querySelector(arguments[0]).focus(); return true;",
        vec![json!(bar(one))],
    )
    .await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!("[data-material-add]")]).await;
    tab_to(&browser, "[data-material-add]").await;
    typed(&browser, "Nac").await;
    press(&browser, &[ENTER]).await;
    until(&browser, THERE, vec![json!("[data-taken]")]).await;
    let taken = becomes(town, one, |job| job["visit"]["materials"][0].is_string()).await;
    assert_eq!(taken["visit"]["materials"].as_array().unwrap().len(), 1);
    browser.close().await.unwrap();
}

/// Rings the two and whatever else is named, by mouse with Ctrl held.
async fn picked(browser: &fantoccini::Client, jobs: &[&str]) {
    click(browser, &bar(jobs[0])).await;
    hold(browser, CONTROL, true).await;
    for job in &jobs[1..] {
        click(browser, &bar(job)).await;
    }
    hold(browser, CONTROL, false).await;
    until(browser, THERE, vec![json!("[data-several]")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_visits_dropped_on_a_lifts_row_book_it_and_the_one_that_cannot_is_named() {
    let test = "several_visits_dropped_on_a_lifts_row_book_it_and_the_one_that_cannot_is_named";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("materials-several").await else { return };
    let Scene { town, bob, one, two, waiting } = &scene;
    // Bob is elsewhere at the hour of the first visit: the lift cannot be with both.
    let (status, answer) =
        town.assign(&json!({"id": waiting[0]}), &json!({"id": bob}), "11:00").await;
    assert_eq!(status, 200, "{answer}");
    let lift = town.make("/materials", json!({"name": "Nacelle", "kind": "Levage"})).await;
    let fuser = town.make("/materials", json!({"name": "Zoom", "kind": "Fusion"})).await;
    let (lift, fuser) = (lift["id"].as_str().unwrap(), fuser["id"].as_str().unwrap());
    let browser = board(&driver, town).await;
    until(&browser, THERE, vec![json!("[data-row-chooser]")]).await;
    let chooser = browser.find(Locator::Css("[data-row-chooser]")).await.unwrap();
    chooser.select_by_value("both").await.unwrap();
    until(&browser, THERE, vec![json!(format!("[data-technician=\"{lift}\"]"))]).await;

    // By mouse: two get it at their own hours, the third is said to be without it, and why.
    picked(&browser, &[one, two, &waiting[0]]).await;
    drag_to(&browser, &bar(one), lift).await;
    for (visit, start) in [(one, "2026-11-23T16:00:00Z"), (two, "2026-11-23T18:00:00Z")] {
        let now = becomes(town, visit, |job| job["visit"]["materials"] == json!([lift])).await;
        assert_eq!(now["visit"]["start"], start, "it stays where it was");
    }
    let said = "
        const all = [...document.querySelectorAll('.toast')].map((one) => one.textContent);
        return all.find((text) => text.includes('Sans Nacelle')) ?? null;";
    let said = until(&browser, said, vec![]).await.to_string();
    assert!(said.contains("Ruiz") && said.contains("11 h"), "{said}");
    let refused = town.api.get(&format!("/jobs/{}", waiting[0])).await.1;
    assert_eq!(refused["visit"]["materials"], json!([]), "{refused}");
    // One undo takes all of it back.
    ask(&browser, "document.activeElement.blur(); return true;", vec![]).await;
    chord(&browser, CONTROL, 'z').await;
    for visit in [one, two] {
        becomes(town, visit, |job| job["visit"]["materials"] == json!([])).await;
    }

    // By keys: the same, onto the row below the lift's.
    press(&browser, &[ESCAPE]).await;
    picked(&browser, &[one, two]).await;
    let focus = "document.querySelector(arguments[0]).focus(); return true;";
    ask(&browser, focus, vec![json!(bar(one))]).await;
    press(&browser, &['m', DOWN, DOWN, DOWN, ENTER]).await;
    for visit in [one, two] {
        becomes(town, visit, |job| job["visit"]["materials"] == json!([fuser])).await;
    }
    browser.close().await.unwrap();
}
