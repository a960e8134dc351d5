//! A window that lies over several days: drawn as far as the timeline shows its days, and named by them wherever it is named.

use std::time::Duration;

use fantoccini::Locator;
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use serde_json::{Value, json};

use super::hand::{By, Hand, by_both_hands};
use super::hands::{Scene, bar};

by_both_hands! {
    a_window_over_several_days_is_drawn_in_every_span_and_named_by_its_days;
}

/// The window of the story: from Monday at ten to Wednesday at noon.
const WINDOW: (&str, &str) = ("2026-11-23T10:00:00-05:00", "2026-11-25T12:00:00-05:00");
/// How its days are written: with whatever the language puts between two of a month.
const DAYS: &str = "^23.+25 novembre$";

/// A job of the pool with that window.
async fn asked(scene: &Scene, title: &str) -> String {
    let pattern = scene.town.api.get(&format!("/jobs/{}", scene.one)).await.1;
    let job = json!({
        "customer_id": pattern["customer_id"], "location_id": pattern["location_id"],
        "title": title, "duration_min": 60, "priority": "normal", "skills": [],
        "arrival_window": { "start": WINDOW.0, "end": WINDOW.1 },
    });
    scene.town.make("/jobs", job).await["id"].as_str().unwrap().to_owned()
}

/// One visit in that window on each of its days, all with somebody who works then.
async fn visits(scene: &Scene) -> [String; 3] {
    let day = json!([{ "start": "08:00", "end": "16:30" }]);
    let cyr = json!({
        "name": "Cyr Noël", "phone": "+14505550156", "home": { "lat": 45.06, "lon": -73.6 },
        "skills": [], "weekly_schedule": { "mon": day, "tue": day, "wed": day },
    });
    let cyr = scene.town.make("/technicians", cyr).await;
    let mut visits = Vec::new();
    for start in ["2026-11-23T13:00", "2026-11-24T10:00", "2026-11-25T09:00"] {
        let job = asked(scene, start).await;
        let start = format!("{start}:00-05:00");
        let body = json!({ "job_id": job, "technician_id": cyr["id"], "start": start });
        let (status, answer) = scene.town.ask("/dispatch/assign", &body).await;
        assert_eq!(status, 200, "{answer}");
        visits.push(job);
    }
    visits.try_into().unwrap()
}

/// From which to which of the hours shown the window behind a selected visit is drawn; nothing lies beyond them.
async fn drawn(hand: &Hand, visit: &str, days: u8, from: f64, to: f64) {
    let script = "
        const bar = document.querySelector(`[data-job=\"${arguments[0]}\"][aria-pressed=true]`);
        const band = bar?.previousElementSibling;
        if (document.querySelector('.board').dataset.days !== arguments[1]) return null;
        if (!band?.classList.contains('window')) return null;
        const scroller = document.querySelector('.timeline');
        const hour = parseFloat(getComputedStyle(scroller).getPropertyValue('--hour-width'));
        const lane = bar.closest('.lane').getBoundingClientRect().left;
        const { left, right } = band.getBoundingClientRect();
        const sheet = scroller.querySelector('.sheet').offsetWidth;
        return [(left - lane) / hour, (right - lane) / hour, Math.max(0, scroller.scrollWidth - Math.max(sheet, scroller.clientWidth))];";
    let found = hand.reads(script, vec![json!(visit), json!(days.to_string())]).await;
    let [left, right, beyond] = [0, 1, 2].map(|at| found[at].as_f64().unwrap());
    assert!((left - from).abs() < 0.05 && (right - to).abs() < 0.05, "{days} days: {found}");
    assert_eq!(beyond, 0.0, "the timeline is no wider than its days");
}

/// Counts the bars that glide from now on: what a dispatcher aims at stands still, whatever is shown of it.
const GLIDES: &str = "
    window.__glides = 0;
    addEventListener('transitionrun', (event) => {
        if (event.propertyName === 'transform' && event.target.matches('.bar')) window.__glides += 1;
    });
    return true;";

async fn span(hand: &Hand, days: &str) {
    match hand.by {
        By::Mouse => hand.press(&format!("[data-span='{days}']")).await,
        By::Keyboard => hand.keys(days).await,
    }
    hand.sees(&format!(".board[data-days='{days}']")).await;
}

/// What the inspector says of the selected visit's windows: asked for, and told.
async fn named(hand: &Hand, visit: &str) {
    let script = "
        if (!document.querySelector(`[data-job=\"${arguments[0]}\"][aria-pressed=true]`)) return null;
        const terms = [...document.querySelectorAll('.inspector dt')];
        const said = (word) => terms.find((one) => one.textContent.startsWith(word))?.nextElementSibling;
        const told = said('Promesse')?.querySelector('b');
        const asked = said('Plage');
        return told && asked ? [asked.textContent.trim(), told.textContent.trim()] : null;";
    let said = hand.reads(script, vec![json!(visit)]).await;
    for window in said.as_array().unwrap() {
        matches(window);
    }
}

fn matches(said: &Value) {
    let said = said.as_str().unwrap();
    let (first, rest) = said.split_at(2);
    assert!(first == "23" && rest.ends_with("25 novembre") && !said.contains(" h "), "{said}");
}

/// Points at a bar without a press, or gives it the focus: the card beside it.
async fn looks_at(hand: &Hand, visit: &str) {
    if hand.by == By::Keyboard {
        return hand.to(&bar(visit)).await;
    }
    let element = hand.browser.find(Locator::Css(&bar(visit))).await.unwrap();
    let rest = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveTo { duration: None, x: 4.0, y: 4.0 })
        // Away long enough for the slowest machine to see that it went.
        .then(PointerAction::Pause { duration: Duration::from_millis(400) })
        .then(PointerAction::MoveToElement {
            element,
            duration: Some(Duration::from_millis(60)),
            x: 0.0,
            y: 0.0,
        });
    hand.browser.perform_actions(rest).await.unwrap();
}

async fn a_window_over_several_days_is_drawn_in_every_span_and_named_by_its_days(
    hand: &Hand,
    scene: &Scene,
) {
    let waiting = asked(scene, "Quand vous voulez").await;
    let [monday, tuesday, wednesday] = visits(scene).await;
    // Seven to eighteen is shown: Monday from ten on, all of Tuesday, Wednesday until noon.
    hand.press(&bar(&monday)).await;
    drawn(hand, &monday, 1, 3.0, 11.0).await;
    named(hand, &monday).await;
    let in_the_pool = "
        const job = document.querySelector(`[data-pool-job=\"${arguments[0]}\"] .window`);
        return job && new RegExp(arguments[1]).test(job.textContent.trim()) ? true : null;";
    hand.reads(in_the_pool, vec![json!(waiting), json!(DAYS)]).await;
    let until =
        "return document.querySelector(`[data-promise=\"${arguments[0]}\"]`)?.textContent ?? null;";
    let chip =
        hand.reads(until, vec![json!(monday)]).await.as_str().unwrap().replace('\u{a0}', " ");
    assert!(chip.contains("mer. 25") && !chip.contains("12 h 00"), "{chip}");
    looks_at(hand, &monday).await;
    let card = "
        const said = document.querySelector('[data-tip]')?.textContent ?? '';
        return /23[^h]+25 novembre/.test(said) ? true : null;";
    hand.reads(card, vec![]).await;

    hand.reads(GLIDES, vec![]).await;
    span(hand, "3").await;
    hand.press(&bar(&tuesday)).await;
    drawn(hand, &tuesday, 3, 3.0, 27.0).await;
    named(hand, &tuesday).await;
    span(hand, "7").await;
    hand.press(&bar(&wednesday)).await;
    drawn(hand, &wednesday, 7, 3.0, 27.0).await;
    named(hand, &wednesday).await;

    // A day in its midst is all of it, and its last one ends at noon.
    span(hand, "1").await;
    for (visit, date, to) in [(&tuesday, "2026-11-24", 11.0), (&wednesday, "2026-11-25", 5.0)] {
        hand.press(".days button:nth-of-type(2)").await;
        hand.sees(&format!(".board[data-date='{date}']")).await;
        hand.press(&bar(visit)).await;
        drawn(hand, visit, 1, 0.0, to).await;
        named(hand, visit).await;
    }
    let glides = hand.reads("return window.__glides;", vec![]).await;
    assert_eq!(glides, 0, "a bar of another span stands where it belongs at once");
    // One that moves is seen to move.
    hand.carries_later(&wednesday, 2).await;
    hand.reads("return window.__glides || null;", vec![]).await;
}
