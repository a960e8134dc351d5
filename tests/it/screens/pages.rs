//! Each page beside the board, from its first press to its last, with the mouse, and with the keyboard alone.

use serde_json::{Value, json};

use super::ask;
use super::hand::{By, Hand, by_both_hands};
use super::hands::{Scene, becomes};
use crate::harness::server::client;

by_both_hands! {
    a_tag_is_made_renamed_and_deleted;
    a_customer_is_registered_found_by_their_number_and_edited;
    a_text_that_waits_is_recalled;
    a_calendar_s_address_is_shown_and_revoked;
    a_job_that_comes_again_is_made_and_one_day_of_it_edited;
    a_template_is_taken_in_edited_and_deleted;
    a_month_is_opened_on_a_day;
}

async fn items(scene: &Scene, path: &str) -> Vec<Value> {
    scene.town.api.get(path).await.1["items"].as_array().unwrap().clone()
}

async fn a_tag_is_made_renamed_and_deleted(hand: &Hand, scene: &Scene) {
    hand.page("team").await;
    hand.press("a[href='#/tags']").await;
    hand.writes("[name=new-tag]", "Cuivre").await;
    hand.press("[data-action=create-tag]").await;
    let named = "
        const rows = [...document.querySelectorAll('[data-tag]')];
        return rows.find((row) => row.querySelector('.name').textContent.trim() === arguments[0])?.dataset.tag ?? null;";
    let tag = hand.reads(named, vec![json!("Cuivre")]).await;
    let row = format!("[data-tag='{}']", tag.as_str().unwrap());
    hand.press(&format!("{row} [data-action=rename]")).await;
    hand.sees("[data-rename]").await;
    hand.writes("[data-rename]", "Coaxial\u{e007}").await;
    assert_eq!(hand.reads(named, vec![json!("Coaxial")]).await, tag, "the same one");
    hand.press(&format!("{row} [data-action=delete]")).await;
    hand.misses(&row).await;
    assert!(items(scene, "/tags").await.iter().all(|one| one["id"] != tag));
}

async fn a_customer_is_registered_found_by_their_number_and_edited(hand: &Hand, scene: &Scene) {
    hand.page("customers").await;
    hand.press("[data-action=new-customer]").await;
    hand.writes("[data-new-customer] [name=name]", "Zoé Lavoie").await;
    hand.writes("[data-new-customer] [name=phone]", "450 555-0177").await;
    hand.press("[data-new-customer] [type=submit]").await;
    hand.sees("[data-action=edit-customer]").await;
    hand.press("[data-action=add-place]").await;
    hand.writes("[data-place-form] [name=address]", "8, rue Neuve").await;
    hand.writes("[data-place-form] [name=point]", "45.05, -73.6").await;
    hand.press("[data-place-form] [type=submit]").await;
    hand.sees("[data-place]").await;
    hand.press("a.back").await;
    hand.writes("[data-search]", "555-0177").await;
    let found = "
        const rows = document.querySelectorAll('[data-customer]');
        return rows.length === 1 ? rows[0].dataset.customer : null;";
    let id = hand.reads(found, vec![]).await.as_str().unwrap().to_owned();
    hand.press(&format!("a[href='#/customers/{id}']")).await;
    hand.press("[data-action=edit-customer]").await;
    hand.writes("[data-customer-form] [name=name]", "Zoé Roy").await;
    hand.press("[data-customer-form] [type=submit]").await;
    hand.misses("[data-customer-form]").await;
    let known = scene.town.api.get(&format!("/customers/{id}")).await.1;
    assert_eq!((&known["name"], &known["phone"]), (&json!("Zoé Roy"), &json!("+14505550177")));
}

async fn a_text_that_waits_is_recalled(hand: &Hand, scene: &Scene) {
    let waiting = items(scene, "/outbox?state=queued").await;
    let id = waiting[0]["id"].as_str().unwrap().to_owned();
    hand.page("outbox").await;
    hand.press(&format!("[data-message='{id}'] [data-action=recall]")).await;
    hand.misses(&format!("[data-message='{id}'] [data-action=recall]")).await;
    let recalled = items(scene, "/outbox?state=recalled").await;
    assert!(recalled.iter().any(|one| one["id"] == json!(id)), "{recalled:?}");
}

async fn a_calendar_s_address_is_shown_and_revoked(hand: &Hand, scene: &Scene) {
    hand.page("team").await;
    hand.press(&format!("a[href='#/team/{}']", scene.bob)).await;
    hand.press("[data-action=calendar]").await;
    let shown = "return document.querySelector('[data-section=calendar] input')?.value || null;";
    let url = hand.reads(shown, vec![]).await.as_str().unwrap().to_owned();
    let path = url.find("/dispatch/calendar/").map(|at| url[at..].to_owned()).unwrap();
    let fetch = async || {
        let address = format!("{}{path}", scene.town.plan.url());
        let answer = client().get(address).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, feed) = fetch().await;
    assert!(status == 200 && feed.starts_with("BEGIN:VCALENDAR"), "{status} {feed}");
    hand.press("[data-section=calendar] button.quiet").await;
    hand.sees("[data-action=calendar]").await;
    assert_eq!(fetch().await.0, 404, "the old address shows nothing any more");
}

async fn a_job_that_comes_again_is_made_and_one_day_of_it_edited(hand: &Hand, scene: &Scene) {
    match hand.by {
        By::Mouse => hand.press("[data-action=new-job]").await,
        By::Keyboard => hand.keys("c").await,
    }
    hand.writes("[name=customer]", "Ruiz").await;
    hand.sees("[data-pick^=cust_]").await;
    match hand.by {
        By::Mouse => hand.press("[data-pick^=cust_]").await,
        By::Keyboard => hand.keys("\u{e007}").await,
    }
    hand.writes("[name=title]", "Entretien").await;
    hand.chooses("[name=repeat-frequency]", "weekly").await;
    hand.sees("[data-next-days] li").await;
    hand.press("[data-action=create-job]").await;
    hand.misses("[data-new-job]").await;
    // Where it could go is asked next; that can wait.
    hand.sees("dialog [data-action=choose-slot]").await;
    hand.escape().await;
    hand.misses("dialog [data-action=choose-slot]").await;
    let jobs = items(scene, "/jobs?q=entretien&limit=100").await;
    let first = jobs.iter().find(|one| one["series"]["on"] == "2026-11-23").unwrap();
    let id = first["id"].as_str().unwrap();
    hand.sees("[data-section=series]").await;
    hand.press("[data-action=edit-job]").await;
    hand.sees("[data-edit-job]").await;
    hand.writes("[data-edit-job] [name=title]", "Ronde").await;
    hand.press("[data-action=save-job]").await;
    hand.press("[data-scope=this]").await;
    becomes(&scene.town, id, |job| job["title"] == "Ronde").await;
    let jobs = items(scene, "/jobs?limit=100").await;
    let titled = |title: &str| jobs.iter().filter(|one| one["title"] == title).count();
    assert_eq!(titled("Ronde"), 1, "this one alone");
    assert!(titled("Entretien") > 3);
}

async fn a_template_is_taken_in_edited_and_deleted(hand: &Hand, scene: &Scene) {
    hand.tool("templates").await;
    hand.press("[data-action=starters]").await;
    let one = "[data-template=fibre_repair]";
    hand.press(&format!("{one} [data-action=edit-template]")).await;
    hand.writes("[name=fr-1]", "Épissure de secours").await;
    hand.press("[data-action=save-template]").await;
    hand.misses("[data-edit-template]").await;
    let kept = scene.town.api.get("/templates/fibre_repair").await.1;
    assert_eq!(kept["steps"][1]["title"]["fr"], "Épissure de secours");
    hand.press(&format!("{one} [data-action=delete-template]")).await;
    hand.press("[data-action=confirm-delete]").await;
    hand.misses(one).await;
    assert_eq!(scene.town.api.get("/templates/fibre_repair").await.0, 404);
}

async fn a_month_is_opened_on_a_day(hand: &Hand, scene: &Scene) {
    hand.page("calendar").await;
    let counted = "
        const name = document.querySelector('[data-day=\"2026-11-23\"]')?.querySelector('.unseen')?.textContent;
        return name?.includes('2 visites') ? true : null;";
    hand.reads(counted, vec![]).await;
    match hand.by {
        By::Mouse => hand.press("[data-day='2026-11-24']").await,
        By::Keyboard => {
            hand.to("[data-day='2026-11-23']").await;
            hand.keys("\u{e014}\u{e007}").await;
        }
    }
    hand.sees(".board[data-date='2026-11-24']").await;
    let none = ask(&hand.browser, "return document.querySelector('[data-job]');", vec![]).await;
    assert!(none.is_null(), "{none}");
    assert_eq!(items(scene, "/technicians").await.len(), 2);
}
