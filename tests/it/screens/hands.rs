//! What a dispatcher's hands do on the board: several visits at once, longer and shorter, another span, a menu; by mouse and by
//! keyboard. And two of them: who looks at what, and who was quicker.

use std::time::Duration;

use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MOUSE_BUTTON_RIGHT, MouseActions,
    PointerAction,
};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

pub(super) use super::click;
use super::{Chromedriver, account, ask, board, drag_to, until};
use crate::harness::town::{On, Town};

pub(super) const ENTER: char = '\u{e007}';
pub(super) const DOWN: char = '\u{e015}';
pub(super) const RIGHT: char = '\u{e014}';
const LEFT: char = '\u{e012}';
pub(super) const ESCAPE: char = '\u{e00c}';
pub(super) const CONTROL: char = '\u{e009}';
pub(super) const SHIFT: char = '\u{e008}';
pub(super) const F10: char = '\u{e03a}';
const SPACE: char = ' ';

/// Ana with two visits, Bob without any, and two jobs of the pool.
pub(super) struct Scene {
    pub(super) town: Town,
    pub(super) bob: String,
    pub(super) one: String,
    pub(super) two: String,
    pub(super) waiting: [String; 2],
}

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap().to_owned()
}

pub(super) async fn scene(name: &str) -> Option<Scene> {
    let town = Town::at(name, On::Sqlite, "09:50", &[("undo_seconds", "300")]).await?;
    let ana = town.ana().await;
    let body = json!({
        "name": "Bob Cyr", "phone": "+14505550155", "home": { "lat": 45.06, "lon": -73.6 },
        "skills": [{ "tag": "Fibre", "level": 4 }],
        "weekly_schedule": { "mon": [{ "start": "08:00", "end": "16:30" }] },
    });
    let bob = town.make("/technicians", body).await;
    let (one, two) = (town.job("Un", None).await, town.job("Deux", None).await);
    for (job, start) in [(&one, "11:00"), (&two, "13:00")] {
        let (status, answer) = town.assign(job, &ana, start).await;
        assert_eq!(status, 200, "{answer}");
    }
    let waiting = [id(&town.job("Trois", None).await), id(&town.job("Quatre", None).await)];
    account(&town).await;
    Some(Scene { bob: id(&bob), one: id(&one), two: id(&two), waiting, town })
}

pub(super) fn bar(job: &str) -> String {
    format!("[data-job=\"{job}\"]")
}

/// Presses keys one after the other, wherever the focus is.
pub(super) async fn press(browser: &Client, keys: &[char]) {
    let typed = keys.iter().fold(KeyActions::new("keyboard".to_owned()), |all, &value| {
        all.then(KeyAction::Down { value }).then(KeyAction::Up { value })
    });
    browser.perform_actions(typed).await.unwrap();
}

/// Presses a key while another is held.
pub(super) async fn chord(browser: &Client, held: char, value: char) {
    let keys = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: held })
        .then(KeyAction::Down { value })
        .then(KeyAction::Up { value })
        .then(KeyAction::Up { value: held });
    browser.perform_actions(keys).await.unwrap();
}

pub(super) async fn hold(browser: &Client, value: char, down: bool) {
    let key = if down { KeyAction::Down { value } } else { KeyAction::Up { value } };
    let keys = KeyActions::new("keyboard".to_owned()).then(key);
    browser.perform_actions(keys).await.unwrap();
}

/// Waits until the job's bar stands in the technician's row.
pub(super) async fn stands(browser: &Client, job: &str, technician: &str) {
    let script = "
        const row = document.querySelector(`[data-technician=\"${arguments[1]}\"]`)?.closest('[role=row]');
        return row?.querySelector(`[data-job=\"${arguments[0]}\"]`) ? true : null;";
    until(browser, script, vec![json!(job), json!(technician)]).await;
}

pub(super) async fn gone(browser: &Client, css: &str) {
    let script = "return document.querySelector(arguments[0]) ? null : true;";
    until(browser, script, vec![json!(css)]).await;
}

async fn job(town: &Town, id: &str) -> Value {
    town.api.get(&format!("/jobs/{id}")).await.1
}

/// The job as soon as it is as wanted.
pub(super) async fn becomes(town: &Town, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = std::time::Instant::now();
    loop {
        let now = job(town, id).await;
        if wanted(&now) {
            return now;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "never: {now}");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

/// Pulls the right edge of a visit half an hour to the right.
async fn pull_edge(browser: &Client, job: &str) {
    let edge = "
        const box = document.querySelector(arguments[0]).getBoundingClientRect();
        const hour = parseFloat(getComputedStyle(document.querySelector('.timeline')).getPropertyValue('--hour-width'));
        return [Math.round(box.right - 3), Math.round(box.top + box.height / 2), Math.round(hour / 2)];";
    let edge = ask(browser, edge, vec![json!(bar(job))]).await;
    let at = |index: usize| edge[index].as_f64().unwrap();
    let pull = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveTo { duration: None, x: at(0), y: at(1) })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(PointerAction::MoveBy { duration: None, x: 8.0, y: 0.0 })
        .then(PointerAction::MoveTo {
            duration: Some(Duration::from_millis(80)),
            x: at(0) + at(2),
            y: at(1),
        })
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    browser.perform_actions(pull).await.unwrap();
}

/// Drags a job of the pool onto a technician's name: the end of the route.
pub(super) async fn drop_on_name(browser: &Client, job: &str, technician: &str) {
    let name = format!("[data-technician=\"{technician}\"]");
    let pool = format!("[data-pool-job=\"{}\"]", job);
    let (from, to) = (
        browser.find(Locator::Css(&pool)).await.unwrap(),
        browser.find(Locator::Css(&name)).await.unwrap(),
    );
    let drag = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveToElement { element: from, duration: None, x: 0.0, y: 0.0 })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(PointerAction::MoveBy { duration: None, x: 12.0, y: 4.0 })
        .then(PointerAction::MoveToElement {
            element: to,
            duration: Some(Duration::from_millis(120)),
            x: 0.0,
            y: 0.0,
        })
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    browser.perform_actions(drag).await.unwrap();
}

/// A week, a day on and back, the list of keys, and all of the pool.
async fn turn_days(browser: &Client, waiting: &str) {
    // A week, a day on and back, and the list of keys.
    ask(browser, "document.activeElement.blur(); return true;", vec![]).await;
    press(browser, &['3']).await;
    let shows = "
        const { date, days } = document.querySelector('.board').dataset;
        return date === arguments[0] && days === arguments[1] ? true : null;";
    until(browser, shows, vec![json!("2026-11-23"), json!("3")]).await;
    press(browser, &[RIGHT]).await;
    until(browser, shows, vec![json!("2026-11-26"), json!("3")]).await;
    press(browser, &[LEFT, '1']).await;
    until(browser, shows, vec![json!("2026-11-23"), json!("1")]).await;
    press(browser, &['?']).await;
    until(browser, "return document.querySelector('[data-shortcuts]') ? true : null;", vec![])
        .await;
    press(browser, &[ESCAPE]).await;
    gone(browser, "[data-shortcuts]").await;

    // The pool by keys: all of it, with the menu's way to a technician's name left to the mouse.
    let first =
        format!("document.querySelector('[data-pool-job=\"{}\"]').focus(); return true;", waiting);
    ask(browser, &first, vec![]).await;
    chord(browser, CONTROL, 'a').await;
    let all = "return document.querySelectorAll('[data-pool-job][aria-pressed=true]').length === 4 ? true : null;";
    until(browser, all, vec![]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_mouse_several_visits_move_together_and_one_grows_by_its_edge() {
    let test = "by_mouse_several_visits_move_together_and_one_grows_by_its_edge";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("hands-mouse").await else { return };
    let Scene { town, bob, one, two, waiting } = &scene;
    let browser = board(&driver, town).await;
    click(&browser, &bar(one)).await;
    hold(&browser, CONTROL, true).await;
    click(&browser, &bar(two)).await;
    hold(&browser, CONTROL, false).await;
    until(&browser, "return document.querySelector('[data-several]') ? true : null;", vec![]).await;
    drag_to(&browser, &bar(two), bob).await;
    stands(&browser, one, bob).await;
    stands(&browser, two, bob).await;
    assert_eq!(job(town, one).await["visit"]["start"], "2026-11-23T16:00:00Z", "the hour is kept");

    pull_edge(&browser, one).await;
    becomes(town, one, |job| job["duration_min"] == 90).await;

    // The menu under the right button, and its way back to the pool, for one of the two.
    click(&browser, &bar(two)).await;
    let element = browser.find(Locator::Css(&bar(two))).await.unwrap();
    let right = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
        .then(PointerAction::Down { button: MOUSE_BUTTON_RIGHT })
        .then(PointerAction::Up { button: MOUSE_BUTTON_RIGHT });
    browser.perform_actions(right).await.unwrap();
    click(&browser, "[role=menu] [data-item=unassign]").await;
    becomes(town, two, |job| job["status"] == "unassigned").await;

    drop_on_name(&browser, &waiting[0], bob).await;
    let appended = becomes(town, &waiting[0], |job| job["status"] == "planned").await;
    assert_eq!(appended["visit"]["technician_id"], json!(bob));
    assert_eq!(
        appended["visit"]["start"], "2026-11-23T17:30:00Z",
        "right behind the last: {appended}"
    );

    // Three days, and the address that says so.
    click(&browser, "[data-span=\"3\"]").await;
    let three = "
        const days = document.querySelectorAll('.midnight').length;
        return days === 2 && location.hash.includes('days=3') ? true : null;";
    until(&browser, three, vec![]).await;
    stands(&browser, one, bob).await;
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_several_visits_move_together_and_one_grows_by_steps() {
    let test = "by_keyboard_several_visits_move_together_and_one_grows_by_steps";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("hands-keys").await else { return };
    let Scene { town, bob, one, two, waiting } = &scene;
    let browser = board(&driver, town).await;
    until(&browser, "return document.querySelector('[data-job]') ? true : null;", vec![]).await;
    ask(
        &browser,
        "document.querySelector('[data-job][tabindex=\"0\"]').focus(); return true;",
        vec![],
    )
    .await;
    let focused = "return document.activeElement.matches(arguments[0]) ? true : null;";
    until(&browser, focused, vec![json!(bar(one))]).await;
    press(&browser, &[SPACE, RIGHT]).await;
    until(&browser, focused, vec![json!(bar(two))]).await;
    press(&browser, &[SPACE]).await;
    until(&browser, "return document.querySelector('[data-several]') ? true : null;", vec![]).await;
    press(&browser, &['m', DOWN, ENTER]).await;
    stands(&browser, one, bob).await;
    stands(&browser, two, bob).await;

    // Longer by two steps of five minutes.
    let focus = "document.querySelector(arguments[0]).focus(); return true;";
    ask(&browser, focus, vec![json!(bar(one))]).await;
    chord(&browser, SHIFT, RIGHT).await;
    chord(&browser, SHIFT, RIGHT).await;
    becomes(town, one, |job| job["duration_min"] == 70).await;

    // The menu of what has the focus; the focus comes back.
    ask(&browser, focus, vec![json!(bar(two))]).await;
    chord(&browser, SHIFT, F10).await;
    until(&browser, focused, vec![json!("[role=menu] *")]).await;
    press(&browser, &[ESCAPE]).await;
    gone(&browser, "[role=menu]").await;
    until(&browser, focused, vec![json!(bar(two))]).await;
    // Everything of this row, and back into the pool with one key.
    chord(&browser, CONTROL, 'a').await;
    press(&browser, &['u']).await;
    becomes(town, one, |job| job["status"] == "unassigned").await;
    becomes(town, two, |job| job["status"] == "unassigned").await;

    turn_days(&browser, &waiting[0]).await;
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_dispatchers_see_each_other_and_the_slower_one_chooses() {
    let test = "two_dispatchers_see_each_other_and_the_slower_one_chooses";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(scene) = scene("hands-two").await else { return };
    let Scene { town, bob, one, .. } = &scene;
    let (mine, theirs) = (board(&driver, town).await, board(&driver, town).await);
    click(&theirs, &bar(one)).await;
    let looker =
        "return document.querySelector(`[data-lookers=\"${arguments[0]}\"]`)?.textContent ?? null;";
    assert_eq!(until(&mine, looker, vec![json!(one)]).await, "CA", "initials on the bar");
    until(&mine, "return document.querySelector('[data-people] button') ? true : null;", vec![])
        .await;
    press(&theirs, &[ESCAPE]).await;
    gone(&mine, "[data-lookers]").await;

    // Mine hears nothing for a moment, and acts on what it saw.
    let deaf = "
        const real = window.fetch;
        window.__held = [];
        window.fetch = (path, init) => {
          if (String(path) !== '/dispatch/assign') return real(path, init);
          const body = JSON.parse(init.body);
          return real(path, { ...init, body: JSON.stringify({ ...body, version: window.__version ?? body.version }) });
        };
        return true;";
    ask(&mine, deaf, vec![]).await;
    let seen = job(town, one).await["version"].clone();
    ask(&mine, "window.__version = arguments[0]; return true;", vec![seen]).await;
    drag_to(&theirs, &bar(one), bob).await;
    stands(&mine, one, bob).await;
    let ana = "return document.querySelector('[data-technician]').dataset.technician;";
    let ana = ask(&mine, ana, vec![]).await.as_str().unwrap().to_owned();
    drag_to(&mine, &bar(one), &ana).await;
    until(&mine, "return document.querySelector('[data-clash]') ? true : null;", vec![]).await;
    let title = ask(&mine, "return document.querySelector('dialog h2').textContent;", vec![]).await;
    assert!(title.as_str().unwrap().starts_with("Vous avez changé"), "{title}");
    ask(&mine, "window.__version = undefined; return true;", vec![]).await;
    // By keyboard: the last of the three ways has the focus after two tabs; Enter keeps mine.
    let keep = "document.querySelector('[data-action=keep-mine]').focus(); return true;";
    ask(&mine, keep, vec![]).await;
    press(&mine, &[ENTER]).await;
    stands(&theirs, one, &ana).await;
    mine.close().await.unwrap();
    theirs.close().await.unwrap();
}
