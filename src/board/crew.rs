//! The crew of a placement: who goes along with a visit as it stands, or as it is asked for. Reads what the board must know
//! of them; the board decides.

use std::collections::HashMap;

use actors::board::crew::{Crew, Hand, Thing};
use actors::board::protocol::{DraftEntry, Reasons, Visit};
use actors::ids::{BundleId, JobId, MaterialId, TechnicianId};
use actors::materials::MATERIALS_MAX;
use actors::technicians::protocol::Span;
use scheduler::day::Wanted;
use scheduler::rank::{Offer, Search, Suggestions, suggest};
use scheduler::rules::allows;

use crate::board::plan::{Snapshot, shifts_in};
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;
use crate::journal::database::{Moment, ReadError};
use crate::kept::store::all;
use crate::materials::store::KnownMaterial;
use crate::technicians::store::Known;

/// Slots that one answer holds at most.
pub const SLOTS_MAX: usize = 200;
/// Assistants that one visit may have.
pub const ASSISTANTS_MAX: usize = actors::board::crew::CREW_MAX as usize - 1;

/// Whoever goes along with open visits of these jobs, lead and assistants, and is not in `known`.
///
/// # Errors
/// When the database cannot be read.
pub async fn hands(
    moment: &mut Moment,
    jobs: &[Standing],
    known: &[Known],
) -> Result<Vec<Known>, ReadError> {
    let visits = jobs.iter().filter_map(|job| job.visit.as_ref());
    let crewed = visits.filter(|visit| visit.is_crewed()).flat_map(Visit::people);
    let mut hands: Vec<Known> = Vec::new();
    for id in crewed {
        let is = |one: &&Known| one.technician.id == *id;
        if known.iter().chain(&hands).find(is).is_none() {
            hands.extend(crate::technicians::store::one(moment, id.as_str()).await?);
        }
    }
    Ok(hands)
}

/// All materials, where an open visit of these jobs or one of these drafts takes some along.
///
/// # Errors
/// When the database cannot be read.
pub async fn materials(
    moment: &mut Moment,
    jobs: &[Standing],
    drafts: &[DraftEntry],
) -> Result<Vec<KnownMaterial>, ReadError> {
    let stand = jobs.iter().filter_map(|job| job.visit.as_ref());
    let mut visits = stand.chain(drafts.iter().map(|entry| &entry.visit));
    if visits.any(|visit| !visit.materials.is_empty()) {
        return all(moment).await;
    }
    Ok(Vec::new())
}

/// Whoever and whatever goes along with these jobs, and which jobs are one stop with others.
///
/// # Errors
/// When the database cannot be read.
pub async fn company(
    moment: &mut Moment,
    jobs: &[Standing],
    drafts: &[DraftEntry],
    known: &[Known],
) -> Result<(Vec<Known>, Vec<KnownMaterial>, HashMap<JobId, BundleId>), ReadError> {
    let hands = hands(moment, jobs, known).await?;
    let materials = materials(moment, jobs, drafts).await?;
    let bundled = crate::bundles::store::members(moment).await?;
    Ok((hands, materials, bundled))
}

impl Snapshot {
    /// Anybody the snapshot knows, whether their day was asked about or they only go along.
    fn hand(&self, house: &House, id: &str, around: Span) -> Option<Hand> {
        let all = self.technicians.iter().chain(&self.hands);
        let known = { all }.find(|known| known.technician.id.as_str() == id)?;
        let shifts = self.shifts.get(id).cloned();
        Some(Hand {
            technician: known.technician.clone(),
            version: known.version,
            shifts: shifts.unwrap_or_else(|| shifts_in(house, &known.technician, around)),
        })
    }

    /// The crew that `visit` has, were `lead` to lead.
    pub fn crew(&self, house: &House, lead: &str, visit: Option<&Visit>) -> Crew {
        let Some(visit) = visit.filter(|visit| visit.is_crewed()) else { return Crew::default() };
        let beside = visit.assistants_beside(lead);
        let hands = beside.iter().filter_map(|id| self.hand(house, id.as_str(), self.range));
        let things = visit.materials.iter().filter_map(|id| self.thing(id.as_str()));
        Crew { assistants: hands.collect(), materials: things.collect() }
    }

    /// The assistants that are asked for.
    ///
    /// # Errors
    /// 404 for unknown people, 422 for too many, the lead among them, or somebody twice.
    pub async fn wished(
        &mut self,
        house: &House,
        lead: &str,
        asked: &[String],
    ) -> Result<Vec<Hand>, Problem> {
        if asked.len() > ASSISTANTS_MAX {
            let words = format!("{ASSISTANTS_MAX} assistants at most.");
            return Err(Problem::invalid("/assistants", words));
        }
        let mut hands: Vec<Hand> = Vec::with_capacity(asked.len());
        for (index, id) in asked.iter().enumerate() {
            let pointer = format!("/assistants/{index}");
            let is = |known: &&Known| known.technician.id.as_str() == id;
            if self.technicians.iter().chain(&self.hands).find(is).is_none() {
                let mut moment = house.moment().await?;
                let found = crate::technicians::store::one(&mut moment, id).await?;
                let why = "There is no such technician.";
                let known =
                    found.ok_or_else(|| Problem::not_found("technician").pointer(&pointer, why))?;
                self.hands.push(known);
            }
            let hand = self.hand(house, id, self.range).ok_or_else(Problem::internal)?;
            let twice = hands.iter().any(|one| one.technician.id == hand.technician.id);
            if twice || hand.technician.id.as_str() == lead {
                return Err(Problem::invalid(pointer, "Each goes once, and the lead leads."));
            }
            hands.push(hand);
        }
        Ok(hands)
    }

    fn thing(&self, id: &str) -> Option<Thing> {
        let known = self.materials.iter().find(|known| known.thing.id.as_str() == id)?;
        Some(Thing { material: known.thing.clone(), version: known.version })
    }

    /// The materials that are asked for.
    ///
    /// # Errors
    /// 404 for unknown ones, 422 for too many, or one twice.
    pub async fn wished_materials(
        &mut self,
        house: &House,
        asked: &[String],
    ) -> Result<Vec<Thing>, Problem> {
        crate::input::at_most(asked, MATERIALS_MAX, "/materials")?;
        if self.materials.is_empty() && !asked.is_empty() {
            self.materials = all(&mut *house.moment().await?).await?;
        }
        let mut things: Vec<Thing> = Vec::with_capacity(asked.len());
        for (index, id) in asked.iter().enumerate() {
            let pointer = format!("/materials/{index}");
            let why = "There is no such material.";
            let thing = self
                .thing(id)
                .ok_or_else(|| Problem::not_found("material").pointer(&pointer, why))?;
            if things.iter().any(|one| one.material.id == thing.material.id) {
                return Err(Problem::invalid(pointer, "Each is taken along once."));
            }
            things.push(thing);
        }
        Ok(things)
    }

    /// Why a job is placed by hands alone; none where the house rule may place it.
    pub fn by_hand(&self, standing: &Standing) -> Option<Reasons> {
        let say =
            |fr: &str, en: &str| Some(Reasons { fr: vec![fr.to_owned()], en: vec![en.to_owned()] });
        if self.is_linked(&standing.job) {
            return say(
                "Cette intervention en attend une autre, ou une autre l'attend : placez-la à la main.",
                "This job waits for another, or another for it: place it by hand.",
            );
        }
        if self.bundled.contains_key(&standing.job.id) {
            return say(
                "Cette intervention fait partie d'un groupe : placez-la à la main.",
                "This job is of a bundle: place that by hand.",
            );
        }
        if standing.job.crew_size > 1 {
            return say(
                "Cette intervention demande plusieurs personnes : placez-la à la main.",
                "This job needs several people: place it by hand.",
            );
        }
        None
    }

    /// Where a job could go: with `visit`, where everybody who goes along with it is free as well.
    pub fn slots(&self, wanted: &Wanted, visit: Option<&Visit>, search: Search) -> Suggestions {
        let find = |search| suggest(wanted, &self.day, search, &self.knowledge);
        let Some(visit) = visit else { return find(search) };
        // More is looked at than is shown.
        let mut found = find(Search { limit: SLOTS_MAX, ..search });
        found.offers.retain(|offer| self.is_free_for(visit, wanted, offer));
        found.offers.truncate(search.limit);
        found
    }

    /// Whether everybody who goes along with `visit` is free for this slot.
    fn is_free_for(&self, visit: &Visit, wanted: &Wanted, offer: &Offer) -> bool {
        let alone = Wanted { skills: Vec::new(), ..wanted.clone() };
        visit.assistants_beside(&offer.technician_id).iter().all(|id| {
            self.day.iter().find(|who| *who.id == *id.as_str()).is_none_or(|who| {
                allows(&alone, who, offer.slot.start_s, offer.slot.end_s).is_empty()
            })
        })
    }

    /// When a technician's time is taken beside the visits that they lead: nothing that is planned anew may go there.
    pub fn is_crewed(&self, standing: &Standing) -> bool {
        let open = standing.visit.as_ref().filter(|visit| visit.status.is_open());
        standing.job.crew_size > 1
            || self.bundled.contains_key(&standing.job.id)
            || open.is_some_and(Visit::is_crewed)
    }
}

/// Ids as they stand in a visit.
pub fn ids(crew: &Crew) -> Vec<TechnicianId> {
    crew.assistants.iter().map(|hand| hand.technician.id.clone()).collect()
}

/// Ids of materials as they stand in a visit.
pub fn material_ids(crew: &Crew) -> Vec<MaterialId> {
    crew.materials.iter().map(|thing| thing.material.id.clone()).collect()
}
