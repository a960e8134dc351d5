//! Reasons in the French of Québec: 13 h 30 with spaces that do not break, no space before a semicolon, « ’ » for
//! the apostrophe, and sentences that fit a woman as well as a man.

use jiff::Zoned;

use super::{Merits, Shortage, Voice, When, Words};
use crate::day::{Loss, Obstacle, Span};
use crate::rules::{Violation, Warning, minutes_up};

/// Space that does not break.
const NB: char = '\u{a0}';

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

pub(super) struct French<'a> {
    pub words: &'a Words,
}

impl French<'_> {
    fn when(&self, span: Span) -> String {
        match self.words.when(span) {
            When::Hours { today: true, start, end } => {
                format!("de {} à {}", hour(&start), hour(&end))
            }
            When::Hours { start, end, .. } => {
                format!("le {} de {} à {}", date(&start), hour(&start), hour(&end))
            }
            When::Day { today: true, .. } => "toute la journée".to_owned(),
            When::Day { day, .. } => format!("le {}", date(&day)),
            When::Days { first, last } => format!("du {} au {}", date(&first), date(&last)),
            When::Across { start, end } => {
                format!("du {} à {} au {} à {}", date(&start), hour(&start), date(&end), hour(&end))
            }
        }
    }
}

impl Voice for French<'_> {
    fn chosen(&self, merits: &Merits<'_>) -> Vec<String> {
        let mut said: Vec<String> = merits.skills.iter().map(|need| level(*need)).collect();
        said.push(format!("Libre {}.", self.when(merits.slot)));
        let added = count(merits.added_min, "min");
        said.push(match merits.runner_up_min {
            Some(next) => {
                format!("Ajoute {added} de route{NB}; le choix suivant en ajouterait {next}.")
            }
            None => format!("Ajoute {added} de route."),
        });
        match merits.kept_free {
            0 => {}
            1 => said.push(format!(
                "Le niveau le plus juste{NB}: une personne plus qualifiée reste libre pour un travail plus difficile."
            )),
            many => said.push(format!(
                "Le niveau le plus juste{NB}: {many} personnes plus qualifiées restent libres pour un travail plus difficile."
            )),
        }
        said
    }

    fn loss(&self, loss: &Loss, chosen: &str) -> Vec<String> {
        match loss {
            Loss::Overqualified { surplus, chosen_surplus } => vec![format!(
                "Pourrait venir, mais dépasse l’exigence de {}, contre {chosen_surplus} pour {chosen}{NB}: \
                 mieux vaut garder cette compétence libre.",
                plural(*surplus, "niveau", "niveaux")
            )],
            Loss::LongerDrive { added_min, chosen_added_min } => vec![format!(
                "Ferait {} de route de plus que {chosen} ({} contre {chosen_added_min}).",
                count(added_min - chosen_added_min, "min"),
                count(*added_min, "min")
            )],
            Loss::LaterId { added_min } => vec![format!(
                "À égalité avec {chosen} (même niveau, {} de route de plus){NB}; l’ordre des identifiants a tranché.",
                count(*added_min, "min")
            )],
            Loss::Impossible(obstacles) => {
                obstacles.iter().map(|obstacle| self.obstacle(obstacle)).collect()
            }
        }
    }

    fn obstacle(&self, obstacle: &Obstacle) -> String {
        match obstacle {
            Obstacle::Rule(violation) => self.violation(violation),
            Obstacle::NotWorking { span } => format!("Ne travaille pas {}.", self.when(*span)),
            Obstacle::TooShort { needed_s, longest_s } => format!(
                "Au mieux {} d’affilée{NB}; l’intervention en demande {}.",
                count(longest_s / 60, "min"),
                minutes_up(*needed_s)
            ),
            Obstacle::Drive { needed_min } => format!(
                "Pas assez de temps pour la route{NB}: il en faudrait {} avant et après cette visite.",
                count(*needed_min, "min")
            ),
            Obstacle::Past { until_s } => {
                format!("L’heure demandée est passée ({}).", hour(&self.words.local(*until_s)))
            }
            Obstacle::Elsewhere { window } => {
                format!("La plage d’arrivée est ailleurs{NB}: {}.", self.when(*window))
            }
        }
    }

    fn violation(&self, violation: &Violation) -> String {
        match violation {
            Violation::MissingSkill { tag, needed, has: 0 } => {
                format!("N’a pas la compétence {tag} (niveau {needed} exigé).")
            }
            Violation::MissingSkill { tag, needed, has } => {
                format!("Niveau {has} en {tag}, {needed} exigé.")
            }
            Violation::SkillExpired { tag, expired_s } => {
                let day = self.words.local(*expired_s);
                format!(
                    "La compétence {tag} n’est plus valide depuis le {} {}.",
                    date(&day),
                    day.year()
                )
            }
            Violation::NotAdmitted { zone, at_s, until_s, lack } => {
                self.words.not_admitted_fr(zone, *at_s, *until_s, lack)
            }
            Violation::OutsideShift { span, shift: Some(shift) } => {
                format!(
                    "Le quart va {}{NB}; la visite irait {}.",
                    self.when(*shift),
                    self.when(*span)
                )
            }
            Violation::OutsideShift { span, shift: None } => {
                format!("Ne travaille pas {}.", self.when(*span))
            }
            Violation::Absent { span, reason: Some(reason) } => {
                format!("Absence {} ({reason}).", self.when(*span))
            }
            Violation::Absent { span, reason: None } => format!("Absence {}.", self.when(*span)),
            Violation::Busy { span } => {
                format!("Occupé selon un agenda extérieur {}.", self.when(*span))
            }
            Violation::Overlap { span, .. } => {
                format!("Une autre visite {}.", self.when(*span))
            }
        }
    }

    fn warning(&self, warning: &Warning) -> String {
        match warning {
            Warning::TravelBefore { visit_id, needed_min, available_min } => format!(
                "{} de route depuis {}, {} de disponibles.",
                count(*needed_min, "min"),
                if visit_id.is_some() { "la visite précédente" } else { "le point de départ" },
                count(*available_min, "min")
            ),
            Warning::TravelAfter { needed_min, available_min, .. } => format!(
                "{} de route jusqu’à la visite suivante, {} de disponibles.",
                count(*needed_min, "min"),
                count(*available_min, "min")
            ),
            Warning::OutsideWindow { window } => {
                format!("Hors de la plage d’arrivée, {}.", self.when(*window))
            }
        }
    }

    fn shortage(&self, shortage: &Shortage<'_>) -> Vec<String> {
        if shortage.asked == 0 {
            return vec!["Aucun technicien ce jour-là.".to_owned()];
        }
        if let Some((tag, needed, best)) = shortage.unmet {
            return vec![match best {
                0 => format!("Personne n’a la compétence {tag} (niveau {needed} exigé)."),
                _ => {
                    format!("Personne n’a le niveau {needed} en {tag}{NB}; le meilleur est {best}.")
                }
            }];
        }
        if let Some((zone, lack)) = shortage.barred.filter(|_| shortage.skilled == 0) {
            return vec![super::zoned::nobody_fr(zone, lack)];
        }
        if shortage.skilled == 0 {
            return vec!["Personne n’a à la fois toutes les compétences exigées.".to_owned()];
        }
        let window =
            shortage.window.map_or_else(String::new, |span| format!(" {}", self.when(span)));
        let mut said = vec![match shortage.skilled {
            1 => format!("Une seule personne a ce qu’il faut, sans place{window}."),
            many => format!("{} ont ce qu’il faut, sans place{window}.", count(many, "personnes")),
        }];
        let causes = [
            (shortage.away, "hors du travail"),
            (shortage.busy, "déjà en visite"),
            (shortage.far, "trop loin"),
        ];
        let named: Vec<String> = causes
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, cause)| format!("{number}{NB}{cause}"))
            .collect();
        if !named.is_empty() {
            said.push(format!("Parmi elles{NB}: {}.", named.join(", ")));
        }
        said
    }
}

fn level((tag, has, needed): (&str, u8, u8)) -> String {
    if has == needed {
        format!("Niveau {has} en {tag}, juste ce qui est exigé.")
    } else {
        format!("Niveau {has} en {tag}, {needed} exigé.")
    }
}

fn hour(at: &Zoned) -> String {
    format!("{}{NB}h{NB}{:02}", at.hour(), at.minute())
}

pub(super) fn date(at: &Zoned) -> String {
    let month = usize::from(at.month().unsigned_abs()).checked_sub(1);
    let name = month.and_then(|index| MONTHS.get(index)).copied().unwrap_or_default();
    match at.day() {
        1 => format!("1er{NB}{name}"),
        day => format!("{day}{NB}{name}"),
    }
}

fn count(number: impl std::fmt::Display, what: &str) -> String {
    format!("{number}{NB}{what}")
}

fn plural(number: u32, one: &str, many: &str) -> String {
    count(number, if number < 2 { one } else { many })
}
