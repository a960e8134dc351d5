//! The benchmarks that need the inside of the house. `journal` measures group commit against a bare loop; `fill`
//! makes a store of a given size for the scripts beside this file. It never touches a store that exists.
//!
//! Run: `cargo run --release -p numbers -- journal`, or `-- fill FOLDER CUSTOMERS JOBS`; with the address of an empty
//! PostgreSQL database as a fourth word, the store is made there.
#![allow(clippy::print_stdout, reason = "a benchmark's result is what it prints")]

mod fill;
mod journal;

use std::path::Path;

/// Whatever goes wrong ends the benchmark with its text.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failed> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["journal"] => journal::run(),
        ["fill", folder, customers, jobs] => {
            fill::run(fill::inside(Path::new(folder))?, customers.parse()?, jobs.parse()?)
        }
        ["fill", _, customers, jobs, address] => {
            fill::run(fill::at(address), customers.parse()?, jobs.parse()?)
        }
        _ => Err("say `journal`, or `fill FOLDER CUSTOMERS JOBS [POSTGRES]`".into()),
    }
}
