//! VROOM's input and output: every field does what its documentation says.

use serde_json::{Value, json};

use crate::{refused, solved};

/// Places on a line, ten seconds and a hundred metres apart.
pub fn line(places: i64) -> Value {
    let by = |each: i64| -> Value {
        (0..places)
            .map(|i| (0..places).map(|j| (i - j).abs() * each).collect::<Vec<_>>())
            .collect::<Vec<_>>()
            .into()
    };
    json!({ "car": { "durations": by(10), "distances": by(100) } })
}

pub fn types(route: &Value) -> Vec<String> {
    let steps = route["steps"].as_array().unwrap().iter();
    steps
        .map(|step| match step["id"].as_u64() {
            Some(id) => format!("{} {id}", step["type"].as_str().unwrap()),
            None => step["type"].as_str().unwrap().to_owned(),
        })
        .collect()
}

fn unassigned(answer: &Value) -> Vec<u64> {
    let list = answer["unassigned"].as_array().unwrap().iter();
    list.map(|one| one["id"].as_u64().unwrap()).collect()
}

#[test]
fn the_measured_minimal_answer_comes_back_word_for_word() {
    let answer = solved(&json!({
        "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0, "skills": [1],
            "breaks": [{ "id": 1, "service": 5, "time_windows": [[10, 10]] }] }],
        "jobs": [
            { "id": 1, "location_index": 1, "service": 3, "skills": [1] },
            { "id": 2, "location_index": 1, "skills": [9], "description": "x" },
        ],
        "matrices": { "car": { "durations": [[0, 10], [10, 0]] } },
    }));
    assert_eq!(
        answer["unassigned"],
        json!([{ "id": 2, "type": "job", "description": "x", "location_index": 1 }])
    );
    let summary = json!({
        "cost": 20, "routes": 1, "unassigned": 1, "setup": 0, "service": 8, "duration": 20,
        "waiting_time": 0, "priority": 0, "violations": [],
        "computing_times": { "loading": 0, "solving": 0, "routing": 0 },
    });
    assert_eq!(answer["summary"], summary, "{answer}");
    let route = &answer["routes"][0];
    assert_eq!(
        (&route["cost"], &route["service"], &route["duration"]),
        (&json!(20), &json!(8), &json!(20))
    );
    let job = route["steps"].as_array().unwrap().iter().find(|step| step["type"] == "job").unwrap();
    assert_eq!(
        (&job["job"], &job["id"], &job["location_index"]),
        (&json!(1), &json!(1), &json!(1))
    );
    for absent in ["load", "distance", "location", "description"] {
        assert!(job.get(absent).is_none(), "{job}");
    }
}

#[test]
fn a_break_interrupts_a_drive_and_sums_stay_true() {
    let answer = solved(&json!({
        "vehicles": [{ "id": 7, "start_index": 0, "end_index": 0, "time_window": [0, 500],
            "breaks": [{ "id": 4, "service": 60, "time_windows": [[30, 30]], "description": "noon" }] }],
        "jobs": [{ "id": 1, "location_index": 5, "service": 100, "time_windows": [[0, 115]] }],
        "matrices": line(6),
    }));
    let route = &answer["routes"][0];
    assert_eq!(types(route), ["start", "break 4", "job 1", "end"]);
    let steps = route["steps"].as_array().unwrap();
    assert_eq!((&steps[1]["arrival"], &steps[1]["service"]), (&json!(30), &json!(60)));
    assert_eq!(steps[1]["description"], "noon");
    assert_eq!(steps[3]["arrival"].as_i64().unwrap(), steps[2]["arrival"].as_i64().unwrap() + 150);
    for pair in steps.windows(2) {
        let of = |step: &Value, name: &str| step[name].as_i64().unwrap();
        let left = ["arrival", "waiting_time", "setup", "service"].map(|name| of(&pair[0], name));
        let drive = of(&pair[1], "duration") - of(&pair[0], "duration");
        assert_eq!(of(&pair[1], "arrival"), left.iter().sum::<i64>() + drive, "{pair:?}");
    }
}

#[test]
fn a_shipment_is_picked_up_before_it_is_delivered_by_one_van_that_holds_it() {
    let shipment = |id: u64, from: u64, to: u64| {
        json!({ "amount": [2], "priority": 5,
            "pickup": { "id": id, "location_index": from, "service": 1 },
            "delivery": { "id": id, "location_index": to, "service": 1 } })
    };
    let answer = solved(&json!({
        "vehicles": [{ "id": 1, "start_index": 0, "capacity": [3] }],
        "shipments": [shipment(1, 4, 1), shipment(2, 3, 2)],
        "jobs": [{ "id": 1, "location_index": 5, "pickup": [1], "delivery": [1] }],
        "matrices": line(6),
    }));
    assert_eq!(answer["summary"]["unassigned"], 0, "{answer}");
    let route = &answer["routes"][0];
    let order = types(route);
    let at = |what: &str| order.iter().position(|step| step == what).unwrap();
    assert!(at("pickup 1") < at("delivery 1") && at("pickup 2") < at("delivery 2"), "{order:?}");
    assert_eq!(order.last().unwrap().split(' ').count(), 2, "an open route has no end: {order:?}");
    for step in route["steps"].as_array().unwrap() {
        assert!((0..=3).contains(&step["load"][0].as_i64().unwrap()), "{step}");
    }
    assert_eq!((&route["delivery"], &route["pickup"]), (&json!([5]), &json!([5])));
    assert_eq!(route["amount"], route["delivery"]);
}

#[test]
fn priority_comes_before_the_number_of_tasks_and_that_before_travel() {
    let input = |most: u64| {
        json!({
            "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0, "max_tasks": most }],
            "jobs": [
                { "id": 1, "location_index": 1 },
                { "id": 2, "location_index": 2 },
                { "id": 3, "location_index": 9, "priority": 1 },
            ],
            "matrices": line(10),
        })
    };
    assert_eq!(unassigned(&solved(&input(1))), [1, 2]);
    let two = solved(&input(2));
    assert_eq!((unassigned(&two).len(), &two["summary"]["priority"]), (1, &json!(1)));
    assert_eq!(unassigned(&solved(&input(3))), [0_u64; 0]);
}

#[test]
fn limits_on_travel_time_and_distance_are_kept() {
    let with = |name: &str, most: u64| {
        let mut vehicle = json!({ "id": 1, "start_index": 0, "end_index": 0 });
        vehicle[name] = json!(most);
        solved(
            &json!({ "vehicles": [vehicle], "jobs": [{ "id": 1, "location_index": 3 }], "matrices": line(4) }),
        )
    };
    assert_eq!(unassigned(&with("max_travel_time", 59)), [1]);
    assert_eq!(unassigned(&with("max_distance", 599)), [1]);
    assert_eq!(with("max_travel_time", 60)["summary"]["distance"], 600);
    assert_eq!(with("max_distance", 600)["routes"][0]["distance"], 600);
}

#[test]
fn costs_speed_and_types_change_what_a_route_costs_and_takes() {
    let answer = solved(&json!({
        "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0, "type": "van", "speed_factor": 0.5,
            "costs": { "fixed": 1000, "per_hour": 7200, "per_task_hour": 3600, "per_km": 50 } }],
        "jobs": [{ "id": 1, "location_index": 3, "setup": 5, "service": 10,
            "setup_per_type": { "van": 7 }, "service_per_type": { "van": 20 } }],
        "matrices": line(4),
    }));
    let route = &answer["routes"][0];
    assert_eq!(
        (&route["duration"], &route["setup"], &route["service"]),
        (&json!(120), &json!(7), &json!(20))
    );
    // Fixed, 120 s at two a second, 27 s at one, 600 m at 50 a kilometre.
    assert_eq!(route["cost"], 1000 + 240 + 27 + 30, "{route}");
}

#[test]
fn a_matrix_of_costs_takes_the_place_of_travel_time() {
    let answer = solved(&json!({
        "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0 }],
        "jobs": [{ "id": 1, "location_index": 1 }],
        "matrices": { "car": { "durations": [[0, 5], [5, 0]], "costs": [[0, 70], [30, 0]] } },
    }));
    assert_eq!(
        (&answer["summary"]["cost"], &answer["summary"]["duration"]),
        (&json!(100), &json!(10))
    );
}

#[test]
fn without_matrices_travel_is_estimated_and_the_geometry_is_straight() {
    let answer = solved(&json!({
        "options": { "g": true },
        "vehicles": [{ "id": 1, "start": [-73.6, 45.1], "end": [-73.6, 45.1] }],
        "jobs": [{ "id": 1, "location": [-73.5, 45.2], "time_windows": [[1_795_536_000, 1_795_540_000]] }],
    }));
    let route = &answer["routes"][0];
    assert!(route["distance"].as_i64().unwrap() > 20_000, "{route}");
    assert!(route["geometry"].as_str().unwrap().len() > 10);
    assert_eq!(route["steps"][1]["location"], json!([-73.5, 45.2]));
    let arrival = route["steps"][1]["arrival"].as_i64().unwrap();
    assert!((1_795_536_000..=1_795_540_000).contains(&arrival));
}

#[test]
fn setup_is_spent_on_arriving_and_not_for_a_second_task_at_the_same_place() {
    let job = |id: u64| json!({ "id": id, "location_index": 1, "setup": 30, "service": 10 });
    let answer = solved(&json!({
        "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0 }],
        "jobs": [job(1), job(2)], "matrices": line(2),
    }));
    assert_eq!(
        (&answer["summary"]["setup"], &answer["summary"]["service"]),
        (&json!(30), &json!(20))
    );
}

#[test]
fn steps_are_where_the_search_starts_and_locked_steps_stay() {
    let input = |locked: Value| {
        let mut step = json!({ "type": "job", "id": 1 });
        step.as_object_mut().unwrap().extend(locked.as_object().unwrap().clone());
        json!({
            "vehicles": [
                { "id": 1, "start_index": 0, "end_index": 0 },
                { "id": 2, "start_index": 9, "end_index": 9,
                    "steps": [{ "type": "start" }, step, { "type": "end" }] },
            ],
            "jobs": [{ "id": 1, "location_index": 1 }],
            "matrices": line(10),
        })
    };
    assert_eq!(solved(&input(json!({})))["routes"][0]["vehicle"], 1, "nothing is held by itself");
    for locked in [json!({ "pinned": true }), json!({ "locked": "vehicle" })] {
        assert_eq!(solved(&input(locked))["routes"][0]["vehicle"], 2);
    }
    let at = solved(&input(json!({ "locked": "time", "service_at": 5000 })));
    let step = &at["routes"][0]["steps"][1];
    let start = step["arrival"].as_i64().unwrap() + step["waiting_time"].as_i64().unwrap();
    assert_eq!((start, &at["routes"][0]["vehicle"]), (5000, &json!(2)));
    assert!(refused(&input(json!({ "locked": "time" }))).contains("service_at"));
}

#[test]
fn levels_of_skills_are_compared_and_reasons_are_told_when_asked_for() {
    let answer = solved(&json!({
        "options": { "reasons": true },
        "vehicles": [{ "id": 5, "start_index": 0, "skill_levels": { "fiber": 3 } }],
        "jobs": [
            { "id": 1, "location_index": 1, "skill_levels": { "fiber": 3 } },
            { "id": 2, "location_index": 1, "skill_levels": { "fiber": 4 } },
        ],
        "matrices": line(2),
    }));
    assert_eq!(unassigned(&answer), [2]);
    let why = &answer["unassigned"][0]["reasons"][0];
    assert_eq!(
        (&why["rule"], &why["vehicles"], &why["skill"]),
        (&json!("skill"), &json!([5]), &json!("fiber"))
    );
}

#[test]
fn a_break_with_a_load_is_taken_when_the_van_is_empty_enough() {
    let answer = solved(&json!({
        "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0, "capacity": [4], "time_window": [0, 1000],
            "breaks": [{ "id": 1, "service": 10, "max_load": [1] }] }],
        "jobs": [
            { "id": 1, "location_index": 1, "delivery": [2] },
            { "id": 2, "location_index": 2, "delivery": [2] },
        ],
        "matrices": line(3),
    }));
    let pause = answer["routes"][0]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["type"] == "break");
    assert_eq!(pause.unwrap()["load"], json!([0]), "{answer}");
    assert_eq!(answer["summary"]["unassigned"], 0);
}

#[test]
fn nonsense_is_refused_with_its_place() {
    let base = || {
        json!({
            "vehicles": [{ "id": 1, "start_index": 0, "end_index": 0 }],
            "jobs": [{ "id": 1, "location_index": 1 }],
            "matrices": line(2),
        })
    };
    let cases: [(&str, Value, &str); 24] = [
        ("/vehicles", json!([]), "No vehicle defined."),
        ("/jobs", json!([]), "No job or shipment"),
        ("/jobs/0/priority", json!(101), "Invalid priority value for job 1."),
        ("/jobs/0/priority", json!("high"), "jobs[0].priority"),
        ("/jobs/0/service", json!(-5), "jobs[0].service"),
        ("/jobs/0/location_index", json!(7), "index 7"),
        ("/jobs/0/location_index", Value::Null, "job 1"),
        ("/jobs/0/time_windows", json!([[9, 3]]), "job 1: [9, 3]"),
        ("/jobs/0/time_windows", json!([]), "time_windows for job 1"),
        ("/jobs/0/time_windows", json!([[1, 2, 3]]), "jobs[0].time_windows[0]"),
        ("/jobs/0/delivery", json!([-1]), "delivery"),
        ("/jobs/0/location", json!([200.0, 4.0]), "coordinates for job 1"),
        ("/vehicles/0/capacity", json!([1, 2]), "Inconsistent delivery length"),
        ("/vehicles/0/speed_factor", json!(0.0), "speed factor for vehicle 1"),
        ("/vehicles/0/speed_factor", json!(5.01), "speed factor for vehicle 1"),
        ("/vehicles/0/start_index", Value::Null, "vehicle 1"),
        ("/vehicles/0/profile", json!("bike"), "profile bike"),
        ("/vehicles/0/time_window", json!([5, 1]), "vehicle 1: [5, 1]"),
        ("/vehicles/0/breaks", json!([{ "id": 1 }, { "id": 1 }]), "Duplicate break id: 1"),
        ("/vehicles/0/steps", json!([{ "type": "job", "id": 8 }]), "job id 8"),
        ("/matrices/car/durations", json!([[0, 1], [2]]), "not square"),
        ("/matrices/car/durations", json!([[0, 1.5], [2, 0]]), "matrices.car.durations[0][1]"),
        ("/matrices/car/durations", Value::Null, "Missing durations in matrices.car"),
        ("/options", json!({ "x": 6 }), "exploration"),
    ];
    for (pointer, value, words) in cases {
        let mut input = base();
        if pointer.ends_with("capacity") {
            input["jobs"][0]["delivery"] = json!([1]);
        }
        if pointer.ends_with("start_index") {
            input["vehicles"][0]["end_index"] = Value::Null;
        }
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        input.pointer_mut(parent).unwrap()[name] = value;
        let told = refused(&input);
        assert!(told.contains(words), "{pointer}: {told}");
    }
    let mut twice = base();
    twice["jobs"] = json!([{ "id": 1, "location_index": 1 }, { "id": 1, "location_index": 0 }]);
    assert_eq!(refused(&twice), "Duplicate job id: 1.");
}

#[test]
fn a_million_jobs_are_refused_at_once_and_broken_json_names_its_line() {
    let jobs = vec![r#"{"id":1,"location_index":0}"#; 1_000_000].join(",");
    let text = format!(r#"{{"jobs":[{jobs}],"vehicles":[]}}"#);
    let error = crate::answered(text.as_bytes(), 1).unwrap_err().error;
    assert!(error.contains("more than 12000 elements") && error.starts_with("jobs"), "{error}");
    let error = crate::answered(b"{\n\"jobs\": [}", 1).unwrap_err().error;
    assert!(error.contains("line 2"), "{error}");
}
