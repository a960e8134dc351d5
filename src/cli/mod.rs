//! The command line: which words it knows, and with which code it ends. 0 is success, 1 a failure that is explained
//! in one line on standard error, 2 wrong usage. What a command does stands in its own file or in the rooms.

mod backup;
mod doctor;
mod failure;
mod import;
mod postgres_tools;
mod progress;
mod roads;
mod simulate;
mod sole;
mod solve;
mod store;
mod token;

use std::path::PathBuf;
use std::process::ExitCode;

use actors::auth::protocol::Role;
use clap::{Parser, Subcommand};

use crate::config::{Flags, Loaded, Source, Sources};

pub use failure::Failure;

/// Real-time dispatch and messaging for field service.
#[derive(Debug, Parser)]
#[command(name = "tournee", version)]
struct Line {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the doors (what `tournee` alone does)
    Serve,
    /// API tokens
    Token {
        #[command(subcommand)]
        what: TokenCommand,
    },
    /// Run the server on a throw-away folder with a living, simulated company
    Demo(crate::demo::DemoOptions),
    /// Play days of a simulated company at full speed, without a server, and report what they come to
    Simulate(simulate::SimulateOptions),
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
    /// Read data that others made into the store
    Import {
        #[command(subcommand)]
        source: import::Source,
    },
    /// Road networks for `TOURNEE_ROUTING=roads:FILE`
    Roads {
        #[command(subcommand)]
        what: RoadsCommand,
    },
    /// Plan a file's routes with the optimiser alone, without a server
    Solve(solve::SolveOptions),
    /// Check settings, store, clock and providers, and say how to mend what is wrong
    Doctor,
}

#[derive(Debug, Subcommand)]
enum RoadsCommand {
    /// Make a road network from an OpenStreetMap extract
    Build {
        /// The extract
        #[arg(value_name = "FILE.osm.pbf")]
        extract: PathBuf,
        /// Where to; beside the extract as .roads when left out
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token and print it once; it is stored hashed
    Create {
        /// What it is for
        #[arg(long)]
        name: String,
        /// admin, dispatcher, support, network, accounting or viewer
        #[arg(long, value_parser = role)]
        role: Role,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_code(text)
        .ok_or_else(|| "one of admin, dispatcher, support, network, accounting, viewer".to_owned())
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let line = Line::parse();
    // Any command may have to ask a server, and no client can be built without.
    crate::integrations::install_tls();
    match obey(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("tournee: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn obey(line: Line) -> Result<(), Failure> {
    match line.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(line.flags),
        Command::Demo(options) => demo(line.flags, options),
        Command::Simulate(options) => simulate::run(&options),
        Command::Token { what: TokenCommand::Create { name, role } } => {
            token::create(&load(line.flags)?.settings, &name, role)
        }
        Command::Backup { file } => backup::backup(&load(line.flags)?.settings, &file),
        Command::Restore { file } => backup::restore(&load(line.flags)?.settings, &file),
        Command::Import { source } => import::import(&load(line.flags)?.settings, &source),
        Command::Roads { what: RoadsCommand::Build { extract, out } } => {
            roads::build(&extract, out)
        }
        Command::Solve(options) => solve::solve(&options),
        Command::Doctor => doctor::run(line.flags),
    }
}

fn serve(flags: Flags) -> Result<(), Failure> {
    let Loaded { settings, warnings, .. } = load(flags)?;
    let _log = crate::telemetry::open(&settings.log)?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let _sole = sole::take(&settings)?.or_refuse()?;
    Ok(crate::serve::run(settings)?)
}

fn demo(flags: Flags, options: crate::demo::DemoOptions) -> Result<(), Failure> {
    let Loaded { settings, sources, .. } = load(flags)?;
    // A newcomer should see the address, not the log; whoever asks for the log gets it.
    let quiet = sources.get("log").is_none_or(|source| *source == Source::Default);
    let _log = crate::telemetry::open(if quiet { "warn" } else { &settings.log })?;
    Ok(crate::demo::run(&settings, options)?)
}

fn load(flags: Flags) -> Result<Loaded, Failure> {
    Ok(Sources::from_process(flags)?.load()?)
}

/// A runtime for the commands that are not servers.
fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
