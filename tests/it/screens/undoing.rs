//! The way back, as a person takes it: from the note that says what was done, by keys, after a reload; and a note takes back what
//! it stands for, whatever was done since.

use serde_json::json;

use super::ask;
use super::hand::{By, Hand, by_both_hands};
use super::hands::{CONTROL, SHIFT, Scene, bar, becomes, chord, hold, stands};

by_both_hands! {
    what_was_done_goes_back_and_comes_again_also_after_a_reload;
    a_note_takes_back_what_it_stands_for_and_nothing_else;
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

/// The note with these words has a way back; it is taken.
async fn take(hand: &Hand, words: &str) {
    let mark = "
        for (const one of document.querySelectorAll('[data-meant]')) delete one.dataset.meant;
        const notes = [...document.querySelectorAll('.toast')];
        const note = notes.find((one) => one.textContent.includes(arguments[0]) && one.querySelector('.undo'));
        if (!note) return null;
        note.dataset.meant = '';
        return true;";
    hand.reads(mark, vec![json!(words)]).await;
    hand.press(".toast[data-meant] .undo").await;
}

async fn a_note_takes_back_what_it_stands_for_and_nothing_else(hand: &Hand, scene: &Scene) {
    let Scene { town, bob, one, two, .. } = scene;
    let ana = ana(scene).await;
    hand.sees(&bar(one)).await;
    hand.carries_down(one, bob).await;
    stands(&hand.browser, one, bob).await;
    hand.carries_down(two, bob).await;
    stands(&hand.browser, two, bob).await;
    // Both notes stand: the older one is meant, and it is gone with what it offered.
    hand.press(".toast:first-child .undo").await;
    has(scene, one, &ana).await;
    stands(&hand.browser, one, &ana).await;
    let second = town.api.get(&format!("/jobs/{two}")).await.1;
    assert_eq!(second["visit"]["technician_id"], json!(bob), "the newer one stays");
    // A program moved the other since: the note says so and puts nothing over it.
    let later = json!({
        "job_id": two, "technician_id": bob, "start": "2026-11-23T14:00:00-05:00",
    });
    assert_eq!(town.ask("/dispatch/assign", &later).await.0, 200);
    hand.press(".toast .undo").await;
    let refused = "return document.querySelector('.toast.refusal')?.textContent ?? null;";
    let refused = hand.reads(refused, vec![]).await;
    assert!(refused.as_str().unwrap().contains("programme"), "{refused}");
    // On a page of what the office keeps: deleted, then something newer; what was deleted comes back, the newer thing stays.
    hand.page("team").await;
    hand.press("a[href='#/tags']").await;
    let tag = async |name: &str| {
        hand.writes("[name=new-tag]", name).await;
        hand.press("[data-action=create-tag]").await;
        let named = "
            const rows = [...document.querySelectorAll('[data-tag]')];
            return rows.find((row) => row.textContent.includes(arguments[0]))?.dataset.tag ?? null;";
        let id = hand.reads(named, vec![json!(name)]).await;
        format!("[data-tag='{}']", id.as_str().unwrap())
    };
    let copper = tag("Cuivre").await;
    hand.press(&format!("{copper} [data-action=delete]")).await;
    hand.misses(&copper).await;
    let newer = town.make("/tags", json!({"name": "Relais"})).await;
    let rename = "
        return fetch(`/tags/${arguments[0]}`, { method: 'PATCH', credentials: 'same-origin',
          headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'Balise' }) })
          .then((answer) => answer.status);";
    // By this very person, elsewhere: their newest act is another one now.
    assert_eq!(ask(&hand.browser, rename, vec![newer["id"].clone()]).await, json!(200));
    take(hand, "Cuivre").await;
    hand.sees(&copper).await;
    let names = town.api.get("/tags").await.1["items"].to_string();
    assert!(names.contains("Balise") && names.contains("Cuivre"), "{names}");
}
