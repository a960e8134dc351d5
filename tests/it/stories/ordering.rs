//! Work in steps: a template becomes jobs that wait for each other, no job waits for itself, and no visit is put before
//! what it waits for, unless it moves along or a person insists.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Customer, Job, text};

on_both! {
    a_template_becomes_jobs_that_wait_for_each_other_in_one_commit at "09:50";
    a_template_is_edited_by_number_and_leaves_jobs_alone at "09:50";
    no_job_waits_for_itself_however_long_the_way_round at "09:50";
    what_waits_is_not_put_before_and_moves_along_when_asked at "09:50";
    a_move_onto_what_waits_for_it_moves_that_along_when_asked at "09:50";
    plans_leave_what_is_tied_alone_and_say_why at "09:50";
}

async fn patch(house: &House, path: &str, body: Value) -> (u16, Value) {
    house.answer(house.request(Method::PATCH, path).json(&body)).await
}

async fn apply(house: &House, code: &str, customer: &Customer) -> Vec<Value> {
    let body = json!({"customer_id": customer.id, "location_id": customer.location});
    let made = house.make(&format!("/templates/{code}/apply"), body).await;
    made["jobs"].as_array().unwrap().clone()
}

async fn a_template_becomes_jobs_that_wait_for_each_other_in_one_commit(house: &House) {
    house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let five = house.done("/templates/starters", &json!({})).await;
    assert_eq!(five["items"].as_array().unwrap().len(), 5, "{five}");
    let again = house.done("/templates/starters", &json!({})).await;
    assert_eq!(again["items"], five["items"], "they are taken in once");
    let before = house.inside.head();
    let body = json!({
        "customer_id": ruiz.id, "location_id": ruiz.location,
        "arrival_window": {"start": moment("13:00"), "end": moment("15:00")},
    });
    let keyed = || async {
        let request = house.request(Method::POST, "/templates/fibre_install/apply");
        house.answer(request.header("Idempotency-Key", "install-1").json(&body)).await
    };
    let (status, made) = keyed().await;
    assert_eq!(status, 201, "{made}");
    let jobs = made["jobs"].as_array().unwrap();
    assert_eq!(house.inside.head() - before, 4, "four jobs, and nothing else");
    let steps: Vec<&str> = jobs.iter().map(|job| job["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["survey", "drop", "splice", "install"]);
    assert_eq!(keyed().await, (201, made.clone()), "the same request makes nothing new");
    assert_eq!(house.inside.head() - before, 4);
    let second = house.see(&format!("/jobs/{}", text(&jobs[1]["id"]))).await;
    assert_eq!(second["depends_on"], json!([jobs[0]["id"]]));
    assert_eq!((&second["lag_min"], &second["status"]), (&json!(1440), &json!("unassigned")));
    assert_eq!(second["arrival_window"], Value::Null, "only the first was promised");
    let links = house.see(&format!("/jobs/{}/links", text(&jobs[1]["id"]))).await;
    assert_eq!(links["needs"][0]["job_id"], jobs[0]["id"]);
    assert_eq!(links["waiting"][0]["job_id"], jobs[2]["id"]);
    let (status, refused) = house
        .post(
            "/templates/fibre_install/apply",
            &json!({"customer_id": "cust_x", "location_id": ruiz.location}),
        )
        .await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (404, &json!("/customer_id")));
    assert_eq!(house.post("/templates/none/apply", &body).await.0, 404);
}

async fn a_template_is_edited_by_number_and_leaves_jobs_alone(house: &House) {
    let ruiz = house.customer("Ruiz").await;
    let step = |key: &str, waits: Value| json!({"key": key, "title": {"fr": format!("Étape {key}"), "en": format!("Step {key}")}, "duration_min": 30, "depends_on": waits});
    let body = json!({"code": "plumbing", "name": {"fr": "Plomberie", "en": "Plumbing"}, "steps": [step("b", json!(["a"])), step("a", json!([]))]});
    let made = house.make("/templates", body.clone()).await;
    assert_eq!((&made["number"], &made["steps"][0]["key"]), (&json!(1), &json!("a")));
    let jobs = apply(house, "plumbing", &ruiz).await;
    let path = format!("/templates/{}", text(&made["id"]));
    let longer = json!({"steps": [step("a", json!([]))], "version": made["version"]});
    let (status, edited) = patch(house, &path, longer.clone()).await;
    assert_eq!((status, &edited["number"]), (200, &json!(2)), "{edited}");
    let (status, stale) =
        patch(house, &path, json!({"code": "x", "version": made["version"]})).await;
    assert_eq!((status, &stale["current"]["number"]), (409, &json!(2)), "{stale}");
    let job = house.see(&format!("/jobs/{}", text(&jobs[1]["id"]))).await;
    assert_eq!(job["depends_on"], json!([jobs[0]["id"]]), "jobs that exist stay as they are");
    assert_eq!(apply(house, "plumbing", &ruiz).await.len(), 1);
    assert_eq!(house.post("/templates", &body).await.0, 409, "the code is taken");
    let mut round = body.clone();
    round["code"] = json!("round");
    round["steps"] = json!([step("a", json!(["b"])), step("b", json!(["a"]))]);
    let (status, refused) = house.post("/templates", &round).await;
    assert_eq!((status, &refused["code"]), (422, &json!("jobs.cycle")), "{refused}");
    assert!(text(&refused["detail_fr"]).contains("Étape a → Étape b → Étape a"), "{refused}");
    for (field, value, pointer) in [
        ("code", json!("é!"), "/code"),
        ("steps", json!([]), "/steps"),
        ("steps", json!([step("a", json!(["z"]))]), "/steps/0/depends_on"),
        ("steps", json!([step("a", json!([])), step("a", json!([]))]), "/steps/1/key"),
        ("name", json!({"fr": "", "en": "x"}), "/name/fr"),
    ] {
        let mut wrong = body.clone();
        wrong["code"] = json!("wrong");
        wrong[field] = value;
        let (status, refused) = house.post("/templates", &wrong).await;
        assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!(pointer)), "{refused}");
    }
    assert_eq!(house.answer(house.request(Method::DELETE, &path)).await.0, 204);
    assert_eq!(house.get(&path).await.0, 404);
}

async fn waits(house: &House, job: &Job, needs: &[&Job]) -> (u16, Value) {
    let ids: Vec<&str> = needs.iter().map(|need| need.id.as_str()).collect();
    patch(house, &format!("/jobs/{}", job.id), json!({"depends_on": ids})).await
}

async fn no_job_waits_for_itself_however_long_the_way_round(house: &House) {
    let ruiz = house.customer("Ruiz").await;
    let (a, b, c) =
        (house.job(&ruiz, None).await, house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    for (job, title) in [(&a, "A"), (&b, "B"), (&c, "C")] {
        assert_eq!(
            patch(house, &format!("/jobs/{}", job.id), json!({"title": title})).await.0,
            200
        );
    }
    assert_eq!(waits(house, &b, &[&a]).await.0, 200);
    assert_eq!(waits(house, &c, &[&b]).await.0, 200);
    let (status, refused) = waits(house, &a, &[&c]).await;
    assert_eq!((status, &refused["code"]), (422, &json!("jobs.cycle")), "{refused}");
    assert!(text(&refused["detail_en"]).contains("A → C → B → A"), "{refused}");
    assert_eq!(refused["errors"][0]["pointer"], "/depends_on");
    assert_eq!(waits(house, &a, &[&a]).await.0, 422);
    let unknown = json!({"depends_on": ["job_none"]});
    let (status, refused) = patch(house, &format!("/jobs/{}", a.id), unknown).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (404, &json!("/depends_on/0")));
    // Two people close a circle between them at the same moment: one of them is refused.
    let (d, e) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    let (of_d, of_e) = ([&e], [&d]);
    let (one, other) = futures_util::join!(waits(house, &d, &of_d), waits(house, &e, &of_e));
    assert!(one.0 != 200 || other.0 != 200, "{one:?} {other:?}");
}

async fn what_waits_is_not_put_before_and_moves_along_when_asked(house: &House) {
    let (ana, ben) = (house.technician("Ana").await, house.technician("Ben").await);
    let ruiz = house.customer("Ruiz").await;
    let (first, then) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    assert_eq!(waits(house, &then, &[&first]).await.0, 200);
    let (status, refused) = house.try_assign(&then, &ben, "11:00").await;
    assert_eq!((status, &refused["code"]), (422, &json!("board.waits_for_unplanned")), "{refused}");
    house.assign(&first, &ana, "11:00").await;
    let (status, refused) = house.try_assign(&then, &ben, "11:30").await;
    assert_eq!((status, &refused["code"]), (422, &json!("board.too_soon_after")), "{refused}");
    assert!(text(&refused["detail_fr"]).contains("12 h 00"), "{refused}");
    house.assign(&then, &ben, "12:00").await;
    // Moving the first past the second says which would break, and moves both when asked.
    house.settle().await;
    let before = house.inside.head();
    let (status, refused) = house.try_assign(&first, &ana, "13:00").await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.breaks_order")), "{refused}");
    assert_eq!(refused["would_break"][0]["job_id"], then.id.as_str());
    let to: jiff::Timestamp = text(&refused["would_break"][0]["to"]).parse().unwrap();
    assert_eq!(to, moment("14:00"));
    assert_eq!(house.inside.head(), before, "nothing was moved");
    let both = json!({"job_id": first.id, "technician_id": ana.id, "start": moment("13:00"), "with_waiting": true});
    house.done("/dispatch/assign", &both).await;
    let start = async |job: &Job| -> jiff::Timestamp {
        let seen = house.see(&format!("/jobs/{}", job.id)).await;
        text(&seen["visit"]["start"]).parse().unwrap()
    };
    assert_eq!((start(&first).await, start(&then).await), (moment("13:00"), moment("14:00")));
    // A person may insist, and it is recorded.
    let insist = json!({"job_id": then.id, "technician_id": ben.id, "start": moment("13:30"), "override": ["order"]});
    let done = house.done("/dispatch/assign", &insist).await;
    assert_eq!(done["visit"]["overrides"], json!(["order"]));
    house.assign(&then, &ben, "14:30").await;
    // Once the first is over, the second is free.
    house.at("13:00").await;
    for step in ["en_route", "on_site", "done"] {
        assert_eq!(house.status(&first.id, step).await.0, 200);
    }
    house.assign(&then, &ben, "13:15").await;
    // A draft obeys the same order, and so does a kept slot.
    let (third, fourth) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    assert_eq!(waits(house, &fourth, &[&third]).await.0, 200);
    let draft = json!({"job_id": fourth.id, "technician_id": ana.id, "start": moment("15:00"), "draft": "x"});
    assert_eq!(house.post("/dispatch/assign", &draft).await.0, 422);
    let hold = json!({"job_id": fourth.id, "technician_id": ana.id, "start": moment("15:00")});
    assert_eq!(house.post("/dispatch/holds", &hold).await.0, 422);
}

async fn a_move_onto_what_waits_for_it_moves_that_along_when_asked(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let [first, then, last, other] = [
        house.job(&ruiz, None).await,
        house.job(&ruiz, None).await,
        house.job(&ruiz, None).await,
        house.job(&ruiz, None).await,
    ];
    assert_eq!(waits(house, &then, &[&first]).await.0, 200);
    assert_eq!(waits(house, &last, &[&then]).await.0, 200);
    house.assign(&first, &ana, "10:00").await;
    house.assign(&then, &ana, "11:00").await;
    house.assign(&last, &ana, "12:00").await;
    house.assign(&other, &ana, "15:00").await;
    // It would stand where the second stands, which waits for it: no clash, but an order that would break.
    let (status, refused) = house.try_assign(&first, &ana, "10:30").await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.breaks_order")), "{refused}");
    let named: Vec<&Value> =
        refused["would_break"].as_array().unwrap().iter().map(|one| &one["job_id"]).collect();
    assert_eq!(named, [&json!(then.id), &json!(last.id)], "and what waits for that");
    let along = json!({"job_id": first.id, "technician_id": ana.id, "start": moment("10:30"), "with_waiting": true});
    house.done("/dispatch/assign", &along).await;
    for (job, start) in [(&first, "10:30"), (&then, "11:30"), (&last, "12:30")] {
        let seen = house.see(&format!("/jobs/{}", job.id)).await;
        assert_eq!(seen["visit"]["start"], json!(moment(start)));
    }
    // Onto the last of the three as well; and undone as one.
    let (status, refused) = house.try_assign(&first, &ana, "12:30").await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.breaks_order")), "{refused}");
    house.done("/dispatch/undo", &json!({})).await;
    let seen = house.see(&format!("/jobs/{}", last.id)).await;
    assert_eq!(seen["visit"]["start"], json!(moment("12:00")));
    // What does not wait for it is in the way as ever.
    let (status, refused) = house.try_assign(&first, &ana, "14:30").await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.overlap")), "{refused}");
}

async fn plans_leave_what_is_tied_alone_and_say_why(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let (first, then, alone) =
        (house.job(&ruiz, None).await, house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    assert_eq!(waits(house, &then, &[&first]).await.0, 200);
    let ask = |job: &str| json!({"job_id": job, "from": moment("10:00"), "to": moment("16:30"), "limit": 200});
    let nowhere = house.done("/dispatch/suggest", &ask(&then.id)).await;
    assert_eq!(nowhere["slots"], json!([]));
    assert!(text(&nowhere["not_possible"][0]["reasons"]["fr"][0]).contains("pas encore planifié"));
    let day = json!({"date": "2026-11-23"});
    let planned = house.done("/dispatch/auto-assign", &day).await;
    assert_eq!(planned["assigned"].as_array().unwrap().len(), 1, "{planned}");
    assert_eq!(planned["assigned"][0]["job_id"], alone.id.as_str());
    let left: Vec<&Value> =
        planned["unassigned"].as_array().unwrap().iter().map(|one| &one["job_id"]).collect();
    assert_eq!(left.len(), 2, "{planned}");
    house.assign(&first, &ana, "12:00").await;
    let after = house.done("/dispatch/suggest", &ask(&then.id)).await;
    let slots = after["slots"].as_array().unwrap();
    assert!(!slots.is_empty());
    for slot in slots {
        assert!(
            text(&slot["start"]).parse::<jiff::Timestamp>().unwrap() >= moment("13:00"),
            "{slot}"
        );
    }
    let plan =
        house.done("/dispatch/optimize", &json!({"date": "2026-11-23", "seconds": 0.2})).await;
    let moved: Vec<&Value> =
        plan["changes"].as_array().unwrap().iter().map(|one| &one["job_id"]).collect();
    assert!(!moved.contains(&&json!(first.id)) && !moved.contains(&&json!(then.id)), "{plan}");
}
