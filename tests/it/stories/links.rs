//! Links: what they open without a script, when they end, and that one of an audience is worth nothing to another.

use reqwest::{Client, Method, redirect};
use serde_json::{Value, json};
use tournee::auth::links::Audience;

use crate::harness::house::{House, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    a_day_is_worked_off_with_forms_alone at "09:50";
    a_promise_far_ahead_has_a_link_that_holds_on_its_day at "09:50";
    a_button_works_in_a_browser_that_is_signed_in_too at "09:50";
    links_end_and_open_nothing_of_another_audience at "09:50";
    a_calendar_is_fetched_anew_only_when_a_visit_changed at "09:50";
    a_visit_that_moves_keeps_its_name_in_the_calendar_and_counts_on at "09:50";
}

/// What a browser without a script does on a button: the status, where it is sent, and the page.
async fn press(house: &House, page: &str, job: &Job, status: &str) -> (u16, String, String) {
    let browser = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
    let door = format!("{}{page}/jobs/{}/status", house.url, job.id);
    let answer = browser.post(door).form(&[("status", status)]).send().await.unwrap();
    let code = answer.status().as_u16();
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    assert!(code == 303 || kind.as_deref() == Some("text/html; charset=utf-8"), "{code} {kind:?}");
    let to = answer.headers().get("location").map_or("", |to| to.to_str().unwrap()).to_owned();
    (code, to, answer.text().await.unwrap())
}

async fn a_day_is_worked_off_with_forms_alone(house: &House) {
    let (ana, ben) = (house.technician("Ana").await, house.technician("Ben").await);
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let other = house.promised("Roy", &ben, ("10:00", "10:30")).await;
    let page = house.link_to(&ana.phone, "/t/").await;
    let (_, shown) = house.page(&page).await;
    let door = format!("action=\"{page}/jobs/{}/status\"", ruiz.id);
    assert!(shown.contains(&door) && shown.contains("method=\"post\""), "{shown}");

    let before = house.inside.head();
    for (job, status, code) in [
        (&ruiz, "done", 422),
        (&ruiz, "flying", 422),
        (&ruiz, "cancelled", 422),
        (&other, "en_route", 404),
    ] {
        let (answer, _, why) = press(house, &page, job, status).await;
        assert_eq!(answer, code, "{status}: {why}");
        assert!(why.contains(&format!("href=\"{page}\"")), "the way back: {why}");
        assert!(!why.contains("\"detail\"") && why.contains("<h1>"), "a page for a person: {why}");
    }
    assert_eq!(house.inside.head(), before, "nothing was done");
    for status in ["en_route", "on_site", "on_site", "done"] {
        let (code, to, _) = press(house, &page, &ruiz, status).await;
        assert_eq!((code, to.as_str()), (303, page.as_str()), "{status}");
        assert_eq!(house.see(&format!("/jobs/{}", ruiz.id)).await["status"], status);
    }
    let (code, shown) = house.page(&page).await;
    assert_eq!(code, 200);
    assert!(shown.contains("Journée terminée."), "{shown}");
}

async fn a_button_works_in_a_browser_that_is_signed_in_too(house: &House) {
    let who = json!({"email": "bea@example.ca", "password": "a long password"});
    let mut user = who.clone();
    (user["name"], user["role"]) = ("Bea".into(), "dispatcher".into());
    house.make("/auth/users", user).await;
    let login = house.bare(Method::POST, "/auth/login").json(&who).send().await.unwrap();
    let cookie = login.headers().get("set-cookie").unwrap().to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap();
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let page = house.link_to(&ana.phone, "/t/").await;
    // The page tells nobody where its reader came from, so the browser cannot either.
    let form = |path: &str| {
        let request = house.bare(Method::POST, path).header("Cookie", cookie);
        request.header("Origin", "null").form(&[("status", "en_route")])
    };
    let door = format!("{page}/jobs/{}/status", ruiz.id);
    assert_eq!(form(&door).send().await.unwrap().status(), 200, "the page after the button");
    assert_eq!(house.see(&format!("/jobs/{}", ruiz.id)).await["status"], "en_route");
    // Where the cookie is the proof, another site's page gets nowhere.
    let door = format!("/jobs/{}/status", ruiz.id);
    assert_eq!(form(&door).send().await.unwrap().status(), 403);
}

async fn links_end_and_open_nothing_of_another_audience(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let feed = calendar(house, &ana).await;
    let token =
        |link: &str, after: &str| link[link.find(after).unwrap() + after.len()..].to_owned();
    let (page, track) =
        (house.link_to(&ana.phone, "/t/").await, house.link_to(&ruiz.phone, "/track/").await);
    let tokens = [
        (Audience::Tech, token(&page, "/t/")),
        (Audience::Track, token(&track, "/track/")),
        (Audience::Ical, token(&feed, "token=")),
    ];
    let doors = |audience: Audience, token: &str| match audience {
        Audience::Tech => vec![format!("/t/{token}"), format!("/t/{token}/state")],
        Audience::Track => vec![format!("/track/{token}"), format!("/track/{token}/state")],
        Audience::Ical => vec![format!("/dispatch/calendar/{}.ics?token={token}", ana.id)],
    };
    for (owner, token) in &tokens {
        for (audience, _) in &tokens {
            for door in doors(*audience, token) {
                let (code, body) = house.page(&door).await;
                let good = if owner == audience { 200 } else { refused(*audience) };
                assert_eq!(code, good, "{owner:?}'s at {door}");
                assert!(owner == audience || !body.contains("Ruiz"), "{door} tells: {body}");
            }
        }
    }
    // Of the right audience, but for nobody there is, or signed by somebody else.
    let nobody = house.inside.links.make(Audience::Tech, "tech_nobody", "x:1", house.now());
    assert_eq!(house.page(&format!("/t/{nobody}/state")).await.0, 404);
    let theirs = tournee::auth::links::Links::new(&[7; 32]);
    let forged = theirs.make(Audience::Tech, &ana.id, "x:1", house.now());
    assert_eq!(house.page(&format!("/t/{forged}")).await.0, 401);

    house.at("2026-11-24T12:00").await;
    for door in doors(Audience::Tech, &tokens[0].1) {
        assert_eq!(house.page(&door).await.0, 410, "a day and an hour later: {door}");
    }
    let (code, _, why) = press(house, &page, &ruiz, "en_route").await;
    assert_eq!(code, 410, "{why}");
    assert_eq!(house.page(&track).await.0, 200, "the customer's holds on: it was not done");
    house.at("2026-12-24T12:00").await;
    for door in doors(Audience::Track, &tokens[1].1) {
        assert_eq!(house.page(&door).await.0, 410, "a month later: {door}");
    }
}

fn refused(at: Audience) -> u16 {
    if at == Audience::Ical { 404 } else { 401 }
}

/// The path of a technician's calendar.
async fn calendar(house: &House, who: &Technician) -> String {
    let url = text(&house.see(&format!("/dispatch/ical-token/{}", who.id)).await["url"]);
    url[url.find("/dispatch").unwrap()..].to_owned()
}

/// Status, tag and text of a feed, as a calendar asks that knows `tag`.
async fn fetch(house: &House, path: &str, tag: Option<&str>) -> (u16, String, String) {
    let mut request = house.bare(Method::GET, path);
    if let Some(tag) = tag {
        request = request.header("If-None-Match", tag);
    }
    let answer = request.send().await.unwrap();
    let code = answer.status().as_u16();
    let tag = answer.headers().get("etag").map_or("", |tag| tag.to_str().unwrap()).to_owned();
    (code, tag, answer.text().await.unwrap())
}

async fn a_calendar_is_fetched_anew_only_when_a_visit_changed(house: &House) {
    let (ana, ben) = (house.technician("Ana").await, house.technician("Ben").await);
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let roy = house.promised("Roy", &ana, ("13:00", "13:30")).await;
    let path = calendar(house, &ana).await;
    let (code, tag, feed) = fetch(house, &path, None).await;
    assert_eq!((code, feed.matches("BEGIN:VEVENT").count()), (200, 2), "{feed}");
    assert_eq!(feed.matches("STATUS:CONFIRMED").count(), 2, "{feed}");
    let uids = |feed: &str| {
        let mut all: Vec<_> =
            feed.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect();
        all.sort();
        all
    };
    house.at("09:55").await;
    let same = fetch(house, &path, Some(&tag)).await;
    assert_eq!((same.0, same.1.as_str(), same.2.as_str()), (304, tag.as_str(), ""));
    assert_eq!(fetch(house, &path, Some("\"another\"")).await.0, 200);
    assert_eq!(fetch(house, &path, Some(&format!("\"x\", W/{tag}"))).await.0, 304);

    // One is cancelled, the other goes to somebody else: struck out for Ana, under the same names.
    assert_eq!(house.status(&ruiz.id, "cancelled").await.0, 200);
    house.assign(&roy, &ben, "13:00").await;
    house.settle().await;
    let (code, changed, struck) = fetch(house, &path, Some(&tag)).await;
    assert_eq!(code, 200);
    assert_ne!(changed, tag);
    assert_eq!(struck.matches("STATUS:CANCELLED").count(), 2, "{struck}");
    assert_eq!(uids(&feed), uids(&struck), "{feed}\n{struck}");
    let made = |feed: &str| {
        let mut all: Vec<_> =
            feed.lines().filter(|line| line.starts_with("CREATED:")).map(str::to_owned).collect();
        all.sort();
        all
    };
    assert_eq!(made(&feed), made(&struck), "an appointment is made once");
    assert!(made(&feed)[0].starts_with("CREATED:20261123T1450"), "{feed}");
    house.at("2026-12-22T12:00").await;
    assert_eq!(fetch(house, &path, None).await.2.matches("STATUS:CANCELLED").count(), 2);
    house.at("2026-12-24T12:00").await;
    assert_eq!(fetch(house, &path, None).await.2.matches("STATUS:CANCELLED").count(), 0, "30 days");

    let others = path.replace(&ana.id, &ben.id);
    assert_eq!(fetch(house, &others, None).await.0, 404, "Ana's token, Ben's calendar");
    let revoke = format!("/dispatch/ical-token/{}/revoke", ana.id);
    assert_eq!(house.post(&revoke, &Value::Null).await.0, 204);
    assert_eq!(fetch(house, &path, None).await.0, 404, "taken back");
    let anew = calendar(house, &ana).await;
    assert_ne!(anew, path);
    assert_eq!(fetch(house, &anew, None).await.0, 200);
}

async fn a_promise_far_ahead_has_a_link_that_holds_on_its_day(house: &House) {
    let ana = house.technician("Ana").await;
    let ruiz = house.customer("Ruiz").await;
    let window = ("2027-01-11T10:00", "2027-01-11T10:30");
    let job = house.job(&ruiz, Some(window)).await;
    house.assign(&job, &ana, window.0).await;
    house.settle().await;
    let track = house.link_to(&ruiz.phone, "/track/").await;
    house.at("2027-01-11T09:30").await;
    assert_eq!(house.page(&track).await.0, 200, "seven weeks later, on the day itself");
}

async fn a_visit_that_moves_keeps_its_name_in_the_calendar_and_counts_on(house: &House) {
    let ana = house.technician("Ana").await;
    let roy = house.promised("Roy", &ana, ("13:00", "13:30")).await;
    let path = calendar(house, &ana).await;
    let value = |feed: &str, name: &str| -> String {
        let line = feed.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix([':', ';']));
        line.unwrap_or_else(|| panic!("no {name} in {feed}")).trim().to_owned()
    };
    // The zone's own rules begin with a DTSTART each.
    let starts = |feed: &str| value(feed.split("BEGIN:VEVENT").nth(1).unwrap(), "DTSTART");
    let number = |feed: &str| value(feed, "SEQUENCE").parse::<i64>().unwrap();
    let mut feed = fetch(house, &path, None).await.2;
    assert!(feed.contains("BEGIN:VTIMEZONE"), "{feed}");
    assert!(starts(&feed).ends_with("20261123T130000"), "{feed}");
    for (at, start) in [("10:00", "13:15"), ("10:05", "13:30"), ("10:10", "14:00")] {
        house.at(at).await;
        house.assign(&roy, &ana, start).await;
        house.settle().await;
        let moved = fetch(house, &path, None).await.2;
        assert_eq!(value(&moved, "UID"), value(&feed, "UID"));
        assert!(number(&moved) > number(&feed), "{feed}\n{moved}");
        for stamp in ["LAST-MODIFIED", "DTSTAMP"] {
            assert!(value(&moved, stamp) > value(&feed, stamp), "{stamp}: {feed}\n{moved}");
        }
        assert_eq!(value(&moved, "CREATED"), value(&feed, "CREATED"));
        feed = moved;
    }
    assert!(starts(&feed).ends_with("20261123T140000"), "{feed}");
    // Whoever follows slowly was texted: the last of the day's changes stands in the thread.
    let last = house.texts_to(&ana.phone).await.pop().unwrap();
    assert!(text(&last["body"]).contains("14"), "{last}");
}
