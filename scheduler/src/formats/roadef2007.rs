//! The files of the ROADEF challenge of 2007: `instance`, `tech_list` and `interv_list` in, `interv_dates` and
//! `tech_teams` out and in.
//!
//! As the challenge's own tools: a first line of titles is passed over, so is a line without brackets in the lists.

use std::fmt::Write as _;

use crate::teams::{
    Intervention, MOST_CELLS, MOST_INTERVENTIONS, MOST_TECHNICIANS, Plan, Teams, TeamsOfDay,
    Technician, Visit,
};

/// An instance with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub name: String,
    pub problem: Teams,
}

/// The two files of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub interv_dates: String,
    pub tech_teams: String,
}

/// Why a text is not what its file's name says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoadefError {
    #[error("{file}, line {line}, {field}: {what}")]
    Field { file: &'static str, line: usize, field: &'static str, what: String },
    #[error("{file}: {listed} listed, but the instance file announces {announced}")]
    Count { file: &'static str, listed: usize, announced: usize },
}

/// One line, with what an error about it says.
#[derive(Clone, Copy)]
struct Line<'a> {
    file: &'static str,
    number: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn bad<T>(&self, field: &'static str, what: impl Into<String>) -> Result<T, RoadefError> {
        Err(RoadefError::Field { file: self.file, line: self.number, field, what: what.into() })
    }

    fn number<T: std::str::FromStr>(
        &self,
        words: &mut std::str::SplitWhitespace,
        field: &'static str,
    ) -> Result<T, RoadefError> {
        match words.next().map(|word| (word, word.parse())) {
            Some((_, Ok(number))) => Ok(number),
            Some((word, Err(_))) => {
                let short: String = word.chars().take(24).collect();
                self.bad(field, format!("`{short}` is no whole number from 0 that fits"))
            }
            None => self.bad(field, "missing"),
        }
    }

    fn numbers<T: std::str::FromStr>(
        &self,
        text: &str,
        field: &'static str,
    ) -> Result<Vec<T>, RoadefError> {
        let mut words = text.split_whitespace();
        let mut all = Vec::new();
        while words.clone().next().is_some() {
            all.push(self.number(&mut words, field)?);
        }
        Ok(all)
    }

    /// What stands before, in and after the first pair of brackets.
    fn brackets(&self) -> Result<(&'a str, &'a str, &'a str), RoadefError> {
        let parts = self.text.split_once('[').and_then(|(before, rest)| {
            rest.split_once(']').map(|(inside, after)| (before, inside, after))
        });
        match parts {
            Some(parts) => Ok(parts),
            None => self.bad("brackets", "`[` and `]` are not a pair"),
        }
    }
}

fn lines<'a>(file: &'static str, text: &'a str, skip: usize) -> impl Iterator<Item = Line<'a>> {
    let numbered = (1..).zip(text.lines()).skip(skip);
    numbered.map(move |(number, text)| Line { file, number, text })
}

/// Reads an instance from the texts of its three files.
///
/// # Errors
/// A [`RoadefError`] with file, line and field. Contradictions between sound fields are left to the solver's door.
pub fn read(instance: &str, tech_list: &str, interv_list: &str) -> Result<Instance, RoadefError> {
    let none = Line { file: "instance", number: 2, text: "" };
    let head = lines("instance", instance, 1).next().unwrap_or(none);
    let mut words = head.text.split_whitespace();
    let Some(name) = words.next() else { return head.bad("name", "missing") };
    let domains: usize = head.number(&mut words, "domains")?;
    let levels: usize = head.number(&mut words, "levels")?;
    let technicians: usize = head.number(&mut words, "techs")?;
    let interventions: usize = head.number(&mut words, "interv")?;
    let budget = head.number(&mut words, "abandon")?;
    let sizes = [
        ("levels", domains.saturating_mul(levels), MOST_CELLS),
        ("techs", technicians, MOST_TECHNICIANS),
        ("interv", interventions, MOST_INTERVENTIONS),
    ];
    for (field, found, most) in sizes {
        if found > most {
            return head.bad(field, format!("{found} is more than {most}"));
        }
    }
    let listed = |line: &Line| line.text.contains('[');
    let technicians_read: Vec<Technician> = lines("tech_list", tech_list, 1)
        .filter(listed)
        .take(technicians + 1)
        .map(|line| technician(line, domains))
        .collect::<Result<_, _>>()?;
    counted("tech_list", technicians_read.len(), technicians)?;
    let interventions_read: Vec<Intervention> = lines("interv_list", interv_list, 1)
        .filter(listed)
        .take(interventions + 1)
        .map(|line| intervention(line, domains * levels))
        .collect::<Result<_, _>>()?;
    counted("interv_list", interventions_read.len(), interventions)?;
    let (technicians, interventions) = (technicians_read, interventions_read);
    let problem = Teams { domains, levels, budget, technicians, interventions };
    Ok(Instance { name: name.into(), problem })
}

fn counted(file: &'static str, listed: usize, announced: usize) -> Result<(), RoadefError> {
    if listed == announced {
        return Ok(());
    }
    Err(RoadefError::Count { file, listed, announced })
}

fn technician(line: Line, domains: usize) -> Result<Technician, RoadefError> {
    let (before, inside, _) = line.brackets()?;
    let mut words = before.split_whitespace();
    let id = line.number(&mut words, "tech")?;
    let levels = (0..domains)
        .map(|_| line.number(&mut words, "level of a domain"))
        .collect::<Result<_, _>>()?;
    Ok(Technician { id, levels, days_off: line.numbers(inside, "dispo")? })
}

fn intervention(line: Line, cells: usize) -> Result<Intervention, RoadefError> {
    let (before, inside, after) = line.brackets()?;
    let mut words = before.split_whitespace();
    let id = line.number(&mut words, "number")?;
    let duration = line.number(&mut words, "time")?;
    let predecessors = line.numbers(inside, "preds")?;
    let mut words = after.split_whitespace();
    let priority = line.number(&mut words, "prio")?;
    let cost = line.number(&mut words, "cost")?;
    let needs =
        (0..cells).map(|_| line.number(&mut words, "need of a level")).collect::<Result<_, _>>()?;
    Ok(Intervention { id, duration, predecessors, priority, cost, needs })
}

/// Writes a plan as the challenge wanted it.
pub fn write(plan: &Plan) -> Written {
    let mut written = Written { interv_dates: String::new(), tech_teams: String::new() };
    for visit in &plan.visits {
        let Visit { intervention, day, start, team } = visit;
        // Writing into a string cannot fail.
        let _ = writeln!(written.interv_dates, "{intervention} {day} {start} {team}");
    }
    for row in &plan.days {
        let _ = write!(written.tech_teams, "{}", row.day);
        for team in &row.teams {
            written.tech_teams.push_str(" [");
            for id in team {
                let _ = write!(written.tech_teams, " {id}");
            }
            written.tech_teams.push_str(" ]");
        }
        written.tech_teams.push('\n');
    }
    written
}

/// Reads a plan back, for instance one made elsewhere that is to be checked. Empty lines are passed over.
///
/// # Errors
/// A [`RoadefError`] with file, line and field.
pub fn read_plan(interv_dates: &str, tech_teams: &str) -> Result<Plan, RoadefError> {
    let mut plan = Plan::default();
    for line in lines("interv_dates", interv_dates, 0) {
        let mut words = line.text.split_whitespace();
        if words.clone().count() < 4 {
            continue;
        }
        plan.visits.push(Visit {
            intervention: line.number(&mut words, "number")?,
            day: line.number(&mut words, "day")?,
            start: line.number(&mut words, "start")?,
            team: line.number(&mut words, "team")?,
        });
    }
    for line in lines("tech_teams", tech_teams, 0).filter(|line| line.text.contains('[')) {
        let mut parts = line.text.split('[');
        let day = line.number(&mut parts.next().unwrap_or("").split_whitespace(), "day")?;
        let members = |part: &str| match part.split_once(']') {
            Some((inside, _)) => line.numbers(inside, "team"),
            None => line.bad("team", "`[` without `]`"),
        };
        let teams = parts.map(members).collect::<Result<_, _>>()?;
        plan.days.push(TeamsOfDay { day, teams });
    }
    Ok(plan)
}
