//! Somebody is hired without a mouse: who they are, what they can do and how well, when they work.

use serde_json::json;

use super::hand::{By, Hand};
use super::hands::{Scene, scene};
use super::{Chromedriver, board};

const TAB: &str = "\u{e004}";
const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_a_technician_is_hired_with_a_level_and_a_week() {
    let test = "by_keyboard_a_technician_is_hired_with_a_level_and_a_week";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(Scene { town, .. }) = scene("hire-keys").await else { return };
    town.make("/tags", json!({"name": "Cuivre"})).await;
    let hand = Hand { browser: board(&driver, &town).await, by: By::Keyboard };
    hand.page("team").await;
    hand.press("[data-action=hire]").await;
    hand.writes("input[name=name]", "Léa Cyr").await;
    // Too early: what is missing is said, and the focus is there.
    hand.press("[data-action=save]").await;
    hand.sees("input[name=phone][aria-invalid=true]:focus").await;
    hand.keys("450 555-0166").await;
    hand.writes("input[name=lat]", "45,06").await;
    hand.writes("input[name=lon]", "-73.6").await;
    // The second of two skills: going past the first takes nothing.
    hand.to("[data-field=add-skill]").await;
    hand.keys(&format!("{DOWN}{DOWN}{ENTER}")).await;
    hand.sees("[data-skill=Fibre]").await;
    hand.misses("[data-skill=Cuivre]").await;
    hand.to("[data-skill=Fibre] input[type=radio]:checked").await;
    hand.keys(RIGHT).await;
    hand.sees("[data-skill=Fibre] input[value='4']:checked").await;
    hand.press("[data-day=mon] [data-action=add-hours]").await;
    hand.sees("[data-day=mon] .time:focus").await;
    // The focus stands in the first of both fields, and what is typed takes the place of what was there.
    hand.writes("[data-day=mon] .stretch .time:nth-of-type(1)", &format!("7h30{TAB}")).await;
    hand.writes("[data-day=mon] .stretch .time:nth-of-type(2)", &format!("1530{TAB}")).await;
    hand.press("[data-day=mon] [data-action=copy-day]").await;
    hand.press("[data-day=mon] [data-to=tue]").await;
    hand.press("[data-day=mon] [data-action=copy]").await;
    // The way back to where one was.
    hand.sees("[data-day=mon] [data-action=copy-day]:focus").await;
    hand.press("[data-action=save]").await;
    let hired = "return /^#\\/team\\/(tech_.*)$/.exec(location.hash)?.[1] ?? null;";
    let id = hand.reads(hired, vec![]).await.as_str().unwrap().to_owned();
    let (_, kept) = town.api.get(&format!("/technicians/{id}")).await;
    let day = json!([{"start": "07:30", "end": "15:30"}]);
    assert_eq!((&kept["name"], &kept["phone"]), (&json!("Léa Cyr"), &json!("+14505550166")));
    assert_eq!((&kept["home"]["lat"], &kept["home"]["lon"]), (&json!(45.06), &json!(-73.6)));
    assert_eq!(kept["skills"], json!([{"tag": "Fibre", "level": 4}]));
    assert_eq!(kept["weekly_schedule"], json!({"mon": day, "tue": day}));
    hand.press("a.home").await;
    hand.press(&format!("[data-technician='{id}']")).await;
    hand.browser.close().await.unwrap();
}
