//! Technicians of one name as dispatchers tell them apart by text: by the town where their day begins, else by the last digits of
//! their number. Decides nothing.

use std::collections::HashMap;

use actors::ids::TechnicianId;
use actors::technicians::protocol::Technician;

use crate::search::fold::field;
use crate::technicians::store::Known;
use crate::texts::town;

/// A first name with what tells it apart is no longer than a list shows of a name, in characters.
const CHARS_MAX: usize = 20;
/// As many of a name's characters as an answer shows.
const WHOLE_CHARS_MAX: usize = 30;
/// Digits of a number that people know it by.
const DIGITS: usize = 4;

/// Everybody's name; behind one that several bear, what tells them apart.
pub(super) fn names(everybody: &[Known]) -> HashMap<TechnicianId, String> {
    let folded: Vec<String> = everybody.iter().map(|one| field(&one.technician.name)).collect();
    let all = everybody.iter().zip(&folded).map(|(one, name)| {
        let others = everybody
            .iter()
            .zip(&folded)
            .filter(|(other, alike)| *alike == name && other.technician.id != one.technician.id);
        let others: Vec<&Technician> = others.map(|(other, _)| &other.technician).collect();
        (one.technician.id.clone(), apart(&one.technician, &others))
    });
    all.collect()
}

fn apart(one: &Technician, others: &[&Technician]) -> String {
    if others.is_empty() {
        return one.name.clone();
    }
    let home = |who: &Technician| who.home.address.as_deref().and_then(town);
    let theirs = |town: &str| {
        others.iter().filter_map(|who| home(who)).any(|other| field(&other) == field(town))
    };
    let fits =
        |town: &str| first(&one.name).chars().count() + town.chars().count() + 3 <= CHARS_MAX;
    let own = home(one).filter(|town| fits(town) && !theirs(town));
    let mark = own.unwrap_or_else(|| {
        let digits: Vec<char> = one.phone.chars().filter(char::is_ascii_digit).collect();
        digits[digits.len().saturating_sub(DIGITS)..].iter().collect()
    });
    format!("{} ({mark})", one.name)
}

/// The first name, with what tells it from others; none where nothing needs to.
pub(super) fn marked(name: &str) -> Option<String> {
    let (name, mark) = name.strip_suffix(')')?.rsplit_once(" (")?;
    Some(format!("{} ({mark})", first(name)))
}

/// A name as it may stand in a question: one that is too long gives up its family name before what tells it apart.
pub(super) fn asked(name: &str) -> String {
    let is_long = name.chars().count() > WHOLE_CHARS_MAX;
    marked(name).filter(|_| is_long).unwrap_or_else(|| name.to_owned())
}

pub(super) fn first(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}
