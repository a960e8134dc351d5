//! Technicians who bear one name are told apart by what a dispatcher knows of them, in lists and in questions back, and by the same
//! words they are sent.

use reqwest::Method;
use serde_json::{Value, json};

use super::asking::{Account, last, numbered, says, visit};
use crate::harness::house::{House, on_both};
use crate::harness::people::Technician;

const BEA: &str = "+14505550177";

on_both! {
    two_of_the_same_whole_name_are_told_apart_and_sent_by_it at "09:50" with twilio_auth_token = "0123456789abcdef0123456789abcdef";
}

/// The technician is a Marc Roy from this town.
async fn is_marc_of(house: &House, who: &Technician, town: &str) {
    let home = json!({"lat": 45.05, "lon": -73.58, "address": format!("12, rue Principale, {town}, QC J0R 1H0")});
    let body = json!({"name": "Marc Roy", "home": home});
    let request = house.request(Method::PATCH, &format!("/technicians/{}", who.id));
    let (status, answer) = house.answer(request.json(&body)).await;
    assert_eq!(status, 200, "{answer}");
}

async fn two_of_the_same_whole_name_are_told_apart_and_sent_by_it(house: &House) {
    let (one, two) = (house.technician("Marc").await, house.technician("Luc").await);
    is_marc_of(house, &one, "Piedmont").await;
    is_marc_of(house, &two, "Val-Morin").await;
    let ruiz = house.customer("Ruiz").await;
    let job = numbered(house, &ruiz, "4812").await;
    Account::named(house, "Bea", "dispatcher", "en").await.at(house, BEA).await;
    says(house, BEA, "SM1", "4812?").await;
    let list = last(house, BEA).await;
    assert!(list.contains("Marc (Piedmont) ") && list.contains("Marc (Val-Morin) "), "{list}");
    says(house, BEA, "SM2", "send Marc Roy").await;
    let which = last(house, BEA).await;
    assert!(which.contains("which one? Marc Roy ("), "{which}");
    assert!(which.contains("(Piedmont)") && which.contains("(Val-Morin)"), "{which}");
    assert_eq!(visit(house, &job).await, Value::Null);
    says(house, BEA, "SM3", "Send Marc (Val-Morin)").await;
    assert_eq!(visit(house, &job).await["technician_id"], json!(two.id));
    assert!(last(house, BEA).await.contains("Marc Roy (Val-Morin) goes to"));
    // Of the same town as well: by their numbers.
    is_marc_of(house, &one, "Val-Morin").await;
    let job = numbered(house, &ruiz, "5913").await;
    says(house, BEA, "SM4", "5913?").await;
    let (list, digits) = (last(house, BEA).await, &one.phone[one.phone.len() - 4..]);
    assert!(list.contains(&format!("Marc ({digits}) ")), "{list}");
    says(house, BEA, "SM5", &format!("send Marc {digits}")).await;
    assert_eq!(visit(house, &job).await["technician_id"], json!(one.id));
}
