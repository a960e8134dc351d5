//! The usual week: hours by day, on the wall clock of the company's zone. It knows no date and nobody.

use std::collections::BTreeMap;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// Hours of one day of the week, on the wall clock of the company's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// "08:00"
    #[serde(with = "hour_minute")]
    #[schema(value_type = String)]
    pub start: Time,
    /// "16:30"
    #[serde(with = "hour_minute")]
    #[schema(value_type = String)]
    pub end: Time,
}

mod hour_minute {
    use jiff::civil::Time;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&time.strftime("%H:%M").to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = String::deserialize(deserializer)?;
        Time::strptime("%H:%M", &text)
            .map_err(|_| D::Error::custom("a time of day looks like 08:00"))
    }
}

/// A day of the week as it stands in a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday
    Mon,
    /// Tuesday
    Tue,
    /// Wednesday
    Wed,
    /// Thursday
    Thu,
    /// Friday
    Fri,
    /// Saturday
    Sat,
    /// Sunday
    Sun,
}

/// Read as a text, so that a refusal can name the day in its pointer.
impl<'de> Deserialize<'de> for Weekday {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match String::deserialize(deserializer)?.as_str() {
            "mon" => Self::Mon,
            "tue" => Self::Tue,
            "wed" => Self::Wed,
            "thu" => Self::Thu,
            "fri" => Self::Fri,
            "sat" => Self::Sat,
            "sun" => Self::Sun,
            other => {
                let days = "mon, tue, wed, thu, fri, sat, sun";
                return Err(serde::de::Error::custom(format!("{other} is none of {days}")));
            }
        })
    }
}

impl From<jiff::civil::Weekday> for Weekday {
    fn from(day: jiff::civil::Weekday) -> Self {
        use jiff::civil::Weekday as Civil;
        match day {
            Civil::Monday => Self::Mon,
            Civil::Tuesday => Self::Tue,
            Civil::Wednesday => Self::Wed,
            Civil::Thursday => Self::Thu,
            Civil::Friday => Self::Fri,
            Civil::Saturday => Self::Sat,
            Civil::Sunday => Self::Sun,
        }
    }
}

/// Usual hours by day of the week.
pub type WeeklySchedule = BTreeMap<Weekday, Vec<Hours>>;
