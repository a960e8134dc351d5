//! The way back, as a person takes it: from the note that says what was done, by keys, after a reload; and a note takes back what
//! it stands for, whatever was done since.

use serde_json::json;

use super::ask;
use super::hand::{By, Hand, by_both_hands};
use super::hands::{CONTROL, SHIFT, Scene, bar, becomes, chord, hold, stands};

by_both_hands! {
    what_was_done_goes_back_and_comes_again_also_after_a_reload;
    a_note_takes_back_what_it_stands_for_and_nothing_else;
    a_material_that_was_deleted_comes_back_by_its_note;
    a_technician_hired_by_mistake_goes_by_the_note;
    an_absence_that_was_ended_comes_back_by_its_note;
    what_is_changed_on_any_page_goes_back_by_its_note;
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

/// This very person renames something elsewhere: their newest act is another one now.
async fn renames(hand: &Hand, path: &str, name: &str) {
    let rename = "
        return fetch(arguments[0], { method: 'PATCH', credentials: 'same-origin',
          headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: arguments[1] }) })
          .then((answer) => answer.status);";
    assert_eq!(ask(&hand.browser, rename, vec![json!(path), json!(name)]).await, json!(200));
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
    renames(hand, &format!("/tags/{}", newer["id"].as_str().unwrap()), "Balise").await;
    take(hand, "Cuivre supprimée").await;
    hand.sees(&copper).await;
    let names = town.api.get("/tags").await.1["items"].to_string();
    assert!(names.contains("Balise") && names.contains("Cuivre"), "{names}");
}

async fn a_material_that_was_deleted_comes_back_by_its_note(hand: &Hand, scene: &Scene) {
    let town = &scene.town;
    let fuser = town.make("/materials", json!({"name": "Fusionneuse", "kind": "Fusion"})).await;
    hand.page("team").await;
    hand.press("a[href='#/materials']").await;
    hand.writes("[name=new-material]", "Nacelle").await;
    hand.writes("[name=new-kind]", "Levage").await;
    hand.press("[data-action=create-material]").await;
    let named = "
        const rows = [...document.querySelectorAll('[data-material]')];
        const written = (row) => [...row.querySelectorAll('input.input')].map((field) => field.value).join(' ');
        return rows.find((row) => written(row) === arguments[0])?.dataset.material ?? null;";
    let lift = hand.reads(named, vec![json!("Nacelle Levage")]).await;
    let row = format!("[data-material='{}']", lift.as_str().unwrap());
    hand.press(&format!("{row} [data-action=delete]")).await;
    hand.misses(&row).await;
    renames(hand, &format!("/materials/{}", fuser["id"].as_str().unwrap()), "Zoom").await;
    take(hand, "Nacelle supprimé").await;
    assert_eq!(hand.reads(named, vec![json!("Nacelle Levage")]).await, lift, "the same one");
    // Nor does a reload show anything else.
    hand.browser.refresh().await.unwrap();
    assert_eq!(hand.reads(named, vec![json!("Nacelle Levage")]).await, lift);
    hand.reads(named, vec![json!("Zoom Fusion")]).await;
    let kept = town.api.get("/materials").await.1["items"].clone();
    let same = |one: &&serde_json::Value| one["id"] == lift;
    let kept = kept.as_array().unwrap().iter().find(same).unwrap();
    assert_eq!((&kept["name"], &kept["kind"]), (&json!("Nacelle"), &json!("Levage")));
}

async fn a_technician_hired_by_mistake_goes_by_the_note(hand: &Hand, scene: &Scene) {
    let town = &scene.town;
    let newer = town.make("/tags", json!({"name": "Relais"})).await;
    hand.page("team").await;
    hand.press("[data-action=hire]").await;
    hand.writes("input[name=name]", "Léa Cyr").await;
    hand.writes("input[name=phone]", "450 555-0166").await;
    hand.press("[data-action=save]").await;
    let hired = "return /^#\\/team\\/(tech_.*)$/.exec(location.hash)?.[1] ?? null;";
    let lea = hand.reads(hired, vec![]).await.as_str().unwrap().to_owned();
    renames(hand, &format!("/tags/{}", newer["id"].as_str().unwrap()), "Balise").await;
    take(hand, "Léa Cyr").await;
    hand.reads("return location.hash === '#/team' ? true : null;", vec![]).await;
    let bob = format!("[data-person='{}']", scene.bob);
    for is_reloaded in [false, true] {
        if is_reloaded {
            hand.browser.refresh().await.unwrap();
        }
        hand.sees(&bob).await;
        hand.misses(&format!("[data-person='{lea}']")).await;
    }
    assert_eq!(town.api.get(&format!("/technicians/{lea}")).await.0, 404);
    let names = town.api.get("/tags").await.1["items"].to_string();
    assert!(names.contains("Balise"), "the newer act stays: {names}");
}

async fn an_absence_that_was_ended_comes_back_by_its_note(hand: &Hand, scene: &Scene) {
    let Scene { town, bob, .. } = scene;
    let newer = town.make("/tags", json!({"name": "Relais"})).await;
    let away = json!({
        "start": "2026-11-24T08:00:00-05:00", "end": "2026-11-24T17:00:00-05:00", "reason": "dentiste",
    });
    town.make(&format!("/technicians/{bob}/absences"), away).await;
    let known = async || town.api.get(&format!("/technicians/{bob}")).await.1["absences"].clone();
    let before = known().await;
    hand.page("team").await;
    hand.press(&format!("[data-person='{bob}'] a")).await;
    let row = format!("[data-absence='{}']", before[0]["id"].as_str().unwrap());
    hand.press(&format!("{row} button:last-of-type")).await;
    hand.misses(&row).await;
    assert_eq!(known().await, json!([]));
    renames(hand, &format!("/tags/{}", newer["id"].as_str().unwrap()), "Balise").await;
    take(hand, "absence").await;
    hand.sees(&row).await;
    hand.browser.refresh().await.unwrap();
    hand.sees(&row).await;
    assert_eq!(known().await, before, "as it was, to its reason");
    let names = town.api.get("/tags").await.1["items"].to_string();
    assert!(names.contains("Balise"), "the newer act stays: {names}");
}

async fn what_is_changed_on_any_page_goes_back_by_its_note(hand: &Hand, scene: &Scene) {
    let Scene { town, one, .. } = scene;
    // On the board: a job that was called off is planned again, where it was.
    let before = town.api.get(&format!("/jobs/{one}")).await.1;
    hand.press(&bar(one)).await;
    hand.press("[data-action=cancel-job]").await;
    hand.press("[data-action=confirm-cancel]").await;
    becomes(town, one, |job| job["status"] == "cancelled").await;
    take(hand, "Annulée").await;
    let again = becomes(town, one, |job| job["status"] == "planned").await;
    assert_eq!(again["visit"]["start"], before["visit"]["start"]);
    hand.sees(&bar(one)).await;
    // On a customer's page: their former name stands there again without a reload.
    hand.page("customers").await;
    let customer = before["customer_id"].as_str().unwrap();
    hand.press(&format!("a[href='#/customers/{customer}']")).await;
    hand.press("[data-action=edit-customer]").await;
    hand.writes("[data-customer-form] [name=name]", "Zoé Roy").await;
    hand.press("[data-customer-form] [type=submit]").await;
    let named =
        "return document.querySelector('h1')?.textContent.includes(arguments[0]) ? true : null;";
    hand.reads(named, vec![json!("Zoé Roy")]).await;
    take(hand, "Client enregistré").await;
    hand.reads(named, vec![json!("Ruiz")]).await;
    // In a list that the office keeps: a template that was deleted.
    hand.page("").await;
    hand.tool("templates").await;
    hand.press("[data-action=starters]").await;
    let repair = "[data-template=fibre_repair]";
    hand.press(&format!("{repair} [data-action=delete-template]")).await;
    hand.press("[data-action=confirm-delete]").await;
    hand.misses(repair).await;
    take(hand, "Modèle supprimé").await;
    hand.sees(repair).await;
    assert_eq!(town.api.get("/templates/fibre_repair").await.0, 200);
}
