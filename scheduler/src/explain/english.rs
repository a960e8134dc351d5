//! Reasons in English, on a 24-hour clock like the rest of the screens.

use jiff::Zoned;

use super::{Merits, Shortage, Voice, When, Words};
use crate::day::{Loss, Obstacle, Span};
use crate::rules::{Violation, Warning, minutes_up};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) struct English<'a> {
    pub words: &'a Words,
}

impl English<'_> {
    fn when(&self, span: Span) -> String {
        match self.words.when(span) {
            When::Hours { today: true, start, end } => {
                format!("from {} to {}", hour(&start), hour(&end))
            }
            When::Hours { start, end, .. } => {
                format!("on {} from {} to {}", date(&start), hour(&start), hour(&end))
            }
            When::Day { today: true, .. } => "all day".to_owned(),
            When::Day { day, .. } => format!("on {}", date(&day)),
            When::Days { first, last } => format!("from {} to {}", date(&first), date(&last)),
            When::Across { start, end } => format!(
                "from {} at {} to {} at {}",
                date(&start),
                hour(&start),
                date(&end),
                hour(&end)
            ),
        }
    }
}

impl Voice for English<'_> {
    fn chosen(&self, merits: &Merits<'_>) -> Vec<String> {
        let mut said: Vec<String> = merits
            .skills
            .iter()
            .map(|(tag, has, needed)| match has == needed {
                true => format!("Level {has} in {tag}, exactly what is required."),
                false => format!("Level {has} in {tag}, {needed} required."),
            })
            .collect();
        said.push(format!("Free {}.", self.when(merits.slot)));
        let added = merits.added_min;
        said.push(match merits.runner_up_min {
            Some(next) => format!("Adds {added} min of driving; the next best would add {next}."),
            None => format!("Adds {added} min of driving."),
        });
        match merits.kept_free {
            0 => {}
            1 => said.push(
                "The lowest level that will do: one better qualified technician stays free for harder work."
                    .to_owned(),
            ),
            many => said.push(format!(
                "The lowest level that will do: {many} better qualified technicians stay free for harder work."
            )),
        }
        said
    }

    fn loss(&self, loss: &Loss, chosen: &str) -> Vec<String> {
        match loss {
            Loss::Overqualified { surplus, chosen_surplus } => vec![format!(
                "Could come, but is {} above what is required, against {chosen_surplus} for {chosen}: \
                 better kept free for harder work.",
                if *surplus == 1 { "1 level".to_owned() } else { format!("{surplus} levels") }
            )],
            Loss::LongerDrive { added_min, chosen_added_min } => vec![format!(
                "Would drive {} min more than {chosen} ({added_min} against {chosen_added_min}).",
                added_min - chosen_added_min
            )],
            Loss::LaterId { added_min } => vec![format!(
                "Tied with {chosen} (same surplus, {added_min} min more driving); the order of ids decided."
            )],
            Loss::Impossible(obstacles) => {
                obstacles.iter().map(|obstacle| self.obstacle(obstacle)).collect()
            }
        }
    }

    fn obstacle(&self, obstacle: &Obstacle) -> String {
        match obstacle {
            Obstacle::Rule(violation) => self.violation(violation),
            Obstacle::NotWorking { span } => format!("Does not work {}.", self.when(*span)),
            Obstacle::TooShort { needed_s, longest_s } => format!(
                "At best {} min free in a row; the job takes {}.",
                longest_s / 60,
                minutes_up(*needed_s)
            ),
            Obstacle::Drive { needed_min } => format!(
                "Not enough time to drive: {needed_min} min would be needed before and after this visit."
            ),
            Obstacle::Past { until_s } => {
                format!("The time asked for is over ({}).", hour(&self.words.local(*until_s)))
            }
            Obstacle::Elsewhere { window } => {
                format!("The arrival window lies elsewhere: {}.", self.when(*window))
            }
        }
    }

    fn violation(&self, violation: &Violation) -> String {
        match violation {
            Violation::MissingSkill { tag, needed, has: 0 } => {
                format!("Does not have the skill {tag} (level {needed} required).")
            }
            Violation::MissingSkill { tag, needed, has } => {
                format!("Level {has} in {tag}, {needed} required.")
            }
            Violation::SkillExpired { tag, expired_s } => {
                let day = self.words.local(*expired_s);
                format!("The skill {tag} has not been valid since {}, {}.", date(&day), day.year())
            }
            Violation::NotAdmitted { zone, at_s, until_s, lack } => {
                self.words.not_admitted_en(zone, *at_s, *until_s, lack)
            }
            Violation::OutsideShift { span, shift: Some(shift) } => format!(
                "The shift runs {}; the visit would run {}.",
                self.when(*shift),
                self.when(*span)
            ),
            Violation::OutsideShift { span, shift: None } => {
                format!("Does not work {}.", self.when(*span))
            }
            Violation::Absent { span, reason: Some(reason) } => {
                format!("Away {} ({reason}).", self.when(*span))
            }
            Violation::Absent { span, reason: None } => format!("Away {}.", self.when(*span)),
            Violation::Busy { span } => {
                format!("Busy by an outside calendar {}.", self.when(*span))
            }
            Violation::Overlap { span, .. } => {
                format!("Busy with another visit {}.", self.when(*span))
            }
        }
    }

    fn warning(&self, warning: &Warning) -> String {
        match warning {
            Warning::TravelBefore { visit_id, needed_min, available_min } => format!(
                "{needed_min} min of driving from {}, {available_min} min available.",
                if visit_id.is_some() { "the previous visit" } else { "the starting point" }
            ),
            Warning::TravelAfter { needed_min, available_min, .. } => format!(
                "{needed_min} min of driving to the next visit, {available_min} min available."
            ),
            Warning::OutsideWindow { window } => {
                format!("Outside the arrival window, {}.", self.when(*window))
            }
        }
    }

    fn shortage(&self, shortage: &Shortage<'_>) -> Vec<String> {
        if shortage.asked == 0 {
            return vec!["There is no technician that day.".to_owned()];
        }
        if let Some((tag, needed, best)) = shortage.unmet {
            return vec![match best {
                0 => format!("Nobody has the skill {tag} (level {needed} required)."),
                _ => format!("Nobody has level {needed} in {tag}; the best is {best}."),
            }];
        }
        if let Some((zone, lack)) = shortage.barred.filter(|_| shortage.skilled == 0) {
            return vec![super::zoned::nobody_en(zone, lack)];
        }
        if shortage.skilled == 0 {
            return vec!["Nobody has all the required skills at once.".to_owned()];
        }
        let window =
            shortage.window.map_or_else(String::new, |span| format!(" {}", self.when(span)));
        let mut said = vec![match shortage.skilled {
            1 => format!("Only one technician has what it takes, and has no room{window}."),
            many => format!("{many} technicians have what it takes; none has room{window}."),
        }];
        let causes =
            [(shortage.away, "not at work"), (shortage.busy, "busy"), (shortage.far, "too far")];
        let named: Vec<String> = causes
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, cause)| format!("{number} {cause}"))
            .collect();
        if !named.is_empty() {
            said.push(format!("Of these: {}.", named.join(", ")));
        }
        said
    }
}

fn hour(at: &Zoned) -> String {
    format!("{}:{:02}", at.hour(), at.minute())
}

pub(super) fn date(at: &Zoned) -> String {
    let month = usize::from(at.month().unsigned_abs()).checked_sub(1);
    let name = month.and_then(|index| MONTHS.get(index)).copied().unwrap_or_default();
    format!("{name} {}", at.day())
}
