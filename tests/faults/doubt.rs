//! A text whose fate nobody knew while its use ran out: the provider is asked first, and believed.

use serde_json::Value;

use crate::harness::house::{House, pause};
use crate::harness::people::text;
use crate::harness::town::{On, minutes_from};
use crate::twilio_double::{ACCOUNT, TOKEN, TwilioDouble};

async fn late(house: &House, phone: &str) -> Option<Value> {
    house.texts_to(phone).await.into_iter().find(|text| text["kind"] == "late")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_grew_too_old_in_doubt_is_asked_for_before_it_is_given_up() {
    let folder = std::env::temp_dir().join(format!("tournee-doubt-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let Some(double) = TwilioDouble::start(&folder.join("twilio.log"), None) else { return };
    double.post("/clock", serde_json::json!({"at": "2026-11-23T09:50:00-05:00"})).await;
    let settings = [
        ("outbound", "live"),
        ("twilio_account_sid", ACCOUNT),
        ("twilio_auth_token", TOKEN),
        ("twilio_from", "+14505550000"),
        ("twilio_api_base", double.api.as_str()),
    ];
    let house = House::open("doubt", On::Sqlite, "09:50", &settings).await.unwrap();
    let ana = house.technician("Ana").await;
    let ruiz = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    double.play("reset-after-accept", 1).await;
    let now = house.now().as_second().to_string();
    assert_eq!(house.try_fix(&ana.device, minutes_from(ruiz.place, 55), &now, "8").await.0, 200);
    while late(&house, &ruiz.phone).await.is_none_or(|text| text["problem"].is_null()) {
        pause().await;
    }
    let went_out = || double.accepted().iter().filter(|sent| sent["to"] == *ruiz.phone).count();
    assert_eq!(went_out(), 2, "the promise, and the text whose answer was lost");
    // Hours later: the lease is over, and the text of no use any more.
    house.at("14:00").await;
    let told = late(&house, &ruiz.phone).await.unwrap();
    assert_eq!((text(&told["state"]).as_str(), &told["problem"]), ("sent", &Value::Null), "{told}");
    let bodies: Vec<Value> =
        double.accepted().into_iter().map(|sent| sent["body"].clone()).collect();
    let same = bodies.iter().filter(|body| **body == told["body"]).count();
    assert_eq!(same, 1, "{bodies:?}");
    let _ = std::fs::remove_dir_all(&folder);
}
