//! Who stands at whose door: the tracker says so once, however long the van stays and however often the house sleeps.
//! Every story ends with awake actors compared to their rows: what a technician's actor reads on waking is the same.

use actors::engine::journal::{Journal, Since};
use actors::event::Event;
use actors::technicians::protocol::TechnicianEvent;
use reqwest::Method;
use scheduler::travel::Point;

use crate::harness::house::{House, on_both};
use crate::harness::people::{Job, Technician};
use crate::harness::town::minutes_from;

on_both! {
    a_van_at_the_door_arrives_once_and_one_that_drives_past_does_not at "09:50";
    a_visit_that_went_to_somebody_else_and_came_back_is_arrived_at_anew at "09:50";
}

/// A fix of a van at some speed, a second after the one before.
async fn seen(house: &House, who: &Technician, at: Point, knots: u32) {
    house.a_second_later().await;
    let query = format!(
        "/traccar/osmand?id={}&lat={}&lon={}&timestamp={}&accuracy=8&speed={knots}",
        who.device,
        at.lat,
        at.lon,
        house.now().as_second()
    );
    assert_eq!(house.answer(house.bare(Method::GET, &query)).await.0, 200);
    house.settle().await;
}

/// Who arrived at a job, in order.
async fn arrivals(house: &House, job: &Job, after: i64) -> Vec<String> {
    let Since::Events(events) = house.inside.journal.since(after, 10_000).await.unwrap() else {
        panic!("the journal does not reach back that far")
    };
    let of_job = |event: &Event| match event {
        Event::Technicians(TechnicianEvent::TechnicianArrived {
            technician_id, job_id, ..
        }) => (job_id.as_str() == job.id).then(|| technician_id.to_string()),
        _ => None,
    };
    events.iter().filter_map(|entry| of_job(&entry.event)).collect()
}

async fn a_van_at_the_door_arrives_once_and_one_that_drives_past_does_not(house: &House) {
    let ana = house.technician("Ana").await;
    let before = house.inside.head();
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    seen(house, &ana, minutes_from(ruiz.place, 10), 0).await;
    seen(house, &ana, ruiz.place, 40).await;
    assert!(arrivals(house, &ruiz, before).await.is_empty(), "nobody arrives at 74 km/h");
    for _ in 0..3 {
        seen(house, &ana, ruiz.place, 0).await;
    }
    assert_eq!(arrivals(house, &ruiz, before).await, [ana.id.as_str()]);
    let (_, page) = house.get(&format!("/jobs/{}", ruiz.id)).await;
    assert_eq!(page["status"], "planned", "the door says who is there; people say what they do");
}

async fn a_visit_that_went_to_somebody_else_and_came_back_is_arrived_at_anew(house: &House) {
    let (ana, ben) = (house.technician("Ana").await, house.technician("Ben").await);
    let before = house.inside.head();
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    seen(house, &ana, ruiz.place, 0).await;
    for (to, at) in [(&ben, "10:15"), (&ana, "10:00")] {
        house.assign(&ruiz, to, at).await;
        house.settle().await;
    }
    seen(house, &ana, ruiz.place, 0).await;
    assert_eq!(arrivals(house, &ruiz, before).await, [ana.id.as_str(); 2]);
}
