//! `docs/proofs.md` names a test for each promise: every test that it names exists, and every row of the board has its story
//! and its two hands.

use std::fs;

use super::repository::{Text, none, root, rust};

/// Rows that the page must have.
const ROWS: &[&str] = &[
    "A1 ", "A2 ", "A3 ", "A4 ", "A5 ", "A6 ", "A7 ", "A8 ", "A9 ", "A10 ", "A11 ", "A12 ", "A13 ",
    "B4 ", "B5 ", "B6 ", "B7 ", "B8 ", "B9 ", "B10 ", "F1 ", "F2 ", "R26 ", "R27 ",
];

fn page() -> String {
    fs::read_to_string(root().join("docs/proofs.md")).unwrap_or_default()
}

/// Whether a file of that name holds a test of that name: a function, or a line of a macro that makes one.
fn is_there(files: &[Text], file: &str, test: &str) -> bool {
    let endings = [format!("/{file}.rs"), format!("/{file}/main.rs"), format!("/{file}/mod.rs")];
    files.iter().filter(|one| endings.iter().any(|end| one.path.ends_with(end))).any(|one| {
        one.text.lines().any(|line| {
            let line = line.trim_start();
            line.strip_prefix(test).is_some_and(|rest| rest.starts_with([';', ' ']))
                || line.contains(&format!("fn {test}("))
        })
    })
}

#[test]
fn every_test_that_is_named_as_a_proof_exists() {
    let (page, files) = (page(), rust());
    let named: Vec<(&str, &str)> =
        page.split('`').skip(1).step_by(2).filter_map(|name| name.split_once("::")).collect();
    assert!(named.len() > 100, "only {} tests are named", named.len());
    let missing = named.iter().filter(|(file, test)| !is_there(&files, file, test));
    none(
        "proofs that are not there",
        missing.map(|(file, test)| format!("{file}::{test}")).collect(),
    );
}

#[test]
fn every_row_of_the_board_has_its_proofs_and_both_hands() {
    let page = page();
    let mut missing = Vec::new();
    for row in ROWS {
        let section = page.split("\n### ").find(|part| part.starts_with(row));
        let section = section.unwrap_or_default().split("\n## ").next().unwrap_or_default();
        let hands = section.contains("By mouse: `") && section.contains("By keyboard: `");
        if !section.contains("| `") || !(hands || section.contains("No screen of its own")) {
            missing.push((*row).to_owned());
        }
    }
    none("rows of docs/proofs.md without a story or without both hands", missing);
}
