//! Every door of the routes' table: who may pass, by which method, and that the OpenAPI document says the same. What
//! the table does not name is closed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tournee::auth::Role;
use tournee::auth::gate::Access;
use tournee::auth::links::Audience;
use tournee::routes::{Row, table};

use crate::harness::house::{House, on_both};
use crate::harness::people::text;
use crate::harness::skip;
use crate::harness::town::On;

on_both! {
    every_route_opens_to_its_roles_and_to_nobody_else at "09:50";
}

const ROLES: [Role; 6] =
    [Role::Admin, Role::Dispatcher, Role::Support, Role::Network, Role::Accounting, Role::Viewer];

/// A path of that pattern, about things that do not exist.
fn path(pattern: &str) -> String {
    let mut path = String::new();
    for (index, part) in pattern.split(['{', '}']).enumerate() {
        path.push_str(if index % 2 == 0 { part } else { "nothing" });
    }
    if path == "/sse" { "/sse?topics=dispatch".to_owned() } else { path }
}

async fn status(house: &House, row: &Row, token: Option<&str>) -> u16 {
    let mut request = house.bare(row.method.as_str().parse().unwrap(), &path(row.path));
    if row.method != Method::GET.as_str() {
        request = request.json(&json!({}));
    }
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap().status().as_u16()
}

async fn every_route_opens_to_its_roles_and_to_nobody_else(house: &House) {
    let mut tokens = Vec::new();
    for role in ROLES {
        let body = json!({"name": format!("a program, {role:?}"), "role": role});
        tokens.push((role, text(&house.make("/auth/tokens", body).await["token"])));
    }
    let withdrawn = house.make("/auth/tokens", json!({"name": "old", "role": "admin"})).await;
    let gone = house.request(Method::DELETE, &format!("/auth/tokens/{}", text(&withdrawn["id"])));
    assert_eq!(house.answer(gone).await.0, 204);
    let link = |audience| house.inside.links.make(audience, "tech_1", "x:1", house.now());
    let worthless = [
        ("a token that was revoked", text(&withdrawn["token"])),
        ("a technician's link", link(Audience::Tech)),
        ("a customer's link", link(Audience::Track)),
        ("a calendar's link", link(Audience::Ical)),
        ("a made-up token", "tok_nobody".to_owned()),
        ("an empty token", String::new()),
    ];
    for row in table() {
        let door = format!("{} {}", row.method, row.path);
        match row.access {
            Access::Staff(roles) => {
                assert_eq!(status(house, &row, None).await, 401, "{door} without proof");
                for (what, token) in &worthless {
                    assert_eq!(status(house, &row, Some(token)).await, 401, "{door} with {what}");
                }
                for (role, token) in &tokens {
                    let answer = status(house, &row, Some(token)).await;
                    if roles.contains(role) {
                        assert!(![401, 403, 405].contains(&answer), "{door} as {role:?}: {answer}");
                    } else {
                        assert_eq!(answer, 403, "{door} as {role:?}");
                    }
                }
            }
            // Staff's proof is worth nothing where another one is asked for.
            Access::OwnProof => {
                for token in [None, Some(tokens[0].1.as_str())] {
                    let answer = status(house, &row, token).await;
                    assert!((400..500).contains(&answer), "{door} with {token:?}: {answer}");
                    assert!(![405, 422].contains(&answer), "{door} was asked for more than proof");
                }
            }
            Access::Anyone => {
                let answer = status(house, &row, None).await;
                assert!(![401, 403, 405].contains(&answer), "{door}: {answer}");
            }
        }
        assert!(!matches!(row.access, Access::Staff([])), "{door} is open to nobody");
    }
}

#[tokio::test]
async fn no_path_or_method_beside_the_table_is_answered() {
    let Some(house) = House::open("doors-beside", On::Sqlite, "09:50", &[]).await else { return };
    let mut methods: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for row in table() {
        methods.entry(row.path).or_default().insert(row.method.to_string());
    }
    for (pattern, known) in &methods {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"] {
            let is_known = known.contains(if method == "HEAD" { "GET" } else { method });
            if is_known {
                continue;
            }
            let answer = house.request(method.parse().unwrap(), &path(pattern));
            let answer = answer.json(&json!({})).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {pattern}");
            let allowed = answer.headers()["allow"].to_str().unwrap().to_owned();
            let named: BTreeSet<String> = allowed.split(", ").map(str::to_owned).collect();
            let mut expected = known.clone();
            if expected.contains("GET") {
                expected.insert("HEAD".to_owned());
            }
            assert_eq!(named, expected, "{method} {pattern}");
        }
    }
    for path in ["/admin", "/jobs/", "/jobs/x/y", "/dispatch", "/.env", "/ops/../secrets", "//jobs"]
    {
        assert_eq!(house.get(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn head_is_answered_as_get_is_without_its_body() {
    let Some(house) = House::open("doors-head", On::Sqlite, "09:50", &[]).await else { return };
    let ana = house.technician("Ana").await;
    house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    let feed = text(&house.see(&format!("/dispatch/ical-token/{}", ana.id)).await["url"]);
    let feed = feed[feed.find("/dispatch").unwrap()..].to_owned();
    let page = house.link_to(&ana.phone, "/t/").await;
    // `/ws` is an upgrade, which no HEAD can ask for.
    let rows = table().into_iter().filter(|row| row.method == "GET" && row.path != "/ws");
    let rows = rows.map(|row| path(row.path));
    for path in rows.chain([feed, page]) {
        // The numbers change with every look.
        let told = |answer: &reqwest::Response| {
            let named = |name: &str| {
                answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
            };
            let length = named("content-length").filter(|_| path != "/metrics");
            (answer.status(), named("content-type"), named("etag"), named("cache-control"), length)
        };
        let get = house.request(Method::GET, &path).send().await.unwrap();
        let head = house.request(Method::HEAD, &path).send().await.unwrap();
        assert_eq!(told(&head), told(&get), "{path}");
        assert!(head.bytes().await.unwrap().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn the_openapi_document_names_every_route_and_no_other() {
    let Some(house) = House::open("doors-openapi", On::Sqlite, "09:50", &[]).await else { return };
    let document = house.see("/openapi.json").await;
    let mut documented = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            documented.insert(format!("{} {path}", method.to_uppercase()));
            let named: BTreeSet<&str> = operation["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["name"].as_str().unwrap())
                .collect();
            let in_path: BTreeSet<&str> = path
                .split(['{', '}'])
                .enumerate()
                .filter(|(n, _)| n % 2 == 1)
                .map(|p| p.1)
                .collect();
            assert_eq!(named, in_path, "{method} {path}");
        }
    }
    let routes: BTreeSet<String> = table()
        .iter()
        .map(|row| format!("{} {}", row.method, row.path.replace(":.*}", "}")))
        .collect();
    assert_eq!(documented, routes);
    let mut references = Vec::new();
    gather(&document, &mut references);
    assert!(references.len() > 100, "{}", references.len());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

/// The document as other people's program reads it.
#[tokio::test]
async fn an_independent_validator_takes_the_openapi_document() {
    const READ: &str = "import sys, json\n\
        try:\n from openapi_spec_validator import validate\n\
        except ImportError:\n sys.exit(77)\n\
        validate(json.load(sys.stdin))";
    let document = tournee::openapi::whole().to_string();
    let python = Command::new("python3")
        .args(["-c", READ])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else { return skip::note("openapi", "python3 is missing") };
    // A reader that has given up already says why below.
    let _ = python.stdin.take().unwrap().write_all(document.as_bytes());
    let said = python.wait_with_output().unwrap();
    if said.status.code() == Some(77) {
        return skip::note("openapi", "pip install openapi-spec-validator");
    }
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}

fn gather(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| gather(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, found)),
        _ => {}
    }
}
