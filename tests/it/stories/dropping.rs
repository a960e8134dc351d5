//! What a dispatcher hears at the moment of placing: a free hour where the end of the route does not fit, who insisted against
//! what, and that a window is over.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::text;

on_both! {
    a_drop_on_a_name_finds_the_free_hour_where_the_end_does_not_fit at "09:00";
    who_insisted_against_which_rule_and_when_is_told at "09:00";
    a_window_that_is_over_is_said_to_be_over at "10:00";
}

async fn a_drop_on_a_name_finds_the_free_hour_where_the_end_does_not_fit(house: &House) {
    let ana = house.technician("Ana").await;
    house.promised("Roy", &ana, ("15:15", "15:45")).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    let body = json!({"job_id": job.id, "technician_id": ana.id, "append_to": "2026-11-23"});
    let placed = house.done("/dispatch/assign", &body).await;
    let start: jiff::Timestamp = text(&placed["visit"]["start"]).parse().unwrap();
    assert!(start < moment("15:15"), "{placed}");
    let heard = text(&placed["warnings"]["en"][0]);
    assert!(heard.contains("end of the route"), "{placed}");
    // What fits at the end goes there, and nothing is said of it.
    let bob = house.technician("Bob").await;
    house.promised("Gagnon", &bob, ("10:00", "10:30")).await;
    let next = house.job(&ruiz, None).await;
    let body = json!({"job_id": next.id, "technician_id": bob.id, "append_to": "2026-11-23"});
    let placed = house.done("/dispatch/assign", &body).await;
    let start: jiff::Timestamp = text(&placed["visit"]["start"]).parse().unwrap();
    assert!(start > moment("10:00"), "{placed}");
    assert!(!placed["warnings"].to_string().contains("end of the route"), "{placed}");
}

async fn who_insisted_against_which_rule_and_when_is_told(house: &House) {
    let ana = house.technician("Ana").await;
    let known = house.see(&format!("/technicians/{}", ana.id)).await;
    let body = json!({"version": known["version"], "skills": []});
    let request = house.request(Method::PATCH, &format!("/technicians/{}", ana.id)).json(&body);
    assert_eq!(house.answer(request).await.0, 200);
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    let path = format!("/jobs/{}/insisted", job.id);
    assert_eq!(house.see(&path).await["items"], json!([]));
    let mut body = json!({"job_id": job.id, "technician_id": ana.id, "start": moment("11:00")});
    let (status, problem) = house.post("/dispatch/assign", &body).await;
    assert_eq!(status, 422, "{problem}");
    body["override"] = json!(["skill"]);
    house.done("/dispatch/assign", &body).await;
    house.at("09:30").await;
    body["start"] = json!(moment("12:00"));
    house.done("/dispatch/assign", &body).await;
    let items = house.see(&path).await["items"].clone();
    assert_eq!((items.as_array().unwrap().len(), &items[0]["rule"]), (1, &json!("skill")));
    assert!(!text(&items[0]["by"]).is_empty(), "{items}");
    let at: jiff::Timestamp = text(&items[0]["at"]).parse().unwrap();
    assert!(at < moment("09:30"), "who broke it first, not who moved it since: {items}");
    assert_eq!(house.get("/jobs/job_nothing/insisted").await.0, 404);
}

async fn a_window_that_is_over_is_said_to_be_over(house: &House) {
    let ruiz = house.customer("Ruiz").await;
    let body = |from: &str, to: &str| -> Value {
        json!({
            "customer_id": ruiz.id, "location_id": ruiz.location, "title": "Late",
            "duration_min": 30, "arrival_window": {"start": moment(from), "end": moment(to)},
        })
    };
    // A program may bring history, and hears of it.
    let made = house.make("/jobs", body("08:00", "09:00")).await;
    assert_eq!(made["warnings"]["en"][0], "This window is over.");
    assert!(house.make("/jobs", body("09:30", "10:30")).await["warnings"].is_null());
    // A person has mistyped.
    let who = json!({"email": "bea@example.ca", "password": "a long password"});
    let mut user = who.clone();
    (user["name"], user["role"]) = ("Bea".into(), "dispatcher".into());
    house.make("/auth/users", user).await;
    let login = house.bare(Method::POST, "/auth/login").json(&who).send().await.unwrap();
    let cookie = login.headers().get("set-cookie").unwrap().to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap();
    let post = house.bare(Method::POST, "/jobs").header("Cookie", cookie);
    let post = post.header("Origin", &house.url).json(&body("08:00", "09:00"));
    let (status, problem) = house.answer(post).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (422, &json!("/arrival_window/end")),
        "{problem}"
    );
    let asked = json!({"job_id": made["id"], "from": moment("10:00"), "to": moment("09:00")});
    let (status, problem) = house.post("/dispatch/suggest", &asked).await;
    assert_eq!((status, &problem["code"]), (422, &json!("board.window_over")), "{problem}");
}
