//! Zones: ground that asks something of those who work there. Drawn, asked at every door that places a visit, insisted
//! against, changed under planned visits, taken back.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    a_zone_is_drawn_edited_by_version_and_thrown_away at "09:50";
    what_is_no_polygon_is_refused_by_its_field at "09:50";
    a_refusal_names_the_zone_the_certificate_and_the_day_and_may_be_insisted_against at "09:50";
    every_planner_keeps_to_the_zones at "09:50";
    a_zone_counts_on_its_days_and_for_its_list at "09:50";
    planned_visits_are_listed_before_a_zone_is_kept_and_never_moved at "09:50";
    a_tag_that_a_zone_asks_for_stays_and_takes_its_name_along at "09:50";
    drawing_a_zone_is_taken_back_and_done_again at "09:50" with undo_seconds = "300";
}

/// Around the village, as corners.
fn village() -> Value {
    json!([
        {"lat": 45.06, "lon": -73.63}, {"lat": 45.06, "lon": -73.59},
        {"lat": 45.10, "lon": -73.59}, {"lat": 45.10, "lon": -73.63},
    ])
}

fn body(name: &str) -> Value {
    json!({
        "name": name, "color": "#8250df", "polygon": village(),
        "certification": {"tag": "Sûreté", "level": 2},
    })
}

async fn drawn(house: &House, name: &str) -> Value {
    house.post("/tags", &json!({"name": "Sûreté"})).await;
    house.make("/zones", body(name)).await
}

fn path(zone: &Value) -> String {
    format!("/zones/{}", text(&zone["id"]))
}

async fn patch(house: &House, path: &str, body: Value) -> (u16, Value) {
    house.answer(house.request(Method::PATCH, path).json(&body)).await
}

/// Gives somebody the certificate.
async fn certify(house: &House, who: &Technician, level: u8, expires_on: Option<&str>) {
    let skills = json!([
        {"tag": "Fibre", "level": 3}, {"tag": "Sûreté", "level": level, "expires_on": expires_on},
    ]);
    let path = format!("/technicians/{}", who.id);
    let (status, answer) = patch(house, &path, json!({"skills": skills})).await;
    assert_eq!(status, 200, "{answer}");
}

async fn work(house: &House, name: &str) -> Job {
    let customer = house.customer(name).await;
    house.job(&customer, None).await
}

async fn a_zone_is_drawn_edited_by_version_and_thrown_away(house: &House) {
    let zone = drawn(house, "Aéroport").await;
    let ring = zone["polygon"]["coordinates"][0].as_array().unwrap();
    assert_eq!((ring.len(), &ring[0]), (5, &ring[4]), "a list of corners closes by itself");
    assert_eq!(zone["polygon"]["type"], "Polygon");
    let (status, taken) = house.post("/zones", &body("AÉROPORT")).await;
    assert_eq!((status, &taken["code"]), (409, &json!("zones.name_taken")), "{taken}");
    let seen = zone["version"].clone();
    let change = json!({"name": "Tarmac", "valid_until": "2026-12-31", "version": seen});
    let (status, changed) = patch(house, &path(&zone), change.clone()).await;
    assert_eq!((status, &changed["name"]), (200, &json!("Tarmac")), "{changed}");
    let (status, stale) = patch(house, &path(&zone), change).await;
    assert_eq!(status, 200, "the same again changes nothing: {stale}");
    let late = json!({"name": "Piste", "version": seen});
    let (status, stale) = patch(house, &path(&zone), late).await;
    assert_eq!((status, &stale["current"]["name"]), (409, &json!("Tarmac")), "{stale}");
    assert_eq!(house.see("/zones").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(house.see(&path(&zone)).await["certification"]["tag"], "Sûreté");
    assert_eq!(house.answer(house.request(Method::DELETE, &path(&zone))).await.0, 204);
    assert_eq!(house.get(&path(&zone)).await.0, 404);
    assert_eq!(house.answer(house.request(Method::DELETE, &path(&zone))).await.0, 404);
}

async fn what_is_no_polygon_is_refused_by_its_field(house: &House) {
    house.make("/tags", json!({"name": "Sûreté"})).await;
    let geojson = |ring: Value| json!({"type": "Polygon", "coordinates": [ring]});
    let cases = [
        (
            "polygon",
            json!([{"lat": 45.0, "lon": -73.0}, {"lat": 45.1, "lon": -73.0}]),
            "zones.unsound",
        ),
        (
            "polygon",
            json!([
                {"lat": 45.0, "lon": -73.0}, {"lat": 45.1, "lon": -73.1},
                {"lat": 45.1, "lon": -73.0}, {"lat": 45.0, "lon": -73.1},
            ]),
            "zones.crosses_itself",
        ),
        ("polygon", geojson(json!([[-73.0, 45.0], [-73.1, 45.0], [-73.1, 45.1]])), "zones.unsound"),
        (
            "polygon",
            geojson(json!([[-73.0, 45.0], [-73.1, 45.0], [-73.1, 95.0], [-73.0, 45.0]])),
            "zones.unsound",
        ),
        ("valid_until", json!("2020-01-01"), "zones.never_valid"),
        ("certification", json!({"tag": "Sûreté", "level": 9}), "zones.no_such_level"),
        ("certification", json!({"tag": "Magie", "level": 1}), "input.invalid"),
        ("color", json!("bleu"), "input.invalid"),
        ("polygon", json!("partout"), "input.invalid"),
    ];
    for (field, value, code) in cases {
        let mut asked = body("Port");
        asked["valid_from"] = json!("2026-01-01");
        asked[field] = value.clone();
        for path in ["/zones", "/zones/preview"] {
            let (status, answer) = house.post(path, &asked).await;
            assert_eq!((status, &answer["code"]), (422, &json!(code)), "{path} {value} {answer}");
            let pointer = text(&answer["errors"][0]["pointer"]);
            assert!(pointer.starts_with(&format!("/{field}")), "{pointer} {field}");
        }
    }
    let mut asked = body("Port");
    asked["technician_ids"] = json!(["tech_nobody"]);
    let (status, answer) = house.post("/zones", &asked).await;
    assert_eq!((status, &answer["errors"][0]["pointer"]), (404, &json!("/technician_ids/0")));
    assert_eq!(house.see("/zones").await["items"], json!([]));
}

async fn a_refusal_names_the_zone_the_certificate_and_the_day_and_may_be_insisted_against(
    house: &House,
) {
    let ana = house.technician("Ana").await;
    let job = work(house, "Ruiz").await;
    drawn(house, "Aéroport").await;
    let (status, refused) = house.try_assign(&job, &ana, "13:00").await;
    assert_eq!((status, &refused["code"]), (422, &json!("board.zone_not_admitted")), "{refused}");
    let fr = text(&refused["detail_fr"]);
    for named in ["Ana Roy", "Aéroport", "Sûreté", "23", "niveau 2"] {
        assert!(fr.contains(named), "{named} in {fr}");
    }
    assert!(text(&refused["detail_en"]).contains("November 23"), "{refused}");
    certify(house, &ana, 1, None).await;
    let (_, refused) = house.try_assign(&job, &ana, "13:00").await;
    assert!(text(&refused["detail_en"]).contains("level 1 is held; level 2 would be enough"));
    let insist = json!({
        "job_id": job.id, "technician_id": ana.id, "start": moment("13:00"), "override": ["zone"],
    });
    let done = house.done("/dispatch/assign", &insist).await;
    assert_eq!(done["visit"]["overrides"], json!(["zone"]), "insisting is recorded");
    // Whoever holds it until yesterday does not hold it today.
    certify(house, &ana, 2, Some("2026-11-22")).await;
    let other = work(house, "Gagnon").await;
    let (_, refused) = house.try_assign(&other, &ana, "15:00").await;
    assert!(text(&refused["detail_en"]).contains("expired since November 23, 2026"), "{refused}");
    certify(house, &ana, 2, Some("2026-11-23")).await;
    house.assign(&other, &ana, "15:00").await;
}

async fn every_planner_keeps_to_the_zones(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    drawn(house, "Aéroport").await;
    certify(house, &bob, 2, None).await;
    let job = work(house, "Ruiz").await;
    let ask =
        json!({"job_id": job.id, "from": moment("10:00"), "to": moment("16:30"), "limit": 50});
    let found = house.done("/dispatch/suggest", &ask).await;
    let slots = found["slots"].as_array().unwrap();
    assert!(!slots.is_empty() && slots.iter().all(|slot| slot["technician_id"] == *bob.id));
    let not = &found["not_possible"][0];
    assert_eq!(not["technician_id"], *ana.id);
    assert!(text(&not["reasons"]["fr"][0]).contains("Aéroport"), "{not}");
    let auto = json!({"date": "2026-11-23", "job_ids": [job.id], "mode": "preview"});
    let plan = house.done("/dispatch/auto-assign", &auto).await;
    assert_eq!(plan["assigned"][0]["technician_id"], *bob.id, "{plan}");
    let why = text(&plan["assigned"][0]["rejected"][0]["reasons"]["en"][0]);
    assert!(why.contains("Zone “Aéroport”") && why.contains("would be enough"), "{why}");
    let day = json!({"date": "2026-11-23", "seconds": 0.5, "mode": "preview"});
    let plan = house.done("/dispatch/optimize", &day).await;
    let changes = plan["changes"].as_array().unwrap();
    assert!(
        !changes.is_empty() && changes.iter().all(|one| one["technician_id"] == *bob.id),
        "{plan}"
    );
    let urgent = house.done("/dispatch/urgent", &json!({"job_id": job.id})).await;
    for way in urgent["plans"].as_array().unwrap() {
        let given = way["changes"].as_array().unwrap().iter().find(|one| one["job_id"] == *job.id);
        assert_eq!(given.unwrap()["technician_id"], *bob.id, "{way}");
    }
    let offer = json!({"job_id": job.id, "technician_ids": [ana.id], "minutes": 15});
    let (status, refused) = house.post("/offers", &offer).await;
    assert_eq!(status, 422, "{refused}");
    let fork = house.make("/dispatch/whatif", json!({"date": "2026-11-23"})).await;
    let step = json!({"step": {
        "kind": "assign", "job_id": job.id, "technician_id": ana.id, "start": moment("13:00"),
    }});
    let steps = format!("/dispatch/whatif/{}/steps", text(&fork["id"]));
    let (status, refused) = house.post(&steps, &step).await;
    assert_eq!((status, &refused["code"]), (422, &json!("whatif.refused")), "{refused}");
    // With Bob away nobody is let in, and the plan says why.
    let away = json!({"start": moment("00:00"), "end": "2026-11-24T00:00:00-05:00"});
    house.make(&format!("/technicians/{}/absences", bob.id), away).await;
    house.settle().await;
    let plan = house.done("/dispatch/optimize", &day).await;
    let left = text(&plan["unassigned"][0]["reasons"]["fr"][0]);
    assert!(left.contains("Dans la zone") && left.contains("Sûreté"), "{plan}");
}

async fn a_zone_counts_on_its_days_and_for_its_list(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let job = work(house, "Ruiz").await;
    let zone = json!({
        "name": "Chantier", "polygon": village(), "technician_ids": [bob.id],
        "valid_from": "2026-11-23", "valid_until": "2026-11-23",
    });
    let zone = house.make("/zones", zone).await;
    let (status, refused) = house.try_assign(&job, &ana, "13:00").await;
    assert_eq!(status, 422, "{refused}");
    let en = text(&refused["detail_en"]);
    assert!(en.contains("adding them would be enough, or waiting until November 24"), "{en}");
    let tomorrow = json!({
        "job_id": job.id, "technician_id": ana.id, "start": "2026-11-24T13:00:00-05:00",
    });
    house.done("/dispatch/assign", &tomorrow).await;
    house.assign(&job, &bob, "13:00").await;
    // Without a start the search looks past the zone's last day.
    house.done("/dispatch/unassign", &json!({"job_id": job.id})).await;
    let someday = json!({"job_id": job.id, "technician_id": ana.id});
    let done = house.done("/dispatch/assign", &someday).await;
    assert!(text(&done["visit"]["start"]).starts_with("2026-11-24"), "{done}");
    let (status, _) = patch(house, &path(&zone), json!({"valid_from": "2026-11-20"})).await;
    assert_eq!(status, 200);
}

async fn planned_visits_are_listed_before_a_zone_is_kept_and_never_moved(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    house.make("/tags", json!({"name": "Sûreté"})).await;
    certify(house, &bob, 3, None).await;
    let ours = house.promised("Ruiz", &ana, ("13:00", "13:30")).await;
    house.promised("Gagnon", &bob, ("13:00", "13:30")).await;
    let (head, before) = (house.inside.head(), house.board().await);
    let told = house.done("/zones/preview", &body("Aéroport")).await;
    assert_eq!(told["count"], 1, "{told}");
    let broken = &told["visits"][0];
    assert_eq!(
        (&broken["job_id"], &broken["technician_name"]),
        (&json!(ours.id), &json!("Ana Roy"))
    );
    assert!(text(&broken["reasons"]["fr"][0]).contains("Sûreté"), "{broken}");
    assert_eq!(house.inside.head(), head, "a preview keeps nothing");
    let zone = house.make("/zones", body("Aéroport")).await;
    house.settle().await;
    let after = house.board().await;
    assert_eq!(before["technicians"], after["technicians"], "no visit is moved by a zone");
    let refused = format!("{}/refused", path(&zone));
    assert_eq!(house.see(&refused).await["visits"], told["visits"]);
    certify(house, &ana, 2, None).await;
    assert_eq!(house.see(&refused).await["count"], 0);
}

async fn a_tag_that_a_zone_asks_for_stays_and_takes_its_name_along(house: &House) {
    house.technician("Ana").await;
    let tag = house.make("/tags", json!({"name": "Sûreté"})).await;
    let zone = house.make("/zones", body("Aéroport")).await;
    let tag = format!("/tags/{}", text(&tag["id"]));
    let (status, refused) = house.answer(house.request(Method::DELETE, &tag)).await;
    assert_eq!((status, &refused["used_by"]["zones"]), (409, &json!(1)), "{refused}");
    assert_eq!(patch(house, &tag, json!({"name": "Accès"})).await.0, 200);
    house.settle().await;
    let renamed = house.see(&path(&zone)).await;
    assert_eq!(renamed["certification"]["tag"], "Accès");
    assert!(renamed["version"].as_i64() > zone["version"].as_i64());
}

async fn drawing_a_zone_is_taken_back_and_done_again(house: &House) {
    let zone = drawn(house, "Aéroport").await;
    house.settle().await;
    house.done("/dispatch/undo", &json!({})).await;
    assert_eq!(house.get(&path(&zone)).await.0, 404);
    house.done("/dispatch/redo", &json!({})).await;
    assert_eq!(house.see(&path(&zone)).await["name"], "Aéroport");
}
