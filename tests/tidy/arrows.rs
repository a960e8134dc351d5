//! Who may import whom, and which words belong to one place.

use crate::ROOMS;
use crate::repository::{has_word, none, rust};

/// Where a library or a capability may be named, by the beginning or the end of a path.
const ONLY_THERE: &[(&[&str], &[&str])] = &[
    (
        &["actix::", "actix_rt", "actix_web_actors"],
        &["actors/src/engine/", "actors/src/workers/", "src/live", "src/main.rs", "src/house"],
    ),
    (
        &["actix_web"],
        &[
            "/http.rs",
            "/http/",
            "src/auth/",
            "src/routes",
            "src/live",
            "src/inbound",
            "src/error",
            "src/main.rs",
            "src/house",
            "src/assets.rs",
            // Reading requests, the server itself, its document and its figures.
            "src/again.rs",
            "src/bodyless.rs",
            "src/input.rs",
            "src/serve.rs",
            "src/openapi.rs",
            "src/operations.rs",
            "src/telemetry/requests.rs",
            "src/undo/named.rs",
        ],
    ),
    (&["sqlx"], &["/store.rs", "/store/", "src/journal"]),
    (
        &["Timestamp::now", "SystemTime::now", "Zoned::now", "Utc::now"],
        // The log bears the machine's time, and a build has no other.
        &["actors/src/engine/clock.rs", "src/telemetry/layer.rs"],
    ),
    (
        &["rand::rng", "thread_rng", "rand::random", "getrandom", "OsRng", "SysRng"],
        &["src/auth/", "src/cli/token.rs", "src/house"],
    ),
];

#[test]
fn what_belongs_to_one_place_is_named_only_there() {
    let mut found = Vec::new();
    for file in rust().iter().filter(|file| !file.is_test()) {
        for (names, places) in ONLY_THERE {
            if places.iter().any(|p| {
                file.path.starts_with(p)
                    || file.path.ends_with(p)
                    || (p.ends_with('/') && file.path.contains(p))
            }) {
                continue;
            }
            for (at, line) in file.code() {
                let named = names.iter().find(|name| {
                    if name.ends_with("::") {
                        line.contains(&format!(" {name}"))
                    } else {
                        has_word(line, name)
                    }
                });
                found.extend(named.map(|name| format!("{}:{at}: {name}", file.path)));
            }
        }
    }
    none("named outside its place", found);
}

#[test]
fn floors_import_downwards_only() {
    let above = [
        ("scheduler/", &["actors", "tournee", "sqlx", "actix"][..]),
        ("actors/", &["tournee", "sqlx", "actix_web", "reqwest"]),
    ];
    let mut found = Vec::new();
    for (floor, forbidden) in above {
        for file in rust().iter().filter(|file| file.path.starts_with(floor)) {
            for (at, line) in file.code() {
                let named = forbidden.iter().find(|name| {
                    has_word(line, &format!("{name}::")) || line.contains(&format!("use {name}"))
                });
                found.extend(named.map(|name| format!("{}:{at}: {name}", file.path)));
            }
        }
    }
    none("imports against the floors' order", found);
}

#[test]
fn a_room_knows_another_only_by_its_protocol() {
    let mut found = Vec::new();
    for file in rust().iter().filter(|file| !file.is_test()) {
        let Some(own) =
            ROOMS.iter().find(|room| file.path.starts_with(&format!("actors/src/{room}/")))
        else {
            continue;
        };
        for (at, line) in file.code() {
            for other in ROOMS.iter().filter(|other| *other != own) {
                let path = format!("crate::{other}::");
                let foreign = line
                    .match_indices(&path)
                    .any(|(i, _)| !line[i + path.len()..].starts_with("protocol"));
                if foreign {
                    found.push(format!("{}:{at}: {}", file.path, line.trim()));
                }
            }
        }
    }
    none("a room reaches into another", found);
}

#[test]
fn vendors_are_not_known_to_decisions() {
    let mut found = Vec::new();
    for file in rust().iter().filter(|file| !file.is_test()) {
        if !(file.path.starts_with("actors/") || file.path.starts_with("scheduler/")) {
            continue;
        }
        for (at, line) in file.code() {
            let line = line.to_lowercase();
            let named = ["twilio", "traccar", "osmand", "authentik"]
                .into_iter()
                .find(|vendor| line.contains(vendor));
            found.extend(named.map(|vendor| format!("{}:{at}: {vendor}", file.path)));
        }
    }
    none("vendors named above the contact floor", found);
}
