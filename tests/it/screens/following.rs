//! An outside calendar on the board: followed from the inspector, its time hatched on the row; when its server fails the row and the
//! inspector say so, and the time stays taken.

use fantoccini::Locator;
use serde_json::json;

use super::caller::{ENTER, press};
use super::hands::click;
use super::offering::tab_to;
use super::{Chromedriver, account, board, until};
use crate::harness::town::{On, Town};
use crate::stories::following::{GOOGLE, Mood, Server};

const THERE: &str = "return document.querySelector(arguments[0]) ? 1 : null;";

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_is_followed_drawn_and_said_to_be_in_trouble() {
    let test = "a_calendar_is_followed_drawn_and_said_to_be_in_trouble";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(town) = Town::at("following", On::Sqlite, "09:50", &[]).await else { return };
    let ana = town.ana().await;
    let server = Server::serving(GOOGLE).await;
    account(&town).await;
    let browser = board(&driver, &town).await;
    click(&browser, &format!("[data-technician='{}']", ana["id"].as_str().unwrap())).await;
    click(&browser, "[data-action=add-calendar]").await;
    let field = browser.find(Locator::Css("[name=calendar-url]")).await.unwrap();
    field.send_keys(&server.url).await.unwrap();
    tab_to(&browser, "[data-action=follow]").await;
    press(&browser, &ENTER.to_string()).await;
    until(&browser, THERE, vec![json!("[data-busy]")]).await;
    let shown = "return document.body.innerHTML.includes(arguments[0]) ? null : 1;";
    until(&browser, shown, vec![json!("private-7f3a9c")]).await;
    server.becomes(Mood::Says("HTTP/1.1 503 Service Unavailable"));
    click(&browser, "[data-action=refresh-calendar]").await;
    until(&browser, THERE, vec![json!("[data-problem=server]")]).await;
    until(&browser, THERE, vec![json!("[data-calendar-problem]")]).await;
    until(&browser, THERE, vec![json!("[data-busy]")]).await;
    browser.close().await.unwrap();
}
