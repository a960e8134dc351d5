//! Speeds and durations as people write them into the map: `50`, `30 mph`, `FR:urban`, `00:20`, `PT1H30M`.

/// Kilometres per hour as millimetres per second, rounded down.
pub const fn mm_s(kmh: u32) -> u32 {
    kmh * 2_500 / 9
}

/// A speed limit in km/h, where the text says one. `walk` is 7, `none` is 130.
pub fn limit_kmh(text: &str) -> Option<u32> {
    // Several values: the first that says something.
    text.split([';', '|', ',']).find_map(|one| one_limit_kmh(one.trim()))
}

fn one_limit_kmh(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "walk" | "walking" => return Some(7),
        "none" | "unlimited" => return Some(130),
        _ => {}
    }
    if let Some((country, place)) = lower.split_once(':') {
        return by_law_kmh(country, place);
    }
    let end = lower.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(lower.len());
    let number: f64 = lower[..end].parse().ok()?;
    let kmh = match lower[end..].trim() {
        "" | "km/h" | "kmh" | "kph" => number,
        "mph" => number * 1.609_344,
        "knots" | "kn" => number * 1.852,
        _ => return None,
    };
    // A cast from a float saturates, and NaN becomes 0.
    let kmh = kmh.round() as u32;
    (1..=200).contains(&kmh).then_some(kmh)
}

/// What a country's law says of a kind of place, such as `fr:urban` or `us:rural`.
fn by_law_kmh(country: &str, place: &str) -> Option<u32> {
    let digits: String = place.chars().filter(char::is_ascii_digit).collect();
    if let Ok(kmh) = digits.parse::<u32>() {
        // `de:zone30`, `fr:zone:30`, `be:30`.
        return (5..=130).contains(&kmh).then_some(kmh);
    }
    let miles = matches!(country, "us" | "gb" | "uk");
    let kmh = match (place, country) {
        ("motorway", "us" | "ch") => 120,
        ("motorway", "gb" | "uk") => 112,
        ("motorway", "ca") => 100,
        ("motorway", _) => 130,
        ("trunk", "fr") => 110,
        ("trunk", _) => 100,
        ("rural", "fr" | "ch" | "li") => 80,
        ("rural", "us" | "gb" | "uk") => 88,
        ("rural", "at" | "de") => 100,
        ("rural", "ca") => 80,
        ("rural", _) => 90,
        ("urban", _) if miles => 48,
        ("urban", _) => 50,
        ("living_street" | "pedestrian_zone" | "bicycle_road", _) => 15,
        _ => return None,
    };
    Some(kmh)
}

/// A duration in seconds: `MM`, `HH:MM`, `HH:MM:SS` or ISO 8601 such as `PT1H30M`.
pub fn duration_s(text: &str) -> Option<u32> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("PT").or_else(|| text.strip_prefix("pt")) {
        return iso_s(rest);
    }
    let parts: Vec<u32> =
        text.split(':').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>()?;
    let seconds = match parts.as_slice() {
        [minutes] => minutes.checked_mul(60)?,
        [hours, minutes] => hours.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?,
        [hours, minutes, seconds] => hours
            .checked_mul(3_600)?
            .checked_add(minutes.checked_mul(60)?)?
            .checked_add(*seconds)?,
        _ => return None,
    };
    believed(seconds)
}

fn iso_s(text: &str) -> Option<u32> {
    let (mut number, mut seconds) = (String::new(), 0_u32);
    for c in text.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        let unit = match c.to_ascii_uppercase() {
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.parse::<u32>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    if number.is_empty() { believed(seconds) } else { None }
}

/// Nobody takes a car across for less than half a minute or more than three days.
fn believed(seconds: u32) -> Option<u32> {
    (30..=259_200).contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_in_every_unit_and_by_law() {
        for (text, kmh) in [
            ("50", Some(50)),
            ("30 mph", Some(48)),
            ("35mph", Some(56)),
            ("80 km/h", Some(80)),
            ("10 knots", Some(19)),
            ("FR:urban", Some(50)),
            ("fr:rural", Some(80)),
            ("CH:motorway", Some(120)),
            ("US:urban", Some(48)),
            ("DE:zone30", Some(30)),
            ("FR:zone:20", Some(20)),
            ("walk", Some(7)),
            ("none", Some(130)),
            ("signals", None),
            ("50;30", Some(50)),
            ("variable;70", Some(70)),
            ("", None),
            ("0", None),
            ("999", None),
            ("50 furlongs", None),
            ("é", None),
        ] {
            assert_eq!(limit_kmh(text), kmh, "{text}");
        }
        assert_eq!(mm_s(36), 10_000);
    }

    #[test]
    fn durations_of_ferries_are_read_in_four_forms() {
        for (text, s) in [
            ("20", Some(1_200)),
            ("00:07", Some(420)),
            ("1:30", Some(5_400)),
            ("00:20:30", Some(1_230)),
            ("PT1H30M", Some(5_400)),
            ("PT45S", Some(45)),
            ("PT5", None),
            ("a while", None),
            ("0", None),
            ("99999999:00", None),
        ] {
            assert_eq!(duration_s(text), s, "{text}");
        }
    }
}
