//! The signature check against the vendor's published example, the SDK's vectors, and forgeries.

use super::*;
use crate::integrations::form;

const TOKEN: &str = "test_auth_token_0123456789abcdef";
const HOUSE: &str = "https://hub.example.test";

fn keys(token: &str) -> Keys {
    Keys { auth_tokens: vec![token.to_owned()], shared_keys: Vec::new() }
}

fn signed(signature: &str) -> Headers<'_> {
    Headers { signature: Some(signature), settings: None }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn inbound_form() -> Vec<(String, String)> {
    let sid = "SM00000000000000000000000000000001";
    pairs(&[
        ("ToCountry", "CA"),
        ("SmsMessageSid", sid),
        ("NumMedia", "0"),
        ("SmsSid", sid),
        ("SmsStatus", "received"),
        ("Body", "Bonjour é"),
        ("To", "+15145550100"),
        ("NumSegments", "1"),
        ("MessageSid", sid),
        ("AccountSid", "AC00000000000000000000000000000001"),
        ("From", "+14385550123"),
        ("ApiVersion", "2010-04-01"),
    ])
}

#[test]
fn an_inbound_text_signed_by_the_sdk_is_believed() {
    let form = inbound_form();
    let path = "/webhook/twilio/sms-incoming";
    let good = "3gKNCcWK6/4aIQlALS66sgLaeIQ=";
    assert_eq!(verify(&keys(TOKEN), HOUSE, path, signed(good), Content::Form(&form)), Ok(()));
    assert_eq!(sign(TOKEN, &format!("{HOUSE}{path}"), &form), good);
}

#[test]
fn one_changed_letter_anywhere_is_refused() {
    let form = inbound_form();
    let path = "/webhook/twilio/sms-incoming";
    let good = signed("3gKNCcWK6/4aIQlALS66sgLaeIQ=");
    let check = |url: &str, path: &str, headers, form: &[(String, String)]| {
        verify(&keys(TOKEN), url, path, headers, Content::Form(form))
    };
    let mut other_body = form.clone();
    other_body[5].1 = "Bonjour e".to_owned();
    let mut extra = form.clone();
    extra.push(("Extra".to_owned(), "1".to_owned()));
    assert_eq!(check(HOUSE, path, good, &other_body), Err(Refused::Mismatch));
    assert_eq!(check(HOUSE, path, good, &extra), Err(Refused::Mismatch));
    assert_eq!(check("https://evil.test", path, good, &form), Err(Refused::Mismatch));
    assert_eq!(check(HOUSE, "/webhook/twilio/sms-status", good, &form), Err(Refused::Mismatch));
    let other = signed("3gKNCcWK6/4aIQlALS66sgLaeIR=");
    assert_eq!(check(HOUSE, path, other, &form), Err(Refused::Mismatch));
    assert_eq!(check(HOUSE, path, signed("not base64!"), &form), Err(Refused::Mismatch));
    assert_eq!(check(HOUSE, path, Headers::default(), &form), Err(Refused::Missing));
    let wrong = verify(&keys("other"), HOUSE, path, good, Content::Form(&form));
    assert_eq!(wrong, Err(Refused::Mismatch));
}

#[test]
fn without_any_key_nothing_is_believed() {
    let form = inbound_form();
    for keys in [Keys::default(), keys("")] {
        let forged = sign("", &format!("{HOUSE}/x"), &form);
        let said = verify(&keys, HOUSE, "/x", signed(&forged), Content::Form(&form));
        assert_eq!(said, Err(Refused::Mismatch));
    }
}

#[test]
fn while_the_token_is_being_changed_both_are_good() {
    let both =
        Keys { auth_tokens: vec!["new".to_owned(), TOKEN.to_owned()], shared_keys: Vec::new() };
    let form = inbound_form();
    let old = signed("3gKNCcWK6/4aIQlALS66sgLaeIQ=");
    let path = "/webhook/twilio/sms-incoming";
    assert_eq!(verify(&both, HOUSE, path, old, Content::Form(&form)), Ok(()));
}

#[test]
fn a_shared_key_signs_with_sha256_and_only_as_its_header_says() {
    let form = inbound_form();
    let path = "/webhook/twilio/sms-incoming";
    let keys = Keys {
        auth_tokens: Vec::new(),
        shared_keys: vec![("webhooks_sharedkey_1".to_owned(), TOKEN.to_owned())],
    };
    let signature = Some("FNuCl0nJ8DnEXRNIpbsc6UPH8EAoCj3f9OLtBXya6lg=");
    let check = |settings| {
        verify(&keys, HOUSE, path, Headers { signature, settings }, Content::Form(&form))
    };
    assert_eq!(check(Some("key=webhooks_sharedkey_1,algorithm=HMAC_SHA256")), Ok(()));
    assert_eq!(check(None), Err(Refused::Mismatch));
    for unknown in [
        "key=webhooks_sharedkey_2,algorithm=HMAC_SHA256",
        "key=webhooks_sharedkey_1,algorithm=HMAC_MD5",
        "key=webhooks_sharedkey_1",
        "algorithm=HMAC_SHA256",
    ] {
        assert_eq!(check(Some(unknown)), Err(Refused::UnknownSettings), "{unknown}");
    }
}

#[test]
fn a_raw_body_is_bound_by_its_hash_in_the_url() {
    let hash = "09ad9fd2fb648cb2f62141215828ea00a62c299db05d20aa9ade2f527a301cc6";
    let path = format!("/webhook/json?bodySHA256={hash}");
    let headers = signed("jOVSDWGQIzw/m47p+te0LyK9N48=");
    let check =
        |path: &str, body: &[u8]| verify(&keys(TOKEN), HOUSE, path, headers, Content::Raw(body));
    let body = "{\"a\":1,\"b\":\"é\"}".as_bytes();
    assert_eq!(check(&path, body), Ok(()));
    assert_eq!(check(&path, b"{}"), Err(Refused::OtherBody));
    assert_eq!(check("/webhook/json", body), Err(Refused::OtherBody));
}

#[test]
fn the_opening_of_a_socket_is_signed_by_its_url_alone() {
    let headers = signed("+DasqodJTZYzKbjJ6IRXTBaDrn8=");
    let at = "wss://hub.example.test";
    assert_eq!(verify(&keys(TOKEN), at, "/voice/ws", headers, Content::Nothing), Ok(()));
}

#[test]
fn ports_are_tried_present_and_absent() {
    assert_eq!(
        spellings("https://[::1]:8443/a?b=c:d"),
        ["https://[::1]:8443/a?b=c:d", "https://[::1]/a?b=c:d"]
    );
    assert_eq!(spellings("http://h/a"), ["http://h/a", "http://h:80/a"]);
    assert_eq!(spellings("https://h?x"), ["https://h?x", "https://h:443?x"]);
}

/// The SDK's own test constants, where the shared folder is present.
#[test]
fn the_vectors_of_the_official_sdk_agree() {
    let shared = std::env::var("TOURNEE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let file = format!("{shared}/data/webhooks/twilio-signature-vectors.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        eprintln!("SKIPPED: {file} is not here, so the SDK's vectors were not checked");
        return;
    };
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let keys = keys(vectors["auth_token"].as_str().unwrap());
    let form_of = |case: &serde_json::Value| -> Vec<(String, String)> {
        let params = case["params"].as_object().unwrap();
        params.iter().map(|(k, v)| (k.clone(), v.as_str().unwrap().to_owned())).collect()
    };
    let cases = vectors["cases"].as_array().unwrap();
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let url = case["url"].as_str().unwrap();
        let at = url.find(".com").unwrap() + 4;
        let path_at = at + url[at..].find('/').unwrap();
        let (origin, path) = url.split_at(path_at);
        let headers = signed(case["signature"].as_str().unwrap());
        let said = if let Some(raw) = case["raw_form"].as_str() {
            verify(&keys, origin, path, headers, Content::Form(&form::parse(raw.as_bytes())))
        } else if let Some(body) = case["body"].as_str() {
            verify(&keys, origin, path, headers, Content::Raw(body.as_bytes()))
        } else {
            let of = case["params_of"].as_str().unwrap_or(name);
            let form = form_of(cases.iter().find(|case| case["name"] == of).unwrap());
            verify(&keys, origin, path, headers, Content::Form(&form))
        };
        assert_eq!(said, Ok(()), "{name}");
    }
    assert!(cases.len() >= 7);
}
