//! Offers whose texts do not arrive, and who is told of their end: never somebody who did not hear of the offer, and never
//! whoever has the job.

use serde_json::json;

use super::offering::{answer, crew, now, offer, says};
use crate::harness::house::{House, moment, on_both};

on_both! {
    whoever_gets_the_job_is_not_told_that_it_is_gone at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
    a_wave_does_not_wait_for_whoever_was_not_reached at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
}

async fn whoever_gets_the_job_is_not_told_that_it_is_gone(house: &House) {
    let crew = crew(house, &["Ana", "Bob", "Cleo"]).await;
    let ruiz = house.customer("Ruiz").await;
    let all = json!([[crew[0].id, crew[1].id, crew[2].id]]);
    let (by_hand, drafted) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    says(house, &crew[2], "SM1", "ARRET").await;
    for job in [&by_hand, &drafted] {
        offer(house, json!({"job_id": job.id, "waves": all})).await;
    }
    house.assign(&by_hand, &crew[0], "13:00").await;
    let draft = json!({
        "job_id": drafted.id, "technician_id": crew[0].id, "start": moment("15:00"), "draft": "x",
    });
    house.done("/dispatch/assign", &draft).await;
    house.settle().await;
    let mut kinds = house.kinds_to(&crew[0].phone).await;
    kinds.sort();
    assert_eq!(kinds, ["job_assigned", "job_offered", "job_offered"], "it is hers");
    let kinds = house.kinds_to(&crew[1].phone).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "offer_filled").count(), 2, "{kinds:?}");
    let kinds = house.kinds_to(&crew[2].phone).await;
    assert!(!kinds.contains(&"offer_filled".to_owned()), "she never heard of it: {kinds:?}");
}

async fn a_wave_does_not_wait_for_whoever_was_not_reached(house: &House) {
    let crew = crew(house, &["Ana", "Bob", "Cleo", "Dan"]).await;
    let ruiz = house.customer("Ruiz").await;
    let job = house.job(&ruiz, None).await;
    for who in [&crew[0], &crew[1]] {
        says(house, who, &format!("SM{}", who.id), "ARRET").await;
    }
    let waves = json!([[crew[0].id], [crew[1].id, crew[2].id], [crew[3].id]]);
    let made = offer(house, json!({"job_id": job.id, "waves": waves, "minutes": 60})).await;
    let after = now(house, &made).await;
    assert_eq!((&after["wave"], &after["state"]), (&json!(2), &json!("open")), "{after}");
    let untold = |at: usize| after["asked"][at]["untold_at"].is_string();
    assert_eq!([untold(0), untold(1), untold(2)], [true, true, false], "{after}");
    assert_eq!(house.kinds_to(&crew[2].phone).await, ["job_offered"]);
    assert!(house.texts_to(&crew[3].phone).await.is_empty(), "Cleo has her time");
    assert_eq!(answer(house, &crew[2], &made, "decline").await.0, 200);
    house.settle().await;
    assert_eq!(now(house, &made).await["wave"], 3, "Bob is not waited for");
    assert_eq!(answer(house, &crew[3], &made, "decline").await.0, 200);
    house.settle().await;
    assert_eq!(now(house, &made).await["state"], "unreached");
}
