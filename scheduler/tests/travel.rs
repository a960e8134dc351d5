//! The estimate: sane without a map, close to a real router's answers, better after the company's own drives.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::PathBuf;

use jiff::tz::TimeZone;
use scheduler::learn::Corrections;
use scheduler::travel::HourBand;
use scheduler::{Drive, Estimate, Point, Travel};

/// Tuesday, 24 November 2026, 11:00 in Toronto: no rush.
const NOON_S: i64 = 1_795_536_000;

fn estimate() -> Estimate {
    Estimate::new(TimeZone::get("America/Toronto").unwrap())
}

/// So many kilometres north of Hemmingford.
fn north(km: f64) -> Point {
    Point::new(45.05 + km / 111.195, -73.58)
}

fn seconds(km: f64, at_s: i64) -> i64 {
    estimate().leg(north(0.0), north(km), at_s).seconds
}

#[test]
fn longer_drives_take_longer_and_go_faster() {
    let legs: Vec<i64> = (0..120).map(|km| seconds(f64::from(km), NOON_S)).collect();
    assert_eq!(legs[0], 0);
    assert!(legs.is_sorted());
    let kmh = |km: usize| km as f64 * 3600.0 / legs[km] as f64;
    assert!(kmh(2) < kmh(10) && kmh(10) < kmh(40) && kmh(40) < kmh(100));
    assert!((25.0..40.0).contains(&kmh(2)) && (50.0..65.0).contains(&kmh(100)));
}

#[test]
fn there_and_back_take_the_same_and_the_road_is_longer_than_the_crow() {
    let travel = estimate();
    let (a, b) = (north(0.0), Point::new(45.2, -73.9));
    assert_eq!(travel.leg(a, b, NOON_S), travel.leg(b, a, NOON_S));
    let leg = travel.leg(a, b, NOON_S);
    assert!(leg.metres > a.crow_m(b) && leg.metres < a.crow_m(b) * 3 / 2);
}

#[test]
fn rush_hours_are_local_and_end_on_friday() {
    let zone = TimeZone::get("America/Toronto").unwrap();
    let band = |text: &str| {
        let at = text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone.clone()).unwrap();
        HourBand::at(&zone, at.timestamp().as_second())
    };
    assert_eq!(band("2026-11-24T08:00"), HourBand::MorningRush);
    assert_eq!(band("2026-07-21T08:00"), HourBand::MorningRush, "daylight saving time");
    assert_eq!(band("2026-11-28T08:00"), HourBand::Day, "a Saturday");
    assert_eq!(band("2026-11-24T16:00"), HourBand::EveningRush);
    assert_eq!(band("2026-11-24T03:00"), HourBand::Night);
    assert_eq!(band("2026-11-24T20:00"), HourBand::Night);
    assert!(seconds(20.0, NOON_S - 3 * 3600) > seconds(20.0, NOON_S));
}

#[test]
fn coordinates_that_are_no_numbers_cost_nothing_and_break_nothing() {
    let nowhere = Point::new(f64::NAN, f64::INFINITY);
    assert_eq!(estimate().leg(nowhere, north(1.0), NOON_S).seconds, 0);
    assert_eq!(estimate().leg(north(0.0), north(1.0), i64::MAX).seconds, 125);
}

#[test]
fn a_company_that_always_needs_longer_is_believed_little_by_little() {
    let mut travel = estimate();
    let plain_s = seconds(20.0, NOON_S);
    let mut after = Vec::new();
    for _ in 0..40 {
        let drive = Drive {
            from: north(0.0),
            to: north(20.0),
            depart_s: NOON_S,
            seconds: plain_s * 14 / 10,
        };
        assert!(travel.learn(drive));
        after.push(travel.leg(north(0.0), north(20.0), NOON_S).seconds);
    }
    assert!(after.is_sorted() && after[0] < plain_s * 11 / 10);
    assert!(after[39] > plain_s * 13 / 10 && after[39] <= plain_s * 14 / 10 + 1);
    let elsewhere = travel.leg(north(0.0), north(5.0), NOON_S).seconds;
    assert_eq!(elsewhere, seconds(5.0, NOON_S), "other distances are not touched");
    let at_night = travel.leg(north(0.0), north(20.0), NOON_S + 11 * 3600).seconds;
    assert_eq!(at_night, seconds(20.0, NOON_S + 11 * 3600), "nor are other hours");
}

#[test]
fn one_strange_drive_changes_little_and_an_impossible_one_nothing() {
    let mut travel = estimate();
    let plain_s = seconds(20.0, NOON_S);
    let mut drive = |seconds| {
        let drive = Drive { from: north(0.0), to: north(20.0), depart_s: NOON_S, seconds };
        travel.learn(drive)
    };
    for _ in 0..20 {
        assert!(drive(plain_s));
    }
    assert!(drive(plain_s * 3));
    assert!(!drive(plain_s * 5) && !drive(3) && !drive(0) && !drive(-60));
    assert_eq!(travel.leg(north(0.0), north(20.0), NOON_S).seconds, plain_s);
}

#[test]
fn what_was_learned_can_be_kept_and_taken_up_again() {
    let mut travel = estimate();
    for number in 0..100 {
        let drive = Drive {
            from: north(0.0),
            to: north(f64::from(number)),
            depart_s: NOON_S + i64::from(number) * 3600,
            seconds: 900 + i64::from(number) * 60,
        };
        travel.learn(drive);
    }
    let kept = serde_json::to_string(travel.corrections()).unwrap();
    let again: Corrections = serde_json::from_str(&kept).unwrap();
    assert_eq!(&again, travel.corrections());
    let zone = TimeZone::get("America/Toronto").unwrap();
    let taken_up = Estimate::with_corrections(zone, again);
    let leg = |travel: &Estimate| travel.leg(north(0.0), north(30.0), NOON_S);
    assert_eq!(leg(&taken_up), leg(&travel));
}

/// The folder of real input data, where it is present.
fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("TOURNEE_SHARED").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let found = named.unwrap_or(beside).join("data/routing");
    found.is_dir().then_some(found)
}

#[test]
fn the_estimate_is_close_to_a_routers_answers_on_rural_roads() {
    let Some(folder) = shared() else {
        eprintln!(
            "SKIPPED: no routing data; set TOURNEE_SHARED to the folder that holds data/routing"
        );
        return;
    };
    // A town on a cliff is no country road: Monaco is printed and not judged.
    let networks = [("addison-county-vt", 0.13), ("liechtenstein", 0.18), ("monaco", f64::MAX)];
    for (name, limit) in networks {
        let text =
            std::fs::read_to_string(folder.join(format!("{name}-valhalla-matrix-50x50.csv")))
                .expect("the matrix can be read");
        let rows: Vec<(f64, f64)> = text.lines().skip(1).map(errors).collect();
        let (ours, fixed) = (rows.iter().map(|row| row.0), rows.iter().map(|row| row.1));
        let (ours, fixed) = (median(ours.collect()), median(fixed.collect()));
        eprintln!("{name}: {} pairs, median error {ours:.3}; at 50 km/h, {fixed:.3}", rows.len());
        assert!(rows.len() > 2000 && ours < limit, "{name}: {ours}");
        assert!(ours < fixed * 0.75 || limit == f64::MAX, "{name}: {ours} against {fixed}");
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Relative errors of one row of a matrix: the estimate's, and that of a fixed 50 km/h.
fn errors(line: &str) -> (f64, f64) {
    let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
    let (from, to) = (Point::new(cells[1], cells[2]), Point::new(cells[4], cells[5]));
    let estimated = estimate().leg(from, to, NOON_S).seconds as f64;
    let off = |seconds: f64| (seconds - cells[6]).abs() / cells[6].max(1.0);
    (off(estimated), off(cells[9]))
}
