//! A dispatcher looks back: the bar stands where it stood then, who could have taken a job is answered as of then, nothing can be
//! changed there, and now is one press away.

use std::time::Duration;

use fantoccini::Locator;
use serde_json::{Value, json};

use super::caller::{ENTER, control_k, press};
use super::hand::{By, Hand};
use super::hands::{bar, stands};
use super::{Chromedriver, account, ask, board, click, drag_to, until};
use crate::harness::server::{TOKEN, client};
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
    let corner = |lat, lon| json!({"lat": lat, "lon": lon});
    let corners = [corner(45.0, -73.7), corner(45.0, -73.5), corner(45.2, -73.5)];
    town.make("/zones", json!({"name": "Sud", "polygon": corners})).await;
    let browser = board(&driver, &town).await;
    let zones = "return document.querySelector('[data-zone-filter]') ? 1 : null;";
    until(&browser, zones, vec![]).await;
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
    assert_eq!(ask(&browser, zones, vec![]).await, Value::Null, "drawn later");
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

/// Ana could take the job at ten to ten, Bob did not know enough for it; forty minutes later he does, and has it.
struct Then {
    town: Town,
    ana: String,
    bob: String,
    job: String,
}

async fn then(name: &str) -> Option<Then> {
    let id = |thing: &Value| thing["id"].as_str().unwrap().to_owned();
    let settings = [("undo_seconds", "300")];
    let mut town = Town::at(name, On::Sqlite, "09:50", &settings).await?;
    account(&town).await;
    let ana = town.ana().await;
    let body = json!({
        "name": "Bob Cyr", "phone": "+14505550155", "home": { "lat": 45.06, "lon": -73.6 },
        "skills": [{ "tag": "Fibre", "level": 1 }],
        "weekly_schedule": { "mon": [{ "start": "08:00", "end": "16:30" }] },
    });
    let bob = id(&town.make("/technicians", body).await);
    let job = town.job("Pas d'Internet", None).await;
    town.restart("10:31").await;
    let learnt = json!({ "skills": [{ "tag": "Fibre", "level": 4 }] });
    let request = client().patch(format!("{}/technicians/{bob}", town.plan.url())).json(&learnt);
    assert_eq!(request.bearer_auth(TOKEN).send().await.unwrap().status(), 200);
    assert_eq!(town.assign(&job, &json!({ "id": bob }), "14:00").await.0, 200);
    Some(Then { ana: id(&ana), bob, job: id(&job), town })
}

/// Who could have taken it is read at the earlier moment; there is nothing to press, and now is as it was.
async fn who_could_have(hand: &Hand, scene: &Then) {
    let Then { town, ana, bob, job } = scene;
    let path = format!("/jobs/{job}");
    let before = town.api.get(&path).await.1;
    stands(&hand.browser, job, bob).await;
    hand.tool("past").await;
    hand.sees("[data-past]").await;
    hand.misses("[data-job]").await;
    match hand.by {
        // Half past nine is shown: forty minutes on, five with each press.
        By::Mouse => {
            for _ in 0..8 {
                hand.press(".past-panel .when button:nth-of-type(2)").await;
            }
        }
        By::Keyboard => {
            hand.to("input[name=past-time]").await;
            hand.keys(&END.to_string()).await;
        }
    }
    let waits = format!("[data-pool-job='{job}']");
    match hand.by {
        By::Mouse => hand.menu(&waits, "assign").await,
        By::Keyboard => {
            hand.to(&waits).await;
            hand.keys("a").await;
        }
    }
    hand.sees(&format!("dialog [data-slot='{ana}']")).await;
    let why = "
        const one = document.querySelector(`dialog [data-not-possible=\"${arguments[0]}\"]`);
        return one?.nextElementSibling.textContent ?? null;";
    let why = hand.reads(why, vec![json!(bob)]).await;
    assert!(why.as_str().unwrap().contains("Niveau 1 en Fibre, 2 exigé"), "{why}");
    hand.sees("dialog [data-read-only]").await;
    for what in [&format!("[data-slot='{bob}']"), ".body button", "form", "select"] {
        hand.misses(&format!("dialog {what}")).await;
    }
    hand.escape().await;
    hand.misses("dialog").await;
    hand.press("[data-action=back-to-now]").await;
    stands(&hand.browser, job, bob).await;
    for what in ["[data-past]", ".past-panel", ".ghost", &waits, ".toast"] {
        hand.misses(what).await;
    }
    assert_eq!(town.api.get(&path).await.1, before, "nothing was changed");
    assert_eq!(town.api.get("/dispatch/holds").await.1["items"], json!([]));

    // Here and now the same question has today's answer, with something to press.
    match hand.by {
        By::Mouse => hand.menu(&bar(job), "assign").await,
        By::Keyboard => {
            hand.to(&bar(job)).await;
            hand.keys("a").await;
        }
    }
    hand.sees(&format!("dialog [data-slot='{bob}'] [data-action=choose-slot]")).await;
    hand.misses("dialog [data-read-only]").await;
    hand.escape().await;
    hand.misses("dialog").await;
}

async fn by(hand: By) {
    let name = format!("who-could-have-{hand:?}").to_lowercase();
    let Some(driver) = Chromedriver::start(&name).await else { return };
    let Some(scene) = then(&name).await else { return };
    let hand = Hand { browser: board(&driver, &scene.town).await, by: hand };
    who_could_have(&hand, &scene).await;
    hand.browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn by_mouse_who_could_have_taken_a_job_is_read_as_of_then() {
    by(By::Mouse).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_who_could_have_taken_a_job_is_read_as_of_then() {
    by(By::Keyboard).await;
}
