//! Other people's formats: what is read, what is answered, what is refused, and that nothing brings a reader down.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at its first surprise")]

mod fuzz;
mod plan_mode;
mod vroom;
mod vrplib;

use jiff::tz::TimeZone;
use scheduler::formats::vroom::{ComputingTimes, Instance, VroomError, read};
use scheduler::optimise::{Run, solve};
use scheduler::stop::Budget;
use scheduler::travel::Estimate;
use serde_json::Value;

/// A short search.
pub fn run(steps: u64) -> Run<'static> {
    Run {
        seed: 1,
        threads: 1,
        budget: Budget::Steps(steps),
        gently: false,
        most_moves: None,
        tell: None,
    }
}

/// VROOM's answer to a text; every plan has passed the independent checker before it is given away.
pub fn answered(text: &[u8], steps: u64) -> Result<Value, VroomError> {
    let instance = Instance::new(read(text)?, &Estimate::new(TimeZone::UTC))?;
    let answer = if instance.is_plan() {
        instance.planned(ComputingTimes::default())?
    } else {
        let solution = solve(&instance.problem, &instance.tables(), &run(steps));
        instance.answer(&solution, ComputingTimes::default())?
    };
    Ok(serde_json::from_str(&answer.json()).unwrap())
}

/// The same of a value that must be answered.
pub fn solved(input: &Value) -> Value {
    answered(input.to_string().as_bytes(), 600).unwrap_or_else(|error| panic!("{error}: {input}"))
}

/// The words of the refusal of a value.
pub fn refused(input: &Value) -> String {
    match answered(input.to_string().as_bytes(), 60) {
        Ok(answer) => panic!("{input} was answered: {answer}"),
        Err(error) => {
            let told: Value = serde_json::from_str(&error.json()).unwrap();
            assert_eq!(told["code"], 2, "{told}");
            told["error"].as_str().unwrap().to_owned()
        }
    }
}
