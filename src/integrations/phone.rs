//! Phone numbers: any way of writing one in, E.164 out. Written once here, so that a number means the
//! same person at every door. It never asks the network whether the number exists.

use phonenumber::{Mode, country};

/// The input is not a phone number that could be dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a phone number")]
pub struct NotAPhone;

/// Longest input looked at, in bytes: no way of writing a phone number is longer.
const INPUT_BYTES_MAX: usize = 40;

/// `514 555-0123` → `+15145550123`. A number without a country code is Canadian.
///
/// An extension (`poste 12`) is refused: it could not be reached by a text.
pub fn normalise(input: &str) -> Result<String, NotAPhone> {
    let input = input.trim();
    if input.len() > INPUT_BYTES_MAX || !input.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(NotAPhone);
    }
    // The parser reads letters as a keypad does (1-800-FLOWERS); here letters are a typing mistake.
    if input.chars().any(char::is_alphabetic) {
        return Err(NotAPhone);
    }
    // The default country is named for national numbers alone: the parser would strip its trunk prefix,
    // the 1, from +33 1 … as well.
    let parsed = match international(input) {
        Some(number) => phonenumber::parse(None, number),
        None => phonenumber::parse(Some(country::Id::CA), input),
    };
    let number = parsed.map_err(|_| NotAPhone)?;
    if number.extension().is_some() {
        return Err(NotAPhone);
    }
    let written = number.format().mode(Mode::E164).to_string();
    if is_dialable(&written) { Ok(written) } else { Err(NotAPhone) }
}

/// The number with its `+`, if it is written as one from abroad (`+…`, or `011…` as dialled from here).
fn international(input: &str) -> Option<String> {
    if input.starts_with('+') {
        return Some(input.to_owned());
    }
    let digits: String = input.chars().filter(char::is_ascii_digit).collect();
    let abroad = digits.strip_prefix("011").filter(|rest| rest.len() >= 8)?;
    Some(format!("+{abroad}"))
}

/// Shape only: `+`, 8 to 15 digits; in North America ten digits whose area and exchange start at 2 or more.
fn is_dialable(e164: &str) -> bool {
    let Some(digits) = e164.strip_prefix('+') else { return false };
    if !(8..=15).contains(&digits.len()) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return false;
    }
    match digits.strip_prefix('1') {
        Some(national) => {
            let at = national.as_bytes();
            at.len() == 10 && at[0] >= b'2' && at[3] >= b'2'
        }
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_way_of_writing_a_canadian_number_gives_the_same() {
        for input in [
            "514 555-0123",
            "(514) 555-0123",
            "514.555.0123",
            "5145550123",
            "1 514 555 0123",
            "1-514-555-0123",
            "+1 514 555-0123",
            "+15145550123",
            " +1 (514) 555-0123 ",
        ] {
            assert_eq!(normalise(input).as_deref(), Ok("+15145550123"), "{input}");
        }
    }

    #[test]
    fn a_foreign_number_keeps_its_country() {
        assert_eq!(normalise("+33 1 42 68 53 00").as_deref(), Ok("+33142685300"));
        assert_eq!(normalise("011 33 1 42 68 53 00").as_deref(), Ok("+33142685300"));
        assert_eq!(normalise("+44 20 7946 0958").as_deref(), Ok("+442079460958"));
    }

    #[test]
    fn the_numbers_of_the_demo_are_accepted() {
        for input in ["+14505550000", "+14505559999", "450 555-1234", "+15145550199"] {
            assert!(normalise(input).is_ok(), "{input}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for input in [
            "",
            "abc",
            "12",
            "555-0123",
            "514 055-0123",
            "014 555-0123",
            "+1514555012",
            "+151455501234567890",
            "514 555-0123 poste 12",
            "514-555-ABCD",
            "++15145550123x",
        ] {
            assert_eq!(normalise(input), Err(NotAPhone), "{input}");
        }
    }
}
