//! A dispatcher types an address as people do, and finds the place: accents, abbreviations and order make no difference,
//! and the file it comes from is read once, however often it is imported.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use tokio::process::Command;

use crate::harness::house::{House, on_both, pause};
use crate::harness::people::text;
use crate::harness::town::On;

on_both! {
    what_is_typed_in_part_is_found_in_full at "09:00";
    an_import_is_safe_to_repeat_and_goes_on_where_it_stopped at "09:00";
    without_a_file_the_answer_says_so at "09:00";
    beyond_the_file_nobody_is_asked_unless_a_server_is_named at "09:00";
    a_server_that_is_away_is_said_in_a_sentence at "09:00" with nominatim_url = "http://127.0.0.1:9";
}

const HEAD: &str = "number,street,unit,city,region,postcode,lat,lon\n";
const OWN: &str = "1245,chemin Covey Hill,,Franklin,QC,J0S 1E0,45.04,-73.92\n\
                   1247,chemin Covey Hill,,Franklin,QC,J0S 1E0,45.041,-73.921\n\
                   12,rang Sainte-Anne,,Hemmingford,QC,J0L 1H0,45.05,-73.58\n\
                   12,rang Sainte-Anne,,Rimouski,QC,G5L 1A1,48.44,-68.52\n\
                   120,rang Sainte-Anne,,Hemmingford,QC,J0L 1H0,45.06,-73.57\n\
                   7B,rue de l'Église,3,Saint-Rémi,QC,J0L 2L0,45.26,-73.61\n\
                   88,10e Rang,,Hinchinbrooke,QC,J0S 1E0,45.02,-74.1\n";

/// Streets that bear the words everybody uses, so that those alone find nothing in particular.
fn filled(count: usize) -> String {
    let mut lines = HEAD.to_owned();
    for n in 0..count {
        let (kind, town) = (["rue", "chemin", "rang"][n % 3], n % 40);
        let (lat, lon) = (45.0 + (n % 97) as f64 / 500.0, -73.9 + (n % 89) as f64 / 500.0);
        let _ = writeln!(lines, "{},{kind} Saint-Luc {n},,Ville {town},QC,,{lat},{lon}", n % 50);
    }
    lines + OWN
}

fn written(house: &House, name: &str, text: &str) -> PathBuf {
    let path = house.folder().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn command(house: &House, file: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tournee"));
    command.arg("--data").arg(house.folder()).args(["import", "addresses"]).arg(file);
    if house.on == On::Postgresql {
        command.arg("--database-url").arg(house.database_url().unwrap());
    }
    command
}

async fn import(house: &House, file: &std::path::Path) -> Output {
    command(house, file).output().await.unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

async fn found(house: &House, question: &str) -> Vec<Value> {
    let answer = house.answer(
        house.request(reqwest::Method::GET, "/addresses").query(&[("q", question), ("limit", "5")]),
    );
    let (status, answer) = answer.await;
    assert_eq!(status, 200, "{answer}");
    answer["items"].as_array().unwrap().clone()
}

async fn first(house: &House, question: &str) -> String {
    let items = found(house, question).await;
    items.first().map(|item| text(&item["address"])).unwrap_or_default()
}

async fn what_is_typed_in_part_is_found_in_full(house: &House) {
    house.technician("Ana").await;
    said(&import(house, &written(house, "adresses.csv", &filled(9_000))).await);
    let covey = "1245, chemin Covey Hill, Franklin (QC) J0S 1E0";
    // As it grows under the fingers, and in other orders and spellings.
    for question in [
        "1245 ch cov",
        "1245 ch covey hill frankl",
        "1245 COVEY",
        "covey hill 1245",
        "1245, chem. Covey Hill, Franklin",
        "1245 covey hill J0S 1E0",
        "124 covey",
    ] {
        assert_eq!(first(house, question).await, covey, "{question}");
    }
    assert_eq!(
        first(house, "7b eglise st-remi").await,
        "7B-3, rue de l'Église, Saint-Rémi (QC) J0L 2L0"
    );
    assert_eq!(first(house, "88 10e rang hinch").await, "88, 10e Rang, Hinchinbrooke (QC) J0S 1E0");
    // Two places answer alike: the one nearer to the company comes first, the exact number before a longer one.
    let places = found(house, "12 rang ste-anne").await;
    let towns: Vec<String> = places.iter().map(|one| text(&one["municipality"])).collect();
    assert_eq!(towns, ["Hemmingford", "Rimouski", "Hemmingford"]);
    assert_eq!(places[2]["number"], "120");
    assert_eq!((&places[0]["lat"], &places[0]["lon"]), (&json!(45.05), &json!(-73.58)));
    // Without a number, the street itself.
    let street = found(house, "covey").await;
    assert_eq!((street.len(), &street[0]["number"]), (1, &Value::Null));
    assert_eq!(street[0]["street"], "chemin Covey Hill");
    assert_eq!(found(house, "zzyzx").await, Vec::<Value>::new());
    assert_eq!(found(house, "99991").await, Vec::<Value>::new(), "a number alone names no place");
    assert_eq!(found(house, "% _ '").await, Vec::<Value>::new());
    for wrong in ["/addresses?q=x&limit=0", "/addresses?q=x&limit=21"] {
        assert_eq!(house.get(wrong).await.0, 422, "{wrong}");
    }
    assert!(matches!(house.get("/addresses").await.0, 400 | 422), "a question is needed");
}

async fn an_import_is_safe_to_repeat_and_goes_on_where_it_stopped(house: &House) {
    house.technician("Ana").await;
    let file = written(house, "adresses.csv", &filled(50_000));
    let mut begun = command(house, &file).stdout(Stdio::null()).spawn().unwrap();
    // The first ten thousand are kept together; killed then, it has not come to the end.
    while first(house, "1 saint-luc 1 ville 1").await.is_empty() {
        assert!(begun.try_wait().unwrap().is_none(), "it was over before it could be stopped");
        pause().await;
    }
    begun.kill().await.unwrap();
    let rest = said(&import(house, &file).await);
    assert!(rest.starts_with("went on after line "), "{rest}");
    assert!(rest.contains("the store knows 50007 on 50005 streets"), "{rest}");
    assert_eq!(
        first(house, "1247 covey hill").await,
        "1247, chemin Covey Hill, Franklin (QC) J0S 1E0"
    );
    let lines = filled(0) + "13,,,Franklin,QC,,45.1,-73.9\n";
    let few = written(house, "few.csv", &lines);
    for _ in 0..2 {
        let again = said(&import(house, &few).await);
        assert!(again.starts_with("7 addresses read; the store knows 50007"), "{again}");
        assert!(again.contains("1 lines name no number, street or place; the first is line 9"));
    }
    let wrong = import(house, &written(house, "wrong.csv", "a,b\n1,2\n")).await;
    assert_eq!(wrong.status.code(), Some(1));
    let why = String::from_utf8(wrong.stderr).unwrap();
    assert!(why.starts_with("tournee: no column holds the civic number"), "{why}");
    let missing = import(house, &house.folder().join("none.csv")).await;
    assert_eq!(missing.status.code(), Some(1));
}

async fn without_a_file_the_answer_says_so(house: &House) {
    house.technician("Ana").await;
    let answer = house.see("/addresses?q=1245%20covey").await;
    assert_eq!((&answer["imported"], &answer["items"]), (&json!(false), &json!([])));
    said(&import(house, &written(house, "adresses.csv", &filled(0))).await);
    assert_eq!(house.see("/addresses?q=nowhere").await["imported"], true);
}

async fn beyond_the_file_nobody_is_asked_unless_a_server_is_named(house: &House) {
    house.technician("Ana").await;
    let (status, problem) = house.get("/addresses?q=1245%20covey&elsewhere=true").await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/elsewhere")));
}

async fn a_server_that_is_away_is_said_in_a_sentence(house: &House) {
    house.technician("Ana").await;
    let (status, problem) = house.get("/addresses?q=1245%20covey&elsewhere=true").await;
    assert_eq!((status, &problem["code"]), (503, &json!("addresses.no_answer")), "{problem}");
    assert_eq!(house.see("/addresses?q=1245%20covey").await["items"], json!([]));
}
