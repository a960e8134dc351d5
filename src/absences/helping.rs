//! A visit that somebody who is away only goes along to: it stands, at its hour and with its lead. Who could go along instead, and
//! what the day comes to then; where nobody can, it goes short of one, and the plan says so.

use actors::board::protocol::{Reasons, Visit};
use actors::board::snapshot::{span as seconds, stop};
use actors::ids::TechnicianId;
use scheduler::day::{DayTechnician, Span, Wanted};
use scheduler::rank::{Search, suggest};

use super::compute::Hit;
use super::place::{Day, Found, said};
use super::wire::{Choice, TakenOver};
use crate::board::plan::{reasons, words};
use crate::error::Problem;
use crate::notifications::draft::Imagined;

/// The visit without somebody, and with another in their place where there is one.
pub fn instead(visit: &Visit, away: &TechnicianId, other: Option<&str>) -> Visit {
    let mut after = visit.clone();
    after.assistants.retain(|id| id != away);
    let place = visit.assistants.iter().position(|id| id == away);
    if let (Some(at), Some(other)) = (place, other) {
        after.assistants.insert(at.min(after.assistants.len()), TechnicianId::from_text(other));
    }
    after
}

impl Day<'_> {
    /// Who goes along instead at the hour of `job`'s window, or why nobody.
    ///
    /// # Errors
    /// 404 and 422 for somebody chosen who cannot.
    pub(super) fn helper(
        &self,
        hit: &Hit,
        job: &Wanted,
        choice: Option<&Choice>,
        crew: &[DayTechnician],
    ) -> Result<Result<Found, Reasons>, Problem> {
        // They need no skills, and no window but the visit's own hour.
        let start_s = hit.visit.start.as_second();
        let window = Some(Span::new(start_s, start_s));
        let job = &Wanted { skills: Vec::new(), window, ..job.clone() };
        let goes = |who: &&DayTechnician| hit.visit.people().all(|id| id.as_str() != &*who.id);
        let others: Vec<DayTechnician> = crew.iter().filter(goes).cloned().collect();
        match choice {
            Some(Choice::Short | Choice::Pool) => {
                return Ok(Err(said(
                    "Choisi à la main : la visite se fait avec une personne de moins.",
                    "Chosen by hand: the visit goes with one person fewer.",
                )));
            }
            Some(Choice::Technician { technician_id, .. }) => {
                let start = Some(hit.visit.start);
                return Ok(Ok(self.chosen(job, technician_id, start, &others)?));
            }
            Some(Choice::Proposal) | None => {}
        }
        let search = Search {
            range: seconds(&self.snapshot.range),
            now_s: self.snapshot.now.as_second(),
            limit: 1,
        };
        let found = suggest(job, &others, search, &self.house.knowledge).offers.into_iter().next();
        let Some(found) = found else {
            return Ok(Err(said(
                "Personne d'autre n'est libre à cette heure : la visite se fait avec une personne de moins.",
                "Nobody else is free at that hour: the visit goes with one person fewer.",
            )));
        };
        let words = words(self.house, self.snapshot.range.start);
        let who = others.iter().find(|who| who.id == found.technician_id);
        let why = who.map(|who| words.chosen(job, who, found.slot, &[])).unwrap_or_default();
        Ok(Ok((found.technician_id.to_string(), found.slot.start_s, reasons(why))))
    }

    /// Lays a visit over the day with another assistant, or without one. Answers the visit as it would be.
    pub(super) fn lay_helped(
        &mut self,
        visit: &Visit,
        at: usize,
        to: Option<&TakenOver>,
    ) -> Option<Imagined> {
        let other = to.map(|to| to.technician_id.as_str());
        let after = instead(visit, &self.asked.technician_id, other);
        for who in &mut self.snapshot.day {
            who.stops.retain(|stop| *stop.job_id != *after.job_id.as_str());
            if after.people().any(|id| id.as_str() == &*who.id) {
                who.stops.push(stop(&after));
            }
        }
        self.snapshot.jobs.get_mut(at)?.visit = Some(after.clone());
        let (known, _) = self.snapshot.technician(after.technician_id.as_str())?;
        Some(Imagined { visit: after, technician: known.technician.clone() })
    }
}
