//! When a search is over, as a small value that its caller makes: the arithmetic reads no clock.

/// How much searching is wanted.
#[derive(Clone, Copy)]
pub enum Budget<'a> {
    /// So many steps: the same plan on every machine.
    Steps(u64),
    /// Asked now and then: the part of the time that is spent, 0 to 1; from 1 on the best plan is wanted.
    Share(&'a (dyn Fn() -> f64 + Sync)),
}
