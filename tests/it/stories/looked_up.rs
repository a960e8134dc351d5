//! What is found by a number, and who insisted, is looked up: the questions are answered by indexes, and by the same things as when
//! everything was read.

use actors::engine::refusal::Language;
use serde_json::json;
use sqlx::{AssertSqlSafe, Row};
use tournee::jobs::store::{by_number, numbered};

use crate::harness::house::{House, on_both};
use crate::harness::people::text;
use crate::harness::town::On;

on_both! {
    a_number_is_looked_up_and_not_searched_for at "09:00";
    who_insisted_is_looked_up_and_not_searched_for at "09:00";
}

/// How the database would answer, with what it may use where it has a choice.
async fn plan(house: &House, sql: String) -> String {
    let mut moment = house.inside.moment().await.unwrap();
    let how = match house.on {
        On::Sqlite => "EXPLAIN QUERY PLAN",
        On::Postgresql => {
            // A table of a few rows is read whole as a rule; what could be used for a large one is asked.
            sqlx::query("SET LOCAL enable_seqscan = off").execute(&mut *moment).await.unwrap();
            "EXPLAIN"
        }
    };
    let sql = AssertSqlSafe(format!("{how} {sql}"));
    let rows = sqlx::query(sql).fetch_all(&mut *moment).await.unwrap();
    let last = |row: &sqlx::any::AnyRow| row.get::<String, _>(row.len() - 1);
    rows.iter().map(last).collect::<Vec<_>>().join("\n")
}

async fn a_number_is_looked_up_and_not_searched_for(house: &House) {
    let ruiz = house.customer("Ruiz").await;
    let mut ids = Vec::new();
    for number in ["ISS-4812", "4812", "ISS-14812", "abc", "4xxx2"] {
        let body = json!({
            "external_id": number, "customer_id": ruiz.id, "location_id": ruiz.location,
            "title": number, "duration_min": 60, "skills": [],
        });
        ids.push(text(&house.make("/jobs", body).await["id"]));
    }
    let titles = async |number: &str| {
        let mut connection = house.inside.read().await.unwrap();
        let found = by_number(&mut connection, Language::Fr, number).await.unwrap();
        found.into_iter().map(|one| one.job.title).collect::<Vec<_>>()
    };
    assert_eq!(titles("4812").await, ["4812"], "the whole number before any end");
    assert_eq!(titles("iss-4812").await, ["ISS-4812"], "in any case");
    assert_eq!(titles("14812").await, ["ISS-14812"], "by its end");
    assert_eq!(titles("812").await, Vec::<String>::new(), "three are too few");
    assert_eq!(titles("abc").await, ["abc"], "but a whole number may be short");
    assert_eq!(titles("4%2").await, Vec::<String>::new(), "nothing stands for anything else");
    let end = &ids[0][ids[0].len() - 8..];
    assert_eq!(titles(end).await, ["ISS-4812"], "by the end of the house's own");
    assert_eq!(titles(&ids[3]).await, ["abc"]);
    assert_eq!(house.status(&ids[1], "cancelled").await.0, 200);
    assert_eq!(titles("4812").await.len(), 2, "what is over bears no number, and two ends are two");
    let asked = numbered().replace("$1", "'4812'").replace("$2", "'%4812'").replace("$3", "'4812'");
    let plan = plan(house, asked).await;
    for index in ["jobs_by_end", "jobs_by_external_folded", "jobs_by_external_end"] {
        assert!(plan.contains(index), "{index} is not used:\n{plan}");
    }
    assert!(!plan.contains("SCAN jobs") && !plan.contains("Seq Scan on jobs"), "{plan}");
}

async fn who_insisted_is_looked_up_and_not_searched_for(house: &House) {
    let asked = tournee::journal::acts::OF_BOARD.replace("$1", "'job_1'");
    let plan = plan(house, asked).await;
    assert!(plan.contains("act_things_by_entity"), "{plan}");
    if house.on == On::Postgresql {
        // An index may also be read whole: only with a condition on it is a row looked up.
        let lines: Vec<&str> = plan.lines().map(str::trim).collect();
        let named = lines.iter().position(|line| line.contains("act_things_by_entity")).unwrap();
        let below = lines.get(named + 1).copied().unwrap_or_default();
        assert!(below.starts_with("Index Cond:") && below.contains("entity"), "{plan}");
    }
    assert!(!plan.contains("SCAN") && !plan.contains("Seq Scan"), "{plan}");
}
