//! The log as a reader of its lines sees it.

use std::io::Write;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;
use tracing_subscriber::layer::SubscriberExt;

use super::layer::{LogLayer, Style};
use super::*;

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What `say` writes, by lines.
fn written(style: Style, say: impl FnOnce()) -> Vec<String> {
    let paper = Paper::default();
    let (queue, writer) = sink::start(paper.clone()).unwrap();
    let log = tracing_subscriber::registry().with(LogLayer::new(style, queue));
    tracing::subscriber::with_default(log, say);
    drop(writer);
    let text = String::from_utf8(paper.0.lock().clone()).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn objects(say: impl FnOnce()) -> Vec<Value> {
    written(Style::Json, say).iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_record_is_one_json_line_with_the_fields_of_its_spans() {
    let lines = objects(|| {
        let span = tracing::info_span!("request", path = "/dispatch/board", user = "ana");
        let _inside = span.enter();
        tracing::warn!(took_ms = 12, ok = true, "slow answer");
    });
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    assert_eq!(line["message"], "slow answer");
    assert_eq!((&line["level"], &line["took_ms"]), (&"WARN".into(), &12.into()));
    assert_eq!((&line["path"], &line["user"]), (&"/dispatch/board".into(), &"ana".into()));
    let at: jiff::Timestamp = line["at"].as_str().unwrap().parse().unwrap();
    assert!(at.as_second() > 1_700_000_000);
}

#[test]
fn line_breaks_and_escapes_in_any_value_stay_inside_one_line() {
    let nasty = "a\r\n{\"level\":\"ERROR\"}\u{1b}[2Jb\u{7}";
    let say = || tracing::info!(agent = nasty, debugged = ?nasty, "seen {nasty}");
    let lines = written(Style::Json, say);
    assert_eq!(lines.len(), 1);
    assert!(!lines[0].contains('\u{1b}') && !lines[0].contains('\r'));
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(line["agent"], nasty);
    let lines = written(Style::Readable, say);
    assert_eq!(lines.len(), 1);
    assert!(!lines[0].chars().any(char::is_control), "{:?}", lines[0]);
}

#[test]
fn a_flood_from_one_call_site_is_cut_and_told_of_while_others_still_speak() {
    let lines = objects(|| {
        for n in 0..5_000 {
            tracing::info!(n, "flood");
        }
        tracing::info!("something else");
    });
    let floods = lines.iter().filter(|l| l["message"] == "flood").count();
    let burst = usize::try_from(limit::BURST).unwrap();
    assert!((burst..burst + 100).contains(&floods), "{floods} records got through");
    assert!(lines.iter().any(|l| l["message"] == "something else"));
}

#[test]
fn suppressed_records_are_counted_exactly_once() {
    let mut limit = limit::Limit::new();
    let admitted = (0..1_000).filter(|_| limit.admits(&"a", 5_000)).count();
    assert_eq!(admitted, usize::try_from(limit::BURST).unwrap());
    assert_eq!(limit.report(6_000), [("a", 900)]);
    assert_eq!(limit.report(8_000), []);
    assert!(limit.admits(&"a", 6_000 + limit::REFILL_MS), "time earns new records");
}

#[test]
fn a_reader_that_stalls_costs_records_and_never_time() {
    struct Stuck(std::sync::mpsc::Receiver<()>, Paper);
    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.recv();
            self.1.write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (release, stuck) = std::sync::mpsc::channel();
    let (queue, writer) = sink::start(Stuck(stuck, Paper::default())).unwrap();
    for _ in 0..10_000 {
        queue.push("x\n".to_owned());
    }
    assert!((5_000..6_000).contains(&queue.take_dropped()));
    drop(release);
    drop(writer);
}

#[test]
fn credentials_are_taken_out_wherever_they_are_recognisable() {
    for (line, safe) in [
        ("GET /t/abc.def?x=1", "GET /t/***?x=1"),
        ("/track/eyJhbGciOi.x/state", "/track/***/state"),
        ("http://a.example/ops/#/setup/5f00aa now", "http://a.example/ops/#/setup/*** now"),
        ("/traccar/osmand/hush?id=7", "/traccar/osmand/***?id=7"),
        (
            "/dispatch/calendar/tech_1.ics?token=abc&x=1",
            "/dispatch/calendar/tech_1.ics?token=***&x=1",
        ),
        (r#"{"password": "hunter2", "a": 1}"#, r#"{"password": "***", "a": 1}"#),
        ("Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer ***"),
        ("postgres://user:pw@db:5432/x", "postgres://***@db:5432/x"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.sig-x!", "got ***!"),
        ("to +14505550134, from %2B15145550199&", "to +1450…34, from +1514…99&"),
        (r#"{\"password\":\"hunter2\"}"#, r#"{\"password\":\"***"}"#),
        ("secret=é token=ü", "secret=*** token=***"),
    ] {
        assert_eq!(redact(line), safe);
    }
    for harmless in
        ["", "é", "/tech/board", "basic service", "/technicians/tech_1", "a + b", "1+1=2"]
    {
        assert_eq!(redact(harmless), harmless);
    }
}

#[test]
fn a_field_that_is_a_secret_by_its_name_is_never_shown() {
    let lines = objects(|| tracing::info!(token = "abc", password = ?"x y", cookie = "c", "in"));
    assert_eq!(
        (&lines[0]["token"], &lines[0]["password"], &lines[0]["cookie"]),
        (&"***".into(), &"***".into(), &"***".into())
    );
}

proptest::proptest! {
    #[test]
    fn redaction_never_panics_and_a_second_time_changes_nothing(line in "\\PC{0,40}|[ /t=+:%eyJB2a-z0-9é@]{0,60}") {
        let once = redact(&line).into_owned();
        let twice = redact(&once).into_owned();
        proptest::prop_assert_eq!(once, twice);
    }

    #[test]
    fn a_token_in_a_link_never_survives(token in "[A-Za-z0-9_-]{1,60}", door in "(t|track)") {
        let line = format!("GET /{door}/{token}/state");
        proptest::prop_assert_eq!(redact(&line), format!("GET /{door}/***/state"));
    }
}
