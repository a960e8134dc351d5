//! The public vehicle routing instances: how close the optimiser comes to the best known in a given time.
//!
//!     cargo bench -p scheduler --bench vrptw -- FOLDER SECONDS [THREADS] [NAME…]
//!
//! With STEPS=n in the environment, n steps are made instead, however long they take; with SHUFFLE=n the customers come
//! in another order. Each line ends with the time after which the plan was within 10 % of its own end.
//! FOLDER holds instances in Solomon's format and `BKS.tsv`. Writes a `.sol` for each into `target/vrptw/`.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods
)]

use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use scheduler::formats::solomon;
use scheduler::optimise::{Priced, Run, solve};
use scheduler::stop::Budget;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [folder, seconds, rest @ ..] = &words[..] else {
        println!("vrptw: no folder of instances was named, nothing to measure");
        return;
    };
    let seconds: f64 = seconds.parse().expect("SECONDS is a number");
    let threads: usize = rest.first().map_or(2, |threads| threads.parse().expect("THREADS"));
    let best = std::fs::read_to_string(Path::new(folder).join("BKS.tsv")).unwrap_or_default();
    let mut names: Vec<String> = rest.iter().skip(1).cloned().collect();
    if names.is_empty() {
        let files = std::fs::read_dir(folder).expect("FOLDER").flatten();
        let text = |entry: std::fs::DirEntry| entry.file_name().into_string().ok();
        names = files
            .filter_map(text)
            .filter_map(|name| Some(name.strip_suffix(".txt")?.into()))
            .collect();
        names.sort();
    }
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/vrptw");
    std::fs::create_dir_all(&out).unwrap();
    let seed = std::env::var("SEED").map_or(1, |seed| seed.parse().unwrap());
    let mut gaps = Vec::new();
    for name in names {
        let text = std::fs::read_to_string(Path::new(folder).join(format!("{name}.txt"))).unwrap();
        let begun = Instant::now();
        let text = shuffled(&text);
        let instance = solomon::read(&text).unwrap();
        let tables = vec![Priced { table: &instance.table, costs: None }];
        let spent = || begun.elapsed().as_secs_f64() / seconds;
        let steps = std::env::var("STEPS").ok().and_then(|steps| steps.parse().ok());
        let budget = steps.map_or(Budget::Share(&spent), Budget::Steps);
        let heard = Mutex::new(Vec::new());
        let tell = |_: f64, cost: i64| {
            heard.lock().unwrap().push((begun.elapsed().as_secs_f64(), cost));
        };
        let tell: scheduler::optimise::Tell<'_> = &tell;
        let run = Run { seed, threads, budget, gently: false, most_moves: None, tell: Some(tell) };
        let solution = solve(&instance.problem, &tables, &run);
        let took = begun.elapsed().as_secs_f64();
        let close = close_after(&heard.lock().unwrap());
        std::fs::write(out.join(format!("{name}.sol")), solomon::write(&solution)).unwrap();
        let cost: i64 = solution.routes.iter().map(|route| route.driving_s).sum();
        let known = best.lines().find_map(|line| {
            let mut cells = line.split('\t');
            (cells.next()? == name).then(|| cells.next()?.parse::<f64>().ok()).flatten()
        });
        let gap = known.map(|known| (cost as f64 / 10.0 / known - 1.0) * 100.0);
        println!(
            "{name:10} {:8.1} {} routes, {} left out, gap {:.2} %, {} steps, {took:.1} s, within 10 % after {close:.2} s",
            cost as f64 / 10.0,
            solution.routes.len(),
            solution.unserved.len(),
            gap.unwrap_or(f64::NAN),
            solution.steps
        );
        gaps.extend(gap);
    }
    gaps.sort_by(f64::total_cmp);
    if !gaps.is_empty() {
        println!("median gap {:.2} %", gaps[gaps.len() / 2]);
    }
}

/// When the plan was within 10 % of the last one, seconds.
fn close_after(heard: &[(f64, i64)]) -> f64 {
    let Some((_, last)) = heard.last() else { return f64::NAN };
    let near = |(_, cost): &&(f64, i64)| *cost as f64 <= *last as f64 * 1.1;
    heard.iter().find(near).map_or(f64::NAN, |(at, _)| *at)
}

/// The instance with its customers, the depot excepted, in an order that SHUFFLE draws.
fn shuffled(text: &str) -> String {
    let Ok(seed) = std::env::var("SHUFFLE") else { return text.to_owned() };
    let is_row = |line: &&str| {
        let mut words = line.split_whitespace();
        line.split_whitespace().count() == 7 && words.all(|word| word.parse::<f64>().is_ok())
    };
    let (head, rows): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| !is_row(line));
    let mut rng = fastrand::Rng::with_seed(seed.parse().expect("SHUFFLE is a number"));
    let (depot, customers) = rows.split_first().expect("a depot");
    let mut customers = customers.to_vec();
    rng.shuffle(&mut customers);
    let renumbered = customers.iter().enumerate().map(|(index, row)| {
        let rest: Vec<&str> = row.split_whitespace().skip(1).collect();
        format!("{} {}", index + 1, rest.join(" "))
    });
    let all = head.iter().map(|line| (*line).to_owned()).chain([(*depot).to_owned()]);
    all.chain(renumbered).collect::<Vec<_>>().join("\n") + "\n"
}
