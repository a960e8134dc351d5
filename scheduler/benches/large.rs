//! A plan for 1,000 technicians and 10,000 jobs: how long, how much memory, how many left out.
//!
//!     cargo bench -p scheduler --bench large -- [TECHNICIANS JOBS SECONDS THREADS]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark prints and looks at the clock"
)]

#[path = "made/mod.rs"]
mod made;

use std::time::Instant;

use scheduler::optimise::{Priced, Run, solve, verify};
use scheduler::stop::Budget;

fn main() {
    let numbers: Vec<f64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let of = |index: usize, or: f64| numbers.get(index).copied().unwrap_or(or);
    let (technicians, jobs) = (of(0, 1000.0) as usize, of(1, 10_000.0) as usize);
    let (seconds, threads) = (of(2, 25.0), of(3, 2.0) as usize);
    let begun = Instant::now();
    let (problem, table) = made::day(1, technicians, jobs);
    println!(
        "{technicians} technicians, {jobs} jobs; table after {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    let tables = vec![Priced { table: &table, costs: None }];
    let begun = Instant::now();
    let spent = || begun.elapsed().as_secs_f64() / seconds;
    let tell = |part: f64, cost: i64| println!("  {:.0} %: {cost}", part * 100.0);
    let run = Run {
        seed: 1,
        threads,
        budget: Budget::Share(&spent),
        gently: false,
        most_moves: None,
        tell: Some(&tell),
    };
    let plan = solve(&problem, &tables, &run);
    let took = begun.elapsed().as_secs_f64();
    let lost: u32 = plan.unserved.iter().map(|out| problem.visits[out.visit].priority).sum();
    let driving: i64 = plan.routes.iter().map(|route| route.driving_s).sum();
    println!(
        "{took:.1} s, {} left out (priority {lost}), {:.1} h driving, {} steps, checker: {}; peak {} MB",
        plan.unserved.len(),
        driving as f64 / 3600.0,
        plan.steps,
        verify(&problem, &tables, &plan).map_or_else(
            |faults| format!("{} faults", faults.len()),
            |cost| cost.total().to_string()
        ),
        made::peak_mb()
    );
}
