//! A secret value: compared in constant time, never printed. Nothing here may grow a `Display` or a `Serialize`.

use std::fmt;
use std::sync::Arc;

use subtle::ConstantTimeEq;

/// A token, password or credential-bearing address; `Debug` shows `***`.
#[derive(Clone)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Wraps a value as it was read.
    pub fn new(value: impl Into<Arc<str>>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether `offered` is this secret; the time taken depends on the lengths alone.
    pub fn matches(&self, offered: &str) -> bool {
        self.0.as_bytes().ct_eq(offered.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
