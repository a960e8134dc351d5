//! The figures of `GET /metrics`, in Prometheus' text form. Labels take constants only, so that the number of
//! series is bounded by the program's text and no caller's input ever becomes a label.

use std::sync::OnceLock;
use std::time::Duration;

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

/// Bounds in seconds of anything that should take milliseconds.
const QUICK_S: &[f64] =
    &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Bounds of the number of commands in one commit.
const BATCH: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];

/// All figures of the process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    http: IntCounterVec,
    http_seconds: HistogramVec,
    command_seconds: HistogramVec,
    journal_batch: prometheus::Histogram,
    journal_seconds: prometheus::Histogram,
    errands: IntGaugeVec,
    errands_done: IntCounterVec,
    positions: IntCounterVec,
    watchers: IntGauge,
    cut_off: IntCounterVec,
    quarantined: IntGaugeVec,
    awake: IntGaugeVec,
    relay: IntGaugeVec,
    routing: IntCounterVec,
}

/// The process's figures.
pub fn metrics() -> &'static Metrics {
    static METRICS: OnceLock<Metrics> = OnceLock::new();
    METRICS.get_or_init(|| {
        // Cannot fail: names and labels are the constants below, valid and without repetition, which a test builds.
        #[allow(clippy::expect_used)]
        Metrics::new().expect("the constant names of metrics are valid")
    })
}

impl Metrics {
    fn new() -> prometheus::Result<Self> {
        let made = Self {
            registry: Registry::new(),
            http: counters("http_requests", "requests answered", &["route", "status"])?,
            http_seconds: seconds("http_request_seconds", "time to an answer", &["route"])?,
            command_seconds: seconds("command_seconds", "command to its answer", &["room"])?,
            journal_batch: prometheus::Histogram::with_opts(
                opts_of("journal_batch_commands", "commands in one commit").buckets(BATCH.into()),
            )?,
            journal_seconds: prometheus::Histogram::with_opts(
                opts_of("journal_commit_seconds", "one commit").buckets(QUICK_S.into()),
            )?,
            errands: gauges("errands", "errands by their state now", &["state"])?,
            errands_done: counters("errand_attempts", "attempts", &["kind", "outcome"])?,
            positions: counters("positions", "fixes by what became of them", &["outcome"])?,
            watchers: IntGauge::with_opts(Opts::new("tournee_watchers", "open screens"))?,
            cut_off: counters("watchers_cut_off", "watchers that were cut off", &["reason"])?,
            quarantined: gauges("quarantined", "actors put into quarantine", &["room"])?,
            awake: gauges("actors_awake", "actors awake now", &["room"])?,
            relay: gauges("relay", "events not told and reactions not done", &["what"])?,
            routing: counters("routing", "questions to the routing server", &["outcome"])?,
        };
        let registry = &made.registry;
        registry.register(Box::new(made.http.clone()))?;
        registry.register(Box::new(made.http_seconds.clone()))?;
        registry.register(Box::new(made.command_seconds.clone()))?;
        registry.register(Box::new(made.journal_batch.clone()))?;
        registry.register(Box::new(made.journal_seconds.clone()))?;
        registry.register(Box::new(made.errands.clone()))?;
        registry.register(Box::new(made.errands_done.clone()))?;
        registry.register(Box::new(made.positions.clone()))?;
        registry.register(Box::new(made.watchers.clone()))?;
        registry.register(Box::new(made.cut_off.clone()))?;
        registry.register(Box::new(made.quarantined.clone()))?;
        registry.register(Box::new(made.awake.clone()))?;
        registry.register(Box::new(made.relay.clone()))?;
        registry.register(Box::new(made.routing.clone()))?;
        Ok(made)
    }

    /// One answered request. `route` is a class of routes (`"board"`, `"positions"`), never a path.
    pub fn http(&self, route: &'static str, status: u16, took: Duration) {
        self.http.with_label_values(&[route, status_class(status)]).inc();
        self.http_seconds.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    /// One command, from being asked to its answer.
    pub fn command(&self, room: &'static str, took: Duration) {
        self.command_seconds.with_label_values(&[room]).observe(took.as_secs_f64());
    }

    /// One commit of the journal with `commands` in it.
    pub fn journal_commit(&self, commands: usize, took: Duration) {
        let commands = u32::try_from(commands).unwrap_or(u32::MAX);
        self.journal_batch.observe(f64::from(commands));
        self.journal_seconds.observe(took.as_secs_f64());
    }

    /// How many errands are in a state (`"waiting"`, `"leased"`, `"failed"`) now.
    pub fn errands(&self, state: &'static str, count: i64) {
        self.errands.with_label_values(&[state]).set(count);
    }

    /// One attempt at an errand and how it ended (`"done"`, `"again"`, `"never"`, `"unknown"`).
    pub fn errand_attempt(&self, kind: &'static str, outcome: &'static str) {
        self.errands_done.with_label_values(&[kind, outcome]).inc();
    }

    /// One fix and what became of it (`"taken"`, `"late"`, `"inaccurate"`, `"future"`, `"unknown"`, …).
    pub fn positions(&self, outcome: &'static str) {
        self.positions.with_label_values(&[outcome]).inc();
    }

    /// A screen was opened (`+1`) or closed (`-1`).
    pub fn watchers(&self, change: i64) {
        self.watchers.add(change);
    }

    /// A watcher was cut off, and why (`"slow"`, `"jammed"`, `"unauthorised"`).
    pub fn cut_off(&self, reason: &'static str) {
        self.cut_off.with_label_values(&[reason]).inc();
    }

    /// How many actors of a room are in quarantine now.
    pub fn quarantined(&self, room: &'static str, count: i64) {
        self.quarantined.with_label_values(&[room]).set(count);
    }

    /// How many actors of a room are awake now.
    pub fn awake(&self, room: &'static str, count: i64) {
        self.awake.with_label_values(&[room]).set(count);
    }

    /// How far the relay is behind the journal's head, and how many reactions are not done.
    pub fn relay(&self, behind: i64, pending: i64) {
        self.relay.with_label_values(&["behind"]).set(behind);
        self.relay.with_label_values(&["pending"]).set(pending);
    }

    /// One question to the routing server and how it ended (`"answered"`, `"failed"`; `"estimated"` was not asked,
    /// since the last ones failed).
    pub fn routing(&self, outcome: &'static str) {
        self.routing.with_label_values(&[outcome]).inc();
    }

    /// Everything in Prometheus' text form, version 0.0.4 (`text/plain; version=0.0.4`).
    ///
    /// # Errors
    /// A figure that cannot be written, which would be a bug of this file.
    pub fn render(&self) -> prometheus::Result<Vec<u8>> {
        let mut text = Vec::with_capacity(16 * 1024);
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

fn status_class(status: u16) -> &'static str {
    match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        429 => "429",
        400..=499 => "4xx",
        503 => "503",
        _ => "5xx",
    }
}

fn opts_of(name: &str, help: &str) -> HistogramOpts {
    HistogramOpts::new(format!("tournee_{name}"), help)
}

fn counters(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<IntCounterVec> {
    IntCounterVec::new(Opts::new(format!("tournee_{name}_total"), help), labels)
}

fn gauges(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<IntGaugeVec> {
    IntGaugeVec::new(Opts::new(format!("tournee_{name}"), help), labels)
}

fn seconds(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<HistogramVec> {
    HistogramVec::new(opts_of(name, help).buckets(QUICK_S.into()), labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_rendered_under_its_name_and_labels() {
        let figures = Metrics::new().unwrap();
        figures.positions("late");
        figures.positions("late");
        figures.http("board", 204, Duration::from_millis(3));
        figures.http("board", 429, Duration::from_millis(3));
        figures.journal_commit(3, Duration::from_millis(2));
        figures.errands("waiting", 7);
        figures.errand_attempt("send_text", "again");
        figures.command("jobs", Duration::from_micros(40));
        figures.watchers(2);
        figures.watchers(-1);
        figures.cut_off("slow");
        figures.quarantined("board", 1);
        let text = String::from_utf8(figures.render().unwrap()).unwrap();
        for line in [
            r#"tournee_positions_total{outcome="late"} 2"#,
            r#"tournee_http_requests_total{route="board",status="2xx"} 1"#,
            r#"tournee_http_requests_total{route="board",status="429"} 1"#,
            r#"tournee_http_request_seconds_count{route="board"} 2"#,
            r#"tournee_journal_batch_commands_bucket{le="4"} 1"#,
            "tournee_journal_commit_seconds_count 1",
            r#"tournee_errands{state="waiting"} 7"#,
            r#"tournee_errand_attempts_total{kind="send_text",outcome="again"} 1"#,
            r#"tournee_command_seconds_count{room="jobs"} 1"#,
            "tournee_watchers 1",
            r#"tournee_watchers_cut_off_total{reason="slow"} 1"#,
            r#"tournee_quarantined{room="board"} 1"#,
        ] {
            assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
        }
    }
}
