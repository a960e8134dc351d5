//! Small companies under both policies: chance, books and promises.

use super::company::Company;
use super::{Counts, Policy, Report, Setting, simulate};

fn small(policy: Policy, seed: u64) -> Setting {
    Setting { days: 2, technicians: 8, jobs: 44, ..Setting::new(policy, seed) }
}

fn played(policy: Policy, seed: u64) -> Report {
    simulate(&small(policy, seed), |_, _| {}).unwrap()
}

const BOTH: [Policy; 2] = [Policy::Greedy, Policy::Optimised];

#[test]
fn the_same_seed_gives_the_same_report_and_another_seed_another() {
    for policy in BOTH {
        let report = played(policy, 5);
        assert_eq!(report, played(policy, 5), "{policy:?}");
        assert_ne!(report, played(policy, 6), "{policy:?}");
        assert_ne!(report.days[0], report.days[1], "{policy:?}");
    }
}

#[test]
fn days_are_drawn_from_the_seed_alone() {
    let (one, other) = (Company::new(5, 8, 44), Company::new(5, 8, 44));
    // The order in which days and drives are asked for must not matter.
    let late = other.day(9);
    assert_eq!(one.day(3), other.day(3));
    assert_eq!(one.day(9), late);
    assert_ne!(one.day(3).tasks, one.day(4).tasks);
    let drive = late.real_drive_s((1, 12), late.midnight_s + 40_000, 900);
    late.real_drive_s((2, 12), late.midnight_s + 40_000, 900);
    assert_eq!(drive, late.real_drive_s((1, 12), late.midnight_s + 40_000, 900));
    assert_ne!(drive, late.real_drive_s((1, 13), late.midnight_s + 40_000, 900));
}

#[test]
fn both_policies_meet_the_same_jobs() {
    for seed in 0..4 {
        let [greedy, optimised] = BOTH.map(|policy| played(policy, seed));
        for (a, b) in greedy.days.iter().zip(&optimised.days) {
            assert_eq!((a.jobs, a.urgent, a.expert_calls), (b.jobs, b.urgent, b.expert_calls));
        }
    }
}

#[test]
fn every_job_ends_once_and_every_promise_is_kept_or_broken() {
    for (policy, seed) in BOTH.into_iter().flat_map(|policy| (0..6).map(move |s| (policy, s))) {
        let report = played(policy, seed);
        for Counts { jobs, done, cancelled, no_access, left, arrivals, on_time, .. } in &report.days
        {
            assert_eq!(*jobs, done + cancelled + no_access + left, "{policy:?}, seed {seed}");
            assert_eq!(*arrivals, done + no_access, "{policy:?}, seed {seed}");
            assert!(on_time <= arrivals);
        }
        for day in &report.days {
            let promises = day.promises_kept + day.promises_broken;
            assert_eq!(promises, day.jobs - day.cancelled, "{policy:?}, seed {seed}");
            assert!(day.texts_promised <= day.jobs);
        }
    }
}

#[test]
fn every_plan_passes_the_checker() {
    let mut plans = 0;
    for seed in 0..6 {
        let total = played(Policy::Optimised, seed).total;
        assert_eq!(total.faults, 0, "seed {seed}");
        plans += total.plans;
    }
    assert!(plans > 40, "only {plans} plans were made");
}

#[test]
fn the_optimiser_drives_a_fifth_less_for_each_job_and_keeps_as_many_promises() {
    for seed in 1..4 {
        let [greedy, optimised] = BOTH.map(|policy| played(policy, seed).total);
        // These small companies have more work than they can do, and the optimiser does more of it.
        let (now, then) =
            (optimised.driven_metres * greedy.done, greedy.driven_metres * optimised.done);
        assert!(now * 10 <= then * 8, "seed {seed}");
        assert!(optimised.promises_kept >= greedy.promises_kept, "seed {seed}");
        assert!(optimised.done >= greedy.done, "seed {seed}");
    }
}

#[test]
fn days_without_people_or_without_work_are_played_too() {
    for policy in BOTH {
        let nobody = Setting { technicians: 0, ..small(policy, 1) };
        let total = simulate(&nobody, |_, _| {}).unwrap().total;
        assert_eq!((total.done, total.left + total.cancelled), (0, total.jobs));
        let nothing = Setting { jobs: 0, ..small(policy, 1) };
        let total = simulate(&nothing, |_, _| {}).unwrap().total;
        assert_eq!((total.jobs, total.driven_metres), (0, 0));
    }
}
