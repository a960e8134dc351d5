//! Yes or no as an answer to a question that was asked by text. Only a whole message counts, but for the reason after
//! an `N`: "no problem, I am on my way" is for the dispatcher to read.

/// What somebody said to an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum YesNo {
    /// They take it.
    Yes,
    /// They do not, and why.
    No(Option<String>),
}

/// Longest message that can be an answer, in characters.
const LENGTH_MAX: usize = 200;

/// Reads a message as an answer: case, spaces and punctuation around it do not matter.
pub fn yes_no(body: &str) -> Option<YesNo> {
    let text = body.trim();
    if text.chars().count() > LENGTH_MAX {
        return None;
    }
    let is_edge = |c: char| !c.is_alphanumeric();
    match text.trim_matches(is_edge).to_uppercase().as_str() {
        "O" | "OUI" | "Y" | "YES" => return Some(YesNo::Yes),
        "N" | "NON" | "NO" => return Some(YesNo::No(None)),
        _ => {}
    }
    let (first, rest) = text.split_once(|c: char| c.is_whitespace() || ",:;.-".contains(c))?;
    if !first.eq_ignore_ascii_case("n") {
        return None;
    }
    let reason = rest.trim_start_matches(is_edge).trim();
    Some(YesNo::No((!reason.is_empty()).then(|| reason.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_message_is_an_answer_in_either_language() {
        for body in ["O", "o", " Oui! ", "OUI", "y", "Yes.", "« oui »"] {
            assert_eq!(yes_no(body), Some(YesNo::Yes), "{body}");
        }
        for body in ["N", "n", "Non", "no.", " NON "] {
            assert_eq!(yes_no(body), Some(YesNo::No(None)), "{body}");
        }
    }

    #[test]
    fn a_reason_may_follow_the_letter() {
        for body in ["N trop loin", "n: trop loin", "N, trop loin", "N - trop loin"] {
            assert_eq!(yes_no(body), Some(YesNo::No(Some("trop loin".to_owned()))), "{body}");
        }
    }

    #[test]
    fn anything_else_is_for_a_person_to_read() {
        let long = "N ".repeat(200);
        for body in [
            "",
            "?",
            "no problem, on my way",
            "Non, pas de souci",
            "N'importe quand",
            "oui mais",
            "ok",
            &long,
        ] {
            assert_eq!(yes_no(body), None, "{body}");
        }
    }
}
