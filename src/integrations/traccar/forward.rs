//! Traccar's own position JSON: as it forwards it to us (`{"position": …, "device": …}`), and the same
//! position object as the follower hears it. Speed is knots. Pure.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    Fix, KMH_PER_KNOT, Unfit, altitude, battery, coordinate, heading, known, not_future, time,
    tracker,
};

/// A forwarded position, with Traccar's ids for telling repeats.
#[derive(Debug, Clone, PartialEq)]
pub struct Forwarded {
    pub fix: Fix<'static>,
    /// Traccar's number of the device.
    pub device_id: Option<i64>,
    /// Traccar's number of the position; 0 or none when it stores none.
    pub position_id: Option<i64>,
}

/// Reads what Traccar posts with `forward.type=json`.
pub fn parse(body: &[u8], now: Timestamp) -> Result<Forwarded, Unfit> {
    let root: Value = serde_json::from_slice(body).map_err(|_| Unfit::NotJson)?;
    let unique_id = match &root["device"]["uniqueId"] {
        Value::String(id) => id.clone(),
        Value::Null => return Err(Unfit::Missing { field: "device.uniqueId" }),
        _ => return Err(Unfit::Unreadable { field: "device.uniqueId" }),
    };
    let position = &root["position"];
    if !position.is_object() {
        return Err(Unfit::Missing { field: "position" });
    }
    Ok(Forwarded {
        fix: position_fix(position, &unique_id, now)?,
        device_id: position["deviceId"].as_i64(),
        position_id: position["id"].as_i64().filter(|id| *id != 0),
    })
}

/// Reads one of Traccar's position objects, of the tracker called `unique_id`.
pub fn position_fix(
    position: &Value,
    unique_id: &str,
    now: Timestamp,
) -> Result<Fix<'static>, Unfit> {
    let field = "position.fixTime";
    let at = match (&position["fixTime"], &position["deviceTime"]) {
        (Value::Null, Value::Null) => return Err(Unfit::Missing { field }),
        (Value::Null, other) | (other, _) => moment(other).ok_or(Unfit::Unreadable { field })?,
    };
    let lat = number(position, "latitude", "position.latitude")?;
    let lon = number(position, "longitude", "position.longitude")?;
    let lat = lat.ok_or(Unfit::Missing { field: "position.latitude" })?;
    let lon = lon.ok_or(Unfit::Missing { field: "position.longitude" })?;
    let optional = |name, field| number(position, name, field);
    Ok(Fix {
        tracker: tracker(unique_id.to_owned().into(), "device.uniqueId")?,
        at: not_future(at, now, field)?,
        lat: coordinate(lat, 90.0, "position.latitude")?,
        lon: coordinate(lon, 180.0, "position.longitude")?,
        // Traccar writes 0 where the unit told no accuracy.
        accuracy_m: optional("accuracy", "position.accuracy")?.filter(|m| *m > 0.0).and_then(known),
        speed_kmh: optional("speed", "position.speed")?
            .and_then(known)
            .map(|knots| knots * KMH_PER_KNOT),
        heading_deg: optional("course", "position.course")?.and_then(heading),
        altitude_m: optional("altitude", "position.altitude")?.and_then(altitude),
        battery_pct: position["attributes"]["batteryLevel"].as_f64().and_then(battery),
        valid: position["valid"].as_bool().unwrap_or(true),
    })
}

fn number(position: &Value, name: &str, field: &'static str) -> Result<Option<f64>, Unfit> {
    match &position[name] {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(number.as_f64()),
        // Some JSON writers put NaN into a string.
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
            "position": {"id": 991, "protocol": "osmand", "deviceId": 7,
                "serverTime": "2026-07-01T13:05:01.000+00:00", "deviceTime": "2026-07-01T13:05:00.000+00:00",
                "fixTime": "2026-07-01T13:05:00.000+00:00", "valid": true, "latitude": 45.163,
                "longitude": -73.678, "altitude": 41.0, "speed": 21.6, "course": 90.0, "address": null,
                "accuracy": 5.0, "network": null, "geofenceIds": null,
                "attributes": {"batteryLevel": 87.0, "motion": true}},
            "device": {"id": 7, "name": "Tech 12", "uniqueId": "48241179", "status": "online"}
        })
    }

    #[test]
    fn a_forwarded_position_is_read_with_speed_in_knots() {
        let read = parse(body().to_string().as_bytes(), now()).unwrap();
        assert_eq!((read.device_id, read.position_id), (Some(7), Some(991)));
        assert_eq!(read.fix.tracker, "48241179");
        assert!((read.fix.speed_kmh.unwrap() - 40.0032).abs() < 1e-9);
        assert_eq!((read.fix.battery_pct, read.fix.accuracy_m), (Some(87.0), Some(5.0)));
    }

    #[test]
    fn each_refusal_names_its_field() {
        let refused = |pointer: &str, value: Value| {
            let mut body = body();
            *body.pointer_mut(pointer).unwrap() = value;
            parse(body.to_string().as_bytes(), now()).unwrap_err().field()
        };
        assert_eq!(refused("/device", Value::Null), "device.uniqueId");
        assert_eq!(refused("/position", Value::Null), "position");
        assert_eq!(refused("/position/latitude", json!(91)), "position.latitude");
        assert_eq!(refused("/position/longitude", json!("NaN")), "position.longitude");
        assert_eq!(refused("/position/fixTime", json!("2026-07-01T13:10:11Z")), "position.fixTime");
        assert_eq!(refused("/position/speed", json!(true)), "position.speed");
        assert_eq!(parse(b"<html>", now()).unwrap_err().field(), "body");
    }

    #[test]
    fn no_accuracy_and_no_validity_are_not_taken_for_good_ones() {
        let mut body = body();
        body["position"]["accuracy"] = json!(0.0);
        body["position"]["valid"] = json!(false);
        let read = parse(body.to_string().as_bytes(), now()).unwrap();
        assert_eq!((read.fix.accuracy_m, read.fix.valid), (None, false));
    }
}
