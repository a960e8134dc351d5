//! Whatever bytes come: an answer or a refusal, never a panic, never a hang.

use proptest::prelude::*;
use scheduler::formats::{solomon, vrplib};
use scheduler::optimise::{Priced, refuse, solve, verify};

use crate::vrplib::{SMALL, SOLOMON, TIMED};
use crate::{answered, run};

const VROOM: &str = r#"{"vehicles":[{"id":1,"start":[2.35,48.86],"start_index":0,"end_index":2,"capacity":[4],
"skills":[1,14],"time_window":[28800,43200],"breaks":[{"id":1,"time_windows":[[32400,34200]],"service":300,
"max_load":[3]}],"speed_factor":1.5,"max_tasks":4,"max_travel_time":9000,"costs":{"fixed":5,"per_hour":3600},
"type":"van","steps":[{"type":"start"},{"type":"job","id":2,"pinned":true},{"type":"end"}]}],
"jobs":[{"id":2,"location_index":1,"setup":3,"service":300,"delivery":[1],"pickup":[0],"skills":[1],"priority":7,
"time_windows":[[28800,36000],[40000,42000]],"service_per_type":{"van":9}}],"shipments":[{"amount":[1],
"pickup":{"id":4,"location_index":2,"service":30},"delivery":{"id":5,"location_index":0}}],
"matrices":{"car":{"durations":[[0,20,30],[21,0,12],[31,13,0]],"distances":[[0,2,3],[2,0,1],[3,1,0]]}},
"options":{"g":true,"c":false,"t":1,"x":2,"l":0.1,"reasons":true}}"#;

/// Reads and plans whatever it is.
fn try_all(bytes: &[u8]) {
    let _ = answered(bytes, 3);
    let text = String::from_utf8_lossy(bytes);
    if let Ok(instance) = vrplib::read(&text) {
        plan(&instance.problem, &instance.table);
    }
    if let Ok(instance) = solomon::read(&text) {
        plan(&instance.problem, &instance.table);
    }
}

fn plan(problem: &scheduler::optimise::Problem, table: &scheduler::matrix::Table) {
    let tables = vec![Priced { table, costs: None }];
    if refuse(problem, &tables).is_ok() {
        let solution = solve(problem, &tables, &run(3));
        verify(problem, &tables, &solution).unwrap();
    }
}

#[test]
fn a_file_may_end_after_any_byte() {
    answered(VROOM.as_bytes(), 3).unwrap();
    for whole in [VROOM, SMALL, TIMED, SOLOMON] {
        for end in 0..whole.len() {
            try_all(&whole.as_bytes()[..end]);
        }
    }
}

/// Numbers that hurt, put where others stood.
const NASTY: [&str; 16] = [
    "0",
    "-1",
    "1",
    "101",
    "65536",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "1e300",
    "-1e-300",
    "0.5",
    "null",
    "[]",
    "{}",
    "\"x\"",
    "true",
];

fn numbers(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = None;
    for (at, byte) in text.bytes().enumerate() {
        match (byte.is_ascii_digit(), from) {
            (true, None) => from = Some(at),
            (false, Some(begin)) => {
                found.push((begin, at));
                from = None;
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_number_may_be_any_other() {
    for whole in [VROOM, SMALL, TIMED, SOLOMON] {
        for (from, to) in numbers(whole) {
            for nasty in NASTY {
                let text = format!("{}{nasty}{}", &whole[..from], &whole[to..]);
                try_all(text.as_bytes());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        try_all(&bytes);
    }

    #[test]
    fn bytes_of_a_good_file_may_be_changed_left_out_and_doubled(
        which in 0_usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..6),
    ) {
        let mut bytes = [VROOM, SMALL, TIMED, SOLOMON][which].as_bytes().to_vec();
        for (at, byte, what) in changes {
            let at = at.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, byte),
                _ => bytes[at] = b'0' + byte % 10,
            }
        }
        try_all(&bytes);
    }

    #[test]
    fn two_numbers_may_be_nasty_at_once(
        a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(),
        one in 0_usize..16, other in 0_usize..16, plan_mode in any::<bool>(),
    ) {
        let mut text = VROOM.replace("\"c\":false", if plan_mode { "\"c\":true" } else { "\"c\":false" });
        for (index, nasty) in [(a, one), (b, other)] {
            let all = numbers(&text);
            let (from, to) = all[index.index(all.len())];
            text.replace_range(from..to, NASTY[nasty]);
        }
        try_all(text.as_bytes());
    }
}
