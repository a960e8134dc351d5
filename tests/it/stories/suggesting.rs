//! Where a job could go: everybody is answered for, in both languages and with numbers; a slot says what it costs and what it
//! risks; and whoever asks, by whichever door, reads the same.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Technician, text};

on_both! {
    everybody_is_answered_for_with_numbers_in_both_languages at "09:50";
    a_slot_says_its_drive_its_level_and_what_it_risks at "09:50";
    the_same_question_is_answered_the_same_to_the_last_byte at "09:50";
    a_question_about_the_end_of_time_is_answered at "09:50";
}

async fn with_level(house: &House, name: &str, level: u8) -> Technician {
    let who = house.technician(name).await;
    let body = json!({"skills": [{"tag": "Fibre", "level": level}]});
    let request = house.request(Method::PATCH, &format!("/technicians/{}", who.id));
    assert_eq!(house.answer(request.json(&body)).await.0, 200);
    who
}

fn ask(job: &str) -> Value {
    json!({"job_id": job, "from": moment("13:00"), "to": moment("14:00"), "limit": 50})
}

/// What was said in a language, as one text.
fn said(entry: &Value, language: &str) -> String {
    let lines = entry["reasons"][language].as_array().unwrap_or_else(|| panic!("{entry}"));
    lines.iter().map(text).collect::<Vec<_>>().join(" ")
}

async fn everybody_is_answered_for_with_numbers_in_both_languages(house: &House) {
    let expert = with_level(house, "Eva", 5).await;
    let usual = house.technician("Ana").await;
    let novice = with_level(house, "Nils", 1).await;
    let away = house.technician("Zoé").await;
    let busy = house.technician("Bob").await;
    let grippe = json!({"start": moment("08:00"), "end": moment("16:30"), "reason": "grippe"});
    house.make(&format!("/technicians/{}/absences", away.id), grippe).await;
    let taken = house.job(&house.customer("Roy").await, None).await;
    house.assign(&taken, &busy, "13:30").await;
    let customer = house.customer("Ruiz").await;
    let job = house.job(&customer, Some(("13:00", "13:45"))).await;
    let answer = house.done("/dispatch/suggest", &ask(&job.id)).await;
    let ids = |list: &str| -> Vec<String> {
        let all = answer[list].as_array().unwrap();
        let mut ids: Vec<String> = all.iter().map(|one| text(&one["technician_id"])).collect();
        ids.dedup();
        ids
    };
    let (can, cannot) = (ids("slots"), ids("not_possible"));
    assert_eq!(can.first(), Some(&usual.id), "the lowest level that will do comes first");
    assert!(can.contains(&expert.id), "{answer}");
    for who in [&novice, &away, &busy] {
        assert!(cannot.contains(&who.id), "{who:?}: {answer}");
    }
    assert_eq!(can.iter().chain(&cannot).filter(|id| **id == novice.id).count(), 1);
    let of = |who: &Technician| {
        let both = ["slots", "not_possible"].map(|list| answer[list].as_array().unwrap().clone());
        both.concat().into_iter().find(|one| one["technician_id"] == json!(who.id)).unwrap()
    };
    // A rule's verdict has its numbers, and with them the least that would let somebody in.
    for (who, fr, en) in [
        (&usual, "Niveau 3 en Fibre", "Level 3 in Fibre"),
        (&novice, "Niveau 1 en Fibre, 2 exigé", "Level 1 in Fibre, 2 required"),
        (&away, "grippe", "grippe"),
        (&busy, "14\u{a0}h\u{a0}30", "14:30"),
    ] {
        let one = of(who);
        assert!(said(&one, "fr").contains(fr) && said(&one, "en").contains(en), "{one}");
    }
    assert!(said(&of(&usual), "fr").contains("min"), "{answer}");
}

async fn a_slot_says_its_drive_its_level_and_what_it_risks(house: &House) {
    let ana = house.technician("Ana").await;
    let customer = house.customer("Ruiz").await;
    let next = house.job(&customer, None).await;
    house.assign(&next, &ana, "15:00").await;
    // At the same door, for an hour: whatever begins at one o'clock has an hour to spare before three.
    let job = house.job(&customer, Some(("13:00", "13:05"))).await;
    let body = json!({"job_id": job.id, "from": moment("13:00"), "to": moment("13:05")});
    let slot = house.done("/dispatch/suggest", &body).await["slots"][0].clone();
    assert_eq!(slot["start"], json!(moment("13:00")), "{slot}");
    assert_eq!((&slot["spare_min"], &slot["overqualification"]), (&json!(60), &json!(1)), "{slot}");
    assert!(slot["added_travel_min"].is_i64(), "{slot}");
    assert!(said(&slot, "fr").contains("60\u{a0}min"), "{slot}");
    assert!(said(&slot, "en").contains("60 min to spare"), "{slot}");
    house.done("/dispatch/unassign", &json!({"job_id": next.id})).await;
    let slot = house.done("/dispatch/suggest", &body).await["slots"][0].clone();
    assert_eq!(slot["spare_min"], Value::Null, "nothing follows: {slot}");
}

async fn the_same_question_is_answered_the_same_to_the_last_byte(house: &House) {
    for name in ["Ana", "Bob", "Carl"] {
        house.technician(name).await;
    }
    with_level(house, "Eva", 5).await;
    let customer = house.customer("Ruiz").await;
    let job = house.job(&customer, Some(("13:00", "14:00"))).await;
    let bytes = async |body: Value| {
        let request = house.request(Method::POST, "/dispatch/suggest").json(&body);
        request.send().await.unwrap().text().await.unwrap()
    };
    let first = bytes(ask(&job.id)).await;
    assert_eq!(bytes(ask(&job.id)).await, first, "asked twice");
    // A job that is only imagined, and one that is there: one arithmetic.
    let imagined = json!({
        "job": {
            "location_id": customer.location, "title": "Pas d'Internet", "duration_min": 60,
            "skills": [{"tag": "Fibre", "level": 2, "required": true}],
            "arrival_window": {"start": moment("13:00"), "end": moment("14:00")},
        },
        "from": moment("13:00"), "to": moment("14:00"), "limit": 50,
    });
    assert_eq!(bytes(imagined).await, first, "imagined");
    // The rule for a day chooses whom the list names first.
    let rule = json!({"date": "2026-11-23", "job_ids": [job.id]});
    let rule = house.done("/dispatch/auto-assign", &rule).await["assigned"][0].clone();
    let best = serde_json::from_str::<Value>(&first).unwrap()["slots"][0].clone();
    for field in ["technician_id", "start", "end", "added_travel_min"] {
        assert_eq!(rule[field], best[field], "{field}: {rule} {best}");
    }
    // A dispatcher and support's colleagues read the same as the administrator.
    let made = house.make("/auth/tokens", json!({"name": "d", "role": "dispatcher"})).await;
    let request = house.bare(Method::POST, "/dispatch/suggest").bearer_auth(text(&made["token"]));
    let theirs = request.json(&ask(&job.id)).send().await.unwrap().text().await.unwrap();
    assert_eq!(theirs, first);
}

async fn a_question_about_the_end_of_time_is_answered(house: &House) {
    house.technician("Ana").await;
    let job = house.job(&house.customer("Ruiz").await, None).await;
    let ends = [
        "-009999-01-02T02:00:00Z",
        "-009999-01-02T06:00:00Z",
        "-009999-01-20T06:00:00Z",
        "9999-12-29T12:00:00Z",
        "9999-12-30T21:00:00Z",
    ];
    for end in ends {
        let body = json!({"job_id": job.id, "from": end});
        let (status, answer) = house.post("/dispatch/suggest", &body).await;
        assert!(status == 200 || status == 422, "from {end}: {status} {answer}");
        for query in [format!("from={end}"), format!("at={end}"), format!("to={end}")] {
            let path = format!("/jobs/{}/suggestions?{query}", job.id);
            let (status, answer) = house.answer(house.request(Method::GET, &path)).await;
            assert!([200, 404, 422].contains(&status), "{query}: {status} {answer}");
        }
    }
}
