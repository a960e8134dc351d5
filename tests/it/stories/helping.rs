//! An absence of somebody who only goes along, or of somebody whose visits are one stop: the plan lists what it hits all the same,
//! and proposes who goes instead; what nobody can take goes short, and the plan says so.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    whoever_only_goes_along_is_planned_for_as_well at "07:30";
    where_nobody_can_go_along_instead_the_visit_goes_short at "07:30";
    whoever_goes_along_in_a_draft_is_planned_for_as_well at "07:30";
    a_drafted_move_outlives_the_absence_of_who_only_goes_along at "07:30";
    a_stop_finds_somebody_else_as_one at "07:30";
}

fn path(who: &Technician) -> String {
    format!("/technicians/{}/absences/plan", who.id)
}

async fn plan(house: &House, who: &Technician, from: &str, to: &str) -> Value {
    let away = json!({"start": moment(from), "end": moment(to), "reason": "grippe"});
    house.make(&path(who), away).await
}

async fn choose(house: &House, who: &Technician, plan: &Value, choices: Value) -> (u16, Value) {
    let path = format!("{}/{}", path(who), text(&plan["id"]));
    let body = json!({"choices": choices});
    house.answer(house.request(Method::PATCH, &path).json(&body)).await
}

async fn accept(house: &House, who: &Technician, plan: &Value) {
    let path = format!("{}/{}/accept", path(who), text(&plan["id"]));
    house.done(&path, &json!({"revision": plan["revision"]})).await;
    house.settle().await;
}

async fn visit(house: &House, job: &Job) -> Value {
    house.see(&format!("/jobs/{}", job.id)).await["visit"].clone()
}

async fn crewed(house: &House, job: &Job, lead: &Technician, with: &Technician, start: &str) {
    let body = json!({
        "job_id": job.id, "technician_id": lead.id, "start": moment(start), "assistants": [with.id],
    });
    house.done("/dispatch/assign", &body).await;
    house.settle().await;
}

async fn whoever_only_goes_along_is_planned_for_as_well(house: &House) {
    let [ana, bob, cleo, dan] = [
        house.technician("Ana").await,
        house.technician("Bob").await,
        house.technician("Cleo").await,
        house.technician("Dan").await,
    ];
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    crewed(house, &job, &ana, &bob, "10:00").await;
    // Cleo is busy then: it can only be Dan.
    let other = house.job(&house.customer("Cyr").await, None).await;
    house.assign(&other, &cleo, "10:00").await;
    house.settle().await;
    house.at("07:40").await;
    let told = house.kinds_to(&ruiz.phone).await;
    let plan = plan(house, &bob, "08:00", "12:00").await;
    let one = &plan["visits"][0];
    assert_eq!(plan["visits"].as_array().unwrap().len(), 1, "{plan}");
    assert_eq!((&one["job_id"], &one["helps"]), (&json!(job.id), &json!(true)), "{plan}");
    assert_eq!((&one["lead"], &one["breaks"]), (&json!("Ana Roy"), &json!(false)), "{plan}");
    assert_eq!(one["to"]["technician_id"], json!(dan.id), "{plan}");
    assert_eq!(one["to"]["start"], json!(moment("10:00")), "the hour stands");
    let texts = plan["texts"].as_array().unwrap();
    assert!(texts.iter().all(|one| one["phone"] != ruiz.phone), "no customer hears: {plan}");
    // Somebody who cannot is refused with the reason; the lead does not go along with herself.
    for id in [&cleo.id, &ana.id] {
        let choice =
            json!([{"job_id": job.id, "choice": {"take": "technician", "technician_id": id}}]);
        let (status, refused) = choose(house, &bob, &plan, choice).await;
        assert!((400..500).contains(&status), "{refused}");
    }
    assert_eq!(visit(house, &job).await["assistants"], json!([bob.id]), "nothing before approval");
    accept(house, &bob, &plan).await;
    let now = visit(house, &job).await;
    assert_eq!((&now["assistants"], &now["start"]), (&json!([dan.id]), &json!(moment("10:00"))));
    assert_eq!(now["technician_id"], json!(ana.id));
    house.at("07:50").await;
    assert_eq!(house.kinds_to(&ruiz.phone).await, told);
    let (status, undone) = house.post("/dispatch/undo", &json!({})).await;
    assert_eq!(status, 200, "{undone}");
    assert_eq!(visit(house, &job).await["assistants"], json!([bob.id]));
    assert_eq!(house.see(&format!("/technicians/{}", bob.id)).await["absences"], json!([]));
}

async fn where_nobody_can_go_along_instead_the_visit_goes_short(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let job = house.job(&house.customer("Ruiz").await, None).await;
    crewed(house, &job, &ana, &bob, "10:00").await;
    let plan = plan(house, &bob, "08:00", "12:00").await;
    let one = &plan["visits"][0];
    assert_eq!((&one["to"], &one["helps"]), (&Value::Null, &json!(true)), "{plan}");
    assert!(text(&one["reasons"]["fr"][0]).contains("personne de moins"), "{plan}");
    accept(house, &bob, &plan).await;
    let now = visit(house, &job).await;
    assert_eq!((&now["assistants"], &now["technician_id"]), (&json!([]), &json!(ana.id)));
}

async fn whoever_goes_along_in_a_draft_is_planned_for_as_well(house: &House) {
    let [ana, bob, cleo, dan] = [
        house.technician("Ana").await,
        house.technician("Bob").await,
        house.technician("Cleo").await,
        house.technician("Dan").await,
    ];
    let job = house.job(&house.customer("Ruiz").await, None).await;
    let lift = text(&house.make("/materials", json!({"name": "Nacelle 1"})).await["id"]);
    let drafted = json!({
        "job_id": job.id, "technician_id": ana.id, "start": moment("10:00"), "draft": "demain",
        "assistants": [bob.id], "materials": [lift],
    });
    house.done("/dispatch/assign", &drafted).await;
    // Cleo is busy then: it can only be Dan.
    let other = house.job(&house.customer("Cyr").await, None).await;
    house.assign(&other, &cleo, "10:00").await;
    house.settle().await;
    let entry = async || {
        let drafts = house.board().await["drafts"].clone();
        assert_eq!(drafts.as_array().unwrap().len(), 1, "{drafts}");
        drafts[0]["visit"].clone()
    };
    let shown = plan(house, &bob, "08:00", "12:00").await;
    let one = &shown["visits"][0];
    assert_eq!(shown["visits"].as_array().unwrap().len(), 1, "{shown}");
    assert_eq!((&one["job_id"], &one["helps"]), (&json!(job.id), &json!(true)), "{shown}");
    assert_eq!((&one["draft"], &one["lead"]), (&json!("demain"), &json!("Ana Roy")), "{shown}");
    assert_eq!(one["to"]["technician_id"], json!(dan.id), "{shown}");
    assert_eq!(shown["texts"], json!([]), "nobody hears of a draft");
    accept(house, &bob, &shown).await;
    let now = entry().await;
    assert_eq!((&now["assistants"], &now["technician_id"]), (&json!([dan.id]), &json!(ana.id)));
    assert_eq!((&now["start"], &now["materials"]), (&json!(moment("10:00")), &json!([lift])));
    assert_eq!(house.see(&format!("/jobs/{}", job.id)).await["status"], "unassigned");
    // With one undo Bob is there again; and where a person says so, nobody goes along.
    house.done("/dispatch/undo", &json!({})).await;
    house.settle().await;
    assert_eq!(entry().await["assistants"], json!([bob.id]));
    let again = plan(house, &bob, "08:00", "12:00").await;
    let short = json!([{"job_id": job.id, "choice": {"take": "short"}}]);
    let (status, short) = choose(house, &bob, &again, short).await;
    assert_eq!((status, &short["visits"][0]["to"]), (200, &Value::Null), "{short}");
    accept(house, &bob, &short).await;
    let now = entry().await;
    assert_eq!(
        (now.get("assistants").cloned().unwrap_or(json!([])), &now["technician_id"]),
        (json!([]), &json!(ana.id))
    );
    assert_eq!(now["materials"], json!([lift]), "what is taken along stays");
    // Whoever leads what is drafted leaves it with all who and what goes along.
    let led = plan(house, &ana, "08:00", "12:00").await;
    assert_eq!(led["visits"][0]["helps"], json!(false), "{led}");
    accept(house, &ana, &led).await;
    let now = entry().await;
    assert_ne!(now["technician_id"], json!(ana.id));
    assert_eq!(now["materials"], json!([lift]));
}

async fn a_drafted_move_outlives_the_absence_of_who_only_goes_along(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let job = house.job(&house.customer("Ruiz").await, None).await;
    crewed(house, &job, &ana, &bob, "09:00").await;
    let later = json!({
        "job_id": job.id, "technician_id": ana.id, "start": moment("10:30"), "draft": "demain",
        "assistants": [bob.id],
    });
    house.done("/dispatch/assign", &later).await;
    house.settle().await;
    let entry = async || {
        let drafts = house.board().await["drafts"].clone();
        assert_eq!(drafts.as_array().unwrap().len(), 1, "{drafts}");
        let visit = drafts[0]["visit"].clone();
        let along = visit.get("assistants").cloned().unwrap_or(json!([]));
        (visit["technician_id"].clone(), visit["start"].clone(), along)
    };
    let plan = plan(house, &bob, "08:00", "12:00").await;
    assert_eq!(plan["visits"].as_array().unwrap().len(), 1, "{plan}");
    accept(house, &bob, &plan).await;
    // Nobody else is there to go along: what stands is short of one, and so is the draft at its own hour.
    let now = visit(house, &job).await;
    assert_eq!((&now["start"], &now["assistants"]), (&json!(moment("09:00")), &json!([])));
    assert_eq!(entry().await, (json!(ana.id), json!(moment("10:30")), json!([])));
    house.done("/dispatch/undo", &json!({})).await;
    house.settle().await;
    assert_eq!(entry().await, (json!(ana.id), json!(moment("10:30")), json!([bob.id])));
}

async fn a_stop_finds_somebody_else_as_one(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let ruiz = house.customer("Ruiz").await;
    let (one, two) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    house.make("/bundles", json!({"job_ids": [one.id, two.id]})).await;
    house.assign(&one, &ana, "10:00").await;
    house.settle().await;
    // The absence touches the second alone; the stop is one, so both are hit and stay together.
    let shown = plan(house, &ana, "11:15", "16:30").await;
    let visits = shown["visits"].as_array().unwrap();
    assert_eq!(visits.len(), 2, "{shown}");
    assert!(visits.iter().all(|one| one["to"]["technician_id"] == json!(bob.id)), "{shown}");
    assert_eq!(visits[0]["to"]["end"], visits[1]["to"]["start"], "right behind each other");
    // One choice is made for both.
    let choice = json!([{"job_id": two.id, "choice": {"take": "pool"}}]);
    let (status, pooled) = choose(house, &ana, &shown, choice).await;
    assert_eq!(status, 200, "{pooled}");
    let visits = pooled["visits"].as_array().unwrap();
    assert!(visits.iter().all(|one| one["to"].is_null()), "{pooled}");
    let choice = json!([{"job_id": one.id, "choice": {"take": "proposal"}}]);
    let (_, again) = choose(house, &ana, &pooled, choice).await;
    accept(house, &ana, &again).await;
    let (first, second) = (visit(house, &one).await, visit(house, &two).await);
    assert_eq!(
        (&first["technician_id"], &second["technician_id"]),
        (&json!(bob.id), &json!(bob.id))
    );
    assert_eq!(first["end"], second["start"]);
}
