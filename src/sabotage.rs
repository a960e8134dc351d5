//! Faults that a test may ask for by `TOURNEE_BREAK`, so that the tests of durability are seen to turn red when
//! the promise they watch over is broken. Only in debug builds: a release build refuses the variable by its name,
//! as any setting that it does not know. It never decides anything by itself.

use std::sync::OnceLock;

/// A promise that can be broken on demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Answers leave before the commit that they rest on.
    AckBeforeCommit,
    /// A text whose earlier try had no known end is sent again without asking the provider first.
    SendWithoutAsking,
}

impl Broken {
    fn name(self) -> &'static str {
        match self {
            Self::AckBeforeCommit => "ack_before_commit",
            Self::SendWithoutAsking => "send_without_asking",
        }
    }

    /// True when this process was started to break that promise; never in a release build.
    pub fn is_wanted(self) -> bool {
        static WANTED: OnceLock<Option<String>> = OnceLock::new();
        let read = || std::env::var("TOURNEE_BREAK").ok().filter(|_| cfg!(debug_assertions));
        WANTED.get_or_init(read).as_deref() == Some(self.name())
    }
}
