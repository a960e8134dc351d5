//! The words of what is told: facts of a decision become a text of `texts`, with the signed link that belongs to it.

use actors::conversations::protocol::MessageKind;
use actors::engine::refusal::Language;
use actors::wording::{Facts, Text, Wording};
use jiff::tz::TimeZone;

use crate::auth::keys::Keys;
use crate::auth::links::{Audience, Links};
use crate::texts;
use crate::texts::dispatcher::ToDispatcher;

/// Why an answer by text did not become a visit.
#[derive(Clone, Copy, Debug)]
pub enum NoOffer<'a> {
    /// So many are open: which one is meant?
    Several(u32),
    /// A rule, or somebody who was faster.
    Refused(&'a str),
}

/// Makes texts with links of this house.
#[derive(Debug)]
pub struct HouseWords {
    /// Makes links.
    pub links: Links,
    /// Knows which were revoked.
    pub keys: Keys,
    /// Origin of links that leave the house.
    pub public_url: String,
    /// The company's name.
    pub company: String,
    /// The zone that people's clocks show.
    pub zone: TimeZone,
}

/// The id under which a technician's present links are revoked; those made after a revocation bear the next number.
pub fn technician_link_id(keys: &Keys, technician: &str) -> String {
    let prefix = format!("tech:{technician}:");
    format!("{prefix}{}", keys.revocations(&prefix))
}

/// The id under which a visit's tracking link is revoked.
pub fn track_link_id(job: &str) -> String {
    format!("track:{job}")
}

/// Our languages as the texts name them.
pub fn text_language(language: Language) -> texts::Language {
    match language {
        Language::Fr => texts::Language::Fr,
        Language::En => texts::Language::En,
    }
}

impl HouseWords {
    fn technician_link(&self, facts: &Facts) -> String {
        let id = facts.technician.as_ref().map_or("", |(id, _)| id.as_str());
        let token =
            self.links.make(Audience::Tech, id, &technician_link_id(&self.keys, id), facts.now);
        format!("{}/t/{token}", self.public_url.trim_end_matches('/'))
    }

    fn track_link(&self, facts: &Facts) -> String {
        let id = facts.job_id.as_str();
        // A visit may be promised for a day that is further ahead than a link lives.
        let ends = facts.window.map(|window| window.end).or(facts.start).unwrap_or(facts.now);
        let from = ends.max(facts.now);
        let token = self.links.make(Audience::Track, id, &track_link_id(id), from);
        format!("{}/track/{token}", self.public_url.trim_end_matches('/'))
    }

    fn render(&self, text: &texts::Text<'_>, voice: &texts::Voice<'_>) -> String {
        self.said(texts::render(text, voice))
    }

    fn voice(&self, language: Language) -> texts::Voice<'_> {
        texts::Voice {
            company: &self.company,
            language: text_language(language),
            zone: &self.zone,
            corrects: false,
        }
    }

    /// In which voice these facts are told: a correction says that it is one.
    fn voice_of(&self, language: Language, facts: &Facts) -> texts::Voice<'_> {
        texts::Voice { corrects: facts.corrects, ..self.voice(language) }
    }

    fn said(&self, written: Result<String, texts::Missing>) -> String {
        written.unwrap_or_else(|missing| {
            // A test holds every sentence in both languages; should one be gone, say so and send the bare name.
            tracing::error!(%missing, "a sentence is missing");
            self.company.clone()
        })
    }

    fn offered(&self, kind: MessageKind, language: Language, facts: &Facts) -> Text {
        let (title, start) = (facts.title.as_str(), facts.start.unwrap_or(facts.now));
        let link = self.technician_link(facts);
        let text = match kind {
            MessageKind::JobOffered => {
                texts::Text::JobOffered { title, place: &facts.address, start, link: &link }
            }
            _ => texts::Text::OfferFilled { title, start },
        };
        Text { body: self.render(&text, &self.voice_of(language, facts)), merged: None }
    }

    /// Tells a technician who answered by text that several offers are open, or why one cannot be taken.
    pub fn answer_to_offer(
        &self,
        language: Language,
        technician: &str,
        why: NoOffer<'_>,
        now: jiff::Timestamp,
    ) -> String {
        let id = technician_link_id(&self.keys, technician);
        let token = self.links.make(Audience::Tech, technician, &id, now);
        let link = format!("{}/t/{token}", self.public_url.trim_end_matches('/'));
        let text = match why {
            NoOffer::Several(count) => texts::Text::OffersWaiting { count, link: &link },
            NoOffer::Refused(why) => texts::Text::OfferRefused { why },
        };
        self.render(&text, &self.voice(language))
    }

    /// Answers a dispatcher who texts.
    pub fn to_dispatcher(&self, language: Language, text: &ToDispatcher<'_>) -> String {
        let voice = self.voice(language);
        self.said(texts::dispatcher::answer(text, &voice))
    }

    fn job_taken_off(&self, language: Language, facts: &Facts) -> Text {
        let link = self.technician_link(facts);
        let (title, start) = (facts.title.as_str(), facts.start.unwrap_or(facts.now));
        let single = texts::Text::JobTakenOff { title, start };
        let voice = self.voice_of(language, facts);
        let merged = self.frame(&voice, |count| texts::Text::JobsTakenOff { count, link: &link });
        Text { body: self.render(&single, &voice), merged }
    }

    /// Two and three jobs differ in the number alone: what is before and after it is the frame for any number.
    fn frame<'a>(
        &self,
        voice: &texts::Voice<'_>,
        text: impl Fn(u32) -> texts::Text<'a>,
    ) -> Option<(String, String)> {
        let (two, three) = (self.render(&text(2), voice), self.render(&text(3), voice));
        two.char_indices()
            .zip(three.chars())
            .find(|((_, a), b)| a != b)
            .and_then(|((at, a), _)| Some((two.get(..at)?, two.get(at + a.len_utf8()..)?)))
            .map(|(before, after)| (before.to_owned(), after.to_owned()))
    }

    fn job_assigned(&self, language: Language, facts: &Facts) -> Text {
        let link = self.technician_link(facts);
        let start = facts.start.unwrap_or(facts.now);
        let single = texts::Text::JobAssigned {
            title: &facts.title,
            place: &facts.address,
            start,
            link: &link,
        };
        let voice = self.voice_of(language, facts);
        let merged = self.frame(&voice, |count| texts::Text::JobsAssigned { count, link: &link });
        Text { body: self.render(&single, &voice), merged }
    }
}

impl Wording for HouseWords {
    fn text(&self, kind: MessageKind, language: Language, facts: &Facts) -> Text {
        if kind == MessageKind::JobAssigned {
            return self.job_assigned(language, facts);
        }
        if kind == MessageKind::JobTakenOff {
            return self.job_taken_off(language, facts);
        }
        if kind == MessageKind::CrewAssigned {
            let title = facts.title.as_str();
            let (lead, link) = (facts.lead.as_deref().unwrap_or(""), self.technician_link(facts));
            let start = facts.start.unwrap_or(facts.now);
            let text = texts::Text::CrewAssigned { lead, title, start, link: &link };
            return Text {
                body: self.render(&text, &self.voice_of(language, facts)),
                merged: None,
            };
        }
        if matches!(kind, MessageKind::JobOffered | MessageKind::OfferFilled) {
            return self.offered(kind, language, facts);
        }
        if kind == MessageKind::SchedulePublished {
            let link = self.technician_link(facts);
            let day = facts.start.unwrap_or(facts.now);
            let text = texts::Text::SchedulePublished { count: facts.count, day, link: &link };
            return Text {
                body: self.render(&text, &self.voice_of(language, facts)),
                merged: None,
            };
        }
        let link = self.track_link(facts);
        let name = facts.technician.as_ref().map_or("", |(_, name)| name.as_str());
        let technician = name.split_whitespace().next().unwrap_or(name);
        let start = facts.start.unwrap_or(facts.now);
        let (from, to) = facts.window.map_or((start, start), |window| (window.start, window.end));
        let eta = facts.eta.unwrap_or(start);
        let text = match kind {
            MessageKind::VisitPromised => texts::Text::VisitPromised { from, to, link: &link },
            MessageKind::Rescheduled => texts::Text::Rescheduled { from, to, link: &link },
            MessageKind::OnTheWay => texts::Text::OnTheWay { technician, eta, link: &link },
            MessageKind::EtaChanged => texts::Text::EtaChanged { eta, link: &link },
            MessageKind::Late => texts::Text::Late { technician, eta, link: &link },
            MessageKind::Cancelled => texts::Text::Cancelled { from },
            MessageKind::HourGone => texts::Text::HourGone { from },
            MessageKind::OptOutConfirmed => texts::Text::OptOutConfirmed,
            MessageKind::OptInConfirmed => texts::Text::OptInConfirmed,
            MessageKind::Help => texts::Text::Help { phone: None },
            MessageKind::Done
            | MessageKind::JobAssigned
            | MessageKind::CrewAssigned
            | MessageKind::JobTakenOff
            | MessageKind::SchedulePublished
            | MessageKind::JobOffered
            | MessageKind::OfferFilled
            | MessageKind::Reply
            | MessageKind::Suggestion
            | MessageKind::Incoming => texts::Text::Done,
        };
        Text { body: self.render(&text, &self.voice_of(language, facts)), merged: None }
    }
}
