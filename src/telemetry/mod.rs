//! What the server says about itself: the log (one JSON line per record, or a readable one on a terminal) and the
//! figures of `GET /metrics`.
//!
//! Everyone logs with `tracing` and counts with `metrics()`. A record never holds a token, a whole phone number or
//! a line break, whatever was put into it, and no call site can fill the disk. Logging never blocks the server:
//! a full queue to the writer drops the record and says so later.

mod layer;
mod limit;
pub mod metrics;
mod redact;
pub mod requests;
mod sink;

use std::io::IsTerminal;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

pub use layer::Style;
pub use metrics::{Metrics, metrics};
pub use redact::{phone, text as redact};

/// Keeps the writer alive; dropping it writes what is still queued.
#[derive(Debug)]
#[must_use = "dropping it ends the log"]
pub struct Open {
    _writer: sink::Writer,
}

/// Why the log could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// The filter is not one (`config` checks it first).
    #[error("the log filter is not valid: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Somebody opened the log of this process before.
    #[error("the log is open already")]
    Twice,
    /// The writing thread could not be started.
    #[error("the log's writer could not be started: {0}")]
    Writer(#[from] std::io::Error),
}

/// Opens the log on standard error and sends panics to it. Standard output stays free for answers.
///
/// # Errors
/// A wrong filter, a log that is open already, or no thread to be had.
pub fn open(filter: &str) -> Result<Open, Closed> {
    let style = if std::io::stderr().is_terminal() { Style::Readable } else { Style::Json };
    let filter = EnvFilter::try_new(filter)?;
    let (queue, writer) = sink::start(std::io::stderr())?;
    tracing_subscriber::registry()
        .with(layer::LogLayer::new(style, queue).with_filter(filter))
        .try_init()
        .map_err(|_| Closed::Twice)?;
    std::panic::set_hook(Box::new(|panic| {
        let said = panic.payload();
        let said = said
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| said.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("a panic without words");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(target: "tournee::panic", place, "{said}");
    }));
    Ok(Open { _writer: writer })
}

#[cfg(test)]
mod tests;
