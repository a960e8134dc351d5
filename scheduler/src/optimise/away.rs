//! However often somebody is away in a day, the search plans around so many stretches at most: neighbours grow together where
//! the least working time is lost by it, never over a visit that is held. Time only gets scarcer by it, so nothing is planned
//! into what is taken.

use super::model::MAX_PAUSES;
use crate::day::Span;
use crate::rules::merged;

/// The stretches in order and apart, as many as the search can plan around; more where held visits stand between all of them.
pub(super) fn condensed(
    away: impl Iterator<Item = Span>,
    shifts: &[Span],
    held: &[Span],
) -> Vec<Span> {
    let mut all = merged(away);
    while all.len() > MAX_PAUSES {
        let gap = |at: usize| Span::new(all[at - 1].end_s, all[at].start_s);
        let lost_s =
            |at: &usize| -> i64 { shifts.iter().map(|shift| shift.shared_s(gap(*at))).sum() };
        let closable = (1..all.len()).filter(|at| !held.iter().any(|one| one.overlaps(gap(*at))));
        let Some(at) = closable.min_by_key(lost_s) else { break };
        all[at - 1].end_s = all[at].end_s;
        all.remove(at);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;

    /// A quarter of an hour at every full hour from `from` on.
    fn quarters(from: i64, count: i64) -> Vec<Span> {
        (0..count).map(|at| Span::new((from + at) * HOUR, (from + at) * HOUR + 900)).collect()
    }

    #[test]
    fn what_overlaps_or_touches_counts_once() {
        let away = [Span::new(0, 50), Span::new(40, 60), Span::new(60, 80), Span::new(90, 95)];
        let whole = condensed(away.into_iter(), &[Span::new(0, 100)], &[]);
        assert_eq!(whole, [Span::new(0, 80), Span::new(90, 95)]);
    }

    #[test]
    fn of_many_stretches_those_grow_together_that_lose_the_least_work() {
        let shift = Span::new(8 * HOUR, 22 * HOUR);
        // Between the second and the third there are ten minutes only.
        let mut away = quarters(8, 9);
        away[2] = Span::new(9 * HOUR + 1_500, 10 * HOUR + 900);
        let whole = condensed(away.iter().copied(), &[shift], &[]);
        assert_eq!(whole.len(), MAX_PAUSES);
        let together = Span::new(9 * HOUR, 10 * HOUR + 900);
        assert!(whole.iter().any(|span| span.holds(together)), "{whole:?}");
        for one in &away {
            assert!(whole.iter().any(|span| span.holds(*one)), "what is taken stays taken");
        }
    }

    #[test]
    fn nothing_grows_over_a_visit_that_is_held() {
        let shift = Span::new(8 * HOUR, 22 * HOUR);
        let away = quarters(8, 9);
        let held = Span::new(8 * HOUR + 1_800, 8 * HOUR + 3_000);
        let whole = condensed(away.into_iter(), &[shift], &[held]);
        assert_eq!(whole.len(), MAX_PAUSES);
        assert!(!whole.iter().any(|span| span.overlaps(held)), "{whole:?}");
    }
}
