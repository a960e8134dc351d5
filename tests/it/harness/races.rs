//! Many who want one thing at the same moment, through the public doors: whoever comes first has it, and everybody else is told.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::house::House;
use super::people::{Job, Technician};

/// Leads who ask at once, and how often they do.
const LEADS: usize = 8;
const ROUNDS: usize = 4;

/// Eight leads ask at once for an hour of their own job with the same helper or the same thing, as `wish` says it; four hours
/// one after the other. Of each hour one has it, and the others hear `code`.
pub async fn one_has_it(
    house: &House,
    code: &str,
    wish: impl Fn(&Job, &Technician, &str) -> Value,
) {
    let mut leads = Vec::new();
    for n in 0..LEADS {
        leads.push(house.technician(&format!("T{n}")).await);
    }
    let customer = house.customer("Ruiz").await;
    for round in 0..ROUNDS {
        let mut jobs = Vec::new();
        for _ in &leads {
            jobs.push(house.job(&customer, None).await);
        }
        let hour = format!("{:02}:00", 9 + round);
        let wishes: Vec<Value> =
            leads.iter().zip(&jobs).map(|(lead, job)| wish(job, lead, &hour)).collect();
        let asked = wishes.iter().map(|body| house.post("/dispatch/assign", body));
        let answers = join_all(asked).await;
        let won = answers.iter().filter(|(status, _)| *status == 200).count();
        assert_eq!(won, 1, "one of {LEADS} has it at {hour}");
        for (status, answer) in answers.iter().filter(|(status, _)| *status != 200) {
            assert_eq!((*status, &answer["code"]), (409, &json!(code)), "{answer}");
        }
    }
}
