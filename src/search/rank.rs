//! Which hit is the better one: by the field that is met, by how well, and for jobs by whether they are still to be
//! done and how near they are. Pure.

use crate::search::fold::{BAR, Met, Word};

/// A field of a kept text, in the order in which it stands there.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As it stands in answers.
    pub name: &'static str,
    /// What meeting it is worth.
    pub worth: i64,
}

const fn field(name: &'static str, worth: i64) -> Field {
    Field { name, worth }
}

/// Fields of a technician's text.
pub const TECHNICIAN: [Field; 4] =
    [field("name", 34), field("phone", 32), field("email", 15), field("external_id", 25)];
/// Fields of a customer's text.
pub const CUSTOMER: [Field; 4] =
    [field("name", 30), field("phone", 32), field("email", 15), field("external_id", 25)];
/// Fields of a location's text, those of its customer last.
pub const LOCATION: [Field; 6] = [
    field("address", 28),
    field("external_id", 25),
    field("customer_name", 8),
    field("customer_phone", 8),
    field("customer_email", 4),
    field("customer_external_id", 6),
];
/// Fields of a location that are its own.
pub const LOCATION_OWN: usize = 2;
/// Fields of a job's text, then those of its customer, then those of its location.
pub const JOB: [Field; 8] = [
    field("title", 22),
    field("external_id", 30),
    field("customer_name", 20),
    field("customer_phone", 20),
    field("customer_email", 10),
    field("customer_external_id", 10),
    field("address", 16),
    field("location_external_id", 10),
];

/// How well a text answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// More is better.
    pub points: i64,
    /// Positions of the fields that were met, first met first.
    pub met: Vec<usize>,
}

/// The score of a text, or none where a word is met by no field.
pub fn score(text: &str, fields: &[Field], words: &[Word]) -> Option<Score> {
    let kept: Vec<&str> = text.split(BAR).collect();
    let mut score = Score { points: 0, met: Vec::new() };
    for word in words {
        let hits = kept.iter().zip(fields).enumerate().filter_map(|(at, (text, field))| {
            let points = match word.met_by(text)? {
                Met::Whole => field.worth,
                Met::Begins => field.worth - field.worth / 4,
                Met::Inside => field.worth - field.worth / 3,
            };
            Some((points, std::cmp::Reverse(at)))
        });
        let (points, std::cmp::Reverse(at)) = hits.max()?;
        score.points += points;
        if !score.met.contains(&at) {
            score.met.push(at);
        }
    }
    // The words in their order, from the field's beginning: as a person would write it.
    let asked: String = words.iter().map(|word| format!(" {}", word.typed)).collect();
    if kept.first().is_some_and(|first| first.starts_with(&asked)) {
        score.points += 6;
    }
    Some(score)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::fold::{field as folded, joined, number, words};

    fn customer(name: &str, phone: &str) -> String {
        joined([folded(name), number(Some(phone)), String::new(), String::new()])
    }

    fn points(text: &str, question: &str) -> i64 {
        score(text, &CUSTOMER, &words(question)).map_or(0, |score| score.points)
    }

    #[test]
    fn a_name_that_begins_as_asked_comes_before_one_that_merely_holds_the_word() {
        let first = customer("Roy, Ana", "+14505550123");
        let second = customer("Ana Roy", "+14505550124");
        let third = customer("Ana Royer", "+14505550125");
        assert!(points(&first, "roy") > points(&second, "roy"));
        assert!(points(&second, "roy") > points(&third, "roy"));
        assert_eq!(points(&third, "roi"), 0);
    }

    #[test]
    fn every_word_must_be_met_and_what_met_it_is_said() {
        let text = customer("Ana Roy", "+14505550123");
        let found = score(&text, &CUSTOMER, &words("0123 roy")).unwrap();
        let names: Vec<&str> = found.met.iter().map(|at| CUSTOMER[*at].name).collect();
        assert_eq!(names, ["phone", "name"]);
        assert_eq!(score(&text, &CUSTOMER, &words("roy 9999")), None);
    }
}
