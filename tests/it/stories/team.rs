//! The people who do the work, and what they can do: tags are made, renamed and deleted, skills are tags, two people
//! edit one technician, and an absence says beforehand what it frees.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};

on_both! {
    a_renamed_tag_takes_its_name_along_to_whoever_bears_it at "09:50";
    a_tag_is_deleted_only_when_nobody_uses_it at "09:50";
    a_skill_is_a_tag_said_once_and_spelled_as_the_tag_is at "09:50";
    whoever_saves_second_hears_who_was_first at "09:50";
    an_absence_says_beforehand_which_visits_it_frees at "09:50";
    a_viewer_sees_the_team_and_changes_nothing at "09:50";
}

async fn patch(house: &House, path: &str, body: &Value) -> (u16, Value) {
    house.answer(house.request(Method::PATCH, path).json(body)).await
}

async fn delete(house: &House, path: &str) -> (u16, Value) {
    house.answer(house.request(Method::DELETE, path)).await
}

/// The one tag of a house where technicians have been hired.
async fn fibre(house: &House) -> Value {
    let tags = house.see("/tags?used_by=true").await;
    tags["items"].as_array().unwrap().iter().find(|tag| tag["name"] == "Fibre").unwrap().clone()
}

fn path(kind: &str, thing: &Value) -> String {
    format!("/{kind}/{}", thing["id"].as_str().unwrap())
}

async fn a_renamed_tag_takes_its_name_along_to_whoever_bears_it(house: &House) {
    let ana = house.technician("Ana").await;
    let customer = house.customer("Ruiz").await;
    let (planned, done, waiting) = (
        house.job(&customer, None).await,
        house.job(&customer, None).await,
        house.job(&customer, None).await,
    );
    house.assign(&planned, &ana, "13:00").await;
    house.assign(&done, &ana, "10:00").await;
    for step in ["en_route", "on_site", "done"] {
        assert_eq!(house.status(&done.id, step).await.0, 200);
    }
    house.settle().await;
    let told = house.outbox().await;
    let tag = fibre(house).await;
    assert_eq!(
        tag["used_by"],
        json!({"technicians": 1, "jobs": 2, "zones": 0}),
        "what is over does not count"
    );
    let (status, renamed) = patch(
        house,
        &path("tags", &tag),
        &json!({"name": "Optique", "color": "#2f6fde", "version": tag["version"]}),
    )
    .await;
    assert_eq!((status, &renamed["name"]), (200, &json!("Optique")), "{renamed}");
    assert!(renamed["version"].as_i64() > tag["version"].as_i64());
    house.settle().await;
    let skill = async |path: &str| house.see(path).await["skills"][0]["tag"].clone();
    assert_eq!(skill(&format!("/technicians/{}", ana.id)).await, "Optique");
    assert_eq!(skill(&format!("/jobs/{}", planned.id)).await, "Optique");
    assert_eq!(skill(&format!("/jobs/{}", waiting.id)).await, "Optique");
    assert_eq!(skill(&format!("/jobs/{}", done.id)).await, "Fibre", "history stays as it was");
    house.assign(&waiting, &ana, "15:00").await;
    let seen = house.see(&path("tags", &tag)).await;
    assert_eq!(seen["used_by"], json!({"technicians": 1, "jobs": 2, "zones": 0}));
    house.settle().await;
    let mut of_others = house.outbox().await;
    of_others.retain(|text| text["job_id"] != waiting.id);
    of_others.retain(|text| !told.iter().any(|before| before["id"] == text["id"]));
    assert!(of_others.is_empty(), "a name is no news: {of_others:?}");
    // The old name is free, the new one is taken whatever its case, and an old version loses.
    let again = house.make("/tags", json!({"name": "fibre"})).await;
    let (status, taken) = patch(house, &path("tags", &again), &json!({"name": "OPTIQUE"})).await;
    assert_eq!((status, &taken["errors"][0]["pointer"]), (409, &json!("/name")), "{taken}");
    let old = json!({"color": "#000000", "version": tag["version"]});
    let (status, stale) = patch(house, &path("tags", &tag), &old).await;
    assert_eq!((status, &stale["current"]["name"]), (409, &json!("Optique")), "{stale}");
    assert_eq!(stale["changed_by"], "admin-token", "{stale}");
    let (status, wrong) =
        patch(house, &path("tags", &again), &json!({"color": "blue", "version": 1})).await;
    assert_eq!((status, &wrong["errors"][0]["pointer"]), (422, &json!("/color")), "{wrong}");
}

async fn a_tag_is_deleted_only_when_nobody_uses_it(house: &House) {
    let ana = house.technician("Ana").await;
    let customer = house.customer("Ruiz").await;
    let job = house.job(&customer, None).await;
    let tag = fibre(house).await;
    let before = house.inside.head();
    let (status, refused) = delete(house, &path("tags", &tag)).await;
    assert_eq!((status, &refused["code"]), (409, &json!("tags.in_use")), "{refused}");
    assert_eq!(refused["used_by"], json!({"technicians": 1, "jobs": 1, "zones": 0}));
    let words = refused["detail_en"].as_str().unwrap();
    assert!(words.contains("1 technician and 1 job that is not over"), "{words}");
    assert_eq!(house.inside.head(), before);
    let ana = format!("/technicians/{}", ana.id);
    assert_eq!(patch(house, &ana, &json!({"skills": []})).await.0, 200);
    assert_eq!(delete(house, &path("tags", &tag)).await.0, 409, "the job still asks for it");
    assert_eq!(house.status(&job.id, "cancelled").await.0, 200);
    assert_eq!(delete(house, &path("tags", &tag)).await.0, 204);
    assert_eq!(house.get(&path("tags", &tag)).await.0, 404);
    assert_eq!(delete(house, &path("tags", &tag)).await.0, 404);
    assert_eq!(patch(house, &path("tags", &tag), &json!({"name": "X"})).await.0, 404);
    assert_eq!(house.see("/tags").await["items"], json!([]));
    house.make("/tags", json!({"name": "Fibre"})).await;
}

async fn a_skill_is_a_tag_said_once_and_spelled_as_the_tag_is(house: &House) {
    let ana = format!("/technicians/{}", house.technician("Ana").await.id);
    house.make("/tags", json!({"name": "Cuivre"})).await;
    let hire = |skills: Value| json!({"name": "Ben", "phone": "450 555-0111", "home": {"lat": 45, "lon": -73}, "skills": skills});
    let before = house.inside.head();
    let (status, refused) =
        house.post("/technicians", &hire(json!([{"tag": "Satellite", "level": 3}]))).await;
    assert_eq!((status, &refused["code"]), (422, &json!("technicians.unknown_tag")), "{refused}");
    assert_eq!(refused["errors"][0]["pointer"], "/skills/0/tag");
    let both = json!({"skills": [{"tag": "Cuivre", "level": 1}, {"tag": "Satellite", "level": 2}]});
    let (status, refused) = patch(house, &ana, &both).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/skills/1/tag")));
    let twice = json!([{"tag": "Fibre", "level": 1}, {"tag": "fibre", "level": 2}]);
    let (status, refused) = house.post("/technicians", &hire(twice)).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/skills/1/tag")));
    assert_eq!(house.inside.head(), before, "nothing of it was kept");
    let skills = json!([{"tag": " fibre", "level": 2, "expires_on": "2026-12-31"}]);
    let ben = house.make("/technicians", hire(skills)).await;
    let kept = json!([{"tag": "Fibre", "level": 2, "expires_on": "2026-12-31"}]);
    assert_eq!(ben["skills"], kept);
}

async fn whoever_saves_second_hears_who_was_first(house: &House) {
    let ana = format!("/technicians/{}", house.technician("Ana").await.id);
    let seen = house.see(&ana).await;
    let token = house.make("/auth/tokens", json!({"name": "Bea", "role": "dispatcher"})).await;
    let bea = house.bare(Method::PATCH, &ana).bearer_auth(token["token"].as_str().unwrap());
    let (status, _) = house.answer(bea.json(&json!({"name": "Ana Cyr"}))).await;
    assert_eq!(status, 200);
    let mine = json!({"phone": "450 555-0199", "version": seen["version"]});
    let (status, lost) = patch(house, &ana, &mine).await;
    assert_eq!((status, &lost["code"]), (409, &json!("stale_version")), "{lost}");
    assert_eq!(lost["current"]["name"], "Ana Cyr");
    assert_eq!(lost["changed_by"], "Bea");
    assert_eq!(
        lost["changed_at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap(),
        house.now()
    );
    let version = &lost["current"]["version"];
    let (status, won) =
        patch(house, &ana, &json!({"phone": "450 555-0199", "version": version})).await;
    assert_eq!(
        (status, &won["name"], &won["phone"]),
        (200, &json!("Ana Cyr"), &json!("+14505550199"))
    );
}

async fn an_absence_says_beforehand_which_visits_it_frees(house: &House) {
    let ana = house.technician("Ana").await;
    let customer = house.customer("Ruiz").await;
    let (morning, noon, afternoon) = (
        house.job(&customer, None).await,
        house.job(&customer, None).await,
        house.job(&customer, None).await,
    );
    house.assign(&morning, &ana, "10:00").await;
    house.assign(&noon, &ana, "12:00").await;
    house.assign(&afternoon, &ana, "15:00").await;
    assert_eq!(house.status(&morning.id, "en_route").await.0, 200);
    let (start, end) = (moment("09:50"), moment("14:00"));
    let ask = format!("/technicians/{}/would-free?start={start}&end={end}", ana.id);
    let freed = house.see(&ask).await;
    let items = freed["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "who is under way goes on, what comes later stays: {freed}");
    assert_eq!(
        (&items[0]["job_id"], &items[0]["customer_name"]),
        (&json!(noon.id), &json!("Ruiz"))
    );
    assert_eq!(
        items[0]["start"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap(),
        moment("12:00")
    );
    let upside_down = format!("/technicians/{}/would-free?start={end}&end={start}", ana.id);
    assert_eq!(house.get(&upside_down).await.0, 422);
    let away = json!({"start": start, "end": end, "reason": "Dentiste"});
    house.make(&format!("/technicians/{}/absences", ana.id), away).await;
    house.settle().await;
    assert_eq!(house.see(&format!("/jobs/{}", noon.id)).await["status"], "unassigned");
    assert_eq!(house.see(&format!("/jobs/{}", morning.id)).await["status"], "en_route");
    assert_eq!(house.see(&ask).await["items"], json!([]));
}

async fn a_viewer_sees_the_team_and_changes_nothing(house: &House) {
    let ana = house.technician("Ana").await;
    let tag = fibre(house).await;
    let token = house.make("/auth/tokens", json!({"name": "eye", "role": "viewer"})).await;
    let token = token["token"].as_str().unwrap();
    let (who, what) = (format!("/technicians/{}", ana.id), path("tags", &tag));
    for seen in ["/technicians", "/tags?used_by=true", &who, &what] {
        let request = house.bare(Method::GET, seen).bearer_auth(token);
        assert_eq!(house.answer(request).await.0, 200, "{seen}");
    }
    let before = house.inside.head();
    for (method, path) in [
        (Method::POST, "/technicians"),
        (Method::PATCH, &who),
        (Method::POST, "/tags"),
        (Method::PATCH, &what),
        (Method::DELETE, &what),
    ] {
        let request =
            house.bare(method.clone(), path).bearer_auth(token).json(&json!({"name": "X"}));
        assert_eq!(house.answer(request).await.0, 403, "{method} {path}");
    }
    assert_eq!(house.inside.head(), before);
}
