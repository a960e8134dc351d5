//! Who is told what, and when: a promise once for each version, one text for several jobs, nothing for drafts, quiet
//! at night, and a last word when it is over.

use serde_json::json;

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::text;
use crate::harness::town::minutes_from;

on_both! {
    moving_within_the_undo_time_takes_the_first_promise_back at "09:00" with undo_seconds = "60";
    a_visit_taken_away_and_given_back_in_one_breath_is_told at "09:00" with undo_seconds = "60";
    whoever_comes_instead_of_one_who_has_read_is_told_all_the_same at "09:00" with undo_seconds = "60";
    what_is_published_in_the_breath_of_its_recall_is_told_once at "09:00" with undo_seconds = "60";
    a_promise_that_was_told_is_followed_by_one_correction at "09:00";
    moving_a_visit_within_its_agreed_window_tells_the_customer_nothing at "09:00";
    several_jobs_within_the_undo_time_are_one_text_to_the_technician at "09:00" with undo_seconds = "60";
    at_night_promises_wait_for_the_morning_and_arrivals_do_not at "21:30";
    a_visit_is_told_when_it_begins_and_when_it_is_over at "09:50";
    nobody_hears_of_a_draft_until_it_is_published at "09:00";
    an_absence_frees_its_jobs_and_nothing_else at "07:30";
    a_repeated_step_is_told_once at "09:50";
    a_lateness_that_was_taken_back_in_time_is_never_told at "09:50" with undo_seconds = "60";
}

async fn states(house: &House, phone: &str) -> Vec<(String, String)> {
    let both = |item: serde_json::Value| (text(&item["kind"]), text(&item["state"]));
    house.texts_to(phone).await.into_iter().map(both).collect()
}

async fn a_visit_taken_away_and_given_back_in_one_breath_is_told(house: &House) {
    let mut told = Vec::new();
    for (name, customer) in [
        ("Ana", "Ruiz"),
        ("Luc", "Cyr"),
        ("Zoe", "Roy"),
        ("Max", "Caron"),
        ("Eva", "Petch"),
        ("Noé", "Hébert"),
        ("Guy", "Morin"),
        ("Léa", "Dubé"),
    ] {
        let (technician, customer) = (house.technician(name).await, house.customer(customer).await);
        let job = house.job(&customer, None).await;
        house.assign(&job, &technician, "10:00").await;
        told.push((technician, customer, job));
    }
    house.settle().await;
    // Nobody waits for the texts to be taken back before the visit stands again.
    for (technician, _, job) in &told {
        house.done("/dispatch/unassign", &json!({"job_id": job.id})).await;
        house.assign(job, technician, "10:00").await;
    }
    house.settle().await;
    house.at("09:02").await;
    for (technician, customer, _) in &told {
        assert_eq!(left(states(house, &customer.phone).await), ["visit_promised"]);
        assert_eq!(left(states(house, &technician.phone).await), ["job_assigned"]);
    }
}

/// The kinds of those texts that left.
fn left(texts: Vec<(String, String)>) -> Vec<String> {
    texts.into_iter().filter(|(_, state)| state == "sandboxed").map(|(kind, _)| kind).collect()
}

async fn whoever_comes_instead_of_one_who_has_read_is_told_all_the_same(house: &House) {
    let mut told = Vec::new();
    let names = [
        ("Ana", "Luc", "Ruiz"),
        ("Zoe", "Max", "Roy"),
        ("Eva", "Noé", "Cyr"),
        ("Guy", "Léa", "Dubé"),
    ];
    for (first, second, customer) in names {
        let (first, second) = (house.technician(first).await, house.technician(second).await);
        let customer = house.customer(customer).await;
        let job = house.job(&customer, None).await;
        house.assign(&job, &first, "10:00").await;
        told.push((first, second, customer, job));
    }
    house.settle().await;
    house.at("09:02").await;
    for (_, second, _, job) in &told {
        house.assign(job, second, "13:00").await;
    }
    house.settle().await;
    // Taken away and given back while the texts to the second wait; the first one's was read long ago.
    for (_, second, _, job) in &told {
        house.done("/dispatch/unassign", &json!({"job_id": job.id})).await;
        house.assign(job, second, "13:00").await;
    }
    house.settle().await;
    house.at("09:04").await;
    for (first, second, customer, _) in &told {
        assert_eq!(left(states(house, &first.phone).await), ["job_assigned"]);
        assert_eq!(left(states(house, &second.phone).await), ["job_assigned"]);
        let said = left(states(house, &customer.phone).await);
        assert_eq!(said, ["visit_promised", "rescheduled"]);
    }
}

async fn what_is_published_in_the_breath_of_its_recall_is_told_once(house: &House) {
    let mut told = Vec::new();
    for (name, customer) in [("Ana", "Ruiz"), ("Luc", "Cyr"), ("Zoe", "Roy"), ("Max", "Caron")] {
        let (technician, customer) = (house.technician(name).await, house.customer(customer).await);
        let job = house.job(&customer, None).await;
        house.assign(&job, &technician, "10:00").await;
        told.push((technician, customer, job));
    }
    house.settle().await;
    // Taken away, drafted for the afternoon and published while the texts are being taken back.
    for (technician, _, job) in &told {
        house.done("/dispatch/unassign", &json!({"job_id": job.id})).await;
        let draft = json!({
            "job_id": job.id, "technician_id": technician.id, "start": moment("13:00"), "draft": job.id,
        });
        house.done("/dispatch/assign", &draft).await;
        house.done("/dispatch/publish", &json!({"date": "2026-11-23", "draft": job.id})).await;
    }
    house.settle().await;
    house.at("09:02").await;
    for (technician, customer, _) in &told {
        assert_eq!(left(states(house, &technician.phone).await), ["schedule_published"]);
        assert_eq!(left(states(house, &customer.phone).await), ["visit_promised"]);
    }
}

async fn moving_within_the_undo_time_takes_the_first_promise_back(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    house.assign(&job, &ana, "10:00").await;
    house.settle().await;
    house.assign(&job, &ana, "13:00").await;
    house.settle().await;
    house.at("09:02").await;
    let told = states(house, &ruiz.phone).await;
    let gone = |state: &str| told.iter().filter(|(_, found)| found == state).count();
    assert_eq!((gone("recalled"), gone("sandboxed")), (1, 1), "{told:?}");
    let said = house.texts_to(&ruiz.phone).await;
    let said = said.iter().find(|item| item["state"] == "sandboxed").unwrap();
    assert_eq!(said["kind"], "visit_promised", "the first that was said is no correction");
    assert!(text(&said["body"]).contains("13 h") || text(&said["body"]).contains("13\u{a0}h"));
}

async fn a_promise_that_was_told_is_followed_by_one_correction(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    house.assign(&job, &ana, "10:00").await;
    house.settle().await;
    let moved = house.assign(&job, &ana, "13:00").await;
    house.settle().await;
    // The same again changes nothing, so it says nothing.
    house.assign(&job, &ana, "13:00").await;
    house.settle().await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised", "rescheduled"]);
    let stale =
        json!({"job_id": job.id, "technician_id": ana.id, "start": moment("14:00"), "version": 1});
    let (status, answer) = house.post("/dispatch/assign", &stale).await;
    assert_eq!(status, 409, "{answer}");
    assert_eq!(
        answer["current"]["version"],
        house.see(&format!("/jobs/{}", job.id)).await["version"]
    );
    assert_eq!(moved["visit"]["technician_id"], ana.id);
    house.settle().await;
    assert_eq!(house.kinds_to(&ruiz.phone).await.len(), 2);
}

async fn moving_a_visit_within_its_agreed_window_tells_the_customer_nothing(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "12:00")).await;
    house.assign(&ruiz, &ana, "11:00").await;
    house.settle().await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"]);
    assert_eq!(house.kinds_to(&ana.phone).await, ["job_assigned", "job_assigned"]);
}

async fn several_jobs_within_the_undo_time_are_one_text_to_the_technician(house: &House) {
    let ana = house.technician("Ana").await;
    for (name, start) in [("Ruiz", "10:00"), ("Roy", "12:00"), ("Gagnon", "14:00")] {
        let customer = house.customer(name).await;
        let job = house.job(&customer, None).await;
        house.assign(&job, &ana, start).await;
        house.settle().await;
    }
    house.at("09:02").await;
    let texts = house.texts_to(&ana.phone).await;
    assert_eq!(texts.len(), 1, "{texts:#?}");
    assert_eq!((&texts[0]["jobs"], &texts[0]["waiting"]), (&json!(3), &json!(false)));
    assert!(
        text(&texts[0]["body"]).contains("3 interventions nouvelles ou déplacées"),
        "{}",
        texts[0]
    );
}

async fn at_night_promises_wait_for_the_morning_and_arrivals_do_not(house: &House) {
    let ana = house.technician("Ana").await;
    let night = json!({"start": moment("18:00"), "end": moment("23:59")});
    let (_, known) = house.get(&format!("/technicians/{}", ana.id)).await;
    let change = json!({"extra_shifts": [night], "version": known["version"]});
    let patch = house.request(reqwest::Method::PATCH, &format!("/technicians/{}", ana.id));
    let (status, answer) = house.answer(patch.json(&change)).await;
    assert_eq!(status, 200, "{answer}");
    let ruiz = house.customer("Ruiz").await;
    let tonight = house.job(&ruiz, Some(("21:40", "22:00"))).await;
    let roy = house.customer("Roy").await;
    let tomorrow = house.job(&roy, None).await;
    house.assign(&tonight, &ana, "21:40").await;
    house.assign(&tomorrow, &ana, "2026-11-24T10:00").await;
    house.settle().await;
    let waits = house.texts_to(&roy.phone).await;
    assert_eq!((waits.len(), &waits[0]["waiting"]), (1, &json!(true)), "{waits:?}");
    assert_eq!(house.texts_to(&ruiz.phone).await[0]["waiting"], true);

    house.fix(&ana, minutes_from(tonight.place, 55)).await;
    let texts = house.texts_to(&ruiz.phone).await;
    let late = texts.iter().find(|item| item["kind"] == "late").unwrap();
    assert_eq!(late["waiting"], false, "an arrival is news at any hour: {late}");

    house.at("2026-11-24T07:59").await;
    assert_eq!(house.texts_to(&roy.phone).await[0]["waiting"], true);
    house.at("2026-11-24T08:01").await;
    assert_eq!(house.texts_to(&roy.phone).await[0]["waiting"], false);
    let texts = house.texts_to(&ruiz.phone).await;
    let past = texts.iter().find(|item| item["kind"] == "visit_promised").unwrap();
    assert_eq!(past["state"], "failed", "a window that is over is promised to nobody: {past}");
}

async fn a_visit_is_told_when_it_begins_and_when_it_is_over(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let tracking = house.link_to(&ruiz.phone, "/track/").await;
    for status in ["en_route", "on_site"] {
        assert_eq!(house.status(&ruiz.id, status).await.0, 200);
        house.settle().await;
        assert_eq!(house.page(&tracking).await.0, 200, "{status}");
    }
    assert_eq!(house.status(&ruiz.id, "done").await.0, 200);
    house.settle().await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised", "on_the_way", "done"]);
    assert_eq!(house.page(&tracking).await.0, 410);
    assert_eq!(house.page(&format!("{tracking}/state")).await.0, 410);
    let (status, refused) = house.status(&ruiz.id, "en_route").await;
    assert_eq!(status, 422, "{refused}");
    assert_eq!(refused["errors"][0]["pointer"], "/status");
}

async fn nobody_hears_of_a_draft_until_it_is_published(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("10:00", "12:00"))).await;
    let feed = text(&house.see(&format!("/dispatch/ical-token/{}", ana.id)).await["url"]);
    let draft = json!({
        "job_id": job.id, "technician_id": ana.id, "start": moment("10:00"), "draft": "lundi",
    });
    let answer = house.done("/dispatch/assign", &draft).await;
    house.settle().await;
    assert_eq!((&answer["status"], &answer["visit"]), (&json!("unassigned"), &json!(null)));
    assert!(house.outbox().await.is_empty());
    assert!(!house.page(&feed).await.1.contains("BEGIN:VEVENT"));
    let board = house.board().await;
    assert_eq!(board["drafts"].as_array().unwrap().len(), 1, "{board}");
    assert!(board["technicians"][0]["visits"].as_array().unwrap().is_empty());

    house.done("/dispatch/publish", &json!({"date": "2026-11-23", "draft": "lundi"})).await;
    house.settle().await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"]);
    assert_eq!(house.kinds_to(&ana.phone).await, ["schedule_published"]);
    assert!(house.page(&feed).await.1.contains("BEGIN:VEVENT"));
    let board = house.board().await;
    assert!(board["drafts"].as_array().unwrap().is_empty(), "{board}");
    assert_eq!(board["technicians"][0]["visits"][0]["job_id"], job.id);
}

async fn an_absence_frees_its_jobs_and_nothing_else(house: &House) {
    let ana = house.technician("Ana").await;
    let morning = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let evening = house.promised("Roy", &ana, ("14:00", "15:00")).await;
    let away = json!({"start": moment("08:00"), "end": moment("12:00"), "reason": "malade"});
    let path = format!("/technicians/{}/absences", ana.id);
    house.make(&path, away.clone()).await;
    house.settle().await;
    let status = async |id: &str| text(&house.see(&format!("/jobs/{id}")).await["status"]);
    assert_eq!(status(&morning.id).await, "unassigned");
    assert_eq!(status(&evening.id).await, "planned");
    let pool = house.board().await["pool"].clone();
    assert_eq!(pool[0]["id"], morning.id, "{pool}");
    let (code, refused) = house.try_assign(&morning, &ana, "10:00").await;
    assert_eq!(code, 422, "{refused}");
    assert_eq!(house.post(&path, &away).await.0, 409, "away already");
}

async fn a_repeated_step_is_told_once(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    for status in ["en_route", "en_route", "on_site", "done", "done"] {
        let (code, answer) = house.status(&ruiz.id, status).await;
        assert_eq!(code, 200, "{status}: {answer}");
        house.settle().await;
    }
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised", "on_the_way", "done"]);
}

async fn a_lateness_that_was_taken_back_in_time_is_never_told(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    house.at("09:52").await;
    assert_eq!(states(house, &ruiz.phone).await, [("visit_promised".into(), "sandboxed".into())]);
    house.fix(&ana, minutes_from(ruiz.place, 55)).await;
    let late = house.texts_to(&ruiz.phone).await.pop().unwrap();
    assert_eq!((&late["kind"], &late["waiting"]), (&json!("late"), &json!(true)));
    // The day is put right again, as an undo does: the text waits no longer, and no second one takes it back.
    house.at("09:52:20").await;
    house.fix(&ana, minutes_from(ruiz.place, 12)).await;
    house.at("09:55").await;
    let told = states(house, &ruiz.phone).await;
    let expected = [("visit_promised", "sandboxed"), ("late", "recalled")];
    assert_eq!(told, expected.map(|(kind, state)| (kind.to_owned(), state.to_owned())));
    // What comes after is news again.
    house.fix(&ana, minutes_from(ruiz.place, 60)).await;
    house.at("09:57").await;
    assert_eq!(states(house, &ruiz.phone).await.last().unwrap().1, "sandboxed");
}
