//! The repository's files as text, for rules to read.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the repository.
pub struct Text {
    /// Relative to the root, with slashes.
    pub path: String,
    /// Its content.
    pub text: String,
}

impl Text {
    /// Lines of code with their numbers: no comments, no test modules at the end of a file.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .take_while(|(_, line)| *line != "#[cfg(test)]")
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(at, line)| (at + 1, line))
    }

    pub fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
            || self.path.contains("/benches/")
    }
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let path = entry.path();
        let skipped = ["target", "node_modules", "dist", "data"];
        if name == ".git" {
            // A folder in a clone, a file in a worktree.
            continue;
        }
        if path.is_dir() {
            if !skipped.iter().any(|skip| name == *skip) {
                walk(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

/// Every text file of the repository.
pub fn files() -> Vec<Text> {
    let root = root();
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            let path = path.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/");
            Some(Text { path, text })
        })
        .collect()
}

pub fn rust() -> Vec<Text> {
    files().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

#[track_caller]
pub fn none(rule: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

/// Whether `word` stands in `line` as a whole word.
pub fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(part) && !line[at + word.len()..].starts_with(part))
}
