//! Many at once: whoever was first has it, everybody else is told so, and each reads what they wrote.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};

on_both! {
    of_two_who_ask_for_one_name_one_gets_it at "09:50";
    of_eight_writers_one_gets_the_job_and_seven_hear_who at "07:00";
    of_eight_jobs_one_gets_the_hour at "07:00";
    whoever_wrote_reads_it_whatever_else_goes_on at "07:00";
}

const WRITERS: usize = 8;
const SEEDS: u64 = 4;

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

async fn crew(house: &House, count: usize) -> Vec<Technician> {
    let mut crew = Vec::new();
    for n in 0..count {
        crew.push(house.technician(&format!("T{n}")).await);
    }
    crew
}

async fn jobs(house: &House, count: usize) -> Vec<Job> {
    let customer = house.customer("Ruiz").await;
    let mut jobs = Vec::new();
    for _ in 0..count {
        jobs.push(house.job(&customer, None).await);
    }
    jobs
}

fn now(job: &Value) -> (String, String) {
    (text(&job["visit"]["technician_id"]), text(&job["visit"]["start"]))
}

async fn of_eight_writers_one_gets_the_job_and_seven_hear_who(house: &House) {
    let (crew, jobs) = (crew(house, 4).await, jobs(house, 5).await);
    for seed in 0..SEEDS {
        let mut chance = Chance(seed);
        let mut versions = Vec::new();
        for job in &jobs {
            versions.push(house.see(&format!("/jobs/{}", job.id)).await["version"].clone());
        }
        let mut wishes = Vec::new();
        for writer in 0..WRITERS {
            for (n, job) in jobs.iter().enumerate() {
                // Every job has a time of its own, so that only the job is fought over; and no two writers want
                // the same, which would be no quarrel.
                let minutes = 8 * 60 + 90 * n + 5 * (writer % 2);
                let start = moment(&format!("{:02}:{:02}", minutes / 60, minutes % 60));
                let who = &crew[writer / 2].id;
                wishes.push((n, json!({
                    "job_id": job.id, "technician_id": who, "start": start, "version": versions[n],
                })));
            }
        }
        for at in (1..wishes.len()).rev() {
            wishes.swap(at, chance.below(at + 1));
        }
        let asked = wishes.iter().map(|(_, body)| house.post("/dispatch/assign", body));
        let answers = join_all(asked).await;
        for (n, job) in jobs.iter().enumerate() {
            let mine = || wishes.iter().zip(&answers).filter(|((of, _), _)| *of == n);
            let won: Vec<&Value> =
                mine().filter(|(_, answer)| answer.0 == 200).map(|(_, answer)| &answer.1).collect();
            assert_eq!(won.len(), 1, "seed {seed}, job {n}");
            let held = house.see(&format!("/jobs/{}", job.id)).await;
            assert_eq!(now(won[0]), now(&held), "seed {seed}, job {n}");
            for (_, (status, problem)) in mine().filter(|(_, answer)| answer.0 != 200) {
                assert_eq!(*status, 409, "seed {seed}, job {n}: {problem}");
                assert_eq!(problem["errors"][0]["pointer"], "/version", "{problem}");
                assert_eq!(now(&problem["current"]), now(&held), "the loser sees who has it");
            }
        }
        house.settle().await;
        for job in &jobs {
            house.done("/dispatch/unassign", &json!({"job_id": job.id})).await;
        }
    }
}

async fn of_eight_jobs_one_gets_the_hour(house: &House) {
    let (crew, jobs) = (crew(house, 1).await, jobs(house, WRITERS).await);
    let asked = jobs.iter().map(|job| house.try_assign(job, &crew[0], "10:00"));
    let answers = join_all(asked).await;
    let won = answers.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!(won, 1, "{answers:?}");
    for (_, problem) in answers.iter().filter(|(status, _)| *status != 200) {
        assert_eq!((&problem["status"], &problem["code"]), (&json!(409), &json!("board.overlap")));
        assert_eq!(problem["errors"][0]["pointer"], "/start", "{problem}");
        assert_eq!(problem["current"]["status"], "unassigned", "{problem}");
    }
    let board = house.board().await;
    assert_eq!(board["technicians"][0]["visits"].as_array().unwrap().len(), 1, "{board}");
}

async fn one_writer(house: &House, n: usize) -> BTreeSet<String> {
    let mut made = BTreeSet::new();
    let who = house.technician(&format!("W{n}")).await;
    for round in 0..4 {
        let customer = house.customer(&format!("Client {n} {round}")).await;
        let seen = house.see(&format!("/customers/{}", customer.id)).await;
        assert_eq!(seen["name"], format!("Client {n} {round}"));
        let job = house.job(&customer, None).await;
        let start = format!("{:02}:00", 8 + 2 * round);
        let given = house.assign(&job, &who, &start).await;
        let held = house.see(&format!("/jobs/{}", job.id)).await;
        assert_eq!((&held["status"], now(&held)), (&json!("planned"), now(&given)));
        let edit = json!({"title": format!("Titre {n} {round}"), "version": held["version"]});
        let path = format!("/jobs/{}", job.id);
        let (status, edited) =
            house.answer(house.request(reqwest::Method::PATCH, &path).json(&edit)).await;
        assert_eq!(status, 200, "nobody else touched it: {edited}");
        assert_eq!(house.see(&path).await["title"], edit["title"]);
        let listed = house.see(&format!("/jobs?technician_id={}&limit=200", who.id)).await;
        made.insert(job.id);
        let ids: BTreeSet<String> =
            listed["items"].as_array().unwrap().iter().map(|job| text(&job["id"])).collect();
        assert_eq!(ids, made, "the list of writer {n}");
    }
    made
}

async fn whoever_wrote_reads_it_whatever_else_goes_on(house: &House) {
    let made = join_all((0..WRITERS).map(|n| one_writer(house, n))).await;
    house.settle().await;
    let board = house.board().await;
    let mut shown = 0;
    for technician in board["technicians"].as_array().unwrap() {
        shown += technician["visits"].as_array().unwrap().len();
    }
    assert_eq!(shown, made.iter().map(BTreeSet::len).sum::<usize>());
}

async fn of_two_who_ask_for_one_name_one_gets_it(house: &House) {
    let technician = |n: usize| {
        json!({
            "name": format!("T{n}"), "phone": format!("+1450555020{n}"), "gps_device_id": "van-7",
            "home": {"lat": 45.05, "lon": -73.58},
        })
    };
    let customer = |n: usize| json!({"name": format!("C{n}"), "external_id": "K-17"});
    let made = house.make("/customers", json!({"name": "Ruiz"})).await;
    let place = |n: usize| {
        json!({
            "customer_id": made["id"], "address": format!("{n}, rang Double"), "lat": 45.1,
            "lon": -73.6, "external_id": "K-17",
        })
    };
    for (path, field, bodies) in [
        ("/technicians", "gps_device_id", [technician(1), technician(2), technician(3)]),
        ("/customers", "external_id", [customer(1), customer(2), customer(3)]),
        ("/locations", "external_id", [place(1), place(2), place(3)]),
    ] {
        let asked = bodies.iter().map(|body| house.post(path, body));
        let answers = futures_util::future::join_all(asked).await;
        let refused: Vec<_> = answers.iter().filter(|(status, _)| *status == 409).collect();
        assert_eq!(refused.len(), 2, "{path}: {answers:?}");
        assert!(answers.iter().any(|(status, _)| *status == 201), "{path}: {answers:?}");
        for (_, problem) in refused {
            assert_eq!(problem["errors"][0]["pointer"], format!("/{field}"), "{problem}");
        }
    }
    // One's own name is no obstacle, somebody else's is; an id of ours is never anybody's outside.
    let of = |id: &Value| format!("/customers/{}", id.as_str().unwrap());
    let bearer = house.see("/customers/K-17").await;
    let change = async |id: &Value, change: Value| {
        house.answer(house.request(reqwest::Method::PATCH, &of(id)).json(&change)).await
    };
    let (status, answer) = change(&bearer["id"], json!({"name": "C", "external_id": "K-17"})).await;
    assert_eq!(status, 200, "{answer}");
    for name in [json!("K-17"), bearer["id"].clone()] {
        let (status, answer) = change(&made["id"], json!({"external_id": name})).await;
        let pointer = &answer["errors"][0]["pointer"];
        assert_eq!((status, pointer), (409, &json!("/external_id")), "{answer}");
    }
    // Given back, it is free.
    assert_eq!(change(&bearer["id"], json!({"external_id": null})).await.0, 200);
    assert_eq!(change(&made["id"], json!({"external_id": "K-17"})).await.0, 200);
    assert_eq!(house.see("/customers/K-17").await["id"], made["id"]);
}
