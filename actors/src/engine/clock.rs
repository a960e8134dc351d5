//! The only place where time comes from. A running house reads a clock that may start at a chosen moment and run
//! at a chosen speed; a test moves its clock by hand. Nothing else may ask the operating system what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use parking_lot::RwLock;
use tokio::sync::Notify;

/// The house's clock; clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
enum Inner {
    /// Starts at `origin_us` (UTC microseconds) when `started` was read, and runs `speed` times as fast as the wall.
    Running { origin_us: i64, started: Instant, speed: f64 },
    /// Runs at `speed` like the one above, and can be put forward: the clock of a demonstration.
    Led(RwLock<Pace>),
    /// Stands still until moved.
    ByHand { now_us: AtomicI64, moved: Notify },
}

/// What a led clock showed when it was last touched, and how it runs since.
#[derive(Clone, Copy, Debug)]
struct Pace {
    shown_us: i64,
    since: Instant,
    speed: f64,
}

impl Pace {
    fn now_us(&self) -> i64 {
        self.shown_us.saturating_add(elapsed_us(self.since, self.speed))
    }
}

impl Clock {
    /// The operating system's clock.
    pub fn system() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the system's clock"
        )]
        Self::starting_at(Timestamp::now(), 1.0)
    }

    /// A clock that reads `origin` now, and then runs on at `speed` (1.0 is real time).
    pub fn starting_at(origin: Timestamp, speed: f64) -> Self {
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        Self(Arc::new(Inner::Running {
            origin_us: origin.as_microsecond(),
            started: Instant::now(),
            speed,
        }))
    }

    /// A clock that reads `origin` now and runs on in real time, and that [`Clock::lead`] and [`Clock::pace`] may change:
    /// for demonstrations.
    pub fn led(origin: Timestamp) -> Self {
        let shown_us = origin.as_microsecond();
        Self(Arc::new(Inner::Led(RwLock::new(Pace {
            shown_us,
            since: Instant::now(),
            speed: 1.0,
        }))))
    }

    /// A clock that only moves when told, for tests.
    pub fn by_hand(now: Timestamp) -> Self {
        Self(Arc::new(Inner::ByHand {
            now_us: AtomicI64::new(now.as_microsecond()),
            moved: Notify::new(),
        }))
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        let us = match &*self.0 {
            Inner::Running { origin_us, started, speed } => {
                origin_us.saturating_add(elapsed_us(*started, *speed))
            }
            Inner::Led(pace) => pace.read().now_us(),
            Inner::ByHand { now_us, .. } => now_us.load(Ordering::SeqCst),
        };
        Timestamp::from_microsecond(us).unwrap_or(Timestamp::MAX)
    }

    /// Moves a clock that stands still; a running clock cannot be moved and says so.
    pub fn set(&self, now: Timestamp) -> Result<(), CannotMove> {
        match &*self.0 {
            Inner::Running { .. } | Inner::Led(_) => Err(CannotMove),
            Inner::ByHand { now_us, moved } => {
                now_us.store(now.as_microsecond(), Ordering::SeqCst);
                moved.notify_waiters();
                Ok(())
            }
        }
    }

    /// Puts a led clock forward to `to`, from where it runs on; an earlier moment changes nothing, so that time never
    /// goes back. Every other clock refuses.
    pub fn lead(&self, to: Timestamp) -> Result<(), CannotMove> {
        let Inner::Led(pace) = &*self.0 else { return Err(CannotMove) };
        let mut pace = pace.write();
        let shown_us = pace.now_us().max(to.as_microsecond());
        *pace = Pace { shown_us, since: Instant::now(), ..*pace };
        Ok(())
    }

    /// Lets a led clock run `speed` times as fast as the wall from now on. Every other clock refuses.
    pub fn pace(&self, speed: f64) -> Result<(), CannotMove> {
        let Inner::Led(pace) = &*self.0 else { return Err(CannotMove) };
        let mut pace = pace.write();
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        *pace = Pace { shown_us: pace.now_us(), since: Instant::now(), speed };
        Ok(())
    }

    /// Waits for at most `wall` of real time, or until a clock by hand is moved.
    pub async fn pause(&self, wall: Duration) {
        match &*self.0 {
            Inner::Running { .. } | Inner::Led(_) => tokio::time::sleep(wall).await,
            Inner::ByHand { moved, .. } => {
                let _ = tokio::time::timeout(wall.min(Duration::from_millis(20)), moved.notified())
                    .await;
            }
        }
    }

    /// How many times faster than the wall this clock runs.
    pub fn speed(&self) -> f64 {
        match &*self.0 {
            Inner::Running { speed, .. } => *speed,
            Inner::Led(pace) => pace.read().speed,
            Inner::ByHand { .. } => 1.0,
        }
    }
}

/// Microseconds on a clock of `speed` since `started`.
fn elapsed_us(started: Instant, speed: f64) -> i64 {
    i64::try_from(started.elapsed().mul_f64(speed).as_micros()).unwrap_or(i64::MAX)
}

/// A running clock was asked to jump.
#[derive(Debug, thiserror::Error)]
#[error("a running clock cannot be moved by hand")]
pub struct CannotMove;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_by_hand_stands_still_until_it_is_moved() {
        let clock = Clock::by_hand("2026-11-23T13:00:00Z".parse().unwrap());
        assert_eq!(clock.now(), clock.now());
        clock.set("2026-11-23T14:50:00Z".parse().unwrap()).unwrap();
        assert_eq!(clock.now().to_string(), "2026-11-23T14:50:00Z");
    }

    #[test]
    fn a_fast_clock_starts_where_it_was_told_to() {
        let origin: Timestamp = "2026-11-23T13:00:00Z".parse().unwrap();
        let clock = Clock::starting_at(origin, 60.0);
        assert!(clock.now() >= origin);
        assert!(clock.set(origin).is_err());
    }

    #[test]
    fn a_led_clock_goes_forward_and_never_back() {
        let origin: Timestamp = "2026-11-23T11:30:00Z".parse().unwrap();
        let clock = Clock::led(origin);
        let later: Timestamp = "2026-11-23T14:40:00Z".parse().unwrap();
        clock.lead(later).unwrap();
        assert!(clock.now() >= later);
        clock.lead(origin).unwrap();
        assert!(clock.now() >= later);
        assert!(
            Clock::by_hand(origin).lead(later).is_err() && Clock::system().lead(later).is_err()
        );
    }
}
