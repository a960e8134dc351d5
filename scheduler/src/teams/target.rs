//! Which plan to look for next: latest ends, class by class, that together cost less than the best plan's.

use fastrand::Rng;

use super::model::Model;
use super::problem::DAY;

/// Latest ends that cost less than `ends` do: one class ends earlier, others may end later for it.
/// `present` names the classes that have jobs.
pub(super) fn target(
    ends: [u32; 4],
    class: usize,
    present: [bool; 4],
    rng: &mut Rng,
) -> Option<[u32; 4]> {
    let most = Model::cost(ends).checked_sub(1)?;
    let mut latest = ends;
    let end = ends[class];
    latest[class] = match rng.u8(..8) {
        0..=3 => end.checked_sub(1)?,
        4 => end.checked_sub(1)? / DAY * DAY,
        5 => end.saturating_sub(DAY),
        6 => end - rng.u32(..=end.min(DAY)),
        // Where much may be sub-contracted, a class may even vanish.
        _ => rng.u32(..=end) * u32::from(rng.bool()),
    };
    if class == 3 {
        let bound = latest[3];
        latest.iter_mut().for_each(|other| *other = (*other).min(bound));
    }
    if rng.u8(..3) > 0 {
        let mut others: Vec<usize> = (0..4).filter(|other| *other != class).collect();
        rng.shuffle(&mut others);
        for other in others.into_iter().filter(|other| present[*other] || *other == 3) {
            let most_more = furthest(latest, other, most);
            let more = match rng.u8(..3) {
                0 => most_more,
                1 => most_more.min(DAY),
                _ => rng.u32(..=most_more),
            };
            latest = later(latest, other, more);
        }
    }
    (Model::cost(latest) <= most).then_some(latest)
}

/// One class ends later, and so perhaps all.
fn later(mut latest: [u32; 4], class: usize, more: u32) -> [u32; 4] {
    latest[class] = latest[class].saturating_add(more);
    latest[3] = latest[3].max(latest[class]);
    latest
}

/// How much later a class may end for at most this cost.
fn furthest(latest: [u32; 4], class: usize, most: u64) -> u32 {
    let (mut known, mut beyond) = (0, 64 * DAY);
    if Model::cost(latest) > most {
        return 0;
    }
    while known + 1 < beyond {
        let middle = known.midpoint(beyond);
        if Model::cost(later(latest, class, middle)) <= most {
            known = middle;
        } else {
            beyond = middle;
        }
    }
    known
}
