//! Recorded drives through the position doors, where the shared folder is present: what real units send
//! must come back as the same places, moments and, minding the units, speeds.

use super::*;

fn shared(file: &str) -> Option<String> {
    let folder = std::env::var("TOURNEE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let path = format!("{folder}/data/gps/{file}");
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("SKIPPED: {path} is not here, so no recorded drive was replayed");
    }
    text
}

fn now() -> Timestamp {
    "2026-11-23T15:00:00Z".parse().unwrap()
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

fn metres(one: &Fix<'_>, other: &Fix<'_>) -> f64 {
    let (lat, other_lat) = (one.lat.to_radians(), other.lat.to_radians());
    let half_lat = ((other_lat - lat) / 2.0).sin();
    let half_lon = ((other.lon - one.lon).to_radians() / 2.0).sin();
    let chord = half_lat * half_lat + lat.cos() * other_lat.cos() * half_lon * half_lon;
    2.0 * 6_371_000.0 * chord.sqrt().asin()
}

/// Median of reported over measured speed, between fixes of one trip at most 30 s apart and in motion.
fn told_over_driven(fixes: &[(String, Fix<'_>)]) -> f64 {
    let mut ratios: Vec<f64> = fixes
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .filter_map(|pair| {
            let (one, other) = (&pair[0].1, &pair[1].1);
            let seconds = other.at.duration_since(one.at).as_secs_f64();
            let driven_kmh = metres(one, other) / seconds * 3.6;
            let told_kmh = (one.speed_kmh? + other.speed_kmh?) / 2.0;
            ((1.0..=30.0).contains(&seconds) && driven_kmh > 15.0).then(|| told_kmh / driven_kmh)
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

#[test]
fn a_bus_that_tells_knots_is_as_fast_as_it_drives() {
    let Some(text) = shared("traccar-bus-playback.csv") else { return };
    let mut fixes = Vec::new();
    for row in rows(&text).filter(|row| row[0] == "bus08") {
        let query = format!(
            "id={}&timestamp={}&lat={}&lon={}&speed={}&bearing={}",
            row[0], row[2], row[3], row[4], row[5], row[6]
        );
        let fix = osmand::parse(query.as_bytes(), b"", now()).unwrap().into_owned();
        assert_eq!(fix.lat, row[3].parse::<f64>().unwrap());
        assert_eq!(fix.at, row[2].parse::<Timestamp>().unwrap());
        fixes.push((row[1].to_owned(), fix));
    }
    assert!(fixes.len() > 100, "{}", fixes.len());
    let ratio = told_over_driven(&fixes);
    assert!((0.85..1.2).contains(&ratio), "told over driven is {ratio}");
}

#[test]
fn every_fix_of_every_bus_is_taken_by_all_three_doors_alike() {
    let Some(text) = shared("traccar-bus-playback.csv") else { return };
    let mut count = 0;
    for row in rows(&text) {
        let (lat, lon) = (row[3].parse::<f64>().unwrap(), row[4].parse::<f64>().unwrap());
        let knots = row[5].parse::<f64>().unwrap();
        let query = format!("id={}&timestamp={}&lat={lat}&lon={lon}&speed={knots}", row[0], row[2]);
        let forwarded = serde_json::json!({
            "position": {"fixTime": row[2], "latitude": lat, "longitude": lon, "speed": knots},
            "device": {"uniqueId": row[0]}
        });
        let ms = knots * KMH_PER_KNOT / KMH_PER_MS;
        let phone = serde_json::json!({
            "device_id": row[0],
            "location": {"timestamp": row[2], "coords": {"latitude": lat, "longitude": lon, "speed": ms}}
        });
        let one = osmand::parse(query.as_bytes(), b"", now()).unwrap();
        let two = forward::parse(forwarded.to_string().as_bytes(), now()).unwrap().fix;
        let three = osmand_json::parse(phone.to_string().as_bytes(), now()).unwrap();
        for other in [two, three] {
            assert_eq!((&one.tracker, one.at), (&other.tracker, other.at));
            // The JSON reader may err by the last bit.
            assert!((one.lat - other.lat).abs() < 1e-12 && (one.lon - other.lon).abs() < 1e-12);
            assert!((one.speed_kmh.unwrap() - other.speed_kmh.unwrap()).abs() < 1e-9);
        }
        count += 1;
    }
    assert!(count > 4000, "{count}");
}

#[test]
fn a_truck_whose_fixes_come_late_keeps_the_moment_of_the_fix() {
    let Some(text) = shared("truck-vehicle1-trip1.csv") else { return };
    let mut last: Option<Timestamp> = None;
    let mut count = 0;
    for row in rows(&text) {
        // The `+` of the offset is not encoded, as units get it wrong: it arrives as a space.
        let query = format!(
            "id=truck-1&timestamp={}&lat={}&lon={}&bearing={}",
            row[0], row[1], row[2], row[4]
        );
        let fix = osmand::parse(query.as_bytes(), b"", now()).unwrap();
        assert_eq!(fix.at.to_zoned(jiff::tz::TimeZone::UTC).year(), 2018);
        assert!(last.is_none_or(|last| fix.at.duration_since(last).as_secs().abs() < 7200));
        last = Some(fix.at);
        count += 1;
    }
    assert!(count > 400, "{count}");
}
