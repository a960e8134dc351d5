//! The house rules that a machine can keep, over every file of the repository. It reads text only, in well under
//! a second, and every failure names the file, the line and the rule. Lists of exceptions may only shrink.
#![allow(clippy::unwrap_used, reason = "a test stops at its first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

#[path = "tidy/arrows.rs"]
mod arrows;
#[path = "tidy/proofs.rs"]
mod proofs;
#[path = "tidy/repository.rs"]
mod repository;

use repository::{Text, files, none, root, rust};

const ROOMS: &[&str] = &[
    "auth",
    "board",
    "conversations",
    "customers",
    "jobs",
    "notifications",
    "series",
    "sla",
    "technicians",
    "zones",
];

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;

/// Files that are longer than the rule allows, and by how much at most. Only ever shorten this.
const LONG_FILES: &[(&str, usize)] = &[];
/// Functions that are longer than the rule allows, and by how much at most. Only ever shorten this.
const LONG_FUNCTIONS: &[(&str, &str, usize)] = &[];

/// What stands at the top level, and nothing beside it.
const TOP_LEVEL: &[&str] = &[
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "LICENSE-APACHE",
    "Makefile",
    "README.md",
    "actors",
    "build.rs",
    "clippy.toml",
    "docs",
    "migrations",
    "rustfmt.toml",
    "scheduler",
    "src",
    "static",
    "tests",
];

#[test]
fn a_file_has_one_subject_and_at_most_400_lines() {
    let long = |file: &Text| {
        let lines = file.text.lines().count();
        let allowed =
            LONG_FILES.iter().find(|(path, _)| *path == file.path).map_or(FILE_LINES_MAX, |l| l.1);
        (lines > allowed).then(|| format!("{} has {lines} lines", file.path))
    };
    let written = [".rs", ".ts", ".vue", ".mjs", ".css", ".py", ".sql"];
    let sources = files().into_iter().filter(|f| {
        written.iter().any(|end| f.path.ends_with(end)) && !f.path.contains("generated")
    });
    none("files of more than 400 lines", sources.filter_map(|f| long(&f)).collect());
    let needless = LONG_FILES.iter().filter(|(path, _)| {
        fs::read_to_string(root().join(path)).is_ok_and(|t| t.lines().count() <= FILE_LINES_MAX)
    });
    none("exceptions that are no longer needed", needless.map(|l| l.0.to_owned()).collect());
}

#[test]
fn a_function_has_at_most_70_lines() {
    let mut long = Vec::new();
    for file in rust() {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some(name) = function_name(line) else { continue };
            let indent = line.len() - line.trim_start().len();
            let end = format!("{}}}", " ".repeat(indent));
            // rustfmt puts the closing brace under the function's first letter.
            let Some(length) = lines[at..].iter().position(|l| *l == end) else { continue };
            let allowed = LONG_FUNCTIONS
                .iter()
                .find(|(path, function, _)| *path == file.path && *function == name)
                .map_or(FUNCTION_LINES_MAX, |l| l.2);
            if length + 1 > allowed {
                long.push(format!("{}:{}: {name} has {} lines", file.path, at + 1, length + 1));
            }
        }
    }
    none("functions of more than 70 lines", long);
}

fn function_name(line: &str) -> Option<&str> {
    let before = line.trim_start();
    let at = before.find("fn ")?;
    let modifiers = ["", "pub", "async", "const", "pub(crate)", "pub(super)", "pub(in"];
    let fine = before[..at].split_whitespace().all(|word| modifiers.contains(&word));
    let name = before[at + 3..].split(['(', '<']).next()?;
    (fine && !line.trim_end().ends_with(';') && !line.trim_end().ends_with('}')).then_some(name)
}

#[test]
fn every_rust_file_says_at_its_top_what_it_owns() {
    let silent = rust()
        .into_iter()
        .filter(|file| !file.text.starts_with("//! ") || file.text.starts_with("//! Not written"));
    none("files without a `//!` at the top", silent.map(|file| file.path).collect());
}

#[test]
fn one_word_for_one_thing() {
    let kinds = ["struct", "enum", "trait", "type", "mod"];
    let banned = [
        "Manager",
        "Service",
        "Helper",
        "Util",
        "Utils",
        "Common",
        "Appointment",
        "Resource",
        "Driver",
        "Session",
        "util",
        "utils",
        "common",
        "helper",
        "helpers",
        "manager",
        "misc",
    ];
    let mut found = Vec::new();
    for file in rust() {
        let name =
            Path::new(&file.path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if banned.contains(&name) {
            found.push(file.path.clone());
        }
        for (at, line) in file.code() {
            let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            let defined = words.find(|word| kinds.contains(word)).and_then(|_| words.next());
            let wrong = defined.is_some_and(|word| {
                banned.iter().any(|bad| {
                    word == *bad || (word.ends_with(bad) && bad.starts_with(char::is_uppercase))
                })
            });
            if wrong || has_prefix(line, "fn get_") {
                found.push(format!("{}:{at}: {}", file.path, line.trim()));
            }
        }
    }
    none("words that this house does not use", found);
}

fn has_prefix(line: &str, what: &str) -> bool {
    line.match_indices(what).any(|(at, _)| at == 0 || line[..at].ends_with(' '))
}

#[test]
fn nothing_is_left_for_later_or_left_out_in_silence() {
    // Spelt in halves, so that this file is not found by itself.
    let marks = [
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[ign", "ore"),
        concat!("FIX", "ME"),
    ];
    let mut found = Vec::new();
    for file in rust() {
        for (at, line) in file.text.lines().enumerate() {
            let mark = marks.iter().find(|mark| line.contains(**mark));
            found.extend(mark.map(|mark| format!("{}:{}: {mark}", file.path, at + 1)));
        }
    }
    none("unfinished work", found);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let marks = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("registry.npm", "js.org"),
        concat!("py", "pi.org"),
        concat!("index.crates", ".io"),
        concat!("static.crates", ".io"),
        concat!("proxy.gol", "ang"),
        concat!("\"resol", "ved\""),
    ];
    let mut found = Vec::new();
    for file in files() {
        for (at, line) in file.text.lines().enumerate() {
            let mark = marks.iter().find(|mark| line.contains(**mark));
            found.extend(mark.map(|mark| format!("{}:{}: {mark}", file.path, at + 1)));
        }
    }
    none("places of one machine or of package registries", found);
}

#[test]
fn the_top_level_holds_what_was_decided_and_no_more() {
    let ignored = ["target", "data"];
    let found =
        fs::read_dir(root()).unwrap().flatten().map(|e| e.file_name().into_string().unwrap());
    let extra = found.filter(|name| {
        !name.starts_with('.')
            && !TOP_LEVEL.contains(&name.as_str())
            && !ignored.contains(&name.as_str())
    });
    none("at the top level", extra.collect());
}

#[test]
fn every_room_has_a_page_and_tests_of_its_decisions() {
    let mut missing = Vec::new();
    for room in ROOMS {
        let page = format!("docs/capabilities/{room}.md");
        if !root().join(&page).exists() {
            missing.push(page);
        }
        let decisions = format!("actors/tests/decisions/{room}.rs");
        let folder = format!("actors/src/{room}/");
        let of_room = |path: &str| path == decisions || path.starts_with(&folder);
        if !rust().iter().any(|f| of_room(&f.path) && f.text.contains("#[test]")) {
            missing.push(decisions);
        }
    }
    none("missing", missing);
}

#[test]
fn every_command_and_event_is_on_its_room_s_page() {
    let mut missing = Vec::new();
    for room in ROOMS {
        let read = |path: String| fs::read_to_string(root().join(path)).unwrap_or_default();
        let page = read(format!("docs/capabilities/{room}.md"));
        let protocol = read(format!("actors/src/{room}/protocol.rs"));
        let mut lines = protocol.lines();
        while let Some(line) = lines.next() {
            let Some(name) = line.strip_prefix("pub enum ") else { continue };
            let name = name.trim_end_matches(" {");
            if name != "Command" && !name.ends_with("Event") {
                continue;
            }
            let variants = lines.by_ref().take_while(|line| *line != "}");
            let named = variants.filter_map(|line| {
                let line =
                    line.strip_prefix("    ").filter(|l| l.starts_with(char::is_uppercase))?;
                line.split(|c: char| !c.is_alphanumeric()).next()
            });
            let unknown = named.filter(|variant| !page.contains(&format!("`{variant}`")));
            missing
                .extend(unknown.map(|variant| format!("docs/capabilities/{room}.md: {variant}")));
        }
    }
    none("commands and events that no page explains", missing);
}

#[test]
fn decisions_are_numbered_without_gaps_and_listed() {
    let names: BTreeSet<String> = fs::read_dir(root().join("docs/decisions"))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    for (at, name) in names.iter().enumerate() {
        assert!(
            name.starts_with(&format!("{:04}-", at + 1)),
            "docs/decisions/{name} is out of line"
        );
    }
}

#[test]
fn every_link_and_named_file_of_a_document_is_there() {
    let mut dead = Vec::new();
    for page in files().iter().filter(|file| file.path.ends_with(".md")) {
        let folder = Path::new(&page.path).parent().unwrap_or(Path::new(""));
        let links = page.text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let links = links.filter(|link| !link.contains(':') && !link.starts_with('#'));
        for link in links {
            let target = root().join(folder).join(link.split('#').next().unwrap_or(link));
            if !target.exists() {
                dead.push(format!("{}: {link}", page.path));
            }
        }
        let named = page.text.split('`').skip(1).step_by(2);
        let floors = ["actors/", "scheduler/", "src/", "tests/", "static/src/", "migrations/"];
        for name in named.filter(|name| floors.iter().any(|floor| name.starts_with(floor))) {
            let plain = !name.contains(['<', '{', '*', ' ', '…']);
            if plain && !root().join(name).exists() {
                dead.push(format!("{}: {name}", page.path));
            }
        }
    }
    none("documents that name what is not there", dead);
}

#[test]
fn the_readme_explains_every_setting() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let missing = tournee::config::KEYS.iter().map(tournee::config::Key::variable);
    none(
        "settings that README.md does not explain",
        missing.filter(|v| !readme.contains(&format!("`{v}`"))).collect(),
    );
}

#[test]
fn a_released_migration_never_changes() {
    let list = fs::read_to_string(root().join("migrations/README.md")).unwrap_or_default();
    let released = list
        .lines()
        .filter_map(|line| line.strip_prefix("- `")?.strip_suffix('`')?.split_once(' '));
    for (hash, name) in released {
        let text = fs::read(root().join("migrations").join(name)).unwrap_or_default();
        let now: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            now, hash,
            "migrations/{name} was released and must not change; write a new one"
        );
    }
}
