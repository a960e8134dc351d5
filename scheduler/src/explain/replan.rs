//! Sentences about a whole day's plan: why a visit moves, why a job stays out, and what would let it in.

use super::{Reasons, Words};
use crate::optimise::{Change, NotAllowed, Reason};

/// Why a day is planned again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Called {
    /// A technician is away.
    Absent,
    /// An urgent job came in.
    Urgent,
    /// Visits will begin after the time that was told.
    Late,
    /// Nobody opened a door.
    NoAccess,
    /// A visit was called off.
    Cancelled,
    /// A visit was taken off.
    Unassigned,
}

impl Words {
    /// Why a job goes to `name` at `start_s`; `from` is who had it and when.
    pub fn replanned(
        &self,
        name: &str,
        start_s: i64,
        travel_min: i64,
        from: Option<(String, i64)>,
    ) -> Reasons {
        let (fr_at, en_at) = self.clock(start_s);
        let (mut fr, mut en) = match from {
            None => (
                vec![format!("{name} peut la prendre à {fr_at}.")],
                vec![format!("{name} can take it at {en_at}.")],
            ),
            Some((old, old_s)) => {
                let (fr_was, en_was) = self.clock(old_s);
                (
                    vec![format!("Passe de {old} ({fr_was}) à {name} ({fr_at}).")],
                    vec![format!("Goes from {old} ({en_was}) to {name} ({en_at}).")],
                )
            }
        };
        fr.push(format!("{travel_min} min de route avant cette visite."));
        en.push(format!("{travel_min} min of driving before this visit."));
        Reasons { fr, en }
    }

    /// Why a job stays out, and the smallest change that would let it in; `crew` are the technicians' names by index,
    /// `titles` those of the visits.
    pub fn left_out(
        &self,
        why: &[Reason],
        change: Option<&Change>,
        crew: &[String],
        titles: &[String],
    ) -> Reasons {
        let mut all = Reasons::default();
        let sentences =
            why.iter().map(reason).chain(change.map(|change| self.change(change, crew, titles)));
        for (fr, en) in sentences {
            all.fr.push(fr);
            all.en.push(en);
        }
        if all.fr.is_empty() {
            all.fr.push("Personne ne travaille ce jour-là.".to_owned());
            all.en.push("Nobody works on that day.".to_owned());
        }
        all
    }

    /// Why a day was planned again: how many visits are late, who is away, which jobs changed.
    pub fn called(&self, cause: Called, names: &[String], jobs: usize) -> Reasons {
        // In each language: one of them, several.
        let [fr, en] = match cause {
            Called::Late => [
                ("visite commencera trop tard", "visites commenceront trop tard"),
                ("visit will begin too late", "visits will begin too late"),
            ],
            Called::Absent => [
                ("intervention à replacer", "interventions à replacer"),
                ("job to be placed anew", "jobs to be placed anew"),
            ],
            Called::Urgent => [
                ("intervention urgente est arrivée", "interventions urgentes sont arrivées"),
                ("urgent job came in", "urgent jobs came in"),
            ],
            Called::NoAccess => [
                ("porte est restée close", "portes sont restées closes"),
                ("door stayed closed", "doors stayed closed"),
            ],
            Called::Cancelled => [
                ("visite a été annulée", "visites ont été annulées"),
                ("visit was called off", "visits were called off"),
            ],
            Called::Unassigned => [
                ("intervention est de nouveau à placer", "interventions sont de nouveau à placer"),
                ("job is back in the pool", "jobs are back in the pool"),
            ],
        };
        let (fr, en) = (counted(jobs, fr.0, fr.1), counted(jobs, en.0, en.1));
        let (who_fr, who_en) = (listed(names, "et"), listed(names, "and"));
        let (fr, en) = match cause {
            _ if names.is_empty() => (format!("{fr}."), format!("{en}.")),
            Called::Absent => {
                (format!("Absence : {who_fr}, {fr}."), format!("Away: {who_en}, {en}."))
            }
            Called::NoAccess | Called::Cancelled => (
                format!("{fr}, ce qui libère du temps : {who_fr}."),
                format!("{en}, which leaves time: {who_en}."),
            ),
            _ => (format!("{fr} : {who_fr}."), format!("{en}: {who_en}.")),
        };
        Reasons { fr: vec![fr], en: vec![en] }
    }

    /// What a plan gains over the day as it stands: jobs placed, promises kept, minutes of driving.
    pub fn gained(&self, placed: i64, promises: i64, driving_min: i64) -> Reasons {
        let mut all = Reasons::default();
        let mut say = |fr: String, en: String| {
            all.fr.push(fr);
            all.en.push(en);
        };
        let count = |n: i64| usize::try_from(n.abs()).unwrap_or(usize::MAX);
        if placed > 0 {
            say(
                counted(
                    count(placed),
                    "intervention de plus trouve sa place.",
                    "interventions de plus trouvent leur place.",
                ),
                counted(count(placed), "more job finds its place.", "more jobs find their place."),
            );
        }
        if promises != 0 {
            let (fr, en) = if promises > 0 { ("de plus", "more") } else { ("de moins", "fewer") };
            say(
                format!("{} {fr}.", counted(count(promises), "promesse tenue", "promesses tenues")),
                format!(
                    "{} {en} {} kept.",
                    count(promises),
                    if count(promises) == 1 { "promise" } else { "promises" }
                ),
            );
        }
        if driving_min != 0 {
            let (fr, en) = if driving_min < 0 { ("moins", "less") } else { ("plus", "more") };
            let minutes = driving_min.abs();
            say(format!("{minutes} min de route de {fr}."), format!("{minutes} min {en} driving."));
        }
        all
    }

    /// Why nothing of a technician's day is touched.
    pub fn set_aside(&self, name: &str) -> Reasons {
        Reasons {
            fr: vec![format!(
                "Les visites fixées de {name} ne peuvent pas toutes commencer à l'heure prévue : sa journée reste telle quelle."
            )],
            en: vec![format!(
                "{name}'s fixed visits cannot all start as planned: that day is left as it is."
            )],
        }
    }

    fn clock(&self, unix_s: i64) -> (String, String) {
        let at = self.local(unix_s);
        (at.strftime("%-H h %M").to_string(), at.strftime("%-H:%M").to_string())
    }

    fn change(&self, change: &Change, crew: &[String], titles: &[String]) -> (String, String) {
        let name = |index: &usize| crew.get(*index).map_or("", String::as_str);
        let title = |index: &usize| titles.get(*index).map_or("", String::as_str);
        let minutes = |s: &i64| (s + 59) / 60;
        match change {
            Change::Skill { technician, tag, level } => (
                format!("Il suffirait que {} ait {tag} au niveau {level}.", name(technician)),
                format!("{tag} at level {level} would be enough for {}.", name(technician)),
            ),
            Change::Window { technician, earlier, by_s } => {
                let (fr, en) = match earlier {
                    true => ("s'ouvre {} min plus tôt", "opens {} min earlier"),
                    false => ("se ferme {} min plus tard", "closes {} min later"),
                };
                let by = minutes(by_s).to_string();
                let (fr, en) = (fr.replace("{}", &by), en.replace("{}", &by));
                (
                    format!(
                        "Il suffirait, pour {}, que la plage d'arrivée {fr}.",
                        name(technician)
                    ),
                    format!(
                        "An arrival window that {en} would be enough for {}.",
                        name(technician)
                    ),
                )
            }
            Change::Shift { technician, by_s } => (
                format!(
                    "Il suffirait d'allonger la journée de {} de {} min.",
                    name(technician),
                    minutes(by_s)
                ),
                format!(
                    "A day {} min longer would be enough for {}.",
                    minutes(by_s),
                    name(technician)
                ),
            ),
            Change::Instead { technician, of } => (
                format!("{} pourrait, sans la visite « {} ».", name(technician), title(of)),
                format!("{} could, without the visit “{}”.", name(technician), title(of)),
            ),
        }
    }
}

/// A number and what it counts.
fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// "Ana, Luc and Zoé".
fn listed(names: &[String], and: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

fn reason(reason: &Reason) -> (String, String) {
    match reason {
        Reason::Skill { technicians, tag, needed, best } => {
            let n = technicians.len();
            (
                format!("Compétence {tag} : niveau {needed} exigé, {best} au mieux ({n} exclus)."),
                format!("Skill {tag}: level {needed} required, {best} at best ({n} ruled out)."),
            )
        }
        Reason::NotAllowed { technicians, what } => {
            let n = technicians.len();
            let (fr, en) = match what {
                NotAllowed::Territory => ("hors de leur territoire", "outside their territory"),
                NotAllowed::Forbidden => (
                    "non admis à cet endroit ou chez ce client",
                    "not let in at this place or by this customer",
                ),
                NotAllowed::Part => ("sans la pièce", "without the part"),
                NotAllowed::Pinned => ("fixée à quelqu'un d'autre", "pinned to somebody else"),
                NotAllowed::Capacity => ("sans la place à bord", "without room on board"),
            };
            (format!("Techniciens exclus : {n}, {fr}."), format!("Ruled out: {n}, {en}."))
        }
        Reason::NotWorking { technicians, .. } => {
            let n = technicians.len();
            (
                format!("Ne travaillent pas dans la plage d'arrivée : {n}."),
                format!("Not at work in the arrival window: {n}."),
            )
        }
        Reason::OutOfReach { technicians } => {
            let n = technicians.len();
            (
                format!("Trop loin, même sans rien d'autre à faire : {n}."),
                format!("Too far, even with nothing else to do: {n}."),
            )
        }
        Reason::Full { technicians, least_s } => {
            let (n, least) = (technicians.len(), (least_s + 59) / 60);
            let (fr, en) = if least > 0 {
                (
                    format!(" Il manque au moins {least} min."),
                    format!(" At least {least} min lack."),
                )
            } else {
                (String::new(), String::new())
            };
            (format!("Journées déjà remplies : {n}.{fr}"), format!("Days already full: {n}.{en}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_told_in_whole_sentences() {
        let words = Words::new(jiff::tz::TimeZone::UTC, 0);
        let called = |cause, names: &[&str], jobs| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let all = words.called(cause, &names, jobs);
            (all.fr.join(" "), all.en.join(" "))
        };
        let (fr, en) = called(Called::Cancelled, &["Ana Roy"], 1);
        assert_eq!(fr, "1 visite a été annulée, ce qui libère du temps : Ana Roy.");
        assert_eq!(en, "1 visit was called off, which leaves time: Ana Roy.");
        let (fr, en) = called(Called::Late, &["Ana", "Luc", "Zoé"], 3);
        assert_eq!(fr, "3 visites commenceront trop tard : Ana, Luc et Zoé.");
        assert_eq!(en, "3 visits will begin too late: Ana, Luc and Zoé.");
        assert_eq!(called(Called::Urgent, &[], 1).0, "1 intervention urgente est arrivée.");
        let gained = words.gained(1, -2, -40);
        assert_eq!(
            gained.fr.join(" "),
            "1 intervention de plus trouve sa place. 2 promesses tenues de moins. 40 min de route de moins."
        );
        assert_eq!(
            gained.en.join(" "),
            "1 more job finds its place. 2 fewer promises kept. 40 min less driving."
        );
    }
}
