//! What if: a day is forked, changed and compared; adopted as one act, or dropped as if it had never been.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    a_fork_that_is_dropped_leaves_no_trace at "09:50";
    a_fork_is_judged_by_the_same_rules_on_its_own_day at "09:50";
    a_fork_is_adopted_as_one_act_with_the_texts_that_it_showed at "09:50";
    an_absence_in_a_fork_frees_visits_and_the_optimiser_gives_them_to_others at "09:50";
    what_the_living_day_has_overtaken_is_named_and_nothing_is_done at "09:50";
    what_the_board_would_refuse_of_a_fork_is_said_before_it_is_adopted at "07:00";
    a_fork_is_seen_by_whoever_made_it_only at "09:50";
    a_fork_outlives_a_restart_and_is_forgotten_in_time at "09:50";
}

async fn fork(house: &House) -> Value {
    house.make("/dispatch/whatif", json!({"date": "2026-11-23"})).await
}

fn path(fork: &Value, rest: &str) -> String {
    format!("/dispatch/whatif/{}{rest}", text(&fork["id"]))
}

async fn step(house: &House, fork: &Value, step: Value) -> Value {
    house.done(&path(fork, "/steps"), &json!({"step": step})).await
}

fn assign(job: &Job, to: &Technician, start: &str) -> Value {
    json!({"kind": "assign", "job_id": job.id, "technician_id": to.id, "start": moment(start)})
}

async fn dropped(house: &House, fork: &Value) -> u16 {
    house.answer(house.request(Method::DELETE, &path(fork, ""))).await.0
}

async fn a_fork_that_is_dropped_leaves_no_trace(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let roy = house.promised("Roy", &ana, ("13:00", "13:30")).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    house.settle().await;
    let (head, texts, board) = (house.inside.head(), house.outbox().await, house.board().await);
    let made = fork(house).await;
    assert_eq!((&made["before"], &made["changes"]), (&made["after"], &json!([])));
    step(house, &made, assign(&job, &ana, "11:00")).await;
    let shown = step(house, &made, assign(&roy, &bob, "15:00")).await;
    assert_eq!(shown["changes"].as_array().unwrap().len(), 2, "{shown}");
    assert_eq!(
        (&shown["before"]["unassigned"], &shown["after"]["unassigned"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(
        (&shown["before"]["promises_broken"], &shown["after"]["promises_broken"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(shown["moved_customers"], json!(1));
    assert!(shown["after"]["driving_min"].as_i64() > shown["before"]["driving_min"].as_i64());
    let shown = step(house, &made, json!({"kind": "unassign", "job_id": roy.id})).await;
    assert_eq!(shown["removed"][0]["from"]["technician_name"], "Ana Roy");
    let back = house.answer(house.request(Method::DELETE, &path(&made, "/steps"))).await;
    assert_eq!((back.0, back.1["removed"].as_array().unwrap().len()), (200, 0));
    assert_eq!(dropped(house, &made).await, 204);
    assert_eq!(dropped(house, &made).await, 404);
    house.settle().await;
    assert_eq!(
        (house.inside.head(), house.outbox().await),
        (head, texts),
        "nothing was said or done"
    );
    assert_eq!(house.board().await, board);
}

async fn a_fork_is_judged_by_the_same_rules_on_its_own_day(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let roy = house.promised("Roy", &ana, ("13:00", "13:30")).await;
    let begun = house.promised("Cyr", &bob, ("10:00", "10:30")).await;
    assert_eq!(house.status(&begun.id, "en_route").await.0, 200);
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    let made = fork(house).await;
    let refused = |step: Value| {
        let path = path(&made, "/steps");
        async move { house.post(&path, &json!({"step": step})).await }
    };
    let (status, problem) = refused(assign(&job, &ana, "13:15")).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (422, &json!("/step/start")),
        "{problem}"
    );
    assert!(text(&problem["detail_fr"]).contains("visite"), "{problem}");
    assert_eq!(refused(assign(&job, &ana, "18:00")).await.0, 422);
    assert_eq!(refused(assign(&begun, &ana, "15:00")).await.0, 422);
    assert_eq!(refused(json!({"kind": "unassign", "job_id": job.id})).await.0, 422);
    assert_eq!(refused(json!({"kind": "unassign", "job_id": "job_nothing"})).await.0, 404);
    assert_eq!(refused(json!({"kind": "absent", "technician_id": "tech_nobody"})).await.0, 404);
    assert_eq!(refused(json!({"kind": "optimize", "seconds": 60})).await.0, 422);
    // Once Roy has left that hour in the fork, it is free there and nowhere else.
    step(house, &made, assign(&roy, &ana, "15:00")).await;
    step(house, &made, assign(&job, &ana, "13:15")).await;
    assert_eq!(house.try_assign(&job, &ana, "13:15").await.0, 409);
}

/// A text without its link, which bears the moment it was made.
fn said(body: &Value) -> String {
    text(body).split("http").next().unwrap().to_owned()
}

async fn a_fork_is_adopted_as_one_act_with_the_texts_that_it_showed(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let roy = house.promised("Roy", &ana, ("13:00", "13:30")).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    let made = fork(house).await;
    let nothing = house.post(&path(&made, "/adopt"), &json!({})).await;
    assert_eq!(nothing.0, 422, "{}", nothing.1);
    // The two change places: no order of single moves could do it.
    step(house, &made, assign(&roy, &bob, "15:00")).await;
    step(house, &made, assign(&job, &ana, "13:00")).await;
    let shown = house.see(&path(&made, "/texts")).await;
    let before: Vec<Value> = house.outbox().await.iter().map(|item| item["id"].clone()).collect();
    let adopted = house.done(&path(&made, "/adopt"), &json!({})).await;
    assert_eq!(adopted["job_ids"].as_array().unwrap().len(), 2);
    assert_eq!(house.get(&path(&made, "")).await.0, 404, "it is real now");
    for (job, who, start) in [(&roy, &bob, "15:00"), (&job, &ana, "13:00")] {
        let visit = house.see(&format!("/jobs/{}", job.id)).await["visit"].clone();
        let at: jiff::Timestamp = text(&visit["start"]).parse().unwrap();
        assert_eq!((&visit["technician_id"], at), (&json!(who.id), moment(start)));
    }
    house.settle().await;
    let mut told: Vec<(String, String)> = house
        .outbox()
        .await
        .iter()
        .filter(|item| !before.contains(&item["id"]) && item["kind"] != "late")
        .map(|item| (text(&item["to"]), said(&item["body"])))
        .collect();
    let shown = shown["items"].as_array().unwrap().iter();
    let mut shown: Vec<(String, String)> =
        shown.map(|one| (text(&one["phone"]), said(&one["body"]))).collect();
    told.sort();
    shown.sort();
    assert_eq!(told, shown);
}

async fn an_absence_in_a_fork_frees_visits_and_the_optimiser_gives_them_to_others(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    house.assign(&job, &ana, "13:00").await;
    let made = fork(house).await;
    let shown = step(house, &made, json!({"kind": "absent", "technician_id": ana.id})).await;
    assert_eq!(shown["away"][0]["technician_id"], json!(ana.id), "for the board to hatch: {shown}");
    assert!(shown["away"][0]["start"].is_string() && shown["away"][0]["end"].is_string());
    assert_eq!(
        (shown["removed"].as_array().unwrap().len(), &shown["after"]["unassigned"]),
        (1, &json!(1))
    );
    let shown = step(house, &made, json!({"kind": "optimize", "seconds": 0.3})).await;
    assert_eq!(shown["after"]["unassigned"], json!(0), "{shown}");
    assert_eq!(
        shown["changes"][0]["technician_id"],
        json!(bob.id),
        "Ana is away in this day: {shown}"
    );
    assert_eq!(shown["steps"], json!(["absent", "optimize"]));
    house.done(&path(&made, "/adopt"), &json!({})).await;
    let held = house.see(&format!("/jobs/{}", job.id)).await;
    assert_eq!(held["visit"]["technician_id"], json!(bob.id));
    let who = house.see(&format!("/technicians/{}", ana.id)).await;
    assert_eq!(who["absences"], json!([]), "an absence is reported by people, not by a what-if");
}

async fn what_the_living_day_has_overtaken_is_named_and_nothing_is_done(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let roy = house.promised("Roy", &ana, ("13:00", "13:30")).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    let made = fork(house).await;
    step(house, &made, assign(&roy, &bob, "15:00")).await;
    step(house, &made, assign(&job, &ana, "11:00")).await;
    house.assign(&roy, &ana, "14:00").await;
    let shown = house.see(&path(&made, "")).await;
    assert_eq!(
        (&shown["conflicts"][0]["job_id"], &shown["conflicts"][0]["why"]),
        (&json!(roy.id), &json!("changed"))
    );
    let (status, problem) = house.post(&path(&made, "/adopt"), &json!({})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("whatif.overtaken")), "{problem}");
    assert_eq!(house.see(&format!("/jobs/{}", job.id)).await["status"], "unassigned");
    // Put anew, on the day as it is now, it fits again.
    let shown = step(house, &made, assign(&roy, &bob, "15:00")).await;
    assert_eq!(shown["conflicts"], json!([]), "{shown}");
    house.done(&path(&made, "/adopt"), &json!({})).await;
}

async fn a_fork_is_seen_by_whoever_made_it_only(house: &House) {
    house.technician("Ana").await;
    let made = fork(house).await;
    let body = json!({"name": "Lecteur", "role": "dispatcher"});
    let token = house.make("/auth/tokens", body).await;
    let secret = text(&token["token"]);
    let request = house.bare(Method::GET, &path(&made, "")).bearer_auth(&secret);
    assert_eq!(house.answer(request).await.0, 404);
    let request = house.bare(Method::DELETE, &path(&made, "")).bearer_auth(&secret);
    assert_eq!(house.answer(request).await.0, 404);
    assert_eq!(house.get(&path(&made, "")).await.0, 200);
}

async fn a_fork_outlives_a_restart_and_is_forgotten_in_time(house: &mut House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let roy = house.promised("Roy", &ana, ("13:00", "13:30")).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    house.settle().await;
    let made = fork(house).await;
    step(house, &made, json!({"kind": "absent", "technician_id": ana.id})).await;
    step(house, &made, assign(&job, &bob, "11:00")).await;
    let shown = step(house, &made, assign(&roy, &bob, "13:00")).await;
    house.restart().await;
    let after = house.see(&path(&made, "")).await;
    assert_eq!(after["steps"], json!(["absent", "assign", "assign"]));
    assert_eq!(
        (&after["changes"], &after["conflicts"]),
        (&shown["changes"], &json!([])),
        "{after}"
    );
    let back = house.answer(house.request(Method::DELETE, &path(&made, "/steps"))).await;
    assert_eq!(
        (back.0, &back.1["steps"]),
        (200, &json!(["absent", "assign"])),
        "what was done can be taken back"
    );
    house.restart().await;
    let (status, adopted) = house.post(&path(&made, "/adopt"), &json!({})).await;
    assert_eq!(status, 200, "{adopted}");
    house.settle().await;
    let visit = house.see(&format!("/jobs/{}", job.id)).await["visit"].clone();
    assert_eq!(
        (&visit["technician_id"], &visit["start"]),
        (&json!(bob.id), &json!(moment("11:00")))
    );
    house.restart().await;
    assert_eq!(house.get(&path(&made, "")).await.0, 404, "adopted, it is gone");
    let old = fork(house).await;
    house.at("2026-11-25T09:00").await;
    assert_eq!(house.get(&path(&old, "")).await.0, 200);
    house.at("2026-11-27T09:00").await;
    assert_eq!(house.get(&path(&old, "")).await.0, 404, "its day is over");
}

async fn what_the_board_would_refuse_of_a_fork_is_said_before_it_is_adopted(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let made = house.make("/materials", json!({"name": "Nacelle 1"})).await;
    let ruiz = house.customer("Ruiz").await;
    let (one, two) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    for (job, who, start) in [(&one, &ana, "10:00"), (&two, &bob, "13:00")] {
        let body = json!({
            "job_id": job.id, "technician_id": who.id, "start": moment(start),
            "materials": [made["id"]],
        });
        house.done("/dispatch/assign", &body).await;
    }
    house.settle().await;
    let stand = async || {
        let mut all = Vec::new();
        for job in [&one, &two] {
            let visit = house.see(&format!("/jobs/{}", job.id)).await["visit"].clone();
            all.push((visit["start"].clone(), visit["materials"].clone()));
        }
        all
    };
    let (before, lift) = (stand().await, json!([made["id"]]));
    let fork = fork(house).await;
    assert_eq!(fork["refusal"], Value::Null);
    // Bob is free then, and the lift is with Ana: it would be in two places.
    let shown = step(house, &fork, assign(&two, &bob, "10:00")).await;
    assert_eq!(shown["conflicts"], json!([]), "{shown}");
    assert_eq!(shown["refusal"]["code"], "board.material_taken", "{shown}");
    for language in ["fr", "en"] {
        assert!(text(&shown["refusal"][language]).contains("Nacelle 1"), "{shown}");
    }
    let (status, refused) = house.post(&path(&fork, "/adopt"), &json!({})).await;
    assert_eq!((status, &refused["code"]), (409, &shown["refusal"]["code"]), "{refused}");
    assert_eq!(stand().await, before, "nothing was adopted");
    // Ana's goes to another hour in the same fork: they change places, and nothing stands against it.
    let shown = step(house, &fork, assign(&one, &ana, "13:00")).await;
    assert_eq!(shown["refusal"], Value::Null, "{shown}");
    // Somebody has the lift repaired then: the fork says so before it is adopted, and it is refused.
    let out = json!({"out_of_service": [{"start": moment("12:30"), "end": moment("15:00")}]});
    let lifted = format!("/materials/{}", text(&made["id"]));
    let edit = async |out: &Value| {
        let request = house.request(Method::PATCH, &lifted).json(out);
        assert_eq!(house.answer(request).await.0, 200);
        house.settle().await;
    };
    edit(&out).await;
    let now = house.see(&path(&fork, "")).await;
    assert_eq!(now["refusal"]["code"], "board.material_out", "{now}");
    let (status, refused) = house.post(&path(&fork, "/adopt"), &json!({})).await;
    assert_eq!((status, &refused["code"]), (422, &now["refusal"]["code"]), "{refused}");
    edit(&json!({"out_of_service": []})).await;
    assert_eq!(house.see(&path(&fork, "")).await["refusal"], Value::Null);
    house.done(&path(&fork, "/adopt"), &json!({})).await;
    let after = [(json!(moment("13:00")), lift.clone()), (json!(moment("10:00")), lift)];
    assert_eq!(stand().await, after);
}
