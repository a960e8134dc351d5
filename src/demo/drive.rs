//! Keeps the play going: the morning in fast motion, then at the chosen speed, day after day.
//! It leads the server's clock, the one thing that a demonstration does to the house other than through its doors.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::calendar::Opening;
use super::client::DoorError;
use super::stage::Stage;

/// The server's clock, as far as the play leads it.
pub trait Baton {
    fn now(&self) -> Timestamp;
    /// Puts the clock forward to `moment`, from where it runs on; never back.
    fn lead(&self, moment: Timestamp);
    /// Whether everything that followed from what was done so far has been done as well.
    fn is_settled(&self) -> bool;
}

/// One step of fast motion, and how far apart fixes are in it.
const STEP_S: i64 = 60;
const SPARSE_S: i64 = 75;
/// In fast motion a step waits so long at most for the house to follow.
const SETTLE_EVERY: Duration = Duration::from_millis(4);
const SETTLE_LOOKS: u32 = 60;
/// The board is looked at anew so often in fast motion, and in the play's own time.
const LOOK_STEPS: i64 = 5;
const LOOK_EVERY: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_millis(250);
/// A server that is silent for so many looks is gone.
const MISSED_LOOKS_MAX: u32 = 20;
/// The tracker's own interval, and what the whole company may send per second of the wall.
const TRACKER_S: f64 = 5.0;
const FIXES_PER_S: f64 = 300.0;

/// How far apart a moving tracker's fixes are, in seconds of the play.
pub fn interval_s(speed: f64, technicians: usize) -> i64 {
    (speed * technicians as f64 / FIXES_PER_S).max(TRACKER_S).ceil() as i64
}

/// Plays the morning in fast motion up to the moment from which the day is shown.
///
/// # Errors
/// The board could not be read.
pub async fn fast_forward(
    stage: &mut Stage,
    baton: &impl Baton,
    opening: &Opening,
) -> Result<(), DoorError> {
    let shown_s = opening.shown_from.as_second();
    let mut at_s = baton.now().as_second().max(opening.prepared_at.as_second());
    let mut steps = 0;
    while at_s < shown_s {
        at_s = (at_s + STEP_S).min(shown_s);
        steps += 1;
        baton.lead(Timestamp::from_second(at_s).unwrap_or(opening.shown_from));
        let changed = stage.live_to(at_s, SPARSE_S).await;
        settle(baton).await;
        if changed || steps % LOOK_STEPS == 0 {
            stage.look().await?;
        }
    }
    stage.look().await
}

/// Lets the house catch up with a minute before the next one begins, but waits for nobody for long.
async fn settle(baton: &impl Baton) {
    for _ in 0..SETTLE_LOOKS {
        if baton.is_settled() {
            return;
        }
        tokio::time::sleep(SETTLE_EVERY).await;
    }
}

/// Plays on in the clock's own time, one working day after the other, until it is dropped or the server is gone.
///
/// # Errors
/// The server does not answer any more.
pub async fn play(
    stage: &mut Stage,
    baton: &impl Baton,
    mut opening: Opening,
    zone: &TimeZone,
    interval_s: i64,
) -> Result<(), DoorError> {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let look_ticks = LOOK_EVERY.as_millis() / TICK.as_millis();
    let mut since_look = 0;
    let mut missed_looks = 0;
    loop {
        ticks.tick().await;
        let now_s = baton.now().as_second();
        let changed = stage.live_to(now_s, interval_s).await;
        since_look += 1;
        if changed || since_look >= look_ticks {
            since_look = 0;
            match stage.look().await {
                Ok(()) => missed_looks = 0,
                Err(error) if missed_looks < MISSED_LOOKS_MAX => {
                    missed_looks += 1;
                    tracing::warn!(%error, "the board could not be read");
                }
                Err(error) => return Err(error),
            }
        }
        if stage.is_over(now_s) {
            opening = opening.next(zone, opening.programme.jobs);
            baton.lead(opening.prepared_at);
            let placed = stage.set_day(&opening.programme).await?;
            tracing::info!(date = opening.programme.date_text, placed, "a new day begins");
            fast_forward(stage, baton, &opening).await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::interval_s;

    #[test]
    fn trackers_report_every_five_seconds_until_the_company_would_send_too_much() {
        assert_eq!(interval_s(1.0, 46), 5);
        assert_eq!(interval_s(20.0, 46), 5);
        assert_eq!(interval_s(60.0, 46), 10);
        assert!(46.0 * 1_000.0 / interval_s(1_000.0, 46) as f64 <= 300.0);
    }
}
