//! Why this technician, why not that one: sentences for people, with the numbers that decided.
//!
//! Each language has its own file and its own sentences; neither is a translation table of the other. Asked only
//! for what will be shown, since the arithmetic itself never needs words. Decides nothing.

mod english;
mod french;
mod replan;
mod zoned;

pub use replan::Called;

use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::day::{DayTechnician, Loss, NotPossible, Obstacle, Rejected, Span, Wanted};
use crate::rules::{Violation, Warning};
use crate::slots::Slot;
use crate::zones::Lack;

/// The same reasons in both languages, the weightiest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reasons {
    pub fr: Vec<String>,
    pub en: Vec<String>,
}

/// Writes reasons for readers in one time zone.
#[derive(Clone, Debug)]
pub struct Words {
    zone: TimeZone,
    day_s: i64,
}

/// What was weighed when a technician was chosen, ready to be worded.
struct Merits<'a> {
    /// Tag, level held, level asked.
    skills: Vec<(&'a str, u8, u8)>,
    slot: Span,
    added_min: i64,
    /// How many of them are better qualified than needed.
    kept_free: usize,
    /// The smallest added drive among those passed over for their drive.
    runner_up_min: Option<i64>,
}

/// Why nobody was found, counted.
#[derive(Default)]
struct Shortage<'a> {
    /// Technicians asked.
    asked: usize,
    /// Tag, level asked, best level held by anybody: where nobody at all has the level.
    unmet: Option<(&'a str, u8, u8)>,
    /// A zone that lets in none of those with the skills, and what somebody lacks.
    barred: Option<(&'a str, &'a Lack)>,
    /// Technicians with every required skill whom every zone lets in.
    skilled: usize,
    /// Of those: away or not at work.
    away: usize,
    /// Of those: other visits in the way, or no stretch long enough.
    busy: usize,
    /// Of those: too much driving.
    far: usize,
    window: Option<Span>,
}

/// The voice of one language.
trait Voice {
    fn chosen(&self, merits: &Merits<'_>) -> Vec<String>;
    fn loss(&self, loss: &Loss, chosen: &str) -> Vec<String>;
    fn obstacle(&self, obstacle: &Obstacle) -> String;
    fn violation(&self, violation: &Violation) -> String;
    fn warning(&self, warning: &Warning) -> String;
    fn shortage(&self, shortage: &Shortage<'_>) -> Vec<String>;
}

impl Words {
    /// Times on the local day of `day_s` are written bare, all others with their date.
    pub const fn new(zone: TimeZone, day_s: i64) -> Self {
        Self { zone, day_s }
    }

    /// Why `technician` gets `job`; `rejected` are the others of the same decision (empty for a suggestion).
    pub fn chosen(
        &self,
        job: &Wanted,
        technician: &DayTechnician,
        slot: Slot,
        rejected: &[Rejected],
    ) -> Reasons {
        let longer = rejected.iter().filter_map(|other| match other.loss {
            Loss::LongerDrive { added_min, .. } => Some(added_min),
            _ => None,
        });
        let kept = rejected.iter().filter(|other| matches!(other.loss, Loss::Overqualified { .. }));
        let level = |tag: &str| technician.skill(tag).map_or(0, |skill| skill.level);
        let merits = Merits {
            skills: job.required().map(|need| (&*need.tag, level(&need.tag), need.level)).collect(),
            slot: Span::new(slot.start_s, slot.end_s),
            added_min: slot.added_travel_min,
            kept_free: kept.count(),
            runner_up_min: longer.min(),
        };
        self.both(|voice| voice.chosen(&merits))
    }

    /// Why a technician was not chosen; `chosen` is the name of the one who was.
    pub fn loss(&self, loss: &Loss, chosen: &str) -> Reasons {
        self.both(|voice| voice.loss(loss, chosen))
    }

    /// Why a technician cannot take a job.
    pub fn obstacles(&self, obstacles: &[Obstacle]) -> Reasons {
        self.both(|voice| obstacles.iter().map(|obstacle| voice.obstacle(obstacle)).collect())
    }

    /// The rules that a manual assignment breaks.
    pub fn violations(&self, violations: &[Violation]) -> Reasons {
        self.both(|voice| violations.iter().map(|violation| voice.violation(violation)).collect())
    }

    /// What a dispatcher should hear about an assignment that is allowed.
    pub fn warnings(&self, warnings: &[Warning]) -> Reasons {
        self.both(|voice| warnings.iter().map(|warning| voice.warning(warning)).collect())
    }

    /// Why nobody could take `job`.
    pub fn unassigned(&self, job: &Wanted, not_possible: &[NotPossible]) -> Reasons {
        let shortage = shortage(job, not_possible);
        self.both(|voice| voice.shortage(&shortage))
    }

    fn both(&self, sentences: impl Fn(&dyn Voice) -> Vec<String>) -> Reasons {
        Reasons {
            fr: sentences(&french::French { words: self }),
            en: sentences(&english::English { words: self }),
        }
    }

    fn local(&self, unix_s: i64) -> Zoned {
        Timestamp::from_second(unix_s).unwrap_or_default().to_zoned(self.zone.clone())
    }

    fn is_today(&self, at: &Zoned) -> bool {
        at.date() == self.local(self.day_s).date()
    }

    fn when(&self, span: Span) -> When {
        let (start, end) = (self.local(span.start_s), self.local(span.end_s));
        let midnight = |at: &Zoned| at.hour() == 0 && at.minute() == 0;
        if midnight(&start) && midnight(&end) && span.start_s < span.end_s {
            let last = self.local(span.end_s - 1);
            if last.date() == start.date() {
                return When::Day { today: self.is_today(&start), day: start };
            }
            return When::Days { first: start, last };
        }
        if start.date() == end.date() {
            return When::Hours { today: self.is_today(&start), start, end };
        }
        When::Across { start, end }
    }
}

/// A span of time as a person would name it.
enum When {
    Hours { today: bool, start: Zoned, end: Zoned },
    Day { today: bool, day: Zoned },
    Days { first: Zoned, last: Zoned },
    Across { start: Zoned, end: Zoned },
}

fn shortage<'a>(job: &'a Wanted, not_possible: &'a [NotPossible]) -> Shortage<'a> {
    let mut shortage =
        Shortage { asked: not_possible.len(), window: job.window, ..Shortage::default() };
    for other in not_possible {
        let rule = |name: &str| {
            other
                .obstacles
                .iter()
                .any(|obstacle| matches!(obstacle, Obstacle::Rule(broken) if broken.rule() == name))
        };
        if rule("skill") {
            continue;
        }
        if let Some(zone) = zoned::barring(&other.obstacles) {
            shortage.barred.get_or_insert(zone);
            continue;
        }
        shortage.skilled += 1;
        let has = |test: fn(&Obstacle) -> bool| other.obstacles.iter().any(test);
        if rule("absence")
            || rule("busy")
            || rule("shift")
            || has(|o| matches!(o, Obstacle::NotWorking { .. }))
        {
            shortage.away += 1;
        } else if rule("overlap") || has(|o| matches!(o, Obstacle::TooShort { .. })) {
            shortage.busy += 1;
        } else if has(|o| matches!(o, Obstacle::Drive { .. })) {
            shortage.far += 1;
        }
    }
    shortage.unmet = job.required().find_map(|need| {
        let best = best_level(&need.tag, not_possible)?;
        Some((&*need.tag, need.level, best))
    });
    shortage
}

/// The best level anybody holds of a skill, if everybody's is too low.
fn best_level(tag: &str, not_possible: &[NotPossible]) -> Option<u8> {
    let levels = not_possible.iter().map(|other| {
        other.obstacles.iter().find_map(|obstacle| match obstacle {
            Obstacle::Rule(Violation::MissingSkill { tag: missing, has, .. })
                if &**missing == tag =>
            {
                Some(*has)
            }
            _ => None,
        })
    });
    levels.collect::<Option<Vec<u8>>>()?.into_iter().max()
}
