//! Bad input of every kind at every door of the board: each field of a good body in turn is of another type, empty, huge,
//! negative, unknown. Nothing of it is a fault of ours: the answer is a problem that names the field, and a sound body
//! still does what it did.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    whatever_is_wrong_in_a_body_is_named_and_never_a_fault at "09:50";
    a_second_click_and_an_old_version_do_nothing_twice at "09:50";
    what_is_unknown_is_not_found_by_its_field at "09:50";
}

/// What a field may be instead.
fn distortions() -> Vec<Value> {
    vec![
        json!(true),
        json!(-1),
        json!(1e300),
        json!(9_223_372_036_854_775_807_i64),
        json!(""),
        json!("\u{0}"),
        json!("é".repeat(20_000)),
        json!("2026-13-45T99:99:99Z"),
        json!([[]]),
        json!({"nonsense": 1}),
        Value::Null,
    ]
}

/// Every value inside a body, by its pointer; the body itself is not one.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, one)| (name.clone(), one)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(i, one)| (i.to_string(), one)).collect()
        }
        _ => vec![],
    };
    for (name, one) in inside {
        let pointer = format!("{at}/{name}");
        pointers(one, &pointer, all);
        all.push(pointer);
    }
}

/// A good body for each door, and where it goes.
fn doors(job: &Job, other: &Job, who: &Technician, customer: (&str, &str)) -> Vec<(String, Value)> {
    let (one, later) = (moment("13:00"), moment("14:00"));
    let week = json!({"mon": [{"start": "08:00", "end": "16:30"}]});
    let need = json!([{"tag": "Fibre", "level": 2, "required": true}]);
    let triangle = json!([{"lat": 45.0, "lon": -73.0}, {"lat": 45.1, "lon": -73.0}, {"lat": 45.1, "lon": -72.9}]);
    let place = json!({"job_id": job.id, "technician_id": who.id, "start": one});
    let step =
        json!({"key": "a", "title": {"fr": "A", "en": "A"}, "duration_min": 30, "depends_on": []});
    let window = json!({"start": one, "end": later});
    let absences = format!("/technicians/{}/absences", who.id);
    [
        ("/tags", json!({"name": "Cuivre", "color": "#112233"})),
        ("/technicians", json!({"name": "Bob", "phone": "450 555-0199", "email": "b@example.ca",
            "language": "fr", "home": {"lat": 45.0, "lon": -73.5, "address": "1, rue X"},
            "skills": [{"tag": "Fibre", "level": 3, "expires_on": "2027-01-01"}],
            "weekly_schedule": week, "extra_shifts": [window], "gps_device_id": "van-x"})),
        ("/customers", json!({"name": "Roy", "phone": "450 555-0144", "email": "r@example.ca", "language": "en"})),
        ("/locations", json!({"customer_id": customer.0, "address": "1, rue X", "lat": 45.0, "lon": -73.5, "notes": "chien"})),
        ("/jobs", json!({"customer_id": customer.0, "location_id": customer.1, "title": "Panne",
            "kind": "repair", "duration_min": 60, "priority": "normal", "skills": need,
            "arrival_window": window, "recurrence": "RRULE:FREQ=WEEKLY;COUNT=2", "depends_on": [other.id]})),
        (absences.as_str(), json!({"start": one, "end": later, "reason": "grippe"})),
        (format!("{absences}/plan").as_str(), json!({"start": one, "end": later, "reason": "grippe"})),
        ("/dispatch/assign", with(&place, json!({"override": ["skill"], "assistants": [], "materials": [],
            "guard_promises": true, "break_promise": {"reason": "x", "tell": true}}))),
        ("/dispatch/assign-many", json!({"moves": [place], "guard_promises": true})),
        ("/dispatch/unassign", json!({"job_id": job.id, "draft": "d"})),
        ("/dispatch/auto-assign", json!({"date": "2026-11-23", "job_ids": [job.id], "mode": "preview"})),
        ("/dispatch/optimize", json!({"date": "2026-11-23", "technician_ids": [who.id], "seconds": 0.2, "mode": "preview"})),
        ("/dispatch/suggest", json!({"job_id": job.id, "from": one, "to": later, "limit": 5})),
        ("/dispatch/holds", with(&place, json!({"minutes": 5}))),
        ("/dispatch/publish", json!({"date": "2026-11-23", "technician_ids": [who.id], "draft": "d", "mode": "preview"})),
        ("/dispatch/drafts/drop", json!({"draft": "d", "job_ids": [job.id]})),
        ("/dispatch/presence", json!({"window": "w", "job_ids": [job.id], "doing": "looks"})),
        ("/dispatch/undo", json!({"act": 1})),
        ("/dispatch/urgent", json!({"job_id": job.id})),
        ("/dispatch/whatif", json!({"date": "2026-11-23"})),
        ("/offers", json!({"job_id": job.id, "waves": [[who.id]], "minutes": 5, "mode": "preview"})),
        ("/bundles", json!({"job_ids": [job.id, other.id]})),
        ("/zones/preview", json!({"name": "Z", "color": "#8250df", "polygon": triangle,
            "certification": {"tag": "Fibre", "level": 2}, "valid_from": "2026-01-01", "valid_until": "2027-01-01"})),
        ("/materials", json!({"name": "Nacelle", "kind": "Levage", "external_id": "N", "available": true, "out_of_service": [window]})),
        ("/presets", json!({"kind": "view", "name": "Soir", "shows": {"days": "3"}})),
        ("/templates", json!({"code": "t", "name": {"fr": "T", "en": "T"}, "steps": [step]})),
        ("/sla/policies", json!({"name": "P", "priority": "urgent", "kind": "x", "arrive_min": 60, "done_min": 90,
            "at_risk_min": 30, "hours": week})),
        ("/series/preview", json!({"recurrence": "RRULE:FREQ=DAILY", "arrival_window": window,
            "exceptions": ["2026-12-01"], "holidays": "skip", "limit": 3})),
        (format!("/jobs/{}/status", job.id).as_str(), json!({"status": "en_route", "note": "x", "version": 1})),
        (format!("/jobs/{}/sla/pause", job.id).as_str(), json!({"reason": "weather", "note": "x"})),
        ("/outbox/msg_nothing/approve", json!({})),
    ]
    .map(|(path, body)| (path.to_owned(), body))
    .into()
}

fn with(body: &Value, more: Value) -> Value {
    let mut body = body.clone();
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// What is wrong with an answer to a body whose field at `pointer` was distorted; none where all is well.
async fn complaint(house: &House, path: &str, body: &Value, pointer: &str) -> Option<String> {
    let answer = house.request(Method::POST, path).json(body).send().await.unwrap();
    let status = answer.status().as_u16();
    let kind = answer.headers().get("content-type").map(|one| one.to_str().unwrap().to_owned());
    let said: Value = answer.json().await.unwrap_or(Value::Null);
    if status < 300 {
        return None;
    }
    let named: Vec<String> = said["errors"]
        .as_array()
        .map(|errors| {
            errors.iter().filter_map(|one| one["pointer"].as_str()).map(str::to_owned).collect()
        })
        .unwrap_or_default();
    // What was distorted may break a rule among fields: then another one is named, but one is.
    let is_named = !named.is_empty();
    let is_problem = kind.as_deref() == Some("application/problem+json")
        && said["status"] == json!(status)
        && said["title"].is_string()
        && said["detail"].is_string();
    let must_name = [400, 422].contains(&status);
    let fine = (400..500).contains(&status) && is_problem && (is_named || !must_name);
    (!fine).then(|| {
        let shown: String = body.pointer(pointer).unwrap_or(&Value::Null).to_string();
        let shown: String = shown.chars().take(40).collect();
        format!("POST {path} {pointer}={shown}: {status} {kind:?} {named:?} {}", said["detail"])
    })
}

async fn whatever_is_wrong_in_a_body_is_named_and_never_a_fault(house: &House) {
    let ana = house.technician("Ana").await;
    let customer = house.customer("Ruiz").await;
    let (job, other) = (house.job(&customer, None).await, house.job(&customer, None).await);
    let mut wrong = Vec::new();
    for (path, body) in doors(&job, &other, &ana, (&customer.id, &customer.location)) {
        let mut all = Vec::new();
        pointers(&body, "", &mut all);
        for pointer in all {
            for distortion in distortions() {
                let mut bad = body.clone();
                *bad.pointer_mut(&pointer).unwrap() = distortion;
                wrong.extend(complaint(house, &path, &bad, &pointer).await);
            }
        }
        // And whatever is left out.
        for name in body.as_object().unwrap().keys() {
            let mut bad = body.clone();
            bad.as_object_mut().unwrap().remove(name);
            wrong.extend(complaint(house, &path, &bad, &format!("/{name}")).await);
        }
    }
    assert!(wrong.is_empty(), "{} complaints: {wrong:#?}", wrong.len());
}

async fn a_second_click_and_an_old_version_do_nothing_twice(house: &House) {
    let ana = house.technician("Ana").await;
    let customer = house.customer("Ruiz").await;
    let job = house.job(&customer, None).await;
    let created = json!({
        "customer_id": customer.id, "location_id": customer.location, "title": "Panne",
        "duration_min": 60, "priority": "normal", "skills": [],
    });
    // Every create of the board answers a second click as it did the first.
    let hold = json!({"job_id": job.id, "technician_id": ana.id, "start": moment("15:00")});
    let triangle = json!([{"lat": 46.0, "lon": -73.0}, {"lat": 46.1, "lon": -73.0}, {"lat": 46.1, "lon": -72.9}]);
    for (path, body) in [
        ("/jobs", created),
        ("/dispatch/holds", hold),
        ("/offers", json!({"job_id": job.id})),
        ("/materials", json!({"name": "Nacelle"})),
        ("/tags", json!({"name": "Cuivre"})),
        ("/presets", json!({"kind": "view", "name": "Soir"})),
        ("/zones", json!({"name": "Z", "polygon": triangle, "technician_ids": [ana.id]})),
        (
            "/sla/policies",
            json!({"name": "P", "arrive_min": 60, "hours": {"mon": [{"start": "08:00", "end": "16:00"}]}}),
        ),
    ] {
        let click = async || {
            let request = house.request(Method::POST, path).header("Idempotency-Key", path);
            house.answer(request.json(&body)).await
        };
        let first = click().await;
        assert_eq!(first.0, 201, "{path}: {}", first.1);
        let head = house.inside.head();
        assert_eq!(click().await, first, "{path}");
        house.settle().await;
        assert!(house.inside.head() >= head);
        // A version of before is refused with what is true now, whatever the thing.
        let id = text(&first.1["id"]);
        if !["/dispatch/holds", "/offers"].contains(&path) {
            let one = format!("{path}/{id}");
            let field = if path == "/jobs" { "title" } else { "name" };
            let edit = |to: &str, version: &Value| json!({field: to, "version": version});
            let patch = async |body: Value| {
                house.answer(house.request(Method::PATCH, &one).json(&body)).await
            };
            let (status, edited) = patch(edit("Deux", &first.1["version"])).await;
            assert_eq!(status, 200, "{one}: {edited}");
            let (status, stale) = patch(edit("Trois", &first.1["version"])).await;
            assert_eq!((status, &stale["code"]), (409, &json!("stale_version")), "{one}: {stale}");
            assert_eq!(stale["current"][field], "Deux", "{stale}");
            assert_eq!(stale["errors"][0]["pointer"], "/version", "{stale}");
        }
    }
}

async fn what_is_unknown_is_not_found_by_its_field(house: &House) {
    let ana = house.technician("Ana").await;
    let give = json!({"job_id": "job_x", "technician_id": ana.id, "start": moment("10:00")});
    let (status, unknown) = house.post("/dispatch/assign", &give).await;
    assert_eq!((status, &unknown["errors"][0]["pointer"]), (404, &json!("/job_id")), "{unknown}");
    for path in [
        "/jobs/x",
        "/technicians/x",
        "/customers/x",
        "/offers/x",
        "/zones/x",
        "/materials/x",
        "/bundles/x",
        "/templates/x",
        "/series/x",
        "/tags/x",
        "/locations/x",
    ] {
        let (status, unknown) = house.get(path).await;
        assert_eq!((status, unknown["status"].as_i64()), (404, Some(404)), "{path}: {unknown}");
    }
}
