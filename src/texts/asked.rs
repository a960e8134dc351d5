//! What a dispatcher asks by text: who could take a job, and to send one of them. Only a whole message counts: "send me the
//! keys" is a question for a person unless somebody bears that name.

use crate::search::fold::field;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Who could take the job of this number, if it is one?
    Who(String),
    /// Send this one of those that were named.
    Send(Whom),
}

/// One of those that were named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// By their number in the list, from 1.
    Number(usize),
    /// By a name, or a part of it, as it was typed.
    Name(String),
}

/// Longest message that can be meant for the house, in characters.
const LENGTH_MAX: usize = 80;

/// Reads a message: case, accents and punctuation around it do not matter.
pub fn asked(body: &str) -> Option<Asked> {
    if body.chars().count() > LENGTH_MAX {
        return None;
    }
    let question = body.trim_end().ends_with('?');
    let words: Vec<&str> = body
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let (first, rest) = words.split_first()?;
    let verb = field(first);
    match (verb.trim(), rest) {
        ("who" | "qui", [job] | ["for" | "pour", job]) => Some(Asked::Who((*job).to_lowercase())),
        ("send" | "envoyer" | "envoie" | "envoies" | "envoyez", [_, ..]) => {
            let name = rest.join(" ");
            Some(Asked::Send(digit(&name).map_or(Whom::Name(name), Whom::Number)))
        }
        (_, []) if question => Some(Asked::Who(first.to_lowercase())),
        (_, []) => digit(first).map(|number| Asked::Send(Whom::Number(number))),
        _ => None,
    }
}

fn digit(word: &str) -> Option<usize> {
    match word.as_bytes() {
        [byte @ b'1'..=b'9'] => Some(usize::from(byte - b'0')),
        _ => None,
    }
}

/// True when every word that was typed is one of this name.
pub fn is_named(name: &str, typed: &str) -> bool {
    let (name, typed) = (field(name), field(typed));
    let mut words = typed.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| name.split_whitespace().any(|one| one == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_the_number_of_a_job_with_its_mark_or_after_who() {
        for body in ["4812?", " 4812 ? ", "#4812?", "Who 4812", "QUI 4812 ?", "qui pour 4812"] {
            assert_eq!(asked(body), Some(Asked::Who("4812".to_owned())), "{body}");
        }
        assert_eq!(asked("ISS-4812?"), Some(Asked::Who("iss-4812".to_owned())));
    }

    #[test]
    fn whoever_is_to_be_sent_is_named_or_numbered() {
        for body in ["send Marc", "Envoyer Marc", "ENVOIE Marc!", "envoyez Marc.", "Send  Marc"] {
            assert_eq!(asked(body), Some(Asked::Send(Whom::Name("Marc".to_owned()))), "{body}");
        }
        for body in ["1", " 1. ", "send 1", "envoie 1"] {
            assert_eq!(asked(body), Some(Asked::Send(Whom::Number(1))), "{body}");
        }
    }

    #[test]
    fn anything_else_is_for_a_person_to_read() {
        let long = format!("send {}", "Marc ".repeat(40));
        for body in
            ["", "?", "ok", "4812", "0", "12", "who", "qui va la", "send", "on my way?", &long]
        {
            assert_eq!(asked(body), None, "{body}");
        }
    }

    #[test]
    fn a_name_is_met_by_any_of_its_words_without_accents() {
        assert!(is_named("Marc-André Roy", "marc"));
        assert!(is_named("Hélène Bérubé", "HELENE"));
        assert!(is_named("Hélène Bérubé", "berube Hélène"));
        assert!(!is_named("Marcel Roy", "Marc"));
        assert!(!is_named("Marc Roy", "Marc Gagnon"));
        assert!(!is_named("Marc Roy", "?"));
    }
}
