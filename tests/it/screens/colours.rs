//! What a bar's colour says: the minutes until a promise breaks, by where the technician is; and the ghost of the hour at which
//! they will be there.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::hand::{By, Hand};
use super::hands::bar;
use super::{Chromedriver, account, ask, board};
use crate::harness::town::{On, RUIZ, RUIZ_PHONE, Town, minutes_from};

/// Three on the road at ten to ten: one in time, one with hardly a minute to spare, one too late.
struct Road {
    town: Town,
    kept: String,
    tight: String,
    late: String,
}

fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap().to_owned()
}

async fn road(name: &str) -> Option<Road> {
    let town = Town::at(name, On::Sqlite, "09:50", &[("undo_seconds", "300")]).await?;
    let ruiz = town.make("/customers", json!({"name": "Ruiz", "phone": RUIZ_PHONE})).await;
    let place = json!({
        "customer_id": ruiz["id"], "address": "12, rang Sainte-Anne", "lat": RUIZ.lat,
        "lon": RUIZ.lon,
    });
    let place = town.make("/locations", place).await;
    let job = async |title: &str, from: &str, to: &str| {
        let job = json!({
            "customer_id": ruiz["id"], "location_id": place["id"], "title": title,
            "duration_min": 60, "priority": "normal", "skills": [],
            "arrival_window": { "start": from, "end": to },
        });
        town.make("/jobs", job).await
    };
    let mut jobs = Vec::new();
    // The window ends seventy minutes from now; whoever is later by ten is told a new hour.
    for (who, minutes) in [("Ana", 20), ("Bob", 64), ("Cyr", 75)] {
        let day = json!([{ "start": "08:00", "end": "16:30" }]);
        let van = format!("van-{}", who.to_lowercase());
        let technician = json!({
            "name": who, "phone": format!("+145055501{minutes}"), "gps_device_id": van,
            "home": { "lat": 45.06, "lon": -73.6 }, "skills": [],
            "weekly_schedule": { "mon": day, "tue": day, "wed": day },
        });
        let technician = town.make("/technicians", technician).await;
        let plain = job(who, "2026-11-23T10:00:00-05:00", "2026-11-23T11:00:00-05:00").await;
        let (status, answer) = town.assign(&plain, &technician, "10:15").await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(town.fix(&van, minutes_from(RUIZ, minutes), "09:50:01").await, 200);
        jobs.push(id(&plain));
    }
    account(&town).await;
    let [kept, tight, late] = jobs.try_into().ok()?;
    Some(Road { town, kept, tight, late })
}

/// Waits until the bar has this colour; answers the minutes that its promise's chip says, and the bar's name.
async fn coloured(hand: &Hand, job: &str, state: &str) -> (String, String) {
    let script = "
        const bar = document.querySelector(`[data-job=\"${arguments[0]}\"]`);
        const chip = document.querySelector(`[data-promise=\"${arguments[0]}\"]`);
        if (!bar?.classList.contains(arguments[1]) || !chip?.classList.contains(arguments[1])) return null;
        return [chip.querySelector('b').textContent, bar.querySelector('.unseen').textContent];";
    let said = hand.reads(script, vec![json!(job), json!(state)]).await;
    let word = |at: usize| said[at].as_str().unwrap().replace('\u{a0}', " ");
    (word(0), word(1))
}

/// By how many minutes the ghost of the arrival stands behind the bar, as drawn; none where there is no ghost.
async fn ghost(hand: &Hand, job: &str) -> Option<f64> {
    let script = "
        const bar = document.querySelector(`[data-job=\"${arguments[0]}\"]`);
        const ghost = bar.nextElementSibling;
        if (!ghost?.classList.contains('eta')) return false;
        const hour = parseFloat(getComputedStyle(document.querySelector('.timeline')).getPropertyValue('--hour-width'));
        return (ghost.getBoundingClientRect().left - bar.getBoundingClientRect().left) / hour * 60;";
    ask(&hand.browser, script, vec![json!(job)]).await.as_f64()
}

async fn eta(town: &Town, job: &str) -> f64 {
    let visit = town.api.get(&format!("/jobs/{job}")).await.1["visit"].clone();
    let at = |value: &Value| value.as_str().unwrap().parse::<Timestamp>().unwrap();
    (at(&visit["eta"]["at"]) - at(&visit["start"])).total(jiff::Unit::Minute).unwrap()
}

async fn colours_and_ghosts(hand: &Hand, road: &Road) {
    let Road { town, kept, tight, late } = road;
    let (left, _) = coloured(hand, tight, "at-risk").await;
    assert!(left.contains("min") && left.contains("reste"), "{left}");
    let (over, name) = coloured(hand, late, "broken").await;
    assert_ne!(left, over);
    let (_, in_time) = coloured(hand, kept, "soon").await;
    // Colour is not all: the name says it as well, with the hour of the arrival.
    assert_ne!(name.split(", ").nth(5), in_time.split(", ").nth(5), "{name} | {in_time}");
    assert!(name.contains("11 h"), "{name}");
    for job in [tight, late] {
        // An ETA that was told a moment ago is drawn a moment later.
        let began = std::time::Instant::now();
        loop {
            let (drawn, told) = (ghost(hand, job).await.unwrap(), eta(town, job).await);
            if (drawn - told).abs() < 2.0 {
                break;
            }
            assert!(began.elapsed().as_secs() < 20, "{drawn} drawn, {told} told");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
    assert_eq!(ghost(hand, kept).await, None, "in time there is nothing to see");
    // What presses most stands first, and leads to its visit; the window is drawn behind what it may break.
    let first = "return document.querySelector('[data-promise]').dataset.promise;";
    assert_eq!(ask(&hand.browser, first, vec![]).await, json!(late));
    hand.press(&format!("[data-promise='{tight}']")).await;
    hand.sees(&format!("{}[aria-pressed=true]", bar(tight))).await;
    let behind = "return document.querySelector('.window.at-risk') && document.querySelector('.window.broken') ? true : null;";
    hand.reads(behind, vec![]).await;
}

async fn by(hand: By) {
    let name = format!("colours-{hand:?}").to_lowercase();
    let Some(driver) = Chromedriver::start(&name).await else { return };
    let Some(road) = road(&name).await else { return };
    let hand = Hand { browser: board(&driver, &road.town).await, by: hand };
    colours_and_ghosts(&hand, &road).await;
    hand.browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn by_mouse_minutes_left_are_colours_and_lateness_has_a_ghost() {
    by(By::Mouse).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_minutes_left_are_colours_and_lateness_has_a_ghost() {
    by(By::Keyboard).await;
}
