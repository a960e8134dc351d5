//! What each source, value and combination of settings does.

use super::*;

fn sources(environment: &[(&str, &str)]) -> Sources {
    let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Sources { environment, ..Sources::default() }
}

fn loaded(environment: &[(&str, &str)]) -> Settings {
    sources(environment).load().expect("these settings are right").settings
}

fn refusal(environment: &[(&str, &str)]) -> String {
    sources(environment).load().expect_err("these settings are wrong").to_string()
}

#[test]
fn every_setting_has_a_default_that_works_alone() {
    let settings = loaded(&[]);
    assert_eq!(settings.listen.to_string(), "127.0.0.1:3300");
    assert!(matches!(&settings.database, Database::Sqlite(p) if p.ends_with("data/tournee.db")));
    assert_eq!(settings.headquarters, Point { lat: 45.05, lon: -73.58 });
    assert_eq!(settings.public_url, "http://127.0.0.1:3300");
    assert_eq!(settings.timezone.name, "America/Toronto");
    assert_eq!(settings.language, Language::Fr);
    assert_eq!(settings.outbound, Outbound::Sandbox);
    assert_eq!((settings.undo_s, settings.late_threshold_min), (10, 10));
    assert_eq!(settings.routing, Routing::Estimate);
    assert!(settings.admin_token.is_none() && settings.trusted_proxies.is_empty());
}

#[test]
fn travel_times_come_from_a_file_or_a_server_when_asked_to() {
    let routing = |value| loaded(&[("TOURNEE_ROUTING", value)]).routing;
    assert_eq!(routing("roads:data/qc.roads"), Routing::Roads("data/qc.roads".into()));
    let server = "http://127.0.0.1:5000".to_owned();
    assert_eq!(routing("osrm:http://127.0.0.1:5000/"), Routing::Osrm(server));
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default() {
    let file = "listen = '127.0.0.1:1'\ncompany = 'Fichier'\nundo_seconds = 3\nlanguage = 'en'";
    let mut all = sources(&[("TOURNEE_LISTEN", "127.0.0.1:2"), ("TOURNEE_COMPANY", "Milieu")]);
    all.file = Some(file.to_owned());
    all.flags.listen = Some("127.0.0.1:3".to_owned());
    let loaded = all.load().unwrap();
    assert_eq!(loaded.settings.listen.port(), 3);
    assert_eq!(loaded.settings.company, "Milieu");
    assert_eq!(loaded.settings.undo_s, 3);
    assert_eq!(loaded.settings.language, Language::En);
    assert_eq!(loaded.sources["listen"], Source::Flag);
    assert_eq!(loaded.sources["company"], Source::Environment);
    assert_eq!(loaded.sources["undo_seconds"], Source::File);
    assert_eq!(loaded.sources["timezone"], Source::Default);
}

#[test]
fn the_file_takes_both_spellings_of_a_name_and_lists() {
    let file = "TOURNEE_COMPANY = 'Grand'\ntrusted_proxies = ['10.0.0.0/8', '::1']";
    let all = Sources { file: Some(file.to_owned()), ..Sources::default() };
    let settings = all.load().unwrap().settings;
    assert_eq!(settings.company, "Grand");
    assert_eq!(settings.trusted_proxies.len(), 2);
}

#[test]
fn a_broken_file_is_named_by_its_line_without_quoting_it() {
    let all = Sources {
        file: Some("company = 'x'\nadmin_token = hunter2hunter2".to_owned()),
        ..Sources::default()
    };
    let text = all.load().unwrap_err().to_string();
    assert_eq!(text, "tournee.toml: line 2 is not TOML");
}

#[test]
fn each_bad_value_stops_the_start_by_the_name_of_its_setting() {
    for (name, value) in [
        ("TOURNEE_LISTEN", "here"),
        ("TOURNEE_DATABASE_URL", "mysql://x"),
        ("TOURNEE_ADMIN_TOKEN", "two words"),
        ("TOURNEE_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TOURNEE_HEADQUARTERS", "91,0"),
        ("TOURNEE_HEADQUARTERS", "NaN,0"),
        ("TOURNEE_COMPANY", "a\u{1b}b"),
        ("TOURNEE_PUBLIC_URL", "https://a.example/path"),
        ("TOURNEE_CLOCK", "yesterday"),
        ("TOURNEE_CLOCK", "2026-11-23T09:50:00"),
        ("TOURNEE_TIMEZONE", "America/Hemmingford"),
        ("TOURNEE_LANGUAGE", "de"),
        ("TOURNEE_OUTBOUND", "on"),
        ("TOURNEE_OUTBOUND_ALLOW", "someone"),
        ("TOURNEE_TWILIO_API_BASE", "api.twilio.com"),
        ("TOURNEE_TRACCAR_URL", "http://127.0.0.1:8082"),
        ("TOURNEE_SMTP_URL", "http://mail"),
        ("TOURNEE_ROUTING", "guess"),
        ("TOURNEE_ROUTING", "roads:"),
        ("TOURNEE_ROUTING", "osrm:routing.example.org"),
        ("TOURNEE_ROUTING", "estimate:fast"),
        ("TOURNEE_UNDO_SECONDS", "-1"),
        ("TOURNEE_MAP_STYLE_URL", "file:///etc"),
        ("TOURNEE_LATE_THRESHOLD_MIN", "0"),
        ("TOURNEE_LOG", "tournee=loud"),
    ] {
        let text = refusal(&[(name, value)]);
        assert!(text.starts_with(&format!("{name} (environment) ")), "{name}={value}: {text}");
        assert!(!text.contains('\n'), "{text:?} is more than one line");
    }
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let twilio = [
        ("TOURNEE_OUTBOUND", "live"),
        ("TOURNEE_TWILIO_ACCOUNT_SID", "AC1"),
        ("TOURNEE_TWILIO_AUTH_TOKEN", "t"),
        ("TOURNEE_TWILIO_FROM", "+14505550100"),
    ];
    assert_eq!(loaded(&twilio).outbound, Outbound::Live);
    let mut clocked = twilio.to_vec();
    clocked.push(("TOURNEE_CLOCK", "2026-11-23T09:50:00-05:00"));
    assert!(refusal(&clocked).contains("TOURNEE_CLOCK"));
    assert!(refusal(&twilio[..3]).contains("TOURNEE_TWILIO_FROM"));
    assert!(refusal(&[("TOURNEE_OUTBOUND", "allowlist")]).contains("TOURNEE_OUTBOUND_ALLOW"));
    assert!(refusal(&[("TOURNEE_TRACCAR_USER", "u")]).contains("TOURNEE_TRACCAR_PASSWORD"));
}

#[test]
fn an_allowlist_is_normalised_to_e164_and_lower_case() {
    let settings = loaded(&[
        ("TOURNEE_OUTBOUND", "allowlist"),
        ("TOURNEE_OUTBOUND_ALLOW", "514 555-0123, Ana@Example.ORG"),
    ]);
    assert_eq!(settings.outbound_allow, ["+15145550123", "ana@example.org"]);
}

#[test]
fn an_unknown_name_is_warned_of_with_the_nearest_known_one() {
    let loaded = sources(&[("TOURNEE_OUTBOND", "live"), ("TOURNEE_ZZZZZZ", "1")]).load().unwrap();
    assert_eq!(
        loaded.warnings,
        [
            "TOURNEE_OUTBOND (environment) is not a setting; did you mean TOURNEE_OUTBOUND?",
            "TOURNEE_ZZZZZZ (environment) is not a setting",
        ]
    );
    assert_eq!(loaded.settings.outbound, Outbound::Sandbox);
}

#[test]
fn variables_of_the_build_and_the_tests_are_not_warned_of() {
    let loaded = sources(&[("TOURNEE_NO_UI", "1"), ("TOURNEE_SHARED", "x")]).load().unwrap();
    assert!(loaded.warnings.is_empty());
}

#[test]
fn a_variable_set_to_nothing_is_unset() {
    assert_eq!(loaded(&[("TOURNEE_LANGUAGE", " ")]).language, Language::Fr);
}

#[test]
fn no_secret_is_shown_by_debug_or_by_a_refusal() {
    let settings = loaded(&[
        ("TOURNEE_ADMIN_TOKEN", "s3cr3t-admin"),
        ("TOURNEE_TWILIO_AUTH_TOKEN", "s3cr3t-twilio"),
        ("TOURNEE_DATABASE_URL", "postgres://u:s3cr3t-db@127.0.0.1/t"),
        ("TOURNEE_SMTP_URL", "smtp://u:s3cr3t-mail@127.0.0.1:587"),
        ("TOURNEE_TRACCAR_USER", "u"),
        ("TOURNEE_TRACCAR_PASSWORD", "s3cr3t-traccar"),
    ]);
    let shown = format!("{settings:?}");
    assert!(!shown.contains("s3cr3t"), "{shown}");
    assert!(settings.admin_token.unwrap().matches("s3cr3t-admin"));
    let text = refusal(&[("TOURNEE_ADMIN_TOKEN", "s3cr3t with space")]);
    assert!(!text.contains("s3cr3t"), "{text}");
}

#[test]
fn a_network_contains_its_addresses_and_no_others() {
    let settings = loaded(&[("TOURNEE_TRUSTED_PROXIES", "10.1.0.0/16, 127.0.0.1, 2001:db8::/32")]);
    let inside = |ip: &str| {
        settings.trusted_proxies.iter().any(|network| network.contains(ip.parse().unwrap()))
    };
    assert!(inside("10.1.2.3") && inside("127.0.0.1") && inside("2001:db8::9"));
    assert!(inside("::ffff:10.1.2.3"), "a mapped address is the address it maps");
    assert!(!inside("10.2.0.1") && !inside("127.0.0.2") && !inside("2001:db9::1"));
}

#[test]
fn every_secret_key_is_marked_so_and_names_are_not_repeated() {
    for key in KEYS {
        let looks = ["token", "secret", "password", "smtp", "database_url"];
        assert_eq!(key.secret, looks.iter().any(|l| key.name.contains(l)), "{}", key.name);
        assert_eq!(KEYS.iter().filter(|other| other.name == key.name).count(), 1);
    }
}
