//! Whatever a dispatcher did can be taken back and done again, by that dispatcher alone, and never over what somebody
//! else did since. A text that still waits is recalled; one that has left is corrected by a draft.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::text;

on_both! {
    a_move_is_undone_and_done_again at "09:00" with undo_seconds = "60";
    acts_come_back_newest_first_and_in_words at "09:00" with undo_seconds = "60";
    nobody_undoes_over_what_somebody_else_did_since at "09:00" with undo_seconds = "60";
    what_was_taken_back_meanwhile_stands_in_nobodys_way at "09:00" with undo_seconds = "60";
    a_text_that_waits_is_recalled_and_one_that_left_is_corrected_by_a_draft at "09:00" with undo_seconds = "60";
    an_absence_that_is_undone_brings_its_visits_back at "09:00" with undo_seconds = "60";
    edits_cancellations_steps_and_tags_are_acts_too at "09:00" with undo_seconds = "60";
    a_publish_is_undone_as_one_and_its_draft_is_there_again at "09:00" with undo_seconds = "60";
    a_plan_is_undone_like_everything_else at "09:50" with undo_seconds = "60";
}

/// Somebody in the office with an access of their own.
pub(super) struct Person<'a> {
    house: &'a House,
    token: String,
}

impl<'a> Person<'a> {
    pub(super) async fn named(house: &'a House, name: &str) -> Self {
        let made = house.make("/auth/tokens", json!({"name": name, "role": "dispatcher"})).await;
        Self { house, token: text(&made["token"]) }
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.house.bare(method, path).bearer_auth(&self.token)
    }

    pub(super) async fn asks(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.house.answer(self.request(method, path).json(body)).await;
        self.house.settle().await;
        answer
    }

    pub(super) async fn does(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.asks(Method::POST, path, &body).await;
        assert!((200..300).contains(&status), "POST {path} {body}: {status} {answer}");
        answer
    }

    pub(super) async fn undo(&self) -> (u16, Value) {
        self.asks(Method::POST, "/dispatch/undo", &json!({})).await
    }

    pub(super) async fn undoes(&self) -> Value {
        self.does("/dispatch/undo", json!({})).await
    }

    pub(super) async fn redoes(&self) -> Value {
        self.does("/dispatch/redo", json!({})).await
    }

    pub(super) async fn history(&self) -> Value {
        let request = self.house.bare(Method::GET, "/dispatch/undo").bearer_auth(&self.token);
        self.house.answer(request).await.1
    }
}

pub(super) fn put(job: &str, technician: &str, start: &str) -> Value {
    json!({"job_id": job, "technician_id": technician, "start": moment(start)})
}

/// Who has it when, if anybody.
pub(super) async fn stands(house: &House, job: &str) -> (String, Option<(String, String)>) {
    let job = house.see(&format!("/jobs/{job}")).await;
    let visit = &job["visit"];
    let at = visit["start"].as_str().map(|start| moment(start).to_string());
    let status = text(&job["status"]);
    let open = !matches!(status.as_str(), "unassigned" | "cancelled");
    (status, at.filter(|_| open).map(|at| (text(&visit["technician_id"]), at)))
}

pub(super) fn at(technician: &str, start: &str) -> Option<(String, String)> {
    Some((technician.to_owned(), moment(start).to_string()))
}

pub(super) async fn states(house: &House, phone: &str) -> Vec<(String, String)> {
    let texts = house.texts_to(phone).await;
    texts.iter().map(|item| (text(&item["kind"]), text(&item["state"]))).collect()
}

pub(super) fn said(kind: &str, state: &str) -> (String, String) {
    (kind.to_owned(), state.to_owned())
}

async fn a_move_is_undone_and_done_again(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let job = house.job(&house.customer("Ruiz").await, None).await;
    let bea = Person::named(house, "Bea").await;
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "10:00")).await;
    bea.does("/dispatch/assign", put(&job.id, &luc.id, "11:00")).await;
    let undone = bea.undoes().await;
    assert_eq!(undone["job_ids"], json!([job.id]));
    assert_eq!(undone["late"], false);
    assert_eq!(stands(house, &job.id).await.1, at(&ana.id, "10:00"));
    bea.undoes().await;
    assert_eq!(stands(house, &job.id).await, ("unassigned".to_owned(), None));
    assert_eq!(bea.undo().await.1["code"], "undo.nothing");
    bea.redoes().await;
    assert_eq!(stands(house, &job.id).await.1, at(&ana.id, "10:00"));
    bea.redoes().await;
    assert_eq!(stands(house, &job.id).await.1, at(&luc.id, "11:00"));
    let (status, _) = bea.asks(Method::POST, "/dispatch/redo", &json!({})).await;
    assert_eq!(status, 404, "there is no more");
    // And back again, as often as one likes.
    bea.undoes().await;
    assert_eq!(stands(house, &job.id).await.1, at(&ana.id, "10:00"));
    // Whoever does something else after an undo has left that way.
    bea.does("/dispatch/assign", put(&job.id, &luc.id, "14:00")).await;
    assert_eq!(bea.history().await["redo"], json!([]));
}

async fn acts_come_back_newest_first_and_in_words(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let job = house.job(&house.customer("Ruiz").await, None).await;
    let bea = Person::named(house, "Bea").await;
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "10:00")).await;
    bea.does("/dispatch/assign", put(&job.id, &luc.id, "11:00")).await;
    bea.does("/dispatch/unassign", json!({"job_id": job.id})).await;
    let history = bea.history().await;
    let said: Vec<&Value> =
        history["undo"].as_array().unwrap().iter().map(|a| &a["what"]).collect();
    assert_eq!(said[0]["fr"], "Lundi 11 h : visite chez Ruiz retirée à Luc Roy");
    assert_eq!(said[1]["fr"], "Lundi 11 h : visite chez Ruiz déplacée à Luc Roy");
    assert_eq!(said[1]["en"], "Monday 11:00: visit to Ruiz moved to Luc Roy");
    assert_eq!(said[2]["en"], "Monday 10:00: visit to Ruiz given to Ana Roy");
    assert_eq!(said.len(), 3);
    assert_eq!(history["undo_seconds"], 60);
    // What stands behind a later act of one's own cannot be undone before it, and says so.
    assert_eq!(history["undo"][0]["blocked"], Value::Null);
    assert_eq!(history["undo"][2]["blocked"]["by"], "Bea");
    let other = Person::named(house, "Max").await;
    assert_eq!(other.history().await["undo"], json!([]), "everybody has a history of their own");
    assert_eq!(other.undo().await.0, 404);
}

async fn nobody_undoes_over_what_somebody_else_did_since(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let job = house.job(&house.customer("Ruiz").await, None).await;
    let (bea, max) = (Person::named(house, "Bea").await, Person::named(house, "Max").await);
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "10:00")).await;
    max.does("/dispatch/assign", put(&job.id, &luc.id, "13:00")).await;
    let (status, refused) = bea.undo().await;
    assert_eq!((status, &refused["code"]), (409, &json!("undo.touched_since")), "{refused}");
    assert_eq!(refused["changed_by"], "Max");
    assert_eq!(refused["later"]["what"]["fr"], "Lundi 13 h : visite chez Ruiz déplacée à Luc Roy");
    assert!(text(&refused["detail_fr"]).contains("Max"), "{refused}");
    assert_eq!(stands(house, &job.id).await.1, at(&luc.id, "13:00"), "nothing moved");
    // The place it would go back to may be taken by another job: the board says so.
    let other = house.job(&house.customer("Tremblay").await, None).await;
    max.undoes().await;
    bea.does("/dispatch/assign", put(&job.id, &luc.id, "13:00")).await;
    max.does("/dispatch/assign", put(&other.id, &ana.id, "10:00")).await;
    let (status, refused) = bea.undo().await;
    assert_eq!((status, &refused["code"]), (409, &json!("undo.no_way_back")), "{refused}");
}

async fn what_was_taken_back_meanwhile_stands_in_nobodys_way(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let job = house.job(&house.customer("Ruiz").await, None).await;
    let (bea, max) = (Person::named(house, "Bea").await, Person::named(house, "Max").await);
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "10:00")).await;
    max.does("/dispatch/assign", put(&job.id, &luc.id, "13:00")).await;
    max.undoes().await;
    assert_eq!(bea.undo().await.0, 200);
    assert_eq!(stands(house, &job.id).await.0, "unassigned");
    // Max's way forward has gone with it.
    let (status, refused) = max.asks(Method::POST, "/dispatch/redo", &json!({})).await;
    assert_eq!((status, &refused["changed_by"]), (409, &json!("Bea")), "{refused}");
}

async fn a_text_that_waits_is_recalled_and_one_that_left_is_corrected_by_a_draft(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    let bea = Person::named(house, "Bea").await;
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "10:00")).await;
    house.at("09:05").await;
    assert_eq!(states(house, &ruiz.phone).await, [said("visit_promised", "sandboxed")]);
    // In time: the new hour was told to nobody, and the old one still holds.
    bea.does("/dispatch/assign", put(&job.id, &luc.id, "13:00")).await;
    assert_eq!(bea.undoes().await["late"], false);
    house.at("09:10").await;
    let recalled = [said("visit_promised", "sandboxed"), said("rescheduled", "recalled")];
    assert_eq!(states(house, &ruiz.phone).await, recalled);
    assert_eq!(states(house, &luc.phone).await, [said("job_assigned", "recalled")]);
    // Too late: one text has left, its correction is a draft.
    bea.redoes().await;
    house.at("09:15").await;
    let undone = bea.undoes().await;
    assert_eq!(undone["late"], true);
    house.at("10:15").await;
    let texts = states(house, &ruiz.phone).await;
    assert_eq!(texts[2..], [said("rescheduled", "sandboxed"), said("rescheduled", "drafted")]);
    assert!(states(house, &ana.phone).await.contains(&said("job_assigned", "drafted")));
    let drafted = house.see("/outbox?state=drafted").await["items"].as_array().unwrap().clone();
    let draft = drafted.iter().find(|item| item["to"] == *ruiz.phone).unwrap().clone();
    let path = format!("/outbox/{}/approve", text(&draft["id"]));
    bea.does(&path, json!({})).await;
    house.at("10:20").await;
    assert_eq!(states(house, &ruiz.phone).await[3], said("rescheduled", "sandboxed"));
    let (status, again) = bea.asks(Method::POST, &path, &json!({})).await;
    assert_eq!((status, &again["code"]), (409, &json!("conversations.not_drafted")), "{again}");
    // The other drafts are not wanted: that Ana has it again, and Luc no more.
    for who in [&ana, &luc] {
        let to_them = drafted.iter().find(|item| item["to"] == *who.phone).unwrap();
        bea.does(&format!("/outbox/{}/recall", text(&to_them["id"])), json!({})).await;
    }
    assert_eq!(house.see("/outbox?state=drafted").await["items"], json!([]));
}

async fn an_absence_that_is_undone_brings_its_visits_back(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let jobs = [house.job(&ruiz, None).await, house.job(&ruiz, None).await];
    let bea = Person::named(house, "Bea").await;
    bea.does("/dispatch/assign", put(&jobs[0].id, &ana.id, "10:00")).await;
    bea.does("/dispatch/assign", put(&jobs[1].id, &ana.id, "13:00")).await;
    let away = json!({"start": moment("09:30"), "end": moment("16:00"), "reason": "grippe"});
    bea.does(&format!("/technicians/{}/absences", ana.id), away).await;
    assert_eq!(stands(house, &jobs[1].id).await.0, "unassigned");
    assert_eq!(bea.history().await["undo"][0]["what"]["fr"], "Absence de Ana Roy signalée");
    bea.undoes().await;
    assert_eq!(stands(house, &jobs[0].id).await.1, at(&ana.id, "10:00"));
    assert_eq!(stands(house, &jobs[1].id).await.1, at(&ana.id, "13:00"));
    let known = house.see(&format!("/technicians/{}", ana.id)).await;
    assert_eq!(known["absences"], json!([]));
    bea.redoes().await;
    assert_eq!(stands(house, &jobs[0].id).await.0, "unassigned");
    assert_eq!(stands(house, &jobs[1].id).await.0, "unassigned");
}

async fn edits_cancellations_steps_and_tags_are_acts_too(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    let bea = Person::named(house, "Bea").await;
    let edit = async |path: String, body: Value| {
        let (status, answer) = bea.asks(Method::PATCH, &path, &body).await;
        assert_eq!(status, 200, "{answer}");
    };
    let job_path = format!("/jobs/{}", job.id);
    edit(job_path.clone(), json!({"title": "Changer la fibre", "duration_min": 30})).await;
    edit(format!("/customers/{}", ruiz.id), json!({"name": "Ruiz inc."})).await;
    edit(format!("/technicians/{}", ana.id), json!({"name": "Ana Bell"})).await;
    edit(format!("/locations/{}", ruiz.location), json!({"notes": "chien"})).await;
    bea.does("/tags", json!({"name": "Cuivre"})).await;
    bea.undoes().await;
    bea.undoes().await;
    bea.undoes().await;
    bea.undoes().await;
    bea.undoes().await;
    assert_eq!(house.see(&job_path).await["title"], "Pas d'Internet");
    assert_eq!(house.see(&format!("/customers/{}", ruiz.id)).await["name"], "Ruiz");
    assert_eq!(house.see(&format!("/technicians/{}", ana.id)).await["name"], "Ana Roy");
    let tags = house.see("/tags").await;
    assert!(!tags.to_string().contains("Cuivre"), "{tags}");
    // A job that was called off, and a visit that was: steps go back as well.
    let status = format!("/jobs/{}/status", job.id);
    bea.does(&status, json!({"status": "cancelled"})).await;
    bea.undoes().await;
    assert_eq!(stands(house, &job.id).await.0, "unassigned");
    bea.redoes().await;
    assert_eq!(stands(house, &job.id).await.0, "cancelled");
    bea.does(&status, json!({"status": "unassigned"})).await;
    bea.undoes().await;
    assert_eq!(stands(house, &job.id).await.0, "cancelled");
    bea.redoes().await;
    bea.does("/dispatch/assign", put(&job.id, &ana.id, "10:00")).await;
    for step in ["en_route", "on_site", "done"] {
        bea.does(&status, json!({"status": step})).await;
    }
    bea.undoes().await;
    assert_eq!(stands(house, &job.id).await.0, "on_site");
    bea.undoes().await;
    bea.undoes().await;
    assert_eq!(stands(house, &job.id).await, ("planned".to_owned(), at(&ana.id, "10:00")));
    bea.does(&status, json!({"status": "cancelled"})).await;
    bea.undoes().await;
    assert_eq!(stands(house, &job.id).await, ("planned".to_owned(), at(&ana.id, "10:00")));
    house.at("09:05").await;
    let kinds = states(house, &ruiz.phone).await;
    assert!(!kinds.contains(&said("cancelled", "sandboxed")), "nobody heard of it: {kinds:?}");
}

async fn a_publish_is_undone_as_one_and_its_draft_is_there_again(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let jobs = [house.job(&ruiz, None).await, house.job(&ruiz, None).await];
    let bea = Person::named(house, "Bea").await;
    for (job, start) in [(&jobs[0], "10:00"), (&jobs[1], "13:00")] {
        let mut body = put(&job.id, &ana.id, start);
        body["draft"] = json!("demain");
        bea.does("/dispatch/assign", body).await;
    }
    bea.does("/dispatch/publish", json!({"date": "2026-11-23", "draft": "demain"})).await;
    assert_eq!(stands(house, &jobs[0].id).await.1, at(&ana.id, "10:00"));
    let what = bea.history().await["undo"][0]["what"]["fr"].clone();
    assert_eq!(what, "Ébauche « demain » publiée : 2 placées");
    bea.undoes().await;
    assert_eq!(stands(house, &jobs[1].id).await.0, "unassigned");
    assert_eq!(house.board().await["drafts"].as_array().unwrap().len(), 2);
    bea.redoes().await;
    assert_eq!(stands(house, &jobs[1].id).await.1, at(&ana.id, "13:00"));
    assert_eq!(house.board().await["drafts"], json!([]));
    house.at("09:05").await;
    let kinds = states(house, &ana.phone).await;
    let left = kinds.iter().filter(|(_, state)| state == "sandboxed").count();
    assert_eq!(left, 1, "one text, for both: {kinds:?}");
}

async fn a_plan_is_undone_like_everything_else(house: &House) {
    house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let jobs = [house.job(&ruiz, None).await, house.job(&ruiz, Some(("13:00", "14:00"))).await];
    let bea = Person::named(house, "Bea").await;
    let apply = json!({"date": "2026-11-23", "mode": "apply", "seconds": 0.3});
    bea.does("/dispatch/optimize", apply).await;
    assert_eq!(stands(house, &jobs[0].id).await.0, "planned");
    assert_eq!(bea.history().await["undo"][0]["what"]["en"], "Several visits: 2 placed");
    bea.undoes().await;
    assert_eq!(stands(house, &jobs[0].id).await.0, "unassigned");
    assert_eq!(stands(house, &jobs[1].id).await.0, "unassigned");
    bea.redoes().await;
    assert_eq!(stands(house, &jobs[0].id).await.0, "planned");
}
