//! What cannot be: every 4xx at every door names the field, and nothing of what was refused is kept.

use reqwest::Method;
use serde_json::{Value, json};
use tournee::auth::gate::Access;
use tournee::routes::table;

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Customer, Job, Technician};

on_both! {
    positions_that_cannot_be_are_refused_by_name_and_leave_no_trace at "09:50" with traccar_forward_token = "forward";
    every_refusal_of_the_office_names_the_field at "09:50";
    no_door_takes_a_body_that_is_none_or_has_unknown_fields at "09:50";
}

/// What is wrong, as `pointer`s, and the code.
fn wrong(problem: &Value) -> (String, Vec<String>) {
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    let pointers = errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned());
    (problem["code"].as_str().unwrap_or("").to_owned(), pointers.collect())
}

async fn positions_that_cannot_be_are_refused_by_name_and_leave_no_trace(house: &House) {
    let ana = house.technician("Ana").await;
    let (now, soon) = (house.now().as_second(), house.now().as_second() + 301);
    let good = format!("id={}&lat=45.1&lon=-73.6&timestamp={now}", ana.device);
    let changed = |from: &str, to: &str| good.replace(from, to);
    let (unread, unknown) = ("input.unreadable", "positions.unknown_tracker");
    let queries = [
        (changed("lat=45.1", "lat=91"), 400, unread, "/lat"),
        (changed("lat=45.1", "lat=-90.001"), 400, unread, "/lat"),
        (changed("lat=45.1", "lat=NaN"), 400, unread, "/lat"),
        (changed("lat=45.1", "lat=inf"), 400, unread, "/lat"),
        (changed("lat=45.1", "lat=north"), 400, unread, "/lat"),
        (changed("&lat=45.1", ""), 400, unread, "/lat"),
        (changed("lon=-73.6", "lon=180.5"), 400, unread, "/lon"),
        (changed("&lon=-73.6", ""), 400, unread, "/lon"),
        (changed(&now.to_string(), &soon.to_string()), 400, unread, "/timestamp"),
        (changed(&now.to_string(), "yesterday"), 400, unread, "/timestamp"),
        (changed(&format!("id={}&", ana.device), ""), 400, unread, "/id"),
        (changed(&ana.device, "nobody"), 400, unknown, "/id"),
    ];
    let before = house.inside.head();
    for (query, status, code, pointer) in &queries {
        let path = format!("/traccar/osmand?{query}");
        for method in [Method::GET, Method::POST] {
            let (got, problem) = house.answer(house.bare(method, &path)).await;
            assert_eq!(got, *status, "{query}: {problem}");
            assert_eq!(
                wrong(&problem),
                ((*code).to_owned(), vec![(*pointer).to_owned()]),
                "{query}"
            );
        }
    }
    let fix = json!({
        "device_id": "nobody",
        "location": {
            "timestamp": house.now().to_string(), "coords": {"latitude": 45.1, "longitude": -73.6},
        },
    });
    let (got, problem) = house.answer(house.bare(Method::POST, "/traccar/osmand").json(&fix)).await;
    let named = (unknown.to_owned(), vec!["/device_id".to_owned()]);
    assert_eq!((got, wrong(&problem)), (400, named), "the app's JSON form, too");
    forwarded_positions_that_cannot_be(house, &ana.device).await;
    house.a_second_later().await;
    assert_eq!(house.inside.head(), before);
    assert_eq!(house.board().await["technicians"][0]["position"], Value::Null);
    let track =
        format!("/technicians/{}/track?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z", ana.id);
    assert!(house.see(&track).await.to_string().matches("lat").count() == 0, "nothing was kept");
}

/// The same through Traccar's forwarding, and bodies that nobody would read.
async fn forwarded_positions_that_cannot_be(house: &House, device: &str) {
    let at = moment("09:50");
    let forwarded = |device: &str, lat: Value, at: &str| {
        json!({
            "position": {"deviceId": 1, "latitude": lat, "longitude": -73.6, "fixTime": at, "valid": true},
            "device": {"id": 1, "uniqueId": device},
        })
    };
    let late = moment("09:56").to_string();
    for (body, status) in [
        (forwarded(device, json!(91), &at.to_string()), 400),
        (forwarded(device, json!("NaN"), &at.to_string()), 400),
        (forwarded(device, json!(45.1), &late), 400),
        (forwarded("nobody", json!(45.1), &at.to_string()), 404),
        (json!({"device": {"uniqueId": device}}), 400),
        (json!([]), 400),
    ] {
        let request = house.bare(Method::POST, "/traccar/positions").bearer_auth("forward");
        let (got, problem) = house.answer(request.json(&body)).await;
        assert_eq!(got, status, "{body}: {problem}");
        assert_eq!(wrong(&problem).1.len(), 1, "{body}: {problem}");
    }
    let unsigned = house.bare(Method::POST, "/traccar/positions").bearer_auth("backward");
    assert_eq!(house.answer(unsigned.json(&json!({}))).await.0, 401);
    for door in ["/traccar/osmand", "/traccar/positions"] {
        let body = "x".repeat(10 * 1024 * 1024);
        let request = house.bare(Method::POST, door).bearer_auth("forward").body(body);
        // Either an answer, or a connection that was closed on a body nobody would read.
        if let Ok(answer) = request.send().await {
            assert_eq!(answer.status().as_u16(), 413, "{door}");
        }
    }
}

type Case = (String, Value, &'static str);

/// A body with one field changed.
fn with(body: &Value, field: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[field] = value;
    body
}

fn bad_jobs(customer: &Customer) -> Vec<Case> {
    let good = json!({
        "customer_id": customer.id, "location_id": customer.location, "title": "Panne",
        "duration_min": 60, "priority": "normal", "skills": [],
    });
    let (early, late) = (moment("10:00"), moment("11:00"));
    let skills = json!([{"tag": "Fibre", "level": 9, "required": true}]);
    [
        ("customer_id", json!("cust_nobody"), "/customer_id"),
        ("location_id", json!("loc_nowhere"), "/location_id"),
        ("title", json!(" "), "/title"),
        ("duration_min", json!(0), "/duration_min"),
        ("duration_min", json!("long"), "/duration_min"),
        ("priority", json!("huge"), "/priority"),
        ("skills", skills, "/skills/0/level"),
        ("arrival_window", json!({"start": late, "end": early}), "/arrival_window/end"),
        ("colour", json!(1), "/colour"),
    ]
    .map(|(field, value, pointer)| ("/jobs".to_owned(), with(&good, field, value), pointer))
    .into()
}

fn bad_people(customer: &Customer, ana: &Technician) -> Vec<Case> {
    let good = json!({
        "name": "Ben", "phone": "450 555-0111", "home": {"lat": 45.0, "lon": -73.5},
        "skills": [], "weekly_schedule": {},
    });
    let place = json!({"customer_id": customer.id, "address": "1, rue X", "lat": 45, "lon": 1});
    let week = json!({"mon": [{"start": "08:00", "end": "9"}]});
    let technicians = [
        ("phone", json!("12"), "/phone"),
        ("name", json!(""), "/name"),
        ("email", json!("nowhere"), "/email"),
        ("home", json!({"lat": 91, "lon": 0}), concat!("/", "home", "/lat")),
        ("home", json!({"lat": 45}), concat!("/", "home", "/lon")),
        ("skills", json!([{"tag": "Fibre", "level": 0}]), "/skills/0/level"),
        ("skills", json!(vec![json!({"tag": "Fibre", "level": 1}); 101]), "/skills"),
        ("weekly_schedule", week, "/weekly_schedule/mon/0/end"),
        ("weekly_schedule", json!({"someday": []}), "/weekly_schedule/someday"),
    ]
    .map(|(field, value, at)| ("/technicians".to_owned(), with(&good, field, value), at));
    let away = json!({"start": moment("11:00"), "end": moment("10:00")});
    let account =
        json!({"name": "A", "email": "a@example.ca", "password": "short", "role": "viewer"});
    let others = [
        (format!("/technicians/{}/absences", ana.id), away, "/end"),
        ("/customers".to_owned(), json!({"name": "X", "phone": "nobody"}), "/phone"),
        ("/locations".to_owned(), with(&place, "lon", json!(181)), "/lon"),
        ("/locations".to_owned(), with(&place, "notes", json!("x".repeat(10_001))), "/notes"),
        ("/locations".to_owned(), with(&place, "customer_id", json!("cust_x")), "/customer_id"),
        ("/tags".to_owned(), json!({"name": "fibre"}), "/name"),
        ("/auth/users".to_owned(), account, "/password"),
        ("/auth/tokens".to_owned(), json!({"name": "", "role": "viewer"}), "/name"),
        ("/auth/tokens".to_owned(), json!({"name": "x", "role": "king"}), "/role"),
        ("/send/sms".to_owned(), json!({"to": "nobody", "body": "Bonjour"}), "/to"),
        ("/send/sms".to_owned(), json!({"to": "+14505550102", "body": ""}), "/body"),
        ("/broadcast".to_owned(), json!({"topic": "no", "event": "x", "data": {}}), "/topic"),
    ];
    technicians.into_iter().chain(others).collect()
}

fn bad_plans(ruiz: &Job, ana: &Technician) -> Vec<Case> {
    let give = json!({"job_id": ruiz.id, "technician_id": ana.id, "start": moment("10:00")});
    let day = json!({"date": "2026-11-23"});
    let seek = json!({"job_id": ruiz.id});
    let span = json!({"job_id": ruiz.id, "from": moment("11:00"), "to": moment("10:00")});
    let status = format!("/jobs/{}/status", ruiz.id);
    let (assign, auto, suggest) =
        ("/dispatch/assign", "/dispatch/auto-assign", "/dispatch/suggest");
    [
        (assign, with(&give, "start", json!(moment("16:00"))), "/start"),
        (assign, with(&give, "version", json!(1)), "/version"),
        (assign, with(&give, "override", json!(["gravity"])), "/override/0"),
        (assign, with(&give, "technician_id", json!("tech_nobody")), "/technician_id"),
        (assign, with(&give, "job_id", json!("job_nothing")), "/job_id"),
        (status.as_str(), json!({"status": "done"}), "/status"),
        (status.as_str(), json!({"status": "flying"}), "/status"),
        (status.as_str(), json!({"status": "en_route", "version": 1}), "/version"),
        (auto, with(&day, "job_ids", json!(["job_x"])), "/job_ids/0"),
        (auto, with(&day, "job_ids", json!(vec!["job_x"; 2001])), "/job_ids"),
        (auto, with(&day, "date", json!("Monday")), "/date"),
        (suggest, with(&seek, "limit", json!(0)), "/limit"),
        (suggest, span, "/to"),
        (suggest, json!({}), "/job_id"),
    ]
    .map(|(path, body, pointer)| (path.to_owned(), body, pointer))
    .into()
}

async fn every_refusal_of_the_office_names_the_field(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let customer = house.customer("Roy").await;
    let mut cases = bad_jobs(&customer);
    cases.extend(bad_people(&customer, &ana));
    cases.extend(bad_plans(&ruiz, &ana));
    let before = house.inside.head();
    let mut unnamed = Vec::new();
    for (path, body, pointer) in &cases {
        let (status, problem) = house.post(path, body).await;
        assert!((400..500).contains(&status), "{path} {body}: {status} {problem}");
        assert!(problem["detail"].as_str().is_some_and(|text| text.len() > 8), "{problem}");
        if !wrong(&problem).1.iter().any(|one| one == pointer) {
            unnamed.push(format!("{path} {body}: {problem}"));
        }
    }
    let queries = [
        ("/jobs?limit=0", "/limit"),
        ("/customers?limit=201", "/limit"),
        ("/jobs?status=flying", "/status"),
        ("/dispatch/board?days=15", "/days"),
        ("/sse?topics=nonsense", "/topics"),
        ("/dispatch/board?date=Monday", "/date"),
        ("/dispatch/board?date=2026-11-23&days=two", "/days"),
        ("/technicians/x/track?to=2026-11-24T00:00:00Z", "/from"),
    ];
    for (path, pointer) in queries {
        let (status, problem) = house.get(path).await;
        assert!((400..500).contains(&status), "{path}: {problem}");
        if !wrong(&problem).1.iter().any(|one| one == pointer) {
            unnamed.push(format!("{path}: {problem}"));
        }
    }
    assert!(unnamed.is_empty(), "{unnamed:#?}");
    assert_eq!(house.inside.head(), before, "nothing of it was kept");
}

async fn no_door_takes_a_body_that_is_none_or_has_unknown_fields(house: &House) {
    house.technician("Ana").await;
    // `/optimize` refuses in VROOM's own words, as its users expect: the tests of its formats say which.
    let others = ["/auth/logout", "/optimize"];
    let takes = |path: &str| !path.ends_with("/close") && !others.contains(&path);
    for row in table().iter().filter(|row| row.method == "POST" && takes(row.path)) {
        let Access::Staff(_) = row.access else { continue };
        let document = tournee::openapi::whole();
        let operation = &document["paths"][row.path]["post"];
        if operation["requestBody"].is_null() {
            continue;
        }
        let path = row.path.replace("{id}", "nothing");
        for (body, status) in [
            ("{", 400),
            ("", 400),
            ("nothing", 400),
            ("[]", 422),
            ("3", 422),
            ("{\"nonsense\": 1}", 422),
        ] {
            let request = house.request(Method::POST, &path).body(body);
            let (got, problem) =
                house.answer(request.header("content-type", "application/json")).await;
            assert_eq!(got, status, "{path} {body}: {problem}");
            let pointers = wrong(&problem).1;
            assert_eq!(pointers.len(), 1, "{path} {body}: {problem}");
            assert!(!body.contains("nonsense") || pointers == ["/nonsense"], "{path}: {problem}");
        }
    }
}
