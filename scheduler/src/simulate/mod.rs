//! A company at full speed: random days, played event by event under one policy or another, and what they come to.
//!
//! | file | owns |
//! | --- | --- |
//! | `draw` | lots by subject, never by order of use |
//! | `company` | who works there and what a day brings, truth included |
//! | `today` | a day under way: what a policy may see, and the plan in force |
//! | `greedy`, `optimised` | the policies |
//! | `run` | the events of a day |
//! | [`report`] | what it comes to |
//!
//! Pure and seeded: the same setting gives the same report, and two policies meet the same days, drive by drive. Both
//! plan with the same knowledge (the estimate of late morning, planned times on site) and never with the truth.

mod company;
mod draw;
mod greedy;
mod optimised;
pub mod report;
mod run;
#[cfg(test)]
mod tests;
mod today;

use jiff::tz::TimeZone;

use crate::matrix::{Matrices, MatrixError, Table};
use crate::travel::{Estimate, Point};

use company::{Company, DayDrawn};
use greedy::Steady;
pub use report::{Counts, Report};
use run::Play;
use today::Today;

/// Nobody is sent out to arrive later than this after the promise.
const LATE_AT_MOST_S: i64 = 2 * 3600;

/// Nobody is sent out for work that should end later than this after the shift.
const OVERTIME_AT_MOST_S: i64 = 3600;

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The house rule, job by job as they come, and again when the day changes.
    Greedy,
    /// The optimiser in the morning, and gently at every event.
    Optimised,
}

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Setting {
    pub policy: Policy,
    pub seed: u64,
    /// Working days.
    pub days: u64,
    pub technicians: usize,
    /// Called in before the day, about; urgent ones come on top.
    pub jobs: usize,
    /// Of the optimiser: part of what makes the report what it is.
    pub threads: usize,
    pub morning_steps: u64,
    /// At every event; 32 steps each.
    pub replan_looks: u64,
}

impl Setting {
    /// The usual company for one day.
    pub const fn new(policy: Policy, seed: u64) -> Self {
        Self {
            policy,
            seed,
            days: 1,
            technicians: 46,
            jobs: 280,
            threads: 1,
            morning_steps: 4_000,
            replan_looks: 2,
        }
    }
}

/// Plays all days; `after` hears of each as it ends.
///
/// # Errors
/// [`MatrixError::TooMany`] for a company that no travel table holds.
pub fn simulate(
    setting: &Setting,
    mut after: impl FnMut(u64, &Counts),
) -> Result<Report, MatrixError> {
    let company = Company::new(setting.seed, setting.technicians, setting.jobs);
    let mut days = Vec::new();
    for number in 0..setting.days {
        let drawn = company.day(number);
        let counts = play(&company, &drawn, setting)?;
        after(number, &counts);
        days.push(counts);
    }
    Ok(Report::of(days))
}

fn play(company: &Company, drawn: &DayDrawn, setting: &Setting) -> Result<Counts, MatrixError> {
    let homes = company.members.iter().map(|member| member.home);
    let points: Vec<Point> =
        homes.chain(drawn.tasks.iter().map(|task| task.wanted.point)).collect();
    let estimate = Estimate::new(TimeZone::UTC);
    let at_s = drawn.midnight_s + 11 * 3600;
    let table: Table = estimate.table(&points, at_s)?;
    let travel = Steady { estimate: &estimate, at_s };
    Ok(Play::new(Today::new(company, drawn, &table), setting, &travel).play().counts)
}
