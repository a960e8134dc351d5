//! An address is typed in part and taken from the list: with the keyboard for a new customer, with the mouse for a
//! technician's home.

use std::process::Command;
use std::time::Duration;

use fantoccini::{Client, Locator};
use serde_json::json;

use super::caller::{DOWN, ENTER, ESCAPE, TAB, press};
use super::{Chromedriver, account, ask, board, click, until};
use crate::harness::town::{On, Town};

const FILE: &str = "number,street,unit,city,region,postcode,lat,lon\n\
                    1245,chemin Covey Hill,,Franklin,QC,J0S 1E0,45.04,-73.92\n\
                    1247,chemin Covey Hill,,Franklin,QC,J0S 1E0,45.041,-73.921\n\
                    12,rang Sainte-Anne,,Hemmingford,QC,J0L 1H0,45.05,-73.58\n";

fn import(town: &Town) {
    let file = town.plan.folder.join("adresses.csv");
    std::fs::write(&file, FILE).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tournee"));
    command.arg("--data").arg(town.plan.folder.join("data")).args(["import", "addresses"]);
    let output = command.arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

async fn value(browser: &Client, name: &str) -> serde_json::Value {
    let script = "return document.querySelector(`input[name=\"${arguments[0]}\"]`)?.value ?? null;";
    ask(browser, script, vec![json!(name)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_typed_in_part_is_taken_from_the_list_with_its_place() {
    let test = "an_address_typed_in_part_is_taken_from_the_list_with_its_place";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("addresses", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    import(&town);
    account(&town).await;
    let browser = board(&driver, &town).await;
    let focused = "return document.activeElement.matches(arguments[0]) ? 1 : null;";
    press(&browser, "c").await;
    until(&browser, focused, vec![json!("[name=customer]")]).await;
    press(&browser, &format!("Zoé Lavoie{ENTER}")).await;
    until(&browser, focused, vec![json!("[name=phone]")]).await;
    press(&browser, &format!("450 555-0177{TAB}{TAB}1245 ch cov")).await;
    let listed = "return [...document.querySelectorAll('[data-address] [role=option]')].map((one) => one.textContent).join() || null;";
    let options = until(&browser, listed, vec![]).await;
    assert!(options.as_str().unwrap().contains("chemin Covey Hill"), "{options}");
    // Escape leaves what was typed, and the dialog; one more letter asks again.
    press(&browser, &ESCAPE.to_string()).await;
    assert!(ask(&browser, listed, vec![]).await.is_null());
    press(&browser, "e").await;
    until(&browser, listed, vec![]).await;
    press(&browser, &format!("{DOWN}{ENTER}")).await;
    assert_eq!(value(&browser, "address").await, "1245, chemin Covey Hill, Franklin (QC) J0S 1E0");
    assert_eq!(value(&browser, "point").await, "45.04, -73.92");
    // Another number is another place: what the list said of the first one goes.
    press(&browser, "9").await;
    assert_ne!(value(&browser, "point").await, "45.04, -73.92");

    browser
        .goto(&format!("{}/ops/#/team/{}", town.plan.url(), ana["id"].as_str().unwrap()))
        .await
        .unwrap();
    browser.refresh().await.unwrap();
    let wait = Duration::from_secs(20);
    let field = Locator::Css("[data-section=home] input[name=address]");
    let field = browser.wait().at_most(wait).for_element(field).await.unwrap();
    field.clear().await.unwrap();
    field.send_keys("12 rg ste").await.unwrap();
    click(&browser, "[data-address] [role=option]").await;
    assert_eq!(value(&browser, "address").await, "12, rang Sainte-Anne, Hemmingford (QC) J0L 1H0");
    assert_eq!(value(&browser, "lat").await, "45.05000");
    browser.close().await.unwrap();
}
