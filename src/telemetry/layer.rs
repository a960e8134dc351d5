//! The `tracing` layer that turns a record into one line: fields redacted, control characters escaped, volume
//! capped. It keeps a span's fields with the span and repeats them on each record inside it.

use std::fmt::{self, Write as _};
use std::time::{Instant, SystemTime};

use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber, callsite};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::limit::Limit;
use super::redact;
use super::sink::Queue;

/// How a record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// One JSON object per line.
    Json,
    /// For a person at a terminal.
    Readable,
}

pub(super) struct LogLayer {
    style: Style,
    queue: Queue,
    limit: Mutex<Limit<callsite::Identifier>>,
    started: Instant,
}

impl LogLayer {
    pub(super) fn new(style: Style, queue: Queue) -> Self {
        Self { style, queue, limit: Mutex::new(Limit::new()), started: Instant::now() }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn write(&self, level: &str, target: &str, fields: Map<String, Value>) {
        self.queue.push(match self.style {
            Style::Json => json(level, target, fields),
            Style::Readable => readable(level, target, &fields),
        });
    }

    /// Tells of records that were not written, so that a gap in the log is seen.
    fn tell_of_suppressed(&self, now_ms: u64) {
        for (site, suppressed) in self.limit.lock().report(now_ms) {
            let place = site_of(site.0.metadata());
            let message = format!("suppressed {suppressed} records of {place}");
            self.write("WARN", "tournee::telemetry", one("message", message));
        }
        let dropped = self.queue.take_dropped();
        if dropped > 0 {
            let message = format!("dropped {dropped} records: the log's reader is too slow");
            self.write("WARN", "tournee::telemetry", one("message", message));
        }
    }
}

/// The fields of a span, kept with it.
struct SpanFields(Map<String, Value>);

impl<S> Layer<S> for LogLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(SpanFields(fields.0));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some(span) = context.span(id)
            && let Some(kept) = span.extensions_mut().get_mut::<SpanFields>()
        {
            kept.0.extend(fields.0);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let now_ms = self.now_ms();
        let metadata = event.metadata();
        if !self.limit.lock().admits(&metadata.callsite(), now_ms) {
            return;
        }
        self.tell_of_suppressed(now_ms);
        let mut all = Map::new();
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(kept) = span.extensions().get::<SpanFields>() {
                all.extend(kept.0.clone());
            }
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        all.extend(fields.0);
        self.write(metadata.level().as_str(), metadata.target(), all);
    }
}

fn site_of(metadata: &Metadata<'_>) -> String {
    format!("{}:{}", metadata.file().unwrap_or(metadata.target()), metadata.line().unwrap_or(0))
}

fn one(name: &str, value: String) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), Value::String(value))])
}

/// Log lines bear the machine's time even where the server's clock was set by hand, so that they line up with
/// every other log of the machine.
fn stamp() -> String {
    Timestamp::try_from(SystemTime::now()).map(|now| format!("{now:.3}")).unwrap_or_default()
}

fn json(level: &str, target: &str, mut fields: Map<String, Value>) -> String {
    let mut line = Map::new();
    line.insert("at".to_owned(), Value::String(stamp()));
    line.insert("level".to_owned(), Value::String(level.to_owned()));
    line.insert("target".to_owned(), Value::String(target.to_owned()));
    if let Some(message) = fields.remove("message") {
        line.insert("message".to_owned(), message);
    }
    for (name, value) in fields {
        line.entry(name).or_insert(value);
    }
    // JSON escapes control characters, so this is one line whatever the values hold.
    let mut text = Value::Object(line).to_string();
    text.push('\n');
    text
}

fn readable(level: &str, target: &str, fields: &Map<String, Value>) -> String {
    let mut line = format!("{} {level:<5} {target}", stamp());
    if let Some(Value::String(message)) = fields.get("message") {
        let _ = write!(line, ": {}", escaped(message));
    }
    for (name, value) in fields.iter().filter(|(name, _)| *name != "message") {
        let _ = match value {
            Value::String(text) => write!(line, " {name}={}", escaped(text)),
            other => write!(line, " {name}={other}"),
        };
    }
    line.push('\n');
    line
}

/// Without anything that moves a terminal's cursor or ends the line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// Collects fields as JSON, redacted on the way in.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put_text(&mut self, field: &Field, text: &str) {
        let value = if redact::is_secret_field(field.name()) {
            "***".to_owned()
        } else {
            redact::text(text).into_owned()
        };
        self.0.insert(field.name().to_owned(), Value::String(value));
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put_text(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put_text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.put_text(field, &value.to_string());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), Value::from(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.insert(field.name().to_owned(), Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), Value::from(value));
    }
}
