//! What dispatchers keep for one another: views and groups, by name, with versions, told to every screen.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, on_both};

on_both! {
    views_and_groups_are_kept_changed_and_thrown_away at "09:00";
    presets_that_cannot_be_name_what_is_wrong at "09:00";
}

async fn patch(house: &House, preset: &Value, edit: &Value) -> (u16, Value) {
    let path = format!("/presets/{}", preset["id"].as_str().unwrap());
    house.answer(house.request(Method::PATCH, &path).json(edit)).await
}

async fn views_and_groups_are_kept_changed_and_thrown_away(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let watch = house.watch("dispatch", None).await;
    let group =
        json!({"kind": "group", "name": "Ouest", "technician_ids": [bob.id, ana.id, bob.id]});
    let group = house.make("/presets", group).await;
    let mut both = vec![ana.id.clone(), bob.id.clone()];
    both.sort();
    assert_eq!(group["technician_ids"], json!(both), "each once");
    let view = json!({
        "kind": "view", "name": "Urgences", "shows": {"days": "3", "pool": "pressing", "group": group["id"]},
    });
    let view = house.make("/presets", view).await;
    watch
        .when(|frames| frames.iter().filter(|frame| frame.event == "preset.saved").count() == 2)
        .await;
    // A group may have a view's name, another view may not.
    house
        .make("/presets", json!({"kind": "group", "name": "Urgences", "technician_ids": [ana.id]}))
        .await;
    let (status, taken) =
        house.post("/presets", &json!({"kind": "view", "name": "URGENCES"})).await;
    assert_eq!((status, &taken["code"]), (409, &json!("presets.name_taken")), "{taken}");
    // The one who saw the old version hears who was quicker, and loses nothing.
    let (status, changed) =
        patch(house, &view, &json!({"shows": {"days": "7"}, "version": view["version"]})).await;
    assert_eq!((status, &changed["shows"]), (200, &json!({"days": "7"})), "{changed}");
    let (status, stale) =
        patch(house, &view, &json!({"name": "Semaine", "version": view["version"]})).await;
    assert_eq!((status, &stale["changed_by"]), (409, &json!("admin-token")), "{stale}");
    assert_eq!(stale["current"]["shows"], json!({"days": "7"}));
    let items = house.see("/presets").await["items"].as_array().unwrap().clone();
    let names: Vec<_> = items.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Ouest", "Urgences", "Urgences"]);
    let path = format!("/presets/{}", group["id"].as_str().unwrap());
    let (status, _) = house.answer(house.request(Method::DELETE, &path)).await;
    assert_eq!(status, 204);
    let (status, gone) = house.answer(house.request(Method::DELETE, &path)).await;
    assert_eq!((status, &gone["code"]), (404, &json!("presets.unknown")), "{gone}");
    watch.when(|frames| frames.iter().any(|frame| frame.event == "preset.deleted")).await;
    assert_eq!(house.see("/presets").await["items"].as_array().unwrap().len(), 2);
}

async fn presets_that_cannot_be_name_what_is_wrong(house: &House) {
    let ana = house.technician("Ana").await;
    let who = json!([ana.id]);
    for (body, pointer) in [
        (json!({"kind": "group", "name": "Vide"}), "/technician_ids"),
        (json!({"kind": "view", "name": "", "shows": {}}), "/name"),
        (json!({"kind": "view", "name": "V", "technician_ids": who}), "/technician_ids"),
        (
            json!({"kind": "group", "name": "G", "technician_ids": who, "shows": {"a": "b"}}),
            "/shows",
        ),
        (json!({"kind": "view", "name": "V", "shows": {"a b": "c"}}), "/shows"),
    ] {
        let (status, problem) = house.post("/presets", &body).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    let view = house.make("/presets", json!({"kind": "view", "name": "V"})).await;
    let (status, problem) =
        patch(house, &view, &json!({"kind": "group", "technician_ids": who})).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/kind")), "{problem}");
}
