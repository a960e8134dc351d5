//! An absence with one approval: every visit that it hits is listed with who could take it and what people would read; nothing
//! moves and nothing leaves before a dispatcher approves, and then exactly that happens, as one act.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    a_plan_lists_every_visit_and_leaves_no_trace at "07:30";
    an_approved_plan_is_one_act_whose_texts_are_those_that_were_shown at "07:30" with undo_seconds = "60";
    whoever_is_chosen_by_hand_takes_it_or_the_pool_does at "07:30";
    a_plan_that_the_day_has_overtaken_changes_nothing_and_says_who at "07:30";
    a_drafted_visit_leaves_in_its_draft at "07:30";
    a_draft_of_what_stands_is_named_where_it_goes_with_it at "07:30";
    an_approved_absence_is_undone_as_one at "07:30";
    an_absence_is_not_taken_away_as_somebody_else_made_it at "06:00";
    an_absence_is_moved_and_ended_early at "07:30";
    what_cannot_be_an_absence_is_refused at "07:30";
    a_plan_outlives_a_restart_and_is_approved_as_it_was_shown at "07:30";
}

async fn stands(house: &House, job: &Job) -> (String, Value, Value) {
    let job = house.see(&format!("/jobs/{}", job.id)).await;
    (text(&job["status"]), job["visit"]["technician_id"].clone(), job["visit"]["start"].clone())
}

fn path(who: &Technician) -> String {
    format!("/technicians/{}/absences/plan", who.id)
}

fn away(from: &str, to: &str) -> Value {
    json!({"start": moment(from), "end": moment(to), "reason": "grippe"})
}

fn hit<'a>(plan: &'a Value, job: &Job) -> &'a Value {
    let visits = plan["visits"].as_array().unwrap();
    visits.iter().find(|one| one["job_id"] == job.id).unwrap_or_else(|| panic!("{plan}"))
}

async fn accept(house: &House, who: &Technician, plan: &Value) -> (u16, Value) {
    let path = format!("{}/{}/accept", path(who), text(&plan["id"]));
    let answer = house.post(&path, &json!({"revision": plan["revision"]})).await;
    house.settle().await;
    answer
}

async fn choose(house: &House, who: &Technician, plan: &Value, choices: Value) -> (u16, Value) {
    let path = format!("{}/{}", path(who), text(&plan["id"]));
    let body = json!({"choices": choices});
    house.answer(house.request(Method::PATCH, &path).json(&body)).await
}

/// To whom, and the words without the link, which bears the moment at which it was made.
fn words(texts: &[Value], to: &str) -> Vec<(String, String, String)> {
    let bare = |one: &Value| text(&one["body"]).split("http").next().unwrap().to_owned();
    let mut all: Vec<_> =
        texts.iter().map(|one| (text(&one[to]), text(&one["kind"]), bare(one))).collect();
    all.sort();
    all
}

async fn a_plan_lists_every_visit_and_leaves_no_trace(house: &House) {
    let (ana, _) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let late = house.promised("Tardif", &ana, ("14:00", "15:00")).await;
    let (head, texts) = (house.inside.head(), house.outbox().await.len());
    let plan = house.make(&path(&ana), away("08:00", "12:00")).await;
    assert_eq!(plan["visits"].as_array().unwrap().len(), 1, "{plan}");
    let one = hit(&plan, &ruiz);
    assert_eq!((&one["to"]["technician_name"], &one["breaks"]), (&json!("Bob Roy"), &json!(false)));
    assert!(!one["reasons"]["fr"].as_array().unwrap().is_empty(), "{one}");
    assert!(one["told"]["start"].is_string() && plan["texts"].is_array(), "{one}");
    assert_eq!(plan["before"]["promises_broken"], json!(0));
    assert_eq!(plan["after"]["promises_broken"], json!(0));
    assert!(plan["after"]["km"].as_i64().unwrap() > plan["before"]["km"].as_i64().unwrap());
    let again = house.see(&format!("{}/{}", path(&ana), text(&plan["id"]))).await;
    assert_eq!(again, plan);
    let drop = house.request(Method::DELETE, &format!("{}/{}", path(&ana), text(&plan["id"])));
    assert_eq!(house.answer(drop).await.0, 204);
    assert_eq!(accept(house, &ana, &plan).await.0, 404);
    assert_eq!((house.inside.head(), house.outbox().await.len()), (head, texts), "no trace");
    assert_eq!(stands(house, &late).await.1, json!(ana.id));
    assert_eq!(stands(house, &ruiz).await.1, json!(ana.id));
}

async fn an_approved_plan_is_one_act_whose_texts_are_those_that_were_shown(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let roy = house.promised("Roy", &ana, ("11:30", "11:45")).await;
    let free = house.customer("Libre").await;
    let free = house.job(&free, None).await;
    house.assign(&free, &ana, "13:00").await;
    // Bob is taken when Roy was promised: that promise cannot be kept.
    house.promised("Bloc", &bob, ("11:00", "12:00")).await;
    house.at("08:00").await;
    let before: Vec<Value> = house.outbox().await.iter().map(|item| item["id"].clone()).collect();
    let plan = house.make(&path(&ana), away("08:00", "17:00")).await;
    assert_eq!(plan["visits"].as_array().unwrap().len(), 3, "{plan}");
    assert_eq!(hit(&plan, &roy)["breaks"], json!(true), "{plan}");
    house.settle().await;
    assert_eq!(house.outbox().await.len(), before.len(), "nothing before the approval");
    let (status, done) = accept(house, &ana, &plan).await;
    assert_eq!((status, &done["accepted"]), (200, &json!(true)), "{done}");
    for job in [&ruiz, &roy, &free] {
        let (_, who, start) = stands(house, job).await;
        let to = &hit(&plan, job)["to"];
        assert_eq!((&who, &start), (&to["technician_id"], &to["start"]));
        assert_eq!(who, json!(bob.id));
    }
    let known = house.see(&format!("/technicians/{}", ana.id)).await;
    assert_eq!(known["absences"][0]["reason"], "grippe");
    assert_eq!(known["absences"][0]["id"], done["absence"]["id"]);
    let now = house.outbox().await;
    let new: Vec<Value> = now
        .iter()
        .filter(|item| !before.contains(&item["id"]) && item["kind"] != "late")
        .cloned()
        .collect();
    let shown: Vec<Value> = plan["texts"].as_array().unwrap().clone();
    assert_eq!(words(&new, "to"), words(&shown, "phone"), "{plan}");
    let to_bob: Vec<&Value> = shown.iter().filter(|one| one["phone"] == bob.phone).collect();
    assert_eq!(to_bob.len(), 1, "Bob's three are one text: {shown:?}");
    assert!(text(&to_bob[0]["body"]).contains('3'), "{to_bob:?}");
    let kinds: Vec<&Value> =
        shown.iter().filter(|one| one["phone"] == roy.phone).map(|one| &one["kind"]).collect();
    assert_eq!(kinds, [&json!("rescheduled")]);
    assert!(shown.iter().all(|one| one["phone"] != ruiz.phone), "Ruiz keeps what was told");
    assert_eq!(accept(house, &ana, &plan).await.0, 404, "once");
}

async fn whoever_is_chosen_by_hand_takes_it_or_the_pool_does(house: &House) {
    let ana = house.technician("Ana").await;
    let (bob, carl) = (house.technician("Bob").await, house.technician("Carl").await);
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let roy = house.promised("Roy", &ana, ("13:00", "14:00")).await;
    let plan = house.make(&path(&ana), away("08:00", "17:00")).await;
    let other =
        if hit(&plan, &ruiz)["to"]["technician_id"] == json!(bob.id) { &carl } else { &bob };
    let take = json!({"take": "technician", "technician_id": other.id});
    let choices = json!([
        {"job_id": ruiz.id, "choice": take}, {"job_id": roy.id, "choice": {"take": "pool"}},
    ]);
    let (status, chosen) = choose(house, &ana, &plan, choices).await;
    assert_eq!((status, &chosen["revision"]), (200, &json!(2)), "{chosen}");
    assert_eq!(hit(&chosen, &ruiz)["to"]["technician_id"], json!(other.id));
    assert_eq!(
        (&hit(&chosen, &roy)["to"], &hit(&chosen, &roy)["breaks"]),
        (&json!(null), &json!(true))
    );
    let told = chosen["texts"].as_array().unwrap();
    assert!(told.iter().any(|one| one["phone"] == other.phone), "{told:?}");
    let (status, old) = accept(house, &ana, &plan).await;
    assert_eq!((status, &old["code"]), (409, &json!("absences.overtaken")), "an older revision");
    // Back to what is proposed, and back again.
    let proposal = json!([{"job_id": ruiz.id, "choice": {"take": "proposal"}}]);
    let (_, again) = choose(house, &ana, &chosen, proposal).await;
    assert_eq!(hit(&again, &ruiz)["to"], hit(&plan, &ruiz)["to"]);
    let (_, chosen) =
        choose(house, &ana, &again, json!([{"job_id": ruiz.id, "choice": take}])).await;
    let nobody = json!([{"job_id": ruiz.id, "choice": {
        "take": "technician", "technician_id": ana.id, "start": moment("10:00"),
    }}]);
    let (status, refused) = choose(house, &ana, &chosen, nobody).await;
    assert_eq!((status, &refused["code"]), (422, &json!("absences.refused")), "{refused}");
    let (status, done) = accept(house, &ana, &chosen).await;
    assert_eq!(status, 200, "{done}");
    assert_eq!(stands(house, &ruiz).await.1, json!(other.id));
    assert_eq!(stands(house, &roy).await.0, "unassigned");
}

async fn a_plan_that_the_day_has_overtaken_changes_nothing_and_says_who(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let plan = house.make(&path(&ana), away("08:00", "12:00")).await;
    // Somebody gives Ana one more visit.
    let roy = house.promised("Roy", &ana, ("08:30", "09:00")).await;
    let (status, refused) = accept(house, &ana, &plan).await;
    assert_eq!((status, &refused["code"]), (409, &json!("absences.overtaken")), "{refused}");
    let first = &refused["conflicts"][0];
    assert_eq!((&first["why"], &first["job_id"]), (&json!("new"), &json!(roy.id)), "{refused}");
    assert!(first["changed_by"].is_string() && refused["changed_by"].is_string(), "{refused}");
    assert!(text(&first["what"]["fr"]).contains("Roy"), "{refused}");
    let (_, fresh) = choose(house, &ana, &plan, json!([])).await;
    assert_eq!(fresh["visits"].as_array().unwrap().len(), 2, "looked at again: {fresh}");
    // Bob, who would take them, gets something else.
    house.promised("Autre", &bob, ("13:00", "14:00")).await;
    let (status, refused) = accept(house, &ana, &fresh).await;
    assert_eq!((status, &refused["conflicts"][0]["why"]), (409, &json!("no_room")), "{refused}");
    let (_, fresh) = choose(house, &ana, &fresh, json!([])).await;
    // A customer goes away, and the text with them.
    house.done("/dispatch/unassign", &json!({"job_id": roy.id})).await;
    house.settle().await;
    let (status, refused) = accept(house, &ana, &fresh).await;
    assert_eq!((status, &refused["conflicts"][0]["why"]), (409, &json!("gone")), "{refused}");
    let known = house.see(&format!("/technicians/{}", ana.id)).await;
    assert_eq!(known["absences"], json!([]), "nothing was done");
    assert_eq!(stands(house, &ruiz).await.1, json!(ana.id));
    let (_, fresh) = choose(house, &ana, &fresh, json!([])).await;
    assert_eq!(accept(house, &ana, &fresh).await.0, 200);
    assert_eq!(stands(house, &ruiz).await.1, json!(bob.id));
}

async fn a_drafted_visit_leaves_in_its_draft(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.customer("Ruiz").await;
    let [one, two] = [house.job(&ruiz, None).await, house.job(&ruiz, None).await];
    for (job, start) in [(&one, "10:00"), (&two, "13:00")] {
        let body = json!({
            "job_id": job.id, "technician_id": ana.id, "start": moment(start), "draft": "demain",
        });
        house.done("/dispatch/assign", &body).await;
    }
    house.settle().await;
    let texts = house.outbox().await.len();
    let plan = house.make(&path(&ana), away("08:00", "17:00")).await;
    assert_eq!((&hit(&plan, &one)["draft"], &plan["texts"]), (&json!("demain"), &json!([])));
    let pool = json!([{"job_id": two.id, "choice": {"take": "pool"}}]);
    let (_, plan) = choose(house, &ana, &plan, pool).await;
    let (status, done) = accept(house, &ana, &plan).await;
    assert_eq!(status, 200, "{done}");
    let drafts = house.board().await["drafts"].clone();
    assert_eq!(drafts.as_array().unwrap().len(), 1, "{drafts}");
    assert_eq!(
        (&drafts[0]["visit"]["technician_id"], &drafts[0]["visit"]["job_id"]),
        (&json!(bob.id), &json!(one.id))
    );
    assert_eq!(house.outbox().await.len(), texts, "nobody hears of a draft");
}

async fn a_draft_of_what_stands_is_named_where_it_goes_with_it(house: &House) {
    let (ana, _) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let later = json!({
        "job_id": ruiz.id, "technician_id": ana.id, "start": moment("14:00"), "draft": "demain",
    });
    house.done("/dispatch/assign", &later).await;
    house.settle().await;
    let plan = house.make(&path(&ana), away("08:00", "17:00")).await;
    let shown = hit(&plan, &ruiz);
    assert_eq!((&shown["draft"], &shown["drops"]), (&Value::Null, &json!("demain")), "{plan}");
    let (status, done) = accept(house, &ana, &plan).await;
    assert_eq!(status, 200, "{done}");
    let dropped = done["dropped"].as_array().unwrap();
    assert_eq!((dropped.len(), &dropped[0]["job_id"]), (1, &json!(ruiz.id)), "{done}");
    assert_eq!(
        (&dropped[0]["draft"], &dropped[0]["customer_name"]),
        (&json!("demain"), &json!("Ruiz"))
    );
    assert_eq!(house.board().await["drafts"], json!([]));
}

async fn an_approved_absence_is_undone_as_one(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let roy = house.promised("Roy", &ana, ("13:00", "14:00")).await;
    let plan = house.make(&path(&ana), away("08:00", "17:00")).await;
    let pool = json!([{"job_id": roy.id, "choice": {"take": "pool"}}]);
    let (_, plan) = choose(house, &ana, &plan, pool).await;
    assert_eq!(accept(house, &ana, &plan).await.0, 200);
    assert_eq!(stands(house, &ruiz).await.1, json!(bob.id));
    let what = house.see("/dispatch/undo").await["undo"][0]["what"]["fr"].clone();
    assert_eq!(what, "Absence de Ana Roy signalée : 1 déplacée, 1 retirée");
    house.done("/dispatch/undo", &json!({})).await;
    house.settle().await;
    for job in [&ruiz, &roy] {
        assert_eq!(stands(house, job).await.1, json!(ana.id));
    }
    let known = house.see(&format!("/technicians/{}", ana.id)).await;
    assert_eq!(known["absences"], json!([]));
}

async fn an_absence_is_moved_and_ended_early(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.promised("Ruiz", &ana, ("14:00", "15:00")).await;
    let made =
        house.make(&format!("/technicians/{}/absences", ana.id), away("08:00", "12:00")).await;
    let one = format!("/technicians/{}/absences/{}", ana.id, text(&made["id"]));
    // Longer, with a plan: it takes the old one's place.
    let mut body = away("08:00", "17:00");
    body["absence_id"] = made["id"].clone();
    let plan = house.make(&path(&ana), body).await;
    assert_eq!(hit(&plan, &ruiz)["to"]["technician_id"], json!(bob.id));
    assert_eq!(accept(house, &ana, &plan).await.0, 200);
    assert_eq!(stands(house, &ruiz).await.1, json!(bob.id));
    let known = house.see(&format!("/technicians/{}", ana.id)).await;
    assert_eq!(known["absences"].as_array().unwrap().len(), 1);
    assert_eq!(known["absences"][0]["id"], made["id"]);
    // Right after, by the technician's own actor: it knows what the board wrote down.
    let end = json!({"end": moment("10:00")});
    let (status, ended) = house.answer(house.request(Method::PATCH, &one).json(&end)).await;
    assert_eq!((status, &ended["reason"]), (200, &json!("grippe")), "{ended}");
    house.settle().await;
    // Whoever saw her before that is told who was quicker, and by what; nothing is done.
    let late = json!({"end": moment("11:00"), "version": known["version"]});
    let (status, lost) = house.answer(house.request(Method::PATCH, &one).json(&late)).await;
    assert_eq!((status, &lost["code"]), (409, &json!("stale_version")), "{lost}");
    assert_eq!(lost["current"]["absences"][0]["end"], json!(moment("10:00")), "{lost}");
    assert_eq!(lost["changed_by"], "admin-token", "{lost}");
    let now = json!({"end": moment("10:30"), "version": lost["current"]["version"]});
    let (status, moved) = house.answer(house.request(Method::PATCH, &one).json(&now)).await;
    assert_eq!((status, &moved["end"]), (200, &json!(moment("10:30"))), "{moved}");
    house.settle().await;
    house.assign(&ruiz, &ana, "14:00").await;
    // Longer again, at once: what it hits goes to the pool.
    let end = json!({"end": moment("15:00"), "reason": "dentiste"});
    let (status, longer) = house.answer(house.request(Method::PATCH, &one).json(&end)).await;
    assert_eq!((status, &longer["reason"]), (200, &json!("dentiste")), "{longer}");
    house.settle().await;
    assert_eq!(stands(house, &ruiz).await.0, "unassigned");
    let (status, wrong) = house
        .answer(house.request(Method::PATCH, &one).json(&json!({"end": moment("07:00")})))
        .await;
    assert_eq!(status, 422, "{wrong}");
    assert_eq!(house.answer(house.request(Method::DELETE, &one)).await.0, 204);
    assert_eq!(house.answer(house.request(Method::PATCH, &one).json(&end)).await.0, 404);
}

async fn an_absence_is_not_taken_away_as_somebody_else_made_it(house: &House) {
    let ana = house.technician("Ana").await;
    let all = format!("/technicians/{}/absences", ana.id);
    let made = house.make(&all, away("13:00", "15:00")).await;
    let one = format!("{all}/{}", text(&made["id"]));
    let who = format!("/technicians/{}", ana.id);
    let seen = house.see(&who).await["version"].clone();
    // Somebody else makes it longer meanwhile.
    let longer = json!({"end": moment("17:00"), "reason": "grippe"});
    assert_eq!(house.answer(house.request(Method::PATCH, &one).json(&longer)).await.0, 200);
    let end = async |version: &Value| {
        let path = format!("{one}?version={version}");
        house.answer(house.request(Method::DELETE, &path)).await
    };
    let (status, lost) = end(&seen).await;
    assert_eq!((status, &lost["code"]), (409, &json!("stale_version")), "{lost}");
    assert_eq!(lost["current"]["absences"][0]["end"], json!(moment("17:00")), "{lost}");
    assert_eq!(
        (&lost["changed_by"], lost["changed_at"].is_string()),
        (&json!("admin-token"), true)
    );
    let now = house.see(&who).await;
    assert_eq!(now["absences"].as_array().unwrap().len(), 1, "nothing was done");
    assert_eq!(end(&json!("yesterday")).await.0, 400, "a version is a number");
    // As it is now, and once.
    assert_eq!(end(&lost["current"]["version"]).await.0, 204);
    assert_eq!(house.see(&who).await["absences"], json!([]));
    assert_eq!(house.answer(house.request(Method::DELETE, &one)).await.0, 404);
}

async fn what_cannot_be_an_absence_is_refused(house: &House) {
    let ana = house.technician("Ana").await;
    assert_eq!(house.post(&path(&ana), &away("12:00", "08:00")).await.0, 422);
    house.make(&format!("/technicians/{}/absences", ana.id), away("08:00", "09:00")).await;
    let (status, twice) = house.post(&path(&ana), &away("08:30", "10:00")).await;
    assert_eq!((status, &twice["code"]), (409, &json!("technicians.away_already")), "{twice}");
    assert_eq!(
        house.post("/technicians/tech_nobody/absences/plan", &away("10:00", "11:00")).await.0,
        404
    );
    let (status, free) = house.post(&path(&ana), &away("10:00", "11:00")).await;
    assert_eq!((status, &free["visits"]), (201, &json!([])), "{free}");
    let stranger = json!([{"job_id": "job_x", "choice": {"take": "pool"}}]);
    assert_eq!(choose(house, &ana, &free, stranger).await.0, 422);
    assert_eq!(accept(house, &ana, &free).await.0, 200, "an absence that hits nothing");
    let other = house.technician("Bob").await;
    assert_eq!(house.get(&format!("{}/{}", path(&other), text(&free["id"]))).await.0, 404);
}

async fn a_plan_outlives_a_restart_and_is_approved_as_it_was_shown(house: &mut House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let roy = house.promised("Roy", &ana, ("13:00", "14:00")).await;
    let plan = house.make(&path(&ana), away("08:00", "16:00")).await;
    let pool = json!([{"job_id": roy.id, "choice": {"take": "pool"}}]);
    let (status, plan) = choose(house, &ana, &plan, pool).await;
    assert_eq!((status, &plan["revision"]), (200, &json!(2)), "{plan}");
    house.restart().await;
    let known = house.see(&format!("{}/{}", path(&ana), text(&plan["id"]))).await;
    assert_eq!(known, plan, "as it was shown");
    let (status, done) = accept(house, &ana, &plan).await;
    assert_eq!((status, &done["accepted"]), (200, &json!(true)), "{done}");
    assert_eq!(stands(house, &ruiz).await.1, json!(bob.id));
    assert_eq!(stands(house, &roy).await.0, "unassigned");
    assert_eq!(accept(house, &ana, &plan).await.0, 404, "once");
    let later = house.make(&path(&bob), away("12:00", "13:00")).await;
    house.at("13:01").await;
    let gone = format!("{}/{}", path(&bob), text(&later["id"]));
    assert_eq!(house.get(&gone).await.0, 404, "nobody would be away any more");
}
