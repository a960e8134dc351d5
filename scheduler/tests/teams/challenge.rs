//! The challenge's instances and the verdicts of another checker, where they are at hand.

use std::fs::read_to_string;
use std::path::PathBuf;

use scheduler::formats::roadef2007::{Instance, read, read_plan, write};
use scheduler::stop::Budget;
use scheduler::teams::{Run, check, solve};

/// The folder of instances; says aloud that a test is skipped where there is none.
fn folder(test: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("TOURNEE_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let folder = shared.join("bench/instances/roadef2007");
    if !folder.is_dir() {
        eprintln!("SKIPPED {test}: no instances of the challenge at hand (TOURNEE_SHARED)");
        return None;
    }
    Some(folder)
}

fn instance(folder: &std::path::Path) -> Instance {
    let text = |name| read_to_string(folder.join(name)).unwrap();
    read(&text("instance"), &text("tech_list"), &text("interv_list")).unwrap()
}

#[test]
fn our_verdicts_are_the_other_checkers() {
    let Some(folder) = folder("our_verdicts_are_the_other_checkers") else { return };
    let cases = folder.join("checker_cases");
    let verdicts = read_to_string(cases.join("VERDICTS.tsv")).unwrap();
    let mut seen = 0;
    for line in verdicts.lines().filter(|line| line.starts_with("sol_")) {
        let cells: Vec<&str> = line.split('\t').collect();
        let case = cases.join(cells[0]);
        let text = |name| read_to_string(case.join(name)).unwrap();
        let problem = instance(&case).problem;
        let verdict = match read_plan(&text("interv_dates"), &text("tech_teams")) {
            Ok(plan) => check(&problem, &plan),
            Err(error) => panic!("{}: {error}", cells[0]),
        };
        let found = (verdict.feasible(), verdict.cost.to_string());
        assert_eq!(found, (cells[1] == "True", cells[2].to_owned()), "{}", cells[0]);
        seen += 1;
    }
    assert_eq!(seen, 12);
}

#[test]
fn every_instance_gets_an_allowed_plan_at_once() {
    let Some(folder) = folder("every_instance_gets_an_allowed_plan_at_once") else { return };
    for entry in folder.read_dir().unwrap().flatten() {
        if !entry.path().join("interv_list").exists() {
            continue;
        }
        let problem = instance(&entry.path()).problem;
        let run = Run { seed: 1, threads: 2, budget: Budget::Share(&|| 1.0) };
        let plan = solve(&problem, &run).unwrap();
        let written = write(&plan);
        let plan = read_plan(&written.interv_dates, &written.tech_teams).unwrap();
        assert_eq!(check(&problem, &plan).faults, vec![], "{:?}", entry.path());
    }
}
