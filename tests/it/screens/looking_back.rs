//! A dispatcher looks back: the bar stands where it stood then, nothing can be moved there, and now is one press away.

use std::time::Duration;

use fantoccini::Locator;
use serde_json::json;

use super::caller::{ENTER, control_k, press};
use super::{Chromedriver, account, ask, board, click, drag_to, until};
use crate::harness::town::{On, Town};

const END: char = '\u{e010}';
const RIGHT: char = '\u{e014}';

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_back_sees_what_was_there_and_changes_nothing() {
    let test = "whoever_looks_back_sees_what_was_there_and_changes_nothing";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(mut town) = Town::at("look-back", On::Sqlite, "09:50", &[]).await else { return };
    account(&town).await;
    let ana = town.ana().await;
    let body = json!({
        "name": "Bob Cyr", "phone": "+14505550155", "home": { "lat": 45.06, "lon": -73.6 },
        "skills": [{ "tag": "Fibre", "level": 4 }],
        "weekly_schedule": { "mon": [{ "start": "08:00", "end": "16:30" }] },
    });
    let bob = town.make("/technicians", body).await;
    let job = town.job("Pas d'Internet", None).await;
    assert_eq!(town.assign(&job, &ana, "13:00").await.0, 200);
    town.restart("10:31").await;
    assert_eq!(town.assign(&job, &bob, "14:00").await.0, 200);
    let browser = board(&driver, &town).await;
    let stands = "
        const bar = document.querySelector(`[data-job=\"${arguments[0]}\"]`);
        const row = bar?.closest('[role=row]')?.querySelector('[data-technician]');
        return row?.dataset.technician === arguments[1] ? 1 : null;";
    let (id, to_ana, to_bob) = (job["id"].clone(), ana["id"].clone(), bob["id"].clone());
    until(&browser, stands, vec![id.clone(), to_bob.clone()]).await;
    // By the keyboard: the palette opens the panel, the slider goes by its arrows.
    control_k(&browser).await;
    press(&browser, "remonter").await;
    let offered = "return document.querySelector('[data-choice$=past]') ? 1 : null;";
    until(&browser, offered, vec![]).await;
    press(&browser, &ENTER.to_string()).await;
    let slider = Locator::Css("input[name=past-time]");
    let wait = Duration::from_secs(20);
    let slider = browser.wait().at_most(wait).for_element(slider).await.unwrap();
    until(&browser, "return document.querySelector('[data-past]') ? 1 : null;", vec![]).await;
    let bars = "return document.querySelectorAll('[data-job]').length;";
    assert_eq!(ask(&browser, bars, vec![]).await, 0, "nobody was there at half past nine");
    slider.send_keys(&RIGHT.to_string().repeat(6)).await.unwrap();
    until(&browser, stands, vec![id.clone(), to_ana.clone()]).await;
    slider.send_keys(&END.to_string()).await.unwrap();
    let at =
        "return /^10\\D+30$/.test(document.querySelector('output.time').textContent) ? 1 : null;";
    until(&browser, at, vec![]).await;
    until(&browser, stands, vec![id.clone(), to_ana.clone()]).await;
    let told = "return document.querySelectorAll('.texts li').length === 2 ? 1 : null;";
    until(&browser, told, vec![]).await;
    // By the mouse: a drag is refused, and the day goes on as it was.
    drag_to(
        &browser,
        &format!("[data-job=\"{}\"]", id.as_str().unwrap()),
        to_bob.as_str().unwrap(),
    )
    .await;
    let refused = "return document.querySelector('.toast.refusal')?.textContent.includes('passé') ? 1 : null;";
    until(&browser, refused, vec![]).await;
    let (_, now) = town.api.get(&format!("/jobs/{}", id.as_str().unwrap())).await;
    assert_eq!(now["visit"]["technician_id"], to_bob);
    click(&browser, "[data-action=back-to-now]").await;
    until(&browser, stands, vec![id, to_bob]).await;
    until(&browser, "return document.querySelector('[data-past]') ? null : 1;", vec![]).await;
    browser.close().await.unwrap();
}
