//! Everything that can happen, in one house: whoever adds an event adds it here, or this story fails. Its end compares
//! memory with rows and rows with the journal, as every story's does; so no event is folded unseen.

use std::collections::BTreeSet;
use std::path::Path;

use reqwest::Method;
use scheduler::travel::Point;
use serde_json::{Value, json};
use sqlx::Row;

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Customer, Job, Technician, text};
use crate::harness::town::minutes_from;
use crate::stories::following::{GOOGLE, Server};

on_both! {
    everything_that_can_happen_happens_and_is_folded at "08:00"
        with undo_seconds = "60"
        with twilio_auth_token = "0123456789abcdef0123456789abcdef";
}

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Every event of the house as `room/what`, read from the enums themselves.
fn all_there_is() -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("actors/src");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let house = read(&source.join("event.rs"));
    let rooms = variants(&house, "Event");
    assert!(rooms.len() >= 14, "{rooms:?}");
    let mut all = BTreeSet::new();
    for room in rooms {
        let line = house.lines().find_map(|line| {
            line.trim().strip_prefix(&format!("{room}(")).and_then(|rest| rest.strip_suffix("),"))
        });
        let of_room = line.unwrap_or_else(|| panic!("{room} holds no events"));
        let room = room.to_lowercase();
        let files = ["protocol.rs", "protocol/mod.rs"].map(|file| source.join(&room).join(file));
        let flat = source.join(format!("{room}.rs"));
        let found: Vec<String> = files
            .iter()
            .chain([&flat])
            .flat_map(|file| variants(&read(file), of_room))
            .map(|variant| format!("{room}/{}", snake(&variant)))
            .collect();
        assert!(!found.is_empty(), "{of_room} is nowhere");
        all.extend(found);
    }
    all
}

/// The variants of an enum, as rustfmt writes them.
fn variants(source: &str, name: &str) -> Vec<String> {
    let head = format!("pub enum {name} {{");
    let body = source.lines().skip_while(|line| *line != head).skip(1);
    body.take_while(|line| *line != "}")
        .filter_map(|line| line.strip_prefix("    ").filter(|l| l.starts_with(char::is_uppercase)))
        .filter_map(|line| line.split(|c: char| !c.is_alphanumeric()).next())
        .map(str::to_owned)
        .collect()
}

fn snake(name: &str) -> String {
    let mut all = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !all.is_empty() {
            all.push('_');
        }
        all.extend(c.to_lowercase());
    }
    all
}

/// What stands in the journal.
async fn happened(house: &House) -> BTreeSet<String> {
    let readers = &house.inside.journal.database().readers;
    let rows = sqlx::query("SELECT body FROM journal").fetch_all(readers).await.unwrap();
    let name = |row: &sqlx::any::AnyRow| {
        let event: Value = serde_json::from_str(&row.get::<String, _>("body")).unwrap();
        format!("{}/{}", text(&event["room"]), text(&event["what"]))
    };
    rows.iter().map(name).collect()
}

async fn ask(house: &House, method: Method, path: &str, body: Value) -> Value {
    let (status, answer) = house.answer(house.request(method.clone(), path).json(&body)).await;
    assert!((200..300).contains(&status), "{method} {path} {body}: {status} {answer}");
    house.settle().await;
    answer
}

async fn undo(house: &House) {
    ask(house, Method::POST, "/dispatch/undo", json!({})).await;
}

/// Makes, edits and deletes what has no other life.
async fn kept_and_thrown_away(house: &House, path: &str, body: Value) {
    let made = house.make(path, body).await;
    let one = format!("{path}/{}", text(&made["id"]));
    ask(house, Method::PATCH, &one, json!({"name": "Autre"})).await;
    ask(house, Method::DELETE, &one, Value::Null).await;
}

async fn of_the_office(house: &House, ana: &Technician) {
    let triangle = json!([{"lat": 46.0, "lon": -73.0}, {"lat": 46.1, "lon": -73.0}, {"lat": 46.1, "lon": -72.9}]);
    let zone = json!({"name": "Aéroport", "polygon": triangle, "technician_ids": [ana.id]});
    kept_and_thrown_away(house, "/tags", json!({"name": "Cuivre"})).await;
    kept_and_thrown_away(house, "/materials", json!({"name": "Nacelle"})).await;
    kept_and_thrown_away(house, "/presets", json!({"kind": "view", "name": "Soir"})).await;
    kept_and_thrown_away(house, "/zones", zone).await;
    ask(house, Method::POST, "/templates/starters", json!({})).await;
    ask(house, Method::DELETE, "/templates/fibre_repair", Value::Null).await;
    let who = json!({"email": "bea@example.ca", "password": "a long password"});
    let mut user = who.clone();
    (user["name"], user["role"]) = ("Bea".into(), "dispatcher".into());
    house.make("/auth/users", user).await;
    let bea = house.bare(Method::POST, "/auth/login").json(&who).send().await.unwrap();
    let cookie = bea.headers()["set-cookie"].to_str().unwrap().to_owned();
    let user: Value = bea.json().await.unwrap();
    let phone = json!({"phone": "+14505550177", "version": user["user"]["version"]});
    let mine = house.bare(Method::PATCH, "/auth/me").header("cookie", cookie).json(&phone);
    assert_eq!(house.answer(mine).await.0, 200);
    house.make("/auth/tokens", json!({"name": "x", "role": "viewer"})).await;
    house.see(&format!("/dispatch/ical-token/{}", ana.id)).await;
    let revoke = format!("/dispatch/ical-token/{}/revoke", ana.id);
    ask(house, Method::POST, &revoke, Value::Null).await;
}

async fn of_people(house: &House, ana: &Technician, ruiz: &Customer) {
    // Who and what was written down by mistake never was.
    let home = json!({"lat": 45.05, "lon": -73.58});
    house
        .make(
            "/technicians",
            json!({"name": "Zoé", "phone": "+14505559001", "home": home, "weekly_schedule": {}}),
        )
        .await;
    undo(house).await;
    let passing = house.make("/customers", json!({"name": "Passant"})).await;
    let place =
        json!({"customer_id": passing["id"], "address": "1, rue A", "lat": 45.08, "lon": -73.61});
    house.make("/locations", place).await;
    undo(house).await;
    undo(house).await;
    let technician = format!("/technicians/{}", ana.id);
    ask(house, Method::PATCH, &technician, json!({"name": "Ana Bell"})).await;
    let notes = json!({"notes": "Le chien est gentil."});
    ask(house, Method::PATCH, &format!("/customers/{}", ruiz.id), notes.clone()).await;
    ask(house, Method::PATCH, &format!("/locations/{}", ruiz.location), notes).await;
    // Time away on another day, so that nothing is freed here.
    let (from, to) = (moment("2026-11-25T10:00"), moment("2026-11-25T11:00"));
    let away =
        house.make(&format!("{technician}/absences"), json!({"start": from, "end": to})).await;
    let one = format!("{technician}/absences/{}", text(&away["id"]));
    ask(house, Method::PATCH, &one, json!({"end": moment("2026-11-25T12:00")})).await;
    ask(house, Method::DELETE, &one, Value::Null).await;
    let server = Server::serving(GOOGLE).await;
    let body = json!({"url": server.url, "name": "Privé", "show_titles": false});
    let followed = house.make(&format!("{technician}/calendars"), body).await;
    let began = std::time::Instant::now();
    while !happened(house).await.contains("technicians/calendar_read") {
        assert!(began.elapsed().as_secs() < 25, "the calendar was never read");
        crate::harness::house::pause().await;
    }
    let one = format!("{technician}/calendars/{}", text(&followed["id"]));
    ask(house, Method::DELETE, &one, Value::Null).await;
}

async fn of_a_job(house: &House, ruiz: &Customer) {
    let job = house.job(ruiz, None).await;
    let (path, status) = (format!("/jobs/{}", job.id), format!("/jobs/{}/status", job.id));
    ask(house, Method::PATCH, &path, json!({"title": "Changer la fibre"})).await;
    ask(house, Method::POST, &status, json!({"status": "cancelled"})).await;
    undo(house).await;
    ask(house, Method::POST, &status, json!({"status": "cancelled"})).await;
    ask(house, Method::POST, &status, json!({"status": "unassigned"})).await;
    ask(house, Method::POST, &status, json!({"status": "cancelled"})).await;
    // A job that comes again is begun with a job that was there, edited for all, and ended.
    let weekly = house.job(ruiz, Some(("13:00", "15:00"))).await;
    let path = format!("/jobs/{}", weekly.id);
    let rule = json!({"recurrence": "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3"});
    let begun = ask(house, Method::PATCH, &path, rule).await;
    ask(house, Method::PATCH, &path, json!({"scope": "all", "title": "Ronde"})).await;
    let end = format!("/series/{}/end", text(&begun["series"]["id"]));
    ask(house, Method::POST, &end, json!({"from": "2026-11-24"})).await;
    ask(house, Method::POST, &format!("{path}/status"), json!({"status": "cancelled"})).await;
}

async fn of_service_levels(house: &House, ruiz: &Customer) {
    let day = json!([{"start": "08:00", "end": "17:00"}]);
    let body = json!({"name": "Pannes", "arrive_min": 240, "hours": {"mon": day, "tue": day}});
    let policy = house.make("/sla/policies", body).await;
    let job = house.job(ruiz, None).await;
    house.settle().await;
    let pause = json!({"reason": "customer_absent"});
    ask(house, Method::POST, &format!("/jobs/{}/sla/pause", job.id), pause).await;
    let path = format!("/sla/policies/{}", text(&policy["id"]));
    ask(house, Method::DELETE, &path, Value::Null).await;
    // A policy that is taken back goes with the clocks that began by it.
    let urgent =
        json!({"name": "Urgences", "arrive_min": 60, "priority": "urgent", "hours": {"mon": day}});
    house.make("/sla/policies", urgent).await;
    house.make("/jobs", json!({
        "customer_id": ruiz.id, "location_id": ruiz.location, "title": "Feu", "duration_min": 30,
        "priority": "urgent",
    })).await;
    house.settle().await;
    let act = house.see("/dispatch/undo").await["undo"][1]["act"].clone();
    ask(house, Method::POST, "/dispatch/undo", json!({"act": act})).await;
}

fn put(job: &Job, to: &Technician, start: &str) -> Value {
    json!({"job_id": job.id, "technician_id": to.id, "start": moment(start)})
}

async fn of_the_board(house: &House, ana: &Technician, luc: &Technician, ruiz: &Customer) {
    let assign = async |body: Value| ask(house, Method::POST, "/dispatch/assign", body).await;
    let [one, two, three] =
        [house.job(ruiz, None).await, house.job(ruiz, None).await, house.job(ruiz, None).await];
    // Two texts to one technician that still wait become one; a move before they left takes the first back.
    assign(put(&one, ana, "10:00")).await;
    assign(put(&two, ana, "11:30")).await;
    assign(put(&one, luc, "10:00")).await;
    ask(house, Method::POST, "/dispatch/unassign", json!({"job_id": two.id})).await;
    let bundle = house.make("/bundles", json!({"job_ids": [two.id, three.id]})).await;
    let bundle = format!("/bundles/{}", text(&bundle["id"]));
    ask(house, Method::DELETE, &bundle, Value::Null).await;
    // A draft is thrown away; another is published and taken back.
    let mut drafted = put(&two, ana, "13:00");
    drafted["draft"] = json!("demain");
    assign(drafted.clone()).await;
    ask(house, Method::POST, "/dispatch/drafts/drop", json!({"draft": "demain"})).await;
    assign(drafted).await;
    let publish = json!({"date": "2026-11-23", "draft": "demain"});
    ask(house, Method::POST, "/dispatch/publish", publish).await;
    undo(house).await;
    let hold = json!({"job_id": three.id, "technician_id": ana.id, "start": moment("15:00")});
    let hold = house.make("/dispatch/holds", hold).await;
    let hold = format!("/dispatch/holds/{}", text(&hold["id"]));
    ask(house, Method::DELETE, &hold, Value::Null).await;
    let offer = house.make("/offers", json!({"job_id": three.id, "per_wave": 1})).await;
    house.settle().await;
    let withdraw = format!("/offers/{}/withdraw", text(&offer["id"]));
    ask(house, Method::POST, &withdraw, json!({})).await;
    house.settle().await;
    // Nobody is asked by a text that was taken back.
    house.make("/offers", json!({"job_id": three.id, "per_wave": 1})).await;
    house.settle().await;
    let texts = house.outbox().await;
    let waits = |one: &&Value| one["kind"] == "job_offered" && one["waiting"] == true;
    let recall = format!("/outbox/{}/recall", text(&texts.iter().find(waits).unwrap()["id"]));
    ask(house, Method::POST, &recall, json!({})).await;
}

/// The van stands there: its tracker says so twice, at no speed.
async fn stands_at(house: &House, who: &Technician, at: Point) {
    for _ in 0..2 {
        house.a_second_later().await;
        let query = format!(
            "/traccar/osmand?id={}&lat={}&lon={}&timestamp={}&accuracy=8&speed=0",
            who.device,
            at.lat,
            at.lon,
            house.now().as_second()
        );
        assert_eq!(house.answer(house.bare(Method::GET, &query)).await.0, 200);
        house.settle().await;
    }
}

/// What was told is broken, the van arrives, somebody falls ill and the planner has an idea that nobody wants.
async fn of_the_day(house: &House, ana: &Technician, luc: &Technician) {
    let told = house.promised("Tremblay", ana, ("10:00", "11:00")).await;
    let silent = house.make("/customers", json!({"name": "Sans numéro"})).await;
    let place =
        json!({"customer_id": silent["id"], "address": "1, rue X", "lat": 45.08, "lon": -73.61});
    let place = house.make("/locations", place).await;
    let job = json!({
        "customer_id": silent["id"], "location_id": place["id"], "title": "Panne",
        "duration_min": 30, "priority": "normal", "skills": [],
    });
    let job = house.make("/jobs", job).await;
    let silent = json!({"job_id": job["id"], "technician_id": luc.id, "start": moment("14:00")});
    ask(house, Method::POST, "/dispatch/assign", silent).await;
    house.at("08:30").await;
    let mut later = put(&told, ana, "14:00");
    later["break_promise"] = json!({"reason": "panne de camion", "tell": true});
    later["guard_promises"] = json!(true);
    ask(house, Method::POST, "/dispatch/assign", later).await;
    house.at("13:40").await;
    house.fix(ana, minutes_from(told.place, 10)).await;
    stands_at(house, ana, told.place).await;
    let status = format!("/jobs/{}/status", told.id);
    ask(house, Method::POST, &status, json!({"status": "en_route"})).await;
    let form = [
        ("MessageSid", "SM1"),
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("From", told.phone.as_str()),
        ("To", "+14505550000"),
        ("Body", "merci"),
        ("NumMedia", "0"),
    ];
    assert_eq!(house.twilio("/webhook/twilio/sms-incoming", TOKEN, &form).await, 200);
    let ill = json!({"start": moment("13:45"), "end": moment("16:30")});
    house.make(&format!("/technicians/{}/absences", luc.id), ill).await;
    house.settle().await;
    let proposals = house.see("/dispatch/proposals?date=2026-11-23").await;
    let proposal = text(&proposals["items"][0]["id"]);
    let dismiss = format!("/dispatch/proposals/{proposal}/dismiss");
    ask(house, Method::POST, &dismiss, json!({})).await;
}

async fn everything_that_can_happen_happens_and_is_folded(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let ruiz = house.customer("Ruiz").await;
    of_the_office(house, &ana).await;
    of_people(house, &ana, &ruiz).await;
    of_a_job(house, &ruiz).await;
    of_service_levels(house, &ruiz).await;
    of_the_board(house, &ana, &luc, &ruiz).await;
    of_the_day(house, &ana, &luc).await;
    let (all, seen) = (all_there_is(), happened(house).await);
    let unseen: Vec<_> = all.difference(&seen).collect();
    assert!(unseen.is_empty(), "events that no story makes: {unseen:?}");
    let unknown: Vec<_> = seen.difference(&all).collect();
    assert!(unknown.is_empty(), "events that no enum names: {unknown:?}");
}
