//! A stop goes whole through every door: a draft, a what-if, an offer, a move that breaks what its customers were told. Of what
//! one customer was told nobody forgets because another's job was in hand.

use reqwest::Method;
use serde_json::{Value, json};
use tournee::auth::links::Audience;

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    a_stop_goes_into_a_draft_whole_and_becomes_real_whole at "07:00";
    what_any_customer_of_a_stop_was_told_is_guarded at "09:00";
    a_what_if_moves_a_stop_as_the_board_does at "07:00";
    a_stop_is_offered_and_taken_whole at "07:00";
    several_moves_take_a_stop_along_once at "07:00";
    what_is_seen_of_one_job_moves_none_of_its_stop at "07:00";
    a_tap_at_a_stop_is_one_act_for_all_of_it_or_none at "09:00";
}

async fn made(house: &House, jobs: &[&Job]) -> String {
    let ids: Vec<&str> = jobs.iter().map(|job| job.id.as_str()).collect();
    text(&house.make("/bundles", json!({ "job_ids": ids })).await["id"])
}

/// Whose each is and when.
async fn stand(house: &House, jobs: &[&Job]) -> Vec<(Value, Value)> {
    let mut all = Vec::new();
    for job in jobs {
        let visit = house.see(&format!("/jobs/{}", job.id)).await["visit"].clone();
        all.push((visit["technician_id"].clone(), visit["start"].clone()));
    }
    all
}

fn at(who: &Technician, times: &[&str]) -> Vec<(Value, Value)> {
    times.iter().map(|time| (json!(who.id), json!(moment(time)))).collect()
}

async fn none_stands(house: &House, jobs: &[&Job]) -> bool {
    for job in jobs {
        if house.see(&format!("/jobs/{}", job.id)).await["status"] != "unassigned" {
            return false;
        }
    }
    true
}

/// Two jobs of one house, one stop; and the technicians.
async fn two(house: &House) -> (Technician, Technician, Job, Job) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.customer("Ruiz").await;
    let (one, two) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    made(house, &[&one, &two]).await;
    (ana, bob, one, two)
}

/// A technician's own page.
fn page_of(house: &House, who: &Technician) -> String {
    let inside = &house.inside;
    let link = tournee::notifications::wording::technician_link_id(&inside.keys, &who.id);
    format!("/t/{}", inside.links.make(Audience::Tech, &who.id, &link, house.now()))
}

async fn drafted(house: &House) -> usize {
    house.board().await["drafts"].as_array().unwrap().len()
}

async fn a_stop_goes_into_a_draft_whole_and_becomes_real_whole(house: &House) {
    let (ana, bob, one, two) = two(house).await;
    let put = |who: &Technician, start: &str| json!({"job_id": two.id, "technician_id": who.id, "start": moment(start), "draft": "demain"});
    house.done("/dispatch/assign", &put(&ana, "10:00")).await;
    assert_eq!(drafted(house).await, 2, "both, though one was in hand");
    // Thrown away whole, and taken back whole.
    house.done("/dispatch/drafts/drop", &json!({"draft": "demain", "job_ids": [one.id]})).await;
    assert_eq!(drafted(house).await, 0);
    house.done("/dispatch/undo", &json!({})).await;
    assert_eq!(drafted(house).await, 2);
    // Something else stands where the second would: neither is published, and each is told why.
    let other = house.job(&house.customer("Cyr").await, None).await;
    let (status, refused) = house.try_assign(&other, &ana, "11:30").await;
    assert_eq!((status, &refused["code"]), (409, &json!("board.overlap")), "{refused}");
    let publish = json!({"date": "2026-11-23", "draft": "demain", "job_ids": [one.id]});
    let published = house.done("/dispatch/publish", &publish).await;
    assert_eq!(published["published"].as_array().unwrap().len(), 2, "{published}");
    assert_eq!(stand(house, &[&one, &two]).await, at(&ana, &["10:00", "11:00"]));
    // Off in a draft: both, and both leave with the publish.
    let off = json!({"job_id": two.id, "draft": "demain"});
    house.done("/dispatch/unassign", &off).await;
    assert_eq!(drafted(house).await, 2);
    let publish = json!({"date": "2026-11-23", "draft": "demain"});
    house.done("/dispatch/publish", &publish).await;
    assert!(none_stands(house, &[&one, &two]).await);
    // A draft that only one of them could keep is refused for both.
    house.done("/dispatch/assign", &put(&bob, "13:00")).await;
    let away = json!({"start": moment("14:30"), "end": moment("16:00"), "reason": "Dentiste"});
    house.make(&format!("/technicians/{}/absences", bob.id), away).await;
    house.settle().await;
    let mut partial = publish.clone();
    partial["partial"] = json!(true);
    let (status, refused) = house.post("/dispatch/publish", &partial).await;
    assert_eq!(status, 409, "{refused}");
    let reasons = refused["results"].as_array().unwrap();
    assert!(reasons.iter().all(|one| one["refusals"][0]["code"].is_string()), "{refused}");
    assert!(none_stands(house, &[&one, &two]).await);
    // Bundled anew, what a draft held of one of them alone is gone.
    assert_eq!(drafted(house).await, 2);
    let third = house.job(&house.customer("Roy").await, None).await;
    let bundle = house.see(&format!("/bundles/{}", one.id)).await;
    let ids = json!({"job_ids": [one.id, two.id, third.id], "version": bundle["version"]});
    let request =
        house.request(Method::PATCH, &format!("/bundles/{}", text(&bundle["id"]))).json(&ids);
    assert_eq!(house.answer(request).await.0, 200);
    assert_eq!(drafted(house).await, 0);
}

async fn what_any_customer_of_a_stop_was_told_is_guarded(house: &House) {
    let ana = house.technician("Ana").await;
    let (ruiz, cyr) = (house.customer("Ruiz").await, house.customer("Cyr").await);
    let (one, next_door) = (house.job(&ruiz, None).await, house.job(&cyr, None).await);
    made(house, &[&one, &next_door]).await;
    house.assign(&one, &ana, "10:00").await;
    house.settle().await;
    house.at("09:05").await;
    assert_eq!(house.kinds_to(&cyr.phone).await, ["visit_promised"]);
    let moved = json!({
        "job_id": one.id, "technician_id": ana.id, "start": moment("14:00"), "guard_promises": true,
    });
    let (status, refused) = house.post("/dispatch/assign", &moved).await;
    assert_eq!((status, &refused["code"]), (409, &json!("promise.broken")), "{refused}");
    let names = |refused: &Value| {
        let all = refused["broken"].as_array().unwrap().iter();
        let mut all: Vec<String> = all.map(|one| text(&one["job_id"])).collect();
        all.sort();
        all
    };
    let mut both = vec![one.id.clone(), next_door.id.clone()];
    both.sort();
    assert_eq!(names(&refused), both, "the neighbour's too");
    let off = json!({"job_id": next_door.id, "guard_promises": true});
    let (status, refused) = house.post("/dispatch/unassign", &off).await;
    assert_eq!((status, names(&refused)), (409, both), "{refused}");
    assert_eq!(stand(house, &[&one, &next_door]).await, at(&ana, &["10:00", "11:00"]));
    // With a reason it is done, and both are kept as broken by that name.
    let mut knowing = moved.clone();
    knowing["break_promise"] = json!({"reason": "Panne au camion", "tell": true});
    house.done("/dispatch/assign", &knowing).await;
    house.settle().await;
    house.at("09:10").await;
    for customer in [&ruiz, &cyr] {
        let kinds = house.kinds_to(&customer.phone).await;
        assert_eq!(kinds, ["visit_promised", "rescheduled"], "each hears once");
    }
    assert_eq!(stand(house, &[&one, &next_door]).await, at(&ana, &["14:00", "15:00"]));
}

async fn a_what_if_moves_a_stop_as_the_board_does(house: &House) {
    let (ana, bob, one, two) = two(house).await;
    house.assign(&one, &ana, "10:00").await;
    let fork = house.make("/dispatch/whatif", json!({"date": "2026-11-23"})).await;
    let path = format!("/dispatch/whatif/{}", text(&fork["id"]));
    let steps = format!("{path}/steps");
    let step = |step: Value| json!({"step": step});
    let to_bob = json!({"kind": "assign", "job_id": two.id, "technician_id": bob.id, "start": moment("13:00")});
    let shown = house.done(&steps, &step(to_bob)).await;
    let mut starts: Vec<Value> =
        shown["changes"].as_array().unwrap().iter().map(|one| one["start"].clone()).collect();
    starts.sort_by_key(|start| start.to_string());
    assert_eq!(starts, [json!(moment("13:00")), json!(moment("14:00"))], "{shown}");
    // Somebody away for a part of it is away for all of it.
    let away = json!({"kind": "absent", "technician_id": bob.id, "start": moment("14:15"), "end": moment("15:00")});
    let shown = house.done(&steps, &step(away)).await;
    assert_eq!(shown["removed"].as_array().unwrap().len(), 2, "{shown}");
    let back = house.request(Method::DELETE, &steps);
    assert_eq!(house.answer(back).await.0, 200);
    let off = house.done(&steps, &step(json!({"kind": "unassign", "job_id": one.id}))).await;
    assert_eq!(off["removed"].as_array().unwrap().len(), 2, "{off}");
    let back = house.request(Method::DELETE, &steps);
    assert_eq!(house.answer(back).await.0, 200);
    assert_eq!(stand(house, &[&one, &two]).await, at(&ana, &["10:00", "11:00"]));
    house.done(&format!("{path}/adopt"), &json!({})).await;
    assert_eq!(stand(house, &[&one, &two]).await, at(&bob, &["13:00", "14:00"]));
}

async fn a_stop_is_offered_and_taken_whole(house: &House) {
    let (ana, bob, one, two) = two(house).await;
    let made = house.make("/offers", json!({"job_id": two.id, "per_wave": 2})).await;
    house.settle().await;
    assert_eq!((&made["duration_min"], &made["with"][0]["job_id"]), (&json!(120), &json!(one.id)));
    let (status, twice) = house.post("/offers", &json!({"job_id": one.id})).await;
    assert_eq!((status, &twice["code"]), (409, &json!("offers.offered_already")), "{twice}");
    let accept = format!("{}/offers/{}/accept", page_of(house, &bob), text(&made["id"]));
    let (status, answer) = house.answer(house.bare(Method::POST, &accept)).await;
    assert!(status < 400, "{status} {answer}");
    house.settle().await;
    let taken = stand(house, &[&one, &two]).await;
    assert_eq!((&taken[0].0, &taken[1].0), (&json!(bob.id), &json!(bob.id)));
    let asked = made["asked"].as_array().unwrap();
    let asked = asked.iter().find(|asked| asked["technician_id"] == *bob.id).unwrap();
    assert_eq!(taken[0].1, asked["start"], "the first at the offered hour");
    let longer = json!({"job_id": one.id, "technician_id": ana.id, "start": moment("08:00")});
    house.done("/dispatch/assign", &longer).await;
    assert_eq!(stand(house, &[&one, &two]).await, at(&ana, &["08:00", "09:00"]));
    // Taken apart, an offer of the stop is an offer of something else, and is over.
    house.done("/dispatch/unassign", &json!({"job_id": one.id})).await;
    let made = house.make("/offers", json!({"job_id": one.id})).await;
    let gone = house.request(Method::DELETE, &format!("/bundles/{}", one.id));
    assert_eq!(house.answer(gone).await.0, 204);
    house.settle().await;
    let now = house.see(&format!("/offers/{}", text(&made["id"]))).await;
    assert_eq!(now["state"], "changed");
}

async fn several_moves_take_a_stop_along_once(house: &House) {
    let (ana, bob, one, two) = two(house).await;
    let alone = house.job(&house.customer("Cyr").await, None).await;
    let moves = json!([
        {"job_id": one.id, "technician_id": ana.id, "start": moment("09:00")},
        {"job_id": two.id, "technician_id": ana.id},
        {"job_id": alone.id, "technician_id": bob.id, "start": moment("10:00")},
    ]);
    house.done("/dispatch/assign-many", &json!({"moves": moves})).await;
    assert_eq!(stand(house, &[&one, &two]).await, at(&ana, &["09:00", "10:00"]));
    let off = json!([{"job_id": two.id}, {"job_id": alone.id}]);
    house.done("/dispatch/assign-many", &json!({"moves": off})).await;
    assert!(none_stands(house, &[&one, &two, &alone]).await);
    house.done("/dispatch/undo", &json!({})).await;
    assert_eq!(stand(house, &[&one, &two]).await, at(&ana, &["09:00", "10:00"]));
}

async fn what_is_seen_of_one_job_moves_none_of_its_stop(house: &House) {
    let (ana, bob, one, two) = two(house).await;
    house.assign(&one, &ana, "10:00").await;
    // The second gets an assistant where it stands: so does the first, and nobody moves.
    let crewed = json!({
        "job_id": two.id, "technician_id": ana.id, "start": moment("11:00"), "assistants": [bob.id],
    });
    house.done("/dispatch/assign", &crewed).await;
    assert_eq!(stand(house, &[&one, &two]).await, at(&ana, &["10:00", "11:00"]));
    for job in [&one, &two] {
        let visit = house.see(&format!("/jobs/{}", job.id)).await["visit"].clone();
        assert_eq!(visit["assistants"], json!([bob.id]));
    }
}

async fn a_tap_at_a_stop_is_one_act_for_all_of_it_or_none(house: &House) {
    let (ana, _, one, two) = two(house).await;
    house.assign(&one, &ana, "10:00").await;
    house.settle().await;
    let page = page_of(house, &ana);
    let tap = format!("{page}/jobs/{}/status", one.id);
    let tapped = async |step: Value| {
        let answer = house.answer(house.bare(Method::POST, &tap).json(&step)).await;
        house.settle().await;
        answer
    };
    let stand = async || {
        let mut all = Vec::new();
        for job in [&one, &two] {
            let job = house.see(&format!("/jobs/{}", job.id)).await;
            all.push((text(&job["status"]), job["version"].as_i64().unwrap()));
        }
        all
    };
    // The page saw the one at its own version; the other has another.
    let seen = stand().await[0].1;
    let (status, answer) = tapped(json!({"status": "en_route", "version": seen})).await;
    assert_eq!(status, 200, "{answer}");
    let after = stand().await;
    assert_eq!((&*after[0].0, &*after[1].0), ("en_route", "en_route"));
    assert_eq!(after[1].1, after[0].1 + 1, "one commit, with nothing between");
    // Twice is once.
    let head = house.inside.head();
    assert_eq!(tapped(json!({"status": "en_route"})).await.0, 200);
    assert_eq!((house.inside.head(), stand().await), (head, after));
    // The office knows better of the other: she is there already. That holds nobody up who leaves for the one.
    assert_eq!(house.status(&one.id, "planned").await.0, 200);
    assert_eq!(house.status(&two.id, "on_site").await.0, 200);
    house.settle().await;
    let there = stand().await[1].clone();
    for _ in 0..2 {
        let (status, answer) = tapped(json!({"status": "en_route"})).await;
        assert_eq!(status, 200, "{answer}");
        let now = stand().await;
        assert_eq!((&*now[0].0, &now[1]), ("en_route", &there), "who is there stays there");
    }
    // Arrived, she is at all of it; what has come there already stays.
    assert_eq!(tapped(json!({"status": "on_site"})).await.0, 200);
    let now = stand().await;
    assert_eq!((&*now[0].0, &*now[1].0), ("on_site", "on_site"));
    // Each is done on its own.
    assert_eq!(tapped(json!({"status": "done"})).await.0, 200);
    let now = stand().await;
    assert_eq!((&*now[0].0, &*now[1].0), ("done", "on_site"));
}
