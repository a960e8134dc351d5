//! Random days against a second opinion: the house rule equals a search that tries every start of every technician,
//! every plan passes the checker, and the checker catches plans that were tampered with.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod boards;
mod brute;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use scheduler::check::check;
use scheduler::{
    Assigned, Day, DayTechnician, Drive, Estimate, Plan, Search, Slot, Travel, allows, auto_assign,
    slot_for, suggest, warnings,
};

use crate::boards::{days, shuffled, zone};
use crate::brute::Brute;

/// The same boards on every machine; no file of failures is kept.
fn config(cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(2), failure_persistence: None, ..Config::default() }
}

fn estimate() -> Estimate {
    Estimate::new(zone())
}

fn decided(plan: &Plan) -> Vec<(String, String, Slot)> {
    let one = |a: &Assigned| (a.job_id.to_string(), a.technician_id.to_string(), a.slot);
    plan.assigned.iter().map(one).collect()
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn the_house_rule_equals_a_search_through_every_start(day in days()) {
        let travel = estimate();
        let plan = auto_assign(&day, &travel);
        prop_assert_eq!(check(&day, &plan, &travel), vec![]);
        let (assigned, unassigned) = brute::assign(&day, &travel);
        prop_assert_eq!(decided(&plan), assigned);
        let left: Vec<String> = plan.unassigned.iter().map(|u| u.job_id.to_string()).collect();
        prop_assert_eq!(left, unassigned);
    }
}

proptest! {
    #![proptest_config(config(1_200))]

    #[test]
    fn shuffled_input_gives_the_same_answer((day, seed) in (days(), any::<u64>())) {
        let travel = estimate();
        let plan = auto_assign(&day, &travel);
        let other = shuffled(&day, seed);
        prop_assert_eq!(format!("{plan:?}"), format!("{:?}", auto_assign(&other, &travel)));
        let search = Search { range: day.range, now_s: day.now_s, limit: 10 };
        for job in &day.jobs {
            let before = suggest(job, &day.technicians, search, &travel);
            let after = suggest(job, &other.technicians, search, &travel);
            prop_assert_eq!(format!("{before:?}"), format!("{after:?}"));
        }
    }
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn suggestions_keep_every_rule_and_miss_nobody(day in days()) {
        let travel = estimate();
        let search = Search { range: day.range, now_s: day.now_s, limit: usize::MAX };
        for job in &day.jobs {
            let found = suggest(job, &day.technicians, search, &travel);
            for offer in &found.offers {
                let technician = named(&day, &offer.technician_id);
                let slot = offer.slot;
                prop_assert_eq!(allows(job, technician, slot.start_s, slot.end_s), vec![]);
                let brute = Brute::new(technician, &job.id, day.range);
                prop_assert!(brute.fits(job, &day, slot.start_s, &travel));
            }
            let ordered = found.offers.is_sorted_by_key(|offer| {
                let slot = offer.slot;
                let key = (slot.overqualification, slot.added_travel_min);
                (key, offer.technician_id.clone(), slot.start_s)
            });
            prop_assert!(ordered);
            for technician in &day.technicians {
                let brute = Brute::new(technician, &job.id, day.range);
                let earliest = brute.earliest(job, &day, &travel);
                let mine = found.offers.iter().filter(|o| o.technician_id == technician.id);
                prop_assert_eq!(mine.map(|offer| offer.slot.start_s).min(), earliest);
                let refused = found.not_possible.iter().find(|n| n.technician_id == technician.id);
                prop_assert_eq!(refused.is_some(), earliest.is_none());
                prop_assert!(refused.is_none_or(|refused| !refused.obstacles.is_empty()));
                let named = slot_for(job, technician, search, &travel).ok();
                prop_assert_eq!(named.map(|slot| slot.start_s), earliest);
            }
        }
    }
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn the_checker_agrees_with_the_search_about_plans_that_were_tampered_with(
        (day, moved, other) in (days(), -24_i64..24, any::<prop::sample::Index>()),
    ) {
        let travel = estimate();
        let plan = auto_assign(&day, &travel);
        let Some(last) = plan.assigned.last() else { return Ok(()) };
        let job = day.jobs.iter().find(|job| job.id == last.job_id).unwrap();
        let technician = other.get(&day.technicians);
        let start_s = last.slot.start_s + moved * 300;
        let mut standing = technician.clone();
        for earlier in plan.assigned.iter().filter(|a| a.technician_id == technician.id && *a != last) {
            let placed = day.jobs.iter().find(|job| job.id == earlier.job_id).unwrap();
            standing.stops.push(boards::placed(placed, earlier.slot));
        }
        let surplus = brute::surplus(job, technician, start_s);
        let fits = surplus.is_some()
            && Brute::new(&standing, &job.id, day.range).fits(job, &day, start_s, &travel);
        let mut tampered = plan.clone();
        let changed = tampered.assigned.last_mut().unwrap();
        changed.technician_id = technician.id.clone();
        changed.slot.start_s = start_s;
        changed.slot.end_s = start_s + job.duration_s();
        changed.slot.overqualification = surplus.unwrap_or(0);
        prop_assert_eq!(check(&day, &tampered, &travel).is_empty(), fits);
    }

    #[test]
    fn a_slot_that_was_found_breaks_no_rule_and_deserves_no_warning(day in days()) {
        let travel = estimate();
        for assigned in auto_assign(&day, &travel).assigned.iter().take(1) {
            let job = day.jobs.iter().find(|job| job.id == assigned.job_id).unwrap();
            let technician = named(&day, &assigned.technician_id);
            let (start_s, end_s) = (assigned.slot.start_s, assigned.slot.end_s);
            prop_assert_eq!(allows(job, technician, start_s, end_s), vec![]);
            prop_assert_eq!(warnings(job, technician, (start_s, end_s), day.now_s, &travel), vec![]);
        }
    }

    #[test]
    fn manual_rules_equal_a_look_at_every_minute((day, from, minutes) in (days(), 0_i64..1440, 5_i64..180)) {
        let start_s = day.range.start_s + from * 60;
        let end_s = start_s + minutes * 60;
        for technician in &day.technicians {
            let job = &day.jobs[0];
            let broken = allows(job, technician, start_s, end_s);
            let brute = Brute::new(technician, &job.id, day.range);
            let has = |rule: &str| broken.iter().any(|violation| violation.rule() == rule);
            prop_assert_eq!(has("skill"), brute::surplus(job, technician, start_s).is_none());
            prop_assert_eq!(has("shift"), !brute.works_throughout(start_s, end_s));
            prop_assert_eq!(has("absence"), brute.away_within(start_s, end_s));
            prop_assert_eq!(has("overlap"), brute.busy_within(start_s, end_s));
        }
    }

    #[test]
    fn a_taught_estimate_stays_within_its_bounds(
        drives in prop::collection::vec((0_i64..1440, 1_i64..20_000), 0..80),
        (lat, lon) in (44.9_f64..45.5, -74.0_f64..-73.4),
    ) {
        let (home, there) = (scheduler::Point::new(45.05, -73.58), scheduler::Point::new(lat, lon));
        let plain = estimate();
        let mut taught = estimate();
        for (minute, seconds) in drives {
            let depart_s = boards::MIDNIGHT_S + minute * 60;
            taught.learn(Drive { from: home, to: there, depart_s, seconds });
        }
        for hour in 0..24 {
            let depart_s = boards::MIDNIGHT_S + hour * 3600;
            let (before, after) =
                (plain.leg(home, there, depart_s).seconds, taught.leg(home, there, depart_s).seconds);
            prop_assert!(after * 1000 >= before * 599 - 1000 && after <= before * 2 + 1);
        }
    }
}

fn named<'a>(day: &'a Day, id: &str) -> &'a DayTechnician {
    day.technicians.iter().find(|technician| &*technician.id == id).unwrap()
}

#[test]
fn the_boards_are_not_all_trivial() {
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = proptest::test_runner::TestRunner::new(config(1));
    let (mut assigned, mut unassigned, mut contested) = (0, 0, 0);
    for _ in 0..300 {
        let day: Day = days().new_tree(&mut runner).unwrap().current();
        let plan = auto_assign(&day, &estimate());
        assigned += plan.assigned.len();
        unassigned += plan.unassigned.len();
        let could = |a: &&Assigned| {
            a.rejected.iter().any(|r| !matches!(r.loss, scheduler::Loss::Impossible(_)))
        };
        contested += plan.assigned.iter().filter(could).count();
    }
    assert!(
        assigned > 200 && unassigned > 100 && contested > 80,
        "{assigned} {unassigned} {contested}"
    );
}
