//! Time away on the board: an absence is opened from the technician's menu, its plan read and approved by the keyboard; another one is
//! drawn on the row by the mouse, and its edge is moved.

use fantoccini::Client;
use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MOUSE_BUTTON_RIGHT, MouseActions,
    PointerAction,
};
use serde_json::{Value, json};
use std::time::Duration;

use super::caller::{ENTER, press};
use super::offering::tab_to;
use super::{Chromedriver, account, board, click, until};
use crate::harness::town::{On, Town};

const THERE: &str = "return document.querySelector(arguments[0]) ? 1 : null;";
const SHIFT: char = '\u{e008}';

/// The middle of an element.
async fn middle(browser: &Client, selector: &str) -> (f64, f64) {
    let script = "const b = document.querySelector(arguments[0]).getBoundingClientRect();
        return [Math.round(b.left + b.width / 2), Math.round(b.top + b.height / 2)];";
    let at = until(browser, script, vec![json!(selector)]).await;
    (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
}

fn to(x: f64, y: f64) -> PointerAction {
    let duration = Some(Duration::from_millis(60));
    PointerAction::MoveTo { duration, x, y }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_is_planned_approved_drawn_and_made_longer() {
    let test = "an_absence_is_planned_approved_drawn_and_made_longer";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let settings = [("undo_seconds", "300")];
    let Some(town) = Town::at("absences", On::Sqlite, "09:50", &settings).await else { return };
    let (ana, bob) = (town.ana().await, bob(&town).await);
    let job = town.job("Installation", Some(("13:00", "14:00"))).await;
    let (status, answer) = town
        .ask("/dispatch/assign", &json!({"job_id": job["id"], "technician_id": ana["id"]}))
        .await;
    assert_eq!(status, 200, "{answer}");
    account(&town).await;
    let browser = board(&driver, &town).await;
    // By the mouse: the technician's menu.
    let name = format!("[data-technician='{}']", ana["id"].as_str().unwrap());
    until(&browser, THERE, vec![json!(name)]).await;
    let (x, y) = middle(&browser, &name).await;
    let right = MouseActions::new("mouse".to_owned())
        .then(to(x, y))
        .then(PointerAction::Down { button: MOUSE_BUTTON_RIGHT })
        .then(PointerAction::Up { button: MOUSE_BUTTON_RIGHT });
    browser.perform_actions(right).await.unwrap();
    let entry = "[role=menu] [data-item=absent]";
    click(&browser, entry).await;
    let hit = format!(
        "[data-hit='{}'] [data-to='{}']",
        job["id"].as_str().unwrap(),
        bob["id"].as_str().unwrap()
    );
    until(&browser, THERE, vec![json!(hit)]).await;
    let (_, known) = town.api.get(&format!("/technicians/{}", ana["id"].as_str().unwrap())).await;
    assert_eq!(known["absences"], json!([]), "nothing before the approval");
    // By the keyboard: approved.
    tab_to(&browser, "[data-action=approve-absence]").await;
    press(&browser, &ENTER.to_string()).await;
    let drawn = "return document.querySelector('[data-absence]') && !document.querySelector('.absence') ? 1 : null;";
    until(&browser, drawn, vec![]).await;
    let (_, moved) = town.api.get(&format!("/jobs/{}", job["id"].as_str().unwrap())).await;
    assert_eq!(moved["visit"]["technician_id"], bob["id"]);
    // By the mouse with Shift: drawn on Bob's row, over a free hour; the panel asks, nothing is written yet.
    let lane = format!("[data-lane='{}']", bob["id"].as_str().unwrap());
    let hour = "const lane = document.querySelector(arguments[0]).getBoundingClientRect();
        const bar = document.querySelector(`[data-job]`).getBoundingClientRect();
        return [Math.round(bar.right + 60), Math.round(lane.top + lane.height / 2)];";
    let at = until(&browser, hour, vec![json!(lane)]).await;
    let (x, y) = (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
    held(&browser, true).await;
    drag(&browser, (x, y), (x + 90.0, y)).await;
    held(&browser, false).await;
    until(&browser, THERE, vec![json!(".absence[data-plan]")]).await;
    tab_to(&browser, "[data-action=approve-absence]").await;
    press(&browser, &ENTER.to_string()).await;
    let theirs = format!("{lane} [data-absence] [data-edge=end]");
    until(&browser, THERE, vec![json!(theirs)]).await;
    pull_its_edge(&town, &browser, &bob, &theirs).await;
    browser.close().await.unwrap();
}

/// Its edge, an hour later or so: it hits nobody and is done at once.
async fn pull_its_edge(town: &Town, browser: &Client, bob: &Value, edge: &str) {
    let first = away(town, bob).await;
    let (x, y) = middle(browser, edge).await;
    drag(browser, (x, y), (x + 40.0, y)).await;
    let patience = std::time::Instant::now();
    loop {
        let longer = away(town, bob).await;
        if longer["end"].as_str() > first["end"].as_str() {
            assert_eq!((&longer["id"], &longer["start"]), (&first["id"], &first["start"]));
            return;
        }
        assert!(patience.elapsed() < Duration::from_secs(10), "{longer} is as long as {first}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn bob(town: &Town) -> Value {
    let body = json!({
        "name": "Bob Roy", "phone": "450 555-0188", "language": "fr",
        "home": {"lat": 45.05, "lon": -73.58}, "skills": [{"tag": "Fibre", "level": 3}],
        "weekly_schedule": {"mon": [{"start": "08:00", "end": "16:30"}]},
    });
    town.make("/technicians", body).await
}

async fn away(town: &Town, who: &Value) -> Value {
    let (_, known) = town.api.get(&format!("/technicians/{}", who["id"].as_str().unwrap())).await;
    known["absences"][0].clone()
}

/// Holds Shift down, or lets it go.
async fn held(browser: &Client, down: bool) {
    let action =
        if down { KeyAction::Down { value: SHIFT } } else { KeyAction::Up { value: SHIFT } };
    let keys = KeyActions::new("keys".to_owned()).then(action);
    browser.perform_actions(keys).await.unwrap();
}

async fn drag(browser: &Client, (x, y): (f64, f64), (to_x, to_y): (f64, f64)) {
    let start = MouseActions::new("mouse".to_owned())
        .then(to(x, y))
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
    browser.perform_actions(start).await.unwrap();
    // The code for drawing is fetched with the first press.
    tokio::time::sleep(Duration::from_millis(400)).await;
    let end = MouseActions::new("mouse".to_owned())
        .then(to((x + to_x) / 2.0, to_y))
        .then(to(to_x, to_y))
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    browser.perform_actions(end).await.unwrap();
}
