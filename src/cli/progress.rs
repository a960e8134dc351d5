//! A bar for work that takes long, shown on a terminal only.

use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;

/// Runs `work` while a bar follows the growth of `file` towards `expected` bytes.
pub(super) async fn while_growing<T>(
    what: &'static str,
    file: &Path,
    expected: u64,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let bar = ProgressBar::new(expected.max(1)).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes}") {
        bar.set_style(style);
    }
    let mut work = std::pin::pin!(work);
    let answer = loop {
        tokio::select! {
            answer = &mut work => break answer,
            () = tokio::time::sleep(Duration::from_millis(100)) => {
                bar.set_position(std::fs::metadata(file).map_or(0, |meta| meta.len()).min(expected));
            }
        }
    };
    bar.finish_and_clear();
    answer
}
