//! An address file, line by line: which of its columns is which, and what a line says. It knows the names that
//! OpenAddresses, OpenStreetMap extracts, Statistics Canada's register and Quebec's municipalities use for them, and
//! reads commas, semicolons and tabs. It keeps nothing and writes nothing.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use csv::{ByteRecord, Reader, ReaderBuilder};

/// A place with a number on a street.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// The civic number's digits.
    pub number: i64,
    /// The number as it is spelt: `12A`.
    pub spelt: String,
    /// Apartment or suite; empty where there is none.
    pub unit: String,
    /// With its kind: `chemin Covey Hill`.
    pub street: String,
    /// City, town or parish; may be empty.
    pub municipality: String,
    /// Province or state; may be empty.
    pub region: String,
    /// Postal code; may be empty.
    pub postcode: String,
    /// WGS 84.
    pub lat: f64,
    /// WGS 84.
    pub lon: f64,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be opened or read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// It is no table.
    #[error("the file cannot be read as a table: {0}")]
    Table(#[from] csv::Error),
    /// A column that every address needs is not there.
    #[error("no column holds the {what}; one of these names is needed in the first line: {names}")]
    NoColumn {
        /// What it would hold.
        what: &'static str,
        /// Names it may have.
        names: String,
    },
}

const NUMBER: &[&str] =
    &["number", "housenumber", "addr:housenumber", "civic_no", "numero", "numéro", "nociv"];
const SUFFIX: &[&str] = &["civic_no_suffix", "number_suffix"];
const UNIT: &[&str] = &["unit", "apt_no_label", "appartement", "suite"];
const STREET: &[&str] =
    &["street", "addr:street", "rue", "odonyme", "nom_rue", "official_street_name"];
const STREET_KIND: &[&str] = &["official_street_type"];
const CITY: &[&str] = &[
    "city",
    "addr:city",
    "ville",
    "municipality",
    "municipalite",
    "mail_mun_name",
    "csd_fre_name",
];
const REGION: &[&str] = &["region", "province", "prov_code", "mail_prov_abvn"];
const POSTCODE: &[&str] =
    &["postcode", "addr:postcode", "postal_code", "code postal", "code_postal", "mail_postal_code"];
const LAT: &[&str] = &["lat", "@lat", "latitude", "y", "reppoint_latitude"];
const LON: &[&str] = &["lon", "@lon", "lng", "longitude", "x", "reppoint_longitude"];

struct Columns {
    number: usize,
    suffix: Option<usize>,
    unit: Option<usize>,
    street: usize,
    street_kind: Option<usize>,
    city: Option<usize>,
    region: Option<usize>,
    postcode: Option<usize>,
    lat: usize,
    lon: usize,
}

impl Columns {
    fn of(header: &ByteRecord) -> Result<Self, FileError> {
        let names: Vec<String> = header
            .iter()
            .map(|name| {
                String::from_utf8_lossy(name).trim_matches(['\u{feff}', ' ']).to_lowercase()
            })
            .collect();
        // The order of the known names decides where a file has several of them.
        let of = |known: &[&str]| known.iter().find_map(|k| names.iter().position(|n| n == k));
        let must = |what: &'static str, known: &[&str]| {
            of(known).ok_or_else(|| FileError::NoColumn { what, names: known.join(", ") })
        };
        Ok(Self {
            number: must("civic number", NUMBER)?,
            suffix: of(SUFFIX),
            unit: of(UNIT),
            street: must("street", STREET)?,
            street_kind: of(STREET_KIND),
            city: of(CITY),
            region: of(REGION),
            postcode: of(POSTCODE),
            lat: must("latitude", LAT)?,
            lon: must("longitude", LON)?,
        })
    }
}

/// A file that is being read.
pub struct Lines {
    reader: Reader<BufReader<File>>,
    columns: Columns,
    record: ByteRecord,
}

impl Lines {
    /// Opens it and reads its first line.
    ///
    /// # Errors
    /// See [`FileError`].
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let mut first = String::new();
        BufReader::new(File::open(path)?).read_line(&mut first)?;
        let count = |sign: char| first.matches(sign).count();
        let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|sign| count(char::from(*sign)));
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter.unwrap_or(b','))
            .flexible(true)
            .from_reader(BufReader::with_capacity(1 << 20, File::open(path)?));
        let columns = Columns::of(reader.byte_headers()?)?;
        Ok(Self { reader, columns, record: ByteRecord::new() })
    }

    /// How far it has been read, bytes.
    pub fn bytes(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next line: none at the end; `Err` with its number where it names no place.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub fn read(&mut self) -> Result<Option<Result<Address, u64>>, FileError> {
        if !self.reader.read_byte_record(&mut self.record)? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        Ok(Some(address(&self.columns, &self.record).ok_or(line)))
    }
}

fn address(columns: &Columns, record: &ByteRecord) -> Option<Address> {
    let text = |column: usize| -> String {
        let bytes = record.get(column).unwrap_or_default();
        String::from_utf8_lossy(bytes).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let may = |column: Option<usize>| column.map(text).unwrap_or_default();
    let spelt = format!("{}{}", text(columns.number), may(columns.suffix));
    let digits: String = spelt.chars().take_while(char::is_ascii_digit).take(9).collect();
    let street = match may(columns.street_kind) {
        kind if kind.is_empty() => text(columns.street),
        kind => format!("{kind} {}", text(columns.street)),
    };
    let (lat, lon): (f64, f64) = (text(columns.lat).parse().ok()?, text(columns.lon).parse().ok()?);
    let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    // Registers write 0, 0 where nobody has been yet.
    if street.is_empty() || !on_earth || (lat == 0.0 && lon == 0.0) {
        return None;
    }
    Some(Address {
        number: digits.parse().ok()?,
        spelt,
        unit: may(columns.unit),
        street,
        municipality: may(columns.city),
        region: may(columns.region),
        postcode: may(columns.postcode).to_uppercase(),
        lat,
        lon,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Vec<Result<Address, u64>>, FileError> {
        let path = std::env::temp_dir().join(format!("tournee-{name}-{}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let lines = Lines::open(&path).and_then(|mut lines| {
            let mut all = Vec::new();
            while let Some(line) = lines.read()? {
                all.push(line);
            }
            Ok(all)
        });
        std::fs::remove_file(path).unwrap();
        lines
    }

    #[test]
    fn open_addresses_and_a_register_with_semicolons_say_the_same() {
        let open = "LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH\n\
                    -73.9,45.05,1245,chemin  Covey Hill,,Franklin,,QC,j0s 1e0,,x\n";
        let register = "\u{feff}CIVIC_NO;CIVIC_NO_SUFFIX;OFFICIAL_STREET_TYPE;OFFICIAL_STREET_NAME;\
                        MAIL_MUN_NAME;PROV_CODE;MAIL_POSTAL_CODE;LATITUDE;LONGITUDE\n\
                        1245;;chemin;Covey Hill;Franklin;QC;J0S 1E0;45.05;-73.9\n";
        let (open, register) = (read("oa", open).unwrap(), read("nar", register).unwrap());
        assert_eq!(open, register);
        let address = open[0].as_ref().unwrap();
        assert_eq!((address.number, &*address.street), (1245, "chemin Covey Hill"));
        assert_eq!((&*address.postcode, &*address.municipality), ("J0S 1E0", "Franklin"));
    }

    #[test]
    fn lines_that_name_no_place_are_counted_and_a_letter_stays_with_its_number() {
        let text = "number,street,lat,lon\n12A,rue Un,45,-73\n,rue Un,45,-73\n14,,45,-73\n\
                    16,rue Un,95,-73\n18,rue Un,0,0\n20,rue Un,45\n22,\"rue \"\"Un\"\"\",45,-73\n";
        let lines = read("lines", text).unwrap();
        let wrong: Vec<u64> = lines.iter().filter_map(|line| line.clone().err()).collect();
        assert_eq!(wrong, [3, 4, 5, 6, 7]);
        assert_eq!(lines[0].as_ref().unwrap().spelt, "12A");
        assert_eq!(lines[6].as_ref().unwrap().street, "rue \"Un\"");
    }

    #[test]
    fn a_file_without_a_needed_column_says_which_names_would_do() {
        let error = read("bare", "number,lat,lon\n1,45,-73\n").unwrap_err();
        assert!(error.to_string().starts_with("no column holds the street; one of these names"));
    }
}
