//! What people are not told: the words of texts for whoever may not read them, the places of technicians who come to
//! somebody else or do not work.

use reqwest::Method;
use serde_json::json;

use crate::harness::house::{House, on_both, pause};
use crate::harness::people::text;
use crate::harness::town::minutes_from;

on_both! {
    who_may_not_read_texts_is_told_of_them_without_their_links at "09:50";
    a_customers_stream_ends_when_somebody_else_comes at "09:50";
    after_work_nobody_sees_where_a_technician_is at "16:10";
    whoever_is_still_with_a_customer_after_work_is_on_duty at "15:10";
}

async fn who_may_not_read_texts_is_told_of_them_without_their_links(house: &House) {
    let made = house.make("/auth/tokens", json!({"name": "screen", "role": "viewer"})).await;
    let viewer = text(&made["token"]);
    let start = house.inside.head();
    let path = format!("/sse?topics=dispatch&last_event_id={start}");
    let glance = house.listen(house.bare(Method::GET, &path).bearer_auth(&viewer)).await;
    let office = house.watch("dispatch", Some(start)).await;
    let ana = house.technician("Ana").await;
    house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    office.until(house.inside.head()).await;
    // What is replayed is cut as what is told live.
    let later = house.listen(house.bare(Method::GET, &path).bearer_auth(&viewer)).await;
    let bodies = |frames: &[crate::harness::watch::Frame]| {
        let of = |frame: &crate::harness::watch::Frame| frame.data["data"]["message"].clone();
        let texts: Vec<_> = frames.iter().map(of).filter(|it| it.is_object()).collect();
        (texts.len(), texts.iter().filter(|it| it["body"].is_string()).count())
    };
    let (all, with_words) = bodies(&office.frames());
    assert!(all >= 4 && with_words == all, "{all} {with_words}");
    for watch in [glance, later] {
        watch.when(|frames| bodies(frames).0 == all).await;
        let frames = watch.frames();
        assert_eq!(bodies(&frames), (all, 0));
        assert!(!format!("{frames:?}").contains("/t/"), "{frames:#?}");
    }
    // A text about a job is the board's as well, in the one frame that names its first topic; one about no job is not.
    let shown = office.frames();
    let mut of_texts = shown.iter().filter(|frame| frame.data["data"]["message"].is_object());
    assert!(of_texts.all(|frame| frame.data["topic"] == "conversations"), "{shown:#?}");
    let threads = house.watch("conversations", Some(start)).await;
    let said = json!({"to": ana.phone, "body": "Bonjour"});
    assert_eq!(house.post("/send/sms", &said).await.0, 202);
    threads.when(|frames| bodies(frames).0 > all).await;
    house.settle().await;
    assert_eq!(bodies(&office.frames()).0, all, "{:#?}", office.frames());
}

async fn a_customers_stream_ends_when_somebody_else_comes(house: &House) {
    let (ana, ben) = (house.technician("Ana").await, house.technician("Ben").await);
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "12:30")).await;
    let track = house.link_to(&ruiz.phone, "/track/").await;
    let watch = house.listen(house.bare(Method::GET, &format!("{track}/events"))).await;
    // Moved in time only: the same one comes.
    house.assign(&ruiz, &ana, "10:30").await;
    house.settle().await;
    watch.when(|frames| frames.iter().any(|frame| frame.event == "track")).await;
    assert!(!watch.is_over());
    house.assign(&ruiz, &ben, "10:30").await;
    house.settle().await;
    let began = std::time::Instant::now();
    while !watch.is_over() {
        assert!(began.elapsed().as_secs() < 10, "it goes on: {:#?}", watch.frames());
        pause().await;
    }
    assert_eq!(watch.frames().last().unwrap().data["position"], json!(null));
    // Whoever comes back sees the one who comes now.
    assert_eq!(house.status(&ruiz.id, "en_route").await.0, 200);
    let watch = house.listen(house.bare(Method::GET, &format!("{track}/events"))).await;
    house.fix(&ana, minutes_from(ruiz.place, 20)).await;
    house.fix(&ben, minutes_from(ruiz.place, 10)).await;
    let seen = |frame: &crate::harness::watch::Frame| frame.data["position"].is_object();
    watch.when(|frames| frames.iter().any(seen)).await;
    let bens = minutes_from(ruiz.place, 10);
    for frame in watch.frames().iter().filter(|frame| seen(frame)) {
        let lon = frame.data["position"]["lon"].as_f64().unwrap();
        assert!((lon - bens.lon).abs() < 0.001, "{frame:?}");
    }
}

async fn whoever_is_still_with_a_customer_after_work_is_on_duty(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("15:30", "16:00")).await;
    house.at("16:20").await;
    assert_eq!(house.status(&ruiz.id, "on_site").await.0, 200);
    house.at("16:50").await;
    let place = minutes_from(crate::harness::people::VILLAGE, 10);
    house.fix(&ana, place).await;
    let position = async || house.board().await["technicians"][0]["position"].clone();
    assert_eq!(position().await["lon"], json!(place.lon));
    assert_eq!(house.status(&ruiz.id, "done").await.0, 200);
    house.at("17:10").await;
    house.fix(&ana, crate::harness::people::VILLAGE).await;
    assert_eq!(position().await["lon"], json!(place.lon), "the way home is nobody's business");
}

async fn after_work_nobody_sees_where_a_technician_is(house: &House) {
    let ana = house.technician("Ana").await;
    let office = house.watch("dispatch", None).await;
    let (at_work, at_home) =
        (minutes_from(crate::harness::people::VILLAGE, 10), crate::harness::people::VILLAGE);
    house.fix(&ana, at_work).await;
    let position = async || house.board().await["technicians"][0]["position"].clone();
    let known = position().await;
    assert_eq!(known["lon"], json!(at_work.lon), "{known}");
    office.when(|frames| frames.iter().any(|frame| frame.event == "tech.position")).await;
    // The shift ended at half past four.
    house.at("16:40").await;
    house.fix(&ana, at_home).await;
    assert_eq!(position().await, known, "the last place at work, and no other");
    house.a_second_later().await;
    assert_eq!(office.of("tech.position").len(), 1);
    let day = "from=2026-11-23T00:00:00-05:00&to=2026-11-24T00:00:00-05:00";
    let track = house.see(&format!("/technicians/{}/track?{day}", ana.id)).await;
    assert!(!track.to_string().contains(&at_home.lon.to_string()), "{track}");
}
