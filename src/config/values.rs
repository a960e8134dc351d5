//! The types of settings and how each is read from text. A parser here answers a reason in words and never
//! repeats the value, since it cannot know whether the value is a secret.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::Secret;

/// What may leave the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outbound {
    /// Nothing: kept and shown only.
    Sandbox,
    /// Only what goes to listed numbers and addresses.
    Allowlist,
    /// Everything that consent allows.
    Live,
}

/// Language of people who have none set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French as written in Quebec.
    Fr,
    /// English.
    En,
}

impl Language {
    /// `fr` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

/// A place in WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// -90 to 90.
    pub lat: f64,
    /// -180 to 180.
    pub lon: f64,
}

/// Where travel times come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Routing {
    /// The embedded estimate: great circle, road factor, learned speeds.
    Estimate,
    /// A road network that `tournee roads build` wrote; whether it can be used shows when it is loaded.
    Roads(PathBuf),
    /// An OSRM server at this address, without the slash at its end.
    Osrm(String),
}

/// Where the journal and the rows live.
#[derive(Debug, Clone)]
pub enum Database {
    /// An embedded database in this file.
    Sqlite(PathBuf),
    /// A PostgreSQL server; the address bears credentials.
    Postgres(Secret),
}

/// A time zone and the name it was asked for by.
#[derive(Debug, Clone)]
pub struct Zone {
    /// IANA name.
    pub name: String,
    /// Its rules, from the bundled database.
    pub tz: TimeZone,
}

/// A network: an address and how many of its leading bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    network: IpAddr,
    bits: u8,
}

impl Cidr {
    /// Whether an address lies within; an IPv4 address mapped into IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => {
                same_prefix(u128::from(net.to_bits()), u128::from(ip.to_bits()), self.bits, 32)
            }
            (IpAddr::V6(net), IpAddr::V6(ip)) => {
                same_prefix(net.to_bits(), ip.to_bits(), self.bits, 128)
            }
            _ => false,
        }
    }
}

fn same_prefix(a: u128, b: u128, bits: u8, width: u8) -> bool {
    // A shift by the whole width is not defined on integers; zero bits match everything.
    bits == 0 || (a ^ b) >> (width - bits) == 0
}

pub(super) fn cidr(text: &str) -> Result<Cidr, String> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let network: IpAddr =
        address.trim().parse().map_err(|_| "is not a network such as 10.0.0.0/8".to_owned())?;
    let width = if network.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => width,
        Some(bits) => bits
            .trim()
            .parse()
            .ok()
            .filter(|bits| *bits <= width)
            .ok_or_else(|| format!("a network's length is 0 to {width}"))?,
    };
    Ok(Cidr { network, bits })
}

pub(super) fn point(text: &str) -> Result<Point, String> {
    let wrong = || "is not \"latitude,longitude\" such as 45.05,-73.58".to_owned();
    let (lat, lon) = text.split_once(',').ok_or_else(wrong)?;
    let lat: f64 = lat.trim().parse().map_err(|_| wrong())?;
    let lon: f64 = lon.trim().parse().map_err(|_| wrong())?;
    if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
        return Err("lies outside -90 to 90 and -180 to 180 degrees".to_owned());
    }
    Ok(Point { lat, lon })
}

pub(super) fn outbound(text: &str) -> Result<Outbound, String> {
    match text {
        "sandbox" => Ok(Outbound::Sandbox),
        "allowlist" => Ok(Outbound::Allowlist),
        "live" => Ok(Outbound::Live),
        _ => Err("is none of sandbox, allowlist, live".to_owned()),
    }
}

pub(super) fn language(text: &str) -> Result<Language, String> {
    match text {
        "fr" => Ok(Language::Fr),
        "en" => Ok(Language::En),
        _ => Err("is neither fr nor en".to_owned()),
    }
}

pub(super) fn zone(text: &str) -> Result<Zone, String> {
    let tz =
        TimeZone::get(text).map_err(|_| "is not a time zone such as America/Toronto".to_owned())?;
    Ok(Zone { name: text.to_owned(), tz })
}

pub(super) fn routing(text: &str) -> Result<Routing, String> {
    match text.split_once(':') {
        None if text == "estimate" => Ok(Routing::Estimate),
        Some(("roads", file)) if !file.is_empty() => Ok(Routing::Roads(PathBuf::from(file))),
        Some(("osrm", address)) => web_address(address).map(Routing::Osrm),
        _ => Err("is none of estimate, roads:FILE, osrm:URL".to_owned()),
    }
}

pub(super) fn database(text: &str) -> Result<Database, String> {
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        reqwest::Url::parse(text).map_err(|_| "is not an address of a server".to_owned())?;
        return Ok(Database::Postgres(Secret::new(text)));
    }
    let path = text.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest));
    match path {
        Some(path) if !path.is_empty() => Ok(Database::Sqlite(PathBuf::from(path))),
        _ => Err("is neither postgres://… nor sqlite:FILE".to_owned()),
    }
}

/// An `http` or `https` address, without the slash at its end.
pub(super) fn web_address(text: &str) -> Result<String, String> {
    let url = parse_web(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end with its path, without ? or #".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// An address that may carry a query, such as a map style's key.
pub(super) fn link(text: &str) -> Result<String, String> {
    parse_web(text).map(|_| text.to_owned())
}

/// Scheme, host and port only: paths are appended to it.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let url = parse_web(text)?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("is more than an origin such as https://dispatch.example.org".to_owned());
    }
    Ok(url.origin().ascii_serialization())
}

fn parse_web(text: &str) -> Result<reqwest::Url, String> {
    let url = reqwest::Url::parse(text).map_err(|_| "is not an address".to_owned())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err("is not an http:// or https:// address".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not bear a user or password".to_owned());
    }
    Ok(url)
}

pub(super) fn smtp(text: &str) -> Result<Secret, String> {
    let url = reqwest::Url::parse(text).map_err(|_| "is not an address".to_owned())?;
    if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none() {
        return Err("is not an smtp:// or smtps:// address".to_owned());
    }
    Ok(Secret::new(text))
}

/// A number in E.164, or an e-mail address in lower case.
pub(super) fn recipient(text: &str) -> Result<String, String> {
    if let Some((name, host)) = text.split_once('@') {
        let fine = !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace);
        return fine
            .then(|| text.to_lowercase())
            .ok_or_else(|| "holds something that is no e-mail address".to_owned());
    }
    phonenumber::parse(Some(phonenumber::country::CA), text)
        .map(|number| number.format().mode(phonenumber::Mode::E164).to_string())
        .map_err(|_| "holds something that is neither a number nor an e-mail address".to_owned())
}

pub(super) fn any(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    text.replace("localhost:", "127.0.0.1:")
        .parse()
        .map_err(|_| "is not an address and port such as 127.0.0.1:3300".to_owned())
}

/// The address under which this machine itself reaches the server.
pub(super) fn own(listen: SocketAddr) -> String {
    match listen.ip() {
        ip if ip.is_unspecified() => format!("http://127.0.0.1:{}", listen.port()),
        _ => format!("http://{listen}"),
    }
}

pub(super) fn company(text: &str) -> Result<String, String> {
    match text.chars().count() {
        1..=40 if !text.chars().any(char::is_control) => Ok(text.to_owned()),
        _ => Err("must be 1 to 40 letters, since it begins every text".to_owned()),
    }
}

pub(super) fn clock(text: &str) -> Result<jiff::Timestamp, String> {
    text.parse()
        .map_err(|_| "is not an RFC 3339 moment such as 2026-11-23T09:50:00-05:00".to_owned())
}

pub(super) fn whole(text: &str, least: u32, most: u32) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("is not a whole number from {least} to {most}"))
}

pub(super) fn log_filter(text: &str) -> Result<String, String> {
    tracing_subscriber::EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|_| "is not a log filter such as info or tournee=debug".to_owned())
}

/// `quebec,2026-12-24,-2026-06-24`: a list, days to add, and days to leave out.
pub(super) fn holidays(text: &str) -> Result<actors::series::holidays::Holidays, String> {
    let mut holidays =
        actors::series::holidays::Holidays { quebec: false, own: Default::default() };
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match word {
            "quebec" => holidays.quebec = true,
            "none" => holidays.quebec = false,
            day => {
                let (day, is_added) = day.strip_prefix('-').map_or((day, true), |day| (day, false));
                let day = day.parse().map_err(|_| {
                    "is not a list such as quebec,2026-12-24,-2026-06-24".to_owned()
                })?;
                holidays.own.insert(day, is_added);
            }
        }
    }
    Ok(holidays)
}
