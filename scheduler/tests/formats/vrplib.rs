//! VRPLIB's files and Solomon's: read, planned, written as `.sol`.

use scheduler::formats::{solomon, vrplib};
use scheduler::optimise::{Priced, refuse, solve, verify};

use crate::run;

pub const SMALL: &str = "NAME : small\nCOMMENT : made here\nTYPE : CVRP\nDIMENSION : 5\n\
EDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\nNODE_COORD_SECTION\n1 0 0\n2 0 10\n3 0 20\n4 30 0\n5 40 0\n\
DEMAND_SECTION\n1 0\n2 5\n3 5\n4 5\n5 5\nDEPOT_SECTION\n1\n-1\nEOF\n";

pub const TIMED: &str = "NAME : timed\nTYPE : VRPTW\nDIMENSION : 3\nVEHICLES : 2\nCAPACITY : 9\n\
EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW\nEDGE_WEIGHT_SECTION\n4\n6 3\n\
DEMAND_SECTION\n1 4\n2 0\n3 4\nDEPOT_SECTION\n2\n-1\nTIME_WINDOW_SECTION\n1 0 30\n2 0 90\n3 40 50\n\
SERVICE_TIME_SECTION\n1 5\n2 0\n3 5\nEOF\n";

pub const SOLOMON: &str = "S3\n\nVEHICLE\nNUMBER CAPACITY\n 2 20\n\nCUSTOMER\n\
CUST NO. XCOORD. YCOORD. DEMAND READY DUE SERVICE\n\n 0 0 0 0 0 100 0\n 1 3 4 10 0 80 5\n 2 6 8 10 0 80 5\n";

fn planned(text: &str) -> String {
    let instance = vrplib::read(text).unwrap();
    let tables = vec![Priced { table: &instance.table, costs: None }];
    refuse(&instance.problem, &tables).unwrap();
    let solution = solve(&instance.problem, &tables, &run(2_000));
    verify(&instance.problem, &tables, &solution).unwrap();
    vrplib::write(&solution, instance.scale)
}

#[test]
fn a_capacitated_file_is_planned_by_whole_distances() {
    let text = planned(SMALL);
    assert_eq!(text.lines().last(), Some("Cost 120"), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");
}

#[test]
fn explicit_rows_windows_and_service_times_are_kept_and_the_depot_may_be_any_node() {
    // Out 4, back and out through the other: 4 + 6 + 3, one route.
    assert!(["Route #1: 1 2\nCost 13\n"].contains(&planned(TIMED).as_str()), "{}", planned(TIMED));
    let decimals = TIMED.replace("6 3\n", "6 3.5\n");
    assert_eq!(planned(&decimals).lines().last(), Some("Cost 13.5"));
    let full =
        TIMED.replace("LOWER_ROW", "FULL_MATRIX").replace("4\n6 3\n", "0 4 6\n4 0 3\n6 3 0\n");
    assert_eq!(planned(&full), planned(TIMED));
}

#[test]
fn what_is_missing_wrong_or_not_supported_is_named() {
    let cases = [
        (SMALL.replace("DIMENSION : 5\n", ""), "DIMENSION is missing"),
        (SMALL.replace("DIMENSION : 5", "DIMENSION : 999999"), "more than"),
        (SMALL.replace("CVRP", "TSP"), "line 3"),
        (SMALL.replace("EUC_2D", "GEO"), "EUC_2D or EXPLICIT"),
        (SMALL.replace("3 0 20", "3 0 x"), "line 10: `x` is no number"),
        (SMALL.replace("3 0 20", "2 0 20"), "each once"),
        (SMALL.replace("3 0 20\n", ""), "NODE_COORD_SECTION"),
        (SMALL.replace("-1\n", "2\n-1\n"), "several depots"),
        (SMALL.replace("2 5\n", "2 -5\n"), "cannot be negative"),
        (SMALL.replace("CAPACITY", "CAPACITANCE"), "CAPACITANCE is not supported"),
        (TIMED.replace("3 40 50", "3 50 40"), "closes before it opens"),
        (TIMED.replace("6 3\n", "6\n"), "has 2 numbers"),
    ];
    for (text, words) in cases {
        let told = vrplib::read(&text).unwrap_err().to_string();
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(vrplib::is_vrplib(SMALL) && vrplib::is_vrplib(TIMED) && !vrplib::is_vrplib(SOLOMON));
}

#[test]
fn a_solomon_file_is_planned_in_tenths() {
    let instance = solomon::read(SOLOMON).unwrap();
    let tables = vec![Priced { table: &instance.table, costs: None }];
    let solution = solve(&instance.problem, &tables, &run(1_000));
    assert_eq!(solomon::write(&solution).lines().last(), Some("Cost 20.0"));
}
