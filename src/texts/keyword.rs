//! The words by which a person leaves, comes back, or asks who we are. Only a whole message counts:
//! "stop by the back door" is for the dispatcher to read.

/// What a person asked of the number itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keyword {
    Stop,
    Start,
    Help,
}

/// Longest message that can be a keyword, in characters; keeps a long text from being folded for nothing.
const LENGTH_MAX: usize = 40;

/// Reads a message as a keyword: case, accents, spaces and punctuation do not matter.
///
/// `YES` is no keyword here: it answers questions far more often than it opts in.
pub fn keyword(body: &str) -> Option<Keyword> {
    if body.chars().count() > LENGTH_MAX {
        return None;
    }
    let folded: String = body.chars().filter_map(letter).collect();
    Some(match folded.as_str() {
        "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "REVOKE" | "OPTOUT"
        | "ARRET" => Keyword::Stop,
        "START" | "UNSTOP" => Keyword::Start,
        "HELP" | "INFO" | "AIDE" => Keyword::Help,
        _ => return None,
    })
}

/// The bare capital letter, nothing for what does not count, a `#` for what makes it another message.
fn letter(character: char) -> Option<char> {
    match character {
        'a'..='z' => Some(character.to_ascii_uppercase()),
        'A'..='Z' => Some(character),
        'ê' | 'é' | 'è' | 'ë' | 'Ê' | 'É' | 'È' | 'Ë' => Some('E'),
        _ if character.is_alphanumeric() => Some('#'),
        // Spaces, punctuation, pictograms, and the combining accents that some keyboards send.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_is_known_however_it_is_typed() {
        for body in [
            "STOP",
            "stop",
            " Stop. ",
            "Stop!",
            "STOPALL",
            "stop all",
            "Unsubscribe",
            "cancel",
            "END",
            "Quit",
            "revoke",
            "OPT-OUT",
            "opt out",
            "ARRET",
            "arrêt",
            "Arrêt!",
            "ARRE\u{302}T",
            "« arrêt »",
            "stop 🙏",
        ] {
            assert_eq!(keyword(body), Some(Keyword::Stop), "{body}");
        }
        for body in ["START", "start", "Unstop", "un-stop\n"] {
            assert_eq!(keyword(body), Some(Keyword::Start), "{body}");
        }
        for body in ["HELP", "help?", "Info", "AIDE", "aide !"] {
            assert_eq!(keyword(body), Some(Keyword::Help), "{body}");
        }
    }

    #[test]
    fn a_keyword_inside_a_message_is_a_message() {
        for body in [
            "",
            " ",
            "?",
            "Stop by the back door",
            "please stop",
            "arrêtez-vous devant",
            "info@example.ca",
            "the end",
            "start at 9",
            "STOP2",
            "yes",
            "oui",
            "стоп",
            "cancel my appointment please",
        ] {
            assert_eq!(keyword(body), None, "{body}");
        }
        assert_eq!(keyword(&"STOP ".repeat(100)), None);
    }
}
