//! The road router on real extracts: how long it takes to build, to load and to answer a 50 x 50 matrix, how far its
//! durations are from a reference router's, and how far the estimate's are once it learned. With `--check`, ends badly
//! where a goal is missed.
//!
//! Run: `cargo bench -p scheduler --bench roads`, with `TOURNEE_SHARED` naming the folder that holds `data/osm` and
//! `data/routing`.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a benchmark prints what it finds")]

#[path = "../../src/roads/pbf.rs"]
mod pbf;
#[path = "../tests/reference/mod.rs"]
mod reference;

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::tz::TimeZone;
use scheduler::roads::{Network, Roads, Survey, Tags};
use scheduler::{LearnedTravel, Matrices, Point, Ways};

use reference::{NOON_S, Pair};

fn main() {
    let check = std::env::args().any(|argument| argument == "--check");
    if let Some(side) = std::env::args().skip_while(|argument| argument != "--grid").nth(1) {
        return grid(side.parse().expect("a number of streets"));
    }
    let Some(shared) = reference::shared() else {
        println!("SKIPPED: no extracts; set TOURNEE_SHARED to the folder that holds data/osm");
        return;
    };
    let mut missed = Vec::new();
    for name in reference::NAMES {
        let network = built(&shared, name);
        judged(&shared, name, network, &mut missed);
    }
    println!(
        "missed: {}",
        if missed.is_empty() { "nothing".to_owned() } else { missed.join("; ") }
    );
    if check && !missed.is_empty() {
        std::process::exit(1);
    }
}

/// Builds the network of an extract and says what that took.
fn built(shared: &Path, name: &str) -> Network {
    let bytes = std::fs::read(shared.join(format!("data/osm/{name}.osm.pbf"))).expect("an extract");
    let begun = Instant::now();
    let survey = pbf::read(Cursor::new(&bytes), &mut |_, _| {}).expect("a whole extract");
    let read_s = begun.elapsed().as_secs_f64();
    let network = Network::build(&survey, &mut |_| {}).expect("roads");
    let build_s = begun.elapsed().as_secs_f64();
    let file = network.to_bytes();
    let mut loads: Vec<f64> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            let again = Network::from_bytes(&file).expect("its own bytes");
            assert!(again == network, "a network comes back as it was");
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    loads.sort_by(f64::total_cmp);
    let (stretches, arcs, edges) = network.counts();
    println!(
        "{name}: read {read_s:.2} s, read and built {build_s:.2} s, {} kB, loaded {:.1} ms; {stretches} stretches, {arcs} arcs, {edges} edges",
        file.len() / 1024,
        loads[2]
    );
    network
}

/// Asks the network for everything the reference knows, and notes which goals were missed.
fn judged(shared: &Path, name: &str, network: Network, missed: &mut Vec<String>) {
    let pairs = reference::pairs(shared, name);
    let roads = Roads::new(Arc::new(network));
    let matrix_ms = matrix_ms(&roads, &pairs);
    let begun = Instant::now();
    let driven: i64 =
        pairs.iter().filter_map(|p| roads.drive(p.from, p.to)).map(|leg| leg.metres).sum();
    let drive_us = begun.elapsed().as_secs_f64() * 1e6 / pairs.len() as f64;
    assert!(driven > 0, "somebody drives");
    let ours = |pair: &Pair| roads.drive(pair.from, pair.to).expect("a way");
    let seconds = |pair: &Pair| ours(pair).seconds as f64;
    let (median, p90) = reference::errors(&pairs, &seconds);
    let ratio = reference::ratio(&pairs, &seconds);
    let lengths: Vec<Pair> = pairs.iter().map(|p| Pair { seconds: p.metres, ..*p }).collect();
    let metres = reference::errors(&lengths, &|pair: &Pair| ours(pair).metres as f64);
    println!(
        "  50 x 50: {matrix_ms:.2} ms, one drive {drive_us:.0} µs; seconds off by {median:.3} (p90 {p90:.3}), ours/reference {ratio:.3}; metres off by {:.3} (p90 {:.3})",
        metres.0, metres.1
    );
    if matrix_ms >= 20.0 {
        missed.push(format!("{name}: a matrix takes {matrix_ms:.1} ms"));
    }
    if median > 0.10 {
        missed.push(format!("{name}: durations are {median:.3} off"));
    }
    let (plain, learned) = (reference::estimate(&pairs, false), reference::estimate(&pairs, true));
    println!("  estimate: off by {plain:.3}, with learned speeds {learned:.3}");
    if learned > 0.15 && name != "monaco" {
        missed.push(format!("{name}: the estimate is {learned:.3} off"));
    }
}

/// A made-up city of `side` by `side` streets, every tenth of them fast: how building grows.
fn grid(side: i64) {
    let mut survey = Survey::default();
    let (slow, fast) = ([("highway", "residential")], [("highway", "primary")]);
    for street in 0..side {
        let tags = if street % 10 == 0 { Tags::from(fast) } else { Tags::from(slow) };
        survey.way(street * 2 + 1, &tags, (0..side).map(|at| street * side + at));
        survey.way(street * 2 + 2, &tags, (0..side).map(|at| at * side + street));
    }
    for node in 0..side * side {
        // Crooked, or every way would be as long as the next.
        let odd = (node * 7_919 % 601) as i32 * 4;
        let (row, column) = ((node / side) as i32, (node % side) as i32);
        survey.node(node, 450_000_000 + row * 9_000 + odd, column * 12_000 - odd, &Tags::default());
    }
    let begun = Instant::now();
    let network = Network::build(&survey, &mut |_| {}).expect("roads");
    let (stretches, arcs, edges) = network.counts();
    let build_s = begun.elapsed().as_secs_f64();
    let file = network.to_bytes();
    let begun = Instant::now();
    assert!(Network::from_bytes(&file).is_ok(), "its own bytes");
    println!(
        "{stretches} stretches, {arcs} arcs, {edges} edges: built {build_s:.1} s, {} MB, loaded {:.0} ms",
        file.len() / 1_000_000,
        begun.elapsed().as_secs_f64() * 1e3
    );
    let roads = Roads::new(Arc::new(network));
    let places: Vec<Point> = (0..50)
        .map(|at| {
            let along = |prime: i64| (at * prime % side) as f64;
            Point::new(45.0 + along(7_919) * 0.000_9, along(104_729) * 0.001_2)
        })
        .collect();
    let begun = Instant::now();
    assert_eq!(roads.drives(&places).len(), 2_500);
    println!("  50 x 50: {:.1} ms", begun.elapsed().as_secs_f64() * 1e3);
}

/// Milliseconds of a matrix over the fifty places of a reference, the median of 21.
fn matrix_ms(roads: &Roads, pairs: &[Pair]) -> f64 {
    let travel = LearnedTravel::new(TimeZone::UTC, Some(Arc::new(roads.clone())));
    let mut points: Vec<Point> = Vec::new();
    for pair in pairs {
        if !points.contains(&pair.from) {
            points.push(pair.from);
        }
    }
    assert_eq!(points.len(), 50);
    let mut times: Vec<f64> = (0..21)
        .map(|_| {
            let begun = Instant::now();
            let table = travel.table(&points, NOON_S).expect("a table");
            assert_eq!(table.n(), 50);
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    for pair in pairs.iter().step_by(97) {
        let at = |place: Point| points.iter().position(|p| *p == place);
        if let (Some(i), Some(j), Some(leg)) =
            (at(pair.from), at(pair.to), roads.drive(pair.from, pair.to))
        {
            let table = travel.table(&points, NOON_S).expect("a table");
            assert!(
                (i64::from(table.seconds(i, j)) - leg.seconds).abs() <= 1,
                "a table says what a way says"
            );
        }
    }
    times[10]
}
