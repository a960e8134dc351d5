//! Webhooks signed by the official SDK are believed, and none that was touched afterwards.

use serde_json::{Value, json};
use tournee::integrations::twilio::{Content, Headers, Keys, verify};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const ORIGIN: &str = "https://dispatch.example.ca";

/// Forms with accents, other scripts, pictograms, repeated and empty values, and names that sort oddly.
fn forms() -> Vec<(String, Vec<(String, String)>)> {
    let values = ["", "é", "+15145550100", "a b&c=d%20", "Ω ж 漢", "🚚🚚", "\n\r\t", "'\"<>"];
    let names = ["Body", "body", "From", "Z", "a", "MediaUrl0", "é", "_x"];
    (0..60usize)
        .map(|at| {
            let form = (0..at % 9).map(|i| {
                // Every fifth form repeats a name, with the same and with other values.
                let name = if at % 5 == 0 { names[i / 2] } else { names[(at + i) % names.len()] };
                (name.to_owned(), values[(at * 3 + i) % values.len()].to_owned())
            });
            let path = match at % 4 {
                0 => "/webhook/twilio/sms-incoming".to_owned(),
                1 => format!("/webhook/twilio/sms-status?message=msg_{at}"),
                2 => "/webhook/twilio/sms-status?a=%20b&c=%C3%A9".to_owned(),
                _ => "/".to_owned(),
            };
            (path, form.collect())
        })
        .collect()
}

#[test]
fn the_sdks_signatures_on_forms_are_believed_and_touched_ones_are_not() {
    let forms = forms();
    let asked: Vec<Value> = forms
        .iter()
        .map(|(path, form)| json!({"token": TOKEN, "url": format!("{ORIGIN}{path}"), "params": form}))
        .collect();
    let Some(said) = super::judge("sign_twilio.py", json!(asked).to_string().as_bytes()) else {
        return;
    };
    let keys = Keys { auth_tokens: vec![TOKEN.to_owned()], shared_keys: Vec::new() };
    let said = said.as_array().expect("a list");
    assert_eq!(said.len(), forms.len());
    for ((path, form), said) in forms.iter().zip(said) {
        let headers = Headers { signature: said["signature"].as_str(), settings: None };
        let check = |form: &[(String, String)], path: &str, origin: &str| {
            verify(&keys, origin, path, headers, Content::Form(form))
        };
        assert_eq!(check(form, path, ORIGIN), Ok(()), "{path} {form:?}");
        assert_eq!(check(form, path, &format!("{ORIGIN}:443")), Ok(()), "{path} {form:?}");
        let mut touched = form.clone();
        touched.push(("Added".to_owned(), "1".to_owned()));
        assert!(check(&touched, path, ORIGIN).is_err());
        assert!(check(form, &format!("{path}x"), ORIGIN).is_err());
        assert!(check(form, path, "https://dispatch.example.com").is_err());
    }
}

#[test]
fn the_sdks_signatures_on_raw_bodies_are_believed() {
    let bodies = ["{}", "{\"a\": \"é\"}", "", "not json at all"];
    let asked: Vec<Value> = bodies
        .iter()
        .map(|body| json!({"token": TOKEN, "url": format!("{ORIGIN}/webhook/json?x=1"), "body": body}))
        .collect();
    let Some(said) = super::judge("sign_twilio.py", json!(asked).to_string().as_bytes()) else {
        return;
    };
    let keys = Keys { auth_tokens: vec![TOKEN.to_owned()], shared_keys: Vec::new() };
    for (body, said) in bodies.iter().zip(said.as_array().expect("a list")) {
        let headers = Headers { signature: said["signature"].as_str(), settings: None };
        let path = said["url"].as_str().and_then(|url| url.strip_prefix(ORIGIN)).expect("ours");
        let check =
            |body: &str| verify(&keys, ORIGIN, path, headers, Content::Raw(body.as_bytes()));
        assert_eq!(check(body), Ok(()), "{body}");
        assert!(check(&format!("{body} ")).is_err());
    }
}
