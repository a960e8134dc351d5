//! A job of the pool is offered to technicians: waves, answers by page and by text, one winner among a hundred, and every
//! way an offer ends.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tournee::auth::links::Audience;

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Technician, text};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

on_both! {
    waves_are_asked_in_turn_best_adequate_first at "09:50";
    the_first_to_accept_has_it_and_the_others_hear_so at "09:50";
    of_a_hundred_who_accept_at_once_one_gets_the_job at "09:50";
    a_reason_is_kept_and_the_next_wave_need_not_wait at "09:50";
    an_answer_by_text_is_as_good_as_the_page at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    an_offer_ends_with_whatever_makes_it_pointless at "09:50";
    what_is_taken_back_before_anybody_read_it_is_never_said at "09:50" with undo_seconds = "30";
    an_offer_of_the_night_is_told_in_the_morning at "22:00";
    what_cannot_be_offered_is_refused_with_its_reason at "09:50";
    whoever_cannot_come_any_more_hears_why_and_the_offer_stays at "09:50";
}

fn page_of(house: &House, who: &Technician) -> String {
    let inside = &house.inside;
    let link = tournee::notifications::wording::technician_link_id(&inside.keys, &who.id);
    format!("/t/{}", inside.links.make(Audience::Tech, &who.id, &link, house.now()))
}

pub(super) async fn answer(
    house: &House,
    who: &Technician,
    offer: &Value,
    word: &str,
) -> (u16, Value) {
    let path = format!("{}/offers/{}/{word}", page_of(house, who), text(&offer["id"]));
    house.answer(house.bare(Method::POST, &path)).await
}

pub(super) async fn offer(house: &House, body: Value) -> Value {
    let offer = house.make("/offers", body).await;
    house.settle().await;
    offer
}

pub(super) async fn now(house: &House, offer: &Value) -> Value {
    house.see(&format!("/offers/{}", text(&offer["id"]))).await
}

pub(super) async fn crew(house: &House, names: &[&str]) -> Vec<Technician> {
    let mut crew = Vec::new();
    for name in names {
        crew.push(house.technician(name).await);
    }
    crew
}

/// A technician of another level than the usual 3.
async fn of_level(house: &House, name: &str, level: u8) -> Technician {
    let who = house.technician(name).await;
    let known = house.see(&format!("/technicians/{}", who.id)).await;
    let body = json!({"version": known["version"], "skills": [{"tag": "Fibre", "level": level}]});
    let request = house.request(Method::PATCH, &format!("/technicians/{}", who.id)).json(&body);
    assert_eq!(house.answer(request).await.0, 200);
    who
}

async fn waves_are_asked_in_turn_best_adequate_first(house: &House) {
    let expert = of_level(house, "Eva", 5).await;
    let novice = of_level(house, "Nils", 1).await;
    let just = of_level(house, "Jo", 2).await;
    let usual = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let watch = house.watch("dispatch", Some(house.inside.head())).await;
    let body = json!({"job_id": job.id, "per_wave": 1, "minutes": 10, "mode": "preview"});
    let shown = house.done("/offers", &body).await;
    assert_eq!(shown["texts"].as_array().unwrap().len(), 1);
    assert!(house.see("/offers").await["items"].as_array().unwrap().is_empty());
    let body = json!({"job_id": job.id, "per_wave": 1, "minutes": 10});
    let made = offer(house, body).await;
    let order: Vec<String> =
        made["asked"].as_array().unwrap().iter().map(|one| text(&one["technician_id"])).collect();
    assert_eq!(
        order,
        [just.id.as_str(), &usual.id, &expert.id],
        "the expert last, the novice never"
    );
    let told = house.texts_to(&just.phone).await;
    let shown = text(&shown["texts"][0]["body"]);
    let before_link = |body: &str| body.split("http").next().unwrap().to_owned();
    assert_eq!(before_link(&text(&told[0]["body"])), before_link(&shown), "exactly what was shown");
    assert_eq!((told.len(), &told[0]["kind"]), (1, &json!("job_offered")));
    assert!(house.texts_to(&usual.phone).await.is_empty());
    house.at("10:00").await;
    assert_eq!(house.kinds_to(&usual.phone).await, ["job_offered"]);
    assert!(house.texts_to(&expert.phone).await.is_empty());
    house.at("10:10").await;
    assert_eq!(house.kinds_to(&expert.phone).await, ["job_offered"]);
    assert_eq!(now(house, &made).await["wave"], 3);
    house.at("10:20").await;
    assert_eq!(now(house, &made).await["state"], "expired");
    assert_eq!(answer(house, &just, &made, "accept").await.0, 409);
    for who in [&just, &usual, &expert] {
        assert_eq!(house.kinds_to(&who.phone).await, ["job_offered"], "it said until when");
    }
    assert!(house.texts_to(&novice.phone).await.is_empty());
    assert!(
        house.texts_to(&ruiz.phone).await.is_empty(),
        "nothing is told a customer from an offer"
    );
    assert_eq!((watch.of("offer.made").len(), watch.of("offer.changed").len()), (1, 3));
}

async fn the_first_to_accept_has_it_and_the_others_hear_so(house: &House) {
    let crew = crew(house, &["Ana", "Bob", "Cleo"]).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let made = offer(house, json!({"job_id": job.id, "per_wave": 3})).await;
    let (_, html) = house.page(&page_of(house, &crew[1])).await;
    assert!(html.contains("À prendre") && html.contains("Je la prends"), "{html}");
    assert!(!html.contains(&ruiz.phone), "nobody's number before somebody goes there");
    let stranger = house.technician("Dan").await;
    assert_eq!(answer(house, &stranger, &made, "accept").await.0, 404);
    // The form of the page, as a browser without a script sends it.
    let path = format!("{}/offers/{}/accept", page_of(house, &crew[1]), text(&made["id"]));
    let form = house.bare(Method::POST, &path).form(&[("x", "y")]);
    let status = form.send().await.unwrap().status().as_u16();
    assert!([200, 303].contains(&status), "{status}");
    house.settle().await;
    let held = house.see(&format!("/jobs/{}", job.id)).await;
    assert_eq!(
        (&held["status"], &held["visit"]["technician_id"]),
        (&json!("planned"), &json!(crew[1].id))
    );
    let after = now(house, &made).await;
    assert_eq!((&after["state"], &after["taken_by"]), (&json!("filled"), &json!(crew[1].id)));
    assert_eq!(house.kinds_to(&crew[1].phone).await, ["job_offered", "job_assigned"]);
    assert_eq!(house.kinds_to(&crew[0].phone).await, ["job_offered", "offer_filled"]);
    assert_eq!(house.kinds_to(&ruiz.phone).await, ["visit_promised"]);
    let (status, problem) = answer(house, &crew[2], &made, "accept").await;
    assert_eq!((status, &problem["code"]), (409, &json!("offers.filled")), "{problem}");
    assert_eq!(answer(house, &crew[1], &made, "accept").await.0, 200, "a second tap is no mistake");
    let (_, html) = house.page(&page_of(house, &crew[0])).await;
    assert!(!html.contains("À prendre"));
}

async fn of_a_hundred_who_accept_at_once_one_gets_the_job(house: &House) {
    let names: Vec<String> = (0..100).map(|n| format!("T{n}")).collect();
    let mut crew = Vec::new();
    for name in &names {
        crew.push(house.technician(name).await);
    }
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let ids: Vec<&str> = crew.iter().map(|who| who.id.as_str()).collect();
    let made = offer(house, json!({"job_id": job.id, "waves": [ids]})).await;
    let began = Instant::now();
    let answers = join_all(crew.iter().map(|who| answer(house, who, &made, "accept"))).await;
    let took = began.elapsed();
    let won: Vec<usize> = (0..100).filter(|at| answers[*at].0 == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    for (status, problem) in answers.iter().filter(|(status, _)| *status != 200) {
        assert_eq!((*status, &problem["code"]), (409, &json!("offers.filled")), "{problem}");
    }
    // One second is the bar for the release build on a quiet machine; this one is neither.
    assert!(took < Duration::from_secs(8), "{took:?}");
    house.settle().await;
    let held = house.see(&format!("/jobs/{}", job.id)).await;
    assert_eq!(held["visit"]["technician_id"], json!(crew[won[0]].id));
}

async fn a_reason_is_kept_and_the_next_wave_need_not_wait(house: &House) {
    let crew = crew(house, &["Ana", "Bob", "Cleo"]).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let waves = json!([[crew[0].id], [crew[1].id, crew[2].id]]);
    let made = offer(house, json!({"job_id": job.id, "waves": waves, "minutes": 60})).await;
    let path = format!("{}/offers/{}/decline", page_of(house, &crew[0]), text(&made["id"]));
    let why = json!({"reason": "Trop loin de chez moi"});
    let (status, page) = house.answer(house.bare(Method::POST, &path).json(&why)).await;
    assert_eq!((status, &page["offers"][0]["declined"]), (200, &json!(true)), "{page}");
    house.settle().await;
    let after = now(house, &made).await;
    assert_eq!(after["asked"][0]["answer"]["reason"], "Trop loin de chez moi");
    assert_eq!((&after["wave"], &after["state"]), (&json!(2), &json!("open")));
    assert_eq!(house.kinds_to(&crew[1].phone).await, ["job_offered"]);
    for who in &crew[1..] {
        assert_eq!(answer(house, who, &made, "decline").await.0, 200);
    }
    house.settle().await;
    assert_eq!(now(house, &made).await["state"], "declined");
    assert_eq!(house.see(&format!("/jobs/{}", job.id)).await["status"], "unassigned");
    assert_eq!(house.kinds_to(&crew[0].phone).await, ["job_offered"]);
    offer(house, json!({"job_id": job.id, "per_wave": 1})).await;
}

pub(super) async fn says(house: &House, who: &Technician, sid: &str, body: &str) {
    let form = [
        ("MessageSid", sid),
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("From", who.phone.as_str()),
        ("To", "+14505550000"),
        ("Body", body),
        ("NumMedia", "0"),
    ];
    house.a_second_later().await;
    assert_eq!(house.twilio("/webhook/twilio/sms-incoming", TOKEN, &form).await, 200);
    house.settle().await;
}

async fn an_answer_by_text_is_as_good_as_the_page(house: &House) {
    let crew = crew(house, &["Ana", "Bob"]).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let all = json!([[crew[0].id, crew[1].id]]);
    let made = offer(house, json!({"job_id": job.id, "waves": all})).await;
    says(house, &crew[0], "SM1", "n trop loin").await;
    let after = now(house, &made).await;
    let said = &after["asked"][0]["answer"];
    assert_eq!(
        (&said["accepted"], &said["reason"], &said["by"]),
        (&json!(false), &json!("trop loin"), &json!("sms"))
    );
    says(house, &crew[1], "SM2", " Oui! ").await;
    let held = house.see(&format!("/jobs/{}", job.id)).await;
    assert_eq!(held["visit"]["technician_id"], json!(crew[1].id));
    // Of two that are open the house cannot know which.
    let (one, two) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    let only = json!([[crew[0].id]]);
    let first = offer(house, json!({"job_id": one.id, "waves": only})).await;
    let second = offer(house, json!({"job_id": two.id, "waves": only})).await;
    says(house, &crew[0], "SM3", "O").await;
    let help =
        house.texts_to(&crew[0].phone).await.into_iter().rfind(|text| text["kind"] == "help");
    let body = text(&help.unwrap()["body"]);
    assert!(body.contains("2 offres") && body.contains("/t/"), "{body}");
    assert_eq!(answer(house, &crew[0], &first, "decline").await.0, 200);
    // The same text again is not another answer, though by now it would have only one meaning.
    says(house, &crew[0], "SM3", "O").await;
    assert_eq!(now(house, &second).await["state"], "open");
    says(house, &crew[0], "SM4", "no problem, I am on my way").await;
    assert_eq!(now(house, &second).await["state"], "open");
    let path = format!("/offers/{}/withdraw", text(&second["id"]));
    house.done(&path, &json!({})).await;
    house.settle().await;
    says(house, &crew[0], "SM5", "y").await;
    let last = house.texts_to(&crew[0].phone).await.pop().unwrap();
    assert_eq!(last["kind"], "offer_filled");
    assert!(text(&last["body"]).contains("retiré"), "{last}");
}

async fn an_offer_ends_with_whatever_makes_it_pointless(house: &House) {
    let crew = crew(house, &["Ana", "Bob"]).await;
    let ruiz = house.customer("Ruiz").await;
    let window = Some(("13:00", "15:00"));
    let given = house.job(&ruiz, window).await;
    let called_off = house.job(&ruiz, window).await;
    let longer = house.job(&ruiz, window).await;
    let drafted = house.job(&ruiz, window).await;
    let waves = json!([[crew[0].id]]);
    let mut made = Vec::new();
    for job in [&given, &called_off, &longer, &drafted] {
        made.push(offer(house, json!({"job_id": job.id, "waves": waves})).await);
        let body = json!({"job_id": job.id, "waves": waves});
        let (status, problem) = house.post("/offers", &body).await;
        assert_eq!((status, &problem["code"]), (409, &json!("offers.offered_already")));
    }
    house.assign(&given, &crew[1], "13:00").await;
    assert_eq!(house.status(&called_off.id, "cancelled").await.0, 200);
    let known = house.see(&format!("/jobs/{}", longer.id)).await;
    let body = json!({"version": known["version"], "duration_min": 90});
    let request = house.request(Method::PATCH, &format!("/jobs/{}", longer.id)).json(&body);
    assert_eq!(house.answer(request).await.0, 200);
    let draft = json!({
        "job_id": drafted.id, "technician_id": crew[1].id, "start": moment("14:30"), "draft": "x",
    });
    house.done("/dispatch/assign", &draft).await;
    house.settle().await;
    let mut states = Vec::new();
    for one in &made {
        states.push(text(&now(house, one).await["state"]));
    }
    assert_eq!(states, ["overtaken", "overtaken", "changed", "overtaken"]);
    for one in &made {
        assert_eq!(answer(house, &crew[0], one, "accept").await.0, 409);
    }
    let filled = house.kinds_to(&crew[0].phone).await;
    assert_eq!(filled.iter().filter(|kind| *kind == "offer_filled").count(), 4, "{filled:?}");
    let path = format!("/offers/{}/withdraw", text(&made[0]["id"]));
    assert_eq!(house.post(&path, &json!({})).await.0, 409);
    assert_eq!(house.post("/offers/offer_none/withdraw", &json!({})).await.0, 404);
}

async fn what_is_taken_back_before_anybody_read_it_is_never_said(house: &House) {
    let crew = crew(house, &["Ana"]).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let made = offer(house, json!({"job_id": job.id})).await;
    house.at("09:50:10").await;
    house.done(&format!("/offers/{}/withdraw", text(&made["id"])), &json!({})).await;
    house.settle().await;
    house.at("09:55").await;
    let texts = house.texts_to(&crew[0].phone).await;
    let states: Vec<String> = texts.iter().map(|item| text(&item["state"])).collect();
    assert_eq!(states, ["recalled"], "{texts:?}");
}

async fn an_offer_of_the_night_is_told_in_the_morning(house: &House) {
    let crew = crew(house, &["Ana", "Bob"]).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("2026-11-24T13:00", "2026-11-24T15:00"))).await;
    let waves = json!([[crew[0].id], [crew[1].id]]);
    let made = offer(house, json!({"job_id": job.id, "waves": waves, "minutes": 10})).await;
    assert_eq!(
        made["next_at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap(),
        moment("2026-11-24T08:10")
    );
    house.at("2026-11-24T07:59").await;
    let texts = house.texts_to(&crew[0].phone).await;
    assert_eq!((texts.len(), &texts[0]["waiting"]), (1, &json!(true)));
    house.at("2026-11-24T08:00").await;
    assert_eq!(house.texts_to(&crew[0].phone).await[0]["waiting"], json!(false));
    assert!(house.texts_to(&crew[1].phone).await.is_empty(), "a night is no wave");
    house.at("2026-11-24T08:10").await;
    assert_eq!(house.kinds_to(&crew[1].phone).await, ["job_offered"]);
}

async fn what_cannot_be_offered_is_refused_with_its_reason(house: &House) {
    let novice = of_level(house, "Nils", 1).await;
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "15:00"))).await;
    let past = house.job(&ruiz, Some(("08:00", "09:00"))).await;
    let taken = house.promised("Roy", &ana, ("10:00", "10:30")).await;
    let with = |name: &str, value: Value| {
        let mut body = json!({"job_id": job.id});
        body[name] = value;
        body
    };
    for (body, status, pointer) in [
        (with("waves", json!([[ana.id], [novice.id]])), 422, "/waves/1/0"),
        (with("waves", json!([[ana.id, ana.id]])), 422, "/waves/0/1"),
        (with("waves", json!([["tech_nobody"]])), 404, "/waves/0/0"),
        (with("per_wave", json!(0)), 422, "/per_wave"),
        (with("minutes", json!(0)), 422, "/minutes"),
        (with("limit", json!(101)), 422, "/limit"),
        (with("expires_at", json!(moment("09:00"))), 422, "/expires_at"),
        (with("expires_at", json!(moment("18:00"))), 422, "/expires_at"),
        (with("job_id", json!("job_nothing")), 404, "/job_id"),
        (with("job_id", json!(past.id)), 422, "/job_id"),
        (with("job_id", json!(taken.id)), 409, "/job_id"),
    ] {
        let (answered, problem) = house.post("/offers", &body).await;
        assert_eq!(
            (answered, &problem["errors"][0]["pointer"]),
            (status, &json!(pointer)),
            "{body}: {problem}"
        );
    }
    let (_, problem) = house.post("/offers", &with("waves", json!([[novice.id]]))).await;
    assert!(text(&problem["detail_fr"]).contains("Niveau 1"), "{problem}");
    assert!(house.see("/offers").await["items"].as_array().unwrap().is_empty());
}

async fn whoever_cannot_come_any_more_hears_why_and_the_offer_stays(house: &House) {
    let crew = crew(house, &["Ana", "Bob"]).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, Some(("13:00", "13:05"))).await;
    let made = offer(house, json!({"job_id": job.id})).await;
    house.promised("Roy", &crew[0], ("13:00", "13:30")).await;
    let (status, problem) = answer(house, &crew[0], &made, "accept").await;
    assert_eq!((status, &problem["code"]), (409, &json!("board.overlap")), "{problem}");
    let away = json!({"start": moment("12:00"), "end": moment("16:30")});
    house.make(&format!("/technicians/{}/absences", crew[1].id), away).await;
    assert_eq!(answer(house, &crew[1], &made, "accept").await.0, 422);
    assert_eq!(now(house, &made).await["state"], "open");
    // What was decided outlives the room that decided it: the rows alone know of the open offer.
    house.settle().await;
    house.at("13:00").await;
    assert_eq!(now(house, &made).await["state"], "expired");
}
