//! Undo of every other command that a dispatcher can send: what joined, what is kept, what
//! comes again. `src/undo/table.rs` names for each route the story that shows its way back.

use reqwest::Method;
use serde_json::{Value, json};

use super::taking_back::Person;
use crate::harness::house::{House, moment, on_both};
use crate::harness::people::text;

on_both! {
    whoever_joined_by_mistake_never_did at "09:00" with undo_seconds = "60";
    a_customer_and_a_place_added_by_mistake_never_were at "09:00" with undo_seconds = "60";
    what_something_rests_on_by_then_stays at "09:00" with undo_seconds = "60";
    what_the_office_keeps_is_an_act_whoever_made_changed_or_deleted_it at "09:00";
    every_answer_names_its_act_and_that_one_alone_goes_back at "09:00";
    what_the_house_adds_to_an_act_does_not_bear_its_name at "09:00";
    a_template_that_was_applied_is_taken_back_as_one at "09:00";
    a_bundle_is_made_and_taken_apart_with_a_way_back at "09:00" with undo_seconds = "60";
    an_absence_is_moved_and_ended_with_a_way_back at "09:00";
    a_series_is_begun_changed_and_ended_with_a_way_back at "2026-11-20T09:00";
}

/// The status and the body of a thing.
async fn seen(house: &House, path: &str) -> (u16, Value) {
    house.answer(house.request(Method::GET, path)).await
}

fn newcomer() -> Value {
    json!({
        "name": "Zoé Roy", "phone": "+14505559001", "home": {"lat": 45.05, "lon": -73.58},
        "weekly_schedule": {"mon": [{"start": "08:00", "end": "16:30"}]},
        "gps_device_id": "van-zoe",
    })
}

async fn whoever_joined_by_mistake_never_did(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let zoe = bea.does("/technicians", newcomer()).await;
    let path = format!("/technicians/{}", text(&zoe["id"]));
    assert_eq!(bea.history().await["undo"][0]["what"]["en"], "Zoé Roy hired");
    let watch = house.watch("dispatch", Some(house.inside.head())).await;
    bea.undoes().await;
    assert_eq!(seen(house, &path).await.0, 404);
    watch.until(house.inside.head()).await;
    assert_eq!(watch.of("technician.removed").len(), 1, "screens take the row away");
    let everybody = house.board().await["technicians"].clone();
    assert!(!everybody.to_string().contains("Zoé"), "{everybody}");
    // The tracker is free for somebody else, and then it is not free for her.
    let again = bea.redoes().await;
    assert_eq!(again["what"]["fr"], "Zoé Roy embauché");
    assert_eq!(
        seen(house, &path).await.1["gps_device_id"],
        "van-zoe",
        "the same person, by the same id"
    );
    bea.undoes().await;
    let other = json!({"name": "Léo Roy", "phone": "+14505559002", "gps_device_id": "van-zoe",
        "home": {"lat": 45.05, "lon": -73.58}, "weekly_schedule": {}});
    house.make("/technicians", other).await;
    house.settle().await;
    let (status, refused) = bea.asks(Method::POST, "/dispatch/redo", &json!({})).await;
    assert_eq!((status, &refused["code"]), (409, &json!("technicians.tracker_taken")), "{refused}");
}

async fn a_customer_and_a_place_added_by_mistake_never_were(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let (status, ruiz) =
        bea.asks(Method::POST, "/customers", &json!({"name": "Ruiz", "external_id": "C-1"})).await;
    assert_eq!(status, 201, "{ruiz}");
    let id = text(&ruiz["id"]);
    let place = json!({"customer_id": id, "address": "12, rang Nord", "lat": 45.08, "lon": -73.61});
    let place = bea.does("/locations", place).await;
    let edited = json!({"notes": "Sonnez."});
    let path = format!("/locations/{}", text(&place["id"]));
    assert_eq!(bea.asks(Method::PATCH, &path, &edited).await.0, 200);
    let renamed = json!({"name": "Ruiz-Roy"});
    assert_eq!(bea.asks(Method::PATCH, &format!("/customers/{id}"), &renamed).await.0, 200);
    // What was done last goes first: the name, the note, the place, the customer.
    bea.undoes().await;
    assert_eq!(seen(house, &format!("/customers/{id}")).await.1["name"], "Ruiz");
    bea.undoes().await;
    assert_eq!(seen(house, &path).await.1["notes"], Value::Null);
    let (status, early) =
        bea.asks(Method::POST, "/dispatch/undo", &json!({"act": ruiz["version"]})).await;
    assert_eq!(
        (status, &early["code"]),
        (409, &json!("undo.no_way_back")),
        "a place is theirs: {early}"
    );
    bea.undoes().await;
    assert_eq!(seen(house, &path).await.0, 404);
    bea.undoes().await;
    assert_eq!(seen(house, &format!("/customers/{id}")).await.0, 404);
    let found = seen(house, "/search?q=Ruiz").await.1;
    assert!(!found.to_string().contains(&id), "nobody finds them: {found}");
    for _ in 0..4 {
        bea.redoes().await;
    }
    let known = seen(house, &format!("/customers/{id}")).await.1;
    assert_eq!((&known["name"], &known["external_id"]), (&json!("Ruiz-Roy"), &json!("C-1")));
    assert_eq!(seen(house, &path).await.1["notes"], "Sonnez.");
}

async fn what_something_rests_on_by_then_stays(house: &House) {
    let (bea, max) = (Person::named(house, "Bea").await, Person::named(house, "Max").await);
    let zoe = bea.does("/technicians", newcomer()).await;
    let ruiz = bea.does("/customers", json!({"name": "Ruiz"})).await;
    let place =
        json!({"customer_id": ruiz["id"], "address": "12, rang Nord", "lat": 45.08, "lon": -73.61});
    let place = bea.does("/locations", place).await;
    let job = json!({"customer_id": ruiz["id"], "location_id": place["id"], "title": "Panne",
        "duration_min": 60, "priority": "normal"});
    let job = max.does("/jobs", job).await;
    max.does(
        "/dispatch/assign",
        json!({"job_id": job["id"], "technician_id": zoe["id"], "start": moment("10:00")}),
    )
    .await;
    for act in [&place, &zoe] {
        let (status, refused) =
            bea.asks(Method::POST, "/dispatch/undo", &json!({"act": act["version"]})).await;
        assert_eq!((status, &refused["code"]), (409, &json!("undo.no_way_back")), "{refused}");
    }
    let (_, refused) =
        bea.asks(Method::POST, "/dispatch/undo", &json!({"act": place["version"]})).await;
    assert_eq!(refused["detail_fr"], "Impossible d'annuler. Une intervention y tient.");
}

/// Undo, redo and undo again, and what can be seen at each step.
async fn there_and_back(house: &House, who: &Person<'_>, path: &str, name: &str) {
    let list = |all: Value| all.to_string().contains(name);
    let now = list(seen(house, path).await.1);
    who.undoes().await;
    assert_ne!(list(seen(house, path).await.1), now, "{name} in {path} was not taken back");
    who.redoes().await;
    assert_eq!(list(seen(house, path).await.1), now, "{name} in {path} was not done again");
}

async fn what_the_office_keeps_is_an_act_whoever_made_changed_or_deleted_it(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let square = json!([
        {"lat": 45.06, "lon": -73.63}, {"lat": 45.06, "lon": -73.59}, {"lat": 45.10, "lon": -73.59},
    ]);
    let hours = json!({"mon": [{"start": "08:00", "end": "17:00"}]});
    let step = json!({"key": "a", "title": {"fr": "Un", "en": "One"}, "duration_min": 30});
    let both = |name: &str| json!({"fr": name, "en": name});
    let kinds = [
        (
            "/presets",
            json!({"kind": "view", "name": "Alpha", "shows": {"days": "3"}}),
            json!({"name": "Bravo"}),
        ),
        (
            "/templates",
            json!({"code": "alpha", "name": both("Alpha"), "steps": [step]}),
            json!({"name": both("Bravo")}),
        ),
        ("/tags", json!({"name": "Alpha"}), json!({"name": "Bravo"})),
        ("/materials", json!({"name": "Alpha"}), json!({"name": "Bravo"})),
        (
            "/sla/policies",
            json!({"name": "Alpha", "arrive_min": 60, "hours": hours}),
            json!({"name": "Bravo"}),
        ),
        (
            "/zones",
            json!({"name": "Alpha", "color": "#8250df", "polygon": square}),
            json!({"name": "Bravo"}),
        ),
    ];
    for (path, body, edit) in kinds {
        let (status, made) = bea.asks(Method::POST, path, &body).await;
        assert_eq!(status, 201, "{path}: {made}");
        there_and_back(house, &bea, path, "Alpha").await;
        let one = format!("{path}/{}", text(&made["id"]));
        let (status, edited) = bea.asks(Method::PATCH, &one, &edit).await;
        assert_eq!(status, 200, "{path}: {edited}");
        there_and_back(house, &bea, path, "Bravo").await;
        assert_eq!(bea.asks(Method::DELETE, &one, &json!({})).await.0, 204, "{one}");
        there_and_back(house, &bea, path, "Bravo").await;
        let words = bea.history().await["undo"][0]["what"].clone();
        assert!(
            text(&words["fr"]).contains("Bravo") && text(&words["en"]).contains("deleted"),
            "{words}"
        );
    }
    bea.does("/templates/starters", json!({})).await;
    // Each of them is an act of its own.
    let count = async || seen(house, "/templates").await.1["items"].as_array().map_or(0, Vec::len);
    let all = count().await;
    bea.undoes().await;
    assert_eq!(count().await, all - 1);
    bea.redoes().await;
    assert_eq!(count().await, all);
}

async fn a_template_that_was_applied_is_taken_back_as_one(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let ruiz = house.customer("Ruiz").await;
    bea.does("/templates/starters", json!({})).await;
    let apply = json!({"customer_id": ruiz.id, "location_id": ruiz.location});
    let made = bea.does("/templates/fibre_install/apply", apply).await;
    let jobs: Vec<String> =
        made["jobs"].as_array().unwrap().iter().map(|job| text(&job["id"])).collect();
    let stand = async || {
        let mut all = Vec::new();
        for id in &jobs {
            all.push(text(&house.see(&format!("/jobs/{id}")).await["status"]));
        }
        all
    };
    let told = bea.undoes().await;
    assert_eq!(told["what"]["en"], json!(format!("Template applied: {} jobs", jobs.len())));
    assert!(stand().await.iter().all(|status| status == "cancelled"), "{:?}", stand().await);
    bea.redoes().await;
    assert!(stand().await.iter().all(|status| status == "unassigned"), "{:?}", stand().await);
}

async fn a_bundle_is_made_and_taken_apart_with_a_way_back(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let ruiz = house.customer("Ruiz").await;
    let jobs =
        [house.job(&ruiz, None).await, house.job(&ruiz, None).await, house.job(&ruiz, None).await];
    let bundle = bea.does("/bundles", json!({"job_ids": [jobs[0].id, jobs[1].id]})).await;
    let path = format!("/bundles/{}", text(&bundle["id"]));
    bea.undoes().await;
    assert_eq!(seen(house, &path).await.0, 404);
    bea.redoes().await;
    let all = json!({"job_ids": [jobs[0].id, jobs[1].id, jobs[2].id]});
    assert_eq!(bea.asks(Method::PATCH, &path, &all).await.0, 200);
    let count = async || seen(house, &path).await.1["job_ids"].as_array().map_or(0, Vec::len);
    bea.undoes().await;
    assert_eq!(count().await, 2);
    bea.redoes().await;
    assert_eq!(count().await, 3);
    assert_eq!(bea.asks(Method::DELETE, &path, &json!({})).await.0, 204);
    bea.undoes().await;
    assert_eq!(count().await, 3);
}

async fn an_absence_is_moved_and_ended_with_a_way_back(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let ana = house.technician("Ana").await;
    let path = format!("/technicians/{}/absences", ana.id);
    let away = bea.does(&path, json!({"start": moment("13:00"), "end": moment("14:00")})).await;
    let one = format!("{path}/{}", text(&away["id"]));
    let ends = async || {
        let absences = house.see(&format!("/technicians/{}", ana.id)).await["absences"].clone();
        absences.as_array().unwrap().iter().map(|one| text(&one["end"])).collect::<Vec<_>>()
    };
    let at = |hour: &str| vec![moment(hour).to_string()];
    assert_eq!(bea.asks(Method::PATCH, &one, &json!({"end": moment("15:00")})).await.0, 200);
    bea.undoes().await;
    assert_eq!(ends().await, at("14:00"));
    bea.redoes().await;
    assert_eq!(ends().await, at("15:00"));
    assert!(bea.asks(Method::DELETE, &one, &json!({})).await.0 < 300);
    assert_eq!(ends().await, Vec::<String>::new());
    bea.undoes().await;
    assert_eq!(ends().await, at("15:00"));
}

/// Days and states of a series' jobs.
async fn days(house: &House, series: &str) -> Vec<(String, String, String)> {
    let series = house.see(&format!("/series/{series}")).await;
    let of = |one: &Value| (text(&one["on"]), text(&one["job_id"]), text(&one["status"]));
    series["occurrences"].as_array().unwrap().iter().map(of).collect()
}

async fn a_series_is_begun_changed_and_ended_with_a_way_back(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = json!({
        "customer_id": ruiz.id, "location_id": ruiz.location, "title": "Entretien", "duration_min": 60,
        "priority": "normal", "recurrence": "RRULE:FREQ=WEEKLY;BYDAY=MO",
        "arrival_window": {"start": moment("2026-11-23T08:00"), "end": moment("2026-11-23T10:00")},
    });
    let first = bea.does("/jobs", job).await;
    let series = text(&first["series"]["id"]);
    let made = days(house, &series).await;
    assert!(made.len() > 3, "{made:?}");
    let status = async |job: &str| text(&house.see(&format!("/jobs/{job}")).await["status"]);
    // A job that begins a series takes the series along, and brings it back.
    bea.undoes().await;
    assert_eq!(
        (status(&made[0].1).await, status(&made[2].1).await),
        ("cancelled".into(), "cancelled".into())
    );
    bea.redoes().await;
    assert_eq!(days(house, &series).await, made, "the same jobs on the same days");
    // All of them longer, and as long as before.
    let path = format!("/jobs/{}", made[1].1);
    let longer = json!({"scope": "all", "duration_min": 90});
    assert_eq!(bea.asks(Method::PATCH, &path, &longer).await.0, 200);
    let minutes =
        async |at: usize| house.see(&format!("/jobs/{}", made[at].1)).await["duration_min"].clone();
    assert_eq!((minutes(1).await, minutes(3).await), (json!(90), json!(90)));
    let undone = bea.undoes().await;
    assert_eq!(undone["what"]["fr"], "Série « Entretien » modifiée");
    assert_eq!((minutes(1).await, minutes(3).await), (json!(60), json!(60)));
    // Ended: what was planned is called off, and stands again at its hour when the end is taken back.
    let planned =
        json!({"job_id": made[1].1, "technician_id": ana.id, "start": moment("2026-11-30T08:30")});
    bea.does("/dispatch/assign", planned).await;
    bea.does(&format!("/series/{series}/end"), json!({"from": "2026-11-24"})).await;
    assert_eq!(status(&made[1].1).await, "cancelled");
    let undone = bea.undoes().await;
    assert_eq!(undone["what"]["en"], "Series “Entretien” ended");
    let back = house.see(&path).await;
    assert_eq!(
        (&back["status"], &back["visit"]["start"]),
        (&json!("planned"), &json!(moment("2026-11-30T08:30")))
    );
    let now = days(house, &series).await;
    assert_eq!(now.len(), made.len());
    assert!(now.iter().zip(&made).all(|(now, made)| now.1 == made.1), "{now:?}");
    bea.redoes().await;
    assert_eq!(status(&made[2].1).await, "cancelled");
}

async fn every_answer_names_its_act_and_that_one_alone_goes_back(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let mut tags = Vec::new();
    for name in ["Cuivre", "Fibre", "Relais"] {
        tags.push(bea.does("/tags", json!({"name": name})).await["id"].clone());
    }
    let mut acts = Vec::new();
    for tag in &tags {
        let path = format!("/tags/{}", text(tag));
        let answer = bea.request(Method::DELETE, &path).send().await.unwrap();
        assert_eq!(answer.status(), 204);
        let act = answer.headers()["tournee-act"].to_str().unwrap();
        acts.push(act.parse::<i64>().unwrap());
    }
    let names = async || {
        let all = seen(house, "/tags").await.1["items"].as_array().unwrap().clone();
        all.iter().map(|tag| text(&tag["name"])).collect::<Vec<_>>()
    };
    // The oldest of three, and not whatever was done last.
    let (oldest, middle) = (json!({"act": acts[0]}), json!({"act": acts[1]}));
    let undone = bea.does("/dispatch/undo", oldest.clone()).await;
    assert_eq!((&undone["act"], names().await), (&json!(acts[0]), vec!["Cuivre".to_owned()]));
    let (status, again) = bea.asks(Method::POST, "/dispatch/undo", &oldest).await;
    assert_eq!((status, &again["code"]), (409, &json!("undo.done_already")));
    bea.does("/dispatch/undo", middle.clone()).await;
    assert_eq!(names().await, ["Cuivre", "Fibre"]);
    // What was taken back first is done again, by its name, though it was not the last.
    bea.does("/dispatch/redo", oldest.clone()).await;
    assert_eq!(names().await, ["Fibre"]);
    // Somebody else has the name by then: who that is, is said, and nothing is put over it.
    let max = Person::named(house, "Max").await;
    max.does("/tags", json!({"name": "Cuivre"})).await;
    let (status, refused) = bea.asks(Method::POST, "/dispatch/undo", &oldest).await;
    assert_eq!(status, 409, "{refused}");
    // What only looks has no act.
    let looked = bea.request(Method::GET, "/tags").send().await.unwrap();
    assert!(!looked.headers().contains_key("tournee-act"));
}

async fn what_the_house_adds_to_an_act_does_not_bear_its_name(house: &House) {
    let bea = Person::named(house, "Bea").await;
    let ruiz = house.customer("Ruiz").await;
    let before = house.job(&ruiz, None).await;
    let act = async |path: &str, body: &Value| {
        let answer = bea.request(Method::POST, path).json(body).send().await.unwrap();
        assert_eq!(answer.status(), 201, "{path}");
        let act = answer.headers()["tournee-act"].to_str().unwrap().parse::<i64>().unwrap();
        (act, answer.json::<Value>().await.unwrap())
    };
    // A level gives the jobs that are there their clocks, and a job that is made after it gets one as well.
    let hours = json!({"mon": [{"start": "08:00", "end": "16:30"}]});
    let level = json!({"name": "Tout", "arrive_min": 240, "hours": hours});
    let (level, made) = act("/sla/policies", &level).await;
    let job = json!({"customer_id": ruiz.id, "location_id": ruiz.location, "title": "Panne", "duration_min": 60});
    let (job, shown) = act("/jobs", &job).await;
    let path = format!("/jobs/{}", text(&shown["id"]));
    assert!(seen(house, &path).await.1["sla"].is_object());
    assert!(seen(house, &format!("/jobs/{}", before.id)).await.1["sla"].is_object());
    let undone = bea.does("/dispatch/undo", json!({"act": job})).await;
    assert_eq!(
        (&undone["act"], seen(house, &path).await.1["status"].as_str()),
        (&json!(job), Some("cancelled"))
    );
    let undone = bea.does("/dispatch/undo", json!({"act": level})).await;
    assert_eq!(undone["act"], json!(level));
    let left = seen(house, "/sla/policies").await.1["items"].clone();
    assert_eq!((left, made["name"].as_str()), (json!([]), Some("Tout")));
}
