//! `solve FILE`: the optimiser alone, on a file, without a server or a store. Finds out what the file is, keeps to
//! the seconds that are given (reading and writing included), answers in the file's own format.

mod routes;
mod teams;
mod vroom;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scheduler::optimise::{Problem, Run, Solution, Tables};
use scheduler::stop::Budget;

use super::Failure;

/// Files above this are no instances.
const MOST_BYTES: u64 = 1 << 30;

/// Share of the time that is left for checking and writing the answer.
const FOR_THE_ANSWER: f64 = 0.02;

/// What `solve` is told.
#[derive(Debug, Args)]
pub(super) struct SolveOptions {
    /// A file in VRPLIB's, Solomon's or VROOM's format, or a folder of ROADEF 2007
    file: PathBuf,
    /// What the file is; guessed from it when left out
    #[arg(long)]
    format: Option<Format>,
    /// Wall clock, reading and writing included
    #[arg(long, default_value_t = 10.0, value_parser = seconds)]
    seconds: f64,
    /// How many to search with
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Where the random numbers begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the answer goes; standard output when left out
    #[arg(short, long)]
    out: Option<PathBuf>,
}

/// The formats there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// VRPLIB, or Solomon's text
    Vrplib,
    /// VROOM's JSON
    Vroom,
    /// The three files of a folder
    Roadef2007,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds is expected".to_owned())?;
    match seconds {
        seconds if seconds > 0.0 && seconds <= 1e6 => Ok(seconds),
        _ => Err("more than 0 and at most 1000000".to_owned()),
    }
}

/// Reads, plans, answers.
pub(super) fn solve(options: &SolveOptions) -> Result<(), Failure> {
    let begun = Instant::now();
    let about = |failure: Failure| Failure::new(format!("{}: {failure}", options.file.display()));
    let found = fs::metadata(&options.file).map_err(|error| about(error.into()))?;
    if found.is_dir() {
        return match options.format {
            None | Some(Format::Roadef2007) => {
                let search = Search { begun, options, bar: bar() };
                teams::solve(&search, &options.file).map_err(about)
            }
            Some(_) => Err(about(Failure::new("is a folder; a file is expected"))),
        };
    }
    if found.len() > MOST_BYTES {
        return Err(about(Failure::new("is larger than 1 GiB, which is no instance")));
    }
    let bytes = fs::read(&options.file).map_err(|error| about(error.into()))?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(about(Failure::new("is empty")));
    }
    let search = Search { begun, options, bar: bar() };
    let answer = match options.format.unwrap_or_else(|| guess(&bytes)) {
        Format::Vroom => vroom::solve(&search, &bytes),
        Format::Vrplib => routes::solve(&search, &bytes),
        Format::Roadef2007 => Err(Failure::new("is a file; ROADEF 2007 is a folder")),
    };
    search.bar.finish_and_clear();
    write(options.out.as_deref(), &answer.map_err(about)?)
}

/// What a file is, by how it begins.
fn guess(bytes: &[u8]) -> Format {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    // A byte order mark stands before the brace of some JSON.
    if matches!(first, Some(b'{' | b'[' | 0xEF)) { Format::Vroom } else { Format::Vrplib }
}

fn write(out: Option<&Path>, answer: &str) -> Result<(), Failure> {
    match out {
        Some(file) => fs::write(file, answer)
            .map_err(|error| Failure::new(format!("{}: {error}", file.display()))),
        None => Ok(io::stdout().write_all(answer.as_bytes())?),
    }
}

/// A bar on standard error; nothing where that is no terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(1000), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("{msg:30} [{bar:30}] {percent}%") {
        Ok(style) => bar.with_style(style).with_message("reading"),
        Err(_) => bar,
    }
}

/// One search with its time.
struct Search<'a> {
    begun: Instant,
    options: &'a SolveOptions,
    bar: ProgressBar,
}

impl Search<'_> {
    /// Milliseconds since the command began.
    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Searches for what is left of `seconds`, counted from the command's begin.
    fn run(
        &self,
        problem: &Problem,
        tables: &Tables<'_>,
        seconds: f64,
        threads: usize,
        seed: u64,
    ) -> Solution {
        let from_s = self.begun.elapsed().as_secs_f64();
        let left_s = (seconds * (1.0 - FOR_THE_ANSWER) - from_s).max(f64::MIN_POSITIVE);
        let spent = || (self.begun.elapsed().as_secs_f64() - from_s) / left_s;
        let tell = |spent: f64, cost: i64| {
            self.bar.set_position((spent.clamp(0.0, 1.0) * 1000.0) as u64);
            self.bar.set_message(format!("best {cost}"));
        };
        let budget = Budget::Share(&spent);
        let run = Run { seed, threads, budget, gently: false, most_moves: None, tell: Some(&tell) };
        scheduler::optimise::solve(problem, tables, &run)
    }
}
