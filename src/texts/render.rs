//! One sentence per kind of text, from the Fluent files beside. Each begins with the company's name, says
//! one thing, bears at most one link, and is folded into the cheap alphabet (see `segments`).

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::static_loader;
use jiff::{Timestamp, tz::TimeZone};
use unic_langid::{LanguageIdentifier, langid};

use super::phrases::{PHRASE_CHARS_MAX, PLACE_CHARS_MAX, address, cut, phrase, sentence};
use super::{fold, times};

static_loader! {
    static SENTENCES = {
        locales: "./src/texts/locales",
        fallback_language: "fr",
        // The marks for right-to-left scripts would cost the cheap alphabet.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const FRENCH: LanguageIdentifier = langid!("fr");
const ENGLISH: LanguageIdentifier = langid!("en");

/// What stands behind the company's name in a text that corrects another; the same word in both languages.
const CORRECTION: &str = ", correction";
/// Longest company's name before that, in characters: together they are hardly longer than the name may be alone.
const CORRECTING_CHARS_MAX: usize = 20;

/// A person's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    Fr,
    En,
}

impl Language {
    /// `fr` or `en`, also with a region (`fr-CA`).
    pub fn parse(code: &str) -> Option<Self> {
        match code.get(..2)? {
            "fr" => Some(Self::Fr),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// `fr` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

/// The kinds of text, by the names that the outbox shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    JobAssigned,
    CrewAssigned,
    JobTakenOff,
    SchedulePublished,
    JobOffered,
    OfferFilled,
    VisitPromised,
    OnTheWay,
    EtaChanged,
    Late,
    Rescheduled,
    Cancelled,
    HourGone,
    Done,
    OptOutConfirmed,
    OptInConfirmed,
    Help,
}

impl Kind {
    /// Every kind, for lists and tests.
    pub const ALL: [Self; 17] = [
        Self::JobAssigned,
        Self::CrewAssigned,
        Self::JobTakenOff,
        Self::SchedulePublished,
        Self::JobOffered,
        Self::OfferFilled,
        Self::VisitPromised,
        Self::OnTheWay,
        Self::EtaChanged,
        Self::Late,
        Self::Rescheduled,
        Self::Cancelled,
        Self::HourGone,
        Self::Done,
        Self::OptOutConfirmed,
        Self::OptInConfirmed,
        Self::Help,
    ];

    /// The name in the outbox (`visit_promised`).
    pub fn word(self) -> &'static str {
        match self {
            Self::JobAssigned => "job_assigned",
            Self::CrewAssigned => "crew_assigned",
            Self::JobTakenOff => "job_taken_off",
            Self::SchedulePublished => "schedule_published",
            Self::JobOffered => "job_offered",
            Self::OfferFilled => "offer_filled",
            Self::VisitPromised => "visit_promised",
            Self::OnTheWay => "on_the_way",
            Self::EtaChanged => "eta_changed",
            Self::Late => "late",
            Self::Rescheduled => "rescheduled",
            Self::Cancelled => "cancelled",
            Self::HourGone => "hour_gone",
            Self::Done => "done",
            Self::OptOutConfirmed => "opt_out_confirmed",
            Self::OptInConfirmed => "opt_in_confirmed",
            Self::Help => "help",
        }
    }
}

/// A text to write, with all that its sentence says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Text<'a> {
    /// To a technician: one new job.
    JobAssigned { title: &'a str, place: &'a str, start: Timestamp, link: &'a str },
    /// To a technician: a job that they go along to, and with whom.
    CrewAssigned { lead: &'a str, title: &'a str, start: Timestamp, link: &'a str },
    /// To a technician: several jobs whose texts were merged.
    JobsAssigned { count: u32, link: &'a str },
    /// To a technician: a job that they were told of, and go to no more.
    JobTakenOff { title: &'a str, start: Timestamp },
    /// To a technician: several of those.
    JobsTakenOff { count: u32, link: &'a str },
    /// To a technician: a day's schedule is out.
    SchedulePublished { count: u32, day: Timestamp, link: &'a str },
    /// To a technician: a job that they may have, and how to answer.
    JobOffered { title: &'a str, place: &'a str, start: Timestamp, link: &'a str },
    /// To a technician: an offered job is no longer to be had.
    OfferFilled { title: &'a str, start: Timestamp },
    /// To a technician who took an offer: why it cannot be theirs.
    OfferRefused { why: &'a str },
    /// To a technician who answered while several offers wait.
    OffersWaiting { count: u32, link: &'a str },
    /// To a customer: the window, and where to follow it.
    VisitPromised { from: Timestamp, to: Timestamp, link: &'a str },
    /// To a customer: the technician left for them.
    OnTheWay { technician: &'a str, eta: Timestamp, link: &'a str },
    /// To a customer: another time than last told, still inside or before the window.
    EtaChanged { eta: Timestamp, link: &'a str },
    /// To a customer: the promise will be missed.
    Late { technician: &'a str, eta: Timestamp, link: &'a str },
    /// To a customer: a new window.
    Rescheduled { from: Timestamp, to: Timestamp, link: &'a str },
    /// To a customer: the visit is off.
    Cancelled { from: Timestamp },
    /// To a customer: the hour that was told holds no more, and another will be.
    HourGone { from: Timestamp },
    /// To a customer: the visit is over.
    Done,
    /// The last word to someone who wrote STOP.
    OptOutConfirmed,
    /// To someone who wrote START.
    OptInConfirmed,
    /// To someone who wrote HELP; with the office's number, if one is set.
    Help { phone: Option<&'a str> },
}

impl Text<'_> {
    /// Its kind; the merged form has the kind of the single one.
    pub fn kind(&self) -> Kind {
        match self {
            Self::JobAssigned { .. } | Self::JobsAssigned { .. } => Kind::JobAssigned,
            Self::CrewAssigned { .. } => Kind::CrewAssigned,
            Self::JobTakenOff { .. } | Self::JobsTakenOff { .. } => Kind::JobTakenOff,
            Self::SchedulePublished { .. } => Kind::SchedulePublished,
            Self::JobOffered { .. } => Kind::JobOffered,
            Self::OfferFilled { .. } | Self::OfferRefused { .. } => Kind::OfferFilled,
            Self::OffersWaiting { .. } => Kind::Help,
            Self::VisitPromised { .. } => Kind::VisitPromised,
            Self::OnTheWay { .. } => Kind::OnTheWay,
            Self::EtaChanged { .. } => Kind::EtaChanged,
            Self::Late { .. } => Kind::Late,
            Self::Rescheduled { .. } => Kind::Rescheduled,
            Self::Cancelled { .. } => Kind::Cancelled,
            Self::HourGone { .. } => Kind::HourGone,
            Self::Done => Kind::Done,
            Self::OptOutConfirmed => Kind::OptOutConfirmed,
            Self::OptInConfirmed => Kind::OptInConfirmed,
            Self::Help { .. } => Kind::Help,
        }
    }

    /// Its sentence in the Fluent files; a window that lies over several days of `zone` has one of its own.
    fn key(&self, zone: &TimeZone) -> &'static str {
        match self {
            Self::VisitPromised { from, to, .. } if !times::same_day(*from, *to, zone) => {
                "visit-promised-days"
            }
            Self::Rescheduled { from, to, .. } if !times::same_day(*from, *to, zone) => {
                "rescheduled-days"
            }
            Self::JobAssigned { .. } => "job-assigned",
            Self::JobsAssigned { .. } => "jobs-assigned",
            Self::CrewAssigned { .. } => "crew-assigned",
            Self::JobTakenOff { .. } => "job-taken-off",
            Self::JobsTakenOff { .. } => "jobs-taken-off",
            Self::SchedulePublished { .. } => "schedule-published",
            Self::JobOffered { .. } => "job-offered",
            Self::OfferFilled { .. } => "offer-filled",
            Self::OfferRefused { .. } => "offer-refused",
            Self::OffersWaiting { .. } => "offers-waiting",
            Self::VisitPromised { .. } => "visit-promised",
            Self::OnTheWay { .. } => "on-the-way",
            Self::EtaChanged { .. } => "eta-changed",
            Self::Late { .. } => "late",
            Self::Rescheduled { .. } => "rescheduled",
            Self::Cancelled { .. } => "cancelled",
            Self::HourGone { .. } => "hour-gone",
            Self::Done => "done",
            Self::OptOutConfirmed => "opt-out-confirmed",
            Self::OptInConfirmed => "opt-in-confirmed",
            Self::Help { phone: Some(_) } => "help-phone",
            Self::Help { phone: None } => "help",
        }
    }
}

/// In whose name, in what language and in what zone a text speaks.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    pub company: &'a str,
    pub language: Language,
    pub zone: &'a TimeZone,
    /// True where the text says that it corrects an earlier one.
    pub corrects: bool,
}

impl Voice<'_> {
    /// How a text begins: by whose name, and by what it does.
    pub(super) fn opening(&self) -> String {
        if self.corrects {
            format!("{}{CORRECTION}", cut(self.company, CORRECTING_CHARS_MAX))
        } else {
            phrase(self.company)
        }
    }
}

/// A sentence is not in the files. The tests hold every one, so this is a defect of the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sentence {key} is missing in {language}")]
pub struct Missing {
    pub key: &'static str,
    pub language: &'static str,
}

/// Writes a text, ready to send.
pub fn render(text: &Text<'_>, voice: &Voice<'_>) -> Result<String, Missing> {
    written(text.key(voice.zone), voice, &filled(text, voice))
}

/// Writes the sentence of this name.
pub(super) fn written(
    key: &'static str,
    voice: &Voice<'_>,
    filled: &Filled,
) -> Result<String, Missing> {
    let language = match voice.language {
        Language::Fr => &FRENCH,
        Language::En => &ENGLISH,
    };
    // No fall-back to the other language: a French sentence to an English customer is a defect as well.
    SENTENCES
        .lookup_no_default_fallback(language, key, Some(filled))
        // What was cut at the end of a sentence keeps its three points and needs no fourth.
        .map(|sentence| fold(&sentence).replace("....", "..."))
        .ok_or(Missing { key, language: voice.language.code() })
}

pub(super) type Filled = HashMap<Cow<'static, str>, FluentValue<'static>>;

fn filled(text: &Text<'_>, voice: &Voice<'_>) -> Filled {
    let mut filled = Filled::new();
    let mut put = |name: &'static str, value: String| {
        filled.insert(Cow::Borrowed(name), FluentValue::from(value));
    };
    let hour = |at| times::hour(at, voice.zone, voice.language);
    let day = |at| times::day(at, voice.zone, voice.language);
    put("company", voice.opening());
    match *text {
        Text::OfferFilled { title, start } | Text::JobTakenOff { title, start } => {
            put("title", phrase(title));
            put("start", format!("{} {}", day(start), hour(start)));
        }
        Text::OfferRefused { why } => put("why", sentence(why)),
        Text::OffersWaiting { link, .. } => put("link", link.to_owned()),
        Text::JobOffered { title, place, start, link } => {
            put("title", phrase(title));
            put("place", address(place, PLACE_CHARS_MAX));
            put("start", format!("{} {}", day(start), hour(start)));
            put("link", link.to_owned());
        }
        Text::JobAssigned { title, place, start, link } => {
            put("title", phrase(title));
            put("place", address(place, PHRASE_CHARS_MAX));
            put("start", format!("{} {}", day(start), hour(start)));
            put("link", link.to_owned());
        }
        Text::CrewAssigned { lead, title, start, link } => {
            put("lead", cut(lead, PLACE_CHARS_MAX));
            put("title", cut(title, PLACE_CHARS_MAX));
            put("start", format!("{} {}", day(start), hour(start)));
            put("link", link.to_owned());
        }
        Text::JobsAssigned { link, .. } | Text::JobsTakenOff { link, .. } => {
            put("link", link.to_owned());
        }
        Text::SchedulePublished { day: at, link, .. } => {
            put("day", day(at));
            put("link", link.to_owned());
        }
        Text::VisitPromised { from, to, link } | Text::Rescheduled { from, to, link } => {
            put("day", day(from));
            put("last", day(to));
            put("from", hour(from));
            put("to", hour(to));
            put("link", link.to_owned());
        }
        Text::OnTheWay { technician, eta, link } | Text::Late { technician, eta, link } => {
            put("technician", phrase(technician));
            put("eta", hour(eta));
            put("link", link.to_owned());
        }
        Text::EtaChanged { eta, link } => {
            put("eta", hour(eta));
            put("link", link.to_owned());
        }
        Text::Cancelled { from } | Text::HourGone { from } => put("day", day(from)),
        Text::Help { phone: Some(phone) } => put("phone", phone.to_owned()),
        Text::Done | Text::OptOutConfirmed | Text::OptInConfirmed | Text::Help { phone: None } => {}
    }
    if let Text::JobsAssigned { count, .. }
    | Text::JobsTakenOff { count, .. }
    | Text::SchedulePublished { count, .. }
    | Text::OffersWaiting { count, .. } = *text
    {
        filled.insert(Cow::Borrowed("count"), FluentValue::from(count));
    }
    filled
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
