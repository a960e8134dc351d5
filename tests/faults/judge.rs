//! The judgement: what was acknowledged against what the house shows, and what the house says it sent against what
//! the provider's stand-in wrote to its own disk. It only reads; each complaint names what is wrong.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::{AnyConnection, Connection, Row};

use crate::harness::server::{Api, Plan};
use crate::load::Acknowledged;
use crate::twilio_double::TwilioDouble;

/// Everything that was acknowledged is shown as it was acknowledged last. `newest`: how many things to look at.
pub async fn everything_is_there(
    api: &Api,
    acknowledged: &Acknowledged,
    newest: usize,
) -> Result<usize, String> {
    let mut last: BTreeMap<String, (usize, Value)> = BTreeMap::new();
    for (at, line) in acknowledged.read().into_iter().enumerate() {
        last.insert(line["path"].as_str().unwrap().to_owned(), (at, line["shown"].clone()));
    }
    let mut things: Vec<_> = last.into_iter().collect();
    // A kill can only take what was acknowledged last.
    things.sort_by_key(|(_, (at, _))| std::cmp::Reverse(*at));
    things.truncate(newest);
    let tags = api.get("/tags").await.1.to_string();
    for (path, (_, wanted)) in &things {
        if let Some(name) = path.strip_prefix("/tags#") {
            if !tags.contains(&format!("\"{name}\"")) {
                return Err(format!("lost: the tag {name}"));
            }
            continue;
        }
        let (status, shown) = api.get(path).await;
        if status != 200 {
            return Err(format!("lost: {path} is {status} {shown}"));
        }
        for (pointer, value) in wanted.as_object().unwrap() {
            let found = shown.pointer(pointer).unwrap_or(&Value::Null);
            let same = match pointer.as_str() {
                "/version" => found.as_i64() >= value.as_i64(),
                _ => found == value,
            };
            if !same {
                return Err(format!("lost: {path}{pointer} is {found}, not {value}"));
            }
        }
    }
    Ok(things.len())
}

/// No message of ours was taken twice by the provider.
pub fn nothing_was_sent_twice(double: &TwilioDouble) -> Result<(), String> {
    let mut seen = HashSet::new();
    for sent in double.accepted() {
        let message = sent["message"].as_str().ok_or_else(|| format!("no message id: {sent}"))?;
        if !seen.insert(message.to_owned()) {
            return Err(format!("twice: {message} to {}", sent["to"]));
        }
    }
    Ok(())
}

/// Whoever was to be told by an acknowledged assignment was told once; waits for what is still on its way.
pub async fn everybody_was_told_once(
    double: &TwilioDouble,
    acknowledged: &Acknowledged,
) -> Result<usize, String> {
    let told: Vec<String> = acknowledged
        .read()
        .iter()
        .filter_map(|line| line["told"].as_str().map(str::to_owned))
        .collect();
    let began = Instant::now();
    loop {
        nothing_was_sent_twice(double)?;
        let mut counts: HashMap<String, usize> = HashMap::new();
        for sent in double.accepted() {
            *counts.entry(sent["to"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let count = |phone: &String| counts.get(phone).copied().unwrap_or(0);
        if let Some(phone) = told.iter().find(|phone| count(phone) > 1) {
            return Err(format!("twice: {phone} was told {} times", count(phone)));
        }
        let untold: Vec<_> = told.iter().filter(|phone| count(phone) == 0).collect();
        if untold.is_empty() {
            return Ok(told.len());
        }
        if began.elapsed() > Duration::from_secs(100) {
            return Err(format!("lost: never told {untold:?}"));
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// The rows of a stopped house.
pub struct Books(AnyConnection);

impl Books {
    /// Opens them.
    pub async fn open(plan: &Plan, database_url: Option<&str>) -> Self {
        sqlx::any::install_default_drivers();
        let embedded = format!("sqlite:{}", plan.folder.join("data/tournee.db").display());
        Self(AnyConnection::connect(database_url.unwrap_or(&embedded)).await.unwrap())
    }

    /// Journal positions follow each other without a gap, and the counter stands at the last.
    pub async fn are_without_gaps(&mut self) -> Result<i64, String> {
        const SQL: &str = "SELECT COUNT(*), MIN(seq), MAX(seq),
            (SELECT n FROM counters WHERE name = 'journal') FROM journal";
        let row = sqlx::query(SQL).fetch_one(&mut self.0).await.unwrap();
        let [count, first, last, n]: [i64; 4] = std::array::from_fn(|at| row.get(at));
        if last - first + 1 != count || n != count {
            return Err(format!("{count} events from {first} to {last}, counter at {n}"));
        }
        Ok(count)
    }

    /// What the rows call sent is what the provider took, and nothing is under way any more.
    pub async fn agree_with(&mut self, double: &TwilioDouble) -> Result<(), String> {
        const SENT: &str = "SELECT id FROM messages WHERE direction = 'outgoing'
            AND state IN ('sent', 'delivered', 'read')";
        let rows = sqlx::query(SENT).fetch_all(&mut self.0).await.unwrap();
        let ours: HashSet<String> = rows.iter().map(|row| row.get(0)).collect();
        let theirs = double.accepted();
        let theirs: HashSet<String> =
            theirs.iter().map(|sent| sent["message"].as_str().unwrap().to_owned()).collect();
        let differ: Vec<_> = ours.symmetric_difference(&theirs).collect();
        if !differ.is_empty() || ours.is_empty() {
            return Err(format!("{} sent, not agreed on: {differ:?}", ours.len()));
        }
        Ok(())
    }
}
