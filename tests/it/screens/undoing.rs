//! The way back, as a person takes it: from the note that says what was done, by keys, and after a reload.

use serde_json::json;

use super::hand::{By, Hand, by_both_hands};
use super::hands::{CONTROL, SHIFT, Scene, bar, becomes, chord, hold, stands};

by_both_hands! {
    what_was_done_goes_back_and_comes_again_also_after_a_reload;
}

/// Takes back: by the note's button, or by Ctrl+Z.
async fn undo(hand: &Hand) {
    match hand.by {
        By::Mouse => hand.press(".toast .undo").await,
        By::Keyboard => chord(&hand.browser, CONTROL, 'z').await,
    }
}

/// Does again: by the button of the note that says it is undone, or by Ctrl+Shift+Z.
async fn redo(hand: &Hand) {
    match hand.by {
        By::Mouse => hand.press(".toast [data-action=insist]").await,
        By::Keyboard => {
            hold(&hand.browser, CONTROL, true).await;
            chord(&hand.browser, SHIFT, 'z').await;
            hold(&hand.browser, CONTROL, false).await;
        }
    }
}

async fn has(scene: &Scene, job: &str, who: &str) {
    becomes(&scene.town, job, |job| job["visit"]["technician_id"] == json!(who)).await;
}

async fn ana(scene: &Scene) -> String {
    let job = scene.town.api.get(&format!("/jobs/{}", scene.one)).await.1;
    job["visit"]["technician_id"].as_str().unwrap().to_owned()
}

async fn what_was_done_goes_back_and_comes_again_also_after_a_reload(hand: &Hand, scene: &Scene) {
    let Scene { bob, one, .. } = scene;
    let ana = ana(scene).await;
    hand.sees(&bar(one)).await;
    hand.carries_down(one, bob).await;
    stands(&hand.browser, one, bob).await;
    undo(hand).await;
    has(scene, one, &ana).await;
    stands(&hand.browser, one, &ana).await;
    redo(hand).await;
    has(scene, one, bob).await;
    stands(&hand.browser, one, bob).await;
    // The page forgets; the server does not.
    hand.browser.refresh().await.unwrap();
    hand.sees(&bar(one)).await;
    if hand.by == By::Mouse {
        hand.tool("history").await;
        hand.press("[data-history] [data-action=undo-act]").await;
        has(scene, one, &ana).await;
        hand.press("[data-history] [data-action=redo]").await;
    } else {
        undo(hand).await;
        has(scene, one, &ana).await;
        redo(hand).await;
    }
    has(scene, one, bob).await;
    stands(&hand.browser, one, bob).await;
}
