//! Names, places and sentences of people as they may stand in a text: on one line, and no longer than there is room for.

/// Longest name, title or place put into a text, in characters; the rest is cut with an ellipsis.
pub(super) const PHRASE_CHARS_MAX: usize = 30;

/// Longest place in a text that says more, in characters: the page behind the link has the whole.
pub(super) const PLACE_CHARS_MAX: usize = 20;
/// Fewer letters of a street than this say nothing; then the town stands alone.
const STREET_CHARS_MIN: usize = 10;
/// Longest sentence put into a text, in characters.
const SENTENCE_CHARS_MAX: usize = 90;

/// A name as it may stand in a sentence: one line, no control characters, not too long.
pub(super) fn phrase(text: &str) -> String {
    cut(text, PHRASE_CHARS_MAX)
}

/// A sentence of ours as it may stand in another.
pub(super) fn sentence(text: &str) -> String {
    cut(text, SENTENCE_CHARS_MAX)
}

/// An address in so many characters: without its province and code, then with its street cut. The town stays whole, since
/// by it a technician knows which way to go.
pub(super) fn address(text: &str, most: usize) -> String {
    let text = on_one_line(text);
    let mut parts: Vec<&str> = text.split(',').map(str::trim).collect();
    while parts.len() > 1 && parts.last().is_some_and(|part| is_after_town(part)) {
        parts.pop();
    }
    let whole = parts.join(", ");
    let (Some(town), true) = (parts.pop(), whole.chars().count() > most) else { return whole };
    if parts.is_empty() {
        return cut(&whole, most);
    }
    match most.checked_sub(town.chars().count() + 2) {
        Some(room) if room >= STREET_CHARS_MIN => {
            format!("{}, {town}", cut(&parts.join(", "), room))
        }
        _ => cut(town, PHRASE_CHARS_MAX),
    }
}

/// The town of an address: what stands last in it, before its province and code. A street alone names none.
pub fn town(address: &str) -> Option<String> {
    let text = on_one_line(address);
    let mut parts = text.split(',').map(str::trim).rev().filter(|part| !is_after_town(part));
    let town = parts.next()?;
    let is_street = parts.next().is_none() && town.chars().any(|c| c.is_ascii_digit());
    (!is_street).then(|| town.to_owned())
}

/// A province, a country or a postal code.
fn is_after_town(part: &str) -> bool {
    let lower = part.to_lowercase();
    let names = ["", "qc", "québec", "quebec", "on", "canada"];
    let bytes = lower.as_bytes();
    let is_code = matches!(bytes, [a, b, c, ..]
        if a.is_ascii_alphabetic() && b.is_ascii_digit() && c.is_ascii_alphabetic());
    names.contains(&&*lower) || is_code || lower.starts_with("qc ") || lower.starts_with("on ")
}

fn on_one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn cut(text: &str, most: usize) -> String {
    let text = on_one_line(text);
    if text.chars().count() <= most {
        return text;
    }
    let kept: String = text.chars().take(most - 3).collect();
    format!("{}...", kept.trim_end_matches([' ', '.', ',', '\'', '’']))
}
