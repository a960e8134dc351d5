//! A test whose real component is not installed says so where it is read: on standard error, and in a file that
//! `make test` prints at its end. It never pretends to have passed for a reason of its own.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Notes that a test was skipped and why.
pub fn note(test: &str, why: &str) {
    eprintln!("SKIPPED {test}: {why}");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("skipped");
    if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(path) {
        let _ = writeln!(file, "{test}: {why}");
    }
}
