//! `import addresses FILE`: reads an address file into the store, with a bar while a person watches. It may be stopped at
//! any moment and goes on where it was; read twice, it changes nothing. The server may run meanwhile.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Failure, wait_for};
use crate::addresses::file::Lines;
use crate::addresses::store;
use crate::config::Settings;
use crate::journal::database::Opened;
use crate::journal::rows::Rows;

/// Lines in one transaction: the server's own commits wait for it, a fraction of a second.
const AT_ONCE: i64 = 10_000;
/// How much of a file tells it from another.
const BEGINNING: u64 = 64 * 1024;

/// What can be imported.
#[derive(Debug, Subcommand)]
pub(super) enum Source {
    /// Addresses with their places, for finding them while typing: a table with commas, semicolons or tabs
    /// (OpenAddresses, Statistics Canada's register, an OpenStreetMap extract)
    Addresses {
        /// The file
        file: PathBuf,
    },
}

/// Imports it.
pub(super) fn import(settings: &Settings, source: &Source) -> Result<(), Failure> {
    let Source::Addresses { file } = source;
    wait_for(addresses(settings, file))
}

async fn addresses(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let bytes = std::fs::metadata(file)?.len();
    let mark = mark(file, bytes)?;
    let mut lines = Lines::open(file)?;
    let opened = Opened::open(&settings.database).await?;
    let mut connection = opened.writer().await?;
    let before = store::done(&mut connection, mark).await?;
    let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("addresses [{bar:30}] {percent}% {msg}") {
        bar.set_style(style);
    }
    let (mut read, mut kept) = (0, 0);
    let mut wrong: Vec<u64> = Vec::new();
    let mut rows = Rows::default();
    loop {
        let line = lines.read()?;
        let over = line.is_none();
        if let Some(line) = line {
            read += 1;
            match line {
                Err(number) => wrong.push(number),
                Ok(address) if read > before => {
                    store::put(&address, &mut rows);
                    kept += 1;
                }
                Ok(_) => {}
            }
        }
        if over || (read % AT_ONCE == 0 && read > before) {
            // Read to the end, it begins at the beginning the next time.
            let done = if over { 0 } else { read };
            store::keep(&mut connection, opened.engine, &rows, mark, done).await?;
            rows = Rows::default();
            bar.set_position(lines.bytes());
            bar.set_message(format!("{kept}"));
        }
        if over {
            break;
        }
    }
    bar.finish_and_clear();
    let (doors, streets) = store::count(&mut connection).await?;
    let mut out = io::stdout();
    if before > 0 {
        writeln!(out, "went on after line {before}, where the last import had stopped")?;
    }
    writeln!(out, "{kept} addresses read; the store knows {doors} on {streets} streets")?;
    if let Some(first) = wrong.first() {
        let count = wrong.len();
        writeln!(out, "{count} lines name no number, street or place; the first is line {first}")?;
    }
    Ok(())
}

fn mark(file: &Path, bytes: u64) -> Result<i64, Failure> {
    let mut beginning = Vec::new();
    File::open(file)?.take(BEGINNING).read_to_end(&mut beginning)?;
    Ok(store::mark(&beginning, bytes))
}
