//! A day that changes: the planner proposes, a person accepts or dismisses, and what no longer fits is dropped.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Customer, text};

on_both! {
    an_absence_makes_a_proposal_that_a_person_accepts at "09:50";
    an_urgent_job_makes_a_proposal_that_a_person_dismisses at "09:50";
    a_late_technician_s_next_visit_is_offered_to_somebody_in_time at "09:50";
    freed_time_is_offered_to_the_pool at "09:50";
    what_no_longer_fits_is_dropped at "09:50";
    nothing_is_proposed_where_nothing_is_gained at "09:50";
    a_bundle_is_placed_by_no_plan_and_says_with_whom_it_goes at "09:50";
}

async fn proposals(house: &House) -> Vec<Value> {
    let seen = house.see("/dispatch/proposals?date=2026-11-23").await;
    let items = seen["items"].as_array().unwrap().clone();
    assert_eq!(house.board().await["proposals"], seen["items"], "a board that is opened sees it");
    items
}

async fn only(house: &House) -> Value {
    house.settle().await;
    let mut all = proposals(house).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

async fn urgent(house: &House, customer: &Customer) -> String {
    let body = json!({
        "customer_id": customer.id, "location_id": customer.location, "title": "Câble coupé",
        "duration_min": 60, "priority": "urgent",
        "skills": [{"tag": "Fibre", "level": 2, "required": true}],
    });
    text(&house.make("/jobs", body).await["id"])
}

async fn verdict(house: &House, proposal: &Value, word: &str) -> (u16, Value) {
    let path = format!("/dispatch/proposals/{}/{word}", text(&proposal["id"]));
    house.post(&path, &json!({})).await
}

async fn an_absence_makes_a_proposal_that_a_person_accepts(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let ruiz = house.promised("Ruiz", &ana, ("13:00", "13:30")).await;
    let watch = house.watch("dispatch", Some(house.inside.head())).await;
    let away = json!({"start": moment("12:00"), "end": moment("16:30"), "reason": "grippe"});
    house.make(&format!("/technicians/{}/absences", ana.id), away).await;
    let proposal = only(house).await;
    assert_eq!(
        proposal["why"],
        json!({
            "kind": "absent", "job_ids": [ruiz.id], "technician_ids": [ana.id],
        })
    );
    let change = &proposal["changes"][0];
    assert_eq!((&change["job_id"], &change["technician_id"]), (&json!(ruiz.id), &json!(luc.id)));
    let start = text(&change["start"]).parse().unwrap();
    assert!((moment("13:00")..=moment("13:30")).contains(&start), "the promise holds: {change}");
    assert_eq!(
        (&proposal["before"]["planned"], &proposal["after"]["planned"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(proposal["after"]["promises_kept"], 1);
    for language in ["fr", "en"] {
        let why = proposal["reasons"][language].to_string();
        assert!(why.contains("Ana Roy, 1 "), "{why}");
    }
    let job = house.see(&format!("/jobs/{}", ruiz.id)).await;
    assert_eq!(job["status"], "unassigned", "nothing is applied by itself");

    let path = format!("/dispatch/proposals/{}/accept", text(&proposal["id"]));
    let keyed = || async {
        let request = house.request(Method::POST, &path).header("Idempotency-Key", "yes-1");
        house.answer(request.json(&json!({}))).await
    };
    let first = keyed().await;
    assert_eq!((first.0, &first.1["changes"]), (200, &proposal["changes"]), "{}", first.1);
    house.settle().await;
    assert_eq!(keyed().await, first);
    assert_eq!(verdict(house, &proposal, "accept").await.0, 404, "once is enough");
    let job = house.see(&format!("/jobs/{}", ruiz.id)).await;
    assert_eq!(
        (&job["visit"]["technician_id"], &job["visit"]["start"]),
        (&json!(luc.id), &change["start"])
    );
    assert_eq!(proposals(house).await, Vec::<Value>::new());
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"], "what was told holds");
    let frames = watch.frames();
    let of = |kind: &str| frames.iter().find(|one| one.event == kind).unwrap().clone();
    assert_eq!(of("plan.proposed").data["data"]["proposal"], proposal);
    let gone = json!({"proposal_id": proposal["id"], "date": "2026-11-23", "how": "accepted"});
    assert_eq!(of("plan.gone").data["data"], gone);
    assert!(of("plan.proposed").id.is_some(), "it is in the journal");
}

async fn an_urgent_job_makes_a_proposal_that_a_person_dismisses(house: &House) {
    let ana = house.technician("Ana").await;
    let told = house.promised("Roy", &ana, ("11:00", "11:30")).await;
    let ruiz = house.customer("Ruiz").await;
    let job = urgent(house, &ruiz).await;
    let first = only(house).await;
    assert_eq!(
        (&first["why"]["kind"], &first["changes"][0]["job_id"]),
        (&json!("urgent"), &json!(job))
    );
    assert_eq!(first["changes"].as_array().unwrap().len(), 1, "what was told to Roy stays");
    // A second one takes the first one's place.
    let other = urgent(house, &ruiz).await;
    let second = only(house).await;
    assert_ne!(first["id"], second["id"]);
    assert_eq!(verdict(house, &first, "accept").await.0, 404);
    let (status, answer) = verdict(house, &second, "dismiss").await;
    assert_eq!((status, &answer["dismissed"]), (200, &json!(true)), "{answer}");
    house.settle().await;
    assert!(proposals(house).await.is_empty(), "what was dismissed does not come back");
    assert_eq!(verdict(house, &second, "dismiss").await.0, 404);
    for id in [&job, &other] {
        assert_eq!(house.see(&format!("/jobs/{id}")).await["status"], "unassigned");
    }
    let stands = house.see(&format!("/jobs/{}", told.id)).await;
    assert_eq!(stands["visit"]["technician_id"], ana.id);
}

async fn a_late_technician_s_next_visit_is_offered_to_somebody_in_time(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    house.promised("Roy", &ana, ("11:30", "12:00")).await;
    // Nobody pinned the second one: the day was planned for her.
    let ruiz = house.customer("Ruiz").await;
    let next = house.job(&ruiz, Some(("13:00", "13:30"))).await;
    let body = json!({
        "date": "2026-11-23", "mode": "apply", "seconds": 0.3, "technician_ids": [ana.id],
    });
    house.done("/dispatch/optimize", &body).await;
    // It is a quarter to one, and she has not begun the first one.
    house.at("12:45").await;
    let proposal = only(house).await;
    assert_eq!(
        proposal["why"],
        json!({
            "kind": "late", "job_ids": [next.id], "technician_ids": [ana.id],
        })
    );
    let change = &proposal["changes"][0];
    assert_eq!((&change["job_id"], &change["technician_id"]), (&json!(next.id), &json!(luc.id)));
    assert_eq!(change["before"]["technician_id"], json!(ana.id));
    let start = text(&change["start"]).parse().unwrap();
    assert!((moment("13:00")..=moment("13:30")).contains(&start), "{change}");
    let kept = |when: &str| proposal[when]["promises_kept"].as_u64().unwrap();
    assert_eq!(kept("after"), kept("before") + 1, "{proposal}");
    let id = proposal["id"].clone();
    house.at("12:54").await;
    assert_eq!(only(house).await["id"], id, "every minute brings no other one");
    assert_eq!(verdict(house, &proposal, "accept").await.0, 200);
    house.settle().await;
    let visit = house.see(&format!("/jobs/{}", next.id)).await["visit"].clone();
    assert_eq!(visit["technician_id"], luc.id);
}

async fn freed_time_is_offered_to_the_pool(house: &House) {
    let ana = house.technician("Ana").await;
    let roy = house.promised("Roy", &ana, ("13:00", "13:30")).await;
    let ruiz = house.customer("Ruiz").await;
    let waits = house.job(&ruiz, Some(("13:00", "13:30"))).await;
    house.settle().await;
    assert!(proposals(house).await.is_empty(), "she has no time for both");
    assert_eq!(house.status(&roy.id, "cancelled").await.0, 200);
    let proposal = only(house).await;
    assert_eq!(proposal["why"]["kind"], "cancelled");
    assert_eq!(proposal["changes"][0]["job_id"], waits.id);
    assert_eq!(verdict(house, &proposal, "accept").await.0, 200);
}

async fn what_no_longer_fits_is_dropped(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let watch = house.watch("dispatch", Some(house.inside.head())).await;
    // Given by hand meanwhile.
    let job = urgent(house, &ruiz).await;
    let proposal = only(house).await;
    let body = json!({"job_id": job, "technician_id": ana.id, "start": moment("15:00")});
    house.done("/dispatch/assign", &body).await;
    assert!(proposals(house).await.is_empty());
    assert_eq!(verdict(house, &proposal, "accept").await.0, 404);
    // Called off meanwhile.
    let job = urgent(house, &ruiz).await;
    only(house).await;
    assert_eq!(house.status(&job, "cancelled").await.0, 200);
    house.settle().await;
    assert!(proposals(house).await.is_empty());
    // Somebody else got the technician's time meanwhile.
    urgent(house, &ruiz).await;
    only(house).await;
    house.promised("Roy", &ana, ("10:30", "11:00")).await;
    assert!(proposals(house).await.is_empty());
    // The technician is another one by now, which the board does not hear of.
    let job = urgent(house, &ruiz).await;
    let proposal = only(house).await;
    let edit = house.request(Method::PATCH, &format!("/technicians/{}", ana.id));
    let edit = edit.json(&json!({"skills": [{"tag": "Fibre", "level": 1}]}));
    assert_eq!(house.answer(edit).await.0, 200);
    let (status, problem) = verdict(house, &proposal, "accept").await;
    assert_eq!((status, &problem["code"]), (409, &json!("planner.stale")), "{problem}");
    house.settle().await;
    assert!(proposals(house).await.is_empty());
    assert_eq!(house.see(&format!("/jobs/{job}")).await["status"], "unassigned");
    let stale = watch.frames().into_iter().filter(|one| one.data["data"]["how"] == "stale").count();
    assert_eq!(stale, 4);
}

async fn nothing_is_proposed_where_nothing_is_gained(house: &House) {
    let ana = house.technician("Ana").await;
    let roy = house.promised("Roy", &ana, ("13:00", "13:30")).await;
    let other = house.promised("Ruiz", &ana, ("15:00", "15:30")).await;
    assert_eq!(house.status(&roy.id, "cancelled").await.0, 200);
    // An urgent job that nobody can do.
    let ruiz = house.customer("Wu").await;
    let body = json!({
        "customer_id": ruiz.id, "location_id": ruiz.location, "title": "Tour", "duration_min": 60,
        "priority": "urgent", "skills": [{"tag": "Fibre", "level": 5, "required": true}],
    });
    house.make("/jobs", body).await;
    house.settle().await;
    assert!(proposals(house).await.is_empty());
    let stands = house.see(&format!("/jobs/{}", other.id)).await;
    assert_eq!(stands["visit"]["technician_id"], ana.id);
}

async fn a_bundle_is_placed_by_no_plan_and_says_with_whom_it_goes(house: &House) {
    house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let cable = urgent(house, &ruiz).await;
    let mate = house.job(&ruiz, None).await;
    let title = text(&house.see(&format!("/jobs/{}", mate.id)).await["title"]);
    let proposal = only(house).await;
    assert_eq!(proposal["changes"][0]["job_id"], cable);
    let day = json!({"date": "2026-11-23", "seconds": 0.2});
    let shown = house.done("/dispatch/optimize", &day).await;
    assert!(shown["changes"].to_string().contains(&cable), "{shown}");
    // Bundled since: neither plan may take the one and leave the other, and each says which other.
    let bundle = house.make("/bundles", json!({"job_ids": [mate.id, cable]})).await;
    let apply = json!({"date": "2026-11-23", "mode": "apply", "plan_id": shown["id"]});
    let refusals =
        [verdict(house, &proposal, "accept").await, house.post("/dispatch/optimize", &apply).await];
    for (status, refused) in refusals {
        assert_eq!((status, &refused["code"]), (409, &json!("bundles.alone")), "{refused}");
        assert_eq!(
            (&refused["bundle_id"], &refused["job_ids"]),
            (&bundle["id"], &bundle["job_ids"])
        );
        for words in ["detail_fr", "detail_en"] {
            let said = text(&refused[words]);
            assert!(said.contains(&title) && said.contains("Câble coupé"), "{said}");
        }
    }
    for id in [&cable, &mate.id] {
        assert_eq!(house.see(&format!("/jobs/{id}")).await["status"], "unassigned");
    }
    // The house rule and a new plan leave both, and name the other of each.
    let ruled = house.done("/dispatch/auto-assign", &json!({"date": "2026-11-23"})).await;
    let planned = house.done("/dispatch/optimize", &day).await;
    for left in [&ruled["unassigned"], &planned["unassigned"]] {
        for (id, other) in [(&cable, &*title), (&mate.id, "Câble coupé")] {
            let one = left.as_array().unwrap().iter().find(|one| one["job_id"] == **id).unwrap();
            for language in ["fr", "en"] {
                assert!(one["reasons"][language].to_string().contains(other), "{one}");
            }
        }
    }
    let of = |one: &&Value| one["bundle_id"] == bundle["id"] && one["job_ids"] == bundle["job_ids"];
    assert_eq!(ruled["unassigned"].as_array().unwrap().iter().filter(of).count(), 2, "{ruled}");
    // Taken apart, the proposal holds again.
    let path = format!("/bundles/{}", text(&bundle["id"]));
    assert_eq!(house.answer(house.request(Method::DELETE, &path)).await.0, 204);
    let (status, taken) = verdict(house, &proposal, "accept").await;
    assert_eq!((status, &taken["applied"]), (200, &json!(true)), "{taken}");
}
