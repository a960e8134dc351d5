//! The time machine: the board of an earlier moment is the board that was seen then, whatever has happened since.
//! `TOURNEE_LOOKS=100` asks at so many moments, a hundred commands apart; without it, twelve, ten apart.

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, VILLAGE, text};

on_both! {
    the_board_of_any_moment_is_what_was_seen_then at "07:00";
    a_look_back_says_what_was_there_and_what_was_told at "08:00";
    why_not_luc_is_answered_later_as_it_was_answered_then at "09:50";
    nobody_looks_ahead_and_nothing_was_there_before_the_beginning at "08:00";
}

/// Numbers that look like chance and are the same in every run (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }
}

async fn back(house: &House, at: jiff::Timestamp) -> Value {
    house.see(&format!("/dispatch/board?date=2026-11-23&at={at}")).await
}

/// Without what only a look back says.
fn as_seen(mut board: Value) -> Value {
    let fields = board.as_object_mut().unwrap();
    fields.remove("at");
    fields.remove("texts");
    board
}

/// Something that a dispatcher or the day does; refusals are part of it.
async fn something(house: &House, chance: &mut Chance, crew: &[Technician], jobs: &[Job]) {
    let (who, job) = (&crew[chance.below(crew.len())], &jobs[chance.below(jobs.len())]);
    let start = moment("08:00") + SignedDuration::from_mins(5 * chance.below(90) as i64);
    let assign = json!({"job_id": job.id, "technician_id": who.id, "start": start});
    let (status, answer) = match chance.below(12) {
        0..=3 => house.post("/dispatch/assign", &assign).await,
        4 => house.post("/dispatch/unassign", &json!({"job_id": job.id})).await,
        5 => {
            let mut drafted = assign;
            drafted["draft"] = json!("matin");
            house.post("/dispatch/assign", &drafted).await
        }
        6 => house.status(&job.id, "en_route").await,
        7 => house.status(&job.id, "on_site").await,
        8 => house.status(&job.id, "done").await,
        9 => {
            let body = json!({"title": format!("Sans Internet {}", chance.below(99))});
            let path = format!("/jobs/{}", job.id);
            house.answer(house.request(Method::PATCH, &path).json(&body)).await
        }
        10 => {
            let lat = VILLAGE.lat + chance.below(100) as f64 / 1000.0;
            let at = scheduler::travel::Point { lat, lon: VILLAGE.lon };
            let time = house.now().as_second().to_string();
            house.try_fix(&who.device, at, &time, "8").await
        }
        _ => {
            let body = json!({"start": start, "end": start + SignedDuration::from_mins(20)});
            house.post(&format!("/technicians/{}/absences", who.id), &body).await
        }
    };
    assert!(status < 500, "{status}: {answer}");
}

async fn the_board_of_any_moment_is_what_was_seen_then(house: &House) {
    let asked = std::env::var("TOURNEE_LOOKS").ok().and_then(|text| text.parse().ok());
    let (looks, apart) = asked.map_or((12, 10), |looks: usize| (looks, 100));
    let mut crew = Vec::new();
    for name in ["Ana", "Luc", "Zoé", "Max"] {
        crew.push(house.technician(name).await);
    }
    let ruiz = house.customer("Ruiz").await;
    let mut jobs = Vec::new();
    for n in 0..14 {
        jobs.push(house.job(&ruiz, (n % 3 == 0).then_some(("10:00", "12:00"))).await);
    }
    let mut chance = Chance(11);
    let mut seen = Vec::new();
    for _ in 0..looks {
        for _ in 0..apart {
            something(house, &mut chance, &crew, &jobs).await;
        }
        house.a_second_later().await;
        // Positions reach their rows within a second.
        tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
        seen.push((house.now(), house.board().await));
        house.a_second_later().await;
    }
    // In an order in which some are told again from the beginning, and some from a copy.
    for index in (0..seen.len()).rev().step_by(2).chain(0..seen.len()) {
        let (at, then) = &seen[index];
        assert_eq!(as_seen(back(house, *at).await), *then, "look {index}, at {at}");
    }
}

async fn a_look_back_says_what_was_there_and_what_was_told(house: &House) {
    let ana = house.technician("Ana").await;
    let luc = house.technician("Luc").await;
    let job = house.promised("Ruiz", &ana, ("10:00", "12:00")).await;
    house.at("08:30").await;
    house.assign(&job, &luc, "13:00").await;
    house.settle().await;
    house.at("09:00").await;
    let of = |board: &Value, who: &Technician| {
        let rows = board["technicians"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["id"] == json!(who.id)).unwrap();
        row["visits"].as_array().unwrap().len()
    };
    let before = back(house, moment("08:29")).await;
    assert_eq!((of(&before, &ana), of(&before, &luc)), (1, 0));
    assert_eq!(before["at"], json!(moment("08:29")));
    let kinds = |board: &Value| -> Vec<String> {
        let all = board["texts"].as_array().unwrap();
        all.iter().filter(|one| one["to"] == json!(job.phone)).map(|t| text(&t["kind"])).collect()
    };
    assert_eq!(kinds(&before), ["visit_promised"]);
    let after = back(house, moment("08:31")).await;
    assert_eq!((of(&after, &ana), of(&after, &luc)), (0, 1));
    assert_eq!(kinds(&after), ["visit_promised", "rescheduled"]);
    let open = house.board().await;
    assert_eq!((of(&open, &ana), of(&open, &luc)), (0, 1), "today is as it was");
}

async fn nobody_looks_ahead_and_nothing_was_there_before_the_beginning(house: &House) {
    house.technician("Ana").await;
    let (status, problem) = house.get("/dispatch/board?at=2026-11-23T08:00:01-05:00").await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/at")), "{problem}");
    let (status, _) = house.get("/dispatch/board?at=then").await;
    assert!(status == 400 || status == 422, "{status}");
    let empty = house.see("/dispatch/board?at=2026-11-20T10:42:00-05:00").await;
    assert_eq!(empty["technicians"], json!([]));
    assert_eq!((&empty["date"], &empty["seq"]), (&json!("2026-11-20"), &json!(0)));
    let proof = house.bare(Method::GET, "/dispatch/board?at=2026-11-20T10:42:00-05:00");
    assert_eq!(house.answer(proof).await.0, 401);
}

async fn why_not_luc_is_answered_later_as_it_was_answered_then(house: &House) {
    let (ana, luc, bob) = (
        house.technician("Ana").await,
        house.technician("Luc").await,
        house.technician("Bob").await,
    );
    let level = async |who: &Technician, level: u8| {
        let body = json!({"skills": [{"tag": "Fibre", "level": level}]});
        let request = house.request(Method::PATCH, &format!("/technicians/{}", who.id));
        assert_eq!(house.answer(request.json(&body)).await.0, 200);
    };
    level(&luc, 1).await;
    // Bob is late for the visit before, and where he is now says by how much; Ana's drive of the morning has taught something.
    let early = house.promised("Gagnon", &ana, ("10:00", "10:30")).await;
    assert_eq!(house.status(&early.id, "en_route").await.0, 200);
    let before = house.promised("Roy", &bob, ("10:30", "11:00")).await;
    house.fix(&bob, crate::harness::town::minutes_from(before.place, 70)).await;
    house.at("10:05").await;
    assert_eq!(house.status(&early.id, "on_site").await.0, 200);
    house.fix(&ana, early.place).await;
    let job = house.job(&house.customer("Ruiz").await, Some(("11:00", "14:00"))).await;
    house.settle().await;
    let body =
        json!({"job_id": job.id, "from": moment("11:00"), "to": moment("14:00"), "limit": 50});
    let request = house.request(Method::POST, "/dispatch/suggest").json(&body);
    let then = request.send().await.unwrap().text().await.unwrap();
    assert!(then.contains("Niveau 1 en Fibre, 2 exigé"), "{then}");
    let asked_at = house.now();
    house.a_second_later().await;
    // Given to Ana; and after that everything changes: Luc learns, Bob is away, Ana has moved, hours have gone by.
    house.assign(&job, &ana, "12:00").await;
    level(&luc, 5).await;
    let sick = json!({"start": moment("10:30"), "end": moment("16:00"), "reason": "grippe"});
    house.make(&format!("/technicians/{}/absences", bob.id), sick).await;
    assert_eq!(house.status(&early.id, "done").await.0, 200);
    house.at("11:20").await;
    house.fix(&ana, VILLAGE).await;
    house.at("13:00").await;
    let of = async |at: &str| {
        let path = format!(
            "/jobs/{}/suggestions?from={}&to={}&limit=50{at}",
            job.id,
            moment("11:00"),
            moment("14:00")
        );
        house.request(Method::GET, &path).send().await.unwrap().text().await.unwrap()
    };
    assert_eq!(of(&format!("&at={asked_at}")).await, then, "to the last byte");
    assert_ne!(of("").await, then, "it is another answer now");
    let ahead = format!("/jobs/{}/suggestions?at={}", job.id, moment("15:00"));
    assert_eq!(house.answer(house.request(Method::GET, &ahead)).await.0, 422);
    let early = format!("/jobs/{}/suggestions?at={}", job.id, moment("09:50"));
    assert_eq!(house.answer(house.request(Method::GET, &early)).await.0, 404, "not there yet");
}
