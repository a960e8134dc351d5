//! Plan mode: the order is given, the times are asked, what breaks a rule is told.

use serde_json::{Value, json};

use crate::vroom::{line, types};
use crate::{refused, solved};

fn plan(vehicle: Value, jobs: Value) -> Value {
    json!({ "options": { "c": true }, "vehicles": [vehicle], "jobs": jobs, "matrices": line(10) })
}

fn causes(of: &Value) -> Vec<(String, Option<u64>)> {
    let list = of["violations"].as_array().unwrap().iter();
    list.map(|one| (one["cause"].as_str().unwrap().to_owned(), one["duration"].as_u64())).collect()
}

#[test]
fn a_plan_that_holds_has_no_violations() {
    let answer = solved(&plan(
        json!({ "id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 1000],
            "breaks": [{ "id": 1, "service": 20, "time_windows": [[40, 60]] }],
            "steps": [{ "type": "job", "id": 2 }, { "type": "break", "id": 1 }, { "type": "job", "id": 1 }] }),
        json!([{ "id": 1, "location_index": 1 }, { "id": 2, "location_index": 3, "service": 5 },
            { "id": 3, "location_index": 3 }]),
    ));
    assert_eq!(types(&answer["routes"][0]), ["start", "job 2", "break 1", "job 1", "end"]);
    assert_eq!(answer["summary"]["violations"], json!([]), "{answer}");
    assert_eq!(answer["unassigned"][0]["id"], 3);
}

#[test]
fn everything_that_is_broken_is_told_where_it_is_broken() {
    let answer = solved(&plan(
        json!({ "id": 1, "start_index": 0, "end_index": 0, "time_window": [100, 150], "capacity": [1],
            "max_tasks": 1, "max_travel_time": 50, "max_distance": 400,
            "breaks": [{ "id": 1, "max_load": [1] }, { "id": 2 }],
            "steps": [{ "type": "break", "id": 1 }, { "type": "job", "id": 1 }, { "type": "job", "id": 2 }] }),
        json!([
            { "id": 1, "location_index": 5, "skills": [3], "delivery": [1] },
            { "id": 2, "location_index": 5, "delivery": [1], "time_windows": [[0, 100]] },
        ]),
    ));
    let route = &answer["routes"][0];
    let names: Vec<String> = causes(route).into_iter().map(|(cause, _)| cause).collect();
    for cause in [
        "load",
        "max_tasks",
        "skills",
        "missing_break",
        "max_travel_time",
        "max_distance",
        "max_load",
    ] {
        assert!(names.iter().any(|name| name == cause), "{cause}: {names:?}");
    }
    assert_eq!(answer["summary"]["violations"], route["violations"]);
    // A hundred seconds of driving in a shift of fifty: setting out fifty early is enough for the window too.
    let missed: u64 = causes(route).into_iter().filter_map(|(_, duration)| duration).sum();
    assert_eq!(missed, 50, "{route}");
}

#[test]
fn a_shipment_in_the_wrong_order_breaks_precedence() {
    let mut input = plan(
        json!({ "id": 1, "start_index": 0,
            "steps": [{ "type": "delivery", "id": 4 }, { "type": "pickup", "id": 4 }] }),
        json!([]),
    );
    input["shipments"] = json!([{ "pickup": { "id": 4, "location_index": 1 }, "delivery": { "id": 4, "location_index": 2 } }]);
    let answer = solved(&input);
    assert_eq!(causes(&answer["routes"][0])[0].0, "precedence");
}

#[test]
fn hard_times_are_kept_or_refused() {
    let input = |at: u64| {
        plan(
            json!({ "id": 1, "start_index": 0, "end_index": 0,
                "steps": [{ "type": "job", "id": 1, "service_at": 500 }, { "type": "job", "id": 2, "service_before": at }] }),
            json!([{ "id": 1, "location_index": 5 }, { "id": 2, "location_index": 6 }]),
        )
    };
    let steps = solved(&input(510))["routes"][0]["steps"].clone();
    assert_eq!((&steps[1]["arrival"], &steps[2]["arrival"]), (&json!(500), &json!(510)));
    assert_eq!(refused(&input(509)), "Infeasible route for vehicle 1.");
}
