//! Going from one node to the next with pauses in between.
//!
//! A lane's pauses are taken in their order, each in some gap between two nodes. Instead of trying gaps, every node
//! carries one label for each number of pauses behind it; a gap is crossed with none, one or several more. A pause
//! interrupts a drive wherever it falls due. Exact for one pause in a gap; of several in one gap only the last
//! overlaps with driving.

use super::model::{IMPOSSIBLE, Labels, MAX_PAUSES, NEVER, Pause, Window, earliest_in};

/// Labels that reach nowhere, going forward.
pub(crate) const UNREACHED: Labels = [NEVER; MAX_PAUSES + 1];

/// Labels that leave no time, going backward.
pub(crate) const HOPELESS: Labels = [IMPOSSIBLE; MAX_PAUSES + 1];

/// Earliest arrivals after a drive of `drive` seconds, for departures `leave`.
pub(crate) fn arrivals(pauses: &[Pause], leave: &Labels, drive: i32) -> Labels {
    let mut arrive = UNREACHED;
    for taken in 0..=pauses.len() {
        let mut at = leave[taken];
        if at >= NEVER {
            continue;
        }
        arrive[taken] = arrive[taken].min(at.saturating_add(drive));
        for (next, pause) in pauses.iter().enumerate().skip(taken) {
            let from = earliest_in(&pause.windows, at);
            if from >= NEVER {
                break;
            }
            let driven = at.saturating_add(drive).max(from).saturating_add(pause.duration);
            arrive[next + 1] = arrive[next + 1].min(driven);
            at = from + pause.duration;
        }
    }
    arrive
}

/// Latest departures from which the arrivals `until` can be met after a drive of `drive` seconds.
pub(crate) fn departures(pauses: &[Pause], until: &Labels, drive: i32) -> Labels {
    let mut leave = HOPELESS;
    for taken in 0..=pauses.len() {
        let mut limit = until[taken];
        if limit <= IMPOSSIBLE {
            continue;
        }
        leave[taken] = leave[taken].max(limit.saturating_sub(drive));
        let mut driving = drive;
        for (index, pause) in pauses.iter().enumerate().take(taken).rev() {
            limit = latest_before(&pause.windows, pause.duration, driving, limit);
            if limit <= IMPOSSIBLE {
                break;
            }
            leave[index] = leave[index].max(limit);
            driving = 0;
        }
    }
    leave
}

/// The latest departure that leaves room for a pause and then `drive` seconds before `limit`.
fn latest_before(windows: &[Window], duration: i32, drive: i32, limit: i32) -> i32 {
    let by_drive = limit.saturating_sub(duration).saturating_sub(drive);
    let last_close = windows.iter().rev().find(|(open, _)| open.saturating_add(duration) <= limit);
    last_close.map_or(IMPOSSIBLE, |(_, close)| by_drive.min(*close))
}

/// Whether some departure of `leave` meets some arrival of `until`, any number of pauses taken on the way.
pub(crate) fn meets(pauses: &[Pause], leave: &Labels, drive: i32, until: &Labels) -> bool {
    let arrive = arrivals(pauses, leave, drive);
    (0..=pauses.len()).any(|taken| arrive[taken] < NEVER && arrive[taken] <= until[taken])
}
