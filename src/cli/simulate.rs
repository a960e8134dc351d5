//! `simulate`: days of an invented company at full speed, and what they come to. Owns the flags and the words of the
//! report; the days themselves are played by `scheduler::simulate`. Opens no store and no door.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use scheduler::simulate::{Counts, Policy, Report, Setting, simulate};

use super::Failure;

/// What is simulated.
#[derive(Debug, Clone, Args)]
pub struct SimulateOptions {
    /// How many working days
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=2000))]
    days: u16,
    /// Who decides
    #[arg(long, value_enum, default_value_t = Choice::Optimised)]
    policy: Choice,
    /// The company and its days: the same seed gives the same days, whoever decides
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// How many technicians work for the company
    #[arg(long, default_value_t = 46, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
    technicians: u16,
    /// How many jobs are known before a day begins, about; urgent ones come on top
    #[arg(long, default_value_t = 280, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=5000))]
    jobs: u16,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// The policies by their words.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Choice {
    /// The house rule, job by job as they come, and again when the day changes
    Greedy,
    /// The optimiser in the morning, and gently whenever the day changes
    Optimised,
}

/// Plays the days and prints the report.
pub(super) fn run(options: &SimulateOptions) -> Result<(), Failure> {
    let (policy, word) = match options.policy {
        Choice::Greedy => (Policy::Greedy, "greedy"),
        Choice::Optimised => (Policy::Optimised, "optimised"),
    };
    let setting = Setting {
        days: u64::from(options.days),
        technicians: usize::from(options.technicians),
        jobs: usize::from(options.jobs),
        ..Setting::new(policy, options.seed)
    };
    let mut out = io::stdout().lock();
    if options.json {
        let report = simulate(&setting, |_, _| {})?;
        serde_json::to_writer_pretty(&mut out, &as_json(options, word, &report))?;
        writeln!(out)?;
        return Ok(());
    }
    writeln!(
        out,
        "{} technicians, about {} jobs a day, seed {}, {word}\n\n{HEAD}",
        options.technicians, options.jobs, options.seed
    )?;
    let mut broken = None;
    let report = simulate(&setting, |day, counts| {
        let line = writeln!(out, "{}", row(&format!("{}", day + 1), counts));
        broken = broken.take().or(line.err());
    })?;
    if let Some(error) = broken {
        return Err(error.into());
    }
    writeln!(out, "{}\n\n{}", row("all", &report.total), in_words(&report.total))?;
    Ok(())
}

const HEAD: &str =
    "  day   jobs   done   left   kept  on time       km  driving h  overtime h  texts";

fn row(name: &str, counts: &Counts) -> String {
    let texts = counts.texts_promised + counts.texts_changed + counts.texts_late;
    format!(
        "{name:>5} {:>6} {:>6} {:>6} {:>6} {:>8} {:>8} {:>10} {:>11} {texts:>6}",
        counts.jobs,
        counts.done,
        counts.left,
        percent(counts.kept_permille()),
        percent(counts.on_time_permille()),
        counts.driven_metres / 1000,
        tenths_of_hours(counts.driving_s),
        tenths_of_hours(counts.overtime_s),
    )
}

fn in_words(all: &Counts) -> String {
    [
        format!(
            "jobs: {} done, {} cancelled, {} found nobody in, {} left ({} were urgent calls)",
            all.done, all.cancelled, all.no_access, all.left, all.urgent
        ),
        format!("promises: {} kept, {} broken", all.promises_kept, all.promises_broken),
        format!(
            "experts: {} jobs far below their level; free for {} of {} expert calls",
            all.expert_below, all.expert_free, all.expert_calls
        ),
        format!(
            "texts: {} promised, {} changed, {} late",
            all.texts_promised, all.texts_changed, all.texts_late
        ),
    ]
    .join("\n")
}

fn percent(permille: u64) -> String {
    format!("{}.{}%", permille / 10, permille % 10)
}

fn tenths_of_hours(seconds: u64) -> String {
    let tenths = (seconds + 180) / 360;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn as_json(options: &SimulateOptions, policy: &str, report: &Report) -> serde_json::Value {
    serde_json::json!({
        "policy": policy,
        "seed": options.seed,
        "technicians": options.technicians,
        "jobs": options.jobs,
        "on_time_permille": report.total.on_time_permille(),
        "kept_permille": report.total.kept_permille(),
        "total": report.total,
        "days": report.days,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_hours_are_written_with_one_decimal() {
        assert_eq!((percent(1000), percent(7)), ("100.0%".to_owned(), "0.7%".to_owned()));
        assert_eq!((tenths_of_hours(0), tenths_of_hours(5_400)), ("0.0".into(), "1.5".into()));
    }

    #[test]
    fn a_row_stands_under_its_heading() {
        let counts = Counts { jobs: 300, done: 290, driven_metres: 2_600_000, ..Counts::default() };
        assert_eq!(row("all", &counts).chars().count(), HEAD.chars().count());
    }
}
