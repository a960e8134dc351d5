//! The phone app's query form (`?id=…&lat=…&lon=…`), from the URL or a form body. The hottest door of the
//! house: the raw bytes are walked once, nothing is allocated but a tracker id that holds an escape.
//! Called by `inbound.rs`; the JSON form is `osmand_json`.

use std::borrow::Cow;

use jiff::Timestamp;

use super::{
    Fix, KMH_PER_KNOT, Unfit, altitude, battery, coordinate, heading, known, not_future, time,
    tracker,
};
use crate::integrations::form;

/// The values we care for, still encoded, as they lie in the request.
#[derive(Default)]
struct Raw<'a> {
    id: Option<&'a [u8]>,
    lat: Option<&'a [u8]>,
    lon: Option<&'a [u8]>,
    location: Option<&'a [u8]>,
    timestamp: Option<&'a [u8]>,
    speed: Option<&'a [u8]>,
    heading: Option<&'a [u8]>,
    altitude: Option<&'a [u8]>,
    accuracy: Option<&'a [u8]>,
    battery: Option<&'a [u8]>,
    valid: Option<&'a [u8]>,
}

/// Reads a fix from `query`, or from a form body when the query is empty, as Traccar does.
/// `now` stands in for a missing timestamp and bounds the future.
pub fn parse<'a>(query: &'a [u8], body: &'a [u8], now: Timestamp) -> Result<Fix<'a>, Unfit> {
    let raw = pick(if query.is_empty() { body } else { query });
    let id = raw.id.ok_or(Unfit::Missing { field: "id" })?;
    let tracker = tracker(form::decode(id), "id")?;
    let (lat, lon) = point(&raw)?;
    let at = match raw.timestamp {
        Some(value) => {
            let field = "timestamp";
            let at = time::read(&form::decode(value)).ok_or(Unfit::Unreadable { field })?;
            not_future(at, now, field)?
        }
        None => now,
    };
    Ok(Fix {
        tracker,
        at,
        lat,
        lon,
        accuracy_m: optional(raw.accuracy, "accuracy")?.and_then(known),
        speed_kmh: optional(raw.speed, "speed")?.and_then(known).map(|knots| knots * KMH_PER_KNOT),
        heading_deg: optional(raw.heading, "bearing")?.and_then(heading),
        altitude_m: optional(raw.altitude, "altitude")?.and_then(altitude),
        battery_pct: optional(raw.battery, "batt")?.and_then(battery),
        valid: !matches!(raw.valid, Some(b"false" | b"0")),
    })
}

fn pick(bytes: &[u8]) -> Raw<'_> {
    let mut raw = Raw::default();
    for (name, value) in form::pairs(bytes) {
        // An empty value is an absent one: the app leaves fields empty that it does not know.
        if value.is_empty() {
            continue;
        }
        let place = match name {
            b"id" | b"deviceid" => &mut raw.id,
            b"lat" => &mut raw.lat,
            b"lon" => &mut raw.lon,
            b"location" => &mut raw.location,
            b"timestamp" => &mut raw.timestamp,
            b"speed" => &mut raw.speed,
            b"bearing" | b"heading" => &mut raw.heading,
            b"altitude" => &mut raw.altitude,
            b"accuracy" => &mut raw.accuracy,
            b"batt" => &mut raw.battery,
            b"valid" => &mut raw.valid,
            _ => continue,
        };
        // The first of a repeated name counts.
        place.get_or_insert(value);
    }
    raw
}

fn point(raw: &Raw<'_>) -> Result<(f64, f64), Unfit> {
    if raw.lat.is_none()
        && raw.lon.is_none()
        && let Some(location) = raw.location
    {
        let field = "location";
        let location = form::decode(location);
        let (lat, lon) = location.split_once(',').ok_or(Unfit::Unreadable { field })?;
        let read = |text: &str| text.trim().parse().map_err(|_| Unfit::Unreadable { field });
        return Ok((coordinate(read(lat)?, 90.0, field)?, coordinate(read(lon)?, 180.0, field)?));
    }
    let lat = number(raw.lat.ok_or(Unfit::Missing { field: "lat" })?, "lat")?;
    let lon = number(raw.lon.ok_or(Unfit::Missing { field: "lon" })?, "lon")?;
    Ok((coordinate(lat, 90.0, "lat")?, coordinate(lon, 180.0, "lon")?))
}

fn optional(value: Option<&[u8]>, field: &'static str) -> Result<Option<f64>, Unfit> {
    value.map(|value| number(value, field)).transpose()
}

fn number(value: &[u8], field: &'static str) -> Result<f64, Unfit> {
    let plain = if value.contains(&b'%') { form::decode(value) } else { borrowed(value) };
    plain.trim().parse().map_err(|_| Unfit::Unreadable { field })
}

/// A number without escapes; a `+` before it is a sign, not a space.
fn borrowed(value: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(value).map_or(Cow::Borrowed(""), Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> Timestamp {
        "2025-07-01T13:05:10Z".parse().unwrap()
    }

    fn read(query: &str) -> Result<Fix<'static>, Unfit> {
        parse(query.as_bytes(), b"", now()).map(Fix::into_owned)
    }

    #[test]
    fn the_apps_usual_request_is_read_with_speed_in_knots() {
        let fix = read(
            "id=48241179&lat=45.163&lon=-73.678&timestamp=1751375100&speed=20.0&bearing=360&altitude=41\
             &accuracy=5&batt=87.5&driverUniqueId=x&cell=1,2,3,4&charge=true",
        )
        .unwrap();
        assert_eq!(fix.tracker, "48241179");
        assert_eq!(fix.at.to_string(), "2025-07-01T13:05:00Z");
        assert_eq!((fix.lat, fix.lon), (45.163, -73.678));
        assert!((fix.speed_kmh.unwrap() - 37.04).abs() < 1e-9);
        assert_eq!(fix.heading_deg, Some(0.0));
        assert_eq!(
            (fix.altitude_m, fix.accuracy_m, fix.battery_pct),
            (Some(41.0), Some(5.0), Some(87.5))
        );
        assert!(fix.valid);
    }

    #[test]
    fn a_form_body_counts_only_without_a_query() {
        let body = b"deviceid=a%20b&location=45.1,-73.5&speed=-1&batt=-1&accuracy=&valid=false";
        let fix = parse(b"", body, now()).unwrap();
        assert_eq!(fix.tracker, "a b");
        assert_eq!((fix.lat, fix.lon, fix.at), (45.1, -73.5, now()));
        assert_eq!((fix.speed_kmh, fix.battery_pct, fix.accuracy_m), (None, None, None));
        assert!(!fix.valid);
        assert_eq!(parse(b"id=1", body, now()).unwrap_err(), Unfit::Missing { field: "lat" });
    }

    #[test]
    fn each_refusal_names_its_field() {
        use Unfit::{Future, Missing, OutOfRange, Unreadable};
        for (query, unfit) in [
            ("", Missing { field: "id" }),
            ("lat=1&lon=1", Missing { field: "id" }),
            ("id=&lat=1&lon=1", Missing { field: "id" }),
            ("id=1&lon=1", Missing { field: "lat" }),
            ("id=1&lat=1", Missing { field: "lon" }),
            ("id=1&lat=91&lon=1", OutOfRange { field: "lat" }),
            ("id=1&lat=-90.0001&lon=1", OutOfRange { field: "lat" }),
            ("id=1&lat=NaN&lon=1", OutOfRange { field: "lat" }),
            ("id=1&lat=inf&lon=1", OutOfRange { field: "lat" }),
            ("id=1&lat=1&lon=180.1", OutOfRange { field: "lon" }),
            ("id=1&lat=1&lon=nan", OutOfRange { field: "lon" }),
            ("id=1&lat=north&lon=1", Unreadable { field: "lat" }),
            ("id=1&lat=1&lon=%FF", Unreadable { field: "lon" }),
            ("id=1&location=1", Unreadable { field: "location" }),
            ("id=1&location=1,181", OutOfRange { field: "location" }),
            ("id=1&lat=1&lon=1&timestamp=soon", Unreadable { field: "timestamp" }),
            ("id=1&lat=1&lon=1&timestamp=1751375411", Future { field: "timestamp" }),
            ("id=1&lat=1&lon=1&speed=fast", Unreadable { field: "speed" }),
            ("id=a%00b&lat=1&lon=1", Unreadable { field: "id" }),
        ] {
            assert_eq!(read(query).unwrap_err(), unfit, "{query}");
        }
        let long = format!("id={}&lat=1&lon=1", "x".repeat(65));
        assert_eq!(read(&long).unwrap_err(), OutOfRange { field: "id" });
    }

    #[test]
    fn five_minutes_ahead_is_still_taken() {
        assert!(read("id=1&lat=1&lon=1&timestamp=1751375410").is_ok());
    }

    #[test]
    fn numbers_may_be_encoded_or_signed() {
        let fix = read("id=1&lat=%2B45.5&lon=%2D73.5&altitude=+12").unwrap();
        assert_eq!((fix.lat, fix.lon, fix.altitude_m), (45.5, -73.5, Some(12.0)));
        assert_eq!(read("id=1&location=45.5%2C-73.5").unwrap().lon, -73.5);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_and_what_it_takes_is_a_place_on_earth(
            query in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            if let Ok(fix) = parse(&query, b"", now()) {
                prop_assert!(fix.lat.abs() <= 90.0 && fix.lon.abs() <= 180.0);
            }
        }

        #[test]
        fn any_point_comes_back_exactly(lat in -90.0..=90.0f64, lon in -180.0..=180.0f64) {
            let fix = read(&format!("id=1&lat={lat}&lon={lon}")).unwrap();
            prop_assert_eq!((fix.lat, fix.lon), (lat, lon));
        }
    }
}
