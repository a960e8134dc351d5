//! The sentences that answer a dispatcher who texts: who could take a job, who is sent, and why not.

use jiff::Timestamp;

use super::phrases::{cut, phrase, sentence};
use super::render::{Filled, Missing, Voice, written};
use super::times;

/// Longest name in a list, in characters.
const NAME_CHARS_MAX: usize = 20;
/// Longest place in an answer, in characters.
const PLACE_CHARS_MAX: usize = 24;

/// Those to choose from, the best first, each with their arrival; and what to reply for the first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice<'a> {
    /// Names as they are to be told apart, and arrivals.
    pub slots: &'a [(String, Timestamp)],
    /// The day, where it is not today.
    pub day: Option<Timestamp>,
}

/// An answer to write.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ToDispatcher<'a> {
    /// Who could take it.
    Choose { title: &'a str, place: &'a str, choice: Choice<'a> },
    /// Nobody could.
    Nobody { title: &'a str, place: &'a str },
    /// The day has moved on: nothing was done, and who could take it now.
    Anew { why: &'a str, choice: Choice<'a> },
    /// Done.
    Sent { name: &'a str, title: &'a str, place: &'a str, start: Timestamp },
    /// Not done, and why.
    NotSent { why: &'a str },
    /// Which of those is meant?
    Which { names: &'a [String] },
    /// No job to place bears this number.
    NoJob { number: &'a str },
    /// More than one does.
    SeveralJobs { number: &'a str },
    /// Whoever is to be sent, for which job?
    WhichJob,
}

impl ToDispatcher<'_> {
    /// Its sentence in the Fluent files.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::Choose { .. } => "choose",
            Self::Nobody { .. } => "choose-nobody",
            Self::Anew { .. } => "choose-anew",
            Self::Sent { .. } => "sent",
            Self::NotSent { .. } => "not-sent",
            Self::Which { .. } => "which",
            Self::NoJob { .. } => "no-job",
            Self::SeveralJobs { .. } => "several-jobs",
            Self::WhichJob => "which-job",
        }
    }
}

/// Writes an answer, ready to send.
///
/// # Errors
/// When its sentence is not in the files.
pub fn answer(text: &ToDispatcher<'_>, voice: &Voice<'_>) -> Result<String, Missing> {
    let mut filled = Filled::new();
    let mut put = |name: &'static str, value: String| {
        filled.insert(name.into(), value.into());
    };
    put("company", phrase(voice.company));
    let mut choose = |choice: &Choice<'_>| {
        put("slots", listed(choice, voice));
        let first = choice.slots.first().map_or("", |(name, _)| name.as_str());
        let is_whole = first.chars().count() <= NAME_CHARS_MAX;
        // A name that is cut names nobody; the number does.
        put("reply", if is_whole { first.to_uppercase() } else { "1".to_owned() });
    };
    match text {
        ToDispatcher::Choose { choice, .. } | ToDispatcher::Anew { choice, .. } => choose(choice),
        _ => {}
    }
    match *text {
        ToDispatcher::Choose { title, place, .. } | ToDispatcher::Nobody { title, place } => {
            put("title", phrase(title));
            put("place", cut(place, PLACE_CHARS_MAX));
        }
        ToDispatcher::Sent { name, title, place, start } => {
            put("name", phrase(name));
            put("title", phrase(title));
            put("place", cut(place, PLACE_CHARS_MAX));
            let day = times::day(start, voice.zone, voice.language);
            put("start", format!("{day} {}", times::clock(start, voice.zone, voice.language)));
        }
        ToDispatcher::NotSent { why } | ToDispatcher::Anew { why, .. } => put("why", sentence(why)),
        ToDispatcher::Which { names } => {
            put("reply", names.first().map(|name| last_words(name)).unwrap_or_default());
            let names: Vec<String> = names.iter().map(|name| phrase(name)).collect();
            put("names", names.join(", "));
        }
        ToDispatcher::NoJob { number } | ToDispatcher::SeveralJobs { number } => {
            put("number", phrase(number));
        }
        ToDispatcher::WhichJob => {}
    }
    written(text.key(), voice, &filled)
}

/// As many of the last words of a name as a phrase holds, in capitals: whoever replies with them is understood.
fn last_words(name: &str) -> String {
    let mut kept = String::new();
    for word in name.split_whitespace().rev() {
        let longer = if kept.is_empty() { word.to_owned() } else { format!("{word} {kept}") };
        if !kept.is_empty() && phrase(&longer) != longer {
            break;
        }
        kept = longer;
    }
    kept.to_uppercase()
}

/// `1 Marc 14:10, 2 Luc 14:25`; of another day with its date before, and a comma between that and the first number.
fn listed(choice: &Choice<'_>, voice: &Voice<'_>) -> String {
    let one = |(at, (name, start)): (usize, &(String, Timestamp))| {
        let hour = times::clock(*start, voice.zone, voice.language);
        format!("{} {} {hour}", at + 1, cut(name, NAME_CHARS_MAX))
    };
    let all: Vec<String> = choice.slots.iter().enumerate().map(one).collect();
    match choice.day {
        Some(day) => {
            format!("{}, {}", times::day(day, voice.zone, voice.language), all.join(", "))
        }
        None => all.join(", "),
    }
}

#[cfg(test)]
#[path = "dispatcher_tests.rs"]
mod tests;
