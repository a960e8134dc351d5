//! Where the strip of promises leads: into the pool, to a job that somebody was told an hour of and nobody goes to, whatever the
//! pool hides; on a phone to that tab. And how the record says of a promise that no text has told it yet.

use serde_json::json;

use super::hand::{By, Hand, by_both_hands};
use super::hands::{Scene, bar};
use super::promising::promised;
use super::{Chromedriver, ask, board};

by_both_hands! {
    what_no_text_has_told_yet_is_said_to_wait;
}

async fn what_no_text_has_told_yet_is_said_to_wait(hand: &Hand, scene: &Scene) {
    let job = scene.town.job("Avec plage", Some(("14:00", "15:00"))).await;
    let (status, answer) = scene.town.assign(&job, &json!({ "id": scene.bob }), "14:00").await;
    assert_eq!(status, 200, "{answer}");
    hand.press(&bar(job["id"].as_str().unwrap())).await;
    let said = "
        const rows = [...document.querySelectorAll('.inspector [data-promised]')];
        return rows.length ? rows.map((one) => one.textContent.replace(/\\s+/g, ' ').trim()) : null;";
    let said = hand.reads(said, vec![]).await;
    let rows = said.as_array().unwrap();
    // Given a moment after ten to ten, and a text waits five minutes for its Undo.
    assert!(rows.len() == 1 && rows[0].as_str().unwrap().contains("sera dite à 9 h 5"), "{said}");
    // It is watched like one that was told.
    let chip = format!("[data-promise='{}']", job["id"].as_str().unwrap());
    hand.sees(&chip).await;
}

async fn leads(by: By) {
    let name = format!("leads-{by:?}").to_lowercase();
    let Some(driver) = Chromedriver::start(&name).await else { return };
    let Some((town, job)) = promised(&name).await else { return };
    let quietly = json!({
        "job_id": job, "break_promise": { "reason": "camion en panne", "tell": false },
    });
    let (status, answer) = town.ask("/dispatch/unassign", &quietly).await;
    assert_eq!(status, 200, "{answer}");
    let hand = Hand { browser: board(&driver, &town).await, by };
    let chip = format!("[data-promise='{job}']");
    let waits = format!("[data-pool-job='{job}']");
    // Hidden by what was sought before, it is shown all the same.
    hand.sees(&waits).await;
    hand.writes("[data-pool] [data-search]", "Tremblay").await;
    hand.misses(&waits).await;
    hand.press(&chip).await;
    hand.sees(&format!("{waits}[aria-pressed=true]:focus")).await;

    hand.browser.set_window_size(500, 900).await.unwrap();
    hand.press(".tabs button:nth-of-type(1)").await;
    hand.sees(".tabs button:nth-of-type(1)[aria-pressed=true]").await;
    hand.press(&chip).await;
    hand.sees(".tabs button:nth-of-type(2)[aria-pressed=true]").await;
    let shown = "
        const waits = document.querySelector(arguments[0]);
        const { top, bottom } = waits.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight && waits.checkVisibility() ? true : null;";
    hand.reads(shown, vec![json!(waits)]).await;
    assert_eq!(
        ask(&hand.browser, "return innerWidth < 760;", vec![]).await,
        true,
        "a phone's page"
    );
    hand.browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_strip_leads_into_the_pool_by_mouse() {
    leads(By::Mouse).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_strip_leads_into_the_pool_by_keyboard() {
    leads(By::Keyboard).await;
}
