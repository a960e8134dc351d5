//! What customers are asked, what happens to them, and how they say no.

use serde::{Deserialize, Serialize};

use crate::engine::refusal::{Language, RefusalKind, Refused};
use crate::ids::{CustomerId, LocationId};

/// An account holder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Customer {
    /// Id.
    pub id: CustomerId,
    /// Id in the system it came from.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Name.
    pub name: String,
    /// E.164.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Language spoken with them; none means the company's.
    #[serde(default)]
    pub language: Option<Language>,
    /// What the office should know.
    #[serde(default)]
    pub notes: Option<String>,
}

/// A place of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Location {
    /// Id.
    pub id: LocationId,
    /// Id in the system it came from.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Whose.
    pub customer_id: CustomerId,
    /// In words.
    pub address: String,
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
    /// How to get in.
    #[serde(default)]
    pub notes: Option<String>,
}

/// What a customer's actor may be asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// A new customer.
    Register(Box<Customer>),
    /// That they were registered is taken back: nothing was ever done for them.
    Unregister,
    /// Their data change; `version` is what the editor saw.
    Change { after: Box<Customer>, version: Option<i64> },
    /// A place of theirs.
    AddLocation(Box<Location>),
    /// That a place was added is taken back: nothing was ever done there.
    RemoveLocation(LocationId),
    /// A place's data change; `version` is what the editor saw.
    ChangeLocation { after: Box<Location>, version: Option<i64> },
}

/// What happened to customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum CustomerEvent {
    /// A customer was registered.
    CustomerRegistered { after: Box<Customer> },
    /// That they were registered was taken back.
    CustomerUnregistered { customer: Box<Customer> },
    /// Their data changed.
    CustomerChanged { before: Box<Customer>, after: Box<Customer> },
    /// A place was added.
    LocationAdded { after: Box<Location> },
    /// That a place was added was taken back.
    LocationRemoved { location: Box<Location> },
    /// A place's data changed.
    LocationChanged { before: Box<Location>, after: Box<Location> },
}

/// How customers say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomerRefusal {
    /// There is none of that id.
    #[error("there is no such customer")]
    Unknown,
    /// The id is taken.
    #[error("this customer is known already")]
    KnownAlready,
    /// Places are theirs.
    #[error("this customer has locations")]
    HasLocations,
    /// There is no such place.
    #[error("this customer has no such location")]
    NoSuchLocation,
}

impl Refused for CustomerRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "customers.unknown",
            Self::KnownAlready => "customers.known_already",
            Self::HasLocations => "customers.has_locations",
            Self::NoSuchLocation => "customers.no_such_location",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::Unknown | Self::NoSuchLocation => RefusalKind::Unknown,
            Self::KnownAlready | Self::HasLocations => RefusalKind::Conflict,
        }
    }

    fn detail(&self, language: Language) -> String {
        let text = match (self, language) {
            (Self::Unknown, Language::Fr) => "Ce client n'existe pas.",
            (Self::Unknown, Language::En) => "There is no such customer.",
            (Self::KnownAlready, Language::Fr) => "Ce client existe déjà.",
            (Self::KnownAlready, Language::En) => "This customer exists already.",
            (Self::HasLocations, Language::Fr) => "Ce client a une adresse.",
            (Self::HasLocations, Language::En) => "This customer has a location.",
            (Self::NoSuchLocation, Language::Fr) => "Cette adresse n'est pas celle de ce client.",
            (Self::NoSuchLocation, Language::En) => "This customer has no such location.",
        };
        text.to_owned()
    }
}
