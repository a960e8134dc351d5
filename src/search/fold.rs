//! What counts as the same word: accents, capitals, punctuation and usual abbreviations are folded away, in what is
//! kept and in what is asked alike. Pure; whoever changes how a text is folded raises `VERSION`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The way of folding; kept texts of an older one are made anew at the next start.
pub const VERSION: i64 = 1;
/// Stands between the fields of a text. No word holds one.
pub const BAR: char = '|';
/// Most words of a question that are looked at.
const WORDS_MAX: usize = 8;
/// So many digits in a row, however they are grouped, are a phone number.
const PHONE_DIGITS_MIN: usize = 7;
/// So many digits are looked for inside of numbers too; fewer, at the beginning only.
const INSIDE_DIGITS_MIN: usize = 3;

/// Abbreviations of addresses, and of names that are like them.
const SHORT: &[(&str, &str)] = &[
    ("app", "appartement"),
    ("apt", "appartement"),
    ("av", "avenue"),
    ("ave", "avenue"),
    ("bd", "boulevard"),
    ("blvd", "boulevard"),
    ("boul", "boulevard"),
    ("ch", "chemin"),
    ("mtee", "montee"),
    ("pl", "place"),
    ("rg", "rang"),
    ("rte", "route"),
    ("st", "saint"),
    ("ste", "sainte"),
];

fn in_full(word: &str) -> Option<&'static str> {
    SHORT.iter().find(|(short, _)| *short == word).map(|(_, full)| *full)
}

/// The bare words of a text: lower case, no accents, no punctuation; a postal code is two words however it is written.
fn bare(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match letter {
            'œ' => plain.push_str("oe"),
            'æ' => plain.push_str("ae"),
            'ß' => plain.push_str("ss"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' => plain.push('d'),
            other if other.is_alphanumeric() => plain.push(other),
            _ => plain.push(' '),
        }
    }
    let mut words = Vec::new();
    for word in plain.split_whitespace() {
        if is_postal_code(word) {
            let (area, rest) = word.split_at(3);
            words.extend([area.to_owned(), rest.to_owned()]);
        } else {
            words.push(word.to_owned());
        }
    }
    words
}

fn is_postal_code(word: &str) -> bool {
    word.len() == 6
        && word.bytes().enumerate().all(|(at, byte)| match at % 2 {
            0 => byte.is_ascii_alphabetic(),
            _ => byte.is_ascii_digit(),
        })
}

/// One field as it is kept: each word after a blank.
pub fn field(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 4);
    for word in bare(text) {
        folded.push(' ');
        folded.push_str(in_full(&word).unwrap_or(&word));
    }
    folded
}

/// A number as it is kept: its digits as one word.
pub fn number(phone: Option<&str>) -> String {
    let digits: String = phone.unwrap_or("").chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() { digits } else { format!(" {digits}") }
}

/// Fields as one text; each is followed by a bar, so that texts can be put one behind the other.
pub fn joined<const N: usize>(fields: [String; N]) -> String {
    let mut text = String::new();
    for field in fields {
        text.push_str(&field);
        text.push(BAR);
    }
    text
}

/// One word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it was typed, folded.
    pub typed: String,
    /// What it stands for, where it is an abbreviation.
    pub full: Option<&'static str>,
    /// True where it may stand inside of a number.
    pub inside: bool,
}

/// How well a word is met by a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Met {
    /// Digits inside of a number.
    Inside,
    /// A word begins with it.
    Begins,
    /// The very word.
    Whole,
}

impl Word {
    /// The patterns for SQL's LIKE, one or two. Folded words hold no wildcard.
    pub fn patterns(&self) -> Vec<String> {
        let first =
            if self.inside { format!("%{}%", self.typed) } else { format!("% {}%", self.typed) };
        let second = self.full.map(|full| format!("% {full}%"));
        std::iter::once(first).chain(second).collect()
    }

    /// How well a folded field meets it; what the patterns let through, some field meets.
    pub fn met_by(&self, field: &str) -> Option<Met> {
        let spelt = [Some(self.typed.as_str()), self.full];
        let begins = spelt.into_iter().flatten().filter_map(|word| {
            let words = || field.split(' ').filter(|kept| !kept.is_empty());
            if words().any(|kept| kept == word) {
                Some(Met::Whole)
            } else {
                words().any(|kept| kept.starts_with(word)).then_some(Met::Begins)
            }
        });
        begins
            .max()
            .or_else(|| (self.inside && field.contains(self.typed.as_str())).then_some(Met::Inside))
    }
}

/// The words of a question; digits that together make a phone number are one word.
pub fn words(question: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut digits: Vec<String> = Vec::new();
    for word in bare(question).into_iter().map(Some).chain([None]) {
        match word {
            Some(word) if word.bytes().all(|byte| byte.is_ascii_digit()) => digits.push(word),
            word => {
                let run = std::mem::take(&mut digits);
                if run.iter().map(String::len).sum::<usize>() >= PHONE_DIGITS_MIN {
                    words.push(wanted(run.concat()));
                } else {
                    words.extend(run.into_iter().map(wanted));
                }
                words.extend(word.map(wanted));
            }
        }
    }
    words.truncate(WORDS_MAX);
    words
}

fn wanted(typed: String) -> Word {
    let digits = typed.bytes().all(|byte| byte.is_ascii_digit());
    let inside = digits && typed.len() >= INSIDE_DIGITS_MIN;
    Word { full: in_full(&typed), inside, typed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(question: &str, text: &str) -> bool {
        words(question).iter().all(|word| word.met_by(text).is_some())
    }

    #[test]
    fn accents_capitals_and_punctuation_make_no_difference() {
        let kept = field("Élise L'Écuyer-Tremblay");
        assert_eq!(kept, " elise l ecuyer tremblay");
        for question in ["elise", "ÉCUYER", "tremblay elise", "l'écu", "Écuyer-Trem"] {
            assert!(finds(question, &kept), "{question}");
        }
        assert!(!finds("lise", &kept), "words are met from their beginning");
        assert_eq!(field("Cœur  Ångström"), " coeur angstrom");
    }

    #[test]
    fn addresses_are_found_by_their_abbreviations_and_in_full() {
        let kept = field("12, boul. St-Joseph, Ste-Martine, QC J0S 1V0");
        for question in
            ["boulevard saint-joseph", "12 boul st-j", "ste martine", "J0S1V0", "j0s 1v"]
        {
            assert!(finds(question, &kept), "{question}");
        }
        assert!(!finds("13 boul", &kept));
    }

    #[test]
    fn a_phone_number_is_found_however_it_is_written_and_by_its_end() {
        let kept = number(Some("+14505550123"));
        for question in
            ["4505550123", "450 555-0123", "(450) 555.0123", "+1 450 555 0123", "555-0123", "0123"]
        {
            assert!(finds(question, &kept), "{question}");
        }
        assert!(!finds("450 555-0124", &kept));
        assert!(!finds("23", &kept), "two digits are no part of a number");
    }

    #[test]
    fn a_whole_word_is_met_better_than_a_beginning_and_that_better_than_digits_inside() {
        let of = |question: &str, text: &str| words(question)[0].met_by(text);
        assert_eq!(of("roy", " ana roy"), Some(Met::Whole));
        assert_eq!(of("ro", " ana roy"), Some(Met::Begins));
        assert_eq!(of("555", " 14505550123"), Some(Met::Inside));
        assert!(Met::Whole > Met::Begins && Met::Begins > Met::Inside);
    }

    #[test]
    fn a_question_without_a_word_has_none() {
        assert_eq!(words(" - % _ ' "), []);
        assert_eq!(words(&"mot ".repeat(50)).len(), WORDS_MAX);
    }
}
