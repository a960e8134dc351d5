//! Who and what goes along with a visit beside the technician who leads it: assistants, and materials that are booked like
//! people. All are there for the whole visit, so all must be free for all of it. Decides nothing else.

use crate::board::Board;
use crate::board::decide::{overlap, overlapping, refusal, violations};
use crate::board::holds;
use crate::board::protocol::{BoardRefusal, Placement, Visit};
use crate::engine::component::Decision;
use crate::engine::journal::Expect;
use crate::ids::{JobId, MaterialId, TechnicianId, VisitId};
use crate::materials::Material;
use crate::technicians::protocol::{Span, Technician};

/// People that one job may need at most.
pub const CREW_MAX: u8 = 6;

/// An assistant as read.
#[derive(Clone, Debug)]
pub struct Hand {
    /// Who.
    pub technician: Technician,
    /// Version of the technician that must still hold.
    pub version: i64,
    /// Their shifts around that time, absences not taken out.
    pub shifts: Vec<Span>,
}

/// Whoever and whatever goes along.
#[derive(Clone, Debug, Default)]
pub struct Crew {
    /// Assistants, in the order in which they are named.
    pub assistants: Vec<Hand>,
    /// Materials.
    pub materials: Vec<Thing>,
}

/// A material as read.
#[derive(Clone, Debug)]
pub struct Thing {
    /// What.
    pub material: Material,
    /// Version of the material that must still hold.
    pub version: i64,
}

impl Visit {
    /// Everybody and everything whose time the visit takes, the lead first.
    pub fn holders(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.technician_id.as_str()).chain(self.beside())
    }

    /// Assistants and materials.
    pub fn beside(&self) -> impl Iterator<Item = &str> {
        let people = self.assistants.iter().map(TechnicianId::as_str);
        people.chain(self.materials.iter().map(MaterialId::as_str))
    }

    /// The lead and the assistants.
    pub fn people(&self) -> impl Iterator<Item = &TechnicianId> {
        std::iter::once(&self.technician_id).chain(&self.assistants)
    }

    /// The assistants, were `lead` to lead. Whoever was an assistant and leads from now on changes places with the one who
    /// led: the crew is the same people.
    pub fn assistants_beside(&self, lead: &str) -> Vec<TechnicianId> {
        let is_lead = |id: &TechnicianId| id.as_str() == lead;
        let beside = self.assistants.iter().map(|id| match is_lead(id) {
            true => self.technician_id.clone(),
            false => id.clone(),
        });
        beside.collect()
    }

    /// Whether this technician goes there, as lead or as assistant.
    pub fn is_with(&self, technician: &TechnicianId) -> bool {
        self.people().any(|id| id == technician)
    }

    /// Whether it takes anybody's or anything's time beside its lead's.
    pub fn is_crewed(&self) -> bool {
        !self.assistants.is_empty() || !self.materials.is_empty()
    }
}

/// Everybody who goes, before or after, each once.
pub fn everybody<'a>(visits: &[&'a Visit]) -> Vec<&'a TechnicianId> {
    let mut all: Vec<&TechnicianId> = Vec::new();
    for id in visits.iter().flat_map(|visit| visit.people()) {
        if !all.contains(&id) {
            all.push(id);
        }
    }
    all
}

/// Refuses where an assistant cannot be there for all of it; names the one in the way. Assistants need no skills. Answers
/// which rules were overridden for them.
pub(super) fn judged(
    board: &Board,
    placement: &Placement,
    span: &Span,
    others: &[&Visit],
) -> Result<Vec<String>, BoardRefusal> {
    let mut overridden = Vec::new();
    for hand in &placement.crew.assistants {
        let who = &hand.technician;
        let mut job = placement.job.clone();
        job.skills.clear();
        for rule in violations(board, &job, who, &hand.shifts, span) {
            let word = rule.rule();
            if !placement.overrides.iter().any(|known| known == word) {
                return Err(refusal(board, &rule, &job, &who.name));
            }
            overridden.push(word.to_owned());
        }
        free(board, placement, who, span, others)?;
    }
    for thing in &placement.crew.materials {
        usable(board, placement, &thing.material, span, others)?;
    }
    Ok(overridden)
}

/// Refuses where a technician has another visit then, or the time is kept for somebody else.
pub(super) fn free(
    board: &Board,
    placement: &Placement,
    who: &Technician,
    span: &Span,
    others: &[&Visit],
) -> Result<(), BoardRefusal> {
    let job = &placement.job.id;
    if let Some(other) = overlapping(others.iter().copied(), job, who.id.as_str(), span) {
        return Err(overlap(board, &who.name, other));
    }
    let named = placement.hold_id.as_ref();
    if let Some(hold) = holds::in_the_way(board, job, named, &who.id, span) {
        let (from, to) =
            (super::decide::clock(board, hold.start), super::decide::clock(board, hold.end));
        let (name, by) = (who.name.clone(), hold.by.clone());
        return Err(BoardRefusal::Held { name, by, from, to });
    }
    Ok(())
}

/// Refuses where a material is out of service, or elsewhere then.
fn usable(
    board: &Board,
    placement: &Placement,
    material: &Material,
    span: &Span,
    others: &[&Visit],
) -> Result<(), BoardRefusal> {
    let name = material.name.clone();
    if !material.is_usable(span) {
        return Err(BoardRefusal::MaterialOut { name });
    }
    let (job, holder) = (&placement.job.id, material.id.as_str());
    match overlapping(others.iter().copied(), job, holder, span) {
        Some(other) => Err(BoardRefusal::MaterialTaken {
            name,
            visit_id: VisitId::from_text(other.id.as_str()),
            from: super::decide::clock(board, other.start),
            to: super::decide::clock(board, other.end),
        }),
        None => Ok(()),
    }
}

/// The ids of materials that the visit bears.
pub(super) fn materials(placement: &Placement) -> Vec<MaterialId> {
    placement.crew.materials.iter().map(|thing| thing.material.id.clone()).collect()
}

/// The ids that the visit bears.
pub(super) fn assistants(placement: &Placement) -> Vec<TechnicianId> {
    placement.crew.assistants.iter().map(|hand| hand.technician.id.clone()).collect()
}

/// The decision, which rests on what was read of everybody who goes along.
pub(super) fn expecting(decision: Decision, crew: &Crew) -> Decision {
    let people = crew.assistants.iter().map(|hand| (hand.technician.id.key(), hand.version));
    let things = crew.materials.iter().map(|thing| (thing.material.id.key(), thing.version));
    people.chain(things).fold(decision, |decision, (entity, version)| {
        decision.expecting(Expect { entity, version })
    })
}

/// The same among some visits.
pub(super) fn among<'a>(
    mut visits: impl Iterator<Item = &'a Visit>,
    but: &JobId,
    visit: &Visit,
) -> Option<&'a Visit> {
    visits.find(|other| {
        other.job_id != *but
            && other.span().overlaps(&visit.span())
            && visit.holders().any(|one| other.holders().any(|two| one == two))
    })
}

/// Another visit that takes the time of anybody or anything that `visit` takes.
pub(super) fn in_the_way<'a>(board: &'a Board, but: &JobId, visit: &Visit) -> Option<&'a Visit> {
    visit
        .holders()
        .find_map(|holder| overlapping(board.visits.values(), but, holder, &visit.span()))
}
