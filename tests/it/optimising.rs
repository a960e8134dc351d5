//! `POST /optimize` and `tournee solve`: VROOM's JSON in and out over HTTP, and the optimiser on files.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::house::House;
use crate::harness::town::On;

async fn house(name: &str) -> Option<House> {
    House::open(name, On::Sqlite, "09:50", &[]).await
}

fn day(limit_s: f64) -> Value {
    let job = |id: u64, lon: f64, lat: f64| json!({ "id": id, "location": [lon, lat], "service": 1800, "skills": [1], "priority": id });
    json!({
        "options": { "l": limit_s, "g": true },
        "vehicles": [{
            "id": 1, "description": "Ana", "start": [-73.58, 45.05], "end": [-73.58, 45.05], "skills": [1],
            "time_window": [28_800, 61_200], "capacity": [4],
            "breaks": [{ "id": 1, "time_windows": [[43_200, 46_800]], "service": 1800 }],
        }],
        "jobs": [job(1, -73.6, 45.1), job(2, -73.55, 45.0), { "id": 3, "location": [-73.5, 45.0], "skills": [2] }],
        "shipments": [{
            "amount": [1],
            "pickup": { "id": 1, "location": [-73.62, 45.02], "service": 300 },
            "delivery": { "id": 1, "location": [-73.5, 45.08], "service": 300 },
        }],
    })
}

#[tokio::test]
async fn a_day_with_breaks_skills_and_shipments_is_planned_over_http() {
    let Some(house) = house("optimize-day").await else { return };
    let answer = house.done("/optimize", &day(0.3)).await;
    assert_eq!(
        (&answer["code"], &answer["summary"]["unassigned"]),
        (&json!(0), &json!(1)),
        "{answer}"
    );
    assert_eq!(answer["unassigned"][0]["id"], 3);
    let route = &answer["routes"][0];
    let steps = route["steps"].as_array().unwrap();
    let types: Vec<&str> = steps.iter().map(|step| step["type"].as_str().unwrap()).collect();
    let at = |kind: &str| types.iter().position(|one| *one == kind).unwrap();
    assert!(at("pickup") < at("delivery"), "{types:?}");
    let pause = &steps[at("break")];
    let begins = pause["arrival"].as_i64().unwrap() + pause["waiting_time"].as_i64().unwrap();
    assert!((43_200..=46_800).contains(&begins), "{answer}");
    assert!(route["geometry"].is_string() && route["distance"].as_i64().unwrap() > 10_000);
}

#[tokio::test]
async fn errors_have_vrooms_shape_and_codes() {
    let Some(house) = house("optimize-errors").await else { return };
    let mut wrong = day(0.1);
    wrong["jobs"][0]["priority"] = json!(101);
    let (status, answer) = house.post("/optimize", &wrong).await;
    assert_eq!((status, &answer["code"]), (400, &json!(2)));
    assert_eq!(answer["error"], "Invalid priority value for job 1.");
    let broken = house.request(reqwest::Method::POST, "/optimize").body("{\"jobs\": [");
    let (status, answer) = house.answer(broken).await;
    assert_eq!((status, &answer["code"]), (400, &json!(2)), "{answer}");
    let large = house.request(reqwest::Method::POST, "/optimize").body(vec![b' '; 33 << 20]);
    assert_eq!(house.answer(large).await.0, 413);
}

#[tokio::test]
async fn a_third_search_at_once_is_told_to_come_again_and_the_limit_is_kept() {
    let Some(house) = house("optimize-busy").await else { return };
    let ask =
        |limit_s: f64| house.request(reqwest::Method::POST, "/optimize").json(&day(limit_s)).send();
    let begun = Instant::now();
    let (first, second, third) = tokio::join!(ask(1.5), ask(1.5), async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        ask(0.1).await
    });
    let took = begun.elapsed().as_secs_f64();
    assert!((1.4..20.0).contains(&took), "{took} s");
    assert_eq!(
        (first.unwrap().status(), second.unwrap().status()),
        (reqwest::StatusCode::OK, reqwest::StatusCode::OK)
    );
    let third = third.unwrap();
    assert_eq!(third.status(), 503);
    assert_eq!(third.headers().get("retry-after").unwrap(), "2");
    assert_eq!(third.json::<Value>().await.unwrap()["code"], 1);
    assert_eq!(house.post("/optimize", &day(0.1)).await.0, 200, "afterwards there is room again");
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("tournee-solve-{}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

fn solve(path: &PathBuf, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tournee")).arg("solve").arg(path).args(more).output().unwrap()
}

const SMALL: &str = "TYPE : CVRP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\n\
NODE_COORD_SECTION\n1 0 0\n2 0 10\n3 0 20\n4 30 0\nDEMAND_SECTION\n1 0\n2 5\n3 5\n4 5\n\
DEPOT_SECTION\n1\n-1\nEOF\n";

#[test]
fn solve_guesses_the_format_keeps_its_seconds_and_answers_in_kind() {
    let routes = file("small.vrp", SMALL);
    let begun = Instant::now();
    let done = solve(&routes, &["--seconds", "1"]);
    let took = begun.elapsed().as_secs_f64();
    assert!(done.status.success() && done.stderr.is_empty(), "{done:?}");
    // At least what was asked; how little more is for the benchmark to say, not for a machine under load.
    assert!((0.9..20.0).contains(&took), "{took} s");
    assert!(String::from_utf8_lossy(&done.stdout).ends_with("Cost 100\n"), "{done:?}");
    let vroom = file("day.json", &day(0.1).to_string());
    let out = file("out.json", "");
    let done = solve(&vroom, &["--seconds", "0.3", "-o", out.to_str().unwrap()]);
    assert!(done.status.success() && done.stdout.is_empty(), "{done:?}");
    let answer: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(answer["summary"]["unassigned"], 1);
    for path in [routes, vroom, out] {
        let _ = std::fs::remove_file(path);
    }
}

#[test]
fn solve_says_in_one_line_what_is_wrong_with_a_file() {
    let cases = [
        ("empty", "", "is empty"),
        ("cut.json", "{\"vehicles\": [{\"id\": 1,", "EOF"),
        ("nobody.json", "{\"jobs\": [], \"vehicles\": []}", "No vehicle defined"),
        ("words.txt", "Dear all,\n", "vehicle section is missing"),
        ("huge.vrp", &SMALL.replace("DIMENSION : 4", "DIMENSION : 4000000"), "more than"),
        ("heavy.vrp", &SMALL.replace("4 5\n", "4 50\n"), "cannot be served"),
    ];
    for (name, text, words) in cases {
        let path = file(name, text);
        let done = solve(&path, &["--seconds", "0.2"]);
        let told = String::from_utf8(done.stderr).unwrap();
        assert_eq!((done.status.code(), told.lines().count()), (Some(1), 1), "{name}: {told}");
        assert!(told.contains(words), "{name}: {told}");
        let _ = std::fs::remove_file(path);
    }
    assert_eq!(solve(&"nothing".into(), &["--seconds", "-3"]).status.code(), Some(2));
}
