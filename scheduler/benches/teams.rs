//! The instances of the ROADEF challenge of 2007: how close the search comes to the best known in a given time.
//!
//!     cargo bench -p scheduler --bench teams -- FOLDER SECONDS [THREADS] [NAME…]
//!
//! FOLDER holds a folder per instance and `BKS.tsv`. Writes each plan into `target/teams/NAME/`.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::time::Instant;

use scheduler::formats::roadef2007;
use scheduler::stop::Budget;
use scheduler::teams::{Run, check, solve};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [folder, seconds, rest @ ..] = &words[..] else {
        println!("teams: no folder of instances was named, nothing to measure");
        return;
    };
    let seconds: f64 = seconds.parse().expect("SECONDS is a number");
    let threads: usize = rest.first().map_or(2, |threads| threads.parse().expect("THREADS"));
    let known = std::fs::read_to_string(Path::new(folder).join("BKS.tsv")).unwrap_or_default();
    let mut names: Vec<String> = rest.iter().skip(1).cloned().collect();
    if names.is_empty() {
        let files = std::fs::read_dir(folder).expect("FOLDER").flatten();
        let instances = files.filter(|entry| entry.path().join("interv_list").exists());
        names = instances.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
    }
    let seed = std::env::var("SEED").map_or(1, |seed| seed.parse().unwrap());
    let mut gaps = Vec::new();
    for name in names {
        let text =
            |file| std::fs::read_to_string(Path::new(folder).join(&name).join(file)).unwrap();
        let begun = Instant::now();
        let read = roadef2007::read(&text("instance"), &text("tech_list"), &text("interv_list"));
        let problem = read.unwrap().problem;
        let spent = || begun.elapsed().as_secs_f64() / seconds;
        let plan = solve(&problem, &Run { seed, threads, budget: Budget::Share(&spent) }).unwrap();
        let took = begun.elapsed().as_secs_f64();
        let written = roadef2007::write(&plan);
        let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/teams").join(&name);
        std::fs::create_dir_all(&out).unwrap();
        std::fs::write(out.join("interv_dates"), written.interv_dates).unwrap();
        std::fs::write(out.join("tech_teams"), written.tech_teams).unwrap();
        let verdict = check(&problem, &plan);
        let best = known.lines().find_map(|line| {
            let mut cells = line.split('\t');
            (cells.next()? == name).then(|| cells.next()?.parse::<f64>().ok()).flatten()
        });
        let gap = best.map(|best| (verdict.cost as f64 / best - 1.0) * 100.0);
        let (feasible, cost, ends) = (verdict.feasible(), verdict.cost, verdict.ends);
        let gap_text = gap.map_or("no best known".into(), |gap| format!("gap {gap:.2} %"));
        println!(
            "{name:<5} feasible {feasible} cost {cost:>7} ends {ends:?} {gap_text} in {took:.1} s"
        );
        gaps.extend(gap);
    }
    gaps.sort_by(f64::total_cmp);
    if !gaps.is_empty() {
        let median = (gaps[(gaps.len() - 1) / 2] + gaps[gaps.len() / 2]) / 2.0;
        println!("median gap {median:.2} % of {} instances", gaps.len());
    }
}
