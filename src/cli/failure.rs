//! Why a command failed, in one line for the person who typed it.

use std::error::Error;
use std::fmt;

/// One line, without a full stop; never a secret. It is made from any error, with the chain of its causes.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// In these words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.0.replace(['\n', '\r'], " ");
        f.write_str(&crate::telemetry::redact(&line))
    }
}

// `Failure` itself is no `Error`, which is what allows this for every error.
impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            let inner_words = inner.to_string();
            if !words.contains(&inner_words) {
                words.push_str(": ");
                words.push_str(&inner_words);
            }
            cause = inner.source();
        }
        Self(words)
    }
}
