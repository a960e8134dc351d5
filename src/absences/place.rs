//! One day of an absence: the best place for each visit that it hits, or the one a person chose. Works on a snapshot, changes nothing.

use std::collections::{BTreeSet, HashSet};

use actors::board::{protocol::Reasons, snapshot::span as seconds};
use actors::ids::VisitId;
use actors::jobs::protocol::Job;
use actors::technicians::protocol::{Span, Technician};
use jiff::Timestamp;
use scheduler::day::{DayTechnician, Obstacle, Stop, Wanted};
use scheduler::rank::{Offer, Search, slot_for, suggest};
use scheduler::rules::allows;

use super::compute::{Computed, Hit, add};
use super::kept::Asked;
use super::wire::{AbsenceHit, Choice, TakenOver};
use crate::board::day::{drafted, told};
use crate::board::plan::{Snapshot, reasons, words};
use crate::bundles::together::{as_one, turns};
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::Standing;
use crate::notifications::draft::Imagined;
use crate::whatif::fork::{Put, imagined, lay};

/// Places that are looked at where no window can be kept.
const PLACES_MAX: usize = 200;

/// One day of the absence.
pub(super) struct Day<'a> {
    /// Where.
    pub house: &'a House,
    /// What was asked for.
    pub asked: &'a Asked,
    /// The day as it stands.
    pub snapshot: Snapshot,
    /// What the absence hits on it.
    pub hits: Vec<Hit>,
}

/// What one job comes to.
struct Placed {
    to: Option<(String, Timestamp)>,
    breaks: bool,
    reasons: Reasons,
}

/// A place that was found: who, when in Unix seconds, and why.
pub(super) type Found = (String, i64, Reasons);

impl Day<'_> {
    /// Places what is hit, adds up what the day comes to, and names every change.
    pub fn work_out(
        mut self,
        all: &mut Computed,
        changes: &mut Vec<(String, Option<Imagined>)>,
    ) -> Result<(), Problem> {
        add(&mut all.before, &self.snapshot, self.house);
        // Who leads a visit that they only go along to still goes.
        let leads = self.hits.iter().filter(|hit| !hit.helps);
        let hit: HashSet<&str> = leads.map(|hit| hit.job.id.as_str()).collect();
        self.snapshot.drafts.retain(|entry| {
            entry.visit.technician_id != self.asked.technician_id
                || !hit.contains(entry.visit.job_id.as_str())
        });
        let mut crew = self.snapshot.day.clone();
        drafted(&self.snapshot, &mut crew);
        self.away(&mut crew, &all.known.technician);
        for who in &mut crew {
            who.stops.retain(|stop| !hit.contains(&*stop.job_id));
        }
        let (mut shown, mut standings) = (Vec::new(), Vec::new());
        let mut done: HashSet<usize> = HashSet::new();
        for index in self.order() {
            if done.contains(&index) {
                continue;
            }
            let stop = self.stop(index);
            let hits: Vec<&Hit> = stop.iter().map(|at| &self.hits[*at]).collect();
            let jobs: Vec<Standing> = hits.iter().map(|hit| self.standing(hit)).collect();
            let placed = self.placed(&hits, &jobs, &mut crew)?;
            for ((hit, standing), placed) in hits.iter().zip(&jobs).zip(placed) {
                shown.push(self.shown(hit, standing, placed));
            }
            standings.extend(jobs);
            done.extend(stop);
        }
        shown.sort_by_key(|one| one.start);
        self.lay(&shown, changes);
        add(&mut all.after, &self.snapshot, self.house);
        all.hits.extend(shown);
        all.standings.extend(standings);
        all.days.push(self.snapshot);
        Ok(())
    }

    /// The technician is away, and no longer as before where the absence takes another's place.
    fn away(&self, crew: &mut [DayTechnician], technician: &Technician) {
        let id = self.asked.technician_id.as_str();
        let Some(who) = crew.iter_mut().find(|who| &*who.id == id) else { return };
        let replaced = self.asked.replaces.as_ref();
        let old = technician.absences.iter().find(|known| Some(&known.id) == replaced);
        if let Some(old) = old {
            who.absences.retain(|absence| absence.span != seconds(&old.span()));
        }
        let span = Span { start: self.asked.start, end: self.asked.end };
        who.absences.push(scheduler::day::Absence {
            span: seconds(&span),
            reason: None,
            busy: false,
        });
    }

    /// What a person chose comes first, then the house rule's order: priority, window, id.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.hits.len()).collect();
        order.sort_by_key(|index| {
            let job = &self.hits[*index].job;
            let chosen = matches!(
                self.asked.choices.get(job.id.as_str()),
                Some(Choice::Technician { .. } | Choice::Pool | Choice::Short)
            );
            let priority = std::cmp::Reverse(self.snapshot.wanted(job).priority);
            let window = self.window(job).map(|window| window.start_s);
            (!chosen, priority, window.is_none(), window, job.id.clone())
        });
        order
    }

    /// What was told, else what was agreed.
    fn window(&self, job: &Job) -> Option<scheduler::day::Span> {
        let promise = self.snapshot.promises.get(job.id.as_str()).map(told);
        promise.or(job.arrival_window.as_ref().map(seconds))
    }

    fn standing(&self, hit: &Hit) -> Standing {
        let known = self.snapshot.jobs.iter().find(|one| one.job.id == hit.job.id);
        let drafted = hit.draft.as_ref().map(|(_, standing)| standing);
        known.or(drafted).cloned().unwrap_or_else(|| Standing {
            job: hit.job.clone(),
            status: actors::jobs::protocol::JobStatus::Planned,
            visit: Some(hit.visit.clone()),
            eta: None,
            version: 0,
        })
    }

    /// A hit with the rest of its stop, in time: they go together.
    fn stop(&self, index: usize) -> Vec<usize> {
        let hit = &self.hits[index];
        let is_mate = |at: &usize| {
            let other = &self.hits[*at];
            let same_draft = other.draft.is_some() == hit.draft.is_some();
            *at == index || (hit.bundle.is_some() && other.bundle == hit.bundle && same_draft)
        };
        let mut stop: Vec<usize> = (0..self.hits.len()).filter(is_mate).collect();
        stop.sort_by_key(|at| self.hits[*at].visit.start);
        stop
    }

    /// Where a stop goes: one visit as a rule, those of a bundle one behind the other.
    fn placed(
        &self,
        hits: &[&Hit],
        standings: &[Standing],
        crew: &mut [DayTechnician],
    ) -> Result<Vec<Placed>, Problem> {
        let first = hits.first().ok_or_else(Problem::internal)?;
        let all: Vec<Wanted> = standings.iter().map(|one| self.snapshot.wanted(&one.job)).collect();
        let whole = as_one(&all).ok_or_else(Problem::internal)?;
        let job = Wanted { window: self.window(&first.job), ..whole };
        let choice = { hits.iter() }.find_map(|hit| self.asked.choices.get(hit.job.id.as_str()));
        let found = match choice {
            _ if first.helps => self.helper(first, &job, choice, crew)?,
            Some(Choice::Pool | Choice::Short) => Err(said("Choisi à la main.", "Chosen by hand.")),
            Some(Choice::Technician { technician_id, start }) => {
                Ok(self.chosen(&job, technician_id, *start, crew)?)
            }
            _ => self.proposed(first, &job, crew),
        };
        let breaks = |hit: &Hit, start: Option<Timestamp>| {
            let kept = |told: scheduler::day::Span| {
                start.is_some_and(|at| (told.start_s..=told.end_s).contains(&at.as_second()))
            };
            !hit.helps && self.window(&hit.job).is_some_and(|told| !kept(told))
        };
        let (id, start_s, reasons) = match found {
            Ok(found) => found,
            Err(reasons) => {
                let none = |hit: &&Hit| Placed {
                    to: None,
                    breaks: breaks(hit, None),
                    reasons: reasons.clone(),
                };
                return Ok(hits.iter().map(none).collect());
            }
        };
        if let Some(who) = crew.iter_mut().find(|who| *who.id == *id) {
            who.stops.push(Stop {
                visit_id: job.id.clone(),
                job_id: job.id.clone(),
                point: job.point,
                start_s,
                end_s: start_s + job.duration_s(),
            });
        }
        let start = Timestamp::from_second(start_s).map_err(|_| Problem::internal())?;
        let turns = turns(standings.iter().map(|one| &one.job), start);
        Ok(hits
            .iter()
            .zip(turns)
            .map(|(hit, (_, start))| Placed {
                to: Some((id.clone(), start)),
                breaks: breaks(hit, Some(start)),
                reasons: reasons.clone(),
            })
            .collect())
    }

    /// The best place of the day: in the window that was told or agreed, else as soon as may be, else none.
    fn proposed(&self, hit: &Hit, job: &Wanted, crew: &[DayTechnician]) -> Result<Found, Reasons> {
        if self.snapshot.is_linked(&hit.job) {
            return Err(said(
                "D'autres interventions en dépendent, ou l'inverse : placez-la à la main.",
                "Other jobs depend on it, or the other way round: place it by hand.",
            ));
        }
        let elsewhere = self.snapshot.drafts.iter().find(|one| one.visit.job_id == hit.job.id);
        if let (None, Some(entry)) = (&hit.draft, elsewhere) {
            let draft = &entry.draft;
            return Err(said(
                &format!("L'ébauche « {draft} » le place déjà ailleurs."),
                &format!("Draft “{draft}” places it elsewhere already."),
            ));
        }
        let search = Search {
            range: seconds(&self.snapshot.range),
            now_s: self.snapshot.now.as_second(),
            limit: 1,
        };
        let words = words(self.house, self.snapshot.range.start);
        // A crew keeps its hour, and nobody of it changes places: another lead for the same people.
        let with_crew = hit.visit.is_crewed();
        let start_s = hit.visit.start.as_second();
        let hour = with_crew.then(|| scheduler::day::Span::new(start_s, start_s));
        let job = &Wanted { window: hour.or(job.window), ..job.clone() };
        let helps = |id: &str| hit.visit.assistants.iter().any(|other| other.as_str() == id);
        let crew: Vec<DayTechnician> = crew.iter().filter(|who| !helps(&who.id)).cloned().collect();
        let first = suggest(job, &crew, search, &self.house.knowledge);
        let found = first.offers.into_iter().next().or_else(|| {
            if with_crew {
                return None;
            }
            let any = Wanted { window: None, ..job.clone() };
            let wide = Search { limit: PLACES_MAX, ..search };
            let offers = suggest(&any, &crew, wide, &self.house.knowledge).offers.into_iter();
            offers.min_by(|a, b| {
                let key = |one: &Offer| (one.slot.start_s, one.technician_id.clone());
                key(a).cmp(&key(b))
            })
        });
        let Some(found) = found else {
            return Err(reasons(words.unassigned(job, &first.not_possible)));
        };
        let who = crew.iter().find(|who| who.id == found.technician_id);
        let why = who.map(|who| words.chosen(job, who, found.slot, &[])).unwrap_or_default();
        Ok((found.technician_id.to_string(), found.slot.start_s, reasons(why)))
    }

    /// Where a person wants it.
    pub(super) fn chosen(
        &self,
        job: &Wanted,
        id: &str,
        start: Option<Timestamp>,
        crew: &[DayTechnician],
    ) -> Result<Found, Problem> {
        let who = crew.iter().find(|who| *who.id == *id).ok_or_else(|| {
            let why = "There is no such technician.";
            Problem::not_found("technician").pointer("/choices/0/choice/technician_id", why)
        })?;
        let words = words(self.house, self.snapshot.range.start);
        let refuse = |obstacles: &[Obstacle]| {
            let why = reasons(words.obstacles(obstacles));
            let (fr, en) = (why.fr.join(" "), why.en.join(" "));
            let name = &who.name;
            crate::refusals::invalid(
                "absences.refused",
                &format!("{name} : {fr}"),
                &format!("{name}: {en}"),
            )
            .pointer("/choices/0/choice/technician_id", "refused")
        };
        let by_hand = said("Choisi à la main.", "Chosen by hand.");
        if let Some(start) = start {
            let end_s = start.as_second() + job.duration_s();
            let broken = allows(job, who, start.as_second(), end_s);
            let obstacles: Vec<Obstacle> = broken.into_iter().map(Obstacle::Rule).collect();
            if !obstacles.is_empty() {
                return Err(refuse(&obstacles));
            }
            return Ok((id.to_owned(), start.as_second(), by_hand));
        }
        let search = Search {
            range: seconds(&self.snapshot.range),
            now_s: self.snapshot.now.as_second(),
            limit: 1,
        };
        let any = Wanted { window: None, ..job.clone() };
        let slot = slot_for(job, who, search, &self.house.knowledge)
            .or_else(|_| slot_for(&any, who, search, &self.house.knowledge))
            .map_err(|obstacles| refuse(&obstacles))?;
        let why = words.chosen(job, who, slot, &[]);
        Ok((id.to_owned(), slot.start_s, reasons(why)))
    }

    fn shown(&self, hit: &Hit, standing: &Standing, placed: Placed) -> AbsenceHit {
        let promise = self.snapshot.promises.get(hit.job.id.as_str());
        let lasts = jiff::SignedDuration::from_mins(standing.job.duration_min);
        let mut why = placed.reasons;
        if let Some((id, start)) = &placed.to
            && let Some((known, _)) = self.snapshot.technician(id)
        {
            let span = Span { start: *start, end: *start + lasts };
            why = crate::calendars::outside::told(self.house, &known.technician, &span, why);
        }
        AbsenceHit {
            job_id: hit.job.id.to_string(),
            title: standing.job.title.clone(),
            customer_name: standing.job.customer_name.clone(),
            draft: hit.draft.as_ref().map(|(entry, _)| entry.draft.to_string()),
            drops: hit.doubled.as_deref().map(str::to_owned),
            start: hit.visit.start,
            end: hit.visit.end,
            told: promise.map(actors::notifications::protocol::Promise::span),
            helps: hit.helps,
            lead: { self.snapshot.technician(hit.visit.technician_id.as_str()) }
                .filter(|_| hit.helps)
                .map(|(known, _)| known.technician.name.clone()),
            bundle: hit.bundle.as_ref().map(|id| id.to_string()),
            choice: self
                .asked
                .choices
                .get(hit.job.id.as_str())
                .cloned()
                .unwrap_or(Choice::Proposal),
            to: placed.to.map(|(id, start)| {
                let known = self.snapshot.technician(&id);
                let name = known.map(|(known, _)| known.technician.name.clone());
                let technician_name = name.unwrap_or_default();
                TakenOver { technician_id: id, technician_name, start, end: start + lasts }
            }),
            breaks: placed.breaks,
            reasons: why,
            version: standing.version,
        }
    }

    /// Lays the result over the day. Nothing is told of a draft.
    fn lay(&mut self, shown: &[AbsenceHit], changes: &mut Vec<(String, Option<Imagined>)>) {
        let taken_off: BTreeSet<String> = { self.hits.iter() }
            .filter(|hit| hit.draft.is_none())
            .map(|hit| hit.job.id.to_string())
            .collect();
        for one in shown.iter().filter(|one| taken_off.contains(&one.job_id)) {
            let to = one.to.as_ref();
            let hit = self.hits.iter().find(|hit| hit.job.id.as_str() == one.job_id);
            let jobs = &self.snapshot.jobs;
            let at = jobs.iter().position(|job| job.job.id.as_str() == one.job_id);
            let (Some(hit), Some(at)) = (hit, at) else { continue };
            if hit.helps {
                let visit = hit.visit.clone();
                let then = self.lay_helped(&visit, at, to);
                changes.extend(then.map(|then| (one.job_id.clone(), Some(then))));
                continue;
            }
            let put = Put {
                job_id: one.job_id.clone(),
                version: one.version,
                to: to.map(|to| (to.technician_id.clone(), to.start)),
                pinned: hit.visit.pinned,
            };
            let then = to.and_then(|to| {
                let (known, _) = self.snapshot.technician(&to.technician_id)?;
                let id = VisitId::from_text(hit.visit.id.as_str());
                let job = &self.snapshot.jobs[at].job;
                let mut visit = imagined(id, job, &to.technician_id, to.start, hit.visit.pinned);
                visit.assistants = hit.visit.assistants_beside(&to.technician_id);
                visit.materials = hit.visit.materials.clone();
                Some(Imagined { visit, technician: known.technician.clone() })
            });
            changes.push((one.job_id.clone(), then));
            lay(self.house, &mut self.snapshot, at, &put);
        }
    }
}

pub(super) fn said(fr: &str, en: &str) -> Reasons {
    Reasons { fr: vec![fr.to_owned()], en: vec![en.to_owned()] }
}
