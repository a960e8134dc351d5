//! The phone app's JSON form. Speed is metres per second here and the battery 0 to 1, unlike in the query
//! form; a negative value means "not known".

use jiff::Timestamp;
use serde_json::Value;

use super::{
    Fix, KMH_PER_MS, Unfit, altitude, battery, coordinate, heading, known, not_future, time,
    tracker,
};

/// Reads a fix from the app's JSON; `now` stands in for a missing timestamp and bounds the future.
pub fn parse(body: &[u8], now: Timestamp) -> Result<Fix<'static>, Unfit> {
    let root: Value = serde_json::from_slice(body).map_err(|_| Unfit::NotJson)?;
    let id = match present(&root["device_id"]) {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        Some(_) => return Err(Unfit::Unreadable { field: "device_id" }),
        None => return Err(Unfit::Missing { field: "device_id" }),
    };
    let location = &root["location"];
    let coords = &location["coords"];
    let (lat_field, lon_field) = ("location.coords.latitude", "location.coords.longitude");
    let lat = number(&coords["latitude"], lat_field)?.ok_or(Unfit::Missing { field: lat_field })?;
    let lon =
        number(&coords["longitude"], lon_field)?.ok_or(Unfit::Missing { field: lon_field })?;
    let at = match present(&location["timestamp"]) {
        Some(value) => {
            let field = "location.timestamp";
            let at = moment(value).ok_or(Unfit::Unreadable { field })?;
            not_future(at, now, field)?
        }
        None => now,
    };
    let optional = |value: &Value, field| number(value, field).map(|value| value.and_then(known));
    Ok(Fix {
        tracker: tracker(id.into(), "device_id")?,
        at,
        lat: coordinate(lat, 90.0, lat_field)?,
        lon: coordinate(lon, 180.0, lon_field)?,
        accuracy_m: optional(&coords["accuracy"], "location.coords.accuracy")?,
        speed_kmh: optional(&coords["speed"], "location.coords.speed")?.map(|ms| ms * KMH_PER_MS),
        heading_deg: number(&coords["heading"], "location.coords.heading")?.and_then(heading),
        altitude_m: number(&coords["altitude"], "location.coords.altitude")?.and_then(altitude),
        battery_pct: optional(&location["battery"]["level"], "location.battery.level")?
            .and_then(|level| battery(level * 100.0)),
        valid: true,
    })
}

fn present(value: &Value) -> Option<&Value> {
    (!value.is_null()).then_some(value)
}

fn number(value: &Value, field: &'static str) -> Result<Option<f64>, Unfit> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(number.as_f64()),
        _ => Err(Unfit::Unreadable { field }),
    }
}

fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => time::read(text),
        Value::Number(number) => time::read(&number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn now() -> Timestamp {
        "2026-07-01T13:05:10Z".parse().unwrap()
    }

    fn body() -> Value {
        json!({
            "device_id": "48241179",
            "location": {
                "timestamp": "2026-07-01T13:05:00.000Z",
                "coords": {"latitude": 45.163, "longitude": -73.678, "accuracy": 5, "speed": 11.1,
                           "heading": 90, "altitude": 41},
                "is_moving": true, "odometer": 1200, "event": "motionchange",
                "battery": {"level": 0.87, "is_charging": false},
                "activity": {"type": "in_vehicle"}, "extras": {}, "mock": false
            }
        })
    }

    fn read(body: &Value) -> Result<Fix<'static>, Unfit> {
        parse(body.to_string().as_bytes(), now())
    }

    #[test]
    fn the_apps_json_is_read_with_speed_in_metres_per_second() {
        let fix = read(&body()).unwrap();
        assert_eq!(fix.tracker, "48241179");
        assert!((fix.speed_kmh.unwrap() - 39.96).abs() < 1e-9);
        assert_eq!((fix.heading_deg, fix.battery_pct), (Some(90.0), Some(87.0)));
        assert_eq!(fix.at.to_string(), "2026-07-01T13:05:00Z");
    }

    #[test]
    fn what_the_phone_does_not_know_is_left_out() {
        let mut body = body();
        body["location"]["coords"]["speed"] = json!(-1);
        body["location"]["coords"]["heading"] = json!(-1);
        body["location"]["battery"]["level"] = json!(-1);
        body["location"]["timestamp"] = Value::Null;
        let fix = read(&body).unwrap();
        assert_eq!(
            (fix.speed_kmh, fix.heading_deg, fix.battery_pct, fix.at),
            (None, None, None, now())
        );
    }

    #[test]
    fn each_refusal_names_its_field() {
        let refused = |pointer: &str, value: Value| {
            let mut body = body();
            *body.pointer_mut(pointer).unwrap() = value;
            read(&body).unwrap_err()
        };
        let (lat, lon) = ("location.coords.latitude", "location.coords.longitude");
        assert_eq!(refused("/device_id", Value::Null), Unfit::Missing { field: "device_id" });
        assert_eq!(refused("/device_id", json!([])), Unfit::Unreadable { field: "device_id" });
        assert_eq!(refused("/location", Value::Null), Unfit::Missing { field: lat });
        let at = "/location/coords/latitude";
        assert_eq!(refused(at, json!(91)), Unfit::OutOfRange { field: lat });
        assert_eq!(refused(at, json!("45")), Unfit::Unreadable { field: lat });
        let at = "/location/coords/longitude";
        assert_eq!(refused(at, json!(-180.5)), Unfit::OutOfRange { field: lon });
        let at = "/location/timestamp";
        let field = "location.timestamp";
        assert_eq!(refused(at, json!("2026-07-01T13:10:11Z")), Unfit::Future { field });
        assert_eq!(refused(at, json!("tomorrow")), Unfit::Unreadable { field });
        assert_eq!(parse(b"{\"lat\": NaN}", now()).unwrap_err(), Unfit::NotJson);
        assert_eq!(parse(b"[]", now()).unwrap_err(), Unfit::Missing { field: "device_id" });
    }
}
