//! Time away, as a technician takes it: reported, moved, ended early. The rules that an absence obeys stand here once, for the
//! technician's own actor and for the board, which may write an absence down together with what becomes of the visits.
//! Frees no visit and tells nobody.

use crate::ids::{AbsenceId, TechnicianId};
use crate::technicians::protocol::{Absence, Technician, TechnicianEvent, TechnicianRefusal};

impl Technician {
    /// The absence as an event. With `replaces` it takes that one's place and keeps its id. `with_visits`: what becomes of the
    /// visits is written down in the same commit.
    ///
    /// # Errors
    /// An absence that ends before it starts, one over another, one that there is not.
    pub fn leaves(
        &self,
        absence: &Absence,
        replaces: Option<&AbsenceId>,
        with_visits: bool,
    ) -> Result<TechnicianEvent, TechnicianRefusal> {
        if absence.end <= absence.start {
            return Err(TechnicianRefusal::AbsenceUpsideDown);
        }
        let before = replaces.map(|id| {
            let known = self.absences.iter().find(|known| known.id == *id);
            known.cloned().ok_or(TechnicianRefusal::NoSuchAbsence)
        });
        let before = before.transpose()?;
        let mut technician = Box::new(self.clone());
        technician.absences.retain(|known| Some(&known.id) != replaces);
        let span = absence.span();
        if technician.absences.iter().any(|other| other.span().overlaps(&span)) {
            return Err(TechnicianRefusal::AwayAlready);
        }
        let id = replaces.unwrap_or(&absence.id).clone();
        let absence = Absence { id, ..absence.clone() };
        technician.absences.push(absence.clone());
        technician.absences.sort_by_key(|absence| absence.start);
        Ok(match before {
            Some(before) => {
                TechnicianEvent::AbsenceChanged { technician, before, absence, with_visits }
            }
            None => TechnicianEvent::AbsenceReported { technician, absence, with_visits },
        })
    }
}

impl TechnicianEvent {
    /// Whose data it changes; none for what is of one day.
    pub fn whose(&self) -> Option<&TechnicianId> {
        match self {
            Self::TechnicianHired { after } | Self::TechnicianChanged { after, .. } => {
                Some(&after.id)
            }
            Self::TechnicianUnhired { technician }
            | Self::AbsenceReported { technician, .. }
            | Self::AbsenceChanged { technician, .. }
            | Self::AbsenceEnded { technician, .. }
            | Self::CalendarAdded { technician, .. }
            | Self::CalendarRemoved { technician, .. }
            | Self::CalendarRead { technician, .. } => Some(&technician.id),
            Self::RouteEtasChanged { .. } | Self::TechnicianArrived { .. } => None,
        }
    }
}
