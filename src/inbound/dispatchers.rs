//! A dispatcher on call, by text: who could take a job, and to send one of them. The list is the scorer's that the board and
//! the API ask; sending is the board's own assignment, with the version that was told, by that account. Whoever else
//! writes the same words is answered by a person.

use std::sync::Arc;

use actors::auth::protocol::User;
use actors::board::protocol::BoardEvent;
use actors::conversations::protocol::{Consent, Incoming, MessageKind, Suggested, SuggestedSlot};
use actors::engine::journal::{Inbox, Journal, Recorded, Seq, Since};
use actors::engine::refusal::Language;
use actors::engine::shell::Circumstances;
use actors::event::Event;
use actors::ids::{ConversationId, JobId, TechnicianId};
use actors::jobs::protocol::JobStatus;
use jiff::{SignedDuration, Timestamp};

use super::answering::{came_before, say};
use super::namesakes;
use crate::board::assign::{Wish, assign};
use crate::board::crew::SLOTS_MAX;
use crate::board::guard::BROKEN;
use crate::board::plan::{day_of, today};
use crate::board::suggesting::{SuggestInput, Suggestion, suggested};
use crate::conversations::store;
use crate::error::Problem;
use crate::house::House;
use crate::jobs::store::{Standing, by_number};
use crate::refusals::{SEEN, conflict};
use crate::technicians::store::Known;
use crate::texts::asked::{Asked, Whom, asked, is_named};
use crate::texts::dispatcher::{Choice, ToDispatcher};
use crate::texts::times::same_day;

/// Technicians in one list.
const LISTED_MAX: usize = 3;
/// How long a list may be chosen from.
const HOLDS: SignedDuration = SignedDuration::from_hours(1);
/// Events that one assignment commits at most: as many as there are jobs in a stop.
const LOOKED_AT: usize = 50;

/// Does what a dispatcher's text asks, and puts the answer into the message.
///
/// # Errors
/// Faults only: what a rule refuses is said to the dispatcher.
pub(super) async fn answered(
    house: &House,
    message: &mut Incoming,
    inbox: &Inbox,
) -> Result<(), Problem> {
    if message.keyword.is_some() || message.answer.is_some() {
        return Ok(());
    }
    let Some(user) = house.keys.dispatcher_at(&message.phone) else { return Ok(()) };
    let Some(asked) = asked(&message.body) else { return Ok(()) };
    let last = {
        let mut connection = house.read().await?;
        if came_before(&mut connection, message).await? {
            return Ok(());
        }
        if store::consent(&mut connection, &message.phone).await? == Consent::Withdrawn {
            // Nobody could be told what became of it.
            return Ok(());
        }
        let thread = ConversationId::for_phone(&message.phone);
        store::last_suggestion(&mut connection, thread.as_str()).await?
    };
    let since = house.clock.now() - HOLDS;
    let list = last.filter(|last| last.at > since).and_then(|last| last.suggested);
    // Of the same text the conversation keeps a mark of its own.
    let mark = Inbox { source: "twilio:dispatchers".into(), ..inbox.clone() };
    let known = house.journal.known_request(&mark).await?;
    let turn = Turn { house, user: &user, mark };
    let back = match (known.and_then(|known| known.first), asked) {
        (Some(first), _) => turn.sent_before(first, list.as_deref()).await?,
        (None, Asked::Who(number)) => turn.who(&number).await?,
        (None, Asked::Send(whom)) => turn.send(&whom, list.map(|list| *list)).await?,
    };
    let Some(back) = back else { return Ok(()) };
    message.language = user.language;
    let about = back.about.as_ref().map(|about| about.job.id.clone());
    let text = say(house, message, MessageKind::Suggestion, back.body);
    text.job_id.clone_from(&about);
    text.suggested = back.suggested.map(Box::new);
    message.job_id = about.or(message.job_id.take());
    Ok(())
}

/// What is said back.
struct Back {
    body: String,
    about: Option<Standing>,
    suggested: Option<Suggested>,
}

/// One text of a dispatcher.
struct Turn<'a> {
    house: &'a House,
    user: &'a User,
    /// By it a repetition of the text is known.
    mark: Inbox,
}

impl Turn<'_> {
    fn say(&self, text: &ToDispatcher<'_>) -> Back {
        let body = self.house.words.to_dispatcher(self.user.language, text);
        Back { body, about: None, suggested: None }
    }

    /// Somebody was sent by this very text, and its answer was lost: it is made anew from what was done, whatever has become of
    /// that since.
    async fn sent_before(
        &self,
        first: Seq,
        list: Option<&Suggested>,
    ) -> Result<Option<Back>, Problem> {
        let Since::Events(events) = self.house.journal.since(first - 1, LOOKED_AT).await? else {
            return Ok(None);
        };
        let began = events.first().map(|entry| (&entry.by, entry.at));
        let of_it = |entry: &&Arc<Recorded>| Some((&entry.by, entry.at)) == began;
        let sent = events.iter().take_while(of_it).filter_map(|entry| match &entry.event {
            Event::Board(
                BoardEvent::VisitPlanned { job, visit: after, technician_name, .. }
                | BoardEvent::VisitMoved { job, after, technician_name, .. },
            ) => Some((job, after.start, technician_name)),
            _ => None,
        });
        let sent: Vec<_> = sent.collect();
        // Of a stop it is the job that was asked about.
        let is_asked = |id: &JobId| list.is_some_and(|list| list.job_id == *id);
        let about = sent.iter().find(|(job, ..)| is_asked(&job.id)).or(sent.first());
        let Some(&(job, start, name)) = about else { return Ok(None) };
        let (title, place) = (job.title.as_str(), job.address.as_str());
        let back = self.say(&ToDispatcher::Sent { name, title, place, start });
        Ok(Some(Back { about: Some(self.standing(job.id.as_str()).await?), ..back }))
    }

    /// The best for the job of this number; none where it is a word and no number.
    async fn who(&self, number: &str) -> Result<Option<Back>, Problem> {
        let mut found = {
            let mut connection = self.house.read().await?;
            by_number(&mut connection, self.house.policy.language, number).await?
        };
        let is_number = number.bytes().any(|byte| byte.is_ascii_digit());
        match (found.pop(), found.is_empty()) {
            (None, _) if !is_number => Ok(None),
            (None, _) => Ok(Some(self.say(&ToDispatcher::NoJob { number }))),
            (Some(_), false) => Ok(Some(self.say(&ToDispatcher::SeveralJobs { number }))),
            (Some(job), true) => self.listed(job, None).await.map(Some),
        }
    }

    /// Sends one of the list; none where the text means nothing without one.
    async fn send(&self, whom: &Whom, list: Option<Suggested>) -> Result<Option<Back>, Problem> {
        let chosen: Vec<&SuggestedSlot> = match (whom, &list) {
            (Whom::Number(number), Some(list)) => list.slots.get(number - 1).into_iter().collect(),
            (Whom::Name(name), Some(list)) => {
                list.slots.iter().filter(|slot| is_named(&slot.name, name)).collect()
            }
            (_, None) => Vec::new(),
        };
        if let ([slot], Some(list)) = (chosen.as_slice(), &list) {
            return self.assigned(list, slot).await.map(Some);
        }
        let mut names: Vec<String> = chosen.iter().map(|slot| slot.name.clone()).collect();
        if let (true, Whom::Name(name)) = (names.is_empty(), whom) {
            let everybody = self.everybody().await?;
            let known = namesakes::names(&everybody);
            let is_called = |one: &&Known| is_named(&known[&one.technician.id], name);
            let called: Vec<&Known> = everybody.iter().filter(is_called).collect();
            match (called.as_slice(), &list) {
                ([], _) => return Ok(None),
                (_, None) => return Ok(Some(self.say(&ToDispatcher::WhichJob))),
                ([one], Some(list)) => return self.unlisted(list, one).await.map(Some),
                _ => names = called.iter().map(|one| known[&one.technician.id].clone()).collect(),
            }
        }
        let Some(list) = list else { return Ok(None) };
        if names.is_empty() {
            // A number that no one has.
            names = list.slots.iter().map(|slot| slot.name.clone()).collect();
        }
        names.truncate(LISTED_MAX);
        let names: Vec<String> = names.iter().map(|name| namesakes::asked(name)).collect();
        let back = self.say(&ToDispatcher::Which { names: &names });
        Ok(Some(Back { suggested: Some(list), ..back }))
    }

    async fn everybody(&self) -> Result<Vec<Known>, Problem> {
        let mut connection = self.house.read().await?;
        Ok(crate::technicians::store::all(&mut connection).await?)
    }

    async fn standing(&self, id: &str) -> Result<Standing, Problem> {
        crate::jobs::http::standing(self.house, id).await
    }

    /// Somebody who was not among the best: when they could, or why they cannot.
    async fn unlisted(&self, list: &Suggested, who: &Known) -> Result<Back, Problem> {
        let job = self.standing(list.job_id.as_str()).await?;
        let back = self.listed(job, Some(&who.technician.id)).await?;
        // What was told before stays to be chosen from.
        let suggested = back.suggested.or_else(|| Some(list.clone()));
        Ok(Back { suggested, ..back })
    }

    /// Gives the job to one of the list, as the board does.
    async fn assigned(&self, list: &Suggested, slot: &SuggestedSlot) -> Result<Back, Problem> {
        let (house, language) = (self.house, self.user.language);
        let done = if slot.start < house.clock.now() {
            let (fr, en) = ("L'heure annoncée est passée.", "The hour that was told is over.");
            Err(conflict("board.hour_over", fr, en))
        } else {
            let mark = Some(self.mark.clone());
            let why = Circumstances::by(self.user.email.as_str()).with_inbox(mark);
            assign(house, &self.wish(list, slot), why).await.map(|_| ())
        };
        let job = self.standing(list.job_id.as_str()).await?;
        let problem = match done {
            Err(problem) if !problem.status().is_client_error() => return Err(problem),
            // The same text may have come before, and its answer be lost.
            Err(problem) if problem.code() != SEEN && !is_so(&job, slot) => problem,
            _ => {
                let (title, place) = (job.job.title.as_str(), job.job.address.as_str());
                let sent = ToDispatcher::Sent { name: &slot.name, title, place, start: slot.start };
                return Ok(Back { about: Some(job.clone()), ..self.say(&sent) });
            }
        };
        let why = problem.detail_in(language);
        // The customer was told of another hour: a new list would only ask for the same refusal.
        let promised = problem.code() == BROKEN;
        let over = !matches!(job.status, JobStatus::Unassigned | JobStatus::Planned);
        let choice = if promised || over { None } else { self.choice(&job, None).await?.ok() };
        Ok(match choice {
            Some(found) => {
                let choice = found.choice();
                let back = self.say(&ToDispatcher::Anew { why: &why, choice });
                Back { about: Some(job), suggested: Some(found.suggested), ..back }
            }
            None => Back { about: Some(job), ..self.say(&ToDispatcher::NotSent { why: &why }) },
        })
    }

    fn wish(&self, list: &Suggested, slot: &SuggestedSlot) -> Wish {
        Wish {
            job_id: list.job_id.to_string(),
            technician_id: slot.technician_id.to_string(),
            assistants: None,
            materials: None,
            start: Some(slot.start),
            append_to: None,
            version: Some(list.version),
            draft: None,
            overrides: Vec::new(),
            hold_id: None,
            pinned: true,
            guard: true,
            breaks: None,
            by: self.user.email.as_str().into(),
            with_waiting: false,
        }
    }

    /// The list for a job, or of one alone; or why there is none.
    async fn listed(&self, job: Standing, only: Option<&TechnicianId>) -> Result<Back, Problem> {
        let back = match self.choice(&job, only).await? {
            Ok(found) => {
                let (title, place) = (job.job.title.as_str(), job.job.address.as_str());
                let choose = ToDispatcher::Choose { title, place, choice: found.choice() };
                let back = self.say(&choose);
                Back { suggested: Some(found.suggested), ..back }
            }
            Err(Some(why)) => self.say(&ToDispatcher::NotSent { why: &why }),
            Err(None) => {
                let (title, place) = (job.job.title.as_str(), job.job.address.as_str());
                self.say(&ToDispatcher::Nobody { title, place })
            }
        };
        Ok(Back { about: Some(job), ..back })
    }

    /// The best of the scorer for a job, each technician once; of `only` alone where given. Where there is none, why `only`
    /// cannot.
    async fn choice(
        &self,
        job: &Standing,
        only: Option<&TechnicianId>,
    ) -> Result<Result<Found, Option<String>>, Problem> {
        let house = self.house;
        let input = question(house, job)?;
        let Suggestion { slots, not_possible } = suggested(house, &input).await?;
        let everybody = self.everybody().await?;
        let names = namesakes::names(&everybody);
        let name =
            |id: &TechnicianId| names.get(id).cloned().unwrap_or_else(|| id.as_str().to_owned());
        let mut best: Vec<SuggestedSlot> = Vec::new();
        for slot in slots {
            let id = TechnicianId::from_text(&slot.technician_id);
            let listed = best.iter().any(|one| one.technician_id == id);
            if best.len() < LISTED_MAX && !listed && only.is_none_or(|only| *only == id) {
                let name = name(&id);
                best.push(SuggestedSlot { technician_id: id, name, start: slot.start });
            }
        }
        let Some(first) = best.first() else {
            let cannot = only.and_then(|only| {
                let of = not_possible.iter().find(|one| one.technician_id == only.as_str())?;
                let (said, colon) = match self.user.language {
                    Language::Fr => (of.reasons.fr.first(), " :"),
                    Language::En => (of.reasons.en.first(), ":"),
                };
                Some(format!("{}{colon} {}", name(only), said?))
            });
            return Ok(Err(cannot));
        };
        let zone = &house.policy.zone;
        let day = Some(first.start).filter(|at| !same_day(*at, house.clock.now(), zone));
        let shown = apart(&best);
        let (job_id, version) = (job.job.id.clone(), job.version);
        Ok(Ok(Found { suggested: Suggested { job_id, version, slots: best }, shown, day }))
    }
}

/// What the text asks of the scorer: the same as `POST /dispatch/suggest` for the day of the job.
fn question(house: &House, job: &Standing) -> Result<SuggestInput, Problem> {
    let zone = &house.policy.zone;
    let day = job.job.when().map(|when| when.start.to_zoned(zone.clone()).date());
    let later = day.filter(|day| *day > today(house));
    let from = later.map(|day| day_of(house, day)).transpose()?.map(|day| day.start);
    Ok(SuggestInput {
        job_id: Some(job.job.id.to_string()),
        job: None,
        from,
        to: None,
        limit: Some(SLOTS_MAX),
    })
}

/// A list, as it is kept and as it is shown.
struct Found {
    suggested: Suggested,
    shown: Vec<(String, Timestamp)>,
    day: Option<Timestamp>,
}

impl Found {
    fn choice(&self) -> Choice<'_> {
        Choice { slots: &self.shown, day: self.day }
    }
}

/// First names where those tell them apart, whole ones where not, and what tells those apart that are one.
fn apart(slots: &[SuggestedSlot]) -> Vec<(String, Timestamp)> {
    let shown = slots.iter().map(|slot| {
        let short = namesakes::first(&slot.name).to_owned();
        let alike = slots.iter().filter(|other| is_named(&other.name, &short)).count();
        let plain = if alike > 1 { slot.name.clone() } else { short };
        (namesakes::marked(&slot.name).unwrap_or(plain), slot.start)
    });
    shown.collect()
}

/// True where the job stands already as it was to be.
fn is_so(job: &Standing, slot: &SuggestedSlot) -> bool {
    job.visit.as_ref().is_some_and(|visit| {
        visit.status.is_open()
            && visit.technician_id == slot.technician_id
            && visit.start == slot.start
    })
}
