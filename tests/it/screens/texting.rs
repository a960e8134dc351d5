//! The phone from which one dispatches by text is written into one's own account: by mouse from the board's tools, by keys from
//! the palette. And the number by which a text names a job stands beside its title.

use fantoccini::{Client, Locator};
use serde_json::json;

use super::hands::{CONTROL, ENTER, Scene, bar, chord, click, press, scene};
use super::offering::tab_to;
use super::{Chromedriver, ask, board, until};

const THERE: &str = "return document.querySelector(arguments[0]) ? true : null;";
const SHOWN: &str = "
    const field = document.querySelector('[data-account] [name=phone]');
    return field?.value.replace(/\\s/g, ' ') === arguments[0] ? true : null;";
/// What the server knows of whoever is signed in here.
const KNOWN: &str = "
    const request = new XMLHttpRequest();
    request.open('GET', '/auth/me', false);
    request.send();
    return (JSON.parse(request.responseText).user.phone ?? '') === arguments[0] ? true : null;";

async fn typed(browser: &Client, text: &str) {
    chord(browser, CONTROL, 'a').await;
    press(browser, &text.chars().collect::<Vec<_>>()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_written_down_by_mouse_and_by_keyboard() {
    let test = "a_phone_is_written_down_by_mouse_and_by_keyboard";
    let Some(driver) = Chromedriver::start(test).await else { return };
    let Some(Scene { town, one, .. }) = scene("texting").await else { return };
    let browser = board(&driver, &town).await;
    let mine = "[data-account] [name=phone]";

    // By mouse, from the board's tools.
    click(&browser, "[data-action=more]").await;
    click(&browser, "[data-item=account]").await;
    until(&browser, THERE, vec![json!(mine)]).await;
    until(&browser, SHOWN, vec![json!("")]).await;
    click(&browser, mine).await;
    typed(&browser, "pas un numéro").await;
    click(&browser, "[data-action=save-phone]").await;
    let wrong =
        "return document.querySelector('[data-account] [data-wrong]')?.textContent || null;";
    let said = until(&browser, wrong, vec![]).await;
    assert!(said.as_str().unwrap().contains("pas valide"), "{said}");
    click(&browser, mine).await;
    typed(&browser, "4505550177").await;
    click(&browser, "[data-action=save-phone]").await;
    until(&browser, KNOWN, vec![json!("+14505550177")]).await;
    until(&browser, SHOWN, vec![json!("450 555-0177")]).await;
    click(&browser, ".account header button").await;

    // By keys, from the palette; nothing in the field is no phone.
    ask(&browser, "document.activeElement.blur(); return true;", vec![]).await;
    chord(&browser, CONTROL, 'k').await;
    until(&browser, THERE, vec![json!("[data-palette] input")]).await;
    press(&browser, &"par texto".chars().collect::<Vec<_>>()).await;
    until(&browser, THERE, vec![json!("[data-palette] [data-choice$=account]")]).await;
    press(&browser, &[ENTER]).await;
    until(&browser, SHOWN, vec![json!("450 555-0177")]).await;
    tab_to(&browser, mine).await;
    typed(&browser, "\u{e003}").await;
    press(&browser, &[ENTER]).await;
    until(&browser, KNOWN, vec![json!("")]).await;

    // The number for the text.
    click(&browser, ".account header button").await;
    click(&browser, &bar(&one)).await;
    until(&browser, THERE, vec![json!("[data-number]")]).await;
    let number = browser.find(Locator::Css("[data-number]")).await.unwrap().text().await.unwrap();
    assert!(number.len() >= 4 && one.ends_with(&number), "{number}");
    browser.close().await.unwrap();
}
