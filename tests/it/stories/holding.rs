//! A slot that is kept while somebody is on the phone: everyone's plans respect it until it is used, let go or lapsed.

use reqwest::Method;
use serde_json::{Value, json};

use super::taking_back::{Person, put, stands};
use crate::harness::house::{House, moment, on_both};
use crate::harness::people::text;

on_both! {
    a_held_slot_is_respected_by_everyone_until_it_lapses at "09:50";
    a_held_slot_is_used_by_its_job_and_by_whoever_names_it at "09:50";
    a_held_slot_ends_with_its_reason at "09:50";
    what_cannot_be_done_cannot_be_held at "09:50";
    a_slot_that_was_used_is_held_again_by_an_undo_while_it_is_free at "09:50";
}

const DAY: &str = "2026-11-23";

async fn held(house: &House) -> Vec<Value> {
    let items = house.see("/dispatch/holds").await["items"].clone();
    assert_eq!(house.board().await["holds"], items, "a board that is opened sees them");
    items.as_array().unwrap().clone()
}

async fn a_held_slot_is_respected_by_everyone_until_it_lapses(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let window = Some(("13:00", "13:10"));
    let (first, second) = (house.job(&ruiz, window).await, house.job(&ruiz, window).await);
    let watch = house.watch("dispatch", Some(house.inside.head())).await;
    let body = json!({
        "job_id": first.id, "technician_id": ana.id, "start": moment("13:00"), "minutes": 20,
    });
    let keyed = || async {
        let request = house.request(Method::POST, "/dispatch/holds");
        house.answer(request.header("Idempotency-Key", "hold-1").json(&body)).await
    };
    let (status, hold) = keyed().await;
    assert_eq!(
        (status, &hold["job_id"], &hold["end"]),
        (201, &json!(first.id), &json!(moment("14:00")))
    );
    assert_eq!(hold["until"], json!(moment("10:10")));
    assert_eq!(keyed().await, (201, hold.clone()));
    assert_eq!(held(house).await, std::slice::from_ref(&hold));
    // Nobody else gets it: by hand, by suggestion, by the house rule, by the optimiser, by another hold.
    let (status, problem) = house.try_assign(&second, &ana, "13:00").await;
    assert_eq!((status, &problem["code"]), (409, &json!("board.held")), "{problem}");
    assert!(text(&problem["detail_fr"]).contains("13 h 00"), "{problem}");
    let ask = |job: &str| json!({"job_id": job, "to": moment("16:30"), "from": moment("13:00")});
    let slots = |answer: &Value| answer["slots"].as_array().unwrap().len();
    let suggested = house.done("/dispatch/suggest", &ask(&second.id)).await;
    assert_eq!(slots(&suggested), 0, "{suggested}");
    let suggested = house.done("/dispatch/suggest", &ask(&first.id)).await;
    assert_eq!(slots(&suggested), 1, "it is held for this one: {suggested}");
    let one = json!({"date": DAY, "job_ids": [second.id]});
    let planned = house.done("/dispatch/auto-assign", &one).await;
    assert_eq!(planned["assigned"], json!([]), "{planned}");
    let plan = house.done("/dispatch/optimize", &json!({"date": DAY, "seconds": 0.2})).await;
    assert_eq!(plan["changes"], json!([]), "{plan}");
    let other = json!({"job_id": second.id, "technician_id": ana.id, "start": moment("13:05")});
    assert_eq!(house.post("/dispatch/holds", &other).await.0, 409);
    house.at("10:11").await;
    assert!(held(house).await.is_empty());
    let gone = watch.of("hold.gone").pop().unwrap().data["data"].clone();
    assert_eq!(gone, json!({"hold_id": hold["id"], "technician_id": ana.id, "how": "lapsed"}));
    assert_eq!(watch.of("slot.held").len(), 1);
    house.assign(&second, &ana, "13:00").await;
}

async fn a_held_slot_is_used_by_its_job_and_by_whoever_names_it(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let watch = house.watch("dispatch", Some(house.inside.head())).await;
    let job = house.job(&ruiz, None).await;
    let body = json!({"job_id": job.id, "technician_id": ana.id, "start": moment("13:00")});
    house.make("/dispatch/holds", body.clone()).await;
    // A second thought: the first slot is let go.
    let body = json!({"job_id": job.id, "technician_id": ana.id, "start": moment("14:00")});
    house.make("/dispatch/holds", body).await;
    assert_eq!(held(house).await.len(), 1);
    house.assign(&job, &ana, "14:00").await;
    assert!(held(house).await.is_empty());
    // On the phone: there is a slot before there is a job.
    let body = json!({
        "job": {"title": "Pas d'Internet", "lat": 45.08, "lon": -73.61, "duration_min": 60},
        "technician_id": ana.id, "start": moment("11:00"), "minutes": 5,
    });
    let hold = house.make("/dispatch/holds", body).await;
    assert_eq!(hold["job_id"], Value::Null);
    let called = house.job(&ruiz, None).await;
    assert_eq!(house.try_assign(&called, &ana, "11:00").await.0, 409);
    let body = json!({
        "job_id": called.id, "technician_id": ana.id, "start": moment("11:00"), "hold_id": hold["id"],
    });
    house.done("/dispatch/assign", &body).await;
    assert!(held(house).await.is_empty());
    house.settle().await;
    let how: Vec<String> =
        watch.of("hold.gone").iter().map(|one| text(&one.data["data"]["how"])).collect();
    assert_eq!(how, ["released", "used", "used"]);
}

async fn a_held_slot_ends_with_its_reason(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let (job, called_off) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    let watch = house.watch("dispatch", Some(house.inside.head())).await;
    let at = |job: &str, start: &str| json!({"job_id": job, "technician_id": ana.id, "start": moment(start), "minutes": 240});
    let hold = house.make("/dispatch/holds", at(&job.id, "11:00")).await;
    let path = format!("/dispatch/holds/{}", text(&hold["id"]));
    assert_eq!(house.answer(house.request(Method::DELETE, &path)).await.0, 204);
    assert_eq!(house.answer(house.request(Method::DELETE, &path)).await.0, 404);
    house.make("/dispatch/holds", at(&called_off.id, "11:00")).await;
    assert_eq!(house.status(&called_off.id, "cancelled").await.0, 200);
    house.settle().await;
    assert!(held(house).await.is_empty());
    house.make("/dispatch/holds", at(&job.id, "13:00")).await;
    let away = json!({"start": moment("12:00"), "end": moment("16:30")});
    house.make(&format!("/technicians/{}/absences", ana.id), away).await;
    house.settle().await;
    assert!(held(house).await.is_empty());
    let how: Vec<String> =
        watch.of("hold.gone").iter().map(|one| text(&one.data["data"]["how"])).collect();
    assert_eq!(how, ["released", "released", "absent"]);
}

async fn what_cannot_be_done_cannot_be_held(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    house.promised("Roy", &ana, ("13:00", "13:30")).await;
    let job = house.job(&ruiz, None).await;
    let hard = json!({
        "title": "Tour", "location_id": ruiz.location, "duration_min": 60,
        "skills": [{"tag": "Fibre", "level": 5, "required": true}],
    });
    let body =
        |start: &str| json!({"job_id": job.id, "technician_id": ana.id, "start": moment(start)});
    let with = |name: &str, value: Value| {
        let mut body = body("11:00");
        body[name] = value;
        body
    };
    let imagined =
        |job: &Value| json!({"job": job, "technician_id": ana.id, "start": moment("11:00")});
    for (body, status, pointer) in [
        (body("13:15"), 409, "/start"),
        (body("18:00"), 422, "/start"),
        (body("09:00"), 422, "/start"),
        (imagined(&hard), 422, "/technician_id"),
        (
            imagined(&json!({"duration_min": 0, "lat": 45.0, "lon": -73.0})),
            422,
            "/job/duration_min",
        ),
        (imagined(&json!({"duration_min": 30})), 422, "/job/location_id"),
        (with("job", hard.clone()), 422, "/job_id"),
        (with("minutes", json!(0)), 422, "/minutes"),
        (with("minutes", json!(241)), 422, "/minutes"),
        (with("technician_id", json!("tech_nobody")), 404, "/technician_id"),
        (with("job_id", json!("job_nothing")), 404, "/job_id"),
    ] {
        let (answered, problem) = house.post("/dispatch/holds", &body).await;
        assert_eq!(
            (answered, &problem["errors"][0]["pointer"]),
            (status, &json!(pointer)),
            "{body}: {problem}"
        );
    }
    assert!(held(house).await.is_empty());
}

async fn a_slot_that_was_used_is_held_again_by_an_undo_while_it_is_free(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let (job, other) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    let bea = Person::named(house, "Bea").await;
    let slot = |job: &str, start: &str, minutes: i64| json!({"job_id": job, "technician_id": ana.id, "start": moment(start), "minutes": minutes});
    let hold = bea.does("/dispatch/holds", slot(&job.id, "13:00", 20)).await;
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "13:00")).await;
    assert!(held(house).await.is_empty());
    let undone = bea.undoes().await;
    assert_eq!(undone["hold_lost"], Value::Null, "{undone}");
    assert_eq!(held(house).await, [hold], "the very same slot");
    assert_eq!(house.try_assign(&other, &ana, "13:00").await.1["code"], "board.held");
    bea.redoes().await;
    assert!(held(house).await.is_empty());
    assert_eq!(stands(house, &job.id).await.0, "planned");
    bea.undoes().await;
    // Put elsewhere than where it was held: undone, it is held there again.
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "15:00")).await;
    assert!(held(house).await.is_empty());
    bea.undoes().await;
    assert_eq!(held(house).await.len(), 1);
    // Held on the phone, before there was a job: from then on for the job that came of it.
    let body = json!({
        "job": {"title": "Pas d'Internet", "lat": 45.08, "lon": -73.61, "duration_min": 60},
        "technician_id": ana.id, "start": moment("11:00"), "minutes": 15,
    });
    let hold = bea.does("/dispatch/holds", body).await;
    let mut named = put(&other.id, &ana.id, "11:00");
    named["hold_id"] = hold["id"].clone();
    bea.does("/dispatch/assign", named).await;
    bea.undoes().await;
    let again = held(house).await.into_iter().find(|one| one["id"] == hold["id"]).unwrap();
    assert_eq!(again["job_id"], json!(other.id));
    bea.redoes().await;
    assert_eq!(stands(house, &other.id).await.0, "planned");
    // By now the slot would have lapsed: the visit goes all the same, and what is lost is said.
    house.at("10:20").await;
    let undone = bea.undoes().await;
    assert_eq!(stands(house, &other.id).await.0, "unassigned");
    assert!(text(&undone["hold_lost"]["fr"]).contains("à 11 h pour Ana Roy"), "{undone}");
    assert!(text(&undone["hold_lost"]["en"]).contains("at 11:00 for Ana Roy"), "{undone}");
    assert!(held(house).await.is_empty());
}
