//! The command line: which words it knows, and with which code it ends. 0 is success, 1 a failure that is explained
//! in one line on standard error, 2 wrong usage. What a command does stands in its own file or in the rooms.

mod backup;
mod doctor;
mod failure;
mod postgres_tools;
mod progress;
mod store;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Flags, Loaded, Sources};

pub use failure::Failure;

/// Real-time dispatch and messaging for field service.
#[derive(Debug, Parser)]
#[command(name = "tournee", version, subcommand_required = true, arg_required_else_help = true)]
struct Line {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a consistent copy of the store to FILE, while the server runs
    Backup {
        /// A file that does not exist yet
        file: PathBuf,
    },
    /// Put a backup into an empty data folder or an empty PostgreSQL database
    Restore {
        /// What `backup` wrote
        file: PathBuf,
    },
    /// Check settings, store, clock and providers, and say how to mend what is wrong
    Doctor,
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let line = Line::parse();
    match obey(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("tournee: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn obey(line: Line) -> Result<(), Failure> {
    match line.command {
        Command::Backup { file } => backup::backup(&load(line.flags)?.settings, &file),
        Command::Restore { file } => backup::restore(&load(line.flags)?.settings, &file),
        Command::Doctor => doctor::run(line.flags),
    }
}

fn load(flags: Flags) -> Result<Loaded, Failure> {
    Ok(Sources::from_process(flags)?.load()?)
}

/// A runtime for the commands that are not servers.
fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
