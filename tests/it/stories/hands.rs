//! What a dispatcher's hands do: several visits at once, rows read anew, being seen by others, and losing a race to a name.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Customer, Job, Technician, VILLAGE};

on_both! {
    several_jobs_are_moved_together_or_not_at_all at "09:00";
    a_row_is_read_anew_with_its_shifts_and_drives at "09:00";
    who_looks_at_a_job_is_told_to_others_and_kept_nowhere at "09:00";
    a_month_is_counted_day_by_day at "09:00";
    who_lost_a_race_hears_who_was_quicker at "09:00";
}

fn to(job: &Job, technician: &Technician, start: Option<&str>) -> Value {
    json!({"job_id": job.id, "technician_id": technician.id, "start": start.map(moment)})
}

async fn many(house: &House, moves: Value) -> (u16, Value) {
    house.post("/dispatch/assign-many", &json!({ "moves": moves })).await
}

/// Whose the job is and when, or nothing.
async fn stands(house: &House, job: &Job) -> (Value, Value) {
    let visit = house.see(&format!("/jobs/{}", job.id)).await["visit"].clone();
    (visit["technician_id"].clone(), visit["start"].clone())
}

async fn several_jobs_are_moved_together_or_not_at_all(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let customer = house.customer("Ruiz").await;
    let mut jobs = Vec::new();
    for _ in 0..3 {
        jobs.push(house.job(&customer, None).await);
    }
    let [one, two, three] = &jobs[..] else { unreachable!() };
    // Two from the pool: the one without a start comes behind the other.
    let (status, done) =
        many(house, json!([to(one, &ana, Some("10:00")), to(two, &ana, None)])).await;
    assert_eq!(status, 200, "{done}");
    assert_eq!(done["jobs"].as_array().unwrap().len(), 2);
    assert_eq!(stands(house, one).await, (json!(ana.id), json!(moment("10:00"))));
    let (who, start) = stands(house, two).await;
    assert_eq!(who, json!(ana.id));
    assert_eq!(start, json!(moment("11:00")), "at the same door, right behind it");
    // They change places, which one after the other they could not.
    let at: jiff::Timestamp = start.as_str().unwrap().parse().unwrap();
    let swap = json!([
        {"job_id": one.id, "technician_id": ana.id, "start": at},
        to(two, &ana, Some("10:00")),
    ]);
    let (status, done) = many(house, swap).await;
    assert_eq!(status, 200, "{done}");
    assert_eq!(stands(house, two).await.1, json!(moment("10:00")));
    assert_eq!(stands(house, one).await.1, json!(at));
    // One job by two names would be two visits of it.
    let named = json!({"external_id": "WO-7"});
    let request = house.request(Method::PATCH, &format!("/jobs/{}", three.id)).json(&named);
    assert_eq!(house.answer(request).await.0, 200);
    let twice = json!([
        to(three, &ana, Some("14:00")),
        {"job_id": "WO-7", "technician_id": ana.id, "start": moment("15:30")},
    ]);
    let (status, refused) = many(house, twice).await;
    assert_eq!((status, &refused["code"]), (422, &json!("board.placed_twice")), "{refused}");
    // One of the three cannot be: nothing moves.
    house.settle().await;
    let before = house.inside.head();
    let (status, refused) = many(
        house,
        json!([
            to(one, &bob, Some("13:00")),
            {"job_id": two.id},
            to(three, &bob, Some("13:30")),
        ]),
    )
    .await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.overlap")), "{refused}");
    assert_eq!(refused["current"].as_array().unwrap().len(), 3);
    assert_eq!(house.inside.head(), before);
    // One goes on, one into the pool, in one commit.
    let (status, done) =
        many(house, json!([to(one, &bob, Some("13:00")), {"job_id": two.id}])).await;
    assert_eq!(status, 200, "{done}");
    assert_eq!(stands(house, one).await.0, json!(bob.id));
    assert_eq!(house.see(&format!("/jobs/{}", two.id)).await["status"], "unassigned");
    // At the end of a day is behind its last visit, whatever gap there is before.
    let append = json!([{"job_id": two.id, "technician_id": bob.id, "append_to": "2026-11-23"}]);
    let (status, done) = many(house, append).await;
    assert_eq!(status, 200, "{done}");
    assert_eq!(stands(house, two).await, (json!(bob.id), json!(moment("14:00"))));
    many_that_cannot_be(house, one, &ana).await;
}

async fn many_that_cannot_be(house: &House, job: &Job, ana: &Technician) {
    let twice = json!([to(job, ana, None), to(job, ana, None)]);
    for (moves, pointer) in [
        (json!([]), "/moves"),
        (twice, "/moves/1/job_id"),
        (json!([{"job_id": job.id, "override": ["gravity"]}]), "/moves/0/override/0"),
    ] {
        let (status, problem) = many(house, moves).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    let old = json!([{"job_id": job.id, "technician_id": ana.id, "version": 1}]);
    let (status, stale) = many(house, old).await;
    assert_eq!((status, &stale["code"]), (409, &json!("stale_version")), "{stale}");
    assert_eq!(stale["changed_by"], "admin-token", "{stale}");
}

async fn a_row_is_read_anew_with_its_shifts_and_drives(house: &House) {
    let ana = house.technician("Ana").await;
    let customer = house.customer("Ruiz").await;
    let (first, second) = (house.job(&customer, None).await, house.job(&customer, None).await);
    house.assign(&first, &ana, "10:00").await;
    house.assign(&second, &ana, "12:00").await;
    let path = format!("/dispatch/rows?technicians={},nobody&date=2026-11-23&days=3", ana.id);
    let rows = house.see(&path).await;
    assert_eq!(rows["items"].as_array().unwrap().len(), 1, "{rows}");
    let row = &rows["items"][0];
    assert_eq!(row["shifts"].as_array().unwrap().len(), 3, "one for each of the days");
    let drives = |row: &Value| {
        let visits = row["visits"].as_array().unwrap().clone();
        visits.iter().map(|visit| visit["travel_min"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    let of_row = drives(row);
    assert!(of_row[0] > 0 && of_row[1] == 0, "from home, then at the same door: {of_row:?}");
    // Without the first the second is driven to from home: the neighbour's drive has changed.
    house.done("/dispatch/unassign", &json!({"job_id": first.id})).await;
    let alone = house.see(&path).await;
    assert_eq!(drives(&alone["items"][0]), [of_row[0]]);
    let board = house.see("/dispatch/board?date=2026-11-23&days=3").await;
    let seen = &board["technicians"][0]["visits"][0]["travel_min"];
    assert_eq!(seen, &json!(of_row[0]), "as a fresh board says");
    let (status, wrong) = house.get("/dispatch/rows?technicians=&date=2026-11-23").await;
    assert_eq!((status, &wrong["errors"][0]["pointer"]), (422, &json!("/technicians")));
    let (status, wrong) =
        house.get(&format!("/dispatch/rows?technicians={}&days=15", ana.id)).await;
    assert_eq!((status, &wrong["errors"][0]["pointer"]), (422, &json!("/days")));
}

async fn who_looks_at_a_job_is_told_to_others_and_kept_nowhere(house: &House) {
    house.technician("Ana").await;
    house.settle().await;
    let watch = house.watch("dispatch", None).await;
    let before = house.inside.head();
    let body = json!({"window": "w-1", "job_ids": ["job_1"], "doing": "drags"});
    let (status, answer) = house.post("/dispatch/presence", &body).await;
    assert_eq!(status, 204, "{answer}");
    let told = |frames: &[crate::harness::watch::Frame]| {
        frames.iter().find(|frame| frame.event == "presence").cloned()
    };
    watch.when(|frames| told(frames).is_some()).await;
    let frame = told(&watch.frames()).unwrap();
    assert_eq!(frame.id, None, "it passes");
    assert_eq!(frame.data["data"]["job_ids"], json!(["job_1"]));
    assert_eq!(frame.data["data"]["doing"], "drags");
    assert_eq!(house.inside.head(), before, "nothing is written down");
    for (body, pointer) in [
        (json!({"window": "a b"}), "/window"),
        (json!({"window": "w", "job_ids": ["a/b"]}), "/job_ids/0"),
        (json!({"window": "w", "job_ids": vec!["j"; 51]}), "/job_ids"),
    ] {
        let (status, problem) = house.post("/dispatch/presence", &body).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
}

async fn who_lost_a_race_hears_who_was_quicker(house: &House) {
    let ana = house.technician("Ana").await;
    let customer = house.customer("Ruiz").await;
    let job = house.job(&customer, None).await;
    let path = format!("/jobs/{}", job.id);
    let seen = house.see(&path).await["version"].clone();
    house.assign(&job, &ana, "10:00").await;
    let move_it = json!({
        "job_id": job.id, "technician_id": ana.id, "start": moment("13:00"), "version": seen,
    });
    let lost = async |request: reqwest::RequestBuilder| {
        let (status, problem) = house.answer(request).await;
        assert_eq!((status, &problem["code"]), (409, &json!("stale_version")), "{problem}");
        assert_eq!(problem["changed_by"], "admin-token", "{problem}");
        assert!(problem["changed_at"].is_string(), "{problem}");
        problem
    };
    let post = |path: &str, body: &Value| house.request(Method::POST, path).json(body);
    let problem = lost(post("/dispatch/assign", &move_it)).await;
    assert_eq!(problem["current"]["visit"]["start"], json!(moment("10:00")));
    lost(post("/dispatch/unassign", &json!({"job_id": job.id, "version": seen}))).await;
    let edit = json!({"title": "Fibre", "version": seen});
    lost(house.request(Method::PATCH, &path).json(&edit)).await;
    lost(post(&format!("{path}/status"), &json!({"status": "cancelled", "version": seen}))).await;
    // And so for a customer and a place.
    for path in [format!("/customers/{}", customer.id), format!("/locations/{}", customer.location)]
    {
        let before = house.see(&path).await["version"].clone();
        let first = json!({"notes": "Sonner deux fois.", "version": before});
        let (status, answer) = house.answer(house.request(Method::PATCH, &path).json(&first)).await;
        assert_eq!(status, 200, "{answer}");
        let second = json!({"notes": "Sonner.", "version": before});
        let problem = lost(house.request(Method::PATCH, &path).json(&second)).await;
        assert_eq!(problem["current"]["notes"], "Sonner deux fois.");
    }
}

async fn a_month_is_counted_day_by_day(house: &House) {
    let ana = house.technician("Ana").await;
    let kept = house.promised("Ruiz", &ana, ("10:00", "12:00")).await;
    // Who cannot be texted keeps the window that was asked for.
    let quiet = house.make("/customers", json!({"name": "Roy"})).await;
    let place = json!({
        "customer_id": quiet["id"], "address": "3, rue Neuve", "lat": 45.08, "lon": -73.61,
    });
    let place = house.make("/locations", place).await;
    let customer = Customer {
        id: quiet["id"].as_str().unwrap().to_owned(),
        phone: String::new(),
        location: place["id"].as_str().unwrap().to_owned(),
        place: VILLAGE,
    };
    let late = house.job(&customer, Some(("11:00", "11:30"))).await;
    house.assign(&late, &ana, "13:00").await;
    house.job(&customer, Some(("14:00", "16:00"))).await;
    house.settle().await;
    let path = "/dispatch/calendar?from=2026-11-22&to=2026-11-24";
    let days = house.see(path).await["days"].as_array().unwrap().clone();
    assert_eq!(days.len(), 3, "{days:?}");
    let [sunday, monday, tuesday] = &days[..] else { unreachable!() };
    assert_eq!((&sunday["visits"], &sunday["shift_min"]), (&json!(0), &json!(0)));
    assert_eq!(
        monday,
        &json!({
            "date": "2026-11-23", "visits": 2, "done": 0, "waiting": 1, "at_risk": 0, "broken": 1,
            "booked_min": 120, "shift_min": 510, "technicians": 1,
        })
    );
    assert_eq!((&tuesday["visits"], &tuesday["shift_min"]), (&json!(0), &json!(510)));
    // An absence takes its hours away, a visit that is called off is no visit.
    house.status(&late.id, "cancelled").await;
    let away = json!({"start": moment("12:30"), "end": moment("23:00"), "reason": "Dentiste"});
    let (status, answer) = house.post(&format!("/technicians/{}/absences", ana.id), &away).await;
    assert_eq!(status, 201, "{answer}");
    house.settle().await;
    let monday = house.see(path).await["days"][1].clone();
    assert_eq!((&monday["visits"], &monday["shift_min"]), (&json!(1), &json!(270)), "{monday}");
    assert_eq!(monday["broken"], 0);
    assert_eq!(house.see(&format!("/jobs/{}", kept.id)).await["status"], "planned");
    for query in ["from=2026-11-24&to=2026-11-22", "from=2026-01-01&to=2026-11-22"] {
        let (status, wrong) = house.get(&format!("/dispatch/calendar?{query}")).await;
        assert_eq!((status, &wrong["errors"][0]["pointer"]), (422, &json!("/to")), "{wrong}");
    }
}
