//! A dispatcher on call, without the board: from the phone of their account they text a job's number, hear who could take it
//! in the scorer's own order, and send one. Nobody else's phone is obeyed.

use actors::engine::journal::Inbox;
use actors::engine::shell::Circumstances;
use reqwest::{Method, header};
use serde_json::{Value, json};
use tournee::board::assign::{Wish, assign};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Customer, Job, VILLAGE, text};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const BEA: &str = "+14505550177";

on_both! {
    a_dispatcher_asks_who_could_go_and_sends_one_by_text at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    a_text_whose_answer_was_lost_is_answered_from_what_it_did at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    the_list_in_a_text_is_the_scorer_s_to_the_last_byte at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    a_list_that_the_day_has_overtaken_sends_nobody at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    what_a_customer_was_told_is_not_broken_by_text at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    two_of_one_name_are_asked_back_and_one_not_listed_is_answered_for at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    the_same_words_from_anybody_else_are_a_conversation at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    a_phone_is_one_account_s_and_changed_on_what_was_seen at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
}

/// Somebody of the office with a browser.
pub(super) struct Account {
    cookie: String,
}

impl Account {
    pub(super) async fn named(house: &House, name: &str, role: &str, language: &str) -> Self {
        let email = format!("{}@example.ca", name.to_lowercase());
        let password = "a long password";
        let user = json!({"name": name, "email": email, "password": password, "role": role,
            "language": language});
        house.make("/auth/users", user).await;
        let who = json!({"email": email, "password": password});
        let answer = house.bare(Method::POST, "/auth/login").json(&who).send().await.unwrap();
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        Self { cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    async fn asks(&self, house: &House, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = house.bare(method, path).header(header::COOKIE, &self.cookie);
        house.answer(request.json(&body)).await
    }

    async fn me(&self, house: &House) -> Value {
        self.asks(house, Method::GET, "/auth/me", Value::Null).await.1["user"].clone()
    }

    /// Gives the account this phone.
    pub(super) async fn at(self, house: &House, phone: &str) -> Self {
        let body = json!({"phone": phone, "version": self.me(house).await["version"]});
        let (status, answer) = self.asks(house, Method::PATCH, "/auth/me", body).await;
        assert_eq!(status, 200, "{answer}");
        self
    }
}

pub(super) async fn says(house: &House, phone: &str, sid: &str, body: &str) {
    let form = [
        ("MessageSid", sid),
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("From", phone),
        ("To", "+14505550000"),
        ("Body", body),
        ("NumMedia", "0"),
    ];
    house.a_second_later().await;
    let status = house.twilio("/webhook/twilio/sms-incoming", TOKEN, &form).await;
    assert_eq!(status, 200, "{body}");
    house.settle().await;
}

/// What the house answered to a number, oldest first.
async fn heard(house: &House, phone: &str) -> Vec<String> {
    let texts = house.texts_to(phone).await;
    texts.iter().filter(|one| one["kind"] == "suggestion").map(|one| text(&one["body"])).collect()
}

pub(super) async fn last(house: &House, phone: &str) -> String {
    heard(house, phone).await.pop().unwrap_or_default()
}

/// A job with a number of its own for one o'clock.
pub(super) async fn numbered(house: &House, customer: &Customer, number: &str) -> String {
    let body = json!({
        "external_id": number, "customer_id": customer.id, "location_id": customer.location,
        "title": "Pas d'Internet", "duration_min": 60,
        "skills": [{"tag": "Fibre", "level": 2, "required": true}],
        "arrival_window": {"start": moment("13:00"), "end": moment("15:00")},
    });
    text(&house.make("/jobs", body).await["id"])
}

pub(super) async fn visit(house: &House, id: &str) -> Value {
    house.see(&format!("/jobs/{id}")).await["visit"].clone()
}

async fn a_dispatcher_asks_who_could_go_and_sends_one_by_text(house: &House) {
    let marc = house.technician("Marc").await;
    house.technician("Luc").await;
    let ruiz = house.customer("Ruiz").await;
    let id = numbered(house, &ruiz, "ISS-4812").await;
    let bea = Account::named(house, "Bea", "dispatcher", "en").await.at(house, BEA).await;
    says(house, BEA, "SM1", "4812?").await;
    let list = last(house, BEA).await;
    assert!(list.contains("1 ") && list.contains("2 ") && list.contains("Reply SEND "), "{list}");
    for sid in ["SM2", "SM2"] {
        says(house, BEA, sid, "send marc!").await;
    }
    let now = visit(house, &id).await;
    assert_eq!((&now["technician_id"], &now["pinned"]), (&json!(marc.id), &json!(true)));
    assert!(last(house, BEA).await.contains("Marc Roy goes to Pas d'Internet"), "{list}");
    assert_eq!(heard(house, BEA).await.len(), 2, "a repetition is one text");
    assert_eq!(house.kinds_to(&marc.phone).await, ["job_assigned"]);
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"]);
    // It is her act, and hers to undo.
    let (status, history) = bea.asks(house, Method::GET, "/dispatch/undo", Value::Null).await;
    assert_eq!(status, 200, "{history}");
    assert_eq!(history["undo"].as_array().unwrap().len(), 1, "{history}");
    let (status, answer) = bea.asks(house, Method::POST, "/dispatch/undo", json!({})).await;
    assert_eq!(status, 200, "{answer}");
    house.settle().await;
    assert_eq!(house.see(&format!("/jobs/{id}")).await["status"], "unassigned");
    // By the number in the list, in the other language, by the end of the house's own number.
    let plain = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let leo = "+14505550178";
    Account::named(house, "Léo", "admin", "fr").await.at(house, leo).await;
    says(house, leo, "SM3", &format!("Qui {}", &plain.id[plain.id.len() - 6..])).await;
    let list = last(house, leo).await;
    assert!(list.contains("Répondez ENVOYER ") && list.contains("13 h"), "{list}");
    says(house, leo, "SM4", "1").await;
    assert!(last(house, leo).await.contains(" va à Pas d'Internet"));
    assert_eq!(house.see(&format!("/jobs/{}", plain.id)).await["status"], "planned");
    // The list is spent; a number that nobody bears is said to be one.
    says(house, leo, "SM5", "1").await;
    assert_eq!(heard(house, leo).await.len(), 2);
    for (sid, number) in [("SM6", "999"), ("SM7", "iss%4812"), ("SM8", "iss_4812")] {
        says(house, leo, sid, &format!("{number}?")).await;
        let none = format!("il n'y a pas d'intervention {number}");
        assert!(last(house, leo).await.contains(&none), "nothing in a number stands for anything");
    }
}

async fn a_text_whose_answer_was_lost_is_answered_from_what_it_did(house: &House) {
    let (marc, luc) = (house.technician("Marc").await, house.technician("Luc").await);
    let id = numbered(house, &house.customer("Ruiz").await, "4812").await;
    Account::named(house, "Bea", "dispatcher", "en").await.at(house, BEA).await;
    says(house, BEA, "SM1", "4812?").await;
    // Marc is sent by the next text, and the process ends before it could answer.
    let version = house.see(&format!("/jobs/{id}")).await["version"].as_i64();
    let sent = Wish {
        job_id: id.clone(),
        technician_id: marc.id.clone(),
        assistants: None,
        materials: None,
        start: Some(moment("13:00")),
        append_to: None,
        version,
        draft: None,
        overrides: Vec::new(),
        hold_id: None,
        pinned: true,
        guard: true,
        breaks: None,
        by: "bea@example.ca".into(),
        with_waiting: false,
    };
    let mark = Inbox {
        source: "twilio:dispatchers".into(),
        key: "SM2|received".into(),
        sha256: "00".into(),
        answer: None,
    };
    let why = Circumstances::by("bea@example.ca").with_inbox(Some(mark));
    assign(&house.inside, &sent, why).await.unwrap();
    house.settle().await;
    // Somebody else is quicker than the repetition: that is not taken for a text that did nothing.
    let job = Job { id: id.clone(), place: VILLAGE, phone: String::new() };
    house.assign(&job, &luc, "14:00").await;
    house.at("11:15").await;
    for _ in 0..2 {
        says(house, BEA, "SM2", "send Marc").await;
    }
    let said = heard(house, BEA).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[1].contains("Marc Roy goes to Pas d'Internet") && said[1].contains("13:00"));
    assert_eq!(
        visit(house, &id).await["technician_id"],
        json!(luc.id),
        "and nothing is done again"
    );
}

async fn the_list_in_a_text_is_the_scorer_s_to_the_last_byte(house: &House) {
    for (name, level) in [("Marc", 5), ("Luc", 2), ("Eva", 4), ("Ana", 3)] {
        let who = house.technician(name).await;
        let body = json!({"skills": [{"tag": "Fibre", "level": level}]});
        let request = house.request(Method::PATCH, &format!("/technicians/{}", who.id));
        assert_eq!(house.answer(request.json(&body)).await.0, 200);
    }
    let id = numbered(house, &house.customer("Ruiz").await, "4812").await;
    Account::named(house, "Bea", "dispatcher", "en").await.at(house, BEA).await;
    says(house, BEA, "SM1", "Who 4812").await;
    let answer = house.done("/dispatch/suggest", &json!({"job_id": id, "limit": 200})).await;
    let technicians = house.see("/technicians?limit=100").await;
    let first = |id: &Value| {
        let all = technicians["items"].as_array().unwrap();
        let name = text(&all.iter().find(|one| one["id"] == *id).unwrap()["name"]);
        name.split(' ').next().unwrap().to_owned()
    };
    let mut told: Vec<String> = Vec::new();
    let mut seen: Vec<&Value> = Vec::new();
    for slot in answer["slots"].as_array().unwrap() {
        if seen.len() == 3 || seen.contains(&&slot["technician_id"]) {
            continue;
        }
        seen.push(&slot["technician_id"]);
        let start: jiff::Timestamp = text(&slot["start"]).parse().unwrap();
        let start = start.to_zoned(jiff::tz::TimeZone::get("America/Toronto").unwrap());
        let name = first(&slot["technician_id"]);
        told.push(format!("{} {name} {}:{:02}", seen.len(), start.hour(), start.minute()));
    }
    let company = text(&house.see("/ops/config").await["company"]);
    assert_eq!(
        last(house, BEA).await,
        format!(
            "{company}: Pas d'Internet, 12, rang Sainte-Anne: {}. Reply SEND LUC",
            told.join(", ")
        )
    );
    assert_eq!(first(seen[0]), "Luc", "the lowest level that will do");
}

async fn a_list_that_the_day_has_overtaken_sends_nobody(house: &House) {
    let (luc, marc) = (house.technician("Luc").await, house.technician("Marc").await);
    let ruiz = house.customer("Ruiz").await;
    let id = numbered(house, &ruiz, "4812").await;
    Account::named(house, "Bea", "dispatcher", "en").await.at(house, BEA).await;
    says(house, BEA, "SM1", "4812?").await;
    let list = last(house, BEA).await;
    // Somebody fills the hour that was told.
    let busy = if list.contains("1 Luc") { &luc } else { &marc };
    let other = house.job(&ruiz, None).await;
    house.assign(&other, busy, "13:00").await;
    says(house, BEA, "SM2", "1").await;
    let now = last(house, BEA).await;
    assert!(now.contains("nothing was done.") && now.contains("Now: 1 "), "{now}");
    assert_eq!(visit(house, &id).await, Value::Null);
    // The job itself was changed: the version that was told is not that of now.
    let held = house.see(&format!("/jobs/{id}")).await;
    let body = json!({"version": held["version"], "notes": "Chien"});
    let request = house.request(Method::PATCH, &format!("/jobs/{id}"));
    assert_eq!(house.answer(request.json(&body)).await.0, 200);
    says(house, BEA, "SM3", "1").await;
    let again = last(house, BEA).await;
    assert!(again.contains("nothing was done.") && again.contains("Now: 1 "), "{again}");
    assert_eq!(visit(house, &id).await, Value::Null);
    // The hour that was told is over before the list is.
    house.at("13:30").await;
    says(house, BEA, "SM4", "4812?").await;
    let list = last(house, BEA).await;
    assert!(list.contains(" 13:40."), "the second of two is soon: {list}");
    house.at("13:45").await;
    says(house, BEA, "SM7", "2").await;
    let late = last(house, BEA).await;
    assert!(late.contains("The hour that was told is over.") && late.contains("Now: 1 "), "{late}");
    assert_eq!(visit(house, &id).await, Value::Null);
    // An hour is long: what was told then is of no use, and a bare number means nothing.
    let said = heard(house, BEA).await.len();
    house.at("15:30").await;
    says(house, BEA, "SM5", "2").await;
    assert_eq!(heard(house, BEA).await.len(), said);
    says(house, BEA, "SM6", "send Luc").await;
    assert!(last(house, BEA).await.contains("for which job?"));
}

async fn what_a_customer_was_told_is_not_broken_by_text(house: &House) {
    let luc = house.technician("Luc").await;
    house.technician("Marc").await;
    let job = house.job(&house.customer("Ruiz").await, None).await;
    house.assign(&job, &luc, "13:00").await;
    house.at("09:55").await;
    Account::named(house, "Bea", "dispatcher", "en").await.at(house, BEA).await;
    says(house, BEA, "SM1", &format!("{}?", &job.id[job.id.len() - 6..])).await;
    assert!(last(house, BEA).await.contains("Reply SEND "));
    let before = visit(house, &job.id).await;
    says(house, BEA, "SM2", "1").await;
    let why = last(house, BEA).await;
    assert!(why.contains("nothing was done. The customer"), "{why}");
    assert!(!why.contains("Now: "), "no list that nobody may choose from: {why}");
    assert_eq!(visit(house, &job.id).await, before);
}

async fn two_of_one_name_are_asked_back_and_one_not_listed_is_answered_for(house: &House) {
    let marc = house.technician("Marc").await;
    let other = house.technician("Luc").await;
    let body = json!({"name": "Marc Gagnon"});
    let request = house.request(Method::PATCH, &format!("/technicians/{}", other.id));
    assert_eq!(house.answer(request.json(&body)).await.0, 200);
    let novice = house.technician("Nils").await;
    let body = json!({"skills": [{"tag": "Fibre", "level": 1}]});
    let request = house.request(Method::PATCH, &format!("/technicians/{}", novice.id));
    assert_eq!(house.answer(request.json(&body)).await.0, 200);
    let id = numbered(house, &house.customer("Ruiz").await, "4812").await;
    Account::named(house, "Bea", "dispatcher", "en").await.at(house, BEA).await;
    says(house, BEA, "SM1", "#4812 ?").await;
    let list = last(house, BEA).await;
    assert!(list.contains("Marc Roy") && list.contains("Marc Gagnon"), "told apart: {list}");
    says(house, BEA, "SM2", "Send Marc").await;
    let which = last(house, BEA).await;
    assert!(which.contains("which one?") && which.contains("Marc Gagnon"), "{which}");
    assert_eq!(visit(house, &id).await, Value::Null);
    says(house, BEA, "SM3", "send nils").await;
    let why = last(house, BEA).await;
    assert!(why.contains("Nils Roy: ") && why.contains("Level 1 in Fibre"), "{why}");
    // A message about somebody who is no technician is for a person to read.
    let said = heard(house, BEA).await.len();
    says(house, BEA, "SM4", "send the keys").await;
    assert_eq!(heard(house, BEA).await.len(), said);
    says(house, BEA, "SM5", "SEND MARC ROY").await;
    assert_eq!(visit(house, &id).await["technician_id"], json!(marc.id));
}

async fn the_same_words_from_anybody_else_are_a_conversation(house: &House) {
    let marc = house.technician("Marc").await;
    let ruiz = house.customer("Ruiz").await;
    let id = numbered(house, &ruiz, "4812").await;
    Account::named(house, "Vic", "viewer", "en").await.at(house, "+14505550179").await;
    let others = [marc.phone.as_str(), &ruiz.phone, "+14505550179", "+14505550199"];
    for (at, phone) in others.into_iter().enumerate() {
        for (turn, body) in ["4812?", "send Marc", "1"].into_iter().enumerate() {
            says(house, phone, &format!("SM{at}{turn}"), body).await;
        }
        assert!(heard(house, phone).await.is_empty(), "{phone}");
    }
    assert_eq!(visit(house, &id).await, Value::Null);
    let threads = house.see("/conversations").await;
    assert_eq!(threads["items"].as_array().unwrap().len(), others.len());
    // Whoever wrote STOP could not be told what became of it, and is not obeyed.
    Account::named(house, "Bea", "dispatcher", "en").await.at(house, BEA).await;
    says(house, BEA, "SM90", "4812?").await;
    says(house, BEA, "SM91", "STOP").await;
    says(house, BEA, "SM92", "1").await;
    assert_eq!((heard(house, BEA).await.len(), visit(house, &id).await), (1, Value::Null));
    says(house, BEA, "SM93", "START").await;
    says(house, BEA, "SM94", "1").await;
    assert_eq!(visit(house, &id).await["technician_id"], json!(marc.id));
}

async fn a_phone_is_one_account_s_and_changed_on_what_was_seen(house: &House) {
    house.technician("Ana").await;
    let bea = Account::named(house, "Bea", "dispatcher", "fr").await;
    let first = bea.me(house).await;
    assert_eq!(first["phone"], Value::Null);
    let bea = bea.at(house, "450 555-0177").await;
    assert_eq!(bea.me(house).await["phone"], BEA, "however it is written");
    let change = async |who: &Account, phone: Value, version: &Value| {
        let body = json!({"phone": phone, "version": version});
        who.asks(house, Method::PATCH, "/auth/me", body).await
    };
    let (status, lost) = change(&bea, json!("+14505550180"), &first["version"]).await;
    assert_eq!((status, &lost["current"]["phone"]), (409, &json!(BEA)), "{lost}");
    assert_eq!(lost["changed_by"], "bea@example.ca", "{lost}");
    let max = Account::named(house, "Max", "dispatcher", "fr").await;
    let version = max.me(house).await["version"].clone();
    let (status, taken) = change(&max, json!(BEA), &version).await;
    assert_eq!((status, &taken["code"]), (409, &json!("auth.phone_taken")), "{taken}");
    assert_eq!(taken["errors"][0]["pointer"], "/phone");
    assert_eq!(change(&max, json!("call me"), &version).await.0, 422);
    let now = bea.me(house).await["version"].clone();
    assert_eq!(change(&bea, Value::Null, &now).await.0, 200);
    assert_eq!(change(&max, json!(BEA), &version).await.0, 200);
    // What is not said stays.
    let version = max.me(house).await["version"].clone();
    let (status, same) =
        max.asks(house, Method::PATCH, "/auth/me", json!({"version": version})).await;
    assert_eq!((status, &same["user"]["phone"]), (200, &json!(BEA)), "{same}");
    // A program has no phone, whosever cookie it brings along.
    let request = house.request(Method::PATCH, "/auth/me").header(header::COOKIE, &max.cookie);
    let body = json!({"phone": null, "version": version});
    assert_eq!(house.answer(request.json(&body)).await.0, 403);
}
