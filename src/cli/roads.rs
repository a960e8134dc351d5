//! `roads build FILE.osm.pbf`: makes the road network that `TOURNEE_ROUTING=roads:FILE` names, with a bar while a
//! person watches.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Failure;
use crate::roads::{self, Progress};

/// Reads `extract`, writes `out` or a file beside the extract, says where it is.
pub(super) fn build(extract: &Path, out: Option<PathBuf>) -> Result<(), Failure> {
    let out = out.unwrap_or_else(|| roads::beside(extract));
    // Drawn on standard error, and not at all where that is no terminal.
    let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{msg:20} [{bar:30}] {percent}%") {
        bar.set_style(style);
    }
    let built = roads::build(extract, &out, &mut |progress| show(&bar, progress));
    bar.finish_and_clear();
    let built = built?;
    writeln!(
        io::stdout(),
        "{} holds {} stretches of road, {} kB; set TOURNEE_ROUTING=roads:{} to use it",
        out.display(),
        built.stretches,
        built.bytes / 1_024,
        out.display()
    )?;
    Ok(())
}

fn show(bar: &ProgressBar, progress: Progress) {
    let (what, done, of) = match progress {
        Progress::Reading { done, of } => ("reading", done, of),
        Progress::Joining => ("joining", 0, 1),
        Progress::Contracting { done, of } => ("finding shortcuts", done as u64, of as u64),
        Progress::Writing => ("writing", 1, 1),
    };
    bar.set_message(what);
    bar.set_length(of.max(1));
    bar.set_position(done.min(of));
}
