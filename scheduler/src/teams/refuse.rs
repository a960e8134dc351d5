//! What is no problem at all: refused at the door, with the place of the fault. Never repairs anything.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::Teams;

/// More of these are refused: the tables would not fit.
pub const MOST_TECHNICIANS: usize = 5_000;
pub const MOST_INTERVENTIONS: usize = 20_000;
/// Domains times levels.
pub const MOST_CELLS: usize = 1_000;
/// Days off are known up to this day.
pub const LAST_DAY: u32 = 20_000;

/// Why a problem was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{what}: {found} is more than {most}")]
    TooMany { what: &'static str, found: usize, most: usize },
    #[error("technician {id}: {what}")]
    Technician { id: u32, what: String },
    #[error("intervention {id}: {what}")]
    Intervention { id: u32, what: String },
    #[error("intervention {id}: only sub-contracting is possible, which the budget does not allow")]
    Impossible { id: u32 },
}

/// Refuses numbers that contradict each other or are too large to be worked with.
pub fn refuse(problem: &Teams) -> Result<(), Refusal> {
    let cells = problem.domains.saturating_mul(problem.levels);
    let sizes = [
        ("domains times levels", cells, MOST_CELLS),
        ("technicians", problem.technicians.len(), MOST_TECHNICIANS),
        ("interventions", problem.interventions.len(), MOST_INTERVENTIONS),
    ];
    for (what, found, most) in sizes {
        if found > most {
            return Err(Refusal::TooMany { what, found, most });
        }
    }
    technicians(problem)?;
    interventions(problem, cells)?;
    circles(problem)
}

fn technicians(problem: &Teams) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for technician in &problem.technicians {
        let bad = |what: String| Err(Refusal::Technician { id: technician.id, what });
        if !seen.insert(technician.id) {
            return bad("listed twice".into());
        }
        if technician.levels.len() != problem.domains {
            return bad(format!(
                "{} levels for {} domains",
                technician.levels.len(),
                problem.domains
            ));
        }
        if let Some(level) =
            technician.levels.iter().find(|level| **level as usize > problem.levels)
        {
            return bad(format!("level {level} of {}", problem.levels));
        }
        if let Some(day) = technician.days_off.iter().find(|day| !(1..=LAST_DAY).contains(*day)) {
            return bad(format!("day off {day} is not within 1 to {LAST_DAY}"));
        }
    }
    Ok(())
}

fn interventions(problem: &Teams, cells: usize) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for intervention in &problem.interventions {
        if !seen.insert(intervention.id) {
            return Err(Refusal::Intervention { id: intervention.id, what: "listed twice".into() });
        }
    }
    for intervention in &problem.interventions {
        let bad = |what: String| Err(Refusal::Intervention { id: intervention.id, what });
        if intervention.needs.len() != cells {
            return bad(format!("{} needs where {cells} are due", intervention.needs.len()));
        }
        if !(1..=4).contains(&intervention.priority) {
            return bad(format!("priority {} is not within 1 to 4", intervention.priority));
        }
        if let Some(id) = intervention.predecessors.iter().find(|id| !seen.contains(id)) {
            return bad(format!("predecessor {id} is not listed"));
        }
    }
    Ok(())
}

/// Interventions that wait for each other in a circle.
fn circles(problem: &Teams) -> Result<(), Refusal> {
    let position: BTreeMap<u32, usize> =
        problem.interventions.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
    let mut waits: Vec<usize> =
        problem.interventions.iter().map(|one| one.predecessors.len()).collect();
    let mut after = vec![Vec::new(); waits.len()];
    for (at, one) in problem.interventions.iter().enumerate() {
        for id in &one.predecessors {
            after[position[id]].push(at);
        }
    }
    let mut ready: Vec<usize> = (0..waits.len()).filter(|at| waits[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        for next in &after[at] {
            waits[*next] -= 1;
            if waits[*next] == 0 {
                ready.push(*next);
            }
        }
    }
    match waits.iter().position(|left| *left > 0) {
        Some(at) => Err(Refusal::Intervention {
            id: problem.interventions[at].id,
            what: "waits for itself through its predecessors".into(),
        }),
        None => Ok(()),
    }
}
