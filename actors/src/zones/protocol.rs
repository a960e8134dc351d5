//! What may be said to the zones, what may have happened to them, and how they say no.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use scheduler::zones::ground::{Ground, Unsound};
use serde::{Deserialize, Serialize};

use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{TechnicianId, ZoneId};

/// All zones, as the rooms that ask about a place keep them.
pub use super::zoning::Zoning;

/// Zones that a company may have.
pub const ZONES_MAX: usize = 300;

/// The one kind of shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum ShapeKind {
    /// A border, and holes in it.
    #[default]
    Polygon,
}

/// A polygon as GeoJSON has it: closed rings of `[longitude, latitude]`, the border first, then its holes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Polygon {
    /// `Polygon`.
    #[serde(rename = "type", default)]
    pub kind: ShapeKind,
    /// Rings of `[longitude, latitude]`.
    pub coordinates: Vec<Vec<[f64; 2]>>,
}

impl Polygon {
    /// The ground that it covers.
    ///
    /// # Errors
    /// When it is no sound polygon.
    pub fn ground(&self) -> Result<Ground, Unsound> {
        let point = |[lon, lat]: &[f64; 2]| scheduler::travel::Point { lat: *lat, lon: *lon };
        let rings: Vec<Vec<_>> =
            self.coordinates.iter().map(|ring| ring.iter().map(point).collect()).collect();
        Ground::of(&rings)
    }
}

/// A certificate that a zone asks for: a skill of some level that counts on the day of the visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Certification {
    /// The skill's name.
    pub tag: String,
    /// 1 to 5.
    pub level: u8,
}

/// A piece of ground, and what it asks of those who work there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Zone {
    /// Id.
    pub id: ZoneId,
    /// Name; unique whatever its case.
    pub name: String,
    /// `#rrggbb`
    #[serde(default)]
    pub color: Option<String>,
    /// Where it is.
    pub polygon: Polygon,
    /// The first local day on which it counts; always where left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub valid_from: Option<Date>,
    /// The last local day on which it counts; for good where left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub valid_until: Option<Date>,
    /// What one must hold to work there.
    #[serde(default)]
    pub certification: Option<Certification>,
    /// The only ones who may work there; empty means everybody (who holds the certificate).
    #[serde(default)]
    pub technician_ids: Vec<TechnicianId>,
}

impl Zone {
    /// When it counts, in Unix seconds, half open.
    pub fn valid(&self, zone: &TimeZone) -> scheduler::Span {
        let midnight = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_second());
        let after = |day: Date| day.tomorrow().ok().and_then(midnight);
        scheduler::Span::new(
            self.valid_from.and_then(midnight).unwrap_or(i64::MIN),
            self.valid_until.and_then(after).unwrap_or(i64::MAX),
        )
    }

    /// What it asks, for the arithmetic; none where it asks nothing.
    pub fn asks(&self, zone: &TimeZone) -> Option<scheduler::ZoneAsk> {
        if self.certification.is_none() && self.technician_ids.is_empty() {
            return None;
        }
        let certification = self.certification.as_ref().map(|asked| {
            scheduler::zones::Certification { tag: asked.tag.as_str().into(), level: asked.level }
        });
        let named = !self.technician_ids.is_empty();
        let allowed = named.then(|| self.technician_ids.iter().map(TechnicianId::key).collect());
        let valid = self.valid(zone);
        Some(scheduler::ZoneAsk { name: self.name.as_str().into(), valid, certification, allowed })
    }
}

/// What happened to zones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum ZoneEvent {
    /// One was drawn.
    ZoneCreated { zone: Zone },
    /// It covers, asks or is called something else.
    ZoneChanged { before: Zone, after: Zone },
    /// It is gone.
    ZoneDeleted { zone: Zone },
}

/// What the zones may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// A new one.
    Create(Zone),
    /// Another ground, name or rule; `version` is what the editor saw.
    Change { after: Zone, version: Option<i64> },
    /// It goes.
    Delete { id: ZoneId },
    /// A skill has another name: whatever asks for it learns the new one.
    RenameTag { from: String, to: String },
}

/// How zones say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZoneRefusal {
    /// The name is taken.
    #[error("there is a zone of this name already")]
    NameTaken,
    /// There is none of that id.
    #[error("there is no such zone")]
    Unknown,
    /// There are enough.
    #[error("there are {ZONES_MAX} zones already")]
    TooMany,
    /// The polygon is none.
    #[error("{0}")]
    Unsound(Unsound),
    /// It would end before it begins.
    #[error("the last day lies before the first")]
    NeverValid,
    /// A certificate of no such level.
    #[error("a level is between 1 and 5")]
    NoSuchLevel,
}

impl Refused for ZoneRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NameTaken => "zones.name_taken",
            Self::Unknown => "zones.unknown",
            Self::TooMany => "zones.too_many",
            Self::Unsound(Unsound::Crosses { .. }) => "zones.crosses_itself",
            Self::Unsound(_) => "zones.unsound",
            Self::NeverValid => "zones.never_valid",
            Self::NoSuchLevel => "zones.no_such_level",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::NameTaken => RefusalKind::Conflict,
            Self::Unknown => RefusalKind::Unknown,
            _ => RefusalKind::Invalid,
        }
    }

    fn pointer(&self) -> Option<&'static str> {
        match self {
            Self::NameTaken => Some("/name"),
            Self::Unsound(_) => Some("/polygon"),
            Self::NeverValid => Some("/valid_until"),
            Self::NoSuchLevel => Some("/certification/level"),
            Self::Unknown | Self::TooMany => None,
        }
    }

    fn detail(&self, language: Language) -> String {
        match language {
            Language::Fr => self.french(),
            Language::En => self.english(),
        }
    }
}

impl ZoneRefusal {
    fn french(&self) -> String {
        match self {
            Self::NameTaken => "Une zone porte déjà ce nom.".to_owned(),
            Self::Unknown => "Cette zone n'existe plus.".to_owned(),
            Self::TooMany => format!("Il y a déjà {ZONES_MAX} zones."),
            Self::NeverValid => "Le dernier jour précède le premier.".to_owned(),
            Self::NoSuchLevel => "Un niveau va de 1 à 5.".to_owned(),
            Self::Unsound(wrong) => match wrong {
                Unsound::Rings => "Une zone a un contour, et quelques trous au plus.".to_owned(),
                Unsound::Corners => {
                    format!("Une zone a au plus {} sommets.", scheduler::zones::ground::CORNERS_MAX)
                }
                Unsound::TooFew { .. } => {
                    "Un contour a au moins trois sommets différents.".to_owned()
                }
                Unsound::Open { .. } => {
                    "Le contour n'est pas fermé : il doit finir où il commence.".to_owned()
                }
                Unsound::Nowhere { .. } => {
                    "Un sommet a une latitude de -85 à 85 et une longitude de -180 à 180."
                        .to_owned()
                }
                Unsound::Crosses { .. } => "Le contour se croise lui-même.".to_owned(),
                Unsound::Hole { .. } => {
                    "Un trou doit être à l'intérieur du contour, et à l'écart des autres."
                        .to_owned()
                }
                Unsound::TooLarge => "Cette zone est trop grande.".to_owned(),
            },
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NameTaken => "There is a zone of this name already.".to_owned(),
            Self::Unknown => "This zone is gone.".to_owned(),
            Self::TooMany => format!("There are {ZONES_MAX} zones already."),
            Self::NeverValid => "The last day comes before the first.".to_owned(),
            Self::NoSuchLevel => "A level is between 1 and 5.".to_owned(),
            Self::Unsound(wrong) => match wrong {
                Unsound::Rings => "A zone has one border, and a few holes at most.".to_owned(),
                Unsound::Corners => {
                    format!("A zone has at most {} corners.", scheduler::zones::ground::CORNERS_MAX)
                }
                Unsound::TooFew { .. } => {
                    "A border has at least three different corners.".to_owned()
                }
                Unsound::Open { .. } => {
                    "The border is not closed: it must end where it begins.".to_owned()
                }
                Unsound::Nowhere { .. } => {
                    "A corner has a latitude from -85 to 85 and a longitude from -180 to 180."
                        .to_owned()
                }
                Unsound::Crosses { .. } => "The border crosses itself.".to_owned(),
                Unsound::Hole { .. } => {
                    "A hole lies inside the border and apart from the others.".to_owned()
                }
                Unsound::TooLarge => "This zone is too large.".to_owned(),
            },
        }
    }
}
