//! Encoded polylines, five decimals: straight lines from place to place, since no road is known here.

use super::input::Location;

/// The line through `points`.
pub(super) fn encoded(points: &[Location]) -> String {
    let mut text = String::new();
    let (mut lat_before, mut lon_before) = (0, 0);
    for [lon, lat] in points {
        let (lat, lon) = ((lat * 1e5).round() as i64, (lon * 1e5).round() as i64);
        number(&mut text, lat - lat_before);
        number(&mut text, lon - lon_before);
        (lat_before, lon_before) = (lat, lon);
    }
    text
}

fn number(text: &mut String, value: i64) {
    // The sign goes to the lowest bit, then five bits at a time, the lowest first.
    let mut rest = ((value << 1) ^ (value >> 63)) as u64;
    while rest >= 0x20 {
        text.push(char::from((0x20 | (rest & 0x1f)) as u8 + 63));
        rest >>= 5;
    }
    text.push(char::from(rest as u8 + 63));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_is_encoded_as_published() {
        let points = [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]];
        assert_eq!(encoded(&points), "_p~iF~ps|U_ulLnnqC_mqNvxq`@");
    }
}
