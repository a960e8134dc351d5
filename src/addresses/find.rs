//! From what somebody typed to places, the best first. A word of the question may be a civic number, or belong to the
//! street's or the municipality's name; which of them, the file decides.

use std::collections::HashSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::addresses::store::{self, Door, Street};
use crate::integrations::nominatim::Spot;
use crate::journal::database::{ReadError, Reader};
use crate::search::fold::{BAR, Met, Word, words};

/// A word with more streets than this tells little: it is looked for in the texts of what other words find.
const COMMON: usize = 3_000;
/// Streets whose doors are looked at.
const STREETS_MAX: usize = 1_500;

/// A place that was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Place {
    /// As one line: `1245, chemin Covey Hill, Franklin (QC) J0S 1E0`.
    pub address: String,
    /// The civic number as it is spelt; null for a street as a whole.
    pub number: Option<String>,
    /// Apartment, where the file names it.
    pub unit: Option<String>,
    /// The street with its kind.
    pub street: String,
    /// City, town or parish.
    pub municipality: String,
    /// Province.
    pub region: String,
    /// Postal code.
    pub postcode: String,
    /// WGS 84; of a street, about its middle.
    pub lat: f64,
    /// WGS 84.
    pub lon: f64,
}

/// What is asked: words, and whether one of them is the civic number.
struct Reading {
    number: Option<(i64, String)>,
    words: Vec<Word>,
}

/// Every way to read a question: the first number is the civic one; else none is.
fn readings(question: &str) -> Vec<Reading> {
    let all = words(question);
    let digits = |word: &Word| -> Option<i64> {
        let digits: String = word.typed.chars().take_while(char::is_ascii_digit).collect();
        // One letter may follow: 12A.
        (!digits.is_empty() && word.typed.len() <= digits.len() + 1 && digits.len() <= 6)
            .then(|| digits.parse().ok())
            .flatten()
    };
    let mut readings = Vec::new();
    if let Some((at, number)) = all.iter().enumerate().find_map(|(n, w)| Some((n, digits(w)?))) {
        let mut rest = all.clone();
        let spelt = rest.remove(at).typed;
        readings.push(Reading { number: Some((number, spelt)), words: rest });
    }
    readings.push(Reading { number: None, words: all });
    readings.retain(|reading| !reading.words.is_empty());
    readings
}

/// Places that answer the question, the best first; nearer to `near` (latitude, longitude) before farther.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(
    connection: &mut Reader,
    question: &str,
    near: (f64, f64),
    limit: usize,
) -> Result<Vec<Place>, ReadError> {
    for reading in readings(question) {
        let mut streets = streets(connection, &reading.words).await?;
        let mut scored: Vec<(i64, Street)> = streets
            .drain(..)
            .filter_map(|street| Some((score(&street, &reading.words)?, street)))
            .collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.search.cmp(&b.1.search)));
        scored.truncate(STREETS_MAX);
        let found = match &reading.number {
            Some((number, spelt)) => {
                with_number(connection, &scored, *number, spelt, near, limit).await?
            }
            None => whole(connection, &scored, limit).await?,
        };
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

async fn with_number(
    connection: &mut Reader,
    scored: &[(i64, Street)],
    number: i64,
    spelt: &str,
    near: (f64, f64),
    limit: usize,
) -> Result<Vec<Place>, ReadError> {
    let ids: Vec<i64> = scored.iter().map(|(_, street)| street.id).collect();
    let doors = store::doors(connection, &ids, number).await?;
    let mut all = Vec::with_capacity(doors.len());
    for door in doors {
        let Some((score, street)) = scored.iter().find(|(_, one)| one.id == door.street_id) else {
            continue;
        };
        let exact = door.spelt.eq_ignore_ascii_case(spelt);
        let whole = door.number == number;
        let far = far(near, (door.lat, door.lon));
        all.push((!exact, !whole, -score, far, place(street, Some(&door))));
    }
    all.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)).then_with(|| a.3.total_cmp(&b.3)));
    Ok(all.into_iter().take(limit).map(|found| found.4).collect())
}

async fn whole(
    connection: &mut Reader,
    scored: &[(i64, Street)],
    limit: usize,
) -> Result<Vec<Place>, ReadError> {
    let mut found = Vec::new();
    for (_, street) in scored.iter().take(limit) {
        if let Some((lat, lon)) = store::middle(connection, street.id).await? {
            found.push(Place { lat, lon, ..place(street, None) });
        }
    }
    Ok(found)
}

/// Streets that every word may belong to; what is left out for being common is looked for in the texts afterwards.
async fn streets(connection: &mut Reader, words: &[Word]) -> Result<Vec<Street>, ReadError> {
    let limit = i64::try_from(COMMON + 1).unwrap_or(i64::MAX);
    let mut rare: Option<HashSet<i64>> = None;
    let mut common: Option<HashSet<i64>> = None;
    for word in words {
        let mut ids: HashSet<i64> = HashSet::new();
        let spelt = [Some(word.typed.as_str()), word.full].into_iter().flatten();
        let mut many = false;
        for begins in spelt {
            let found = store::with_word(connection, begins, limit).await?;
            many |= found.len() > COMMON;
            ids.extend(found);
        }
        if many {
            common.get_or_insert(ids);
        } else {
            rare = Some(match rare {
                Some(known) => known.intersection(&ids).copied().collect(),
                None => ids,
            });
        }
    }
    let mut ids: Vec<i64> = rare.or(common).unwrap_or_default().into_iter().collect();
    ids.sort_unstable();
    ids.truncate(COMMON);
    store::streets(connection, &ids).await
}

/// How well a street answers; none where a word is not met at all. A postal code is met by no text: the street was
/// found by it.
fn score(street: &Street, words: &[Word]) -> Option<i64> {
    let (name, town) = street.search.split_once(BAR)?;
    let mut sum = 0;
    for word in words {
        let worth = |met: Option<Met>, whole: i64| match met {
            Some(Met::Whole) => whole,
            Some(Met::Begins) => whole - 1,
            Some(Met::Inside) | None => 0,
        };
        let best =
            worth(word.met_by(name), 4).max(worth(word.met_by(town.trim_end_matches(BAR)), 3));
        if best == 0 && !is_half_a_postal_code(&word.typed) {
            return None;
        }
        sum += best;
    }
    // Of two that answer alike, the one with fewer words that nobody asked for.
    let length = i64::try_from(street.search.split(' ').count()).unwrap_or(i64::MAX);
    Some(sum * 100 - length)
}

fn is_half_a_postal_code(word: &str) -> bool {
    let kinds: Vec<bool> = word.bytes().take(4).map(|byte| byte.is_ascii_digit()).collect();
    kinds == [false, true, false] || kinds == [true, false, true]
}

/// Not a distance, but it sorts as one.
fn far(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (north, east) = (to.0 - from.0, (to.1 - from.1) * from.0.to_radians().cos());
    north * north + east * east
}

fn place(street: &Street, door: Option<&Door>) -> Place {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Place {
        address: String::new(),
        number: door.map(|door| door.spelt.clone()),
        unit: door.and_then(|door| some(&door.unit)),
        street: street.street.clone(),
        municipality: street.municipality.clone(),
        region: street.region.clone(),
        postcode: door.map(|door| door.postcode.clone()).unwrap_or_default(),
        lat: door.map_or(0.0, |door| door.lat),
        lon: door.map_or(0.0, |door| door.lon),
    }
    .in_one_line()
}

impl From<Spot> for Place {
    fn from(spot: Spot) -> Self {
        Self {
            address: String::new(),
            number: (!spot.number.is_empty()).then_some(spot.number),
            unit: None,
            street: spot.street,
            municipality: spot.municipality,
            region: spot.region,
            postcode: spot.postcode,
            lat: spot.lat,
            lon: spot.lon,
        }
        .in_one_line()
    }
}

impl Place {
    fn in_one_line(mut self) -> Self {
        let unit = self.unit.as_ref().map(|unit| format!("-{unit}")).unwrap_or_default();
        let number = self.number.as_ref().map(|number| format!("{number}{unit}"));
        let parts = [number.as_deref(), Some(&*self.street), Some(&*self.municipality)];
        let named: Vec<&str> =
            parts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        let mut line = named.join(", ");
        if !self.region.is_empty() {
            line = format!("{line} ({})", self.region);
        }
        if !self.postcode.is_empty() {
            line = format!("{line} {}", self.postcode);
        }
        self.address = line;
        self
    }
}
